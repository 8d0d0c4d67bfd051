//! `port::add_type`: Add-Type and code in other languages.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::add_type",
    title: "Code in other languages",
    stops: true,
    what: "`Add-Type` compiles C#.",
    why: "exsh has no .NET runtime, so there is nothing that could compile or run it.",
    instead: "Say with exsh's own functions what the code was for. A line that only loads an assembly is left out by itself.",
    example: "Add-Type -TypeDefinition $source",
};
