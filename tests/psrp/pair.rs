//! A client pool and a server pool on one table: what the tests need to see them talk.

use bytes::Bytes;
use exsh::clixml::{PsValue, SessionKey};
use exsh::psrp::{
    ClientEvent, ClientPool, PoolOptions, ServerEvent, ServerOptions, ServerPool, StreamName, Target, VersionTable,
};
use uuid::Uuid;

pub(crate) const POOL: Uuid = Uuid::from_u128(0x1234);
pub(crate) const PIPELINE: Uuid = Uuid::from_u128(0xABCD);

pub(crate) struct Pair {
    pub(crate) client: ClientPool,
    pub(crate) server: ServerPool,
    pub(crate) client_events: Vec<ClientEvent>,
    pub(crate) server_events: Vec<ServerEvent>,
}

impl Pair {
    /// Both ends, with the pool opened.
    pub(crate) fn opened() -> Self {
        Self::opened_with(PoolOptions::new(POOL), ServerOptions::new(SessionKey::new([5; 32])))
    }

    pub(crate) fn opened_with(options: PoolOptions, server: ServerOptions) -> Self {
        let mut pair = Self {
            client: ClientPool::new(options),
            server: ServerPool::new(server),
            client_events: Vec::new(),
            server_events: Vec::new(),
        };
        pair.client.open().unwrap();
        pair.talk();
        let mut table = VersionTable::desktop_5_1();
        table.protocol = pair.server.protocol_version();
        pair.server.accept(table.to_dictionary(Vec::new())).unwrap();
        pair.talk();
        assert_eq!(pair.client.state(), exsh::psrp::RunspacePoolState::Opened);
        pair.client_events.clear();
        pair.server_events.clear();
        pair
    }

    /// Moves bytes until nobody has anything to say.
    pub(crate) fn talk(&mut self) {
        loop {
            let mut moved = false;
            while let Some(target) = first(self.client.targets_to_send()) {
                let packet = self.client.poll_send(target, 32_768).unwrap();
                self.server.handle_bytes(target, packet.stream, packet.bytes).unwrap();
                moved = true;
            }
            while let Some(target) = first(self.server.targets_to_send()) {
                let packet = self.server.poll_send(target, 32_768).unwrap();
                self.client.handle_bytes(target, packet.bytes).unwrap();
                moved = true;
            }
            while let Some(event) = self.server.poll_event() {
                self.server_events.push(event);
            }
            while let Some(event) = self.client.poll_event() {
                self.client_events.push(event);
            }
            if !moved {
                return;
            }
        }
    }
}

fn first<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    found.next()
}

/// A message as the server would send it, in one fragment.
pub(crate) fn from_server(object_id: u64, kind: u32, pool: Uuid, pipeline: Uuid, body: &str) -> Bytes {
    fragment(object_id, 1, kind, pool, pipeline, body)
}

/// A message in one fragment.
pub(crate) fn fragment(object_id: u64, destination: u32, kind: u32, pool: Uuid, pipeline: Uuid, body: &str) -> Bytes {
    let message =
        exsh::psrp::Message { destination, kind, pool, pipeline, body: Bytes::copy_from_slice(body.as_bytes()) };
    let header = exsh::psrp::FragmentHeader {
        object_id,
        fragment_id: 0,
        start: true,
        end: true,
        blob_bytes: message.encode().len() as u32,
    };
    let mut bytes = header.encode().to_vec();
    bytes.extend(message.encode());
    bytes.into()
}

/// Everything that waits for a target, in one piece.
pub(crate) fn sent(pool: &mut ClientPool, target: Target) -> (Option<StreamName>, Bytes) {
    let mut all = Vec::new();
    let mut stream = None;
    while let Some(packet) = pool.poll_send(target, 1 << 20) {
        stream = stream.or(Some(packet.stream));
        all.extend_from_slice(&packet.bytes);
    }
    (stream, all.into())
}

/// The CLIXML of everything that waits for a target.
pub(crate) fn sent_text(pool: &mut ClientPool, target: Target) -> String {
    String::from_utf8_lossy(&sent(pool, target).1).into_owned()
}

pub(crate) fn text(value: &PsValue) -> String {
    match value {
        PsValue::String(text) => text.to_string(),
        other => panic!("{other:?} is no string"),
    }
}
