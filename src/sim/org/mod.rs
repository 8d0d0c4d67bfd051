//! The organization: what exists in it, derived from a seed, and what was changed since.
//!
//! No protocol and no cmdlet here. The clock is handed in; nothing is random.

pub(crate) mod belongings;
mod company;
mod derived;
pub(crate) mod entry;
pub(crate) mod filter;
pub(crate) mod full;
pub(crate) mod history;
mod names;
pub(crate) mod schema;
pub(crate) mod seed;
mod store;
pub(crate) mod traffic;
pub(crate) mod value;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use jiff::Timestamp;

use super::{Clock, SimOptions};
use crate::clixml::{PsObject, PsValue};
use derived::Surroundings;
pub(crate) use derived::{account, archive_guid, canonical_name, distinguished_name, legacy_dn, sid};
use entry::{Class, Entry, EntryId};
use history::Change;
use schema::{Column, Shape, View};
use seed::Seed;
pub(crate) use store::{Grant, State};

/// The state of a simulated organization; shared by all sessions of a simulator.
#[derive(Debug)]
pub struct Organization {
    seed: Seed,
    clock: Clock,
    state: RwLock<State>,
    writes: AtomicU64,
}

impl Organization {
    /// An organization of `mailboxes` mailboxes, the same for the same seed.
    #[must_use]
    pub fn new(seed: u64, mailboxes: u32, clock: Clock) -> Self {
        Self::grown(Seed::plain(seed, mailboxes), clock)
    }

    /// The organization that the options describe.
    #[must_use]
    pub fn of(options: &SimOptions) -> Self {
        let seed =
            Seed { seed: options.seed, mailboxes: options.mailboxes, size: options.size, release: options.release };
        Self::grown(seed, options.clock.clone())
    }

    fn grown(seed: Seed, clock: Clock) -> Self {
        Self { seed, state: RwLock::new(State::new(seed, clock.now())), clock, writes: AtomicU64::new(0) }
    }

    /// How many mailboxes there are now.
    #[must_use]
    pub fn mailbox_count(&self) -> usize {
        self.read(|state| state.count(Class::MAILBOXES))
    }

    /// How often its state was changed; the history that tells of changes is not counted.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::SeqCst)
    }

    /// The time in the organization.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The mail that might have gone.
    pub(crate) fn traffic(&self) -> traffic::Traffic {
        traffic::Traffic(self.seed)
    }

    /// What might have been done to mailboxes.
    pub(crate) fn deeds(&self) -> traffic::Deeds {
        traffic::Deeds(self.seed)
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        self.writes.fetch_add(1, Ordering::SeqCst);
        change(&mut self.state.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes a change down for the audit logs.
    pub(crate) fn note(&self, change: Change) {
        self.state.write().unwrap_or_else(PoisonError::into_inner).history_mut().note(change);
    }

    /// One property of an object as its noun shows it.
    pub(crate) fn property(&self, entry: &Entry, column: &Column) -> PsValue {
        if let Some(value) = entry.properties.get(&column.key) {
            return value.clone();
        }
        match column.shape {
            Shape::Computed => derived::property(entry, &column.name, self.surroundings()),
            _ => column.default.clone(),
        }
    }

    /// An object as its noun shows it.
    pub(crate) fn object(&self, entry: &Entry, view: &View) -> PsObject {
        let mut builder = PsObject::builder().types(view.types.clone()).to_string_text(canonical_name(entry));
        for column in view.columns.iter().filter(|column| column.is_shown(self.seed.is_cloud())) {
            builder = builder.adapted(column.name.clone(), self.property(entry, column));
        }
        builder.build()
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings { seed: self.seed, now: self.clock.now() }
    }
}

/// Walks the objects of some classes without holding the state between two of them.
#[derive(Debug, Clone)]
pub(crate) struct Walk {
    classes: &'static [Class],
    next: Option<EntryId>,
}

impl Walk {
    pub(crate) fn new(classes: &'static [Class]) -> Self {
        Self { classes, next: Some(EntryId::Mailbox(0)) }
    }

    /// The next object; each is as it is when its turn comes.
    pub(crate) fn next(&mut self, organization: &Organization) -> Option<Entry> {
        let from = self.next?;
        let found = organization.read(|state| state.next_from(from, self.classes));
        self.next = found.as_ref().map(|entry| State::after(entry.id));
        found
    }
}
