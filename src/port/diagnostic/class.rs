//! `port::class`: Classes of the script.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::class",
    title: "Classes of the script",
    stops: true,
    what: "`class` defines a type with properties and methods (and `enum` one whose numbers are computed).",
    why: "Rhai has no classes.",
    instead: "Use `object { Name: …, Size: … }` for the data and functions for the methods. `exsh run FILE.ps1` runs classes as they are.",
    example: "class Report { [string]$Name }",
};
