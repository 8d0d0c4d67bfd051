//! What a method's arguments say: numbers, texts, comparisons.
//!
//! Which methods there are is in the files of the types.

use super::super::fault::{Problem, Res, method_threw};
use super::super::number;
use super::super::state::Cx;

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

/// The number that the only overload of a method takes as its parameter of this name.
///
/// # Errors
/// When the argument is none, in the words of a failed conversion of an argument.
pub(in crate::script::ps) fn number_for(
    args: &[V],
    at: usize,
    method: &str,
    parameter: &str,
    target: &str,
) -> Res<number::Num> {
    let value = args.get(at).cloned().unwrap_or(V::Int(0));
    number::of(&value, target).map_err(|fault| match &*fault {
        super::super::fault::Fault::Error(record, _) => {
            let (message, ..) = super::super::fault::summary(record);
            Problem::new(
                "MethodArgumentConversionInvalidCastArgument",
                "NotSpecified",
                format!(
                    "Cannot convert argument \"{parameter}\", with value: \"{}\", for \"{method}\" to type \"{target}\": \"{message}\"",
                    interpolated(&value)
                ),
            )
            .exception("System.Management.Automation.MethodException")
            .fault()
        }
        _ => fault,
    })
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

/// There is no overload of a method for so many arguments.
#[must_use]
pub(super) fn no_overload(method: &str, args: &[V]) -> Problem {
    Problem::new(
        "MethodCountCouldNotFindBest",
        "NotSpecified",
        format!("Cannot find an overload for \"{method}\" and the argument count: \"{}\".", args.len()),
    )
    .exception("System.Management.Automation.MethodException")
}

/// Sets what a `[ref]` among the arguments refers to; the last one counts.
///
/// # Errors
/// When it cannot be set.
pub(super) fn refer(cx: Cx<'_>, args: &[V], value: V) -> Res<()> {
    let reference = args
        .iter()
        .rev()
        .find(|arg| matches!(arg, V::Obj(object) if object.is("System.Management.Automation.PSReference")));
    match reference {
        Some(reference) => super::super::member::set(cx, reference, "Value", value),
        None => Ok(()),
    }
}
