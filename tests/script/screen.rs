//! A person who is not there: collects what a script shows, answers from a list.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use exsh::clixml::{ProgressRecord, PsValue};
use exsh::script::value::text_of;
use exsh::script::{
    Choice, CmdletError, Host, HostOptions, MessageKind, Policy, ScriptOutcome, ScriptResult, ShowError, Ui, View,
};
use exsh::secret::SecretString;
use exsh::sim::{SimHandle, SimOptions, Simulator};

/// Collects lines; `kind: text` for messages.
#[derive(Default)]
pub(crate) struct Screen {
    pub(crate) printed: Mutex<Vec<String>>,
    pub(crate) said: Mutex<Vec<String>>,
    pub(crate) answers: Mutex<VecDeque<String>>,
    pub(crate) prompts: Mutex<Vec<String>>,
    pub(crate) closed: std::sync::atomic::AtomicBool,
    /// Told of every line.
    pub(crate) listener: Mutex<Option<Sender<String>>>,
}

impl Screen {
    fn answer(&self, prompt: &str) -> Option<String> {
        self.prompts.lock().unwrap().push(prompt.to_owned());
        self.answers.lock().unwrap().pop_front()
    }

    fn say(&self, line: String) {
        if let Some(listener) = &*self.listener.lock().unwrap() {
            let _ = listener.send(line.clone()); // whoever listened may have heard enough
        }
        self.said.lock().unwrap().push(line);
    }
}

impl Ui for Screen {
    fn print(&self, text: &str) -> io::Result<()> {
        if self.closed.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.printed.lock().unwrap().push(text.to_owned());
        if let Some(listener) = &*self.listener.lock().unwrap() {
            listener.send(text.to_owned()).unwrap();
        }
        Ok(())
    }

    fn show(&self, values: &mut dyn Iterator<Item = ScriptResult<PsValue>>, view: &View) -> Result<(), ShowError> {
        for value in values {
            let value = value?;
            self.print(&format!("{:?} {value:?}", view.form))?;
        }
        Ok(())
    }

    fn message(&self, kind: MessageKind, text: &str) {
        self.say(format!("{kind:?}: {text}"));
    }

    fn error(&self, error: &CmdletError) {
        self.say(format!("Error: {error}"));
    }

    fn formats(&self, _definitions: Vec<PsValue>) {
        // This screen keeps values, not their looks.
    }

    fn progress(&self, progress: &ProgressRecord) {
        self.say(format!("Progress: {}: {}", progress.activity, progress.status_description));
    }

    fn is_interactive(&self) -> bool {
        !self.answers.lock().unwrap().is_empty()
    }

    fn ask_line(&self, prompt: &str) -> Option<String> {
        self.answer(prompt)
    }

    fn ask_secret(&self, prompt: &str) -> Option<SecretString> {
        self.answer(prompt).map(Into::into)
    }

    fn ask_choice(&self, question: &Choice) -> Option<usize> {
        self.answer(&question.message).and_then(|answer| answer.parse().ok())
    }
}

/// A host on a runtime of its own.
pub(crate) struct Bench {
    pub(crate) screen: Arc<Screen>,
    pub(crate) host: Arc<Host>,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with_environment(&[])
    }

    pub(crate) fn with_environment(variables: &'static [(&str, &str)]) -> Self {
        Self::with_policy(variables, |_| {})
    }

    pub(crate) fn with_policy(variables: &'static [(&str, &str)], change: impl FnOnce(&mut Policy)) -> Self {
        Self::with_options(variables, |options| change(&mut options.policy))
    }

    pub(crate) fn with_options(variables: &'static [(&str, &str)], change: impl FnOnce(&mut HostOptions)) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let screen = Arc::new(Screen::default());
        let mut options = HostOptions::new(screen.clone(), runtime.handle().clone());
        options.environment = Arc::new(move |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        });
        change(&mut options);
        Self { screen, host: Arc::new(Host::new(options).unwrap()), runtime }
    }

    pub(crate) fn eval(&self, code: &str) -> ScriptResult<ScriptOutcome> {
        self.host.eval(code)
    }

    /// Starts a simulated organization beside the host.
    pub(crate) fn simulator(&self, options: SimOptions) -> SimHandle {
        self.runtime.block_on(Simulator::start(options)).unwrap()
    }

    /// Ends a simulated organization and waits until its port is free.
    pub(crate) fn shut_down(&self, sim: SimHandle) {
        self.runtime.block_on(sim.shutdown());
    }

    /// The value as text, or the error's message.
    pub(crate) fn text(&self, code: &str) -> String {
        match self.eval(code) {
            Ok(outcome) => text_of(&outcome.value),
            Err(error) => format!("error: {}", error.diagnostic.message),
        }
    }

    pub(crate) fn printed(&self) -> Vec<String> {
        std::mem::take(&mut *self.screen.printed.lock().unwrap())
    }

    pub(crate) fn run_file(&self, path: &Path, arguments: &[&str]) -> ScriptResult<ScriptOutcome> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        self.host.run_file(path, &arguments)
    }
}
