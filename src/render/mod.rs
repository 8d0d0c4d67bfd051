//! Values as people read them: tables, lists, CSV, JSON, HTML, and diagnostics with carets.
//!
//! Text comes out as strings; who prints it, in what colours and how wide, is decided by the caller. Not here: what
//! a script may do with the values (`script`), and the terminal itself (`cli::ui`).
//!
//! An object takes this road:
//!
//! ```text
//! Request + View        what is asked for, what Get-FormatData says     (request, view)
//!   -> shape            which properties, under which labels            (packets of text)
//!   -> layout           how wide, where lines break, blank lines        (lines)
//! ```

mod command;
pub mod convert;
mod diagnostics;
mod error;
mod expression;
mod formatter;
pub mod layout;
mod live;
mod names;
mod order;
mod output;
mod packet;
pub mod report;
mod request;
pub mod select;
mod settings;
mod shape;
mod subject;
pub mod text;
mod theme;
pub mod view;
pub mod width;

pub use command::{ViewCommand, inspect};
pub use diagnostics::{brief_diagnostic, diagnostic};
pub use error::RenderError;
pub use expression::{Problems, Script};
pub use formatter::{Formatter, Stream};
pub use output::{Output, ResultWriter};
pub use request::{Column, Expand, Request};
pub use settings::{DisplaySet, ErrorView, Settings};
pub use subject::OWN_RECORD;
pub use theme::{Part, Theme};
pub use view::Views;
