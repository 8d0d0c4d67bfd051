//! powershell-golden: every case run as `exsh run` runs a `.ps1` file, compared with what PowerShell printed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use exsh::script::ps::{Console, Ended, Message, Outcome, Reported, RunOptions, run_source};
use serde_json::Value;

use super::data;

#[derive(Default)]
pub(super) struct Recorder {
    pub(super) out: Mutex<String>,
    pub(super) errors: Mutex<Vec<(String, String, String)>>,
    pub(super) messages: Mutex<Vec<(Message, String)>>,
    /// Whether warnings and verbose messages are shown with the output.
    pub(super) console: bool,
}

impl Console for Recorder {
    fn out(&self, text: &str) {
        self.out.lock().unwrap().push_str(text);
    }

    fn message(&self, kind: Message, text: &str) {
        if kind == Message::Information && !text.starts_with('\0') {
            self.out.lock().unwrap().push_str(&format!("{text}\n"));
        }
        let prefix = match kind {
            Message::Warning => "WARNING",
            Message::Verbose => "VERBOSE",
            Message::Debug => "DEBUG",
            Message::Information => "",
        };
        if self.console && !prefix.is_empty() {
            self.out.lock().unwrap().push_str(&format!("{prefix}: {text}\n"));
        }
        self.messages.lock().unwrap().push((kind, text.trim_start_matches('\0').to_owned()));
    }

    fn error(&self, error: &Reported<'_>) {
        let Reported { message, id, category, .. } = *error;
        self.errors.lock().unwrap().push((message.to_owned(), id.to_owned(), category.to_owned()));
    }
}

fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.split('\n').map(|line| line.trim_end().to_owned()).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn expected_end(exit: &Value) -> Ended {
    match exit["how"].as_str() {
        Some("exit") => Ended::Exit(i32::try_from(exit["code"].as_i64().unwrap()).unwrap()),
        Some("terminating") => Ended::Error {
            message: String::new(),
            id: exit["id"].as_str().unwrap_or_default().to_owned(),
            category: exit["category"].as_str().unwrap_or_default().to_owned(),
        },
        _ => Ended::Ok,
    }
}

pub(super) fn run(case: &Value, runs: fn(&str, RunOptions) -> Outcome) -> Result<(), String> {
    let root = tempfile::tempdir().unwrap();
    let (folder, scripts) = (root.path().join("cwd"), root.path().join("script"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::create_dir_all(&scripts).unwrap();
    let recorder = Arc::new(Recorder::default());
    let options = RunOptions {
        script: Some(scripts.join("case.ps1")),
        deadline: Some(Instant::now() + Duration::from_secs(10)),
        ..RunOptions::in_folder(folder.clone(), recorder.clone())
    };
    let outcome = runs(case["source"].as_str().unwrap(), options);
    let place = |text: &str| {
        text.replace("{cwd}", &folder.display().to_string()).replace("{script}", &scripts.display().to_string())
    };
    let expected: Vec<String> =
        case["stdout"].as_array().unwrap().iter().map(|line| place(line.as_str().unwrap())).collect();
    let expected = lines(&expected.join("\n"));
    let got = lines(&recorder.out.lock().unwrap());
    let mut errors: Vec<(String, String)> =
        recorder.errors.lock().unwrap().iter().map(|(_, id, category)| (id.clone(), category.clone())).collect();
    let ended = match outcome.ended {
        Ended::Error { message, id, .. } if id == "InternalError" => return Err(message),
        Ended::Error { id, category, .. } => {
            errors.pop();
            Ended::Error { message: String::new(), id, category }
        }
        other => other,
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let wanted: Vec<(String, String)> = case["streams"]["error"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (place(&text(&error["id"])), text(&error["category"])))
        .collect();
    if got != expected {
        return Err(format!(
            "stdout\n--- expected\n{}\n--- got\n{}\n--- errors {:?}",
            expected.join("\n"),
            got.join("\n"),
            recorder.errors.lock().unwrap()
        ));
    }
    if ended != expected_end(&case["exit"]) {
        return Err(format!("ended {ended:?} instead of {}", case["exit"]));
    }
    if errors != wanted {
        return Err(format!("errors {errors:?}\n  instead of {wanted:?}"));
    }
    Ok(())
}

#[test]
fn golden_cases_print_and_end_as_powershell_does() {
    let Some(cases) = data::golden() else { return };
    let only = std::env::var("CASE").unwrap_or_default();
    let cases: Vec<Value> = cases.into_iter().filter(|case| case["name"].as_str().unwrap().contains(&only)).collect();
    let failures: Arc<Mutex<Vec<(String, String, String)>>> = Arc::default();
    let (left, right) = cases.split_at(cases.len() / 2);
    std::thread::scope(|scope| {
        for half in [left, right] {
            let failures = failures.clone();
            let work = move || {
                for case in half {
                    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(case, run_source)))
                        .unwrap_or_else(|_| Err("panicked".to_owned()));
                    if let Err(reason) = result {
                        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
                        failures.lock().unwrap().push((text("topic"), text("name"), reason));
                    }
                }
            };
            std::thread::Builder::new().stack_size(512 << 20).spawn_scoped(scope, work).unwrap();
        }
    });
    let failures = failures.lock().unwrap();
    let mut topics: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for case in &cases {
        topics.entry(case["topic"].as_str().unwrap().to_owned()).or_default().1 += 1;
    }
    for (topic, _, _) in failures.iter() {
        topics.entry(topic.clone()).or_default().0 += 1;
    }
    for (_, name, reason) in failures.iter() {
        println!("### {name}: {reason}\n");
    }
    for (topic, (failed, all)) in &topics {
        println!("{topic}: {} of {all}", all - failed);
    }
    println!("golden: {} of {} as recorded", cases.len() - failures.len(), cases.len());
    assert!(failures.is_empty(), "{} cases fail", failures.len());
}

/// What PowerShell said of the errors of a case, and what is said here; texts that cannot be read are told in our words.
fn said(case: &Value) -> Option<(Vec<String>, Vec<String>)> {
    let root = tempfile::tempdir().unwrap();
    let (folder, scripts) = (root.path().join("cwd"), root.path().join("script"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::create_dir_all(&scripts).unwrap();
    let place = |text: &str| {
        text.replace("{cwd}", &folder.display().to_string()).replace("{script}", &scripts.display().to_string())
    };
    let ended = (case["exit"]["how"] == "terminating").then_some(&case["exit"]);
    let wanted: Vec<&Value> = case["streams"]["error"].as_array().unwrap().iter().chain(ended).collect();
    if wanted.is_empty() || wanted.iter().any(|error| error["category"] == "ParserError") {
        return None;
    }
    let wanted = wanted.iter().map(|error| place(error["message"].as_str().unwrap_or_default())).collect();
    let recorder = Arc::new(Recorder::default());
    let options = RunOptions {
        script: Some(scripts.join("case.ps1")),
        deadline: Some(Instant::now() + Duration::from_secs(10)),
        ..RunOptions::in_folder(folder.clone(), recorder.clone())
    };
    let _ = run_source(case["source"].as_str().unwrap(), options); // how it ends is looked at above
    let got = recorder.errors.lock().unwrap().iter().map(|(message, ..)| message.clone()).collect();
    Some((wanted, got))
}

#[test]
fn errors_of_golden_cases_say_what_powershell_says() {
    let Some(cases) = data::golden() else { return };
    let work = move || {
        let mut wrong = Vec::new();
        for case in &cases {
            if let Some((wanted, got)) = said(case)
                && wanted != got
            {
                wrong.push(format!("{}\n    wanted {wanted:?}\n    got    {got:?}", case["name"]));
            }
        }
        wrong
    };
    let wrong = std::thread::Builder::new().stack_size(512 << 20).spawn(work).unwrap().join().unwrap();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
