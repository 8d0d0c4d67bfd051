//! `chart` and `sparkline`: rows or numbers as a picture, for the terminal and for reports.
//!
//! Drawing is `render::report`'s.

use std::sync::Arc;

use rhai::{Array, Dynamic, INT, ImmutableString, Map, Module};

use crate::render::report::{Cell, Chart as Drawing, ChartKind, Kind, Series, Table, Unit, sparkline};

use super::super::failure::Failure;
use super::super::options::{Known, Options};
use super::super::state::{RhaiError, RhaiResult, State};
use super::super::value::described;
use super::{Chart, tables};
use crate::catalog::nearest_name;

const OPTIONS: [Known; 5] =
    [("Label", &["Labels"]), ("Value", &["Values"]), ("Kind", &["Form"]), ("Title", &[]), ("Top", &[])];

const CHART: &str = "A chart of rows: at the prompt and with `print` it is drawn in the terminal, in a `report` on the page.\n\
    Options: `Label` (the property that names each row, else the first with words), `Value` (the property with the\n\
    numbers, or a list of several; else the first with numbers), `Kind` (bar or line), `Title`, `Top` (only the so many\n\
    largest). Sizes, dates, spans of time and plain numbers can be values.\n\
    # Example\n\
    ```rhai\n\
    let rows = [#{ Database: \"DB01\", Size: size(\"3 GB\") }, #{ Database: \"DB02\", Size: size(\"1.5 GB\") }];\n\
    print(chart(rows, #{ Label: \"Database\", Value: \"Size\", Title: \"Sizes\" }));\n\
    ```\n\
    ```text\n\
    Sizes\n\
    DB01  ███████████████████████████████████████████████████████████████████████████████████████   3 GB\n\
    DB02  ███████████████████████████████████████████▌                                            1.5 GB\n\
    ```";

const SPARKLINE: &str = "Numbers as a line of one letter each, with the lowest and the highest behind it.\n\
    # Example\n\
    ```rhai\n\
    print(sparkline([3, 5, 9, 4, 1]));\n\
    ```\n\
    ```text\n\
    ▃▅█▄▁ 1…9\n\
    ```";

/// Registers the functions.
pub(super) fn register(module: &mut Module, state: &Arc<State>) {
    described("chart", &["rows: ?", "Chart"], CHART)
        .set_into_module(module, |rows: Dynamic| -> RhaiResult<Chart> { chart(rows, Map::new()) });
    described("chart", &["rows: ?", "options: map", "Chart"], CHART)
        .set_into_module(module, |rows: Dynamic, options: Map| -> RhaiResult<Chart> { chart(rows, options) });
    let shared = state.clone();
    described("sparkline", &["numbers: array", "string"], SPARKLINE).set_into_module(
        module,
        move |numbers: Array| -> RhaiResult<ImmutableString> {
            let amounts: Option<Vec<f64>> = numbers.iter().map(|number| tables::cell(number).amount()).collect();
            let amounts = amounts.ok_or_else(|| Failure::script("sparkline takes numbers"))?;
            Ok(sparkline(&amounts, shared.ui.screen().unicode).into())
        },
    );
}

fn chart(rows: Dynamic, options: Map) -> RhaiResult<Chart> {
    let mut options = Options::read("chart", &OPTIONS, options)?;
    let table = tables::table(rows, None)?;
    let title = options.text("Title")?.unwrap_or_default();
    let kind = match options.text("Kind")?.map(|kind| kind.to_ascii_lowercase()).as_deref() {
        None | Some("bar" | "bars") => ChartKind::Bars,
        Some("line" | "lines") => ChartKind::Line,
        Some(other) => {
            return Err(Failure::script(format!("there is no chart of kind {other}")).hint("it is bar or line").into());
        }
    };
    let values = value_columns(&table, options.texts("Value")?)?;
    let label = match options.text("Label")? {
        Some(name) => Some(column(&table, &name)?),
        None => table.columns.iter().position(|column| matches!(column.kind, Kind::Text | Kind::Date)),
    };
    let mut drawing = drawing(&table, label, &values, kind, title);
    if let Some(top) = options.take("Top") {
        let top = top.as_int().ok().and_then(|top: INT| usize::try_from(top).ok()).filter(|top| *top > 0);
        keep_largest(&mut drawing, top.ok_or_else(|| Failure::script("chart: Top takes a number above zero"))?);
    }
    Ok(Chart(Arc::new(drawing)))
}

fn column(table: &Table, name: &str) -> RhaiResult<usize> {
    let found = table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| missing(table, name))
}

fn missing(table: &Table, name: &str) -> RhaiError {
    let near = nearest_name(name, table.columns.iter().map(|column| column.name.as_str()));
    Failure::script(format!("the rows have no {name}")).did_you_mean(near).into()
}

/// The columns with the numbers: those named, else the first that has any.
fn value_columns(table: &Table, named: Option<Vec<String>>) -> RhaiResult<Vec<usize>> {
    if let Some(names) = named {
        return names.iter().map(|name| column(table, name)).collect();
    }
    if table.rows.is_empty() {
        return Ok(vec![0]);
    }
    let found = table.columns.iter().position(|column| column.kind.is_numeric());
    let found = found.ok_or_else(|| {
        Failure::script("no property of the rows has numbers").hint("say which one with Value: \"…\"")
    })?;
    Ok(vec![found])
}

fn drawing(table: &Table, label: Option<usize>, values: &[usize], kind: ChartKind, title: String) -> Drawing {
    let amounts = |column: &usize| table.rows.iter().map(|row| row.get(*column)?.amount()).collect();
    let name = |column: &usize| table.columns.get(*column).map(|column| column.name.clone()).unwrap_or_default();
    let series = values.iter().map(|column| Series { name: name(column), values: amounts(column) }).collect();
    let unit = match values.first().and_then(|column| table.columns.get(*column)).map(|column| column.kind) {
        Some(Kind::Size) => Unit::Bytes,
        Some(Kind::Span) => Unit::Seconds,
        _ => Unit::Number,
    };
    let text = |(place, row): (usize, &Vec<Cell>)| match label.and_then(|column| row.get(column)) {
        Some(cell) => cell.text(),
        None => (place + 1).to_string(),
    };
    let labels = table.rows.iter().enumerate().map(text).collect();
    let places = label
        .filter(|column| table.columns.get(*column).is_some_and(|column| column.kind == Kind::Date))
        .and_then(|column| table.rows.iter().map(|row| row.get(column)?.amount()).collect());
    Drawing { kind, title, labels, places, series, unit }
}

/// The rows with the largest values of the first series, largest first.
fn keep_largest(chart: &mut Drawing, top: usize) {
    if chart.labels.len() <= top {
        return;
    }
    let first = chart.series.first().map(|series| series.values.clone()).unwrap_or_default();
    let mut order: Vec<usize> = (0..chart.labels.len()).collect();
    order.sort_by(|a, b| first[*b].unwrap_or(f64::MIN).total_cmp(&first[*a].unwrap_or(f64::MIN)));
    order.truncate(top);
    for series in &mut chart.series {
        series.values = order.iter().map(|place| series.values[*place]).collect();
    }
    chart.labels = order.iter().map(|place| chart.labels[*place].clone()).collect();
    chart.places = None;
}
