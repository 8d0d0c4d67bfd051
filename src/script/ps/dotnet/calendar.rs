//! `GregorianCalendar`, `ISOWeek` and the methods of `DateTimeFormatInfo`: weeks of the year, names of months and days.
//!
//! Arithmetic is in `dates`.

use super::super::dates::{days_in_month, from_parts, is_leap_year, iso_week, parts, week_of_year};
use super::super::fault::{Res, method_threw};
use super::super::text::to_string;
use super::super::value::{Obj, V};
use super::arguments::integer;
use crate::clixml::{DateTimeKind, PsDateTime};

/// The type of `[cultureinfo].Calendar`.
pub(super) const CALENDAR: &str = "System.Globalization.GregorianCalendar";

/// A calendar.
#[must_use]
pub(super) fn calendar() -> V {
    V::Obj(Obj::new(CALENDAR, [("CalendarType", V::from("Localized")), ("TwoDigitYearMax", V::Int(2049))]))
}

fn number(value: Option<&V>, kind: &str) -> i64 {
    match value {
        Some(V::Str(name)) => match super::super::enums::by_name(kind, name) {
            Some(V::Enum(found)) => found.number.into(),
            _ => 0,
        },
        Some(V::Enum(found)) => found.number.into(),
        Some(other) => super::super::number::plain(other).and_then(super::super::number::Num::long).unwrap_or(0),
        None => 0,
    }
}

/// Methods of a calendar.
///
/// # Errors
/// What the methods of dates give.
pub(super) fn methods(name: &str, args: &[V]) -> Res<Option<V>> {
    let date = args.first().and_then(super::super::cast::to_date);
    Ok(Some(match (name, date) {
        ("getweekofyear", Some(date)) => V::integer(week_of_year(
            date,
            number(args.get(1), "System.Globalization.CalendarWeekRule"),
            number(args.get(2), "System.DayOfWeek"),
        )),
        ("getdaysinmonth", _) => V::integer(days_in_month(integer(args, 0)?, integer(args, 1)?)),
        ("getdaysinyear", _) => V::Int(if is_leap_year(integer(args, 0)?) { 366 } else { 365 }),
        ("getmonthsinyear", _) => V::Int(12),
        ("isleapyear", _) => V::Bool(is_leap_year(integer(args, 0)?)),
        ("getdayofweek" | "getdayofyear" | "getdayofmonth" | "getmonth" | "getyear" | "gethour", Some(date)) => {
            let property = if name == "getdayofmonth" { "day" } else { &name[3..] };
            super::super::member::plain_property(&V::Date(date), property).unwrap_or_default()
        }
        ("adddays" | "addweeks" | "addmonths" | "addyears" | "addhours" | "addminutes", Some(date)) => {
            let weeks = V::integer(integer(args, 1)? * 7);
            let (name, count) = match name {
                "addweeks" => ("adddays", weeks),
                _ => (name, args.get(1).cloned().unwrap_or_default()),
            };
            return super::date::methods(date, name, &[count]);
        }
        _ => return Ok(None),
    }))
}

/// `[System.Globalization.ISOWeek]::…`.
///
/// # Errors
/// When an argument is no number.
pub(super) fn iso(name: &str, args: &[V]) -> Res<Option<V>> {
    const DAY: i64 = PsDateTime::TICKS_PER_DAY;
    let date = args.first().and_then(super::super::cast::to_date);
    // Monday of the first week has January 4.
    let start =
        |year: i64| from_parts(year, 1, 4).map_or(0, |date| date.ticks / DAY - (date.ticks / DAY).rem_euclid(7));
    let plain = |day: i64| V::Date(PsDateTime { ticks: day * DAY, kind: DateTimeKind::Unspecified });
    Ok(Some(match (name, date) {
        ("getweekofyear", Some(date)) => V::integer(iso_week(date).1),
        ("getyear", Some(date)) => V::integer(iso_week(date).0),
        ("getweeksinyear", _) => {
            let year = integer(args, 0)?;
            V::integer((start(year + 1) - start(year)) / 7)
        }
        ("getyearstart", _) => plain(start(integer(args, 0)?)),
        ("getyearend", _) => plain(start(integer(args, 0)? + 1) - 1),
        ("todatetime", _) => {
            let day = (number(args.get(2), "System.DayOfWeek") + 6).rem_euclid(7);
            plain(start(integer(args, 0)?) + (integer(args, 1)? - 1) * 7 + day)
        }
        _ => return Ok(None),
    }))
}

/// Methods of `DateTimeFormatInfo`.
///
/// # Errors
/// When there is no such month or day.
pub(super) fn names(own: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let (list, at, least) = match name {
        "getmonthname" => ("MonthNames", integer(args, 0)? - 1, 1),
        "getabbreviatedmonthname" => ("AbbreviatedMonthNames", integer(args, 0)? - 1, 1),
        "getdayname" => ("DayNames", number(args.first(), "System.DayOfWeek"), 0),
        "getabbreviateddayname" => ("AbbreviatedDayNames", number(args.first(), "System.DayOfWeek"), 0),
        "getshortestdayname" => ("ShortestDayNames", number(args.first(), "System.DayOfWeek"), 0),
        _ => return Ok(None),
    };
    let texts = own.note(list).unwrap_or_default().unrolled();
    match usize::try_from(at).ok().and_then(|at| texts.get(at)) {
        Some(text) => Ok(Some(V::from(to_string(text)))),
        None => {
            let method = if least == 1 { "GetMonthName" } else { "GetDayName" };
            let message = format!(
                "Valid values are between {least} and {}, inclusive. (Parameter '{}')",
                if least == 1 { 13 } else { 6 },
                if least == 1 { "month" } else { "dayofweek" }
            );
            method_threw(method, args.len(), "System.ArgumentOutOfRangeException", &message).err()
        }
    }
}

/// Year, month and day of a date, for callers that write it.
#[must_use]
pub(in crate::script::ps) fn stamp(date: PsDateTime) -> String {
    let (year, month, day) = parts(date);
    let seconds = date.ticks / PsDateTime::TICKS_PER_SECOND % 86_400;
    format!("{year:04}{month:02}{day:02}{:02}{:02}{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
