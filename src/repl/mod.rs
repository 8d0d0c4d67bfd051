//! The prompt: lines in, results out, with completion, hints, colours, history and `:commands`.
//!
//! [`is_incomplete`], [`complete()`], [`highlight()`] and [`hint()`] are plain functions; a [`Screen`] stands between the
//! script host and the terminal. Not here: what code means (`script`), how values look (`render`), signals (`cli`).

mod asked;
mod commands;
mod complete;
mod describe;
mod editor;
mod helper;
mod highlight;
mod hint;
mod history;
mod incomplete;
mod options;
mod place;
mod powershell;
mod prompt;
mod screen;
mod sign;
mod transcript;
mod vocabulary;
mod wrap;

pub use complete::{Candidate, complete};
pub use describe::describe;
pub use highlight::highlight;
pub use hint::{Hint, hint};
pub use history::may_be_remembered;
pub use incomplete::is_incomplete;
pub use prompt::{Accent, Connect, First, PromptOptions, Refusal, SetOutput, run};
pub use screen::Screen;
pub use vocabulary::{Function, Vocabulary};
