//! Operators: arithmetic that widens as it must, comparisons that ignore case, text operators.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};

use super::evaluate::{Outcome, Stop, list, unknown};
use crate::catalog::bind;
use crate::clixml::{Base, PsTimeSpan, PsValue};
use crate::render::names;
use crate::render::order;
use crate::render::subject::{self, is_true};
use crate::render::text::{self, Culture};

pub(super) fn unary(name: &str, value: &PsValue) -> Outcome {
    Ok(match name {
        "not" | "!" => PsValue::Bool(!is_true(value)),
        "-" => arithmetic("-", &PsValue::I32(0), value)?,
        "+" => arithmetic("+", &PsValue::I32(0), value)?,
        "," => list(vec![value.clone()]),
        "join" => PsValue::string(joined(value, "")),
        "split" => split(value, &PsValue::from(r"\s+"))?,
        other => return Err(unknown(other)),
    })
}

pub(super) fn binary(name: &str, left: &PsValue, right: &PsValue) -> Outcome {
    let truth = |truth: bool| Ok(PsValue::Bool(truth));
    let contains = |list: &PsValue, wanted: &PsValue| {
        subject::items(list).unwrap_or_else(|| vec![list.clone()]).iter().any(|item| order::equal(item, wanted))
    };
    let text = text::interpolated;
    match name {
        "+" | "-" | "*" | "/" | "%" => arithmetic(name, left, right),
        "xor" => truth(is_true(left) != is_true(right)),
        "f" => {
            let values = subject::items(right).unwrap_or_else(|| vec![right.clone()]);
            text::composite(&text(left), &values, &Culture::EN_US).map(PsValue::from).ok_or(Stop::Failed)
        }
        "contains" => truth(contains(left, right)),
        "notcontains" => truth(!contains(left, right)),
        "in" => truth(contains(right, left)),
        "notin" => truth(!contains(right, left)),
        "join" => Ok(PsValue::string(joined(left, &text(right)))),
        "split" => split(left, right),
        "replace" => replace(left, right),
        ".." => range(left, right),
        _ => match subject::items(left).filter(|_| compares(name, left, left).is_some()) {
            // A list on the left gives its items for which it holds.
            Some(items) => {
                Ok(list(items.into_iter().filter(|item| compares(name, item, right) == Some(true)).collect()))
            }
            None => compares(name, left, right).map_or_else(|| Err(unknown(&format!("-{name}"))), truth),
        },
    }
}

fn compares(name: &str, left: &PsValue, right: &PsValue) -> Option<bool> {
    let right = &same_kind(left, right);
    let order = || order::compare(left, right);
    let text = text::interpolated;
    let exact = || text(left) == text(right);
    let pattern = |insensitive: bool| {
        let flags = if insensitive { "(?i)" } else { "" };
        fancy_regex::Regex::new(&format!("{flags}{}", text(right))).ok()?.is_match(&text(left)).ok()
    };
    Some(match name {
        "eq" | "ieq" => order::equal(left, right),
        "ne" | "ine" => !order::equal(left, right),
        "ceq" => exact(),
        "cne" => !exact(),
        "gt" => order() == Ordering::Greater,
        "ge" => order() != Ordering::Less,
        "lt" => order() == Ordering::Less,
        "le" => order() != Ordering::Greater,
        "like" | "ilike" => names::matches(&text(right), &text(left)),
        "notlike" => !names::matches(&text(right), &text(left)),
        "match" | "imatch" => pattern(true)?,
        "notmatch" => !pattern(true)?,
        "cmatch" => pattern(false)?,
        _ => return None,
    })
}

/// The right side as the left side's type where that is a number.
fn same_kind(left: &PsValue, right: &PsValue) -> PsValue {
    match (order::number(left), right) {
        (Some(_), PsValue::String(text)) => parse_number(&text.to_text()).unwrap_or_else(|| right.clone()),
        _ => right.clone(),
    }
}

/// A text as a number, as PowerShell converts it.
pub(super) fn parse_number(text: &str) -> Option<PsValue> {
    if text.trim().is_empty() { Some(PsValue::I32(0)) } else { bind::parse_number(text) }
}

pub(super) fn arithmetic(name: &str, left: &PsValue, right: &PsValue) -> Outcome {
    if name == "+" {
        if let Some(mut items) = subject::items(left) {
            items.extend(subject::items(right).unwrap_or_else(|| vec![right.clone()]));
            return Ok(list(items));
        }
        if matches!(left, PsValue::String(_) | PsValue::Char(_)) {
            return Ok(PsValue::string(text::interpolated(left) + text::interpolated(right).as_str()));
        }
    }
    if let (PsValue::String(text), "*", Some(count)) = (left, name, order::number(right)) {
        let count = count.to_usize().filter(|count| *count <= 100_000).ok_or(Stop::Failed)?;
        return Ok(PsValue::string(text.to_text().repeat(count)));
    }
    if let Some(result) = moments(name, left, right) {
        return Ok(result);
    }
    let number = |value: &PsValue| match value {
        PsValue::Null => Some(PsValue::I32(0)),
        PsValue::String(text) => parse_number(&text.to_text()),
        PsValue::Object(object) => match object.base() {
            Base::Value(inner) => Some(inner),
            _ => None,
        },
        other => Some(other.clone()),
    };
    let (left, right) = (number(left).ok_or(Stop::Failed)?, number(right).ok_or(Stop::Failed)?);
    let exact = matches!((&left, &right), (PsValue::Decimal(_), _) | (_, PsValue::Decimal(_)));
    match (order::decimal(&left), order::decimal(&right)) {
        (Some(a), Some(b)) if exact => decimals(name, a, b).map(PsValue::Decimal).ok_or(Stop::Failed),
        (Some(a), Some(b)) => wholes(name, a, b, &left, &right),
        _ => {
            let (a, b) = (order::number(&left).ok_or(Stop::Failed)?, order::number(&right).ok_or(Stop::Failed)?);
            Ok(PsValue::F64(match name {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                _ => a % b,
            }))
        }
    }
}

fn decimals(name: &str, a: Decimal, b: Decimal) -> Option<Decimal> {
    match name {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        _ => a.checked_rem(b),
    }
}

/// Whole numbers: the wider type of the two, a double when the result is no whole number or too large.
fn wholes(name: &str, a: Decimal, b: Decimal, left: &PsValue, right: &PsValue) -> Outcome {
    if b.is_zero() && matches!(name, "/" | "%") {
        return Err(Stop::Failed);
    }
    let result = decimals(name, a, b).ok_or(Stop::Failed)?;
    let wide = |value: &PsValue| matches!(value, PsValue::I64(_) | PsValue::U64(_) | PsValue::U32(_));
    if !result.fract().is_zero() {
        let (a, b) = (a.to_f64().unwrap_or(0.0), b.to_f64().unwrap_or(1.0));
        return Ok(PsValue::F64(a / b));
    }
    let float = || PsValue::F64(result.to_f64().unwrap_or(f64::NAN));
    Ok(if wide(left) || wide(right) {
        result.to_i64().map_or_else(float, PsValue::I64)
    } else {
        result.to_i32().map_or_else(float, PsValue::I32)
    })
}

/// Dates and spans.
fn moments(name: &str, left: &PsValue, right: &PsValue) -> Option<PsValue> {
    match (left, name, right) {
        (PsValue::DateTime(a), "-", PsValue::DateTime(b)) => {
            Some(PsValue::TimeSpan(PsTimeSpan { ticks: a.ticks - b.ticks }))
        }
        (PsValue::DateTime(a), "-", PsValue::TimeSpan(b)) => {
            Some(PsValue::DateTime(crate::clixml::PsDateTime { ticks: a.ticks.checked_sub(b.ticks)?, kind: a.kind }))
        }
        (PsValue::DateTime(a), "+", PsValue::TimeSpan(b)) => {
            Some(PsValue::DateTime(crate::clixml::PsDateTime { ticks: a.ticks.checked_add(b.ticks)?, kind: a.kind }))
        }
        (PsValue::TimeSpan(a), "+", PsValue::TimeSpan(b)) => {
            Some(PsValue::TimeSpan(PsTimeSpan { ticks: a.ticks.checked_add(b.ticks)? }))
        }
        (PsValue::TimeSpan(a), "-", PsValue::TimeSpan(b)) => {
            Some(PsValue::TimeSpan(PsTimeSpan { ticks: a.ticks.checked_sub(b.ticks)? }))
        }
        _ => None,
    }
}

fn joined(value: &PsValue, separator: &str) -> String {
    let items = subject::items(value).unwrap_or_else(|| vec![value.clone()]);
    items.iter().map(text::interpolated).collect::<Vec<_>>().join(separator)
}

fn split(value: &PsValue, pattern: &PsValue) -> Outcome {
    let pattern = regex::Regex::new(&format!("(?i){}", text::interpolated(pattern))).map_err(|_| Stop::Failed)?;
    let texts: Vec<String> =
        subject::items(value).unwrap_or_else(|| vec![value.clone()]).iter().map(text::interpolated).collect();
    Ok(list(texts.iter().flat_map(|text| pattern.split(text)).map(PsValue::from).collect()))
}

fn replace(value: &PsValue, right: &PsValue) -> Outcome {
    let arguments = subject::items(right).unwrap_or_else(|| vec![right.clone()]);
    let mut texts = arguments.iter().map(text::interpolated);
    let pattern = texts.next().unwrap_or_default();
    let by = texts.next().unwrap_or_default();
    let pattern = fancy_regex::Regex::new(&format!("(?i){pattern}")).map_err(|_| Stop::Failed)?;
    let one = |item: &PsValue| PsValue::from(pattern.replace_all(&text::interpolated(item), by.as_str()).into_owned());
    Ok(match subject::items(value) {
        Some(items) => list(items.iter().map(one).collect()),
        None => one(value),
    })
}

fn range(left: &PsValue, right: &PsValue) -> Outcome {
    let end = |value: &PsValue| order::number(value).and_then(|number| i32::from_f64(number.round_ties_even()));
    let (from, to) = (end(left).ok_or(Stop::Failed)?, end(right).ok_or(Stop::Failed)?);
    if from.abs_diff(to) > 100_000 {
        return Err(Stop::Failed);
    }
    let values: Vec<PsValue> = if from <= to {
        (from..=to).map(PsValue::I32).collect()
    } else {
        (to..=from).rev().map(PsValue::I32).collect()
    };
    Ok(list(values))
}
