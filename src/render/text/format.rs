//! Format strings: `{0,10:N2}` and the standard numeric formats of .NET.
//!
//! Date patterns are in `date`, custom numeric patterns in `custom_number`.

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Culture, custom_number, date, number, value};
use crate::clixml::PsValue;

/// Cells that a format string may pad a value to; a server may ask for any number.
const WIDTH_MAX: usize = 1000;

/// A composite format: each `{index[,width][:format]}` replaced; `None` when it is malformed, an index is missing or
/// a value refuses its format.
#[must_use]
pub fn composite(format: &str, values: &[PsValue], culture: &Culture) -> Option<String> {
    composed(format, values.len(), |index, pattern| checked(&values[index], pattern, culture))
}

/// As [`composite`], of one value that PowerShell has wrapped: without a pattern of its own it is what a list shows.
#[must_use]
pub fn composite_of_wrapped(format: &str, value: &PsValue, culture: &Culture) -> Option<String> {
    composed(format, 1, |_, pattern| match pattern {
        "" => Some(value::shell_text(value, culture)),
        _ => checked(value, pattern, culture),
    })
}

fn composed(format: &str, count: usize, text_of: impl Fn(usize, &str) -> Option<String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        if let Some(next) = after.strip_prefix(brace) {
            out.push_str(brace);
            rest = next;
            continue;
        }
        if brace == "}" {
            return None;
        }
        let (item, next) = after.split_once('}')?;
        rest = next;
        let (place, pattern) = item.split_once(':').map_or((item, ""), |(place, pattern)| (place, pattern));
        let (index, width) = match place.split_once(',') {
            Some((index, width)) => (index, width.trim().parse::<i32>().ok()?),
            None => (place, 0),
        };
        let index = index.trim().parse::<usize>().ok().filter(|index| *index < count)?;
        let text = text_of(index, pattern)?;
        let size = (width.unsigned_abs() as usize).min(WIDTH_MAX);
        out.push_str(&if width < 0 { format!("{text:<size$}") } else { format!("{text:>size$}") });
    }
    out.push_str(rest);
    Some(out)
}

/// A value by a format without braces; values that know no formats give their text, as do those that refuse this one.
#[must_use]
pub fn format_value(subject: &PsValue, format: &str, culture: &Culture) -> String {
    checked(subject, format, culture).unwrap_or_else(|| value::to_string(subject, culture))
}

/// A value by a format without braces; `None` where .NET throws a `FormatException`.
#[must_use]
pub fn checked(subject: &PsValue, format: &str, culture: &Culture) -> Option<String> {
    let plain = || value::to_string(subject, culture);
    Some(match subject {
        PsValue::Object(object) => match object.base() {
            crate::clixml::Base::Value(inner) if object.to_string_text().is_none() => {
                return checked(&inner, format, culture);
            }
            _ => value::object_text(object, culture),
        },
        PsValue::DateTime(moment) => return date::formatted(*moment, format, culture),
        PsValue::TimeSpan(span) => return date::formatted_span(*span, format, culture),
        PsValue::Guid(guid) => match format {
            "" | "D" | "d" => guid.to_string(),
            "N" | "n" => guid.simple().to_string(),
            "B" | "b" => guid.braced().to_string(),
            "P" | "p" => format!("({guid})"),
            _ => return None,
        },
        _ if format.is_empty() => plain(),
        other => return Number::of(other).map_or_else(|| Some(plain()), |number| number.formatted(format, culture)),
    })
}

/// A number with as many digits as it has.
#[derive(Clone, Copy)]
enum Number {
    Whole(i128, u32),
    Exact(Decimal),
    Float(f64),
}

impl Number {
    fn of(subject: &PsValue) -> Option<Self> {
        Some(match subject {
            PsValue::U8(number) => Self::Whole((*number).into(), 8),
            PsValue::I8(number) => Self::Whole((*number).into(), 8),
            PsValue::U16(number) => Self::Whole((*number).into(), 16),
            PsValue::I16(number) => Self::Whole((*number).into(), 16),
            PsValue::U32(number) => Self::Whole((*number).into(), 32),
            PsValue::I32(number) => Self::Whole((*number).into(), 32),
            PsValue::U64(number) => Self::Whole((*number).into(), 64),
            PsValue::I64(number) => Self::Whole((*number).into(), 64),
            PsValue::F32(number) => Self::Float((*number).into()),
            PsValue::F64(number) => Self::Float(*number),
            PsValue::Decimal(number) => Self::Exact(*number),
            _ => return None,
        })
    }

    /// `None` for a standard format that numbers of this kind do not know.
    fn formatted(self, format: &str, culture: &Culture) -> Option<String> {
        let mut letters = format.chars();
        let first = letters.next().unwrap_or('G');
        let digits = letters.as_str();
        if !first.is_ascii_alphabetic() || !digits.chars().all(|digit| digit.is_ascii_digit()) {
            return Some(self.custom(format, culture));
        }
        let digits: Option<usize> = digits.parse().ok().map(|digits: usize| digits.min(999));
        let fixed = |places: usize, grouped: bool| self.fixed(places, grouped, culture);
        Some(match first.to_ascii_uppercase() {
            'N' => fixed(digits.unwrap_or(culture.decimal_digits), true),
            'F' => fixed(digits.unwrap_or(culture.decimal_digits), false),
            'P' => {
                let scaled = self.shifted(digits.unwrap_or(culture.decimal_digits), 2);
                format!("{}{}%", grouped(&scaled, true, culture), culture.percent_gap)
            }
            'C' => {
                let text = fixed(digits.unwrap_or(2), true);
                let (before, after) = culture.currency;
                match text.strip_prefix('-') {
                    Some(positive) => format!("-{before}{positive}{after}"),
                    None => format!("{before}{text}{after}"),
                }
            }
            'D' | 'X' | 'B' => return self.whole(first, digits.unwrap_or(1)),
            'E' => self.scientific(digits.unwrap_or(6), first, culture),
            'R' if matches!(self, Self::Float(_)) => self.general(None, culture),
            'G' => self.general(digits.filter(|digits| *digits > 0), culture),
            _ => return None,
        })
    }

    /// Forms that only whole numbers have: `D5`, `X4`, `b8`.
    fn whole(self, letter: char, width: usize) -> Option<String> {
        let Self::Whole(number, bits) = self else { return None };
        let pattern = number & ((1i128 << bits) - 1);
        Some(match letter {
            'X' => format!("{pattern:0width$X}"),
            'x' => format!("{pattern:0width$x}"),
            'B' | 'b' => format!("{pattern:0width$b}"),
            _ => format!("{}{:0width$}", if number < 0 { "-" } else { "" }, number.unsigned_abs()),
        })
    }

    fn float(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "a floating-point form was asked for")]
            Self::Whole(number, _) => number as f64,
            Self::Exact(number) => number.to_f64().unwrap_or(f64::NAN),
            Self::Float(number) => number,
        }
    }

    /// Digits with `places` after an invariant point, no grouping.
    fn digits(self, places: usize) -> String {
        match self {
            Self::Whole(number, _) if places == 0 => number.to_string(),
            Self::Whole(number, _) => format!("{number}.{}", "0".repeat(places)),
            Self::Exact(number) => {
                let at = u32::try_from(places).unwrap_or(28).min(28);
                let rounded = number.round_dp_with_strategy(at, RoundingStrategy::MidpointAwayFromZero);
                format!("{rounded:.places$}")
            }
            // Exact ties go to even, as .NET has it for doubles.
            Self::Float(number) => format!("{number:.places$}"),
        }
    }

    /// As [`Self::digits`], of the number times ten to the `scale`.
    fn shifted(self, places: usize, scale: i32) -> String {
        let Ok(by) = usize::try_from(scale) else {
            return Self::Float(self.float() * 10f64.powi(scale)).digits(places);
        };
        let text = self.digits(places + by);
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let (moved, rest) = fraction.split_at(by.min(fraction.len()));
        let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
        let joined = format!("{whole}{moved}");
        let trimmed = joined.trim_start_matches('0');
        let whole = if trimmed.is_empty() { "0" } else { trimmed };
        if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
    }

    fn fixed(self, places: usize, in_groups: bool, culture: &Culture) -> String {
        if let Self::Float(number) = self
            && !number.is_finite()
        {
            return number::round_trip(number, culture);
        }
        grouped(&self.digits(places), in_groups, culture)
    }

    fn general(self, digits: Option<usize>, culture: &Culture) -> String {
        match (self, digits) {
            (Self::Whole(number, _), None) => number.to_string(),
            (Self::Exact(number), None) => culture.localize(number.to_string()),
            (Self::Float(number), None) => number::round_trip(number, culture),
            (other, Some(digits)) => number::general(other.float(), digits, culture),
        }
    }

    /// `0.00E+00`: the mantissa by its own pattern, then the power of ten.
    fn with_exponent(self, mantissa: &str, mark: &custom_number::Exponent, culture: &Culture) -> String {
        let number = self.float();
        #[expect(clippy::cast_possible_truncation, reason = "powers of ten of a double are small")]
        let power = if number == 0.0 { 0 } else { number.abs().log10().floor() as i32 - (mark.whole - 1) };
        let sign = if power < 0 {
            "-"
        } else if mark.plus {
            "+"
        } else {
            ""
        };
        let text = Self::Float(number / 10f64.powi(power)).custom(mantissa, culture);
        format!("{text}{}{sign}{:0width$}", mark.letter, power.unsigned_abs(), width = mark.digits)
    }

    fn scientific(self, places: usize, letter: char, culture: &Culture) -> String {
        let text = format!("{:.places$e}", self.float());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let sign = if exponent < 0 { '-' } else { '+' };
        culture.localize(format!("{mantissa}{letter}{sign}{:03}", exponent.unsigned_abs()))
    }

    /// A pattern goes by fifteen digits, and ties away from zero, for doubles too.
    fn custom(self, format: &str, culture: &Culture) -> String {
        let exact = match self {
            Self::Float(number) => Decimal::from_scientific(&format!("{number:.14e}")).ok(),
            _ => None,
        };
        if let Some(exact) = exact {
            return Self::Exact(exact).custom(format, culture);
        }
        if let Some((mantissa, mark)) = custom_number::exponent(format) {
            return self.with_exponent(&mantissa, &mark, culture);
        }
        let negative = self.float() < 0.0;
        custom_number::custom(format, negative, self.float() == 0.0, culture, |places, scale| {
            self.shifted(places, scale)
        })
    }
}

/// An invariant number with the culture's point, and groups if wanted.
fn grouped(text: &str, in_groups: bool, culture: &Culture) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = if in_groups { group(whole, culture.group) } else { whole.to_owned() };
    if fraction.is_empty() { whole } else { format!("{whole}{}{fraction}", culture.decimal_point) }
}

/// Groups of three digits.
pub(super) fn group(whole: &str, separator: char) -> String {
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composite_formats_take_widths_and_formats() {
        let culture = Culture::EN_US;
        let values = [PsValue::I32(39), PsValue::string("x")];
        assert_eq!(composite("{0:X4} hex {{{1}}}", &values, &culture).as_deref(), Some("0027 hex {x}"));
        assert_eq!(composite("[{1,4}|{1,-4}]", &values, &culture).as_deref(), Some("[   x|x   ]"));
        assert_eq!(composite("{2}", &values, &culture), None);
    }

    #[test]
    fn a_format_that_a_value_does_not_know_is_refused() {
        // .NET throws a FormatException for each; docs of standard numeric, date and time span format strings
        let culture = Culture::EN_US;
        let span = PsValue::TimeSpan(crate::clixml::PsTimeSpan { ticks: 600_000_000 });
        let cases = [
            (PsValue::F64(1.5), "D"),
            (PsValue::F64(1.5), "X2"),
            (PsValue::I32(1), "R"),
            (PsValue::I32(1), "Q"),
            (span.clone(), "hh:mm"),
            (span.clone(), "d"),
        ];
        for (value, format) in cases {
            assert_eq!(checked(&value, format, &culture), None, "{value:?} {format}");
        }
        assert_eq!(checked(&span, "hh\\:mm", &culture).as_deref(), Some("00:01"));
        assert_eq!(checked(&span, "%m", &culture).as_deref(), Some("1"));
        assert_eq!(checked(&PsValue::I32(10), "B8", &culture).as_deref(), Some("00001010"));
        assert_eq!(composite("{0:D}", &[PsValue::F64(1.5)], &culture), None);
    }

    #[test]
    fn standard_numeric_formats() {
        // powershell-golden: op-bankers-rounding, op-f-number-shapes, size-tie-rounding, str-tostring-number
        let culture = Culture::EN_US;
        let text = |value: PsValue, format| format_value(&value, format, &culture);
        assert_eq!(text(PsValue::I32(1_234_567), "N0"), "1,234,567");
        assert_eq!(text(PsValue::F64(0.125), "N2"), "0.12");
        assert_eq!(text(PsValue::F64(0.375), "F2"), "0.38");
        assert_eq!(text(PsValue::Decimal(rust_decimal::Decimal::new(125, 3)), "N2"), "0.13");
        assert_eq!(text(PsValue::F64(0.98765), "p1"), "98.8%");
        assert_eq!(text(PsValue::I32(1), "P"), "100.00%");
        assert_eq!(text(PsValue::I32(-1), "X"), "FFFFFFFF");
        assert_eq!(text(PsValue::I32(5), "D3"), "005");
        assert_eq!(text(PsValue::F64(123_456.789), "E1"), "1.2E+005");
        assert_eq!(text(PsValue::F64(123_456.789), "G4"), "1.235E+05");
        assert_eq!(text(PsValue::F64(1234.5), "C"), "$1,234.50");
    }
}
