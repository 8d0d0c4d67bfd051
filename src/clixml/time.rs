//! Points in time and spans of time with .NET's range and resolution of 100 ns.
//!
//! No clock and no time zone database: an offset arrives with the value or there is none.

/// What the clock reading of a [`PsDateTime`] refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateTimeKind {
    /// Nobody said.
    Unspecified,
    /// Coordinated universal time.
    Utc,
    /// Local time of whoever wrote it, `offset_minutes` ahead of UTC.
    Local {
        /// Minutes ahead of UTC, −840..=840.
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

impl PsDateTime {
    /// The largest tick count: 9999-12-31T23:59:59.9999999.
    pub const TICKS_MAX: i64 = 3_155_378_975_999_999_999;
    /// Ticks in a second.
    pub const TICKS_PER_SECOND: i64 = 10_000_000;
    /// Ticks in a day.
    pub const TICKS_PER_DAY: i64 = 86_400 * Self::TICKS_PER_SECOND;
}

/// `System.TimeSpan`: a signed number of ticks of 100 ns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PsTimeSpan {
    /// Ticks of 100 ns.
    pub ticks: i64,
}
