//! `port::reference`: `[ref]`.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::reference",
    title: "[ref]",
    stops: true,
    what: "`[ref]` hands a variable to a method that changes it.",
    why: "Rhai's functions get values. Most such calls are .NET's `TryParse`.",
    instead: "Convert with `to_int`, `to_date` and the like in a `try`, or test with `is_match` first.",
    example: "[int]::TryParse($text, [ref]$number)",
};
