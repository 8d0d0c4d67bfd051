//! What the script host asks of whoever stands between it and the person: lines out, questions in.
//!
//! No terminal here: `cli` implements [`Ui`] on one, tests implement it on a list.

use std::io;
use std::time::Duration;

use crate::clixml::{ProgressRecord, PsValue};
use crate::render::report::Screen;
use crate::secret::SecretString;

use super::CmdletError;

/// The person's side of a script: its output, its messages, its questions.
///
/// Called from the script thread and, for host calls of a server, from threads where blocking is fine.
pub trait Ui: Send + Sync {
    /// One line of data on standard output, without its line break.
    ///
    /// # Errors
    /// When the line could not be written; a broken pipe ends the script quietly.
    fn print(&self, text: &str) -> io::Result<()>;

    /// Values on standard output, laid out as `view` says; pulls them one by one.
    ///
    /// # Errors
    /// When the values could not be written, or the error an item brought.
    fn show(
        &self,
        values: &mut dyn Iterator<Item = super::ScriptResult<PsValue>>,
        view: &View,
    ) -> Result<(), ShowError>;

    /// A message that is no data: a warning of the server, a verbose line, what `debug()` says.
    fn message(&self, kind: MessageKind, text: &str);

    /// An error that does not end the cmdlet that reported it.
    fn error(&self, error: &CmdletError);

    /// How far something has come; a completed record ends its activity.
    fn progress(&self, progress: &ProgressRecord);

    /// How wide the screen is, and which letters it has.
    fn screen(&self) -> Screen {
        Screen { width: 80, unicode: true }
    }

    /// Views of types, as the server's `Get-FormatData` describes them: later values of these types look so.
    fn formats(&self, definitions: Vec<PsValue>);

    /// Whether somebody is there to answer.
    fn is_interactive(&self) -> bool;

    /// A line typed with echo; `None` at the end of input.
    fn ask_line(&self, prompt: &str) -> Option<String>;

    /// A line typed without echo; `None` at the end of input.
    fn ask_secret(&self, prompt: &str) -> Option<SecretString>;

    /// One of several answers, as its index; `None` when nobody answered.
    fn ask_choice(&self, question: &Choice) -> Option<usize>;

    /// A table on the screen to look through, until somebody leaves it: the rows taken; `None` when nobody can look.
    fn look_through(&self, _: &Grid) -> Option<Vec<usize>> {
        None
    }

    /// How long somebody has been reading in pagers and tables so far: time that no script took.
    fn reading_time(&self) -> Duration {
        Duration::ZERO
    }
}

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// Something to look at.
    Warning,
    /// What is going on, for who asked to know.
    Verbose,
    /// For who looks for a mistake.
    Debug,
    /// Plain information from a cmdlet (`Write-Host` and its kin).
    Information,
    /// What exsh itself is doing.
    Status,
}

/// A question with a fixed set of answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The headline; may be empty.
    pub caption: String,
    /// What is asked.
    pub message: String,
    /// The answers; an `&` stands before the letter that selects one.
    pub answers: Vec<Answer>,
    /// The answer to an empty line, if there is one.
    pub default: Option<usize>,
}

/// One answer of a [`Choice`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Its label, such as `&Yes`.
    pub label: String,
    /// What it means; may be empty.
    pub help: String,
}

/// A table to look through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// What stands above it; may be empty.
    pub title: String,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// The texts of its cells, row by row.
    pub rows: Vec<Vec<String>>,
    /// What may be taken from it.
    pub takes: Takes,
}

/// How many rows of a [`Grid`] may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Takes {
    /// It is only looked at.
    #[default]
    Nothing,
    /// One row.
    One,
    /// Any number.
    Many,
}

/// How values are laid out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// The form asked for.
    pub form: Form,
    /// The properties asked for, in order; empty for the usual ones.
    pub properties: Vec<String>,
    /// The property that values are grouped by.
    pub group_by: Option<String>,
    /// Widths of columns by what is in them.
    pub auto_size: bool,
    /// Long cells go on in further lines.
    pub wrap: bool,
    /// No line with the names of columns.
    pub hide_headers: bool,
    /// How many columns a wide form has.
    pub columns: Option<usize>,
}

/// The form of a [`View`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Form {
    /// Whatever suits the values and the chosen output.
    #[default]
    Default,
    /// Rows and columns.
    Table,
    /// A line for each property.
    List,
    /// One property of each, side by side.
    Wide,
}

/// Why [`Ui::show`] stopped.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// The values could not be written.
    #[error("cannot write the output")]
    Output(#[from] io::Error),
    /// Fetching the next value failed.
    #[error(transparent)]
    Script(#[from] Box<super::ScriptError>),
}
