//! Dates and spans of time as values of the language: they compare, subtract and print as PowerShell prints them.
//!
//! No clock and no time zones here; a date keeps the reading and the kind it came with.

use std::fmt;

use jiff::civil;
use rhai::{Engine, FLOAT, INT};

use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};

use super::super::failure::Failure;
use super::super::state::RhaiResult;

const TICKS_PER_MINUTE: i64 = 60 * PsDateTime::TICKS_PER_SECOND;
const TICKS_PER_HOUR: i64 = 60 * TICKS_PER_MINUTE;
const NANOSECONDS_PER_TICK: i64 = 100;

/// A point in time.
#[derive(Debug, Clone, Copy)]
pub struct DateTime(pub PsDateTime);

impl DateTime {
    /// The reading of the clock.
    pub(in crate::script) fn civil(self) -> civil::DateTime {
        // Ticks count from 0001-01-01 and end in 9999, both of which jiff has.
        let start = civil::DateTime::constant(1, 1, 1, 0, 0, 0, 0);
        let days = self.0.ticks / PsDateTime::TICKS_PER_DAY;
        let nanoseconds = (self.0.ticks % PsDateTime::TICKS_PER_DAY) * NANOSECONDS_PER_TICK;
        let span = jiff::Span::new().try_days(days).and_then(|span| span.try_nanoseconds(nanoseconds));
        span.and_then(|span| start.checked_add(span)).unwrap_or(start)
    }

    fn plus(self, ticks: i64) -> RhaiResult<Self> {
        match self.0.ticks.checked_add(ticks) {
            Some(ticks) if (0..=PsDateTime::TICKS_MAX).contains(&ticks) => Ok(Self(PsDateTime { ticks, ..self.0 })),
            _ => Err(Failure::script("the date is out of range").into()),
        }
    }

    fn plus_months(self, months: INT) -> RhaiResult<Self> {
        let moved = jiff::Span::new().try_months(months).and_then(|span| self.civil().checked_add(span));
        let moved = moved.map_err(|_| Failure::script("the date is out of range"))?;
        let start = civil::DateTime::constant(1, 1, 1, 0, 0, 0, 0);
        let days = (moved.date() - start.date()).get_days();
        let time = self.0.ticks % PsDateTime::TICKS_PER_DAY;
        Ok(Self(PsDateTime { ticks: i64::from(days) * PsDateTime::TICKS_PER_DAY + time, ..self.0 }))
    }
}

/// As `ToString()` gives it in en-US: `2/3/2024 4:05:06 PM`.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.civil();
        let hour = match at.hour() % 12 {
            0 => 12,
            hour => hour,
        };
        let half = if at.hour() < 12 { "AM" } else { "PM" };
        write!(f, "{}/{}/{} {hour}:{:02}:{:02} {half}", at.month(), at.day(), at.year(), at.minute(), at.second())
    }
}

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub struct TimeSpan(pub PsTimeSpan);

impl TimeSpan {
    const fn of(ticks: i64) -> Self {
        Self(PsTimeSpan { ticks })
    }

    fn from_units(number: FLOAT, ticks_per_unit: i64) -> RhaiResult<Self> {
        let ticks = (number * ticks_per_unit as FLOAT).round();
        if ticks.is_finite() && ticks.abs() < i64::MAX as FLOAT {
            Ok(Self::of(ticks as i64))
        } else {
            Err(Failure::script("the span of time is too long").into())
        }
    }
}

/// .NET's constant form: `[-][d.]hh:mm:ss[.fffffff]`.
impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ticks = self.0.ticks.unsigned_abs();
        let unit = |ticks_per_unit: i64| ticks / ticks_per_unit.unsigned_abs();
        if self.0.ticks < 0 {
            f.write_str("-")?;
        }
        if unit(PsDateTime::TICKS_PER_DAY) > 0 {
            write!(f, "{}.", unit(PsDateTime::TICKS_PER_DAY))?;
        }
        let (hours, minutes) = (unit(TICKS_PER_HOUR) % 24, unit(TICKS_PER_MINUTE) % 60);
        write!(f, "{hours:02}:{minutes:02}:{:02}", unit(PsDateTime::TICKS_PER_SECOND) % 60)?;
        match ticks % PsDateTime::TICKS_PER_SECOND.unsigned_abs() {
            0 => Ok(()),
            rest => write!(f, ".{rest:07}"),
        }
    }
}

/// Registers both types.
pub(crate) fn register(engine: &mut Engine) {
    register_date(engine);
    register_span(engine);
}

fn register_date(engine: &mut Engine) {
    engine.register_type_with_name::<DateTime>("DateTime");
    super::text_forms::<DateTime>(engine);
    // .NET compares the readings and leaves the kind aside.
    super::comparisons::<DateTime, DateTime>(engine, |a, b| Some(a.0.ticks.cmp(&b.0.ticks)));
    engine
        .register_fn("-", |a: DateTime, b: DateTime| TimeSpan::of(a.0.ticks - b.0.ticks))
        .register_fn("-", |a: DateTime, b: TimeSpan| a.plus(-b.0.ticks))
        .register_fn("+", |a: DateTime, b: TimeSpan| a.plus(b.0.ticks))
        .register_fn("add_years", |date: &mut DateTime, years: INT| date.plus_months(years.saturating_mul(12)))
        .register_fn("add_months", |date: &mut DateTime, months: INT| date.plus_months(months));
    for (name, ticks) in [
        ("add_days", PsDateTime::TICKS_PER_DAY),
        ("add_hours", TICKS_PER_HOUR),
        ("add_minutes", TICKS_PER_MINUTE),
        ("add_seconds", PsDateTime::TICKS_PER_SECOND),
    ] {
        engine.register_fn(name, move |date: &mut DateTime, number: INT| {
            date.plus(TimeSpan::from_units(number as FLOAT, ticks)?.0.ticks)
        });
        engine.register_fn(name, move |date: &mut DateTime, number: FLOAT| {
            date.plus(TimeSpan::from_units(number, ticks)?.0.ticks)
        });
    }
    type Part = fn(civil::DateTime) -> INT;
    let parts: [(&str, Part); 7] = [
        ("Year", |at| at.year().into()),
        ("Month", |at| at.month().into()),
        ("Day", |at| at.day().into()),
        ("Hour", |at| at.hour().into()),
        ("Minute", |at| at.minute().into()),
        ("Second", |at| at.second().into()),
        ("DayOfYear", |at| at.date().day_of_year().into()),
    ];
    for (name, part) in parts {
        engine.register_get(name, move |date: &mut DateTime| part(date.civil()));
    }
    engine
        .register_get("Ticks", |date: &mut DateTime| date.0.ticks)
        .register_get("Date", |date: &mut DateTime| {
            DateTime(PsDateTime { ticks: date.0.ticks - date.0.ticks % PsDateTime::TICKS_PER_DAY, ..date.0 })
        })
        .register_get("DayOfWeek", |date: &mut DateTime| format!("{:?}", date.civil().weekday()))
        .register_get("Kind", |date: &mut DateTime| match date.0.kind {
            DateTimeKind::Unspecified => "Unspecified",
            DateTimeKind::Utc => "Utc",
            DateTimeKind::Local { .. } => "Local",
        });
}

fn register_span(engine: &mut Engine) {
    engine.register_type_with_name::<TimeSpan>("TimeSpan");
    super::text_forms::<TimeSpan>(engine);
    super::comparisons::<TimeSpan, TimeSpan>(engine, |a, b| a.partial_cmp(b));
    engine
        .register_fn("+", |a: TimeSpan, b: TimeSpan| TimeSpan::of(a.0.ticks.saturating_add(b.0.ticks)))
        .register_fn("-", |a: TimeSpan, b: TimeSpan| TimeSpan::of(a.0.ticks.saturating_sub(b.0.ticks)))
        .register_fn("-", |a: TimeSpan| TimeSpan::of(a.0.ticks.saturating_neg()))
        .register_get("Ticks", |span: &mut TimeSpan| span.0.ticks);
    let units = [
        ("Days", "TotalDays", "days", PsDateTime::TICKS_PER_DAY, i64::MAX),
        ("Hours", "TotalHours", "hours", TICKS_PER_HOUR, 24),
        ("Minutes", "TotalMinutes", "minutes", TICKS_PER_MINUTE, 60),
        ("Seconds", "TotalSeconds", "seconds", PsDateTime::TICKS_PER_SECOND, 60),
        ("Milliseconds", "TotalMilliseconds", "milliseconds", PsDateTime::TICKS_PER_SECOND / 1000, 1000),
    ];
    for (part, total, constructor, ticks, modulus) in units {
        engine
            .register_get(part, move |span: &mut TimeSpan| span.0.ticks / ticks % modulus)
            .register_get(total, move |span: &mut TimeSpan| span.0.ticks as FLOAT / ticks as FLOAT)
            .register_fn(constructor, move |number: INT| TimeSpan::from_units(number as FLOAT, ticks))
            .register_fn(constructor, move |number: FLOAT| TimeSpan::from_units(number, ticks));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_spans_print_as_powershell_prints_them() {
        // facts: "2/3/2024 4:05:06 PM"; days from year 1 counted with the proleptic Gregorian calendar.
        let noon = PsDateTime { ticks: 638_425_731_060_000_000, kind: DateTimeKind::Unspecified };
        assert_eq!(DateTime(noon).to_string(), "2/3/2024 4:05:06 PM");
        assert_eq!(TimeSpan::of(-37_230_000_000).to_string(), "-01:02:03");
        assert_eq!(TimeSpan::of(10 * PsDateTime::TICKS_PER_DAY + 1).to_string(), "10.00:00:00.0000001");
        assert_eq!(DateTime(noon).plus_months(1).unwrap().to_string(), "3/3/2024 4:05:06 PM");
    }

    #[test]
    fn a_date_out_of_range_is_an_error() {
        let last = DateTime(PsDateTime { ticks: PsDateTime::TICKS_MAX, kind: DateTimeKind::Utc });
        assert!(last.plus(1).is_err());
        assert!(last.plus_months(1).is_err());
        assert_eq!(last.to_string(), "12/31/9999 11:59:59 PM");
    }
}
