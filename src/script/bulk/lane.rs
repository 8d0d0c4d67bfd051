//! A lane: a thread with sessions of its own, in which calls mean what they mean on the script's thread.
//!
//! Not here: which rows it takes (`run`), or which values (`asking`).

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use super::super::session::Session;
use super::super::state::{RhaiResult, State};

/// How long removing a lane's sessions may take.
const CLOSE_MAX: Duration = Duration::from_secs(10);

thread_local! {
    static HERE: RefCell<Option<Lane>> = const { RefCell::new(None) };
}

/// What a lane is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Rows of bulk work: agreed to already, and an error ends its row.
    Rows { pretends: bool },
    /// Questions about values of a stream: as on the script's thread.
    Questions,
}

/// What is particular to such a thread.
struct Lane {
    purpose: Purpose,
    /// The script's sessions, and those that take their place here.
    sessions: Vec<(Session, Session)>,
}

/// Makes this thread a lane until it is dropped.
pub(super) struct Entered<'a> {
    state: &'a Arc<State>,
}

/// Makes this thread a lane; the first one uses the script's sessions, the others open their like.
pub(super) fn enter(state: &Arc<State>, number: usize, purpose: Purpose) -> RhaiResult<Entered<'_>> {
    let mut sessions = Vec::new();
    if number > 0 {
        let scripts: Vec<Session> = state.open_sessions().clone();
        for session in scripts {
            match session.twin(state) {
                Ok(twin) => sessions.push((session, twin)),
                Err(error) => {
                    sessions.iter().for_each(|(_, twin)| close(state, twin));
                    return Err(error);
                }
            }
        }
    }
    HERE.set(Some(Lane { purpose, sessions }));
    Ok(Entered { state })
}

fn close(state: &State, twin: &Session) {
    let (sessions, remote) = (state.sessions.clone(), twin.remote());
    state.runtime.block_on(async move {
        let _ = tokio::time::timeout(CLOSE_MAX, sessions.close(&remote)).await; // the way out tries again
    });
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        for (_, twin) in HERE.take().into_iter().flat_map(|lane| lane.sessions) {
            close(self.state, &twin);
        }
    }
}

/// Whether this thread is a lane.
pub(in crate::script) fn is_here() -> bool {
    HERE.with_borrow(Option::is_some)
}

/// Whether this thread does rows of bulk work: then cmdlets need no further consent, and their errors end the row.
pub(in crate::script) fn does_rows() -> bool {
    HERE.with_borrow(|lane| lane.as_ref().is_some_and(|lane| matches!(lane.purpose, Purpose::Rows { .. })))
}

/// Whether this thread only shows what would change.
pub(in crate::script) fn pretends() -> bool {
    HERE.with_borrow(|lane| lane.as_ref().is_some_and(|lane| lane.purpose == Purpose::Rows { pretends: true }))
}

/// The session that takes the place of `session` on this thread.
pub(in crate::script) fn own(session: &Session) -> Session {
    HERE.with_borrow(|lane| {
        let twins = lane.iter().flat_map(|lane| &lane.sessions);
        twins.filter(|(scripts, _)| scripts.same(session)).map(|(_, twin)| twin.clone()).next()
    })
    .unwrap_or_else(|| session.clone())
}
