//! `Parse` and `TryParse` of numbers and their kin.
//!
//! No other types.

use super::super::fault::{Fault, Problem, Res, method_threw};
use super::super::number::{self, Num};
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::V;
use super::arguments::refer;
use super::culture::culture_of;
use crate::render::text::Culture;

/// `[int]::Parse` and `TryParse`, and their kin.
///
/// # Errors
/// When the text cannot be read.
pub(super) fn statics(cx: Cx<'_>, full: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    let first = args.first().cloned().unwrap_or_default();
    let float = || number::plain(&first).map_or(f64::NAN, Num::double);
    Ok(Some(match name {
        "parse" => {
            let text = interpolated(&first);
            if first.is_null() {
                let message = "Value cannot be null. (Parameter 's')";
                return method_threw("Parse", args.len(), "System.ArgumentNullException", message).err();
            }
            match read(full, &text, &args[1..]) {
                Some(found) => found,
                None if full == "System.Version" => {
                    return convert_failure("Parse", args.len(), super::super::cast::cast(full, &first)).map(Some);
                }
                None => return unreadable(full, &text, args.len()).err(),
            }
        }
        "tryparse" => {
            let found = read(full, &interpolated(&first), &args[1..]).filter(|_| !first.is_null());
            let otherwise = || super::super::cast::default_of(&super::super::types::short(full));
            refer(cx, args, found.clone().unwrap_or_else(otherwise))?;
            V::Bool(found.is_some())
        }
        "isnan" => V::Bool(float().is_nan()),
        "isinfinity" => V::Bool(float().is_infinite()),
        "ispositiveinfinity" => V::Bool(float() == f64::INFINITY),
        "isnegativeinfinity" => V::Bool(float() == f64::NEG_INFINITY),
        "isfinite" => V::Bool(float().is_finite()),
        "isnegative" => V::Bool(float().is_sign_negative()),
        "ispositive" => V::Bool(!float().is_sign_negative()),
        "iseveninteger" => V::Bool(float() % 2.0 == 0.0),
        "isoddinteger" => V::Bool((float() % 2.0).abs() == 1.0),
        "isinteger" => V::Bool(float().fract() == 0.0),
        "round" | "truncate" | "floor" | "ceiling" | "abs" | "max" | "min" | "clamp" | "sign" => {
            let exact: Res<Vec<V>> = args
                .iter()
                .map(|arg| match arg {
                    V::Double(_) | V::Str(_) if full == "System.Decimal" => super::super::cast::cast(full, arg),
                    other => Ok(other.clone()),
                })
                .collect();
            return super::math::statics(cx, name, &exact?);
        }
        "add" | "subtract" | "multiply" | "divide" | "remainder" if full == "System.Decimal" => {
            let op = match name {
                "add" => super::super::arith::add,
                "subtract" => super::super::arith::subtract,
                "multiply" => super::super::arith::multiply,
                "divide" => super::super::arith::divide,
                _ => super::super::arith::remainder,
            };
            let exact = |at: usize| super::super::cast::cast(full, args.get(at).unwrap_or(&V::Null));
            op(&exact(0)?, &exact(1)?)?
        }
        "compare" => {
            let second = args.get(1).cloned().unwrap_or_default();
            V::Int(super::super::compare::order(&first, &second, true)?.map_or(0, |order| order as i32))
        }
        _ => return Ok(None),
    }))
}

/// The value a text is for a type; styles and a culture may be given.
fn read(full: &str, text: &str, rest: &[V]) -> Option<V> {
    let short = super::super::types::short(full);
    let styles: Vec<String> = rest.iter().filter(|arg| matches!(arg, V::Enum(_) | V::Str(_))).map(to_string).collect();
    let styles = styles.join(",").to_lowercase();
    let culture =
        rest.iter().find(|arg| matches!(arg, V::Obj(object) if object.is("System.Globalization.CultureInfo")));
    let culture = culture.map_or(Culture::EN_US, culture_of);
    let trimmed = text.trim();
    if full == "System.Boolean" {
        return match trimmed.to_lowercase().as_str() {
            "true" => Some(V::Bool(true)),
            "false" => Some(V::Bool(false)),
            _ => None,
        };
    }
    if full == "System.Version" {
        return super::super::cast::cast(full, &V::from(text)).ok();
    }
    if styles.contains("hex") {
        let value = i64::from_str_radix(trimmed, 16).ok()?;
        return super::super::cast::cast(full, &V::integer(value)).ok();
    }
    let fractions = matches!(&*short, "Double" | "Decimal" | "Single");
    let currency = styles.contains("currency") || styles.contains("any");
    let groups = fractions || currency || styles.contains("thousands") || styles.contains("number");
    let bare = trimmed.replacen(culture.currency.0.trim(), "", usize::from(currency));
    let wrapped = bare.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).filter(|_| currency);
    let bare = wrapped.map_or_else(|| bare.clone(), |inner| format!("-{inner}"));
    let mut plain = String::new();
    for c in bare.trim().chars() {
        if c == culture.group && groups {
            continue;
        }
        plain.push(if c == culture.decimal_point { '.' } else { c });
    }
    let digits = plain.trim_start_matches(['-', '+']);
    let readable = if fractions {
        digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+'))
    } else {
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    if !readable {
        return match (full, plain.as_str()) {
            ("System.Double", "NaN") => Some(V::Double(f64::NAN)),
            ("System.Double", "Infinity" | "∞") => Some(V::Double(f64::INFINITY)),
            _ => None,
        };
    }
    match &*short {
        // Unlike a cast, it keeps the zeros at the end.
        "Decimal" => plain.parse().ok().map(V::Decimal),
        "Double" => plain.parse().ok().map(V::Double),
        _ => super::super::cast::cast(full, &V::from(plain)).ok(),
    }
}

fn unreadable(full: &str, text: &str, count: usize) -> Problem {
    if full == "System.Boolean" {
        let message = format!("String '{text}' was not recognized as a valid Boolean.");
        return method_threw("Parse", count, "System.FormatException", &message);
    }
    let digits = text.trim().trim_start_matches(['-', '+']);
    if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
        let kind = match &*super::super::types::short(full) {
            "Byte" => "an unsigned byte".to_owned(),
            "SByte" => "a signed byte".to_owned(),
            other if other.starts_with('U') || other == "Decimal" => format!("a {other}"),
            other => format!("an {other}"),
        };
        let message = format!("Value was either too large or too small for {kind}.");
        return method_threw("Parse", count, "System.OverflowException", &message);
    }
    let message = format!("The input string '{text}' was not in a correct format.");
    method_threw("Parse", count, "System.FormatException", &message)
}

/// A failed conversion as what a method threw.
///
/// # Errors
/// That the method threw.
pub(super) fn convert_failure(method: &'static str, count: usize, result: Res<V>) -> Res<V> {
    result.map_err(|fault| match *fault {
        Fault::Error(record, reach) => {
            let inner = match record.note("Exception") {
                Some(V::Obj(exception)) => exception.note("InnerException"),
                _ => None,
            };
            // Beneath a failed conversion lies what made it fail.
            let inner = match inner {
                Some(V::Obj(cast)) if cast.is("System.Management.Automation.PSInvalidCastException") => {
                    cast.note("InnerException").filter(|deeper| !deeper.is_null()).or(Some(V::Obj(cast)))
                }
                other => other,
            };
            let Some(V::Obj(inner)) = inner else { return Box::new(Fault::Error(record, reach)) };
            let message = inner.note("Message").map(|text| to_string(&text)).unwrap_or_default();
            let kind = match &*inner.type_name() {
                "System.OverflowException" => "System.OverflowException",
                "System.InvalidCastException" => "System.InvalidCastException",
                "System.ArgumentException" => "System.ArgumentException",
                _ => "System.FormatException",
            };
            method_threw(method, count, kind, &message).fault()
        }
        other => Box::new(other),
    })
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
