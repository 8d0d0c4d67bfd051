//! Whether the last cmdlet of the last statement reported an error: PowerShell's `$?` at the end of `pwsh -Command`.
//!
//! Only for code on the command line; a script says itself how it ends.

use std::sync::Mutex;

use rhai::Position;

use super::state::lock;

/// Watches the calls from the last statement's place on.
#[derive(Debug, Default)]
pub(super) struct LastStatement(Mutex<Watch>);

#[derive(Debug, Default)]
struct Watch {
    /// Where the statement begins; nothing is watched without it.
    begins: Option<Position>,
    failed: bool,
}

impl LastStatement {
    /// Watches code whose last statement begins there, or none.
    pub(super) fn watch(&self, begins: Option<Position>) {
        *lock(&self.0) = Watch { begins: begins.filter(|begins| !begins.is_none()), failed: false };
    }

    /// A call begins at that place: what went before it in the statement no longer counts.
    pub(super) fn call_begins(&self, at: Position) {
        self.note(at, false);
    }

    /// The call at that place reported an error.
    pub(super) fn call_failed(&self, at: Position) {
        self.note(at, true);
    }

    fn note(&self, at: Position, failed: bool) {
        let mut watch = lock(&self.0);
        if watch.begins.is_some_and(|begins| !at.is_none() && at >= begins) {
            watch.failed = failed;
        }
    }

    /// Whether the last call of the statement reported an error.
    pub(super) fn failed(&self) -> bool {
        lock(&self.0).failed
    }
}
