//! Values of an objects file as they travel: each by the type that its column names.
//!
//! Which objects are given is decided in the file above.

use serde_json::Value;

use crate::catalog::bind::{parse_date, parse_time_span};
use crate::clixml::{Base, DateTimeKind, ListKind, PsDateTime, PsObject, PsValue, TypeNames};

/// One object with its columns as properties, in their order.
pub(super) fn object(data: &Value, object: &Value) -> PsValue {
    let columns = data.get("columns").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let values = object.get("values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let own = data.get("type_name").and_then(Value::as_str);
    let types = own.into_iter().chain(["System.Management.Automation.PSCustomObject", "System.Object"]);
    let mut builder = PsObject::builder().types(TypeNames::new(types));
    for (column, value) in columns.iter().zip(values) {
        if let (Some(name), Some(kind)) = (column.get(0).and_then(Value::as_str), column.get(1).and_then(Value::as_str))
        {
            builder = builder.extended(name.to_owned(), typed(kind, value));
        }
    }
    builder.build().into()
}

fn typed(kind: &str, value: &Value) -> PsValue {
    let text = value.as_str().unwrap_or_default();
    match (kind, value) {
        (_, Value::Null) => PsValue::Null,
        ("bool", _) => PsValue::Bool(value.as_bool().unwrap_or(false)),
        ("int", _) => PsValue::I32(value.as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or(0)),
        ("long", _) => PsValue::I64(value.as_i64().unwrap_or(0)),
        ("double", _) => PsValue::F64(value.as_f64().unwrap_or(0.0)),
        ("guid", _) => text.parse().map_or_else(|_| text.into(), PsValue::Guid),
        ("timespan", _) => parse_time_span(text).map_or(PsValue::Null, PsValue::TimeSpan),
        ("datetime", _) => date(text),
        ("bytes", _) => {
            let bytes = base64_simd::forgiving_decode_to_vec(text.as_bytes()).unwrap_or_default();
            PsValue::Bytes(bytes.into())
        }
        ("list", _) => list(value),
        ("size", _) => size(text),
        _ => value.as_str().map_or_else(|| value.to_string().into(), PsValue::from),
    }
}

fn list(value: &Value) -> PsValue {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let item = |item: &Value| match item.as_i64() {
        Some(number) => i32::try_from(number).map_or(PsValue::I64(number), PsValue::I32),
        None => item.as_str().unwrap_or_default().into(),
    };
    let items: Vec<PsValue> = items.iter().map(item).collect();
    PsObject::builder()
        .types(TypeNames::new(["System.Collections.ArrayList", "System.Object"]))
        .base(Base::List(ListKind::List, items.into()))
        .build()
        .into()
}

fn date(text: &str) -> PsValue {
    let plain = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00")).unwrap_or(text);
    let kind = if text.ends_with('Z') { DateTimeKind::Utc } else { DateTimeKind::Local { offset_minutes: 0 } };
    parse_date(plain, None, 0).map_or(PsValue::Null, |date| PsValue::DateTime(PsDateTime { kind, ..date }))
}

/// A size as Exchange has them: its text, `IsUnlimited`, and the `Value` within.
fn size(text: &str) -> PsValue {
    let is_unlimited = text.eq_ignore_ascii_case("unlimited");
    let value = PsObject::builder()
        .types(TypeNames::new(["Microsoft.Exchange.Data.ByteQuantifiedSize", "System.ValueType", "System.Object"]))
        .to_string_text(text)
        .build();
    PsObject::builder()
        .types(TypeNames::new([
            "Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data]]",
            "System.ValueType",
            "System.Object",
        ]))
        .to_string_text(text)
        .adapted("IsUnlimited", is_unlimited)
        .adapted("Value", if is_unlimited { PsValue::Null } else { value.into() })
        .build()
        .into()
}
