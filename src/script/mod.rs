//! The Rhai host: runs scripts and turns the cmdlets of remote sessions into functions of the language.
//!
//! One thread with a large stack runs all scripts of a [`Host`]; sessions live on the tokio runtime beside it.
//! Not here: the terminal (`cli` implements [`Ui`]), how values look (`render`), what travels (`remote`).

mod diagnose;
mod engine;
mod host;
mod interpreter;
mod outcome;
mod state;
mod ui;

pub use host::{Environment, Host, HostOptions};
pub use outcome::{CmdletError, ErrorKind, Frame, ScriptError, ScriptOutcome, ScriptResult, SourceText};
pub use ui::{Answer, Choice, Form, MessageKind, ShowError, Ui, View};
