//! The program among other programs: completions, manual pages, colours, widths, closed pipes.
//!
//! Expectations come from no-color.org, the README and the shells themselves, where this computer has them.

use std::process::Command;

use super::harness::{Exsh, ran};

/// Commands and options that a completion must know; `--profile` and `doctor` stand for all.
const KNOWN: [&str; 6] = ["doctor", "definitions", "login", "profile", "what-if", "no-cache"];

#[test]
fn every_shell_gets_completions_that_know_commands_and_options() {
    let exsh = Exsh::new();
    for shell in ["bash", "zsh", "fish", "powershell", "nushell", "elvish"] {
        let text = exsh.run(&["completions", shell]).expect(0).stdout;
        for word in KNOWN {
            assert!(text.contains(word), "{shell} lacks {word}");
        }
    }
}

#[test]
fn bash_reads_its_completions_and_completes_with_them() {
    let exsh = Exsh::new();
    let file = exsh.home().join("exsh.bash");
    std::fs::write(&file, exsh.run(&["completions", "bash"]).expect(0).stdout).unwrap();
    let script = format!(
        "source {}; COMP_WORDS=(exsh doc); COMP_CWORD=1; _exsh exsh doc exsh; echo \"${{COMPREPLY[@]}}\"",
        file.display()
    );
    let Ok(output) = Command::new("bash").args(["--norc", "-c", &script]).output() else {
        return; // no bash here
    };
    assert_eq!(String::from_utf8_lossy(&output.stdout), "doctor\n", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn manual_pages_exist_for_every_command_and_are_troff() {
    let exsh = Exsh::new();
    let folder = exsh.home().join("man");
    exsh.run(&["man", folder.to_str().unwrap()]).expect(0);
    for page in ["exsh.1", "exsh-doctor.1", "exsh-login.1", "exsh-cache.1", "exsh-run.1"] {
        let text = std::fs::read_to_string(folder.join(page)).unwrap();
        assert!(text.contains(".TH") && text.contains(".SH NAME"), "{page}");
    }
    assert!(exsh.run(&["man"]).expect(0).stdout.contains(".TH exsh 1"));
}

/// An error has colour when it is asked for, and the value on standard output never gets any by that.
#[test]
fn colours_come_and_go_as_options_and_environment_say() {
    let colour = |variables: &[(&str, &str)], args: &[&str]| {
        let exsh = variables.iter().fold(Exsh::new(), |exsh, (name, value)| exsh.with(name, value));
        let ran = exsh.run(&[args, &["eval", "throw \"red\""]].concat()).expect(1);
        ran.stderr.contains('\u{1b}')
    };
    assert!(!colour(&[], &[]), "no terminal, no colour");
    assert!(colour(&[], &["--color", "always"]));
    assert!(!colour(&[], &["--color", "never"]));
    assert!(colour(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!colour(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(colour(&[("NO_COLOR", "1")], &["--color", "always"]), "the option wins");
    let ran = Exsh::new().run(&["--color", "always", "eval", "1 + 1"]).expect(0);
    assert_eq!(ran.stdout, "2\n");
}

#[test]
fn where_there_is_no_terminal_columns_says_how_wide_a_table_may_be() {
    let widest = |columns: &str| {
        let code = "let s = new_session(\"demo:\"); import_session(s); table(get_mailbox(#{ ResultSize: 3 }), [\"Name\", \"DistinguishedName\", \"ServerName\"])";
        let ran = Exsh::new().with("COLUMNS", columns).run(&["eval", code]).expect(0);
        ran.stdout.lines().map(|line| line.trim_end().chars().count()).max().unwrap()
    };
    let (narrow, wide) = (widest("60"), widest("160"));
    assert!(narrow <= 60, "{narrow}");
    assert!(wide > 60 && wide <= 160, "{wide}");
}

/// `exsh … | head -1`: whatever command it is.
#[test]
fn a_reader_that_leaves_ends_every_command_quietly() {
    let exsh = Exsh::new();
    for args in [&["definitions"][..], &["completions", "bash"], &["endpoints"], &["config", "list"], &["--help"]] {
        let mut child = exsh.command(args).spawn().unwrap();
        drop(child.stdout.take());
        let ran = ran(child);
        assert_eq!((ran.code(), ran.stderr.as_str()), (0, ""), "{args:?}");
    }
}

#[test]
fn definitions_go_to_a_file_and_follow_the_profile() {
    let exsh = Exsh::new();
    let file = exsh.home().join("exsh.d.rhai");
    exsh.run(&["definitions", "-f", file.to_str().unwrap()]).expect(0);
    let all = std::fs::read_to_string(&file).unwrap();
    assert!(all.starts_with("module static;") && all.contains("fn new_transport_rule("), "{}", all.len());
    let here = exsh.run(&["-p", "demo:", "definitions"]).expect(0).stdout;
    assert!(here.contains("fn get_mailbox(") && here.len() < all.len());
}
