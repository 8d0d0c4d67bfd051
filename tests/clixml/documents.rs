//! Small documents for each rule of reading, accepted or refused as .NET and PowerShell do; sources in `PROVENANCE.md`.

use exsh::clixml::reading::Readings;
use exsh::clixml::{ReadLimits, read_document_text, write_document};
use serde_json::Value;

fn text_of(case: &Value) -> String {
    match (case["inside"].as_str(), case["document"].as_str()) {
        (Some(inside), _) => format!(
            "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">{inside}</Objs>"
        ),
        (None, Some(document)) => document.to_owned(),
        _ => panic!("{case}"),
    }
}

fn readings(text: &str) -> Result<Vec<Value>, String> {
    let values = read_document_text(text, &ReadLimits::default()).map_err(|error| error.to_string())?;
    let mut readings = Readings::default();
    Ok(values.iter().map(|value| readings.reading(value)).collect())
}

#[test]
fn every_rule_of_reading_accepts_and_refuses_what_it_should() {
    let mut failures = Vec::new();
    for case in crate::data::parse(include_str!("documents.json")) {
        let expected = case.get("reading").map(|reading| vec![reading.clone()]);
        match (readings(&text_of(&case)), expected) {
            (Ok(read), Some(expected)) if Value::from(read.clone()) == Value::from(expected.clone()) => {}
            (Err(_), None) => {}
            (read, expected) => failures.push(format!("{case}\n  expected {expected:?}\n  read     {read:?}")),
        }
    }
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn what_was_read_says_the_same_after_writing() {
    let mut rewritten = 0;
    for case in crate::data::parse(include_str!("documents.json")).iter().filter(|case| case.get("reading").is_some()) {
        let values = read_document_text(&text_of(case), &ReadLimits::default()).unwrap();
        // U+FFFE has no place in a file, and a carriage return inside an XML document becomes a line feed when read
        let Ok(written) = write_document(&values) else { continue };
        if case["reading"]["kind"] == "xml" {
            continue;
        }
        assert_eq!(readings(&written).unwrap(), [case["reading"].clone()], "{case}\n{written}");
        rewritten += 1;
    }
    assert!(rewritten > 100, "only {rewritten}");
}
