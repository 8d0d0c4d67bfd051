//! What a method's arguments say: numbers, texts, comparisons.
//!
//! Which methods there are is in the files of the types.

use super::super::fault::{Problem, Res, method_threw};
use super::super::number::{self};

use super::super::text::interpolated;
use super::super::value::V;

pub(in crate::script::ps) fn text(args: &[V], at: usize) -> String {
    args.get(at).map(interpolated).unwrap_or_default()
}

pub(in crate::script::ps) fn integer(args: &[V], at: usize) -> Res<i64> {
    match args.get(at) {
        Some(value) => Ok(number::of(value, "System.Int32")?.long().unwrap_or_default()),
        None => Ok(0),
    }
}

pub(in crate::script::ps) fn float(args: &[V], at: usize) -> Res<f64> {
    match args.get(at) {
        Some(value) => Ok(number::of(value, "System.Double")?.double()),
        None => Ok(0.0),
    }
}

/// Whether a comparison argument asks for case to be ignored.
pub(in crate::script::ps) fn ignores_case(args: &[V]) -> bool {
    args.iter().any(|arg| match arg {
        V::Enum(value) => value.name.ends_with("IgnoreCase"),
        V::Str(text) => text.ends_with("IgnoreCase"),
        V::Bool(truth) => *truth,
        _ => false,
    })
}

pub(in crate::script::ps) fn out_of_range(method: &str, args: &[V], message: &str) -> Problem {
    method_threw(method, args.len(), "System.ArgumentOutOfRangeException", message)
}
