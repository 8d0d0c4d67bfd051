//! What is pasted, what is remembered of it, and what is saved.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::terminal::Terminal;

fn pasted(text: &str) -> String {
    format!("\u{1b}[200~{text}\u{1b}[201~")
}

#[test]
fn a_pasted_block_of_rhai_is_one_input_tabs_and_comments_included() {
    let mut terminal = Terminal::demo();
    let block = "// sums\nlet sum = 0;\nfor n in [1, 20, 300] {\n\tsum += n;\t// each\n}\nsum + 4000";
    terminal.keys(&pasted(block));
    terminal.wait_for("sum + 4000");
    assert!(!terminal.text().contains("\n4321"), "nothing runs before Enter: {}", terminal.text());
    terminal.keys("\r");
    terminal.wait("the sum", |text| text.contains("\n4321\n"));
    terminal.wait_for_prompt();
    assert!(!terminal.text().contains("error"), "{}", terminal.text());
    terminal.leave();
}

#[test]
fn a_pasted_block_of_powershell_is_one_input_with_its_pipelines() {
    let mut terminal = Terminal::demo();
    let block = "$boxes = Get-Mailbox -ResultSize 5 |\n  Where-Object { $_.Alias -like 'a*' }\nforeach ($box in $boxes) {\n  Write-Output (\"<\" + $box.Alias + \">\")\n}";
    terminal.keys(&pasted(block));
    terminal.wait_for("Write-Output");
    terminal.keys("\r");
    terminal.wait_for("<alice>");
    terminal.wait_for_prompt();
    assert!(!terminal.text().contains("error"), "{}", terminal.text());
    assert!(terminal.line("$boxes.Alias").contains("alice"), "its variables stay");
    terminal.leave();
}

#[test]
fn lines_with_secrets_in_either_language_are_in_no_history() {
    let mut terminal = Terminal::demo();
    let secrets = [
        "$p = ConvertTo-SecureString 'hunter2-one' -AsPlainText -Force",
        "New-Mailbox -Name x -Password 'hunter2-two' -WhatIf",
        "let word = \"a\"; let passwd = \"hunter2-three\";",
        "let c = credential_of(\"a\", \"hunter2-four\"); // secret",
        " let hunter2_five = 5;",
        "$c = New-Object PSCredential('a', 'hunter2-six')",
        "let header = \"Authorization: Bearer hunter2-seven\";",
    ];
    for secret in secrets {
        terminal.line(secret);
    }
    terminal.line("let kept = 1;");
    let file = terminal.home.path().join(".local/state/exsh/history");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("let kept = 1;") && !text.contains("hunter2"), "{text}");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(file.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    // Nor do the keys that look for earlier inputs find them.
    terminal.keys("\u{1b}[A");
    terminal.wait_for("let kept = 1;");
    terminal.keys("\u{1b}[A");
    assert!(!terminal.last_line().contains("hunter2"), "{}", terminal.text());
    terminal.keys("\u{3}");
    terminal.wait_for_prompt();
    terminal.leave();
}

/// Both languages, the last result, and a session that was opened by hand: the saved script shows the same.
#[test]
fn what_was_done_in_both_languages_is_saved_as_a_script_that_runs() {
    let mut terminal = Terminal::demo();
    terminal.line("let few = get_mailbox(#{ ResultSize: 2 });");
    terminal.line("few.len() + 500");
    terminal.line("_ * 10");
    terminal.line("$name = 'ali' + 'ce'");
    terminal.line("Get-Mailbox $name | Select-Object Alias");
    terminal.line("nonsense(1)");
    terminal.line("fn twice(n) { n * 2 }");
    terminal.line("twice(4200)");
    let told = terminal.line(":save all.rhai");
    assert!(told.contains("saved to all.rhai"), "{told}");
    assert!(terminal.line(":save all.rhai").contains("is there already"));
    let file = terminal.home.path().join("all.rhai");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let script = std::fs::read_to_string(&file).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_exsh"));
    let ran = command.arg("run").arg(&file).env_clear().env("HOME", terminal.home.path()).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{script}\n{err}");
    for shown in ["502", "5020", "alice", "8400"] {
        assert!(out.contains(shown), "{shown}\n{script}\n{out}");
    }
    terminal.leave();
}

/// What is shown of a PowerShell line can be typed again, and what `:save` writes of it runs.
#[test]
fn ported_text_runs_at_the_prompt_too() {
    let mut terminal = Terminal::demo();
    terminal.line("$boxes = Get-Mailbox | Where-Object { $_.Alias -like 'a*' }");
    let shown = terminal.line("$boxes | ForEach-Object { '<' + $_.Alias + '>' }");
    let rhai = "show(boxes.for_each(|it| add(add(\"<\", it.Alias), \">\")));";
    assert!(shown.contains("show(boxes.for_each("), "{shown}");
    let again = terminal.line(rhai);
    assert!(again.contains("<alice>"), "{again}");
    let listed = terminal.line("boxes.where(|it| it.Alias like \"al*\").select(\"Alias\").format_list()");
    assert!(listed.contains("Alias : alice"), "{listed}");
    terminal.line("fn marked(text) { format(\"[{0}]\", text) }");
    assert!(terminal.line("marked(boxes[0].Alias)").contains("["), "functions stay");
    terminal.line("let many = mul(\"ab\", 3);");
    assert!(terminal.line("$many + '!'").contains("ababab!"), "its variables are those of the others");
    assert!(terminal.line("many.len() + 700").contains("706"), "and of plain lines");
    assert!(terminal.line(":save ported.rhai").contains("saved"));
    let file = terminal.home.path().join("ported.rhai");
    let mut command = Command::new(env!("CARGO_BIN_EXE_exsh"));
    let ran = command.arg("run").arg(&file).env_clear().env("HOME", terminal.home.path()).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    let script = std::fs::read_to_string(&file).unwrap();
    assert!(ran.status.success() && err.is_empty(), "{script}\n{err}");
    assert!(out.contains("<alice>") && out.contains("ababab!") && out.contains("706"), "{script}\n{out}");
    terminal.leave();
}

#[test]
fn a_prompt_that_imports_powershell_goes_by_its_rules_from_there_on() {
    let mut terminal = Terminal::demo();
    let block = "import \"powershell\" as ps;\n\nlet total = 0;\nfor box in get_mailbox(#{ ResultSize: 3 }) {\n  total += 1;\n}\nshow(`found ${total}`);";
    terminal.keys(&pasted(block));
    terminal.keys("\r");
    terminal.wait_for("found 3\n");
    terminal.wait_for_prompt();
    assert!(terminal.line("let none = ();").is_empty() || !terminal.text().contains("error"));
    let counted = terminal.line("none.Count + total.Count + 400");
    assert!(counted.contains("401"), "{counted}");
    let wrong = terminal.line("let x = total like;");
    assert!(wrong.contains("error") && wrong.contains("like"), "{wrong}");
    terminal.leave();
}

#[test]
fn powershell_runs_after_a_question_or_not_at_all() {
    let mut terminal = Terminal::demo();
    assert!(terminal.line(":powershell ask").contains("after a question"));
    terminal.keys("Write-Output ('4' + '2' + 'x')\r");
    terminal.wait_for("run it?");
    terminal.keys("n\r");
    terminal.wait_for_prompt();
    assert!(!terminal.text().contains(": 42x"), "{}", terminal.text());
    terminal.keys("Write-Output ('4' + '2' + 'y')\r");
    terminal.wait("two questions", |text| text.matches("run it?").count() == 2);
    terminal.keys("y\r");
    terminal.wait("the answer", |text| text.matches("42y").count() == 2);
    terminal.wait_for_prompt();
    assert!(terminal.line(":powershell off").contains("not understood"));
    let refused = terminal.line("Write-Output ('4' + '2' + 'z')");
    assert!(refused.contains("error") && !refused.contains("\n42z"), "{refused}");
    assert!(terminal.line(":powershell").contains("not understood"), "it says what it is");
    terminal.line(":powershell on");
    assert!(terminal.line("Write-Output ('4' + '2' + 'z')").contains("\n42z"));
    terminal.leave();
}

/// Terminals that do not bracket pastes send them as keys, and so does who types faster than things run.
#[test]
fn what_is_typed_ahead_is_not_lost() {
    let mut terminal = Terminal::demo();
    terminal.keys("\u{c}sleep(0.2)\r40 + 1\rlet x = \"yes\";\rx + 2\r");
    terminal.wait_for("yes2");
    assert!(terminal.text().contains("\n41\n"), "{}", terminal.text());
    terminal.wait(">", |text| text.ends_with("exsh>"));
    terminal.keys("\u{c}Get-Mailbox alice | ForEach-Object {\r    $_.Alias\r}\r\"and \" + \"more\"\r");
    terminal.wait_for("and more");
    let text = terminal.text();
    assert!(text.contains("\nalice\n") && !text.contains("error:"), "{text}");
    terminal.wait(">", |text| text.ends_with("exsh>"));
    terminal.leave();
}
