//! `Export-Excel`: a workbook of one sheet, as other programs read it.
//!
//! What a workbook looks like is `render::report`'s.

use super::builtin::Ctx;
use super::fault::{Problem, Res};
use super::state::Cx;
use super::text::to_string;
use super::value::V;
use crate::render::report::{Cell, Report, Table, to_xlsx};

/// Writes the objects as the rows of a sheet; the first decides the columns.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn export(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let path = c.bound.text("Path").unwrap_or_else(|| "report.xlsx".to_owned());
    let rows: Vec<V> = c.input(input).into_iter().flat_map(V::unrolled).collect();
    let mut header: Vec<std::sync::Arc<str>> = Vec::new();
    let mut table = Vec::new();
    for row in &rows {
        let properties = super::member::properties(cx, row)?;
        if header.is_empty() {
            header = properties.iter().map(|(name, _)| name.clone()).collect();
        }
        let part = |name| properties.iter().find(|(own, _)| own == name).map_or(Cell::Empty, |(_, value)| cell(value));
        table.push(header.iter().map(part).collect());
    }
    let sheet = c.bound.text("WorksheetName").unwrap_or_else(|| "Sheet1".to_owned());
    let report = Report::of_table(&sheet, Table::new(header.iter().map(|name| &**name), table));
    let bytes =
        to_xlsx(&report).map_err(|error| Problem::new("ExportExcel", "InvalidData", error.to_string()).fault())?;
    super::files::write(cx, &path, &bytes, false).map_err(|problem| problem.fault())
}

fn cell(value: &V) -> Cell {
    match value {
        V::Null | V::Nothing => Cell::Empty,
        V::Bool(truth) | V::Switch(truth) => Cell::Truth(*truth),
        V::Int(number) => Cell::Whole((*number).into()),
        V::Long(number) => Cell::Whole(*number),
        V::Double(number) => Cell::Number(*number),
        V::Date(date) => Cell::Date(*date),
        V::Span(span) => Cell::Span(*span),
        V::Enum(_) | V::Obj(_) => Cell::Text(to_string(value)),
        other => match super::number::plain(other) {
            Some(number) => Cell::Number(number.double()),
            None => Cell::Text(to_string(other)),
        },
    }
}
