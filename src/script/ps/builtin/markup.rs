//! `Select-Xml` and `ConvertTo-Xml`.
//!
//! Documents are in `xml`, paths in `xpath`.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Obj, V};
use super::{Builtin, Ctx, Memory, all, each};

pub(super) const COMMANDS: &[Builtin] = &[each("Select-Xml", select_xml), all("ConvertTo-Xml", convert_to_xml)];

fn select_xml(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let path = c.bound.text("XPath").unwrap_or_default();
    let mut sources = Vec::new();
    for content in c.bound.texts("Content") {
        sources.push(("InputStream".to_owned(), super::super::xml::document(&content)?));
    }
    for file in c.bound.texts("Path").into_iter().chain(c.bound.texts("LiteralPath")) {
        for file in super::files::expanded(cx, &file) {
            let text: Vec<String> = super::super::files::lines(cx, &file)?.iter().map(interpolated).collect();
            let full = super::super::files::shown(cx.rt, &super::super::files::resolve(cx, &file));
            sources.push((full, super::super::xml::document(&text.join("\n"))?));
        }
    }
    let given = input.or_else(|| c.bound.get("Xml").cloned());
    for item in given.into_iter().flat_map(V::unrolled) {
        let item = match item {
            V::Str(text) => super::super::xml::document(&text)?,
            other => other,
        };
        sources.push(("InputStream".to_owned(), item));
    }
    for (place, source) in sources {
        let V::Obj(node) = source else { continue };
        for found in super::super::xpath::select(&node, &path) {
            let properties = [
                ("Node", V::Obj(found.clone())),
                ("Path", V::from(place.as_str())),
                ("Pattern", V::from(path.as_str())),
            ];
            let text = super::super::xml::inner_text(&found);
            c.push(cx, V::Obj(Obj::new("Microsoft.PowerShell.Commands.SelectXmlInfo", properties).with_text(&text)))?;
        }
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn convert_to_xml(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let depth = c.bound.integer("Depth").unwrap_or(1);
    let mut lines = vec!["<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned(), "<Objects>".to_owned()];
    for item in c.input(input).into_iter().flat_map(V::unrolled) {
        element(cx, c, "Object", None, &item, depth + 1, 1, &mut lines)?;
    }
    lines.push("</Objects>".to_owned());
    let text = lines.join("\n");
    match c.bound.text("As").unwrap_or_default().to_lowercase().as_str() {
        "string" => c.push(cx, V::from(text)),
        "stream" => {
            c.push(cx, V::from(lines[0].as_str()))?;
            c.push(cx, V::from(lines[1..].join("\n")))
        }
        _ => c.push(cx, super::super::xml::document(&text)?),
    }
}

#[expect(clippy::too_many_arguments, reason = "what a line of the document needs")]
fn element(
    cx: Cx<'_>,
    c: &Ctx<'_>,
    tag: &str,
    name: Option<&str>,
    value: &V,
    depth: i64,
    level: usize,
    lines: &mut Vec<String>,
) -> Res<()> {
    let indent = "  ".repeat(level);
    let mut head = tag.to_owned();
    if let Some(name) = name {
        head.push_str(&format!(" Name=\"{}\"", escaped(name)));
    }
    if !c.bound.flag("NoTypeInformation") && !value.is_null() {
        head.push_str(&format!(" Type=\"{}\"", escaped(&value.type_name())));
    }
    let inner: Vec<(Option<String>, V)> = match value {
        V::List(list) => list.items().into_iter().map(|item| (None, item)).collect(),
        V::Hash(hash) => hash.entries().into_iter().map(|(key, value)| (Some(to_string(&key)), value)).collect(),
        V::Obj(_) => super::super::member::properties(cx, value)?
            .into_iter()
            .map(|(name, value)| (Some(name.to_string()), value))
            .collect(),
        _ => Vec::new(),
    };
    if value.is_null() {
        lines.push(format!("{indent}<{head} />"));
    } else if inner.is_empty() || depth == 0 {
        lines.push(format!("{indent}<{head}>{}</{tag}>", escaped(&interpolated(value))));
    } else {
        lines.push(format!("{indent}<{head}>"));
        for (name, item) in inner {
            element(cx, c, "Property", name.as_deref(), &item, depth - 1, level + 1, lines)?;
        }
        lines.push(format!("{indent}</{tag}>"));
    }
    Ok(())
}
