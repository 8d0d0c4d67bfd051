//! `views-golden`: what PowerShell prints for objects, views, commands and widths.

use std::panic::{AssertUnwindSafe, catch_unwind};

use exsh::script::ps::inspect_with_scripts;
use serde_json::Value;

use super::data;

/// Cases that differ, and why; everything else must be equal.
const DIFFERS: &[(&str, &str)] = &[];

/// Fewer equal cases than this are a step back.
const EQUAL_MIN: usize = 516;

fn text<'a>(case: &'a Value, key: &str) -> Option<&'a str> {
    case[key].as_str()
}

/// What we print for a case.
fn ours(case: &Value) -> Result<String, String> {
    let objects = data::clixml(text(case, "objects"));
    let formats = data::clixml(text(case, "formats"));
    let command = match text(case, "setup").filter(|setup| !setup.is_empty()) {
        Some(setup) => format!("{setup}; {}", text(case, "command").unwrap_or_default()),
        None => text(case, "command").unwrap_or_default().to_owned(),
    };
    let width = usize::try_from(case["width"].as_u64().unwrap()).unwrap();
    inspect_with_scripts(&objects, &formats, &command, width).map_err(|error| error.to_string())
}

/// What PowerShell prints; a client that knows only the views sent prints something else in a few cases.
fn theirs(case: &Value) -> Option<&str> {
    text(case, "textFromFormats").or_else(|| text(case, "text"))
}

fn is_equal(case: &Value, ours: &Result<String, String>) -> bool {
    match (theirs(case), ours) {
        (None, ours) => ours.is_err(),
        (Some(theirs), Ok(ours)) if text(case, "sink") == Some("lines") => {
            ours.strip_suffix('\n').unwrap_or(ours) == theirs
        }
        (Some(theirs), Ok(ours)) => ours == theirs,
        (Some(_), Err(_)) => false,
    }
}

#[test]
fn views_look_as_in_powershell() {
    let Some(folder) = data::folder("views-golden") else { return };
    let only = std::env::var("CASE").ok();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let (mut equal, mut all, mut surprises) = (0, 0, Vec::new());
    for file in files {
        let topic = file.file_stem().unwrap().to_string_lossy().into_owned();
        let (mut topic_equal, mut topic_all) = (0, 0);
        for case in data::cases(&file) {
            let name = text(&case, "name").unwrap();
            if only.as_deref().is_some_and(|only| !name.contains(only)) {
                continue;
            }
            let ours = catch_unwind(AssertUnwindSafe(|| ours(&case))).unwrap_or_else(|_| Err("panic".to_owned()));
            let same = is_equal(&case, &ours);
            topic_all += 1;
            topic_equal += usize::from(same);
            let excused = DIFFERS.iter().any(|(known, _)| *known == name);
            if same == excused {
                surprises.push(name.to_owned());
            }
            if only.is_some() && !same {
                println!(
                    "--- {name}: theirs\n{}\n--- ours\n{}\n---",
                    theirs(&case).unwrap_or("(error)"),
                    ours.unwrap_or_else(|error| error)
                );
            }
        }
        println!("{topic}: {topic_equal} of {topic_all}");
        equal += topic_equal;
        all += topic_all;
    }
    println!("views-golden: {equal} of {all} equal");
    if only.is_none() {
        assert!(surprises.is_empty(), "these changed sides: {surprises:?}");
        assert!(equal >= EQUAL_MIN, "{equal} are equal, it were {EQUAL_MIN}");
    }
}
