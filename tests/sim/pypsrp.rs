//! pypsrp, a client written by others, against the simulator: the most independent judge there is.
//!
//! Needs a Python with pypsrp: its path in `EXSH_PYPSRP_PYTHON`, as `.ci/run` sets it up.

use exsh::sim::{SimHandle, SimOptions, Simulator};

fn python() -> Option<String> {
    let python = std::env::var("EXSH_PYPSRP_PYTHON").ok().filter(|path| !path.is_empty());
    if python.is_none() {
        println!("skipped: EXSH_PYPSRP_PYTHON names no Python with pypsrp");
    }
    python
}

async fn scenario(name: &str, options: SimOptions) {
    let Some(python) = python() else { return };
    let handle: SimHandle = Simulator::start(options).await.unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pypsrp/scenarios.py");
    let run = tokio::process::Command::new(python)
        .args([script, name, handle.url(), SimOptions::ADMIN, SimOptions::PASSWORD])
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(std::time::Duration::from_secs(120), run).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
    assert_eq!(handle.shutdown().await.open_shells, 0, "{name} leaves no shell");
}

fn office() -> SimOptions {
    SimOptions { mailboxes: 300, ..SimOptions::default() }
}

#[tokio::test]
async fn pypsrp_opens_a_pool_and_closes_it() {
    scenario("open_and_close", office()).await;
}

#[tokio::test]
async fn pypsrp_gets_command_metadata() {
    scenario("metadata", office()).await;
}

#[tokio::test]
async fn pypsrp_gets_output_errors_warnings_and_verbose_records() {
    scenario("streams", office()).await;
}

#[tokio::test]
async fn pypsrp_sends_input_objects() {
    scenario("input", office()).await;
}

#[tokio::test]
async fn pypsrp_sends_a_secure_string_after_the_key_exchange() {
    scenario("secure_string", office()).await;
}

#[tokio::test]
async fn pypsrp_stops_a_pipeline() {
    scenario("stop", SimOptions { mailboxes: 100_000, ..SimOptions::default() }).await;
}

#[tokio::test]
async fn pypsrp_talks_over_tls() {
    scenario("open_and_close", SimOptions { tls: true, ..office() }).await;
}

#[tokio::test]
async fn pypsrp_meets_the_session_quota() {
    scenario("quota", SimOptions { sessions_per_user: 2, ..office() }).await;
}

#[tokio::test]
async fn pypsrp_with_a_wrong_password_is_refused() {
    scenario("wrong_password", office()).await;
}

#[tokio::test]
async fn pypsrp_gets_many_mailboxes_through_small_envelopes() {
    scenario("many", office()).await;
}
