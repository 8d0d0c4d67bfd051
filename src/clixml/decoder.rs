//! The decoder of one session: message bodies to values, with the names seen before shared.
//!
//! Keeps no messages; a value owns what it holds.

use super::names::Names;
use super::read::{message_text, read_fragment_with};
use super::{ClixmlError, PsValue, ReadLimits};

/// Decodes the message bodies of one session; faster than [`super::read_fragment`] because it remembers shapes.
#[derive(Debug, Default)]
pub struct Decoder {
    limits: ReadLimits,
    names: Names,
}

impl Decoder {
    /// With limits other than the usual.
    #[must_use]
    pub fn new(limits: ReadLimits) -> Self {
        Self { limits, names: Names::default() }
    }

    /// Decodes one message body. A byte order mark is skipped; an empty body is `$null`.
    ///
    /// # Errors
    /// When the bytes are not CLIXML or go over a limit.
    pub fn decode(&mut self, bytes: &[u8]) -> Result<PsValue, ClixmlError> {
        self.names.trim();
        read_fragment_with(message_text(bytes, &self.limits)?, &self.limits, &mut self.names)
    }
}
