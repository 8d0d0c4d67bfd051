//! An organization made of canned objects: every cmdlet of the catalogue, answering from a file, its calls noted.
//!
//! For trying scripts out and for tests; nothing is changed by a call. The file's form is described with
//! `exsh sim --objects`.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};

use super::exchange::{Answer, Exchange, ExchangeCall};
use super::fault::Problem;
use super::text::{interpolated, to_string};
use super::value::{List, ListKind, Obj, V, lock};
use crate::catalog::{Catalog, Cmdlet};
use crate::clixml::{DateTimeKind, PsDateTime};
use crate::render::view::{Alignment, Control, Header, Item, Row, Source, TableControl, View};

/// Canned objects and the calls that asked for them.
pub struct Canned {
    cmdlets: Map<String, Value>,
    calls: Mutex<Vec<Value>>,
    sessions: Mutex<HashSet<String>>,
}

impl Canned {
    /// From the content of an objects file.
    ///
    /// # Errors
    /// When it is no such file.
    pub fn new(document: &Value) -> Result<Self, String> {
        let cmdlets = document.get("cmdlets").and_then(Value::as_object).ok_or("the file has no 'cmdlets'")?.clone();
        Ok(Self { cmdlets, calls: Mutex::default(), sessions: Mutex::default() })
    }

    /// The calls so far, as JSON objects.
    #[must_use]
    pub fn calls(&self) -> Vec<Value> {
        lock(&self.calls).clone()
    }

    fn entry(&self, name: &str) -> Option<(&Value, &Value)> {
        let find =
            |name: &str| self.cmdlets.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let own = find(name)?;
        match own.get("same_as").and_then(Value::as_str) {
            Some(other) => Some((own, find(other)?)),
            None => Some((own, own)),
        }
    }

    fn objects(&self, call: &ExchangeCall) -> Result<Vec<V>, Box<Problem>> {
        let get =
            |name: &str| call.parameters.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let listed = self.entry(&call.cmdlet);
        let lookup: Vec<&str> = listed
            .and_then(|(own, _)| own.get("lookup").and_then(Value::as_array))
            .map_or_else(|| vec!["Identity"], |names| names.iter().filter_map(Value::as_str).collect());
        let wanted = lookup.iter().find_map(|name| get(name).filter(|value| !value.is_null())).map(identity_text);
        if let Some(text) = wanted.as_ref().filter(|text| text.to_lowercase().starts_with("missing")) {
            return Err(Box::new(missing(text, &call.cmdlet)));
        }
        let Some((own, data)) = listed else { return Ok(Vec::new()) };
        let word = |key: &str| own.get(key).or_else(|| data.get(key)).and_then(Value::as_str);
        if let Some(value) = word("session").and_then(get)
            && !lock(&self.sessions).insert(to_string(value))
        {
            return Ok(Vec::new());
        }
        if let Some(page) = word("page").and_then(get).and_then(super::number::plain)
            && page.double() > 1.0
        {
            return Ok(Vec::new());
        }
        let objects = data.get("objects").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut found = picked(objects, wanted.as_deref());
        if let Some(limit) = get("ResultSize").and_then(super::number::plain).and_then(super::number::Num::long) {
            found.truncate(usize::try_from(limit).unwrap_or(0));
        }
        Ok(found.into_iter().map(|object| built(data, object)).collect())
    }
}

/// What a lookup value says: an object by its identity or name, a list joined.
fn identity_text(value: &V) -> String {
    match value {
        V::Obj(object) => object
            .note("Identity")
            .or_else(|| object.note("Name"))
            .map_or_else(|| interpolated(value), |found| interpolated(&found)),
        other => interpolated(other),
    }
}

fn picked<'a>(objects: &'a [Value], wanted: Option<&str>) -> Vec<&'a Value> {
    let keys = |object: &Value| -> Vec<String> {
        object
            .get("keys")
            .and_then(Value::as_array)
            .map(|keys| keys.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            .unwrap_or_default()
    };
    let Some(wanted) = wanted else { return objects.iter().collect() };
    let fits = |key: &String| {
        if wanted.contains('*') {
            super::compare::like(key, wanted, false)
        } else {
            key.to_lowercase() == wanted.to_lowercase()
        }
    };
    let found: Vec<&Value> = objects.iter().filter(|object| keys(object).iter().any(fits)).collect();
    if found.is_empty() && !wanted.contains('*') {
        let Some(first) = objects.first().map(keys) else { return found };
        return objects.iter().filter(|object| keys(object) == first).collect();
    }
    found
}

fn missing(text: &str, cmdlet: &str) -> Problem {
    Problem::new(
        format!("ObjectNotFound,{cmdlet}"),
        "NotSpecified",
        format!("The operation couldn't be performed because object '{text}' couldn't be found on 'dc01.contoso.com'."),
    )
    .exception("System.Management.Automation.RemoteException")
}

fn built(data: &Value, object: &Value) -> V {
    let columns = data.get("columns").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let values = object.get("values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let made = Obj::custom(columns.iter().zip(values).filter_map(|(column, value)| {
        let name = column.get(0)?.as_str()?;
        Some((name, typed(column.get(1)?.as_str()?, value)))
    }));
    let mut types: Vec<Arc<str>> = Vec::new();
    if let Some(name) = data.get("type_name").and_then(Value::as_str) {
        types.push(name.into());
    }
    types.push(super::value::CUSTOM_OBJECT.into());
    made.set_types(types);
    V::Obj(made)
}

fn typed(kind: &str, value: &Value) -> V {
    let text = value.as_str().unwrap_or_default();
    match (kind, value) {
        (_, Value::Null) => V::Null,
        ("bool", _) => V::Bool(value.as_bool().unwrap_or(false)),
        ("int", _) => V::Int(value.as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or(0)),
        ("long", _) => V::Long(value.as_i64().unwrap_or(0)),
        ("double", _) => V::Double(value.as_f64().unwrap_or(0.0)),
        ("guid", _) => text.parse().map_or(V::from(text), V::Guid),
        ("timespan", _) => crate::catalog::bind::parse_time_span(text).map_or(V::Null, V::Span),
        ("datetime", _) => date(text),
        ("bytes", _) => {
            super::statics::byte_array(&base64_simd::forgiving_decode_to_vec(text.as_bytes()).unwrap_or_default())
        }
        ("list", _) => {
            let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
            V::List(List::of(
                ListKind::ArrayList,
                items
                    .iter()
                    .map(|item| item.as_i64().map_or_else(|| V::from(item.as_str().unwrap_or_default()), V::integer))
                    .collect(),
            ))
        }
        ("size", _) => size(text),
        _ => value.as_str().map_or_else(|| V::from(value.to_string()), V::from),
    }
}

fn date(text: &str) -> V {
    let plain = text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00")).unwrap_or(text);
    let kind = if text.ends_with('Z') { DateTimeKind::Utc } else { DateTimeKind::Local { offset_minutes: 0 } };
    crate::catalog::bind::parse_date(plain, None, 0).map_or(V::Null, |date| V::Date(PsDateTime { kind, ..date }))
}

/// A size: its text, `IsUnlimited`, `Value` with the conversions; compared by bytes.
fn size(text: &str) -> V {
    let unlimited = text.eq_ignore_ascii_case("unlimited");
    let bytes = text
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(' '))
        .and_then(|(number, _)| number.replace(',', "").parse::<f64>().ok());
    let weight = if unlimited { f64::MAX } else { bytes.unwrap_or(0.0) };
    let value = Obj::with_types(["Exchange.ByteQuantifiedSize"], Vec::new()).with_text(text);
    value.set("__bytes", V::Double(weight));
    let whole = Obj::with_types(["Exchange.Unlimited"], Vec::new()).with_text(text);
    whole.set("IsUnlimited", V::Bool(unlimited));
    whole.set("Value", if unlimited { V::Null } else { V::Obj(value) });
    whole.set("__bytes", V::Double(weight));
    V::Obj(whole)
}

/// The table that a cmdlet's objects are shown as.
fn table(data: &Value) -> Option<View> {
    let name = data.get("type_name")?.as_str()?;
    let columns: Vec<&str> = data.get("view")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let cell = |column: &&str| Item {
        label: None,
        source: Source::Property((*column).into()),
        format: None,
        alignment: Alignment::Undefined,
        condition: None,
    };
    let row = Row { cells: columns.iter().map(cell).collect(), ..Row::default() };
    let header = |column: &&str| Header { label: Some((*column).into()), ..Header::default() };
    let control =
        TableControl { headers: columns.iter().map(header).collect(), rows: vec![row], ..TableControl::default() };
    Some(View {
        name: name.into(),
        type_names: vec![name.into()],
        group: None,
        control: Control::Table(control),
        out_of_band: false,
    })
}

impl Exchange for Canned {
    fn find(&self, name: &str) -> Option<Arc<Cmdlet>> {
        Catalog::built_in().find(name)
    }

    fn views(&self) -> Vec<View> {
        self.cmdlets.values().filter_map(table).collect()
    }

    fn run(&self, call: &ExchangeCall) -> Result<Answer, Box<Problem>> {
        lock(&self.calls).push(recorded(call));
        match self.objects(call) {
            Ok(output) => Ok(Answer { output, errors: Vec::new() }),
            Err(problem) => Ok(Answer { output: Vec::new(), errors: vec![*problem] }),
        }
    }
}

fn recorded(call: &ExchangeCall) -> Value {
    let parameters: Map<String, Value> =
        call.parameters.iter().map(|(name, value)| (name.clone(), canonical(value))).collect();
    let mut record = Map::new();
    record.insert("cmdlet".to_owned(), call.cmdlet.clone().into());
    record.insert("parameters".to_owned(), parameters.into());
    if call.from_pipeline {
        record.insert("pipeline".to_owned(), true.into());
        record.insert("piped".to_owned(), call.piped.clone().into());
    }
    record.into()
}

/// A value in the canonical form of recordings.
#[must_use]
pub fn canonical(value: &V) -> Value {
    let tagged = |tag: &str, value: Value| Value::Object(std::iter::once((tag.to_owned(), value)).collect());
    match value {
        V::Null | V::Nothing => Value::Null,
        V::Bool(truth) | V::Switch(truth) => (*truth).into(),
        V::Int(number) => (*number).into(),
        V::Long(number) => (*number).into(),
        V::Double(_) | V::Decimal(_) | V::Small(..) => number(value),
        V::Date(date) => {
            let kind = match date.kind {
                DateTimeKind::Unspecified => "Unspecified",
                DateTimeKind::Utc => "Utc",
                DateTimeKind::Local { .. } => "Local",
            };
            let plain = PsDateTime { kind: DateTimeKind::Unspecified, ..*date };
            serde_json::json!({ "date": crate::render::text::date_iso(plain), "kind": kind })
        }
        V::Span(_) => tagged("timespan", to_string(value).into()),
        V::Block(block) => tagged("script", block.text().into()),
        V::Hash(hash) => {
            let mut entries: Vec<(String, Value)> =
                hash.entries().iter().map(|(key, value)| (to_string(key), canonical(value))).collect();
            entries.sort_by_key(|(key, _)| key.to_lowercase());
            tagged("map", Value::Object(entries.into_iter().collect()))
        }
        V::List(list) if matches!(list.kind(), ListKind::Array(item) if &**item == "System.Byte") => {
            let bytes = super::text::bytes(&list.items());
            let hash: String = super::files::sha256(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            serde_json::json!({ "bytes": bytes.len(), "sha256": hash })
        }
        V::List(list) => list.items().iter().map(canonical).collect::<Vec<_>>().into(),
        V::Obj(object) if object.is("System.Management.Automation.PSCredential") => {
            tagged("credential", to_string(&object.note("UserName").unwrap_or_default()).into())
        }
        V::Obj(object) if object.is("System.Security.SecureString") => "secure".into(),
        V::Obj(object)
            if object.is("System.Uri")
                || object.is("System.Globalization.CultureInfo")
                || object.is("System.Net.IPAddress") =>
        {
            to_string(value).into()
        }
        V::Obj(object) if object.is("spelled") => canonical(&object.base()),
        V::Obj(object) => tagged(
            "object",
            object.note("Identity").map_or_else(|| interpolated(value), |found| interpolated(&found)).into(),
        ),
        other => to_string(other).into(),
    }
}

fn number(value: &V) -> Value {
    let found = super::number::plain(value).map_or(0.0, super::number::Num::double);
    #[expect(clippy::cast_possible_truncation, reason = "checked")]
    if found.fract() == 0.0 && found.abs() < 9e15 {
        return (found as i64).into();
    }
    serde_json::from_str(&to_string(value)).unwrap_or(Value::Null)
}
