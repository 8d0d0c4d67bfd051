//! The import scenarios that real PowerShell recorded, done by exsh against the simulator: the same questions go over
//! the wire, the same cmdlets come of it.
//!
//! Expectations are read from `shared/data/psrp-recordings`: what its client sent, and the lines it printed.

use std::sync::Arc;

use exsh::cli::trace::Conversation;
use exsh::psrp::trace::Side;
use exsh::sim::SimOptions;
use exsh::transport::Trace;

use super::screen::Bench;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/psrp-recordings");
const SIGN_IN: &[(&str, &str)] = &[("EXSH_USERNAME", SimOptions::ADMIN), ("EXSH_PASSWORD", SimOptions::PASSWORD)];

/// A scenario as it was recorded.
struct Recorded {
    conversation: Conversation,
    printed: Vec<String>,
}

/// `None`, with a note, where the data are absent.
fn recorded(scenario: &str) -> Option<Recorded> {
    let Ok(text) = std::fs::read_to_string(format!("{FOLDER}/{scenario}.jsonl")) else {
        println!("skipped: ../shared/data is absent");
        return None;
    };
    let header: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let printed = header["client_output"].as_str().unwrap().lines().map(str::to_owned).collect();
    Some(Recorded { conversation: Conversation::read(&text).unwrap(), printed })
}

/// What the client asked: each metadata message, each pipeline; PowerShell's own helpers and counting aside.
fn asked(conversation: &Conversation) -> Vec<String> {
    let own = |text: &&String| {
        let helper = ["__Set-", "Import-Module", "| Measure-Object"].iter().any(|helper| text.contains(helper));
        !helper && (text.starts_with("GET_COMMAND_METADATA") || text.starts_with("CREATE_PIPELINE"))
    };
    let rows = conversation.rows.iter().filter(|row| row.side == Side::Client).map(|row| &row.text);
    // The version that a newer PowerShell adds, the two ways to mark a name, and whether a switch travels as an object
    // or as the truth value that every server binds alike, are each client's own affair.
    let plain = |text: &String| {
        let text = text.split(" -PowerShellVersion").next().unwrap();
        text.replace(": ", "=").replace("SwitchParameter ", "")
    };
    rows.filter(own).map(plain).collect()
}

fn with(texts: &[String], part: &str) -> Vec<String> {
    texts.iter().filter(|text| text.contains(part)).cloned().collect()
}

/// What exsh asked and printed; `show(m)` prints as the recordings' `Show` does.
fn done(code: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wire.jsonl");
    let bench = Bench::with_policy(SIGN_IN, |policy| policy.trace = Some(Arc::new(Trace::create(&file).unwrap())));
    let sim = bench.simulator(SimOptions::default());
    let begin = format!("let s = new_session(\"{}\", get_credential());", sim.url());
    let show = "fn show_module(m) { let names = m.ExportedCommands; names.sort(); let text = \"imported:\"; for n in names { text += \" \" + n; } print(text); }";
    bench.eval(&format!("{show} {begin} {code}")).unwrap();
    bench.host.close_all_sessions(std::time::Duration::from_secs(10));
    let conversation = Conversation::read(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(conversation.differences, Vec::<String>::new());
    let said = bench.screen.said.lock().unwrap().clone();
    (asked(&conversation), bench.printed(), said)
}

fn imported(lines: &[String]) -> Vec<String> {
    with(lines, "imported:")
}

#[test]
fn everything_is_asked_for_by_a_star_then_the_views_and_the_protocol_s_own_commands_are_left_out() {
    let Some(recorded) = recorded("import-everything") else { return };
    let expected = asked(&recorded.conversation);
    let code = "let m = import_session(s, #{ CommandName: \"*\", FormatTypeName: \"Demo.Exchange.*\" }); show_module(m); get_mailbox();";
    let (asked, printed, _) = done(code);
    assert_eq!(asked, expected);
    // the recorded endpoint offered these, too, and its client imported none of them
    for skipped in ["Get-Command", "Get-FormatData", "Get-Help", "Select-Object", "Measure-Object"] {
        let names = |line: &String| line.split(' ').any(|name| name == skipped);
        assert!(!imported(&printed).iter().any(names), "{skipped}");
        assert!(!imported(&recorded.printed).iter().any(names), "{skipped}");
    }
}

#[test]
fn views_alone_are_asked_for_without_a_question_for_commands() {
    let Some(recorded) = recorded("import-formats-only") else { return };
    let (asked, printed, _) = done("show_module(import_session(s, #{ FormatTypeName: \"Demo.Exchange.Group\" }));");
    assert_eq!(asked, self::asked(&recorded.conversation));
    assert_eq!(printed, ["imported:"]);
    assert_eq!(recorded.printed[0], "imported: []");
}

#[test]
fn a_module_and_patterns_go_into_the_question() {
    let Some(recorded) = recorded("import-module-param") else { return };
    let (asked, _, _) = done(
        "try { import_session(s, #{ Module: \"DemoExchange\", CommandName: [\"*-DistributionGroup\", \"gmbx\"] }); } catch {}",
    );
    assert_eq!(asked[0], with(&self::asked(&recorded.conversation), "METADATA")[0]);
    let (_, printed, _) = done("show_module(import_session(s, #{ CommandName: \"*-DistributionGroup\" }));");
    let words: Vec<&str> = recorded.printed[0].split(' ').filter(|word| word.ends_with("-DistributionGroup")).collect();
    for name in words {
        assert!(printed[0].split(' ').any(|own| own == name), "{name}: {printed:?}");
    }
}

/// facts/remoting.md 6.1: the parameters that are about modules as files.
#[test]
fn modules_may_be_named_in_full_and_nothing_is_there_to_be_signed() {
    let Some(recorded) = recorded("import-module-param") else { return };
    let (asked, _, _) = done(
        "try { import_session(s, #{ FullyQualifiedModule: #{ ModuleName: \"DemoExchange\" }, CommandName: [\"*-DistributionGroup\", \"gmbx\"] }); } catch {}",
    );
    assert_eq!(asked[0], with(&self::asked(&recorded.conversation), "METADATA")[0]);
    let refused = |options: &str| {
        let code = format!("try {{ import_session(s, #{{ {options} }}); }} catch (e) {{ print(e.message); }}");
        done(&code).1.concat()
    };
    assert!(refused("Certificate: \"x\"").contains("no files that a Certificate could sign"));
    assert!(refused("Module: \"a\", FullyQualifiedModule: \"a\"").contains("not both"));
    let text = refused("FullyQualifiedModule: [#{ ModuleName: \"a\", ModuleVersion: \"2.0\" }]");
    assert!(text.contains("cannot ask a server for the ModuleVersion"), "{text}");
    assert!(refused("FullyQualifiedModule: 5").contains("takes names and tables with ModuleName"));
}

#[test]
fn a_prefix_and_what_may_be_hidden_never_reach_the_wire() {
    let Some(recorded) = recorded("import-prefix-clobber") else { return };
    let code = r#"
        let other = new_session("demo:");
        import_session(other, #{ CommandName: "Get-User" });
        show_module(import_session(s, #{ CommandName: ["Get-User", "Get-Recipient"], Prefix: "Ex" }));
        get_ex_recipient(#{ Identity: "a", ErrorAction: "Ignore" });
        show_module(import_session(s, #{ CommandName: ["Get-User", "Get-Recipient"] }));
        show_module(import_session(s, #{ CommandName: "Get-User", AllowClobber: true }));
        remove_session(other);
        get_user(#{ Identity: "b", ErrorAction: "Ignore" });
    "#;
    let (asked, printed, said) = done(code);
    let expected = self::asked(&recorded.conversation);
    let own = |texts: &[String]| with(texts, "METADATA");
    assert_eq!(own(&asked)[1..], own(&expected)[..], "the first is the other session's");
    assert_eq!(imported(&printed), imported(&recorded.printed));
    assert!(recorded.printed.contains(&"warnings 1".to_owned()));
    let warnings: Vec<&String> =
        said.iter().filter(|line| line.starts_with("Warning: ") && line.contains("hide")).collect();
    assert_eq!(warnings.len(), 1, "one for all that was left out: {said:?}");
    assert!(warnings[0].contains("Get-User") && warnings[0].contains("AllowClobber"), "{warnings:?}");
}

#[test]
fn a_second_import_without_a_cache_asks_everything_again() {
    let Some(recorded) = recorded("import-twice") else { return };
    let code = r#"
        show_module(import_session(s, #{ CommandName: "Get-OrganizationConfig" }));
        show_module(import_session(s, #{ CommandName: "Get-OrganizationConfig", AllowClobber: true }));
        get_organization_config();
    "#;
    let (asked, printed, _) = done(code);
    assert_eq!(asked, self::asked(&recorded.conversation));
    assert_eq!(imported(&printed), imported(&recorded.printed));
}

#[test]
fn an_unknown_name_is_an_error_unless_something_else_was_found() {
    let Some(recorded) = recorded("import-unknown-name") else { return };
    let code = r#"
        for names in [["Get-NoSuchThing"], ["Get-User", "Get-NoSuchThing"], ["NoSuch*"]] {
            try { show_module(import_session(s, #{ CommandName: names })); } catch (e) { print("error: " + e.message); }
        }
    "#;
    let (asked, printed, _) = done(code);
    assert_eq!(asked, self::asked(&recorded.conversation));
    let kind = |line: &String| if line.starts_with("imported:") { line.clone() } else { "error".to_owned() };
    let expected: Vec<String> = recorded.printed.iter().map(kind).collect();
    assert_eq!(printed.iter().map(kind).collect::<Vec<_>>(), expected, "{printed:?}");
    assert!(printed[0].contains("Get-NoSuchThing") && printed[2].contains("NoSuch*"), "{printed:?}");
}

#[test]
fn an_endpoint_without_a_language_is_imported_from_and_called() {
    let Some(recorded) = recorded("restricted-import") else { return };
    let code = r#"
        let m = import_session(s, #{ CommandName: ["Get-Mailbox", "Set-Mailbox"], DisableNameChecking: true, AllowClobber: true });
        show_module(m);
        print(get_mailbox(#{ Identity: "bob" }).Alias);
        get_mailbox(#{ Identity: "nobody", ErrorAction: "SilentlyContinue" });
        set_mailbox("alice", #{ DisplayName: "x" });
    "#;
    let (asked, printed, _) = done(code);
    let mut expected = self::asked(&recorded.conversation);
    assert!(expected.pop().unwrap().ends_with("{ 1 + 1 }"), "exsh sends no scripts");
    let sorted = |texts: Vec<String>| texts.iter().map(|text| words(text)).collect::<Vec<_>>();
    assert_eq!(sorted(asked), sorted(expected));
    assert_eq!(printed, recorded.printed[..2]);
}

/// A call as its parts, in any order: a map has none.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    words.sort();
    words
}

#[test]
fn calls_carry_positions_names_switches_and_common_parameters_as_proxies_do() {
    let (Some(calls), Some(common)) = (recorded("proxy-calls"), recorded("proxy-streams-and-common")) else { return };
    let code = r#"
        import_session(s, #{ CommandName: ["Get-Mailbox", "Set-Mailbox", "Remove-Mailbox"] });
        get_mailbox();
        get_mailbox("bob");
        get_mailbox(#{ Identity: "nobody", ErrorAction: "SilentlyContinue" });
        get_mailbox("alice");
        try { get_mailbox("nobody", #{ ErrorAction: "Stop" }); } catch {}
        set_mailbox("alice", #{ DisplayName: "x", WhatIf: true });
        set_mailbox("alice", #{ DisplayName: "x", Confirm: false });
        remove_mailbox("alice", #{ Confirm: false });
    "#;
    let (asked, _, _) = done(code);
    let recorded: Vec<Vec<String>> = self::asked(&calls.conversation)
        .into_iter()
        .chain(self::asked(&common.conversation))
        .map(|text| words(&text))
        .collect();
    let own: Vec<&String> = asked.iter().filter(|text| text.starts_with("CREATE_PIPELINE")).collect();
    assert_eq!(own.len(), 8, "{asked:?}");
    for call in own {
        assert!(recorded.contains(&words(call)), "PowerShell's proxies never sent {call}\n{recorded:#?}");
    }
}
