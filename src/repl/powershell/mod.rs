//! PowerShell lines at the prompt: which they are, what they are in Rhai, running them.
//!
//! Their meaning is `script::ps`'s business, the translation `port`'s.

mod complete;

use std::sync::{Arc, Mutex, PoisonError};

use rhai::Engine;

use super::screen::Screen;
use super::vocabulary::Vocabulary;
use crate::script::ps::{Console, Message, Recognised, Reported, is_command, is_kept, recognise};
use crate::script::{CmdletError, Grid, MessageKind, Ui as _};

pub(super) use complete::complete;

/// What is done with PowerShell lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mode {
    /// They run.
    #[default]
    On,
    /// They are mistakes in Rhai.
    Off,
    /// They run after a question.
    Ask,
}

/// What a text is: Rhai wins where both would take it, except for a command's name and its parameters, which Rhai
/// takes for a subtraction.
pub(super) fn kind(engine: &Engine, vocabulary: &Vocabulary, text: &str) -> Recognised {
    let known = |name: &str| vocabulary.cmdlets().any(|(_, cmdlet)| cmdlet.name.eq_ignore_ascii_case(name));
    if engine.compile(text).is_ok() {
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or_default();
        let is_call = first.contains('-') && first.starts_with(|c: char| c.is_ascii_alphabetic());
        // `dir`, `ls -Force`: no variable and no function here
        let is_free = words.next().is_none_or(|next| next.starts_with('-') && next.len() > 1);
        let is_alias = is_free && first.chars().all(char::is_alphanumeric) && !vocabulary.can_call(first);
        if !(is_call && (is_command(first) || known(first)) || is_alias && is_command(first)) {
            return Recognised::No;
        }
    }
    // A function that earlier lines defined is not known here; it is called with words of PowerShell, or not at all.
    recognise(text, &known)
}

/// Whether a text that is no PowerShell goes by its rules all the same: it was ported, or could have been.
///
/// `all` says that an input before asked for that with `import "powershell"`.
pub(super) fn is_ported(engine: &Engine, vocabulary: &Vocabulary, text: &str, all: bool) -> bool {
    let plain = engine.compile(text).is_ok();
    is_kept(text, plain && !all, &|name| vocabulary.can_call(name))
}

/// The console of PowerShell lines: whole lines on the screen of the prompt.
pub(super) struct PromptConsole {
    screen: Arc<Screen>,
    begun: Mutex<String>,
}

impl PromptConsole {
    pub(super) fn new(screen: Arc<Screen>) -> Self {
        Self { screen, begun: Mutex::default() }
    }

    /// Shows a line that has no end yet.
    pub(super) fn finish(&self) {
        let rest = std::mem::take(&mut *self.begun.lock().unwrap_or_else(PoisonError::into_inner));
        if !rest.is_empty() {
            let _ = self.screen.print(&rest); // nobody reads any more
        }
    }
}

impl Console for PromptConsole {
    fn out(&self, text: &str) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.push_str(text);
        if let Some(end) = begun.rfind('\n') {
            let rest = begun.split_off(end + 1);
            let whole = std::mem::replace(&mut *begun, rest);
            let _ = self.screen.print(whole.trim_end_matches('\n')); // nobody reads any more
        }
    }

    fn message(&self, kind: Message, text: &str) {
        if text.starts_with('\0') {
            return; // information that was not asked for
        }
        let kind = match kind {
            Message::Information => return self.out(&format!("{text}\n")),
            Message::Warning => MessageKind::Warning,
            Message::Verbose => MessageKind::Verbose,
            Message::Debug => MessageKind::Debug,
        };
        self.screen.message(kind, text);
    }

    fn error(&self, error: &Reported<'_>) {
        let Reported { message, id, category, .. } = *error;
        // The sentence may begin with the cmdlet already.
        let own = message.split_once(": ").filter(|(cmdlet, rest)| rest.starts_with(&format!("{cmdlet} ")));
        self.screen.error(&CmdletError {
            cmdlet: String::new(),
            message: own.map_or(message, |(_, rest)| rest).to_owned(),
            error_id: id.to_owned(),
            category: category.to_owned(),
            category_line: category.to_owned(),
            ..CmdletError::default()
        });
    }

    fn look_through(&self, grid: &Grid) -> Option<Vec<usize>> {
        self.screen.look_through(grid)
    }

    fn ask(&self, prompt: &str) -> Option<String> {
        self.screen.is_interactive().then(|| self.screen.ask_line(prompt)).flatten()
    }
}
