//! `report`: a title and sections of paragraphs, figures, tables and charts, put together from a map.
//!
//! Not here: writing it (`files`), drawing charts (`charts`).

use std::sync::Arc;

use rhai::{Dynamic, Map, Module};

use crate::clixml::PsDateTime;
use crate::render::report::{Block, Cell, Report as Content, Section};

use super::super::failure::Failure;
use super::super::options::{Known, Options};
use super::super::state::RhaiResult;
use super::super::value::{Record, described, values_of};
use super::{Chart, Report, cell_of, tables};

const REPORT: [Known; 4] = [("Title", &[]), ("Summary", &["Subtitle"]), ("Sections", &["Section"]), ("Figures", &[])];
const SECTION: [Known; 6] = [
    ("Title", &["Heading"]),
    ("Text", &["Paragraphs"]),
    ("Figures", &[]),
    ("Chart", &["Charts"]),
    ("Table", &["Rows"]),
    ("Columns", &[]),
];

const DOCUMENT: &str = "A report of several parts, for `write_html`, `write_xlsx`, `write_markdown` and their kin.\n\
    Options: `Title`, `Summary` (a sentence), `Figures` (a record of a few numbers, set large), `Sections` (a list).\n\
    A section is a paragraph (text), a table (rows), a `chart`, or a map with `Title`, `Text`, `Figures`, `Chart`,\n\
    `Table` and `Columns` (which properties of the rows, in order).\n\
    # Example\n\
    ```rhai\n\
    let rows = [#{ Name: \"Ann\", Size: size(\"3 GB\") }, #{ Name: \"Bob\", Size: size(\"512 MB\") }];\n\
    let made = report(#{\n\
    \x20   Title: \"Mailboxes\",\n\
    \x20   Figures: #{ Mailboxes: 2, Together: size(\"3.5 GB\") },\n\
    \x20   Sections: [#{ Title: \"Sizes\", Text: \"Largest first.\", Table: rows, Columns: [\"Name\", \"Size\"] }],\n\
    });\n\
    write_html(made, \"mailboxes.html\");\n\
    print(to_markdown(made));\n\
    ```\n\
    ```text\n\
    # Mailboxes\n\
    \n\
    - Mailboxes: **2**\n\
    - Together: **3.5 GB**\n\
    \n\
    ## Sizes\n\
    \n\
    Largest first.\n\
    \n\
    | Name | Size |\n\
    | --- | ---: |\n\
    | Ann | 3 GB |\n\
    | Bob | 512 MB |\n\
    \n\
    ```";

/// Registers the function.
pub(super) fn register(module: &mut Module) {
    described("report", &["parts: map", "Report"], DOCUMENT)
        .set_into_module(module, |parts: Map| -> RhaiResult<Report> { Ok(Report(Arc::new(report(parts)?))) });
}

fn report(parts: Map) -> RhaiResult<Content> {
    let mut options = Options::read("report", &REPORT, parts)?;
    let title = options.text("Title")?.unwrap_or_else(|| "Report".to_owned());
    let summary = options.text("Summary")?.unwrap_or_default();
    let mut sections = Vec::new();
    if let Some(figures) = options.take("Figures") {
        sections.push(Section { title: String::new(), blocks: vec![figures_of(figures)?] });
    }
    for part in list(options.take("Sections")) {
        sections.push(section(part)?);
    }
    Ok(Content { title, summary, origin: String::new(), sections })
}

/// Several, or the only one. Lists of records are one table, not several parts.
fn list(given: Option<Dynamic>) -> Vec<Dynamic> {
    match given {
        None => Vec::new(),
        Some(value) if value.is_array() => value.into_array().unwrap_or_default(),
        Some(value) => vec![value],
    }
}

fn section(part: Dynamic) -> RhaiResult<Section> {
    if !part.is_map() {
        return Ok(Section { title: String::new(), blocks: vec![block(part)?] });
    }
    let map = part.try_cast::<Map>().unwrap_or_default();
    let mut options = Options::read("a section of report", &SECTION, map)?;
    let title = options.text("Title")?.unwrap_or_default();
    let columns = options.texts("Columns")?;
    let mut blocks: Vec<Block> = options.texts("Text")?.into_iter().flatten().map(Block::Text).collect();
    if let Some(figures) = options.take("Figures") {
        blocks.push(figures_of(figures)?);
    }
    for chart in list(options.take("Chart")) {
        let chart = chart.try_cast::<Chart>().ok_or_else(|| {
            Failure::script("Chart takes what chart(…) gives")
                .hint("write Chart: chart(rows, #{ Label: \"…\", Value: \"…\" })")
        })?;
        blocks.push(Block::Chart((*chart.0).clone()));
    }
    if let Some(rows) = options.take("Table") {
        blocks.push(Block::Table(tables::table(rows, columns)?));
    }
    Ok(Section { title, blocks })
}

fn block(part: Dynamic) -> RhaiResult<Block> {
    if let Some(chart) = part.read_lock::<Chart>() {
        return Ok(Block::Chart((*chart.0).clone()));
    }
    if part.is_string() {
        return Ok(Block::Text(part.into_string().unwrap_or_default()));
    }
    Ok(Block::Table(tables::table(part, None)?))
}

/// Names and values of the one record, or of records with both.
fn figures_of(given: Dynamic) -> RhaiResult<Block> {
    let mut figures = Vec::new();
    for value in values_of(given) {
        let seen = super::super::value::to_dynamic(&value?);
        let record = seen.try_cast::<Record>().ok_or_else(|| {
            Failure::script("Figures takes a record")
                .hint("write Figures: #{ Mailboxes: 12, Together: size(\"3 GB\") }")
        })?;
        for name in record.names() {
            let value = record.get(&name).map_or(Cell::Empty, |value| cell_of(&value));
            figures.push((name, value));
        }
    }
    Ok(Block::Figures(figures))
}

/// The report as it is, or one of the rows given.
pub(super) fn report_of(given: Dynamic, options: Map) -> RhaiResult<Content> {
    const OPTIONS: [Known; 3] = [("Title", &[]), ("Summary", &["Subtitle"]), ("Columns", &[])];
    let mut options = Options::read("the report", &OPTIONS, options)?;
    let (title, summary) = (options.text("Title")?, options.text("Summary")?);
    let columns = options.texts("Columns")?;
    let whole = given.read_lock::<Report>().map(|report| (*report.0).clone());
    let mut report = match whole {
        Some(report) => report,
        None if given.read_lock::<Chart>().is_some() => {
            Content { sections: vec![section(given)?], title: "Chart".to_owned(), ..Content::default() }
        }
        None => Content::of_table("Report", tables::table(given, columns)?),
    };
    if let Some(title) = title {
        report.title = title;
    }
    if let Some(summary) = summary {
        report.summary = summary;
    }
    Ok(report)
}

/// When a report is written, for the line under its title.
pub(super) fn origin(now: PsDateTime) -> String {
    format!("Made with exsh, {}", Cell::Date(now).text())
}
