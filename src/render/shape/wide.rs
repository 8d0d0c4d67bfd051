//! Wide views: one value an object.

use super::{Context, Document, field};
use crate::clixml::PsValue;
use crate::render::names;
use crate::render::packet::Look;
use crate::render::request::Column;
use crate::render::subject;
use crate::render::view::{Control, WideControl, select};

/// The value shown: the one asked for, else one that names the object, else its first property.
pub(super) fn column(context: &Context, value: &PsValue) -> Vec<Column> {
    if let Some(first) = context.request.properties.first() {
        let mut resolved = names::resolve(std::slice::from_ref(first), value, true);
        resolved.truncate(1);
        return resolved;
    }
    let named = names::naming_property(value, &context.settings).map(|name| Column::property(&name));
    named.or_else(|| names::default_columns(value, &context.settings).into_iter().next()).into_iter().collect()
}

/// How many columns, and whether as many as fit.
pub(super) fn look(context: &Context, document: &Document) -> Look {
    let request = &context.request;
    let (columns, auto_size) = match document.view.as_deref().map(|view| &view.control) {
        Some(Control::Wide(control)) => (control.columns, control.auto_size),
        _ => (0, false),
    };
    let asked = request.columns;
    Look::Wide {
        columns: asked.unwrap_or(columns),
        auto_size: request.auto_size.unwrap_or(auto_size && asked.is_none()),
    }
}

/// The value of an object without view.
pub(super) fn value(context: &Context, document: &Document, value: &PsValue) -> String {
    document
        .columns
        .first()
        .map_or_else(String::new, |column| field::text(context, &column.source, column.format.as_deref(), value, false))
}

/// The value that a view shows.
pub(super) fn of_view(context: &Context, control: &WideControl, value: &PsValue) -> String {
    let entry = select(&control.entries, |entry| &entry.0, &subject::type_names(value));
    entry.map_or_else(String::new, |(_, item)| field::text(context, &item.source, item.format.as_deref(), value, false))
}
