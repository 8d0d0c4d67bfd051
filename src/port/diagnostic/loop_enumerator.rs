//! `port::loop_enumerator`: $switch.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::loop_enumerator",
    title: "$switch",
    stops: true,
    what: "`$switch` reaches into the `switch` under way, mostly to skip an item.",
    why: "A `for` of Rhai keeps its place to itself.",
    instead: "Walk the places instead: `while i < items.Count { …; i += 2; }`.",
    example: "switch (1..3) { 2 { [void]$switch.MoveNext() } }",
};
