//! `port::dot_source`: Dot-sourced script files.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::dot_source",
    title: "Dot-sourced script files",
    stops: true,
    what: "`. .\\file.ps1` runs another script in this one's scope.",
    why: "Rhai's modules have a scope of their own.",
    instead: "Port the other file too, and write `import \"file\" as file;` and `file::function()`.",
    example: ". .\\Functions.ps1",
};
