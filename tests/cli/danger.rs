//! What keeps an administrator from harm: --what-if, --read-only, --yes and questions, in every way to run code.
//!
//! The verbs that only read are the issue's: Get, Test, Search, Find, Export.

use std::io::Write as _;
use std::time::Duration;

use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Session};

use super::harness::{Exsh, Ran, Sim};

const CHANGE: &str = "set_mailbox(\"alice\", #{ DisplayName: \"changed\" });";
const NAME: &str = "print(get_mailbox(\"alice\").DisplayName);";

/// An administrator with a profile `test` for the simulator.
fn admin(sim_options: &[&str]) -> (Exsh, Sim) {
    let exsh = Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x");
    let sim = Sim::start(&exsh, sim_options);
    exsh.run(&["config", "init"]).expect(0);
    let path = exsh.run(&["config", "path"]).expect(0).stdout;
    let text = std::fs::read_to_string(path.trim()).unwrap();
    std::fs::write(path.trim(), format!("{text}\n[profiles.test]\nuri = \"{}\"\n", sim.url)).unwrap();
    (exsh, sim)
}

/// Runs code as a file, as a line, from standard input, and as input of `connect`.
fn every_way(exsh: &Exsh, options: &[&str], code: &str) -> Vec<(&'static str, Ran)> {
    let file = exsh.home().join("code.rhai");
    std::fs::write(&file, code).unwrap();
    let with = |rest: &[&str]| exsh.run(&[options, &["-p", "test"], rest].concat());
    vec![
        ("run", with(&["run", file.to_str().unwrap()])),
        ("file", with(&[file.to_str().unwrap()])),
        ("eval", with(&["eval", code])),
        ("stdin", exsh.run_with_input(&[options, &["-p", "test"]].concat(), code)),
        ("connect", exsh.run_with_input(&[options, &["connect", "test"]].concat(), code)),
    ]
}

#[test]
fn what_if_says_what_would_change_and_changes_nothing_in_every_way_to_run_code() {
    let (exsh, sim) = admin(&[]);
    for (way, ran) in every_way(&exsh, &["--what-if"], &format!("{CHANGE} {NAME}")) {
        let ran = ran.expect(0);
        assert!(format!("{}{}", ran.stdout, ran.stderr).contains("What if:"), "{way}: {ran:?}");
        assert!(ran.stdout.ends_with("Alice Archer\n"), "{way}: {ran:?}");
    }
    assert_eq!(sim.stop()["open_shells"], 0);
}

#[test]
fn read_only_refuses_changes_before_they_are_sent_in_every_way_to_run_code() {
    let (exsh, sim) = admin(&[]);
    for (way, ran) in every_way(&exsh, &["--read-only"], &format!("{NAME} {CHANGE}")) {
        let ran = ran.expect(1);
        assert_eq!(ran.stdout, "Alice Archer\n", "{way}: {ran:?}");
        assert!(ran.stderr.contains("Set-Mailbox may change something"), "{way}: {ran:?}");
    }
    let s = "get_session()[0]";
    for code in [
        format!("invoke({s}, \"Set-Mailbox\", #{{ Identity: \"alice\", DisplayName: \"changed\" }});"),
        format!("for x in stream({s}, \"Set-Mailbox\", #{{ Identity: \"alice\", DisplayName: \"changed\" }}) {{}}"),
        format!(
            "pipeline({s}).add(\"Get-Mailbox\", #{{ Identity: \"alice\" }}).add(\"Set-Mailbox\", #{{ DisplayName: \"changed\" }}).invoke();"
        ),
        "get_mailbox(\"alice\").set_mailbox(#{ DisplayName: \"changed\" });".to_owned(),
    ] {
        let ran = exsh.run(&["--read-only", "-p", "test", "eval", &code]).expect(1);
        assert!(ran.stderr.contains("only reading is allowed"), "{code}: {}", ran.stderr);
    }
    assert_eq!(exsh.run(&["-p", "test", "eval", NAME]).expect(0).stdout, "Alice Archer\n");
    assert_eq!(sim.stop()["open_shells"], 0);
}

#[test]
fn a_question_without_a_terminal_fails_and_yes_answers_it_in_every_way_to_run_code() {
    let (exsh, _sim) = admin(&[]);
    let there = |name: &str| {
        let code = format!("print(get_mailbox(\"{name}\", #{{ ErrorAction: \"Ignore\" }}).len());");
        exsh.run(&["-p", "test", "eval", &code]).expect(0).stdout
    };
    for (way, ran) in every_way(&exsh, &[], "remove_mailbox(\"bob\");") {
        assert_ne!(ran.code(), 0, "{way}: {ran:?}");
        assert_eq!(there("bob"), "1\n", "{way}");
    }
    let ran = exsh.run(&["--yes", "-p", "test", "eval", "remove_mailbox(\"bob\");"]).expect(0);
    assert_eq!((ran.stderr.as_str(), there("bob").as_str()), ("", "0\n"));
}

fn typed(exsh: &Exsh, args: &[&str]) -> OsSession {
    // the standard streams that the harness sets would not be the terminal's
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_exsh"));
    let prepared = exsh.command(args);
    command.args(args).env_clear();
    command.envs(prepared.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("TERM", "dumb");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session
}

#[test]
fn on_a_terminal_the_question_is_asked_and_the_answer_counts() {
    let (exsh, sim) = admin(&[]);
    let saved = exsh.run(&["login", "test"]);
    for (answer, left) in [("n\n", "1"), ("y\n", "0")] {
        let code =
            "remove_mailbox(\"carol\"); print(`left ${get_mailbox(\"carol\", #{ ErrorAction: \"Ignore\" }).len()}`);";
        let mut session = typed(&exsh, &["-p", "test", "eval", code]);
        if saved.code() != 0 {
            // without a keyring, the person is asked for the password first
            session.expect("User: ").unwrap();
            session.write_all(b"admin@contoso.com\n").unwrap();
            session.expect("Password for user").unwrap();
            session.write_all(b"Passw0rd!x\n").unwrap();
        }
        session.expect("[Y] Yes").unwrap();
        session.write_all(answer.as_bytes()).unwrap();
        session.expect(format!("left {left}")).unwrap();
        session.expect(Eof).unwrap();
    }
    exsh.run(&["logout", "test"]);
    assert_eq!(sim.stop()["open_shells"], 0);
}
