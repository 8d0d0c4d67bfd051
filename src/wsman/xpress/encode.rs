//! One block of plain text to LZ77+Huffman ([MS-XCA] 2.1.4).
//!
//! Hash chains with one byte of lazy matching; the tables live as long as the compressor, so that a stream of
//! blocks allocates once.

use super::huffman::{SYMBOLS, TABLE_BYTES, codes, lengths};

const HASH_BITS: u32 = 15;
/// How many earlier places a match is sought at.
const CHAIN_MAX: usize = 48;
const MATCH_BYTES_MIN: usize = 3;
/// A match this long is taken at once.
const MATCH_BYTES_GOOD: usize = 96;
const NOWHERE: u32 = u32::MAX;

/// What a block is made of.
#[derive(Clone, Copy)]
enum Token {
    Literal(u8),
    /// `length` at least 3, `distance` 1..=65,535.
    Match {
        length: u32,
        distance: u32,
    },
}

impl Token {
    fn symbol(self) -> usize {
        match self {
            Self::Literal(byte) => usize::from(byte),
            Self::Match { length, distance } => {
                256 + (length as usize - MATCH_BYTES_MIN).min(15) + 16 * distance.ilog2() as usize
            }
        }
    }
}

/// Compresses blocks one after another; each stands for itself.
pub(super) struct Compressor {
    /// The last place of each hash.
    head: Vec<u32>,
    /// For each place, the one before it with the same hash.
    previous: Vec<u32>,
    tokens: Vec<Token>,
}

impl Compressor {
    pub(super) fn new() -> Self {
        Self { head: vec![NOWHERE; 1 << HASH_BITS], previous: Vec::new(), tokens: Vec::new() }
    }

    /// Appends the compressed form of `block` (at most 65,536 bytes) to `out`.
    pub(super) fn block(&mut self, block: &[u8], out: &mut Vec<u8>) {
        self.tokenise(block);
        let mut frequencies = [0_u32; SYMBOLS];
        for token in &self.tokens {
            frequencies[token.symbol()] += 1;
        }
        frequencies[256] += 1; // the end of the block
        let lengths = lengths(&frequencies);
        let codes = codes(&lengths);
        out.extend(lengths.chunks_exact(2).map(|pair| pair[0] | pair[1] << 4));
        debug_assert_eq!(lengths.len() / 2, TABLE_BYTES);
        let mut writer = BitWriter::new(out);
        let symbol = |writer: &mut BitWriter<'_>, symbol: usize| {
            writer.bits(u32::from(lengths[symbol]), u32::from(codes[symbol]));
        };
        for token in &self.tokens {
            symbol(&mut writer, token.symbol());
            if let Token::Match { length, distance } = *token {
                writer.long_length(length as usize - MATCH_BYTES_MIN);
                let offset_bits = distance.ilog2();
                writer.bits(offset_bits, distance - (1 << offset_bits));
            }
        }
        symbol(&mut writer, 256);
        writer.flush();
    }

    fn tokenise(&mut self, block: &[u8]) {
        self.head.fill(NOWHERE);
        self.previous.clear();
        self.previous.resize(block.len(), NOWHERE);
        self.tokens.clear();
        let mut at = 0;
        let mut found = self.longest(block, 0);
        while at < block.len() {
            let Some((length, distance)) = found else {
                self.tokens.push(Token::Literal(block[at]));
                at += 1;
                found = self.longest(block, at);
                continue;
            };
            // One byte later there may be a better one.
            if length < MATCH_BYTES_GOOD && at + 1 < block.len() {
                let later = self.longest(block, at + 1);
                if later.is_some_and(|(later, _)| later > length) {
                    self.tokens.push(Token::Literal(block[at]));
                    at += 1;
                    found = later;
                    continue;
                }
                self.enter_all(block, at + 2, at + length);
            } else {
                self.enter_all(block, at + 1, at + length);
            }
            self.tokens.push(Token::Match {
                length: u32::try_from(length).unwrap_or(0),
                distance: u32::try_from(distance).unwrap_or(0),
            });
            at += length;
            found = self.longest(block, at);
        }
    }

    /// The longest match for what stands at `at`, which is then entered for later ones.
    fn longest(&mut self, block: &[u8], at: usize) -> Option<(usize, usize)> {
        let hash = hash_at(block, at)?;
        let mut best = (MATCH_BYTES_MIN - 1, 0);
        let mut place = self.head[hash];
        let rest = &block[at..];
        for _ in 0..CHAIN_MAX {
            if place == NOWHERE {
                break;
            }
            let from = place as usize;
            if block.get(from + best.0) == rest.get(best.0) || best.1 == 0 {
                let length = rest.iter().zip(&block[from..]).take_while(|(a, b)| a == b).count();
                if length > best.0 {
                    best = (length, at - from);
                    if length >= MATCH_BYTES_GOOD || length == rest.len() {
                        break;
                    }
                }
            }
            place = self.previous[from];
        }
        self.enter(hash, at);
        (best.1 != 0).then_some(best)
    }

    fn enter(&mut self, hash: usize, at: usize) {
        self.previous[at] = self.head[hash];
        self.head[hash] = u32::try_from(at).unwrap_or(NOWHERE);
    }

    fn enter_all(&mut self, block: &[u8], from: usize, to: usize) {
        for at in from..to {
            if let Some(hash) = hash_at(block, at) {
                self.enter(hash, at);
            }
        }
    }
}

fn hash_at(block: &[u8], at: usize) -> Option<usize> {
    let bytes: &[u8; 3] = block.get(at..at + 3)?.first_chunk()?;
    let key = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]);
    Some((key.wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)) as usize)
}

/// 16-bit words, the first bit highest, with lengths written between them ([MS-XCA] 2.1.4.3).
///
/// The reader is two words ahead, so two places are kept open.
struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    open: [usize; 2],
    word: u32,
    free: u32,
}

impl<'a> BitWriter<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        Self { out, open: [start, start + 2], word: 0, free: 16 }
    }

    /// The low `count` (at most 15) bits of `value`.
    fn bits(&mut self, count: u32, value: u32) {
        if count <= self.free {
            self.free -= count;
            self.word = self.word << count | value;
            return;
        }
        let over = count - self.free;
        self.word = self.word << self.free | value >> over;
        self.close_word();
        self.free = 16 - over;
        self.word = value & ((1 << over) - 1);
    }

    /// The part of a match length (less 3) that its symbol does not hold.
    fn long_length(&mut self, length: usize) {
        let Some(rest) = length.checked_sub(15) else { return };
        match u8::try_from(rest) {
            Ok(byte) if byte < 255 => self.out.push(byte),
            _ => {
                self.out.push(255);
                self.out.extend_from_slice(&u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
            }
        }
    }

    fn close_word(&mut self) {
        let word = u16::try_from(self.word & 0xFFFF).unwrap_or(0).to_le_bytes();
        self.out[self.open[0]..self.open[0] + 2].copy_from_slice(&word);
        self.open = [self.open[1], self.out.len()];
        self.out.extend_from_slice(&[0; 2]);
    }

    fn flush(self) {
        let word = u16::try_from(self.word << self.free & 0xFFFF).unwrap_or(0).to_le_bytes();
        self.out[self.open[0]..self.open[0] + 2].copy_from_slice(&word);
    }
}
