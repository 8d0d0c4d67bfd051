//! `DateOnly` and `TimeOnly`: a day without a time, a time without a day.
//!
//! Objects over the date or span they stand for, by which they compare.

use super::super::fault::Res;
use super::super::member::plain_property;
use super::super::text::{formatted, interpolated};
use super::super::value::{Obj, V};
use super::arguments::{float, integer};
use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};
use crate::render::text::Culture;

pub(in crate::script::ps) const DAY: &str = "System.DateOnly";
pub(in crate::script::ps) const TIME: &str = "System.TimeOnly";

/// The day of a date.
#[must_use]
fn day(date: PsDateTime) -> V {
    let ticks = date.ticks - date.ticks.rem_euclid(PsDateTime::TICKS_PER_DAY);
    let whole = V::Date(PsDateTime { ticks, kind: DateTimeKind::Unspecified });
    let own = |name: &'static str| (name, plain_property(&whole, name).unwrap_or_default());
    let mut properties = ["Year", "Month", "Day", "DayOfWeek", "DayOfYear"].map(own).to_vec();
    properties.push(("DayNumber", V::integer(ticks / PsDateTime::TICKS_PER_DAY)));
    let text = formatted(&whole, "d", &Culture::EN_US);
    V::Obj(Obj::new(DAY, properties).with_base(whole).with_text(&text))
}

/// The time of so many ticks, the clock beginning anew after a day.
#[must_use]
fn time(ticks: i64) -> V {
    let ticks = ticks.rem_euclid(PsDateTime::TICKS_PER_DAY);
    let clock = V::Date(PsDateTime { ticks, kind: DateTimeKind::Unspecified });
    let own = |name: &'static str| (name, plain_property(&clock, name).unwrap_or_default());
    let mut properties = ["Hour", "Minute", "Second", "Millisecond", "Microsecond", "Nanosecond"].map(own).to_vec();
    properties.push(("Ticks", V::Long(ticks)));
    let text = formatted(&clock, "t", &Culture::EN_US);
    V::Obj(Obj::new(TIME, properties).with_base(V::Span(PsTimeSpan { ticks })).with_text(&text))
}

/// The value that formats know.
fn date_of(object: &Obj) -> PsDateTime {
    match object.base() {
        V::Date(date) => date,
        V::Span(span) => PsDateTime { ticks: span.ticks, kind: DateTimeKind::Unspecified },
        _ => PsDateTime { ticks: 0, kind: DateTimeKind::Unspecified },
    }
}

/// Its text in the invariant culture; `None` for every other object.
#[must_use]
pub(in crate::script::ps) fn invariant(object: &Obj) -> Option<String> {
    let form = match &*object.type_name() {
        DAY => "MM/dd/yyyy",
        TIME => "HH:mm",
        _ => return None,
    };
    Some(formatted(&V::Date(date_of(object)), form, &Culture::INVARIANT))
}

/// `[dateonly]text` or `[timeonly]text`; `None` when the text is neither.
#[must_use]
pub(in crate::script::ps) fn cast(full: &str, value: &V) -> Option<V> {
    match value {
        V::Obj(object) if &*object.type_name() == full => Some(value.clone()),
        V::Str(text) => {
            let date = super::super::dates::read(text, None)?;
            Some(if full == DAY { day(date) } else { time(date.ticks) })
        }
        _ => None,
    }
}

/// A day or time from its parts.
///
/// # Errors
/// When a part is no number, or there is no such day.
pub(super) fn make(full: &str, args: &[V]) -> Res<V> {
    if full == DAY {
        return Ok(match super::date::make(args)? {
            V::Date(date) => day(date),
            other => other,
        });
    }
    let part = |at: usize| integer(args, at);
    Ok(time((part(0)? * 3600 + part(1)? * 60 + part(2)?) * 10_000_000 + part(3)? * 10_000))
}

/// Static methods and values of both.
///
/// # Errors
/// When an argument is no day or time.
pub(super) fn statics(full: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    let first = args.first().cloned().unwrap_or_default();
    Ok(Some(match (full, name, &first) {
        (DAY, "fromdatetime", V::Date(date)) => day(*date),
        (TIME, "fromdatetime", V::Date(date)) => time(date.ticks),
        (TIME, "fromtimespan", V::Span(span)) => time(span.ticks),
        (DAY, "fromdaynumber", _) => {
            let ticks = integer(args, 0)? * PsDateTime::TICKS_PER_DAY;
            day(PsDateTime { ticks, kind: DateTimeKind::Unspecified })
        }
        (_, "parseexact", _) if args.len() > 1 => {
            let forms: Vec<String> = args[1].clone().unrolled().iter().map(interpolated).collect();
            let text = interpolated(&first);
            match forms.iter().find_map(|form| super::exact::parse(&text, form, 1)) {
                Some(date) if full == DAY => day(date),
                Some(date) => time(date.ticks),
                None => {
                    let name = full.trim_start_matches("System.");
                    let message = format!("String '{text}' was not recognized as a valid {name}.");
                    return super::super::fault::method_threw(
                        "ParseExact",
                        args.len(),
                        "System.FormatException",
                        &message,
                    )
                    .err();
                }
            }
        }
        (_, "parse", _) => super::super::cast::cast(full, &V::from(interpolated(&first)))?,
        _ => return Ok(None),
    }))
}

/// The least and the greatest of both.
#[must_use]
pub(super) fn limit(full: &str, name: &str) -> Option<V> {
    let ticks = match name {
        "minvalue" => 0,
        "maxvalue" if full == DAY => PsDateTime::TICKS_MAX,
        "maxvalue" => PsDateTime::TICKS_PER_DAY - 1,
        _ => return None,
    };
    match full {
        DAY => Some(day(PsDateTime { ticks, kind: DateTimeKind::Unspecified })),
        TIME => Some(time(ticks)),
        _ => None,
    }
}

/// Methods of both.
///
/// # Errors
/// When an argument is none of the method's.
pub(super) fn methods(object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let own = date_of(object);
    let is_day = &*object.type_name() == DAY;
    let other = args.first().cloned().unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "ticks of a day")]
    let later = |unit: i64| -> Res<V> { Ok(time(own.ticks + (float(args, 0)? * unit as f64) as i64)) };
    Ok(Some(match name {
        "adddays" | "addmonths" | "addyears" if is_day => match super::date::methods(own, name, args)? {
            Some(V::Date(date)) => day(date),
            found => return Ok(found),
        },
        "addhours" if !is_day => later(36_000_000_000)?,
        "addminutes" if !is_day => later(600_000_000)?,
        "add" if !is_day => time(own.ticks + super::super::cast::to_span(&other).unwrap_or_default().ticks),
        "totimespan" if !is_day => V::Span(PsTimeSpan { ticks: own.ticks }),
        "todatetime" if is_day => {
            let clock = match &other {
                V::Obj(clock) => date_of(clock).ticks,
                _ => 0,
            };
            V::Date(PsDateTime { ticks: own.ticks + clock, kind: DateTimeKind::Unspecified })
        }
        "tostring" => {
            let usual = if is_day { "d" } else { "t" };
            let form = args.first().map_or_else(|| usual.to_owned(), interpolated);
            V::from(formatted(&V::Date(own), &form, &Culture::EN_US))
        }
        "compareto" => match &other {
            V::Obj(other) => V::Int(own.ticks.cmp(&date_of(other).ticks) as i32),
            _ => V::Int(1),
        },
        "equals" => V::Bool(matches!(&other, V::Obj(other) if date_of(other).ticks == own.ticks)),
        _ => return Ok(None),
    }))
}
