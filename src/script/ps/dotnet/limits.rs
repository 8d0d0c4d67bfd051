//! Constants of .NET's types of numbers and time: `[int]::MaxValue`, `[math]::PI`, `[timespan]::Zero` …
//!
//! Values that depend on the run (`[datetime]::Now`) are in `statics`.

use super::super::value::{Small, V};
use crate::clixml::PsTimeSpan;

/// The constant of a type; `None` when it has none of that name.
#[must_use]
pub(super) fn constant(full: &str, lower: &str) -> Option<V> {
    let span = |ticks| V::Span(PsTimeSpan { ticks });
    Some(match (full, lower) {
        ("System.TimeSpan", "zero") => span(0),
        ("System.TimeSpan", "maxvalue") => span(i64::MAX),
        ("System.TimeSpan", "minvalue") => span(i64::MIN),
        ("System.TimeSpan", "ticksperday") => V::Long(864_000_000_000),
        ("System.Int32", "maxvalue") => V::Int(i32::MAX),
        ("System.Int32", "minvalue") => V::Int(i32::MIN),
        ("System.Int64", "maxvalue") => V::Long(i64::MAX),
        ("System.Int64", "minvalue") => V::Long(i64::MIN),
        ("System.Double", "maxvalue") => V::Double(f64::MAX),
        ("System.Double", "minvalue") => V::Double(f64::MIN),
        ("System.Double", "nan") => V::Double(f64::NAN),
        ("System.Double", "positiveinfinity") => V::Double(f64::INFINITY),
        ("System.Decimal", "maxvalue") => V::Decimal(rust_decimal::Decimal::MAX),
        ("System.Math", "pi") => V::Double(std::f64::consts::PI),
        ("System.Math", "tau") => V::Double(std::f64::consts::TAU),
        ("System.Math", "e") => V::Double(std::f64::consts::E),
        ("System.TimeSpan", "ticksperhour") => V::Long(36_000_000_000),
        ("System.TimeSpan", "ticksperminute") => V::Long(600_000_000),
        ("System.TimeSpan", "tickspersecond") => V::Long(10_000_000),
        ("System.TimeSpan", "tickspermillisecond") => V::Long(10_000),
        ("System.Double", "negativeinfinity") => V::Double(f64::NEG_INFINITY),
        ("System.Double", "epsilon") => V::Double(5e-324),
        ("System.Decimal", "minvalue") => V::Decimal(rust_decimal::Decimal::MIN),
        ("System.Decimal", "zero") => V::Decimal(rust_decimal::Decimal::ZERO),
        ("System.Decimal", "one") => V::Decimal(rust_decimal::Decimal::ONE),
        (_, "minvalue" | "maxvalue") if Small::named(full).is_some() => {
            let kind = Small::named(full)?;
            V::Small(kind, if lower == "minvalue" { kind.bounds().0 } else { kind.bounds().1 })
        }
        ("System.Single", "maxvalue") => V::Single(f32::MAX),
        ("System.Single", "minvalue") => V::Single(f32::MIN),
        ("System.Single", "epsilon") => V::Single(f32::from_bits(1)),
        ("System.Char", "minvalue") => V::Char('\0'),
        ("System.Char", "maxvalue") => V::Char('\u{ffff}'),
        ("System.Numerics.BigInteger", "zero") => super::super::big::value(0.into()),
        ("System.Numerics.BigInteger", "one") => super::super::big::value(1.into()),
        ("System.Numerics.BigInteger", "minusone") => super::super::big::value((-1).into()),
        ("System.Boolean", "truestring") => V::from("True"),
        ("System.Boolean", "falsestring") => V::from("False"),
        _ => return None,
    })
}
