//! `port::source_place`: Places in the script.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::source_place",
    title: "Places in the script",
    stops: false,
    what: "The script asks in which line something failed.",
    why: "The ported script has other lines, and errors of its runtime do not carry them.",
    instead: "Say in the message what was tried instead of where.",
    example: "try { throw 1 } catch { $_.InvocationInfo.ScriptLineNumber }",
};
