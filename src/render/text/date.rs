//! Dates and time spans as text: the default forms, ISO, and .NET's date patterns.
//!
//! Nothing here knows time zones.

use std::fmt::Write as _;

use super::culture::{Culture, Names};
use crate::clixml::text::span_text;
use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};

/// Letters of one field that count: a server may send a pattern of any length.
const LETTERS_MAX: usize = 16;

/// A clock reading taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Year, 1 to 9999.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: usize,
    /// Day of the month.
    pub day: i32,
    /// 0 is Sunday.
    pub week_day: usize,
    /// 1 is the first of January.
    pub year_day: i32,
    /// Hour, 0 to 23.
    pub hour: i32,
    /// Minute.
    pub minute: i32,
    /// Second.
    pub second: i32,
    /// Ticks of 100 ns within the second.
    pub fraction: i64,
    kind: DateTimeKind,
}

impl Clock {
    /// The parts of a date.
    #[must_use]
    pub fn of(date: PsDateTime) -> Self {
        let civil = date.civil();
        Self {
            year: civil.year.into(),
            month: civil.month.into(),
            day: civil.day.into(),
            week_day: civil.weekday.into(),
            year_day: civil.year_day().into(),
            hour: civil.hour.into(),
            minute: civil.minute.into(),
            second: civil.second.into(),
            fraction: civil.fraction.into(),
            kind: date.kind,
        }
    }

    /// The English name of the day of the week.
    #[must_use]
    pub fn week_day_name(&self) -> &'static str {
        Names::ENGLISH.days[self.week_day]
    }

    fn hour_12(&self) -> i32 {
        if self.hour % 12 == 0 { 12 } else { self.hour % 12 }
    }

    fn offset(&self) -> Option<i32> {
        match self.kind {
            DateTimeKind::Local { offset_minutes } => Some(i32::from(offset_minutes)),
            DateTimeKind::Utc => Some(0),
            DateTimeKind::Unspecified => None,
        }
    }
}

/// The long form that stands for a lone date: `Saturday, February 3, 2024 4:05:06 PM`.
#[must_use]
pub fn long_date(date: PsDateTime, culture: &Culture) -> String {
    pattern(&Clock::of(date), &format!("{} {}", culture.long_date, culture.long_time), culture)
}

/// ISO 8601 with the fraction's zeros trimmed, then `Z`, an offset or nothing (the JSON form).
#[must_use]
pub fn date_iso(date: PsDateTime) -> String {
    let clock = Clock::of(date);
    let mut out = pattern(&clock, "yyyy-MM-ddTHH:mm:ss", &Culture::INVARIANT);
    if clock.fraction > 0 {
        out.push('.');
        out.push_str(format!("{:07}", clock.fraction).trim_end_matches('0'));
    }
    out.push_str(&kind_suffix(&clock));
    out
}

fn kind_suffix(clock: &Clock) -> String {
    match clock.kind {
        DateTimeKind::Unspecified => String::new(),
        DateTimeKind::Utc => "Z".to_owned(),
        DateTimeKind::Local { offset_minutes } => offset_text(i32::from(offset_minutes), 3),
    }
}

fn offset_text(minutes: i32, letters: usize) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    match letters {
        1 => format!("{sign}{hours}"),
        2 => format!("{sign}{hours:02}"),
        _ => format!("{sign}{hours:02}:{rest:02}"),
    }
}

/// A date by a standard (one letter) or custom pattern; `None` for a letter that is no standard pattern.
pub(super) fn formatted(date: PsDateTime, format: &str, culture: &Culture) -> Option<String> {
    let clock = Clock::of(date);
    let with = |text: &str| pattern(&clock, text, culture);
    let joined = |day: &str, time: &str| with(&format!("{day} {time}"));
    Some(match format {
        "" | "G" => joined(culture.short_date, culture.long_time),
        "g" => joined(culture.short_date, culture.short_time),
        "d" => with(culture.short_date),
        "D" => with(culture.long_date),
        "t" => with(culture.short_time),
        "T" => with(culture.long_time),
        "f" => joined(culture.long_date, culture.short_time),
        "F" | "U" => joined(culture.long_date, culture.long_time),
        "m" | "M" => with(culture.month_day),
        "y" | "Y" => with(culture.year_month),
        "s" => with("yyyy-MM-ddTHH:mm:ss"),
        "u" => with("yyyy-MM-dd HH:mm:ss") + "Z",
        "r" | "R" => pattern(&clock, "ddd, dd MMM yyyy HH:mm:ss", &Culture::INVARIANT) + " GMT",
        "o" | "O" => format!("{}{}", with("yyyy-MM-ddTHH:mm:ss.fffffff"), kind_suffix(&clock)),
        letter if letter.chars().count() == 1 => return None,
        custom => with(custom.strip_prefix('%').unwrap_or(custom)),
    })
}

/// A custom date pattern.
fn pattern(clock: &Clock, text: &str, culture: &Culture) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => out.extend(rest.next()),
            '\'' | '"' => out.extend(rest.by_ref().take_while(|other| *other != letter)),
            'd' | 'M' | 'y' | 'H' | 'h' | 'm' | 's' | 'f' | 'F' | 't' | 'z' | 'K' | 'g' => {
                let mut count = 1;
                while rest.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                field(clock, letter, count.min(LETTERS_MAX), culture, &mut out);
            }
            '/' if culture.name == "de-DE" => out.push('.'),
            other => out.push(other),
        }
    }
    out
}

fn field(clock: &Clock, letter: char, count: usize, culture: &Culture, out: &mut String) {
    let names = culture.names;
    let width = count.min(2);
    let mut number = |value: i32| {
        let _ = write!(out, "{value:0width$}");
    };
    match (letter, count) {
        ('d', 1 | 2) => number(clock.day),
        ('d', 3) => out.push_str(names.days_short[clock.week_day]),
        ('d', _) => out.push_str(names.days[clock.week_day]),
        ('M', 1 | 2) => number(i32::try_from(clock.month).unwrap_or(0)),
        ('M', 3) => out.push_str(names.months_short[clock.month - 1]),
        ('M', _) => out.push_str(names.months[clock.month - 1]),
        ('y', 1 | 2) => number(clock.year % 100),
        ('y', _) => {
            let _ = write!(out, "{:0count$}", clock.year);
        }
        ('H', _) => number(clock.hour),
        ('h', _) => number(clock.hour_12()),
        ('m', _) => number(clock.minute),
        ('s', _) => number(clock.second),
        ('f', _) => out.push_str(&format!("{:07}", clock.fraction)[..count.min(7)]),
        ('F', _) => {
            let digits = format!("{:07}", clock.fraction);
            out.push_str(digits[..count.min(7)].trim_end_matches('0'));
        }
        ('t', 1) => out.push_str(if clock.hour < 12 { "A" } else { "P" }),
        ('t', _) => out.push_str(if clock.hour < 12 { "AM" } else { "PM" }),
        ('z', letters) => out.push_str(&offset_text(clock.offset().unwrap_or(0), letters)),
        ('K', _) => out.push_str(&kind_suffix(clock)),
        ('g', _) => out.push_str("AD"),
        _ => {}
    }
}

/// A time span by a standard or custom pattern; `None` where .NET knows no such pattern.
pub(super) fn formatted_span(span: PsTimeSpan, format: &str, culture: &Culture) -> Option<String> {
    match format {
        "" | "c" | "t" | "T" => Some(span_text(span)),
        "g" | "G" => {
            let full = format == "G";
            let ticks = span.ticks.unsigned_abs();
            let second = PsDateTime::TICKS_PER_SECOND.unsigned_abs();
            let (seconds, fraction) = (ticks / second, ticks % second);
            let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
            let mut out = String::from(if span.ticks < 0 { "-" } else { "" });
            if full || days > 0 {
                let _ = write!(out, "{days}:");
            }
            let _ = if full { write!(out, "{hours:02}") } else { write!(out, "{hours}") };
            let _ = write!(out, ":{:02}:{:02}", seconds / 60 % 60, seconds % 60);
            if full || fraction > 0 {
                let digits = format!("{fraction:07}");
                let digits = if full { &digits } else { digits.trim_end_matches('0') };
                let _ = write!(out, "{}{digits}", culture.decimal_point);
            }
            Some(out)
        }
        letter if letter.chars().count() == 1 => None,
        custom => custom_span(span, custom.strip_prefix('%').unwrap_or(custom)),
    }
}

/// A time span by a custom pattern, in which everything that is no field must be quoted.
fn custom_span(span: PsTimeSpan, format: &str) -> Option<String> {
    let ticks = span.ticks.unsigned_abs();
    let second = PsDateTime::TICKS_PER_SECOND.unsigned_abs();
    let seconds = ticks / second;
    let mut out = String::new();
    let mut rest = format.chars().peekable();
    while let Some(letter) = rest.next() {
        let value = match letter {
            'd' => seconds / 86_400,
            'h' => seconds / 3600 % 24,
            'm' => seconds / 60 % 60,
            's' => seconds % 60,
            '\\' => {
                out.extend(rest.next());
                continue;
            }
            '\'' | '"' => {
                out.extend(rest.by_ref().take_while(|other| *other != letter));
                continue;
            }
            'f' | 'F' => ticks % second,
            _ => return None,
        };
        let mut count = 1;
        while rest.next_if_eq(&letter).is_some() {
            count += 1;
        }
        match letter {
            'f' => out.push_str(&format!("{value:07}")[..count.min(7)]),
            'F' => out.push_str(format!("{value:07}")[..count.min(7)].trim_end_matches('0')),
            _ => {
                if count > if letter == 'd' { 8 } else { 2 } {
                    return None;
                }
                let _ = write!(out, "{value:0count$}");
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(ticks: i64) -> PsDateTime {
        PsDateTime { ticks, kind: DateTimeKind::Unspecified }
    }

    #[test]
    fn dates_have_the_forms_of_windows_in_english() {
        // views-golden, nes-custom-depth-1: 2024-02-03 16:05:00
        let value = date(638_425_731_000_000_000);
        assert_eq!(formatted(value, "", &Culture::EN_US).unwrap(), "2/3/2024 4:05:00 PM");
        assert_eq!(long_date(value, &Culture::EN_US), "Saturday, February 3, 2024 4:05:00 PM");
        assert_eq!(formatted(value, "", &Culture::INVARIANT).unwrap(), "02/03/2024 16:05:00");
        assert_eq!(Clock::of(value).year_day, 34);
    }

    #[test]
    fn the_calendar_reaches_from_the_first_to_the_last_day() {
        assert_eq!(long_date(date(0), &Culture::EN_US), "Monday, January 1, 0001 12:00:00 AM");
        assert_eq!(date_iso(date(PsDateTime::TICKS_MAX)), "9999-12-31T23:59:59.9999999");
        let clock = Clock::of(date(PsDateTime::TICKS_MAX));
        assert_eq!((clock.year_day, clock.week_day_name()), (365, "Friday"));
    }

    #[test]
    fn custom_patterns_are_read_letter_by_letter() {
        let value = date(638_425_731_061_234_567);
        assert_eq!(formatted(value, "yyyy-MM", &Culture::EN_US).unwrap(), "2024-02");
        assert_eq!(
            formatted(value, "ddd d MMM yy, h 'o''clock' tt", &Culture::EN_US).unwrap(),
            "Sat 3 Feb 24, 4 oclock PM"
        );
        assert_eq!(formatted(value, "o", &Culture::EN_US).unwrap(), "2024-02-03T16:05:06.1234567");
    }
}
