//! `port::jump`: A jump out of the pipeline.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::jump",
    title: "A jump out of the pipeline",
    stops: false,
    what: "`break` or `continue` in a `ForEach-Object` block or with a label acts on a loop outside, and outside all loops it ends the script; a label may also be computed.",
    why: "Rhai's `break` and `continue` know only the innermost loop. Without a loop the statement became `exit()`; from a block it became `jump(…)`, which ends the loop around the pipeline.",
    instead: "A `for` loop in place of the `ForEach-Object` makes the jump visible; `return` ends one turn.",
    example: "Get-Mailbox | ForEach-Object { if ($_.Name -eq 'x') { break } }",
};
