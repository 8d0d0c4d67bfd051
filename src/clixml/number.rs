//! Version numbers as .NET has them. The other numbers are Rust's own types and `rust_decimal`.

use std::fmt;
use std::str::FromStr;

/// `System.Version`: two to four parts, each at most `i32::MAX`; missing parts sort below 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PsVersion {
    parts: [i32; 4],
}

impl PsVersion {
    /// `major.minor`.
    #[must_use]
    pub const fn new(major: i32, minor: i32) -> Self {
        Self { parts: [major, minor, -1, -1] }
    }

    /// From two to four non-negative parts.
    #[must_use]
    pub fn from_parts(given: &[i32]) -> Option<Self> {
        if !(2..=4).contains(&given.len()) || given.iter().any(|part| *part < 0) {
            return None;
        }
        let mut parts = [-1; 4];
        parts[..given.len()].copy_from_slice(given);
        Some(Self { parts })
    }

    /// Major, minor, build and revision; −1 for a part that is not there.
    #[must_use]
    pub const fn parts(&self) -> [i32; 4] {
        self.parts
    }
}

impl fmt::Display for PsVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.parts[0], self.parts[1])?;
        for part in self.parts[2..].iter().take_while(|part| **part >= 0) {
            write!(f, ".{part}")?;
        }
        Ok(())
    }
}

/// The text is not a version of two to four numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a version number")]
pub struct NotAVersion;

impl FromStr for PsVersion {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let parts: Vec<i32> =
            text.split('.').map(|part| part.trim().parse().map_err(|_| NotAVersion)).collect::<Result<_, _>>()?;
        Self::from_parts(&parts).ok_or(NotAVersion)
    }
}
