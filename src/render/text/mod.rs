//! Values as text, in every form PowerShell has: `"$x"`, `ToString()`, lists and cells, format strings.
//!
//! The lexical forms of CLIXML are the business of `clixml`; JSON, CSV and HTML have files of their own.

mod culture;
mod custom_number;
mod date;
mod format;
mod number;
mod value;

pub use culture::{Culture, Names};
pub use date::{Clock, date_iso, long_date};
pub use format::{checked, composite, composite_of_wrapped, format_value};
pub use number::{decimal_cell, double_cell, general, round_trip, round_trip_f32};
pub use value::{display, interpolated, object_text, to_string, type_name_of_container};
