//! Opening sessions: redirects, refusals, sign-in, what is never sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use exsh::remote::{Authentication, ErrorKind, RemoteError, SessionState, Setting, connect};
use exsh::wsman::{Action, FaultCode};

use super::client::{Witness, ann, open, refused, request};
use super::server::{Reply, Server, fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_opens_signs_in_on_every_request_and_says_who_it_is() {
    let server = Server::plain().await;
    let witness = Arc::new(Witness::default());
    let session = connect(request(&server.url), witness.clone()).await.unwrap();
    let info = session.info();
    assert_eq!(info.state, SessionState::Opened);
    assert_eq!(info.configuration, "Microsoft.Exchange");
    assert_eq!(info.user, "ann@contoso.com");
    assert!(info.uri.ends_with("/PowerShell?PSVersion=5.1"), "{}", info.uri);
    assert_eq!(witness.heard(), ["warning welcome to the pool"]);
    session.close().await;
    assert_eq!(session.state(), SessionState::Closed);
    assert_eq!(server.open_shells(), 0);
    for seen in server.seen() {
        // ann@contoso.com:open sesame
        assert_eq!(seen.authorization.as_deref(), Some("Basic YW5uQGNvbnRvc28uY29tOm9wZW4gc2VzYW1l"));
        assert_eq!(seen.accept_encoding.as_deref(), Some("identity"));
        assert_eq!(seen.path, "/PowerShell?PSVersion=5.1");
        assert!(seen.body.contains("<wsa:To>http://127.0.0.1"), "{}", seen.body);
    }
}

/// facts/remoting.md 9, row 3.
#[tokio::test(flavor = "multi_thread")]
async fn ids_are_upper_case_and_what_the_server_returned_counts() {
    let server = Server::with(|_, request| match request.header.action() {
        Some(Action::Create) => {
            let own = request.header.clone();
            let body = super::server::reply_to(request).created(
                &exsh::wsman::ShellId::from_text("Another-Shell"),
                "http://schemas.microsoft.com/powershell/Other",
                &own.to,
                "o",
                (std::time::Duration::from_secs(900), std::time::Duration::from_secs(900)),
                exsh::wsman::Compression::None,
            );
            Some(Reply::new(200, body))
        }
        Some(Action::Receive) => Some(fault(request, FaultCode::UNEXPECTED_SELECTORS, "gone")),
        _ => None,
    })
    .await;
    let problem = refused(request(&server.url)).await;
    assert!(matches!(problem, RemoteError::Fault { .. }), "{problem}");
    let seen = server.seen();
    let create = &seen[0].body;
    let id = create.split("ShellId=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(id, id.to_uppercase());
    assert_eq!(id.len(), 36);
    let receive = &seen[1].body;
    assert!(receive.contains("<wsman:Selector Name=\"ShellId\">Another-Shell</wsman:Selector>"), "{receive}");
    assert!(receive.contains(">http://schemas.microsoft.com/powershell/Other</wsman:ResourceURI>"), "{receive}");
}

/// facts/remoting.md 9, row 5, and 2.8.
#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_followed_by_posting_create_again_with_its_body_and_sign_in() {
    let target = Server::plain().await;
    let to = target.url.trim_end_matches('/').to_owned();
    let location = format!("{to}-LiveID?PSVersion=5.1.17763.2867 ");
    let front = Server::with(move |_, _| Some(Reply::new(302, "").header("location", location.trim()))).await;
    let witness = Arc::new(Witness::default());
    let mut asked = request(&front.url);
    asked.options.allow_redirection = true;
    let session = connect(asked, witness.clone()).await.unwrap();
    assert_eq!(witness.heard()[0], format!("redirected {to}-LiveID?PSVersion=5.1.17763.2867"));
    session.close().await;
    assert_eq!(front.seen().len(), 1, "all later traffic goes to the target");
    let create = &target.seen()[0];
    assert_eq!(create.action, Some(Action::Create));
    assert_eq!(create.path, "/PowerShell-LiveID?PSVersion=5.1.17763.2867;PSVersion=5.1");
    assert!(create.body.contains("creationXml"));
    assert!(create.body.contains(&format!("<wsa:To>{to}-LiveID?PSVersion=5.1.17763.2867;PSVersion=5.1</wsa:To>")));
    assert!(create.authorization.is_some());
    assert_eq!(create.host.as_deref(), to.trim_start_matches("http://").split('/').next());
    assert_eq!(target.open_shells(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_that_was_not_allowed_names_its_target_and_sends_nothing_there() {
    let target = Server::plain().await;
    let location = target.url.clone();
    let front = Server::with(move |_, _| Some(Reply::new(302, "").header("location", location.clone()))).await;
    let problem = refused(request(&front.url)).await;
    assert!(matches!(problem, RemoteError::RedirectNotAllowed { allowed: false, followed: 0, .. }), "{problem}");
    assert!(problem.to_string().contains(&target.url), "{problem}");
    assert!(problem.hints()[0].contains("AllowRedirection"), "{:?}", problem.hints());
    assert_eq!(problem.error_id(), "RedirectInformationRequired");
    assert!(target.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_end_when_their_number_is_used_up() {
    let location: Arc<std::sync::Mutex<String>> = Arc::default();
    let at = location.clone();
    let server =
        Server::with(move |_, _| Some(Reply::new(302, "").header("location", at.lock().unwrap().clone()))).await;
    location.lock().unwrap().clone_from(&server.url);
    let mut asked = request(&server.url);
    asked.options.allow_redirection = true;
    asked.options.session_option.set("MaximumRedirection", Setting::Number(2)).unwrap();
    let problem = refused(asked).await;
    assert!(matches!(problem, RemoteError::RedirectNotAllowed { allowed: true, followed: 2, .. }), "{problem}");
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_no_uri_is_an_error_and_so_is_one_without_a_target() {
    for location in ["/owa", "", "not a uri", "worldwide"] {
        let server = Server::with(move |_, _| Some(Reply::new(302, "").header("location", location))).await;
        let mut asked = request(&server.url);
        asked.options.allow_redirection = true;
        let problem = refused(asked).await;
        assert!(matches!(problem, RemoteError::RedirectInvalid { .. }), "{location}: {problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_with_what_the_server_offers_and_not_tried_again() {
    let server = Server::with(|_, _| Some(Reply::new(401, "").header("www-authenticate", "Basic realm=\"x\""))).await;
    let problem = refused(request(&server.url)).await;
    assert_eq!(problem.kind(), ErrorKind::SignIn);
    assert_eq!(problem.error_id(), "AccessDenied");
    assert!(!problem.to_string().contains("sesame") && !format!("{problem:?}").contains("sesame"));
    assert_eq!(server.seen().len(), 1);
    let kerberos = Server::with(|_, _| Some(Reply::new(401, "").header("www-authenticate", "Kerberos"))).await;
    let problem = refused(request(&kerberos.url)).await;
    assert!(problem.hints()[0].contains("offers Kerberos but not Basic"), "{:?}", problem.hints());
}

/// facts/remoting.md 9, row 28.
#[tokio::test(flavor = "multi_thread")]
async fn soap_is_not_assumed_in_every_error_body() {
    let html =
        "<!DOCTYPE html><html><head><style>b{}</style><title>404</title></head><body>File not found.</body></html>";
    let cases: [(u16, &str, &str); 5] = [
        (404, html, "404 File not found."),
        (500, "", "HTTP status 500"),
        (503, "Service Unavailable", "Service Unavailable"),
        (200, html, "an HTML page"),
        (200, "hello", "plain text"),
    ];
    for (status, body, expected) in cases {
        let server = Server::with(move |_, _| Some(Reply::new(status, body))).await;
        let problem = refused(request(&server.url)).await;
        assert!(problem.to_string().contains(expected), "{status} {body}: {problem}");
        assert!(!problem.hints().is_empty(), "{problem}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_work_is_refused_before_anything_is_sent() {
    let check = |problem: RemoteError| {
        assert_eq!(problem.kind(), ErrorKind::Usage);
        problem.to_string()
    };
    let plain = check(refused(request("http://mail.contoso.example/PowerShell/")).await);
    assert!(plain.contains("over http"), "{plain}");
    let retired = refused(request("https://outlook.office365.com/powershell-liveid/")).await;
    assert!(retired.hints()[0].contains("Connect-ExchangeOnline"), "{:?}", retired.hints());
    assert!(check(retired).contains("October 2023"));
    let mut kerberos = request("https://mail.contoso.example/PowerShell/");
    kerberos.options.authentication = Authentication::Kerberos;
    assert!(check(refused(kerberos).await).contains("Kerberos"));
    let mut off = request("https://mail.contoso.example/PowerShell/");
    off.options.basic_enabled = false;
    let off = refused(off).await;
    assert!(off.hints()[0].contains("exsh config set auth.basic true"), "{:?}", off.hints());
    let mut nobody = request("https://mail.contoso.example/PowerShell/");
    nobody.credential = None;
    check(refused(nobody).await);
    let mut proxy = request("https://mail.contoso.example/PowerShell/");
    proxy.options.session_option.proxy_credential = Some(ann());
    assert!(check(refused(proxy).await).contains("ProxyAccessType"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_too_many_is_told_and_its_details_have_exchange_s_request_id() {
    let server = Server::with(|_, request| {
        let text = "[Server=CAS1,RequestId=7f-3,TimeStamp=1/1/2026] [FailureCategory=WSMan-Quota] too many shells.";
        Some(fault(request, FaultCode::QUOTA_MAX_SHELLS, text))
    })
    .await;
    let problem = refused(request(&server.url)).await;
    assert!(problem.to_string().ends_with("too many shells"), "{problem}");
    assert!(problem.details().contains(&"RequestId: 7f-3".to_owned()), "{:?}", problem.details());
    assert!(problem.is_session_too_many());
    assert!(problem.hints().iter().any(|hint| hint.contains("remove_session")), "{:?}", problem.hints());
    assert_eq!(server.seen().len(), 1, "not sent again, nothing to delete");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_is_tried_again_as_often_as_asked() {
    let times = Arc::new(AtomicUsize::new(0));
    let count = times.clone();
    let server = Server::with(move |_, _| {
        let first = count.fetch_add(1, Ordering::SeqCst) == 0;
        first.then(|| Reply::new(503, "busy"))
    })
    .await;
    let witness = Arc::new(Witness::default());
    let mut asked = request(&server.url);
    asked.options.session_option.set("MaxConnectionRetryCount", Setting::Number(1)).unwrap();
    let session = connect(asked, witness.clone()).await.unwrap();
    assert!(witness.heard().contains(&"reconnecting 1".to_owned()));
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_listening_is_a_network_error_that_names_the_port() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let problem = refused(request(&format!("http://127.0.0.1:{port}/PowerShell"))).await;
    assert_eq!(problem.kind(), ErrorKind::Network);
    assert!(problem.to_string().contains(&format!("port {port}")), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_behind_https_is_told_so() {
    let server = Server::plain().await;
    let mut asked = request(&server.url.replace("http:", "https:"));
    asked.options.session_option.skip_ca_check = true;
    asked.options.session_option.skip_cn_check = true;
    let problem = refused(asked).await;
    assert!(problem.to_string().contains("TLS"), "{problem}");
    assert!(problem.hints()[0].contains("https"), "{:?}", problem.hints());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_know_compression_is_asked_without() {
    let server = Server::with(|seen, request| {
        seen.body.contains("CompressionType").then(|| fault(request, FaultCode::MUST_UNDERSTAND, "what is this?"))
    })
    .await;
    let session = open(&server).await;
    session.close().await;
    assert_eq!(server.count(Action::Create), 2);
}

/// exchange-wire.md 3, cookies.
#[tokio::test(flavor = "multi_thread")]
async fn the_affinity_cookie_comes_back_with_every_later_request() {
    let server = Server::plain().await;
    open(&server).await.close().await;
    let seen = server.seen();
    assert_eq!(seen[0].cookie, None);
    assert!(seen[1..].iter().all(|seen| seen.cookie.as_deref() == Some("MS-WSMAN=affinity-1")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_create_that_gets_lost_leaves_no_shell() {
    let server = Server::with(|_, request| match request.header.action() {
        Some(Action::Create) => Some(Reply::new(200, "<s:Env").cut()),
        _ => None,
    })
    .await;
    let problem = refused(request(&server.url)).await;
    assert_eq!(problem.kind(), ErrorKind::Network, "{problem}");
    let seen = server.seen();
    assert_eq!(seen[1].action, Some(Action::Delete), "the server may have made the shell");
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_future_that_connects_takes_the_shell_away() {
    let server = Server::with(|_, request| match request.header.action() {
        // never opened
        Some(Action::Receive) => Some(fault(request, FaultCode::TIMED_OUT, "nothing")),
        _ => None,
    })
    .await;
    let connecting = tokio::spawn(connect(request(&server.url), Arc::new(Witness::default())));
    server.until(|server| server.open_shells() == 1).await;
    connecting.abort();
    server.until(|server| server.open_shells() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_opens_the_pool_runs_into_open_timeout() {
    let server = Server::with(|_, request| match request.header.action() {
        Some(Action::Receive) => Some(fault(request, FaultCode::TIMED_OUT, "nothing")),
        _ => None,
    })
    .await;
    let mut asked = request(&server.url);
    asked.options.session_option.set("OpenTimeout", Setting::Number(300)).unwrap();
    let problem = refused(asked).await;
    assert!(matches!(problem, RemoteError::TooSlow { .. }), "{problem}");
    assert_eq!(server.open_shells(), 0);
    assert!(server.count(Action::Receive) < 20, "time-outs that come at once do not make a hot loop");
}
