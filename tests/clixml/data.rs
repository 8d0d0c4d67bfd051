//! Where the evidence lies; no expectations of its own.

use std::path::PathBuf;

/// The folder `shared/data/NAME`, or nothing (and a line that says so) where it is absent.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    if !data.is_dir() {
        println!("skipped: ../shared/data is absent");
        return None;
    }
    Some(data.join(name))
}

/// The cases of a JSON file of `clixml-golden`.
pub(crate) fn golden(file: &str) -> Vec<serde_json::Value> {
    let Some(folder) = folder("clixml-golden") else { return Vec::new() };
    parse(&std::fs::read_to_string(folder.join(file)).unwrap())
}

/// JSON of any depth.
pub(crate) fn parse(text: &str) -> Vec<serde_json::Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    serde::Deserialize::deserialize(&mut deserializer).unwrap()
}
