//! `port::reference`: `[ref]`.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::reference",
    title: "[ref]",
    stops: true,
    what: "`[ref]` makes a place for a variable that something else sets later.",
    why: "Rhai's variables are values. As an argument, as in `[int]::TryParse($text, [ref]$number)`, it is carried over: the value is put into the variable after the call.",
    instead: "Pass it where it is used, or convert with `to_int`, `to_date` and the like in a `try`.",
    example: "$place = [ref]$number",
};
