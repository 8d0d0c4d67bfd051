//! Values as people read them: tables, lists, CSV, JSON, HTML, and diagnostics with carets.
//!
//! Text comes out as strings; who prints it, in what colours and how wide, is decided by the caller. Not here: what
//! a script may do with the values (`script`), and the terminal itself (`cli::ui`).

mod diagnostics;
mod error;
pub mod layout;
pub mod text;
mod theme;
pub mod width;

pub use diagnostics::diagnostic;
pub use error::RenderError;
pub use theme::{Part, Theme};
