//! One value of a report with its type, and how people read it.
//!
//! No markup and no file format here: `html`, `xlsx`, `text` write what this gives.

use std::cmp::Ordering;

use jiff::civil;

use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};

/// Units of sizes, largest first: 1024 bytes are one KB, as Exchange counts.
const SIZE_UNITS: [(&str, f64); 5] =
    [("TB", 1_099_511_627_776.0), ("GB", 1_073_741_824.0), ("MB", 1_048_576.0), ("KB", 1024.0), ("B", 1.0)];

/// One value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Yes or no.
    Truth(bool),
    /// A whole number.
    Whole(i64),
    /// Any number.
    Number(f64),
    /// Bytes.
    Size(i64),
    /// A size without a limit.
    Unlimited,
    /// A point in time.
    Date(PsDateTime),
    /// A span of time.
    Span(PsTimeSpan),
    /// Everything else.
    Text(String),
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// Words, or cells of several kinds.
    #[default]
    Text,
    /// Yes or no.
    Truth,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Sizes in bytes, some of them without a limit.
    Size,
    /// Points in time.
    Date,
    /// Spans of time.
    Span,
}

impl Kind {
    /// The kind that all cells fit; empty ones fit all.
    #[must_use]
    pub fn of<'a>(cells: impl Iterator<Item = &'a Cell>) -> Self {
        let mut found = None;
        for kind in cells.filter_map(Cell::kind) {
            found = match (found, kind) {
                (None, kind) => Some(kind),
                (Some(known), kind) if known == kind => Some(kind),
                (Some(Self::Whole | Self::Number), Self::Whole | Self::Number) => Some(Self::Number),
                _ => return Self::Text,
            };
        }
        found.unwrap_or_default()
    }

    /// Whether its cells are compared by their digits, and so stand to the right.
    #[must_use]
    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::Whole | Self::Number | Self::Size | Self::Span)
    }
}

impl Cell {
    const fn kind(&self) -> Option<Kind> {
        Some(match self {
            Self::Empty => return None,
            Self::Truth(_) => Kind::Truth,
            Self::Whole(_) => Kind::Whole,
            Self::Number(_) => Kind::Number,
            Self::Size(_) | Self::Unlimited => Kind::Size,
            Self::Date(_) => Kind::Date,
            Self::Span(_) => Kind::Span,
            Self::Text(_) => Kind::Text,
        })
    }

    /// What it counts for in a chart and in sorting: bytes, seconds, days; `None` for words.
    #[must_use]
    pub fn amount(&self) -> Option<f64> {
        match self {
            Self::Whole(number) | Self::Size(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            Self::Unlimited => Some(f64::INFINITY),
            Self::Truth(truth) => Some(f64::from(u8::from(*truth))),
            Self::Date(date) => Some(date.ticks as f64 / PsDateTime::TICKS_PER_SECOND as f64),
            Self::Span(span) => Some(span.ticks as f64 / PsDateTime::TICKS_PER_SECOND as f64),
            Self::Empty | Self::Text(_) => None,
        }
    }

    /// As people read it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Truth(true) => "Yes".to_owned(),
            Self::Truth(false) => "No".to_owned(),
            Self::Whole(number) => grouped(*number),
            Self::Number(number) => number_text(*number),
            Self::Size(bytes) => size_text(*bytes as f64),
            Self::Unlimited => "Unlimited".to_owned(),
            Self::Date(date) => date_text(*date),
            Self::Span(span) => span_text(*span),
            Self::Text(text) => text.clone(),
        }
    }

    /// As programs read it: plain digits, ISO dates, bytes, true and false.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Truth(truth) => truth.to_string(),
            Self::Whole(number) | Self::Size(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            other => other.text(),
        }
    }

    /// Which comes first; nothing comes last.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        match (self.amount(), other.amount()) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => match (self, other) {
                (Self::Empty, Self::Empty) => Ordering::Equal,
                (Self::Empty, _) => Ordering::Greater,
                (_, Self::Empty) => Ordering::Less,
                _ => crate::render::order::compare_text(&self.text(), &other.text()),
            },
        }
    }
}

/// The unit in which the largest of some sizes is at least one, and its bytes.
pub(super) fn size_unit(bytes: f64) -> (&'static str, f64) {
    *SIZE_UNITS.iter().find(|(_, factor)| bytes.abs() >= *factor).unwrap_or(&SIZE_UNITS[4])
}

/// Bytes in three digits: `1.46 GB`, `512 MB`.
#[must_use]
pub fn size_text(bytes: f64) -> String {
    let (unit, factor) = size_unit(bytes);
    format!("{} {unit}", three_digits(bytes / factor))
}

/// Three significant digits without trailing zeros; numbers of four digits and more are whole.
fn three_digits(number: f64) -> String {
    let places = match number.abs() {
        n if n >= 99.95 => 0,
        n if n >= 9.995 => 1,
        _ => 2,
    };
    without_zeros(format!("{number:.places$}"))
}

fn without_zeros(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A number with at most two places, digits in groups.
#[must_use]
pub fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let places = if number != 0.0 && number.abs() < 0.01 { 6 } else { 2 };
    let text = without_zeros(format!("{number:.places$}"));
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), String::new()), |(a, b)| (a, format!(".{b}")));
    match whole.parse::<i64>() {
        Ok(0) => text,
        Ok(value) => format!("{}{rest}", grouped(value)),
        Err(_) => text,
    }
}

/// `1234567` as `1,234,567`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The reading of the calendar and the clock.
fn civil(date: PsDateTime) -> civil::DateTime {
    let start = civil::DateTime::constant(1, 1, 1, 0, 0, 0, 0);
    let (days, ticks) = (date.ticks / PsDateTime::TICKS_PER_DAY, date.ticks % PsDateTime::TICKS_PER_DAY);
    let span = jiff::Span::new().try_days(days).and_then(|span| span.try_nanoseconds(ticks * 100));
    span.and_then(|span| start.checked_add(span)).unwrap_or(start)
}

/// `2026-03-02 16:05`, without a time at midnight, with `UTC` where it is that.
fn date_text(date: PsDateTime) -> String {
    let at = civil(date);
    let day = format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day());
    if date.ticks % PsDateTime::TICKS_PER_DAY == 0 {
        return day;
    }
    let zone = if date.kind == DateTimeKind::Utc { " UTC" } else { "" };
    format!("{day} {:02}:{:02}{zone}", at.hour(), at.minute())
}

/// `3 d 04:05`, `04:05:06`.
fn span_text(span: PsTimeSpan) -> String {
    let seconds = span.ticks.unsigned_abs() / PsDateTime::TICKS_PER_SECOND.unsigned_abs();
    let sign = if span.ticks < 0 { "-" } else { "" };
    let (days, hours, minutes, seconds) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    match days {
        0 => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
        days => format!("{sign}{days} d {hours:02}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_whole_and_broken_numbers_holds_numbers_and_one_with_words_holds_text() {
        assert_eq!(Kind::of([Cell::Whole(1), Cell::Empty, Cell::Number(0.5)].iter()), Kind::Number);
        assert_eq!(Kind::of([Cell::Size(1), Cell::Unlimited].iter()), Kind::Size);
        assert_eq!(Kind::of([Cell::Size(1), Cell::Text("x".into())].iter()), Kind::Text);
        assert_eq!(Kind::of([Cell::Empty].iter()), Kind::Text);
    }

    #[test]
    fn numbers_are_read_by_people() {
        assert_eq!(size_text(1_572_864.0), "1.5 MB");
        assert_eq!(size_text(1023.0 * 1024.0), "1023 KB");
        assert_eq!(size_text(0.0), "0 B");
        assert_eq!(number_text(-1234.5), "-1,234.5");
        assert_eq!(number_text(-0.25), "-0.25");
        assert_eq!(Cell::Whole(1_234_567).text(), "1,234,567");
    }
}
