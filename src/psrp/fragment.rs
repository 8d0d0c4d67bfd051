//! Fragments: the pieces of messages that a carrier moves ([MS-PSRP] 2.2.4).
//!
//! Not here: which stream a fragment belongs to; there is one [`Defragmenter`] for each.

use std::collections::VecDeque;

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Bytes before each blob ([MS-PSRP] 2.2.4).
pub const FRAGMENT_HEADER_BYTES: usize = 21;

/// Fragment size of PowerShell, header included.
pub const FRAGMENT_BYTES_DEFAULT: usize = 32_768;

/// A fragment header ([MS-PSRP] 2.2.4): numbers are big-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FragmentHeader {
    /// The message it is a part of; 1 or more.
    pub object_id: u64,
    /// Its place in the message, from 0.
    pub fragment_id: u64,
    /// Whether it is the first.
    pub start: bool,
    /// Whether it is the last.
    pub end: bool,
    /// Bytes of its blob.
    pub blob_bytes: u32,
}

impl FragmentHeader {
    /// The header as it stands, whatever its numbers are.
    #[must_use]
    pub fn decode(bytes: &[u8; FRAGMENT_HEADER_BYTES]) -> Self {
        let mut eight = [0; 8];
        eight.copy_from_slice(&bytes[..8]);
        let object_id = u64::from_be_bytes(eight);
        eight.copy_from_slice(&bytes[8..16]);
        let fragment_id = u64::from_be_bytes(eight);
        let blob_bytes = u32::from_be_bytes([bytes[17], bytes[18], bytes[19], bytes[20]]);
        // Bits other than these two are reserved and ignored.
        Self { object_id, fragment_id, start: bytes[16] & 1 != 0, end: bytes[16] & 2 != 0, blob_bytes }
    }

    /// The header as bytes.
    #[must_use]
    pub fn encode(&self) -> [u8; FRAGMENT_HEADER_BYTES] {
        let mut out = [0; FRAGMENT_HEADER_BYTES];
        out[..8].copy_from_slice(&self.object_id.to_be_bytes());
        out[8..16].copy_from_slice(&self.fragment_id.to_be_bytes());
        out[16] = u8::from(self.start) | (u8::from(self.end) << 1);
        out[17..].copy_from_slice(&self.blob_bytes.to_be_bytes());
        out
    }
}

/// A fragment that breaks the rules of [MS-PSRP] 3.1.5.1 or is larger than allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FragmentError {
    /// The object id is zero or negative.
    #[error("a fragment has the object id {found}; ids start at 1")]
    ObjectId {
        /// The id as a signed number.
        found: i64,
    },
    /// The length of the blob is negative.
    #[error("a fragment says its data is {found} bytes long")]
    Length {
        /// The length as a signed number.
        found: i32,
    },
    /// A first fragment with a place other than 0.
    #[error("the first fragment of object {object_id} has the number {fragment_id}, not 0")]
    StartNumber {
        /// The object.
        object_id: u64,
        /// Its number.
        fragment_id: u64,
    },
    /// A first fragment while another object is unfinished.
    #[error("object {found} starts before object {open} has ended")]
    StartInsideObject {
        /// The unfinished object.
        open: u64,
        /// The new one.
        found: u64,
    },
    /// A later fragment with no object open.
    #[error("a fragment continues object {found}, which was not started")]
    NoObjectOpen {
        /// Its object.
        found: u64,
    },
    /// A later fragment of another object.
    #[error("a fragment of object {found} came inside object {open}")]
    OtherObject {
        /// The unfinished object.
        open: u64,
        /// Its object.
        found: u64,
    },
    /// A later fragment out of sequence.
    #[error("fragment {found} of object {object_id} came where fragment {expected} was due")]
    OutOfSequence {
        /// The object.
        object_id: u64,
        /// The number that was due.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// An object whose id is not above that of the object before: something came twice, or overtook something.
    #[error("object {found} came after object {after}; something came twice or in the wrong order")]
    NotRising {
        /// The object before.
        after: u64,
        /// Its object.
        found: u64,
    },
    /// A limit was reached: one object.
    #[error("an object of at least {bytes} bytes exceeds the limit of {bytes_max} bytes for one object")]
    ObjectTooLarge {
        /// Its size so far, with the fragment at hand.
        bytes: u64,
        /// The limit.
        bytes_max: u64,
    },
    /// A limit was reached: everything that one command sends.
    #[error("a command has sent more than the limit of {bytes_max} bytes")]
    TotalTooLarge {
        /// The limit.
        bytes_max: u64,
    },
}

/// Cuts messages into fragments with one counter of object ids for the whole connection.
#[derive(Debug, Clone)]
pub struct Fragmenter {
    next_object_id: u64,
    blob_bytes_max: usize,
}

impl Fragmenter {
    /// `fragment_bytes_max` counts the header; at least one byte of data goes into each fragment.
    #[must_use]
    pub fn new(fragment_bytes_max: usize) -> Self {
        let mut new = Self { next_object_id: 1, blob_bytes_max: 1 };
        new.set_fragment_bytes_max(fragment_bytes_max);
        new
    }

    /// Changes the size of fragments to come.
    pub fn set_fragment_bytes_max(&mut self, fragment_bytes_max: usize) {
        let blob = fragment_bytes_max.saturating_sub(FRAGMENT_HEADER_BYTES).max(1);
        self.blob_bytes_max = blob.min(i32::MAX as usize);
    }

    /// Draws an object id. PowerShell draws it when serializing begins, so ids may overtake each other.
    pub fn draw_object_id(&mut self) -> u64 {
        let id = self.next_object_id;
        self.next_object_id += 1;
        id
    }

    /// The fragments of one message, in order; never an empty trailing one.
    pub fn fragments(&self, object_id: u64, message: &[u8]) -> impl Iterator<Item = Bytes> {
        let count = message.len().div_ceil(self.blob_bytes_max).max(1);
        let blob_bytes_max = self.blob_bytes_max;
        (0..count).map(move |index| {
            let start = index * blob_bytes_max;
            let blob = &message[start..message.len().min(start + blob_bytes_max)];
            let header = FragmentHeader {
                object_id,
                fragment_id: index as u64,
                start: index == 0,
                end: index + 1 == count,
                blob_bytes: blob.len() as u32, // at most i32::MAX by `set_fragment_bytes_max`
            };
            let mut out = BytesMut::with_capacity(FRAGMENT_HEADER_BYTES + blob.len());
            out.put_slice(&header.encode());
            out.put_slice(blob);
            out.freeze()
        })
    }
}

/// How much a peer may send before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiveLimits {
    /// One object; `None` for no limit (PowerShell: 200 MB by default on the client).
    pub object_bytes_max: Option<u64>,
    /// All objects of one command; `None` for no limit.
    pub command_bytes_max: Option<u64>,
}

impl Default for ReceiveLimits {
    fn default() -> Self {
        Self { object_bytes_max: Some(200 * 1024 * 1024), command_bytes_max: None }
    }
}

/// Puts messages together from the bytes of one stream, however they were cut.
///
/// Limits hold before anything is allocated. A message in one fragment is a slice of the bytes given.
///
/// Object ids count for a whole connection, so they have gaps here, but in one stream they rise: PowerShell draws an
/// id and queues the object under one lock. So what comes twice or too late is noticed, whole objects included.
#[derive(Debug)]
pub struct Defragmenter {
    object_bytes_max: u64,
    total_bytes_max: u64,
    total_bytes: u64,
    pending: BytesMut,
    queue: VecDeque<Bytes>,
    open: Option<OpenObject>,
    last_object_id: u64,
}

#[derive(Debug)]
struct OpenObject {
    object_id: u64,
    next_fragment_id: u64,
    bytes: BytesMut,
}

impl Defragmenter {
    /// For one stream; `limits.command_bytes_max` counts the blobs of this stream.
    #[must_use]
    pub fn new(limits: ReceiveLimits) -> Self {
        Self {
            object_bytes_max: limits.object_bytes_max.unwrap_or(u64::MAX),
            total_bytes_max: limits.command_bytes_max.unwrap_or(u64::MAX),
            total_bytes: 0,
            pending: BytesMut::new(),
            queue: VecDeque::new(),
            open: None,
            last_object_id: 0,
        }
    }

    /// Takes the next bytes of the stream. Call [`Defragmenter::poll`] until it gives `None` before the next call.
    pub fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.queue.push_back(bytes);
        }
    }

    /// The next whole message, if its last fragment has come.
    pub fn poll(&mut self) -> Result<Option<Bytes>, FragmentError> {
        while let Some((header, blob)) = self.next_fragment()? {
            if let Some(message) = self.accept(header, blob)? {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    /// Whether the stream stands between two messages.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.open.is_none() && self.pending.is_empty() && self.queue.is_empty()
    }

    /// The next fragment whose bytes are all there.
    fn next_fragment(&mut self) -> Result<Option<(FragmentHeader, Bytes)>, FragmentError> {
        loop {
            if self.pending.is_empty() {
                let Some(mut front) = self.queue.pop_front() else { return Ok(None) };
                if let Some(header) = front.first_chunk().map(FragmentHeader::decode) {
                    let needed = self.check(&header)?;
                    if front.len() >= needed {
                        let mut fragment = front.split_to(needed);
                        if !front.is_empty() {
                            self.queue.push_front(front);
                        }
                        fragment.advance(FRAGMENT_HEADER_BYTES);
                        return Ok(Some((header, fragment)));
                    }
                }
                self.pending.extend_from_slice(&front); // the rest comes in later bytes
            }
            let needed = match self.pending.first_chunk().map(FragmentHeader::decode) {
                None => FRAGMENT_HEADER_BYTES,
                Some(header) => {
                    let needed = self.check(&header)?;
                    if self.pending.len() >= needed {
                        let mut fragment = self.pending.split_to(needed);
                        fragment.advance(FRAGMENT_HEADER_BYTES);
                        return Ok(Some((header, fragment.freeze())));
                    }
                    needed
                }
            };
            let Some(front) = self.queue.front_mut() else { return Ok(None) };
            let more = front.split_to(front.len().min(needed - self.pending.len()));
            if front.is_empty() {
                self.queue.pop_front();
            }
            self.pending.extend_from_slice(&more);
        }
    }

    /// Checks a header against the rules and limits; gives the bytes of the whole fragment.
    fn check(&self, header: &FragmentHeader) -> Result<usize, FragmentError> {
        let FragmentHeader { object_id, fragment_id, .. } = *header;
        if object_id == 0 || object_id > i64::MAX as u64 {
            return Err(FragmentError::ObjectId { found: object_id as i64 });
        }
        if header.blob_bytes > i32::MAX as u32 {
            return Err(FragmentError::Length { found: header.blob_bytes as i32 });
        }
        let so_far = match (&self.open, header.start) {
            (None, true) if fragment_id == 0 && object_id <= self.last_object_id => {
                return Err(FragmentError::NotRising { after: self.last_object_id, found: object_id });
            }
            (None, true) if fragment_id == 0 => 0,
            (None, true) => return Err(FragmentError::StartNumber { object_id, fragment_id }),
            (Some(open), true) => {
                return Err(FragmentError::StartInsideObject { open: open.object_id, found: object_id });
            }
            (None, false) => return Err(FragmentError::NoObjectOpen { found: object_id }),
            (Some(open), false) if open.object_id != object_id => {
                return Err(FragmentError::OtherObject { open: open.object_id, found: object_id });
            }
            (Some(open), false) if open.next_fragment_id != fragment_id => {
                let expected = open.next_fragment_id;
                return Err(FragmentError::OutOfSequence { object_id, expected, found: fragment_id });
            }
            (Some(open), false) => open.bytes.len() as u64,
        };
        let blob = u64::from(header.blob_bytes);
        if so_far + blob > self.object_bytes_max {
            return Err(FragmentError::ObjectTooLarge { bytes: so_far + blob, bytes_max: self.object_bytes_max });
        }
        if self.total_bytes.saturating_add(blob) > self.total_bytes_max {
            return Err(FragmentError::TotalTooLarge { bytes_max: self.total_bytes_max });
        }
        Ok(FRAGMENT_HEADER_BYTES + header.blob_bytes as usize)
    }

    /// Adds a checked fragment; gives the message when it was the last.
    fn accept(&mut self, header: FragmentHeader, blob: Bytes) -> Result<Option<Bytes>, FragmentError> {
        self.total_bytes = self.total_bytes.saturating_add(blob.len() as u64);
        self.last_object_id = header.object_id;
        if header.start && header.end {
            return Ok(Some(blob));
        }
        if header.start {
            let mut bytes = BytesMut::with_capacity(blob.len() * 2);
            bytes.extend_from_slice(&blob);
            self.open = Some(OpenObject { object_id: header.object_id, next_fragment_id: 1, bytes });
            return Ok(None);
        }
        let Some(open) = &mut self.open else { return Err(FragmentError::NoObjectOpen { found: header.object_id }) };
        open.bytes.extend_from_slice(&blob);
        open.next_fragment_id += 1;
        Ok(if header.end { self.open.take().map(|open| open.bytes.freeze()) } else { None })
    }
}
