//! Any message with any body, at any time, ends in events or a typed error at both ends of the remoting protocol.

#![no_main]

use bytes::Bytes;
use exsh::clixml::{PsValue, SessionKey};
use exsh::psrp::{
    ClientPool, CommandSpec, FragmentHeader, Message, PipelineSpec, PoolOptions, ServerOptions, ServerPool, StreamName,
    Target,
};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

const POOL: Uuid = Uuid::from_u128(1);
const PIPELINE: Uuid = Uuid::from_u128(2);

/// An open pool with a pipeline that waits for input, seen from both ends.
fn opened() -> Option<(ClientPool, ServerPool)> {
    let mut client = ClientPool::new(PoolOptions::new(POOL));
    let mut server = ServerPool::new(ServerOptions::new(SessionKey::new([7; 32])));
    client.open().ok()?;
    talk(&mut client, &mut server);
    server.accept(PsValue::Null).ok()?;
    talk(&mut client, &mut server);
    client.create_pipeline(PIPELINE, &PipelineSpec::new(vec![CommandSpec::new("Get-Mailbox")]).with_input()).ok()?;
    talk(&mut client, &mut server);
    Some((client, server))
}

fn talk(client: &mut ClientPool, server: &mut ServerPool) {
    for target in [Target::Pool, Target::Pipeline(PIPELINE)] {
        while let Some(packet) = client.poll_send(target, 1 << 20) {
            let _ = server.handle_bytes(target, packet.stream, packet.bytes);
        }
        while let Some(packet) = server.poll_send(target, 1 << 20) {
            let _ = client.handle_bytes(target, packet.bytes);
        }
    }
}

fn fragment(object_id: u64, message: &Message) -> Bytes {
    let message = message.encode();
    let blob_bytes = u32::try_from(message.len()).unwrap_or(0);
    let header = FragmentHeader { object_id, fragment_id: 0, start: true, end: true, blob_bytes };
    [&header.encode()[..], &message].concat().into()
}

fuzz_target!(|data: &[u8]| {
    let Some((mut client, mut server)) = opened() else { return };
    // Each line: where to, which type, which body.
    for (index, line) in data.split(|byte| *byte == b'\n').take(8).enumerate() {
        let [place, low, high, body @ ..] = line else { continue };
        let target = if place & 1 == 0 { Target::Pool } else { Target::Pipeline(PIPELINE) };
        let group: u32 = [0x0001_0000, 0x0002_1000, 0x0004_1000][usize::from(place >> 1) % 3];
        let kind = group | u32::from(*low % 0x20) | (u32::from(*high & 1) << 8);
        let message = |destination| Message {
            destination,
            kind,
            pool: POOL,
            pipeline: target.pipeline_id(),
            body: Bytes::copy_from_slice(body),
        };
        let object_id = 100 + index as u64;
        let _ = client.handle_bytes(target, fragment(object_id, &message(1)));
        let stream = if place & 128 == 0 { StreamName::Default } else { StreamName::PromptResponse };
        let _ = server.handle_bytes(target, stream, fragment(object_id, &message(2)));
        while client.poll_event().is_some() {}
        while server.poll_event().is_some() {}
        talk(&mut client, &mut server);
    }
});
