//! Shaping streams of objects: select, sort, group, measure, as PowerShell's cmdlets do.
//!
//! Pure functions over values; scripts get the same through `script`.

mod group;
mod measure;
mod members;
mod properties;
mod sort;

pub use group::{GroupOptions, group};
pub use measure::{MeasureOptions, measure};
pub(crate) use members::members;
pub use properties::{SelectOptions, select};
pub use sort::{SortKey, SortOptions, sort};
