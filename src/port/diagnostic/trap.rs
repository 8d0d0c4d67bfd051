//! `port::trap`: trap.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::trap",
    title: "trap",
    stops: true,
    what: "`trap` catches the errors of the block it stands in.",
    why: "Rhai has no counterpart that goes on after the failing statement.",
    instead: "Put the statements into `try { … } catch (err) { … }`.",
    example: "trap { Write-Host 'failed'; continue }",
};
