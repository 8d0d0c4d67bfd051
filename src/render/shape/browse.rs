//! `Format-Custom` without a view: an object and what is in it, as deep as asked.

use super::{Context, field};
use crate::clixml::PsValue;
use crate::render::names;
use crate::render::packet::Part;
use crate::render::request::Column;
use crate::render::subject::{self, is_scalar};
use crate::render::text;
use crate::render::view::Frame;

/// Levels shown when nobody asks.
const DEPTH: usize = 5;
const INDENT: Frame = Frame { left: 2, right: 0, first_line: 0 };

/// The parts that show an object with all it has.
pub(super) fn object(context: &Context, value: &PsValue) -> Vec<Part> {
    let max = context.request.depth.unwrap_or(DEPTH);
    let mut parts = Vec::new();
    if is_scalar(value) {
        parts.push(Part::Text(text::display(value, context.settings.enumeration_limit, &context.settings.culture)));
        parts.push(Part::NewLine);
    } else if let Some(items) = subject::items(value) {
        add_items(context, &items, Level { at: 0, max }, &mut parts);
    } else {
        add_object(context, value, Level { at: 0, max }, &context.request.properties, &mut parts);
    }
    parts
}

#[derive(Clone, Copy)]
struct Level {
    at: usize,
    max: usize,
}

impl Level {
    const fn next(self) -> Self {
        Self { at: self.at + 1, max: self.max }
    }
}

fn add_line(text: String, parts: &mut Vec<Part>) {
    parts.push(Part::Text(text));
    parts.push(Part::NewLine);
}

fn add_object(context: &Context, value: &PsValue, level: Level, asked: &[Column], parts: &mut Vec<Part>) {
    let names = subject::type_names(value);
    let class = names.first().map_or("PSObject", |name| name.rsplit('.').next().unwrap_or(name));
    add_line(format!("class {class}"), parts);
    add_line("{".to_owned(), parts);
    let columns = if asked.is_empty() {
        names::default_columns(value, &context.settings)
    } else {
        names::resolve(asked, value, false)
    };
    let mut inner = Vec::new();
    for column in &columns {
        let level = Level { max: column.depth.unwrap_or(level.max), ..level };
        let title = match &column.source {
            crate::render::view::Source::Property(name) => name.to_string(),
            crate::render::view::Source::Script(script) => script.text().to_owned(),
        };
        inner.push(Part::Text(format!("{title} = ")));
        let found = field::raw(context, &column.source, value).unwrap_or(PsValue::Null);
        if let Some(items) = subject::items(&found) {
            inner.push(Part::NewLine);
            let mut nested = Vec::new();
            add_items(context, &items, level.next(), &mut nested);
            inner.push(Part::Framed(INDENT, nested));
        } else if is_leaf(&found, level) {
            add_line(field::shown(context, &found, None, false), &mut inner);
        } else {
            inner.push(Part::NewLine);
            let mut nested = Vec::new();
            add_object(context, &found, level.next(), &[], &mut nested);
            inner.push(Part::Framed(INDENT, nested));
        }
    }
    parts.push(Part::Framed(INDENT, inner));
    add_line("}".to_owned(), parts);
}

fn is_leaf(value: &PsValue, level: Level) -> bool {
    level.at >= level.max || value.is_null() || is_scalar(value)
}

fn add_items(context: &Context, items: &[PsValue], level: Level, parts: &mut Vec<Part>) {
    add_line("[".to_owned(), parts);
    let mut inner = Vec::new();
    let limit = usize::try_from(context.settings.enumeration_limit).unwrap_or(usize::MAX);
    for (count, item) in items.iter().enumerate() {
        if count == limit {
            add_line("…".to_owned(), &mut inner);
            break;
        }
        if is_leaf(item, level) {
            add_line(field::shown(context, item, None, false), &mut inner);
        } else if let Some(nested) = subject::items(item) {
            inner.push(Part::NewLine);
            let mut framed = Vec::new();
            add_items(context, &nested, level.next(), &mut framed);
            inner.push(Part::Framed(INDENT, framed));
        } else {
            add_object(context, item, level.next(), &[], &mut inner);
        }
    }
    parts.push(Part::Framed(INDENT, inner));
    add_line("]".to_owned(), parts);
    parts.push(Part::NewLine);
}
