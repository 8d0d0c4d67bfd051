//! Calendar arithmetic, the clock of a script and its time zone.
//!
//! Texts of dates are written by `render::text` and read by `catalog::bind`.

use std::cell::RefCell;

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone};

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

/// Year and week by ISO 8601: weeks begin on Monday, and the first has the year's first Thursday.
#[must_use]
pub(super) fn iso_week(date: PsDateTime) -> (i64, i64) {
    let day = date.ticks.div_euclid(DAY);
    let thursday = day - day.rem_euclid(7) + 3; // day 0 was a Monday
    let (year, _, _) = parts(PsDateTime { ticks: thursday * DAY, kind: DateTimeKind::Unspecified });
    let first = from_parts(year, 1, 1).map_or(0, |first| first.ticks / DAY);
    (year, (thursday - first) / 7 + 1)
}

/// The week of the year by a rule (0 the first day, 1 the first full week, 2 the first four days) and a first day.
#[must_use]
pub(super) fn week_of_year(date: PsDateTime, rule: i64, first_day: i64) -> i64 {
    let (year, _, _) = parts(date);
    let start = from_parts(year, 1, 1).map_or(0, |first| first.ticks / DAY);
    let day_of_year = date.ticks / DAY - start;
    let week_day_of_first = (start + 1).rem_euclid(7);
    if rule == 0 {
        return (day_of_year + (week_day_of_first - first_day).rem_euclid(7)) / 7 + 1;
    }
    let least = if rule == 1 { 7 } else { 4 };
    let mut offset = (first_day - week_day_of_first).rem_euclid(7);
    if offset >= least {
        offset -= 7;
    }
    match day_of_year - offset {
        day @ 0.. => day / 7 + 1,
        // It lies in the last week of the year before.
        _ => week_of_year(PsDateTime { ticks: (start - 1) * DAY, ..date }, rule, first_day),
    }
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

thread_local! {
    /// The zone of the script that runs on this thread.
    static ZONE: RefCell<TimeZone> = const { RefCell::new(TimeZone::UTC) };
}

thread_local! {
    /// The time at which the clock of the script on this thread stands still, if it does.
    static STILL: RefCell<Option<PsDateTime>> = const { RefCell::new(None) };
}

/// From now on, the clock on this thread stands at a time, or goes on.
pub(super) fn use_clock(now: Option<PsDateTime>) {
    STILL.with_borrow_mut(|own| *own = now);
}

/// From now on, local time on this thread is that of a zone.
pub(super) fn use_zone(zone: &TimeZone) {
    ZONE.with_borrow_mut(|own| own.clone_from(zone));
}

/// The zone of the script.
#[must_use]
pub(super) fn zone() -> TimeZone {
    ZONE.with_borrow(TimeZone::clone)
}

fn moment(ticks: i64) -> Timestamp {
    Timestamp::from_second((ticks - UNIX_EPOCH_TICKS).div_euclid(10_000_000)).unwrap_or_default()
}

/// Seconds that a zone is ahead of UTC at a moment of UTC.
#[must_use]
pub(super) fn offset_at_utc(zone: &TimeZone, ticks: i64) -> i64 {
    zone.to_offset(moment(ticks)).seconds().into()
}

/// Seconds that a zone is ahead of UTC by its own clock; hours that come twice or never count as standard time.
#[must_use]
pub(super) fn offset_at_local(zone: &TimeZone, ticks: i64) -> i64 {
    let civil = TimeZone::UTC.to_datetime(moment(ticks));
    let offset = match zone.to_ambiguous_timestamp(civil).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset,
        AmbiguousOffset::Gap { before, .. } => before,
        AmbiguousOffset::Fold { after, .. } => after,
    };
    offset.seconds().into()
}

/// The kind of a local date, with its offset.
#[must_use]
pub(super) fn local_kind(ticks: i64) -> DateTimeKind {
    let minutes = offset_at_local(&zone(), ticks) / 60;
    DateTimeKind::Local { offset_minutes: i16::try_from(minutes).unwrap_or(0) }
}

/// A date that has moved: local ones get the offset of their new day.
#[must_use]
pub(super) fn settled(date: PsDateTime) -> PsDateTime {
    match date.kind {
        DateTimeKind::Local { .. } => PsDateTime { kind: local_kind(date.ticks), ..date },
        _ => date,
    }
}

/// The present, in local time.
#[must_use]
pub(super) fn now(rt: &Rt) -> PsDateTime {
    told(rt.options.now)
}

/// What a clock tells that stands still or goes on.
fn told(still: Option<PsDateTime>) -> PsDateTime {
    if let Some(now) = still {
        return now;
    }
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let ticks = i64::try_from(since.as_nanos() / 100).unwrap_or_default();
    to_local(PsDateTime { ticks: ticks + UNIX_EPOCH_TICKS, kind: DateTimeKind::Utc })
}

/// Ticks of 1970-01-01.
pub(super) const UNIX_EPOCH_TICKS: i64 = 621_355_968_000_000_000;

/// The same moment in UTC; a date without kind counts as local.
#[must_use]
pub(super) fn to_utc(date: PsDateTime) -> PsDateTime {
    match date.kind {
        DateTimeKind::Utc => date,
        _ => {
            let ahead = offset_at_local(&zone(), date.ticks);
            PsDateTime { ticks: date.ticks - ahead * PsDateTime::TICKS_PER_SECOND, kind: DateTimeKind::Utc }
        }
    }
}

/// The same moment in local time; a date without kind counts as UTC.
#[must_use]
pub(super) fn to_local(date: PsDateTime) -> PsDateTime {
    match date.kind {
        DateTimeKind::Local { .. } => date,
        _ => {
            let ahead = offset_at_utc(&zone(), date.ticks);
            let offset_minutes = i16::try_from(ahead / 60).unwrap_or(0);
            let ticks = date.ticks + ahead * PsDateTime::TICKS_PER_SECOND;
            PsDateTime { ticks, kind: DateTimeKind::Local { offset_minutes } }
        }
    }
}

/// A date out of text, as .NET reads it in the invariant culture; what has an offset of its own becomes local time.
#[must_use]
pub(super) fn read(text: &str, today: Option<PsDateTime>) -> Option<PsDateTime> {
    let today = today.unwrap_or_else(|| told(STILL.with_borrow(|still| *still)));
    let date = crate::catalog::bind::parse_date(text, Some(today), 0)?;
    Some(match date.kind {
        DateTimeKind::Local { .. } => to_local(PsDateTime { kind: DateTimeKind::Utc, ..date }),
        _ => date,
    })
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

/// Why a text is no date: a word that no date has, with its place, else the text as a whole.
#[must_use]
pub(super) fn unreadable(text: &str) -> String {
    let names = Culture::EN_US.names;
    let mut known: Vec<&str> = vec!["am", "pm", "t", "z", "gmt", "ad"];
    known.extend(names.months.iter().chain(&names.days).chain(&names.months_short).chain(&names.days_short));
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < letters.len() {
        let end = letters[at..].iter().position(|c| !c.is_alphabetic()).map_or(letters.len(), |length| at + length);
        let word: String = letters[at..end].iter().collect();
        if !word.is_empty() && !known.iter().any(|own| own.eq_ignore_ascii_case(&word)) {
            return format!(
                "The string '{text}' was not recognized as a valid DateTime. There is an unknown word starting at index '{at}'."
            );
        }
        at = end.max(at) + 1;
    }
    format!("String '{text}' was not recognized as a valid DateTime.")
}
