//! Sessions from open to close: what is refused and why, and that nothing stays behind on any way out.

use std::time::Duration;

use exsh::script::ErrorKind;
use exsh::sim::{FaultPlan, SimOptions};

use super::screen::Bench;

const SIGN_IN: &[(&str, &str)] = &[("EXSH_USERNAME", SimOptions::ADMIN), ("EXSH_PASSWORD", SimOptions::PASSWORD)];

#[test]
fn the_three_steps_leave_no_session_behind() {
    let bench = Bench::with_environment(SIGN_IN);
    let sim = bench.simulator(SimOptions::default());
    let code = format!(
        r#"
        let session = new_session("{}", get_credential(), #{{ ConfigurationName: "Microsoft.Exchange", Authentication: "Basic" }});
        import_session(session);
        let found = get_mailbox(#{{ ResultSize: 3, WarningAction: "Ignore" }}).len();
        remove_session(session);
        remove_session(session);
        found
        "#,
        sim.url()
    );
    assert_eq!(bench.text(&code), "3");
    assert_eq!(sim.open_shells(), 0);
    assert_eq!(bench.text("get_session().len()"), "0");
}

#[test]
fn a_redirect_is_followed_with_a_warning_when_allowed_and_refused_with_a_hint_when_not() {
    let bench = Bench::with_environment(SIGN_IN);
    let sim = bench.simulator(SimOptions { redirect: true, ..SimOptions::default() });
    let open =
        |options: &str| format!("let s = new_session(\"{}\", get_credential(), #{{ {options} }}); s.State", sim.url());
    let error = bench.eval(&open("")).unwrap_err();
    assert!(error.diagnostic.hints[0].contains("AllowRedirection"), "{error:?}");
    assert_eq!(error.position, Some((1, 9)));
    assert_eq!(bench.text(&open("allow_redirection: true")), "Opened");
    let said = bench.screen.said.lock().unwrap().clone();
    assert!(said.iter().any(|line| line.starts_with("Warning:") && line.contains("redirected")), "{said:?}");
}

#[test]
fn a_wrong_password_is_a_sign_in_error_and_opens_nothing() {
    let bench = Bench::with_environment(&[("EXSH_USERNAME", SimOptions::ADMIN), ("EXSH_PASSWORD", "wrong")]);
    let sim = bench.simulator(SimOptions::default());
    let error = bench.eval(&format!("new_session(\"{}\", get_credential())", sim.url())).unwrap_err();
    assert_eq!(error.kind, ErrorKind::SignIn);
    assert_eq!(error.kind.exit_code(), 4);
    assert!(!format!("{error:?}").contains("wrong"), "{error:?}");
    assert_eq!(sim.open_shells(), 0);
}

#[test]
fn a_user_without_a_role_lacks_its_cmdlets_and_is_told_so() {
    let bench =
        Bench::with_environment(&[("EXSH_USERNAME", SimOptions::HELP_DESK), ("EXSH_PASSWORD", SimOptions::PASSWORD)]);
    let sim = bench.simulator(SimOptions::default());
    let code = format!(
        "let s = new_session(\"{}\", get_credential()); import_session(s); get_mailbox(\"bob\");\nset_mailbox(\"bob\", #{{ CustomAttribute1: \"x\" }})",
        sim.url()
    );
    let error = bench.eval(&code).unwrap_err();
    assert_eq!(error.position, Some((2, 1)));
    let hints = error.diagnostic.hints.join("\n");
    assert!(hints.contains("the roles of helpdesk@contoso.com do not include it"), "{error:?}");
}

#[test]
fn one_session_too_many_is_refused_in_words() {
    let bench = Bench::with_environment(SIGN_IN);
    let sim = bench.simulator(SimOptions { sessions_per_user: 2, ..SimOptions::default() });
    let code = format!("let c = get_credential(); for i in 0..3 {{ new_session(\"{}\", c); }}", sim.url());
    let error = bench.eval(&code).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Script);
    assert!(!error.diagnostic.hints.is_empty(), "{error:?}");
    assert_eq!(bench.text("get_session().len()"), "2");
    bench.host.close_all_sessions(Duration::from_secs(10));
    assert_eq!(sim.open_shells(), 0);
}

#[test]
fn every_way_out_leaves_no_session_behind() {
    for (way, code) in [
        ("the end", "1"),
        ("an error", "throw \"oops\""),
        ("exit", "exit(3)"),
        ("a cmdlet's error", "get_mailbox(\"nobody\", #{ ErrorAction: \"Stop\" })"),
        ("an open stream", "let n = stream(s, \"Get-Mailbox\"); for m in n { break; } 1"),
        ("a stream never read", "let n = stream(s, \"Get-Mailbox\"); n"),
    ] {
        let bench = Bench::with_environment(SIGN_IN);
        let sim = bench.simulator(SimOptions::default());
        let begin = format!("let s = new_session(\"{}\", get_credential()); import_session(s);", sim.url());
        let _ = bench.eval(&format!("{begin} {code}"));
        assert!(sim.counters().shells_created >= 1, "{way}");
        drop(bench.host);
        assert_eq!(sim.open_shells(), 0, "{way}");
    }
}

#[test]
fn an_interrupt_stops_the_pipeline_and_the_host_stays_usable() {
    let bench = Bench::with_environment(SIGN_IN);
    let sim = bench.simulator(SimOptions { mailboxes: 5_000, ..SimOptions::default() });
    let (listener, heard) = std::sync::mpsc::channel();
    *bench.screen.listener.lock().unwrap() = Some(listener);
    let host = bench.host.clone();
    let interrupter = std::thread::spawn(move || {
        for line in heard {
            if line == "now" {
                host.interrupt();
            }
        }
    });
    bench
        .host
        .repl_line(&format!("let s = new_session(\"{}\", get_credential()); import_session(s);", sim.url()))
        .unwrap();
    let line = "let n = 0; for m in stream(s, \"Get-Mailbox\", #{ ResultSize: \"Unlimited\" }) { n += 1; if n == 2 { print(\"now\"); } }";
    let error = bench.host.repl_line(line).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Interrupted);
    assert_eq!(error.kind.exit_code(), 130);
    assert_eq!(bench.host.repl_line("get_mailbox(\"bob\").Alias").unwrap().value.to_string(), "bob");
    *bench.screen.listener.lock().unwrap() = None;
    interrupter.join().unwrap();
    bench.host.close_all_sessions(Duration::from_secs(10));
    assert_eq!(sim.open_shells(), 0);
}

#[test]
fn basic_switched_off_in_the_configuration_is_said_before_anything_is_sent() {
    let bench = Bench::with_policy(SIGN_IN, |policy| policy.basic_enabled = false);
    let sim = bench.simulator(SimOptions::default());
    let error = bench.eval(&format!("new_session(\"{}\", get_credential())", sim.url())).unwrap_err();
    assert!(error.diagnostic.hints.iter().any(|hint| hint.contains("config set auth.basic true")), "{error:?}");
    assert_eq!(sim.counters().requests, 0);
}

#[test]
fn mistakes_in_new_session_are_told_before_anything_is_sent() {
    let bench = Bench::new();
    for (code, part) in [
        ("new_session(\"mail.contoso.com\", demo_credential())", "not an absolute URI"),
        ("new_session(\"http://mail.contoso.com/PowerShell/\", demo_credential())", "readable"),
        ("new_session(\"https://mail.contoso.com/PowerShell/\")", "credential"),
        ("new_session(\"https://mail.contoso.com/PowerShell/\", \"ann\")", "credential"),
        ("new_session(\"exchange-online\", demo_credential())", "Exchange"),
        (
            "new_session(\"https://mail.contoso.com/PowerShell/\", demo_credential(), #{ Authentication: \"Kerberos\" })",
            "Kerberos",
        ),
        ("new_session_option(#{ IdleTimeout: 5 })", "60000"),
        ("new_session_option(#{ OpenTimeout: \"x\" })", "OpenTimeout"),
        ("new_session_option(#{ ProxyCredential: demo_credential() })", "ProxyAccessType"),
        (
            "new_session_option(#{ SkipCACheck: true, SkipCN: true, skip_revocation_check: true, Culture: \"de-DE\" }); \"fine\"",
            "fine",
        ),
        ("new_session_option(#{ Skip: true })", "may mean"),
    ] {
        let text = bench.text(code).replace("Microsoft 365", "Exchange");
        assert!(text.contains(part), "{code}: {text}");
    }
}

#[test]
fn a_session_shows_itself_and_can_be_found_again() {
    let bench = Bench::new();
    let code = r#"
        let s = new_session("demo:", #{ Name: "work" });
        [s.Name, s.State, s.Availability, s.ConfigurationName, get_session("work") == s, get_session(s.Id) == s]
    "#;
    assert_eq!(bench.text(code), "[work, Opened, Available, Microsoft.Exchange, true, true]");
}

#[test]
fn a_panic_in_a_native_function_is_an_error_and_the_sessions_are_still_removed() {
    let bench = Bench::with_options(SIGN_IN, |options| {
        options.extensions.push(std::sync::Arc::new(|engine| {
            engine.register_fn("explode", || panic!("on purpose"));
        }));
    });
    let sim = bench.simulator(SimOptions::default());
    let code = format!("let s = new_session(\"{}\", get_credential()); explode();", sim.url());
    let error = bench.eval(&code).unwrap_err();
    assert_eq!(error.diagnostic.code, "script::internal");
    assert_eq!(sim.open_shells(), 1);
    assert_eq!(bench.text("get_session()[0].get_mailbox(\"bob\").Alias"), "bob");
    drop(bench.host);
    assert_eq!(sim.open_shells(), 0);
}

#[test]
fn a_lost_session_is_opened_again_for_the_next_call_and_the_lost_call_is_not_repeated() {
    let bench = Bench::with_environment(SIGN_IN);
    let faults = FaultPlan::parse("command#3:gone-shell").unwrap();
    let sim = bench.simulator(SimOptions { faults, ..SimOptions::default() });
    let code = format!(
        r#"
        let s = new_session("{}", get_credential()); import_session(s, #{{ CommandName: "Get-Mailbox" }});
        let r = get_mailbox("bob").Alias;
        try {{ get_mailbox("bob"); r += "?"; }} catch (e) {{ r += "|" + e.message.contains("lost"); }}
        r + "|" + get_mailbox("alice").Alias
        "#,
        sim.url()
    );
    assert_eq!(bench.text(&code), "bob|true|alice");
    let said = bench.screen.said.lock().unwrap().clone();
    assert!(said.iter().any(|line| line.starts_with("Status:") && line.contains("opening it again")), "{said:?}");
    drop(bench.host);
    assert_eq!(sim.open_shells(), 0);
}

#[test]
fn what_if_read_only_and_yes_are_added_to_every_call_that_needs_them() {
    let code = "let s = new_session(\"demo:\"); import_session(s); set_mailbox(\"bob\", #{ CustomAttribute1: \"x\" }); get_mailbox(\"bob\").CustomAttribute1";
    assert_eq!(Bench::with_policy(&[], |policy| policy.what_if = true).text(code), "");
    assert_eq!(Bench::with_policy(&[], |policy| policy.yes = true).text(code), "x");
    let refused = Bench::with_policy(&[], |policy| policy.read_only = true).text(code);
    assert!(refused.contains("Set-Mailbox may change something"), "{refused}");
}

#[test]
fn the_script_of_the_three_steps_runs_against_the_demo_organization_and_a_given_server() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/three_steps.rhai");
    let bench = Bench::with_environment(SIGN_IN);
    bench.run_file(path.as_ref(), &[]).unwrap();
    assert_eq!(bench.printed().len(), 10);
    let sim = bench.simulator(SimOptions { mailboxes: 30, redirect: true, ..SimOptions::default() });
    bench.run_file(path.as_ref(), &[sim.url()]).unwrap();
    assert_eq!(bench.printed().len(), 10);
    assert_eq!(sim.open_shells(), 0);
}

/// facts/remoting.md 6.2: without the metadata message, `Get-Command | Select-Object` in an ordinary pipeline.
#[test]
fn a_server_without_the_metadata_message_is_asked_for_its_cmdlets_in_a_pipeline() {
    let bench = Bench::with_environment(SIGN_IN);
    let sim = bench.simulator(SimOptions { metadata_message: false, ..SimOptions::default() });
    let code = format!(
        r#"let session = new_session("{}", get_credential());
           import_session(session, #{{ CommandName: ["*-Mailbox"] }});
           print(get_mailbox("alice").Alias); print(command_exists("Get-User"))"#,
        sim.url()
    );
    bench.eval(&code).unwrap();
    assert_eq!(bench.printed(), ["alice", "false"]);
}
