//! Tables of reports from what scripts have: results, arrays of records or maps, streams.
//!
//! Which column is of which kind is found out in `render::report`.

use rhai::Dynamic;

use crate::clixml::PsValue;
use crate::render::report::{Cell, Table};
use crate::render::select::property;

use super::super::state::RhaiResult;
use super::super::value::{DateTime, Decimal, Record, Size, TimeSpan, text_of, to_dynamic, values_of};

/// The column of values that have no properties.
const PLAIN: &str = "Value";

/// A value as a cell.
pub(in crate::script) fn cell_of(value: &PsValue) -> Cell {
    cell(&to_dynamic(value))
}

/// As [`cell_of`], of what a script sees.
pub(super) fn cell(seen: &Dynamic) -> Cell {
    if seen.is_unit() {
        return Cell::Empty;
    }
    if let Ok(truth) = seen.as_bool() {
        return Cell::Truth(truth);
    }
    if let Ok(number) = seen.as_int() {
        return Cell::Whole(number);
    }
    if let Ok(number) = seen.as_float() {
        return Cell::Number(number);
    }
    if let Some(size) = seen.read_lock::<Size>() {
        return size.bytes().map_or(Cell::Unlimited, Cell::Size);
    }
    if let Some(date) = seen.read_lock::<DateTime>() {
        return Cell::Date(date.0);
    }
    if let Some(span) = seen.read_lock::<TimeSpan>() {
        return Cell::Span(span.0);
    }
    if let Some(number) = seen.read_lock::<Decimal>() {
        return number.to_string().parse().map_or_else(|_| Cell::Text(number.to_string()), Cell::Number);
    }
    if let Ok(items) = seen.as_array_ref() {
        return match items.len() {
            0 => Cell::Empty,
            _ => Cell::Text(items.iter().map(text_of).collect::<Vec<_>>().join(", ")),
        };
    }
    match text_of(seen) {
        text if text.is_empty() => Cell::Empty,
        text => Cell::Text(text),
    }
}

/// The rows with all the properties they have, in the order in which they come first, or with those named.
pub(super) fn table(rows: Dynamic, columns: Option<Vec<String>>) -> RhaiResult<Table> {
    let named = columns.is_some();
    let mut names = columns.unwrap_or_default();
    let mut cells: Vec<Vec<Cell>> = Vec::new();
    for value in values_of(rows) {
        let value = value?;
        if !named {
            for name in names_of(&value) {
                if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                    names.push(name);
                }
            }
        }
        cells.push(names.iter().map(|name| part(&value, name)).collect());
    }
    Ok(Table { chosen: named, ..Table::new(names, cells) })
}

fn names_of(value: &PsValue) -> Vec<String> {
    match to_dynamic(value).read_lock::<Record>() {
        Some(record) => record.names(),
        None => vec![PLAIN.to_owned()],
    }
}

fn part(value: &PsValue, name: &str) -> Cell {
    let record = to_dynamic(value).try_cast::<Record>();
    match record {
        Some(record) => record.get(name).or_else(|| property(value, name)).map_or(Cell::Empty, |value| cell_of(&value)),
        None if name == PLAIN => cell_of(value),
        None => Cell::Empty,
    }
}
