//! The few conventions of a culture that texts need.
//!
//! No locale database: en-US as a Windows user has it, the invariant culture, and German for comparison.

/// How numbers and dates are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Culture {
    /// Its name; empty for the invariant culture.
    pub name: &'static str,
    /// Between whole number and fraction.
    pub decimal_point: char,
    /// Between groups of three digits.
    pub group: char,
    /// Digits after the point where none are asked for.
    pub decimal_digits: usize,
    /// `C` format: what stands before the number and after it.
    pub currency: (&'static str, &'static str),
    /// `P` format: between number and percent sign.
    pub percent_gap: &'static str,
    /// `d`.
    pub short_date: &'static str,
    /// `D`.
    pub long_date: &'static str,
    /// `t`.
    pub short_time: &'static str,
    /// `T`.
    pub long_time: &'static str,
    /// `m`.
    pub month_day: &'static str,
    /// `y`.
    pub year_month: &'static str,
}

impl Culture {
    /// The invariant culture.
    pub const INVARIANT: Self = Self {
        name: "",
        decimal_point: '.',
        group: ',',
        decimal_digits: 2,
        currency: ("¤", ""),
        percent_gap: " ",
        short_date: "MM/dd/yyyy",
        long_date: "dddd, dd MMMM yyyy",
        short_time: "HH:mm",
        long_time: "HH:mm:ss",
        month_day: "MMMM dd",
        year_month: "yyyy MMMM",
    };

    /// English as a Windows user in the United States has it.
    pub const EN_US: Self = Self {
        name: "en-US",
        decimal_point: '.',
        group: ',',
        decimal_digits: 2,
        currency: ("$", ""),
        percent_gap: "",
        short_date: "M/d/yyyy",
        long_date: "dddd, MMMM d, yyyy",
        short_time: "h:mm tt",
        long_time: "h:mm:ss tt",
        month_day: "MMMM d",
        year_month: "MMMM yyyy",
    };

    /// German; month and day names stay English here.
    pub const DE_DE: Self = Self {
        name: "de-DE",
        decimal_point: ',',
        group: '.',
        decimal_digits: 3,
        currency: ("", " €"),
        percent_gap: " ",
        short_date: "dd.MM.yyyy",
        long_date: "dddd, d. MMMM yyyy",
        short_time: "HH:mm",
        long_time: "HH:mm:ss",
        month_day: "d. MMMM",
        year_month: "MMMM yyyy",
    };

    /// A culture by its name, ignoring case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::EN_US, Self::INVARIANT, Self::DE_DE].into_iter().find(|culture| culture.name.eq_ignore_ascii_case(name))
    }

    /// A text in the invariant form with this culture's decimal point.
    #[must_use]
    pub(super) fn localize(&self, invariant: String) -> String {
        if self.decimal_point == '.' { invariant } else { invariant.replace('.', &self.decimal_point.to_string()) }
    }
}

impl Default for Culture {
    fn default() -> Self {
        Self::EN_US
    }
}
