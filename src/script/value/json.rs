//! Values as JSON for scripts: `x.to_json()`.
//!
//! All properties, numbers as numbers, typed values as the text they print.

use rhai::{Dynamic, Engine};
use serde_json::{Map, Number, Value};

use crate::clixml::{Base, PsValue};

use super::super::state::RhaiResult;
use super::{EnumValue, Record, RecordStream, Results, text_of, to_dynamic, values_of, whole_number};

/// How deep objects go before only their text is written.
const DEPTH_MAX: usize = 16;

/// Registers `to_json` for records, results, streams and arrays; Rhai has it for maps.
pub(super) fn register(engine: &mut Engine) {
    engine
        .register_fn("to_json", |record: &mut Record| to_json(&PsValue::Object(record.0.clone())).to_string())
        .register_fn("to_json", |results: &mut Results| {
            Value::Array(results.0.iter().map(to_json).collect()).to_string()
        })
        .register_fn("to_json", |stream: &mut RecordStream| all(Dynamic::from(stream.clone())))
        .register_fn("to_json", |array: &mut rhai::Array| all(array.clone().into()));
}

fn all(values: Dynamic) -> RhaiResult<String> {
    let values: Vec<Value> =
        values_of(values).map(|value| value.map(|value| to_json(&value))).collect::<RhaiResult<_>>()?;
    Ok(Value::Array(values).to_string())
}

/// A value as JSON.
pub(crate) fn to_json(value: &PsValue) -> Value {
    at_depth(value, 0)
}

fn at_depth(value: &PsValue, depth: usize) -> Value {
    if let Some(number) = whole_number(value) {
        return number.into();
    }
    match value {
        PsValue::Null => Value::Null,
        PsValue::Bool(truth) => (*truth).into(),
        PsValue::F64(number) => Number::from_f64(*number).map_or_else(|| number.to_string().into(), Value::Number),
        PsValue::Bytes(bytes) => bytes.iter().copied().map(Value::from).collect(),
        PsValue::U64(number) => (*number).into(),
        PsValue::String(text) => text.to_text().into_owned().into(), // text, even where a script sees a size
        PsValue::Decimal(number) => number.to_string().parse::<Number>().map_or(Value::Null, Value::Number),
        PsValue::Object(object) => match object.base() {
            Base::List(_, items) => items.iter().map(|item| at_depth(item, depth + 1)).collect(),
            Base::Value(_) if EnumValue::from_object(object).is_some() => text(value),
            Base::Value(inner) => at_depth(&inner, depth),
            _ => object_at(value, depth),
        },
        other => text(other),
    }
}

fn text(value: &PsValue) -> Value {
    text_of(&to_dynamic(value)).into()
}

fn object_at(value: &PsValue, depth: usize) -> Value {
    let seen = to_dynamic(value);
    let Some(record) = seen.read_lock::<Record>().filter(|_| depth < DEPTH_MAX) else { return text(value) };
    let names = record.names();
    if names.is_empty() {
        return text(value);
    }
    let entry = |name: String| {
        let value = record.get(&name).unwrap_or(PsValue::Null);
        (name, at_depth(&value, depth + 1))
    };
    names.into_iter().map(entry).collect::<Map<_, _>>().into()
}
