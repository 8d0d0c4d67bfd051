//! `port::class`: Classes and enumerations of the script.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::class",
    title: "Classes and enumerations of the script",
    stops: true,
    what: "`class` and `enum` define types.",
    why: "Rhai has no classes.",
    instead: "Use `object { Name: …, Size: … }` for the data and functions for the methods; the words of an enumeration are strings.",
    example: "class Report { [string]$Name }",
};
