//! Every task end to end from the shell: CSV, Excel and HTML files of what it found, and WhatIf that changes nothing.

use exsh::script::{Document, Library};

use crate::examples::shell_words;
use crate::harness::{Exsh, Sim, ran};
use crate::transcript::{for_all, organization};

fn tasks(changing: bool) -> Vec<Document> {
    let (library, _) = Library::read(&[]);
    library.tasks().map(|(_, task)| (**task).clone()).filter(|task| task.changes == changing).collect()
}

/// The words of a task's example, and a folder with the files that its script makes first.
fn example(exsh: &Exsh, task: &Document) -> (Vec<String>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let code = &task.example.as_ref().unwrap().code;
    let before: Vec<&str> = code.lines().filter(|line| line.starts_with("write_")).collect();
    if !before.is_empty() {
        std::fs::write(folder.path().join("before.rhai"), before.join("\n")).unwrap();
        ran(exsh.command(&["run", "before.rhai"]).current_dir(folder.path()).spawn().unwrap()).expect(0);
    }
    let line = task.command_line().unwrap();
    (shell_words(line.strip_prefix("exsh ").unwrap()), folder)
}

#[test]
fn every_report_becomes_csv_excel_and_a_page() {
    let wrong = for_all(&tasks(false), |task| {
        let exsh = Exsh::new();
        let (words, folder) = example(&exsh, task);
        for (file, opening) in [("r.csv", &b"\""[..]), ("r.xlsx", b"PK"), ("r.html", b"<!doctype html>")] {
            let mut all: Vec<&str> = words.iter().map(String::as_str).collect();
            all.extend(["--connect", organization(task.online), "--file", file]);
            let ran = ran(exsh.command(&all).current_dir(folder.path()).spawn().unwrap());
            if ran.code() != 0 {
                return Some(format!("{} to {file}: {}", task.name, ran.stderr));
            }
            let bytes = std::fs::read(folder.path().join(file)).unwrap();
            let start = bytes[..opening.len().min(bytes.len())].to_ascii_lowercase();
            let nothing = ran.stdout.starts_with("0 rows");
            if !nothing && start != opening.to_ascii_lowercase() {
                return Some(format!("{} to {file} begins with {start:?}", task.name));
            }
        }
        None
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_if_changes_nothing_and_says_what_would_be_done() {
    let exsh = Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x");
    let sim = Sim::start(&exsh, &["--mailboxes", "60", "--sessions-per-user", "50"]);
    let log = ["task", "audit-search", "--connect", &sim.url, "--result-size", "Unlimited", "--output", "json"];
    let before = exsh.run(&log).expect(0).stdout;
    let changing: Vec<Document> = tasks(true).into_iter().filter(|task| !task.online).collect();
    let wrong = for_all(&changing, |task| {
        let (words, folder) = example(&exsh, task);
        let mut all: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "--yes").collect();
        all.extend(["--connect", &sim.url, "--what-if", "--output", "json"]);
        let ran = ran(exsh.command(&all).current_dir(folder.path()).spawn().unwrap());
        if ran.code() != 0 {
            return Some(format!("{}: {}", task.name, ran.stderr));
        }
        let steps: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let done = steps.as_array().unwrap().iter().any(|step| step["Status"] == "done");
        done.then(|| format!("{} says it did something: {}", task.name, ran.stdout))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let after = exsh.run(&log).expect(0).stdout;
    assert_eq!(before, after, "the server's own log of changes has more in it than before");
}

#[test]
fn a_change_asks_first_and_is_not_made_when_nobody_answers() {
    let ran = Exsh::new().run(&["task", "set-hold", "--identity", "alice", "--connect", "demo:"]).expect(1);
    assert!(ran.stderr.contains("nobody is there to confirm") && ran.stderr.contains("--yes"), "{}", ran.stderr);
}
