//! What an import keeps for the next one: nothing is asked twice, nothing stale stays, nothing secret is written.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use exsh::config::Cache;
use exsh::sim::{SimOptions, SimUser};

use super::screen::Bench;

const SIGN_IN: &[(&str, &str)] = &[("EXSH_USERNAME", SimOptions::ADMIN), ("EXSH_PASSWORD", SimOptions::PASSWORD)];
const NEVER: Duration = Duration::from_hours(1);

fn bench(folder: &Path, check_after: Duration) -> Bench {
    Bench::with_options(SIGN_IN, |options| {
        options.cache = Some(Cache::at(folder.to_owned()));
        options.check_after = check_after;
    })
}

fn import(url: &str, more: &str) -> String {
    format!("let s = new_session(\"{url}\", get_credential()); import_session(s); {more}")
}

fn the_file(folder: &Path) -> std::path::PathBuf {
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.into_iter().next().unwrap()
}

fn heard(said: &Receiver<String>, part: &str) -> String {
    loop {
        let line = said.recv_timeout(Duration::from_secs(60)).unwrap();
        if line.contains(part) {
            return line;
        }
    }
}

/// A simulated organization where the administrator has these role groups, at a port of its own or a given one.
fn organization(bench: &Bench, role_groups: &[&str], listen: Option<&str>) -> exsh::sim::SimHandle {
    let users = vec![SimUser::new(SimOptions::ADMIN, SimOptions::PASSWORD, role_groups)];
    let mut options = SimOptions { users, ..SimOptions::default() };
    if let Some(url) = listen {
        let address = url.split('/').nth(2).unwrap();
        options.listen = address.parse().unwrap();
    }
    bench.simulator(options)
}

#[test]
fn a_second_import_asks_the_server_nothing_and_brings_the_same_functions() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let server = Bench::new();
    let sim = organization(&server, &["Organization Management"], None);
    let names = "get_command().map(|c| c.Function + c.Parameters.len())";
    let first = bench(&cache, NEVER).text(&import(sim.url(), names));
    assert!(first.contains("get_mailbox"), "{first}");
    let commands = sim.counters().pipelines_started;
    assert_eq!(bench(&cache, NEVER).text(&import(sim.url(), names)), first);
    assert_eq!(sim.counters().pipelines_started, commands, "no pipeline ran for the second import");
    assert_eq!(bench(&cache, NEVER).text(&import(sim.url(), "get_mailbox(\"bob\").Alias")), "bob");
    // who asks for something else is not served from it
    let some = format!(
        "let s = new_session(\"{}\", get_credential()); import_session(s, #{{ CommandName: \"*-User\" }}).len()",
        sim.url()
    );
    assert_eq!(bench(&cache, NEVER).text(&some), "2");
}

#[test]
fn what_is_kept_is_readable_by_its_owner_only_and_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(folder.path(), NEVER);
    let sim = organization(&bench, &["Organization Management"], None);
    bench.eval(&import(sim.url(), "")).unwrap();
    let file = the_file(folder.path());
    let text = std::fs::read_to_string(&file).unwrap();
    for secret in [SimOptions::PASSWORD, SimOptions::ADMIN, "127.0.0.1"] {
        assert!(!text.contains(secret) && !file.to_string_lossy().contains(secret), "{secret}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_damaged_file_is_as_good_as_none_and_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let server = Bench::new();
    let sim = organization(&server, &["Organization Management"], None);
    bench(folder.path(), NEVER).eval(&import(sim.url(), "")).unwrap();
    let file = the_file(folder.path());
    let good = std::fs::read(&file).unwrap();
    for bad in [&good[..good.len() / 2], b"", b"not even JSON"] {
        std::fs::write(&file, bad).unwrap();
        let bench = bench(folder.path(), NEVER);
        assert_eq!(bench.text(&import(sim.url(), "get_mailbox(\"bob\").Alias")), "bob");
        assert_eq!(std::fs::read(&file).unwrap(), good);
        let said = bench.screen.said.lock().unwrap().clone();
        assert!(!said.iter().any(|line| line.starts_with("Warning")), "{said:?}");
    }
}

/// The server is the same to the eye; what the user may do has changed since.
#[test]
fn a_changed_role_set_is_noticed_behind_the_scenes_and_the_functions_follow() {
    let folder = tempfile::tempdir().unwrap();
    let server = Bench::new();
    let sim = organization(&server, &["Help Desk"], None);
    let url = sim.url().to_owned();
    let has = "[command_exists(\"get_mailbox\"), command_exists(\"set_mailbox\"), command_exists(\"set_user\")]";
    assert_eq!(bench(folder.path(), NEVER).text(&import(&url, has)), "[true, false, true]");
    server.shut_down(sim);
    let sim = organization(&server, &["View-Only Organization Management"], Some(&url));
    let bench = bench(folder.path(), Duration::from_millis(20));
    let (listener, said) = channel();
    *bench.screen.listener.lock().unwrap() = Some(listener);
    bench.host.repl_line(&import(&url, "")).unwrap();
    let told = heard(&said, "offers other cmdlets");
    assert!(told.starts_with("Status: ") && told.contains("gone: Set-CASMailbox, Set-User"), "{told}");
    assert_eq!(bench.host.repl_line(has).unwrap().value.to_string(), "[true, false, false]");
    assert_eq!(bench.host.repl_line("get_mailbox(\"bob\").Alias").unwrap().value.to_string(), "bob");
    server.shut_down(sim);
    let sim = organization(&server, &["Organization Management"], Some(&url));
    let bench = self::bench(folder.path(), Duration::from_millis(20));
    let (listener, said) = channel();
    *bench.screen.listener.lock().unwrap() = Some(listener);
    bench.host.repl_line(&import(&url, "")).unwrap();
    assert!(heard(&said, "offers other cmdlets").contains(" new: "));
    let outcome = bench
        .host
        .repl_line("set_mailbox(\"bob\", #{ CustomAttribute1: \"x\" }); get_mailbox(\"bob\").CustomAttribute1");
    assert_eq!(outcome.unwrap().value.to_string(), "x");
    drop(bench);
    assert_eq!(sim.open_shells(), 0);
}

#[test]
fn a_call_never_waits_behind_the_check_nor_fails_because_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Bench::new();
    let sim = organization(&server, &["Organization Management"], None);
    bench(folder.path(), NEVER).eval(&import(sim.url(), "")).unwrap();
    let bench = bench(folder.path(), Duration::from_millis(5));
    let code = "let n = 0; for i in 0..40 { n += get_mailbox(\"bob\").len(); sleep(0.003); } n";
    assert_eq!(bench.text(&import(sim.url(), code)), "40");
    drop(bench);
    assert_eq!(sim.open_shells(), 0);
}

#[test]
fn a_server_that_does_not_know_what_the_cache_says_is_asked_anew() {
    let folder = tempfile::tempdir().unwrap();
    let server = Bench::new();
    let sim = organization(&server, &["Organization Management"], None);
    let url = sim.url().to_owned();
    bench(folder.path(), NEVER).eval(&import(&url, "")).unwrap();
    server.shut_down(sim);
    let _sim = organization(&server, &["Help Desk"], Some(&url));
    let bench = bench(folder.path(), NEVER);
    let text = bench.text(&import(&url, "set_mailbox(\"bob\", #{ CustomAttribute1: \"x\" })"));
    assert!(text.starts_with("error: "), "{text}");
    let said = bench.screen.said.lock().unwrap().clone();
    assert!(said.iter().any(|line| line.starts_with("Warning: ") && line.contains("out of date")), "{said:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "what was wrong is forgotten");
}

/// README: without the cache, nothing is written either.
#[test]
fn without_a_cache_every_import_asks() {
    let server = Bench::new();
    let sim = organization(&server, &["Organization Management"], None);
    Bench::with_environment(SIGN_IN).eval(&import(sim.url(), "")).unwrap();
    let commands = sim.counters().pipelines_started;
    Bench::with_environment(SIGN_IN).eval(&import(sim.url(), "")).unwrap();
    assert!(sim.counters().pipelines_started > commands);
}
