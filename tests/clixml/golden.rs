//! `clixml-golden`: what real PowerShell 7.6.5 writes and reads.

use exsh::clixml::{ReadLimits, read_document_text, write_document};
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
