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
use super::super::state::RhaiResult;
use super::super::value::{Results, Size, values_of};
use super::encoding::Encoding;
use super::files::{replace, unwritable};
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

/// The rows of a file with everything found out.
pub(in crate::script) fn read_path(path: &str) -> Result<Results, String> {
    read(path, Map::new()).map_err(|error| super::super::diagnose::sentence(&error))
}

fn read(path: &str, options: Map) -> RhaiResult<Results> {
    let mut options = Options::read("read_csv", &READING, options)?;
    let encoding = options.text("Encoding")?.map(|name| Encoding::named(&name)).transpose()?;
    let delimiter = options.text("Delimiter")?;
    let header = options.texts("Header")?;
    let types = match options.take("Types") {
        None => Map::new(),
        Some(value) => value.try_cast::<Map>().ok_or_else(|| Failure::script("Types is a map from column to type"))?,
    };
    let bytes = std::fs::read(path).map_err(|error| Failure::script(format!("cannot read {path}: {error}")))?;
    let text = Encoding::read(encoding, &bytes);
    let delimiter = delimiter.and_then(|text| text.bytes().next()).unwrap_or_else(|| delimiter_of(&text));
    rows(path, &text, delimiter, header, &types)
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
    let names: Vec<Arc<str>> = match header {
        Some(names) => names.iter().map(|name| name.as_str().into()).collect(),
        None => reader.headers().map_err(|error| broken(&error))?.iter().map(|name| name.trim().into()).collect(),
    };
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
    if let Some(delimiter) = options.text("Delimiter")?.and_then(|text| text.chars().next()) {
        csv.delimiter = delimiter;
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
                        out.write_all(&encoding.bytes_of(&format!("{line}\n")))?;
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
