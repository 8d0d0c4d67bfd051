//! The prompt on a real pseudo-terminal, as somebody at a keyboard meets it.
//!
//! Every run has a home of its own and talks to the demo organization on loopback. Nothing sleeps: each step waits for
//! the text it causes. What can be tested without a terminal is tested in `src/repl`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Session};
use tempfile::TempDir;

#[path = "repl/keys.rs"]
mod keys;
#[path = "repl/mistakes.rs"]
mod mistakes;
#[path = "repl/pasting.rs"]
mod pasting;
#[path = "repl/recording.rs"]
mod recording;
#[path = "repl/screens.rs"]
mod screens;
#[path = "repl/tables.rs"]
mod tables;
#[path = "repl/terminal.rs"]
mod terminal;
#[path = "repl/tour.rs"]
mod tour;
#[path = "repl/trouble.rs"]
mod trouble;

/// The editor asks for pastes in brackets each time it is ready for a line.
const READY: &str = "\u{1b}[?2004h";

struct Prompt {
    session: OsSession,
    home: TempDir,
}

impl Prompt {
    fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[("EXSH_USERNAME", "admin@contoso.com"), ("EXSH_PASSWORD", "demo")])
    }

    fn start_with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_exsh"));
        command.args(arguments).env_clear().env("HOME", home.path()).env("TERM", "xterm-256color").env("NO_COLOR", "1");
        command.env("PAGER", "").env("PATH", "/usr/bin:/bin");
        command.envs(variables.iter().copied());
        let mut session = Session::spawn(command).unwrap();
        session.set_expect_timeout(Some(Duration::from_secs(60)));
        let mut prompt = Self { session, home };
        prompt.wait_for(READY);
        prompt
    }

    /// Waits for `text`; gives what came before it.
    fn wait_for(&mut self, text: &str) -> String {
        match self.session.expect(text) {
            Ok(found) => String::from_utf8_lossy(found.before()).into_owned(),
            Err(error) => panic!("waited for {text:?}: {error}"),
        }
    }

    fn keys(&mut self, keys: &str) {
        self.session.write_all(keys.as_bytes()).unwrap();
        self.session.flush().unwrap();
    }

    /// Types a line and gives all that was written until the next line could be typed.
    fn line(&mut self, line: &str) -> String {
        self.keys(line);
        self.keys("\r");
        self.wait_for(READY)
    }

    /// Ctrl-D on an empty line.
    fn leave(mut self) -> TempDir {
        self.keys("\u{4}");
        self.session.expect(Eof).unwrap();
        let status = self.session.get_process().wait().unwrap();
        assert!(matches!(status, WaitStatus::Exited(_, 0)), "{status:?}");
        self.home
    }

    fn history_file(&self) -> PathBuf {
        self.home.path().join(".local/state/exsh/history")
    }
}

#[test]
fn results_are_shown_unless_a_semicolon_ends_the_line_and_the_last_one_is_an_underscore() {
    let mut prompt = Prompt::start(&[]);
    assert!(prompt.line("40 + 2").contains("42"));
    let output = prompt.line("_ + 4000");
    assert!(output.contains("4042"), "{output:?}");
    assert!(!prompt.line("60000 + 6;").contains("60006"));
    assert!(prompt.line("let x = 70000;").contains("let x"));
    assert!(prompt.line("x + _").contains("130006"));
    prompt.leave();
}

#[test]
fn an_open_bracket_goes_on_in_the_next_line() {
    let mut prompt = Prompt::start(&[]);
    prompt.keys("let sum = [1,\r");
    prompt.keys("20, 300];\r");
    prompt.wait_for(READY);
    assert!(prompt.line("sum.len() + 5000").contains("5003"));
    // An earlier function is still there.
    prompt.keys("fn twice(n) {\rn * 2\r}\r");
    prompt.wait_for(READY);
    assert!(prompt.line("twice(4100)").contains("8200"));
    prompt.leave();
}

#[test]
fn a_paste_of_several_lines_is_one_input() {
    let mut prompt = Prompt::start(&[]);
    prompt.keys("\u{1b}[200~let a = 6000;\nlet b = 7;\na + b\u{1b}[201~\r");
    assert!(prompt.wait_for(READY).contains("6007"));
    prompt.leave();
}

#[test]
fn ctrl_c_clears_a_line_and_stops_what_runs_but_keeps_the_prompt() {
    let mut prompt = Prompt::start(&[]);
    prompt.keys("let kept = 1234; nonsense(\u{3}");
    prompt.wait_for(READY);
    let output = prompt.line("5100 + 11");
    assert!(output.contains("5111") && !output.contains("nonsense"), "{output}");
    // `begun` is printed only once the loop is about to run, so the key comes as a signal.
    prompt.keys("print(\"be\" + \"gun\"); loop { }\r");
    prompt.wait_for("begun");
    prompt.keys("\u{3}");
    prompt.wait_for("stopped");
    prompt.wait_for(READY);
    assert!(prompt.line("6200 + 1").contains("6201"));
    prompt.leave();
}

#[test]
fn the_tab_key_completes_cmdlets_parameters_and_values() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.keys("get_mailbox_stati\t");
    prompt.wait_for("get_mailbox_statistics");
    prompt.keys("(#{ Ident\t");
    prompt.wait_for("Identity: ");
    prompt.keys("\u{3}");
    prompt.wait_for(READY);
    // The signature of an open call is shown after the cursor.
    prompt.keys("get_mailbox(");
    prompt.wait_for("Identity, ResultSize");
    prompt.keys("\u{3}");
    prompt.wait_for(READY);
    prompt.keys("get_mailbox(#{ Archive: t\t");
    prompt.wait_for("true");
    prompt.keys("\u{3}");
    prompt.wait_for(READY);
    prompt.leave();
}

#[test]
fn the_demo_opens_a_session_and_leaving_removes_it() {
    let mut prompt = Prompt::start(&["demo"]);
    assert!(prompt.line("get_mailbox(#{ ResultSize: 3 }).len() + 9000").contains("9003"));
    assert!(prompt.line(":sessions").contains("Opened"));
    assert!(prompt.line("get_mailbux()").contains("did you mean get_mailbox?"));
    assert!(prompt.line("get_mailbox?").contains("ResultSize"));
    prompt.keys("remove_session(session);\r");
    prompt.wait_for(READY);
    assert!(prompt.line("get_mailbox()").contains("removed"));
    prompt.leave();
}

#[test]
fn the_history_keeps_no_secrets_and_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let mut prompt = Prompt::start(&[]);
    prompt.line("let remembered = 1;");
    prompt.line("let password = \"hunter2\";");
    prompt.line(" let hidden = 2;");
    prompt.line("let hidden_by_nothing = 3;");
    let file = prompt.history_file();
    let home = prompt.leave();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("remembered") && text.contains("hidden_by_nothing"), "{text}");
    assert!(!text.contains("hunter2") && !text.contains("let hidden ="), "{text}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    drop(home);
}

#[test]
fn the_up_key_finds_inputs_that_begin_like_the_line() {
    let mut prompt = Prompt::start(&[]);
    prompt.line("let first = 81;");
    prompt.line("let second = 82;");
    prompt.line("first + 8100");
    prompt.keys("let f\u{1b}[A");
    prompt.wait_for("let first = 81;");
    prompt.keys("\r");
    prompt.wait_for(READY);
    prompt.leave();
}

#[test]
fn a_session_is_saved_as_a_script_that_runs() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.line("let two = get_mailbox(#{ ResultSize: 2 });");
    prompt.line("two.len() + 700");
    prompt.line("_ + 7000");
    prompt.line("this_fails()");
    let file = prompt.home.path().join("saved.rhai");
    prompt.line(&format!(":save {}", file.display()));
    let home = prompt.leave();
    let script = std::fs::read_to_string(&file).unwrap();
    assert!(!script.contains("this_fails"), "{script}");
    let ran = Command::new(env!("CARGO_BIN_EXE_exsh"))
        .arg("run")
        .arg(&file)
        .env_clear()
        .env("HOME", home.path())
        .env("EXSH_USERNAME", "admin@contoso.com")
        .env("EXSH_PASSWORD", "demo")
        .output()
        .unwrap();
    assert!(ran.status.success(), "{script}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert!(String::from_utf8_lossy(&ran.stdout).contains("7702"), "{script}");
}

#[test]
fn ctrl_c_stops_a_running_pipeline_and_the_session_goes_on() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.keys("for m in stream(session, \"Get-Mailbox\", #{ ResultSize: \"Unlimited\" }) { print(\"got \" + m.Alias); sleep(30); }\r");
    // However often the line is drawn, these words are only in what it prints.
    prompt.wait_for("got alice");
    prompt.keys("\u{3}");
    prompt.wait_for("stopped");
    prompt.wait_for(READY);
    assert!(prompt.line("get_mailbox(#{ ResultSize: 2 }).len() + 3300").contains("3302"));
    prompt.leave();
}

#[test]
fn rows_and_time_are_told_when_asked_for() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.line(":time on");
    assert!(prompt.line("get_mailbox(#{ ResultSize: 4 })").contains("s, 4 rows"));
    prompt.leave();
}

#[test]
fn results_are_printed_in_the_form_that_was_set() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.line(":set output json");
    let output = prompt.line("get_accepted_domain()");
    assert!(output.contains("\"DomainName\""), "{output}");
    prompt.line(":set output none");
    let output = prompt.line("get_accepted_domain()");
    assert!(!output.contains("DomainName") && !output.contains("fabrikam.com"), "{output}");
    assert!(prompt.line(":set output papyrus").contains("cannot be printed as 'papyrus'"));
    prompt.leave();
}

#[test]
fn a_termination_signal_at_the_prompt_ends_the_program() {
    let mut prompt = Prompt::start(&["demo"]);
    let process = prompt.session.get_process().pid().to_string();
    assert!(Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
    prompt.session.expect(Eof).unwrap();
    assert!(matches!(prompt.session.get_process().wait().unwrap(), WaitStatus::Exited(_, 130)));
}

/// A shell around the prompt says how the terminal is left: `stty` shows `-icanon` while a line is typed.
#[test]
fn a_termination_signal_while_a_line_is_typed_leaves_the_terminal_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new("/bin/sh");
    let script =
        format!("{}; stty -a | tr ' ;' '\\n\\n' | grep -x -e icanon -e -icanon; echo done", env!("CARGO_BIN_EXE_exsh"));
    command.args(["-c", &script]).env_clear().env("HOME", home.path()).env("TERM", "xterm-256color");
    command.env("PATH", "/usr/bin:/bin").env("NO_COLOR", "1");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(60)));
    session.expect(READY).unwrap();
    session.write_all(b"let half = ").unwrap();
    session.flush().unwrap();
    session.expect("half").unwrap();
    let shell = session.get_process().pid().to_string();
    assert!(Command::new("pkill").args(["-TERM", "-P", &shell]).status().unwrap().success());
    let found = session.expect("done").unwrap();
    let left = String::from_utf8_lossy(found.before()).into_owned();
    assert!(left.contains("icanon") && !left.contains("-icanon"), "{left:?}");
}

#[test]
fn help_searches_shows_sources_and_runs_examples_on_the_demo_organization() {
    let mut prompt = Prompt::start(&[]);
    // Nothing is imported here: the examples have a session of their own.
    let help = prompt.line("select?");
    assert!(help.contains("example:") && help.contains(":help select run"), "{help}");
    let ran = prompt.line(":help select run");
    assert!(ran.contains("contoso.com") && ran.contains("alice"), "{ran}");
    assert!(prompt.line("get_session().len() + 8800").contains("8800"));
    assert!(prompt.line("help mailboxes quota").contains("mailboxes::mailbox_sizes"));
    prompt.line("fn twice(n) { n * 2 }");
    assert!(prompt.line("twice??").contains("fn twice(n) { n * 2 }"));
    prompt.leave();
}

#[test]
fn several_sessions_are_used_by_name_or_number() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.line("let other = new_session(\"demo:\"); import_session(other, #{ Prefix: \"Other\" });");
    assert!(prompt.line("get_other_mailbox(\"bob\").Alias").contains("bob"));
    // Plain names call the session that was used last: with it, they go.
    prompt.line(":use 2");
    prompt.line("remove_session(other);");
    assert!(prompt.line("get_mailbox()").contains("removed"));
    prompt.line(":use 1");
    assert!(prompt.line("get_mailbox().len() + 6600").contains("6625"));
    assert!(prompt.line(":use nowhere").contains("nowhere"));
    prompt.leave();
}

#[test]
fn the_last_result_is_in_texts_and_methods_shape_results() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.line("4040");
    assert!(prompt.line("`<${_ + 1}>`").contains("<4041>"));
    let output = prompt.line("get_mailbox().where(|it| it.Alias == \"bob\").select([\"Alias\", \"DisplayName\"])");
    assert!(output.contains("Bob Brook") && !output.contains("Alice"), "{output}");
    // Identities that were seen, and properties of what the cmdlet gave.
    prompt.keys("get_mailbox(\"bo\t");
    prompt.wait_for("bob");
    prompt.keys("\u{3}");
    prompt.wait_for(READY);
    prompt.leave();
}

#[test]
fn only_what_is_longer_than_the_screen_goes_to_the_pager() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let pager = folder.path().join("pager");
    std::fs::write(&pager, "#!/bin/sh\necho paged-$(wc -l)-lines\n").unwrap();
    std::fs::set_permissions(&pager, std::fs::Permissions::from_mode(0o755)).unwrap();
    let pager = pager.to_str().unwrap();
    let variables = [("EXSH_USERNAME", "admin@contoso.com"), ("EXSH_PASSWORD", "demo"), ("PAGER", pager)];
    let mut prompt = Prompt::start_with(&["demo"], &variables);
    let short = prompt.line("get_mailbox(#{ ResultSize: 3 })");
    assert!(short.contains("alice") && !short.contains("paged"), "{short}");
    let long = prompt.line("get_mailbox().first(25)");
    assert!(long.contains("paged-27-lines"), "{long}");
    prompt.leave();
}

#[test]
fn thousands_of_rows_are_shown_only_to_who_says_yes() {
    let mut prompt = Prompt::start(&[]);
    prompt.keys("let many = []; for n in 0..1500 { many.push(record(#{ Row: n + 50000 })); } many\r");
    prompt.wait_for("show all 1,500 rows?");
    prompt.keys("n\r");
    assert!(!prompt.wait_for(READY).contains("50001"));
    prompt.keys("many.table(\"Row\")\r");
    prompt.wait_for("show all 1,500 rows?");
    prompt.keys("y\r");
    assert!(prompt.wait_for(READY).contains("51499"));
    prompt.leave();
}

/// The question is Exchange's own, sent as a host call (facts/remoting.md 3.13); the answers are its labels.
#[test]
fn a_confirmation_is_asked_on_the_terminal_and_only_yes_changes_anything() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.keys("remove_mailbox(\"bob\")\r");
    prompt.wait_for("[Y] Yes");
    prompt.keys("n\r");
    prompt.wait_for(READY);
    assert!(prompt.line("print(\"alias:\" + get_mailbox(\"bob\").Alias)").contains("alias:bob"));
    prompt.keys("remove_mailbox(\"bob\")\r");
    prompt.wait_for("[Y] Yes");
    prompt.keys("y\r");
    prompt.wait_for(READY);
    assert!(prompt.line("get_mailbox(\"bob\")").contains("bob' couldn't be found"));
    prompt.leave();
}

/// facts/remoting.md 1.2: an empty user name is asked for again, the password is not shown.
#[test]
fn a_credential_is_asked_for_without_showing_the_password() {
    let mut prompt = Prompt::start_with(&[], &[]);
    prompt.keys("let credential = get_credential();\r");
    prompt.wait_for("User:");
    prompt.keys("\r");
    prompt.wait_for("User:");
    prompt.keys("ann@contoso.com\r");
    prompt.wait_for("assword");
    prompt.keys("s3cret-w0rd\r");
    let echoed = prompt.wait_for(READY);
    assert!(!echoed.contains("s3cret"), "{echoed}");
    let shown = prompt.line("print(credential)");
    assert!(shown.contains("ann@contoso.com") && !shown.contains("s3cret"), "{shown}");
    let history = prompt.history_file();
    let home = prompt.leave();
    assert!(!std::fs::read_to_string(history).unwrap().contains("s3cret"));
    drop(home);
}

#[test]
fn a_pasted_powershell_line_is_shown_in_rhai_and_runs() {
    let mut prompt = Prompt::start(&["demo"]);
    let output =
        prompt.line("Get-Mailbox -ResultSize 10 | Where-Object { $_.Alias -eq 'alice' } | Format-Table Alias,IsShared");
    assert!(output.contains("get_mailbox(#{ ResultSize: 10 })"), "{output}");
    assert!(output.contains("Alias") && output.contains("alice"), "{output}");
    assert!(output.contains("False"), "{output}");
    // Rhai is Rhai still, and an unknown name is not taken for a command.
    assert!(prompt.line("40 + 2").contains("42"));
    assert!(prompt.line("nonsense foo").contains("error"));
    prompt.leave();
}

#[test]
fn variables_of_powershell_and_rhai_lines_are_the_same() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.line("$m = Get-Mailbox alice");
    assert!(prompt.line("m.Alias + \"!\"").contains("alice!"));
    prompt.line("let n = 4100;");
    assert!(prompt.line("$n + 23").contains("4123"));
    prompt.line("$n = $n * 2");
    assert!(prompt.line("n").contains("8200"));
    prompt.line("function Get-Twice($x) { $x * 2 }; $t = Get-Twice 4200");
    assert!(prompt.line("$t").contains("8400"));
    prompt.leave();
}

#[test]
fn unfinished_powershell_goes_on_in_the_next_line() {
    let mut prompt = Prompt::start(&[]);
    prompt.keys("foreach ($i in 1..3) {\r");
    prompt.keys("\"item $($i * 1000)\" }\r");
    let output = prompt.wait_for(READY);
    assert!(output.contains("item 3000"), "{output}");
    prompt.leave();
}

#[test]
fn powershell_can_be_switched_off_and_asked_about() {
    let mut prompt = Prompt::start(&[]);
    assert!(prompt.line(":powershell off").contains("not understood"));
    assert!(prompt.line("Write-Output ('a' + 'bc')").contains("error"));
    assert!(prompt.line(":powershell on").contains("run"));
    assert!(prompt.line("Write-Output ('a' + 'bc')").contains("abc"));
    prompt.line(":powershell ask");
    prompt.keys("Write-Output ('a' + 'bcd')\r");
    prompt.wait_for("run it?");
    prompt.keys("n\r");
    assert!(!prompt.wait_for(READY).contains("abcd"));
    prompt.leave();
}

#[test]
fn completion_speaks_powershell_where_the_line_does() {
    let mut prompt = Prompt::start(&["demo"]);
    prompt.keys("Get-MailboxStat\t");
    prompt.wait_for("Get-MailboxStatistics");
    prompt.keys(" -Identi\t");
    prompt.wait_for("-Identity");
    prompt.keys(" alice | Select-Object -Expand\t");
    prompt.wait_for("-ExpandProperty");
    prompt.keys("\u{3}");
    prompt.wait_for(READY);
    prompt.leave();
}
