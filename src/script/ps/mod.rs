//! PowerShell's semantics for scripts: values, operators, commands and the way statements fail and go on.
//!
//! Ported scripts run on it. A `.ps1` file is parsed and lowered by `port`, compiled by Rhai and run here; what it
//! puts out goes to a [`Console`], its cmdlets to an [`Exchange`]. No sockets, no terminal.

mod arith;
mod automatic;
mod big;
mod bind;
mod block;
mod builtin;
mod canned;
mod cast;
mod class;
mod command;
mod compare;
mod console;
mod context;
mod dates;
mod declared;
mod display;
mod dotnet;
mod engine;
mod enums;
mod errors;
mod excel;
mod exchange;
mod facets;
mod fault;
mod files;
mod functions;
mod invoke;
pub mod kept;
mod live;
mod member;
mod number;
mod operators;
mod paths;
mod pipe;
mod random;
mod regex_error;
mod regexes;
mod run;
mod sessions;
mod shell;
mod shown;
mod special;
mod state;
mod text;
mod types;
mod validate;
mod value;
mod walk;
mod wording;
mod xml;
mod xpath;

pub use canned::Canned;
pub use exchange::{Exchange, ExchangeCall, Item};
pub use fault::Problem;
pub use kept::{check, is_kept, read, run_kept, wants};
pub(in crate::script) use live::Live;
pub use run::{Ended, Outcome, run_source};
pub use sessions::{Opening, Sessions};
pub(in crate::script) use shell::Shell;
pub use shell::{Recognised, command_names, is_command, parameters_of, recognise};
pub use shown::inspect_with_scripts;
pub use state::{Console, Message, RunOptions};
pub use value::{Hash, HashKind, List, ListKind, Obj, V};
