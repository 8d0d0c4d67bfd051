//! Cmdlet calls from every place of the language, against the simulated organization over real HTTP.

use super::screen::Bench;

/// A session with the demo organization, imported.
const PRELUDE: &str = "let s = new_session(\"demo:\"); import_session(s); ";

/// Each check is code that must be true after the prelude.
fn all_true(bench: &Bench, checks: &[(&str, &str)]) {
    for (what, code) in checks {
        assert_eq!(bench.text(&format!("{PRELUDE} let ok = {{ {code} }}; remove_session(s); ok")), "true", "{what}");
    }
}

#[test]
fn an_imported_cmdlet_can_be_called_wherever_a_function_can() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mod1.rhai"), "fn alias(x) { get_mailbox(x).Alias }").unwrap();
    std::fs::write(folder.path().join("mod2.rhai"), "export const N = get_mailbox(\"bob\").len();").unwrap();
    let path = folder.path().join("matrix.rhai");
    let script = r#"
        fn in_function(x) { get_mailbox(x).Alias }
        fn check(what, ok) { if !ok { throw what; } }
        let s = new_session("demo:");
        let early = Fn("get_mailbox");
        import_session(s);
        check("top level", get_mailbox("bob").Alias == "bob");
        check("function", in_function("bob") == "bob");
        let closure = |x| get_mailbox(x);
        check("closure", closure.call("bob").Alias == "bob");
        check("Fn", Fn("get_mailbox").call("bob").Alias == "bob");
        check("Fn made before the import", early.call("bob").Alias == "bob");
        check("curry", Fn("get_mailbox").curry("bob").call().Alias == "bob");
        check("map with Fn", ["alice", "bob"].map(Fn("get_mailbox")).len() == 2);
        check("map with closure", ["alice", "bob"].map(|x| get_mailbox(x).Alias) == ["alice", "bob"]);
        let m = get_mailbox("bob");
        check("method on results", m.get_mailbox_statistics().len() == 1);
        check("method on a record", m[0].get_mailbox_statistics().len() == 1);
        check("method chain", get_mailbox("bob").get_mailbox_statistics().len() == 1);
        check("method on a session", s.get_mailbox("bob").Alias == "bob");
        check("eval", eval("get_mailbox(\"bob\")").Alias == "bob");
        import "mod1" as m1;
        check("module function", m1::alias("bob") == "bob");
        import "mod2" as m2;
        check("module body", m2::N == 1);
        check("interpolation", `${get_mailbox("bob").Alias}` == "bob");
        let kept = "bob"; let keep = || kept;
        check("shared variable", get_mailbox(kept).Alias == "bob" && keep.call() == "bob");
        const NAME = "bob";
        check("constant", get_mailbox(NAME).Alias == "bob");
        check("elvis", { let none = (); (none?.get_mailbox("bob") ?? 1) == 1 });
        let table = #{ find: Fn("get_mailbox") };
        check("function in a map", table.find.call("bob").Alias == "bob");
        remove_session(s);
        try { closure.call("bob"); throw "still there"; } catch (e) { check("gone", e.message.contains("was removed")); }
    "#;
    std::fs::write(&path, script).unwrap();
    let bench = Bench::new();
    if let Err(error) = bench.run_file(&path, &[]) {
        panic!("{error}: {:?}", error.diagnostic.hints);
    }
}

#[test]
fn a_function_of_the_script_wins_over_a_cmdlet() {
    let bench = Bench::new();
    let code = format!("fn get_mailbox(x) {{ \"mine\" }} {PRELUDE} get_mailbox(\"bob\")");
    assert_eq!(bench.text(&code), "mine");
}

#[test]
fn arguments_go_by_position_by_name_and_both() {
    let bench = Bench::new();
    all_true(
        &bench,
        &[
            ("none", "get_mailbox(#{ ResultSize: \"Unlimited\" }).len() == 25"),
            ("positional", "get_mailbox(\"bob\").Alias == \"bob\""),
            ("named", "get_mailbox(#{ Identity: \"bob\" }).Alias == \"bob\""),
            ("any case", "get_mailbox(#{ iDENTITY: \"bob\" }).Alias == \"bob\""),
            ("snake case", "get_mailbox(#{ result_size: 2, warning_action: \"Ignore\" }).len() == 2"),
            ("prefix", "get_mailbox(#{ Ident: \"bob\" }).Alias == \"bob\""),
            ("both", "get_mailbox(\"bob\", #{ ResultSize: 5 }).Alias == \"bob\""),
            ("a record as identity", "get_mailbox(#{ Identity: get_mailbox(\"bob\") }).Alias == \"bob\""),
        ],
    );
}

#[test]
fn values_of_every_kind_reach_the_server_and_come_back() {
    let bench = Bench::new();
    all_true(
        &bench,
        &[
            (
                "text",
                "set_mailbox(\"bob\", #{ CustomAttribute1: \"ä <&> _x0041_\" }); get_mailbox(\"bob\").CustomAttribute1 == \"ä <&> _x0041_\"",
            ),
            (
                "bool",
                "set_mailbox(\"bob\", #{ HiddenFromAddressListsEnabled: true }); get_mailbox(\"bob\").HiddenFromAddressListsEnabled",
            ),
            (
                "size",
                "set_mailbox(\"bob\", #{ IssueWarningQuota: gb(1), ProhibitSendQuota: gb(2), ProhibitSendReceiveQuota: gb(3), UseDatabaseQuotaDefaults: false }); get_mailbox(\"bob\").ProhibitSendQuota == gb(2)",
            ),
            (
                "list",
                "set_mailbox(\"bob\", #{ EmailAddresses: [\"SMTP:bob@contoso.com\", \"smtp:b@contoso.com\"] }); get_mailbox(\"bob\").EmailAddresses.len() == 2",
            ),
            (
                "map",
                "set_mailbox(\"bob\", #{ EmailAddresses: #{ Add: \"smtp:c@contoso.com\" } }); \"smtp:c@contoso.com\" in get_mailbox(\"bob\").EmailAddresses",
            ),
            (
                "credential",
                "new_mailbox(#{ Name: \"Zed\", UserPrincipalName: \"zed@contoso.com\", Password: demo_credential() }).Name == \"Zed\"",
            ),
            ("unit", "set_mailbox(\"bob\", #{ CustomAttribute1: () }); get_mailbox(\"bob\").CustomAttribute1 == \"\""),
        ],
    );
}

#[test]
fn records_flow_into_the_pipeline_of_the_next_cmdlet() {
    let bench = Bench::new();
    all_true(
        &bench,
        &[
            (
                "results",
                "get_mailbox(#{ ResultSize: 3, WarningAction: \"Ignore\" }).get_mailbox_statistics().len() == 3",
            ),
            (
                "a change to each",
                "[get_mailbox(\"bob\"), get_mailbox(\"alice\")].set_mailbox(#{ CustomAttribute2: \"y\" }); get_mailbox(\"alice\").CustomAttribute2 == \"y\"",
            ),
            (
                "a filtered array",
                "get_mailbox().filter(|m| m.Alias == \"bob\").set_mailbox(#{ CustomAttribute3: \"z\" }); get_mailbox(\"bob\").CustomAttribute3 == \"z\"",
            ),
            ("an array of names", "[\"alice\", \"bob\"].get_mailbox().len() == 2"),
            (
                "a stream of the same session",
                "stream(s, \"Get-Mailbox\").filter(|m| m.Alias < \"c\").get_mailbox_statistics().len() > 2",
            ),
            (
                "on the server",
                "pipeline(s).add(\"Get-Mailbox\", #{ ResultSize: 2, WarningAction: \"Ignore\" }).add(\"Get-MailboxStatistics\").invoke().len() == 2",
            ),
            (
                "on the server, streamed",
                "pipeline(s).add(\"get_mailbox\", #{ Identity: \"bob\" }).add(\"get_mailbox_statistics\").stream().count() == 1",
            ),
        ],
    );
}

#[test]
fn a_stream_can_be_left_and_the_session_used_again_even_inside_the_loop() {
    let bench = Bench::new();
    all_true(
        &bench,
        &[
            (
                "left early",
                "let n = 0; for m in stream(s, \"Get-Mailbox\") { n += 1; if n == 3 { break; } } n == 3 && get_mailbox(\"bob\").len() == 1",
            ),
            (
                "calls inside the loop",
                "let n = 0; for m in stream(s, \"Get-Mailbox\") { n += get_mailbox(m.Alias).len(); } n == 25",
            ),
            (
                "calls inside a filter",
                "stream(s, \"Get-Mailbox\").filter(|m| get_mailbox_statistics(m.Alias).ItemCount >= 0).count() == 25",
            ),
            ("take", "stream(s, \"Get-Mailbox\").take(4).map(|m| m.Alias).to_array().len() == 4"),
        ],
    );
}

#[test]
fn a_reported_error_is_shown_and_kept_and_stop_throws_it() {
    let bench = Bench::new();
    all_true(
        &bench,
        &[
            (
                "shown and kept",
                "clear_errors(); get_mailbox(\"nobody\").is_empty() && last_errors().len() == 1 && last_errors()[0].cmdlet == \"Get-Mailbox\" && last_errors()[0].error_id.contains(\"ManagementObjectNotFoundException\")",
            ),
            (
                "ignored",
                "clear_errors(); get_mailbox(\"nobody\", #{ ErrorAction: \"Ignore\" }); last_errors().len() == 0",
            ),
            (
                "thrown",
                "let caught = (); try { get_mailbox(\"nobody\", #{ ErrorAction: \"Stop\" }); } catch (e) { caught = e; } caught.message.contains(\"nobody\") && caught.cmdlet == \"Get-Mailbox\" && \"category\" in caught && \"target\" in caught && caught.line == 1 && caught.position > 1",
            ),
        ],
    );
    let said = bench.screen.said.lock().unwrap().clone();
    assert_eq!(said.iter().filter(|line| line.starts_with("Error: Get-Mailbox:")).count(), 1, "{said:?}");
}

#[test]
fn an_uncaught_cmdlet_error_points_at_its_call() {
    let bench = Bench::new();
    let code = format!("{PRELUDE}\n  get_mailbox(\"nobody\", #{{ ErrorAction: \"Stop\" }});");
    let error = bench.eval(&code).unwrap_err();
    assert_eq!(error.position, Some((2, 3)));
    assert!(error.cmdlet.as_ref().unwrap().error_id.contains("ManagementObjectNotFoundException"));
    assert_eq!(error.kind.exit_code(), 1);
}

#[test]
fn misspelt_cmdlets_parameters_and_properties_are_answered_with_the_right_ones() {
    for (code, hint, position) in [
        ("get_mailbx(\"bob\")", "did you mean get_mailbox?", (2, 1)),
        ("get_mailbox(#{ Identiti: \"bob\" })", "did you mean Identity?", (2, 16)),
        ("get_mailbox(\"bob\").DisplayNam", "did you mean DisplayName?", (2, 20)),
        ("new_session(\"demo:\", #{ AllowRedirectio: true, Nam: 1, Nome: 2 })", "", (2, 1)),
    ] {
        let error = Bench::new().eval(&format!("{PRELUDE}\n{code}")).unwrap_err();
        assert_eq!(error.position, Some(position), "{code}: {error:?}");
        assert!(hint.is_empty() || error.diagnostic.hints[0] == hint, "{code}: {:?}", error.diagnostic);
    }
    let error = Bench::new().eval("get_mailbox(\"bob\")").unwrap_err();
    assert!(error.diagnostic.hints[0].contains("import_session"), "{:?}", error.diagnostic);
}

#[test]
fn two_sessions_stand_side_by_side_with_prefixes() {
    let bench = Bench::new();
    let code = r#"
        let a = new_session("demo:"); import_session(a, #{ Prefix: "Exo", CommandName: "*-Mailbox" });
        let b = new_session("demo:"); import_session(b, #{ prefix: "onprem", CommandName: ["Get-Mailbox"] });
        let both = get_exo_mailbox("bob").Alias + get_onprem_mailbox("alice").Alias + a.get_mailbox("bob").len();
        remove_session(a);
        try { get_exo_mailbox("bob"); both += "?"; } catch (e) { both += "-"; }
        both + get_onprem_mailbox("bob").Alias
    "#;
    assert_eq!(bench.text(code), "bobalice1-bob");
}

#[test]
fn a_second_import_hides_nothing_unless_told_to() {
    let bench = Bench::new();
    let code = r#"
        let a = new_session("demo:"); let first = import_session(a, #{ CommandName: "Get-Mailbox" });
        let again = import_session(a, #{ CommandName: "Get-Mailbox" });
        let b = new_session("demo:");
        let r = [];
        try { import_session(b, #{ CommandName: "Get-Mailbox" }); } catch (e) { r.push(e.message.contains("hide")); }
        r.push(import_session(b, #{ CommandName: ["Get-Mailbox", "Get-User"] }).ExportedCommands == ["Get-User"]);
        r.push(import_session(b, #{ CommandName: "Get-Mailbox", AllowClobber: true }).contains("get_mailbox"));
        r.push(first.Name == again.Name && first.session == a);
        r
    "#;
    assert_eq!(bench.text(code), "[true, true, true, true]");
    let said = bench.screen.said.lock().unwrap().clone();
    assert!(
        said.iter().any(|line| line.starts_with("Warning: these cmdlets would hide") && line.contains("Get-Mailbox"))
    );
}

#[test]
fn an_import_tells_how_far_it_is_and_ends_its_progress() {
    let bench = Bench::new();
    bench.eval("import_session(new_session(\"demo:\"))").unwrap();
    let said = bench.screen.said.lock().unwrap().clone();
    let progress: Vec<&String> = said.iter().filter(|line| line.starts_with("Progress: importing")).collect();
    assert!(progress.first().unwrap().ends_with("asking for cmdlets"), "{said:?}");
    assert!(progress.last().unwrap().ends_with("completed"), "{said:?}");
}

#[test]
fn commands_can_be_looked_up_by_pattern() {
    let bench = Bench::new();
    all_true(
        &bench,
        &[
            (
                "pattern",
                "get_command(\"*-mailbox\").some(|c| c.Function == \"set_mailbox\" && \"Identity\" in c.Parameters)",
            ),
            (
                "exists",
                "command_exists(\"get_mailbox\") && command_exists(\"Get-Mailbox\") && command_exists(\"print\") && !command_exists(\"get_nothing\")",
            ),
        ],
    );
}

#[test]
fn a_prompt_keeps_imported_cmdlets_from_line_to_line() {
    let bench = Bench::new();
    for (line, expected) in [
        ("let s = new_session(\"demo:\");", ""),
        ("import_session(s);", ""),
        ("let f = |x| get_mailbox(x).Alias;", ""),
        ("f.call(\"bob\")", "bob"),
        ("fn g(x) { get_mailbox(x).Alias }", ""),
        ("g(\"alice\")", "alice"),
        ("[\"bob\"].map(get_mailbox).len()", "1"),
        ("remove_session(s);", ""),
    ] {
        let got = match bench.host.repl_line(line) {
            Ok(outcome) if outcome.is_quiet => String::new(),
            Ok(outcome) => outcome.value.to_string(),
            Err(error) => format!("error: {}", error.diagnostic.message),
        };
        assert_eq!(got, expected, "{line}");
    }
    let error = bench.host.repl_line("f.call(\"bob\")").unwrap_err();
    assert!(error.diagnostic.message.contains("was removed"), "{error:?}");
    assert!(error.diagnostic.labels.is_empty(), "the call stands in an earlier line: {error:?}");
}

/// PowerShell prints an empty column without a word (facts/formatting.md 4.5); here the column stays, and a word is said.
#[test]
fn columns_that_nothing_has_stay_empty_and_are_told_with_the_near_name() {
    let bench = Bench::new();
    let said = |code: &str| {
        bench.screen.said.lock().unwrap().clear();
        bench.text(&format!("{PRELUDE} {code}; remove_session(s);"));
        let said = bench.screen.said.lock().unwrap().clone();
        said.into_iter().filter(|line| line.contains("there is no property")).collect::<Vec<_>>()
    };
    let warned = ["Warning: there is no property Nmae; did you mean Name?"];
    assert_eq!(said("table(get_mailbox(\"bob\"), [\"Nmae\", \"Alias\"])"), warned);
    assert_eq!(said("list(get_mailbox(\"bob\"), \"Nmae\")"), warned);
    assert_eq!(said("table(get_mailbox(\"bob\"), [\"Nmae\", #{ Name: \"X\", Expression: |it| it.Alias }])"), warned);
    assert_eq!(said("table(get_mailbox(\"bob\"), [\"Alias\"], #{ GroupBy: \"Nmae\" })"), warned);
    assert_eq!(said("get_mailbox(\"bob\").select([\"Nmae\"])"), warned);
    assert_eq!(said("get_mailbox(\"bob\")[0].select([\"Nmae\"])"), warned);
    assert_eq!(said("[get_mailbox(\"bob\")[0]].select([\"Nmae\"], #{ First: 1 })"), warned);
    assert_eq!(said("for m in stream(s, \"Get-Mailbox\").select([\"Nmae\"]) { }"), warned, "once, at the end");
    let fine = [
        "table(get_mailbox(\"bob\"), [\"Name\", \"primary_smtp_address\", \"*Quota\"])",
        "table([record(#{ A: 1 }), record(#{ B: 2 })], [\"A\", \"B\"])",
        "get_mailbox(#{ Anr: \"nobody at all\" }).select([\"Nmae\"])",
        "get_mailbox(\"bob\").select([\"alias\", #{ Name: \"Nmae\", Expression: |it| 1 }])",
    ];
    for code in fine {
        assert_eq!(said(code), Vec::<String>::new(), "{code}");
    }
}

/// The binder of Exchange names the words of the enumeration; parameter-binding.md has the error's id.
#[test]
fn a_word_that_an_enumeration_lacks_is_refused_with_the_word_that_was_meant() {
    let bench = Bench::new();
    let code = "let told = (); try { get_mailbox(#{ RecipientTypeDetails: \"SharedMailbax\" }); } \
                catch (e) { told = e.error_id + \"|\" + e.hints[0]; } told";
    assert_eq!(
        bench.text(&format!("{PRELUDE} {code}")),
        "ParameterArgumentTransformationError,Get-Mailbox|did you mean \"SharedMailbox\"?"
    );
    let counted =
        |kinds: &str| bench.text(&format!("{PRELUDE} get_mailbox(#{{ RecipientTypeDetails: {kinds} }}).len()"));
    let both = counted("[\"SharedMailbox\", \"RoomMailbox\"]");
    assert_eq!(counted("\"sharedmailbox, roommailbox\""), both, "a list in one text, in any case");
    assert_eq!(counted("[\"SharedM\", \"RoomM\"]"), both, "beginnings that fit one word");
}
