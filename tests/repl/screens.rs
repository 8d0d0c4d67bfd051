//! Screens of all kinds: narrow ones, letters of two cells, none of the colours, no abilities at all; and what appears
//! above a line while it is typed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::terminal::{Server, Start, Terminal, connected};

/// The description in the cache is of another role set: the check behind the scenes says so while a line is typed.
#[test]
fn what_happens_behind_the_scenes_is_told_above_the_line_that_is_typed() {
    let user = "carla@contoso.com";
    let roles = |groups: &str| format!("{user}:Passw0rd!x:{groups}");
    let first = Server::start(&["--user", &roles("Help Desk")]);
    let address = first.address();
    let mut terminal = connected(&first.url, "", user);
    let home = terminal.home.path().to_owned();
    terminal.keys("remove_session(session);\r");
    terminal.wait("no session", |text| text.ends_with("\nexsh>"));
    drop(first);
    // The same home has the cache; the same address another role set.
    let second = Server::start(&["--listen", &address, "--user", &roles("View-Only Organization Management")]);
    let command = format!("exec env HOME={} EXSH connect {}", home.display(), second.url);
    let mut other = Terminal::start(&Start { command: &command, ..Start::default() });
    other.wait_for("User:");
    other.keys(&format!("{user}\r"));
    other.wait_for("assword");
    other.keys("Passw0rd!x\r");
    other.wait_for_prompt();
    other.keys("let half = 12");
    other.wait_for("offers other cmdlets than when they were last imported");
    other.wait("the line below", |text| text.lines().last().is_some_and(|line| line.ends_with("exsh> let half = 12")));
    other.keys("34;\r");
    other.wait_for_prompt();
    assert_eq!(other.line("half"), "1234");
    other.leave();
    terminal.leave();
}

/// The server does not even run while the keys are pressed: nothing that helps with typing asks it.
#[test]
fn completion_and_hints_wait_for_no_server() {
    let server = Server::start(&[]);
    let mut terminal = connected(&server.url, "", "admin@contoso.com");
    server.signal("STOP");
    terminal.keys("get_mailbox_stati\t");
    terminal.wait_for("get_mailbox_statistics");
    terminal.keys("(#{ Archi\t");
    terminal.wait_for("#{ Archive:");
    terminal.keys("t\t");
    terminal.wait_for("Archive: true");
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    terminal.keys("get_mailbox(");
    terminal.wait_for("Identity, ResultSize");
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    server.signal("CONT");
    assert_eq!(terminal.line("get_mailbox(\"bob\").Alias"), "bob");
    terminal.leave();
}

/// What the catalogue knows comes without the server; the question to it is given up soon, or by Ctrl-C.
#[test]
fn help_waits_for_no_server() {
    let server = Server::start(&[]);
    let mut terminal = connected(&server.url, "", "admin@contoso.com");
    server.signal("STOP");
    let output = terminal.line("help get_mailbox");
    assert!(output.starts_with("warning: session ") && output.contains("does not answer"), "{output}");
    assert!(output.contains("parameters:") && output.contains("ResultSize"), "{output}");
    for line in ["get_mailbox?", ":help get_mailbox"] {
        let output = terminal.line(line);
        assert!(!output.contains("does not answer"), "it is not asked again while it is silent: {output}");
        assert!(output.contains("ResultSize"), "{output}");
    }
    server.signal("CONT");
    assert_eq!(terminal.line("get_mailbox(\"bob\").Alias"), "bob");
    let output = terminal.line("help get_mailbox");
    assert!(!output.contains("does not answer") && output.starts_with("Get Mailbox"), "{output}");
    server.signal("STOP");
    terminal.keys("help get_mailbox\r\u{3}");
    terminal.wait_for_prompt();
    terminal.wait_for("ResultSize");
    server.signal("CONT");
    assert_eq!(terminal.line("get_mailbox(\"bob\").Alias"), "bob");
    terminal.leave();
}

#[test]
fn help_and_candidates_keep_to_a_narrow_screen() {
    let mut terminal = Terminal::start(&Start { columns: 50, ..Start::default() });
    terminal.wait_for_prompt();
    let output = terminal.line("help get_mailbox_statistics");
    assert!(output.contains("(in scripts:\n") || output.contains("\n  get_mailbox_statistics)"), "{output}");
    let column = output.lines().find_map(|line| line.find("GeneralMailbox")).unwrap();
    let next = output.lines().skip_while(|line| !line.contains("GeneralMailbox")).nth(1).unwrap();
    assert_eq!(next.len() - next.trim_start().len(), column, "{output}");
    terminal.keys("\u{c}get_mailbox(#{ \t\t");
    terminal.wait_for("SortBy");
    let text = terminal.text();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("Identity  ")).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.ends_with('…')), "{text}");
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    terminal.leave();
}

#[test]
fn warnings_and_progress_of_what_runs_are_above_the_next_line() {
    let mut terminal = Terminal::demo();
    let output = terminal.line("get_mailbox(#{ ResultSize: 2 })");
    assert!(output.starts_with("warning: there are more results"), "{output}");
    terminal.keys("\u{c}");
    terminal.keys("for n in 1..=30 { progress(\"counting sheep\", n, 30); sleep(0.05); } print(\"do\" + \"ne\")\r");
    terminal.wait("a bar", |text| text.contains("counting sheep") && text.contains("% "));
    terminal.wait_for("done");
    terminal.wait_for_prompt();
    assert!(!terminal.text().contains("counting sheep "), "the bar goes when all is done: {}", terminal.text());
    terminal.leave();
}

#[test]
fn on_a_narrow_screen_lines_tables_and_errors_fit() {
    for columns in [20_u16, 40] {
        let start = Start { columns, ..Start::default() };
        let mut terminal = Terminal::start(&start);
        terminal.wait_for_prompt();
        assert_eq!(terminal.last_line(), "exsh>", "the line has room");
        let output = terminal.line("get_mailbox(\"bob\").select([\"Alias\", \"DisplayName\"])");
        assert!(output.replace('\n', "").contains("Bob Brook"), "{output}");
        let output = terminal.line("get_mailbux(1)");
        let caret = output.lines().find(|line| line.contains('^')).unwrap_or_else(|| panic!("{output}"));
        assert_eq!(caret.trim_end(), "  ^^^^^^^^^^^", "{output}");
        terminal.leave();
    }
}

#[test]
fn letters_of_two_cells_keep_columns_and_carets_in_place() {
    let mut terminal = Terminal::demo();
    let output = terminal.line("[record(#{ Name: \"林小姐\", Box: 1 }), record(#{ Name: \"Kim\", Box: 2 })]");
    let bars: Vec<usize> = output.lines().filter_map(|line| column_of(line, '│')).collect();
    assert!(bars.len() >= 3 && bars.windows(2).all(|pair| pair[0] == pair[1]), "{output}");
    let output = terminal.line("let n = \"林\"; nonsense(n)");
    let lines: Vec<&str> = output.lines().collect();
    let caret = lines.iter().position(|line| line.contains('^')).unwrap_or_else(|| panic!("{output}"));
    let column = column_of(lines[caret], '^').unwrap();
    assert_eq!(column_of(lines[caret - 1].split("nonsense").next().unwrap(), '\0'), Some(column), "{output}");
    // The cursor is where the next letter goes.
    terminal.keys("\"林小姐\"");
    terminal.wait_for("林小姐");
    terminal.keys("\u{1b}[D\u{1b}[D!");
    terminal.wait_for("林小!姐");
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    terminal.leave();
}

/// The cell at which a letter stands; the end of the line for none.
fn column_of(line: &str, wanted: char) -> Option<usize> {
    let cells = |c: char| if ('\u{2e80}'..='\u{ffee}').contains(&c) { 2 } else { 1 };
    let mut column = 0;
    for c in line.chars() {
        if c == wanted {
            return Some(column);
        }
        column += cells(c);
    }
    (wanted == '\0').then_some(column)
}

#[test]
fn colours_are_used_unless_nobody_wants_them() {
    let coloured = |variables: &[(&str, &str)]| {
        let mut terminal = Terminal::start(&Start { variables, ..Start::default() });
        terminal.wait_for_prompt();
        terminal.keys("let known = get_mailbox(1); get_mailbux(2)");
        terminal.wait_for("get_mailbux(2)");
        let screen = terminal.screen.screen();
        let (rows, columns) = (screen.size().0.get(), screen.size().1.get());
        let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        let any = cells
            .filter_map(|(row, column)| screen.cell(row, column))
            .any(|cell| cell.fgcolor() != vt100::Color::Default);
        terminal.keys("\u{3}");
        terminal.wait_for_prompt();
        terminal.leave();
        any
    };
    assert!(coloured(&[]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}

/// A profile that wants red is red, also where it is opened beside another one; the colour goes with its session.
#[test]
fn the_colour_of_a_profile_follows_the_session_that_plain_names_call() {
    let server = Server::start(&[]);
    let config = format!("[profiles.prod]\nuri = \"{}\"\nuser = \"admin@contoso.com\"\ncolor = \"red\"\n", server.url);
    let command = format!(
        "mkdir -p .config/exsh && printf '{}' > .config/exsh/config.toml && exec EXSH demo",
        config.replace('\n', "\\n")
    );
    let mut terminal = Terminal::start(&Start { command: &command, variables: &[], ..Start::default() });
    terminal.wait_for_prompt();
    let is_red = |terminal: &Terminal| {
        let screen = terminal.screen.screen();
        let row = screen.cursor_position().0;
        screen.cell(row, 0).is_some_and(|cell| cell.bgcolor() == vt100::Color::Idx(1))
    };
    assert!(!is_red(&terminal));
    terminal.keys(":connect pro\t\r");
    terminal.wait_for("assword");
    terminal.keys("Passw0rd!x\r");
    terminal.wait("two sessions", |text| text.ends_with("+1 exsh>"));
    assert!(is_red(&terminal), "{}", terminal.text());
    terminal.wait_for_prompt();
    terminal.line(":use 1");
    assert!(!is_red(&terminal), "{}", terminal.text());
    terminal.line(":use prod");
    assert!(is_red(&terminal), "{}", terminal.text());
    terminal.leave();
}

#[test]
fn a_terminal_without_abilities_reads_lines_all_the_same() {
    let start = Start { variables: &[("TERM", "dumb")], ..Start::default() };
    let mut terminal = Terminal::start(&start);
    terminal.wait("a sign", |text| text.ends_with("exsh>"));
    terminal.keys("40000 + 5\r");
    terminal.wait("the sum and a sign", |text| text.contains("40005\n") && text.ends_with("exsh>"));
    terminal.leave();
}

#[test]
fn input_from_a_pipe_is_a_script_and_no_prompt_is_shown() {
    let home = tempfile::tempdir().unwrap();
    let run = |input: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_exsh"))
            .arg("demo")
            .env_clear()
            .env("HOME", home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let ran = run("for n in 0..2 {\n  print(n + 100);\n}\nget_mailbox(\"bob\").Alias");
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "100\n101\nbob\n");
    assert!(!String::from_utf8_lossy(&ran.stderr).contains("exsh>"));
    assert_eq!(run("nonsense(1)").status.code(), Some(1));
}
