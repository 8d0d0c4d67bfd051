//! The console of a script with its transcript: what is shown is also written down while a transcript runs.
//!
//! Where text really goes is the host's business; the file is written when the transcript ends.

use std::sync::{Arc, Mutex};

use super::state::{Console, Message};
use super::value::lock;

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
}

impl Console for Written {
    fn out(&self, text: &str) {
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

    fn talk(&self, text: &str) {
        self.transcript.note(text);
        self.console.talk(text);
    }

    fn error(&self, message: &str, id: &str, category: &str) {
        self.transcript.note(&format!("{message}\n"));
        self.console.error(message, id, category);
    }
}
