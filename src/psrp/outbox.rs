//! What waits to be sent: fragments in queues, one for each target and stream, taken out in packets.
//!
//! The carrier asks for packets and decides when; nothing is sent from here.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use super::{Fragmenter, Packet, StreamName, Target};

/// How fragments fill packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As a stream of bytes, cut where the room ends, even inside a header: how PowerShell's clients send.
    Stream,
    /// Only whole fragments, as many as fit; a fragment that is larger than the room is cut.
    WholeFragments,
    /// One fragment in a packet: how PowerShell's server sends over pipes.
    OneFragment,
}

/// Queues of fragments.
#[derive(Debug)]
pub(super) struct Outbox {
    fragmenter: Fragmenter,
    packing: Packing,
    queues: Vec<Queue>, // in the order in which they began to wait
}

#[derive(Debug)]
struct Queue {
    target: Target,
    stream: StreamName,
    fragments: VecDeque<Bytes>,
}

impl Outbox {
    pub(super) fn new(fragment_bytes_max: usize, packing: Packing) -> Self {
        Self { fragmenter: Fragmenter::new(fragment_bytes_max), packing, queues: Vec::new() }
    }

    pub(super) fn draw_object_id(&mut self) -> u64 {
        self.fragmenter.draw_object_id()
    }

    pub(super) fn set_fragment_bytes_max(&mut self, fragment_bytes_max: usize) {
        self.fragmenter.set_fragment_bytes_max(fragment_bytes_max);
    }

    /// Cuts a message into fragments at the end of its queue.
    pub(super) fn push(&mut self, target: Target, stream: StreamName, object_id: u64, message: &[u8]) {
        let index = self.queues.iter().position(|queue| queue.target == target && queue.stream == stream);
        let index = index.unwrap_or_else(|| {
            self.queues.push(Queue { target, stream, fragments: VecDeque::new() });
            self.queues.len() - 1
        });
        self.queues[index].fragments.extend(self.fragmenter.fragments(object_id, message));
    }

    /// Targets with something to send, longest waiting first.
    pub(super) fn targets(&self) -> impl Iterator<Item = Target> {
        self.queues.iter().enumerate().filter_map(|(index, queue)| {
            let seen = self.queues[..index].iter().any(|other| other.target == queue.target);
            (!seen).then_some(queue.target)
        })
    }

    /// The next packet for a target: answers of the host first.
    pub(super) fn take(&mut self, target: Target, room_bytes: usize) -> Option<Packet> {
        if room_bytes == 0 {
            return None;
        }
        let of = |wanted| self.queues.iter().position(|queue| queue.target == target && queue.stream == wanted);
        let index = of(StreamName::PromptResponse).or_else(|| of(StreamName::Default))?;
        let queue = &mut self.queues[index];
        let stream = queue.stream;
        let bytes = queue.take(self.packing, room_bytes);
        if queue.fragments.is_empty() {
            self.queues.remove(index);
        }
        bytes.map(|bytes| Packet { stream, bytes })
    }

    /// Bytes of the fragment that the next packet for a target begins with.
    pub(super) fn next_fragment_bytes(&self, target: Target) -> Option<usize> {
        let of = |wanted| self.queues.iter().find(|queue| queue.target == target && queue.stream == wanted);
        of(StreamName::PromptResponse).or_else(|| of(StreamName::Default))?.fragments.front().map(Bytes::len)
    }

    /// Drops everything that waits for a target.
    pub(super) fn forget(&mut self, target: Target) {
        self.queues.retain(|queue| queue.target != target);
    }
}

impl Queue {
    fn take(&mut self, packing: Packing, room_bytes: usize) -> Option<Bytes> {
        let first = self.pop(room_bytes)?;
        if packing == Packing::OneFragment || first.len() == room_bytes || self.fragments.is_empty() {
            return Some(first);
        }
        let mut packet = BytesMut::from(first);
        while packet.len() < room_bytes {
            let room = room_bytes - packet.len();
            let Some(next) = self.fragments.front() else { break };
            if packing == Packing::WholeFragments && next.len() > room {
                break;
            }
            let Some(part) = self.pop(room) else { break };
            packet.extend_from_slice(&part);
        }
        Some(packet.freeze())
    }

    /// The first fragment, or as much of it as there is room for.
    fn pop(&mut self, room_bytes: usize) -> Option<Bytes> {
        let front = self.fragments.front_mut()?;
        if front.len() > room_bytes {
            return Some(front.split_to(room_bytes));
        }
        self.fragments.pop_front()
    }
}
