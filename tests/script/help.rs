//! What scripts and editors can learn of a cmdlet: `help`, `get_command`, `command_exists`, definitions.

use super::screen::Bench;

const OPEN: &str = "let s = new_session(\"demo:\"); import_session(s, #{ CommandName: \"*-Mailbox\" });";

/// The parameters are those of the catalogue, which the simulator offers; the synopsis is the simulator's Get-Help.
#[test]
fn help_joins_what_the_server_says_with_what_is_documented() {
    let bench = Bench::new();
    let text = bench.text(&format!("{OPEN} help(\"Get-Mailbox\")"));
    assert!(text.starts_with("Get Mailbox\n\nGet-Mailbox  (in scripts: get_mailbox)\n"), "{text}");
    for part in ["without names: Identity", "ResultSize", "takes piped objects", "Archive"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(bench.text("help(\"get_mailbox\")"), text, "any spelling will do");
    assert!(bench.printed().is_empty());
}

#[test]
fn help_knows_documented_cmdlets_functions_of_exsh_and_near_misses() {
    let bench = Bench::new();
    assert!(bench.text("help(\"Get-MailboxStatistics\")").contains("not imported: import_session"));
    let function = bench.text("help(\"new_session\")");
    assert!(
        function.contains("new_session(uri: &str, credential: Credential") && function.contains("AllowRedirection"),
        "{function}"
    );
    let error = bench.eval("help(\"get_mailbx\")").unwrap_err();
    assert_eq!(error.diagnostic.hints, ["did you mean get_mailbox?"], "{error:?}");
}

#[test]
fn commands_are_found_by_pattern_and_by_any_spelling() {
    let bench = Bench::new();
    let found = bench.text(&format!("{OPEN} get_command(\"*set*mailbox*\").map(|c| c.Function)"));
    assert_eq!(found, "[set_mailbox]");
    let exists =
        "[\"Get-Mailbox\", \"get_mailbox\", \"Get-User\", \"new_session\", \"nothing\"].map(|n| command_exists(n))";
    assert_eq!(bench.text(exists), "[true, true, false, true, false]");
}

/// The definitions must themselves be Rhai's: each function with its comment, no cmdlet twice.
#[test]
fn definitions_hold_functions_and_imported_cmdlets_or_all_documented_ones() {
    let bench = Bench::new();
    let all = bench.host.definitions();
    for part in ["module static;", "fn new_session(uri: ", "fn get_mailbox() -> Results;", "fn set_transport_rule("] {
        assert!(all.contains(part), "{part}");
    }
    bench.host.eval(OPEN).unwrap();
    let some = bench.host.definitions();
    assert!(some.contains("fn set_mailbox(argument: ?, parameters: Map) -> Results;"));
    assert!(!some.contains("fn set_transport_rule("));
    assert_eq!(some.matches("fn get_mailbox() -> Results;").count(), 1);
}
