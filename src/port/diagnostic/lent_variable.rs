//! `port::lent_variable`: A function's variable that the script reads.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::lent_variable",
    title: "A function's variable that the script reads",
    stops: false,
    what: "The script reads a variable that only a function sets, for the functions it calls.",
    why: "What functions share is kept for the whole script, so the variable is still there when the function has ended.",
    instead: "Give the variable to the called function as an argument.",
    example: "function A { $v = 1; B }; function B { $v }; A; $v",
};
