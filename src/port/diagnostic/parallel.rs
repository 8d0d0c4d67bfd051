//! `port::parallel`: Parallel blocks and workflows.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::parallel",
    title: "Parallel blocks and workflows",
    stops: true,
    what: "`ForEach-Object -Parallel`, `foreach -parallel` and workflows run blocks side by side.",
    why: "A script of exsh is one thread that holds one session.",
    instead: "Leave `-Parallel` out. The order of the output then is that of the input.",
    example: "$users | ForEach-Object -Parallel { $_ }",
};
