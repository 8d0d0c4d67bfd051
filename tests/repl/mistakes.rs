//! Mistakes at the prompt: the caret under what is wrong, one sentence, a hint, and the hint followed to the letter.

use super::terminal::Terminal;

/// The hint that begins so, without its beginning.
#[track_caller]
fn hint(output: &str, begin: &str) -> String {
    let begin = format!("hint: {begin}");
    let found = output.lines().find_map(|line| line.strip_prefix(&begin));
    found.unwrap_or_else(|| panic!("{begin}…\n{output}")).to_owned()
}

/// Mistakes, with the marked words, the sentence, and the hint.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("get_mailbux(\"alice\")", "get_mailbux", "there is no function get_mailbux", "did you mean get_mailbox?"),
    (
        "get_mailbox(#{ ResultSise: 3 })",
        "ResultSise",
        "Get-Mailbox has no parameter 'ResultSise'",
        "did you mean ResultSize?",
    ),
    ("get_mailbox(#{ ResultSize: \"many\" })", "ResultSize", "", "ResultSize takes a whole number or \"Unlimited\""),
    ("get_mailbox(\"alice", "\"", "a text that begins here has no end", "it ends with the quote it begins with: \""),
    ("get_mailbox('alice')", "'", "'alice' is not one letter", "texts stand in double quotes: \"alice\""),
    ("get_mailbox().where(|m| m.Alais == \"x\")", "Alais", "there is no property Alais", "did you mean Alias?"),
    ("get_mailbox().sort_by(\"Nam\")", "sort_by", "there is no property Nam", "did you mean Name?"),
    ("get_mailbox().where(\"x\")", "where", "where cannot be called with results and a text", "it is called as where("),
    (
        "import_session(\"x\")",
        "import_session",
        "import_session cannot be called with a text",
        "it is called as import_session(session)",
    ),
    ("\"x\" - 1", "-", "`-` cannot be used on a text and a whole number", ""),
    ("if \"x\" { 1 }", "\"", "true or false is needed here, not a text", ""),
    (
        "get_mailbox() | where",
        "where",
        "there is no variable where",
        "results are passed on with a point: get_mailbox().where(…)",
    ),
    (
        "get_mailbox(\"alice\") | ft Name, Alias",
        "Name",
        "a pipe passes nothing on here",
        "results are passed on with a point: get_mailbox(\"alice\").table([\"Name\", \"Alias\"])",
    ),
    (
        "asdf qwer",
        "asdf qwer",
        "asdf qwer means nothing here",
        "a call has brackets, and a text quotes: asdf(\"qwer\")",
    ),
    ("True", "True", "there is no variable True", "write true"),
    ("Get-Mailbx alice", "Get-Mailbx", "there is no cmdlet Get-Mailbx", "did you mean Get-Mailbox?"),
    ("1 + mailbox_count", "mailbox_count", "there is no variable mailbox_count", ""),
    ("5 / 0", "/", "division by zero", ""),
];

#[test]
fn every_mistake_is_marked_named_and_answered() {
    let mut terminal = Terminal::demo();
    for (line, marked, sentence, help) in MISTAKES {
        let output = terminal.line(line);
        assert!(output.starts_with("error: ") && output.contains(sentence), "{line}\n{output}");
        let lines: Vec<&str> = output.lines().collect();
        let caret =
            lines.iter().position(|line| line.trim_start().starts_with('^')).unwrap_or_else(|| panic!("{output}"));
        assert_eq!(lines[caret - 1].trim_start(), *line, "{output}");
        let start = lines[caret].find('^').unwrap();
        assert!(lines[caret - 1][start..].starts_with(marked), "{output}");
        assert!(help.is_empty() || output.contains(&format!("hint: {help}")), "{output}");
        assert!(!output.contains("script::"), "codes are for scripts: {output}");
    }
    terminal.leave();
}

/// Calls as they are written elsewhere; what the hint says, typed as it stands, shows alice or changes her.
#[test]
fn what_a_hint_says_to_write_works_when_it_is_written() {
    let mut terminal = Terminal::demo();
    for (line, begin) in [
        ("get_mailbox -Identity alice", "write "),
        ("get_mailbox alice", "write "),
        ("get_mailbox \"alice\"", "write "),
        ("get_mailbox Identity: \"alice\"", "write "),
    ] {
        let advised = hint(&terminal.line(line), begin);
        assert!(terminal.line(&advised).contains("Alice Archer"), "{line} → {advised}");
    }
    let output = terminal.line("set_mailbox(\"alice\", CustomAttribute1: \"one\")");
    let advised = hint(&output, "names and values stand in #{ }: ");
    terminal.line(&advised);
    assert!(terminal.line("get_mailbox(\"alice\").CustomAttribute1").contains("one"));
    let output = terminal.line("get_mailbox(\"alicia\")");
    let advised = hint(&output, "").replace(" lists those whose names begin so", "");
    assert!(terminal.line(&advised).contains("Alice Archer"), "{output}");
    terminal.leave();
}

#[test]
fn what_is_not_closed_is_told_where_it_begins_and_lines_have_numbers() {
    let mut terminal = Terminal::demo();
    let output = terminal.line("get_mailbox(\r\r");
    assert!(output.contains("error: the ( that is opened here is not closed"), "{output}");
    assert!(output.contains("hint: write the ) that is missing"), "{output}");
    let output = terminal.line("if true {\r  nonsense(1)\r}");
    assert!(output.contains("error: there is no function nonsense\n2 |   nonsense(1)\n  |   ^^^^^^^^"), "{output}");
    terminal.leave();
}

#[test]
fn words_that_every_prompt_knows_are_understood() {
    let mut terminal = Terminal::demo();
    assert!(terminal.line("help").contains(":connect NAME"));
    assert!(terminal.line(":hepl").contains("did you mean :help?"));
    assert!(terminal.line(":s").contains(":sessions or :save or :set"));
    assert!(terminal.line("help = 5").contains("help"), "it is no command then");
    assert_eq!(terminal.line("get_mailbox(#{ Filter: \"Alias -eq 'nobody'\" })"), "nothing was found");
    terminal.keys("let exit = 5;\rexit\r");
    terminal.wait_for_prompt();
    assert!(terminal.line("exit + 5000").contains("5005"), "a variable comes first");
    terminal.keys("quit\r");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn powershell_lines_have_their_mistakes_explained_too() {
    let mut terminal = Terminal::demo();
    let output = terminal.line("Get-Mailbox -ResultSise 3");
    assert!(output.contains("error: A parameter cannot be found that matches parameter name 'ResultSise'"), "{output}");
    assert!(output.contains("hint: did you mean ResultSize?"), "{output}");
    let output = terminal.line("Get-Mailbox nobody");
    assert!(output.contains("'nobody' couldn't be found"), "{output}");
    terminal.leave();
}

/// What people type at any shell is PowerShell here, too, unless something of theirs is called so.
#[test]
fn words_of_shells_do_what_they_do_in_powershell() {
    let mut terminal = Terminal::demo();
    std::fs::create_dir(terminal.home.path().join("reports")).unwrap();
    assert!(terminal.line("ls").contains("reports"), "{}", terminal.text());
    assert!(terminal.line("cd reports").contains("set_location(\"reports\")"), "{}", terminal.text());
    assert!(terminal.line("pwd").contains("reports"), "{}", terminal.text());
    assert!(terminal.line("cd ..").contains("set_location(\"..\")"), "one line is enough: {}", terminal.text());
    terminal.line("let ls = 41;");
    assert_eq!(terminal.line("ls"), "41");
    let output = terminal.line("lss + 1");
    assert!(!output.contains("did you mean"), "short words are near to everything: {output}");
    terminal.line("let mailboxes = 5;");
    assert!(terminal.line("mailboxs + 1").contains("hint: did you mean mailboxes?"), "{}", terminal.text());
    terminal.leave();
}
