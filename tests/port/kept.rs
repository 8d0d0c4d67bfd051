//! The kept form: what `exsh port` writes, compiled, run, and compared with what PowerShell printed and called.

use std::sync::{Arc, Mutex};

use exsh::diagnostic::Severity;
use exsh::script::ps::{Ended, Outcome, Place, Reported, RunOptions, check, run_kept, run_source};
use serde_json::Value;

use super::{data, golden, traces};

/// Golden cases that may differ when the kept text runs, of 592; only ever lowered.
const GOLDEN_FAILING_AT_MOST: usize = 20;
/// Traces whose calls may differ, of those that PowerShell binds; only ever lowered.
const CALLS_WRONG_AT_MOST: usize = 2;

/// Ports, then runs what was ported.
fn port_and_run(source: &str, options: RunOptions) -> Outcome {
    let parsed = exsh::port::parse(source);
    if let Some(error) = parsed.errors.first() {
        let found = [error.diagnostic()];
        let place = Some(Place::Source { found: &found, source });
        options.console.error(&Reported {
            message: &error.message,
            id: error.id,
            category: "ParserError",
            script: "",
            place,
        });
        let (message, id) = (error.message.clone(), error.id.to_owned());
        return Outcome { ended: Ended::Error { message, id, category: "ParserError".to_owned() } };
    }
    run(&exsh::port::keep(source, &parsed, "").text, options)
}

/// Runs kept text; what keeps it from running is its end.
fn run(text: &str, options: RunOptions) -> Outcome {
    run_kept(text, options).unwrap_or_else(|error| {
        let (id, category) = ("ParseError".to_owned(), "ParserError".to_owned());
        Outcome { ended: Ended::Error { message: error.to_string(), id, category } }
    })
}

/// Runs `work` on each item on two threads with deep stacks; gives what it gives, in order.
fn each<T: Send>(items: &[Value], work: impl Fn(&Value) -> T + Sync) -> Vec<T> {
    let results: Mutex<Vec<(usize, T)>> = Mutex::default();
    let (results_ref, work) = (&results, &work);
    let half = items.len() / 2;
    std::thread::scope(|scope| {
        for (start, part) in [(0, &items[..half]), (half, &items[half..])] {
            let run = move || {
                for (index, item) in part.iter().enumerate() {
                    let result = work(item);
                    results_ref.lock().unwrap().push((start + index, result));
                }
            };
            std::thread::Builder::new().stack_size(512 << 20).spawn_scoped(scope, run).unwrap();
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn chosen(items: Vec<Value>, key: &str) -> Vec<Value> {
    let only = std::env::var("CASE").unwrap_or_default();
    items.into_iter().filter(|item| item[key].as_str().unwrap().contains(&only)).collect()
}

#[test]
fn kept_golden_cases_print_and_end_as_powershell_does() {
    let Some(cases) = data::golden() else { return };
    let cases = chosen(cases, "name");
    let results = each(&cases, |case| {
        let run = || golden::run(case, port_and_run);
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or_else(|_| Err("panicked".to_owned()))
    });
    let (mut failing, mut silent) = (0, 0);
    for (case, result) in cases.iter().zip(&results) {
        if let Err(reason) = result {
            failing += 1;
            let source = case["source"].as_str().unwrap();
            let kept = exsh::port::keep(source, &exsh::port::parse(source), "");
            if kept.diagnostics.is_empty() {
                silent += 1;
                println!("--- nothing said of {}", case["name"]);
            }
            println!("### {}: {reason}\n", case["name"].as_str().unwrap());
        }
    }
    println!("kept golden: {} of {} as recorded", cases.len() - failing, cases.len());
    println!("kept golden that differ with nothing said: {silent}");
    assert!(failing <= GOLDEN_FAILING_AT_MOST, "{failing} cases differ");
    assert_eq!(silent, 0, "cases that differ, and no diagnostic warns of it");
}

#[test]
fn kept_scripts_call_what_they_do_under_powershell() {
    let (Some(all), Some(objects)) = (data::traces(), data::read("cmdlet-traces/objects.json")) else { return };
    let all: Vec<Value> = chosen(all, "id")
        .into_iter()
        .filter(|trace| {
            let unstable = trace["unstable"].as_array().is_some_and(|fields| !fields.is_empty());
            !unstable && trace["outcome"] == "ok"
        })
        .collect();
    let objects = Arc::new(objects);
    let results = each(&all, |trace| {
        let run = || traces::run(trace, &objects, port_and_run);
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).ok()
    });
    let (mut calls, mut texts) = (0, 0);
    for (trace, result) in all.iter().zip(&results) {
        let (same_calls, same_text) = result.as_ref().map_or((false, false), |run| (run.calls, run.text));
        calls += usize::from(same_calls);
        texts += usize::from(same_text);
        if !(same_calls && same_text) {
            let story = result.as_ref().map_or("panicked", |run| run.story.as_str());
            println!("### {} calls {same_calls} text {same_text}\n{story}\n", trace["id"]);
        }
    }
    println!("kept traces that bind: {}; calls equal {calls}, text equal {texts}", all.len());
    assert!(all.len() - calls <= CALLS_WRONG_AT_MOST);
}

/// Runs kept text alone and gives what it prints.
fn printed(text: &str) -> (String, Ended) {
    let root = tempfile::tempdir().unwrap();
    let recorder = Arc::new(golden::Recorder::default());
    let options = RunOptions::in_folder(root.path().to_path_buf(), recorder.clone());
    let text = text.to_owned();
    let run = move || run(&text, options).ended;
    let ended = std::thread::Builder::new().stack_size(64 << 20).spawn(run).unwrap().join().unwrap();
    let out = recorder.out.lock().unwrap().clone();
    (out, ended)
}

/// What both forms of a text print.
fn printed_by_both(source: &str) -> (String, String) {
    let source = source.to_owned();
    let run = move || {
        let print = |runs: &dyn Fn(RunOptions) -> Outcome| {
            let root = tempfile::tempdir().unwrap();
            let recorder = Arc::new(golden::Recorder::default());
            let _ = runs(RunOptions::in_folder(root.path().to_path_buf(), recorder.clone())); // what it prints counts
            let out = recorder.out.lock().unwrap().clone();
            out.lines().map(|line| line.trim_end().to_owned() + "\n").collect::<String>().trim_end().to_owned()
        };
        (print(&|options| port_and_run(&source, options)), print(&|options| run_source(&source, options)))
    };
    std::thread::Builder::new().stack_size(256 << 20).spawn(run).unwrap().join().unwrap()
}

#[test]
fn both_forms_of_a_text_print_what_powershell_documents() {
    let cases = include_str!("both_forms.txt");
    let mut wrong = Vec::new();
    for case in cases.split("####\n").skip(1) {
        let (source, wanted) = case.split_once("----\n").unwrap();
        let (kept, exact) = printed_by_both(source);
        for (form, got) in [("kept", kept), ("exact", exact)] {
            if got != wanted.trim_end() {
                wrong.push(format!("{source}--- {form} gives\n{got}\n--- not\n{wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_function_of_the_powershell_package_does_what_its_example_says() {
    for word in exsh::script::ps::kept::WORDS.iter().filter(|word| !word.example.is_empty()) {
        let text = format!("import \"powershell\" as ps;\nlet answer = {};\nshow(to_text(answer));\n", word.example);
        let (out, ended) = printed(&text);
        assert_eq!((out.trim_end(), &ended), (word.gives, &Ended::Ok), "{}: {}", word.name, word.example);
    }
}

#[test]
fn kept_texts_compile_and_say_what_they_leave_out() {
    let (Some(traces), Some(cases)) = (data::traces(), data::golden()) else { return };
    let mut counts = [0; 3];
    let examples = traces.iter().filter(|trace| !trace["outcome"].as_str().unwrap().starts_with("parse error"));
    for source in examples.chain(&cases).filter_map(|item| item["source"].as_str()) {
        let parsed = exsh::port::parse(source);
        if !parsed.errors.is_empty() {
            continue;
        }
        let kept = exsh::port::keep(source, &parsed, "x.ps1");
        counts[0] += 1;
        counts[1] += usize::from(kept.is_complete());
        match check(&kept.text) {
            Ok(()) => counts[2] += 1,
            Err(reason) => println!("### does not compile: {reason}\n{}\n", kept.text),
        }
        for found in kept.diagnostics.iter().filter(|found| found.severity == Severity::Error) {
            println!("--- {}: {}", found.code, found.message);
        }
    }
    println!("kept texts: {}; whole {}, compile with strict variables {}", counts[0], counts[1], counts[2]);
    assert!(counts[1] * 1000 >= counts[0] * 985, "too many places are not carried over");
    assert!(counts[2] * 1000 >= counts[0] * 985, "too many texts do not compile");
}
