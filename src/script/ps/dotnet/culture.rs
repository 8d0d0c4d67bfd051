//! `System.Globalization.CultureInfo`, its formats and `TextInfo`.
//!
//! No other types.

use super::super::text::to_string;
use super::super::value::{List, ListKind, Obj, V};

use crate::render::text::Culture;

pub(in crate::script::ps) fn texts(items: &[&str]) -> V {
    V::List(List::of(ListKind::Array("System.String".into()), items.iter().map(|item| V::from(*item)).collect()))
}

/// A culture object.
#[must_use]
pub(in crate::script::ps) fn culture(name: &str) -> Obj {
    let display = match name {
        "" => "Invariant Language (Invariant Country)",
        "de-DE" => "German (Germany)",
        "fr-FR" => "French (France)",
        "en-GB" => "English (United Kingdom)",
        "es-ES" => "Spanish (Spain)",
        "it-IT" => "Italian (Italy)",
        "sv-SE" => "Swedish (Sweden)",
        _ => "English (United States)",
    };
    let known = Culture::named(name).unwrap_or(Culture::EN_US);
    let dates = Obj::new(
        "System.Globalization.DateTimeFormatInfo",
        [
            ("ShortDatePattern", V::from(known.short_date)),
            ("LongDatePattern", V::from(known.long_date)),
            ("ShortTimePattern", V::from(known.short_time)),
            ("LongTimePattern", V::from(known.long_time)),
            ("MonthNames", texts(&[&known.names.months[..], &[""]].concat())),
            ("AbbreviatedMonthNames", texts(&[&known.names.months_short[..], &[""]].concat())),
            ("DayNames", texts(&known.names.days)),
            ("AbbreviatedDayNames", texts(&known.names.days_short)),
            ("ShortestDayNames", texts(&known.names.days_short.map(|day| day.get(..2).unwrap_or(day)))),
            ("FullDateTimePattern", V::from(format!("{} {}", known.long_date, known.long_time))),
            ("MonthDayPattern", V::from(known.month_day)),
            ("YearMonthPattern", V::from(known.year_month)),
            ("SortableDateTimePattern", V::from("yyyy'-'MM'-'dd'T'HH':'mm':'ss")),
            ("UniversalSortableDateTimePattern", V::from("yyyy'-'MM'-'dd HH':'mm':'ss'Z'")),
            ("RFC1123Pattern", V::from("ddd, dd MMM yyyy HH':'mm':'ss 'GMT'")),
            ("TimeSeparator", V::from(":")),
            ("Calendar", super::calendar::calendar()),
            (
                "FirstDayOfWeek",
                super::super::enums::by_number("System.DayOfWeek", i32::from(name != "en-US")).unwrap_or_default(),
            ),
            ("DateSeparator", V::from(if name == "de-DE" { "." } else { "/" })),
            ("AMDesignator", V::from("AM")),
            ("PMDesignator", V::from("PM")),
        ],
    );
    Obj::new(
        "System.Globalization.CultureInfo",
        [
            (
                "LCID",
                V::Int(match name {
                    "" => 127,
                    "de-DE" => 1031,
                    "fr-FR" => 1036,
                    "en-GB" => 2057,
                    "es-ES" => 3082,
                    "it-IT" => 1040,
                    "sv-SE" => 1053,
                    _ => 1033,
                }),
            ),
            ("Name", V::from(name)),
            ("DisplayName", V::from(display)),
            ("EnglishName", V::from(display)),
            ("IetfLanguageTag", V::from(name)),
            ("IsNeutralCulture", V::Bool(!name.is_empty() && !name.contains('-'))),
            (
                "TwoLetterISOLanguageName",
                V::from(if name.is_empty() { "iv" } else { name.split('-').next().unwrap_or(name) }),
            ),
            (
                "TextInfo",
                V::Obj(Obj::new(
                    "System.Globalization.TextInfo",
                    [("CultureName", V::from(name)), ("ListSeparator", V::from(","))],
                )),
            ),
            ("NumberFormat", V::Obj(numbers(&known))),
            ("DateTimeFormat", V::Obj(dates)),
            ("Calendar", super::calendar::calendar()),
        ],
    )
    .with_text(name)
}

/// How numbers are written in a culture.
fn numbers(known: &Culture) -> Obj {
    Obj::new(
        "System.Globalization.NumberFormatInfo",
        [
            ("NumberDecimalSeparator", V::from(known.decimal_point.to_string())),
            ("NumberGroupSeparator", V::from(known.group.to_string())),
            ("NumberDecimalDigits", V::count(known.decimal_digits)),
            ("NumberGroupSizes", V::array(vec![V::Int(3)])),
            ("CurrencyDecimalDigits", V::Int(2)),
            ("CurrencyDecimalSeparator", V::from(known.decimal_point.to_string())),
            ("CurrencyGroupSeparator", V::from(known.group.to_string())),
            ("PercentDecimalDigits", V::count(known.decimal_digits)),
            ("PercentDecimalSeparator", V::from(known.decimal_point.to_string())),
            ("PercentGroupSeparator", V::from(known.group.to_string())),
            ("PercentSymbol", V::from("%")),
            ("PerMilleSymbol", V::from("\u{2030}")),
            ("NegativeSign", V::from("-")),
            ("PositiveSign", V::from("+")),
            ("NaNSymbol", V::from("NaN")),
            ("PositiveInfinitySymbol", V::from("\u{221e}")),
            ("NegativeInfinitySymbol", V::from("-\u{221e}")),
            ("CurrencySymbol", V::from(format!("{}{}", known.currency.0, known.currency.1).trim())),
        ],
    )
}

/// The culture an argument names.
#[must_use]
pub(in crate::script::ps) fn culture_of(value: &V) -> Culture {
    match value {
        V::Obj(object) => {
            object.note("Name").and_then(|name| Culture::named(&to_string(&name))).unwrap_or(Culture::EN_US)
        }
        V::Str(name) => Culture::named(name).unwrap_or(Culture::EN_US),
        _ => Culture::EN_US,
    }
}

pub(in crate::script::ps) fn title_case(text: &str) -> String {
    let mut out = String::new();
    let mut start = true;
    for word in text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '\'') {
        let body: String = word.chars().filter(|c| c.is_alphabetic()).collect();
        let shout = body.chars().count() > 1 && body.chars().all(char::is_uppercase);
        for c in word.chars() {
            if start && c.is_alphabetic() {
                out.extend(c.to_uppercase());
            } else if shout {
                out.push(c);
            } else {
                out.extend(c.to_lowercase());
            }
            start = !c.is_alphanumeric() && c != '\'';
        }
    }
    out
}
