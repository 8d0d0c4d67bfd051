//! Every task end to end from the shell: CSV, Excel and HTML files of what it found, and WhatIf that changes nothing.

use exsh::script::{Document, Library};

use crate::examples::made_ready;
use crate::harness::{Exsh, Sim};
use crate::transcript::{for_all, plain};

fn tasks(changing: bool) -> Vec<Document> {
    let (library, _) = Library::read(&[]);
    library.tasks().map(|(_, task)| (**task).clone()).filter(|task| task.changes == changing).collect()
}

#[test]
fn what_every_task_gives_is_shown_as_its_comment_says_and_becomes_csv_excel_and_a_page() {
    let all: Vec<Document> = [false, true].into_iter().flat_map(tasks).collect();
    let wrong = for_all(&all, |bench, task| {
        let (words, folder) = made_ready(bench, task);
        let ran = bench.with_organization(task.online, |bench, url| {
            let files = ["--connect", url, "--file", "r.csv", "--file", "r.xlsx", "--file", "r.html", "--file", "-"];
            bench.run(&words.iter().map(String::as_str).chain(files).collect::<Vec<_>>(), folder.path())
        });
        let said = &task.example.as_ref()?.output;
        let failed_on_purpose = said.contains(" failed ");
        if ran.code() != i32::from(failed_on_purpose) {
            return Some(format!("{}: {} {}", task.name, ran.code(), ran.stderr));
        }
        for (file, opening) in [("r.csv", &b"\""[..]), ("r.xlsx", b"PK"), ("r.html", b"<!doctype html>")] {
            let bytes = std::fs::read(folder.path().join(file)).unwrap();
            let start = bytes[..opening.len().min(bytes.len())].to_ascii_lowercase();
            if start != opening.to_ascii_lowercase() {
                return Some(format!("{} to {file} begins with {start:?}", task.name));
            }
        }
        // First how many rows went into which file, then the rows.
        let (counts, shown): (Vec<&str>, Vec<&str>) =
            (ran.stdout.lines().take(3).collect(), ran.stdout.lines().skip(3).collect());
        if counts.iter().any(|line| line.starts_with("0 rows") || !line.contains(" rows in r.")) {
            return Some(format!("{} finds nothing: {}", task.name, ran.stdout));
        }
        let (shown, said) = (plain(&shown.join("\n")), plain(said));
        (shown != said).then(|| format!("{} shows\n{shown}\n-- and its comment says\n{said}", task.name))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Runs all tasks that change something with --what-if; what is wrong, and what the server's log gained.
fn what_if(online: bool) -> Vec<String> {
    let exsh = Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x");
    let mut options = vec!["--mailboxes", "60", "--sessions-per-user", "50"];
    if online {
        options.extend(["--release", "online"]);
    }
    let sim = Sim::start(&exsh, &options);
    // Only what administrators did: the rest of the log is made up, and moves with the clock.
    let log = ["task", "audit-search", "--connect", &sim.url, "--result-size", "Unlimited", "--output", "json"];
    let changes = || -> Vec<String> {
        let found: serde_json::Value = serde_json::from_str(&exsh.run(&log).expect(0).stdout).unwrap();
        let by_admin = |entry: &&serde_json::Value| entry["User"] == "admin@contoso.com";
        let of_cmdlets =
            |entry: &&serde_json::Value| entry["Operation"].as_str().is_some_and(|name| name.contains('-'));
        let all = found.as_array().unwrap().iter().filter(by_admin).filter(of_cmdlets);
        all.map(|entry| format!("{} {}", entry["Operation"], entry["Object"])).collect()
    };
    let before = changes();
    let changing: Vec<Document> = tasks(true).into_iter().filter(|task| task.online == online).collect();
    let mut wrong = for_all(&changing, |bench, task| {
        let (words, folder) = made_ready(bench, task);
        let mut all: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "--yes").collect();
        all.extend(["--connect", &sim.url, "--what-if", "--output", "json"]);
        let ran = bench.run(&all, folder.path());
        let Ok(steps) = serde_json::from_str::<serde_json::Value>(&ran.stdout) else {
            return Some(format!("{}: {}", task.name, ran.stderr));
        };
        let done = steps.as_array().unwrap().iter().any(|step| step["Status"] == "done");
        done.then(|| format!("{} says it did something: {}", task.name, ran.stdout))
    });
    let after = changes();
    if before != after {
        wrong.push(format!("the server's own log of changes has more in it than before: {after:?}"));
    }
    wrong
}

#[test]
fn what_if_changes_nothing_on_servers_and_says_what_would_be_done() {
    let wrong = what_if(false);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_if_changes_nothing_in_the_cloud_and_says_what_would_be_done() {
    let wrong = what_if(true);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_task_whose_step_failed_says_so_by_its_exit_code() {
    let exsh = Exsh::new();
    let words = ["task", "set-hold", "--identity", "alice,nobody", "--yes", "--connect", "demo:", "--output", "json"];
    let ran = exsh.run(&words).expect(1);
    assert!(ran.stdout.contains("\"done\"") && ran.stderr.contains("one step failed"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn files_that_are_not_there_or_lack_a_column_are_named_before_anything_is_done() {
    let exsh = Exsh::new();
    let words = |file: &'static str| ["task", "onboard-many", "--rows", file, "--yes", "--connect", "demo:"];
    let missing = exsh.run(&words("/no/such/file.csv")).expect(1);
    assert!(missing.stderr.contains("cannot read /no/such/file.csv"), "{}", missing.stderr);
    let path = exsh.home().join("people.csv");
    std::fs::write(&path, "Name,Mail\nAnn,ann@contoso.com\n").unwrap();
    let path: &'static str = path.display().to_string().leak();
    let lacking = exsh.run(&words(path)).expect(1);
    assert!(lacking.stderr.contains("row 1 has no UserPrincipalName"), "{}", lacking.stderr);
    assert_eq!(lacking.stdout, "");
}

#[test]
fn a_change_asks_first_and_is_not_made_when_nobody_answers() {
    let ran = Exsh::new().run(&["task", "set-hold", "--identity", "alice", "--connect", "demo:"]).expect(1);
    assert!(ran.stderr.contains("nobody is there to confirm") && ran.stderr.contains("--yes"), "{}", ran.stderr);
}
