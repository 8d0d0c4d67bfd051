//! `System.TimeSpan`: its methods, static methods and constructors.
//!
//! No other types.

use super::super::fault::Res;
use super::super::number::{self};

use super::super::value::V;

use crate::clixml::PsTimeSpan;

/// Methods of time spans.
pub(in crate::script::ps) fn methods(span: PsTimeSpan, name: &str, args: &[V]) -> Res<Option<V>> {
    let other = || args.first().and_then(super::super::cast::to_span).unwrap_or_default().ticks;
    Ok(Some(V::Span(PsTimeSpan {
        ticks: match name {
            "add" => span.ticks + other(),
            "subtract" => span.ticks - other(),
            "negate" => -span.ticks,
            "duration" => span.ticks.abs(),
            _ => return Ok(None),
        },
    })))
}

pub(in crate::script::ps) fn statics(name: &str, args: &[V]) -> Res<Option<V>> {
    let unit: i64 = match name {
        "fromdays" => 864_000_000_000,
        "fromhours" => 36_000_000_000,
        "fromminutes" => 600_000_000,
        "fromseconds" => 10_000_000,
        "frommilliseconds" => 10_000,
        "fromticks" => 1,
        "parse" => return super::super::cast::cast("timespan", args.first().unwrap_or(&V::Null)).map(Some),
        _ => return Ok(None),
    };
    let amount = number::of(args.first().unwrap_or(&V::Int(0)), "System.Double")?.double();
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what .NET does")]
    Ok(Some(V::Span(PsTimeSpan { ticks: (amount * unit as f64).round() as i64 })))
}

pub(in crate::script::ps) fn make(args: &[V]) -> Res<V> {
    let n = super::date::integers(args)?;
    let ticks = match n.as_slice() {
        [ticks] => *ticks,
        [h, m, s] => ((h * 60 + m) * 60 + s) * 10_000_000,
        [d, h, m, s] => (((d * 24 + h) * 60 + m) * 60 + s) * 10_000_000,
        [d, h, m, s, ms] => (((d * 24 + h) * 60 + m) * 60 + s) * 10_000_000 + ms * 10_000,
        _ => 0,
    };
    Ok(V::Span(PsTimeSpan { ticks }))
}
