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
        ("System.Byte", "maxvalue") => V::Small(Small::Byte, 255.0),
        ("System.Math", "pi") => V::Double(std::f64::consts::PI),
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
        ("System.Byte" | "System.UInt16" | "System.UInt32" | "System.Char", "minvalue") => V::Int(0),
        ("System.Int16", "maxvalue") => V::Small(Small::Int16, f64::from(i16::MAX)),
        ("System.Int16", "minvalue") => V::Small(Small::Int16, f64::from(i16::MIN)),
        ("System.UInt16", "maxvalue") => V::Small(Small::UInt16, f64::from(u16::MAX)),
        ("System.UInt32", "maxvalue") => V::Small(Small::UInt32, f64::from(u32::MAX)),
        ("System.Boolean", "truestring") => V::from("True"),
        ("System.Boolean", "falsestring") => V::from("False"),
        _ => return None,
    })
}
