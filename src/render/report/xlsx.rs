//! A report as a workbook: a sheet for each table and each chart, cells of their own types, header in place, filters on.
//!
//! Text is always text: no cell is ever a formula, whatever it begins with.

use std::collections::HashSet;

use rust_xlsxwriter as excel;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet};

use super::cell::size_unit;
use super::{Block, Cell, Chart, ChartKind, Kind, Report, Table, Unit};
use crate::clixml::PsDateTime;

/// Rows of a sheet, the header included.
const ROWS_MAX: usize = 1_048_576;
/// Columns of a sheet.
const COLUMNS_MAX: usize = 16_384;
/// Letters of one cell.
const LETTERS_MAX: usize = 32_767;
/// Letters of a sheet's name.
const NAME_MAX: usize = 31;
/// The widest column, in letters.
const WIDTH_MAX: usize = 60;
/// Whole numbers from here on lose digits in a spreadsheet; they are written as text.
const EXACT_MAX: u64 = 1_000_000_000_000_000;
/// Day 0 of spreadsheets, 1899-12-30, in ticks.
const DAY_ZERO: i64 = 693_593 * PsDateTime::TICKS_PER_DAY;
/// Days up to here are counted differently by different programs.
const DAY_MIN: f64 = 61.0;

/// Why there is no workbook.
#[derive(Debug, thiserror::Error)]
pub enum XlsxError {
    /// A table is wider than a sheet.
    #[error("a sheet has at most {COLUMNS_MAX} columns, not {columns}")]
    TooWide {
        /// How many there are.
        columns: usize,
    },
    /// The writer failed.
    #[error("the workbook could not be made")]
    Writer(#[from] excel::XlsxError),
}

/// The bytes of the workbook.
///
/// # Errors
/// [`XlsxError`] when a table does not fit a sheet.
pub fn to_xlsx(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&excel::DocProperties::new().set_title(report.title.as_str()).set_author("exsh"));
    let mut names = Names::default();
    for section in &report.sections {
        let title = if section.title.is_empty() { &report.title } else { &section.title };
        for block in &section.blocks {
            match block {
                Block::Table(table) => add_table(&mut book, names.next(title), table, &mut names)?,
                Block::Chart(chart) => {
                    let title = if chart.title.is_empty() { title } else { &chart.title };
                    add_chart(&mut book, names.next(title), chart)?;
                }
                Block::Figures(figures) => {
                    let row = |(name, value): &(String, Cell)| vec![Cell::Text(name.clone()), value.clone()];
                    let table = Table::new(["Figure", "Value"], figures.iter().map(row).collect());
                    add_table(&mut book, names.next(title), &table, &mut names)?;
                }
                Block::Text(_) => {}
            }
        }
    }
    if book.worksheets().is_empty() {
        book.add_worksheet();
    }
    Ok(book.save_to_buffer()?)
}

/// Names of sheets: short, without letters that are not allowed, each only once.
#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    fn next(&mut self, wanted: &str) -> String {
        let allowed = |letter: char| if letter.is_control() || "[]:*?/\\".contains(letter) { ' ' } else { letter };
        let clean: String = wanted.chars().map(allowed).collect();
        let clean = clean.trim().trim_matches('\'').trim();
        // One program keeps this name for itself.
        let clean = if clean.is_empty() || clean.eq_ignore_ascii_case("history") { "Report" } else { clean };
        (1..)
            .map(|count| {
                let end = if count == 1 { String::new() } else { format!(" ({count})") };
                format!("{}{end}", cut(clean, NAME_MAX - end.len()).trim_end_matches('\''))
            })
            .find(|name| self.0.insert(name.to_lowercase()))
            .unwrap_or_default()
    }
}

/// Text of at most so many UTF-16 units, by which spreadsheets count.
fn cut(text: &str, units_max: usize) -> &str {
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        units += letter.len_utf16();
        if units > units_max {
            return text[..at].trim_end();
        }
    }
    text
}

fn header() -> Format {
    Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_align(FormatAlign::Top)
}

/// A table over one sheet or, when it is very long, over several.
fn add_table(book: &mut Workbook, name: String, table: &Table, names: &mut Names) -> Result<(), XlsxError> {
    if table.columns.len() > COLUMNS_MAX {
        return Err(XlsxError::TooWide { columns: table.columns.len() });
    }
    let mut pieces = table.rows.chunks(ROWS_MAX - 1);
    fill(book.add_worksheet(), &name, table, pieces.next().unwrap_or_default())?;
    for piece in pieces {
        fill(book.add_worksheet(), &names.next(&name), table, piece)?;
    }
    Ok(())
}

fn fill(sheet: &mut Worksheet, name: &str, table: &Table, rows: &[Vec<Cell>]) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    let header = header();
    for (column, place) in table.columns.iter().zip(0_u16..) {
        let unit = unit_of(rows, usize::from(place), column.kind);
        let title = unit.map_or_else(|| column.name.clone(), |(unit, _)| format!("{} ({unit})", column.name));
        let format =
            if column.kind.is_numeric() { header.clone().set_align(FormatAlign::Right) } else { header.clone() };
        sheet.write_string_with_format(0, place, cut(&title, LETTERS_MAX), &format)?;
        let format = format_of(column.kind);
        let mut width = title.chars().count() + 3; // and the filter's arrow
        for (row, line) in (1_u32..).zip(rows) {
            let Some(cell) = line.get(usize::from(place)) else { continue };
            write(sheet, row, place, cell, unit.map_or(1.0, |(_, factor)| factor), &format)?;
            width = width.max(width_of(cell, column.kind));
        }
        sheet.set_column_width(place, width.min(WIDTH_MAX) as f64 + 1.0)?;
    }
    if let (Ok(last_row), Ok(columns @ 1..)) = (u32::try_from(rows.len()), u16::try_from(table.columns.len())) {
        sheet.autofilter(0, 0, last_row, columns - 1)?;
    }
    Ok(())
}

/// The unit in which a column of sizes is written.
fn unit_of(rows: &[Vec<Cell>], column: usize, kind: Kind) -> Option<(&'static str, f64)> {
    let bytes = |row: &Vec<Cell>| match row.get(column) {
        Some(Cell::Size(bytes)) => Some(bytes.unsigned_abs()),
        _ => None,
    };
    (kind == Kind::Size).then(|| size_unit(rows.iter().filter_map(bytes).max().unwrap_or(0) as f64))
}

fn format_of(kind: Kind) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match kind {
        Kind::Whole => format.set_num_format("#,##0"),
        Kind::Number => format.set_num_format("#,##0.00"),
        Kind::Size => format.set_num_format("#,##0.00").set_align(FormatAlign::Right),
        Kind::Date => format.set_num_format("yyyy\\-mm\\-dd hh:mm").set_align(FormatAlign::Left),
        Kind::Span => format.set_num_format("[h]:mm:ss"),
        Kind::Truth | Kind::Text => format,
    }
}

fn width_of(cell: &Cell, kind: Kind) -> usize {
    match (cell, kind) {
        (Cell::Empty, _) => 0,
        (_, Kind::Date) => 16,
        (_, Kind::Size) => 10,
        (cell, _) => cell.text().lines().map(crate::render::width::of).max().unwrap_or(0),
    }
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    factor: f64,
    format: &Format,
) -> Result<(), XlsxError> {
    let number = match cell {
        Cell::Empty => return Ok(()),
        Cell::Truth(truth) => {
            sheet.write_boolean_with_format(row, column, *truth, format)?;
            return Ok(());
        }
        Cell::Whole(number) if number.unsigned_abs() < EXACT_MAX => Some(*number as f64),
        Cell::Number(number) if number.is_finite() => Some(*number),
        Cell::Size(bytes) => Some(*bytes as f64 / factor),
        Cell::Date(date) => {
            let days = (date.ticks - DAY_ZERO) as f64 / PsDateTime::TICKS_PER_DAY as f64;
            (days >= DAY_MIN).then_some(days)
        }
        Cell::Span(span) if span.ticks >= 0 => Some(span.ticks as f64 / PsDateTime::TICKS_PER_DAY as f64),
        _ => None,
    };
    match number {
        Some(number) => sheet.write_number_with_format(row, column, number, format)?,
        None => sheet.write_string_with_format(row, column, cut(&cell.text(), LETTERS_MAX), format)?,
    };
    Ok(())
}

/// A sheet with the values of a chart, and the chart beside them as the program draws it.
fn add_chart(book: &mut Workbook, name: String, chart: &Chart) -> Result<(), XlsxError> {
    let cells = |place: usize| {
        let value = |series: &super::Series| match series.values.get(place).copied().flatten() {
            Some(value) if chart.unit == Unit::Bytes => Cell::Size(value as i64),
            Some(value) => Cell::Number(value),
            None => Cell::Empty,
        };
        let label = chart.labels.get(place).cloned().map_or(Cell::Empty, Cell::Text);
        std::iter::once(label).chain(chart.series.iter().map(value)).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<Cell>> = (0..chart.labels.len().min(ROWS_MAX - 1)).map(cells).collect();
    let names = std::iter::once("Label".to_owned()).chain(chart.series.iter().map(|series| series.name.clone()));
    let table = Table::new(names, rows);
    let sheet = book.add_worksheet();
    fill(sheet, &name, &table, &table.rows)?;
    let (Ok(last), Ok(series)) = (u32::try_from(table.rows.len()), u16::try_from(chart.series.len())) else {
        return Ok(());
    };
    if last == 0 || series == 0 {
        return Ok(());
    }
    let mut drawn = excel::Chart::new(match chart.kind {
        ChartKind::Bars => excel::ChartType::Bar,
        ChartKind::Line => excel::ChartType::Line,
    });
    for place in 1..=series {
        drawn
            .add_series()
            .set_name((name.as_str(), 0, place))
            .set_categories((name.as_str(), 1, 0, last, 0))
            .set_values((name.as_str(), 1, place, last, place));
    }
    drawn.title().set_name(if chart.title.is_empty() { &name } else { &chart.title });
    if chart.kind == ChartKind::Bars {
        drawn.y_axis().set_reverse(); // the first label on top, as in the table
    }
    if series == 1 {
        drawn.legend().set_hidden();
    }
    drawn.set_width(720).set_height(360);
    sheet.insert_chart(1, series + 2, &drawn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_allowed_and_different() {
        let mut names = Names::default();
        assert_eq!(names.next("Sizes: [all] *"), "Sizes   all");
        assert_eq!(names.next("sizes   all"), "sizes   all (2)");
        assert_eq!(names.next("'History'"), "Report");
        assert_eq!(names.next("/"), "Report (2)");
        let long = names.next(&"x".repeat(40));
        assert_eq!(long.len(), NAME_MAX);
        assert_eq!(names.next(&"x".repeat(40)), format!("{} (2)", "x".repeat(27)));
    }
}
