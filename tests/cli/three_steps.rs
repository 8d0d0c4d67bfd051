//! The three steps against a simulated Exchange in another process: right result or right message each time, and no
//! shell left open on the server, whatever the way out.
//!
//! What each run must show is in the README; the number of open shells is the simulator's own count.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Child;

use super::harness::{Exsh, Ran, Sim, ran, signal};

const SCRIPT: &str = "scripts/three_steps.rhai";

fn admin() -> Exsh {
    Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x")
}

/// Signs in at `url`, imports, and does `work`.
fn session(url: &str, work: &str) -> String {
    format!(
        r#"let session = new_session("{url}", get_credential(), #{{ AllowRedirection: true }}); import_session(session); {work}"#
    )
}

#[track_caller]
fn nothing_left_open(sim: Sim) {
    let counters = sim.stop();
    assert_eq!(counters["open_shells"], 0, "{counters}");
    assert_eq!(counters["pipelines_running"], 0, "{counters}");
}

#[test]
fn the_recipe_prints_the_mailboxes_of_the_demo_organization() {
    let ran = Exsh::new().run(&["run", SCRIPT]).expect(0);
    assert!(ran.stdout.contains("Name"), "{}", ran.stdout);
    // A table view's header, its rule and ten rows.
    assert_eq!(ran.stdout.lines().filter(|line| !line.trim().is_empty()).count(), 12, "{}", ran.stdout);
}

#[test]
fn a_redirection_is_followed_with_a_warning() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &["--redirect"]);
    let ran = exsh.run(&["run", SCRIPT, &sim.url]).expect(0);
    assert!(ran.stderr.contains("redirected"), "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().filter(|line| !line.trim().is_empty()).count(), 12, "{}", ran.stdout);
    nothing_left_open(sim);
}

#[test]
fn a_redirection_is_refused_unless_it_is_allowed() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &["--redirect"]);
    let code = format!(r#"new_session("{}", get_credential())"#, sim.url);
    let ran = exsh.run(&["eval", &code]).expect(1);
    assert!(ran.stderr.contains("AllowRedirection"), "{}", ran.stderr);
    nothing_left_open(sim);
}

#[test]
fn a_cmdlet_that_the_role_hides_is_explained() {
    let exsh = Exsh::new().with("EXSH_USERNAME", "helpdesk@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x");
    let sim = Sim::start(&exsh, &[]);
    let code =
        session(&sim.url, r#"print(command_exists("Get-Mailbox")); set_mailbox("alice", #{ DisplayName: "x" })"#);
    let ran = exsh.run(&["eval", &code]).expect(1);
    assert_eq!(ran.stdout, "true\n", "{}", ran.stderr);
    assert!(ran.stderr.contains("set_mailbox"), "{}", ran.stderr);
    assert!(ran.stderr.contains("role"), "{}", ran.stderr);
    nothing_left_open(sim);
}

#[test]
fn the_sixth_session_is_refused_with_what_to_close() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let code = format!(r#"let c = get_credential(); for i in 0..6 {{ new_session("{}", c); print(i); }}"#, sim.url);
    let ran = exsh.run(&["eval", &code]);
    assert_eq!(ran.stdout, "0\n1\n2\n3\n4\n", "{}", ran.stderr);
    assert_ne!(ran.code(), 0);
    assert!(ran.stderr.contains("remove_session"), "{}", ran.stderr);
    nothing_left_open(sim);
}

#[test]
fn a_wrong_password_ends_with_exit_code_4_and_is_never_shown() {
    let exsh = Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "wr0ng-pässword");
    let sim = Sim::start(&exsh, &[]);
    let ran = exsh.run(&["run", SCRIPT, &sim.url]).expect(4);
    assert!(ran.stderr.contains("admin@contoso.com"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("wr0ng"), "{}", ran.stderr);
    nothing_left_open(sim);
}

#[test]
fn an_error_in_the_script_leaves_no_session_behind() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let ran = exsh.run(&["eval", &session(&sim.url, r#"throw "enough""#)]).expect(1);
    assert!(ran.stderr.contains("enough"), "{}", ran.stderr);
    nothing_left_open(sim);
}

#[test]
fn exit_in_the_script_leaves_no_session_behind() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    exsh.run(&["eval", &session(&sim.url, "exit(3)")]).expect(3);
    nothing_left_open(sim);
}

/// Starts a script that prints a mailbox and then goes on reading a long stream; returns after the first line.
fn reading(exsh: &Exsh, sim: &Sim) -> Child {
    let work = r#"for mailbox in stream(session, "Get-Mailbox", #{ ResultSize: "Unlimited" }) { print(mailbox.Name); sleep(0.01); }"#;
    let mut child = exsh.command(&["eval", &session(&sim.url, work)]).spawn().unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    assert!(!line.is_empty());
    // The pipe must stay open, or the program would end for want of a reader.
    std::thread::spawn(move || out.read_to_end(&mut Vec::new()));
    child
}

#[test]
fn ctrl_c_stops_the_pipeline_and_removes_the_session() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &["--mailboxes", "20000"]);
    let child = reading(&exsh, &sim);
    signal(&child, "INT");
    let ran: Ran = ran(child).expect(130);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    nothing_left_open(sim);
}

#[test]
fn sigterm_stops_the_pipeline_and_removes_the_session() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &["--mailboxes", "20000"]);
    let child = reading(&exsh, &sim);
    signal(&child, "TERM");
    ran(child).expect(130);
    nothing_left_open(sim);
}

#[test]
fn a_server_that_is_not_there_ends_with_exit_code_5() {
    // A port that was free a moment ago, and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let ran = admin().run(&["run", SCRIPT, &format!("http://127.0.0.1:{port}/PowerShell/")]).expect(5);
    assert!(ran.stderr.contains("hint:"), "{}", ran.stderr);
}

#[test]
fn basic_sign_in_that_is_switched_off_is_refused_before_anything_is_sent() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    exsh.run(&["config", "set", "auth.basic", "false"]).expect(0);
    let ran = exsh.run(&["run", SCRIPT, &sim.url]).expect(1);
    assert!(ran.stderr.contains("exsh config set auth.basic true"), "{}", ran.stderr);
    let counters = sim.stop();
    assert_eq!(counters["requests"], 0, "{counters}");
}

#[test]
fn an_endpoint_that_microsoft_has_ended_is_refused_before_anything_is_sent() {
    let ran = admin().run(&["run", SCRIPT, "https://outlook.office365.com/powershell-liveid/"]).expect(1);
    assert!(ran.stderr.contains("October 2023"), "{}", ran.stderr);
}

#[test]
fn what_if_and_read_only_change_nothing() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let change = r#"set_mailbox("alice", #{ DisplayName: "changed" })"#;
    let ask = r#"print(get_mailbox("alice").DisplayName)"#;
    let ran = exsh.run(&["--what-if", "eval", &session(&sim.url, &format!("{change}; {ask}"))]).expect(0);
    assert_eq!(ran.stdout.lines().last(), Some("Alice Archer"), "{}", ran.stderr);
    let ran = exsh.run(&["--read-only", "eval", &session(&sim.url, change)]).expect(1);
    assert!(ran.stderr.contains("Set-Mailbox"), "{}", ran.stderr);
    let ran = exsh.run(&["eval", &session(&sim.url, ask)]).expect(0);
    assert_eq!(ran.stdout, "Alice Archer\n");
    nothing_left_open(sim);
}

#[test]
fn a_question_that_nobody_can_answer_changes_nothing_and_yes_answers_it() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let remove = r#"remove_mailbox("bob"); print(get_mailbox("bob", #{ ErrorAction: "SilentlyContinue" }).len)"#;
    exsh.run(&["eval", &session(&sim.url, remove)]).expect(1);
    let ran = exsh.run(&["eval", &session(&sim.url, r#"print(get_mailbox("bob").Alias)"#)]).expect(0);
    assert_eq!(ran.stdout, "bob\n");
    let ran = exsh.run(&["--yes", "eval", &session(&sim.url, remove)]).expect(0);
    assert_eq!(ran.stdout, "0\n", "{}", ran.stderr);
    nothing_left_open(sim);
}

/// README: the forms of `--output`.
#[test]
fn results_are_printed_in_the_form_asked_for() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let code = session(&sim.url, r#"table(get_mailbox(#{ ResultSize: 2 }), ["Name", "Alias"])"#);
    let print = |form: &str| exsh.run(&["--output", form, "eval", &code]).expect(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&print("json")).unwrap();
    assert_eq!(json[1]["Alias"], "bob");
    let lines: Vec<serde_json::Value> =
        print("jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["Name"]), (2, &"Alice Archer".into()));
    assert_eq!(print("csv"), "\"Name\",\"Alias\"\n\"Alice Archer\",\"alice\"\n\"Bob Brook\",\"bob\"\n");
    assert_eq!(print("table"), "\nName         Alias\n----         -----\nAlice Archer alice\nBob Brook    bob\n\n");
    assert_eq!(print("list"), "\nName  : Alice Archer\nAlias : alice\n\nName  : Bob Brook\nAlias : bob\n\n");
    assert_eq!(print("none"), "");
    nothing_left_open(sim);
}

/// What the simulator has counted so far, from its status page.
fn counters(sim: &Sim) -> serde_json::Value {
    use std::io::Write as _;
    let address = sim.url.trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET /sim/status HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap()
}

/// README, Leaving: the server never answers the removal, so the first Ctrl-C waits for it and the second one does not.
#[test]
fn a_second_ctrl_c_quits_at_once() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &["--mailboxes", "20000", "--fault", "delete#1:stall"]);
    let child = reading(&exsh, &sim);
    signal(&child, "INT");
    while counters(&sim)["faults_played"] == 0 {
        std::thread::yield_now();
    }
    signal(&child, "INT");
    let ran = ran(child).expect(130);
    assert!(!ran.stderr.contains("error"), "it did not stay to tell: {}", ran.stderr);
}
