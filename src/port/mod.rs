//! PowerShell source to a tree, and from there to Rhai text with diagnostics.
//!
//! Pure text work: nothing is run, read or printed here. The functions that ported scripts call at run
//! time live in `script::ps`.

pub mod ast;
pub mod ast_walk;
pub mod builtin;
pub mod diagnostic;
mod keep;
mod lexer;
pub mod lower;
mod parser;
mod pasted;

pub use keep::{Kept, STATIC_TYPES, keep, keep_after, kept_name};
pub use parser::{ParseError, Parsed, parse};
