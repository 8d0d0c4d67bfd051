//! The Rhai host: runs scripts and turns the cmdlets of remote sessions into functions of the language.
//!
//! One thread with a large stack runs all scripts of a [`Host`]; sessions live on the tokio runtime beside it.
//! Not here: the terminal (`cli` implements [`Ui`]), how values look (`render`), what travels (`remote`).

mod advice;
mod as_powershell;
mod basics;
mod bulk;
mod call;
mod credential;
mod definitions;
mod diagnose;
mod dispatch;
mod engine;
mod failure;
mod help;
mod host;
mod interpreter;
pub(crate) mod last_result;
mod last_statement;
mod library;
mod modules;
mod options;
mod ordered;
mod outcome;
mod piping;
pub mod ps;
mod registry;
mod remedy;
mod report;
pub(crate) mod scan;
mod session;
mod show;
mod sites;
mod state;
mod ui;
pub mod value;

pub use advice::in_rhai;
pub use as_powershell::as_powershell;
pub use basics::decoded;
pub use help::describe_cmdlet;
pub use host::{Environment, Extension, Host, HostOptions, Policy};
pub use library::{
    Document, Example, Library, LibraryModule, Misfit, Parameter, Shape, given_options, library_page, option_name,
    options_of,
};
pub use outcome::{CmdletError, ErrorKind, Frame, ScriptError, ScriptOutcome, ScriptResult, SourceText};
pub use session::{ImportedModule, Session};
pub use ui::{Answer, Choice, Form, Grid, MessageKind, ShowError, Takes, Ui, View};
pub use value::list_of;

/// The options that `table`, `select` and their kin know, for who offers them.
#[cfg(test)]
pub(crate) fn option_names(function: &str) -> &'static [options::Known] {
    match function {
        "table" => &show::OPTIONS,
        other => value::option_names(other),
    }
}
