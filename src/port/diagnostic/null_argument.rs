//! `port::null_argument`: `$null` as an argument.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::null_argument",
    title: "`$null` as an argument",
    stops: false,
    what: "A function is given `$null` for a parameter that has a default, must be given, or is asked for in `$PSBoundParameters`.",
    why: "A function of Rhai cannot tell an argument without a value from one that is missing.",
    instead: "Give a value that means the same, such as empty text.",
    example: "function A($x = 1) { $x }; A -x $null",
};
