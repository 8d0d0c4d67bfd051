//! Recorded streams as a readable conversation, and the check that our codec gives every byte back.
//!
//! Bytes come in as they were recorded; reading files and envelopes, and printing, is done by the rooms above.

mod summary;

use std::collections::HashMap;
use std::fmt;

use bytes::{Bytes, BytesMut};

pub use summary::summary;

use super::{
    Defragmenter, FRAGMENT_HEADER_BYTES, FragmentHeader, Message, MessageType, PsrpError, ReceiveLimits, StreamName,
    Target,
};
use crate::clixml::{ClixmlError, Decoder, PsValue, write_fragment};

/// Who sent something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The client.
    Client,
    /// The server.
    Server,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

/// A whole message of a recording.
#[derive(Debug)]
pub struct Traced {
    /// Its object id.
    pub object_id: u64,
    /// In how many fragments it came.
    pub fragments: u64,
    /// The message.
    pub message: Message,
    /// What it says, in one line.
    pub summary: String,
    /// What does not come out of our codec as it went in.
    pub mismatches: Vec<Mismatch>,
}

/// Something that our codec does not give back byte for byte, or cannot read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Mismatch {
    /// A fragment header has bits that mean nothing.
    FragmentHeader {
        /// As recorded.
        recorded: [u8; FRAGMENT_HEADER_BYTES],
    },
    /// Fragments that do not make a message.
    Stream(PsrpError),
    /// A body that cannot be read or written.
    Body {
        /// Of which message.
        message: Option<MessageType>,
        /// Why not.
        problem: ClixmlError,
    },
    /// A body that is written differently.
    BodyDiffers {
        /// Of which message.
        message: Option<MessageType>,
        /// The first byte that differs.
        at: usize,
        /// What was recorded there.
        recorded: String,
        /// What is written there.
        written: String,
    },
    /// The recording ends inside an object.
    Unfinished {
        /// Whose stream.
        target: Target,
    },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |kind: &Option<MessageType>| kind.map_or("an unknown message", MessageType::name);
        match self {
            Self::FragmentHeader { .. } => f.write_str("a fragment header has bits that mean nothing"),
            Self::Stream(error) => write!(f, "{error}"),
            Self::Body { message, problem } => write!(f, "{}: {problem}", name(message)),
            Self::BodyDiffers { message, at, recorded, written } => {
                write!(f, "{} differs from byte {at} on: recorded {recorded:?}, written {written:?}", name(message))
            }
            Self::Unfinished { target } => write!(f, "the recording of {target} ends inside an object"),
        }
    }
}

/// Puts recorded bytes together, whoever sent them.
///
/// ```
/// use exsh::psrp::{StreamName, Target, trace::{Side, Tracer}};
/// let mut tracer = Tracer::default();
/// let traced = tracer.push(Side::Client, Target::Pool, StreamName::Default, bytes::Bytes::from_static(b"cut"));
/// assert!(traced.0.is_empty());
/// assert_eq!(tracer.finish().len(), 1); // the recording ended inside an object
/// ```
#[derive(Debug, Default)]
pub struct Tracer {
    streams: HashMap<(Side, Target, StreamName), Stream>,
    decoder: Decoder,
}

#[derive(Debug)]
struct Stream {
    defragmenter: Defragmenter,
    /// Bytes of a fragment that is not whole yet.
    pending: BytesMut,
    object_id: u64,
    fragments: u64,
    is_broken: bool,
}

impl Tracer {
    /// Takes the next recorded bytes of a stream; gives the messages that they complete, and what is wrong with the
    /// stream itself. After an error in its fragments a stream is not read on.
    pub fn push(
        &mut self,
        side: Side,
        target: Target,
        stream: StreamName,
        bytes: Bytes,
    ) -> (Vec<Traced>, Vec<Mismatch>) {
        let entry = self.streams.entry((side, target, stream)).or_insert_with(|| Stream {
            defragmenter: Defragmenter::new(ReceiveLimits { object_bytes_max: Some(1 << 30), command_bytes_max: None }),
            pending: BytesMut::new(),
            object_id: 0,
            fragments: 0,
            is_broken: false,
        });
        let (mut found, mut mismatches) = (Vec::new(), Vec::new());
        if entry.is_broken {
            return (found, mismatches);
        }
        entry.pending.extend_from_slice(&bytes);
        while let Some(fragment) = entry.next_fragment(&mut mismatches) {
            entry.defragmenter.push(fragment);
            match entry.defragmenter.poll().map_err(PsrpError::from).and_then(|m| m.map(Message::decode).transpose()) {
                Ok(None) => {}
                Ok(Some(message)) => {
                    let fragments = std::mem::take(&mut entry.fragments);
                    found.push(describe(&mut self.decoder, entry.object_id, fragments, message));
                }
                Err(error) => {
                    entry.is_broken = true;
                    mismatches.push(Mismatch::Stream(error));
                    break;
                }
            }
        }
        (found, mismatches)
    }

    /// What is wrong with the end of the recording.
    #[must_use]
    pub fn finish(&self) -> Vec<Mismatch> {
        let unfinished = self
            .streams
            .iter()
            .filter(|(_, stream)| !stream.is_broken && (!stream.pending.is_empty() || !stream.defragmenter.is_idle()));
        let mut found: Vec<Target> = unfinished.map(|((_, target, _), _)| *target).collect();
        found.sort_by_key(|target| target.pipeline_id());
        found.into_iter().map(|target| Mismatch::Unfinished { target }).collect()
    }
}

impl Stream {
    /// The next fragment whose bytes are all there. A header that the rules refuse goes on to the defragmenter, which
    /// says so.
    fn next_fragment(&mut self, mismatches: &mut Vec<Mismatch>) -> Option<Bytes> {
        let recorded = *self.pending.first_chunk::<FRAGMENT_HEADER_BYTES>()?;
        let header = FragmentHeader::decode(&recorded);
        let end = FRAGMENT_HEADER_BYTES + header.blob_bytes as usize;
        let is_refused = header.blob_bytes > i32::MAX as u32;
        if !is_refused && self.pending.len() < end {
            return None;
        }
        if header.encode() != recorded {
            mismatches.push(Mismatch::FragmentHeader { recorded });
        }
        self.object_id = header.object_id;
        self.fragments += 1;
        Some(self.pending.split_to(end.min(self.pending.len())).freeze())
    }
}

fn describe(decoder: &mut Decoder, object_id: u64, fragments: u64, message: Message) -> Traced {
    let kind = message.message_type();
    let mut mismatches = Vec::new();
    let value = if message.body.is_empty() {
        Some(PsValue::Null)
    } else {
        match decoder.decode(&message.body) {
            Ok(value) => {
                mismatches.extend(compare_body(kind, &message, &value));
                Some(value)
            }
            Err(problem) => {
                mismatches.push(Mismatch::Body { message: kind, problem });
                None
            }
        }
    };
    let summary = summary(&message, value.as_ref());
    Traced { object_id, fragments, message, summary, mismatches }
}

/// The body written again, against what was recorded. A byte order mark may be there or not.
fn compare_body(message: Option<MessageType>, recorded: &Message, value: &PsValue) -> Option<Mismatch> {
    let written = match write_fragment(value, None) {
        Ok(written) => written,
        Err(problem) => return Some(Mismatch::Body { message, problem }),
    };
    let body = recorded.body_without_mark();
    if written == body {
        return None;
    }
    let at = written.iter().zip(body).take_while(|(a, b)| a == b).count();
    let excerpt = |bytes: &[u8]| {
        let end = bytes.len().min(at + 60);
        String::from_utf8_lossy(&bytes[at.saturating_sub(20).min(end)..end]).into_owned()
    };
    Some(Mismatch::BodyDiffers { message, at, recorded: excerpt(body), written: excerpt(&written) })
}
