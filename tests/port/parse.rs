//! What parses, and which error id what does not parse has.

use super::data;

#[test]
fn every_golden_source_parses_or_fails_with_the_recorded_id() {
    let Some(cases) = data::golden() else { return };
    let mut wrong = Vec::new();
    for case in &cases {
        let parsed = exsh::port::parse(case["source"].as_str().unwrap());
        let expected = match case["exit"]["category"].as_str() {
            Some("ParserError") => case["exit"]["id"].as_str(),
            _ => None,
        };
        let found = parsed.errors.first().map(|error| error.id);
        if found != expected {
            wrong.push(format!("{}: {:?} instead of {expected:?}", case["name"], parsed.errors.first()));
        }
    }
    println!("golden sources: {} of {} parse as recorded", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_traced_source_parses_or_fails_with_the_recorded_id() {
    let Some(traces) = data::traces() else { return };
    let mut wrong = Vec::new();
    for trace in &traces {
        let parsed = exsh::port::parse(trace["source"].as_str().unwrap());
        let expected = trace["outcome"].as_str().and_then(|outcome| outcome.strip_prefix("parse error: "));
        let found = parsed.errors.first().map(|error| error.id);
        if found != expected {
            wrong.push(format!("{}: {:?} instead of {expected:?}", trace["id"], parsed.errors.first()));
        }
    }
    println!("traced sources: {} of {} parse as recorded", traces.len() - wrong.len(), traces.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unfinished_text_asks_for_more_and_broken_text_does_not() {
    for text in ["if ($x) {", "Get-Mailbox |", "'abc", "@'\nabc", "Get-X (", "$a = @{ b = 1", "<# comment"] {
        assert!(exsh::port::parse(text).is_incomplete(), "{text}");
    }
    for text in ["Get-Mailbox", "if ($x) { } }", "$a = 1 2)", "Set-X -Name <name> -Y 1"] {
        assert!(!exsh::port::parse(text).is_incomplete(), "{text}");
    }
}

#[test]
fn all_errors_are_found_in_one_run() {
    let parsed = exsh::port::parse("$a = \nGet-Mailbox\n$b = (1 + )\n'fine'\n$c = [int\n");
    assert!(parsed.errors.len() >= 2, "{:?}", parsed.errors);
}
