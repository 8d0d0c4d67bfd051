//! The text of a value where a text parameter gets something else, and in messages.
//!
//! Not here: how values look on a screen (`render`).

use crate::clixml::PsValue;
use crate::clixml::text::as_string;

/// A value as text in the invariant culture, as a cast to string gives it; lists are joined by spaces.
#[must_use]
pub fn text_of(value: &PsValue) -> String {
    as_string(value).to_text().into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::bind::parse_date;
    use crate::clixml::PsObject;

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
