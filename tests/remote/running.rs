//! Running pipelines: records in order, streaming, stopping, input, questions.

use std::sync::Arc;

use exsh::clixml::PsValue;
use exsh::remote::{Record, RemoteError, connect};
use exsh::wsman::{Action, FaultCode, RequestBody, STOP_SIGNAL, TERMINATE_SIGNAL};

use super::client::{Witness, cmdlet, cmdlet_with, drain, open, output, request};
use super::server::{Reply, Server, fault};

#[tokio::test(flavor = "multi_thread")]
async fn output_comes_in_order_and_the_command_is_terminated_after_it() {
    let server = Server::plain().await;
    let session = open(&server).await;
    assert_eq!(output(&session, cmdlet_with("Get-Number", 3)).await, ["0", "1", "2"]);
    assert_eq!(output(&session, cmdlet_with("Get-Number", 1)).await, ["0"]);
    server.until(|server| server.signals().len() == 2).await;
    assert_eq!(server.signals(), [TERMINATE_SIGNAL, TERMINATE_SIGNAL]);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_streams_are_offered_expanded_and_sent() {
    let server = Server::start(true, |_, _| None).await;
    let session = open(&server).await;
    let text = output(&session, cmdlet_with("Get-Text", 300_000)).await;
    assert_eq!(text[0].len(), 300_000);
    let mut running = session.start(cmdlet("Join-Input").with_input()).await.unwrap();
    let long = "Get-Mailbox ".repeat(10_000);
    running.input(long.as_str().into()).await.unwrap();
    running.end_input().unwrap();
    assert_eq!(drain(&mut running).await.0, [long]);
    let sent: usize = server.seen().iter().filter(|s| s.action == Some(Action::Send)).map(|s| s.body.len()).sum();
    assert!(sent < 10_000, "{sent} bytes for 120 kB of repetition");
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_compression_offers_none() {
    let server = Server::start(true, |_, _| None).await;
    let mut asked = request(&server.url);
    asked.options.session_option.no_compression = true;
    let session = connect(asked, Arc::new(Witness::default())).await.unwrap();
    assert_eq!(output(&session, cmdlet_with("Get-Number", 1)).await, ["0"]);
    session.close().await;
    assert!(server.seen().iter().all(|seen| !seen.body.contains("CompressionType")));
}

/// facts/remoting.md 9, row 7.
#[tokio::test(flavor = "multi_thread")]
async fn the_pool_is_received_for_while_a_command_runs_and_never_twice_at_once() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let during = Arc::new(AtomicUsize::new(0));
    let (count, running) = (during.clone(), Arc::new(std::sync::atomic::AtomicBool::new(false)));
    let started = running.clone();
    let server = Server::with(move |_, request| {
        match &request.body {
            RequestBody::Command { .. } => started.store(true, Ordering::SeqCst),
            RequestBody::Receive { command: None, .. } if started.load(Ordering::SeqCst) => {
                count.fetch_add(1, Ordering::SeqCst);
            }
            _ => {}
        }
        None
    })
    .await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Wait-Forever")).await.unwrap();
    server.until(|_| during.load(Ordering::SeqCst) >= 3).await;
    running.stop().await.unwrap();
    session.close().await;
    // one at a time: each of a target's Receives is asked only after the one before it was answered
    let receives = server.seen().into_iter().filter(|seen| seen.action == Some(Action::Receive));
    let mut ids: Vec<String> = receives.map(|seen| seen.body).collect();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

/// facts/remoting.md 9, row 6.
#[tokio::test(flavor = "multi_thread")]
async fn a_time_out_of_receive_is_asked_again_and_never_shown() {
    let server = Server::with({
        let left = std::sync::atomic::AtomicI32::new(3);
        move |_, request| match &request.body {
            RequestBody::Receive { command: Some(_), .. }
                if left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) > 0 =>
            {
                Some(fault(request, FaultCode::TIMED_OUT, "nothing yet"))
            }
            _ => None,
        }
    })
    .await;
    let session = open(&server).await;
    assert_eq!(output(&session, cmdlet_with("Get-Number", 2)).await, ["0", "1"]);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fragment_may_straddle_receives() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let text = output(&session, cmdlet_with("Get-Text", 1_000_000)).await;
    assert_eq!(text[0].len(), 1_000_000);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn warnings_and_errors_keep_their_place_and_end_nothing() {
    let server = Server::plain().await;
    let session = open(&server).await;
    assert_eq!(output(&session, cmdlet("Show-Warning")).await, ["warning careful", "error not this one"]);
    session.close().await;
}

/// facts/remoting.md 9, row 20 (its carrier half).
#[tokio::test(flavor = "multi_thread")]
async fn output_before_a_terminating_error_is_kept() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Invoke-Failure")).await.unwrap();
    let (found, end) = drain(&mut running).await;
    assert_eq!(found, ["before the end"]);
    let Err(RemoteError::Failed(record)) = end else { panic!("{end:?}") };
    assert_eq!(record.message(), "no mailbox today");
    assert_eq!(output(&session, cmdlet_with("Get-Number", 1)).await, ["0"], "the session goes on");
    session.close().await;
}

/// facts/remoting.md 9, row 4.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_command_is_stopped_with_the_code_that_stops_and_then_terminated() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Wait-Forever")).await.unwrap();
    server.until(|server| server.seen().iter().any(|s| s.action == Some(Action::Receive) && s.command.is_some())).await;
    running.stop().await.unwrap();
    assert!(drain(&mut running).await.1.is_ok(), "whoever stops it is not told that it was stopped");
    server.until(|server| server.signals().len() == 2).await;
    assert_eq!(server.signals(), [STOP_SIGNAL, TERMINATE_SIGNAL]);
    assert_eq!(STOP_SIGNAL, "powershell/signal/crtl_c");
    assert_eq!(output(&session, cmdlet_with("Get-Number", 1)).await, ["0"], "the session goes on");
    session.close().await;
}

/// facts/remoting.md 7.6 and 9, row 25.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_before_the_command_is_answered_waits_for_the_answer() {
    let answered = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let may_answer = answered.clone();
    let server = Server::with(move |_, request| match &request.body {
        RequestBody::Command { .. } => {
            // a slow answer: this thread is one of several
            while !may_answer.load(std::sync::atomic::Ordering::SeqCst) {
                std::thread::yield_now();
            }
            None
        }
        _ => None,
    })
    .await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Wait-Forever")).await.unwrap();
    server.until(|server| server.count(Action::Command) == 1).await;
    let stopper = running.stopper();
    stopper.stop_soon();
    assert_eq!(server.count(Action::Signal), 0);
    answered.store(true, std::sync::atomic::Ordering::SeqCst);
    running.stop().await.unwrap();
    assert_eq!(server.signals()[0], STOP_SIGNAL);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_a_running_pipeline_stops_and_terminates_it() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Get-Endless")).await.unwrap();
    let first = running.next().await.unwrap().unwrap();
    assert!(matches!(first, Record::Output(PsValue::String(text)) if text.to_text().starts_with("0:")));
    drop(running);
    server.until(|server| server.signals().len() == 2).await;
    assert_eq!(server.signals(), [STOP_SIGNAL, TERMINATE_SIGNAL]);
    assert_eq!(output(&session, cmdlet_with("Get-Number", 1)).await, ["0"], "the session goes on");
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_does_not_read_holds_the_server_back() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let running = session.start(cmdlet("Get-Endless")).await.unwrap();
    let receives = |server: &Server| {
        server.seen().iter().filter(|s| s.action == Some(Action::Receive) && s.command.is_some()).count()
    };
    // 100 kB a Receive, 1 MB of patience
    server.until(|server| receives(server) >= 8).await;
    let pool = server.count(Action::Receive);
    // the pool's own Receives go on: time passes
    server.until(|server| server.count(Action::Receive) >= pool + 4 || receives(server) > 40).await;
    assert!(receives(&server) <= 15, "{} Receives without a reader", receives(&server));
    drop(running);
    session.close().await;
    assert_eq!(server.open_shells(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn input_arrives_in_order_after_the_command_was_answered() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Join-Input").with_input()).await.unwrap();
    for number in 0..1000 {
        running.input(PsValue::I32(number)).await.unwrap();
    }
    running.end_input().unwrap();
    let (found, end) = drain(&mut running).await;
    end.unwrap();
    assert_eq!(found, (0..1000).map(|number| number.to_string()).collect::<Vec<_>>());
    let seen = server.seen();
    let command = seen.iter().position(|seen| seen.action == Some(Action::Command)).unwrap();
    let send = seen.iter().position(|seen| seen.action == Some(Action::Send)).unwrap();
    assert!(command < send);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feeder_sends_input_while_its_output_is_read_elsewhere() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Join-Input").with_input()).await.unwrap();
    let feeder = running.feeder();
    let feeding = tokio::spawn(async move {
        // more than may wait to be sent, so that the feeder itself waits in between
        for number in 0..1000 {
            feeder.input(PsValue::I32(number)).await.unwrap();
        }
        feeder.end_input().unwrap();
        feeder
    });
    let (found, end) = drain(&mut running).await;
    end.unwrap();
    assert_eq!(found, (0..1000).map(|number| number.to_string()).collect::<Vec<_>>());
    let feeder = feeding.await.unwrap();
    assert!(feeder.input(PsValue::Null).await.is_err(), "its input has ended");
    assert!(feeder.end_input().is_err());
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feeder_of_a_pipeline_that_is_stopped_or_takes_no_input_is_told_so() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Join-Input").with_input()).await.unwrap();
    let feeder = running.feeder();
    running.stop().await.unwrap();
    assert!(feeder.input(PsValue::I32(1)).await.is_err());
    let mut running = session.start(cmdlet("Wait-Forever")).await.unwrap();
    assert!(running.feeder().input(PsValue::I32(1)).await.is_err());
    running.stop().await.unwrap();
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipeline_longer_than_an_envelope_is_completed_by_send_before_it_is_received_for() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let long: PsValue = "y".repeat(700_000).as_str().into();
    let mut spec = cmdlet_with("Get-Number", 2);
    spec.commands[0].arguments.push(exsh::psrp::Argument::named("Note", long));
    assert_eq!(output(&session, spec).await, ["0", "1"]);
    let sends: Vec<usize> =
        server.seen().iter().filter(|s| s.action == Some(Action::Send)).map(|s| s.body.len()).collect();
    assert!(!sends.is_empty() && sends.iter().all(|length| *length <= 512_000), "{sends:?}");
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_off_the_async_threads_or_refused_cleanly() {
    for (speechless, expected) in [(false, "1"), (true, "there is nobody to answer")] {
        let server = Server::plain().await;
        let witness = Arc::new(Witness { speechless, ..Witness::default() });
        let session = connect(request(&server.url), witness.clone()).await.unwrap();
        assert_eq!(output(&session, cmdlet("Read-Answer")).await, [expected]);
        assert!(witness.heard().contains(&"host call PromptForChoice".to_owned()));
        session.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secure_string_brings_about_the_exchange_of_a_key() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Get-Secret")).await.unwrap();
    let Some(Ok(Record::Output(PsValue::SecureString(exsh::clixml::SecureText::Plain(secret))))) = running.next().await
    else {
        panic!("no secret that could be read")
    };
    assert_eq!(exsh::secret::ExposeSecret::expose_secret(&*secret), "hush");
    assert!(running.next().await.is_none());
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_pipeline_is_refused_while_the_first_one_runs() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut first = session.start(cmdlet("Wait-Forever")).await.unwrap();
    let second = session.start(cmdlet("Get-Number")).await;
    assert!(matches!(second, Err(RemoteError::Busy { .. })));
    assert_eq!(session.info().availability.to_string(), "Busy");
    first.stop().await.unwrap();
    assert_eq!(output(&session, cmdlet_with("Get-Number", 1)).await, ["0"]);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_come_as_records_of_a_pipeline() {
    let server = Server::plain().await;
    let session = open(&server).await;
    let mut running = session.command_metadata(exsh::psrp::CommandQuery::new(["*"])).await.unwrap();
    assert_eq!(drain(&mut running).await.0, ["0"]);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_time_is_given_it() {
    let server = Server::with({
        let left = std::sync::atomic::AtomicI32::new(1);
        move |_, request| match &request.body {
            RequestBody::Command { .. } if left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) > 0 => {
                Some(fault(request, FaultCode::QUOTA_USER, "not approved for at least 40 milliseconds."))
            }
            _ => None,
        }
    })
    .await;
    let witness = Arc::new(Witness::default());
    let session = connect(request(&server.url), witness.clone()).await.unwrap();
    assert_eq!(output(&session, cmdlet_with("Get-Number", 1)).await, ["0"]);
    assert!(witness.heard().contains(&"throttled 40 ms".to_owned()), "{:?}", witness.heard());
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_command_fails_alone() {
    let server = Server::with({
        let left = std::sync::atomic::AtomicI32::new(1);
        move |_, request| match &request.body {
            RequestBody::Command { .. } if left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) > 0 => {
                Some(fault(request, FaultCode::PLUGIN_REFUSED, "you may not."))
            }
            _ => None,
        }
    })
    .await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet_with("Get-Number", 1)).await.unwrap();
    let (_, end) = drain(&mut running).await;
    assert!(end.unwrap_err().to_string().ends_with("you may not"));
    assert_eq!(output(&session, cmdlet_with("Get-Number", 1)).await, ["0"]);
    session.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wire_is_recorded_without_secrets() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let server = Server::plain().await;
    let mut asked = request(&server.url);
    asked.options.trace = Some(Arc::new(exsh::transport::Trace::create(file.path()).unwrap()));
    let session = connect(asked, Arc::new(Witness::default())).await.unwrap();
    assert_eq!(output(&session, cmdlet_with("Get-Number", 1)).await, ["0"]);
    session.close().await;
    let text = std::fs::read_to_string(file.path()).unwrap();
    // facts/remoting.md 9, row 24: the user and password in base64, and the cookie
    assert!(!text.contains("YW5uQGNvbnRvc28uY29tOm9wZW4gc2VzYW1l") && !text.contains("affinity-1"));
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines[0]["what"].is_string());
    assert_eq!(lines[1]["n"], 1);
    assert_eq!(lines[1]["path"], "/PowerShell?PSVersion=5.1");
    assert!(lines[1]["request"].as_str().unwrap().contains("transfer/Create<"));
    assert_eq!(lines[1]["status"], 200);
    assert!(lines.iter().any(|line| line["response"].as_str().is_some_and(|body| body.contains("CommandResponse"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_reply_is_no_answer() {
    let server = Server::with(|_, request| match &request.body {
        RequestBody::Command { .. } => Some(Reply::new(200, super::server::reply_to(request).sent())),
        _ => None,
    })
    .await;
    let session = open(&server).await;
    let mut running = session.start(cmdlet("Get-Number")).await.unwrap();
    let (_, end) = drain(&mut running).await;
    assert!(end.unwrap_err().to_string().contains("is no answer to it"));
    session.close().await;
}
