//! Points in time and spans of time with .NET's range and resolution of 100 ns, and their XML Schema texts.
//!
//! No clock and no time zone database: an offset arrives with the value or there is none.

use std::fmt;

/// What the clock reading of a [`PsDateTime`] refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateTimeKind {
    /// Nobody said.
    Unspecified,
    /// Coordinated universal time.
    Utc,
    /// Local time of whoever wrote it, `offset_minutes` ahead of UTC.
    Local {
        /// Minutes ahead of UTC; −840..=840 in what .NET writes, up to 99:99 is read.
        offset_minutes: i16,
    },
}

/// `System.DateTime`: a clock reading in ticks since 0001-01-01T00:00:00, and its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PsDateTime {
    /// Ticks of 100 ns since the start of year 1 *as the clock shows it* (not converted to UTC); 0..=3155378975999999999.
    pub ticks: i64,
    /// What the reading refers to.
    pub kind: DateTimeKind,
}

/// The parts of a clock reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CivilTime {
    /// 1..=9999.
    pub year: u16,
    /// 1..=12.
    pub month: u8,
    /// 1..=31.
    pub day: u8,
    /// 0..=23.
    pub hour: u8,
    /// 0..=59.
    pub minute: u8,
    /// 0..=59.
    pub second: u8,
    /// Ticks of 100 ns within the second, 0..=9999999.
    pub fraction: u32,
    /// Days since Sunday, 0..=6.
    pub weekday: u8,
}

/// English names of the months, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// English names of the days of the week, Sunday first.
pub const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

impl CivilTime {
    /// The day of the year, 1..=366.
    #[must_use]
    pub fn year_day(&self) -> u16 {
        let before: u16 = (1..self.month).map(|month| u16::from(days_in_month(self.year, month))).sum();
        before + u16::from(self.day)
    }
}

impl PsDateTime {
    /// The largest tick count: 9999-12-31T23:59:59.9999999.
    pub const TICKS_MAX: i64 = 3_155_378_975_999_999_999;
    /// Ticks in a second.
    pub const TICKS_PER_SECOND: i64 = 10_000_000;
    /// Ticks in a day.
    pub const TICKS_PER_DAY: i64 = 86_400 * Self::TICKS_PER_SECOND;

    /// Ticks of a clock reading; `None` when there is no such day or time. `weekday` is not looked at.
    #[must_use]
    pub fn ticks_of(civil: &CivilTime) -> Option<i64> {
        let CivilTime { year, month, day, hour, minute, second, fraction, .. } = *civil;
        let in_range = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        if !in_range {
            return None;
        }
        let before = i64::from(year) - 1;
        let mut days = before * 365 + before / 4 - before / 100 + before / 400 + i64::from(day) - 1;
        days += (1..month).map(|earlier| i64::from(days_in_month(year, earlier))).sum::<i64>();
        let seconds = ((days * 24 + i64::from(hour)) * 60 + i64::from(minute)) * 60 + i64::from(second);
        let ticks = seconds * Self::TICKS_PER_SECOND + i64::from(fraction);
        (ticks <= Self::TICKS_MAX).then_some(ticks)
    }

    /// The clock reading, part by part.
    #[must_use]
    pub fn civil(&self) -> CivilTime {
        let ticks = self.ticks.clamp(0, Self::TICKS_MAX);
        let (days, rest) = (ticks / Self::TICKS_PER_DAY, ticks % Self::TICKS_PER_DAY);
        // Days since 0000-03-01, so that the leap day ends a year.
        let shifted = days + 306;
        let era = shifted / 146_097;
        let of_era = shifted % 146_097;
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let seconds = rest / Self::TICKS_PER_SECOND;
        CivilTime {
            year: year as u16,
            month: month as u8,
            day: day as u8,
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            fraction: (rest % Self::TICKS_PER_SECOND) as u32,
            weekday: ((days + 1) % 7) as u8,
        }
    }

    /// The same moment as a reading of UTC's clock, when the kind says which moment it is; held within .NET's range.
    #[must_use]
    pub fn utc_ticks(&self) -> Option<i64> {
        match self.kind {
            DateTimeKind::Unspecified => None,
            DateTimeKind::Utc => Some(self.ticks),
            DateTimeKind::Local { offset_minutes } => {
                let ahead = i64::from(offset_minutes) * 60 * Self::TICKS_PER_SECOND;
                Some((self.ticks - ahead).clamp(0, Self::TICKS_MAX))
            }
        }
    }

    /// Reads the text of a `DT`: XML Schema dateTime, date, gYearMonth, gYear or gMonthDay, with or without zone.
    ///
    /// Forms whose value depends on the day they are read on (a bare time, month or day) are refused.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut scan = Scan(text.trim().as_bytes());
        let mut civil =
            CivilTime { year: 1904, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: 0, weekday: 0 };
        let mut carry = 0;
        if scan.eat(b"--") {
            civil.month = scan.digits(2)? as u8;
            scan.eat(b"-").then_some(())?;
            civil.day = scan.digits(2)? as u8;
        } else {
            civil.year = scan.digits(4)? as u16;
            if scan.date_follows() && scan.eat(b"-") {
                civil.month = scan.digits(2)? as u8;
                if scan.date_follows() && scan.eat(b"-") {
                    civil.day = scan.digits(2)? as u8;
                    if scan.eat(b"T") {
                        carry = scan.time(&mut civil)?;
                    }
                }
            }
        }
        let kind = scan.zone()?;
        let ticks = Self::ticks_of(&civil)? + carry;
        (scan.0.is_empty() && ticks <= Self::TICKS_MAX).then_some(Self { ticks, kind })
    }
}

/// XML Schema dateTime, fraction zeros trimmed, `Z` or an offset where the kind has one.
impl fmt::Display for PsDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CivilTime { year, month, day, hour, minute, second, fraction, .. } = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        write_fraction(f, fraction)?;
        match self.kind {
            DateTimeKind::Unspecified => Ok(()),
            DateTimeKind::Utc => f.write_str("Z"),
            DateTimeKind::Local { offset_minutes } => {
                let sign = if offset_minutes < 0 { '-' } else { '+' };
                let minutes = offset_minutes.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

/// Days in a month of the Gregorian calendar.
fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Writes `.` and up to seven digits without trailing zeros, or nothing.
fn write_fraction(f: &mut fmt::Formatter<'_>, fraction: u32) -> fmt::Result {
    if fraction == 0 {
        return Ok(());
    }
    let digits = format!("{fraction:07}");
    write!(f, ".{}", digits.trim_end_matches('0'))
}

/// `System.TimeSpan`: a signed number of ticks of 100 ns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PsTimeSpan {
    /// Ticks of 100 ns.
    pub ticks: i64,
}

impl PsTimeSpan {
    /// Reads the text of a `TS`: XML Schema duration; a year has 365 days and a month 30, as .NET counts them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut scan = Scan(text.trim().as_bytes());
        let negative = scan.eat(b"-");
        scan.eat(b"P").then_some(())?;
        let mut amounts = [0_i128; 6]; // years, months, days, hours, minutes, seconds
        let (mut fraction, mut any) = (0_i128, false);
        let mut next = 0;
        let mut in_time = false;
        while !scan.0.is_empty() {
            if !in_time && scan.eat(b"T") {
                in_time = true;
                next = 3;
                if scan.0.is_empty() {
                    return None;
                }
                continue;
            }
            let (number, digits) = scan.number()?;
            let units = if in_time { b"HMS".as_slice() } else { b"YMD" };
            let base = if in_time { 3 } else { 0 };
            if in_time && scan.eat(b".") {
                fraction = scan.nanoseconds() / 100;
                scan.eat(b"S").then_some(())?;
                amounts[5] = number;
                any = true;
                break;
            }
            let unit = units.iter().position(|unit| scan.0.first() == Some(unit))? + base;
            if digits == 0 || unit < next {
                return None;
            }
            scan.0 = &scan.0[1..];
            amounts[unit] = number;
            next = unit + 1;
            any = true;
        }
        if !any || !scan.0.is_empty() {
            return None;
        }
        let [years, months, days, hours, minutes, seconds] = amounts;
        let days = (years + months / 12) * 365 + months % 12 * 30 + days;
        let seconds = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
        let ticks = seconds * 10_000_000 + fraction;
        i64::try_from(if negative { -ticks } else { ticks }).ok().map(|ticks| Self { ticks })
    }
}

/// XML Schema duration in days, hours, minutes and seconds.
impl fmt::Display for PsTimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ticks = self.ticks.unsigned_abs();
        if self.ticks < 0 {
            f.write_str("-")?;
        }
        f.write_str("P")?;
        let seconds = ticks / 10_000_000;
        let fraction = (ticks % 10_000_000) as u32;
        let parts = [(seconds / 86_400, 'D'), (seconds / 3600 % 24, 'H'), (seconds / 60 % 60, 'M')];
        let with_time = ticks == 0 || !seconds.is_multiple_of(86_400) || fraction > 0;
        for (index, (amount, unit)) in parts.into_iter().enumerate() {
            if index == 1 && with_time {
                f.write_str("T")?;
            }
            if amount > 0 {
                write!(f, "{amount}{unit}")?;
            }
        }
        if ticks == 0 || !seconds.is_multiple_of(60) || fraction > 0 {
            write!(f, "{}", seconds % 60)?;
            write_fraction(f, fraction)?;
            f.write_str("S")?;
        }
        Ok(())
    }
}

/// A cursor over the text of a date or duration.
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    fn eat(&mut self, text: &[u8]) -> bool {
        match self.0.strip_prefix(text) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    }

    /// Whether a hyphen and two digits follow that are not the offset of a zone.
    fn date_follows(&self) -> bool {
        !(self.0.len() == 6 && self.0[3] == b':')
    }

    /// Any digits, as long as they fit an `i32`: the number and how many.
    fn number(&mut self) -> Option<(i128, usize)> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        let number =
            digits.iter().try_fold(0_i32, |sum, byte| sum.checked_mul(10)?.checked_add(i32::from(byte - b'0')));
        number.map(|number| (i128::from(number), count))
    }

    /// Digits behind a point: the first nine count.
    fn nanoseconds(&mut self) -> i128 {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        (0..9).fold(0, |sum, index| sum * 10 + digits.get(index).map_or(0, |byte| i128::from(byte - b'0')))
    }

    /// `hh:mm:ss` and a fraction, rounded half to even at seven digits; gives the ticks that rounding carries over.
    fn time(&mut self, civil: &mut CivilTime) -> Option<i64> {
        civil.hour = self.digits(2)? as u8;
        self.eat(b":").then_some(())?;
        civil.minute = self.digits(2)? as u8;
        self.eat(b":").then_some(())?;
        civil.second = self.digits(2)? as u8;
        if !self.eat(b".") {
            return Some(0);
        }
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        if count == 0 {
            return None;
        }
        let kept =
            (0..7).fold(0_u32, |sum, index| sum * 10 + digits.get(index).map_or(0, |byte| u32::from(byte - b'0')));
        let up = match digits.get(7) {
            Some(b'5') if digits[8..].iter().all(|digit| *digit == b'0') => kept % 2 == 1,
            Some(digit) => *digit >= b'5',
            None => false,
        };
        civil.fraction = kept;
        Some(i64::from(up))
    }

    fn zone(&mut self) -> Option<DateTimeKind> {
        if self.0.is_empty() {
            return Some(DateTimeKind::Unspecified);
        }
        if self.eat(b"Z") || self.eat(b"z") {
            return Some(DateTimeKind::Utc);
        }
        let sign = match self.eat(b"+") {
            true => 1,
            false => self.eat(b"-").then_some(-1)?,
        };
        let hours = self.digits(2)? as i16;
        self.eat(b":").then_some(())?;
        let minutes = self.digits(2)? as i16;
        Some(DateTimeKind::Local { offset_minutes: sign * (hours * 60 + minutes) })
    }
}
