//! A string of UTF-16 code units, as .NET has it: nearly always plain text, seldom with lone surrogates.
//!
//! Escapes (`_xHHHH_`) are the reader's and writer's business, not this type's.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A shared .NET string. Text that is well-formed UTF-16 is kept as UTF-8; only the rest as code units.
#[derive(Clone)]
pub enum PsString {
    /// Well-formed text.
    Text(Arc<str>),
    /// Code units with at least one lone surrogate.
    Utf16(Arc<[u16]>),
}

impl PsString {
    /// From UTF-16 code units; becomes [`PsString::Text`] whenever they are well-formed.
    #[must_use]
    pub fn from_utf16(units: &[u16]) -> Self {
        match String::from_utf16(units) {
            Ok(text) => Self::Text(text.into()),
            Err(_) => Self::Utf16(units.into()),
        }
    }

    /// The text; lone surrogates become U+FFFD.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Utf16(units) => Cow::Owned(String::from_utf16_lossy(units)),
        }
    }

    /// The text if it is well-formed.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Utf16(_) => None,
        }
    }

    /// The UTF-16 code units.
    #[must_use]
    pub fn to_utf16(&self) -> Vec<u16> {
        match self {
            Self::Text(text) => text.encode_utf16().collect(),
            Self::Utf16(units) => units.to_vec(),
        }
    }

    /// Whether there is no code unit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Utf16(units) => units.is_empty(),
        }
    }
}

impl Default for PsString {
    fn default() -> Self {
        Self::Text("".into())
    }
}

impl From<&str> for PsString {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for PsString {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Arc<str>> for PsString {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text)
    }
}

impl PartialEq for PsString {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Utf16(a), Self::Utf16(b)) => a == b,
            _ => false, // the two forms never hold the same units
        }
    }
}

impl Eq for PsString {}

impl PartialEq<str> for PsString {
    fn eq(&self, other: &str) -> bool {
        self.as_text() == Some(other)
    }
}

impl PartialEq<&str> for PsString {
    fn eq(&self, other: &&str) -> bool {
        self.as_text() == Some(*other)
    }
}

impl Hash for PsString {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Text(text) => text.hash(state),
            Self::Utf16(units) => units.hash(state),
        }
    }
}

impl fmt::Display for PsString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_text())
    }
}

impl fmt::Debug for PsString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => fmt::Debug::fmt(text, f),
            Self::Utf16(units) => write!(f, "utf16{units:04x?}"),
        }
    }
}
