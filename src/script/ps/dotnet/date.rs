//! `System.DateTime`: its methods, static methods and constructors.
//!
//! Calendar arithmetic is in `dates`.

use super::super::fault::{Res, method_threw};
use super::super::number::{self};
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::V;
use super::arguments::{float, number_for, refer};
use super::culture::culture_of;

use crate::clixml::{DateTimeKind, PsDateTime};
use crate::render::text::Culture;

/// Methods of dates.
pub(in crate::script::ps) fn methods(date: PsDateTime, name: &str, args: &[V]) -> Res<Option<V>> {
    let out_of_range = |method: &str| {
        method_threw(
            method,
            args.len(),
            "System.ArgumentOutOfRangeException",
            "The added or subtracted value results in an un-representable DateTime. (Parameter 'value')",
        )
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what .NET does")]
    let shifted = |unit: i64, method: &str| -> Res<V> {
        let count = number_for(args, 0, method, "value", "System.Double")?.double();
        let ticks = date.ticks + (count * unit as f64).round() as i64;
        if (0..=PsDateTime::TICKS_MAX).contains(&ticks) {
            Ok(V::Date(super::super::dates::settled(PsDateTime { ticks, ..date })))
        } else {
            out_of_range(method).err()
        }
    };
    let culture = Culture::EN_US;
    let formatted = |format: &str| V::from(super::super::text::formatted(&V::Date(date), format, &culture));
    Ok(Some(match name {
        "adddays" => shifted(864_000_000_000, "AddDays")?,
        "addhours" => shifted(36_000_000_000, "AddHours")?,
        "addminutes" => shifted(600_000_000, "AddMinutes")?,
        "addseconds" => shifted(10_000_000, "AddSeconds")?,
        "addmilliseconds" => shifted(10_000, "AddMilliseconds")?,
        "addticks" => shifted(1, "AddTicks")?,
        "addmonths" | "addyears" => {
            let (method, parameter, months) =
                if name == "addyears" { ("AddYears", "value", 12) } else { ("AddMonths", "months", 1) };
            let months = number_for(args, 0, method, parameter, "System.Int32")?.long().unwrap_or(0) * months;
            match super::super::dates::add_months(date, months) {
                Some(date) => V::Date(super::super::dates::settled(date)),
                None => return out_of_range(method).err(),
            }
        }
        "add" => super::super::arith::add(&V::Date(date), &args.first().cloned().unwrap_or_default())?,
        "subtract" => super::super::arith::subtract(&V::Date(date), &args.first().cloned().unwrap_or_default())?,
        "touniversaltime" => V::Date(super::super::dates::to_utc(date)),
        "tolocaltime" => V::Date(super::super::dates::to_local(date)),
        "toshortdatestring" => formatted("d"),
        "tolongdatestring" => formatted("D"),
        "toshorttimestring" => formatted("t"),
        "tolongtimestring" => formatted("T"),
        "tofiletime" | "tofiletimeutc" => {
            let utc = super::super::dates::to_utc(date);
            V::Long(utc.ticks - 504_911_232_000_000_000)
        }
        "tooadate" =>
        {
            #[expect(clippy::cast_precision_loss, reason = "that is what .NET does")]
            V::Double((date.ticks - 599_264_352_000_000_000) as f64 / 864_000_000_000.0)
        }
        "tounixtimeseconds" => {
            V::Long((super::super::dates::to_utc(date).ticks - super::super::dates::UNIX_EPOCH_TICKS) / 10_000_000)
        }
        "tounixtimemilliseconds" => {
            V::Long((super::super::dates::to_utc(date).ticks - super::super::dates::UNIX_EPOCH_TICKS) / 10_000)
        }
        "tobinary" => V::Long(match date.kind {
            DateTimeKind::Unspecified => date.ticks,
            DateTimeKind::Utc => date.ticks | (1 << 62),
            DateTimeKind::Local { .. } => super::super::dates::to_utc(date).ticks | i64::MIN,
        }),
        "addmicroseconds" => shifted(10, "AddMicroseconds")?,
        "tostring" if matches!(args, [V::Obj(_)]) => {
            V::from(super::super::text::formatted(&V::Date(date), "", &culture_of(&args[0])))
        }
        "getdatetimeformats" => V::array(
            ["d", "D", "f", "F", "g", "G", "m", "o", "r", "s", "t", "T", "u", "y"]
                .iter()
                .map(|format| formatted(format))
                .collect(),
        ),
        "isdaylightsavingtime" => V::Bool(
            !matches!(date.kind, DateTimeKind::Utc)
                && super::time_zone::is_daylight(&super::super::dates::zone(), super::super::dates::to_utc(date)),
        ),
        "equals" => V::Bool(matches!(args.first(), Some(V::Date(other)) if other.ticks == date.ticks)),
        _ => return Ok(None),
    }))
}

/// `[datetime]::…`.
///
/// # Errors
/// When a text is no date.
#[expect(clippy::too_many_lines, reason = "one arm a method")]
pub(in crate::script::ps) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    let int = |at: usize| -> Res<i64> {
        Ok(number::of(args.get(at).unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default())
    };
    let unreadable = |method: &str| {
        method_threw(
            method,
            args.len(),
            "System.FormatException",
            &match method {
                "Parse" => super::super::dates::unreadable(&text(0)),
                _ => format!("String '{}' was not recognized as a valid DateTime.", text(0)),
            },
        )
    };
    Ok(Some(match name {
        "parse"
            if args
                .get(1)
                .is_some_and(|culture| matches!(to_string(culture).as_str(), "en-GB" | "de-DE" | "fr-FR")) =>
        {
            let forms = [
                "dd/MM/yyyy",
                "d/M/yyyy",
                "dd.MM.yyyy",
                "d.M.yyyy",
                "dd/MM/yyyy HH:mm",
                "dd.MM.yyyy HH:mm",
                "yyyy-MM-dd",
            ];
            let culture = culture_of(&args[1]);
            let year = super::super::dates::this_year(cx.rt);
            let named = ["d. MMMM yyyy", "d MMMM yyyy", "d. MMM yyyy", "d MMM yyyy"];
            let found = forms.iter().find_map(|form| super::exact::parse(&text(0), form, year));
            let found = found.or_else(|| {
                let english = super::super::dates::english(&text(0), &culture);
                named.iter().find_map(|form| super::exact::parse(&english, form, year))
            });
            match found {
                Some(date) => V::Date(date),
                None => return unreadable("Parse").err(),
            }
        }
        "parse" => match super::super::cast::to_date(&V::from(text(0))) {
            Some(date) => V::Date(styled(date, &text(0), &args.get(2).map(to_string).unwrap_or_default())),
            None => return unreadable("Parse").err(),
        },
        "parseexact" => {
            let formats = args.get(1).cloned().unwrap_or_default().unrolled();
            match exactly(cx, &text(0), &formats, args) {
                Some(date) => V::Date(date),
                None => return unreadable("ParseExact").err(),
            }
        }
        "tryparseexact" => {
            let formats = args.get(1).cloned().unwrap_or_default().unrolled();
            let found = exactly(cx, &text(0), &formats, args);
            let least = V::Date(PsDateTime { ticks: 0, kind: DateTimeKind::Unspecified });
            refer(cx, args, found.map_or(least, V::Date))?;
            V::Bool(found.is_some())
        }
        "tryparse" => {
            let found = super::super::cast::to_date(&V::from(text(0)));
            let least = V::Date(PsDateTime { ticks: 0, kind: DateTimeKind::Unspecified });
            refer(cx, args, found.map_or(least, V::Date))?;
            V::Bool(found.is_some())
        }
        "daysinmonth" => V::integer(super::super::dates::days_in_month(int(0)?, int(1)?)),
        "isleapyear" => V::Bool(super::super::dates::is_leap_year(int(0)?)),
        "fromfiletime" | "fromfiletimeutc" => {
            let utc = PsDateTime { ticks: int(0)? + 504_911_232_000_000_000, kind: DateTimeKind::Utc };
            let local = super::super::dates::to_local(utc);
            V::Date(if name == "fromfiletimeutc" { utc } else { local })
        }
        "fromoadate" => {
            // To the millisecond, as .NET has it.
            let milliseconds = (float(args, 0)? * 86_400_000.0).round();
            #[expect(clippy::cast_possible_truncation, reason = "dates fit")]
            let ticks = 599_264_352_000_000_000 + milliseconds as i64 * 10_000;
            V::Date(PsDateTime { ticks, kind: DateTimeKind::Unspecified })
        }
        "frombinary" => {
            let given = int(0)?;
            let ticks = given & 0x3fff_ffff_ffff_ffff;
            let utc = PsDateTime { ticks, kind: DateTimeKind::Utc };
            V::Date(match given >> 62 {
                0 => PsDateTime { kind: DateTimeKind::Unspecified, ..utc },
                1 => utc,
                _ => super::super::dates::to_local(utc),
            })
        }
        "equals" => V::Bool(matches!(args, [V::Date(a), V::Date(b)] if a.ticks == b.ticks)),
        "fromunixtimeseconds" | "fromunixtimemilliseconds" => {
            let unit = if name == "fromunixtimeseconds" { 10_000_000 } else { 10_000 };
            V::Date(PsDateTime {
                ticks: super::super::dates::UNIX_EPOCH_TICKS + int(0)? * unit,
                kind: DateTimeKind::Utc,
            })
        }
        "specifykind" => match (args.first(), args.get(1)) {
            (Some(V::Date(date)), Some(kind)) => {
                let kind = match to_string(kind).to_lowercase().as_str() {
                    "utc" => DateTimeKind::Utc,
                    "local" => super::super::dates::local_kind(date.ticks),
                    _ => DateTimeKind::Unspecified,
                };
                V::Date(PsDateTime { kind, ..*date })
            }
            _ => return Ok(None),
        },
        "compare" => V::Int(
            super::super::compare::order(
                &args.first().cloned().unwrap_or_default(),
                &args.get(1).cloned().unwrap_or_default(),
                false,
            )?
            .map_or(0, |order| order as i32),
        ),
        _ => return Ok(None),
    }))
}

pub(in crate::script::ps) fn integers(args: &[V]) -> Res<Vec<i64>> {
    args.iter().map(|arg| Ok(number::of(arg, "System.Int32")?.long().unwrap_or_default())).collect()
}

pub(in crate::script::ps) fn make(args: &[V]) -> Res<V> {
    if let [V::Str(_)] = args {
        let ticks = super::arguments::number_for(args, 0, ".ctor", "ticks", "System.Int64")?.long().unwrap_or_default();
        return Ok(V::Date(PsDateTime { ticks, kind: DateTimeKind::Unspecified }));
    }
    let n = integers(&args.iter().filter(|arg| !matches!(arg, V::Enum(_) | V::Str(_))).cloned().collect::<Vec<_>>())?;
    if n.len() == 1 {
        return Ok(V::Date(PsDateTime { ticks: n[0], kind: DateTimeKind::Unspecified }));
    }
    let at = |index: usize| n.get(index).copied().unwrap_or(0);
    let (hour, minute, second) = (at(3), at(4), at(5));
    let Some(day) = super::super::dates::from_parts(at(0).max(1), at(1).max(1), at(2).max(1))
        .filter(|_| n.is_empty() || (at(1) >= 1 && at(2) >= 1) && hour < 24 && minute < 60 && second < 60)
    else {
        return method_threw(
            ".ctor",
            args.len(),
            "System.ArgumentOutOfRangeException",
            "Year, Month, and Day parameters describe an un-representable DateTime.",
        )
        .err();
    };
    let ticks = day.ticks + ((hour * 60 + minute) * 60 + second) * 10_000_000 + at(6) * 10_000;
    let kind = match args.last().map(to_string).unwrap_or_default().to_lowercase().as_str() {
        "utc" => DateTimeKind::Utc,
        "local" => super::super::dates::local_kind(ticks),
        _ => DateTimeKind::Unspecified,
    };
    Ok(V::Date(PsDateTime { ticks, kind }))
}

/// What styles of reading (`AdjustToUniversal`, `AssumeLocal` …) make of a date that was read from a text.
fn styled(date: PsDateTime, text: &str, styles: &str) -> PsDateTime {
    use super::super::dates::{local_kind, to_local, to_utc};
    let placed = matches!(date.kind, DateTimeKind::Local { .. });
    let date = match date.kind {
        DateTimeKind::Unspecified if styles.contains("AssumeUniversal") => {
            to_local(PsDateTime { kind: DateTimeKind::Utc, ..date })
        }
        DateTimeKind::Unspecified if styles.contains("AssumeLocal") => {
            PsDateTime { kind: local_kind(date.ticks), ..date }
        }
        _ => date,
    };
    let keeps_utc = styles.contains("RoundtripKind") && placed && text.trim_end().ends_with(['Z', 'z']);
    let is_local = matches!(date.kind, DateTimeKind::Local { .. });
    if keeps_utc || is_local && styles.contains("AdjustToUniversal") { to_utc(date) } else { date }
}

/// A date by any of the exact patterns; the culture and styles among the arguments count.
fn exactly(cx: Cx<'_>, text: &str, formats: &[V], args: &[V]) -> Option<PsDateTime> {
    let culture = args.get(2).filter(|value| !value.is_null()).map_or(Culture::EN_US, culture_of);
    let year = super::super::dates::this_year(cx.rt);
    let text = super::super::dates::english(text, &culture);
    let read = |format: &V| super::exact::parse(&text, &interpolated(format), year);
    let date = formats.iter().find_map(read)?;
    let styles = args.get(3).map(to_string).unwrap_or_default();
    Some(if styles.contains("AssumeUniversal") {
        let utc = PsDateTime { kind: DateTimeKind::Utc, ..date };
        if styles.contains("AdjustToUniversal") { utc } else { super::super::dates::to_local(utc) }
    } else if styles.contains("AssumeLocal") {
        PsDateTime { kind: super::super::dates::local_kind(date.ticks), ..date }
    } else {
        date
    })
}
