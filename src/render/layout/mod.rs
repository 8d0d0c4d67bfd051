//! Putting text into rows, columns and lines.
//!
//! Knows cells and widths; what the text means was decided before.

pub(crate) mod blocks;
pub mod columns;
pub(crate) mod list;
pub(crate) mod markdown;
pub(crate) mod printer;
pub(crate) mod rows;
pub(crate) mod terminal;
pub mod wrap;
