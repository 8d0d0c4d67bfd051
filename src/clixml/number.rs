//! Numbers as .NET reads and writes them in invariant form, and its version numbers.
//!
//! The values themselves are Rust's own types and `rust_decimal`; texts for people are in `text`.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// Blanks that .NET allows around a number.
const BLANKS: [char; 6] = ['\t', '\n', '\u{b}', '\u{c}', '\r', ' '];

/// An integer: outer blanks and a sign are allowed, nothing else beside digits (and NULs at the end, as in .NET).
pub(super) fn parse_integer<T: TryFrom<i128>>(text: &str) -> Option<T> {
    let text = text.trim_end_matches('\0').trim_matches(BLANKS);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let magnitude: i128 = match significant.len() {
        0 => 0,
        1..=20 => significant.parse().ok()?,
        _ => return None,
    };
    T::try_from(if text.starts_with('-') { -magnitude } else { magnitude }).ok()
}

/// An integer of a type without negative numbers: `XmlConvert` takes no sign there, not even a plus.
pub(super) fn parse_unsigned<T: TryFrom<i128>>(text: &str) -> Option<T> {
    if text.trim_start_matches(BLANKS).starts_with(['+', '-']) { None } else { parse_integer(text) }
}

/// A floating-point number as `XmlConvert` reads it: `INF`, or what `Double.Parse` takes.
pub(super) fn parse_float<T: FromStr + From<f32>>(text: &str) -> Option<T> {
    let text = text.trim_matches(BLANKS);
    let (negative, unsigned) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    if text == "INF" || text == "-INF" || unsigned.eq_ignore_ascii_case("infinity") {
        return Some(T::from(if negative { f32::NEG_INFINITY } else { f32::INFINITY }));
    }
    if unsigned.eq_ignore_ascii_case("nan") {
        return Some(T::from(f32::NAN));
    }
    let bytes = unsigned.as_bytes();
    let numeric = bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    (numeric && matches!(bytes.first(), Some(b'0'..=b'9' | b'.'))).then(|| text.parse().ok()).flatten()
}

/// A decimal: no exponent; digits beyond 96 bits or 28 places are rounded half to even, as .NET does.
pub(super) fn parse_decimal(text: &str) -> Option<Decimal> {
    let text = text.trim_matches(BLANKS);
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, places) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && places.is_empty()) || !all_digits(whole) || !all_digits(places) {
        return None;
    }
    const MAX: u128 = (1 << 96) - 1;
    let add = |number: u128, digit: u8| Some(number * 10 + u128::from(digit - b'0')).filter(|number| *number <= MAX);
    let mut number = whole.bytes().try_fold(0, add)?;
    let mut scale = 0;
    let places = places.as_bytes();
    while let Some(next) = places.get(scale).filter(|_| scale < 28).and_then(|digit| add(number, *digit)) {
        number = next;
        scale += 1;
    }
    if let [first, rest @ ..] = &places[scale..] {
        let half = *first == b'5' && rest.iter().all(|digit| *digit == b'0');
        if if half { number % 2 == 1 } else { *first >= b'5' } {
            number += 1;
        }
        if number > MAX {
            // one place less, or out of range
            scale = scale.checked_sub(1)?;
            number = (number + 5) / 10;
        }
    }
    let mut value = Decimal::from_i128_with_scale(i128::try_from(number).ok()?, scale as u32);
    value.set_sign_negative(text.starts_with('-') && number != 0);
    Some(value)
}

/// How many digits a floating-point text may have before it takes the exponent form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FloatForm {
    /// Round to so many significant digits; `None`: as few as bring the number back.
    pub digits: Option<usize>,
    /// Numbers of more digits before the point take an exponent.
    pub plain_digits: i32,
}

/// Round trip of a double; round trip of a single; `G15`; `G7`.
pub(super) const ROUND_TRIP: FloatForm = FloatForm { digits: None, plain_digits: 17 };
pub(super) const ROUND_TRIP_SINGLE: FloatForm = FloatForm { digits: None, plain_digits: 9 };
pub(super) const GENERAL_15: FloatForm = FloatForm { digits: Some(15), plain_digits: 15 };
pub(super) const GENERAL_7: FloatForm = FloatForm { digits: Some(7), plain_digits: 7 };

/// A finite number in .NET's general form: an exponent when more than `plain_digits` places stand before the point,
/// or more than four zeros after it. `scientific` is Rust's `{:e}` form of it with the wanted digits.
#[must_use]
pub fn general_form(scientific: &str, plain_digits: i32) -> String {
    let (negative, scientific) = scientific.strip_prefix('-').map_or((false, scientific), |rest| (true, rest));
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let mut out = String::with_capacity(24);
    if negative {
        out.push('-');
    }
    if digits.is_empty() {
        out.push('0');
    } else if exponent >= plain_digits || exponent < -4 {
        out.push_str(&digits[..1]);
        if digits.len() > 1 {
            out.push('.');
            out.push_str(&digits[1..]);
        }
        out.push_str(if exponent < 0 { "E-" } else { "E+" });
        out.push_str(&format!("{:02}", exponent.abs()));
    } else if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        out.push_str(digits);
    } else {
        let whole = exponent as usize + 1;
        out.extend(digits.chars().chain(std::iter::repeat('0')).take(whole));
        if digits.len() > whole {
            out.push('.');
            out.push_str(&digits[whole..]);
        }
    }
    out
}

/// A double in .NET's general form; infinities and NaN are the caller's.
pub(super) fn double_text(value: f64, form: FloatForm) -> String {
    let scientific = match form.digits {
        Some(digits) => format!("{value:.*e}", digits - 1),
        None => format!("{value:e}"),
    };
    general_form(&scientific, form.plain_digits)
}

/// A single in .NET's general form; infinities and NaN are the caller's.
pub(super) fn single_text(value: f32, form: FloatForm) -> String {
    let scientific = match form.digits {
        Some(digits) => format!("{value:.*e}", digits - 1),
        None => format!("{value:e}"),
    };
    general_form(&scientific, form.plain_digits)
}

/// A decimal in invariant form: trailing zeros stay, minus zero has no sign.
pub(super) fn decimal_text(value: &Decimal) -> String {
    let text = value.to_string();
    if value.is_zero() { text.trim_start_matches('-').to_owned() } else { text }
}

/// `System.Version`: two to four parts, each at most `i32::MAX`; missing parts sort below 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PsVersion {
    parts: [i32; 4],
}

impl PsVersion {
    /// `major.minor`.
    #[must_use]
    pub const fn new(major: i32, minor: i32) -> Self {
        Self { parts: [major, minor, -1, -1] }
    }

    /// From two to four non-negative parts.
    #[must_use]
    pub fn from_parts(given: &[i32]) -> Option<Self> {
        if !(2..=4).contains(&given.len()) || given.iter().any(|part| *part < 0) {
            return None;
        }
        let mut parts = [-1; 4];
        parts[..given.len()].copy_from_slice(given);
        Some(Self { parts })
    }

    /// Major, minor, build and revision; −1 for a part that is not there.
    #[must_use]
    pub const fn parts(&self) -> [i32; 4] {
        self.parts
    }
}

impl fmt::Display for PsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.parts[0], self.parts[1])?;
        for part in self.parts[2..].iter().take_while(|part| **part >= 0) {
            write!(f, ".{part}")?;
        }
        Ok(())
    }
}

/// The text is not a version of two to four numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a version number")]
pub struct NotAVersion;

impl FromStr for PsVersion {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let parts: Vec<i32> =
            text.split('.').map(|part| parse_integer(part).ok_or(NotAVersion)).collect::<Result<_, _>>()?;
        Self::from_parts(&parts).ok_or(NotAVersion)
    }
}
