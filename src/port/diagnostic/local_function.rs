//! `port::local_function`: Functions called outside of their block.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::local_function",
    title: "Functions called outside of their block",
    stops: false,
    what: "A function that is defined in another function or in a script block is called elsewhere, where PowerShell has forgotten it.",
    why: "All functions of a script of Rhai are there for the whole script.",
    instead: "Nothing, if the call is meant; else take it out.",
    example: "& { function Get-X { 1 } }; Get-X",
};
