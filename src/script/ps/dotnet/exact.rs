//! Dates by exact patterns: `ParseExact` and `TryParseExact`.
//!
//! Texts without a pattern are read by `catalog::bind`.

use super::super::dates::from_parts;
use crate::clixml::{DateTimeKind, PsDateTime};
use crate::render::text::Culture;

const DAY: i64 = PsDateTime::TICKS_PER_DAY;

/// What has been read of a date.
struct Reader<'a> {
    source: &'a [char],
    at: usize,
    year: Option<i64>,
    month: i64,
    day: i64,
    week_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    fraction: i64,
    afternoon: Option<bool>,
}

/// A date by an exact pattern; a pattern without a year means `this_year`.
#[must_use]
pub(super) fn parse(text: &str, pattern: &str, this_year: i64) -> Option<PsDateTime> {
    let pattern = match pattern {
        "d" => "M/d/yyyy",
        "D" => "dddd, MMMM d, yyyy",
        "t" => "h:mm tt",
        "T" => "h:mm:ss tt",
        "s" => "yyyy-MM-ddTHH:mm:ss",
        "g" => "M/d/yyyy h:mm tt",
        "G" => "M/d/yyyy h:mm:ss tt",
        "u" => "yyyy-MM-dd HH:mm:ssZ",
        "o" | "O" => "yyyy-MM-ddTHH:mm:ss.fffffffK",
        "r" | "R" => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        other => other,
    };
    let source: Vec<char> = text.chars().collect();
    let mut reader = Reader {
        source: &source,
        at: 0,
        year: None,
        month: 1,
        day: 1,
        week_day: None,
        hour: 0,
        minute: 0,
        second: 0,
        fraction: 0,
        afternoon: None,
    };
    reader.read(&pattern.chars().collect::<Vec<_>>())?;
    reader.finish(this_year)
}

impl Reader<'_> {
    fn read(&mut self, format: &[char]) -> Option<()> {
        let mut f = 0;
        while let Some(c) = format.get(f).copied() {
            match c {
                '\\' => {
                    self.literal(*format.get(f + 1)?)?;
                    f += 2;
                    continue;
                }
                '\'' | '"' => {
                    f += 1;
                    while let Some(quoted) = format.get(f).filter(|other| **other != c) {
                        self.literal(*quoted)?;
                        f += 1;
                    }
                    f += 1;
                    continue;
                }
                _ => {}
            }
            let run = format[f..].iter().take_while(|other| **other == c).count();
            f += run;
            self.part(c, run)?;
        }
        Some(())
    }

    fn literal(&mut self, c: char) -> Option<()> {
        (self.source.get(self.at) == Some(&c)).then(|| self.at += 1)
    }

    /// At most so many digits; two or more letters of a pattern want as many.
    fn digits(&mut self, run: usize, most: usize) -> Option<i64> {
        let taken: String = self.source.get(self.at..)?.iter().take(most).take_while(|c| c.is_ascii_digit()).collect();
        if run >= 2 && taken.len() < run.min(most) {
            return None;
        }
        self.at += taken.len();
        taken.parse().ok()
    }

    fn part(&mut self, c: char, run: usize) -> Option<()> {
        match (c, run) {
            ('y', 1 | 2) => {
                // Two digits are of the hundred years that end with 2049.
                let short = self.digits(run, 2)?;
                self.year = Some(short + if short < 50 { 2000 } else { 1900 });
            }
            ('y', _) => self.year = Some(self.digits(run, run.max(4))?),
            ('M', 1 | 2) => self.month = self.digits(run, 2)?,
            ('M', _) => {
                let names = Culture::EN_US.names;
                self.month = self.name(if run == 3 { &names.months_short } else { &names.months })? + 1;
            }
            ('d', 1 | 2) => self.day = self.digits(run, 2)?,
            ('d', _) => {
                let names = Culture::EN_US.names;
                self.week_day = Some(self.name(if run == 3 { &names.days_short } else { &names.days })?);
            }
            ('H' | 'h', _) => self.hour = self.digits(run, 2)?,
            ('m', _) => self.minute = self.digits(run, 2)?,
            ('s', _) => self.second = self.digits(run, 2)?,
            ('f' | 'F', _) => {
                let start = self.at;
                match self.digits(1, run) {
                    Some(value) => {
                        let missing = u32::try_from(7_usize.saturating_sub(self.at - start)).ok()?;
                        self.fraction = value * 10_i64.pow(missing);
                    }
                    None if c == 'F' => {}
                    None => return None,
                }
            }
            ('t', _) => {
                let mark: String = self.source.get(self.at..)?.iter().take(run.min(2)).collect();
                self.afternoon = Some(mark.to_lowercase().starts_with('p'));
                self.at += run.min(2);
            }
            ('z', _) => self.zone(),
            ('K', _) if self.source.get(self.at) == Some(&'Z') => self.at += 1,
            ('K', _) => self.zone(),
            ('%', _) => {}
            _ => {
                for _ in 0..run {
                    self.literal(c)?;
                }
            }
        }
        Some(())
    }

    /// The place of the name that stands here.
    fn name(&mut self, names: &[&str]) -> Option<i64> {
        let rest: String = self.source.get(self.at..)?.iter().collect::<String>().to_lowercase();
        let index = names.iter().position(|name| rest.starts_with(&name.to_lowercase()))?;
        self.at += names[index].chars().count();
        i64::try_from(index).ok()
    }

    /// An offset (`+02:00`), which is passed over.
    fn zone(&mut self) {
        let rest = self.source.get(self.at..).unwrap_or_default();
        if matches!(rest.first(), Some('+' | '-')) {
            self.at += 1 + rest.iter().skip(1).take_while(|c| c.is_ascii_digit() || **c == ':').count();
        }
    }

    fn finish(self, this_year: i64) -> Option<PsDateTime> {
        if self.at != self.source.len() {
            return None;
        }
        let hour = match self.afternoon {
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
            None => self.hour,
        };
        let midnight = from_parts(self.year.unwrap_or(this_year), self.month, self.day)?;
        let other_day = self.week_day.is_some_and(|wanted| (midnight.ticks / DAY + 1).rem_euclid(7) != wanted);
        if other_day || hour > 23 || self.minute > 59 || self.second > 59 {
            return None;
        }
        let seconds = (hour * 60 + self.minute) * 60 + self.second;
        let ticks = midnight.ticks + seconds * PsDateTime::TICKS_PER_SECOND + self.fraction;
        Some(PsDateTime { ticks, kind: DateTimeKind::Unspecified })
    }
}
