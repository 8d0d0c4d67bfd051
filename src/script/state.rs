//! What all functions of one host share: the user's side, the runtime, the interrupt.
//!
//! Not here: the functions themselves.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use rhai::{Dynamic, EvalAltResult, Position};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::clixml::PsValue;
use crate::config::{Cache, Vault};
use crate::remote::SessionRegistry;
use crate::sim::SimHandle;

use super::host::{Environment, HostOptions, Policy};
use super::last_statement::LastStatement;
use super::library::Document;
use super::outcome::CmdletError;
use super::registry::Registry;
use super::session::Session;
use super::ui::Ui;
use super::value::EngineHandle;

/// An error of Rhai, boxed as Rhai wants it.
pub(super) type RhaiError = Box<EvalAltResult>;
/// What native functions give.
pub(super) type RhaiResult<T> = Result<T, RhaiError>;

/// Why a script was ended from outside or by its own wish; travels in `ErrorTerminated`, which no script can catch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Ctrl-C or a signal.
    Interrupted,
    /// `exit(code)`.
    Exit(u8),
    /// Nobody reads our output any more.
    OutputClosed,
}

impl Ending {
    pub(super) fn into_error(self) -> RhaiError {
        EvalAltResult::ErrorTerminated(Dynamic::from(self), Position::NONE).into()
    }
}

/// As `$MaximumErrorCount`.
const ERRORS_KEPT_MAX: usize = 256;

const GO_ON: u8 = 0;
const INTERRUPTED: u8 = 1;
const OUTPUT_CLOSED: u8 = 2;

/// Shared by every function of one host.
pub(super) struct State {
    pub(super) ui: Arc<dyn Ui>,
    pub(super) runtime: Handle,
    pub(super) environment: Environment,
    pub(super) arguments: Mutex<Vec<String>>,
    /// Texts that were compiled, by name, for the places errors point to.
    pub(super) sources: Mutex<HashMap<Arc<str>, Arc<str>>>,
    /// What the functions of loaded modules declare, by the source of the module.
    pub(super) documents: RwLock<HashMap<String, Vec<Arc<Document>>>>,
    /// For functions that call back into scripts long after they were registered.
    pub(super) engine: EngineHandle,
    /// What is allowed and recorded.
    pub(super) policy: Policy,
    /// Where descriptions of cmdlets are kept between imports.
    pub(super) cache: Option<Cache>,
    /// Where passwords are looked for before anybody is asked.
    pub(super) vault: Option<Arc<dyn Vault>>,
    /// How long a session rests before such a description is checked.
    pub(super) check_after: Duration,
    /// All sessions, those still being opened included.
    pub(super) sessions: SessionRegistry,
    /// The sessions scripts hold.
    open: Mutex<Vec<Session>>,
    registry: RwLock<Registry>,
    /// Names of registered functions.
    pub(super) native: OnceLock<HashSet<String>>,
    /// Hashes of the dispatchers in scripts, by name and number of arguments.
    pub(super) dispatchers: RwLock<HashMap<String, Vec<Option<u64>>>>,
    /// What cmdlets reported, oldest first.
    pub(super) errors: Mutex<VecDeque<CmdletError>>,
    /// Variables that earlier inputs of a prompt have left.
    pub(super) prompt_names: Mutex<Vec<String>>,
    /// How the last statement of the command line goes.
    pub(super) last_statement: LastStatement,
    /// The organizations of `demo:` that somebody asked for, by how they were asked for.
    pub(super) demo: Mutex<Vec<(String, SimHandle)>>,
    /// Views that servers described, for PowerShell scripts, which lay out their output themselves.
    pub(super) formats: Mutex<Vec<PsValue>>,
    /// Until when the server wants no further requests.
    pub(super) busy: Arc<Mutex<Option<Instant>>>,
    /// How many steps of the library's changes failed.
    pub(super) failed_steps: AtomicUsize,
    stop: AtomicU8,
    cancel: Mutex<CancellationToken>,
}

impl State {
    pub(super) fn new(options: HostOptions) -> Self {
        Self {
            ui: options.ui,
            runtime: options.runtime,
            environment: options.environment,
            policy: options.policy,
            cache: options.cache,
            vault: options.vault,
            check_after: options.check_after,
            arguments: Mutex::default(),
            sources: Mutex::default(),
            documents: RwLock::default(),
            engine: EngineHandle::default(),
            sessions: SessionRegistry::new(),
            open: Mutex::default(),
            registry: RwLock::default(),
            native: OnceLock::new(),
            dispatchers: RwLock::default(),
            errors: Mutex::default(),
            prompt_names: Mutex::default(),
            last_statement: LastStatement::default(),
            demo: Mutex::default(),
            formats: Mutex::default(),
            busy: Arc::default(),
            failed_steps: AtomicUsize::new(0),
            stop: AtomicU8::new(GO_ON),
            cancel: Mutex::default(),
        }
    }

    /// What can be called by name.
    pub(super) fn registry(&self) -> RwLockReadGuard<'_, Registry> {
        read(&self.registry)
    }

    pub(super) fn registry_mut(&self) -> RwLockWriteGuard<'_, Registry> {
        write(&self.registry)
    }

    /// The sessions that were not removed.
    pub(super) fn open_sessions(&self) -> MutexGuard<'_, Vec<Session>> {
        lock(&self.open)
    }

    /// Whether importing a function of that name would hide one that another session gave.
    pub(super) fn hides(&self, session: &Session, function: &str) -> bool {
        self.registry().find(function).is_some_and(|entry| !entry.session.same(session))
    }

    /// Views of types, as a server describes them.
    pub(super) fn keep_formats(&self, definitions: Vec<PsValue>) {
        lock(&self.formats).extend(definitions.iter().cloned());
        self.ui.formats(definitions);
    }

    /// Keeps an error for `last_errors`; the oldest go first, as in PowerShell.
    pub(super) fn remember_error(&self, error: CmdletError) {
        let mut errors = lock(&self.errors);
        if errors.len() >= ERRORS_KEPT_MAX {
            errors.pop_front();
        }
        errors.push_back(error);
    }

    /// How long the server still wants no further requests.
    pub(super) fn busy_for(&self) -> Option<Duration> {
        let left = (*lock(&self.busy))?.saturating_duration_since(Instant::now());
        Some(left).filter(|left| !left.is_zero())
    }

    /// Makes everything that runs end soon; lasts until [`State::begin`].
    pub(super) fn interrupt(&self) {
        self.stop(INTERRUPTED);
    }

    /// Ends the script quietly, because nobody reads what it prints.
    pub(super) fn close_output(&self) {
        self.stop(OUTPUT_CLOSED);
    }

    fn stop(&self, reason: u8) {
        self.stop.store(reason, Ordering::Relaxed);
        lock(&self.cancel).cancel();
    }

    /// Forgets an earlier interrupt.
    pub(super) fn begin(&self) {
        self.stop.store(GO_ON, Ordering::Relaxed);
        *lock(&self.cancel) = CancellationToken::new();
    }

    /// Why the script must end now, if it must.
    pub(super) fn ending(&self) -> Option<Ending> {
        match self.stop.load(Ordering::Relaxed) {
            INTERRUPTED => Some(Ending::Interrupted),
            OUTPUT_CLOSED => Some(Ending::OutputClosed),
            _ => None,
        }
    }

    /// The token that the next interrupt cancels.
    pub(super) fn cancel_token(&self) -> CancellationToken {
        lock(&self.cancel).clone()
    }

    /// Waits for `work` on the script thread; an interrupt ends the wait.
    pub(super) fn wait<T>(&self, work: impl Future<Output = T>) -> RhaiResult<T> {
        let cancel = self.cancel_token();
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(self.ending().unwrap_or(Ending::Interrupted).into_error()),
                done = work => Ok(done),
            }
        })
    }

    /// Does work that may wait for a server, for so long at most; `None` when the time was up before it was done.
    ///
    /// For the script thread alone: the threads of bulk work share what ends their waiting.
    pub(super) fn within<T>(&self, limit: Duration, work: impl FnOnce() -> RhaiResult<T>) -> Option<RhaiResult<T>> {
        let outer = self.cancel_token();
        let inner = outer.child_token();
        *lock(&self.cancel) = inner.clone();
        let alarm = inner.clone();
        let timer = self.runtime.spawn(async move {
            tokio::time::sleep(limit).await;
            alarm.cancel();
        });
        let done = work();
        timer.abort();
        let is_ending = self.ending().is_some();
        if is_ending {
            outer.cancel(); // the interrupt met only the inner one
        }
        *lock(&self.cancel) = outer;
        let is_late = inner.is_cancelled() && !is_ending;
        if is_late && done.is_err() { None } else { Some(done) }
    }

    /// How long closing sessions may take on the way out.
    pub(super) const CLOSE_DEADLINE: Duration = Duration::from_secs(5);

    /// Removes every session from its server, then ends the demo organizations.
    pub(super) fn close_all_sessions(&self, deadline: Duration) {
        lock(&self.open).clear();
        let sessions = self.sessions.clone();
        let demo = std::mem::take(&mut *lock(&self.demo));
        let closing = async move {
            if !sessions.close_all(deadline).await {
                tracing::warn!("some sessions could not be removed in time");
            }
            drop(demo);
        };
        if Handle::try_current().is_err() {
            self.runtime.block_on(closing);
        } else {
            self.runtime.spawn(closing);
        }
    }

    /// Sleeps, interruptibly.
    pub(super) fn sleep(&self, duration: Duration) -> RhaiResult<()> {
        self.wait(async move { tokio::time::sleep(duration).await })
    }
}

/// Locks even after a panic elsewhere: all state behind our locks is valid between statements.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As [`lock`], for reading.
pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// As [`lock`], for writing.
pub(super) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
