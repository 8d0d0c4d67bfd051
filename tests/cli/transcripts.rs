//! What every command, help page and mistake looks like, compared with the transcripts in `snapshots`.
//!
//! Commands are listed by the program itself: one without a transcript fails here. After a wanted change, look at the
//! differences and run `INSTA_UPDATE=always cargo test --test cli transcripts`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::harness::{Exsh, Ran};

/// Commands to run for one transcript, each line as a person would type it after `exsh`.
struct Transcript {
    /// The command it is about, and the name of its file.
    command: &'static str,
    lines: &'static [&'static str],
}

const TRANSCRIPTS: &[Transcript] = &[
    Transcript {
        command: "run",
        lines: &["run scripts/three_steps.rhai", "run HOME/wrong.rhai", "run HOME/missing.rhai", "run"],
    },
    Transcript {
        command: "eval",
        lines: &[
            "eval '40 + 2'",
            "eval 'let s = new_session(\"demo:\"); import_session(s); get_mailbox(#{ ResultSize: 2 })'",
            "eval -o list --fields Name,Alias 'let s = new_session(\"demo:\"); import_session(s); get_mailbox(\"alice\")'",
            "eval -o md 'record(#{ Name: \"Kim\", Boxes: 2 })'",
            "eval -o csv 'record(#{ Name: \"Kim\", Boxes: 2 })'",
            "eval -o jsonl 'record(#{ Name: \"Kim\", Boxes: 2 })'",
            "eval --fields Nmae 'record(#{ Name: \"Kim\" })'",
            "eval 'mialbox'",
            "eval 'let x = ;'",
            "eval 'throw \"enough\"'",
            "eval 'exit(3)'",
        ],
    },
    Transcript { command: "demo", lines: &["demo"] },
    Transcript { command: "connect", lines: &["connect nowhere", "connect prod"] },
    Transcript { command: "sim", lines: &["sim --coverage | head -5", "sim --release 2003", "sim --listen nowhere"] },
    Transcript { command: "endpoints", lines: &["endpoints", "endpoints -o json | head -7"] },
    Transcript {
        command: "config",
        lines: &[
            "config path",
            "config get auth.basic",
            "config set auth.basic perhaps",
            "config get auth.basik",
            "config list",
            "config init",
            "config init",
        ],
    },
    Transcript {
        command: "inspect",
        lines: &[
            "inspect HOME/boats.xml",
            "inspect HOME/boats.xml --view 'Format-List Name'",
            "inspect HOME/boats.xml --view 'Format-Nonsense'",
            "inspect HOME/missing.xml",
            "inspect HOME/wrong.rhai",
        ],
    },
    Transcript { command: "trace", lines: &["trace HOME/missing.jsonl", "trace HOME/wrong.rhai"] },
    Transcript {
        command: "completions",
        lines: &["completions bash | head -3", "completions nushell | head -3", "completions tcsh"],
    },
    Transcript { command: "man", lines: &["man | head -6", "man HOME/pages"] },
    Transcript {
        command: "task",
        lines: &[
            "task mailbox-sizes --help",
            "task mailbox-sizes --connect demo: --result-size 1 --fields DisplayName,Database",
            "task mailbx-sizes",
            "task",
        ],
    },
    Transcript {
        command: "doctor",
        lines: &["doctor --json | head -8", "doctor nowhere", "doctor http://127.0.0.1:1/PowerShell/"],
    },
    Transcript { command: "definitions", lines: &["definitions | head -3", "definitions -f HOME/missing/exsh.d.rhai"] },
    Transcript {
        command: "port",
        lines: &[
            "port scripts/ported/mailbox_types.ps1",
            "port --check tests/port/unsupported/left_behind.ps1",
            "port --explain trap",
            "port --explain nothing",
            "port HOME/missing.ps1",
            "port",
        ],
    },
    Transcript { command: "cache", lines: &["cache", "cache clear"] },
    Transcript { command: "login", lines: &["login", "login prod"] },
    Transcript { command: "logout", lines: &["logout", "logout prod"] },
];

/// Mistakes that belong to no one command.
const MISTAKES: &[&str] = &[
    "evil 1",
    "--colour always eval 1",
    "--output papyrus eval 1",
    "eval",
    "eval 1 2",
    "eval 'new_session(\"gopher://x\")'",
    "eval 'new_session(\"http://mail.contoso.com/\", get_credential())'",
    "eval 'new_session(\"https://outlook.office365.com/powershell-liveid/\", get_credential())'",
    "eval 'get_credential()'",
    "eval 'new_session(\"demo:\", #{ AllowRedirecton: true })'",
    "eval 'get_mailbox()'",
    "eval 'let s = new_session(\"demo:\"); import_session(s); get_mailbox(\"nobody\")'",
    "eval 'let s = new_session(\"demo:\"); import_session(s); get_mailbox(#{ ResultSise: 1 })'",
    "eval 'let s = new_session(\"demo:\"); import_session(s); get_mailbox(\"alice\").DisplayNam'",
    "eval 'let s = new_session(\"demo:\"); import_session(s); remove_mailbox(\"alice\")'",
    "--read-only eval 'let s = new_session(\"demo:\"); import_session(s); remove_mailbox(\"alice\")'",
    "--what-if eval 'let s = new_session(\"demo:\"); import_session(s); remove_mailbox(\"alice\")'",
    "--profile nowhere eval 1",
    "--trace HOME/missing/trace.jsonl eval 1",
];

#[test]
fn every_help_page_reads_as_its_transcript() {
    let exsh = Exsh::new();
    let mut pages = String::new();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(words) = open.pop() {
        let mut args: Vec<&str> = words.iter().map(String::as_str).collect();
        args.push("--help");
        let page = exsh.run(&args).expect(0).stdout;
        open.extend(subcommands(&page).into_iter().rev().map(|name| words.iter().cloned().chain([name]).collect()));
        let _ = writeln!(pages, "$ exsh {}\n{}", args.join(" "), page.trim_end());
        pages.push('\n');
    }
    compare("help", &exsh, &pages);
}

#[test]
fn every_command_does_what_its_transcript_shows() {
    let exsh = prepared();
    for transcript in TRANSCRIPTS {
        compare(transcript.command, &exsh, &carried_out(&exsh, transcript.lines));
    }
}

#[test]
fn every_mistake_is_explained_as_its_transcript_shows() {
    let exsh = prepared();
    compare("mistakes", &exsh, &carried_out(&exsh, MISTAKES));
}

#[test]
fn no_command_is_without_a_transcript() {
    let page = Exsh::new().run(&["--help"]).expect(0).stdout;
    let known: BTreeSet<&str> = TRANSCRIPTS.iter().map(|transcript| transcript.command).collect();
    let missing: Vec<String> = subcommands(&page).into_iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "give a transcript to {missing:?}");
}

/// The commands that a help page lists, without `help` itself.
fn subcommands(page: &str) -> Vec<String> {
    let listed = page.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

/// A home with the files that the transcripts name, and a user who may sign in.
fn prepared() -> Exsh {
    let exsh = Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x");
    std::fs::write(exsh.home().join("wrong.rhai"), "let mailbox = 1;\nprint(mialbox);\n").unwrap();
    let boats = "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj RefId=\"0\"><MS>\
                 <S N=\"Name\">Heron</S><I32 N=\"Tons\">4</I32></MS></Obj></Objs>";
    std::fs::write(exsh.home().join("boats.xml"), boats).unwrap();
    exsh
}

/// Runs lines one after another, as a terminal would show them.
fn carried_out(exsh: &Exsh, lines: &[&str]) -> String {
    let home = exsh.home().display().to_string();
    let mut text = String::new();
    for line in lines {
        let (command, head) = match line.split_once(" | head -") {
            Some((command, count)) => (command, count.parse().unwrap()),
            None => (*line, usize::MAX),
        };
        let words = words(&command.replace("HOME", &home));
        let ran: Ran = exsh.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
        let code = ran.code();
        let _ = writeln!(text, "$ exsh {line}");
        for shown in ran.stdout.lines().take(head) {
            let _ = writeln!(text, "{}", shown.trim_end());
        }
        for said in ran.stderr.lines() {
            let _ = writeln!(text, "[stderr] {said}");
        }
        if code != 0 {
            let _ = writeln!(text, "[exit code {code}]");
        }
        text.push('\n');
    }
    text
}

/// The words of a line; single quotes keep blanks.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Compares with the snapshot, with what differs from run to run replaced by what it is.
fn compare(name: &str, exsh: &Exsh, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.add_filter(&regex::escape(&exsh.home().display().to_string()), "HOME");
    settings.add_filter(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[GUID]");
    settings.add_filter(r"(127\.0\.0\.1|localhost|\[::1\]):\d+", "$1:[PORT]");
    settings.add_filter(r"\b\d+(\.\d+)? (ms|s)\b", "[TIME]");
    settings.add_filter(&format!(r"\b{}\b", regex::escape(env!("CARGO_PKG_VERSION"))), "[VERSION]");
    settings.add_filter(r" +\n", "\n");
    settings.bind(|| insta::assert_snapshot!(name, text));
}
