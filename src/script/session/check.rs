//! Whether what the cache says of a session's cmdlets still holds: asked while nobody uses the session.
//!
//! A call of the script always comes first: it ends the asking, which begins anew when the session is quiet again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::catalog::{CommandMetadata, canonical_key};
use crate::clixml::PsValue;
use crate::psrp::Record;
use crate::remote::{Availability, SessionState, Stopper};

use super::super::registry::Command;
use super::super::state::{RhaiResult, State, lock};
use super::super::ui::MessageKind;
use super::choice::choose;
use super::fetch::{Listener, fetch};
use super::import::Request;
use super::shelf::{Answer, Shelf, roles};
use super::{Inner, Session};

/// How often a busy session is tried.
const ATTEMPTS_MAX: u32 = 100;

/// How a session's quiet is used, and ended.
#[derive(Default)]
pub(super) struct Quiet {
    /// Whether the script is about to use the session.
    claimed: bool,
    /// When it last did.
    wanted: Option<Instant>,
    /// The asking under way.
    asking: Option<Asking>,
}

struct Asking {
    cancel: CancellationToken,
    ended: CancellationToken,
}

/// Tells nobody anything; knows what to stop.
#[derive(Default)]
struct Silent {
    under_way: Arc<Mutex<Option<Stopper>>>,
}

impl Listener for Silent {
    fn asks(&mut self, _for_what: &str, stopper: Stopper) {
        *lock(&self.under_way) = Some(stopper);
    }

    fn hears(&mut self, record: Record) -> RhaiResult<Option<PsValue>> {
        Ok(if let Record::Output(value) = record { Some(value) } else { None })
    }

    fn counts(&mut self, _received: usize, _expected: Option<i64>) {}
}

/// What came of one attempt.
enum Attempt {
    Answered(Answer),
    /// The script came first.
    Interrupted,
    /// There is no use in trying again.
    Failed,
}

/// What a check needs to know.
pub(super) struct Check {
    pub(super) request: Request,
    pub(super) shelf: Shelf,
    /// What the cache said.
    pub(super) commands: Vec<Arc<CommandMetadata>>,
}

impl Session {
    /// The script wants the session, until [`Session::has_begun`]: an asking under way is ended first.
    pub(super) fn claim(&self, state: &State) -> RhaiResult<()> {
        let asking = {
            let mut quiet = lock(&self.0.quiet);
            quiet.claimed = true;
            quiet.asking.take()
        };
        let Some(asking) = asking else { return Ok(()) };
        asking.cancel.cancel();
        state.wait(async move { asking.ended.cancelled().await })
    }

    /// What the script wanted the session for runs, or did not come about.
    pub(in crate::script) fn has_begun(&self) {
        let mut quiet = lock(&self.0.quiet);
        quiet.claimed = false;
        quiet.wanted = Some(Instant::now());
    }

    /// Checks the answer of the cache behind the scenes.
    pub(super) fn check(&self, state: &Arc<State>, check: Check) {
        let (state, session) = (Arc::downgrade(state), Arc::downgrade(&self.0));
        let Some(runtime) = state.upgrade().map(|state| state.runtime.clone()) else { return };
        runtime.spawn(async move { until_answered(&state, &session, check).await });
    }

    /// Takes the session for an asking, unless the script used it a moment ago.
    fn begin_asking(&self, pause: Duration) -> Option<(CancellationToken, tokio_util::sync::DropGuard)> {
        let mut quiet = lock(&self.0.quiet);
        let recently = quiet.wanted.is_some_and(|wanted| wanted.elapsed() < pause);
        let busy = self.remote().info().availability != Availability::Available;
        if quiet.claimed || recently || busy || quiet.asking.is_some() {
            return None;
        }
        let (cancel, ended) = (CancellationToken::new(), CancellationToken::new());
        quiet.asking = Some(Asking { cancel: cancel.clone(), ended: ended.clone() });
        Some((cancel, ended.drop_guard()))
    }

    async fn ask(&self, check: &Check, pause: Duration) -> Attempt {
        let Some((cancel, _ended)) = self.begin_asking(pause) else { return Attempt::Interrupted };
        let remote = self.remote();
        let mut silent = Silent::default();
        let under_way = silent.under_way.clone();
        let fetched = tokio::select! {
            fetched = fetch(&remote, &check.request.query, &mut silent) => Some(fetched),
            () = cancel.cancelled() => None,
        };
        let Some(fetched) = fetched else {
            let stopper = lock(&under_way).take();
            if let Some(stopper) = stopper {
                let _ = stopper.stop().await; // a session that is lost tells the script by itself
            }
            return Attempt::Interrupted;
        };
        lock(&self.0.quiet).asking = None;
        match fetched {
            Ok((answer, _)) => Attempt::Answered(answer),
            Err(_) => Attempt::Failed,
        }
    }
}

async fn until_answered(state: &Weak<State>, session: &Weak<Inner>, check: Check) {
    for _ in 0..ATTEMPTS_MAX {
        let Some(pause) = state.upgrade().map(|state| state.check_after) else { return };
        tokio::time::sleep(pause).await;
        let Some(session) = session.upgrade().map(Session) else { return };
        if session.remote().state() != SessionState::Opened {
            return;
        }
        match session.ask(&check, pause).await {
            Attempt::Interrupted => {}
            Attempt::Failed => return,
            Attempt::Answered(answer) => {
                let Some(state) = state.upgrade() else { return };
                // Warnings of the import go to the person's side, which may block.
                let _ = tokio::task::spawn_blocking(move || apply(&state, &session, &check, answer)).await;
                return;
            }
        }
    }
}

/// Keeps the answer; where it is another one, the functions follow it.
fn apply(state: &Arc<State>, session: &Session, check: &Check, answer: Answer) {
    check.shelf.keep(&answer);
    if roles(&answer.commands) == roles(&check.commands) {
        return;
    }
    let Answer { commands, formats } = answer;
    if !formats.is_empty() {
        state.keep_formats(formats);
    }
    let Ok(now) = choose(state, session, &check.request, &commands) else { return };
    let key = |command: &Arc<Command>| canonical_key(&command.function);
    let mut before: HashMap<String, Arc<Command>> = {
        let registry = state.registry();
        let own = registry.entries().into_iter().filter(|entry| entry.session.same(session));
        own.map(|entry| (key(&entry.command), entry.command)).collect()
    };
    let mut new = Vec::new();
    let mut registry = state.registry_mut();
    for command in &now {
        if before.remove(&key(command)).is_none() {
            new.push(command.name.clone());
        }
        registry.add(session, command.clone());
    }
    // Only what this import once brought: another one of the same session may have asked for more.
    let gone: Vec<Arc<Command>> =
        before.into_values().filter(|command| check.request.brings(&command.name, &command.function)).collect();
    for command in &gone {
        registry.remove(session, &command.function);
    }
    drop(registry);
    session.keep_commands(now);
    session.forget(&gone);
    let text = format!(
        "{} offers other cmdlets than when they were last imported{}{}; the functions are up to date now",
        session.label(),
        listed("new", new),
        listed("gone", gone.iter().map(|command| command.name.clone()).collect()),
    );
    state.ui.message(MessageKind::Status, &text);
}

fn listed(what: &str, mut names: Vec<String>) -> String {
    const SHOWN_MAX: usize = 5;
    if names.is_empty() {
        return String::new();
    }
    names.sort_unstable();
    let count = names.len();
    let more = if count > SHOWN_MAX { format!(" and {} more", count - SHOWN_MAX) } else { String::new() };
    names.truncate(SHOWN_MAX);
    format!("; {count} {what}: {}{more}", names.join(", "))
}
