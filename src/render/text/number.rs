//! Numbers as .NET writes them without a format string.
//!
//! Format strings are in `format`; this file knows digits only.

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::Culture;
use crate::clixml::general_form;

/// `ToString()` of a double: the shortest text that reads back alike.
#[must_use]
pub fn round_trip(value: f64, culture: &Culture) -> String {
    special(value).unwrap_or_else(|| culture.localize(general_form(&format!("{value:e}"), 17)))
}

/// `ToString()` of a single: the shortest text that reads back alike.
#[must_use]
pub fn round_trip_f32(value: f32, culture: &Culture) -> String {
    special(f64::from(value)).unwrap_or_else(|| culture.localize(general_form(&format!("{value:e}"), 9)))
}

/// The `G` form with at most `digits` significant digits: 15 for a double in a string, 7 for a single.
#[must_use]
pub fn general(value: f64, digits: usize, culture: &Culture) -> String {
    special(value).unwrap_or_else(|| {
        let precision = digits.max(1) - 1;
        let places = i32::try_from(digits.max(1)).unwrap_or(i32::MAX);
        culture.localize(general_form(&format!("{value:.precision$e}"), places))
    })
}

/// A double in a table without view: the culture's number of decimals, no groups.
#[must_use]
pub fn double_cell(value: f64, culture: &Culture) -> String {
    let digits = culture.decimal_digits;
    special(value).unwrap_or_else(|| culture.localize(format!("{value:.digits$}")))
}

/// A decimal in a table without view.
#[must_use]
pub fn decimal_cell(value: Decimal, culture: &Culture) -> String {
    let digits = culture.decimal_digits;
    let places = digits.to_u32().unwrap_or(0);
    let rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    culture.localize(format!("{rounded:.digits$}"))
}

/// What is no number.
fn special(value: f64) -> Option<String> {
    let text = if value.is_nan() {
        "NaN"
    } else if value == f64::INFINITY {
        "∞"
    } else if value == f64::NEG_INFINITY {
        "-∞"
    } else {
        return None;
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_written_as_dotnet_does() {
        // clixml-golden/values.json
        let cases = [
            (0.1 + 0.2, "0.30000000000000004", "0.3", "0.30"),
            (1e15, "1000000000000000", "1E+15", "1000000000000000.00"),
            (1e17, "1E+17", "1E+17", "100000000000000000.00"),
            (0.0001, "0.0001", "0.0001", "0.00"),
            (1e-5, "1E-05", "1E-05", "0.00"),
            (-0.0, "-0", "-0", "-0.00"),
            (5e-324, "5E-324", "4.94065645841247E-324", "0.00"),
            (1234567.891, "1234567.891", "1234567.891", "1234567.89"),
            (0.125, "0.125", "0.125", "0.12"),
        ];
        for (value, round, general_15, cell) in cases {
            let culture = Culture::EN_US;
            assert_eq!(round_trip(value, &culture), round);
            assert_eq!(general(value, 15, &culture), general_15);
            assert_eq!(double_cell(value, &culture), cell);
        }
    }

    #[test]
    fn singles_have_their_own_bounds() {
        let culture = Culture::EN_US;
        assert_eq!(round_trip_f32(12_345_678.0, &culture), "12345678");
        assert_eq!(round_trip_f32(1e10, &culture), "1E+10");
        assert_eq!(general(f64::from(12_345_678f32), 7, &culture), "1.234568E+07");
    }
}
