//! The console of a script with its transcript: what is shown is also written down while a transcript runs.
//!
//! Where text really goes is the host's business; the file is written when the transcript ends.

use std::sync::{Arc, Mutex};

use super::options::{Console, Message};
use super::value::lock;
use crate::diagnostic::Diagnostic;
use crate::script::Grid;

/// An error as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Reported<'a> {
    /// Its sentence.
    pub message: &'a str,
    /// Its `FullyQualifiedErrorId`.
    pub id: &'a str,
    /// Its category.
    pub category: &'a str,
    /// What the script is called.
    pub script: &'a str,
    /// Where it happened, if that is known.
    pub place: Option<Place<'a>>,
}

/// Where an error happened.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// At a statement of the script.
    Statement {
        /// The line, from 1.
        line: i64,
        /// What stands there.
        text: &'a str,
    },
    /// In a text that cannot be read: everything that is wrong with it, of which the error is the first.
    Source {
        /// What is wrong, in the order of the text.
        found: &'a [Diagnostic],
        /// The text.
        source: &'a str,
    },
}

/// What was shown since the transcript began; nothing while none runs.
#[derive(Default)]
pub(super) struct Transcript(Mutex<Option<(String, String)>>);

impl Transcript {
    /// Begins a transcript for a path.
    pub(super) fn start(&self, path: &str, opening: &str) {
        *lock(&self.0) = Some((path.to_owned(), opening.to_owned()));
    }

    /// Ends it: its path and all that was shown.
    pub(super) fn stop(&self) -> Option<(String, String)> {
        lock(&self.0).take()
    }

    /// Whether one runs.
    pub(super) fn runs(&self) -> bool {
        lock(&self.0).is_some()
    }

    fn note(&self, text: &str) {
        if let Some((_, written)) = lock(&self.0).as_mut() {
            written.push_str(text);
        }
    }
}

/// A console that writes down what it shows.
pub(super) struct Written {
    pub(super) console: Arc<dyn Console>,
    pub(super) transcript: Arc<Transcript>,
    /// Whether escape sequences for colours are passed on.
    pub(super) colours: bool,
}

impl Console for Written {
    fn out(&self, text: &str) {
        if !self.colours && text.contains('\u{1b}') {
            let text = super::style::plain(text);
            self.transcript.note(&text);
            return self.console.out(&text);
        }
        self.transcript.note(text);
        self.console.out(text);
    }

    fn message(&self, kind: Message, text: &str) {
        let prefix = match kind {
            Message::Warning => "WARNING: ",
            Message::Verbose => "VERBOSE: ",
            Message::Debug => "DEBUG: ",
            Message::Information => "",
        };
        if !text.starts_with('\0') {
            self.transcript.note(&format!("{prefix}{text}\n"));
        }
        self.console.message(kind, text);
    }

    fn ask(&self, prompt: &str) -> Option<String> {
        let answer = self.console.ask(prompt)?;
        self.transcript.note(&format!("{prompt}{answer}\n"));
        Some(answer)
    }

    fn answers(&self) -> bool {
        self.console.answers()
    }

    fn look_through(&self, grid: &Grid) -> Option<Vec<usize>> {
        self.console.look_through(grid)
    }

    fn talk(&self, text: &str) {
        self.transcript.note(text);
        self.console.talk(text);
    }

    fn error(&self, error: &Reported<'_>) {
        self.transcript.note(&format!("{}\n", error.message));
        self.console.error(error);
    }
}
