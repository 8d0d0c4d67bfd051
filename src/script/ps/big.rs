//! `System.Numerics.BigInteger`: reading, arithmetic, its static members.
//!
//! No other numbers.

use std::sync::Arc;

use num_bigint::BigInt;

use super::fault::{Problem, Res};
use super::number::{self, Num};
use super::value::V;

/// The number a value is, without a fraction; `None` when it has none.
#[must_use]
pub(super) fn of(value: &V) -> Option<BigInt> {
    match value {
        V::Big(number) => Some(BigInt::clone(number)),
        V::Str(text) => {
            let plain: String = text.trim().chars().filter(|c| *c != ',').collect();
            plain.parse().ok()
        }
        V::Double(number) if number.is_finite() => format!("{:.0}", number.trunc()).parse().ok(),
        other => match number::plain(other)? {
            Num::Decimal(number) => number.trunc().to_string().parse().ok(),
            number => number.whole().map(BigInt::from),
        },
    }
}

/// The value of a number.
#[must_use]
pub(super) fn value(number: BigInt) -> V {
    V::Big(Arc::new(number))
}

/// The number where the size does not matter.
#[must_use]
pub(super) fn number(number: &BigInt) -> Num {
    match i64::try_from(number) {
        Ok(small) => Num::Long(small),
        Err(_) => Num::Double(number.to_string().parse().unwrap_or(f64::NAN)),
    }
}

/// `+ - * / %` where the left number is big, or the right one and the left a whole number.
///
/// # Errors
/// Division by zero.
pub(super) fn arithmetic(left: &V, right: &V, op: char) -> Res<Option<V>> {
    let fraction = |value: &V| matches!(value, V::Double(_) | V::Decimal(_) | V::Single(_));
    let big = matches!(left, V::Big(_)) || matches!(right, V::Big(_)) && !fraction(left);
    let (true, Some(a), Some(b)) = (big, of(left), of(right)) else { return Ok(None) };
    Ok(Some(value(match op {
        '+' => a + b,
        '-' => a - b,
        '*' => a * b,
        _ if b == BigInt::ZERO => {
            return Problem::new("RuntimeException", "NotSpecified", "Attempted to divide by zero.")
                .inner("System.DivideByZeroException", "Attempted to divide by zero.")
                .err();
        }
        '/' => a / b,
        _ => a % b,
    })))
}

/// `[bigint]::name(args)`.
///
/// # Errors
/// When an argument is no number.
pub(super) fn statics(name: &str, args: &[V]) -> Res<Option<V>> {
    let at = |at: usize| -> Res<BigInt> {
        let given = args.get(at).cloned().unwrap_or_default();
        of(&given).map_or_else(
            || number::not_a_number(&super::text::interpolated(&given), "System.Numerics.BigInteger").err(),
            Ok,
        )
    };
    Ok(Some(match (name, args.len()) {
        ("pow", 2) => value(at(0)?.pow(u32::try_from(at(1)?).unwrap_or(0))),
        ("parse", _) => value(at(0)?),
        ("add", 2) => value(at(0)? + at(1)?),
        ("subtract", 2) => value(at(0)? - at(1)?),
        ("multiply", 2) => value(at(0)? * at(1)?),
        ("divide", 2) => return arithmetic(&value(at(0)?), &value(at(1)?), '/'),
        ("remainder", 2) => return arithmetic(&value(at(0)?), &value(at(1)?), '%'),
        ("modpow", 3) => value(at(0)?.modpow(&at(1)?, &at(2)?)),
        ("negate", 1) => value(-at(0)?),
        ("abs", 1) => value(BigInt::from(at(0)?.magnitude().clone())),
        ("max", 2) => value(at(0)?.max(at(1)?)),
        ("min", 2) => value(at(0)?.min(at(1)?)),
        ("compare", 2) => V::Int(at(0)?.cmp(&at(1)?) as i32),
        ("greatestcommondivisor", 2) => {
            let (mut a, mut b) = (at(0)?, at(1)?);
            while b != BigInt::ZERO {
                (a, b) = (b.clone(), a % b);
            }
            value(BigInt::from(a.magnitude().clone()))
        }
        _ => return Ok(None),
    }))
}
