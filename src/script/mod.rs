//! The Rhai host: runs scripts and turns the cmdlets of remote sessions into functions of the language.
//!
//! One thread with a large stack runs all scripts of a [`Host`]; sessions live on the tokio runtime beside it.
//! Not here: the terminal (`cli` implements [`Ui`]), how values look (`render`), what travels (`remote`).

mod credential;
mod diagnose;
mod engine;
#[allow(dead_code)] // sessions, next, use the rest
mod failure;
mod host;
mod interpreter;
#[allow(dead_code)]
mod names;
#[allow(dead_code)]
mod options;
mod outcome;
mod show;
mod state;
mod ui;
pub mod value;

pub use host::{Environment, Host, HostOptions};
pub use outcome::{CmdletError, ErrorKind, Frame, ScriptError, ScriptOutcome, ScriptResult, SourceText};
pub use ui::{Answer, Choice, Form, MessageKind, ShowError, Ui, View};
