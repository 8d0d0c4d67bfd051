//! `Join-String`, `ConvertFrom-StringData` and `Test-Json`.
//!
//! The operators on text are in `operators`.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Hash, HashKind, V};
use super::{Builtin, Ctx, Memory, all, each, selected};
use crate::render::text::Culture;

pub(super) const COMMANDS: &[Builtin] =
    &[all("Join-String", join), each("ConvertFrom-StringData", string_data), each("Test-Json", test_json)];

fn join(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let separator = match c.bound.text("Separator") {
        Some(separator) => separator,
        None if c.bound.flag("UseCulture") => ",".to_owned(),
        None => cx.rt.get("OFS").map(|own| to_string(&own)).unwrap_or_default(),
    };
    let mut pieces = Vec::new();
    for item in c.input(input).into_iter().flat_map(V::unrolled) {
        let value = match c.bound.get("Property") {
            Some(selector) => selected(cx, selector, &item)?,
            None => item,
        };
        pieces.push(match c.bound.text("FormatString") {
            Some(format) => to_string(&super::super::operators::format(&format, &[value], &Culture::EN_US)?),
            None if c.bound.flag("SingleQuote") => format!("'{}'", interpolated(&value)),
            None if c.bound.flag("DoubleQuote") => format!("\"{}\"", interpolated(&value)),
            None => interpolated(&value),
        });
    }
    let edge = |name: &str| c.bound.text(name).unwrap_or_default();
    c.push(cx, V::from(format!("{}{}{}", edge("OutputPrefix"), pieces.join(&separator), edge("OutputSuffix"))))
}

fn string_data(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let text =
        input.or_else(|| c.bound.get("StringData").cloned()).map(|value| interpolated(&value)).unwrap_or_default();
    let delimiter = c.bound.text("Delimiter").and_then(|text| text.chars().next()).unwrap_or('=');
    let table = Hash::new(HashKind::Table);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((key, value)) = line.split_once(delimiter) else {
            let message = format!("Data line '{line}' is not in 'name=value' format.");
            return c
                .problem("InvalidOperation", "InvalidOperation", message)
                .exception("System.Management.Automation.PSInvalidOperationException")
                .err();
        };
        let key = V::from(key.trim());
        if table.get(&key).is_some() {
            let message = format!("Data item '{}' in line '{line}' is already defined.", to_string(&key));
            return c
                .problem("InvalidOperation", "InvalidOperation", message)
                .exception("System.Management.Automation.PSInvalidOperationException")
                .err();
        }
        table.set(key, V::from(unescaped(value.trim())));
    }
    c.push(cx, V::Hash(table))
}

/// Text with the escapes of a regular expression (`\\n`, `\\t`, `\\\\`) as what they stand for.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => out.push(c),
            },
            _ => out.push(c),
        }
    }
    out
}

fn test_json(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    if c.bound.has("Schema") || c.bound.has("SchemaFile") {
        return c.problem("NotCarriedOut", "NotImplemented", "exsh does not check JSON against schemas").err();
    }
    let text = match c.bound.text("Path").or_else(|| c.bound.text("LiteralPath")) {
        Some(path) => super::super::files::lines(cx, &path)?.iter().map(interpolated).collect::<Vec<_>>().join("\n"),
        None => input.or_else(|| c.bound.get("Json").cloned()).map(|value| interpolated(&value)).unwrap_or_default(),
    };
    let good = serde_json::from_str::<serde_json::Value>(&text).is_ok();
    if !good {
        c.out.error(
            cx,
            c.problem("InvalidJson", "InvalidData", "Cannot parse the JSON.").exception("System.ArgumentException"),
        )?;
    }
    c.push(cx, V::Bool(good))
}
