//! More static members: arrays, LINQ, parsing, enumerations, web texts.
//!
//! `None` means that there is no such method.

use super::fault::{Res, method_threw};
use super::number;
use super::text::{interpolated, to_string};
use super::value::V;

/// `[array]::…`.
pub fn array(name: &str, args: &[V]) -> Option<V> {
    if name == "createinstance" {
        let item = match args.first() {
            Some(V::Type(full)) => full.clone(),
            _ => "System.Object".into(),
        };
        let count = args.get(1).and_then(number::plain).and_then(number::Num::long).unwrap_or(0);
        let empty = super::cast::default_of(&super::types::short(&item));
        let items = vec![empty; usize::try_from(count).unwrap_or(0)];
        return Some(V::List(super::value::List::of(super::value::ListKind::Array(item), items)));
    }
    let Some(V::List(list)) = args.first() else { return None };
    Some(match name {
        "lastindexof" => {
            let at = list
                .items()
                .iter()
                .rposition(|own| args.get(1).is_some_and(|value| super::compare::equal(own, value, true)));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        "clear" => {
            list.lock().iter_mut().for_each(|item| *item = V::Null);
            V::Nothing
        }
        "copy" => {
            let count = args.get(2).and_then(number::plain).and_then(number::Num::long).unwrap_or(0);
            if let Some(V::List(target)) = args.get(1) {
                let items = list.items();
                let mut to = target.lock();
                for (at, item) in items.into_iter().take(usize::try_from(count).unwrap_or(0)).enumerate() {
                    if let Some(place) = to.get_mut(at) {
                        *place = item;
                    }
                }
            }
            V::Nothing
        }
        "reverse" => {
            list.lock().reverse();
            V::Nothing
        }
        "sort" => {
            list.lock().sort_by(|a, b| super::compare::sort_order(a, b, true));
            V::Nothing
        }
        "indexof" => {
            let at = list
                .items()
                .iter()
                .position(|own| args.get(1).is_some_and(|value| super::compare::equal(own, value, true)));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        _ => return None,
    })
}

/// `[System.Linq.Enumerable]::…`.
///
/// # Errors
/// When a sum meets what is no number.
pub fn linq(name: &str, args: &[V]) -> Res<Option<V>> {
    let first = args.first().cloned().unwrap_or_default().unrolled();
    let second = args.get(1).cloned().unwrap_or_default().unrolled();
    let within = |item: &V, list: &[V]| list.iter().any(|other| super::compare::equal(item, other, true));
    let distinct = |items: Vec<V>| {
        let mut kept: Vec<V> = Vec::new();
        for item in items {
            if !within(&item, &kept) {
                kept.push(item);
            }
        }
        V::array(kept)
    };
    Ok(Some(match name {
        "intersect" => distinct(first.into_iter().filter(|item| within(item, &second)).collect()),
        "except" => distinct(first.into_iter().filter(|item| !within(item, &second)).collect()),
        "union" => distinct(first.into_iter().chain(second).collect()),
        "distinct" => distinct(first),
        "reverse" => V::array(first.into_iter().rev().collect()),
        "sum" => {
            let mut sum = V::Int(0);
            for item in &first {
                sum = super::arith::add(&sum, item)?;
            }
            sum
        }
        "max" => first.into_iter().max_by(|a, b| super::compare::sort_order(a, b, true)).unwrap_or_default(),
        "min" => first.into_iter().min_by(|a, b| super::compare::sort_order(a, b, true)).unwrap_or_default(),
        "count" => V::count(first.len()),
        "toarray" | "tolist" => V::array(first),
        "concat" => V::array(first.into_iter().chain(second).collect()),
        "first" => first.into_iter().next().unwrap_or_default(),
        "last" => first.into_iter().next_back().unwrap_or_default(),
        "sequenceequal" => V::Bool(
            first.len() == second.len() && first.iter().zip(&second).all(|(a, b)| super::compare::equal(a, b, true)),
        ),
        "contains" => V::Bool(args.get(1).is_some_and(|item| within(item, &first))),
        "average" => {
            let mut sum = 0.0;
            for item in &first {
                sum += number::of(item, "System.Double")?.double();
            }
            V::Double(sum / first.len() as f64)
        }
        "skip" | "take" => {
            let count = number::of(args.get(1).unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default();
            let count = usize::try_from(count).unwrap_or(0);
            let (head, tail) = first.split_at(count.min(first.len()));
            V::array(if name == "take" { head.to_vec() } else { tail.to_vec() })
        }
        "any" => V::Bool(!first.is_empty()),
        "range" => {
            let from = number::of(args.first().unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default();
            let count = number::of(args.get(1).unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default();
            V::array((from..from + count).map(V::integer).collect())
        }
        _ => return Ok(None),
    }))
}

/// `[int]::Parse` and `TryParse`, and their kin.
///
/// # Errors
/// When the text cannot be read.
pub fn parse(cx: super::state::Cx<'_>, full: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = args.first().map(interpolated).unwrap_or_default();
    let short = super::types::short(full);
    let plain = text.trim().trim_start_matches(['-', '+']);
    let digits = match full {
        "System.Int32" | "System.Int64" => {
            !plain.is_empty() && plain.chars().all(|c| c.is_ascii_digit() || c == ',' && args.len() > 1)
        }
        "System.Double" | "System.Decimal" => {
            plain.starts_with(|c: char| c.is_ascii_digit() || c == '.')
                && plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | 'e' | 'E' | '-' | '+'))
        }
        _ => true,
    };
    let found = match full {
        "System.Boolean" => match text.trim().to_lowercase().as_str() {
            "true" => Some(V::Bool(true)),
            "false" => Some(V::Bool(false)),
            _ => None,
        },
        // Unlike a cast, it keeps the zeros at the end.
        "System.Decimal" if digits => text.trim().replace(',', "").parse().ok().map(V::Decimal),
        _ if digits => super::cast::cast(full, &V::from(text.as_str())).ok(),
        _ => None,
    };
    Ok(Some(match name {
        "parse" => match found {
            Some(found) => found,
            None => {
                return method_threw(
                    "Parse",
                    args.len(),
                    "System.FormatException",
                    &format!("The input string '{text}' was not in a correct format."),
                )
                .err();
            }
        },
        "tryparse" => {
            if let Some(reference) = args.iter().rev().find(|arg| matches!(arg, V::Obj(_))) {
                super::member::set(
                    cx,
                    reference,
                    "Value",
                    found.clone().unwrap_or_else(|| super::cast::default_of(&short)),
                )?;
            }
            V::Bool(found.is_some())
        }
        "isnan" => V::Bool(args.first().and_then(number::plain).is_some_and(|n| n.double().is_nan())),
        "isinfinity" => V::Bool(args.first().and_then(number::plain).is_some_and(|n| n.double().is_infinite())),
        "isdigit" | "isnumber" => V::Bool(text.chars().next().is_some_and(|c| c.is_ascii_digit())),
        "isletter" => V::Bool(text.chars().next().is_some_and(char::is_alphabetic)),
        "isletterordigit" => V::Bool(text.chars().next().is_some_and(char::is_alphanumeric)),
        "isupper" => V::Bool(text.chars().next().is_some_and(char::is_uppercase)),
        "islower" => V::Bool(text.chars().next().is_some_and(char::is_lowercase)),
        "iswhitespace" => V::Bool(text.chars().next().is_some_and(char::is_whitespace)),
        _ => return Ok(None),
    }))
}

/// `TryParse` by a conversion; what cannot be read leaves `otherwise` in the reference.
///
/// # Errors
/// When the reference cannot be set.
pub fn try_cast(cx: super::state::Cx<'_>, name: &str, args: &[V], otherwise: V) -> Res<V> {
    let found = args.first().filter(|value| !value.is_null()).and_then(|value| super::cast::cast(name, value).ok());
    let good = found.is_some();
    if let Some(reference @ V::Obj(_)) = args.last() {
        super::member::set(cx, reference, "Value", found.unwrap_or(otherwise))?;
    }
    Ok(V::Bool(good))
}

/// `[TimeZoneInfo]::…`: zones of the time zone database, by either of their names.
///
/// # Errors
/// When there is no such zone.
pub fn time_zone(cx: super::state::Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let id_of = |value: &V| match value {
        V::Obj(object) => object.note("Id").map(|id| to_string(&id)).unwrap_or_default(),
        other => interpolated(other),
    };
    let zone_of = |id: &str| -> Res<jiff::tz::TimeZone> {
        let iana = match id.to_lowercase().as_str() {
            "utc" | "coordinated universal time" => "UTC",
            "pacific standard time" => "America/Los_Angeles",
            "mountain standard time" => "America/Denver",
            "central standard time" => "America/Chicago",
            "eastern standard time" => "America/New_York",
            "gmt standard time" => "Europe/London",
            "w. europe standard time" => "Europe/Berlin",
            "romance standard time" => "Europe/Paris",
            "central europe standard time" => "Europe/Budapest",
            "fle standard time" => "Europe/Helsinki",
            "india standard time" => "Asia/Kolkata",
            "tokyo standard time" => "Asia/Tokyo",
            "china standard time" => "Asia/Shanghai",
            "aus eastern standard time" => "Australia/Sydney",
            _ => id,
        };
        jiff::tz::TimeZone::get(iana).or_else(|_| {
            let message = format!("The time zone ID '{id}' was not found on the local computer.");
            method_threw("FindSystemTimeZoneById", args.len(), "System.TimeZoneNotFoundException", &message).err()
        })
    };
    let offset_at = |zone: &jiff::tz::TimeZone, date: crate::clixml::PsDateTime| -> i64 {
        let utc = super::dates::to_utc(date, cx.rt.options.offset_minutes);
        let seconds = (utc.ticks - super::dates::UNIX_EPOCH_TICKS) / 10_000_000;
        jiff::Timestamp::from_second(seconds).map_or(0, |moment| i64::from(zone.to_offset(moment).seconds()))
    };
    let first = args.first().cloned().unwrap_or_default();
    Ok(Some(match (name, &first) {
        ("findsystemtimezonebyid", _) => {
            let id = interpolated(&first);
            let zone = zone_of(&id)?;
            let winter = super::dates::from_parts(2024, 1, 15);
            let base = winter.map_or(0, |winter| offset_at(&zone, winter));
            V::Obj(
                super::value::Obj::new(
                    "System.TimeZoneInfo",
                    [
                        ("Id", V::from(id.as_str())),
                        ("DisplayName", V::from(id.as_str())),
                        ("StandardName", V::from(id.as_str())),
                        ("BaseUtcOffset", V::Span(crate::clixml::PsTimeSpan { ticks: base * 10_000_000 })),
                    ],
                )
                .with_text(&id),
            )
        }
        ("converttimefromutc" | "converttime" | "converttimebysystemtimezoneid", V::Date(date)) => {
            let zone = zone_of(&args.get(1).map(id_of).unwrap_or_default())?;
            let offset = offset_at(&zone, *date);
            let utc = super::dates::to_utc(
                *date,
                if name == "converttimefromutc" { 0 } else { cx.rt.options.offset_minutes },
            );
            let ticks = utc.ticks + offset * 10_000_000;
            V::Date(crate::clixml::PsDateTime { ticks, kind: crate::clixml::DateTimeKind::Unspecified })
        }
        ("converttimetoutc", V::Date(date)) => V::Date(super::dates::to_utc(*date, cx.rt.options.offset_minutes)),
        _ => return Ok(None),
    }))
}

/// `[Enum]::GetNames` and its kin.
///
/// # Errors
/// Never; for the shape of its neighbours.
pub fn enumeration(name: &str, args: &[V]) -> Res<Option<V>> {
    let Some(V::Type(full)) = args.first() else { return Ok(None) };
    let values = super::enums::values(full).unwrap_or_default();
    Ok(Some(match name {
        "getnames" => V::array(values.iter().map(|(name, _)| V::from(*name)).collect()),
        "getvalues" => V::array(values.iter().filter_map(|(name, _)| super::enums::by_name(full, name)).collect()),
        "parse" => super::cast::cast(full, args.get(1).unwrap_or(&V::Null))?,
        "isdefined" => V::Bool(super::enums::by_name(full, &args.get(1).map(to_string).unwrap_or_default()).is_some()),
        _ => return Ok(None),
    }))
}

/// HTML and URL texts.
pub fn web(name: &str, args: &[V]) -> Option<V> {
    let text = args.first().map(interpolated).unwrap_or_default();
    Some(V::from(match name {
        "htmlencode" => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;"),
        "htmldecode" => text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&"),
        "urldecode" => super::net::unescaped(&text.replace('+', " ")),
        "urlencode" => text
            .bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'!' | b'*' | b'(' | b')') {
                    char::from(b).to_string()
                } else if b == b' ' {
                    "+".to_owned()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect(),
        _ => return None,
    }))
}
