//! cmdlet-traces through the program: `exsh run FILE.ps1 --connect` against `exsh sim --objects --record` over HTTP.
//!
//! A tenth of the traces, unless `EXSH_TRACES=all`; all of them run in `traces`, without a server in between.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::data;
use super::traces::{lines, plain};

fn exsh(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exsh"));
    command
        .env_clear()
        .env("EXSH_HOME", home)
        .env("HOME", home)
        .env("COLUMNS", "120")
        .env("EXSH_USERNAME", "admin@contoso.com")
        .env("EXSH_PASSWORD", "Passw0rd!x")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// `exsh sim --objects` in a process of its own.
struct Sim {
    child: Child,
    url: String,
}

impl Sim {
    fn start(home: &Path, record: &Path) -> Self {
        let objects = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cmdlet-traces/objects.json");
        let mut child =
            exsh(home).arg("sim").arg("--objects").arg(objects).arg("--record").arg(record).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().to_owned() }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Ran {
    stdout: String,
    stderr: String,
    calls: Vec<Value>,
}

fn run(home: &Path, sim: &Sim, record: &Path, trace: &Value) -> Ran {
    std::fs::write(record, "").unwrap();
    let root = tempfile::tempdir().unwrap();
    for place in ["C/Temp", "C/Users/admin"] {
        std::fs::create_dir_all(root.path().join(place)).unwrap();
    }
    for (path, text) in trace["given"].as_object().into_iter().flatten() {
        let path = root.path().join(path.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.as_str().unwrap_or_default()).unwrap();
    }
    let script = home.join("case.ps1");
    std::fs::write(&script, trace["source"].as_str().unwrap()).unwrap();
    let mut child = exsh(home)
        .args(["-v", "run"])
        .arg(&script)
        .arg("--sandbox")
        .arg(root.path())
        .args(["--now", "2026-01-15T10:00:00Z", "--time-zone", "UTC", "--connect", &sim.url])
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all("x\n".repeat(50).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let calls = std::fs::read_to_string(record).unwrap();
    Ran {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        calls: calls.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
    }
}

#[test]
fn the_program_calls_and_prints_over_http_what_powershell_does() {
    let Some(traces) = data::traces() else { return };
    let step = if std::env::var("EXSH_TRACES").is_ok_and(|which| which == "all") { 1 } else { 10 };
    let home = tempfile::tempdir().unwrap();
    let record = home.path().join("calls.jsonl");
    let sim = Sim::start(home.path(), &record);
    let (mut bound, mut calls, mut texts, mut failing, mut ids) = (0, 0, 0, 0, 0);
    for trace in traces.iter().step_by(step) {
        let outcome = trace["outcome"].as_str().unwrap_or_default();
        if outcome == "call limit" || outcome == "time limit" {
            continue;
        }
        let ran = run(home.path(), &sim, &record, trace);
        let first = ran.stderr.lines().find_map(|line| line.trim().strip_prefix("error id: "));
        let wanted: Vec<&str> = trace["stdout"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let same_calls = plain(&Value::from(ran.calls.clone())) == plain(&trace["calls"]);
        let same_text = lines(&ran.stdout) == lines(&wanted.join("\n"));
        if outcome == "ok" {
            bound += 1;
            calls += usize::from(same_calls);
            texts += usize::from(same_text);
        } else {
            failing += 1;
            ids += usize::from(first == Some(outcome.trim_start_matches("parse error: ")));
        }
        if outcome == "ok" && !(same_calls && same_text) {
            println!("### {}: calls {same_calls}, text {same_text}\n{}\n{}", trace["id"], ran.stdout, ran.stderr);
        }
    }
    println!("over http: {bound} bind, calls equal {calls}, text equal {texts}; {failing} fail, same id {ids}");
    assert!(calls * 100 >= bound * 97, "{calls} of {bound}");
    assert!(texts * 100 >= bound * 92, "{texts} of {bound}");
}
