//! `port::parallel`: Parallel blocks and workflows.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::parallel",
    title: "Parallel blocks and workflows",
    stops: false,
    what: "`ForEach-Object -Parallel`, `foreach -parallel` and workflows run blocks side by side.",
    why: "A script of exsh is one thread that holds one session.",
    instead: "Nothing, as a rule: the blocks run one after the other, and what they put out is in the order of the input.",
    example: "$users | ForEach-Object -Parallel { $_ }",
};
