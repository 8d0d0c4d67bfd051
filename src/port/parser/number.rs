//! Numbers: decimal, hexadecimal, binary, with type and size suffixes, typed by their size as PowerShell does.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::super::ast::Number;
use super::super::lexer::{is_dash, is_name, starts_name};
use super::Parser;

impl Parser<'_> {
    /// The number at the cursor; the cursor stays when there is none.
    pub(super) fn number(&mut self) -> Option<Number> {
        let start = self.at.pos;
        let found = self.scan_number();
        if found.is_none() {
            self.at.pos = start;
        }
        found
    }

    fn digits(&mut self, accept: impl Fn(char) -> bool) -> String {
        let start = self.at.pos;
        while accept(self.at.peek()) {
            self.at.bump();
        }
        self.at.text(start, self.at.pos).to_owned()
    }

    fn scan_number(&mut self) -> Option<Number> {
        if self.at.peek() == '0' && matches!(self.at.peek_at(1), 'x' | 'X') {
            self.at.bump_n(2);
            let digits = self.digits(|c| c.is_ascii_hexdigit());
            return self.radix(&digits, 16);
        }
        if self.at.peek() == '0' && matches!(self.at.peek_at(1), 'b' | 'B') && matches!(self.at.peek_at(2), '0' | '1') {
            self.at.bump_n(2);
            let digits = self.digits(|c| matches!(c, '0' | '1'));
            return self.radix(&digits, 2);
        }
        let mut text = self.digits(|c| c.is_ascii_digit());
        let mut real = false;
        if self.at.peek() == '.' && self.at.peek_at(1).is_ascii_digit() {
            self.at.bump();
            text.push('.');
            text += &self.digits(|c| c.is_ascii_digit());
            real = true;
        } else if self.at.peek() == '.'
            && !text.is_empty()
            && self.at.peek_at(1) != '.'
            && !starts_name(self.at.peek_at(1))
        {
            let next = self.at.peek_at(1);
            if next.is_whitespace() || next == '\0' || matches!(next, ')' | ';' | '}' | ',') {
                self.at.bump();
                real = true;
            }
        }
        if text.is_empty() {
            return None;
        }
        let exponent_sign = is_dash(self.at.peek_at(1)) || self.at.peek_at(1) == '+';
        let exponent = self.at.peek_at(1).is_ascii_digit() || exponent_sign && self.at.peek_at(2).is_ascii_digit();
        if matches!(self.at.peek(), 'e' | 'E') && exponent {
            self.at.bump();
            text.push('e');
            if exponent_sign {
                text.push(if self.at.peek() == '+' { '+' } else { '-' });
                self.at.bump();
            }
            text += &self.digits(|c| c.is_ascii_digit());
            real = true;
        }
        let (kind, factor) = self.suffix()?;
        build(&text, real, kind, factor)
    }

    fn radix(&mut self, digits: &str, radix: u32) -> Option<Number> {
        let value = u64::from_str_radix(digits, radix).ok()?;
        let (kind, factor) = self.suffix()?;
        // two digits fill an SByte, four an Int16, eight an Int32, sixteen an Int64: 0xFFFFFFFF is -1
        let bits = if radix == 16 { digits.len() * 4 } else { digits.len() };
        let value = match kind {
            Some("y") if bits <= 8 => i128::from(u8::try_from(value).ok()?.cast_signed()),
            Some("s") if bits <= 16 => i128::from(u16::try_from(value).ok()?.cast_signed()),
            None if bits <= 32 => i128::from(u32::try_from(value).ok()?.cast_signed()),
            None | Some("l") => i128::from(value.cast_signed()),
            _ => i128::from(value),
        };
        integer(value * i128::from(factor), kind)
    }

    /// Type suffix and multiplier; `None` when other letters follow.
    fn suffix(&mut self) -> Option<(Option<&'static str>, i64)> {
        let word = self.at.word();
        let units = [("kb", 1_i64 << 10), ("mb", 1 << 20), ("gb", 1 << 30), ("tb", 1 << 40), ("pb", 1 << 50)];
        let (letters, factor) = units
            .iter()
            .find_map(|(unit, factor)| word.strip_suffix(unit).map(|rest| (rest, *factor)))
            .unwrap_or((&word, 1));
        let kind = match letters {
            "" => None,
            known => Some(SUFFIXES.into_iter().find(|suffix| *suffix == known)?),
        };
        self.at.bump_n(word.chars().count());
        if is_name(self.at.peek()) { None } else { Some((kind, factor)) }
    }
}

/// The suffixes that name a type.
const SUFFIXES: [&str; 9] = ["l", "d", "u", "ul", "s", "us", "y", "uy", "n"];

fn integer(value: i128, kind: Option<&'static str>) -> Option<Number> {
    let within = |low: i128, high: i128| (low..=high).contains(&value);
    Some(match (kind, i32::try_from(value), i64::try_from(value)) {
        (Some("d"), _, _) => Number::Decimal(Decimal::from_i128(value)?),
        (Some("l"), _, Ok(value)) | (None, Err(_), Ok(value)) => Number::Long(value),
        (Some("u"), ..) if within(0, u32::MAX.into()) => Number::Suffixed("u", value),
        (Some("u" | "ul"), ..) if within(0, u64::MAX.into()) => Number::Suffixed("ul", value),
        (Some("y"), ..) if within(i8::MIN.into(), i8::MAX.into()) => Number::Suffixed("y", value),
        (Some("uy"), ..) if within(0, u8::MAX.into()) => Number::Suffixed("uy", value),
        (Some("s"), ..) if within(i16::MIN.into(), i16::MAX.into()) => Number::Suffixed("s", value),
        (Some("us"), ..) if within(0, u16::MAX.into()) => Number::Suffixed("us", value),
        (Some("n"), ..) => Number::Suffixed("n", value),
        (Some(_), ..) => return None,
        (None, Ok(value), _) => Number::Int(value),
        (None, ..) => match Decimal::from_i128(value) {
            Some(value) => Number::Decimal(value),
            None => Number::Double(value.to_f64()?),
        },
    })
}

fn build(text: &str, real: bool, kind: Option<&'static str>, factor: i64) -> Option<Number> {
    if !real && let Ok(value) = text.parse::<i128>() {
        return integer(value.checked_mul(i128::from(factor))?, kind);
    }
    if kind == Some("d") {
        let value: Decimal = text.parse().or_else(|_| Decimal::from_scientific(text)).ok()?;
        return Some(Number::Decimal(value * Decimal::from(factor)));
    }
    let value: f64 = text.parse().ok()?;
    #[expect(clippy::cast_precision_loss, reason = "factors are powers of two")]
    let value = value * factor as f64;
    match kind {
        None => Some(Number::Double(value)),
        #[expect(clippy::cast_possible_truncation, reason = "a real number with the suffix of an integer is rounded")]
        Some(_) => integer(value.round_ties_even() as i128, kind),
    }
}
