//! The host itself: one script thread with a large stack, jobs handed to it, and what may come from other threads.
//!
//! Not here: the engine's functions (`engine`), what an error means (`diagnose`).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use rhai::Engine;
use tokio::runtime::Handle;

use crate::catalog::Cmdlet;
use crate::config::{Cache, ScriptRules, Vault};
use crate::remote::SessionInfo;
use crate::secret::Credential;
use crate::transport::Trace;

use super::interpreter::Interpreter;
use super::outcome::{ErrorKind, ScriptError, ScriptOutcome, ScriptResult};
use super::ps::{Console, Outcome, RunOptions};
use super::registry::Command;
use super::state::State;
use super::ui::{Ui, View};

/// Debug builds need about 60 KiB a level of script calls, release builds a sixth; 128 levels and deep expressions fit.
/// A level of PowerShell takes several of ours. What is not used is not taken from the system.
pub(super) const STACK_BYTES: usize = 256 << 20;

/// Looks up an environment variable; handed in so that tests need not change the process.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Registers further functions for scripts.
pub type Extension = Arc<dyn Fn(&mut Engine) + Send + Sync>;

/// What a [`Host`] needs.
#[derive(Clone)]
pub struct HostOptions {
    /// The person's side.
    pub ui: Arc<dyn Ui>,
    /// The multi-thread runtime on which sessions live.
    pub runtime: Handle,
    /// Where `get_credential` looks for `EXSH_USERNAME` and its kin.
    pub environment: Environment,
    /// Where `import` looks for modules that are not beside the script.
    pub module_folders: Vec<PathBuf>,
    /// Further functions for scripts; their names win over cmdlets, as those of all registered functions do.
    pub extensions: Vec<Extension>,
    /// What is allowed and recorded.
    pub policy: Policy,
    /// Where descriptions of cmdlets are kept between imports; nowhere without it.
    pub cache: Option<Cache>,
    /// Where passwords are looked for before anybody is asked; nowhere without it.
    pub vault: Option<Arc<dyn Vault>>,
    /// How long a session rests before a description from the cache is checked behind the scenes.
    pub check_after: Duration,
}

/// What scripts may do, and what is written down of it.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The client's own configuration (`auth.basic`); false refuses Basic sign-in.
    pub basic_enabled: bool,
    /// Allow Basic sign-in over plain http to other machines.
    pub allow_unencrypted: bool,
    /// Where the wire is written to.
    pub trace: Option<Arc<Trace>>,
    /// Add `WhatIf` to every cmdlet that knows it: show what would change, and change nothing.
    pub what_if: bool,
    /// Refuse every cmdlet that does not only read.
    pub read_only: bool,
    /// Answer yes where a cmdlet asks for confirmation, by `Confirm: false`.
    pub yes: bool,
    /// Which script files and modules may run.
    pub scripts: ScriptRules,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            basic_enabled: true,
            allow_unencrypted: false,
            trace: None,
            what_if: false,
            read_only: false,
            yes: false,
            scripts: ScriptRules::default(),
        }
    }
}

impl HostOptions {
    /// Options with the process's environment.
    #[must_use]
    pub fn new(ui: Arc<dyn Ui>, runtime: Handle) -> Self {
        Self {
            ui,
            runtime,
            environment: Arc::new(|name| std::env::var(name).ok()),
            module_folders: Vec::new(),
            extensions: Vec::new(),
            policy: Policy::default(),
            cache: None,
            vault: None,
            check_after: Duration::from_secs(1),
        }
    }
}

type Job = Box<dyn FnOnce(&mut Interpreter) + Send>;

/// Runs Rhai scripts. Methods block the calling thread, which must not be one of the runtime's.
///
/// Dropping the host closes every session that a script left open.
pub struct Host {
    state: Arc<State>,
    engine: Arc<Engine>,
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Host {
    /// Starts the script thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(options: HostOptions) -> std::io::Result<Self> {
        let (folders, extensions) = (options.module_folders.clone(), options.extensions.clone());
        let state = Arc::new(State::new(options));
        let mut interpreter = Interpreter::new(&state, folders, &extensions);
        let engine = interpreter.engine();
        let (jobs, inbox) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new().name("script".into()).stack_size(STACK_BYTES).spawn(move || {
            for job in inbox {
                job(&mut interpreter);
            }
        })?;
        Ok(Self { state, engine, jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs a script file with its arguments.
    ///
    /// # Errors
    /// A [`ScriptError`] with the exit code to end with.
    pub fn run_file(&self, path: &Path, arguments: &[String]) -> ScriptResult<ScriptOutcome> {
        let (path, arguments) = (path.to_path_buf(), arguments.to_vec());
        self.perform(move |interpreter| interpreter.run_file(&path, arguments))
    }

    /// Runs the text of a script as if it stood in a file called `name` (standard input, for one).
    ///
    /// # Errors
    /// A [`ScriptError`] with the exit code to end with.
    pub fn run_text(&self, name: &str, text: &str, arguments: &[String]) -> ScriptResult<ScriptOutcome> {
        let (name, text, arguments) = (name.to_owned(), text.to_owned(), arguments.to_vec());
        self.perform(move |interpreter| interpreter.run_text(&name, &text, arguments))
    }

    /// Runs one PowerShell input of a prompt; its variables are those of [`Host::repl_line`]. The first console given
    /// is used for all.
    ///
    /// # Errors
    /// When the script thread has ended; how the input ended is in the outcome.
    pub fn powershell_line(&self, source: &str, console: Arc<dyn Console>) -> ScriptResult<Outcome> {
        let source = source.to_owned();
        self.perform(move |interpreter| interpreter.powershell_line(&source, console))
    }

    /// Runs one input of ported text at a prompt: Rhai that goes by PowerShell's rules; its variables are those of
    /// [`Host::repl_line`] and [`Host::powershell_line`].
    ///
    /// # Errors
    /// When the text is wrong, or the script thread has ended; how the input ended is in the outcome.
    pub fn kept_line(&self, text: &str, console: Arc<dyn Console>) -> ScriptResult<Outcome> {
        let text = text.to_owned();
        self.perform(move |interpreter| interpreter.kept_line(&text, console))
    }

    /// Whether earlier PowerShell inputs defined a function of this name.
    #[must_use]
    pub fn has_powershell_function(&self, name: &str) -> bool {
        let name = name.to_owned();
        self.perform(move |interpreter| Ok(interpreter.has_powershell_function(&name))).unwrap_or(false)
    }

    /// Runs a PowerShell script; the cmdlets of all open sessions are its commands.
    ///
    /// # Errors
    /// When the script thread has ended; how the script ended is in the outcome.
    pub fn run_powershell(&self, source: &str, options: RunOptions) -> ScriptResult<Outcome> {
        let source = source.to_owned();
        self.perform(move |interpreter| interpreter.run_powershell(&source, options))
    }

    /// Evaluates code in a scope of its own, bare cmdlet names allowed.
    ///
    /// # Errors
    /// A [`ScriptError`] with the exit code to end with.
    pub fn eval(&self, code: &str) -> ScriptResult<ScriptOutcome> {
        let code = code.to_owned();
        self.perform(move |interpreter| interpreter.eval(&code))
    }

    /// Whether the last cmdlet in the last statement of what [`Host::eval`] ran reported an error.
    #[must_use]
    pub fn last_statement_failed(&self) -> bool {
        self.state.last_statement.failed()
    }

    /// Evaluates one input of a prompt; variables, functions and imports stay for the next one.
    ///
    /// # Errors
    /// A [`ScriptError`]; what the input defined before it failed stays.
    pub fn repl_line(&self, line: &str) -> ScriptResult<ScriptOutcome> {
        let line = line.to_owned();
        self.perform(move |interpreter| interpreter.repl_line(&line))
    }

    /// Shows what a script left, if it left anything; pulls a stream that is still open.
    ///
    /// # Errors
    /// A [`ScriptError`] when the output cannot be written or the stream fails.
    pub fn show(&self, outcome: &ScriptOutcome, view: &View) -> ScriptResult<()> {
        if outcome.is_quiet {
            return Ok(());
        }
        let (value, view) = (outcome.value.clone(), view.clone());
        self.perform(move |interpreter| interpreter.show(value, &view))
    }

    /// A credential for an address: the keyring's, else that of the environment or of the person; `None` when nobody
    /// answered.
    ///
    /// # Errors
    /// When nobody is there to be asked.
    pub fn credential(&self, address: &str, user: Option<&str>) -> ScriptResult<Option<Credential>> {
        let (address, user) = (address.to_owned(), user.map(str::to_owned));
        self.perform(move |interpreter| interpreter.credential(&address, user.as_deref()))
    }

    /// Ends what runs, from any thread: scripts, pipelines, waiting. Lasts until the next input.
    pub fn interrupt(&self) {
        self.state.interrupt();
    }

    /// How many steps of the library's changes failed so far.
    #[must_use]
    pub fn failed_steps(&self) -> usize {
        self.state.failed_steps.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// The engine, for completion, highlighting and help: tokens and function metadata.
    #[must_use]
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The cmdlets that scripts can call now, by the names they call them; those nobody describes are left out.
    #[must_use]
    pub fn imported_cmdlets(&self) -> Vec<(String, Arc<Cmdlet>)> {
        let entries = self.state.registry().entries();
        let described = |command: &Command| Some((command.function.clone(), command.cmdlet()?.clone()));
        entries.iter().filter_map(|entry| described(&entry.command)).collect()
    }

    /// The variables that inputs of a prompt have left, with the properties of those that are objects.
    #[must_use]
    pub fn prompt_variables(&self) -> Vec<(String, Vec<String>)> {
        self.perform(|interpreter| Ok(interpreter.prompt_variables())).unwrap_or_default()
    }

    /// What scripts can call, as `.d.rhai` text: the host's functions, then the imported cmdlets, or all documented ones
    /// while none is imported.
    #[must_use]
    pub fn definitions(&self) -> String {
        super::definitions::definitions(&self.engine, self.imported_cmdlets())
    }

    /// The sessions that were not removed, oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionInfo> {
        self.state.open_sessions().iter().map(|session| session.remote().info()).collect()
    }

    /// The session that plain names call, else the newest: most cmdlets are imported from it without a prefix.
    #[must_use]
    pub fn session_in_use(&self) -> Option<SessionInfo> {
        let in_use = self.state.registry().session_in_use();
        let newest = || self.state.open_sessions().last().cloned();
        in_use.or_else(newest).map(|session| session.remote().info())
    }

    /// Stops running pipelines and removes every session from its server; gives up after `deadline`.
    ///
    /// Idempotent, and the last thing to do on every way out.
    pub fn close_all_sessions(&self, deadline: Duration) {
        self.state.close_all_sessions(deadline);
    }

    /// Has the script thread do `work` and waits for it. A panic inside becomes an error and the host stays usable.
    fn perform<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Interpreter) -> ScriptResult<T> + Send + 'static,
    ) -> ScriptResult<T> {
        let gone = || ScriptError::new(ErrorKind::Script, "script::internal", "the script thread has ended");
        let (reply, answer) = mpsc::sync_channel(1);
        let job: Job = Box::new(move |interpreter| {
            let done = catch_unwind(AssertUnwindSafe(|| work(interpreter))).unwrap_or_else(|_| Err(panicked()));
            let _ = reply.send(done); // whoever asked may have gone
        });
        self.jobs.as_ref().ok_or_else(gone)?.send(job).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.state.interrupt();
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // its panics were caught and reported
        }
        self.state.close_all_sessions(State::CLOSE_DEADLINE);
    }
}

fn panicked() -> Box<ScriptError> {
    ScriptError::new(ErrorKind::Script, "script::internal", "exsh itself failed while it ran the script")
        .hint("this is a mistake in exsh, not in the script; please report it with the lines above")
}
