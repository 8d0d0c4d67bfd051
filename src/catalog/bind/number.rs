//! Numbers from text, as PowerShell's scanner reads them: hexadecimal, exponents, `KB` to `PB`, type suffixes.
//!
//! Not here: rounding to the type of a parameter (`convert`).

use rust_decimal::Decimal;

use crate::clixml::PsValue;

/// Reads a number; the result is Int32 if it fits, else Int64, Decimal or Double, as for a literal.
///
/// ```
/// use exsh::catalog::bind::parse_number;
/// use exsh::clixml::PsValue;
/// assert!(matches!(parse_number("10MB"), Some(PsValue::I32(10_485_760))));
/// assert!(matches!(parse_number("0x1F"), Some(PsValue::I32(31))));
/// assert!(matches!(parse_number("1e3"), Some(PsValue::F64(_))));
/// assert!(parse_number("12abc").is_none());
/// ```
#[must_use]
pub fn parse_number(text: &str) -> Option<PsValue> {
    let text = text.trim();
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = unsigned.to_ascii_lowercase();
    let (body, multiplier) = multiplier(&lower);
    if let Some(digits) = body.strip_prefix("0x") {
        let (digits, long) = digits.strip_suffix('l').map_or((digits, false), |digits| (digits, true));
        let value = i128::from_str_radix(digits, 16).ok()?;
        // Eight digits are a bit pattern of 32 bits, sixteen one of 64.
        let value = match digits.len() {
            8 if !long && value > i128::from(i32::MAX) => value - (1 << 32),
            16 if value > i128::from(i64::MAX) => value - (1 << 64),
            _ => value,
        };
        return whole(signed(value, negative).checked_mul(i128::from(multiplier))?, long);
    }
    if !body.bytes().next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let (digits, suffix) = match body.as_bytes().last()? {
        b'l' => (&body[..body.len() - 1], 'l'),
        b'd' => (&body[..body.len() - 1], 'd'),
        _ => (body, ' '),
    };
    if !digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'+' | b'-')) {
        return None;
    }
    if suffix == 'd' {
        let value: Decimal = digits.parse().ok()?;
        let value = value.checked_mul(Decimal::from(multiplier))?;
        return Some(PsValue::Decimal(if negative { -value } else { value }));
    }
    if let Ok(value) = digits.parse::<i128>() {
        return whole(signed(value, negative).checked_mul(i128::from(multiplier))?, suffix == 'l');
    }
    #[allow(clippy::cast_precision_loss)] // a power of two
    let value: f64 = digits.parse::<f64>().ok()? * multiplier as f64;
    if suffix == 'l' {
        return None;
    }
    Some(PsValue::F64(if negative { -value } else { value }))
}

fn signed(value: i128, negative: bool) -> i128 {
    if negative { -value } else { value }
}

fn whole(value: i128, long: bool) -> Option<PsValue> {
    if let (Ok(value), false) = (i32::try_from(value), long) {
        return Some(PsValue::I32(value));
    }
    if let Ok(value) = i64::try_from(value) {
        return Some(PsValue::I64(value));
    }
    Decimal::try_from_i128_with_scale(value, 0).ok().map(PsValue::Decimal)
}

fn multiplier(text: &str) -> (&str, i64) {
    let units = [("kb", 10), ("mb", 20), ("gb", 30), ("tb", 40), ("pb", 50)];
    // `0xAB` ends in a digit, not in a unit.
    let is_hexadecimal = text.starts_with("0x");
    units
        .iter()
        .filter(|(unit, _)| !is_hexadecimal || !unit.starts_with(|letter: char| letter.is_ascii_hexdigit()))
        .find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, 1_i64 << shift)))
        .unwrap_or((text, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_have_the_type_that_powershell_gives_them() {
        // own/054, own/141 of shared/data/cmdlet-traces
        let shown = |text: &str| parse_number(text).map(|value| format!("{value:?}"));
        let table = [
            ("007", "I32(7)"),
            ("1.50", "F64(1.5)"),
            ("10.0", "F64(10.0)"),
            ("45GB", "I64(48318382080)"),
            ("2147483648", "I64(2147483648)"),
            ("-1", "I32(-1)"),
            ("0xFFFFFFFF", "I32(-1)"),
            ("5l", "I64(5)"),
            ("1.5d", "Decimal(1.5)"),
            ("9223372036854775808", "Decimal(9223372036854775808)"),
            (".5", "F64(0.5)"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "-", "1,2", "12abc", "e3", "MB", "inf", "nan", "1_000", "0x"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
