//! Compressed shell streams: `rsp:CompressionType` xpress ([MS-WSMV] 2.2.4.6, 3.2.4.1.19; [MS-XCA] 2.1 and 2.2).
//!
//! The bytes of a `Stream` element are cut into blocks of at most 65,536. A block is a header of two little-endian
//! `u16` (size − 1 before, size − 1 after), then the block in LZ77+Huffman, or as it is when both sizes are equal.
//! No crate on the registry does this format, so the codec is ours. It knows nothing of SOAP or base64.

mod decode;
mod encode;
mod huffman;

/// The most that the streams of one envelope may expand to together: far above any envelope, far below a bomb.
pub const STREAM_BYTES_MAX: usize = 64 << 20;

/// Bytes of plain text in one block, at most.
pub const BLOCK_BYTES_MAX: usize = 65_536;
/// Two little-endian `u16`.
const HEADER_BYTES: usize = 2 /* size - 1 before */ + 2 /* size - 1 after */;
/// Blocks below this size are stored: the code table alone takes 256 bytes.
const COMPRESSED_FROM_BYTES: usize = 266;

/// Why a compressed stream is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XpressError {
    /// A header or block is cut off.
    #[error("the compressed stream ends inside a block")]
    Truncated,
    /// The code lengths do not make a prefix code.
    #[error("the compressed stream has an impossible code table")]
    BadCodeTable,
    /// A copy starts before the block does.
    #[error("the compressed stream copies from before its start")]
    CopyBeforeStart,
    /// A block does not have the size its header says.
    #[error("a block of the compressed stream does not have the size it says")]
    WrongSize,
    /// More plain text than the caller allows.
    #[error("the compressed stream expands to more than {bytes_max} bytes")]
    TooLarge {
        /// What the caller allows, in bytes.
        bytes_max: usize,
    },
}

/// Compresses the bytes of one stream element; every block stands for itself.
#[must_use]
pub fn compress(plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(plain.len() / 4 + HEADER_BYTES);
    let mut compressor = encode::Compressor::new();
    for block in plain.chunks(BLOCK_BYTES_MAX) {
        let start = out.len();
        out.extend_from_slice(&[0; HEADER_BYTES]);
        if block.len() >= COMPRESSED_FROM_BYTES {
            compressor.block(block, &mut out);
        }
        let mut size = out.len() - start - HEADER_BYTES;
        if size == 0 || size >= block.len() {
            out.truncate(start + HEADER_BYTES);
            out.extend_from_slice(block);
            size = block.len();
        }
        out[start..start + 2].copy_from_slice(&size_field(block.len()));
        out[start + 2..start + HEADER_BYTES].copy_from_slice(&size_field(size));
    }
    out
}

/// A size of 1..=65,536 as its header field.
fn size_field(size: usize) -> [u8; 2] {
    u16::try_from(size - 1).unwrap_or(u16::MAX).to_le_bytes()
}

/// Restores the bytes of one stream element, at most `bytes_max` of them.
///
/// # Errors
/// Any block that is cut off, has a bad table, copies from before its start, or has not the size it says.
pub fn decompress(compressed: &[u8], bytes_max: usize) -> Result<Vec<u8>, XpressError> {
    let mut out = Vec::new();
    let mut rest = compressed;
    while !rest.is_empty() {
        let (header, after) = rest.split_first_chunk::<HEADER_BYTES>().ok_or(XpressError::Truncated)?;
        let plain_size = usize::from(u16::from_le_bytes([header[0], header[1]])) + 1;
        let size = usize::from(u16::from_le_bytes([header[2], header[3]])) + 1;
        let (block, next) = after.split_at_checked(size).ok_or(XpressError::Truncated)?;
        if out.len() + plain_size > bytes_max {
            return Err(XpressError::TooLarge { bytes_max });
        }
        if size == plain_size {
            out.extend_from_slice(block);
        } else {
            decode::block(block, plain_size, &mut out)?;
        }
        rest = next;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_stays_nothing() {
        assert_eq!(compress(&[]), Vec::<u8>::new());
        assert_eq!(decompress(&[], 0), Ok(Vec::new()));
    }

    #[test]
    fn a_limit_holds_before_anything_is_expanded() {
        let compressed = compress(&[7; 5000]);
        assert_eq!(decompress(&compressed, 4999), Err(XpressError::TooLarge { bytes_max: 4999 }));
        assert_eq!(decompress(&compressed, 5000), Ok(vec![7; 5000]));
    }

    proptest! {
        #[test]
        fn what_is_compressed_comes_back(
            words in proptest::collection::vec(0_u8..40, 0..4000),
            noise in proptest::collection::vec(any::<u8>(), 0..600),
            times in 1_usize..30,
        ) {
            let mut plain = Vec::new();
            for _ in 0..times {
                plain.extend(words.iter().map(|word| b'a' + word));
                plain.extend_from_slice(&noise);
            }
            let compressed = compress(&plain);
            prop_assert!(compressed.len() <= plain.len() + plain.len().div_ceil(BLOCK_BYTES_MAX) * HEADER_BYTES);
            prop_assert_eq!(decompress(&compressed, plain.len()), Ok(plain));
        }

        #[test]
        fn any_bytes_end_in_text_or_a_typed_error(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..2000),
            at in any::<prop::sample::Index>(),
            with in any::<u8>(),
        ) {
            let _ = decompress(&bytes, 1 << 20);
            let mut damaged = compress(&bytes.repeat(3));
            if !damaged.is_empty() {
                let at = at.index(damaged.len());
                damaged[at] = with;
                let _ = decompress(&damaged, 1 << 20);
            }
            bytes.clear();
        }
    }
}
