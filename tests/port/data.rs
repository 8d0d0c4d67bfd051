//! Reading the recordings.

use serde_json::Value;

/// A file of `../shared/data`, or `None` with a line said when the folder is absent.
pub(super) fn read(path: &str) -> Option<Value> {
    let full = format!("{}/../shared/data/{path}", env!("CARGO_MANIFEST_DIR"));
    match std::fs::read_to_string(full) {
        Ok(text) => Some(serde_json::from_str(&text).expect("the recordings are JSON")),
        Err(_) => {
            println!("skipped: ../shared/data is absent");
            None
        }
    }
}

/// All cases of powershell-golden.
pub(super) fn golden() -> Option<Vec<Value>> {
    let topics = [
        "collections",
        "console",
        "control-flow",
        "data-files",
        "dates",
        "formatting",
        "functions",
        "operators",
        "pipelines",
        "reports",
        "sizes",
        "strings",
        "variables",
    ];
    let mut cases = Vec::new();
    for topic in topics {
        cases.extend(read(&format!("powershell-golden/{topic}.json"))?.as_array()?.iter().cloned());
    }
    Some(cases)
}

/// All traces of cmdlet-traces.
pub(super) fn traces() -> Option<Vec<Value>> {
    let mut found = Vec::new();
    for file in ["examples-open", "own-open"] {
        let value = read(&format!("cmdlet-traces/{file}.json"))?;
        let list = value.as_array().or_else(|| value["traces"].as_array())?;
        found.extend(list.iter().cloned());
    }
    Some(found)
}
