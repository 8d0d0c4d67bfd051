//! The few conventions of a culture that texts need.
//!
//! No locale database: en-US as a Windows user has it, the invariant culture, and a few neighbours for comparison.

use crate::clixml::{MONTHS, WEEKDAYS};

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
    /// Names of months and days.
    pub names: &'static Names,
}

/// Names of months, January first, and days, Sunday first; their short forms.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    /// Months.
    pub months: [&'static str; 12],
    /// Months, short.
    pub months_short: [&'static str; 12],
    /// Days.
    pub days: [&'static str; 7],
    /// Days, short.
    pub days_short: [&'static str; 7],
}

impl Names {
    /// English.
    pub const ENGLISH: Self = Self {
        months: MONTHS,
        months_short: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        days: WEEKDAYS,
        days_short: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    };
    const BRITISH: Self = Self {
        months_short: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"],
        ..Self::ENGLISH
    };
    const GERMAN: Self = Self {
        months: [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        months_short: ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."],
        days: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
        days_short: ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"],
    };
    const FRENCH: Self = Self {
        months: [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        months_short: [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
        ],
        days: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
        days_short: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
    };
    const SPANISH: Self = Self {
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        months_short: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"],
        days: ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"],
        days_short: ["dom", "lun", "mar", "mié", "jue", "vie", "sáb"],
    };
    const ITALIAN: Self = Self {
        months: [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
        months_short: ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
        days: ["domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"],
        days_short: ["dom", "lun", "mar", "mer", "gio", "ven", "sab"],
    };
    const SWEDISH: Self = Self {
        months: [
            "januari",
            "februari",
            "mars",
            "april",
            "maj",
            "juni",
            "juli",
            "augusti",
            "september",
            "oktober",
            "november",
            "december",
        ],
        months_short: ["jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."],
        days: ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"],
        days_short: ["sön", "mån", "tis", "ons", "tors", "fre", "lör"],
    };
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
        names: &Names::ENGLISH,
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
        names: &Names::ENGLISH,
    };

    /// German.
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
        names: &Names::GERMAN,
    };

    /// French.
    pub const FR_FR: Self = Self {
        name: "fr-FR",
        group: '\u{202f}',
        currency: ("", " €"),
        percent_gap: "\u{202f}",
        short_date: "dd/MM/yyyy",
        long_date: "dddd d MMMM yyyy",
        month_day: "d MMMM",
        names: &Names::FRENCH,
        ..Self::DE_DE
    };

    /// English as in Britain.
    pub const EN_GB: Self = Self {
        name: "en-GB",
        decimal_digits: 3,
        currency: ("£", ""),
        short_date: "dd/MM/yyyy",
        long_date: "dddd d MMMM yyyy",
        short_time: "HH:mm",
        long_time: "HH:mm:ss",
        month_day: "d MMMM",
        names: &Names::BRITISH,
        ..Self::EN_US
    };

    /// Spanish.
    pub const ES_ES: Self = Self {
        name: "es-ES",
        short_date: "d/M/yyyy",
        long_date: "dddd, d 'de' MMMM 'de' yyyy",
        short_time: "H:mm",
        long_time: "H:mm:ss",
        month_day: "d 'de' MMMM",
        year_month: "MMMM 'de' yyyy",
        names: &Names::SPANISH,
        ..Self::DE_DE
    };

    /// Italian.
    pub const IT_IT: Self = Self {
        name: "it-IT",
        percent_gap: "",
        short_date: "dd/MM/yyyy",
        long_date: "dddd d MMMM yyyy",
        month_day: "d MMMM",
        names: &Names::ITALIAN,
        ..Self::DE_DE
    };

    /// Swedish.
    pub const SV_SE: Self = Self {
        name: "sv-SE",
        group: '\u{a0}',
        currency: ("", " kr"),
        short_date: "yyyy-MM-dd",
        long_date: "dddd d MMMM yyyy",
        month_day: "d MMMM",
        names: &Names::SWEDISH,
        ..Self::DE_DE
    };

    /// A culture by its name, ignoring case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let known = [
            Self::EN_US,
            Self::INVARIANT,
            Self::DE_DE,
            Self::FR_FR,
            Self::EN_GB,
            Self::ES_ES,
            Self::IT_IT,
            Self::SV_SE,
        ];
        known.into_iter().find(|culture| culture.name.eq_ignore_ascii_case(name))
    }

    /// Between items of a list: no comma where numbers have one.
    #[must_use]
    pub const fn list_separator(&self) -> char {
        if self.decimal_point == ',' { ';' } else { ',' }
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
