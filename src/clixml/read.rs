//! CLIXML to values: the general reader, for any shape of document or message.
//!
//! It keeps what stands in the document; how PowerShell shows it is the business of `reading` and `text`.

use super::{ClixmlError, PsValue};

/// How much a reader takes in before it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// Values inside each other; PowerShell stops at 50, so 49 is the most that passes.
    pub levels_max: usize,
    /// Bytes of one message or file.
    pub bytes_max: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { levels_max: 49, bytes_max: 1 << 30 }
    }
}

/// Reads the body of one protocol message: one value without `Objs` around it. A byte order mark is skipped; nothing is `$null`.
///
/// # Errors
/// When the bytes are not CLIXML or go over a limit.
pub fn read_fragment(bytes: &[u8], limits: &ReadLimits) -> Result<PsValue, ClixmlError> {
    let _ = (bytes, limits);
    Err(ClixmlError::NotClixml { offset: 0, what: "the reader is being built" })
}

/// Reads a file as Export-Clixml writes it: `Objs` with any number of values. UTF-8, or UTF-16 with a byte order mark.
///
/// # Errors
/// When the bytes are not CLIXML or go over a limit.
pub fn read_document(bytes: &[u8], limits: &ReadLimits) -> Result<Vec<PsValue>, ClixmlError> {
    let _ = (bytes, limits);
    Err(ClixmlError::NotClixml { offset: 0, what: "the reader is being built" })
}
