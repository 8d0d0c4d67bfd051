//! `ConvertTo-Csv`: the columns of the first object, one line an object.

use std::sync::Arc;

use super::fields;
use crate::clixml::PsValue;
use crate::render::subject;
use crate::render::text::{self, Culture};

/// Which fields are quoted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Quotes {
    /// All.
    #[default]
    Always,
    /// Those with a delimiter, a quote or a line break.
    AsNeeded,
    /// None.
    Never,
    /// Those of these columns.
    Fields(Vec<Arc<str>>),
}

/// How CSV is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvOptions {
    /// Between fields.
    pub delimiter: char,
    /// Which fields are quoted.
    pub quotes: Quotes,
    /// Whether the first line names the columns.
    pub header: bool,
    /// Whether a `#TYPE` line comes first.
    pub type_line: bool,
    /// Whether the culture says what stands between fields.
    pub use_culture: bool,
    /// How numbers and dates are written.
    pub culture: Culture,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            delimiter: ',',
            quotes: Quotes::Always,
            header: true,
            type_line: false,
            use_culture: false,
            culture: Culture::EN_US,
        }
    }
}

/// Writes CSV as objects arrive; the first decides the columns.
#[derive(Debug, Clone)]
pub struct CsvWriter {
    options: CsvOptions,
    columns: Option<Vec<Arc<str>>>,
}

impl CsvWriter {
    /// A writer that has seen no object.
    #[must_use]
    pub const fn new(options: CsvOptions) -> Self {
        Self { options, columns: None }
    }

    /// The lines for one object, without line ends; `null` gives none.
    pub fn push(&mut self, value: &PsValue) -> Vec<String> {
        let mut lines = Vec::new();
        if value.is_null() {
            return lines;
        }
        let found = fields(value);
        let columns = self.columns.get_or_insert_with(|| {
            let columns: Vec<Arc<str>> = found.iter().map(|(name, _)| name.clone()).collect();
            if self.options.type_line {
                let names = subject::type_names(value);
                lines.push(format!("#TYPE {}", names.first().map_or("", String::as_str)));
            }
            if self.options.header {
                lines.push(join(&self.options, columns.iter().map(|name| (&**name, Some(name.to_string())))));
            }
            columns
        });
        let cells = columns.iter().map(|column| {
            let cell = found.iter().find(|(name, _)| name.eq_ignore_ascii_case(column)).map(|(_, cell)| cell);
            let shown = cell.filter(|cell| !cell.is_null()).map(|cell| text::to_string(cell, &self.options.culture));
            (&**column, shown)
        });
        lines.push(join(&self.options, cells));
        lines
    }
}

/// One line; what is absent is nothing at all, not even quotes.
fn join<'a>(options: &CsvOptions, cells: impl Iterator<Item = (&'a str, Option<String>)>) -> String {
    let mut line = String::new();
    for (at, (column, cell)) in cells.enumerate() {
        if at > 0 {
            line.push(options.delimiter);
        }
        let Some(cell) = cell else { continue };
        let quoted = match &options.quotes {
            Quotes::Always => true,
            Quotes::Never => false,
            Quotes::AsNeeded => cell.contains([options.delimiter, '"', '\n', '\r']),
            Quotes::Fields(names) => names.iter().any(|name| name.eq_ignore_ascii_case(column)),
        };
        if quoted {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&cell);
        }
    }
    line
}
