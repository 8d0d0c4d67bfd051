//! Every task in a company, on every release, as administrators and the help desk: it ends well, or with one sentence
//! about what is missing, never with a line of the library.

use std::fmt::Write as _;

use exsh::script::{Document, Library};
use exsh::sim::{Release, SimOptions, Size};

use crate::streams::Company;

/// The example of a task in a block of its own, its files in `folder`, and nothing changed.
fn code_of(task: &Document, folder: &std::path::Path) -> String {
    let example = &task.example.as_ref().unwrap().code;
    let file = regex::Regex::new(r#""([\w.-]+\.(?:csv|json|jsonl|xml|bin|html|jpg|png))""#).unwrap();
    let code = file.replace_all(example, |found: &regex::Captures<'_>| {
        format!("\"{}\"", folder.join(&found[1]).display().to_string().replace('\\', "/"))
    });
    let code = code.replace("Confirm: false", "WhatIf: true").replace("Minutes: 1 ", "Minutes: 0 ");
    let lines: Vec<&str> = code.lines().collect();
    let last = lines.iter().rposition(|line| line.ends_with(';')).map_or(0, |at| at + 1);
    let mut text = lines[..last].join("\n");
    let _ = write!(
        text,
        "\nlet rows = {};\nlet count = 0;\nfor row in rows {{ count += 1; }}\ncount",
        lines[last..].join("\n")
    );
    text
}

/// What is wrong with how the tasks end.
fn endings(release: Release, user: &str) -> Vec<String> {
    let options = SimOptions { mailboxes: 60, size: Size::Company, release, ..SimOptions::default() };
    let company = Company::signed_in(options, user);
    let folder = tempfile::tempdir().unwrap();
    let (library, _) = Library::read(&[]);
    let (mut wrong, mut well) = (Vec::new(), 0);
    for (_, task) in library.tasks() {
        let ended = company.host.run_text("test", &code_of(task, folder.path()), &[]);
        let Err(error) = ended else {
            well += 1;
            continue;
        };
        let message = &error.diagnostic.message;
        let place = error.source.as_ref().map(|source| source.name.to_string());
        let is_missing = message.ends_with("is needed here, and no session offers it");
        let words_of_scripts = ["there is no", "not imported", "has no property", "value of type", "cannot be called"];
        if place.is_some_and(|place| place != "test")
            || words_of_scripts.iter().any(|words| message.contains(words))
            || (is_missing && error.diagnostic.hints.is_empty())
            || message.contains('\n')
        {
            wrong.push(format!("{release:?}, {user}: {}: {error}\n{:?}", task.name, error.diagnostic.hints));
        }
    }
    company.end();
    if well < 40 {
        wrong.push(format!("only {well} tasks end well on {release:?} for {user}"));
    }
    wrong
}

#[test]
fn every_task_ends_well_or_says_what_is_missing_on_every_release_and_for_whom_may_do_little() {
    let cases = [
        (Release::Exchange2016, SimOptions::ADMIN),
        (Release::ServerSe, SimOptions::HELP_DESK),
        (Release::Online, SimOptions::ADMIN),
    ];
    let wrong: Vec<String> = cases.into_iter().flat_map(|(release, user)| endings(release, user)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
