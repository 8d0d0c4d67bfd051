//! `to_html`, `to_markdown`, `to_csv`, `to_xlsx` give what `write_html`, `write_markdown`, `write_xlsx` put into a file.
//!
//! Files appear whole or not at all. What the pages and workbooks look like is `render::report`'s.

use std::path::Path;

use rhai::{Blob, Dynamic, INT, Map, Module};

use crate::render::report::{Report as Content, Table, to_csv, to_html, to_markdown, to_xlsx};

use super::super::basics::{dates, files};
use super::super::failure::Failure;
use super::super::options::{Known, Options};
use super::super::state::RhaiResult;
use super::super::value::described;
use super::Report;
use super::read::{origin, report_of};

const HTML: &str = "A report, or rows, as one page that needs nothing else: tables that sort and filter, charts, for screens light\n\
    and dark and for paper. Options: `Title`, `Summary`, `Columns`.\n\
    # Example\n\
    ```rhai\n\
    let page = to_html([#{ Name: \"Ann <ann@contoso.com>\" }], #{ Title: \"People\" });\n\
    print(page.contains(\"<title>People</title>\") && page.contains(\"Ann &lt;ann@contoso.com&gt;\"));\n\
    ```\n\
    ```text\n\
    true\n\
    ```";
const MARKDOWN: &str = "A report, or rows, as Markdown. Options: `Title`, `Summary`, `Columns`.\n\
    # Example\n\
    ```rhai\n\
    print(to_markdown([#{ Name: \"Ann\", Count: 1200 }], #{ Title: \"People\", Columns: [\"Name\", \"Count\"] }));\n\
    ```\n\
    ```text\n\
    # People\n\
    \n\
    | Name | Count |\n\
    | --- | ---: |\n\
    | Ann | 1,200 |\n\
    \n\
    ```";
const CSV: &str = "A table of a report, or rows, as CSV for a spreadsheet: text that it would run as a formula gets an apostrophe\n\
    before it, sizes are bytes, dates as in ISO 8601. `write_csv` writes exact values for programs instead. Options:\n\
    `Table` (the title of its section, where a report has several tables), `Columns`.\n\
    # Example\n\
    ```rhai\n\
    print(to_csv([#{ Name: \"=cmd()\", Size: size(\"2 KB\") }]));\n\
    ```\n\
    ```text\n\
    Name,Size\n\
    '=cmd(),2048\n\
    \n\
    ```";
const XLSX: &str = "A report, or rows, as the bytes of an Excel workbook: a sheet for each table and chart, cells of their own types,\n\
    filters, the header in place. Options: `Title`, `Columns`.\n\
    # Example\n\
    ```rhai\n\
    let book = to_xlsx([#{ Name: \"Ann\", Size: size(\"2 GB\") }]);\n\
    print(book[0] == 0x50 && book[1] == 0x4b); // a zip archive\n\
    ```\n\
    ```text\n\
    true\n\
    ```";
const WRITE: &str = "Writes a report, or rows, as a page (`write_html`), a workbook (`write_xlsx`) or Markdown (`write_markdown`), and\n\
    gives how many rows its tables have. The file appears whole or not at all. Options: `Title`, `Summary`, `Columns`.\n\
    # Example\n\
    ```rhai\n\
    let rows = [#{ Name: \"Ann\", Size: size(\"2 GB\") }];\n\
    print(write_html(rows, \"people.html\", #{ Title: \"People\" }));\n\
    print(write_xlsx(rows, \"people.xlsx\"));\n\
    print(list_files(\".\", \"people.*\").len());\n\
    ```\n\
    ```text\n\
    1\n\
    1\n\
    2\n\
    ```";

type Bytes = fn(&Content) -> RhaiResult<Vec<u8>>;

/// Registers the functions.
pub(super) fn register(module: &mut Module) {
    texts(module);
    described("to_xlsx", &["report: ?", "blob"], XLSX)
        .set_into_module(module, |given: Dynamic| -> RhaiResult<Blob> { workbook(&report_of(given, Map::new())?) });
    described("to_xlsx", &["report: ?", "options: map", "blob"], XLSX)
        .set_into_module(module, |given: Dynamic, options: Map| -> RhaiResult<Blob> {
            workbook(&report_of(given, options)?)
        });
    described("to_csv", &["report: ?", "string"], CSV)
        .set_into_module(module, |given: Dynamic| -> RhaiResult<String> { csv(given, Map::new()) });
    described("to_csv", &["report: ?", "options: map", "string"], CSV)
        .set_into_module(module, |given: Dynamic, options: Map| -> RhaiResult<String> { csv(given, options) });
    let kinds: [(&'static str, Bytes); 3] = [
        ("write_html", |report| Ok(to_html(report).into_bytes())),
        ("write_markdown", |report| Ok(to_markdown(report).into_bytes())),
        ("write_xlsx", workbook),
    ];
    for (name, bytes) in kinds {
        described(name, &["report: ?", "path: &str", "int"], WRITE)
            .set_into_module(module, move |given: Dynamic, path: &str| -> RhaiResult<INT> {
                write(given, path, Map::new(), bytes)
            });
        described(name, &["report: ?", "path: &str", "options: map", "int"], WRITE)
            .set_into_module(module, move |given: Dynamic, path: &str, options: Map| -> RhaiResult<INT> {
                write(given, path, options, bytes)
            });
    }
}

fn texts(module: &mut Module) {
    type Text = fn(&Content) -> String;
    let kinds: [(&'static str, &'static str, Text); 2] =
        [("to_html", HTML, to_html), ("to_markdown", MARKDOWN, to_markdown)];
    for (name, about, text) in kinds {
        described(name, &["report: ?", "string"], about)
            .set_into_module(module, move |given: Dynamic| -> RhaiResult<String> {
                Ok(text(&report_of(given, Map::new())?))
            });
        described(name, &["report: ?", "options: map", "string"], about)
            .set_into_module(module, move |given: Dynamic, options: Map| -> RhaiResult<String> {
                Ok(text(&report_of(given, options)?))
            });
    }
}

fn workbook(report: &Content) -> RhaiResult<Vec<u8>> {
    to_xlsx(report).map_err(|error| Failure::script(error.to_string()).into())
}

fn write(given: Dynamic, path: &str, options: Map, bytes: Bytes) -> RhaiResult<INT> {
    let mut report = report_of(given, options)?;
    report.origin = origin(dates::local_now().0);
    let bytes = bytes(&report)?;
    files::replace(Path::new(path), |out| out.write_all(&bytes)).map_err(|error| files::unwritable(path, &error))?;
    let rows: usize = report.tables().map(|(_, table)| table.rows.len()).sum();
    Ok(INT::try_from(rows).unwrap_or(INT::MAX))
}

fn csv(given: Dynamic, options: Map) -> RhaiResult<String> {
    const OPTIONS: [Known; 2] = [("Table", &[]), ("Columns", &[])];
    let mut options = Options::read("to_csv", &OPTIONS, options)?;
    let wanted = options.text("Table")?;
    let mut shape = Map::new();
    if let Some(columns) = options.take("Columns") {
        shape.insert("Columns".into(), columns);
    }
    if given.read_lock::<Report>().is_none() {
        return Ok(report_of(given, shape)?.tables().map(|(_, table)| to_csv(table)).collect());
    }
    let report = report_of(given, shape)?;
    let tables: Vec<(&str, &Table)> = report.tables().collect();
    let chosen: Vec<&(&str, &Table)> = match &wanted {
        Some(name) => tables.iter().filter(|(title, _)| title.eq_ignore_ascii_case(name)).collect(),
        None => tables.iter().collect(),
    };
    match chosen.as_slice() {
        [(_, table)] => Ok(to_csv(table)),
        _ => {
            let titles = tables.iter().map(|(title, _)| *title).collect::<Vec<_>>().join(", ");
            let text = format!("the report has {} tables that may be meant", chosen.len());
            Err(Failure::script(text).hint(format!("name one with Table: \"…\"; there are {titles}")).into())
        }
    }
}
