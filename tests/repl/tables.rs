//! Tables that somebody looks through: Out-GridView at the prompt and in a script.
//!
//! What PowerShell's window does is in its documentation (Out-GridView: -PassThru, -OutputMode, -Title); rows are those
//! of the demo organization.

use super::terminal::{Start, Terminal};

const DOWN: &str = "\u{1b}[B";
const RIGHT: &str = "\u{1b}[C";

/// A terminal that runs a PowerShell script over the demo organization.
fn script(text: &str, rows: u16) -> Terminal {
    let run =
        "stty -g > before; EXSH run s.ps1 --connect demo:; echo code $?; stty -g | cmp - before && echo as before";
    let command = format!("printf '%s' '{text}' > s.ps1; {run}");
    Terminal::start(&Start { rows, command: &command, ..Start::default() })
}

#[test]
fn rows_are_filtered_marked_and_go_on() {
    let mut terminal = Terminal::demo();
    terminal.keys("Get-Mailbox | Out-GridView -Title Boxes -PassThru | ForEach-Object Alias\r");
    terminal.wait_for("enter take");
    assert!(terminal.screen.screen().alternate_screen() && terminal.screen.screen().hide_cursor());
    assert!(terminal.text().starts_with("Boxes  25 rows\n   Name "), "{}", terminal.text());
    terminal.keys("/carol\r");
    terminal.wait_for("1 of 25 rows, filter: carol");
    terminal.keys(" \u{1b}");
    terminal.wait_for("Boxes  25 rows, 1 marked");
    terminal.keys(&format!("{DOWN} "));
    terminal.wait_for("Boxes  25 rows, 2 marked");
    terminal.keys("\r");
    terminal.wait_for_prompt();
    let text = terminal.text();
    assert!(!terminal.screen.screen().alternate_screen() && !terminal.screen.screen().hide_cursor());
    let taken: Vec<&str> = text.lines().skip_while(|line| *line != "carol").take(2).collect();
    assert_eq!(taken.len(), 2, "carol and the row below: {text}");
    assert!(terminal.line("1 + 1").contains('2'), "lines are typed as before");
    terminal.leave();
}

#[test]
fn a_sorted_table_gives_the_row_under_the_cursor() {
    let text = "1..40 | ForEach-Object { [pscustomobject]@{ Name = \"box$_\"; Size = 100 - $_ } } | Out-GridView -OutputMode Single";
    let mut terminal = script(text, 12);
    terminal.wait_for("take this row");
    assert!(terminal.text().contains(">  box1        99"), "{}", terminal.text());
    terminal.keys(&format!("{RIGHT}s\u{1b}[H"));
    terminal.wait("the smallest first", |text| text.contains(">  box40"));
    terminal.keys("\u{1b}[6~");
    terminal.wait("the next page", |text| text.contains(">  box32"));
    terminal.keys("\r");
    terminal.wait_for("code 0");
    assert!(terminal.text().contains("box32   68"), "{}", terminal.text());
    terminal.wait_for("as before");
}

#[test]
fn ctrl_c_in_a_table_ends_the_script_and_gives_the_terminal_back() {
    let mut terminal = script("Get-Mailbox | Out-GridView; \"goes on\"", 24);
    terminal.wait_for("q leave");
    terminal.keys("\u{3}");
    terminal.wait_for("code 130");
    assert!(!terminal.screen.screen().alternate_screen() && !terminal.screen.screen().hide_cursor());
    assert!(!terminal.text().contains("goes on"), "{}", terminal.text());
    terminal.wait_for("as before");
}

#[test]
fn where_nobody_can_look_the_table_is_printed_and_all_rows_go_on() {
    let command = "EXSH run s.ps1 --connect demo: < /dev/null 2>&1 | cat; echo ended";
    let text = "\"a\", \"b\" | Out-GridView -Title Letters -PassThru | ForEach-Object { \"got $_\" }";
    let command = format!("printf '%s' '{text}' > s.ps1; {command}");
    let mut terminal = Terminal::start(&Start { command: &command, ..Start::default() });
    terminal.wait_for("ended");
    assert_eq!(terminal.text(), "\nLetters\n\n# Value\n- -----\n1 a\n2 b\n\ngot a\ngot b\nended");
}
