//! Where the evidence lies; no expectations of its own.

use std::path::PathBuf;

use exsh::clixml::{PsValue, ReadLimits, read_document_text};

/// The folder `shared/data/NAME`, or nothing (and a line that says so) where it is absent.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    if !data.is_dir() {
        println!("skipped: ../shared/data is absent");
        return None;
    }
    Some(data.join(name))
}

/// The cases of a JSON file.
pub(crate) fn cases(path: &std::path::Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    deserializer.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut deserializer).unwrap()
}

/// The values of a CLIXML text; an absent one has none.
pub(crate) fn clixml(text: Option<&str>) -> Vec<PsValue> {
    text.map(|text| read_document_text(text, &ReadLimits::default()).unwrap()).unwrap_or_default()
}
