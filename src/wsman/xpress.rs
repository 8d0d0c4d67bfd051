//! Compressed stream bytes: blocks of LZ77+Huffman ([MS-XCA] 2.1, 2.2) behind little headers.
//!
//! Each block stands for at most 65,536 bytes and is preceded by two little-endian u16: its size before and after,
//! both less one. Blocks that do not shrink are stored. Base64 and envelopes are not here.

/// The most that one Stream element may expand to: far above any envelope, far below a bomb.
pub const STREAM_BYTES_MAX: usize = 64 << 20;

/// Compressed bytes that cannot be what they claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum XpressError {
    /// The bytes end within a header, a table or a block.
    #[error("the compressed bytes end too early")]
    Truncated,
    /// The table of code lengths describes no complete prefix code.
    #[error("the table of code lengths is not a prefix code")]
    BadTable,
    /// A match reaches back before the start of the block, or past its end.
    #[error("a repeat points outside its block")]
    BadMatch,
    /// Expanding would take more than the limit.
    #[error("the expanded bytes exceed {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: usize,
    },
}

/// Compresses the bytes of one Stream element.
#[must_use]
pub fn compress(_plain: &[u8]) -> Vec<u8> {
    Vec::new()
}

/// Expands the bytes of one Stream element, to at most `bytes_max`.
///
/// # Errors
/// See [`XpressError`]; nothing is read or written out of bounds.
pub fn decompress(_packed: &[u8], _bytes_max: usize) -> Result<Vec<u8>, XpressError> {
    Err(XpressError::Truncated)
}
