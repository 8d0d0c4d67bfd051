//! How much a server may send before it is refused: each limit ends in one error of its kind, soon.
//!
//! facts/remoting.md 4.4 says what PowerShell limits and what a limit costs: the pipeline, not the session.

use std::sync::Arc;

use exsh::psrp::{FragmentError, PsrpError};
use exsh::remote::{RemoteError, Session, SessionState, connect};
use exsh::transport::TransportError;
use exsh::wsman::TERMINATE_SIGNAL;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::client::{Witness, cmdlet, cmdlet_with, drain, output, refused, request};
use super::server::Server;

async fn open_with(server: &Server, object_bytes: Option<u64>, command_bytes: Option<u64>) -> Session {
    let mut asked = request(&server.url);
    asked.options.session_option.maximum_received_object_size = object_bytes;
    asked.options.session_option.maximum_received_data_size_per_command = command_bytes;
    connect(asked, Arc::new(Witness::default())).await.unwrap()
}

/// How a pipeline ended that sent too much, and that the session goes on after it.
async fn ends_alone(server: &Server, session: &Session, spec: exsh::psrp::PipelineSpec) -> FragmentError {
    let mut running = session.start(spec).await.unwrap();
    let (_, end) = drain(&mut running).await;
    let Err(RemoteError::Stream { problem, .. }) = &end else { panic!("{end:?}") };
    let PsrpError::Fragment(problem) = &**problem else { panic!("{problem:?}") };
    server.until(|server| server.signals().last().is_some_and(|code| code == TERMINATE_SIGNAL)).await;
    assert_eq!(session.state(), SessionState::Opened);
    assert_eq!(output(session, cmdlet_with("Get-Number", 1)).await, ["0"], "the session goes on");
    problem.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_larger_than_allowed_fails_its_pipeline_and_spares_the_session() {
    let server = Server::plain().await;
    let session = open_with(&server, Some(20_000), None).await;
    let problem = ends_alone(&server, &session, cmdlet_with("Get-Text", 100_000)).await;
    assert!(matches!(problem, FragmentError::ObjectTooLarge { bytes_max: 20_000, .. }), "{problem}");
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_sends_more_than_allowed_fails_and_spares_the_session() {
    let server = Server::plain().await;
    let session = open_with(&server, None, Some(50_000)).await;
    let problem = ends_alone(&server, &session, cmdlet("Get-Endless")).await;
    assert_eq!(problem, FragmentError::TotalTooLarge { bytes_max: 50_000 });
    session.close().await;
}

/// A server that answers the first request with those bytes, and no HTTP library to keep it honest.
async fn raw_server(answer: impl Fn() -> Vec<u8> + Send + 'static, times: usize) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/PowerShell/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 65_536]).await;
            for _ in 0..times {
                if stream.write_all(&answer()).await.is_err() {
                    break; // the client has seen enough
                }
            }
        }
    });
    url
}

fn is_too_large(problem: &RemoteError) -> bool {
    matches!(problem, RemoteError::Transport { source: TransportError::TooLarge { .. }, .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_announces_more_than_any_envelope_is_refused_before_it_is_read() {
    let head = || b"HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\n".to_vec();
    let problem = refused(request(&raw_server(head, 1).await)).await;
    assert!(is_too_large(&problem), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_refused_when_it_exceeds_any_envelope() {
    let started = std::sync::atomic::AtomicBool::new(false);
    let piece = move || {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let head = if started.swap(true, std::sync::atomic::Ordering::SeqCst) { "" } else { head };
        format!("{head}100000\r\n{}\r\n", "x".repeat(0x10_0000)).into_bytes()
    };
    let problem = refused(request(&raw_server(piece, usize::MAX).await)).await;
    assert!(is_too_large(&problem), "{problem}");
}
