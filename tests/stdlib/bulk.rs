//! Bulk work against a simulated Exchange: nothing is done twice or lost, however the process ends.
//!
//! What must be true is the sentence; what was done is read from the organization itself.

use std::path::{Path, PathBuf};
use std::process::Child;

use exsh::sim::{FaultPlan, SimHandle, SimOptions, Simulator};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::harness::{Exsh, Ran, ran, signal};

/// How often the process is killed.
const KILLS: usize = 50;
const ROWS: usize = 260;

/// An organization, a folder for the job, and somebody who may sign in.
struct Job {
    runtime: Runtime,
    sim: SimHandle,
    folder: tempfile::TempDir,
    exsh: Exsh,
}

impl Job {
    fn new(sessions_per_user: usize) -> Self {
        Self::with(SimOptions { sessions_per_user, ..SimOptions::default() })
    }

    fn with(options: SimOptions) -> Self {
        let runtime = Runtime::new().unwrap();
        let sim = runtime.block_on(Simulator::start(options)).unwrap();
        let exsh = Exsh::new().with("EXSH_USERNAME", SimOptions::ADMIN).with("EXSH_PASSWORD", SimOptions::PASSWORD);
        Self { runtime, sim, folder: tempfile::tempdir().unwrap(), exsh }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn journal(&self) -> String {
        std::fs::read_to_string(self.path("job.jsonl")).unwrap_or_default()
    }

    /// A job that makes a contact for each row; `work` and `options` may differ from run to run.
    fn script(&self, rows: usize, work: &str, options: &str) -> String {
        format!(
            "let session = new_session(\"{}\", get_credential());\n\
             let rows = [];\n\
             for n in 0..{rows} {{ rows.push(#{{ Name: `Contact ${{n}}`, Alias: `contact${{n}}`, Password: \"hunter22\" }}); }}\n\
             let told = bulk(rows, |row| {work}, #{{ Journal: \"job.jsonl\", {options} }});\n\
             print(told.to_json());\n",
            self.sim.url()
        )
    }

    fn start(&self, script: &str) -> Child {
        std::fs::write(self.path("job.rhai"), script).unwrap();
        self.exsh.command(&["run", "job.rhai"]).current_dir(self.folder.path()).spawn().unwrap()
    }

    fn run(&self, script: &str) -> Ran {
        ran(self.start(script))
    }

    /// The aliases of the contacts there are.
    fn contacts(&self) -> Vec<String> {
        let script = format!(
            "let session = new_session(\"{}\", get_credential());\n\
             for one in session.get_mail_contact(#{{ ResultSize: \"Unlimited\" }}) {{\n\
             if one.Alias.starts_with(\"contact\") {{ print(one.Alias); }} }}",
            self.sim.url()
        );
        std::fs::write(self.path("look.rhai"), script).unwrap();
        let child = self.exsh.command(&["run", "look.rhai"]).current_dir(self.folder.path()).spawn().unwrap();
        let mut found: Vec<String> = ran(child).expect(0).stdout.lines().map(str::to_owned).collect();
        found.sort();
        found
    }

    fn end(self) {
        self.runtime.block_on(self.sim.shutdown());
    }
}

const MAKE: &str = "session.new_mail_contact(#{ Name: row.Name, Alias: row.Alias, ExternalEmailAddress: `${row.Alias}@fabrikam.com` })";
const CHECK: &str =
    "Check: |row| !session.get_mail_contact(#{ Identity: row.Alias, ErrorAction: \"SilentlyContinue\" }).is_empty()";

/// The record that the script printed.
#[track_caller]
fn told(ran: &Ran) -> Value {
    let line = ran.stdout.lines().last().unwrap_or_default();
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}\n{}", ran.stdout, ran.stderr))
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |about| about.len())
}

/// The rows that were begun and whose end is not written down.
fn open_rows(journal: &str) -> usize {
    let lines: Vec<Value> = journal.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let ended = |id: &Value| {
        lines
            .iter()
            .rev()
            .find(|line| line["id"] == *id)
            .is_some_and(|line| line["state"] != "begun" && line["state"] != "uncertain")
    };
    let mut ids: Vec<&Value> = lines.iter().filter(|line| line["state"] == "begun").map(|line| &line["id"]).collect();
    ids.sort_by_key(|id| id.to_string());
    ids.dedup();
    ids.into_iter().filter(|id| !ended(id)).count()
}

#[test]
fn a_job_that_is_killed_fifty_times_does_no_row_twice_and_loses_none() {
    let job = Job::new(10_000); // killed clients leave their sessions behind
    let path = job.path("job.jsonl");
    let script = job.script(ROWS, MAKE, "Parallel: 3, Confirm: false");
    for kill in 0..KILLS {
        // From the middle of the first line of this run to some rows later.
        let enough = length(&path) + 20 + (kill as u64 * 211) % 1300;
        let mut child = job.start(&script);
        while length(&path) < enough && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        assert!(child.try_wait().unwrap().is_none(), "the job came to its end before kill {kill}");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // Without somebody to decide, uncertain rows are listed and left alone; all others are done.
    let uncertain = open_rows(&job.journal());
    let first = job.run(&script).expect(0);
    let record = told(&first);
    assert_eq!(record["Uncertain"], uncertain, "{}", first.stderr);
    assert_eq!(record["UncertainRows"].as_array().unwrap().len(), uncertain);
    assert!(uncertain > 0, "no kill hit a row while it was being done");
    assert_eq!(first.stderr.lines().filter(|line| line.contains("is uncertain")).count(), uncertain.min(20));
    assert_eq!(record["Failed"], 0, "a row that is done twice fails, as its contact is there: {}", first.stderr);
    let some = job.contacts().len();
    assert!((ROWS - uncertain..=ROWS).contains(&some), "{some} contacts, {uncertain} rows uncertain");
    // With somebody to decide, everything is done, once.
    let last = told(&job.run(&job.script(ROWS, MAKE, &format!("Parallel: 3, Confirm: false, {CHECK}"))).expect(0));
    assert_eq!((&last["Uncertain"], &last["Failed"], &last["NotBegun"]), (&0.into(), &0.into(), &0.into()), "{last}");
    assert_eq!(last["Done"].as_u64().unwrap() + last["DoneBefore"].as_u64().unwrap(), ROWS as u64);
    let mut wanted: Vec<String> = (0..ROWS).map(|number| format!("contact{number}")).collect();
    wanted.sort();
    assert_eq!(job.contacts(), wanted);
    assert!(!job.journal().contains("hunter22"), "a secret is in the journal");
    job.end();
}

#[test]
fn a_task_with_a_journal_goes_on_where_it_was_killed() {
    let job = Job::new(10_000);
    let mut rows = String::from("Name,Address,Company\n");
    (0..60).for_each(|n| rows.push_str(&format!("Person {n},contact{n}@fabrikam.com,Fabrikam\n")));
    std::fs::write(job.path("contacts.csv"), rows).unwrap();
    let url = job.sim.url().to_owned();
    let words: Vec<&str> =
        "task import-contacts --rows contacts.csv --journal job.jsonl --parallel 2 --yes --output json"
            .split(' ')
            .chain(["--connect", &url])
            .collect();
    let start = || job.exsh.command(&words).current_dir(job.folder.path()).spawn().unwrap();
    for kill in 1..=3 {
        let enough = length(&job.path("job.jsonl")) + 400 * kill;
        let mut child = start();
        while length(&job.path("job.jsonl")) < enough && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let uncertain = open_rows(&job.journal());
    let last = ran(start());
    assert_eq!(last.code(), i32::from(uncertain > 0), "{}", last.stderr);
    let steps: Value = serde_json::from_str(&last.stdout).unwrap();
    let count = |status: &str| steps.as_array().unwrap().iter().filter(|step| step["Status"] == status).count();
    assert_eq!((count("uncertain"), count("failed")), (uncertain, 0), "{}", last.stdout);
    assert!(count("done before") > 0, "{}", last.stdout);
    job.end();
}

#[test]
fn more_sessions_than_the_server_allows_are_not_needed() {
    let job = Job::new(2);
    let ran = job.run(&job.script(12, MAKE, "Parallel: 6, Confirm: false")).expect(0);
    assert_eq!(told(&ran)["Done"], 12, "{}", ran.stderr);
    assert_eq!(ran.stderr.matches("no further session").count(), 1, "{}", ran.stderr);
    assert_eq!(job.contacts().len(), 12);
    assert_eq!(job.sim.counters().open_shells, 0);
    job.end();
}

#[test]
fn what_if_changes_nothing_and_keeps_no_journal() {
    let job = Job::new(18);
    let ran = job.run(&job.script(3, MAKE, "Parallel: 2, WhatIf: true")).expect(0);
    assert_eq!(told(&ran)["Done"], 3);
    assert!(ran.stderr.contains("3 would be done"), "{}", ran.stderr);
    assert_eq!(job.contacts(), Vec::<String>::new());
    assert!(!job.path("job.jsonl").exists());
    job.end();
}

#[test]
fn without_consent_nothing_is_begun() {
    let job = Job::new(18);
    let ran = job.run(&job.script(3, MAKE, "What: \"make contacts\"")).expect(1);
    assert!(ran.stderr.contains("nobody is there to confirm: make contacts, for 3 rows"), "{}", ran.stderr);
    assert_eq!(job.contacts(), Vec::<String>::new());
    job.end();
}

#[test]
fn failures_are_listed_without_secrets_and_tried_again_only_when_that_is_said() {
    let job = Job::new(18);
    let failing = format!("if row.Alias == \"contact1\" {{ throw `no: ${{row.Password}}` }} else {{ {MAKE} }}");
    let first = job.run(&job.script(3, &format!("{{ {failing} }}"), "Parallel: 2, Confirm: false")).expect(0);
    assert_eq!((&told(&first)["Done"], &told(&first)["Failed"]), (&2.into(), &1.into()));
    let list = std::fs::read_to_string(job.path("job.failures.csv")).unwrap();
    assert_eq!(list, "Alias,Name,BulkState,BulkError\ncontact1,Contact 1,failed,no: (redacted)\n");
    assert!(!job.journal().contains("hunter22"));
    let again = job.run(&job.script(3, &format!("{{ {failing} }}"), "Parallel: 2, Confirm: false")).expect(0);
    assert_eq!((&told(&again)["Done"], &told(&again)["Failed"]), (&0.into(), &1.into()));
    // Another function is another job, unless that is said.
    let other = job.run(&job.script(3, MAKE, "Retry: true, Confirm: false")).expect(1);
    assert!(other.stderr.contains("the function changed"), "{}", other.stderr);
    let last = job.run(&job.script(3, MAKE, "Retry: true, Changed: true, Confirm: false")).expect(0);
    assert_eq!((&told(&last)["Done"], &told(&last)["DoneBefore"]), (&1.into(), &2.into()));
    assert!(!job.path("job.failures.csv").exists(), "nothing failed any more");
    assert_eq!(job.contacts().len(), 3);
    job.end();
}

#[test]
fn an_error_that_a_cmdlet_only_reports_fails_its_row() {
    let job = Job::new(18);
    let work = "session.set_mailbox(#{ Identity: row.Alias, DisplayName: \"x\" })";
    let ran = job.run(&job.script(2, work, "Confirm: false")).expect(0);
    assert_eq!(told(&ran)["Failed"], 2, "{}", ran.stderr);
    job.end();
}

#[test]
fn a_busy_server_is_given_the_time_it_names() {
    let faults = FaultPlan::parse("command#4:load-quota=700").unwrap();
    let job = Job::with(SimOptions { faults, ..SimOptions::default() });
    let begun = std::time::Instant::now();
    let ran = job.run(&job.script(9, MAKE, "Parallel: 3, Confirm: false")).expect(0);
    assert_eq!((&told(&ran)["Done"], &told(&ran)["Failed"]), (&9.into(), &0.into()), "{}", ran.stderr);
    assert!(ran.stderr.contains("the server is busy"), "{}", ran.stderr);
    assert!(begun.elapsed() >= std::time::Duration::from_millis(700), "it waited less than it was told");
    assert_eq!(job.contacts().len(), 9);
    job.end();
}

#[test]
fn a_row_during_which_the_session_is_lost_is_uncertain_and_the_others_are_done() {
    let faults = FaultPlan::parse("receive#8:gone-shell").unwrap();
    let job = Job::with(SimOptions { faults, ..SimOptions::default() });
    let ran = job.run(&job.script(9, MAKE, "Confirm: false")).expect(0);
    let told = told(&ran);
    assert_eq!(
        (&told["Done"], &told["Failed"], &told["Uncertain"]),
        (&8.into(), &0.into(), &1.into()),
        "{}",
        ran.stderr
    );
    job.end();
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_a_journal_with_which_the_job_goes_on() {
    let job = Job::new(18);
    let path = job.path("job.jsonl");
    let child = job.start(&job.script(ROWS, MAKE, "Parallel: 3, Confirm: false"));
    while length(&path) < 2000 {
        std::thread::yield_now();
    }
    signal(&child, "INT");
    let stopped = ran(child).expect(130);
    assert!(stopped.stderr.contains("not begun"), "{}", stopped.stderr);
    assert_eq!(job.sim.counters().open_shells, 0);
    let rest = job.run(&job.script(ROWS, MAKE, &format!("Parallel: 3, Confirm: false, {CHECK}"))).expect(0);
    assert_eq!((&told(&rest)["Uncertain"], &told(&rest)["Failed"]), (&0.into(), &0.into()), "{}", rest.stderr);
    assert_eq!(job.contacts().len(), ROWS);
    job.end();
}

#[test]
fn a_journal_that_another_process_works_with_is_left_to_it() {
    let job = Job::new(5);
    let script = job.script(60, "row", "Confirm: false");
    job.run(&script).expect(0);
    let before = job.journal();
    // The lock is the system's, and the process that holds it is this one.
    let held = std::fs::OpenOptions::new().read(true).write(true).open(job.path("job.jsonl")).unwrap();
    held.lock().unwrap();
    let refused = job.run(&script).expect(1);
    assert!(refused.stderr.contains("another process is at work on the journal"), "{}", refused.stderr);
    assert_eq!(job.journal(), before, "nothing was written to it");
    held.unlock().unwrap();
    assert_eq!(told(&job.run(&script).expect(0))["DoneBefore"], 60);
}
