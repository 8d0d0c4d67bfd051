//! Shaping streams of objects: select, sort, group, measure, as PowerShell's cmdlets do.
//!
//! Pure functions over values; scripts get the same through `script`.

mod group;
mod measure;
mod members;
mod properties;
mod sort;

pub use group::{GroupOptions, group, group_info, places_in_groups};
pub use measure::{MeasureOptions, measure, measure_values};
pub(crate) use members::members;
pub use properties::{Projection, SelectOptions, places_of_different, select};
pub use sort::{SortKey, SortOptions, places_in_order, sort};

pub(crate) use super::subject::property;
