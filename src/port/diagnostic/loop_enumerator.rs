//! `port::loop_enumerator`: $foreach and $switch.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::loop_enumerator",
    title: "$foreach and $switch",
    stops: true,
    what: "`$foreach` and `$switch` reach into the loop under way, mostly to skip an item.",
    why: "A `for` of Rhai keeps its place to itself.",
    instead: "Walk the places instead: `while i < items.Count { …; i += 2; }`.",
    example: "foreach ($n in 1..3) { [void]$foreach.MoveNext() }",
};
