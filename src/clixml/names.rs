//! Names seen before: one shared copy of each property name and type name list, and what usually follows what.
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
#[derive(Debug)]
pub(super) struct Names {
    names: Vec<Name>,
    /// Numbers of names by their raw attribute text.
    by_raw: HashMap<Box<str>, u32, Quick>,
    /// Numbers shared by names that differ in case only.
    folded: HashMap<String, u32, Quick>,
    /// By shared number: the run of members in which the name was seen last.
    seen: Vec<u32>,
    run: u32,
    types: Vec<Types>,
    /// Numbers of type name lists by the raw text between `<TN …>` and `</TN>`.
    types_by_raw: HashMap<Box<str>, u32, Quick>,
}

/// A property name.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// The name.
    pub text: Arc<str>,
    /// Equal for names that differ in case only.
    pub folded: u32,
    /// The attribute as it stands in a tag: ` N="…"`.
    pub attribute: Box<str>,
    /// The name that followed it last time.
    pub next: u32,
    /// The name that came first in the value of this property last time.
    pub first: u32,
}

/// A list of type names.
#[derive(Debug, Clone)]
pub(super) struct Types {
    /// The names.
    pub list: TypeNames,
    /// What it was read from, with the end tag behind it.
    pub markup: Box<str>,
}

/// The number of no name: what precedes the first, and owns what nobody else does.
pub(super) const NO_NAME: u32 = 0;

impl Default for Names {
    fn default() -> Self {
        let none = Name { text: "".into(), folded: 0, attribute: "\0".into(), next: NO_NAME, first: NO_NAME };
        Self {
            names: vec![none],
            by_raw: HashMap::default(),
            folded: HashMap::default(),
            seen: Vec::new(),
            run: 0,
            types: Vec::new(),
            types_by_raw: HashMap::default(),
        }
    }
}

impl Names {
    /// Whether it holds so much that it should be forgotten before the next message.
    pub(super) fn is_full(&self) -> bool {
        self.names.len() > NAMES_MAX || self.types.len() > NAMES_MAX
    }

    /// The name of a number.
    pub(super) fn get(&self, number: u32) -> &Name {
        self.names.get(number as usize).unwrap_or(&self.names[0])
    }

    /// To remember what follows a name.
    pub(super) fn get_mut(&mut self, number: u32) -> &mut Name {
        let at = if (number as usize) < self.names.len() { number as usize } else { 0 };
        &mut self.names[at]
    }

    /// The number of the name that a raw attribute value stands for.
    pub(super) fn number(&mut self, raw: &str) -> u32 {
        if let Some(number) = self.by_raw.get(raw) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(NO_NAME);
        let text: Arc<str> = attribute_text(raw).into();
        let folded = self.folded(&text);
        let attribute = format!(" N=\"{raw}\"").into();
        self.names.push(Name { text, folded, attribute, next: NO_NAME, first: NO_NAME });
        self.by_raw.insert(raw.into(), number);
        number
    }

    /// The number that a name shares with its other spellings.
    pub(super) fn folded(&mut self, text: &str) -> u32 {
        let next = u32::try_from(self.folded.len()).unwrap_or(u32::MAX);
        let folded = match text.is_ascii() {
            true => text.to_ascii_lowercase(),
            false => text.to_lowercase(),
        };
        let number = *self.folded.entry(folded).or_insert(next);
        self.seen.resize(self.folded.len(), 0);
        number
    }

    /// Whether two of these shared numbers are equal.
    pub(super) fn any_double(&mut self, folded: impl Iterator<Item = u32>) -> bool {
        if self.run == u32::MAX {
            self.seen.fill(0);
            self.run = 0;
        }
        self.run += 1;
        for number in folded {
            match self.seen.get_mut(number as usize) {
                Some(seen) if *seen == self.run => return true,
                Some(seen) => *seen = self.run,
                None => {}
            }
        }
        false
    }

    /// The number of the type names that this raw text was read as before.
    pub(super) fn types_number(&self, raw: &str) -> Option<u32> {
        self.types_by_raw.get(raw).copied()
    }

    /// The type names of a number.
    pub(super) fn types(&self, number: u32) -> Option<&Types> {
        self.types.get(number as usize)
    }

    /// Remembers what a raw text was read as.
    pub(super) fn learn_types(&mut self, raw: &str, list: &TypeNames) {
        if let Ok(number) = u32::try_from(self.types.len()) {
            self.types.push(Types { list: list.clone(), markup: format!("{raw}</TN>").into() });
            self.types_by_raw.insert(raw.into(), number);
        }
    }
}

/// A hasher for short keys; the tables it serves are bounded, so colliding keys cost little.
#[derive(Default)]
pub(super) struct QuickHasher(u64);

/// Builds it.
pub(super) type Quick = BuildHasherDefault<QuickHasher>;

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

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(26) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}
