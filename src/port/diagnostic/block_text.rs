//! `port::block_text`: Script blocks that are read as text.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::block_text",
    title: "Script blocks that are read as text",
    stops: false,
    what: "A script block is shown, put into a text or an object, or given as a filter to a function of the script.",
    why: "A closure of Rhai is code without its text, and a filter became text that is no code.",
    instead: "Write the text itself where it is shown; give a function that filters a closure, `|it| it.Name eq \"x\"`.",
    example: "[PSCustomObject]@{ Rule = { $_.IsShared } }",
};
