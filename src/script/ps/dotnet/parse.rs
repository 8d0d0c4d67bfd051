//! `Parse` and `TryParse` of numbers and their kin.
//!
//! No other types.

use super::super::fault::{Res, method_threw};
use super::super::number::{self};

use super::super::text::interpolated;
use super::super::value::V;

/// `[int]::Parse` and `TryParse`, and their kin.
///
/// # Errors
/// When the text cannot be read.
pub(in crate::script::ps) fn statics(
    cx: super::super::state::Cx<'_>,
    full: &str,
    name: &str,
    args: &[V],
) -> Res<Option<V>> {
    let text = args.first().map(interpolated).unwrap_or_default();
    let short = super::super::types::short(full);
    let plain = text.trim().trim_start_matches(['-', '+']);
    let digits = match full {
        "System.Int32" | "System.Int64" => {
            !plain.is_empty() && plain.chars().all(|c| c.is_ascii_digit() || c == ',' && args.len() > 1)
        }
        "System.Double" | "System.Decimal" => {
            plain.starts_with(|c: char| c.is_ascii_digit() || c == '.')
                && plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | 'e' | 'E' | '-' | '+'))
        }
        _ => true,
    };
    let found = match full {
        "System.Boolean" => match text.trim().to_lowercase().as_str() {
            "true" => Some(V::Bool(true)),
            "false" => Some(V::Bool(false)),
            _ => None,
        },
        // Unlike a cast, it keeps the zeros at the end.
        "System.Decimal" if digits => text.trim().replace(',', "").parse().ok().map(V::Decimal),
        _ if digits => super::super::cast::cast(full, &V::from(text.as_str())).ok(),
        _ => None,
    };
    Ok(Some(match name {
        "parse" => match found {
            Some(found) => found,
            None => {
                return method_threw(
                    "Parse",
                    args.len(),
                    "System.FormatException",
                    &format!("The input string '{text}' was not in a correct format."),
                )
                .err();
            }
        },
        "tryparse" => {
            if let Some(reference) = args.iter().rev().find(|arg| matches!(arg, V::Obj(_))) {
                super::super::member::set(
                    cx,
                    reference,
                    "Value",
                    found.clone().unwrap_or_else(|| super::super::cast::default_of(&short)),
                )?;
            }
            V::Bool(found.is_some())
        }
        "isnan" => V::Bool(args.first().and_then(number::plain).is_some_and(|n| n.double().is_nan())),
        "isinfinity" => V::Bool(args.first().and_then(number::plain).is_some_and(|n| n.double().is_infinite())),
        "isdigit" | "isnumber" => V::Bool(text.chars().next().is_some_and(|c| c.is_ascii_digit())),
        "isletter" => V::Bool(text.chars().next().is_some_and(char::is_alphabetic)),
        "isletterordigit" => V::Bool(text.chars().next().is_some_and(char::is_alphanumeric)),
        "isupper" => V::Bool(text.chars().next().is_some_and(char::is_uppercase)),
        "islower" => V::Bool(text.chars().next().is_some_and(char::is_lowercase)),
        "iswhitespace" => V::Bool(text.chars().next().is_some_and(char::is_whitespace)),
        _ => return Ok(None),
    }))
}

/// `TryParse` by a conversion; what cannot be read leaves `otherwise` in the reference.
///
/// # Errors
/// When the reference cannot be set.
pub(in crate::script::ps) fn try_cast(cx: super::super::state::Cx<'_>, name: &str, args: &[V], otherwise: V) -> Res<V> {
    let found =
        args.first().filter(|value| !value.is_null()).and_then(|value| super::super::cast::cast(name, value).ok());
    let good = found.is_some();
    if let Some(reference @ V::Obj(_)) = args.last() {
        super::super::member::set(cx, reference, "Value", found.unwrap_or(otherwise))?;
    }
    Ok(V::Bool(good))
}
