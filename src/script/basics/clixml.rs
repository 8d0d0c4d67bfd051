//! `export_clixml` and `import_clixml`: values in the files of PowerShell's Export-Clixml, whole or not at all.
//!
//! How CLIXML is read and written is `crate::clixml`'s business.

use std::path::Path;

use rhai::{Dynamic, INT, Module};

use super::super::failure::Failure;
use super::super::state::RhaiResult;
use super::super::value::{Results, values_of};
use super::described;
use super::files::{replace, unwritable};
use crate::clixml::{PsValue, ReadLimits, read_document, write_document};

const EXPORT: &str = "Writes values as PowerShell's Export-Clixml does, and gives how many there are; the file appears whole or not\n\
    at all. Passwords are not written.\n\
    # Example\n\
    ```rhai\n\
    export_clixml(\"rooms.xml\", [record(#{ Name: \"Room 1\", Seats: 12 })]);\n\
    for room in import_clixml(\"rooms.xml\") { print(`${room.Name}: ${room.Seats}`); }\n\
    ```\n\
    ```text\n\
    Room 1: 12\n\
    ```";
const IMPORT: &str = "The objects in a file of Export-Clixml, with all their properties; see `export_clixml`.";

/// Registers the functions.
pub(super) fn register(module: &mut Module) {
    described("export_clixml", &["path: &str", "values: ?", "int"], EXPORT)
        .set_into_module(module, |path: &str, values: Dynamic| export(path, values));
    described("import_clixml", &["path: &str", "Results"], IMPORT).set_into_module(module, import);
}

fn export(path: &str, values: Dynamic) -> RhaiResult<INT> {
    let values: Vec<PsValue> = values_of(values).collect::<RhaiResult<_>>()?;
    let text = write_document(&values)
        .map_err(|error| Failure::script(format!("these values cannot be a CLIXML file: {error}")))?;
    replace(Path::new(path), |out| out.write_all(text.as_bytes())).map_err(|error| unwritable(path, &error))?;
    Ok(INT::try_from(values.len()).unwrap_or(INT::MAX))
}

fn import(path: &str) -> RhaiResult<Results> {
    let bytes = std::fs::read(path).map_err(|error| Failure::script(format!("cannot read {path}: {error}")))?;
    let values = read_document(&bytes, &ReadLimits::default())
        .map_err(|error| Failure::script(format!("{path} is no CLIXML: {error}")).hint(error.hint()))?;
    Ok(Results(values.into()))
}
