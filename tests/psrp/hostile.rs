//! Any bytes end in events or in a typed error; never in a panic, a hang or a large allocation.

use bytes::Bytes;
use exsh::clixml::SessionKey;
use exsh::process::{ProcessClient, ProcessPacket, ProcessServer};
use exsh::psrp::trace::{Side, Tracer};
use exsh::psrp::{
    ClientPool, Defragmenter, FragmentHeader, Fragmenter, Message, MessageType, PoolOptions, PsrpError, ReceiveLimits,
    ServerOptions, ServerPool, StreamName, Target,
};
use proptest::prelude::*;

use super::pair::{PIPELINE, POOL, Pair, fragment};

/// Headers that are nearly right, so that the rules behind them are reached.
fn headers() -> impl Strategy<Value = FragmentHeader> {
    (0..4_u64, 0..3_u64, any::<bool>(), any::<bool>(), 0..40_u32).prop_map(
        |(object_id, fragment_id, start, end, blob_bytes)| FragmentHeader {
            object_id,
            fragment_id,
            start,
            end,
            blob_bytes,
        },
    )
}

proptest! {
    #[test]
    fn messages_come_out_as_they_went_in_whatever_the_sizes(
        messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..8),
        fragment_bytes in 22..200_usize,
        cut in 1..150_usize,
    ) {
        let mut fragmenter = Fragmenter::new(fragment_bytes);
        let mut stream = Vec::new();
        for message in &messages {
            let id = fragmenter.draw_object_id();
            for fragment in fragmenter.fragments(id, message) {
                prop_assert!(fragment.len() <= fragment_bytes);
                stream.extend_from_slice(&fragment);
            }
        }
        let mut defragmenter = Defragmenter::new(ReceiveLimits::default());
        let mut found = Vec::new();
        for part in stream.chunks(cut) {
            defragmenter.push(Bytes::copy_from_slice(part));
            while let Some(message) = defragmenter.poll().unwrap() {
                found.push(message.to_vec());
            }
        }
        prop_assert_eq!(found, messages);
        prop_assert!(defragmenter.is_idle());
    }

    #[test]
    fn any_fragments_end_in_messages_or_an_error(
        parts in prop::collection::vec((headers(), prop::collection::vec(any::<u8>(), 0..40)), 0..12),
    ) {
        let mut defragmenter = Defragmenter::new(ReceiveLimits { object_bytes_max: Some(64), command_bytes_max: Some(200) });
        for (header, blob) in parts {
            let mut bytes = header.encode().to_vec();
            bytes.extend(blob);
            defragmenter.push(bytes.into());
            let mut messages = 0;
            loop {
                match defragmenter.poll() {
                    Ok(Some(message)) => prop_assert!(message.len() <= 64),
                    Ok(None) => break,
                    Err(_) => return Ok(()),
                }
                messages += 1;
                prop_assert!(messages < 100);
            }
        }
    }

    #[test]
    fn any_bytes_end_in_events_or_an_error_at_the_client(bytes in prop::collection::vec(any::<u8>(), 0..400), target in any::<bool>()) {
        let mut pair = Pair::opened();
        let target = if target { Target::Pool } else { Target::Pipeline(PIPELINE) };
        let _ = pair.client.handle_bytes(target, bytes.into());
        while pair.client.poll_event().is_some() {}
    }

    #[test]
    fn any_body_of_any_message_ends_in_events_or_an_error_at_both_ends(
        kind in prop::sample::select(MessageType::ALL),
        body in body(),
        pool_level in any::<bool>(),
    ) {
        let id = if pool_level { uuid::Uuid::nil() } else { PIPELINE };
        let target = Target::from_pipeline_id(id);
        let mut pair = Pair::opened();
        let spec = exsh::psrp::PipelineSpec::new(vec![exsh::psrp::CommandSpec::new("Get-Mailbox")]);
        pair.client.create_pipeline(PIPELINE, &spec).unwrap();
        pair.talk();
        let _ = pair.client.handle_bytes(target, fragment(90, 1, kind.number(), POOL, id, &body));
        while pair.client.poll_event().is_some() {}
        for stream in [StreamName::Default, StreamName::PromptResponse] {
            let _ = pair.server.handle_bytes(target, stream, fragment(91, 2, kind.number(), POOL, id, &body));
        }
        while pair.server.poll_event().is_some() {}
    }

    #[test]
    fn any_bytes_end_in_events_or_an_error_at_the_server(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut server = ServerPool::new(ServerOptions::new(SessionKey::new([0; 32])));
        let _ = server.handle_bytes(Target::Pool, StreamName::Default, bytes.into());
        while server.poll_event().is_some() {}
    }

    #[test]
    fn any_line_is_a_packet_noise_or_an_error(line in ".{0,200}|<(Data|Command|Close|DataAck)[ -~]{0,120}>?") {
        if let Ok(packet) = ProcessPacket::decode(&line) {
            let written = packet.encode();
            prop_assert_eq!(ProcessPacket::decode(&written), Ok(packet));
        }
        let mut client = ProcessClient::new(ClientPool::new(PoolOptions::new(POOL)));
        let _ = client.handle_line(&line);
        let mut server = ProcessServer::new(ServerPool::new(ServerOptions::new(SessionKey::new([0; 32]))));
        let _ = server.handle_line(&line);
        while server.poll_line().is_some() {}
    }

    #[test]
    fn any_recorded_bytes_can_be_traced(parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..120), 0..6)) {
        let mut tracer = Tracer::default();
        for part in parts {
            let _ = tracer.push(Side::Server, Target::Pool, StreamName::Default, part.into());
        }
        let _ = tracer.finish();
    }

    #[test]
    fn any_message_is_written_as_it_was_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(message) = Message::decode(bytes.clone().into()) {
            prop_assert_eq!(message.encode(), bytes);
        }
    }
}

/// CLIXML in the shape of messages, with members that are there, missing, or of a wrong type.
fn body() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "ci",
        "mi",
        "mp",
        "mr",
        "me",
        "PipelineState",
        "RunspaceState",
        "PowerShell",
        "Cmds",
        "NoInput",
        "HostInfo",
        "protocolversion",
        "PSVersion",
        "SerializationVersion",
        "MinRunspaces",
        "MaxRunspaces",
        "PublicKey",
        "EncryptedSessionKey",
        "InformationalRecord_Message",
        "Activity",
        "MessageData",
        "Exception",
        "Name",
        "SetMinMaxRunspacesResponse",
        "ExceptionAsErrorRecord",
        "ApplicationPrivateData",
        "PSEventArgs.EventIdentifier",
    ]);
    let values = prop::sample::select(vec![
        "<I32 N=\"@\">4</I32>",
        "<I64 N=\"@\">-100</I64>",
        "<S N=\"@\">x</S>",
        "<Nil N=\"@\"/>",
        "<B N=\"@\">true</B>",
        "<Version N=\"@\">2.3</Version>",
        "<Obj N=\"@\"><LST><S>a</S><Nil/></LST></Obj>",
        "<SS N=\"@\">AAAA</SS>",
        "<Obj N=\"@\"><MS><I32 N=\"Cmds\">1</I32></MS></Obj>",
        "<Obj N=\"@\"><ToString>T</ToString><I32>26</I32></Obj>",
        "<Obj N=\"@\"><DCT><En><S N=\"Key\">k</S><Nil N=\"Value\"/></En></DCT></Obj>",
    ]);
    let member = (names, values).prop_map(|(name, value)| value.replace('@', name));
    prop_oneof![
        1 => Just(String::new()),
        1 => "<S>[a-z]{0,5}</S>",
        8 => prop::collection::vec(member, 0..8).prop_map(|members| format!("<Obj RefId=\"0\"><MS>{}</MS></Obj>", members.concat())),
    ]
}

#[test]
fn a_body_that_is_nested_too_deeply_fails_its_pipeline_and_spares_the_pool() {
    let mut pair = Pair::opened();
    let spec = exsh::psrp::PipelineSpec::new(vec![exsh::psrp::CommandSpec::new("Get-Mailbox")]);
    pair.client.create_pipeline(PIPELINE, &spec).unwrap();
    pair.talk();
    let deep = "<Obj RefId=\"0\"><LST>".repeat(100_000);
    let output = MessageType::PipelineOutput.number();
    let target = Target::Pipeline(PIPELINE);
    let refused = pair.client.handle_bytes(target, fragment(90, 1, output, POOL, PIPELINE, &deep)).unwrap_err();
    let too_deep = exsh::clixml::ClixmlError::TooDeep { levels_max: 49 };
    assert!(matches!(&refused, PsrpError::Body { source, .. } if *source == too_deep), "{refused:?}");
    assert_eq!(pair.client.pipeline_state(PIPELINE), Some(exsh::psrp::InvocationState::Failed));
    assert_eq!(pair.client.state(), exsh::psrp::RunspacePoolState::Opened);
}

#[test]
fn a_length_that_is_announced_is_refused_before_any_of_its_bytes_come() {
    let limits = ReceiveLimits { object_bytes_max: Some(1 << 20), command_bytes_max: Some(1 << 30) };
    let mut defragmenter = Defragmenter::new(limits);
    let header = FragmentHeader { object_id: 1, fragment_id: 0, start: true, end: false, blob_bytes: i32::MAX as u32 };
    defragmenter.push(Bytes::copy_from_slice(&header.encode()));
    let too_large = exsh::psrp::FragmentError::ObjectTooLarge { bytes: i32::MAX as u64, bytes_max: 1 << 20 };
    assert_eq!(defragmenter.poll(), Err(too_large));
}

/// What `fuzz/fuzz_targets/fragments.rs` asks: the same messages however the bytes are cut.
#[test]
fn every_file_of_the_fuzzers_corpus_gives_the_same_messages_for_every_cut() {
    let messages = |data: &[u8], cut: usize| {
        let mut defragmenter = Defragmenter::new(ReceiveLimits::default());
        let mut found = Vec::new();
        for part in data.chunks(cut) {
            defragmenter.push(Bytes::copy_from_slice(part));
            loop {
                match defragmenter.poll() {
                    Ok(Some(message)) => found.push(message),
                    Ok(None) => break,
                    Err(problem) => return (found, Some(problem)),
                }
            }
        }
        (found, None)
    };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/fragments");
    let mut files = 0;
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let data = std::fs::read(&path).unwrap();
        let (_, data) = data.split_first().unwrap(); // the first byte says how the fuzzer cuts
        let whole = messages(data, data.len().max(1));
        for cut in 1..40 {
            assert_eq!(messages(data, cut), whole, "{path:?} cut to {cut}");
        }
        files += 1;
    }
    assert!(files > 2);
}
