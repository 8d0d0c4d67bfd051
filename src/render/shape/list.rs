//! Lists: lines of a view or of properties.

use super::{Context, field};
use crate::clixml::PsValue;
use crate::render::names;
use crate::render::request::Column;
use crate::render::subject::{self, COMPUTER_NAME};
use crate::render::view::{ListEntry, Source, select};

/// Labels and values of the properties asked for, else of the object's own.
pub(super) fn of_properties(context: &Context, value: &PsValue) -> Vec<(String, String)> {
    of_properties_for(context, value, &context.request.properties)
}

/// As [`of_properties`], for the given columns.
pub(super) fn of_properties_for(context: &Context, value: &PsValue, asked: &[Column]) -> Vec<(String, String)> {
    let columns = if asked.is_empty() {
        names::default_columns(value, &context.settings)
    } else {
        names::resolve(asked, value, false)
    };
    columns
        .iter()
        .map(|column| {
            let shown = field::text(context, &column.source, column.format.as_deref(), value, false);
            (column.title().to_string(), shown)
        })
        .collect()
}

/// Labels and values as a view says; lines whose condition fails are left out.
pub(super) fn of_view(
    context: &Context,
    entries: &[ListEntry],
    value: &PsValue,
    with_computer: bool,
) -> Vec<(String, String)> {
    let entry = select(entries, |entry| &entry.selected_by, &subject::type_names(value));
    let mut lines: Vec<(String, String)> = entry
        .iter()
        .flat_map(|entry| &entry.items)
        .filter(|item| field::holds(context, item.condition.as_ref(), value))
        .map(|item| {
            let label = match (&item.label, &item.source) {
                (Some(label), _) => label.to_string(),
                (None, Source::Property(name)) => super::own_spelling(value, name),
                (None, Source::Script(script)) => script.text().to_owned(),
            };
            (label, field::text(context, &item.source, item.format.as_deref(), value, false))
        })
        .collect();
    if with_computer {
        let source = Source::Property(COMPUTER_NAME.into());
        lines.push((COMPUTER_NAME.to_owned(), field::text(context, &source, None, value, false)));
    }
    lines
}
