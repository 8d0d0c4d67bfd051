//! `[DateTimeOffset]`: a moment with the clock of its place.
//!
//! An object over the local clock reading, whose kind carries the offset.

use super::super::fault::{Res, method_threw};
use super::super::member::plain_property;
use super::super::number::{self, Num};
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Obj, V};
use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};

const NAME: &str = "System.DateTimeOffset";
const MINUTE: i64 = 600_000_000;
const LEAST: PsDateTime = PsDateTime { ticks: 0, kind: DateTimeKind::Unspecified };

fn minutes(date: PsDateTime) -> i16 {
    match date.kind {
        DateTimeKind::Local { offset_minutes } => offset_minutes,
        _ => 0,
    }
}

/// The object for a clock reading; a date without an offset counts as UTC.
#[must_use]
pub(in crate::script::ps) fn of(date: PsDateTime) -> V {
    let offset = minutes(date);
    let local = PsDateTime { kind: DateTimeKind::Local { offset_minutes: offset }, ..date };
    let utc = PsDateTime { ticks: date.ticks - i64::from(offset) * MINUTE, kind: DateTimeKind::Utc };
    let plain = V::Date(PsDateTime { kind: DateTimeKind::Unspecified, ..date });
    let here = V::Date(super::super::dates::to_local(utc));
    let own = |name: &'static str| (name, plain_property(&plain, name).unwrap_or_default());
    let mut properties = vec![("DateTime", plain.clone()), ("UtcDateTime", V::Date(utc)), ("LocalDateTime", here)];
    properties
        .extend(["Date", "Day", "DayOfWeek", "DayOfYear", "Hour", "Millisecond", "Microsecond", "Nanosecond"].map(own));
    properties.extend([own("Minute"), own("Month")]);
    properties.extend([
        ("Offset", V::Span(PsTimeSpan { ticks: i64::from(offset) * MINUTE })),
        ("TotalOffsetMinutes", V::Int(offset.into())),
    ]);
    properties.extend([own("Second"), own("Ticks"), ("UtcTicks", V::Long(utc.ticks))]);
    properties.extend([own("TimeOfDay"), own("Year")]);
    let text = written(local, &crate::render::text::Culture::EN_US);
    properties.push(("__clock", V::Date(local)));
    V::Obj(Obj::new(NAME, properties).with_text(&text))
}

fn written(date: PsDateTime, culture: &crate::render::text::Culture) -> String {
    let part = |format: &str| super::super::text::formatted(&V::Date(date), format, culture);
    format!("{} {}", part("G"), part("zzz"))
}

/// Its text in a culture and a form; some forms are those of the moment in UTC.
#[must_use]
pub(in crate::script::ps) fn formatted(object: &Obj, format: &str, culture: &crate::render::text::Culture) -> String {
    let date = clock(object);
    match format {
        "" => written(date, culture),
        "u" | "r" | "R" => super::super::text::formatted(&V::Date(utc(date)), format, culture),
        _ => super::super::text::formatted(&V::Date(date), format, culture),
    }
}

fn utc(date: PsDateTime) -> PsDateTime {
    PsDateTime { ticks: date.ticks - i64::from(minutes(date)) * MINUTE, kind: DateTimeKind::Utc }
}

/// Whether an object is one, for the operators.
#[must_use]
pub(in crate::script::ps) fn is(object: &Obj) -> bool {
    object.is(NAME)
}

/// How two moments stand to each other, wherever their clocks are; `None` when the other value is none.
#[must_use]
pub(in crate::script::ps) fn order(object: &Obj, other: &V) -> Option<std::cmp::Ordering> {
    let Some(V::Obj(other)) = cast(other) else { return None };
    Some(utc(clock(object)).ticks.cmp(&utc(clock(&other)).ticks))
}

/// Its text in a culture.
#[must_use]
pub(in crate::script::ps) fn text(object: &Obj, culture: &crate::render::text::Culture) -> String {
    written(clock(object), culture)
}

fn clock(object: &Obj) -> PsDateTime {
    match object.note("__clock") {
        Some(V::Date(date)) => date,
        _ => PsDateTime { ticks: 0, kind: DateTimeKind::Utc },
    }
}

/// `[datetimeoffset]value`.
#[must_use]
pub(in crate::script::ps) fn cast(value: &V) -> Option<V> {
    match value {
        V::Obj(object) if object.is(NAME) => Some(value.clone()),
        V::Str(text) => read(text).map(of),
        other => make(&[V::Date(super::super::cast::to_date(other)?)]).ok(),
    }
}

/// Text with an offset keeps its own clock.
fn read(text: &str) -> Option<PsDateTime> {
    let text = text.trim();
    let zone = text.rfind(['+', '-']).filter(|at| *at > 9 && text[*at..].contains(':'));
    let Some(at) = zone else {
        let date = super::super::cast::to_date(&V::from(text.trim_end_matches('Z')))?;
        let kind = match text.ends_with('Z') {
            true => DateTimeKind::Local { offset_minutes: 0 },
            false => super::super::dates::local_kind(date.ticks),
        };
        return Some(PsDateTime { kind, ..date });
    };
    let (hours, rest) = text[at + 1..].split_once(':')?;
    let whole: i16 = hours.parse::<i16>().ok()? * 60 + rest.parse::<i16>().ok()?;
    let offset_minutes = if text[at..].starts_with('-') { -whole } else { whole };
    let date = super::super::cast::to_date(&V::from(text[..at].trim()))?;
    Some(PsDateTime { kind: DateTimeKind::Local { offset_minutes }, ..date })
}

/// `[DateTimeOffset]::new(…)`: a date with an offset, or its parts with one; without one, by the local clock.
///
/// # Errors
/// When there is no such date.
pub(super) fn make(args: &[V]) -> Res<V> {
    let (offset, parts) = match args.split_last() {
        Some((V::Span(span), rest)) => (Some(*span), rest),
        _ => (None, args),
    };
    let date = match parts {
        [V::Date(date)] => *date,
        [V::Str(_)] => super::super::cast::to_date(&parts[0]).unwrap_or(LEAST),
        _ => match super::date::make(parts)? {
            V::Date(date) => date,
            _ => LEAST,
        },
    };
    let offset_minutes = offset.and_then(|span| i16::try_from(span.ticks / MINUTE).ok());
    Ok(of(match (offset_minutes, date.kind) {
        (Some(offset_minutes), _) => PsDateTime { kind: DateTimeKind::Local { offset_minutes }, ..date },
        (None, DateTimeKind::Unspecified) => PsDateTime { kind: super::super::dates::local_kind(date.ticks), ..date },
        (None, _) => date,
    }))
}

/// Whether it is a static method of the type.
#[must_use]
pub(in crate::script::ps) fn is_static(name: &str) -> bool {
    matches!(name, "parse" | "parseexact" | "tryparse" | "fromunixtimeseconds" | "fromunixtimemilliseconds" | "compare")
}

/// `[DateTimeOffset]::…`.
///
/// # Errors
/// When the text is no date.
pub(in crate::script::ps) fn invoke(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    if let "fromunixtimeseconds" | "fromunixtimemilliseconds" = name {
        let count = number::of(args.first().unwrap_or(&V::Int(0)), "System.Int64")?.long().unwrap_or_default();
        let unit = if name == "fromunixtimeseconds" { 10_000_000 } else { 10_000 };
        let ticks = super::super::dates::UNIX_EPOCH_TICKS + count * unit;
        return Ok(Some(of(PsDateTime { ticks, kind: DateTimeKind::Utc })));
    }
    if name == "parse" {
        let text = args.first().map(interpolated).unwrap_or_default();
        return match read(&text) {
            Some(date) => Ok(Some(of(date))),
            None => {
                let message = format!("String '{text}' was not recognized as a valid DateTime.");
                method_threw("Parse", args.len(), "System.FormatException", &message).err()
            }
        };
    }
    let found = super::date::statics(cx, name, args)?;
    Ok(found.map(|found| if let V::Date(date) = found { of(date) } else { found }))
}

/// Methods of a moment.
///
/// # Errors
/// What the methods of dates give.
pub(in crate::script::ps) fn method(object: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let date = clock(object);
    let utc_ticks = date.ticks - i64::from(minutes(date)) * MINUTE;
    Ok(Some(match name {
        "tounixtimeseconds" => V::Long((utc_ticks - super::super::dates::UNIX_EPOCH_TICKS).div_euclid(10_000_000)),
        "tounixtimemilliseconds" => V::Long((utc_ticks - super::super::dates::UNIX_EPOCH_TICKS).div_euclid(10_000)),
        "touniversaltime" => of(PsDateTime { ticks: utc_ticks, kind: DateTimeKind::Utc }),
        "tolocaltime" => of(super::super::dates::to_local(PsDateTime { ticks: utc_ticks, kind: DateTimeKind::Utc })),
        "tooffset" => {
            let offset = args.first().and_then(super::super::cast::to_span).unwrap_or_default().ticks / MINUTE;
            let ticks = utc_ticks + offset * MINUTE;
            of(PsDateTime { ticks, kind: DateTimeKind::Local { offset_minutes: i16::try_from(offset).unwrap_or(0) } })
        }
        "subtract" => match args.first() {
            Some(V::Obj(other)) if other.is(NAME) => {
                let other = clock(other);
                V::Span(PsTimeSpan { ticks: utc_ticks - (other.ticks - i64::from(minutes(other)) * MINUTE) })
            }
            _ => return shifted(date, name, args),
        },
        "tostring" if args.is_empty() => V::from(super::super::text::to_string(&V::Obj(object.clone()))),
        "tostring" => {
            let culture = args.get(1).map_or(crate::render::text::Culture::EN_US, super::culture::culture_of);
            V::from(formatted(object, &args.first().map(interpolated).unwrap_or_default(), &culture))
        }
        "equalsexact" => V::Bool(matches!(args.first(), Some(V::Obj(other)) if other.is(NAME) && clock(other) == date)),
        "equals" | "compareto" => {
            let other = args.first().and_then(cast);
            let Some(V::Obj(other)) = other else { return Ok(None) };
            let other = clock(&other);
            let order = utc_ticks.cmp(&(other.ticks - i64::from(minutes(other)) * MINUTE));
            if name == "equals" { V::Bool(order.is_eq()) } else { V::Int(order as i32) }
        }
        _ => return shifted(date, name, args),
    }))
}

fn shifted(date: PsDateTime, name: &str, args: &[V]) -> Res<Option<V>> {
    if name == "tofiletime" {
        return Ok(number::plain(&V::Long(date.ticks)).and_then(Num::long).map(V::Long));
    }
    let found = super::date::methods(date, name, args)?;
    Ok(found.map(|found| if let V::Date(moved) = found { of(PsDateTime { kind: date.kind, ..moved }) } else { found }))
}
