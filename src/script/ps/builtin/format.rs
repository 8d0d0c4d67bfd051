//! `Format-Table` and its kin: what they ask of `render`, and the objects that carry the text.
//!
//! How tables and lists look is `render`'s business.

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::{interpolated, to_wire};
use super::super::value::{Obj, V};
use super::{Builtin, Ctx, all, entry};
use crate::render::view::{Alignment, Shape};
use crate::render::{Column, Request};

pub(super) const COMMANDS: &[Builtin] = &[
    all("Format-Table", |cx, c, input| format(cx, c, input, Shape::Table)),
    all("Format-List", |cx, c, input| format(cx, c, input, Shape::List)),
    all("Format-Wide", |cx, c, input| format(cx, c, input, Shape::Wide)),
    all("Format-Custom", |cx, c, input| format(cx, c, input, Shape::Custom)),
];

/// Values with their computed columns put in as properties, and the columns' requests.
fn columns(
    cx: Cx<'_>,
    c: &Ctx<'_>,
    items: &[V],
    selectors: &[V],
    computed: &mut [Vec<(String, V)>],
) -> Res<Vec<Column>> {
    let mut columns = Vec::new();
    for (index, selector) in selectors.iter().enumerate() {
        let (expression, label, hash) = match selector {
            V::Hash(hash) => {
                refuse_unknown_keys(c, hash)?;
                let expression = entry(hash, &["Expression", "e"]).unwrap_or_default();
                let label = entry(hash, &["Label", "Name", "n", "l"]).map(|label| interpolated(&label));
                (expression, label, Some(hash))
            }
            other => (other.clone(), None, None),
        };
        let mut column = match &expression {
            V::Block(block) => {
                let name = format!("__computed{index}");
                for (item, row) in items.iter().zip(computed.iter_mut()) {
                    let value = super::selected(cx, &expression, item).unwrap_or(V::Null);
                    row.push((name.clone(), value));
                }
                let mut column = Column::property(&name);
                column.label = Some(label.clone().unwrap_or_else(|| block.text().to_owned()).into());
                column
            }
            other => {
                let mut column = Column::property(&interpolated(other));
                column.label = label.clone().map(Into::into);
                column
            }
        };
        if let Some(hash) = hash {
            column.width = entry(hash, &["Width"])
                .and_then(|value| super::super::number::plain(&value))
                .and_then(super::super::number::Num::long)
                .and_then(|n| usize::try_from(n).ok());
            column.format = entry(hash, &["FormatString"]).map(|value| interpolated(&value).into());
            column.alignment = match entry(hash, &["Alignment", "Align"])
                .map(|value| interpolated(&value).to_lowercase())
                .as_deref()
            {
                Some("left") => Alignment::Left,
                Some("right") => Alignment::Right,
                Some("center") => Alignment::Center,
                _ => Alignment::Undefined,
            };
        }
        columns.push(column);
    }
    Ok(columns)
}

/// Keys that a calculated property may not have.
fn refuse_unknown_keys(c: &Ctx<'_>, hash: &super::super::value::Hash) -> Res<()> {
    const KEYS: [&str; 8] =
        ["expression", "label", "name", "width", "alignment", "formatstring", "depth", "displayerror"];
    let keys: Vec<String> = hash.entries().iter().map(|(key, _)| interpolated(key)).collect();
    match keys.iter().find(|key| !KEYS.iter().any(|known| known.starts_with(&key.to_lowercase()))) {
        Some(key) => c
            .problem("DictionaryKeyIllegal", "InvalidArgument", format!("The {key} key is not valid."))
            .exception("System.NotSupportedException")
            .err(),
        None => Ok(()),
    }
}

fn format(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>, shape: Shape) -> Res<()> {
    let entries = |value: V| match value {
        V::Hash(hash) if shape == Shape::List && !c.bound.has("Property") => hash
            .entries()
            .into_iter()
            .map(|(key, value)| V::Obj(Obj::custom([("Name", key), ("Value", value)])))
            .collect(),
        V::Hash(hash) => super::super::dotnet::pairs(&hash).unwrap_or_else(|| vec![V::Hash(hash)]),
        other => other.unrolled(),
    };
    let items: Vec<V> = c.input(input).into_iter().flat_map(entries).collect();
    if items.is_empty() {
        return Ok(());
    }
    let mut computed: Vec<Vec<(String, V)>> = vec![Vec::new(); items.len()];
    let mut request = Request::of(shape);
    request.properties = columns(cx, c, &items, &c.bound.list("Property"), &mut computed)?;
    if let Some(group) = c.bound.get("GroupBy") {
        request.group_by = columns(cx, c, &items, std::slice::from_ref(group), &mut computed)?.into_iter().next();
    }
    request.auto_size = c.bound.has("AutoSize").then(|| c.bound.flag("AutoSize"));
    request.wrap = c.bound.flag("Wrap");
    request.hide_headers = c.bound.has("HideTableHeaders").then(|| c.bound.flag("HideTableHeaders"));
    request.columns = c.bound.integer("Column").and_then(|n| usize::try_from(n).ok());
    request.force = c.bound.flag("Force");
    let values: Vec<_> = items
        .iter()
        .zip(computed)
        .map(|(item, extra)| {
            if extra.is_empty() {
                return to_wire(&super::super::member::settled(cx, item));
            }
            let object = match super::super::member::settled(cx, item) {
                V::Obj(object) => object.copy(),
                other => Obj::new(&other.type_name(), super::super::member::properties(cx, &other).unwrap_or_default()),
            };
            for (name, value) in extra {
                object.set(&name, value);
            }
            to_wire(&V::Obj(object))
        })
        .collect();
    let text = match cx.rt.display.formatter(cx.rt.display.usable()).format(&values, &request) {
        Ok(text) => text,
        Err(error) => return c.problem("FormatViewError", "InvalidArgument", error.to_string()).err(),
    };
    carriers(cx, c, &text, items.len())
}

fn carriers(cx: Cx<'_>, c: &Ctx<'_>, text: &str, rows: usize) -> Res<()> {
    let carrier = |name: &str, text: &str| {
        V::Obj(Obj::new(&format!("Microsoft.PowerShell.Commands.Internal.Format.{name}"), [("__text", V::from(text))]))
    };
    c.push(cx, carrier("FormatStartData", text))?;
    c.push(cx, carrier("GroupStartData", ""))?;
    for _ in 0..rows {
        c.push(cx, carrier("FormatEntryData", ""))?;
    }
    c.push(cx, carrier("GroupEndData", ""))?;
    c.push(cx, carrier("FormatEndData", ""))
}
