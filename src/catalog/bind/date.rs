//! Dates and spans of time from text, as .NET reads them in the invariant culture: the month comes first.
//!
//! No clock and no time zone database: today's date and the local offset come in where a text needs them.

use crate::clixml::{CivilTime, DateTimeKind, MONTHS, PsDateTime, PsTimeSpan, WEEKDAYS};

/// Reads a date, a time of day or both; `today` stands in for a year or date that the text leaves out, and
/// `local_offset_minutes` says what a text with its own offset is turned into.
///
/// ```
/// use exsh::catalog::bind::parse_date;
/// let date = parse_date("1/15/2026 10:00", None, 0).expect("month first");
/// assert_eq!(date, parse_date("2026-01-15T10:00:00", None, 0).expect("ISO"));
/// assert_eq!(parse_date("15/1/2026", None, 0), None);
/// ```
#[must_use]
pub fn parse_date(text: &str, today: Option<PsDateTime>, local_offset_minutes: i16) -> Option<PsDateTime> {
    let mut parts = Parts::default();
    let mut tokens = tokens(text)?;
    parts.take_zone(&mut tokens);
    parts.take_time(&mut tokens)?;
    let day = parts.take_date(&tokens, today)?;
    let ticks = day.checked_mul(PsDateTime::TICKS_PER_DAY)?.checked_add(parts.time_ticks()?)?;
    let (ticks, kind) = match parts.offset_minutes {
        None => (ticks, DateTimeKind::Unspecified),
        Some(offset) => {
            let minutes = i64::from(local_offset_minutes) - i64::from(offset);
            let local = ticks.checked_add(minutes * 60 * PsDateTime::TICKS_PER_SECOND)?;
            (local, DateTimeKind::Local { offset_minutes: local_offset_minutes })
        }
    };
    (0..=PsDateTime::TICKS_MAX).contains(&ticks).then_some(PsDateTime { ticks, kind })
}

/// Reads a span of time: `d`, `hh:mm[:ss[.fffffff]]`, `d.hh:mm…` or `d:hh:mm:ss`, with a sign.
#[must_use]
pub fn parse_time_span(text: &str) -> Option<PsTimeSpan> {
    let text = text.trim();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let number = |part: &str| -> Option<i64> {
        (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    let pieces: Vec<&str> = text.split(':').collect();
    let split_days = |part: &str| -> Option<(i64, i64)> {
        match part.split_once('.') {
            Some((days, hours)) => Some((number(days)?, number(hours)?)),
            None => Some((0, number(part)?)),
        }
    };
    let seconds_and_fraction = |part: &str| -> Option<(i64, i64)> {
        match part.split_once('.') {
            Some((seconds, fraction)) => Some((number(seconds)?, fraction_ticks(fraction)?)),
            None => Some((number(part)?, 0)),
        }
    };
    let (days, hours, minutes, (seconds, ticks)) = match pieces.as_slice() {
        [days] => (number(days)?, 0, 0, (0, 0)),
        [hours, minutes] => {
            let (days, hours) = split_days(hours)?;
            (days, hours, number(minutes)?, (0, 0))
        }
        [hours, minutes, seconds] => {
            let (days, hours) = split_days(hours)?;
            (days, hours, number(minutes)?, seconds_and_fraction(seconds)?)
        }
        [days, hours, minutes, seconds] => {
            (number(days)?, number(hours)?, number(minutes)?, seconds_and_fraction(seconds)?)
        }
        _ => return None,
    };
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let whole = days.checked_mul(86_400)?.checked_add(hours * 3600 + minutes * 60 + seconds)?;
    let total = whole.checked_mul(PsDateTime::TICKS_PER_SECOND)?.checked_add(ticks)?;
    Some(PsTimeSpan { ticks: if negative { -total } else { total } })
}

fn fraction_ticks(digits: &str) -> Option<i64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seven: String = digits.chars().chain("0000000".chars()).take(7).collect();
    seven.parse().ok()
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Number { value: i64, digits: String },
    Word(String),
    Separator(char),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut letters = text.trim().chars().peekable();
    while let Some(&first) = letters.peek() {
        let mut run = String::new();
        let same = |c: char| {
            if first.is_ascii_digit() { c.is_ascii_digit() } else { first.is_alphabetic() && c.is_alphabetic() }
        };
        while let Some(&next) = letters.peek() {
            if !(same(next) || run.is_empty()) {
                break;
            }
            run.push(next);
            letters.next();
        }
        if first.is_ascii_digit() {
            found.push(Token::Number { value: run.parse().ok()?, digits: run });
        } else if first.is_alphabetic() {
            found.push(Token::Word(run.to_lowercase()));
        } else if first.is_whitespace() {
            if found.last() != Some(&Token::Separator(' ')) {
                found.push(Token::Separator(' '));
            }
        } else if matches!(first, '/' | '-' | '.' | ':' | ',' | '+') {
            found.push(Token::Separator(first));
        } else {
            return None;
        }
    }
    if found.is_empty() { None } else { Some(found) }
}

#[derive(Debug, Default)]
struct Parts {
    offset_minutes: Option<i16>,
    hour: i64,
    minute: i64,
    second: i64,
    fraction: i64,
    afternoon: Option<bool>,
    has_time: bool,
}

impl Parts {
    /// `Z`, `GMT` or `+hh:mm` after a time.
    fn take_zone(&mut self, tokens: &mut Vec<Token>) {
        let is_number = |token: &Token| matches!(token, Token::Number { .. });
        let value =
            |token: &Token| if let Token::Number { value, .. } = token { i16::try_from(*value).ok() } else { None };
        if matches!(tokens.last(), Some(Token::Word(word)) if matches!(word.as_str(), "z" | "gmt" | "utc")) {
            tokens.pop();
            self.offset_minutes = Some(0);
        } else if let [before @ .., Token::Separator(sign @ ('+' | '-')), hours, Token::Separator(':'), minutes] =
            tokens.as_slice()
        {
            // Only after a time of day: 2026-01-15 has hyphens too.
            let after_time = before.contains(&Token::Separator(':'));
            if after_time && is_number(hours) && is_number(minutes) {
                let total = value(hours).zip(value(minutes)).map(|(hours, minutes)| hours * 60 + minutes);
                self.offset_minutes = total.map(|total| if *sign == '-' { -total } else { total });
                tokens.truncate(before.len());
            }
        }
        while tokens.last() == Some(&Token::Separator(' ')) {
            tokens.pop();
        }
    }

    /// `h:mm[:ss[.f]] [AM|PM]` or `h AM`, removed from the tokens.
    fn take_time(&mut self, tokens: &mut Vec<Token>) -> Option<()> {
        let half = |token: &Token| match token {
            Token::Word(word) if matches!(word.as_str(), "am" | "a") => Some(false),
            Token::Word(word) if matches!(word.as_str(), "pm" | "p") => Some(true),
            _ => None,
        };
        if let Some(at) = tokens.iter().position(|token| half(token).is_some()) {
            self.afternoon = tokens.get(at).and_then(half);
            tokens.remove(at);
            if at > 0 && tokens.get(at - 1) == Some(&Token::Separator(' ')) {
                tokens.remove(at - 1);
            }
        }
        let colon = tokens.iter().position(|token| *token == Token::Separator(':'));
        let start = match colon {
            Some(colon) => colon.checked_sub(1)?,
            None if self.afternoon.is_some() => tokens.len().checked_sub(1)?,
            None => return Some(()),
        };
        let mut rest = tokens.split_off(start).into_iter().peekable();
        let mut numbers = Vec::new();
        while let Some(Token::Number { value, digits }) = rest.next() {
            numbers.push((value, digits));
            match rest.peek() {
                Some(Token::Separator(':')) if numbers.len() < 3 => {
                    rest.next();
                }
                Some(Token::Separator('.')) if numbers.len() == 3 => {
                    rest.next();
                    if let Some(Token::Number { digits, .. }) = rest.next() {
                        self.fraction = fraction_ticks(&digits)?;
                    }
                    break;
                }
                _ => break,
            }
        }
        tokens.extend(rest);
        self.has_time = true;
        let mut values = numbers.iter().map(|(value, _)| *value);
        self.hour = values.next()?;
        self.minute = values.next().unwrap_or(0);
        self.second = values.next().unwrap_or(0);
        if matches!(tokens.last(), Some(Token::Word(word)) if word == "t") {
            tokens.pop(); // between date and time of ISO 8601
        }
        Some(())
    }

    fn time_ticks(&self) -> Option<i64> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(_) if !(1..=12).contains(&self.hour) => return None,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
        };
        if hour > 23 || self.minute > 59 || self.second > 59 {
            return None;
        }
        Some((hour * 3600 + self.minute * 60 + self.second) * PsDateTime::TICKS_PER_SECOND + self.fraction)
    }

    /// The day, as days since the start of year 1.
    fn take_date(&self, tokens: &[Token], today: Option<PsDateTime>) -> Option<i64> {
        let mut month_word = None;
        let mut numbers: Vec<(i64, usize)> = Vec::new();
        for token in tokens {
            match token {
                Token::Number { value, digits } => numbers.push((*value, digits.len())),
                Token::Word(word) => match (month(word), month_word) {
                    (Some(month), None) => month_word = Some(month),
                    _ if is_weekday(word) => {}
                    _ => return None,
                },
                Token::Separator('+' | ':') => return None,
                Token::Separator(_) => {}
            }
        }
        let today_day = today.map(|today| today.ticks / PsDateTime::TICKS_PER_DAY);
        let this_year = || today.map(|today| today.civil().year.into());
        let (year, month, day) = match (month_word, numbers.as_slice()) {
            (None, []) if self.has_time => return today_day,
            (None, [(year, 3..), (month, _), (day, _)]) => (*year, *month, *day),
            (None, [(month, _), (day, _), year]) => (full_year(*year), *month, *day),
            (None, [(year, 3..), (month, _)]) => (*year, *month, 1),
            (None, [(month, _), (year, 3..)]) => (*year, *month, 1),
            (None, [(month, _), (day, _)]) => (this_year()?, *month, *day),
            (Some(month), [(day, 1..=2), year]) => (full_year(*year), month, *day),
            (Some(month), [(year, 3..), (day, _)]) => (*year, month, *day),
            (Some(month), [(year, 3..)]) => (*year, month, 1),
            (Some(month), [(day, _)]) => (this_year()?, month, *day),
            _ => return None,
        };
        days(year, month, day)
    }
}

fn month(word: &str) -> Option<i64> {
    let index = MONTHS.iter().position(|month| is_name(word, month))?;
    i64::try_from(index).ok().map(|index| index + 1)
}

fn is_weekday(word: &str) -> bool {
    WEEKDAYS.iter().any(|day| is_name(word, day))
}

/// Whether a word is a name of three letters or more, or its first three letters.
fn is_name(word: &str, name: &str) -> bool {
    name.eq_ignore_ascii_case(word) || name.get(..3).is_some_and(|short| short.eq_ignore_ascii_case(word))
}

/// Two digits mean 1950 to 2049.
fn full_year((year, digits): (i64, usize)) -> i64 {
    match (digits, year) {
        (1..=2, 0..50) => year + 2000,
        (1..=2, _) => year + 1900,
        _ => year,
    }
}

/// Days from 0001-01-01 to this day of the Gregorian calendar.
pub(super) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let (year, month, day) = (year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?);
    let midnight = CivilTime { year, month, day, hour: 0, minute: 0, second: 0, fraction: 0, weekday: 0 };
    PsDateTime::ticks_of(&midnight).map(|ticks| ticks / PsDateTime::TICKS_PER_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        let today = days(2026, 1, 15)
            .map(|day| PsDateTime { ticks: day * PsDateTime::TICKS_PER_DAY, kind: DateTimeKind::Unspecified });
        let date = parse_date(text, today, 0)?;
        let CivilTime { year, month, day, hour, minute, .. } = date.civil();
        Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"))
    }

    #[test]
    fn dates_are_read_as_net_reads_them() {
        let table = [
            // shared/facts/parameter-binding.md, 11
            ("2022/11", "2022-11-01 00:00"),
            ("1/15/2026", "2026-01-15 00:00"),
            ("06/13/2021 18:00", "2021-06-13 18:00"),
            ("2026-01-15", "2026-01-15 00:00"),
            ("2026-01-15T10:30:00Z", "2026-01-15 10:30"),
            ("2026-01-15T10:30:00+02:00", "2026-01-15 08:30"),
            ("1/15/2026 3:05 PM", "2026-01-15 15:05"),
            ("1/15/2026 12:05 AM", "2026-01-15 00:05"),
            ("January 15, 2026", "2026-01-15 00:00"),
            ("15 Jan 2026", "2026-01-15 00:00"),
            ("Thursday, January 15, 2026 9 AM", "2026-01-15 09:00"),
            ("Jan 2026", "2026-01-01 00:00"),
            ("3/1/98", "1998-03-01 00:00"),
            ("7:45", "2026-01-15 07:45"),
            ("2/3", "2026-02-03 00:00"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "25/12/2026", "2026-02-30", "soon", "12abc", "1/15/2026 25:00", "13 PM", "1/2/3/4"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn spans_of_time_are_read_as_net_reads_them() {
        let ticks = |text: &str| parse_time_span(text).map(|span| span.ticks);
        assert_eq!(ticks("30.00:00:00"), Some(30 * PsDateTime::TICKS_PER_DAY));
        assert_eq!(ticks("5"), Some(5 * PsDateTime::TICKS_PER_DAY));
        assert_eq!(ticks("01:30"), Some(5400 * PsDateTime::TICKS_PER_SECOND));
        assert_eq!(ticks("-0:0:1.5"), Some(-15_000_000));
        assert_eq!(ticks("1:02:03:04"), ticks("1.02:03:04"));
        assert_eq!(ticks("24:00"), None);
        assert_eq!(ticks("later"), None);
    }
}
