//! `read_csv` and `write_csv`: rows of files as records, with encodings, byte order marks and types by column.
//!
//! What a CSV line looks like when it is written is decided in `render`.

use std::path::Path;
use std::sync::Arc;

use rhai::{Dynamic, FuncRegistration, INT, Map, Module};

use crate::clixml::{PsObject, PsValue, TypeNames};
use crate::render::convert::{CsvOptions, CsvWriter, Quotes};

use super::super::failure::Failure;
use super::super::options::{Known, Options};
use super::super::state::{RhaiError, RhaiResult};
use super::super::value::{Results, Size, values_of};
use super::encoding::Encoding;
use super::files::{failed, replace, unwritable};
use super::{dates, described};

const READING: [Known; 4] = [("Delimiter", &["Separator"]), ("Encoding", &[]), ("Types", &[]), ("Header", &[])];
const WRITING: [Known; 4] = [("Delimiter", &["Separator"]), ("Encoding", &[]), ("Quotes", &[]), ("NoHeader", &[])];

const READ: &str = "The rows of a CSV file as records; the first line names the properties.\n\
    Options: `Delimiter` (else found out: comma, semicolon or tab), `Encoding` (utf8, utf16, latin1; else found out),\n\
    `Types` (a map from column to int, float, bool, date or size), `Header` (names, when the file has none).\n\
    # Example\n\
    ```rhai\n\
    write_text(\"quotas.csv\", \"Name;Quota\\nann;1 GB\\nbob;512 MB\\n\");\n\
    for row in read_csv(\"quotas.csv\", #{ Types: #{ Quota: \"size\" } }) { print(`${row.Name} ${row.Quota.to_mb()}`); }\n\
    ```\n\
    ```text\n\
    ann 1024.0\n\
    bob 512.0\n\
    ```";

const WRITE: &str = "Writes records, maps or a stream of them as a CSV file, and gives how many rows it has.\n\
    The file appears whole or not at all. Options: `Delimiter`, `Encoding` (utf8, utf8bom, utf16), `Quotes` (always,\n\
    asneeded, never), `NoHeader`.\n\
    # Example\n\
    ```rhai\n\
    write_csv([record(#{ Name: \"Ann\", Count: 3 })], \"people.csv\", #{ Quotes: \"asneeded\" });\n\
    print(read_text(\"people.csv\"));\n\
    ```\n\
    ```text\n\
    Name,Count\n\
    Ann,3\n\
    \n\
    ```";

/// Registers the functions.
pub(super) fn register(module: &mut Module) {
    described("read_csv", &["path: &str", "Results"], READ)
        .set_into_module(module, |path: &str| -> RhaiResult<Results> { read(path, Map::new()) });
    described("read_csv", &["path: &str", "options: map", "Results"], READ)
        .set_into_module(module, |path: &str, options: Map| -> RhaiResult<Results> { read(path, options) });
    let writing = |parameters: &[&'static str]| -> FuncRegistration { described("write_csv", parameters, WRITE) };
    writing(&["rows: ?", "path: &str", "int"])
        .set_into_module(module, |rows: Dynamic, path: &str| -> RhaiResult<INT> { write(rows, path, Map::new()) });
    writing(&["rows: ?", "path: &str", "options: map", "int"])
        .set_into_module(module, |rows: Dynamic, path: &str, options: Map| -> RhaiResult<INT> {
            write(rows, path, options)
        });
}

/// A letter that an encoding has not: it would be lost.
fn unknown(letter: char, failed: &mut Option<RhaiError>) -> std::io::Error {
    let failure = Failure::script(format!("{letter:?} cannot be written in this encoding"));
    *failed = Some(failure.hint("utf8bom has all letters, and Excel knows it").into());
    std::io::Error::other("a letter is not in the encoding")
}

/// The rows of a file with everything found out.
pub(in crate::script) fn read_path(path: &str) -> Result<Results, String> {
    read(path, Map::new()).map_err(|error| super::super::diagnose::sentence(&error))
}

fn read(path: &str, options: Map) -> RhaiResult<Results> {
    let mut options = Options::read("read_csv", &READING, options)?;
    let encoding = options.text("Encoding")?.map(|name| Encoding::named(&name)).transpose()?;
    let delimiter = options.text("Delimiter")?.map(|text| delimiter_in(&text)).transpose()?;
    let header = options.texts("Header")?;
    let types = match options.take("Types") {
        None => Map::new(),
        Some(value) => value.try_cast::<Map>().ok_or_else(|| Failure::script("Types is a map from column to type"))?,
    };
    let bytes = std::fs::read(path).map_err(failed("read", path))?;
    let text = Encoding::read(encoding, &bytes);
    let delimiter = delimiter.unwrap_or_else(|| delimiter_of(&text));
    rows(path, &text, delimiter, header, &types)
}

/// The one sign that an option names.
fn delimiter_in(text: &str) -> Result<u8, Failure> {
    match text.as_bytes() {
        [sign] if sign.is_ascii() && !matches!(sign, b'"' | b'\n' | b'\r' | b'\0') => Ok(*sign),
        _ => Err(Failure::script(format!("Delimiter is {text:?}")).hint("it is one sign, such as \";\" or \"\\t\"")),
    }
}

/// The names of columns; those without one are called `H1` and so on, by their place, as PowerShell does.
fn names_of<'a>(path: &str, given: impl Iterator<Item = &'a str>) -> Result<Vec<Arc<str>>, Failure> {
    let mut names: Vec<Arc<str>> = Vec::new();
    for (place, name) in (1..).zip(given) {
        let name = name.trim();
        let name: Arc<str> = if name.is_empty() { format!("H{place}").into() } else { name.into() };
        if names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            return Err(Failure::script(format!("{path} has two columns called {name}"))
                .hint("Header names them otherwise; then the first line is a row, which skip(1) leaves out"));
        }
        names.push(name);
    }
    Ok(names)
}

/// The sign that the first line has most of.
fn delimiter_of(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    [b',', b';', b'\t'].into_iter().max_by_key(|sign| (count(*sign), u8::from(*sign == b','))).unwrap_or(b',')
}

fn rows(path: &str, text: &str, delimiter: u8, header: Option<Vec<String>>, types: &Map) -> RhaiResult<Results> {
    let broken = |error: &dyn std::fmt::Display| Failure::script(format!("{path} is no CSV: {error}"));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(header.is_none())
        .flexible(true)
        .from_reader(text.as_bytes());
    let names = match &header {
        Some(names) => names_of(path, names.iter().map(String::as_str))?,
        None => names_of(path, reader.headers().map_err(|error| broken(&error))?.iter())?,
    };
    let in_quotes = text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
    for wanted in types.keys() {
        if !names.iter().any(|name| name.eq_ignore_ascii_case(wanted)) {
            return Err(Failure::script(format!("{path} has no column {wanted}"))
                .hint(format!("it has {}", names.join(", ")))
                .into());
        }
    }
    let kinds: Vec<Option<String>> = names
        .iter()
        .map(|name| types.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, kind)| kind.to_string()))
        .collect();
    let type_names = TypeNames::new(["System.Management.Automation.PSCustomObject", "System.Object"]);
    let mut rows = Vec::new();
    for (number, row) in reader.records().enumerate() {
        let row = row.map_err(|error| broken(&error))?;
        if row.iter().skip(names.len()).any(|cell| !cell.is_empty()) {
            let text =
                format!("{path}, row {} has {} cells, and there are {} columns", number + 1, row.len(), names.len());
            return Err(Failure::script(text).hint("a cell with the delimiter in it stands in quotation marks").into());
        }
        if in_quotes && reader_is_done(text, &row) && row.iter().any(|cell| cell.contains('\n')) {
            let text = format!("{path}, row {}: a quotation mark is opened and never closed", number + 1);
            return Err(Failure::script(text).into());
        }
        let mut object = PsObject::builder().types(type_names.clone());
        for (column, name) in names.iter().enumerate() {
            let cell = row.get(column).unwrap_or_default();
            let value = typed(cell, kinds[column].as_deref()).map_err(|wanted| {
                Failure::script(format!("{path}, row {}: {name} is {cell:?}, not {wanted}", number + 1))
            })?;
            object = object.extended(name.clone(), value);
        }
        rows.push(object.build().into());
    }
    Ok(Results(rows.into()))
}

/// Whether nothing comes after a row.
fn reader_is_done(text: &str, row: &csv::StringRecord) -> bool {
    let begins = row.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(0);
    let rest = text.get(begins..).unwrap_or_default();
    let cells: usize = row.iter().map(str::len).sum();
    // What is left beside the cells are delimiters, quotation marks and the end of the line.
    rest.len() <= cells + 3 * row.len() + 2
}

/// A cell as a value of the type its column has; an empty one is nothing.
fn typed(cell: &str, kind: Option<&str>) -> Result<PsValue, &'static str> {
    let Some(kind) = kind else { return Ok(PsValue::from(cell)) };
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(PsValue::Null);
    }
    match kind {
        "int" => cell.parse().map(PsValue::I64).map_err(|_| "a whole number"),
        "float" => cell.parse().map(PsValue::F64).map_err(|_| "a number"),
        "bool" => match cell.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(PsValue::Bool(true)),
            "false" | "no" | "0" => Ok(PsValue::Bool(false)),
            _ => Err("true or false"),
        },
        "date" => dates::parse(cell).map(|date| PsValue::DateTime(date.0)).map_err(|_| "a date"),
        "size" => Size::parse(cell).map(|size| size.to_value()).ok_or("a size"),
        "text" => Ok(PsValue::from(cell)),
        _ => Err("of a known type: the types are text, int, float, bool, date, size"),
    }
}

fn write(rows: Dynamic, path: &str, options: Map) -> RhaiResult<INT> {
    let mut options = Options::read("write_csv", &WRITING, options)?;
    let mut csv = CsvOptions::default();
    if let Some(delimiter) = options.text("Delimiter")? {
        csv.delimiter = char::from(delimiter_in(&delimiter)?);
    }
    csv.header = !options.truth("NoHeader")?.unwrap_or(false);
    csv.quotes = match options.text("Quotes")?.map(|text| text.to_ascii_lowercase()).as_deref() {
        None | Some("always") => Quotes::Always,
        Some("asneeded") => Quotes::AsNeeded,
        Some("never") => Quotes::Never,
        Some(other) => {
            return Err(Failure::script(format!("Quotes is {other}"))
                .hint("it is one of always, asneeded, never")
                .into());
        }
    };
    let encoding = options.text("Encoding")?.map(|name| Encoding::named(&name)).transpose()?.unwrap_or(Encoding::Utf8);
    let (mut writer, mut count) = (CsvWriter::new(csv), 0);
    let mut failed = None;
    replace(Path::new(path), |out| {
        out.write_all(encoding.mark())?;
        for value in values_of(rows) {
            match value {
                Ok(value) => {
                    for line in writer.push(&value) {
                        let bytes = encoding.bytes_of(&format!("{line}\n"));
                        out.write_all(&bytes.map_err(|letter| unknown(letter, &mut failed))?)?;
                    }
                    count += 1;
                }
                Err(error) => {
                    failed = Some(error);
                    return Err(std::io::Error::other("the rows end early"));
                }
            }
        }
        Ok(())
    })
    .map_err(|error| failed.take().unwrap_or_else(|| unwritable(path, &error)))?;
    Ok(count)
}
