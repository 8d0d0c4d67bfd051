//! Small sets as bit masks: parameter sets of a cmdlet, releases of Exchange.
//!
//! Not here: choosing among parameter sets (`bind`).

use std::fmt;

/// Some of the parameter sets of one cmdlet, by index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ParameterSets(u64);

impl ParameterSets {
    /// Every set.
    pub const ALL: Self = Self(u64::MAX);
    /// No set.
    pub const NONE: Self = Self(0);

    /// From a bit mask.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// As a bit mask.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The set of this index (0..64) alone.
    #[must_use]
    pub const fn only(index: usize) -> Self {
        Self(1 << index)
    }

    /// The first `count` sets.
    #[must_use]
    pub const fn first(count: usize) -> Self {
        if count >= 64 { Self::ALL } else { Self((1 << count) - 1) }
    }

    /// Whether the set of this index is among them.
    #[must_use]
    pub const fn contains(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The index of the first one.
    #[must_use]
    pub const fn first_index(self) -> Option<usize> {
        if self.0 == 0 { None } else { Some(self.0.trailing_zeros() as usize) }
    }

    /// Their indices.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..64).filter(move |index| self.contains(*index))
    }
}

impl std::ops::BitAnd for ParameterSets {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl std::ops::BitOr for ParameterSets {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::Not for ParameterSets {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}

impl fmt::Debug for ParameterSets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL { f.write_str("all") } else { f.debug_set().entries(self.iter()).finish() }
    }
}

/// A product that has cmdlets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Release {
    /// Exchange Server 2010.
    Exchange2010,
    /// Exchange Server 2013.
    Exchange2013,
    /// Exchange Server 2016.
    Exchange2016,
    /// Exchange Server 2019.
    Exchange2019,
    /// Exchange Server Subscription Edition.
    ExchangeSe,
    /// Exchange Online.
    Online,
    /// Security & Compliance.
    Compliance,
    /// The built-in security add-on for on-premises mailboxes (once Exchange Online Protection).
    Protection,
}

impl Release {
    /// All releases, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Exchange2010,
        Self::Exchange2013,
        Self::Exchange2016,
        Self::Exchange2019,
        Self::ExchangeSe,
        Self::Online,
        Self::Compliance,
        Self::Protection,
    ];

    /// The product's name as its documentation writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exchange2010 => "Exchange Server 2010",
            Self::Exchange2013 => "Exchange Server 2013",
            Self::Exchange2016 => "Exchange Server 2016",
            Self::Exchange2019 => "Exchange Server 2019",
            Self::ExchangeSe => "Exchange Server SE",
            Self::Online => "Exchange Online",
            Self::Compliance => "Security & Compliance",
            Self::Protection => "Built-in security add-on for on-premises mailboxes",
        }
    }
}

/// A set of [`Release`]s.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Releases(u8);

impl Releases {
    /// From a bit mask, bit 0 being [`Release::Exchange2010`].
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// As a bit mask.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether `release` is among them.
    #[must_use]
    pub const fn contains(self, release: Release) -> bool {
        self.0 >> release as u8 & 1 == 1
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Them one by one, oldest first.
    pub fn iter(self) -> impl Iterator<Item = Release> {
        Release::ALL.into_iter().filter(move |release| self.contains(*release))
    }
}

impl fmt::Debug for Releases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
