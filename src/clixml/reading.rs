//! Readings: what a document says, value by value, as JSON that two readers can compare.
//!
//! For checking and for `exsh inspect --reading`; what scripts and people see is made from the values themselves.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::text::{date_text, dictionary_type, in_string, progress_text, shown_type_names, to_string};
use super::write::{double, single};
use super::{Base, DateTimeKind, ListKind, Member, PsDateTime, PsObject, PsString, PsValue, SecureText, TypeNames};

/// Types that PowerShell brings back to life instead of keeping a bag of their properties.
const LIVE: [&str; 5] = [
    "System.Management.Automation.SwitchParameter",
    "System.Management.Automation.PSCredential",
    "System.Globalization.CultureInfo",
    "System.Net.IPAddress",
    "System.Net.Mail.MailAddress",
];

/// Decorated primitives are read anew wherever they stand; beyond so many times, without what they hold.
const REPEATED_MAX: usize = 10_000;

/// The reading of one value by itself.
#[must_use]
pub fn of(value: &PsValue) -> Value {
    Readings::default().reading(value)
}

/// The readings of one document: objects are numbered through all of it, one met again is `{"same": number}`.
#[derive(Debug, Default)]
pub struct Readings {
    numbers: HashMap<(usize, u32), usize>,
    /// How many numbers were given.
    containers: usize,
    /// Decorated primitives around the one at hand; they have no numbers, and may hold themselves.
    around: Vec<(usize, u32)>,
    /// How often one was read again with all it holds.
    repeated: usize,
    /// Keeps those objects alive, so that no other can take their addresses.
    held: Vec<PsObject>,
}

impl Readings {
    /// The reading of the document's next value.
    pub fn reading(&mut self, value: &PsValue) -> Value {
        match value {
            PsValue::Null => Value::Null,
            PsValue::Object(object) => match object.base() {
                Base::Value(base) => self.decorated(object, &base),
                base => self.container(object, &base),
            },
            primitive => Value::Object(self.primitive(primitive)),
        }
    }

    /// `kind` and `text` of a primitive.
    fn primitive(&self, value: &PsValue) -> Map<String, Value> {
        let (kind, text) = primitive(value);
        let mut map = Map::new();
        map.insert("kind".into(), kind.into());
        match text {
            PsString::Text(text) => map.insert("text".into(), text.as_ref().into()),
            PsString::Utf16(units) => {
                let units: Vec<String> = units.iter().map(|unit| format!("{unit:04X}")).collect();
                map.insert("textUtf16".into(), units.join(" ").into())
            }
        };
        map
    }

    /// A primitive inside of an object: an enumeration value, a noted string.
    fn decorated(&mut self, object: &PsObject, base: &PsValue) -> Value {
        let mut map = self.primitive(base);
        let bare = object.type_names().is_none_or(|types| types.is_empty())
            && object.to_string_text().is_none()
            && object.adapted().is_none()
            && object.extended().is_none_or(|members| members.is_empty());
        let address = object.address();
        if !bare && self.repeated <= REPEATED_MAX && !self.around.contains(&address) {
            self.around.push(address);
            if object.extended().is_some() || object.adapted().is_some() {
                match self.numbers.insert(address, usize::MAX) {
                    None => self.held.push(object.clone()),
                    Some(_) => self.repeated += 1,
                }
            }
            map.insert("types".into(), names(&shown_type_names(&PsValue::Object(object.clone()))));
            let text = match (object.to_string_text(), base) {
                (Some(text), _) => Some(text),
                (None, PsValue::Bytes(_)) => None,
                (None, PsValue::DateTime(time)) if object.adapted().is_none() => {
                    // .NET puts a narrow blank before AM and PM
                    Some(date_text(time).replace(" AM", "\u{202f}AM").replace(" PM", "\u{202f}PM").into())
                }
                (None, _) => to_string(&PsValue::Object(object.clone())),
            };
            if let Some(text) = text {
                map.insert("toString".into(), text.to_text().into());
            }
            self.properties(object, &mut map);
            self.around.pop();
        }
        Value::Object(map)
    }

    fn container(&mut self, object: &PsObject, base: &Base) -> Value {
        if let Some(number) = self.numbers.get(&object.address()) {
            return json!({ "same": number });
        }
        let number = self.containers;
        self.containers += 1;
        self.numbers.insert(object.address(), number);
        self.held.push(object.clone());
        let value = PsValue::Object(object.clone());
        let live = live_types(object);
        let kind = match base {
            _ if live.is_some() => "live",
            Base::None | Base::Value(_) => "object",
            Base::List(ListKind::List | ListKind::Enumerable, _) => "list",
            Base::List(ListKind::Stack, _) => "stack",
            Base::List(ListKind::Queue, _) => "queue",
            Base::Dictionary(_) if dictionary_type(object).ends_with("OrderedDictionary") => "ordered-dictionary",
            Base::Dictionary(_) => "dictionary",
        };
        let mut map = Map::new();
        map.insert("kind".into(), kind.into());
        map.insert("id".into(), number.into());
        map.insert("types".into(), names(live.as_ref().unwrap_or(&shown_type_names(&value))));
        let text = match base {
            Base::None => to_string(&value),
            _ => object.to_string_text(),
        };
        if let Some(text) = &text {
            map.insert("toString".into(), text.to_text().into());
        }
        if live.is_some() {
            return Value::Object(map);
        }
        if matches!(base, Base::None) {
            let interpolated = in_string(&value);
            if text.as_ref() != Some(&interpolated) {
                map.insert("interpolated".into(), interpolated.to_text().into());
            }
        }
        self.properties(object, &mut map);
        match base {
            Base::List(_, items) => {
                let items = items.iter().map(|item| self.reading(item)).collect::<Vec<Value>>();
                map.insert("items".into(), items.into());
            }
            Base::Dictionary(entries) => {
                let entries = self.entries(entries, kind == "dictionary");
                map.insert("entries".into(), entries.into());
            }
            Base::None | Base::Value(_) => {}
        }
        Value::Object(map)
    }

    fn entries(&mut self, entries: &[(PsValue, PsValue)], sort: bool) -> Vec<Value> {
        let mut order: Vec<&(PsValue, PsValue)> = entries.iter().collect();
        if sort {
            order.sort_by_cached_key(|(key, _)| {
                let (number, text) = sort_key(key);
                (number, text.to_lowercase(), text)
            });
        }
        order.iter().map(|(key, value)| json!({ "key": self.reading(key), "value": self.reading(value) })).collect()
    }

    /// Notes, then properties that no note hides, then member sets.
    fn properties(&mut self, object: &PsObject, map: &mut Map<String, Value>) {
        let (extended, adapted) = (object.extended().unwrap_or_default(), object.adapted().unwrap_or_default());
        let hidden: std::collections::HashSet<String> = extended.iter().map(|member| fold(member.name())).collect();
        let mut list = Vec::new();
        self.values(&extended, "note", &mut list);
        let shown: Vec<Member> = adapted.into_iter().filter(|member| !hidden.contains(&fold(member.name()))).collect();
        self.values(&shown, "property", &mut list);
        for member in &extended {
            if let Member::Set { name, members } = member {
                let mut inner = Vec::new();
                self.values(members, "note", &mut inner);
                list.push(json!({ "name": **name, "kind": "memberset", "members": inner }));
            }
        }
        if !list.is_empty() {
            map.insert("properties".into(), list.into());
        }
    }

    fn values(&mut self, members: &[Member], kind: &str, list: &mut Vec<Value>) {
        for member in members {
            if let Member::Property { name, value } = member {
                list.push(json!({ "name": **name, "kind": kind, "value": self.reading(value) }));
            }
        }
    }
}

fn fold(name: &str) -> String {
    name.to_lowercase()
}

fn names(types: &TypeNames) -> Value {
    types.iter().map(Value::from).collect::<Vec<Value>>().into()
}

/// Own type names of an object that comes back to life.
fn live_types(object: &PsObject) -> Option<TypeNames> {
    let types = object.type_names()?;
    let first = types.first()?;
    let alive = match LIVE.iter().position(|live| *live == first)? {
        0 => object.get("IsPresent").is_some(),
        1 => matches!(object.get("Password"), Some(PsValue::SecureString(_))) && object.get("UserName").is_some(),
        _ => object.to_string_text().is_some(),
    };
    alive.then_some(types)
}

/// Entries of an unordered dictionary have no order of their own: integers by size, everything else by text.
fn sort_key(key: &PsValue) -> (i128, String) {
    match key {
        PsValue::Object(_) => (0, in_string(key).to_text().into_owned()),
        primitive_key => {
            let (kind, text) = primitive(primitive_key);
            let text = text.to_text().into_owned();
            let number = if kind.contains("int") { text.parse().unwrap_or(0) } else { 0 };
            (number, text)
        }
    }
}

/// Kind and invariant text of a primitive.
fn primitive(value: &PsValue) -> (&'static str, PsString) {
    let (kind, text) = match value {
        PsValue::Null | PsValue::Object(_) => ("object", String::new()), // not primitives
        PsValue::Bool(value) => ("bool", value.to_string()),
        PsValue::Char(value) => ("char", value.to_string()),
        PsValue::U8(value) => ("uint8", value.to_string()),
        PsValue::I8(value) => ("int8", value.to_string()),
        PsValue::U16(value) => ("uint16", value.to_string()),
        PsValue::I16(value) => ("int16", value.to_string()),
        PsValue::U32(value) => ("uint32", value.to_string()),
        PsValue::I32(value) => ("int32", value.to_string()),
        PsValue::U64(value) => ("uint64", value.to_string()),
        PsValue::I64(value) => ("int64", value.to_string()),
        PsValue::F32(value) => ("float32", single(*value).replace("INF", "Infinity")),
        PsValue::F64(value) => ("float64", double(*value).replace("INF", "Infinity")),
        PsValue::Decimal(value) => ("decimal", super::number::decimal_text(value)),
        PsValue::DateTime(value) => ("datetime", moment(value)),
        PsValue::TimeSpan(value) => ("timespan", format!("{} ticks", value.ticks)),
        PsValue::Guid(value) => ("guid", value.hyphenated().to_string()),
        PsValue::Version(value) => ("version", value.to_string()),
        PsValue::Bytes(bytes) => ("bytes", base64_simd::STANDARD.encode_to_string(bytes)),
        PsValue::SecureString(text) => ("securestring", secret_length(text)),
        PsValue::Progress(record) => ("progress", progress_text(record)),
        PsValue::String(text) | PsValue::ScriptBlock(text) => return ("string", text.clone()),
        PsValue::Uri(text) => return ("uri", text.clone()),
        PsValue::Xml(text) => return ("xml", text.clone()),
    };
    (kind, text.into())
}

/// Ticks-exact and with its kind; local time is told as UTC's clock shows it.
fn moment(time: &PsDateTime) -> String {
    let (ticks, kind) = match time.kind {
        DateTimeKind::Unspecified => (time.ticks, "unspecified"),
        DateTimeKind::Utc => (time.ticks, "utc"),
        DateTimeKind::Local { .. } => (time.utc_ticks().unwrap_or(time.ticks), "local"),
    };
    let civil = PsDateTime { ticks, kind: DateTimeKind::Unspecified }.civil();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07} {kind}",
        civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second, civil.fraction
    )
}

fn secret_length(text: &SecureText) -> String {
    match text {
        SecureText::Encrypted(text) => format!("length {}", text.len() / 4),
        SecureText::Plain(plain) => {
            format!("length {}", secrecy::ExposeSecret::expose_secret(plain.as_ref()).encode_utf16().count())
        }
    }
}
