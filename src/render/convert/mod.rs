//! Objects as CSV, JSON and HTML, text for text as PowerShell's `ConvertTo-…` cmdlets give them.

mod csv;
mod html;
mod json;

pub use csv::{CsvOptions, CsvWriter, Quotes};
pub use html::{HtmlOptions, to_html};
pub use json::{JsonOptions, json_line, to_json};

use super::subject;
use crate::clixml::{Base, PsValue};
use std::sync::Arc;

/// The properties of an object to be converted: of a dictionary its entries.
fn fields(value: &PsValue) -> Vec<(Arc<str>, PsValue)> {
    if let PsValue::Object(object) = value
        && let Base::Dictionary(entries) = object.base()
    {
        return entries.iter().map(|(key, value)| (Arc::from(subject::key_text(key)), value.clone())).collect();
    }
    let mut found = subject::properties(value);
    found.retain(|(name, value)| !subject::is_for_machines(name, value));
    found
}
