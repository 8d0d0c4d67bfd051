//! `port::add_type`: Add-Type and code in other languages.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::add_type",
    title: "Add-Type and code in other languages",
    stops: true,
    what: "`Add-Type` compiles C# or loads a .NET assembly.",
    why: "exsh has no .NET runtime, so there is nothing that could load it.",
    instead: "Say with exsh's own functions what the code was for. `Add-Type -AssemblyName System.Web` and the like are often left over: delete the line and see what misses it.",
    example: "Add-Type -AssemblyName System.Windows.Forms",
};
