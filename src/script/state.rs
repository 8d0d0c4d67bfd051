//! What all functions of one host share: the user's side, the runtime, the interrupt.
//!
//! Not here: the functions themselves.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rhai::{Dynamic, EvalAltResult, Position};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::host::Environment;
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
    /// For functions that call back into scripts long after they were registered.
    pub(super) engine: EngineHandle,
    stop: AtomicU8,
    cancel: Mutex<CancellationToken>,
}

impl State {
    pub(super) fn new(ui: Arc<dyn Ui>, runtime: Handle, environment: Environment) -> Self {
        Self {
            ui,
            runtime,
            environment,
            arguments: Mutex::default(),
            sources: Mutex::default(),
            engine: EngineHandle::default(),
            stop: AtomicU8::new(GO_ON),
            cancel: Mutex::default(),
        }
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

    /// How long closing sessions may take on the way out.
    pub(super) const CLOSE_DEADLINE: Duration = Duration::from_secs(5);

    /// Removes every session from its server.
    pub(super) fn close_all_sessions(&self, _deadline: Duration) {}

    /// Sleeps, interruptibly.
    pub(super) fn sleep(&self, duration: Duration) -> RhaiResult<()> {
        self.wait(async move { tokio::time::sleep(duration).await })
    }
}

/// Locks even after a panic elsewhere: all state behind our locks is valid between statements.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
