//! `port::unknown_type`: .NET types without counterpart.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::unknown_type",
    title: ".NET types without counterpart",
    stops: true,
    what: "The script uses a .NET type that exsh does not have.",
    why: "exsh has no .NET runtime, only the types that Exchange scripts commonly use.",
    instead: "Say what the type was for with a function of exsh; the list of types is in the documentation of the `powershell` package.",
    example: "[System.Windows.Forms.MessageBox]::Show('done')",
};
