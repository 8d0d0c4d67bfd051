//! `port::assignment_target`: An unusual target of an assignment.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::assignment_target",
    title: "An unusual target of an assignment",
    stops: true,
    what: "The left side of this assignment is neither a variable, a property nor an element.",
    why: "Rhai assigns to variables, properties and elements only.",
    instead: "Compute the value first, and assign it to one of those.",
    example: "(Get-Item x) = 1",
};
