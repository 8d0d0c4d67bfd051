//! Members and methods of .NET's small types, casts, and the static methods that views use.

use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::ToPrimitive as _;

use super::evaluate::{Outcome, Stop, list, unknown};
use super::operators;
use crate::clixml::{PsDateTime, PsValue};
use crate::render::order;
use crate::render::subject;
use crate::render::text::{self, Culture};

/// A property; of a list without it, the property of each item.
pub(super) fn member(target: &PsValue, name: &str) -> PsValue {
    if let Some(found) = subject::property(target, name) {
        return found;
    }
    match subject::items(target) {
        Some(items) if name.eq_ignore_ascii_case("Count") || name.eq_ignore_ascii_case("Length") => {
            PsValue::I32(i32::try_from(items.len()).unwrap_or(i32::MAX))
        }
        Some(items) => {
            let found: Vec<PsValue> = items.iter().filter_map(|item| subject::property(item, name)).collect();
            if found.is_empty() { PsValue::Null } else { list(found) }
        }
        None if name.eq_ignore_ascii_case("Count") => PsValue::I32(i32::from(!target.is_null())),
        None => PsValue::Null,
    }
}

/// An item by its place (negative from the end) or a value by its key.
pub(super) fn index(target: &PsValue, index: &PsValue) -> PsValue {
    if let Some(places) = subject::items(index) {
        return list(places.iter().map(|place| self::index(target, place)).collect());
    }
    let at = |length: usize| {
        let place = order::number(index)?.to_i64()?;
        usize::try_from(if place < 0 { place + i64::try_from(length).ok()? } else { place }).ok()
    };
    match target {
        PsValue::String(text) => {
            let units = text.to_utf16();
            at(units.len()).and_then(|at| units.get(at).copied()).map_or(PsValue::Null, PsValue::Char)
        }
        PsValue::Object(object) if matches!(object.base(), crate::clixml::Base::Dictionary(_)) => {
            subject::property(target, &text::interpolated(index)).unwrap_or(PsValue::Null)
        }
        other => match subject::items(other) {
            Some(items) => at(items.len()).and_then(|at| items.get(at).cloned()).unwrap_or(PsValue::Null),
            None => {
                if at(1) == Some(0) {
                    other.clone()
                } else {
                    PsValue::Null
                }
            }
        },
    }
}

/// A method call on a value.
pub(super) fn call(target: &PsValue, name: &str, arguments: &[PsValue]) -> Outcome {
    let lower = name.to_ascii_lowercase();
    if target.is_null() {
        return Err(Stop::Failed);
    }
    match lower.as_str() {
        "tostring" => {
            let format = arguments.first().map(text::interpolated).unwrap_or_default();
            let shown = if format.is_empty() {
                text::to_string(target, &Culture::EN_US)
            } else {
                text::format_value(target, &format, &Culture::EN_US)
            };
            return Ok(PsValue::string(shown));
        }
        "gettype" => {
            let names = subject::type_names(target);
            let full = names.first().cloned().unwrap_or_default();
            let short = full.rsplit('.').next().unwrap_or_default().to_owned();
            let bag = crate::clixml::PsObject::bag([("Name", PsValue::from(short)), ("FullName", PsValue::from(full))]);
            return Ok(bag.into());
        }
        "equals" => return Ok(PsValue::Bool(arguments.first().is_some_and(|other| order::equal(target, other)))),
        _ => {}
    }
    match target {
        PsValue::String(text) => on_text(&text.to_text(), &lower, arguments).unwrap_or_else(|| Err(unknown(name))),
        PsValue::DateTime(date) => on_date(*date, &lower, arguments).unwrap_or_else(|| Err(unknown(name))),
        PsValue::Guid(_) | PsValue::Version(_) | PsValue::Uri(_) => Err(unknown(name)),
        other => match subject::items(other) {
            Some(items) if lower == "contains" => Ok(PsValue::Bool(
                items.iter().any(|item| arguments.first().is_some_and(|wanted| order::equal(item, wanted))),
            )),
            Some(items) => {
                items.iter().map(|item| call(item, name, arguments)).collect::<Result<Vec<_>, _>>().map(list)
            }
            // An object that was read back has no methods.
            None => Err(Stop::Failed),
        },
    }
}

fn on_text(text: &str, name: &str, arguments: &[PsValue]) -> Option<Outcome> {
    let letters: Vec<char> = text.chars().collect();
    let argument = |at: usize| arguments.get(at).map(text::interpolated).unwrap_or_default();
    let place = |at: usize| arguments.get(at).and_then(order::number).and_then(|number| number.to_usize());
    let set = || -> Vec<char> {
        if arguments.is_empty() { vec![' ', '\t', '\n', '\r'] } else { argument(0).chars().collect() }
    };
    let part = |from: usize, to: usize| letters.get(from..to).map(|part| part.iter().collect::<String>());
    let string = |found: String| Ok(PsValue::from(found));
    let found = |at: Option<usize>| {
        let place = at.map_or(-1, |at| i32::try_from(text[..at].chars().count()).unwrap_or(-1));
        Ok(PsValue::I32(place))
    };
    let pad = || {
        let with = argument(1).chars().next().unwrap_or(' ');
        with.to_string().repeat(place(0).unwrap_or(0).min(10_000).saturating_sub(letters.len()))
    };
    Some(match name {
        "toupper" | "toupperinvariant" => string(text.to_uppercase()),
        "tolower" | "tolowerinvariant" => string(text.to_lowercase()),
        "trim" => string(text.trim_matches(set().as_slice()).to_owned()),
        "trimstart" => string(text.trim_start_matches(set().as_slice()).to_owned()),
        "trimend" => string(text.trim_end_matches(set().as_slice()).to_owned()),
        "substring" => {
            let from = place(0)?;
            let to = if arguments.len() > 1 { from.saturating_add(place(1)?) } else { letters.len() };
            part(from, to).map_or(Err(Stop::Failed), string)
        }
        "replace" => string(text.replace(&argument(0), &argument(1))),
        "contains" => Ok(PsValue::Bool(text.contains(&argument(0)))),
        "startswith" => Ok(PsValue::Bool(text.starts_with(&argument(0)))),
        "endswith" => Ok(PsValue::Bool(text.ends_with(&argument(0)))),
        "indexof" => found(text.find(&argument(0))),
        "lastindexof" => found(text.rfind(&argument(0))),
        "padleft" => string(format!("{}{text}", pad())),
        "padright" => string(format!("{text}{}", pad())),
        "insert" => match (part(0, place(0)?), part(place(0)?, letters.len())) {
            (Some(head), Some(tail)) => string(format!("{head}{}{tail}", argument(1))),
            _ => Err(Stop::Failed),
        },
        "remove" => {
            let from = place(0)?;
            let to = if arguments.len() > 1 { from.saturating_add(place(1)?) } else { letters.len() };
            match (part(0, from), part(to, letters.len())) {
                (Some(head), Some(tail)) => string(head + tail.as_str()),
                _ => Err(Stop::Failed),
            }
        }
        "split" => {
            let separators: Vec<char> =
                arguments.iter().flat_map(|one| text::interpolated(one).chars().collect::<Vec<_>>()).collect();
            let pieces = if separators.is_empty() {
                text.split([' ', '\t', '\n']).map(PsValue::from).collect()
            } else {
                text.split(separators.as_slice()).map(PsValue::from).collect()
            };
            Ok(list(pieces))
        }
        "tochararray" => Ok(list(text.encode_utf16().map(PsValue::Char).collect())),
        _ => return None,
    })
}

fn on_date(date: PsDateTime, name: &str, arguments: &[PsValue]) -> Option<Outcome> {
    let format =
        |format: &str| Ok(PsValue::from(text::format_value(&PsValue::DateTime(date), format, &Culture::EN_US)));
    let add = |ticks: i64| {
        let by = arguments.first().and_then(order::number)?;
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = ".NET adds a double of days")]
        let moved = date.ticks.checked_add((by * ticks as f64) as i64)?;
        Some(Ok(PsValue::DateTime(PsDateTime { ticks: moved, kind: date.kind })))
    };
    Some(match name {
        "toshortdatestring" => format("d"),
        "tolongdatestring" => format("D"),
        "toshorttimestring" => format("t"),
        "tolongtimestring" => format("T"),
        "adddays" => return add(PsDateTime::TICKS_PER_DAY),
        "addhours" => return add(3600 * PsDateTime::TICKS_PER_SECOND),
        "addminutes" => return add(60 * PsDateTime::TICKS_PER_SECOND),
        "addseconds" => return add(PsDateTime::TICKS_PER_SECOND),
        _ => return None,
    })
}

/// `[type]::Member`.
pub(super) fn static_member(type_name: &str, name: &str) -> Outcome {
    match (short(type_name).as_str(), name.to_ascii_lowercase().as_str()) {
        ("string", "empty") => Ok(PsValue::from("")),
        ("math", "pi") => Ok(PsValue::F64(std::f64::consts::PI)),
        ("int" | "int32", "maxvalue") => Ok(PsValue::I32(i32::MAX)),
        ("environment", "newline") => Ok(PsValue::from("\n")),
        _ => Err(unknown(&format!("[{type_name}]::{name}"))),
    }
}

fn short(type_name: &str) -> String {
    let lower = type_name.to_ascii_lowercase();
    lower.strip_prefix("system.").unwrap_or(&lower).to_owned()
}

/// `[type]::Method(…)`.
pub(super) fn static_call(type_name: &str, name: &str, arguments: &[PsValue]) -> Outcome {
    let method = name.to_ascii_lowercase();
    let argument = |at: usize| arguments.get(at).map(text::interpolated).unwrap_or_default();
    match (short(type_name).as_str(), method.as_str()) {
        ("math", _) => math(&method, arguments).unwrap_or_else(|| Err(unknown(name))),
        ("string", "isnullorempty") => Ok(PsValue::Bool(argument(0).is_empty())),
        ("string", "isnullorwhitespace") => Ok(PsValue::Bool(argument(0).trim().is_empty())),
        ("string", "join") => {
            let items = match arguments {
                [_, only] => subject::items(only).unwrap_or_else(|| vec![only.clone()]),
                _ => arguments.get(1..).unwrap_or_default().to_vec(),
            };
            Ok(PsValue::string(items.iter().map(text::interpolated).collect::<Vec<_>>().join(&argument(0))))
        }
        ("string", "format") => {
            let values = arguments.get(1..).unwrap_or_default();
            text::composite(&argument(0), values, &Culture::EN_US).map(PsValue::from).ok_or(Stop::Failed)
        }
        _ => Err(unknown(&format!("[{type_name}]::{name}"))),
    }
}

fn math(name: &str, arguments: &[PsValue]) -> Option<Outcome> {
    let first = arguments.first()?;
    let number = order::number(first)?;
    let both = || Some((number, arguments.get(1).and_then(order::number)?));
    Some(Ok(match (name, first) {
        ("round", PsValue::Decimal(exact)) => {
            let places = arguments.get(1).and_then(order::number).and_then(|places| places.to_u32()).unwrap_or(0);
            PsValue::Decimal(exact.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven))
        }
        ("round", _) => {
            let places = arguments.get(1).and_then(order::number).and_then(|places| places.to_i32()).unwrap_or(0);
            let power = 10f64.powi(places.clamp(0, 15));
            PsValue::F64(if number.abs() < 1e16 { (number * power).round_ties_even() / power } else { number })
        }
        ("floor", _) => PsValue::F64(number.floor()),
        ("ceiling", _) => PsValue::F64(number.ceil()),
        ("truncate", _) => PsValue::F64(number.trunc()),
        ("sqrt", _) => PsValue::F64(number.sqrt()),
        ("pow", _) => PsValue::F64(both()?.0.powf(both()?.1)),
        ("abs", _) if number < 0.0 => return Some(operators::arithmetic("-", &PsValue::I32(0), first)),
        ("abs", _) => first.clone(),
        ("max", _) => {
            if both()?.1 > number {
                arguments[1].clone()
            } else {
                first.clone()
            }
        }
        ("min", _) => {
            if both()?.1 < number {
                arguments[1].clone()
            } else {
                first.clone()
            }
        }
        _ => return None,
    }))
}

/// `[type]value`.
pub(super) fn cast(type_name: &str, value: &PsValue) -> Outcome {
    let numeric = || {
        let text = match value {
            PsValue::Null => return Ok(PsValue::I32(0)),
            PsValue::String(text) => text.to_text().into_owned(),
            PsValue::Object(_) => text::interpolated(value),
            other => return Ok(other.clone()),
        };
        operators::parse_number(&text).ok_or(Stop::Failed)
    };
    let float = || numeric().and_then(|value| order::number(&value).ok_or(Stop::Failed));
    let whole = || float().map(f64::round_ties_even);
    match short(type_name).as_str() {
        "string" => Ok(PsValue::string(text::interpolated(value))),
        "bool" | "boolean" => Ok(PsValue::Bool(subject::is_true(value))),
        "int" | "int32" => whole()?.to_i32().map(PsValue::I32).ok_or(Stop::Failed),
        "long" | "int64" => match order::decimal(&numeric()?) {
            Some(exact) => exact.to_i64().map(PsValue::I64).ok_or(Stop::Failed),
            None => whole()?.to_i64().map(PsValue::I64).ok_or(Stop::Failed),
        },
        "double" | "float" | "single" => float().map(PsValue::F64),
        "decimal" => match order::decimal(&numeric()?) {
            Some(exact) => Ok(PsValue::Decimal(exact)),
            None => rust_decimal::Decimal::from_f64_retain(float()?)
                .map(|exact| PsValue::Decimal(exact.round_sf(15).unwrap_or(exact).normalize()))
                .ok_or(Stop::Failed),
        },
        "array" | "object[]" => Ok(list(subject::items(value).unwrap_or_else(|| vec![value.clone()]))),
        _ => Err(unknown(&format!("[{type_name}]"))),
    }
}
