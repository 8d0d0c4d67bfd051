//! Custom numeric patterns of .NET: `0.00`, `#,##0`, `0%`, sections by sign.
//!
//! Exponents (`0.0E+00`) are only taken apart here; `format` writes them.

use super::{Culture, format};

/// Digits that a pattern may ask for on either side of the point.
const DIGITS_MAX: usize = 100;

/// Applies a custom pattern; `digits(places, scale)` gives the number times ten to the `scale` with so many places.
pub(super) fn custom(
    pattern: &str,
    negative: bool,
    zero: bool,
    culture: &Culture,
    digits: impl Fn(usize, i32) -> String,
) -> String {
    let sections = sections(pattern);
    let (section, own_sign) = match sections.as_slice() {
        [_, below, ..] if negative && !below.is_empty() => (*below, true),
        [_, _, none, ..] if zero && !none.is_empty() => (*none, false),
        [first, ..] => (*first, false),
        [] => (pattern, false),
    };
    let tokens = tokens(section);
    let point = tokens.iter().position(|token| *token == Token::Point).unwrap_or(tokens.len());
    let is_digit = |token: &Token| matches!(token, Token::Zero | Token::Hash);
    let places = tokens[point..].iter().filter(|token| is_digit(token)).count();
    let last_digit = tokens[..point].iter().rposition(is_digit).unwrap_or(0);
    let grouped = tokens[..last_digit].contains(&Token::Comma);
    let thousands = tokens[last_digit..point].iter().filter(|token| **token == Token::Comma).count();
    let scale = 2 * i32::from(tokens.contains(&Token::Percent)) + 3 * i32::from(tokens.contains(&Token::PerMille))
        - 3 * i32::try_from(thousands).unwrap_or(0);
    let text = digits(places.min(DIGITS_MAX), scale.clamp(-30, 30));
    let text = text.trim_start_matches('-');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = whole.trim_start_matches('0');
    let minimum = match tokens[..point].iter().position(|token| *token == Token::Zero) {
        Some(first) => tokens[first..point].iter().filter(|token| is_digit(token)).count(),
        None => 0,
    };
    let minimum = minimum.min(DIGITS_MAX);
    let padded = format!("{whole:0>minimum$}");
    let whole = if grouped { format::group(&padded, culture.group) } else { padded };
    let after_point: Vec<Token> = tokens[point..].iter().copied().filter(is_digit).collect();
    let kept_zeros = after_point.iter().rposition(|token| *token == Token::Zero).map_or(0, |last| last + 1);
    let mut shown = fraction.len();
    while shown > kept_zeros && fraction.as_bytes().get(shown - 1) == Some(&b'0') {
        shown -= 1;
    }
    let first_digit = tokens[..point].iter().position(is_digit).unwrap_or(0);
    let spread = !grouped
        && tokens[first_digit..last_digit.max(first_digit)].iter().any(|token| matches!(token, Token::Text(_)));
    let mut out = String::new();
    if negative && !own_sign && text.chars().any(|digit| ('1'..='9').contains(&digit)) {
        out.push('-');
    }
    let (mut wrote_whole, mut at) = (false, 0);
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Zero | Token::Hash if index < point => {
                if spread {
                    // Text stands between the digits: each placeholder has its own, the first also those before.
                    let left = tokens[index..point].iter().filter(|token| is_digit(token)).count();
                    let end = (whole.len() + 1).saturating_sub(left);
                    let start = if wrote_whole { end.saturating_sub(1) } else { 0 };
                    out.push_str(whole.get(start..end).unwrap_or_default());
                    wrote_whole = true;
                } else if !wrote_whole {
                    out.push_str(&whole);
                    wrote_whole = true;
                }
            }
            Token::Zero | Token::Hash => {
                if at < shown {
                    out.push_str(&fraction[at..=at]);
                }
                at += 1;
            }
            Token::Point if shown > 0 => {
                if !wrote_whole {
                    out.push_str(&whole);
                    wrote_whole = true;
                }
                out.push(culture.decimal_point);
            }
            Token::Point | Token::Comma => {}
            Token::Percent => out.push('%'),
            Token::PerMille => out.push('‰'),
            Token::Text(letter) => out.push(*letter),
        }
    }
    out
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Token {
    Zero,
    Hash,
    Point,
    Comma,
    Percent,
    PerMille,
    Text(char),
}

/// How a pattern writes the power of ten.
pub(super) struct Exponent {
    /// `E` or `e`.
    pub(super) letter: char,
    /// Whether powers that are not negative get a sign.
    pub(super) plus: bool,
    /// Digits at least.
    pub(super) digits: usize,
    /// Digits of the mantissa before its point.
    pub(super) whole: i32,
}

/// A pattern with an exponent, taken apart into that of the mantissa and the exponent.
pub(super) fn exponent(pattern: &str) -> Option<(String, Exponent)> {
    if pattern.contains(['\'', '"', '\\', ';']) {
        return None;
    }
    let at = pattern.find(['E', 'e'])?;
    let (mantissa, rest) = (&pattern[..at], &pattern[at + 1..]);
    let zeros = rest.trim_start_matches(['+', '-']);
    let digits = zeros.len() - zeros.trim_start_matches('0').len();
    if digits == 0 || rest.len() - zeros.len() > 1 {
        return None;
    }
    let whole = mantissa.split('.').next().unwrap_or_default().matches(['0', '#']).count();
    let mark = Exponent {
        letter: pattern[at..].chars().next()?,
        plus: rest.starts_with('+'),
        digits,
        whole: i32::try_from(whole).unwrap_or(1).max(1),
    };
    Some((format!("{mantissa}{}", &zeros[digits..]), mark))
}

/// The sections of a pattern, split at semicolons outside quotes.
fn sections(pattern: &str) -> Vec<&str> {
    let (mut found, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, letter) in pattern.char_indices() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            (';', None) => {
                found.push(&pattern[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&pattern[start..]);
    found
}

fn tokens(section: &str) -> Vec<Token> {
    let (mut found, mut point) = (Vec::new(), false);
    let mut rest = section.chars();
    while let Some(letter) = rest.next() {
        found.push(match letter {
            '0' => Token::Zero,
            '#' => Token::Hash,
            '.' if !point => {
                point = true;
                Token::Point
            }
            '.' => continue,
            ',' => Token::Comma,
            '%' => Token::Percent,
            '‰' => Token::PerMille,
            '\\' => Token::Text(rest.next().unwrap_or('\\')),
            '\'' | '"' => {
                found.extend(rest.by_ref().take_while(|other| *other != letter).map(Token::Text));
                continue;
            }
            other => Token::Text(other),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{Culture, format_value};
    use crate::clixml::PsValue;

    #[test]
    fn custom_patterns_place_digits_groups_and_text() {
        let text = |value: f64, format| format_value(&PsValue::F64(value), format, &Culture::EN_US);
        assert_eq!(text(1234.5, "#,##0.00 m"), "1,234.50 m");
        assert_eq!(text(12.5, "0.00 m"), "12.50 m");
        assert_eq!(text(0.5, "#.##"), ".5");
        assert_eq!(text(0.0, "#.##"), "");
        assert_eq!(text(0.256, "0.#%"), "25.6%");
        assert_eq!(text(-3.0, "0;(0);none"), "(3)");
        assert_eq!(text(0.0, "0;(0);none"), "none");
        assert_eq!(text(1_500_000.0, "0,,.0"), "1.5");
        assert_eq!(text(7.0, "000"), "007");
        // op-f-custom-numbers of shared/data/powershell-golden
        assert_eq!(text(5_551_234.0, "000-0000"), "555-1234");
        assert_eq!(text(45_551_234.0, "000-0000"), "4555-1234");
        // the .NET documentation of custom numeric format strings
        assert_eq!(text(86_000.0, "0.###E+0"), "8.6E+4");
        assert_eq!(text(0.003_697_82, "#0.00‰"), "3.70‰");
    }
}
