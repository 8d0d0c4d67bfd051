//! What clients commonly get wrong (facts 9): a test for each of the mistakes that this room could make.
//!
//! Expectations from [MS-PSRP] and from recordings of PowerShell 7.6.5 (see tests/PROVENANCE.md).

use bytes::Bytes;
use exsh::clixml::{PsValue, PsVersion};
use exsh::psrp::{
    Argument, ClientEvent, ClientPool, CommandSpec, Defragmenter, FragmentError, FragmentHeader, HostMethod, HostReply,
    InvocationState, Message, MessageType, PROTOCOL_2_0, PipelineSpec, PoolOptions, PsrpError, ReceiveLimits, Record,
    RunspacePoolState, ServerEvent, StreamName, Target,
};
use uuid::Uuid;

use super::pair::{self, PIPELINE, POOL, Pair, from_server, sent, sent_text};

const OUTPUT: u32 = 0x0004_1004;
const PIPELINE_STATE: u32 = 0x0004_1006;
const HOST_CALL: u32 = 0x0004_1100;

/// First bytes of the recording *open-close*, line 1.
const FIRST_BYTES: &str = "AAAAAAAAAAEAAAAAAAAAAAMAAADKAgAAAAIAAQBuY81k2AWHT42LrX18yakkAAAAAAAAAAAAAAAAAAAAAO+7vw==";

#[test]
fn fragment_headers_are_big_endian_message_headers_little_endian_and_guids_mixed() {
    let mut pool = ClientPool::new(PoolOptions {
        protocol_version: PsVersion::new(2, 4),
        ..PoolOptions::new(Uuid::parse_str("64cd636e-05d8-4f87-8d8b-ad7d7cc9a924").unwrap())
    });
    pool.open().unwrap();
    let (_, bytes) = sent(&mut pool, Target::Pool);
    let recorded = base64_simd::STANDARD.decode_to_vec(FIRST_BYTES).unwrap();
    assert_eq!(&bytes[..recorded.len()], recorded);
}

#[test]
fn a_byte_order_mark_is_skipped_and_not_required() {
    let mut pair = started();
    pair.client.handle_bytes(target(), from_server(1, OUTPUT, POOL, PIPELINE, "\u{feff}<I32>1</I32>")).unwrap();
    pair.client.handle_bytes(target(), from_server(2, OUTPUT, POOL, PIPELINE, "<I32>2</I32>")).unwrap();
    pair.talk();
    assert!(matches!(outputs(&pair)[..], [PsValue::I32(1), PsValue::I32(2)]));
}

#[test]
fn each_pipeline_has_a_buffer_of_its_own_and_fragments_may_be_cut_anywhere() {
    let mut pair = started();
    let other = Uuid::from_u128(77);
    pair.client.create_pipeline(other, &PipelineSpec::new(vec![CommandSpec::new("Get-User")])).unwrap();
    let first = from_server(1, OUTPUT, POOL, PIPELINE, "<S>one</S>");
    let second = from_server(2, OUTPUT, POOL, other, "<S>two</S>");
    for index in 0..first.len().max(second.len()) {
        // One byte of each in turn: headers and blobs straddle all boundaries.
        for (target, bytes) in [(Target::Pipeline(PIPELINE), &first), (Target::Pipeline(other), &second)] {
            if index < bytes.len() {
                pair.client.handle_bytes(target, bytes.slice(index..=index)).unwrap();
            }
        }
    }
    pair.talk();
    assert_eq!(outputs(&pair).iter().map(pair::text).collect::<Vec<_>>(), ["one", "two"]);
}

#[test]
fn a_pipeline_ends_with_its_state_and_a_stream_that_ends_before_is_an_error() {
    let mut pair = started();
    pair.client.handle_bytes(target(), from_server(1, OUTPUT, POOL, PIPELINE, "<I32>1</I32>")).unwrap();
    let error = pair.client.handle_stream_end(target()).unwrap_err();
    assert_eq!(error, PsrpError::StreamEnded { target: target(), missing: "the pipeline's state" });
    assert_eq!(pair.client.pipeline_state(PIPELINE), Some(InvocationState::Failed));

    let mut pair = started();
    pair.client.handle_bytes(target(), completed(1)).unwrap();
    assert_eq!(pair.client.handle_stream_end(target()), Ok(()));
    assert_eq!(pair.client.pipeline_state(PIPELINE), Some(InvocationState::Completed));
}

#[test]
fn references_do_not_reach_into_another_message() {
    let mut pair = started();
    let first = r#"<Obj RefId="0"><TN RefId="0"><T>A</T></TN><LST><I32>1</I32></LST></Obj>"#;
    pair.client.handle_bytes(target(), from_server(1, OUTPUT, POOL, PIPELINE, first)).unwrap();
    let dangling = from_server(2, OUTPUT, POOL, PIPELINE, r#"<Obj RefId="1"><TNRef RefId="0"/></Obj>"#);
    let error = pair.client.handle_bytes(target(), dangling).unwrap_err();
    assert!(matches!(error, PsrpError::Body { message: MessageType::PipelineOutput, .. }), "{error:?}");
}

#[test]
fn enumerations_carry_type_names_text_and_number() {
    let mut pair = started();
    let text = sent_text(&mut pair.client, target());
    let apartment = concat!(
        r#"<Obj N="ApartmentState" RefId="13"><TN RefId="2"><T>System.Threading.ApartmentState</T><T>System.Enum</T>"#,
        "<T>System.ValueType</T><T>System.Object</T></TN><ToString>Unknown</ToString><I32>2</I32></Obj>"
    );
    assert!(text.contains(apartment), "{text}");
}

#[test]
fn older_servers_are_not_sent_fields_that_they_do_not_know() {
    let spec = PipelineSpec::new(vec![CommandSpec::new("Get-Mailbox")]);
    let text_for = |version| {
        let value = spec.to_value(version).unwrap();
        String::from_utf8(exsh::clixml::write_fragment(&value, None).unwrap()).unwrap()
    };
    assert!(!text_for(PROTOCOL_2_0).contains("MergeError"));
    assert!(text_for(PsVersion::new(2, 2)).contains("MergeWarning"));
    assert!(!text_for(PsVersion::new(2, 2)).contains("MergeInformation"));
    assert!(text_for(PsVersion::new(2, 3)).contains("MergeInformation"));
    let batch = PipelineSpec { more_statements: vec![vec![CommandSpec::new("Get-User")]], ..spec };
    assert!(matches!(batch.to_value(PROTOCOL_2_0), Err(PsrpError::NotSupported { .. })));
}

#[test]
fn the_private_data_of_the_server_say_which_fields_it_knows() {
    let mut pool = ClientPool::new(PoolOptions::new(POOL));
    pool.open().unwrap();
    pool.handle_bytes(Target::Pool, capability("2.3")).unwrap();
    let data = concat!(
        r#"<Obj RefId="0"><MS><Obj N="ApplicationPrivateData" RefId="1"><DCT><En><S N="Key">PSVersionTable</S>"#,
        r#"<Obj N="Value" RefId="2"><DCT><En><S N="Key">PSRemotingProtocolVersion</S><Version N="Value">2.2</Version>"#,
        "</En></DCT></Obj></En></DCT></Obj></MS></Obj>"
    );
    pool.handle_bytes(Target::Pool, from_server(2, 0x0002_1009, POOL, Uuid::nil(), data)).unwrap();
    pool.handle_bytes(Target::Pool, opened(3)).unwrap();
    pool.create_pipeline(PIPELINE, &PipelineSpec::new(vec![CommandSpec::new("Get-Mailbox")])).unwrap();
    assert!(!sent_text(&mut pool, target()).contains("MergeInformation"));
}

#[test]
fn is_nested_and_no_input_are_always_there() {
    let mut pair = started();
    let text = sent_text(&mut pair.client, target());
    assert_eq!(text.matches(r#"N="IsNested""#).count(), 2, "{text}");
    assert!(text.contains(r#"<B N="NoInput">true</B>"#));
}

#[test]
fn a_pipeline_with_input_gets_the_end_of_its_input_even_if_there_was_none() {
    let mut pair = Pair::opened();
    let spec = PipelineSpec::new(vec![CommandSpec::new("Set-Mailbox")]).with_input();
    pair.client.create_pipeline(PIPELINE, &spec).unwrap();
    pair.client.end_input(PIPELINE).unwrap();
    assert!(matches!(pair.client.end_input(PIPELINE), Err(PsrpError::WrongPipelineState { .. })));
    pair.talk();
    assert!(matches!(pair.server_events[..], [ServerEvent::PipelineCreated { .. }, ServerEvent::InputEnded { .. }]));
}

#[test]
fn a_pipeline_without_input_takes_none() {
    let mut pair = started();
    assert!(matches!(pair.client.send_input(PIPELINE, &PsValue::Null), Err(PsrpError::WrongPipelineState { .. })));
    assert!(matches!(pair.client.end_input(PIPELINE), Err(PsrpError::WrongPipelineState { .. })));
}

#[test]
fn a_switch_is_a_named_boolean_and_neither_text_nor_positional() {
    let mut pair = Pair::opened();
    let command = CommandSpec::new("Set-Mailbox").argument(Argument::switch("Force", true));
    pair.client.create_pipeline(PIPELINE, &PipelineSpec::new(vec![command])).unwrap();
    let text = sent_text(&mut pair.client, target());
    assert!(text.contains(r#"<MS><S N="N">-Force:</S><B N="V">true</B></MS>"#), "{text}");
}

#[test]
fn arguments_are_structured_and_never_joined_into_script_text() {
    let mut pair = Pair::opened();
    let nasty = "bob'; Remove-Mailbox *; '";
    let command = CommandSpec::new("Get-Mailbox").argument(Argument::named("Identity", nasty.into()));
    pair.client.create_pipeline(PIPELINE, &PipelineSpec::new(vec![command])).unwrap();
    pair.talk();
    let [ServerEvent::PipelineCreated { spec, .. }] = &pair.server_events[..] else { panic!() };
    assert!(!spec.commands[0].is_script);
    assert_eq!(pair::text(&spec.commands[0].arguments[0].value), nasty);
}

#[test]
fn host_calls_that_want_an_answer_get_one_and_void_ones_must_not() {
    let mut pair = started();
    pair.talk();
    let choice = pair.server.send_host_call(Some(PIPELINE), HostMethod::PromptForChoice, vec!["c".into()]).unwrap();
    let void = pair.server.send_host_call(Some(PIPELINE), HostMethod::WriteLine2, vec!["x".into()]).unwrap();
    assert_eq!((choice, void), (1, -100));
    pair.talk();
    let answer = || HostReply::Value(PsValue::I32(0));
    let refused = pair.client.respond_host_call(Some(PIPELINE), void, HostMethod::WriteLine2, answer());
    assert_eq!(refused.unwrap_err(), PsrpError::NoSuchHostCall { call_id: -100 });
    pair.client.respond_host_call(Some(PIPELINE), choice, HostMethod::PromptForChoice, answer()).unwrap();
    let packet = pair.client.poll_send(target(), 32_768).unwrap();
    assert_eq!(packet.stream, StreamName::PromptResponse);
    // Once is enough.
    let again = pair.client.respond_host_call(Some(PIPELINE), choice, HostMethod::PromptForChoice, answer());
    assert!(matches!(again, Err(PsrpError::NoSuchHostCall { .. })));
}

#[test]
fn a_refused_host_call_is_answered_with_an_error() {
    let mut pair = started();
    pair.talk();
    let id = pair.server.send_host_call(Some(PIPELINE), HostMethod::ReadLine, Vec::new()).unwrap();
    pair.talk();
    let reply = HostReply::refused("nobody is there to answer");
    pair.client.respond_host_call(Some(PIPELINE), id, HostMethod::ReadLine, reply).unwrap();
    pair.talk();
    let Some(ServerEvent::HostResponse { response, .. }) = pair.server_events.last() else { panic!() };
    let Some(HostReply::Refused(error)) = &response.reply else { panic!("{response:?}") };
    assert_eq!(error.message(), "nobody is there to answer");
}

#[test]
fn exsh_advertises_protocol_2_3_unless_told_otherwise() {
    let mut pool = ClientPool::new(PoolOptions::new(POOL));
    pool.open().unwrap();
    let text = sent_text(&mut pool, Target::Pool);
    assert!(text.contains(r#"<Version N="protocolversion">2.3</Version>"#), "{text}");
}

#[test]
fn servers_from_2_0_to_2_3_are_accepted_and_2_4_only_where_it_was_asked_for() {
    for version in ["2.0", "2.1", "2.2", "2.3"] {
        let mut pool = ClientPool::new(PoolOptions::new(POOL));
        pool.open().unwrap();
        pool.handle_bytes(Target::Pool, capability(version)).unwrap();
        assert_eq!(pool.state(), RunspacePoolState::NegotiationSucceeded);
    }
    let mut pool = ClientPool::new(PoolOptions::new(POOL));
    pool.open().unwrap();
    let error = pool.handle_bytes(Target::Pool, capability("2.4")).unwrap_err();
    assert!(matches!(error, PsrpError::IncompatibleVersion { what: "protocol version", .. }), "{error:?}");
    let newer = PoolOptions { protocol_version: PsVersion::new(2, 4), ..PoolOptions::new(POOL) };
    let mut pool = ClientPool::new(newer);
    pool.open().unwrap();
    pool.handle_bytes(Target::Pool, capability("2.4")).unwrap();
}

#[test]
fn output_that_came_before_a_terminating_error_is_kept_and_the_error_comes_once() {
    let mut pair = started();
    pair.talk();
    pair.server.send_output(PIPELINE, &"kept".into()).unwrap();
    let error = exsh::psrp::ErrorRecord::new("boom", "Boom", exsh::psrp::ErrorCategory::InvalidOperation);
    pair.server.send_pipeline_state(PIPELINE, InvocationState::Failed, Some(&error)).unwrap();
    pair.talk();
    let [
        ClientEvent::Record { record: Record::Output(kept), .. },
        ClientEvent::PipelineState { state: InvocationState::Failed, reason: Some(reason), .. },
    ] = &pair.client_events[..]
    else {
        panic!("{:?}", pair.client_events)
    };
    assert_eq!((pair::text(kept).as_str(), reason.message().to_string().as_str()), ("kept", "boom"));
}

#[test]
fn a_text_of_the_details_is_shown_before_that_of_the_exception() {
    let mut error = exsh::psrp::ErrorRecord::new("from the exception", "X", exsh::psrp::ErrorCategory::InvalidData);
    assert_eq!(error.message(), "from the exception");
    error.details_message = Some("from the details".into());
    assert_eq!(error.message(), "from the details");
}

#[test]
fn what_is_sent_for_one_pipeline_comes_out_in_order_whatever_the_room() {
    let mut pair = Pair::opened();
    let spec = PipelineSpec::new(vec![CommandSpec::new("Set-Mailbox")]).with_input();
    pair.client.create_pipeline(PIPELINE, &spec).unwrap();
    for number in 0..50 {
        pair.client.send_input(PIPELINE, &PsValue::I32(number)).unwrap();
    }
    pair.client.end_input(PIPELINE).unwrap();
    let mut room = 1;
    while let Some(packet) = pair.client.poll_send(target(), room) {
        assert!(packet.bytes.len() <= room);
        pair.server.handle_bytes(target(), packet.stream, packet.bytes).unwrap();
        room = room % 97 + 1;
    }
    pair.talk();
    let inputs: Vec<i32> = pair
        .server_events
        .iter()
        .filter_map(|event| match event {
            ServerEvent::Input { value: PsValue::I32(number), .. } => Some(*number),
            _ => None,
        })
        .collect();
    assert_eq!(inputs, (0..50).collect::<Vec<_>>());
    assert!(matches!(pair.server_events.last(), Some(ServerEvent::InputEnded { .. })));
}

#[test]
fn data_for_an_unknown_pipeline_are_dropped() {
    let mut pair = started();
    let unknown = Uuid::from_u128(99);
    let late = from_server(9, OUTPUT, POOL, unknown, "<I32>1</I32>");
    pair.client.handle_bytes(Target::Pipeline(unknown), late.clone()).unwrap();
    pair.client.handle_bytes(Target::Pool, late).unwrap();
    pair.client.close_pipeline(PIPELINE);
    pair.client.handle_bytes(target(), completed(10)).unwrap();
    assert!(pair.client.poll_event().is_none());
    assert_eq!(pair.client.state(), RunspacePoolState::Opened);
}

#[test]
fn warnings_and_a_pipeline_state_without_pipeline_are_accepted_before_the_pool_is_open() {
    // Exchange greets like this (exchange-wire 3, pool-level records before Opened).
    let mut pool = ClientPool::new(PoolOptions::new(POOL));
    pool.open().unwrap();
    pool.handle_bytes(Target::Pool, capability("2.3")).unwrap();
    let warning = concat!(
        r#"<Obj RefId="0"><MS><S N="InformationalRecord_Message">be nice</S>"#,
        r#"<B N="InformationalRecord_SerializeInvocationInfo">false</B></MS></Obj>"#
    );
    pool.handle_bytes(Target::Pool, from_server(2, 0x0004_1009, POOL, Uuid::nil(), warning)).unwrap();
    let state = r#"<Obj RefId="0"><MS><I32 N="PipelineState">4</I32></MS></Obj>"#;
    pool.handle_bytes(Target::Pool, from_server(3, PIPELINE_STATE, POOL, Uuid::nil(), state)).unwrap();
    pool.handle_bytes(Target::Pool, opened(4)).unwrap();
    let events: Vec<ClientEvent> = std::iter::from_fn(|| pool.poll_event()).collect();
    assert!(
        matches!(
            &events[..],
            [
                ClientEvent::Negotiated { .. },
                ClientEvent::Record { pipeline: None, record: Record::Warning(record) },
                ClientEvent::PoolState { state: RunspacePoolState::Opened, .. },
            ] if record.message == "be nice"
        ),
        "{events:?}"
    );
}

#[test]
fn a_refusal_before_opening_arrives_with_its_reason() {
    // Exchange answers a fourth session with the state Broken (exchange-wire 3).
    let mut pool = ClientPool::new(PoolOptions::new(POOL));
    pool.open().unwrap();
    pool.handle_bytes(Target::Pool, capability("2.3")).unwrap();
    let broken = concat!(
        r#"<Obj RefId="0"><MS><I32 N="RunspaceState">5</I32><Obj N="ExceptionAsErrorRecord" RefId="1"><MS>"#,
        r#"<Obj N="Exception" RefId="2"><Props><S N="Message">too many sessions</S></Props></Obj></MS></Obj></MS></Obj>"#
    );
    pool.handle_bytes(Target::Pool, from_server(2, 0x0002_1005, POOL, Uuid::nil(), broken)).unwrap();
    let last = std::iter::from_fn(|| pool.poll_event()).last();
    let Some(ClientEvent::PoolState { state: RunspacePoolState::Broken, reason: Some(reason) }) = last else {
        panic!("{last:?}")
    };
    assert_eq!(reason.message(), "too many sessions");
}

#[test]
fn a_broken_pool_fails_its_pipelines_with_the_same_reason() {
    let mut pair = started();
    let error = pair.client.handle_bytes(Target::Pool, Bytes::from_static(&[0xFF; 21])).unwrap_err();
    assert!(matches!(error, PsrpError::Fragment(FragmentError::ObjectId { found: -1 })), "{error:?}");
    let events: Vec<ClientEvent> = std::iter::from_fn(|| pair.client.poll_event()).collect();
    let [
        ClientEvent::PipelineState { state: InvocationState::Failed, reason: Some(_), .. },
        ClientEvent::PoolState { state: RunspacePoolState::Broken, reason: Some(reason) },
    ] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert!(reason.message().to_text().contains("ids start at 1"));
}

#[test]
fn whatever_ends_a_pipeline_that_is_being_stopped_it_was_stopped() {
    let mut pair = started();
    assert_eq!(pair.client.stop(PIPELINE), Ok(true));
    assert_eq!(pair.client.stop(PIPELINE), Ok(false)); // one signal is enough
    pair.client.handle_bytes(target(), completed(1)).unwrap();
    assert_eq!(pair.client.pipeline_state(PIPELINE), Some(InvocationState::Stopped));
    assert_eq!(pair.client.stop(PIPELINE), Ok(false));
}

#[test]
fn a_second_capability_and_messages_before_the_first_break_the_pool() {
    let mut pool = ClientPool::new(PoolOptions::new(POOL));
    pool.open().unwrap();
    let error = pool.handle_bytes(Target::Pool, opened(1)).unwrap_err();
    let (state, message) = (RunspacePoolState::NegotiationSent, MessageType::RunspacePoolState);
    assert_eq!(error, PsrpError::UnexpectedMessage { state, message });
    assert_eq!(pool.state(), RunspacePoolState::Broken);

    let mut pair = Pair::opened();
    let mut again = capability("2.3").to_vec();
    again[..8].copy_from_slice(&99_u64.to_be_bytes());
    let error = pair.client.handle_bytes(Target::Pool, again.into()).unwrap_err();
    assert!(matches!(error, PsrpError::UnexpectedMessage { message: MessageType::SessionCapability, .. }));
}

/// Of the 2,158 objects in `shared/data/psrp-recordings` none has a lower id than one before it in its stream.
#[test]
fn an_object_that_comes_twice_or_late_is_refused() {
    for second in [5, 4] {
        let mut pair = started();
        pair.client.handle_bytes(target(), from_server(5, OUTPUT, POOL, PIPELINE, "<I32>1</I32>")).unwrap();
        let late = from_server(second, OUTPUT, POOL, PIPELINE, "<I32>2</I32>");
        let error = pair.client.handle_bytes(target(), late).unwrap_err();
        let expected = FragmentError::NotRising { after: 5, found: second };
        assert_eq!(error, PsrpError::Fragment(expected));
    }
}

#[test]
fn messages_for_the_other_side_or_another_pool_are_refused() {
    let mut pair = started();
    let to_server = pair::fragment(1, 2, OUTPUT, POOL, PIPELINE, "<I32>1</I32>");
    let error = pair.client.handle_bytes(target(), to_server).unwrap_err();
    assert_eq!(error, PsrpError::WrongDestination { expected: 1, found: 2 });
    let mut pair = started();
    let foreign = from_server(1, OUTPUT, PIPELINE, PIPELINE, "<I32>1</I32>");
    assert!(matches!(pair.client.handle_bytes(target(), foreign), Err(PsrpError::WrongPool { .. })));
}

#[test]
fn a_null_output_may_be_an_empty_body_or_nil() {
    let mut pair = started();
    pair.client.handle_bytes(target(), from_server(1, OUTPUT, POOL, PIPELINE, "")).unwrap();
    pair.client.handle_bytes(target(), from_server(2, OUTPUT, POOL, PIPELINE, "<Nil/>")).unwrap();
    pair.talk();
    assert!(matches!(outputs(&pair)[..], [PsValue::Null, PsValue::Null]));
}

#[test]
fn an_unknown_host_method_is_a_typed_error() {
    let mut pair = started();
    let call = r#"<Obj RefId="0"><MS><I64 N="ci">1</I64><I32 N="mi">99</I32><Nil N="mp"/></MS></Obj>"#;
    let error = pair.client.handle_bytes(target(), from_server(1, HOST_CALL, POOL, PIPELINE, call)).unwrap_err();
    assert_eq!(error, PsrpError::UnknownNumber { place: "host method", number: 99 });
}

#[test]
fn every_rule_of_fragments_has_its_error() {
    let header = |object_id: u64, fragment_id, start, end, blob_bytes| FragmentHeader {
        object_id,
        fragment_id,
        start,
        end,
        blob_bytes,
    };
    let limits = ReceiveLimits { object_bytes_max: Some(10), command_bytes_max: Some(15) };
    let after = |headers: &[FragmentHeader]| {
        let mut defragmenter = Defragmenter::new(limits);
        for header in headers {
            let mut bytes = header.encode().to_vec();
            bytes.resize(21 + header.blob_bytes.min(100) as usize, 0);
            defragmenter.push(bytes.into());
            if let Err(error) = defragmenter.poll() {
                return error;
            }
        }
        panic!("nothing was refused in {headers:?}")
    };
    let open = header(1, 0, true, false, 4);
    assert_eq!(after(&[header(0, 0, true, true, 1)]), FragmentError::ObjectId { found: 0 });
    assert_eq!(after(&[header(u64::MAX, 0, true, true, 1)]), FragmentError::ObjectId { found: -1 });
    assert_eq!(after(&[header(1, 0, true, true, u32::MAX)]), FragmentError::Length { found: -1 });
    assert_eq!(after(&[header(1, 2, true, true, 1)]), FragmentError::StartNumber { object_id: 1, fragment_id: 2 });
    assert_eq!(after(&[open, header(2, 0, true, true, 1)]), FragmentError::StartInsideObject { open: 1, found: 2 });
    assert_eq!(after(&[header(1, 1, false, true, 1)]), FragmentError::NoObjectOpen { found: 1 });
    assert_eq!(after(&[open, header(2, 1, false, true, 1)]), FragmentError::OtherObject { open: 1, found: 2 });
    let skipped = FragmentError::OutOfSequence { object_id: 1, expected: 1, found: 2 };
    assert_eq!(after(&[open, header(1, 2, false, true, 1)]), skipped);
    let large = FragmentError::ObjectTooLarge { bytes: 11, bytes_max: 10 };
    assert_eq!(after(&[header(1, 0, true, true, 11)]), large);
    assert_eq!(after(&[open, header(1, 1, false, true, 7)]), large);
    let whole = header(1, 0, true, true, 8);
    assert_eq!(after(&[whole, header(2, 0, true, true, 8)]), FragmentError::TotalTooLarge { bytes_max: 15 });
}

#[test]
fn a_message_shorter_than_its_header_is_refused() {
    assert_eq!(Message::decode(Bytes::from_static(&[0; 39])), Err(PsrpError::MessageTooShort { bytes: 39 }));
}

#[test]
fn most_records_come_twice_to_a_client_with_a_host_and_the_second_is_marked() {
    let screen = exsh::psrp::HostDefaultData::terminal(exsh::psrp::HostSize { width: 80, height: 24 });
    let mut options = PoolOptions::new(POOL);
    options.request.host_info = exsh::psrp::HostInfo::present(screen);
    let mut pair = Pair::opened_with(options, exsh::psrp::ServerOptions::new(exsh::clixml::SessionKey::new([1; 32])));
    pair.client.create_pipeline(PIPELINE, &PipelineSpec::new(vec![CommandSpec::new("Set-Mailbox")])).unwrap();
    pair.talk();
    let warning = Record::Warning(exsh::psrp::InformationalRecord::new("nothing was changed"));
    pair.server.repeat_record(PIPELINE, &warning).unwrap();
    pair.server.send_host_call(Some(PIPELINE), HostMethod::WriteWarningLine, vec!["by itself".into()]).unwrap();
    pair.talk();
    let repeats: Vec<bool> = pair
        .client_events
        .iter()
        .filter_map(|event| match event {
            ClientEvent::HostCall { repeats_record, .. } => Some(*repeats_record),
            _ => None,
        })
        .collect();
    assert_eq!(repeats, [true, false]);
}

fn target() -> Target {
    Target::Pipeline(PIPELINE)
}

/// An open pool with one pipeline whose CREATE_PIPELINE has not been taken out.
fn started() -> Pair {
    let mut pair = Pair::opened();
    pair.client.create_pipeline(PIPELINE, &PipelineSpec::new(vec![CommandSpec::new("Get-Mailbox")])).unwrap();
    pair
}

fn completed(object_id: u64) -> Bytes {
    let body = r#"<Obj RefId="0"><MS><I32 N="PipelineState">4</I32></MS></Obj>"#;
    from_server(object_id, PIPELINE_STATE, POOL, PIPELINE, body)
}

fn opened(object_id: u64) -> Bytes {
    let body = r#"<Obj RefId="0"><MS><I32 N="RunspaceState">2</I32></MS></Obj>"#;
    from_server(object_id, 0x0002_1005, POOL, Uuid::nil(), body)
}

fn capability(version: &str) -> Bytes {
    let body = format!(
        concat!(
            r#"<Obj RefId="0"><MS><Version N="protocolversion">{}</Version><Version N="PSVersion">2.0</Version>"#,
            r#"<Version N="SerializationVersion">1.1.0.1</Version></MS></Obj>"#
        ),
        version
    );
    from_server(1, 0x0001_0002, Uuid::nil(), Uuid::nil(), &body)
}

fn outputs(pair: &Pair) -> Vec<PsValue> {
    pair.client_events
        .iter()
        .filter_map(|event| match event {
            ClientEvent::Record { record: Record::Output(value), .. } => Some(value.clone()),
            _ => None,
        })
        .collect()
}
