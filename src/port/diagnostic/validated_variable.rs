//! `port::validated_variable`: A variable with a check.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::validated_variable",
    title: "A variable with a check",
    stops: false,
    what: "`[ValidateRange(1, 10)]$x = 5` checks every later value of the variable too.",
    why: "Variables of Rhai take any value.",
    instead: "Check where it matters: `validate(\"x\", x, \"ValidateRange\", [1, 10]);`.",
    example: "[ValidateRange(1, 10)][int]$level = 5",
};
