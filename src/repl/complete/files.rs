//! Paths inside quotes.
//!
//! Looks at one folder only, and never further than the disk.

use std::path::{MAIN_SEPARATOR, Path};

use super::Candidate;

/// Files and folders whose path begins with what is typed; folders end in a separator.
pub(in crate::repl) fn files(typed: &str) -> Vec<Candidate> {
    let (folder, beginning) = match typed.rfind(['/', MAIN_SEPARATOR]) {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    };
    let Ok(entries) = std::fs::read_dir(if folder.is_empty() { Path::new(".") } else { Path::new(folder) }) else {
        return Vec::new();
    };
    let mut found: Vec<Candidate> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let hidden = name.starts_with('.') && !beginning.starts_with('.');
            if hidden || !name.starts_with(beginning) {
                return None;
            }
            let end = if entry.path().is_dir() { "/" } else { "" };
            Some(Candidate { display: format!("{name}{end}"), replacement: format!("{folder}{name}{end}") })
        })
        .collect();
    found.sort_by(|a, b| a.display.cmp(&b.display));
    found
}
