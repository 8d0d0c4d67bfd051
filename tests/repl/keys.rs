//! Keys that are no letters: Ctrl-C at every moment, Ctrl-D, Ctrl-Z, Ctrl-R, F1, and a window that changes its size.

use std::process::Command;

use super::terminal::{Server, Start, Terminal, connected};

const ADMIN: &str = "admin@contoso.com";

#[test]
fn ctrl_c_in_the_middle_of_a_word_clears_the_line_and_nothing_of_it_runs_later() {
    let mut terminal = Terminal::demo();
    terminal.keys("print(\"never\"); let half = ");
    terminal.wait_for("half =");
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    assert_eq!(terminal.line("40000 + 2"), "40002");
    // An input of several lines is cleared as a whole.
    terminal.keys("for n in 0..3 {\r  print(n);\r");
    terminal.wait_for("print(n);");
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    assert_eq!(terminal.line("40000 + 3"), "40003");
    terminal.leave();
}

#[test]
fn ctrl_c_in_the_middle_of_a_pipeline_of_the_server_ends_it_within_a_moment() {
    let server = Server::start(&["--mailboxes", "3000"]);
    let mut terminal = connected(&server.url, "", ADMIN);
    terminal.keys(
        "for m in stream(\"Get-Mailbox\", #{ ResultSize: \"Unlimited\" }) { print(`got ${m.Alias}`); sleep(0.05); }\r",
    );
    terminal.wait_for("got alice");
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    assert!(terminal.text().contains("stopped"), "{}", terminal.text());
    assert_eq!(terminal.line("get_mailbox(\"bob\").Alias"), "bob");
    terminal.leave();
}

#[test]
fn a_second_ctrl_c_quits_what_does_not_end() {
    let mut terminal = Terminal::start(&Start { command: "mkfifo pipe && exec EXSH", ..Start::default() });
    terminal.wait_for_prompt();
    // Nobody ever writes into it: the system holds whoever opens it.
    terminal.keys("print(\"be\" + \"gun\"); read_text(\"pipe\")\r");
    terminal.wait_for("begun");
    // Signals that come at once are one signal: a person takes a moment, as a process that starts does.
    let process = terminal.session.get_process().pid().to_string();
    let (ended, end) = std::sync::mpsc::channel::<()>();
    let keys = std::thread::spawn(move || {
        while end.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
            let _ = Command::new("kill").args(["-INT", &process]).output(); // it may have ended this moment
        }
    });
    assert_eq!(terminal.end(), 130);
    drop(ended);
    keys.join().unwrap();
}

/// The shell stops the program and lets it go on; the line and the session are still there.
#[test]
fn ctrl_z_at_the_prompt_gives_the_shell_back_and_fg_the_line() {
    let command = "exec env PS1='shell$ ' sh -i";
    let variables = [("NO_COLOR", "1"), ("EXSH_PROGRAM", env!("CARGO_BIN_EXE_exsh"))];
    let mut terminal = Terminal::start(&Start { command, variables: &variables, ..Start::default() });
    terminal.wait_for("shell$");
    terminal.keys("$EXSH_PROGRAM demo\r");
    terminal.wait_for_prompt();
    terminal.keys("let half = 20000");
    terminal.wait_for("half = 20000");
    terminal.keys("\u{1a}");
    terminal.wait("the shell", |text| text.ends_with("shell$"));
    terminal.keys("fg\r");
    terminal.wait("the line", |text| text.lines().last().is_some_and(|line| line.contains("half = 20000")));
    terminal.keys("2;\r");
    terminal.wait_for_prompt();
    assert_eq!(terminal.line("half"), "200002");
    terminal.keys("\u{4}");
    terminal.wait("the shell", |text| text.ends_with("shell$"));
    terminal.keys("echo left $?\r");
    terminal.wait_for("left 0");
}

#[test]
fn a_window_that_changes_its_size_changes_what_fits() {
    let mut terminal = Terminal::demo();
    assert!(
        terminal.line("get_mailbox(\"alice\").table([\"Name\", \"Alias\", \"Database\"])").contains("Alice Archer")
    );
    terminal.session.get_process_mut().set_window_size(30, 40).unwrap();
    terminal.screen.screen_mut().set_size(40.try_into().unwrap(), 30.try_into().unwrap());
    let output = terminal.line("get_mailbox(\"alice\")");
    assert!(output.lines().all(|line| line.chars().count() <= 30), "{output}");
    assert!(output.contains("Alice Archer"), "{output}");
    terminal.leave();
}

#[test]
fn f1_tells_about_the_word_at_the_cursor_and_leaves_the_line_alone() {
    let mut terminal = Terminal::demo();
    terminal.keys("remove_session(");
    terminal.wait_for("remove_session(");
    terminal.keys("\u{1b}OP");
    terminal.wait_for("Removes a session from its server");
    terminal.wait("the line", |text| text.lines().last().is_some_and(|line| line.contains("exsh> remove_session(")));
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    terminal.leave();
}

#[test]
fn ctrl_r_finds_an_earlier_input_by_what_is_in_it() {
    let mut terminal = Terminal::demo();
    terminal.line("let needle = 7100;");
    terminal.line("let straw = 1;");
    terminal.keys("\u{12}needl");
    terminal.wait_for("let needle = 7100;");
    terminal.keys("\r");
    terminal.wait_for_prompt();
    assert_eq!(terminal.line("needle + 11"), "7111");
    terminal.leave();
}

#[test]
fn ctrl_d_on_a_line_with_something_in_it_does_not_leave() {
    let mut terminal = Terminal::demo();
    terminal.keys("3300 + 44\u{4}\r");
    terminal.wait_for("3344");
    terminal.wait_for_prompt();
    terminal.leave();
}

/// Whatever is asked, Ctrl-C is an answer: what asked ends, and the next line can be typed.
#[test]
fn ctrl_c_ends_every_question() {
    let server = Server::start(&["--mailboxes", "5"]);
    let mut terminal = connected(&server.url, "", "admin@contoso.com");
    terminal.clear();
    terminal.keys("get_credential()\r");
    terminal.wait_for("User:");
    terminal.keys("half a na\u{3}");
    terminal.wait_for_prompt();
    terminal.clear();
    terminal.keys("get_credential()\r");
    terminal.wait_for("User:");
    terminal.keys("kim\r");
    terminal.wait_for("assword");
    terminal.keys("half\u{3}");
    terminal.wait_for_prompt();
    terminal.clear();
    terminal.keys("remove_mailbox(\"bob\")\r");
    terminal.wait_for("[Y] Yes");
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    assert!(terminal.text().contains("stopped"), "{}", terminal.text());
    assert_eq!(terminal.line("get_mailbox(\"bob\").Alias"), "bob");
    terminal.leave();
}

/// A terminal whose shell says, after a command, its exit code, and whether echo and all are as they were before.
fn looked_after(command: &str) -> Terminal {
    let command = format!("stty -g > before; {command} 2>&1; echo code $?; stty -g | cmp - before && echo as before");
    Terminal::start(&Start { command: &command, ..Start::default() })
}

#[test]
fn a_termination_signal_ends_the_question_for_a_password_and_leaves_the_terminal_as_it_was() {
    let mut terminal = looked_after("EXSH eval 'get_credential(\"kim\")'");
    terminal.wait_for("Password for user kim:");
    let shell = terminal.session.get_process().pid().to_string();
    assert!(Command::new("pkill").args(["-TERM", "-P", &shell]).status().unwrap().success());
    terminal.wait_for("as before");
    assert!(terminal.text().contains("code 130"), "{}", terminal.text());
}

#[test]
fn ctrl_c_at_a_password_that_a_command_asks_for_leaves_the_terminal_as_it_was() {
    let server = Server::start(&[]);
    let mut terminal = looked_after(&format!("EXSH doctor {} --user kim", server.url));
    terminal.wait_for("Password for user kim:");
    terminal.keys("half\u{3}");
    terminal.wait_for("as before");
    assert!(terminal.text().contains("code 130"), "{}", terminal.text());
}
