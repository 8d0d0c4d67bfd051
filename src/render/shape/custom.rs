//! Free text by a custom view.

use super::{Context, field};
use crate::clixml::PsValue;
use crate::render::packet::Part;
use crate::render::subject;
use crate::render::view::{CustomControl, CustomItem, select};

/// Controls within controls are followed so far.
const DEPTH_MAX: usize = 50;

/// Parts of one object that are shown.
const PARTS_MAX: usize = 100_000;

/// The parts that a control shows of an object.
pub(super) fn of_control(context: &Context, control: &CustomControl, value: &PsValue) -> Vec<Part> {
    let mut parts = Vec::new();
    add_control(context, control, value, 0, &mut parts);
    parts
}

fn add_control(context: &Context, control: &CustomControl, value: &PsValue, depth: usize, parts: &mut Vec<Part>) {
    if depth == DEPTH_MAX || parts.len() > PARTS_MAX {
        return;
    }
    if let Some((_, items)) = select(&control.entries, |entry| &entry.0, &subject::type_names(value)) {
        add_items(context, items, value, depth, parts);
    }
}

fn add_items(context: &Context, items: &[CustomItem], value: &PsValue, depth: usize, parts: &mut Vec<Part>) {
    for item in items {
        match item {
            CustomItem::Text(text) => parts.push(Part::Text(text.to_string())),
            CustomItem::NewLine(count) => parts.extend((0..*count).map(|_| Part::NewLine)),
            CustomItem::Frame { frame, items } => {
                let mut inner = Vec::new();
                add_items(context, items, value, depth, &mut inner);
                parts.push(Part::Framed(*frame, inner));
            }
            CustomItem::Expression { condition, source, enumerate, control } => {
                if !field::holds(context, condition.as_ref(), value) {
                    continue;
                }
                let found = match source {
                    Some(source) => field::raw(context, source, value).unwrap_or(PsValue::Null),
                    None => value.clone(),
                };
                let items = if *enumerate { subject::items(&found) } else { None };
                let each = items.unwrap_or_else(|| vec![found]);
                for one in each.iter().filter(|one| !one.is_null()) {
                    match control {
                        Some(control) => add_control(context, control, one, depth + 1, parts),
                        None => parts.push(Part::Text(field::shown(context, one, None, false))),
                    }
                }
            }
        }
    }
}
