//! What a client meets on its way: sign-in, redirects, cookies, limits, time-outs, streams, stops.

use std::time::Duration;

use exsh::psrp::MessageType;
use exsh::sim::{SimOptions, SimUser};
use uuid::Uuid;

use super::client::{
    Client, STOP, command, create, create_in, data, delete, envelope, kinds, messages, receive, signal, simulator,
};

const TIMED_OUT: u32 = 2_150_858_793;
const GONE: u32 = 2_150_858_843;
const INVALID_SELECTORS: u32 = 2_150_858_813;

#[tokio::test]
async fn a_session_opens_runs_a_cmdlet_and_leaves_no_shell() {
    let handle = simulator(SimOptions::default()).await;
    let client = Client::admin(&handle);
    let (shell, opening) = client.open().await;
    assert_eq!(
        kinds(&opening),
        [MessageType::SessionCapability, MessageType::ApplicationPrivateData, MessageType::RunspacePoolState]
    );
    assert_eq!(handle.open_shells(), 1);
    let came = client.run(shell, "Get-Mailbox", &[("Identity", "alice")]).await;
    assert_eq!(kinds(&came), [MessageType::PipelineOutput, MessageType::PipelineState]);
    let alice = data(&came[0]);
    let alice = alice.as_object().unwrap();
    assert_eq!(alice.type_names().unwrap().first(), Some("Microsoft.Exchange.Data.Directory.Management.Mailbox"));
    assert!(alice.adapted().unwrap().len() > 200);
    assert_eq!(client.post(delete(shell)).await.unwrap().action(), "DeleteResponse");
    assert_eq!(client.post(receive(shell, None)).await.unwrap().fault(), Some(GONE));
    assert_eq!(handle.shutdown().await.open_shells, 0);
}

#[tokio::test]
async fn a_wrong_password_and_no_password_are_401_with_a_challenge() {
    let handle = simulator(SimOptions::default()).await;
    for (user, password) in [(SimOptions::ADMIN, "wrong"), ("nobody@contoso.com", SimOptions::PASSWORD)] {
        let answer = Client::new(handle.url(), user, password).post(create(Uuid::new_v4())).await.unwrap();
        assert_eq!(answer.status, 401);
        assert!(answer.headers["www-authenticate"].to_str().unwrap().starts_with("Basic "));
    }
    let counters = handle.counters();
    assert_eq!((counters.sign_ins_refused, counters.shells_created), (2, 0));
}

#[tokio::test]
async fn another_path_is_404_and_the_liveid_path_is_not() {
    let handle = simulator(SimOptions::default()).await;
    let base = handle.url().trim_end_matches("PowerShell/");
    let client = |path: &str| Client::new(&format!("{base}{path}"), SimOptions::ADMIN, SimOptions::PASSWORD);
    assert_eq!(client("owa").post(create(Uuid::new_v4())).await.unwrap().status, 404);
    assert_eq!(client("powershell-liveid/").post(create(Uuid::new_v4())).await.unwrap().status, 200);
}

#[tokio::test]
async fn the_front_redirects_with_302_and_the_place_works() {
    let handle = simulator(SimOptions { redirect: true, ..SimOptions::default() }).await;
    let answer = Client::admin(&handle).post(create(Uuid::new_v4())).await.unwrap();
    assert_eq!(answer.status, 302);
    let location = answer.headers["location"].to_str().unwrap().to_owned();
    assert_ne!(location, handle.url());
    let client = Client::new(&location, SimOptions::ADMIN, SimOptions::PASSWORD);
    let (shell, _) = client.open().await;
    client.post(delete(shell)).await.unwrap();
    assert_eq!(handle.open_shells(), 0);
}

#[tokio::test]
async fn another_configuration_is_not_served() {
    let handle = simulator(SimOptions::default()).await;
    let answer = Client::admin(&handle).post(create_in("Microsoft.PowerShell", Uuid::new_v4())).await.unwrap();
    assert_eq!((answer.status, answer.fault()), (500, Some(2_150_858_811)));
}

#[tokio::test]
async fn someone_without_roles_gets_exchanges_plugin_fault() {
    let users = vec![SimUser::new("guest@contoso.com", "x", &[])];
    let handle = simulator(SimOptions { users, ..SimOptions::default() }).await;
    let answer = Client::new(handle.url(), "guest@contoso.com", "x").post(create(Uuid::new_v4())).await.unwrap();
    assert_eq!(answer.fault(), Some(2_152_992_672));
    assert!(answer.body.contains("<f:ProviderFault") && answer.body.contains("isn't assigned to any management roles"));
    assert!(
        answer.body.contains("<s:Text xml:lang=\"en-US\"></s:Text>"),
        "the reason stays empty, as Exchange leaves it"
    );
}

#[tokio::test]
async fn the_sixth_session_is_told_that_there_are_too_many() {
    let handle = simulator(SimOptions::default()).await;
    let mut clients = Vec::new();
    for _ in 0..5 {
        let client = Client::admin(&handle);
        let (shell, _) = client.open().await;
        clients.push((client, shell));
    }
    let sixth = Client::admin(&handle);
    let (shell, came) = sixth.open().await;
    let state = data(came.last().unwrap());
    let state = state.as_object().unwrap();
    assert!(matches!(state.get("RunspaceState"), Some(exsh::clixml::PsValue::I32(5))), "broken");
    let reason = state.get("ExceptionAsErrorRecord").unwrap();
    let reason = reason.as_object().unwrap().to_string_text().unwrap();
    assert!(reason.to_text().contains("maximum number of connections allowed : 5"), "{reason}");
    let seventh = Client::admin(&handle).post(create(Uuid::new_v4())).await.unwrap();
    assert_eq!(seventh.fault(), Some(2_150_859_173));
    sixth.post(delete(shell)).await.unwrap();
    for (client, shell) in clients {
        client.post(delete(shell)).await.unwrap();
    }
    assert_eq!(handle.open_shells(), 0);
    Client::admin(&handle).open().await;
}

#[tokio::test]
async fn a_request_without_the_cookie_of_its_session_does_not_find_it() {
    let handle = simulator(SimOptions::default()).await;
    let client = Client::admin(&handle);
    let (shell, _) = client.open().await;
    let stranger = Client::admin(&handle).post(receive(shell, None)).await.unwrap();
    assert_eq!(stranger.fault(), Some(INVALID_SELECTORS));
    let carefree = simulator(SimOptions { require_cookie: false, ..SimOptions::default() }).await;
    let (shell, _) = Client::admin(&carefree).open().await;
    assert_eq!(Client::admin(&carefree).post(receive(shell, None)).await.unwrap().fault(), Some(TIMED_OUT));
}

#[tokio::test]
async fn a_shell_is_its_owners_alone() {
    let handle = simulator(SimOptions { require_cookie: false, ..SimOptions::default() }).await;
    let (shell, _) = Client::admin(&handle).open().await;
    let other = Client::new(handle.url(), SimOptions::HELP_DESK, SimOptions::PASSWORD);
    assert_eq!(other.post(delete(shell)).await.unwrap().fault(), Some(GONE));
    assert_eq!(handle.open_shells(), 1);
}

#[tokio::test]
async fn an_idle_shell_goes_by_itself() {
    let options = SimOptions { idle_timeout: Duration::from_millis(60), ..SimOptions::default() };
    let handle = simulator(options).await;
    let client = Client::admin(&handle);
    client.open().await;
    let gone = async {
        while handle.counters().shells_expired == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
    assert_eq!(handle.open_shells(), 0);
}

#[tokio::test]
async fn bad_requests_get_faults_and_harm_nobody() {
    let handle = simulator(SimOptions::default()).await;
    let client = Client::admin(&handle);
    let (shell, _) = client.open().await;
    assert_eq!(client.post("this is no envelope").await.unwrap().fault(), Some(2_150_858_819));
    let odd = client.post(envelope("http://example.net/Dance", Some(shell), "")).await.unwrap();
    assert_eq!(odd.fault(), Some(2_150_858_771));
    let nowhere = client.post(receive(shell, Some(Uuid::new_v4()))).await.unwrap();
    assert_eq!(nowhere.fault(), Some(GONE));
    let small = receive(shell, None).replace("153600", "4096");
    assert_eq!(client.post(small).await.unwrap().fault(), Some(2_150_858_823));
    let came = client.run(shell, "Get-AcceptedDomain", &[]).await;
    assert_eq!(came.len(), 4);
}

#[tokio::test]
async fn no_answer_is_larger_than_the_client_takes() {
    let handle = simulator(SimOptions { mailboxes: 300, ..SimOptions::default() }).await;
    let client = Client::admin(&handle);
    let (shell, _) = client.open().await;
    let pipeline = Uuid::new_v4();
    client.post(command(shell, pipeline, "Get-Mailbox", &[("ResultSize", "Unlimited")])).await.unwrap();
    let (mut bytes, mut answers) = (Vec::new(), 0);
    loop {
        let answer = client.post(receive(shell, Some(pipeline))).await.unwrap();
        assert!(answer.body.len() <= 153_600, "{} bytes", answer.body.len());
        bytes.extend(answer.stream_bytes());
        answers += 1;
        if answer.is_done() {
            break;
        }
    }
    let came = messages(&bytes);
    assert_eq!(came.len(), 301);
    assert!(answers > 20, "{answers} answers");
}

#[tokio::test]
async fn a_pipeline_waits_until_its_output_is_fetched() {
    let handle = simulator(SimOptions { mailboxes: 100_000, ..SimOptions::default() }).await;
    let client = Client::admin(&handle);
    let (shell, _) = client.open().await;
    let pipeline = Uuid::new_v4();
    client.post(command(shell, pipeline, "Get-Mailbox", &[("ResultSize", "Unlimited")])).await.unwrap();
    let first = client.post(receive(shell, Some(pipeline))).await.unwrap();
    assert!(!first.stream_bytes().is_empty() && !first.is_done());
    assert_eq!(handle.counters().pipelines_running, 1, "it has not run ahead to its end");
    client.post(delete(shell)).await.unwrap();
    let stopped = async {
        while handle.counters().pipelines_stopped == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), stopped).await.unwrap();
}

#[tokio::test]
async fn a_stop_signal_ends_a_pipeline_with_the_state_stopped() {
    let handle = simulator(SimOptions { mailboxes: 100_000, ..SimOptions::default() }).await;
    let client = Client::admin(&handle);
    let (shell, _) = client.open().await;
    let pipeline = Uuid::new_v4();
    client.post(command(shell, pipeline, "Get-Mailbox", &[("ResultSize", "Unlimited")])).await.unwrap();
    let mut bytes = client.post(receive(shell, Some(pipeline))).await.unwrap().stream_bytes();
    assert_eq!(client.post(signal(shell, pipeline, STOP)).await.unwrap().action(), "SignalResponse");
    bytes.extend(client.drain(shell, pipeline).await);
    let came = messages(&bytes);
    let state = data(came.last().unwrap());
    assert!(matches!(state.as_object().unwrap().get("PipelineState"), Some(exsh::clixml::PsValue::I32(3))));
    assert_eq!(handle.counters().pipelines_stopped, 1);
}

#[tokio::test]
async fn the_role_hides_a_cmdlet_on_the_wire_too() {
    let handle = simulator(SimOptions::default()).await;
    let client = Client::new(handle.url(), SimOptions::HELP_DESK, SimOptions::PASSWORD);
    let (shell, _) = client.open().await;
    let came = client.run(shell, "Set-Mailbox", &[("Identity", "alice")]).await;
    let state = data(came.last().unwrap());
    let state = state.as_object().unwrap();
    assert!(matches!(state.get("PipelineState"), Some(exsh::clixml::PsValue::I32(5))), "failed");
    let reason = state.get("ExceptionAsErrorRecord").unwrap();
    let id = reason.as_object().unwrap().get("FullyQualifiedErrorId").unwrap();
    assert!(matches!(id, exsh::clixml::PsValue::String(text) if text == "CommandNotFoundException"));
}

#[tokio::test]
async fn the_status_page_counts_for_another_process() {
    let handle = simulator(SimOptions::default()).await;
    let client = Client::admin(&handle);
    client.open().await;
    let page = client.get(&handle.url().replace("PowerShell/", "sim/status")).await;
    let counters: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(counters["open_shells"], 1);
    assert_eq!(counters["requests"], handle.counters().requests);
}

#[tokio::test]
async fn a_request_larger_than_any_envelope_is_refused_and_the_next_one_served() {
    let handle = simulator(SimOptions::default()).await;
    let client = Client::admin(&handle);
    // The server need not take all of it: whoever still writes then sees a closed connection instead of the answer.
    if let Ok(answer) = client.post("x".repeat(5 << 20)).await {
        assert_eq!(answer.status, 413);
    }
    for _ in 0..3 {
        let deep = format!("<s:Envelope xmlns:s=\"x\"><s:Header>{}", "<a>".repeat(100_000));
        let answer = client.post(deep).await.unwrap();
        assert!((400..=500).contains(&answer.status), "{}", answer.status);
    }
    let (shell, _) = client.open().await;
    client.post(delete(shell)).await.unwrap();
    assert_eq!(handle.shutdown().await.open_shells, 0);
}
