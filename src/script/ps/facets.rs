//! Properties of .NET's own types: what dates, spans and types say of themselves.
//!
//! Which value is asked, and lists that pass the question on, are in `member`.

use std::sync::Arc;

use super::value::V;
use crate::render::text::Clock;

/// The types that .NET calls primitive, as far as scripts meet them.
const PRIMITIVES: [&str; 12] = [
    "System.Int32",
    "System.Int64",
    "System.Boolean",
    "System.Char",
    "System.Double",
    "System.Single",
    "System.Byte",
    "System.SByte",
    "System.Int16",
    "System.UInt16",
    "System.UInt32",
    "System.UInt64",
];

/// The properties of a date, as lists of members have them.
pub(super) const DATE_PROPERTIES: [&str; 16] = [
    "DateTime",
    "Date",
    "Day",
    "DayOfWeek",
    "DayOfYear",
    "Hour",
    "Kind",
    "Millisecond",
    "Microsecond",
    "Nanosecond",
    "Minute",
    "Month",
    "Second",
    "Ticks",
    "TimeOfDay",
    "Year",
];

/// Whether values of a type are structures of .NET, never null; enumerations aside.
#[must_use]
pub(super) fn is_structure(full: &str) -> bool {
    let others = ["Decimal", "DateTime", "TimeSpan", "Guid", "DateTimeOffset"];
    PRIMITIVES.contains(&full) || full.strip_prefix("System.").is_some_and(|name| others.contains(&name))
}

/// Whether a type is an interface: by .NET's custom, its name begins with an I and a capital.
fn is_interface(full: &str) -> bool {
    let mut letters = full.rsplit('.').next().unwrap_or(full).chars();
    letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase)
}

/// The type that a type derives from.
#[must_use]
pub(super) fn base_type(full: &str) -> Arc<str> {
    if let Some(class) = super::declared::class(full) {
        return class.base_name();
    }
    let base = if full.ends_with("[]") {
        "System.Array"
    } else if is_structure(full) {
        "System.ValueType"
    } else if super::enums::find(full).is_some() {
        "System.Enum"
    } else if full == "System.Xml.XmlDocument" {
        "System.Xml.XmlNode"
    } else if full.starts_with("System.") && full.ends_with("Exception") && full != "System.Exception" {
        "System.SystemException"
    } else {
        "System.Object"
    };
    base.into()
}

/// Whether .NET marks a type as one that can be written out.
#[must_use]
pub(super) fn is_serializable(full: &str) -> bool {
    !["System.Management.Automation.", "System.Xml.", "System.IO.", "System.Net.Http"]
        .iter()
        .any(|start| full.starts_with(start))
}

pub(super) fn type_property(full: &str, name: &str) -> Option<V> {
    let (namespace, _) = full.split('[').next().unwrap_or(full).rsplit_once('.').unwrap_or(("", full));
    Some(match name.to_lowercase().as_str() {
        "name" => V::from(super::types::short(full)),
        "fullname" => V::from(full),
        "namespace" => V::from(namespace),
        "isarray" => V::Bool(full.ends_with("[]")),
        "isgenerictype" => V::Bool(full.contains('`')),
        "isprimitive" => V::Bool(PRIMITIVES.contains(&full)),
        "isvaluetype" => V::Bool(super::enums::find(full).is_some() || is_structure(full)),
        "isclass" => V::Bool(!is_structure(full) && super::enums::find(full).is_none() && !is_interface(full)),
        "assembly" => V::from("System.Private.CoreLib"),
        "isenum" => V::Bool(super::enums::find(full).is_some()),
        "basetype" => V::Type(base_type(full)),
        _ => return None,
    })
}

pub(super) fn date_property(date: crate::clixml::PsDateTime, name: &str) -> Option<V> {
    use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};
    let clock = Clock::of(date);
    let day = PsDateTime::TICKS_PER_DAY;
    Some(match name.to_lowercase().as_str() {
        "year" => V::integer(clock.year.into()),
        "month" => V::count(clock.month),
        "day" => V::integer(clock.day.into()),
        "hour" => V::integer((date.ticks / (PsDateTime::TICKS_PER_SECOND * 3600)).rem_euclid(24)),
        "minute" => V::integer((date.ticks / (PsDateTime::TICKS_PER_SECOND * 60)).rem_euclid(60)),
        "second" => V::integer((date.ticks / PsDateTime::TICKS_PER_SECOND).rem_euclid(60)),
        "millisecond" => V::integer((date.ticks / 10_000).rem_euclid(1000)),
        "microsecond" => V::integer((date.ticks / 10).rem_euclid(1000)),
        "nanosecond" => V::integer(date.ticks.rem_euclid(10) * 100),
        "ticks" => V::Long(date.ticks),
        "dayofyear" => {
            let start = super::dates::from_parts(clock.year.into(), 1, 1)?;
            V::integer((date.ticks - start.ticks) / day + 1)
        }
        "dayofweek" => {
            super::enums::by_number("System.DayOfWeek", i32::try_from((date.ticks / day + 1).rem_euclid(7)).ok()?)?
        }
        "date" => V::Date(PsDateTime { ticks: date.ticks - date.ticks.rem_euclid(day), ..date }),
        "timeofday" => V::Span(PsTimeSpan { ticks: date.ticks.rem_euclid(day) }),
        "kind" => super::enums::by_name(
            "System.DateTimeKind",
            match date.kind {
                DateTimeKind::Unspecified => "Unspecified",
                DateTimeKind::Utc => "Utc",
                DateTimeKind::Local { .. } => "Local",
            },
        )?,
        "datetime" => V::from(crate::render::text::long_date(date, &crate::render::text::Culture::EN_US)),
        "utcdatetime" | "localdatetime" => V::Date(date),
        _ => return None,
    })
}

#[expect(clippy::cast_precision_loss, reason = "that is what .NET does")]
pub(super) fn span_property(ticks: i64, name: &str) -> Option<V> {
    let total = |unit: i64| V::Double(ticks as f64 / unit as f64);
    let part = |unit: i64, of: i64| V::integer((ticks / unit) % of);
    Some(match name.to_lowercase().as_str() {
        "ticks" => V::Long(ticks),
        "days" => V::integer(ticks / 864_000_000_000),
        "hours" => part(36_000_000_000, 24),
        "minutes" => part(600_000_000, 60),
        "seconds" => part(10_000_000, 60),
        "milliseconds" => part(10_000, 1000),
        "microseconds" => part(10, 1000),
        "nanoseconds" => V::integer(ticks % 10 * 100),
        "totaldays" => total(864_000_000_000),
        "totalhours" => total(36_000_000_000),
        "totalminutes" => total(600_000_000),
        "totalseconds" => total(10_000_000),
        "totalmilliseconds" => total(10_000),
        "totalmicroseconds" => total(10),
        "totalnanoseconds" => V::Double(ticks as f64 * 100.0),
        _ => return None,
    })
}
