//! `exsh doctor` against simulators that are set up wrong in many ways: the step that fails is the one that is wrong.
//!
//! The steps are the article's: configuration, name, port, certificate, endpoint, sign-in, rights, sessions.

use super::harness::{Exsh, Ran, Sim};

fn admin() -> Exsh {
    Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x")
}

/// The steps with a status, in their order.
fn steps(ran: &Ran, status: &str) -> Vec<String> {
    let lines = ran.stdout.lines().filter_map(|line| line.strip_prefix(status));
    lines.map(|line| line.trim_start().split("  ").next().unwrap().trim().to_owned()).collect()
}

/// Fails unless exactly that step fails, with these words in the output.
#[track_caller]
fn fails(ran: Ran, code: i32, step: &str, words: &[&str]) {
    let ran = ran.expect(code);
    assert_eq!(steps(&ran, "fail"), [step], "{}", ran.stdout);
    for word in words {
        assert!(ran.stdout.contains(word), "{word}:\n{}", ran.stdout);
    }
    assert!(!ran.stdout.contains("Passw0rd") && !ran.stderr.contains("Passw0rd"));
}

#[test]
fn a_server_without_trouble_passes_every_step_and_keeps_no_session() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let ran = exsh.run(&["doctor", &sim.url]).expect(0);
    let passed = ["address", "configuration", "name", "port", "endpoint", "sign-in", "remote PowerShell", "sessions"];
    assert_eq!(steps(&ran, "ok"), passed, "{}", ran.stdout);
    assert_eq!(steps(&ran, "skipped"), ["TLS"]);
    let counters = sim.stop();
    assert_eq!(counters["open_shells"], 0, "{counters}");
    let ran = Exsh::new().run(&["doctor"]).expect(0);
    assert_eq!(steps(&ran, "ok").len(), 8, "the demo organization is healthy: {}", ran.stdout);
}

#[test]
fn each_step_that_can_fail_on_the_way_is_told_apart() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let other_path = sim.url.replace("PowerShell", "owa");
    fails(exsh.run(&["doctor", &other_path]), 5, "endpoint", &["HTTP status 404", "hint: check the path"]);
    let encrypted = sim.url.replace("http:", "https:");
    fails(exsh.run(&["doctor", &encrypted]), 5, "TLS", &["no TLS connection", "scheme (http or https) fits the port"]);
    fails(exsh.run(&["doctor", "http://127.0.0.1:1/PowerShell/"]), 5, "port", &["refused the connection on port 1"]);
    // a label of more than 63 letters is no name: no name service is asked
    let long = format!("https://{}.example/PowerShell/", "a".repeat(70));
    fails(exsh.run(&["doctor", &long]), 5, "name", &["cannot be resolved", "skipped  sign-in"]);
    fails(
        exsh.run(&["doctor", "https://outlook.office365.com/powershell-liveid/"]),
        1,
        "address",
        &["what works instead"],
    );
    fails(exsh.run(&["doctor", "ftp://mail.contoso.com/"]), 1, "address", &["ftp"]);
    let sim_tls = Sim::start(&exsh, &["--tls"]);
    let ran = exsh.run(&["doctor", &sim_tls.url]);
    // a computer without any root certificates says that instead
    let word =
        if ran.stdout.contains("TLS cannot be set up") { "CA certificates" } else { "not signed by an authority" };
    fails(ran, 5, "TLS", &[word]);
    assert_eq!(sim.stop()["shells_created"], 0);
    exsh.run(&["config", "set", "auth.basic", "false"]).expect(0);
    let sim = Sim::start(&exsh, &[]);
    fails(exsh.run(&["doctor", &sim.url]), 1, "configuration", &["exsh config set auth.basic true"]);
}

#[test]
fn each_step_that_can_fail_after_the_sign_in_is_told_apart() {
    let exsh = admin();
    let wrong = Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "Passw0rd?");
    let sim = Sim::start(&exsh, &[]);
    fails(wrong.run(&["doctor", &sim.url]), 4, "sign-in", &["did not accept the sign-in of admin@contoso.com"]);
    let sim = Sim::start(&exsh, &["--redirect"]);
    fails(exsh.run(&["doctor", &sim.url]), 4, "sign-in", &["redirects the session to", "AllowRedirection"]);
    let sim = Sim::start(&exsh, &["--fault", "create#1:quota"]);
    fails(exsh.run(&["doctor", &sim.url]), 1, "sessions", &["remove_session"]);
    let sim = Sim::start(&exsh, &["--fault", "create#*:html"]);
    fails(exsh.run(&["doctor", &sim.url]), 5, "endpoint", &["an HTML page"]);
    let sim = Sim::start(&exsh, &["--user", "carla@contoso.com:Passw0rd!x:Stamp Collectors"]);
    let nobody = Exsh::new().with("EXSH_USERNAME", "carla@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x");
    fails(nobody.run(&["doctor", &sim.url]), 4, "remote PowerShell", &["management role", "ok       sign-in"]);
}

#[test]
fn the_last_session_is_a_warning_and_no_failure() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &["--sessions-per-user", "1"]);
    let ran = exsh.run(&["doctor", &sim.url]).expect(0);
    assert_eq!(steps(&ran, "warn"), ["sessions"], "{}", ran.stdout);
    assert_eq!(sim.stop()["open_shells"], 0);
}

#[test]
fn the_sessions_left_are_counted_as_far_as_a_server_lets_anybody_count_them() {
    let exsh = admin();
    for (allowed, found) in [("1", "1 can be opened now, the last one"), ("3", "3 can"), ("5", "5 or more can")] {
        let sim = Sim::start(&exsh, &["--sessions-per-user", allowed]);
        let ran = exsh.run(&["doctor", &sim.url]).expect(0);
        assert!(ran.stdout.contains(found), "{allowed}: {}", ran.stdout);
        assert_eq!(sim.stop()["open_shells"], 0);
    }
}

#[test]
fn findings_are_had_as_json_and_a_profile_decides_about_redirects() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &["--redirect"]);
    let path = exsh.run(&["config", "path"]).expect(0).stdout;
    exsh.run(&["config", "init"]).expect(0);
    let profile = format!("\n[profiles.prod]\nuri = \"{}\"\nallow_redirection = true\n", sim.url);
    let text = std::fs::read_to_string(path.trim()).unwrap() + &profile;
    std::fs::write(path.trim(), text).unwrap();
    let ran = exsh.run(&["doctor", "prod", "--json"]).expect(0);
    let findings: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let statuses: Vec<&str> = findings.as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["ok", "ok", "ok", "ok", "skipped", "ok", "ok", "ok", "ok"], "{findings:#}");
    assert_eq!(findings[6]["check"], "sign-in");
}
