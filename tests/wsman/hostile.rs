//! Any bytes end in a request, an answer or a typed error, whatever was agreed on; and what is built is read as it was meant.

use std::time::Duration;

use exsh::wsman::xpress::{STREAM_BYTES_MAX, XpressError, compress};
use exsh::wsman::{
    ClientContext, CommandId, Compression, FaultCode, HeaderOption, NewShell, RequestBody, ResponseBody, ServerFault,
    ServerReply, ShellId, WsmanError, parse_request, parse_response,
};
use proptest::prelude::*;
use uuid::Uuid;

fn compression() -> impl Strategy<Value = Compression> {
    prop::sample::select(vec![Compression::None, Compression::Xpress])
}

/// Text that XML can hold: line ends and outer blanks are the parser's to change, so there are none.
fn text() -> impl Strategy<Value = String> {
    "[!-~é🍐<>&\"']([ -~é🍐<>&\"']{0,20}[!-~é🍐])?"
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..600),
        (any::<u8>(), 0..70_000_usize).prop_map(|(byte, count)| vec![byte; count]),
    ]
}

fn context(compression: Compression) -> ClientContext {
    let mut context = ClientContext::new("http://mail.contoso.com/PowerShell/?a=1&b=<2>", "Microsoft.Exchange");
    context.selectors = vec![("ShellId".to_owned(), "ABC".to_owned())];
    context.compression = compression;
    context
}

/// One of each kind of message, as our own two ends write them.
fn samples() -> Vec<Vec<u8>> {
    let context = context(Compression::None);
    let command = CommandId::from_uuid(Uuid::from_u128(5));
    let reply = ServerReply { relates_to: "uuid:1", message: Uuid::nil() };
    let shell = NewShell {
        id: ShellId::from_text("ABC"),
        name: "one".to_owned(),
        idle_timeout: Some(Duration::from_secs(60)),
        options: vec![HeaderOption::required("protocolversion", "2.3")],
        creation: b"creation".to_vec(),
        offer: Compression::Xpress,
    };
    vec![
        context.create(Uuid::nil(), &shell),
        context.command(Uuid::nil(), &command, "Get-Mailbox", b"first bytes"),
        context.send(Uuid::nil(), Some(&command), "stdin", b"more bytes"),
        context.receive(Uuid::nil(), Some(&command)),
        context.signal(Uuid::nil(), &command, exsh::wsman::STOP_SIGNAL),
        context.delete(Uuid::nil()),
        reply.received(Some(&command), &[b"one", b"two"], true, Compression::None),
        reply.fault(&ServerFault::timed_out("EX01")),
        reply.command_started(&command),
    ]
}

/// Reads a message as either side would.
fn read_all(message: &[u8]) {
    for compression in [Compression::None, Compression::Xpress] {
        let _ = parse_request(message, |_| compression);
        let _ = parse_response(message, compression);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_message_or_a_typed_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn any_damage_to_an_envelope_ends_in_a_message_or_a_typed_error(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in 0..40_usize,
        instead in "[<>/&;:\"'=!?a-z \\[\\]\u{0}é-]{0,12}",
    ) {
        let samples = samples();
        let mut message = samples[which.index(samples.len())].clone();
        let at = at.index(message.len());
        let end = (at + length).min(message.len());
        message.splice(at..end, instead.into_bytes());
        read_all(&message);
        read_all(&message[..at]); // cut off
    }

    #[test]
    fn what_the_client_sends_is_what_the_server_reads(
        (line, stream, data) in (text(), prop::sample::select(vec!["stdin", "pr"]), bytes()),
        compression in compression(),
        id in any::<u128>(),
    ) {
        let context = context(compression);
        let command = CommandId::from_uuid(Uuid::from_u128(id));
        let message = Uuid::from_u128(!id);
        let sent = context.send(message, Some(&command), stream, &data);
        let read = parse_request(&sent, |_| compression).unwrap();
        prop_assert_eq!(read.header.to.as_str(), "http://mail.contoso.com/PowerShell/?a=1&b=<2>");
        prop_assert_eq!(read.header.shell(), Some(ShellId::from_text("ABC")));
        let RequestBody::Send { streams } = read.body else { panic!("a Send") };
        prop_assert_eq!(&*streams[0].data, &data);
        prop_assert_eq!((streams[0].name.as_str(), streams[0].command.as_ref()), (stream, Some(&command)));
        let started = parse_request(&context.command(message, &command, &line, &data), |_| compression).unwrap();
        prop_assert_eq!(started.body, RequestBody::Command { command: Some(command), line, arguments: data });
    }

    #[test]
    fn a_new_shell_is_read_as_it_was_asked_for(
        (name, value, creation) in (text(), text(), prop::collection::vec(any::<u8>(), 1..300)),
        must_comply in any::<bool>(),
        milliseconds in prop::option::of(0..10_000_000_u64),
        offer in compression(),
    ) {
        let option = HeaderOption { name: "protocolversion".to_owned(), value, must_comply };
        let idle_timeout = milliseconds.map(Duration::from_millis);
        let id = ShellId::from_text("11111111-2222-3333-4444-555555555555");
        let shell = NewShell { id: id.clone(), name, idle_timeout, options: vec![option], creation, offer };
        let read = parse_request(&context(Compression::None).create(Uuid::nil(), &shell), |_| offer).unwrap();
        prop_assert_eq!((read.header.options, read.header.compression), (shell.options, offer));
        let RequestBody::Create(created) = read.body else { panic!("a Create") };
        prop_assert_eq!(created.id, Some(id));
        prop_assert_eq!((created.name, created.idle_timeout), (Some(shell.name), idle_timeout));
        prop_assert_eq!(created.creation, Some(shell.creation));
    }

    #[test]
    fn what_the_server_answers_is_what_the_client_reads(
        chunks in prop::collection::vec(bytes(), 0..4),
        compression in compression(),
        done in any::<bool>(),
        (message, code) in (text(), any::<u32>()),
    ) {
        let reply = ServerReply { relates_to: "uuid:7", message: Uuid::nil() };
        let command = CommandId::from_uuid(Uuid::from_u128(3));
        let parts: Vec<&[u8]> = chunks.iter().map(Vec::as_slice).collect();
        let read = parse_response(&reply.received(Some(&command), &parts, done, compression), compression).unwrap();
        prop_assert_eq!(read.relates_to.as_deref(), Some("uuid:7"));
        let ResponseBody::Received(received) = read.body else { panic!("a Receive") };
        let joined: Vec<u8> = received.streams.iter().flat_map(|chunk| chunk.data.to_vec()).collect();
        prop_assert_eq!(joined, chunks.concat());
        prop_assert_eq!(received.state.is_some_and(|state| state.is_done()), done);
        let fault = ServerFault { code: FaultCode(code), message: format!("it says {message}"), ..ServerFault::timed_out("M") };
        let ResponseBody::Fault(fault) = parse_response(&reply.fault(&fault), compression).unwrap().body else { panic!() };
        prop_assert_eq!((fault.code, fault.message), (Some(FaultCode(code)), format!("it says {message}")));
    }
}

#[test]
fn text_that_xml_cannot_hold_does_not_break_an_envelope() {
    let sent =
        context(Compression::None).command(Uuid::nil(), &CommandId::from_text("C"), "a\u{1}\r\n\tb\u{ffff}", b"x");
    let RequestBody::Command { line, .. } = parse_request(&sent, |_| Compression::None).unwrap().body else { panic!() };
    assert_eq!(line, "a\u{fffd}\r\n\tb\u{fffd}");
}

#[test]
fn an_envelope_that_is_nested_too_deeply_is_refused() {
    let deep = format!("<s:Envelope xmlns:s=\"x\"><s:Body>{}", "<a>".repeat(100_000));
    assert!(matches!(parse_response(deep.as_bytes(), Compression::None), Err(WsmanError::Malformed { .. })));
    assert!(matches!(parse_request(deep.as_bytes(), |_| Compression::None), Err(WsmanError::Malformed { .. })));
}

#[test]
fn the_streams_of_one_envelope_share_one_limit_of_what_they_may_expand_to() {
    let block = compress(&[0; 65_536]);
    let third = block.repeat(STREAM_BYTES_MAX / 65_536 / 3 + 1);
    let stream =
        |bytes: &[u8]| format!("<Stream Name=\"stdout\">{}</Stream>", base64_simd::STANDARD.encode_to_string(bytes));
    let answer = |streams: String| {
        format!("<s:Envelope xmlns:s=\"x\"><s:Body><ReceiveResponse>{streams}</ReceiveResponse></s:Body></s:Envelope>")
    };
    let bomb = answer(stream(&third).repeat(3));
    assert!(bomb.len() < 600_000, "{} bytes", bomb.len());
    let refused = parse_response(bomb.as_bytes(), Compression::Xpress).unwrap_err();
    let too_large = XpressError::TooLarge { bytes_max: STREAM_BYTES_MAX };
    assert!(matches!(refused, WsmanError::Compression { problem, .. } if problem == too_large), "{refused:?}");
    let good = answer(stream(&block).repeat(3));
    let ResponseBody::Received(received) = parse_response(good.as_bytes(), Compression::Xpress).unwrap().body else {
        panic!()
    };
    assert_eq!(received.streams.iter().map(|chunk| chunk.data.len()).sum::<usize>(), 3 * 65_536);
}

#[test]
fn every_file_of_the_fuzzers_corpus_is_a_message_or_a_typed_error() {
    let mut files = 0;
    for target in ["envelopes", "requests"] {
        let folder = format!("{}/fuzz/corpus/{target}", env!("CARGO_MANIFEST_DIR"));
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            read_all(&std::fs::read(path).unwrap());
            files += 1;
        }
    }
    assert!(files > 5);
}
