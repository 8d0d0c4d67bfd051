//! Recordings of both kinds as conversations, verified.

use std::fs;
use std::path::Path;

use exsh::cli::trace::{Conversation, NotARecording};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");

fn recordings() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["psrp-recordings", "wsman-recordings"] {
        let folder = Path::new(DATA).join(folder);
        let Ok(entries) = fs::read_dir(&folder) else {
            println!("skipped: ../shared/data is absent");
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|extension| extension == "jsonl") {
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_recording_of_either_kind_comes_out_byte_for_byte() {
    let mut messages = 0;
    for (name, text) in recordings() {
        let conversation = Conversation::read(&text).unwrap();
        assert_eq!(conversation.differences, Vec::<String>::new(), "{name}");
        assert!(conversation.messages >= 3, "{name} has {} messages", conversation.messages);
        messages += conversation.messages;
    }
    assert!(messages == 0 || messages > 2000);
}

#[test]
fn a_conversation_reads_in_the_order_in_which_it_was_held() {
    let Some((_, text)) = recordings().into_iter().find(|(name, _)| name == "open-close") else { return };
    let shown = Conversation::read(&text).unwrap().to_string();
    let in_order = [
        "SESSION_CAPABILITY",
        "INIT_RUNSPACEPOOL        1 to 1 runspaces, a host",
        "APPLICATION_PRIVATE_DATA PowerShell 7.6.5",
        "RUNSPACEPOOL_STATE       opened",
        "DataAck",
        "CommandAck",
        "CREATE_PIPELINE          __Set-PSDebugMode -Mode=LocalScript, RemoteScript",
        "PIPELINE_STATE           completed",
        "CloseAck",
        "RUNSPACEPOOL_STATE       closed",
        "(text) __NamedPipeError__",
    ];
    let mut rest = shown.as_str();
    for expected in in_order {
        let at = rest.find(expected).unwrap_or_else(|| panic!("{expected:?} is missing or too early in:\n{shown}"));
        rest = &rest[at..];
    }
}

#[test]
fn a_changed_byte_is_found() {
    let Some((_, text)) = recordings().into_iter().find(|(name, _)| name == "open-close") else { return };
    // Two spaces where PowerShell writes one: the packet is understood and would be written differently.
    let damaged = text.replacen("<DataAck PSGuid=", "<DataAck  PSGuid=", 1);
    assert_eq!(Conversation::read(&damaged).unwrap().differences.len(), 1);
}

#[test]
fn what_is_no_recording_is_refused_with_the_line() {
    assert_eq!(Conversation::read("").unwrap_err(), NotARecording::Empty);
    assert_eq!(Conversation::read("{}\nnot json").unwrap_err(), NotARecording::NotJson { line: 2 });
    let line = r#"{"dir":"c2s","raw":"<Close PSGuid='00000000-0000-0000-0000-000000000000' />"}"#;
    let text = format!("{line}\n{{\"other\":1}}");
    assert_eq!(Conversation::read(&text).unwrap_err(), NotARecording::UnknownLine { line: 2 });
}
