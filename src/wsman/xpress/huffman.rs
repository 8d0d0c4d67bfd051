//! The prefix code of the format: 512 symbols, code lengths 0 to 15, canonical ([MS-XCA] 2.1.4.2, 2.2.4).
//!
//! Makes code lengths from frequencies, codes from lengths, and a decoding table from lengths.

use super::XpressError;

/// 256 literals, then 256 matches: 16 lengths for each of 16 offset classes.
pub(super) const SYMBOLS: usize = 512;
/// Longest code, in bits.
pub(super) const CODE_BITS_MAX: u32 = 15;
/// Bytes of the table before a block: 4 bits a symbol.
pub(super) const TABLE_BYTES: usize = SYMBOLS / 2;

/// Code lengths for `frequencies`: optimal, then flattened until none is longer than 15 bits.
pub(super) fn lengths(frequencies: &[u32; SYMBOLS]) -> [u8; SYMBOLS] {
    let mut weights = *frequencies;
    loop {
        let found = optimal_lengths(&weights);
        if found.iter().all(|length| u32::from(*length) <= CODE_BITS_MAX) {
            return found;
        }
        // Halving keeps the order of frequencies and bounds their spread, so this ends.
        for weight in weights.iter_mut().filter(|weight| **weight > 0) {
            *weight = weight.div_ceil(2);
        }
    }
}

/// Huffman's algorithm with two queues.
fn optimal_lengths(weights: &[u32; SYMBOLS]) -> [u8; SYMBOLS] {
    let mut leaves: Vec<(u32, usize)> = weights
        .iter()
        .enumerate()
        .filter(|(_, weight)| **weight > 0)
        .map(|(symbol, weight)| (*weight, symbol))
        .collect();
    leaves.sort_unstable();
    let mut lengths = [0_u8; SYMBOLS];
    if leaves.len() < 2 {
        if let Some((_, symbol)) = leaves.first() {
            lengths[*symbol] = 1;
        }
        return lengths;
    }
    let count = leaves.len();
    let mut weight: Vec<u64> = leaves.iter().map(|(weight, _)| u64::from(*weight)).collect();
    let mut parent = vec![0_usize; 2 * count - 1];
    let (mut leaf, mut inner) = (0, count);
    for node in count..2 * count - 1 {
        let mut lightest = || {
            let take_leaf = leaf < count && (inner >= node || weight[leaf] <= weight[inner]);
            let taken = if take_leaf { &mut leaf } else { &mut inner };
            *taken += 1;
            *taken - 1
        };
        let (a, b) = (lightest(), lightest());
        parent[a] = node;
        parent[b] = node;
        weight.push(weight[a] + weight[b]);
    }
    let mut depth = vec![0_u8; 2 * count - 1];
    for node in (0..2 * count - 2).rev() {
        depth[node] = depth[parent[node]].saturating_add(1);
    }
    for (index, (_, symbol)) in leaves.iter().enumerate() {
        lengths[*symbol] = depth[index];
    }
    lengths
}

/// Canonical codes: by length, then by symbol.
pub(super) fn codes(lengths: &[u8; SYMBOLS]) -> [u16; SYMBOLS] {
    let mut next = first_codes(lengths);
    let mut codes = [0; SYMBOLS];
    for (symbol, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
        let length = usize::from(*length);
        codes[symbol] = u16::try_from(next[length]).unwrap_or(u16::MAX);
        next[length] += 1;
    }
    codes
}

/// The first code of each length.
fn first_codes(lengths: &[u8; SYMBOLS]) -> [u32; CODE_BITS_MAX as usize + 1] {
    let mut counts = [0_u32; CODE_BITS_MAX as usize + 1];
    for length in lengths.iter().filter(|length| **length > 0) {
        counts[usize::from(*length)] += 1;
    }
    let mut first = [0_u32; CODE_BITS_MAX as usize + 1];
    for length in 1..first.len() {
        first[length] = (first[length - 1] + counts[length - 1]) << 1;
    }
    first
}

/// For each 15 bits ahead, the symbol they begin with and its length.
pub(super) struct DecodingTable(Vec<u16>);

impl DecodingTable {
    /// From the table bytes before a block; it must use up the whole code space.
    pub(super) fn new(table: &[u8; TABLE_BYTES]) -> Result<Self, XpressError> {
        let mut lengths = [0_u8; SYMBOLS];
        for (pair, byte) in lengths.chunks_exact_mut(2).zip(table) {
            pair[0] = byte & 15;
            pair[1] = byte >> 4;
        }
        let mut entries = Vec::with_capacity(1 << CODE_BITS_MAX);
        for length in 1..=CODE_BITS_MAX {
            for (symbol, _) in lengths.iter().enumerate().filter(|(_, own)| u32::from(**own) == length) {
                let entry = u16::try_from(symbol << 4).unwrap_or(0) | u16::try_from(length).unwrap_or(0);
                let slots = 1_usize << (CODE_BITS_MAX - length);
                if entries.len() + slots > 1 << CODE_BITS_MAX {
                    return Err(XpressError::BadCodeTable);
                }
                entries.resize(entries.len() + slots, entry);
            }
        }
        if entries.len() != 1 << CODE_BITS_MAX { Err(XpressError::BadCodeTable) } else { Ok(Self(entries)) }
    }

    /// Symbol and code length for the next 15 bits.
    pub(super) fn at(&self, bits: u32) -> (usize, u32) {
        let entry = self.0[bits as usize & ((1 << CODE_BITS_MAX) - 1)];
        (usize::from(entry >> 4), u32::from(entry & 15))
    }
}
