//! What scripts need beside cmdlets: files, CSV, JSON, CLIXML, patterns, dates, passwords, hashes, mail, one file a topic.
//!
//! Documented Rhai packages of our own; every function has an example that tests run. Not here: values that come
//! from servers (`value`).

mod arguments;
mod clixml;
pub(super) mod csv;
pub(super) mod dates;
mod encoding;
mod environment;
pub(super) mod files;
mod hashing;
mod json;
mod mail;
mod passwords;
pub(super) mod progress;
mod regexes;

use std::sync::Arc;

pub use encoding::decoded;
use rhai::{Engine, Module};

use super::state::State;
use super::value::described;

/// Registers all packages.
pub(super) fn register(engine: &mut Engine, state: &Arc<State>) {
    let mut module = Module::new();
    arguments::register(&mut module, state);
    clixml::register(&mut module);
    csv::register(&mut module);
    dates::register(&mut module);
    files::register(&mut module);
    environment::register(&mut module, state);
    hashing::register(&mut module);
    json::register(&mut module);
    mail::register(&mut module, state);
    passwords::register(&mut module);
    regexes::register(&mut module);
    progress::register(&mut module, state);
    engine.register_global_module(module.into());
}
