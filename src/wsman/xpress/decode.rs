//! One block back to plain text ([MS-XCA] 2.2.4).
//!
//! Every read is checked; copies go byte by byte, since source and target may overlap.

use super::XpressError;
use super::huffman::{DecodingTable, TABLE_BYTES};

/// The symbol that ends a block.
const END: usize = 256;

/// The next bits, refilled in 16-bit words; match lengths are read from between the words.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    next: u32,
    extra: i32,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, XpressError> {
        let mut bits = Self { bytes, at: 0, next: 0, extra: 16 };
        bits.next = u32::from(bits.word()?) << 16;
        bits.next |= u32::from(bits.word()?);
        Ok(bits)
    }

    fn byte(&mut self) -> Result<u8, XpressError> {
        let byte = *self.bytes.get(self.at).ok_or(XpressError::Truncated)?;
        self.at += 1;
        Ok(byte)
    }

    fn word(&mut self) -> Result<u16, XpressError> {
        Ok(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, count: u32) -> Result<(), XpressError> {
        self.next = self.next.checked_shl(count).unwrap_or(0);
        self.extra -= count.cast_signed();
        if self.extra < 0 {
            self.next |= u32::from(self.word()?) << self.extra.unsigned_abs();
            self.extra += 16;
        }
        Ok(())
    }
}

/// Appends the `plain_size` bytes of a block to `out`.
pub(super) fn block(bytes: &[u8], plain_size: usize, out: &mut Vec<u8>) -> Result<(), XpressError> {
    let (table, rest) = bytes.split_first_chunk::<TABLE_BYTES>().ok_or(XpressError::Truncated)?;
    let table = DecodingTable::new(table)?;
    let mut bits = Bits::new(rest)?;
    let start = out.len();
    let end = start + plain_size;
    out.reserve(plain_size);
    loop {
        let (symbol, length) = table.at(bits.next >> 17);
        bits.skip(length)?;
        if out.len() == end {
            // Nothing may follow but the two words that were read ahead.
            let ended = symbol == END && bits.at == rest.len();
            return if ended { Ok(()) } else { Err(XpressError::WrongSize) };
        }
        if let Ok(literal) = u8::try_from(symbol) {
            out.push(literal);
            continue;
        }
        let (length, distance) = copy_of(symbol - 256, &mut bits)?;
        if distance > out.len() - start {
            return Err(XpressError::CopyBeforeStart);
        }
        if length > end - out.len() {
            return Err(XpressError::WrongSize);
        }
        copy(out, distance, length);
    }
}

/// Length and distance of the match that `class` begins.
fn copy_of(class: usize, bits: &mut Bits<'_>) -> Result<(usize, usize), XpressError> {
    let mut length = class % 16;
    let offset_bits = u32::try_from(class / 16).unwrap_or(0);
    if length == 15 {
        length += usize::from(bits.byte()?);
        if length == 15 + 255 {
            length = usize::from(bits.word()?);
            if length < 15 {
                return Err(XpressError::WrongSize);
            }
        }
    }
    let low = if offset_bits == 0 { 0 } else { bits.next >> (32 - offset_bits) };
    bits.skip(offset_bits)?;
    Ok((length + 3, (1 << offset_bits) + low as usize))
}

fn copy(out: &mut Vec<u8>, distance: usize, length: usize) {
    let from = out.len() - distance;
    if distance >= length {
        out.extend_from_within(from..from + length);
    } else {
        for at in from..from + length {
            out.push(out[at]);
        }
    }
}
