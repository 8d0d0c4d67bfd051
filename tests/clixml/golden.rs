//! `clixml-golden`: what real PowerShell 7.6.5 writes and reads.

use exsh::clixml::reading::Readings;
use exsh::clixml::text::{as_string, format, in_string, to_string};
use exsh::clixml::{PsString, ReadLimits, read_document_text, write_document};
use serde_json::Value;

use crate::data::golden;

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap()
}

#[test]
fn everything_powershell_writes_is_written_again_text_for_text() {
    let mut failures = Vec::new();
    for case in golden("write.json").iter().filter(|case| case["clixml"].is_string()) {
        let clixml = text(case, "clixml");
        let written = match read_document_text(clixml, &ReadLimits::default()) {
            Ok(values) => write_document(&values).unwrap_or_else(|error| error.to_string()),
            Err(error) => error.to_string(),
        };
        let refused = !case["readError"].is_null();
        if written != clixml && !refused {
            failures.push(format!("{}: {clixml}\n---\n{written}", text(case, "name")));
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn documents_are_accepted_or_refused_as_powershell_does() {
    // A mark at the start of a file is what Exchange's own exports begin with, so it is no error here.
    // Entities of a DTD are not expanded: stricter, for safety.
    const ON_PURPOSE: [&str; 2] = ["root-bom", "xd-doctype"];
    let mut failures = Vec::new();
    for case in golden("read.json").iter().filter(|case| !ON_PURPOSE.contains(&text(case, "name"))) {
        let read = read_document_text(text(case, "clixml"), &ReadLimits::default());
        let agree = match &read {
            Ok(values) => case["accepts"] == true && case["count"] == values.len(),
            Err(_) => case["accepts"] == false,
        };
        if !agree {
            failures.push(format!("{}: {} {:?}", text(case, "name"), text(case, "clixml"), read.err()));
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n\n"));
}

/// A reading without what a program that is not PowerShell may leave out; `None` if a live .NET object is in it.
fn comparable(reading: &Value) -> Option<Value> {
    match reading {
        Value::Object(map) if map.get("kind").is_some_and(|kind| kind == "live") => None,
        Value::Object(map) => {
            let kept = map.iter().filter(|(name, _)| *name != "clr");
            kept.map(|(name, value)| Some((name.clone(), comparable(value)?))).collect::<Option<_>>().map(Value::Object)
        }
        Value::Array(items) => items.iter().map(comparable).collect::<Option<Vec<Value>>>().map(Value::Array),
        other => Some(other.clone()),
    }
}

#[test]
fn documents_say_the_same_to_us_as_to_powershell() {
    let mut failures = Vec::new();
    let cases: Vec<Value> = golden("write.json").into_iter().chain(golden("read.json")).collect();
    for case in cases {
        let wanted = match (case.get("reading"), case.get("readings")) {
            (Some(reading), _) => vec![reading.clone()],
            (None, Some(Value::Array(readings))) => readings.clone(),
            _ => continue,
        };
        let Some(wanted) = comparable(&Value::Array(wanted)) else { continue };
        if !case["clixml"].is_string() || text(&case, "name") == "xd-doctype" {
            continue;
        }
        let Ok(values) = read_document_text(text(&case, "clixml"), &ReadLimits::default()) else { continue };
        let mut readings = Readings::default();
        let read = Value::Array(values.iter().map(|value| readings.reading(value)).collect());
        let (read, wanted) = (read.to_string(), wanted.to_string()); // as text, so that the order of keys counts
        if read != wanted {
            failures.push(format!("{}\n{wanted}\n{read}", text(&case, "name")));
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn values_have_the_texts_that_powershell_gives_them() {
    let mut failures = Vec::new();
    for case in golden("values.json").iter().filter(|case| case["clixml"].is_string()) {
        let values = read_document_text(text(case, "clixml"), &ReadLimits::default()).unwrap();
        let ours = [
            ("inString", Some(in_string(&values[0]))),
            ("toString", to_string(&values[0])),
            ("asString", Some(as_string(&values[0]))),
            ("format", Some(format(&values[0]))),
        ];
        for (field, ours) in ours {
            let ours = ours.as_ref().map(PsString::to_text);
            if ours.as_deref() != case["read"][field].as_str() {
                failures.push(format!("{} {field}: {} but {ours:?}", text(case, "name"), case["read"][field]));
            }
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}
