//! Names seen before: one shared copy of each property name and type name list, and quick tests for doubles.
//!
//! Holds what a session repeats in every message; forgets it all when it has grown too large.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::TypeNames;
use super::characters::attribute_text;

/// Beyond so many names the memory starts anew with the next message.
const NAMES_MAX: usize = 16_384;

/// Names of one session.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the raw attribute text.
    names: HashMap<Box<str>, Name, Quick>,
    /// Numbers of names that differ in case only.
    folded: HashMap<String, u32, Quick>,
    /// By name number: the run of members in which the name was seen last.
    seen: Vec<u32>,
    run: u32,
    /// By the raw text between `<TN …>` and `</TN>`.
    types: HashMap<Box<str>, TypeNames, Quick>,
}

/// A property name and the number it shares with its other spellings.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub text: Arc<str>,
    pub number: u32,
}

impl Names {
    /// To be called between messages.
    pub(super) fn trim(&mut self) {
        if self.names.len() > NAMES_MAX || self.types.len() > NAMES_MAX {
            *self = Self::default();
        }
    }

    /// The name that a raw attribute value stands for.
    pub(super) fn name(&mut self, raw: &str) -> Name {
        if let Some(name) = self.names.get(raw) {
            return name.clone();
        }
        let text: Arc<str> = attribute_text(raw).into();
        let number = self.number(&text);
        let name = Name { text, number };
        self.names.insert(raw.into(), name.clone());
        name
    }

    /// The number of a name in its final form.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        let next = u32::try_from(self.folded.len()).unwrap_or(u32::MAX);
        let folded = match text.is_ascii() {
            true => text.to_ascii_lowercase(),
            false => text.to_lowercase(),
        };
        let number = *self.folded.entry(folded).or_insert(next);
        self.seen.resize(self.folded.len(), 0);
        number
    }

    /// Whether two of these names are equal but for case.
    pub(super) fn any_double(&mut self, numbers: impl Iterator<Item = u32>) -> bool {
        if self.run == u32::MAX {
            self.seen.fill(0);
            self.run = 0;
        }
        self.run += 1;
        for number in numbers {
            match self.seen.get_mut(number as usize) {
                Some(seen) if *seen == self.run => return true,
                Some(seen) => *seen = self.run,
                None => {}
            }
        }
        false
    }

    /// The type names that this raw text was read as before.
    pub(super) fn types(&self, raw: &str) -> Option<TypeNames> {
        self.types.get(raw).cloned()
    }

    /// Remembers what a raw text was read as.
    pub(super) fn learn_types(&mut self, raw: &str, types: &TypeNames) {
        self.types.insert(raw.into(), types.clone());
    }
}

/// A hasher for short names; the tables it serves are bounded, so colliding names cost little.
#[derive(Default)]
pub(super) struct QuickHasher(u64);

type Quick = BuildHasherDefault<QuickHasher>;

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.write_u64(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}
