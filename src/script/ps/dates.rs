//! Calendar arithmetic and the clock of a script.
//!
//! Texts of dates are written by `render::text` and read by `catalog::bind`.

use super::state::Rt;
use crate::clixml::{DateTimeKind, PsDateTime};
use crate::render::text::Culture;

const DAY: i64 = PsDateTime::TICKS_PER_DAY;

fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month.
#[must_use]
pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether a year has a leap day.
#[must_use]
pub(super) fn is_leap_year(year: i64) -> bool {
    leap(year)
}

/// Midnight of a day; `None` when there is no such day.
#[must_use]
pub(super) fn from_parts(year: i64, month: i64, day: i64) -> Option<PsDateTime> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let before = year - 1;
    let days = before * 365 + before / 4 - before / 100
        + before / 400
        + (1..month).map(|m| days_in_month(year, m)).sum::<i64>()
        + day
        - 1;
    Some(PsDateTime { ticks: days * DAY, kind: DateTimeKind::Unspecified })
}

/// Year, month and day.
#[must_use]
pub(super) fn parts(date: PsDateTime) -> (i64, i64, i64) {
    let clock = crate::render::text::Clock::of(date);
    (clock.year.into(), i64::try_from(clock.month).unwrap_or(1), clock.day.into())
}

/// Months later (or earlier); the day is cut to the month's length.
#[must_use]
pub(super) fn add_months(date: PsDateTime, months: i64) -> Option<PsDateTime> {
    let (year, month, day) = parts(date);
    let total = year * 12 + month - 1 + months;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    let midnight = from_parts(year, month, day.min(days_in_month(year, month)))?;
    Some(PsDateTime { ticks: midnight.ticks + date.ticks.rem_euclid(DAY), kind: date.kind })
}

/// The present, in local time.
#[must_use]
pub(super) fn now(rt: &Rt) -> PsDateTime {
    let offset = rt.options.offset_minutes;
    if let Some(now) = rt.options.now {
        return now;
    }
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let ticks = i64::try_from(since.as_nanos() / 100).unwrap_or_default();
    let utc = ticks + UNIX_EPOCH_TICKS;
    PsDateTime { ticks: utc + i64::from(offset) * 600_000_000, kind: DateTimeKind::Local { offset_minutes: offset } }
}

/// Ticks of 1970-01-01.
pub(super) const UNIX_EPOCH_TICKS: i64 = 621_355_968_000_000_000;

/// The same moment in UTC; a date without kind counts as local.
#[must_use]
pub(super) fn to_utc(date: PsDateTime, offset_minutes: i16) -> PsDateTime {
    match date.kind {
        DateTimeKind::Utc => date,
        _ => PsDateTime { ticks: date.ticks - i64::from(offset_minutes) * 600_000_000, kind: DateTimeKind::Utc },
    }
}

/// The same moment in local time; a date without kind counts as UTC.
#[must_use]
pub(super) fn to_local(date: PsDateTime, offset_minutes: i16) -> PsDateTime {
    match date.kind {
        DateTimeKind::Local { .. } => date,
        _ => PsDateTime {
            ticks: date.ticks + i64::from(offset_minutes) * 600_000_000,
            kind: DateTimeKind::Local { offset_minutes },
        },
    }
}

/// The year by the clock of the script.
#[must_use]
pub(super) fn this_year(rt: &Rt) -> i64 {
    parts(now(rt)).0
}

/// A text with a culture's names of months and days in English.
#[must_use]
pub(super) fn english(text: &str, culture: &Culture) -> String {
    let (from, to) = (culture.names, Culture::EN_US.names);
    if from.months == to.months {
        return text.to_owned();
    }
    let pairs = (from.months.iter().zip(&to.months))
        .chain(from.days.iter().zip(&to.days))
        .chain(from.months_short.iter().zip(&to.months_short))
        .chain(from.days_short.iter().zip(&to.days_short));
    for (own, english) in pairs {
        if !own.is_empty() && text.contains(own) {
            return text.replacen(own, english, 1);
        }
    }
    text.to_owned()
}
