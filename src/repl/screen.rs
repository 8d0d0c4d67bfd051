//! Between the script host and the terminal while a prompt is open: messages appear above the line being typed, rows
//! are counted, and thousands of them are not printed unasked.
//!
//! Everything else goes to the terminal side that it wraps.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use crate::clixml::{ProgressRecord, PsValue};
use crate::script::{Answer, Choice, CmdletError, MessageKind, ScriptResult, ShowError, Ui, View};
use crate::secret::SecretString;

/// After so many rows the prompt asks whether to go on.
const ROWS_UNASKED_MAX: usize = 1000;

/// A terminal side for a host that a prompt drives.
pub struct Screen {
    inner: Arc<dyn Ui>,
    /// Whether a line is being typed right now.
    typing: AtomicBool,
    above: Mutex<Option<Sender<String>>>,
    rows: AtomicUsize,
}

impl Screen {
    /// Wraps a terminal side.
    #[must_use]
    pub fn new(inner: Arc<dyn Ui>) -> Self {
        Self { inner, typing: AtomicBool::new(false), above: Mutex::new(None), rows: AtomicUsize::new(0) }
    }

    /// Lines for above the prompt go to `lines` from now on, while a line is being typed.
    pub(super) fn print_above(&self, lines: Sender<String>) {
        *self.above.lock().unwrap_or_else(PoisonError::into_inner) = Some(lines);
    }

    pub(super) fn set_typing(&self, typing: bool) {
        self.typing.store(typing, Ordering::Relaxed);
    }

    /// Rows shown since the last question.
    pub(super) fn take_rows(&self) -> usize {
        self.rows.swap(0, Ordering::Relaxed)
    }

    /// Whether the text went above the line being typed.
    fn above(&self, text: impl FnOnce() -> String) -> bool {
        if !self.typing.load(Ordering::Relaxed) {
            return false;
        }
        let above = self.above.lock().unwrap_or_else(PoisonError::into_inner);
        above.as_ref().is_some_and(|lines| lines.send(text()).is_ok())
    }

    fn ask_for_more(&self) -> bool {
        let answer = |label: &str, help: &str| Answer { label: label.to_owned(), help: help.to_owned() };
        let question = Choice {
            caption: String::new(),
            message: format!("{ROWS_UNASKED_MAX} rows are there already and more follow; go on?"),
            answers: vec![answer("&Yes", "show all of them"), answer("&No", "stop here")],
            default: Some(1),
        };
        self.inner.is_interactive() && self.inner.ask_choice(&question) != Some(1)
    }
}

impl Ui for Screen {
    fn print(&self, text: &str) -> io::Result<()> {
        if self.above(|| text.to_owned()) { Ok(()) } else { self.inner.print(text) }
    }

    fn show(&self, values: &mut dyn Iterator<Item = ScriptResult<PsValue>>, view: &View) -> Result<(), ShowError> {
        let mut counted = Counted { values, screen: self, rows: 0 };
        self.inner.show(&mut counted, view)
    }

    fn message(&self, kind: MessageKind, text: &str) {
        let line = || match kind {
            MessageKind::Warning => format!("warning: {text}"),
            MessageKind::Verbose => format!("verbose: {text}"),
            MessageKind::Debug => format!("debug: {text}"),
            MessageKind::Information | MessageKind::Status => text.to_owned(),
        };
        if !self.above(line) {
            self.inner.message(kind, text);
        }
    }

    fn error(&self, error: &CmdletError) {
        if !self.above(|| format!("error: {error}")) {
            self.inner.error(error);
        }
    }

    fn formats(&self, definitions: Vec<PsValue>) {
        self.inner.formats(definitions);
    }

    fn progress(&self, progress: &ProgressRecord) {
        self.inner.progress(progress);
    }

    fn is_interactive(&self) -> bool {
        self.inner.is_interactive()
    }

    fn ask_line(&self, prompt: &str) -> Option<String> {
        self.inner.ask_line(prompt)
    }

    fn ask_secret(&self, prompt: &str) -> Option<SecretString> {
        self.inner.ask_secret(prompt)
    }

    fn ask_choice(&self, question: &Choice) -> Option<usize> {
        self.inner.ask_choice(question)
    }
}

/// Values on their way to the screen.
struct Counted<'a> {
    values: &'a mut dyn Iterator<Item = ScriptResult<PsValue>>,
    screen: &'a Screen,
    rows: usize,
}

impl Iterator for Counted<'_> {
    type Item = ScriptResult<PsValue>;

    fn next(&mut self) -> Option<Self::Item> {
        let value = self.values.next()?;
        if self.rows == ROWS_UNASKED_MAX && !self.screen.ask_for_more() {
            return None;
        }
        self.rows += 1;
        self.screen.rows.fetch_add(1, Ordering::Relaxed);
        Some(value)
    }
}
