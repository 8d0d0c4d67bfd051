//! The text of a value where a text parameter gets something else, and in messages.
//!
//! Not here: how values look on a screen (`render`).

use crate::clixml::{Base, PsDateTime, PsObject, PsTimeSpan, PsValue};

use super::date::civil;

/// A value as text in the invariant culture, as a cast to string gives it; lists are joined by spaces.
#[must_use]
pub fn text_of(value: &PsValue) -> String {
    match value {
        PsValue::Null => String::new(),
        PsValue::Bool(true) => "True".into(),
        PsValue::Bool(false) => "False".into(),
        PsValue::Char(unit) => String::from_utf16_lossy(&[*unit]),
        PsValue::U8(number) => number.to_string(),
        PsValue::I8(number) => number.to_string(),
        PsValue::U16(number) => number.to_string(),
        PsValue::I16(number) => number.to_string(),
        PsValue::U32(number) => number.to_string(),
        PsValue::I32(number) => number.to_string(),
        PsValue::U64(number) => number.to_string(),
        PsValue::I64(number) => number.to_string(),
        PsValue::F32(number) => float(format!("{number:e}")),
        PsValue::F64(number) => float(format!("{number:e}")),
        PsValue::Decimal(number) => number.to_string(),
        PsValue::String(text) | PsValue::Uri(text) | PsValue::Xml(text) | PsValue::ScriptBlock(text) => {
            text.to_text().into_owned()
        }
        PsValue::DateTime(date) => date_text(*date),
        PsValue::TimeSpan(span) => span_text(*span),
        PsValue::Guid(guid) => guid.to_string(),
        PsValue::Version(version) => version.to_string(),
        PsValue::Bytes(bytes) => bytes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        PsValue::SecureString(_) => "System.Security.SecureString".into(),
        PsValue::Progress(_) => "ProgressRecord".into(),
        PsValue::Object(object) => object_text(object),
    }
}

/// A value in a message: one line, not too long.
pub(super) fn display(value: &PsValue) -> String {
    const CHARACTERS_MAX: usize = 60;
    let text = match value {
        PsValue::Null => "$null".to_owned(),
        other => text_of(other),
    };
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() <= CHARACTERS_MAX {
        line
    } else {
        line.chars().take(CHARACTERS_MAX).chain("…".chars()).collect()
    }
}

fn object_text(object: &PsObject) -> String {
    match object.base() {
        Base::List(_, items) => items.iter().map(text_of).collect::<Vec<_>>().join(" "),
        Base::Value(value) => {
            object.to_string_text().map_or_else(|| text_of(&value), |text| text.to_text().into_owned())
        }
        Base::Dictionary(_) => {
            let name = object.type_names().and_then(|types| types.first().map(str::to_owned));
            name.unwrap_or_else(|| "System.Collections.Hashtable".into())
        }
        Base::None => match object.to_string_text() {
            Some(text) => text.to_text().into_owned(),
            None => {
                let pairs = object.properties();
                let pairs: Vec<String> =
                    pairs.iter().map(|(name, value)| format!("{name}={}", text_of(value))).collect();
                format!("@{{{}}}", pairs.join("; "))
            }
        },
    }
}

/// Shortest digits, with an exponent from 15 places on and below four zeros, as .NET writes a double.
fn float(scientific: String) -> String {
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return match scientific.as_str() {
            "inf" => "Infinity".into(),
            "-inf" => "-Infinity".into(),
            _ => scientific,
        };
    };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    if digits == "0" {
        return format!("{sign}0");
    }
    if !(-4..15).contains(&exponent) {
        let fraction = if digits.len() > 1 { format!(".{}", &digits[1..]) } else { String::new() };
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{}{fraction}E{direction}{:02}", &digits[..1], exponent.abs());
    }
    if exponent < 0 {
        format!("{sign}0.{}{digits}", zeros(-exponent - 1))
    } else if count <= exponent + 1 {
        format!("{sign}{digits}{}", zeros(exponent + 1 - count))
    } else {
        let whole = usize::try_from(exponent + 1).unwrap_or(digits.len());
        format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
    }
}

fn date_text(date: PsDateTime) -> String {
    let (year, month, day) = civil(date.ticks / PsDateTime::TICKS_PER_DAY);
    let seconds = date.ticks % PsDateTime::TICKS_PER_DAY / PsDateTime::TICKS_PER_SECOND;
    format!("{month:02}/{day:02}/{year:04} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn span_text(span: PsTimeSpan) -> String {
    let ticks = span.ticks.unsigned_abs();
    let (seconds, fraction) = (ticks / 10_000_000, ticks % 10_000_000);
    let (days, clock) = (seconds / 86_400, seconds % 86_400);
    let sign = if span.ticks < 0 { "-" } else { "" };
    let days = if days > 0 { format!("{days}.") } else { String::new() };
    let fraction = if fraction > 0 { format!(".{fraction:07}") } else { String::new() };
    format!("{sign}{days}{:02}:{:02}:{:02}{fraction}", clock / 3600, clock / 60 % 60, clock % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::bind::parse_date;

    #[test]
    fn values_become_the_text_that_a_string_parameter_gets() {
        // own/140, own/152 of shared/data/cmdlet-traces
        let date = parse_date("2026-01-15 10:00", None, 0).expect("a date");
        let bag = PsObject::bag([("UserPrincipalName", "kim.akers@contoso.com".into()), ("Name", "x".into())]);
        let table: [(PsValue, &str); 10] = [
            (true.into(), "True"),
            (5.into(), "5"),
            (PsValue::F64(1.5), "1.5"),
            (PsValue::F64(10.0), "10"),
            (PsValue::F64(1e15), "1E+15"),
            (PsValue::F64(123_456.789), "123456.789"),
            (PsValue::F64(-0.000_012), "-1.2E-05"),
            (PsValue::F64(0.000_12), "0.00012"),
            (PsValue::DateTime(date), "01/15/2026 10:00:00"),
            (bag.into(), "@{UserPrincipalName=kim.akers@contoso.com; Name=x}"),
        ];
        for (value, expected) in table {
            assert_eq!(text_of(&value), expected);
        }
    }
}
