//! Tables: columns of a view or of properties, and their rows.

use super::{Context, Document, field};
use crate::clixml::PsValue;
use crate::render::names;
use crate::render::packet::{self, Entry, Look};
use crate::render::request::Column;
use crate::render::subject::{self, COMPUTER_NAME};
use crate::render::view::{Alignment, Control, Source, TableControl, select};

/// Columns at most, when nobody asks for certain ones.
const COLUMNS_MAX: usize = 10;

/// The columns of a table without view: those asked for, else the object's own, all of them in a `readable` one.
pub(super) fn columns(context: &Context, value: &PsValue, readable: bool) -> Vec<Column> {
    if !context.request.properties.is_empty() {
        return names::resolve(&context.request.properties, value, true);
    }
    let mut columns = names::default_columns(value, &context.settings);
    if !readable && names::default_set(value, &context.settings).is_empty() {
        columns.truncate(COLUMNS_MAX);
    }
    columns
}

/// What the table looks like, decided by its first object.
pub(super) fn look(context: &Context, document: &Document, value: &PsValue) -> Look {
    let request = &context.request;
    let (columns, auto_size, hide_headers) = match document.view.as_deref().map(|view| &view.control) {
        Some(Control::Table(control)) => {
            (view_columns(control, document, value), control.auto_size, control.hide_headers)
        }
        _ => (document.columns.iter().map(|column| own_column(context, column, value)).collect(), false, false),
    };
    Look::Table {
        columns,
        auto_size: request.auto_size.unwrap_or(auto_size),
        hide_headers: request.hide_headers.unwrap_or(hide_headers),
        readable: document.readable,
    }
}

fn own_column(context: &Context, column: &Column, value: &PsValue) -> packet::Column {
    let alignment = match column.alignment {
        Alignment::Undefined => match field::raw(context, &column.source, value) {
            Some(found) if is_right_aligned(&found) => Alignment::Right,
            _ => Alignment::Left,
        },
        given => given,
    };
    packet::Column { label: column.title().to_string(), alignment, width: column.width.unwrap_or(0) }
}

/// Numbers, truth values and the like stand at the right.
fn is_right_aligned(value: &PsValue) -> bool {
    let is_string = subject::type_names(value).first().is_some_and(|name| name == "System.String");
    !value.is_null() && !is_string && subject::is_scalar(value)
}

fn view_columns(control: &TableControl, document: &Document, value: &PsValue) -> Vec<packet::Column> {
    let row = select(&control.rows, |row| &row.selected_by, &subject::type_names(value));
    let mut columns: Vec<packet::Column> = row
        .iter()
        .flat_map(|row| &row.cells)
        .enumerate()
        .map(|(at, cell)| {
            let header = control.headers.get(at);
            let label = match (header.and_then(|header| header.label.as_deref()), &cell.source) {
                (Some(label), _) => label.to_owned(),
                (None, Source::Property(name)) => name.to_string(),
                (None, Source::Script(script)) => script.text().to_owned(),
            };
            let alignment = match header.map_or(Alignment::Undefined, |header| header.alignment) {
                Alignment::Undefined => cell.alignment,
                given => given,
            };
            packet::Column { label, alignment, width: header.map_or(0, |header| header.width) }
        })
        .collect();
    if document.with_computer {
        columns.push(packet::Column { label: COMPUTER_NAME.to_owned(), alignment: Alignment::Undefined, width: 0 });
    }
    columns
}

/// A row of a table made of properties.
pub(super) fn row(context: &Context, document: &Document, value: &PsValue) -> Entry {
    let cells = document
        .columns
        .iter()
        .map(|column| {
            let text = field::text(context, &column.source, column.format.as_deref(), value, true);
            (if document.readable { short(text) } else { text }, Alignment::Undefined)
        })
        .collect();
    Entry::Row { cells, wrap: context.request.wrap }
}

/// A size without its bytes, which lists, CSV and JSON have: `1.5 GB (1,610,612,736 bytes)` as `1.5 GB`.
fn short(mut text: String) -> String {
    let bytes = text.strip_suffix(" bytes)").and_then(|rest| rest.rsplit_once(" ("));
    if let Some((size, _)) = bytes.filter(|(_, digits)| digits.chars().all(|c| c.is_ascii_digit() || c == ',')) {
        let length = size.len();
        text.truncate(length);
    }
    text
}

/// A row of a view.
pub(super) fn row_of_view(context: &Context, document: &Document, control: &TableControl, value: &PsValue) -> Entry {
    let row = select(&control.rows, |row| &row.selected_by, &subject::type_names(value));
    let mut cells: Vec<(String, Alignment)> = row
        .iter()
        .flat_map(|row| &row.cells)
        .map(|cell| (field::text(context, &cell.source, cell.format.as_deref(), value, false), cell.alignment))
        .collect();
    if document.with_computer {
        let source = Source::Property(COMPUTER_NAME.into());
        cells.push((field::text(context, &source, None, value, false), Alignment::Undefined));
    }
    Entry::Row { cells, wrap: context.request.wrap || row.is_some_and(|row| row.wrap) }
}
