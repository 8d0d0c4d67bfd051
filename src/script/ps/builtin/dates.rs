//! `Get-Date`, `New-TimeSpan`, `Start-Sleep`, `Get-Culture`.
//!
//! Calendar arithmetic is in `dates` of the runtime.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::super::cast::{to_date, to_span};
use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::{formatted, interpolated};
use super::super::value::{Obj, V};
use super::{Builtin, Ctx, Memory, each};
use crate::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};
use crate::render::text::Culture;

pub(super) const COMMANDS: &[Builtin] = &[
    each("Get-Date", get_date),
    each("New-TimeSpan", new_span),
    each("Start-Sleep", start_sleep),
    each("Get-Culture", |cx, c, _, _| {
        let name = c.bound.text("Name").unwrap_or_else(|| "en-US".to_owned());
        c.push(cx, V::Obj(super::super::dotnet::culture::culture(&name)))
    }),
    each("Get-UICulture", |cx, c, _, _| c.push(cx, V::Obj(super::super::dotnet::culture::culture("en-US")))),
    each("Get-TimeZone", |cx, c, _, _| {
        let zone = super::super::dotnet::statics::property(cx, "System.TimeZoneInfo", "Local")?;
        c.push(cx, zone)
    }),
    each("Get-Host", |cx, c, _, _| {
        let host = super::super::automatic::variable(cx.rt, "Host").unwrap_or_default();
        c.push(cx, host)
    }),
];

fn get_date(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let given = input.or_else(|| c.bound.get("Date").cloned());
    let mut date = match &given {
        None => super::super::dates::now(cx.rt),
        Some(value) if value.is_null() => return null_date(c, "Date").err(),
        Some(value) => match today_or(cx, &unspelled(value)) {
            Some(date) if !value.is_null() => date,
            _ => {
                let text = interpolated(value);
                return c
                    .problem("CannotConvertArgumentNoMessage", "InvalidArgument", format!("Cannot bind parameter 'Date'. Cannot convert value \"{text}\" to type \"System.DateTime\". Error: \"{}\"", super::super::dates::unreadable(&text)))
                    .exception("System.Management.Automation.ParameterBindingException")
                    .err();
            }
        },
    };
    if let Some(seconds) = c.bound.integer("UnixTimeSeconds") {
        let ticks = super::super::dates::UNIX_EPOCH_TICKS + seconds * 10_000_000;
        date = super::super::dates::to_local(PsDateTime { ticks, kind: DateTimeKind::Utc });
    }
    date = with_parts(c, date);
    if c.bound.flag("AsUTC") {
        date = super::super::dates::to_utc(date);
    }
    if let Some(format) = c.bound.text("Format") {
        let lower = format.to_lowercase();
        if lower.starts_with("filedate") && lower.ends_with("universal") {
            date = super::super::dates::to_utc(date);
        }
        let format = match lower.as_str() {
            "filedate" => "yyyyMMdd",
            "filedatetime" => "yyyyMMddTHHmmssffff",
            "filedateuniversal" => "yyyyMMddZ",
            "filedatetimeuniversal" => "yyyyMMddTHHmmssffffZ",
            _ => format.as_str(),
        };
        return c.push(cx, V::from(formatted(&V::Date(date), format, &Culture::EN_US)));
    }
    if let Some(format) = c.bound.text("UFormat") {
        return c.push(cx, V::from(unix_format(date, &format)));
    }
    match c.bound.text("DisplayHint").map(|hint| hint.to_lowercase()).as_deref() {
        Some(hint @ ("date" | "time")) => {
            let name = if hint == "date" { "Date" } else { "Time" };
            let hint = super::super::automatic::enum_value("Microsoft.PowerShell.Commands.DisplayHintType", name, 0);
            let object = Obj::new("System.DateTime", [("DisplayHint", hint)]).with_base(V::Date(date));
            c.push(cx, V::Obj(object))
        }
        _ => c.push(cx, V::Date(date)),
    }
}

/// The date with the parts that parameters give, one after another: `-Month 2` of January 31 is the end of February.
fn with_parts(c: &Ctx<'_>, date: PsDateTime) -> PsDateTime {
    const DAY: i64 = PsDateTime::TICKS_PER_DAY;
    let (year, month, _) = super::super::dates::parts(date);
    let months = c.bound.integer("Year").map_or(0, |wanted| (wanted - year) * 12)
        + c.bound.integer("Month").map_or(0, |wanted| wanted - month);
    let mut date = if months == 0 { date } else { super::super::dates::add_months(date, months).unwrap_or(date) };
    if let Some(wanted) = c.bound.integer("Day") {
        date.ticks += (wanted - super::super::dates::parts(date).2) * DAY;
    }
    for (name, unit, count) in [("Hour", 36_000_000_000, 24), ("Minute", 600_000_000, 60), ("Second", 10_000_000, 60)] {
        if let Some(wanted) = c.bound.integer(name) {
            date.ticks += (wanted - date.ticks / unit % count) * unit;
        }
    }
    if let Some(wanted) = c.bound.integer("Millisecond") {
        date.ticks += wanted * 10_000 - date.ticks % 10_000_000;
    }
    super::super::dates::settled(date)
}

fn null_date(c: &Ctx<'_>, parameter: &str) -> super::super::fault::Problem {
    c.problem(
        "ParameterBindingFailed",
        "WriteError",
        format!(
            "Cannot bind parameter '{parameter}' to the target. Exception setting \"{parameter}\": \"Cannot convert null to type \"System.DateTime\".\""
        ),
    )
    .exception("System.Management.Automation.ParameterBindingException")
}

/// A date; what its text leaves out is today's.
fn today_or(cx: Cx<'_>, value: &V) -> Option<PsDateTime> {
    match value {
        V::Str(text) => super::super::dates::read(text, Some(super::super::dates::now(cx.rt))),
        other => to_date(other),
    }
}

fn unspelled(value: &V) -> V {
    match value {
        V::Obj(object) if object.is("spelled") => object.base(),
        other => other.clone(),
    }
}

fn unix_format(date: PsDateTime, format: &str) -> String {
    let piece = |pattern: &str| formatted(&V::Date(date), pattern, &Culture::EN_US);
    let mut out = String::new();
    let mut chars = format.trim_start_matches('+').chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        out.push_str(&match chars.next() {
            Some('Y') => piece("yyyy"),
            Some('y') => piece("yy"),
            Some('m') => piece("MM"),
            Some('d') => piece("dd"),
            Some('H') => piece("HH"),
            Some('M') => piece("mm"),
            Some('S') => piece("ss"),
            Some('I') => piece("hh"),
            Some('p') => piece("tt"),
            Some('B') => piece("MMMM"),
            Some('b' | 'h') => piece("MMM"),
            Some('A') => piece("dddd"),
            Some('a') => piece("ddd"),
            Some('F') => piece("yyyy-MM-dd"),
            Some('T') => piece("HH:mm:ss"),
            Some('R') => piece("HH:mm"),
            Some('D') => piece("MM/dd/yy"),
            Some('x') => piece("MM/dd/yy"),
            Some('X') => piece("HH:mm:ss"),
            Some('r') => piece("hh:mm:ss tt"),
            Some('c') => piece("ddd dd MMM yyyy HH:mm:ss"),
            Some('C') => (super::super::dates::parts(date).0 / 100).to_string(),
            Some('G') => format!("{:04}", super::super::dates::iso_week(date).0),
            Some('g') => format!("{:02}", super::super::dates::iso_week(date).0 % 100),
            Some('k') => format!("{:>2}", piece("%H")),
            Some('l') => format!("{:>2}", piece("%h")),
            Some('w') => crate::render::text::Clock::of(date).week_day.to_string(),
            Some('U' | 'W') => (crate::render::text::Clock::of(date).year_day / 7).to_string(),
            Some('Z') => piece("zz"),
            Some('n') => "\n".to_owned(),
            Some('t') => "\t".to_owned(),
            Some('e') => format!("{:>2}", piece("%d")),
            Some('j') => format!("{:03}", crate::render::text::Clock::of(date).year_day),
            Some('u') => ((crate::render::text::Clock::of(date).week_day + 6) % 7 + 1).to_string(),
            Some('V') => format!("{:02}", super::super::dates::iso_week(date).1),
            Some('s') => ((date.ticks - super::super::dates::UNIX_EPOCH_TICKS) / 10_000_000).to_string(),
            Some(other) => other.to_string(),
            None => String::new(),
        });
    }
    out
}

fn new_span(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let parts = ["Days", "Hours", "Minutes", "Seconds", "Milliseconds"];
    if parts.iter().any(|part| c.bound.has(part)) {
        let at = |name: &str| c.bound.integer(name).unwrap_or(0);
        let seconds = ((at("Days") * 24 + at("Hours")) * 60 + at("Minutes")) * 60 + at("Seconds");
        return c.push(cx, V::Span(PsTimeSpan { ticks: seconds * 10_000_000 + at("Milliseconds") * 10_000 }));
    }
    let point = |name: &str, value: Option<V>| -> Res<Option<PsDateTime>> {
        match value {
            None => Ok(None),
            Some(value) if value.is_null() => null_date(c, name).err(),
            Some(value) => match to_date(&value) {
                Some(date) => Ok(Some(date)),
                None => c
                    .problem(
                        "CannotConvertArgumentNoMessage",
                        "InvalidArgument",
                        format!(
                            "Cannot bind parameter '{name}'. Cannot convert value \"{0}\" to type \"System.DateTime\". Error: \"{1}\"",
                            interpolated(&value),
                            super::super::dates::unreadable(&interpolated(&value))
                        ),
                    )
                    .exception("System.Management.Automation.ParameterBindingException")
                    .err(),
            },
        }
    };
    let start = point("Start", input.or_else(|| c.bound.get("Start").cloned()))?;
    let end = point("End", c.bound.get("End").cloned())?;
    let now = super::super::dates::now(cx.rt);
    let _ = to_span(&V::Null);
    if start.is_none() && end.is_none() {
        return c.push(cx, V::Span(PsTimeSpan { ticks: 0 }));
    }
    c.push(cx, V::Span(PsTimeSpan { ticks: end.unwrap_or(now).ticks - start.unwrap_or(now).ticks }))
}

/// Waits, unless the clock stands still or nothing is to be reached; Ctrl-C ends it.
fn start_sleep(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let number = |value: &V| super::super::number::plain(value).map(super::super::number::Num::double);
    let seconds = input.as_ref().or_else(|| c.bound.get("Seconds")).and_then(number).unwrap_or(0.0);
    let milliseconds = c.bound.get("Milliseconds").and_then(number).unwrap_or(0.0);
    let span = c.bound.get("Duration").and_then(to_span).map_or(0.0, |span| span.ticks as f64 / 10_000_000.0);
    let Ok(wait) = Duration::try_from_secs_f64((seconds + milliseconds / 1000.0 + span).max(0.0)) else {
        return Ok(());
    };
    if cx.rt.options.sandbox.is_some() || cx.rt.options.now.is_some() {
        return Ok(());
    }
    let until = Instant::now() + wait;
    loop {
        cx.check()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        std::thread::sleep(left.min(Duration::from_millis(50)));
    }
}
