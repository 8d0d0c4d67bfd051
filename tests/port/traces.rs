//! cmdlet-traces: what scripts call and print when canned objects answer, compared with what PowerShell bound.

use std::sync::Arc;
use std::time::{Duration, Instant};

use exsh::clixml::{DateTimeKind, PsDateTime};
use exsh::script::ps::{Canned, Ended, Message, Outcome, RunOptions, run_source};
use serde_json::Value;

use super::data;
use super::golden::Recorder;

/// Traces whose calls may differ, of those that PowerShell binds; only ever lowered.
const CALLS_WRONG_AT_MOST: usize = 1;

pub(super) fn now() -> PsDateTime {
    // 2026-01-15 10:00:00 UTC, as the recordings were made
    let date = exsh::catalog::bind::parse_date("2026-01-15T10:00:00", None, 0).unwrap();
    PsDateTime { kind: DateTimeKind::Local { offset_minutes: 0 }, ..date }
}

pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.split('\n').map(|line| line.trim_end().to_owned()).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Calls without what no comparison should look at.
pub(super) fn plain(calls: &Value) -> Vec<Value> {
    let list = calls.as_array().cloned().unwrap_or_default();
    list.into_iter()
        .map(|mut call| {
            if let Some(piped) = call.get_mut("piped").and_then(Value::as_array_mut) {
                piped.sort_by_key(ToString::to_string);
            }
            call
        })
        .collect()
}

pub(super) struct Run {
    pub(super) calls: bool,
    pub(super) text: bool,
    pub(super) outcome: bool,
    pub(super) story: String,
}

pub(super) fn run(trace: &Value, objects: &Value, runs: fn(&str, RunOptions) -> Outcome) -> Run {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().to_path_buf();
    for place in ["C/Temp", "C/Users/admin"] {
        std::fs::create_dir_all(folder.join(place)).unwrap();
    }
    for (path, text) in trace["given"].as_object().into_iter().flatten() {
        let path = folder.join(path.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.as_str().unwrap_or_default()).unwrap();
    }
    let recorder = Arc::new(Recorder { console: true, ..Recorder::default() });
    let canned = Arc::new(Canned::new(objects).unwrap());
    let options = RunOptions {
        sandbox: Some(folder.clone()),
        now: Some(now()),
        answers: vec!["x".to_owned(); 50],
        deadline: Some(Instant::now() + Duration::from_secs(10)),
        exchange: Some(canned.clone()),
        windows_aliases: true,
        ..RunOptions::in_folder(folder, recorder.clone())
    };
    let outcome = runs(trace["source"].as_str().unwrap(), options);
    let first = recorder.errors.lock().unwrap().first().map(|(_, id, _)| id.clone());
    let got_outcome = match (&outcome.ended, first) {
        (Ended::Error { category, id, .. }, _) if category == "ParserError" => format!("parse error: {id}"),
        (_, Some(id)) => id,
        (Ended::Stopped(_), None) => "call limit".to_owned(),
        _ => "ok".to_owned(),
    };
    let calls = Value::from(canned.calls());
    let expected = &trace["calls"];
    let same_calls = plain(&calls) == plain(expected);
    let text: Vec<&str> = trace["stdout"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let got = lines(&recorder.out.lock().unwrap());
    let wanted = lines(&text.join("\n"));
    let wanted_outcome = trace["outcome"].as_str().unwrap_or_default();
    let story = format!(
        "outcome {got_outcome} / {wanted_outcome}\ncalls   {calls}\nwanted  {expected}\nstdout {got:?}\nwanted {wanted:?}\nerrors {:?}\nended {:?}",
        recorder.errors.lock().unwrap(),
        outcome.ended
    );
    Run { calls: same_calls, text: got == wanted, outcome: got_outcome == wanted_outcome, story }
}

#[test]
fn scripts_call_and_print_what_they_do_under_powershell() {
    let (Some(traces), Some(objects)) = (data::traces(), data::read("cmdlet-traces/objects.json")) else { return };
    let only = std::env::var("CASE").unwrap_or_default();
    let traces: Vec<Value> = traces.into_iter().filter(|trace| trace["id"].as_str().unwrap().contains(&only)).collect();
    let worker = move || {
        let (mut bound, mut calls, mut texts, mut failed, mut ids) = (0, 0, 0, 0, 0);
        for trace in &traces {
            let outcome = trace["outcome"].as_str().unwrap_or_default();
            let unstable = trace["unstable"].as_array().is_some_and(|fields| !fields.is_empty());
            if unstable || outcome == "call limit" || outcome == "time limit" {
                continue;
            }
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(trace, &objects, run_source)))
                .unwrap_or(Run { calls: false, text: false, outcome: false, story: "panicked".to_owned() });
            if outcome == "ok" {
                bound += 1;
                calls += usize::from(result.calls);
                texts += usize::from(result.text);
            } else {
                failed += 1;
                ids += usize::from(result.outcome);
            }
            if !(result.calls && result.text && result.outcome) {
                println!(
                    "### {} calls {} text {} outcome {}\n{}\n",
                    trace["id"], result.calls, result.text, result.outcome, result.story
                );
            }
        }
        println!(
            "traces that bind: {bound}; calls equal {calls}, text equal {texts}; that fail: {failed}, same id {ids}"
        );
        (bound, calls)
    };
    let (bound, calls) = std::thread::Builder::new().stack_size(512 << 20).spawn(worker).unwrap().join().unwrap();
    let _ = Message::Warning;
    assert!(bound - calls <= CALLS_WRONG_AT_MOST);
}
