//! A call as it is written down: one JSON object with the cmdlet and its parameters in canonical values.
//!
//! The form is that of shared/data/cmdlet-traces; nothing is written here.

use serde_json::{Map, Number, Value, json};
use sha2::Digest as _;

use crate::catalog::bind::{BoundCall, text_of};
use crate::clixml::{Base, DateTimeKind, PsDateTime, PsObject, PsValue};

/// A call in the form of recordings.
#[must_use]
pub fn recorded(call: &BoundCall, from_pipeline: bool) -> Value {
    let parameters: Map<String, Value> =
        call.parameters.iter().map(|bound| (bound.name.to_string(), canonical(&bound.value))).collect();
    let mut record = Map::new();
    record.insert("cmdlet".to_owned(), call.cmdlet.to_string().into());
    record.insert("parameters".to_owned(), parameters.into());
    if from_pipeline {
        let piped = call.parameters.iter().filter(|bound| bound.piped).map(|bound| bound.name.to_string());
        record.insert("pipeline".to_owned(), true.into());
        record.insert("piped".to_owned(), piped.collect::<Vec<_>>().into());
    }
    record.into()
}

/// A value in the canonical form of recordings.
#[must_use]
pub fn canonical(value: &PsValue) -> Value {
    match value {
        PsValue::Null => Value::Null,
        PsValue::Bool(truth) => (*truth).into(),
        PsValue::F32(_) | PsValue::F64(_) | PsValue::Decimal(_) => number(value),
        PsValue::DateTime(date) => {
            let kind = match date.kind {
                DateTimeKind::Unspecified => "Unspecified",
                DateTimeKind::Utc => "Utc",
                DateTimeKind::Local { .. } => "Local",
            };
            let plain = PsDateTime { kind: DateTimeKind::Unspecified, ..*date };
            json!({ "date": plain.to_string(), "kind": kind })
        }
        PsValue::TimeSpan(_) => json!({ "timespan": text_of(value) }),
        PsValue::ScriptBlock(text) => json!({ "script": text.to_text() }),
        PsValue::Bytes(bytes) => {
            let hash: String = sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            json!({ "bytes": bytes.len(), "sha256": hash })
        }
        PsValue::SecureString(_) => "secure".into(),
        PsValue::Object(object) => canonical_object(object, value),
        other => match other.as_integer() {
            Some(number) => Number::from_i128(number).map_or(Value::Null, Value::Number),
            None => text_of(other).into(),
        },
    }
}

/// Types whose values are recorded as their text.
const TEXTS: [&str; 4] =
    ["System.Uri", "System.Globalization.CultureInfo", "System.Net.IPAddress", "System.RuntimeType"];

fn canonical_object(object: &PsObject, value: &PsValue) -> Value {
    let is = |name: &str| object.type_names().is_some_and(|types| types.contains(name));
    if is("System.Management.Automation.SwitchParameter") {
        return object.get("IsPresent").as_ref().map_or(Value::Bool(false), canonical);
    }
    if is("System.Management.Automation.PSCredential") {
        let user = object.get("UserName").as_ref().map(text_of).unwrap_or_default();
        return json!({ "credential": user });
    }
    if is("System.Security.SecureString") {
        return "secure".into();
    }
    if TEXTS.iter().any(|name| is(name)) {
        return text_of(value).into();
    }
    match object.base() {
        Base::Dictionary(entries) => {
            let mut entries: Vec<(String, Value)> =
                entries.iter().map(|(key, value)| (text_of(key), canonical(value))).collect();
            entries.sort_by_key(|(key, _)| key.to_lowercase());
            json!({ "map": Value::Object(entries.into_iter().collect()) })
        }
        Base::List(_, items) => items.iter().map(canonical).collect::<Vec<_>>().into(),
        // An enumeration: a number with a name.
        Base::Value(_) if object.to_string_text().is_some() && object.properties().is_empty() => text_of(value).into(),
        Base::Value(inner) if object.properties().is_empty() => canonical(&inner),
        _ => {
            let identity = object.get("Identity").filter(|identity| !identity.is_null());
            json!({ "object": identity.as_ref().map_or_else(|| text_of(value), text_of) })
        }
    }
}

fn number(value: &PsValue) -> Value {
    let text = text_of(value);
    let found: f64 = text.parse().unwrap_or(0.0);
    if found.fract() == 0.0 && found.abs() < 9e15 {
        return (found as i64).into();
    }
    serde_json::from_str(&text).unwrap_or(Value::Null)
}
