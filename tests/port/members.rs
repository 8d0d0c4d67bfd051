//! Members of .NET types, operators and parameters of commands: one expression a line, with what PowerShell gives.
//!
//! The files in `members` say what the .NET and PowerShell documentation says; see PROVENANCE.md.

use std::sync::Arc;
use std::time::{Duration, Instant};

use exsh::script::ps::{RunOptions, run_source};

use super::golden::Recorder;

/// A script that prints, for each expression of a file, its line number and its value or what it throws.
fn script(text: &str) -> String {
    let mut out = String::new();
    for (index, line) in text.lines().enumerate() {
        match line.split_once(" #=>") {
            Some((expression, _)) => {
                let quoted = expression.replace('\'', "''");
                out.push_str(&format!(
                    "try {{ $__r = @(Invoke-Expression '{quoted}') -join '|' }} catch {{ $__r = 'ERR ' + $_.Exception.Message }}; Write-Host \"\u{bb}{index}\u{a6}$__r\"\n"
                ));
            }
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

fn differences(name: &str, text: &str) -> Vec<String> {
    let root = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder::default());
    let options = RunOptions {
        sandbox: Some(root.path().to_owned()),
        script: Some(root.path().join("case.ps1")),
        deadline: Some(Instant::now() + Duration::from_secs(60)),
        ..RunOptions::in_folder(root.path().to_owned(), recorder.clone())
    };
    let _ = run_source(&script(text), options); // what it prints is what counts
    let printed = recorder.out.lock().unwrap().clone();
    let mut wrong = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some((expression, wanted)) = line.split_once(" #=>") else { continue };
        let mark = format!("\u{bb}{index}\u{a6}");
        let got = printed.split(&mark).nth(1).and_then(|rest| rest.split('\u{bb}').next()).map(str::trim_end);
        if got.map(str::trim) != Some(wanted.trim()) {
            wrong.push(format!("{name}:{}: {expression}\n    wanted {wanted:?}\n    got    {got:?}", index + 1));
        }
    }
    wrong
}

#[test]
fn members_operators_and_commands_give_what_their_documentation_says() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/port/members");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let work = move || -> Vec<String> {
        let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).unwrap();
        files.iter().flat_map(|path| differences(&path.file_name().unwrap().to_string_lossy(), &read(path))).collect()
    };
    let wrong = std::thread::Builder::new().stack_size(256 << 20).spawn(work).unwrap().join().unwrap();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
