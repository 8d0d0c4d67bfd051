//! The fault plan: each kind of trouble as a client meets it.

use exsh::psrp::MessageType;
use exsh::sim::{FaultPlan, SimHandle, SimOptions};
use uuid::Uuid;

use super::client::{Client, create, kinds, receive, simulator};

async fn with_plan(plan: &str) -> (SimHandle, Client) {
    let faults = FaultPlan::parse(plan).unwrap();
    let handle = simulator(SimOptions { faults, mailboxes: 200, ..SimOptions::default() }).await;
    let client = Client::admin(&handle);
    (handle, client)
}

#[tokio::test]
async fn a_closed_a_reset_and_a_truncated_answer_are_errors_of_the_connection() {
    for plan in ["create#1:close", "create#1:reset", "create#1:truncate"] {
        let (handle, client) = with_plan(plan).await;
        assert!(client.post(create(Uuid::new_v4())).await.is_err(), "{plan}");
        assert_eq!(handle.counters().faults_played, 1, "{plan}");
    }
}

#[tokio::test]
async fn a_503_and_a_page_for_people_are_no_soap() {
    let (_handle, client) = with_plan("create#1:503, create#2:html").await;
    assert_eq!(client.post(create(Uuid::new_v4())).await.unwrap().status, 503);
    let html = client.post(create(Uuid::new_v4())).await.unwrap();
    assert_eq!(html.status, 200);
    assert!(html.body.starts_with("<html>"));
    assert_eq!(client.post(create(Uuid::new_v4())).await.unwrap().action(), "CreateResponse");
}

#[tokio::test]
async fn a_slow_answer_is_whole_in_the_end() {
    let (_handle, client) = with_plan("receive#1:slow=2").await;
    client.open().await;
}

#[tokio::test]
async fn quotas_are_faults_with_their_numbers() {
    let (_handle, client) = with_plan("create#1:quota, create#2:load-quota=1500").await;
    assert_eq!(client.post(create(Uuid::new_v4())).await.unwrap().fault(), Some(2_150_859_173));
    let load = client.post(create(Uuid::new_v4())).await.unwrap();
    assert_eq!(load.fault(), Some(2_150_859_175));
    assert!(load.body.contains("at least 1500 milliseconds"));
}

#[tokio::test]
async fn a_gone_shell_is_really_gone_and_a_lost_cookie_is_not() {
    let (handle, client) = with_plan("command#1:gone-shell").await;
    let (shell, _) = client.open().await;
    let answer = client.post(super::client::command(shell, Uuid::new_v4(), "Get-Mailbox", &[])).await.unwrap();
    assert_eq!(answer.fault(), Some(2_150_858_843));
    assert_eq!(handle.open_shells(), 0);
    let (handle, client) = with_plan("command#1:lost-cookie").await;
    let (shell, _) = client.open().await;
    let answer = client.post(super::client::command(shell, Uuid::new_v4(), "Get-Mailbox", &[])).await.unwrap();
    assert_eq!(answer.fault(), Some(2_150_858_813));
    assert_eq!(handle.open_shells(), 1);
}

#[tokio::test]
async fn a_micro_delay_is_a_warning_before_the_output() {
    let (_handle, client) = with_plan("command#1:micro-delay=1").await;
    let (shell, _) = client.open().await;
    let came = client.run(shell, "Get-AcceptedDomain", &[]).await;
    assert_eq!(kinds(&came)[..2], [MessageType::WarningRecord, MessageType::PipelineOutput]);
    let again = client.run(shell, "Get-AcceptedDomain", &[]).await;
    assert_eq!(kinds(&again)[0], MessageType::PipelineOutput);
}

#[tokio::test]
async fn a_duplicated_answer_repeats_its_fragments() {
    let (_handle, client) = with_plan("output#1:duplicate").await;
    let (shell, _) = client.open().await;
    let pipeline = Uuid::new_v4();
    let start = super::client::command(shell, pipeline, "Get-Mailbox", &[("ResultSize", "Unlimited")]);
    client.post(start).await.unwrap();
    let mut answers = Vec::new();
    while answers.len() < 2 {
        let bytes = client.post(receive(shell, Some(pipeline))).await.unwrap().stream_bytes();
        if !bytes.is_empty() {
            answers.push(bytes);
        }
    }
    assert_eq!(answers[0], answers[1]);
}
