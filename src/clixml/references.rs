//! References of one document ([MS-PSRP] 2.2.5.2.1.1, 2.2.5.2.4): what `RefId` was given to what.
//!
//! Any text may be an identifier; small consecutive numbers, the usual case, are kept without hashing.

use std::collections::HashMap;

/// What was named so far; a later holder of an identifier replaces the earlier.
#[derive(Debug)]
pub(super) struct References<'a, T> {
    numbered: Vec<T>,
    others: HashMap<&'a str, T>,
}

impl<T> Default for References<'_, T> {
    fn default() -> Self {
        Self { numbered: Vec::new(), others: HashMap::new() }
    }
}

impl<'a, T> References<'a, T> {
    pub(super) fn get(&self, id: &str) -> Option<&T> {
        number(id).and_then(|at| self.numbered.get(at)).or_else(|| self.others.get(id))
    }

    pub(super) fn set(&mut self, id: &'a str, value: T) {
        match number(id) {
            Some(at) if at < self.numbered.len() => self.numbered[at] = value,
            Some(at) if at == self.numbered.len() => {
                self.others.remove(id);
                self.numbered.push(value);
            }
            _ => {
                self.others.insert(id, value);
            }
        }
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.numbered.iter_mut().chain(self.others.values_mut())
    }
}

/// The number that an identifier is in its only canonical spelling.
fn number(id: &str) -> Option<usize> {
    match id.as_bytes() {
        [b'0'] => Some(0),
        [b'1'..=b'9', rest @ ..] if rest.len() < 9 && rest.iter().all(u8::is_ascii_digit) => id.parse().ok(),
        _ => None,
    }
}
