//! When two values are equal and which comes first, as PowerShell has it: text ignores case, numbers are numbers.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::text;
use crate::clixml::{Base, PsValue};

/// Whether two values are equal.
#[must_use]
pub(crate) fn equal(left: &PsValue, right: &PsValue) -> bool {
    compare(left, right) == Ordering::Equal
}

/// Which of two values comes first; nothing comes before everything.
#[must_use]
pub(crate) fn compare(left: &PsValue, right: &PsValue) -> Ordering {
    match (base(left), base(right)) {
        (PsValue::Null, PsValue::Null) => Ordering::Equal,
        (PsValue::Null, _) => Ordering::Less,
        (_, PsValue::Null) => Ordering::Greater,
        (PsValue::DateTime(left), PsValue::DateTime(right)) => left.ticks.cmp(&right.ticks),
        (PsValue::TimeSpan(left), PsValue::TimeSpan(right)) => left.cmp(&right),
        (PsValue::Version(left), PsValue::Version(right)) => left.cmp(&right),
        (left, right) => match (decimal(&left), decimal(&right)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => match (number(&left), number(&right)) {
                (Some(left), Some(right)) => left.total_cmp(&right),
                _ => compare_text(&text::interpolated(&left), &text::interpolated(&right)),
            },
        },
    }
}

/// Text in the order of an English dictionary: letters whatever their case and accents, then accents, then case.
#[must_use]
pub(crate) fn compare_text(left: &str, right: &str) -> Ordering {
    let weights = |text: &str| text.chars().map(weight).collect::<Vec<_>>();
    weights(left).cmp(&weights(right)).then_with(|| left.to_lowercase().cmp(&right.to_lowercase()))
}

/// Punctuation, then digits, then letters; accented letters with their plain ones.
fn weight(letter: char) -> (u8, char) {
    let plain = plain_letter(letter.to_lowercase().next().unwrap_or(letter));
    let class = match plain {
        c if c.is_whitespace() => 0,
        '_' => 1,
        '-' => 2,
        c if c.is_numeric() => 4,
        c if c.is_alphabetic() => 5,
        _ => 3,
    };
    (class, plain)
}

fn plain_letter(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'š' | 'ś' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        other => other,
    }
}

/// A text that equal values have in common; unequal ones may share it.
#[must_use]
pub(crate) fn text_key(values: &[PsValue]) -> String {
    let texts = values.iter().map(|value| match number(&base(value)) {
        Some(number) => number.to_string(),
        None => text::interpolated(value).to_lowercase(),
    });
    texts.collect::<Vec<_>>().join("\u{0}")
}

/// Whether two values are equal, letters in the same case.
#[must_use]
pub(crate) fn same(left: &PsValue, right: &PsValue) -> bool {
    equal(left, right) && (number(left).is_some() || text::interpolated(left) == text::interpolated(right))
}

/// A value without what decorates it.
fn base(value: &PsValue) -> PsValue {
    match value {
        PsValue::Object(object) => match object.base() {
            Base::Value(inner) if object.to_string_text().is_none() => inner,
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

/// A whole or decimal number.
#[must_use]
pub(crate) fn decimal(value: &PsValue) -> Option<Decimal> {
    Some(match value {
        PsValue::Bool(truth) => Decimal::from(u8::from(*truth)),
        PsValue::Decimal(number) => *number,
        other => other.as_integer()?.into(),
    })
}

/// Any number as a double.
#[must_use]
pub(crate) fn number(value: &PsValue) -> Option<f64> {
    match value {
        PsValue::F64(number) => Some(*number),
        PsValue::F32(number) => Some(f64::from(*number)),
        other => decimal(other).and_then(|number| number.to_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_ordered_like_a_dictionary() {
        // facts/powershell-semantics.md 7: `_`, `-`, digits, `Äpfel` < `apple`
        let mut words = ["apple", "Äpfel", "9", "-x", "_x", "Berth"];
        words.sort_by(|left, right| compare_text(left, right));
        assert_eq!(words, ["_x", "-x", "9", "Äpfel", "apple", "Berth"]);
    }

    #[test]
    fn nothing_comes_first_and_numbers_of_all_kinds_compare() {
        assert_eq!(compare(&PsValue::Null, &PsValue::I32(-5)), Ordering::Less);
        assert!(equal(&PsValue::I32(2), &PsValue::F64(2.0)));
        assert!(equal(&"Oak".into(), &"oAK".into()));
    }
}
