//! Putting text into rows, columns and lines.
//!
//! Knows cells and widths; what the text means was decided before.

pub mod columns;
pub mod wrap;
