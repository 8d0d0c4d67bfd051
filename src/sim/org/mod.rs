//! The organization: what exists in it, derived from a seed, and what was changed since.

use super::Clock;

/// The state of a simulated organization; shared by all sessions of a simulator.
#[derive(Debug)]
pub struct Organization {
    seed: u64,
    mailboxes: u32,
    clock: Clock,
}

impl Organization {
    /// An organization of `mailboxes` mailboxes, the same for the same seed.
    #[must_use]
    pub fn new(seed: u64, mailboxes: u32, clock: Clock) -> Self {
        Self { seed, mailboxes, clock }
    }
}
