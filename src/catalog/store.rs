//! The catalogue itself: 1,400 cmdlets in 300 KB, each decoded when first asked for.
//!
//! Not here: the packed form (`pack`), which `examples/build_catalog.rs` writes; what a server adds (`metadata`).

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use super::pack::Unpacker;
use super::{Cmdlet, PackError, canonical_key, similar, snake_name};

/// Documented cmdlets, by name.
///
/// ```
/// use exsh::catalog::Catalog;
/// let cmdlet = Catalog::built_in().find("get_mailbox").expect("documented");
/// assert_eq!(cmdlet.name, "Get-Mailbox");
/// assert_eq!(cmdlet.resolve("result").expect("a prefix").name(), "ResultSize");
/// ```
#[derive(Debug)]
pub struct Catalog {
    unpacker: Option<Unpacker>,
    decoded: Vec<OnceLock<Option<Arc<Cmdlet>>>>,
}

impl Catalog {
    /// The catalogue that exsh carries.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Catalog> = OnceLock::new();
        // A test pins that the carried bytes open; a catalogue that did not would only know less.
        BUILT_IN.get_or_init(|| {
            Self::from_bytes(include_bytes!("catalog.bin")).unwrap_or(Self { unpacker: None, decoded: Vec::new() })
        })
    }

    /// A catalogue in packed form (see [`super::pack()`]).
    ///
    /// # Errors
    /// [`PackError`] if the bytes are not one.
    pub fn from_bytes(packed: &'static [u8]) -> Result<Self, PackError> {
        let unpacker = Unpacker::open(packed)?;
        let decoded = std::iter::repeat_with(OnceLock::new).take(unpacker.len()).collect();
        Ok(Self { unpacker: Some(unpacker), decoded })
    }

    /// How many cmdlets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.decoded.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.decoded.is_empty()
    }

    /// The cmdlet called `name` in any spelling: case, `_` and `-` do not matter.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Arc<Cmdlet>> {
        let key = canonical_key(name);
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            match canonical_key(self.name_at(middle)?).cmp(&key) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return self.cmdlet_at(middle),
            }
        }
        None
    }

    /// Names of all cmdlets, in the order of their keys.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        (0..self.len()).filter_map(|index| self.name_at(index))
    }

    /// All cmdlets, in the order of their keys; decodes them.
    pub fn cmdlets(&self) -> impl Iterator<Item = Arc<Cmdlet>> {
        (0..self.len()).filter_map(|index| self.cmdlet_at(index))
    }

    /// Names of cmdlets that look like `name`, best first, at most three; in the spelling that `name` has.
    #[must_use]
    pub fn similar(&self, name: &str) -> Vec<String> {
        let spelled = |known: &str| if name.contains('-') { known.to_owned() } else { snake_name(known) };
        similar(name, self.names()).into_iter().map(spelled).collect()
    }

    fn name_at(&self, index: usize) -> Option<&'static str> {
        self.unpacker.as_ref()?.name(index).ok()
    }

    fn cmdlet_at(&self, index: usize) -> Option<Arc<Cmdlet>> {
        let decode = || self.unpacker.as_ref()?.cmdlet(index).ok().map(Arc::new);
        self.decoded.get(index)?.get_or_init(decode).clone()
    }
}
