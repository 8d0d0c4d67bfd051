//! Figures of the whole program: its start, scripts, an import, and how much memory it takes.
//!
//! This program starts itself again, with the task in an environment variable; the task `exsh` is the program itself.

use std::process::{Command, ExitCode};
use std::time::Duration;

use exsh_benches::canned::Supply;
use exsh_benches::figure::{Aim, Figures, Unit, time};

use super::end_to_end::{Server, supply};

/// The environment variable that says what a process is to do.
pub(crate) const TASK: &str = "EXSH_BENCHES_TASK";

/// Where the program keeps its files.
const HOME: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/home");

/// What a child said when it ended.
pub(crate) struct Told {
    /// The memory that it measured, or the most it had.
    pub(crate) bytes: f64,
    /// What it printed before.
    pub(crate) text: String,
}

/// Does what this process was started for.
pub(crate) fn perform(task: &str) -> ExitCode {
    let bytes = match task.split_once(' ') {
        Some(("keep", kind)) => super::clixml::keep(kind),
        None if task == "hold" => super::clixml::hold(100_000),
        _ => {
            let code = exsh::cli::main();
            eprintln!("{}", peak());
            return code;
        }
    };
    eprintln!("{bytes}");
    ExitCode::SUCCESS
}

/// Starts this program again for a task.
pub(crate) fn child(task: &str) -> Told {
    told(&mut again(task))
}

fn again(task: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.env(TASK, task);
    command
}

/// `exsh eval CODE` at a server.
fn exsh(code: &str) -> Command {
    let mut command = exsh_with_cache(code);
    command.arg("--no-cache");
    command
}

/// The same, with what it kept of earlier imports.
fn exsh_with_cache(code: &str) -> Command {
    let mut command = again("exsh");
    command.args(["eval", code]).env("EXSH_USERNAME", "bench").env("EXSH_PASSWORD", "x").env("EXSH_HOME", HOME);
    command
}

fn told(command: &mut Command) -> Told {
    let output = command.output().expect("this program starts");
    let (text, last) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}{last}");
    let bytes = last.lines().last().and_then(|line| line.trim().parse().ok()).unwrap_or(0.0);
    Told { bytes, text: text.into_owned() }
}

/// The most memory this process ever had in bytes, its code included; 0 where the system does not tell.
pub(crate) fn peak() -> usize {
    status("VmHWM:")
}

/// What the system says of this process under that name, in bytes.
pub(crate) fn status(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<usize>().ok()).unwrap_or(0) * 1024
}

pub(crate) fn measure(figures: &mut Figures) {
    streamed(figures);
    imported(figures);
    read_in_a_loop(figures);
    started(figures);
}

fn streamed(figures: &mut Figures) {
    let name = "memory, 100,000 mailboxes streamed by a script";
    if !figures.wants(name) {
        return;
    }
    let server = Server::start(Supply { ready: false, outputs: 100_000, ..supply() });
    let code = format!(
        "let s = new_session(\"{}\", get_credential()); let n = 0; \
         for m in stream(s, \"Get-Mailbox\", #{{ ResultSize: \"Unlimited\" }}) {{ n += 1; }} print(n);",
        server.uri
    );
    let told = told(&mut exsh(&code));
    assert_eq!(told.text.trim(), "100000");
    let sent = server.canned.taken().bytes as f64;
    figures.amount(name, Aim::AtMost(64e6), Unit::Bytes, told.bytes, ("what was sent", sent));
}

fn imported(figures: &mut Figures) {
    let (speed, memory) = ("import of 900 cmdlets, time", "import of 900 cmdlets, memory");
    let second = "second import of 900 cmdlets, time";
    if ![speed, memory, second].into_iter().any(|name| figures.wants(name)) {
        return;
    }
    let server = Server::start(Supply { cmdlets: 900, ..supply() });
    let open = format!("let s = new_session(\"{}\", get_credential());", server.uri);
    let code = format!(
        "{open} let t = timestamp(); let m = import_session(s); let e = t.elapsed; if m.len() < 900 {{ throw m.len() }} print(e);"
    );
    let seconds =
        |mut command: Command| Duration::from_secs_f64(told(&mut command).text.trim().parse().expect("seconds"));
    let ours = || seconds(exsh(&code));
    let reference = || {
        server.runtime.block_on(super::end_to_end::discard(&server.uri, true));
        server.canned.taken().time
    };
    figures.race(speed, Aim::AtMost(0.1), "a client that discards them", ours, reference);
    // the server is another one each time, so the first import of the cache's is the one that warms up
    figures.race(second, Aim::AtMost(0.02), "the first", || seconds(exsh_with_cache(&code)), ours);
    let _ = std::fs::remove_dir_all(HOME);
    let with = told(&mut exsh(&code)).bytes;
    let without = told(&mut exsh(&open)).bytes;
    figures.amount(memory, Aim::AtMost(30e6), Unit::Bytes, with, ("exsh without it", without));
}

fn read_in_a_loop(figures: &mut Figures) {
    let name = "a property read in a loop of a script";
    if !figures.wants(name) {
        return;
    }
    let server = Server::start(Supply { outputs: 2_000, ..supply() });
    let code = format!(
        "let s = new_session(\"{}\", get_credential()); \
         let all = invoke(s, \"Get-Mailbox\", #{{ ResultSize: \"Unlimited\" }}); let x = \"\"; let rounds = 50; \
         let times = []; for again in 0..9 {{ \
         let t = timestamp(); for i in 0..rounds {{ for m in all {{ x = m; }} }} let empty = t.elapsed; \
         let t = timestamp(); for i in 0..rounds {{ for m in all {{ x = m.DisplayName; }} }} let read = t.elapsed; \
         times.push([empty / (rounds * 2000), read / (rounds * 2000)]); }} \
         for pair in times {{ print(`${{pair[0]}} ${{pair[1]}}`); }}",
        server.uri
    );
    let told = told(&mut exsh(&code));
    let mut pairs: Vec<(f64, f64)> = told
        .text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(empty, read)| (empty.parse().expect("seconds"), read.parse().expect("seconds")))
        .collect();
    pairs.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (empty, read) = pairs[pairs.len() / 2];
    let against = ("the same loop without it", empty);
    figures.amount(name, Aim::TimesAtMost(4.0), Unit::Seconds, read, against);
    figures.amount(&format!("{name}, time"), Aim::AtMost(1e-6), Unit::Seconds, read, against);
}

fn started(figures: &mut Figures) {
    let name = "process start to the first ten mailboxes";
    if !figures.wants(name) {
        return;
    }
    let server = Server::start(Supply { outputs: 10, ..supply() });
    let code = format!(
        "let s = new_session(\"{}\", get_credential()); print(invoke(s, \"Get-Mailbox\", #{{ ResultSize: 10 }}).len());",
        server.uri
    );
    let nothing = || time(|| Command::new("/bin/true").status().expect("/bin/true"));
    // the best of many: a process takes milliseconds, and whatever else runs on the machine can only add to them
    let (mut ours, mut least) = (Duration::MAX, Duration::MAX);
    for _ in 0..41 {
        ours = ours.min(time(|| assert_eq!(told(&mut exsh(&code)).text.trim(), "10")));
        least = least.min(nothing());
    }
    let (ours, nothing) = (ours.as_secs_f64(), least.as_secs_f64());
    figures.amount(name, Aim::AtMost(nothing + 0.010), Unit::Seconds, ours, ("/bin/true", nothing));
}
