//! The decoder of one session: message bodies to values, quickly where they are of a kind seen before.
//!
//! Keeps names and shapes, no messages; a value owns what it holds.

use std::sync::Arc;

use super::packed::PackedObject;
use super::read::{LEVELS_LIMIT, message_text, read_message};
use super::scan::Memory;
use super::{ClixmlError, PsObject, PsValue, ReadLimits};

/// Decodes the message bodies of one session: like [`super::read_fragment`], but names and shapes are shared between
/// messages, and objects are kept compactly and make their values on access.
///
/// ```
/// let mut decoder = exsh::clixml::Decoder::default();
/// let value = decoder.decode(br#"<Obj RefId="0"><MS><I32 N="Berth">9</I32></MS></Obj>"#)?;
/// let berth = value.as_object().and_then(|boat| boat.get("berth"));
/// assert!(matches!(berth, Some(exsh::clixml::PsValue::I32(9))));
/// # Ok::<(), exsh::clixml::ClixmlError>(())
/// ```
#[derive(Debug, Default)]
pub struct Decoder {
    limits: ReadLimits,
    memory: Memory,
}

impl Decoder {
    /// With limits other than the usual.
    #[must_use]
    pub fn new(limits: ReadLimits) -> Self {
        Self { limits, memory: Memory::default() }
    }

    /// Decodes one message body. A byte order mark is skipped; an empty body is `$null`.
    ///
    /// # Errors
    /// When the bytes are not CLIXML or go over a limit.
    pub fn decode(&mut self, bytes: &[u8]) -> Result<PsValue, ClixmlError> {
        let text = message_text(bytes, &self.limits)?;
        match self.pack(text) {
            Some(object) => Ok(object),
            None => read_message(text, &self.limits, &mut self.memory.names),
        }
    }

    /// Decodes one message body if that can be done quickly: an object in PowerShell's own writing, and nothing in it
    /// that needs a second look. So there is no secure string in what it gives.
    pub(crate) fn decode_quickly(&mut self, bytes: &[u8]) -> Option<PsValue> {
        let text = message_text(bytes, &self.limits).ok()?;
        self.pack(text)
    }

    fn pack(&mut self, text: &str) -> Option<PsValue> {
        let message = self.memory.pack(text, self.limits.levels_max.min(LEVELS_LIMIT))?;
        Some(PsValue::Object(PsObject::packed(PackedObject { message: Arc::new(message), at: 0 })))
    }
}
