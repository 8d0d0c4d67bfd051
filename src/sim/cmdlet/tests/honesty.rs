//! What is told as handled is handled: every parameter that a cmdlet's spec names is read somewhere by its code.
//!
//! Read from the sources: a name that stands in a spec must stand again in the code of the same file or in the code
//! that all cmdlets share, or be a property that the file assigns as a whole.

use std::path::Path;

use crate::sim::org::schema;

/// The specs of a file, and its other code.
fn split(source: &str) -> (String, String) {
    let (mut specs, mut code, mut inside) = (String::new(), String::new(), false);
    for line in source.lines() {
        inside |= line.starts_with("pub(super) fn specs(") || line.starts_with("fn spec(");
        if inside { &mut specs } else { &mut code }.push_str(&format!("{line}\n"));
        inside &= line != "}";
    }
    (specs, code)
}

/// What stands in quotation marks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('"').skip(1).step_by(2).collect()
}

#[test]
fn every_parameter_that_a_spec_names_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sim/cmdlet");
    let source = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    // The window of dates is read for all audit logs in one place.
    let shared: String = ["reading.rs", "writing.rs", "call.rs", "admin_audit_log.rs", "configuration.rs"]
        .iter()
        .map(|name| split(&source(name)).1)
        .collect();
    let mut seen = 0;
    for file in std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let (specs, code) = split(&std::fs::read_to_string(&file).unwrap());
        let names = quoted(&specs);
        let nouns: Vec<&str> = names.iter().filter_map(|name| name.split_once('-')).map(|(_, noun)| noun).collect();
        let assigned = |name: &str| {
            let views = nouns.iter().copied().chain(["User"]).filter_map(schema::view);
            code.contains("assign_") && views.into_iter().any(|view| view.column(name).is_some())
        };
        for name in names.iter().map(|name| name.trim_start_matches('?')) {
            let plain = !name.is_empty() && name.chars().all(char::is_alphanumeric);
            let parameter = plain && nouns.iter().any(|noun| is_parameter(noun, &names, name));
            if !parameter {
                continue;
            }
            seen += 1;
            let mark = format!("\"{name}\"");
            // What a change is called with is in the audit log, so a comment needs no other reader.
            let read = code.contains(&mark) || shared.contains(&mark) || assigned(name) || name == "Comment";
            assert!(read, "{}: {name} is offered and nobody reads it; say ~{name}", file.display());
        }
    }
    assert!(seen > 400, "{seen}");
}

/// Whether one of the file's cmdlets has a parameter of this name.
fn is_parameter(noun: &str, names: &[&str], parameter: &str) -> bool {
    let cmdlets = names.iter().filter(|name| name.split_once('-').is_some_and(|(_, own)| own == noun));
    cmdlets
        .filter_map(|name| crate::catalog::Catalog::built_in().find(name))
        .any(|cmdlet| cmdlet.parameter(parameter).is_some())
}
