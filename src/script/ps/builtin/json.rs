//! `ConvertTo-Json` and `ConvertFrom-Json`.
//!
//! How values are written is in `render::convert`.

use super::super::fault::Res;
use super::super::options::Message;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string, to_wire};
use super::super::value::{Hash, HashKind, List, ListKind, Obj, PropValue, V};
use super::json_text::{self, Json};
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
    let wires: Vec<_> = values.iter().map(|value| to_wire(&plain(cx, value, names, 0))).collect();
    match to_json(&wires, &options) {
        Ok(text) => c.push(cx, V::from(text)),
        Err(error) => c.problem("NonStringKeyInDictionary", "InvalidOperation", error.to_string()).err(),
    }
}

/// A value as JSON has it: script properties as their values, addresses as text, enumerations by name if wanted.
fn plain(cx: Cx<'_>, value: &V, names: bool, depth: usize) -> V {
    const LEVELS_MAX: usize = 12;
    let inner = |value: &V| plain(cx, value, names, depth + 1);
    match value {
        _ if depth >= LEVELS_MAX => value.clone(),
        V::Enum(found) if names => V::from(found.name.as_str()),
        V::List(list) if !matches!(list.kind(), ListKind::Array(item) if &**item == "System.Byte") => {
            V::List(List::of(list.kind().clone(), list.lock().clone().iter().map(inner).collect()))
        }
        V::Hash(hash) => V::Hash(Hash::from_entries(
            hash.kind().clone(),
            hash.entries().into_iter().map(|(key, value)| (key, inner(&value))),
        )),
        V::Obj(object) if object.is("System.Uri") => V::from(to_string(value)),
        V::Obj(object) if object.is_custom() => {
            let copy = object.copy();
            for prop in object.props().iter().filter(|prop| !matches!(prop.value, PropValue::Method(_))) {
                copy.set(&prop.name, inner(&super::super::member::get(cx, value, &prop.name).unwrap_or_default()));
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
    let failed = |message: &str| {
        c.problem(
            "System.ArgumentException",
            "NotSpecified",
            format!("Conversion from JSON failed with error: {message}"),
        )
        .exception("System.ArgumentException")
    };
    // Several texts are documents of their own when the first is one; otherwise they are the lines of one.
    let apart = texts.len() < 2 || texts.first().is_some_and(|text| matches!(json_text::read(text), Ok(Some(_))));
    let documents = if apart { texts } else { vec![texts.join("\n")] };
    for text in documents {
        let parsed = match json_text::read(&text) {
            Ok(Some(parsed)) => parsed,
            Ok(None) => continue,
            Err(message) => return failed(&message).err(),
        };
        let most = c.bound.integer("Depth").and_then(|depth| usize::try_from(depth).ok()).unwrap_or(1024);
        if levels(&parsed) > most {
            return failed(&format!("The reader's MaxDepth of {most} has been exceeded.")).err();
        }
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

/// How many containers are within each other.
fn levels(value: &Json) -> usize {
    match value {
        Json::List(items) => 1 + items.iter().map(levels).max().unwrap_or(0),
        Json::Object(entries) => 1 + entries.iter().map(|(_, value)| levels(value)).max().unwrap_or(0),
        _ => 0,
    }
}

fn live(c: &Ctx<'_>, value: &Json) -> Res<V> {
    Ok(match value {
        Json::Null => V::Null,
        Json::Bool(truth) => V::Bool(*truth),
        Json::Number(text) => number(text),
        Json::Text(text) if c.bound.text("DateKind").is_some_and(|kind| kind.eq_ignore_ascii_case("String")) => {
            V::from(text.as_str())
        }
        Json::Text(text) => json_date(text).unwrap_or_else(|| V::from(text.as_str())),
        Json::List(items) => V::array(items.iter().map(|item| live(c, item)).collect::<Res<Vec<V>>>()?),
        Json::Object(entries) if c.bound.flag("AsHashtable") => {
            let kind = HashKind::Dictionary("json".into(), "System.Object".into(), false);
            let hash = Hash::new(kind);
            for (key, value) in entries {
                hash.set(V::from(key.as_str()), live(c, value)?);
            }
            V::Hash(hash)
        }
        Json::Object(entries) => {
            let object = Obj::custom(Vec::<(&str, V)>::new());
            for (key, value) in entries {
                if key.is_empty() {
                    return c
                        .problem("EmptyKeyInJsonString", "InvalidOperation", "The provided JSON includes a property whose name is an empty string, this is only supported using the -AsHashTable switch.")
                        .exception("System.InvalidOperationException")
                        .err();
                }
                if let Some(known) = object.prop(key) {
                    return c
                        .problem("KeysWithDifferentCasingInJsonString", "InvalidOperation", format!("Cannot convert the JSON string because it contains keys with different casing. Please use the -AsHashTable switch instead. The key that was attempted to be added to the existing key '{}' was '{key}'.", known.name))
                        .exception("System.InvalidOperationException")
                        .err();
                }
                object.set(key, live(c, value)?);
            }
            V::Obj(object)
        }
    })
}

/// Whole numbers as `Int64` or `BigInteger`, all others as `Double`.
fn number(text: &str) -> V {
    let whole = !text.contains(['.', 'e', 'E', 'N', 'I']);
    let long = text.parse().map(V::Long).ok();
    long.or_else(|| whole.then(|| text.parse().ok().map(super::super::big::value)).flatten())
        .or_else(|| text.parse().map(V::Double).ok())
        .unwrap_or_default()
}

/// A date-time in ISO form or as .NET once wrote it; bare dates stay text.
fn json_date(text: &str) -> Option<V> {
    let bytes = text.as_bytes();
    if let Some(milliseconds) = text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        let ticks = milliseconds.parse::<i64>().ok()?.checked_mul(10_000)? + super::super::dates::UNIX_EPOCH_TICKS;
        return Some(V::Date(crate::clixml::PsDateTime { ticks, kind: DateTimeKind::Utc }));
    }
    if bytes.len() < 19 || bytes.get(4) != Some(&b'-') || bytes.get(10) != Some(&b'T') || bytes.get(13) != Some(&b':') {
        return None;
    }
    let date = super::super::dates::read(text.strip_suffix('Z').unwrap_or(text), None)?;
    let kind = if text.ends_with('Z') { DateTimeKind::Utc } else { date.kind };
    Some(V::Date(crate::clixml::PsDateTime { kind, ..date }))
}
