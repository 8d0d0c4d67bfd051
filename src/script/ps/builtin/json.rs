//! `ConvertTo-Json` and `ConvertFrom-Json`.
//!
//! How values are written is in `render::convert`.

use super::super::fault::Res;
use super::super::state::{Cx, Message};
use super::super::text::{interpolated, to_wire};
use super::super::value::{Hash, Obj, V};
use super::{Builtin, Ctx, all};
use crate::clixml::DateTimeKind;
use crate::render::convert::{JsonOptions, to_json};

pub(super) const COMMANDS: &[Builtin] =
    &[all("ConvertTo-Json", convert_to_json), all("ConvertFrom-Json", convert_from_json)];

fn convert_to_json(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    if c.piped && input.is_empty() {
        return Ok(());
    }
    let values = c.input(input);
    let options = JsonOptions {
        depth: c.bound.integer("Depth").and_then(|n| usize::try_from(n).ok()).unwrap_or(2),
        compress: c.bound.flag("Compress"),
        as_array: c.bound.flag("AsArray"),
        enums_as_strings: c.bound.flag("EnumsAsStrings"),
        ascii: c.bound.text("EscapeHandling").is_some_and(|text| text.eq_ignore_ascii_case("EscapeNonAscii")),
        html: c.bound.text("EscapeHandling").is_some_and(|text| text.eq_ignore_ascii_case("EscapeHtml")),
        ..JsonOptions::default()
    };
    if values.iter().any(|value| deeper(value, options.depth)) {
        super::super::command::write_message(
            cx,
            Message::Warning,
            &format!("Resulting JSON is truncated as serialization has exceeded the set depth of {}.", options.depth),
            &c.out.common(),
        )?;
    }
    let names = options.enums_as_strings;
    let plain = |value: &V| {
        let value = scripted(cx, value, 0);
        to_wire(&if names { with_enum_names(&value, 0) } else { value })
    };
    let wires: Vec<_> = values.iter().map(plain).collect();
    match to_json(&wires, &options) {
        Ok(text) => c.push(cx, V::from(text)),
        Err(error) => c.problem("NonStringKeyInDictionary", "InvalidOperation", error.to_string()).err(),
    }
}

/// The value with the names of its enumerations in place of their numbers.
fn with_enum_names(value: &V, depth: usize) -> V {
    match value {
        V::Enum(found) => V::from(found.name.as_str()),
        V::List(list) if depth < 12 => {
            V::array(list.items().iter().map(|item| with_enum_names(item, depth + 1)).collect())
        }
        V::Hash(hash) if depth < 12 => V::Hash(Hash::from_entries(
            hash.kind().clone(),
            hash.entries().into_iter().map(|(key, value)| (key, with_enum_names(&value, depth + 1))),
        )),
        V::Obj(object) if depth < 12 && object.is_custom() => {
            let copy = object.copy();
            for prop in object.props() {
                if let Some(value) = object.note(&prop.name) {
                    copy.set(&prop.name, with_enum_names(&value, depth + 1));
                }
            }
            V::Obj(copy)
        }
        other => other.clone(),
    }
}

/// Script properties as plain values.
fn scripted(cx: Cx<'_>, value: &V, depth: usize) -> V {
    match value {
        V::Obj(object) if depth < 6 && object.is_custom() => {
            let copy = object.copy();
            for prop in object.props() {
                let inner = super::super::member::get(cx, value, &prop.name).unwrap_or_default();
                copy.set(&prop.name, scripted(cx, &inner, depth + 1));
            }
            V::Obj(copy)
        }
        other => other.clone(),
    }
}

/// Whether a value has containers below `depth`.
fn deeper(value: &V, depth: usize) -> bool {
    let inner: Vec<V> = match value {
        V::List(list) => list.items(),
        V::Hash(hash) => hash.entries().into_iter().map(|(_, value)| value).collect(),
        V::Obj(object) if object.is_custom() => {
            object.props().iter().filter_map(|prop| object.note(&prop.name)).collect()
        }
        _ => return false,
    };
    let container =
        |value: &V| matches!(value, V::List(_) | V::Hash(_)) || matches!(value, V::Obj(object) if object.is_custom());
    if depth == 0 { inner.iter().any(container) } else { inner.iter().any(|value| deeper(value, depth - 1)) }
}

fn convert_from_json(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let texts: Vec<String> =
        c.input(input).into_iter().flat_map(V::unrolled).map(|value| interpolated(&value)).collect();
    let texts: Vec<String> = texts.into_iter().map(|text| strict(&text)).collect();
    let text = texts.join("\n");
    let documents: Vec<String> = match serde_json::from_str::<serde_json::Value>(&text) {
        Err(_)
            if texts.len() > 1 && texts.iter().all(|text| serde_json::from_str::<serde_json::Value>(text).is_ok()) =>
        {
            texts
        }
        _ => vec![text],
    };
    for text in documents {
        if text.trim().is_empty() {
            continue;
        }
        let parsed: serde_json::Value = match serde_json::from_str(&text) {
            Ok(parsed) => parsed,
            Err(error) => {
                return c
                    .problem(
                        "System.ArgumentException",
                        "NotSpecified",
                        format!("Conversion from JSON failed with error: {error}"),
                    )
                    .exception("System.ArgumentException")
                    .err();
            }
        };
        let value = live(c, &parsed)?;
        if c.bound.flag("NoEnumerate") {
            c.push(cx, value)?;
            continue;
        }
        for item in value.unrolled() {
            c.push(cx, item)?;
        }
    }
    Ok(())
}

fn live(c: &Ctx<'_>, value: &serde_json::Value) -> Res<V> {
    Ok(match value {
        serde_json::Value::Null => V::Null,
        serde_json::Value::Bool(truth) => V::Bool(*truth),
        serde_json::Value::Number(number) => {
            let text = number.to_string();
            text.parse::<i64>().map(V::Long).or_else(|_| text.parse::<f64>().map(V::Double)).unwrap_or(V::Null)
        }
        serde_json::Value::String(text) => json_date(text).unwrap_or_else(|| V::from(text.as_str())),
        serde_json::Value::Array(items) => V::array(items.iter().map(|item| live(c, item)).collect::<Res<Vec<V>>>()?),
        serde_json::Value::Object(entries) => {
            if c.bound.flag("AsHashtable") {
                let hash = super::super::value::Hash::new(super::super::value::HashKind::Dictionary(
                    "json".into(),
                    "System.Object".into(),
                    false,
                ));
                for (key, value) in entries {
                    hash.set(V::from(key.as_str()), live(c, value)?);
                }
                return Ok(V::Hash(hash));
            }
            let object = Obj::custom(Vec::<(&str, V)>::new());
            for (key, value) in entries {
                if object.prop(key).is_some() {
                    return c
                        .problem("KeysWithDifferentCasingInJsonString", "InvalidOperation", format!("Cannot convert the JSON string because it contains keys with different casing: '{key}'. Please use the -AsHashTable switch instead."))
                        .exception("System.InvalidOperationException")
                        .err();
                }
                object.set(key, live(c, value)?);
            }
            V::Obj(object)
        }
    })
}

/// A date-time in ISO form; bare dates stay text.
fn json_date(text: &str) -> Option<V> {
    let bytes = text.as_bytes();
    if bytes.len() < 19 || bytes.get(4) != Some(&b'-') || bytes.get(10) != Some(&b'T') || bytes.get(13) != Some(&b':') {
        return None;
    }
    let date = crate::catalog::bind::parse_date(text.strip_suffix('Z').unwrap_or(text), None, 0)?;
    let kind = if text.ends_with('Z') { DateTimeKind::Utc } else { date.kind };
    Some(V::Date(crate::clixml::PsDateTime { kind, ..date }))
}

/// JSON without what PowerShell's reader passes over: comments, and commas before a closing bracket.
fn strict(text: &str) -> String {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                out.push(c);
                while let Some(inner) = chars.next() {
                    out.push(inner);
                    match inner {
                        '\\' => out.extend(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            '/' if chars.peek() == Some(&'*') => {
                let mut before = ' ';
                for inner in chars.by_ref() {
                    if before == '*' && inner == '/' {
                        break;
                    }
                    before = inner;
                }
            }
            '}' | ']' => {
                let kept = out.trim_end().strip_suffix(',').map(str::len);
                if let Some(kept) = kept {
                    out.truncate(kept);
                }
                out.push(c);
            }
            other => out.push(other),
        }
    }
    out
}
