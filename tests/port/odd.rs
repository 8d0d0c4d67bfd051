//! Odd input: text as it is pasted, cut off, mixed up, or far too large.
//!
//! What any text gives is a script or diagnostics, never a panic or an overflow; how long it takes is not measured.

use std::fmt::Write as _;

use exsh::port;

const SCRIPT: &str = "# All users\n$all = Get-Mailbox -ResultSize Unlimited |\n    Where-Object { $_.Name -like 'a*' }\n\nforeach ($one in $all) {\n    Write-Host \"$($one.Name) is here\"\n}\n";

fn kept(source: &str) -> (String, Vec<String>) {
    let parsed = port::parse(source);
    let kept = port::keep(source, &parsed, "");
    (kept.text, parsed.failures().map(|error| error.message.clone()).collect())
}

/// Each line changed.
fn lines(change: impl Fn(usize, &str) -> String) -> String {
    SCRIPT.lines().enumerate().map(|(at, line)| change(at, line) + "\n").collect()
}

#[test]
fn what_stands_around_pasted_text_is_not_in_the_way() {
    let (plain, errors) = kept(SCRIPT);
    assert!(errors.is_empty(), "{errors:?}");
    let pasted = [
        lines(|_, line| format!("> {line}")),
        lines(|_, line| format!(">> {line}")),
        lines(|at, line| format!("{:3}  {line}", at + 1)),
        lines(|at, line| format!("{}: {line}", at + 41)),
        format!("```powershell\n{SCRIPT}```\n"),
        format!("Run this, please:\n\n```ps1\n{SCRIPT}```\nIt's \"done\" then.\n"),
        SCRIPT.replace("    ", "\u{a0}\u{a0}\u{a0} "),
        SCRIPT.replace("foreach", "\u{200b}foreach"),
        SCRIPT.replace("    ", "\t"),
        SCRIPT.replace("\" -like", "\u{201d} \u{2013}like"),
        format!("\u{feff}{SCRIPT}"),
        SCRIPT.replacen('\n', "\r\n", 3),
        SCRIPT.replace('\n', "\r\n"),
        lines(|at, line| format!("{}{line}", if at == 0 { "[PS] C:\\>" } else { ">>" })),
    ];
    for text in pasted {
        let (changed, errors) = kept(&text);
        assert!(errors.is_empty(), "{errors:?}\n{text}");
        assert_eq!(changed, plain, "{text}");
    }
}

#[test]
fn every_beginning_of_a_script_is_a_script_or_has_an_error() {
    let source = include_str!("ok/statements.ps1");
    for end in (0..source.len()).filter(|end| source.is_char_boundary(*end)) {
        let (text, errors) = kept(&source[..end]);
        assert!(!errors.is_empty() || exsh::script::ps::check(&text).is_ok(), "{}", &source[..end]);
    }
}

#[test]
fn text_that_is_nested_or_chained_too_deeply_is_refused() {
    let many = |text: &str, count: usize| text.repeat(count);
    let deep = [
        format!("$x = {}1{}", many("(", 500), many(")", 500)),
        many("(", 5000),
        many("{", 5000),
        many("[", 5000),
        many("@(", 5000),
        many("@{a=", 5000),
        many("\"$(", 5000),
        format!("if ({}$x) {{ 1 }}", many("-not ", 5000)),
        format!("{}1{}", many("if ($a) { ", 500), many(" }", 500)),
        format!("$x{}", many(".a", 20_000)),
        format!("$x{}", many("[0]", 20_000)),
        format!("$x{}", many(".Replace('a','b')", 20_000)),
        format!("$x = 1{}", many(" + 1", 100_000)),
        format!("$x = 'a'{}", many(" + 'b'", 100_000)),
        format!("if ($a{}) {{ 1 }}", many(" -and $b", 20_000)),
        format!("{}b", many("a && ", 20_000)),
        format!("$x = {}1", many("[int]", 5000)),
        format!("{}1", many("$x = ", 5000)),
    ];
    for text in deep {
        let (_, errors) = kept(&text);
        assert!(!errors.is_empty(), "{}", &text[..40]);
    }
}

#[test]
fn text_that_is_only_long_is_carried_over() {
    let mut lists = String::from("$all = 'user0'");
    let mut statements = String::new();
    for number in 1..20_000 {
        let _ = write!(lists, ", 'user{number}'");
        let _ = write!(statements, "$v{number} = {number}; ");
    }
    let long = [
        format!("Write-Host '{}'", "x".repeat(1 << 20)),
        format!("Get-Mailbox{}", " | Where-Object { $_.Name }".repeat(2000)),
        "# a comment\n".repeat(10_000),
        SCRIPT.repeat(1500),
        "Get-Mailbox `\n".repeat(2000) + "alice",
        lists,
        statements,
    ];
    for text in long {
        let (kept, errors) = kept(&text);
        assert!(errors.is_empty(), "{errors:?}");
        assert!(kept.len() > text.len() / 4, "{}", &kept[..100.min(kept.len())]);
    }
    for (text, wanted) in [("", ""), ("\n \n", ""), ("# only\n<# this #>", "\n// only\n// this\n")] {
        assert_eq!(kept(text).0, format!("import \"powershell\" as ps;\n{wanted}"), "{text:?}");
    }
}

/// A side of an operator that is looked at twice makes a chain of them endless: 2 to the power of its links.
#[test]
fn chains_of_every_operator_come_to_their_end() {
    let links = [
        " + 1",
        " - 1",
        " * 2",
        " / 2",
        " % 7",
        " + 'a'",
        " -replace 'a', 'b'",
        " -and $y",
        " -or $y",
        " -eq 1",
        " -join ','",
        " -f 1",
        " -bor 1",
        " -split 'a'",
        " -as [int]",
        " -is [int]",
        " ?? 1",
        ".Trim()",
        ".Name",
        "[0]",
    ];
    for link in links {
        for start in ["$x = 1", "$x = 'a'", "$x = $y", "return $y"] {
            let text = format!("{start}{}", link.repeat(200));
            let (kept, errors) = kept(&text);
            assert!(errors.is_empty() && kept.lines().count() >= 2, "{start}{link}: {errors:?} {kept}");
            let exact = port::lower::lower(&text, &port::parse(&text)).text;
            assert!(exact.len() < 64 * text.len(), "{start}{link}: {} bytes of {}", exact.len(), text.len());
        }
    }
}

#[test]
fn operators_before_operators_come_to_their_end() {
    for sign in ["--", "++", "- ", "+ ", "!", "-not ", "-bnot ", "-join ", "-split ", "[int]", "[string]", ","] {
        let text = format!("$x = {}$y", sign.repeat(60));
        let (kept, errors) = kept(&text);
        let steps = matches!(sign, "--" | "++");
        assert_eq!(errors.len(), usize::from(steps), "{sign}: {errors:?}");
        assert!(kept.len() < 64 * text.len(), "{sign}: {} bytes of {}", kept.len(), text.len());
    }
}
