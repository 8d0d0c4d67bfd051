//! More static members: arrays, LINQ, parsing, enumerations, web texts.
//!
//! `None` means that there is no such method.

use super::fault::{Res, method_threw};
use super::number;
use super::text::{interpolated, to_string};
use super::value::V;

/// `[array]::…`.
pub fn array(name: &str, args: &[V]) -> Option<V> {
    let Some(V::List(list)) = args.first() else { return None };
    Some(match name {
        "reverse" => {
            list.lock().reverse();
            V::Nothing
        }
        "sort" => {
            list.lock().sort_by(|a, b| super::compare::sort_order(a, b, true));
            V::Nothing
        }
        "indexof" => {
            let at = list
                .items()
                .iter()
                .position(|own| args.get(1).is_some_and(|value| super::compare::equal(own, value, true)));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        _ => return None,
    })
}

/// `[System.Linq.Enumerable]::…`.
///
/// # Errors
/// When a sum meets what is no number.
pub fn linq(name: &str, args: &[V]) -> Res<Option<V>> {
    let first = args.first().cloned().unwrap_or_default().unrolled();
    let second = args.get(1).cloned().unwrap_or_default().unrolled();
    let within = |item: &V, list: &[V]| list.iter().any(|other| super::compare::equal(item, other, true));
    let distinct = |items: Vec<V>| {
        let mut kept: Vec<V> = Vec::new();
        for item in items {
            if !within(&item, &kept) {
                kept.push(item);
            }
        }
        V::array(kept)
    };
    Ok(Some(match name {
        "intersect" => distinct(first.into_iter().filter(|item| within(item, &second)).collect()),
        "except" => distinct(first.into_iter().filter(|item| !within(item, &second)).collect()),
        "union" => distinct(first.into_iter().chain(second).collect()),
        "distinct" => distinct(first),
        "reverse" => V::array(first.into_iter().rev().collect()),
        "sum" => {
            let mut sum = V::Int(0);
            for item in &first {
                sum = super::arith::add(&sum, item)?;
            }
            sum
        }
        "max" => first.into_iter().max_by(|a, b| super::compare::sort_order(a, b, true)).unwrap_or_default(),
        "min" => first.into_iter().min_by(|a, b| super::compare::sort_order(a, b, true)).unwrap_or_default(),
        "count" => V::count(first.len()),
        "toarray" | "tolist" => V::array(first),
        "any" => V::Bool(!first.is_empty()),
        "range" => {
            let from = number::of(args.first().unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default();
            let count = number::of(args.get(1).unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default();
            V::array((from..from + count).map(V::integer).collect())
        }
        _ => return Ok(None),
    }))
}

/// `[int]::Parse` and `TryParse`, and their kin.
///
/// # Errors
/// When the text cannot be read.
pub fn parse(cx: super::state::Cx<'_>, full: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = args.first().map(interpolated).unwrap_or_default();
    let short = super::types::short(full);
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
        _ if digits => super::cast::cast(full, &V::from(text.as_str())).ok(),
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
                super::member::set(
                    cx,
                    reference,
                    "Value",
                    found.clone().unwrap_or_else(|| super::cast::default_of(&short)),
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

/// `[Enum]::GetNames` and its kin.
///
/// # Errors
/// Never; for the shape of its neighbours.
pub fn enumeration(name: &str, args: &[V]) -> Res<Option<V>> {
    let Some(V::Type(full)) = args.first() else { return Ok(None) };
    let values = super::enums::values(full).unwrap_or_default();
    Ok(Some(match name {
        "getnames" => V::array(values.iter().map(|(name, _)| V::from(*name)).collect()),
        "getvalues" => V::array(values.iter().filter_map(|(name, _)| super::enums::by_name(full, name)).collect()),
        "parse" => super::cast::cast(full, args.get(1).unwrap_or(&V::Null))?,
        "isdefined" => V::Bool(super::enums::by_name(full, &args.get(1).map(to_string).unwrap_or_default()).is_some()),
        _ => return Ok(None),
    }))
}

/// HTML and URL texts.
pub fn web(name: &str, args: &[V]) -> Option<V> {
    let text = args.first().map(interpolated).unwrap_or_default();
    Some(V::from(match name {
        "htmlencode" => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;"),
        "htmldecode" => text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&"),
        "urlencode" => text
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'!' | b'*' | b'(' | b')') {
                    char::from(b).to_string()
                } else if b == b' ' {
                    "+".to_owned()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect(),
        _ => return None,
    }))
}
