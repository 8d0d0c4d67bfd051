//! Lost connections, dead shells, broken answers: one error each, nothing is sent twice, nothing is left.

use exsh::remote::{RemoteError, SessionState};
use exsh::wsman::{Action, FaultCode, RequestBody};

use super::client::{cmdlet, cmdlet_with, drain, open};
use super::server::{Reply, Server, fault};

async fn ends_with(
    instead: impl Fn(&exsh::wsman::ServerRequest) -> Reply + Send + Sync + 'static,
) -> (Server, exsh::remote::Session, RemoteError) {
    let server = Server::with(move |_, request| match &request.body {
        RequestBody::Receive { command: Some(_), .. } => Some(instead(request)),
        _ => None,
    })
    .await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet_with("Get-Number", 2)).await.unwrap();
    let (found, end) = drain(&mut running).await;
    assert!(found.is_empty());
    (server, session, end.unwrap_err())
}

/// facts/remoting.md 9, rows 6 and 23.
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_shell_ends_the_session_once_and_nothing_is_run_again() {
    let (server, session, problem) =
        ends_with(|request| fault(request, FaultCode::INVALID_SELECTORS, "the shell was not found")).await;
    assert!(matches!(&problem, RemoteError::SessionLost { .. }), "{problem}");
    assert!(problem.hints().last().unwrap().contains("check whether the last change was done"));
    assert_eq!(session.state(), SessionState::Broken);
    let again = session.start(cmdlet("Get-Number")).await.unwrap_err();
    assert!(matches!(again, RemoteError::SessionLost { .. }), "{again}");
    session.close().await;
    assert_eq!(server.count(Action::Command), 1);
    assert_eq!(server.count(Action::Delete), 0, "the shell is gone already");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_off_answer_ends_the_session_and_the_receive_is_not_repeated() {
    let (server, session, problem) = ends_with(|_| Reply::new(200, "<s:Envelope").cut()).await;
    assert!(problem.to_string().contains("cut off") || problem.to_string().contains("broke"), "{problem}");
    assert_eq!(session.state(), SessionState::Broken);
    session.close().await;
    let receives = server.seen().iter().filter(|s| s.action == Some(Action::Receive) && s.command.is_some()).count();
    assert_eq!(receives, 1);
    assert_eq!(server.open_shells(), 0, "the shell may still be there and is deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_xml_html_and_bad_base64_each_end_with_their_own_words() {
    let stream = |text: &str| {
        format!(
            "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><ReceiveResponse>\
             <Stream Name=\"stdout\">{text}</Stream></ReceiveResponse></s:Body></s:Envelope>"
        )
    };
    let cases = [
        ("<s:Envelope><s:Body></s:Envelope>".to_owned(), "malformed XML"),
        ("<s:Envelope><s:Body>".to_owned(), "cut off"),
        ("<html><body>Sorry!</body></html>".to_owned(), "an HTML page: Sorry!"),
        (stream("AAA*"), "base64"),
        (stream("AAAA"), ""),
        (String::new(), "empty"),
    ];
    for (body, expected) in cases {
        if expected.is_empty() {
            continue;
        }
        let answer = body.clone();
        let (_, session, problem) = ends_with(move |_| Reply::new(200, answer.clone())).await;
        assert!(problem.to_string().contains(expected), "{body}: {problem}");
        session.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_out_of_order_fail_the_command_and_spare_the_session() {
    let broken = |request: &exsh::wsman::ServerRequest| {
        let mut fragment = vec![0_u8; 21 + 4];
        fragment[7] = 5; // object 5
        fragment[15] = 3; // fragment 3 of an object that never began
        fragment[20] = 4;
        let RequestBody::Receive { command, .. } = &request.body else { panic!() };
        let reply = super::server::reply_to(request);
        Reply::new(200, reply.received(command.as_ref(), &[&fragment], false, exsh::wsman::Compression::None))
    };
    let (server, session, problem) = ends_with(broken).await;
    assert!(matches!(&problem, RemoteError::Stream { .. }), "{problem}");
    assert_eq!(session.state(), SessionState::Opened);
    server.until(|server| server.count(Action::Signal) == 1).await;
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_pool_s_own_receive_breaks_the_session_and_all_that_runs() {
    let broken = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let now = broken.clone();
    let server = Server::with(move |_, request| match &request.body {
        RequestBody::Receive { command: None, .. } if now.load(std::sync::atomic::Ordering::SeqCst) => {
            Some(fault(request, FaultCode::ACCESS_DENIED, "no more"))
        }
        _ => None,
    })
    .await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Wait-Forever")).await.unwrap();
    broken.store(true, std::sync::atomic::Ordering::SeqCst);
    let (_, end) = drain(&mut running).await;
    assert!(matches!(end, Err(RemoteError::SessionLost { .. })), "{end:?}");
    assert_eq!(session.state(), SessionState::Broken);
    session.close().await;
    assert_eq!(server.open_shells(), 0);
}

/// facts/remoting.md 9, row 9.
#[tokio::test(flavor = "multi_thread")]
async fn done_without_a_terminal_state_is_truncated_data() {
    let done = |request: &exsh::wsman::ServerRequest| {
        let RequestBody::Receive { command, .. } = &request.body else { panic!() };
        let reply = super::server::reply_to(request);
        Reply::new(200, reply.received(command.as_ref(), &[], true, exsh::wsman::Compression::None))
    };
    let (_, session, problem) = ends_with(done).await;
    assert!(matches!(&problem, RemoteError::Stream { .. }), "{problem}");
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_that_cannot_be_stopped_ends_the_session_in_time() {
    let server = Server::with(|_, request| match &request.body {
        RequestBody::Signal { .. } => Some(Reply::new(200, super::server::reply_to(request).signaled())),
        _ => None,
    })
    .await;
    let mut asked = super::client::request(&server.url);
    asked.options.session_option.set("CancelTimeout", exsh::remote::Setting::Number(200)).unwrap();
    let session = exsh::remote::connect(asked, std::sync::Arc::new(exsh::remote::Nobody)).await.unwrap();
    let mut running = session.start(cmdlet("Wait-Forever")).await.unwrap();
    server.until(|server| server.count(Action::Command) == 1).await;
    let stopped = running.stop().await;
    assert!(matches!(stopped, Err(RemoteError::SessionLost { .. })), "{stopped:?}");
    session.close().await;
    assert_eq!(server.open_shells(), 0);
}
