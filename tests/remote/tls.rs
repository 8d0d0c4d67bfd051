//! TLS: whom the client trusts, and the two checks that can be switched off one by one.
//!
//! The certificates are made on the spot; no authority of this computer signed them.

use exsh::remote::{ErrorKind, Nobody, RemoteError, Setting, connect};
use exsh::transport::TransportError;

use super::client::{refused, request};
use super::server::Server;

fn asking(server: &Server, switches: &[&str]) -> exsh::remote::ConnectionRequest {
    let mut asked = request(&server.url);
    for name in switches {
        asked.options.session_option.set(name, Setting::Truth(true)).unwrap();
    }
    asked
}

fn cause(problem: RemoteError) -> TransportError {
    assert_eq!(problem.kind(), ErrorKind::Network);
    match problem {
        RemoteError::Transport { source, .. } => source,
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_nobody_known_is_refused_and_no_password_is_sent() {
    let server = Server::encrypted("127.0.0.1").await;
    let problem = cause(refused(asking(&server, &[])).await);
    // a computer without any root certificates says that instead
    let expected = matches!(problem, TransportError::UntrustedCertificate { .. } | TransportError::TlsSetup { .. });
    assert!(expected, "{problem:?}");
    assert!(problem.hint().is_some());
    assert!(server.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_both_checks_switched_off_a_session_opens() {
    let server = Server::encrypted("somebody.example").await;
    let asked = asking(&server, &["SkipCACheck", "SkipCNCheck"]);
    let session = connect(asked, std::sync::Arc::new(Nobody)).await.unwrap();
    session.close().await;
    assert_eq!(server.open_shells(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_check_is_switched_off_by_itself() {
    let other = Server::encrypted("somebody.example").await;
    let problem = cause(refused(asking(&other, &["SkipCACheck"])).await);
    let named = matches!(problem, TransportError::WrongHostName { .. } | TransportError::TlsSetup { .. });
    assert!(named, "the name still counts: {problem:?}");
    let own = Server::encrypted("127.0.0.1").await;
    let problem = cause(refused(asking(&own, &["SkipCNCheck"])).await);
    let issuer = matches!(problem, TransportError::UntrustedCertificate { .. } | TransportError::TlsSetup { .. });
    assert!(issuer, "the issuer still counts: {problem:?}");
    assert!(other.seen().is_empty() && own.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_issuer_s_check_a_certificate_for_this_name_will_do() {
    let server = Server::encrypted("127.0.0.1").await;
    match connect(asking(&server, &["SkipCACheck"]), std::sync::Arc::new(Nobody)).await {
        Ok(session) => session.close().await,
        Err(problem) => assert!(matches!(cause(problem), TransportError::TlsSetup { .. })),
    }
}
