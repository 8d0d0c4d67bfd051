//! Values become what a parameter's type wants, or the call fails, as recorded for each type.
//!
//! Not here: conversions on the server (sizes, identities, enumerations of Exchange): they travel as they are.

use std::sync::Arc;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use uuid::Uuid;

use crate::catalog::{CommonParameter, IntegerType, Name, Parameter, ValueType};
use crate::clixml::{Base, ListKind, PsDateTime, PsObject, PsString, PsTimeSpan, PsValue, PsVersion};

use super::date::{parse_date, parse_time_span};
use super::number::parse_number;
use super::text::{display, text_of};
use super::{BindProblem, Flavour, Given};

/// What a value is not; the caller knows the parameter.
enum Refusal {
    Kind(&'static str),
    Null,
}

/// The value of a parameter in its type.
pub(super) fn to_parameter(parameter: &Parameter, given: &Given, flavour: Flavour) -> Result<PsValue, BindProblem> {
    let target = parameter.value_type();
    // Those two belong to the shell, not to the function.
    let flavour = if matches!(&*parameter.name, "WhatIf" | "Confirm") { Flavour::Compiled } else { flavour };
    let result = if parameter.is_list() && target != ValueType::Bytes {
        to_list(target, given, flavour)
    } else {
        to_value(target, given, flavour)
    };
    result.map_err(|refusal| match refusal {
        Refusal::Kind(expected) => BindProblem::Conversion {
            parameter: parameter.name.clone(),
            expected,
            value: display(&given.value).into(),
            reason: None,
            id: match (flavour, target) {
                (Flavour::Function | Flavour::Simple, _) => "ParameterArgumentTransformationError",
                (Flavour::Compiled, ValueType::Bool | ValueType::Switch) => "CannotConvertArgument",
                (Flavour::Compiled, _) => "CannotConvertArgumentNoMessage",
            },
        },
        Refusal::Null => BindProblem::Null {
            parameter: parameter.name.clone(),
            id: match (flavour, target) {
                (Flavour::Function | Flavour::Simple, _) => "ParameterArgumentTransformationError",
                (Flavour::Compiled, ValueType::Bool) => "ParameterArgumentValidationErrorNullNotAllowed",
                (Flavour::Compiled, _) => "ParameterBindingFailed",
            },
        },
    })
}

/// A required parameter takes no null, and, by its type, no empty text and no empty list.
pub(super) fn refuse_empty(parameter: &Parameter, value: &PsValue) -> Result<(), BindProblem> {
    if parameter.required_in.is_empty() {
        return Ok(());
    }
    let name = || parameter.name.clone();
    let one = |value: &PsValue| match value {
        PsValue::Null => {
            Err(BindProblem::Null { parameter: name(), id: "ParameterArgumentValidationErrorNullNotAllowed" })
        }
        PsValue::String(text) if text.is_empty() && parameter.value_type() == ValueType::String => {
            Err(BindProblem::EmptyString { parameter: name() })
        }
        _ => Ok(()),
    };
    if parameter.is_list() {
        match items(value) {
            Some(items) if items.is_empty() => {
                return Err(BindProblem::EmptyList { parameter: name(), is_array: true });
            }
            Some(items) => return items.iter().try_for_each(one),
            None => {}
        }
    }
    one(value)
}

/// Whether a value is of the parameter's type as it is.
pub(super) fn is_instance(parameter: &Parameter, value: &PsValue) -> bool {
    let target = parameter.value_type();
    if parameter.is_list() && target != ValueType::Bytes {
        return match items(value) {
            Some(items) => is_array(value) && items.iter().all(|item| is_of_type(target, item)),
            None => is_of_type(target, value),
        };
    }
    is_of_type(target, value)
}

fn is_of_type(target: ValueType, value: &PsValue) -> bool {
    match target {
        ValueType::Object => true,
        ValueType::Switch => false,
        ValueType::String => matches!(value, PsValue::String(_)),
        ValueType::Bool => matches!(value, PsValue::Bool(_)),
        ValueType::Integer(kind) => integer_kind(value) == Some(kind),
        ValueType::Double => matches!(value, PsValue::F64(_)),
        ValueType::Guid => matches!(value, PsValue::Guid(_)),
        ValueType::Uri => matches!(value, PsValue::Uri(_)),
        ValueType::Version => matches!(value, PsValue::Version(_)),
        ValueType::DateTime => matches!(value, PsValue::DateTime(_)),
        ValueType::TimeSpan => matches!(value, PsValue::TimeSpan(_)),
        ValueType::DateTimeOffset | ValueType::CultureInfo | ValueType::IpAddress => false,
        ValueType::Credential => has_type(value, "PSCredential"),
        ValueType::SecureString => matches!(value, PsValue::SecureString(_)),
        ValueType::Bytes => matches!(value, PsValue::Bytes(_)),
        ValueType::Hashtable => is_dictionary(value),
        ValueType::ScriptBlock => matches!(value, PsValue::ScriptBlock(_)),
    }
}

fn integer_kind(value: &PsValue) -> Option<IntegerType> {
    match value {
        PsValue::U8(_) => Some(IntegerType::U8),
        PsValue::I16(_) => Some(IntegerType::I16),
        PsValue::U16(_) => Some(IntegerType::U16),
        PsValue::I32(_) => Some(IntegerType::I32),
        PsValue::U32(_) => Some(IntegerType::U32),
        PsValue::I64(_) => Some(IntegerType::I64),
        PsValue::U64(_) => Some(IntegerType::U64),
        _ => None,
    }
}

fn to_value(target: ValueType, given: &Given, flavour: Flavour) -> Result<PsValue, Refusal> {
    let value = unwrapped(&given.value);
    if is_of_type(target, &value) {
        return Ok(if target == ValueType::Object { given.value.clone() } else { value });
    }
    let text = match &value {
        PsValue::String(text) => Some(text.to_text()),
        _ => None,
    };
    match target {
        ValueType::Object => Ok(value),
        ValueType::String => to_string(given, &value, flavour),
        ValueType::Switch | ValueType::Bool => to_bool(target, &value, flavour),
        ValueType::Integer(kind) => to_integer(kind, &value, flavour),
        ValueType::Double => match &value {
            PsValue::Null if flavour == Flavour::Compiled => Err(Refusal::Null),
            other => to_double(other).map(PsValue::F64).ok_or(Refusal::Kind("a number")),
        },
        ValueType::Guid => match text.map(|text| text.trim().parse::<Uuid>()) {
            Some(Ok(guid)) => Ok(PsValue::Guid(guid)),
            _ => Err(Refusal::Kind("a GUID")),
        },
        ValueType::Uri => match (&value, text) {
            (PsValue::Null, _) => Ok(PsValue::Null),
            (_, Some(text)) => Ok(PsValue::Uri(PsString::from(text.as_ref()))),
            _ => Err(Refusal::Kind("a URI")),
        },
        ValueType::Version => match (&value, text.and_then(|text| text.parse::<PsVersion>().ok())) {
            (PsValue::Null, _) => Ok(PsValue::Null),
            (_, Some(version)) => Ok(PsValue::Version(version)),
            _ => Err(Refusal::Kind("a version such as 15.0.1")),
        },
        ValueType::DateTime | ValueType::DateTimeOffset => to_date(target, &value, text.as_deref()),
        ValueType::TimeSpan => match (&value, text) {
            (PsValue::Null, _) => Err(Refusal::Null),
            (_, Some(text)) => {
                parse_time_span(&text).map(PsValue::TimeSpan).ok_or(Refusal::Kind("a span of time such as 1.12:00:00"))
            }
            (other, None) => to_whole(other)
                .and_then(|ticks| i64::try_from(ticks).ok())
                .map(|ticks| PsValue::TimeSpan(PsTimeSpan { ticks }))
                .ok_or(Refusal::Kind("a span of time such as 1.12:00:00")),
        },
        ValueType::CultureInfo => match (&value, text) {
            (PsValue::Null, _) => Ok(PsValue::Null),
            (_, Some(text)) => culture(&text).map(PsValue::from).ok_or(Refusal::Kind("a culture such as en-US")),
            (PsValue::Object(object), None) if has_type(&value, "CultureInfo") => {
                Ok(object.get("Name").unwrap_or_else(|| value.clone()))
            }
            _ => Err(Refusal::Kind("a culture such as en-US")),
        },
        ValueType::IpAddress => match (&value, text.map(|text| text.trim().parse::<core::net::IpAddr>())) {
            (PsValue::Null, _) => Ok(PsValue::Null),
            (_, Some(Ok(address))) => Ok(address.to_string().into()),
            _ => Err(Refusal::Kind("an IP address")),
        },
        ValueType::Bytes => to_bytes(&value),
        _ if value.is_null() => Ok(PsValue::Null),
        ValueType::Credential => Err(Refusal::Kind("a credential")),
        ValueType::SecureString => Err(Refusal::Kind("a secure string")),
        ValueType::Hashtable => Err(Refusal::Kind("a table of keys and values")),
        ValueType::ScriptBlock => Err(Refusal::Kind("a script block")),
    }
}

fn to_list(target: ValueType, given: &Given, flavour: Flavour) -> Result<PsValue, Refusal> {
    let value = unwrapped(&given.value);
    if value.is_null() {
        return Ok(PsValue::Null);
    }
    let element = |item: &PsValue| to_value(target, &Given::from(item.clone()), flavour);
    let converted: Vec<PsValue> = match items(&value) {
        Some(items) => items.iter().map(element).collect::<Result<_, _>>()?,
        None => vec![to_value(target, given, flavour)?],
    };
    Ok(list(converted))
}

fn to_string(given: &Given, value: &PsValue, flavour: Flavour) -> Result<PsValue, Refusal> {
    if let Some(spelling) = &given.spelling {
        return Ok(PsValue::String(spelling.clone()));
    }
    match (value, flavour) {
        (PsValue::Null, Flavour::Compiled) => Ok(PsValue::Null),
        // Arrays are refused; other lists, which multi-valued properties are, join with spaces in a function.
        (other, _) if items(other).is_some() && (is_array(other) || flavour == Flavour::Compiled) => {
            Err(Refusal::Kind("one text"))
        }
        (PsValue::Bytes(_), _) => Err(Refusal::Kind("one text")),
        (other, _) => Ok(text_of(other).into()),
    }
}

fn to_bool(target: ValueType, value: &PsValue, flavour: Flavour) -> Result<PsValue, Refusal> {
    match value {
        PsValue::Bool(_) => Ok(value.clone()),
        PsValue::Null if target == ValueType::Switch => Ok(PsValue::Bool(flavour == Flavour::Compiled)),
        PsValue::Null => Err(Refusal::Null),
        PsValue::String(_) => Err(Refusal::Kind("true or false")),
        other => to_double(other).map(|number| PsValue::Bool(number != 0.0)).ok_or(Refusal::Kind("true or false")),
    }
}

fn to_integer(kind: IntegerType, value: &PsValue, flavour: Flavour) -> Result<PsValue, Refusal> {
    if value.is_null() && flavour == Flavour::Compiled {
        return Err(Refusal::Null);
    }
    let refusal = Refusal::Kind("a whole number");
    let Some(whole) = to_whole(value) else { return Err(refusal) };
    let converted = match kind {
        IntegerType::U8 => u8::try_from(whole).map(PsValue::U8).ok(),
        IntegerType::I16 => i16::try_from(whole).map(PsValue::I16).ok(),
        IntegerType::U16 => u16::try_from(whole).map(PsValue::U16).ok(),
        IntegerType::I32 => i32::try_from(whole).map(PsValue::I32).ok(),
        IntegerType::U32 => u32::try_from(whole).map(PsValue::U32).ok(),
        IntegerType::I64 => i64::try_from(whole).map(PsValue::I64).ok(),
        IntegerType::U64 => u64::try_from(whole).map(PsValue::U64).ok(),
    };
    converted.ok_or(refusal)
}

/// A whole number: halves go to the even neighbour; null and empty text are 0.
fn to_whole(value: &PsValue) -> Option<i128> {
    let from_float = |number: f64| {
        let rounded = number.round_ties_even();
        #[allow(clippy::cast_possible_truncation)] // the range is checked
        (rounded.abs() < 1e30).then_some(rounded as i128)
    };
    match value {
        PsValue::Null => Some(0),
        PsValue::Bool(value) => Some(i128::from(*value)),
        PsValue::Char(unit) => Some(i128::from(*unit)),
        PsValue::F32(number) => from_float(f64::from(*number)),
        PsValue::F64(number) => from_float(*number),
        PsValue::Decimal(number) => {
            number.round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointNearestEven).to_i128()
        }
        PsValue::String(text) if text.to_text().trim().is_empty() => Some(0),
        PsValue::String(text) => {
            let text = text.to_text();
            parse_number(&text).or_else(|| parse_number(&without_grouping(&text)?)).as_ref().and_then(to_whole)
        }
        PsValue::Object(object) => match object.base() {
            Base::Value(value) => to_whole(&value),
            _ => None,
        },
        other => other.as_integer(),
    }
}

/// `1,234` without its commas, which only stand between digits before the point.
fn without_grouping(text: &str) -> Option<String> {
    let whole = text.split('.').next().unwrap_or(text);
    let is_grouped = whole.contains(',') && text.bytes().all(|byte| byte.is_ascii_digit() || b",.+- ".contains(&byte));
    (is_grouped && !text[whole.len()..].contains(',')).then(|| text.replace(',', ""))
}

fn to_double(value: &PsValue) -> Option<f64> {
    match value {
        PsValue::F32(number) => Some(f64::from(*number)),
        PsValue::F64(number) => Some(*number),
        PsValue::Decimal(number) => Decimal::to_f64(number),
        PsValue::String(text) if !text.to_text().trim().is_empty() => {
            parse_number(&text.to_text()).as_ref().and_then(to_double)
        }
        #[allow(clippy::cast_precision_loss)] // as .NET does
        other => to_whole(other).map(|whole| whole as f64),
    }
}

fn to_date(target: ValueType, value: &PsValue, text: Option<&str>) -> Result<PsValue, Refusal> {
    let refusal = Refusal::Kind("a date, month first");
    match (value, text) {
        (PsValue::Null, _) => Err(Refusal::Null),
        (PsValue::DateTime(date), _) if target == ValueType::DateTimeOffset => Ok(PsValue::DateTime(*date)),
        (_, Some(text)) => parse_date(text, None, 0).map(PsValue::DateTime).ok_or(refusal),
        (PsValue::I32(_) | PsValue::I64(_), None) => to_whole(value)
            .and_then(|ticks| i64::try_from(ticks).ok())
            .filter(|ticks| (0..=PsDateTime::TICKS_MAX).contains(ticks))
            .map(|ticks| PsValue::DateTime(PsDateTime { ticks, kind: crate::clixml::DateTimeKind::Unspecified }))
            .ok_or(refusal),
        _ => Err(refusal),
    }
}

fn to_bytes(value: &PsValue) -> Result<PsValue, Refusal> {
    let byte = |item: &PsValue| match item {
        PsValue::U8(byte) => Some(*byte),
        other => to_whole(other).and_then(|whole| u8::try_from(whole).ok()),
    };
    if value.is_null() {
        return Ok(PsValue::Null);
    }
    let bytes: Option<Vec<u8>> = match items(value) {
        Some(items) => items.iter().map(byte).collect(),
        None => byte(value).map(|byte| vec![byte]),
    };
    bytes.map(|bytes| PsValue::Bytes(Arc::from(bytes))).ok_or(Refusal::Kind("bytes"))
}

/// `EN-us` is en-US, `zh-hans-cn` is zh-Hans-CN.
fn culture(name: &str) -> Option<String> {
    let mut parts = name.trim().split('-');
    let language = parts.next().filter(|part| (2..=8).contains(&part.len()))?;
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return None;
    }
    let mut normal = language.to_ascii_lowercase();
    for part in parts {
        normal.push('-');
        match part.len() {
            2 | 3 => normal.push_str(&part.to_ascii_uppercase()),
            4 => {
                let (first, rest) = part.split_at(1);
                normal.push_str(&first.to_ascii_uppercase());
                normal.push_str(&rest.to_ascii_lowercase());
            }
            0 => return None,
            _ => normal.push_str(part),
        }
    }
    Some(normal)
}

/// The value of a parameter that every cmdlet has.
pub(super) fn common(parameter: &CommonParameter, given: &Given) -> Result<PsValue, BindProblem> {
    let refused = |expected| BindProblem::Conversion {
        parameter: Name::Borrowed(parameter.name),
        expected,
        value: display(&given.value).into(),
        id: "CannotConvertArgumentNoMessage",
        reason: None,
    };
    let value = unwrapped(&given.value);
    if parameter.is_switch {
        return to_bool(ValueType::Switch, &value, Flavour::Compiled).map_err(|_| refused("true or false"));
    }
    if value.is_null() && (parameter.name.ends_with("Action") || parameter.name == "OutBuffer") {
        return Err(BindProblem::Null { parameter: Name::Borrowed(parameter.name), id: "ParameterBindingFailed" });
    }
    if parameter.name.ends_with("Action") {
        return preference(&value)
            .map(PsValue::from)
            .ok_or_else(|| refused("one of Continue, SilentlyContinue, Stop, Inquire, Ignore"));
    }
    if parameter.name == "OutBuffer" {
        let count = to_whole(&value).and_then(|whole| i32::try_from(whole).ok());
        return count.map(PsValue::I32).ok_or_else(|| refused("a whole number"));
    }
    Ok(text_of(&value).into())
}

/// `ActionPreference`, by name, beginning of a name or number.
fn preference(value: &PsValue) -> Option<&'static str> {
    const NAMES: [&str; 7] = ["SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore", "Suspend", "Break"];
    let text = match value {
        PsValue::String(text) => text.to_text().into_owned(),
        PsValue::Object(object) => object.to_string_text()?.to_text().into_owned(),
        number => return NAMES.get(usize::try_from(to_whole(number)?).ok()?).copied(),
    };
    if let Ok(index) = text.trim().parse::<usize>() {
        return NAMES.get(index).copied();
    }
    let wanted = text.trim().to_ascii_lowercase();
    let exact = NAMES.iter().find(|name| name.eq_ignore_ascii_case(&wanted));
    let mut begins = NAMES.iter().filter(|name| !wanted.is_empty() && name.to_ascii_lowercase().starts_with(&wanted));
    exact.or_else(|| begins.next().filter(|_| begins.next().is_none())).copied()
}

/// An object that is nothing but a decorated primitive counts as the primitive, a switch as whether it is on; an
/// enumeration, whose text is no number, stays what it is.
fn unwrapped(value: &PsValue) -> PsValue {
    let PsValue::Object(object) = value else { return value.clone() };
    if has_type(value, "SwitchParameter") {
        return object.get("IsPresent").unwrap_or(PsValue::Bool(false));
    }
    match object.base() {
        Base::Value(base) if !is_enumeration(object, &base) => base,
        _ => value.clone(),
    }
}

fn is_enumeration(object: &PsObject, base: &PsValue) -> bool {
    object.type_names().is_some_and(|types| types.contains("System.Enum"))
        || integer_kind(base).is_some() && object.to_string_text().is_some_and(|text| text.to_text() != text_of(base))
}

fn items(value: &PsValue) -> Option<Arc<[PsValue]>> {
    match value.as_object()?.base() {
        Base::List(_, items) => Some(items),
        _ => None,
    }
}

/// Whether a list is an array; one without type names is taken for one.
fn is_array(value: &PsValue) -> bool {
    let types = value.as_object().and_then(PsObject::type_names);
    types
        .is_none_or(|types| types.is_empty() || types.iter().any(|name| name.ends_with("[]") || name == "System.Array"))
}

fn is_dictionary(value: &PsValue) -> bool {
    value.as_object().is_some_and(|object| matches!(object.base(), Base::Dictionary(_)))
}

fn has_type(value: &PsValue, last: &str) -> bool {
    let types = value.as_object().and_then(PsObject::type_names);
    types.is_some_and(|types| types.iter().any(|name| name.rsplit('.').next() == Some(last)))
}

/// An array.
pub(super) fn list(items: Vec<PsValue>) -> PsValue {
    let types = crate::clixml::TypeNames::new(["System.Object[]", "System.Array", "System.Object"]);
    PsValue::Object(PsObject::builder().types(types).base(Base::List(ListKind::List, Arc::from(items))).build())
}
