//! `binding.txt` (cmdlets) and `functions.txt` (functions of scripts): statements with the calls, the errors and the
//! lines that PowerShell makes of them, rule by rule.
//!
//! The rules are those of shared/facts/parameter-binding.md and of PowerShell's documentation of its binder.
//! `BINDING=FILE` reads another file of the same form.

use std::sync::Arc;
use std::time::{Duration, Instant};

use exsh::script::ps::{Canned, Ended, RunOptions, run_source};
use serde_json::{Value, json};

use super::golden::Recorder;
use super::traces::{lines, now, plain};

/// One statement and what comes of it.
#[derive(Default)]
struct Case {
    source: String,
    calls: Vec<Value>,
    errors: Vec<String>,
    printed: Vec<String>,
    prints: bool,
}

/// `= Cmdlet {parameters} < piped,names` is a call, `! id` an error, `> text` a line printed; the rest is source.
fn case(block: &str) -> Case {
    let mut case = Case::default();
    for line in block.lines().filter(|line| !line.starts_with("##")) {
        if let Some(call) = line.strip_prefix("= ") {
            let (cmdlet, rest) = call.split_once(' ').unwrap_or((call, "{}"));
            let (parameters, piped) = match rest.rsplit_once(" <") {
                Some((parameters, piped)) => (parameters, Some(piped)),
                None => (rest, None),
            };
            let parameters: Value = serde_json::from_str(parameters).expect(line);
            let mut call = json!({ "cmdlet": cmdlet, "parameters": parameters });
            if let Some(piped) = piped {
                call["pipeline"] = true.into();
                call["piped"] = piped.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
            }
            case.calls.push(call);
        } else if let Some(id) = line.strip_prefix("! ") {
            case.errors.push(id.trim().to_owned());
        } else if let Some(text) = line.strip_prefix('>') {
            case.prints = true;
            case.printed.push(text.strip_prefix(' ').unwrap_or(text).to_owned());
        } else {
            case.source.push_str(line);
            case.source.push('\n');
        }
    }
    case
}

fn difference(case: &Case, objects: &Value) -> Option<String> {
    let root = tempfile::tempdir().unwrap();
    let recorder = Arc::new(Recorder { console: true, ..Recorder::default() });
    let canned = Arc::new(Canned::new(objects).unwrap());
    let outcome = run_source(
        &case.source,
        RunOptions {
            sandbox: Some(root.path().to_path_buf()),
            now: Some(now()),
            answers: vec!["x".to_owned(); 5],
            deadline: Some(Instant::now() + Duration::from_secs(10)),
            exchange: Some(canned.clone()),
            windows_aliases: true,
            ..RunOptions::in_folder(root.path().to_path_buf(), recorder.clone())
        },
    );
    let mut said = String::new();
    let calls = plain(&Value::from(canned.calls()));
    if calls != plain(&Value::from(case.calls.clone())) {
        said += &format!("  calls  {}\n  wanted {}\n", Value::from(calls), Value::from(case.calls.clone()));
    }
    let errors = recorder.errors.lock().unwrap();
    let ids: Vec<&str> = errors.iter().map(|(_, id, _)| &**id).collect();
    if ids != case.errors {
        said += &format!("  errors {errors:?}\n  wanted {:?}\n", case.errors);
    }
    let printed = lines(&recorder.out.lock().unwrap());
    if case.prints && printed != case.printed {
        said += &format!("  printed {printed:?}\n  wanted  {:?}\n", case.printed);
    }
    if matches!(outcome.ended, Ended::Stopped(_)) {
        said += "  stopped\n";
    }
    (!said.is_empty()).then(|| format!("{}{said}", case.source))
}

#[test]
fn statements_bind_and_fail_by_the_rules() {
    let text = match std::env::var("BINDING") {
        Ok(path) => std::fs::read_to_string(path).unwrap(),
        Err(_) => concat!(include_str!("binding.txt"), "\n\n", include_str!("functions.txt")).to_owned(),
    };
    let objects: Value = serde_json::from_str(include_str!("binding.json")).unwrap();
    let work = move || {
        let blocks =
            text.split("\n\n").map(str::trim).filter(|block| block.lines().any(|line| !line.starts_with("##")));
        let (mut all, mut failed) = (0, 0);
        for block in blocks {
            all += 1;
            if let Some(said) = difference(&case(block), &objects) {
                failed += 1;
                println!("### {said}");
            }
        }
        println!("statements: {} of {all} by the rules", all - failed);
        failed
    };
    let failed = std::thread::Builder::new().stack_size(512 << 20).spawn(work).unwrap().join().unwrap();
    assert_eq!(failed, 0);
}
