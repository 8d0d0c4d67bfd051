//! `port::closure`: Closures that keep their values.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::closure",
    title: "Closures that keep their values",
    stops: false,
    what: "`{ … }.GetNewClosure()` keeps the values that variables have at this moment.",
    why: "A closure of Rhai sees what its variables become later.",
    instead: "Copy the value into a variable of its own before the closure: `let kept = value;`.",
    example: "$times = { $n * $factor }.GetNewClosure()",
};
