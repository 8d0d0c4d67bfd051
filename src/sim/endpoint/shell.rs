//! A shell: whose it is, which commands it has, which connections it was seen on, and when it was last used.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::psrp::Target;
use crate::sim::fault::FaultKind;
use crate::sim::runspace::{Runspace, Taken};
use crate::wsman::{CommandId, Compression, ShellId};

/// A shell with its runspace pool.
pub(crate) struct Shell {
    pub(crate) id: ShellId,
    pub(crate) owner: String,
    pub(crate) runspace: Arc<Runspace>,
    pub(crate) compression: Compression,
    inner: Mutex<Inner>,
}

struct Inner {
    commands: HashMap<CommandId, Uuid>,
    over: HashSet<Uuid>,
    connections: HashSet<u64>,
    used: Instant,
    /// A Receive answer that is to come again, or later.
    disorder: Option<FaultKind>,
    held: Option<(Target, Taken)>,
}

impl Shell {
    pub(crate) fn new(id: ShellId, owner: &str, runspace: Arc<Runspace>, compression: Compression) -> Self {
        let inner = Inner {
            commands: HashMap::new(),
            over: HashSet::new(),
            connections: HashSet::new(),
            used: Instant::now(),
            disorder: None,
            held: None,
        };
        Self { id, owner: owner.to_owned(), runspace, compression, inner: Mutex::new(inner) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a request.
    pub(crate) fn touch(&self, connection: u64) {
        let mut inner = self.lock();
        inner.used = Instant::now();
        inner.connections.insert(connection);
    }

    /// How long nobody has asked anything.
    pub(crate) fn idle(&self) -> Duration {
        self.lock().used.elapsed()
    }

    /// Whether all requests came over one connection, so that the client cannot ask anything while it waits.
    pub(crate) fn has_one_connection(&self) -> bool {
        self.lock().connections.len() < 2
    }

    /// Notes a new command; false when there is one of that id.
    pub(crate) fn begin(&self, command: &CommandId, id: Uuid) -> bool {
        let mut inner = self.lock();
        if inner.commands.contains_key(command) {
            return false;
        }
        inner.commands.insert(command.clone(), id);
        true
    }

    /// The pipeline of a command, also of one that has ended: late requests for it are normal.
    pub(crate) fn pipeline(&self, command: &CommandId) -> Option<Uuid> {
        self.lock().commands.get(command).copied()
    }

    /// Notes that a command was closed.
    pub(crate) fn end(&self, command: &CommandId) {
        let mut inner = self.lock();
        if let Some(id) = inner.commands.get(command).copied() {
            inner.over.insert(id);
        }
    }

    /// Whether bytes for this target come too late.
    pub(crate) fn is_over(&self, target: Target) -> bool {
        matches!(target, Target::Pipeline(id) if self.lock().over.contains(&id))
    }

    /// The next Receive answer shall come twice, or change places with the one after it.
    pub(crate) fn disorder(&self, kind: FaultKind) {
        self.lock().disorder = Some(kind);
    }

    /// What waits for the client.
    pub(crate) fn take(&self, target: Target, room: usize) -> Taken {
        let mut inner = self.lock();
        if inner.disorder.is_none()
            && let Some((_, held)) = inner.held.take_if(|(owner, _)| *owner == target)
        {
            return held;
        }
        let taken = self.runspace.take(target, room);
        if inner.disorder == Some(FaultKind::Reorder)
            && let Some((_, held)) = inner.held.take_if(|(owner, _)| *owner == target)
        {
            return inner.change_places(target, held, taken);
        }
        if taken.fragments.is_empty() {
            return taken;
        }
        match inner.disorder.take() {
            Some(FaultKind::Duplicate) => {
                inner.held = Some((target, Taken { fragments: taken.fragments.clone(), done: taken.done }));
                Taken { done: false, ..taken }
            }
            Some(FaultKind::Reorder) if !taken.done => {
                inner.disorder = Some(FaultKind::Reorder);
                let next = self.runspace.take(target, room);
                inner.change_places(target, taken, next)
            }
            _ => taken,
        }
    }
}

impl Inner {
    /// What goes first of two answers that change places; nothing, as long as there is no second.
    fn change_places(&mut self, target: Target, first: Taken, second: Taken) -> Taken {
        if second.fragments.is_empty() && !second.done {
            self.held = Some((target, first));
            return second;
        }
        self.disorder = None;
        if second.fragments.is_empty() {
            return Taken { done: true, ..first };
        }
        self.held = Some((target, Taken { done: second.done, ..first }));
        Taken { done: false, ..second }
    }
}
