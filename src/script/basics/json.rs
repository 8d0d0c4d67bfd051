//! `read_json`, `from_json`, `write_json`, `write_jsonl`: JSON files and texts as maps and arrays, and back.
//!
//! `to_json` of records and results is of the values themselves (`value::json`).

use std::path::Path;

use rhai::{Array, Dynamic, INT, Map, Module};
use serde_json::Value;

use super::super::failure::Failure;
use super::super::state::RhaiResult;
use super::super::value::{json_of, values_of};
use super::described;
use super::encoding::Encoding;
use super::files::{failed, replace, unwritable};

const READ: &str = "The value in a JSON file or text: objects are maps, which a script can change.\n\
    # Example\n\
    ```rhai\n\
    write_text(\"groups.json\", `[{\"name\": \"All\", \"members\": [1, 2.5, null]}]`);\n\
    let groups = read_json(\"groups.json\");\n\
    print(groups[0].name);\n\
    print(from_json(\"[1, 2.5]\"));\n\
    ```\n\
    ```text\n\
    All\n\
    [1, 2.5]\n\
    ```";
const WRITE: &str = "Writes values as a JSON file (`write_jsonl`: one object a line), and gives how many there are. Values of a\n\
    stream are written as they come; the file appears whole or not at all.\n\
    # Example\n\
    ```rhai\n\
    write_json([record(#{ Name: \"Ann\", Size: size(\"1 GB\") })], \"people.json\");\n\
    print(read_text(\"people.json\"));\n\
    ```\n\
    ```text\n\
    [\n\
    \u{20} {\"Name\":\"Ann\",\"Size\":\"1 GB (1,073,741,824 bytes)\"}\n\
    ]\n\
    \n\
    ```";

/// Registers the functions.
pub(super) fn register(module: &mut Module) {
    described("from_json", &["text: &str", "?"], READ)
        .set_into_module(module, |text: &str| from_json("the text", text));
    described("read_json", &["path: &str", "?"], READ).set_into_module(module, |path: &str| -> RhaiResult<Dynamic> {
        let bytes = std::fs::read(path).map_err(failed("read", path))?;
        from_json(path, &Encoding::read(None, &bytes))
    });
    for (name, lines) in [("write_json", false), ("write_jsonl", true)] {
        described(name, &["values: ?", "path: &str", "int"], WRITE)
            .set_into_module(module, move |values: Dynamic, path: &str| -> RhaiResult<INT> {
                write(values, path, lines)
            });
    }
}

fn from_json(what: &str, text: &str) -> RhaiResult<Dynamic> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| Failure::script(format!("{what} is no JSON: {error}")))?;
    Ok(dynamic(value))
}

fn dynamic(value: Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(truth) => truth.into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => number.into(),
            (None, Some(number)) => number.into(),
            (None, None) => number.to_string().into(),
        },
        Value::String(text) => text.into(),
        Value::Array(items) => items.into_iter().map(dynamic).collect::<Array>().into(),
        Value::Object(entries) => {
            entries.into_iter().map(|(name, value)| (name.into(), dynamic(value))).collect::<Map>().into()
        }
    }
}

fn write(values: Dynamic, path: &str, lines: bool) -> RhaiResult<INT> {
    let (mut count, mut failed) = (0, None);
    replace(Path::new(path), |out| {
        for value in values_of(values) {
            let value = match value {
                Ok(value) => json_of(&value),
                Err(error) => {
                    failed = Some(error);
                    return Err(std::io::Error::other("the values end early"));
                }
            };
            let before = match (lines, count) {
                (true, _) => "",
                (false, 0) => "[\n  ",
                (false, _) => ",\n  ",
            };
            write!(out, "{before}{value}{}", if lines { "\n" } else { "" })?;
            count += 1;
        }
        match (lines, count) {
            (true, _) => Ok(()),
            (false, 0) => out.write_all(b"[]\n"),
            (false, _) => out.write_all(b"\n]\n"),
        }
    })
    .map_err(|error| failed.take().unwrap_or_else(|| unwritable(path, &error)))?;
    Ok(count)
}
