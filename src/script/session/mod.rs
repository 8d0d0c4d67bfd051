//! A session as scripts hold it: a handle on the live link, with the cmdlets that were imported from it.
//!
//! Not here: the link itself (`remote`), calling cmdlets (`call`).

mod check;
mod choice;
mod fetch;
mod filter;
mod functions;
mod import;
mod module;
mod open;
mod options;
mod person;
mod shelf;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock, Weak};

use crate::catalog::canonical_key;
use crate::clixml::{PsObject, PsValue, TypeNames};
use crate::remote::{self, ConnectionRequest};

use super::call::{Flow, trouble};
use super::registry::Command;
use super::state::{RhaiResult, State, lock, read, write};
use super::ui::MessageKind;

pub(super) use functions::{register, remove};
pub(super) use import::{offered, views};
pub(super) use open::open;
use person::Person;

pub use module::ImportedModule;

/// A session; clones are handles on the same one.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    /// The live link; another one after the first was lost.
    remote: RwLock<remote::Session>,
    /// How it was opened, to open it again.
    request: ConnectionRequest,
    is_demo: bool,
    /// Whether a script removed it: then it stays so.
    removed: AtomicBool,
    /// Imported cmdlets by canonical key, without prefix.
    commands: RwLock<HashMap<String, Arc<Command>>>,
    /// The pipeline that is under way, if there is one.
    flow: Mutex<Weak<Flow>>,
    /// Pipelines that were told to stop and may not have ended.
    stopping: Mutex<Vec<remote::Stopper>>,
    /// Whether the script lets the session rest, and what is asked meanwhile.
    quiet: Mutex<check::Quiet>,
    /// Where the descriptions of imported cmdlets came from, as far as no server gave them.
    shelves: Mutex<Vec<shelf::Shelf>>,
    /// What the server said of itself when cmdlets were imported.
    build: Mutex<Option<Arc<[u8]>>>,
}

impl Session {
    pub(super) fn new(remote: remote::Session, request: ConnectionRequest, is_demo: bool) -> Self {
        let remote = RwLock::new(remote);
        let inner = Inner {
            remote,
            request,
            is_demo,
            removed: AtomicBool::new(false),
            commands: RwLock::default(),
            flow: Mutex::new(Weak::new()),
            stopping: Mutex::default(),
            quiet: Mutex::default(),
            shelves: Mutex::default(),
            build: Mutex::default(),
        };
        Self(Arc::new(inner))
    }

    /// The live link.
    pub(super) fn remote(&self) -> remote::Session {
        read(&self.0.remote).clone()
    }

    /// Opens a lost session again, for the next call only: what was lost is never repeated.
    fn revive(&self, state: &Arc<State>) -> RhaiResult<()> {
        let lost = self.remote();
        if lost.state() != remote::SessionState::Broken || self.0.removed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let why = match lost.loss() {
            Some(loss) if loss.is_session_dead() => {
                tracing::info!("{loss}");
                " (the server removed it, as it does with sessions that rest too long)".to_owned()
            }
            Some(loss) => format!(" ({loss})"),
            None => String::new(),
        };
        state.ui.message(MessageKind::Status, &format!("{} was lost{why}; opening it again", self.label()));
        let sessions = state.sessions.clone();
        let closing = sessions.clone();
        state.wait(async move { closing.close(&lost).await })?;
        let (request, person) = (self.0.request.clone(), Arc::new(Person::new(state)));
        let connected = state.wait(async move { sessions.connect(request, person).await })?;
        *write(&self.0.remote) = connected.map_err(|error| trouble(&error))?;
        lock(&self.0.stopping).clear();
        *lock(&self.0.flow) = Weak::new();
        let known = lock(&self.0.build).clone();
        if known.is_some_and(|build| build != fetch::build_of(&self.remote())) {
            let text = format!("{} may offer other cmdlets now; import_session brings them", self.label());
            state.ui.message(MessageKind::Warning, &text);
        }
        Ok(())
    }

    /// Whether it leads to the organization inside this process.
    fn is_demo(&self) -> bool {
        self.0.is_demo
    }

    /// Remembers that a description came from the cache.
    fn keep_shelf(&self, shelf: shelf::Shelf) {
        lock(&self.0.shelves).push(shelf);
    }

    /// A description was wrong: the next import asks the server. Says whether any came from the cache.
    pub(super) fn distrust_cache(&self) -> bool {
        let shelves = std::mem::take(&mut *lock(&self.0.shelves));
        shelves.iter().for_each(shelf::Shelf::forget);
        !shelves.is_empty()
    }

    /// Another session, opened as this one was. Scripts do not see it; who asked for it closes it.
    pub(super) fn twin(&self, state: &Arc<State>) -> RhaiResult<Self> {
        let (sessions, request) = (state.sessions.clone(), self.0.request.clone());
        let person = Arc::new(Person::new(state));
        let connected =
            state.wait(async move { sessions.connect(request.clone(), person).await.map(|link| (link, request)) })?;
        let (remote, request) = connected.map_err(|error| trouble(&error))?;
        Ok(Self::new(remote, request, self.0.is_demo))
    }

    /// A script removed it.
    pub(super) fn mark_removed(&self) {
        self.0.removed.store(true, Ordering::Relaxed);
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How messages call it: `session 1 (mail.contoso.com)`.
    pub(super) fn label(&self) -> String {
        let info = self.remote().info();
        format!("session {} ({})", info.id, info.computer_name)
    }

    /// An imported cmdlet by any spelling of its name at the server.
    pub(super) fn command(&self, name: &str) -> Option<Arc<Command>> {
        read(&self.0.commands).get(&canonical_key(name)).cloned()
    }

    pub(super) fn keep_commands(&self, commands: impl IntoIterator<Item = Arc<Command>>) {
        let mut kept = write(&self.0.commands);
        kept.extend(commands.into_iter().map(|command| (canonical_key(&command.name), command)));
        *lock(&self.0.build) = Some(fetch::build_of(&self.remote()));
    }

    /// Forgets some of them.
    fn forget(&self, commands: &[Arc<Command>]) {
        let mut kept = write(&self.0.commands);
        for command in commands {
            kept.remove(&canonical_key(&command.name));
        }
    }

    pub(super) fn forget_commands(&self) {
        write(&self.0.commands).clear();
    }

    /// Lets a new pipeline begin: what is under way is read to its end and kept, what was stopped may end.
    pub(super) fn make_way(&self, state: &Arc<State>) -> RhaiResult<()> {
        self.claim(state)?;
        self.revive(state)?;
        let under_way = lock(&self.0.flow).upgrade();
        if let Some(flow) = under_way {
            flow.keep_rest();
        }
        loop {
            let Some(stopper) = lock(&self.0.stopping).last().cloned() else { return Ok(()) };
            // Whether it ended well does not matter to the next one; a lost session tells by itself.
            let _ = state.wait(async move { stopper.stop().await })?;
            lock(&self.0.stopping).pop();
        }
    }

    /// Whether it is open and runs nothing, so that a question costs nobody anything.
    pub(super) fn is_at_rest(&self) -> bool {
        let is_running = lock(&self.0.flow).upgrade().is_some_and(|flow| flow.is_running());
        self.remote().state() == remote::SessionState::Opened && !is_running && lock(&self.0.stopping).is_empty()
    }

    /// Remembers a pipeline that is being stopped.
    pub(super) fn is_stopping(&self, stopper: remote::Stopper) {
        lock(&self.0.stopping).push(stopper);
    }

    pub(super) fn occupy(&self, flow: &Arc<Flow>) {
        *lock(&self.0.flow) = Arc::downgrade(flow);
    }

    /// As `Get-PSSession` shows it.
    pub(super) fn to_value(&self) -> PsValue {
        let info = self.remote().info();
        PsObject::builder()
            .types(TypeNames::new(["System.Management.Automation.Runspaces.PSSession", "System.Object"]))
            .to_string_text(self.to_string())
            .adapted("Id", i64::from(info.id))
            .adapted("Name", info.name)
            .adapted("ComputerName", info.computer_name)
            .adapted("State", info.state.to_string())
            .adapted("ConfigurationName", info.configuration)
            .adapted("Availability", info.availability.to_string())
            .adapted("User", info.user)
            .adapted("Uri", info.uri)
            .adapted("InstanceId", PsValue::Guid(info.instance_id))
            .build()
            .into()
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let info = self.remote().info();
        write!(f, "[{}] {} on {}, {}", info.id, info.name, info.computer_name, info.state)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({self})")
    }
}
