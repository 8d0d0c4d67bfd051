//! Calendar arithmetic and the clock of a script.
//!
//! Texts of dates are written by `render::text` and read by `catalog::bind`.

use super::state::Rt;
use crate::clixml::{DateTimeKind, MONTHS, PsDateTime};

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

/// A date by an exact pattern (`ParseExact`).
#[must_use]
pub(super) fn parse_exact(text: &str, pattern: &str) -> Option<PsDateTime> {
    let pattern = match pattern {
        "d" => "M/d/yyyy",
        "s" => "yyyy-MM-ddTHH:mm:ss",
        "g" => "M/d/yyyy h:mm tt",
        "G" => "M/d/yyyy h:mm:ss tt",
        "u" => "yyyy-MM-dd HH:mm:ssZ",
        other => other,
    };
    let source: Vec<char> = text.chars().collect();
    let format: Vec<char> = pattern.chars().collect();
    let (mut year, mut month, mut day, mut hour, mut minute, mut second, mut fraction) = (None, 1, 1, 0, 0, 0, 0_i64);
    let (mut pm, mut at, mut f) = (None, 0, 0);
    while f < format.len() {
        let c = format[f];
        let run = format[f..].iter().take_while(|other| **other == c).count();
        f += run;
        let digits = |at: &mut usize, most: usize| -> Option<i64> {
            let taken: String = source.get(*at..)?.iter().take(most).take_while(|c| c.is_ascii_digit()).collect();
            if run >= 2 && c != 'f' && c != 'F' && taken.len() < run.min(most) {
                return None;
            }
            *at += taken.len();
            taken.parse().ok()
        };
        match (c, run) {
            ('y', 4) => year = Some(digits(&mut at, 4)?),
            ('y', _) => year = Some(2000 + digits(&mut at, 2)?),
            ('M', 3 | 4) => {
                let rest: String = source.get(at..)?.iter().collect::<String>().to_lowercase();
                let index = (0..12).find(|index| {
                    let name = month_name(*index).to_lowercase();
                    rest.starts_with(if run == 3 { &name[..3] } else { &name })
                })?;
                month = i64::try_from(index).ok()? + 1;
                at += if run == 3 { 3 } else { month_name(index).len() };
            }
            ('M', _) => month = digits(&mut at, 2)?,
            ('d', 1 | 2) => day = digits(&mut at, 2)?,
            ('d', _) => at += source.get(at..)?.iter().take_while(|c| c.is_alphabetic()).count(),
            ('H' | 'h', _) => hour = digits(&mut at, 2)?,
            ('m', _) => minute = digits(&mut at, 2)?,
            ('s', _) => second = digits(&mut at, 2)?,
            ('f' | 'F', _) => {
                let start = at;
                let value = digits(&mut at, run)?;
                fraction = value * 10_i64.pow(u32::try_from(7_usize.saturating_sub(at - start)).ok()?);
            }
            ('t', _) => {
                let mark: String = source.get(at..)?.iter().take(run.min(2)).collect::<String>().to_lowercase();
                pm = Some(mark.starts_with('p'));
                at += run.min(2);
            }
            ('\'', _) => {}
            ('\\', _) => {
                if source.get(at) != format.get(f) {
                    return None;
                }
                at += 1;
                f += 1;
            }
            _ => {
                for _ in 0..run {
                    if source.get(at) != Some(&c) {
                        return None;
                    }
                    at += 1;
                }
            }
        }
    }
    if at != source.len() {
        return None;
    }
    if let Some(pm) = pm {
        hour = hour % 12 + if pm { 12 } else { 0 };
    }
    let midnight = from_parts(year.unwrap_or(2026), month, day)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let ticks = midnight.ticks + ((hour * 60 + minute) * 60 + second) * PsDateTime::TICKS_PER_SECOND + fraction;
    Some(PsDateTime { ticks, kind: DateTimeKind::Unspecified })
}

fn month_name(index: usize) -> &'static str {
    MONTHS.get(index).copied().unwrap_or("December")
}
