//! Closing: idempotent, in time, and nothing stays on the server.

use std::sync::Arc;
use std::time::Duration;

use exsh::remote::{Nobody, RemoteError, SessionRegistry, SessionState};
use exsh::wsman::{Action, FaultCode, RequestBody, STOP_SIGNAL};

use super::client::{cmdlet, drain, open, request};
use super::server::{Reply, Server, fault};

#[tokio::test(flavor = "multi_thread")]
async fn closing_twice_deletes_once_and_a_closed_session_says_so() {
    let server = Server::plain().await;
    let session = open(&server).await;
    session.close().await;
    session.close().await;
    assert_eq!(server.count(Action::Delete), 1);
    let problem = session.start(cmdlet("Get-Number")).await.unwrap_err();
    assert!(matches!(problem, RemoteError::NotOpen { state: SessionState::Closed, .. }), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_delete_is_swallowed() {
    for answer in ["fault", "html", "cut"] {
        let server = Server::with(move |_, request| match (&request.body, answer) {
            (RequestBody::Delete, "fault") => Some(fault(request, FaultCode::INVALID_SELECTORS, "gone")),
            (RequestBody::Delete, "html") => Some(Reply::new(502, "<html>bad gateway</html>")),
            (RequestBody::Delete, _) => Some(Reply::new(200, "").cut()),
            _ => None,
        })
        .await;
        let session = open(&server).await;
        session.close().await;
        assert_eq!(session.state(), SessionState::Closed);
    }
}

/// facts/remoting.md 9, row 21.
#[tokio::test(flavor = "multi_thread")]
async fn closing_signals_what_runs_deletes_the_shell_and_tells_the_reader() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Wait-Forever")).await.unwrap();
    server.until(|server| server.seen().iter().any(|s| s.action == Some(Action::Receive) && s.command.is_some())).await;
    session.close().await;
    assert_eq!(server.signals()[0], STOP_SIGNAL);
    assert_eq!(server.open_shells(), 0);
    let (_, end) = drain(&mut running).await;
    assert!(matches!(end, Err(RemoteError::SessionClosed { .. } | RemoteError::Stopped)), "{end:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_last_handle_deletes_the_shell() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let clone = session.clone();
    drop(session);
    assert_eq!(clone.state(), SessionState::Opened);
    drop(clone);
    server.until(|server| server.open_shells() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_registry_closes_everything_before_its_deadline() {
    let server = Server::plain().await;
    let registry = SessionRegistry::new();
    for _ in 0..3 {
        registry.connect(request(&server.url), Arc::new(Nobody)).await.unwrap();
    }
    assert_eq!(registry.list().len(), 3);
    let first = registry.list()[0].clone();
    registry.close(&first).await;
    assert_eq!((registry.list().len(), server.open_shells()), (2, 2));
    let _running = registry.list()[0].start(cmdlet("Get-Endless")).await.unwrap();
    assert!(registry.close_all(Duration::from_secs(10)).await);
    assert_eq!(server.open_shells(), 0);
    assert!(registry.list().is_empty());
    assert!(registry.connect(request(&server.url), Arc::new(Nobody)).await.is_err(), "nothing opens afterwards");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_being_opened_is_closed_with_the_rest() {
    let server = Server::with(|_, request| match request.header.action() {
        Some(Action::Receive) => Some(fault(request, FaultCode::TIMED_OUT, "nothing")),
        _ => None,
    })
    .await;
    let registry = SessionRegistry::new();
    let opening = {
        let (registry, asked) = (registry.clone(), request(&server.url));
        tokio::spawn(async move { registry.connect(asked, Arc::new(Nobody)).await })
    };
    server.until(|server| server.open_shells() == 1).await;
    assert!(registry.close_all(Duration::from_secs(10)).await);
    assert_eq!(server.open_shells(), 0);
    assert!(opening.await.unwrap().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_answer_delete_does_not_hold_up_the_exit() {
    let server = Server::with(|_, request| match request.header.action() {
        Some(Action::Delete) => Some(fault(request, FaultCode::TIMED_OUT, "later")),
        _ => None,
    })
    .await;
    let registry = SessionRegistry::new();
    registry.connect(request(&server.url), Arc::new(Nobody)).await.unwrap();
    assert!(registry.close_all(Duration::from_secs(10)).await);
    assert_eq!(server.count(Action::Delete), 1);
}
