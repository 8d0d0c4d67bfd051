//! Dates and time zones: `now`, `today`, `date`, `to_zone`, `format`, `days_ago`.
//!
//! Arithmetic and comparison are of the value itself (`value::time`); the zone database is jiff's.

use std::time::SystemTime;

use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use rhai::{INT, Module};

use crate::clixml::{CivilTime, DateTimeKind, PsDateTime};

use super::super::failure::Failure;
use super::super::state::RhaiResult;
use super::super::value::DateTime;
use super::described;

const DATE: &str = "A date from text: `2026-01-31`, `2026-01-31 14:30`, `2026-01-31T14:30:00Z`, with an offset or a zone in\n\
    brackets, or `1/31/2026`; or from year, month and day. Without an offset it belongs to no zone.\n\
    # Example\n\
    ```rhai\n\
    print(date(\"2026-01-31 14:30\") + days(1));\n\
    print(date(2026, 3, 1).add_days(-1).Day);\n\
    ```\n\
    ```text\n\
    2/1/2026 2:30:00 PM\n\
    28\n\
    ```";
const NOW: &str = "The time now, in UTC (`now_utc`) or as clocks here show it (`now`); `today` is its midnight.\n\
    # Example\n\
    ```rhai\n\
    print(now_utc().Kind);\n\
    print(today() <= now());\n\
    ```\n\
    ```text\n\
    Utc\n\
    true\n\
    ```";
const ZONE: &str = "The same moment as clocks of a time zone show it: an IANA name such as `Europe/Oslo`, `UTC` or `local`.\n\
    A date of no zone is taken as UTC, which is what servers send.\n\
    # Example\n\
    ```rhai\n\
    print(date(\"2026-07-01T12:00:00Z\").to_zone(\"Europe/Oslo\"));\n\
    print(date(\"2026-01-01T12:00:00Z\").to_zone(\"America/New_York\"));\n\
    ```\n\
    ```text\n\
    7/1/2026 2:00:00 PM\n\
    1/1/2026 7:00:00 AM\n\
    ```";
const FORMAT: &str = "A date as text by a strftime pattern such as `%Y-%m-%d %H:%M`; `iso` gives the form that sorts.\n\
    # Example\n\
    ```rhai\n\
    let at = date(\"2026-01-31 14:30\");\n\
    print(at.format(\"%d.%m.%Y\"));\n\
    print(at.iso());\n\
    ```\n\
    ```text\n\
    31.01.2026\n\
    2026-01-31T14:30:00\n\
    ```";
const AGO: &str = "Midnight in UTC so many days before today; `days_since` counts whole days from a date until now.\n\
    # Example\n\
    ```rhai\n\
    print(days_since(days_ago(90)));\n\
    ```\n\
    ```text\n\
    90\n\
    ```";

/// Registers the functions.
pub(super) fn register(module: &mut Module) {
    described("date", &["text: &str", "DateTime"], DATE)
        .set_into_module(module, |text: &str| -> RhaiResult<DateTime> { Ok(parse(text)?) });
    described("date", &["year: int", "month: int", "day: int", "DateTime"], DATE).set_into_module(
        module,
        |year: INT, month: INT, day: INT| -> RhaiResult<DateTime> {
            Ok(parse(&format!("{year:04}-{month:02}-{day:02}"))?)
        },
    );
    described("now", &["DateTime"], NOW).set_into_module(module, local_now);
    described("now_utc", &["DateTime"], NOW).set_into_module(module, || of_zoned(&utc(Timestamp::now())));
    described("today", &["DateTime"], NOW)
        .set_into_module(module, || of_zoned(&Zoned::now().start_of_day().unwrap_or_else(|_| Zoned::now())));
    described("to_zone", &["date: DateTime", "zone: &str", "DateTime"], ZONE)
        .set_into_module(module, |date: &mut DateTime, zone: &str| to_zone(*date, zone));
    described("format", &["date: DateTime", "pattern: &str", "string"], FORMAT)
        .set_into_module(module, |date: &mut DateTime, pattern: &str| format(*date, pattern));
    described("iso", &["date: DateTime", "string"], FORMAT).set_into_module(module, |date: &mut DateTime| iso(*date));
    described("days_ago", &["days: int", "DateTime"], AGO).set_into_module(
        module,
        |days: INT| -> RhaiResult<DateTime> {
            let today = utc(Timestamp::now()).date().to_zoned(TimeZone::UTC).map_err(|_| out_of_range())?;
            let span = jiff::Span::new().try_days(days).map_err(|_| out_of_range())?;
            Ok(of_zoned(&today.checked_sub(span).map_err(|_| out_of_range())?))
        },
    );
    described("days_since", &["date: DateTime", "int"], AGO).set_into_module(
        module,
        |date: &mut DateTime| -> RhaiResult<INT> {
            Ok(SignedDuration::from_secs(Timestamp::now().as_second() - moment(*date)?.as_second()).as_hours() / 24)
        },
    );
}

fn out_of_range() -> Failure {
    Failure::script("the date is out of range")
}

fn utc(at: Timestamp) -> Zoned {
    at.to_zoned(TimeZone::UTC)
}

/// From what people and programs write.
///
/// # Errors
/// When it is no date.
pub(in crate::script) fn parse(text: &str) -> Result<DateTime, Failure> {
    let text = text.trim();
    // .NET's calendar begins with the year 1.
    if text.starts_with(['-', '+']) {
        return Err(no_date(text));
    }
    if let Ok(zoned) = text.parse::<Zoned>() {
        return Ok(of_zoned(&zoned));
    }
    if text.ends_with(['Z', 'z'])
        && let Ok(at) = text.parse::<Timestamp>()
    {
        return Ok(of_zoned(&utc(at)));
    }
    if let Ok(pieces) = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text)
        && let Some(offset) = pieces.to_numeric_offset()
        && let Ok(zoned) = TimeZone::fixed(offset)
            .to_zoned(pieces.date().to_datetime(pieces.time().unwrap_or(civil::Time::midnight())))
    {
        return Ok(of_zoned(&zoned));
    }
    if let Ok(at) = text.parse::<civil::DateTime>() {
        return Ok(of_civil(at, DateTimeKind::Unspecified));
    }
    for pattern in ["%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(at) = civil::DateTime::strptime(pattern, text) {
            return Ok(of_civil(at, DateTimeKind::Unspecified));
        }
    }
    if let Ok(at) = civil::Date::strptime("%m/%d/%Y", text) {
        return Ok(of_civil(at.to_datetime(civil::Time::midnight()), DateTimeKind::Unspecified));
    }
    Err(no_date(text))
}

fn no_date(text: &str) -> Failure {
    Failure::script(format!("{text:?} is no date")).hint("write 2026-01-31 or 2026-01-31 14:30 or 2026-01-31T14:30:00Z")
}

fn of_civil(at: civil::DateTime, kind: DateTimeKind) -> DateTime {
    let civil = CivilTime {
        year: u16::try_from(at.year()).unwrap_or(1),
        month: at.month().unsigned_abs(),
        day: at.day().unsigned_abs(),
        hour: at.hour().unsigned_abs(),
        minute: at.minute().unsigned_abs(),
        second: at.second().unsigned_abs(),
        fraction: at.subsec_nanosecond().unsigned_abs() / 100,
        weekday: 0,
    };
    DateTime(PsDateTime { ticks: PsDateTime::ticks_of(&civil).unwrap_or(0), kind })
}

fn of_zoned(at: &Zoned) -> DateTime {
    let seconds = at.offset().seconds();
    let kind = if *at.time_zone() == TimeZone::UTC {
        DateTimeKind::Utc
    } else {
        DateTimeKind::Local { offset_minutes: i16::try_from(seconds / 60).unwrap_or(0) }
    };
    of_civil(at.datetime(), kind)
}

/// The time here and now.
pub(in crate::script) fn local_now() -> DateTime {
    of_zoned(&Zoned::now())
}

/// A file's time.
pub(super) fn of_system(time: SystemTime) -> Option<DateTime> {
    Timestamp::try_from(time).ok().map(|at| of_zoned(&at.to_zoned(TimeZone::system())))
}

/// The moment that a reading means; of no zone it means UTC.
fn moment(date: DateTime) -> RhaiResult<Timestamp> {
    let offset = match date.0.kind {
        DateTimeKind::Local { offset_minutes } => i32::from(offset_minutes) * 60,
        DateTimeKind::Utc | DateTimeKind::Unspecified => 0,
    };
    let offset = jiff::tz::Offset::from_seconds(offset).map_err(|_| out_of_range())?;
    Ok(offset.to_timestamp(date.civil()).map_err(|_| out_of_range())?)
}

fn to_zone(date: DateTime, zone: &str) -> RhaiResult<DateTime> {
    let zone = match zone.to_ascii_lowercase().as_str() {
        "utc" | "z" => TimeZone::UTC,
        "local" => TimeZone::system(),
        _ => TimeZone::get(zone).map_err(|_| {
            Failure::script(format!("{zone:?} is no time zone")).hint("write it as Europe/Oslo, UTC or local")
        })?,
    };
    Ok(of_zoned(&moment(date)?.to_zoned(zone)))
}

fn format(date: DateTime, pattern: &str) -> RhaiResult<String> {
    jiff::fmt::strtime::format(pattern, date.civil()).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.trim_start_matches("strftime formatting failed: ");
        Failure::script(format!("{pattern:?} is no pattern for a date: {reason}")).into()
    })
}

fn iso(date: DateTime) -> String {
    let at = date.civil();
    let ending = match date.0.kind {
        DateTimeKind::Utc => "Z".to_owned(),
        DateTimeKind::Unspecified => String::new(),
        DateTimeKind::Local { offset_minutes } => {
            let (sign, minutes) = if offset_minutes < 0 { ('-', -offset_minutes) } else { ('+', offset_minutes) };
            format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        }
    };
    format!("{}{ending}", jiff::fmt::strtime::format("%Y-%m-%dT%H:%M:%S", at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, iso_text) in [
            ("2026-01-31", "2026-01-31T00:00:00"),
            ("2026-01-31 14:30", "2026-01-31T14:30:00"),
            ("2026-01-31T14:30:00Z", "2026-01-31T14:30:00Z"),
            ("2026-01-31T14:30:00+02:00", "2026-01-31T14:30:00+02:00"),
            ("2026-07-01T12:00[Europe/Oslo]", "2026-07-01T12:00:00+02:00"),
            ("1/31/2026 2:30:00 PM", "2026-01-31T14:30:00"),
        ] {
            assert_eq!(iso(parse(text).unwrap()), iso_text, "{text}");
        }
        assert!(parse("yesterday").is_err());
    }
}
