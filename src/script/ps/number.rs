//! Numbers out of values: what arithmetic and casts read, and what their results are typed.
//!
//! Operators are in `arith`, casts to other types in `cast`.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::fault::{Problem, Res};
use super::value::{Small, V};

/// A number on its way through arithmetic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Num {
    /// `Int32`.
    Int(i32),
    /// `Int64`.
    Long(i64),
    /// `UInt32`.
    UInt(u32),
    /// `UInt64`.
    ULong(u64),
    /// `Double`.
    Double(f64),
    /// `Decimal`.
    Decimal(Decimal),
}

impl Num {
    /// As a value.
    #[must_use]
    pub(super) fn value(self) -> V {
        match self {
            Self::Int(number) => V::Int(number),
            Self::Long(number) => V::Long(number),
            Self::UInt(number) => V::Small(Small::UInt32, number.into()),
            Self::ULong(number) => V::Small(Small::UInt64, number.into()),
            Self::Double(number) => V::Double(number),
            Self::Decimal(number) => V::Decimal(number),
        }
    }

    /// As a double.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "that is what .NET does")]
    pub(super) fn double(self) -> f64 {
        match self {
            Self::Int(number) => number.into(),
            Self::Long(number) => number as f64,
            Self::UInt(number) => number.into(),
            Self::ULong(number) => number as f64,
            Self::Double(number) => number,
            Self::Decimal(number) => number.to_f64().unwrap_or(f64::NAN),
        }
    }

    /// As a decimal, if it fits.
    #[must_use]
    pub(super) fn decimal(self) -> Option<Decimal> {
        match self {
            Self::Int(number) => Some(number.into()),
            Self::Long(number) => Some(number.into()),
            Self::UInt(number) => Some(number.into()),
            Self::ULong(number) => Some(number.into()),
            Self::Double(number) => Decimal::from_f64(number),
            Self::Decimal(number) => Some(number),
        }
    }

    /// As a whole number of 64 bits, rounded half to even; `None` when out of range.
    #[must_use]
    pub(super) fn long(self) -> Option<i64> {
        match self {
            #[expect(clippy::cast_possible_truncation, reason = "checked; the last few are the greatest Int64")]
            Self::Double(number) => (number.abs() < 9.3e18).then_some(number.round_ties_even() as i64),
            other => i64::try_from(other.whole()?).ok(),
        }
    }

    /// As a whole number, rounded half to even; `None` when there is none.
    #[must_use]
    pub(super) fn whole(self) -> Option<i128> {
        match self {
            Self::Int(number) => Some(number.into()),
            Self::Long(number) => Some(number.into()),
            Self::UInt(number) => Some(number.into()),
            Self::ULong(number) => Some(number.into()),
            #[expect(clippy::cast_possible_truncation, reason = "checked")]
            Self::Double(number) => (number.abs() < 1e37).then_some(number.round_ties_even() as i128),
            Self::Decimal(number) => number.round().to_i128(),
        }
    }
}

/// The number a value is, without parsing text.
#[must_use]
pub(super) fn plain(value: &V) -> Option<Num> {
    Some(match value {
        V::Int(number) => Num::Int(*number),
        V::Long(number) => Num::Long(*number),
        V::Double(number) => Num::Double(*number),
        V::Decimal(number) => Num::Decimal(*number),
        V::Bool(truth) | V::Switch(truth) => Num::Int(i32::from(*truth)),
        V::Enum(value) => Num::Int(value.number),
        V::Single(number) => Num::Double((*number).into()),
        V::Small(Small::UInt32, number) => Num::UInt(u32::try_from(*number).ok()?),
        V::Small(Small::UInt64, number) => Num::ULong(u64::try_from(*number).ok()?),
        V::Small(_, number) => Num::Int(i32::try_from(*number).ok()?),
        V::Big(number) => super::big::number(number),
        V::Obj(object) => match object.base() {
            V::Null => return None,
            base => return plain(&base),
        },
        _ => return None,
    })
}

/// The number a text is: white space, sign, hexadecimal, exponent, thousands, type and size suffixes.
#[must_use]
pub(super) fn parse(text: &str) -> Option<Num> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Num::Int(0));
    }
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let signed = |value: i64| if negative { -value } else { value };
    let lower = body.to_ascii_lowercase();
    if let Some(hex) = lower.strip_prefix("0x") {
        let value = i64::from_str_radix(hex, 16).ok()?;
        return Some(whole(signed(value).into()));
    }
    let units = [("kb", 1_i64 << 10), ("mb", 1 << 20), ("gb", 1 << 30), ("tb", 1 << 40), ("pb", 1 << 50)];
    let (digits, factor) = units
        .iter()
        .find_map(|(unit, factor)| lower.strip_suffix(unit).map(|rest| (rest, *factor)))
        .unwrap_or((&lower, 1));
    let (digits, kind) = match digits.strip_suffix(['l', 'd']) {
        Some(rest) => (rest, digits.chars().last()),
        None => (digits, None),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let plain: String =
        if digits.contains(',') { digits.chars().filter(|c| *c != ',').collect() } else { digits.to_owned() };
    if kind != Some('d')
        && let Ok(value) = plain.parse::<i128>()
    {
        let value = value * i128::from(factor);
        let value = if negative { -value } else { value };
        return Some(if kind == Some('l') { Num::Long(i64::try_from(value).ok()?) } else { whole(value) });
    }
    if kind == Some('d') {
        let value: Decimal = plain.parse().ok()?;
        return Some(Num::Decimal(if negative { -value } else { value }));
    }
    let value: f64 = plain.parse().ok().filter(|value: &f64| value.is_finite())?;
    #[expect(clippy::cast_precision_loss, reason = "factors are powers of two")]
    let value = value * factor as f64;
    Some(Num::Double(if negative { -value } else { value }))
}

/// A whole number with the smallest type from `Int32` up.
#[must_use]
pub(super) fn whole(value: i128) -> Num {
    if let Ok(number) = i32::try_from(value) {
        return Num::Int(number);
    }
    if let Ok(number) = i64::try_from(value) {
        return Num::Long(number);
    }
    #[expect(clippy::cast_precision_loss, reason = "that is what .NET does")]
    Decimal::from_i128(value).map_or(Num::Double(value as f64), Num::Decimal)
}

/// The number for arithmetic: text is parsed, null is 0.
///
/// # Errors
/// When the text is no number, or the value has none.
pub(super) fn of(value: &V, target: &str) -> Res<Num> {
    if let Some(number) = plain(value) {
        return Ok(number);
    }
    match value {
        V::Null | V::Nothing => Ok(Num::Int(0)),
        V::Str(text) => parse(text).ok_or_else(|| not_a_number(text, target).fault()),
        V::Char(c) => parse(&c.to_string()).ok_or_else(|| not_a_number(&c.to_string(), target).fault()),
        other => cannot_convert(other, target).err(),
    }
}

/// The text is no number.
#[must_use]
pub(super) fn not_a_number(text: &str, target: &str) -> Problem {
    let inner = format!("The input string '{text}' was not in a correct format.");
    Problem::new(
        "InvalidCastFromStringToInteger",
        "InvalidArgument",
        format!("Cannot convert value \"{text}\" to type \"{target}\". Error: \"{inner}\""),
    )
    .inner("System.FormatException", inner)
}

fn is_number(target: &str) -> bool {
    let short = target.strip_prefix("System.").unwrap_or(target);
    matches!(
        short,
        "Int32"
            | "Int64"
            | "Double"
            | "Decimal"
            | "Single"
            | "Int16"
            | "UInt16"
            | "UInt32"
            | "UInt64"
            | "Byte"
            | "SByte"
    )
}

/// There is no way from the value to the type.
#[must_use]
pub(super) fn cannot_convert(value: &V, target: &str) -> Problem {
    let from = value.type_name();
    // dates have conversions of their own, which all refuse
    if let (V::Date(_), Some(short)) = (value, target.strip_prefix("System.").filter(|_| is_number(target))) {
        let inner = format!("Invalid cast from 'DateTime' to '{short}'.");
        let text = super::text::to_string(value);
        let message = format!("Cannot convert value \"{text}\" to type \"{target}\". Error: \"{inner}\"");
        return Problem::new("InvalidCastIConvertible", "InvalidArgument", message)
            .inner("System.InvalidCastException", inner);
    }
    let text = if matches!(value, V::List(_)) { from.to_string() } else { super::text::interpolated(value) };
    Problem::new(
        "ConvertToFinalInvalidCastException",
        "InvalidArgument",
        format!("Cannot convert the \"{text}\" value of type \"{from}\" to type \"{target}\"."),
    )
    .inner(
        "System.InvalidCastException",
        format!("Cannot convert the \"{text}\" value of type \"{from}\" to type \"{target}\"."),
    )
}
