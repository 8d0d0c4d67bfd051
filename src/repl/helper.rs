//! Joins the plain functions of this room to the line editor.
//!
//! Not here: what they find.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use rhai::Engine;
use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::SearchDirection;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Cmd, ConditionalEventHandler, Context, Event, EventContext, Helper, RepeatCount};

use super::complete::{Candidate, complete};
use super::hint::{Hint, hint};
use super::screen::Screen;
use super::vocabulary::Vocabulary;
use super::{highlight, is_incomplete};
use crate::script::Ui as _;
use crate::script::ps::Recognised;

/// How many earlier inputs a hint looks at.
const EARLIER_MAX: usize = 500;

/// What the line editor asks.
pub(super) struct LineHelper {
    pub(super) engine: Arc<Engine>,
    pub(super) vocabulary: Arc<RwLock<Vocabulary>>,
    pub(super) colour: bool,
    pub(super) screen: Arc<Screen>,
}

impl LineHelper {
    fn vocabulary(&self) -> RwLockReadGuard<'_, Vocabulary> {
        self.vocabulary.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Helper for LineHelper {}

impl Completer for LineHelper {
    type Candidate = Candidate;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Candidate>)> {
        let vocabulary = self.vocabulary();
        let (start, mut found) = match super::powershell::complete(&vocabulary, line, pos) {
            Some(found) => found,
            None => complete(&self.engine, &vocabulary, line, pos),
        };
        let cells = self.screen.screen().width.saturating_sub(1);
        found.iter_mut().for_each(|candidate| candidate.narrow(cells));
        Ok((start, found))
    }
}

impl Hinter for LineHelper {
    type Hint = Hint;

    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<Hint> {
        if pos < line.len() || line.is_empty() {
            return None;
        }
        let history = context.history();
        let first = history.len().saturating_sub(EARLIER_MAX);
        let earlier: Vec<String> = (first..history.len())
            .rev()
            .filter_map(|index| history.get(index, SearchDirection::Reverse).ok()?)
            .map(|found| found.entry.into_owned())
            .collect();
        hint(&self.engine, &self.vocabulary(), line, pos, earlier.iter().map(String::as_str))
    }
}

impl Highlighter for LineHelper {
    fn highlight<'l>(&self, line: &'l str, pos: usize) -> Cow<'l, str> {
        if self.colour { highlight(&self.engine, &self.vocabulary(), line, pos).into() } else { line.into() }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { format!("\u{1b}[90m{hint}\u{1b}[0m").into() } else { hint.into() }
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.colour
    }
}

impl Validator for LineHelper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        let begun = || {
            !text.ends_with("\n\n")
                && !text.starts_with(':')
                && super::powershell::kind(&self.engine, &self.vocabulary(), text) == Recognised::Incomplete
        };
        // `cd ..` ends in an operator of Rhai.
        let is_whole = || super::powershell::kind(&self.engine, &self.vocabulary(), text) == Recognised::Yes;
        Ok(if is_incomplete(&self.engine, text) && !is_whole() || begun() {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

/// F1: what the word at the cursor means, above the line that goes on being typed.
pub(super) struct HelpOnWord {
    pub(super) vocabulary: Arc<RwLock<Vocabulary>>,
    pub(super) screen: Arc<Screen>,
}

impl ConditionalEventHandler for HelpOnWord {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let (line, cursor) = (context.line(), context.pos());
        let vocabulary = self.vocabulary.read().unwrap_or_else(PoisonError::into_inner);
        let word = super::place::word_at(line, cursor);
        let call = super::place::open_call(line, cursor).map(|(function, _)| function);
        let described = [word, call].into_iter().flatten().find_map(|name| super::describe(&vocabulary, &name).ok());
        let text =
            described.unwrap_or_else(|| "F1 tells about the function at the cursor; :help lists the rest".to_owned());
        self.screen.above(|| text);
        Some(Cmd::Noop)
    }
}

/// The arrow keys: earlier inputs that begin like the line, except inside an input of several lines.
pub(super) struct ByPrefix {
    pub(super) backward: bool,
}

impl ConditionalEventHandler for ByPrefix {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        if context.line().contains('\n') {
            return None;
        }
        Some(if self.backward { Cmd::HistorySearchBackward } else { Cmd::HistorySearchForward })
    }
}
