//! `port::trap`: trap.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::trap",
    title: "A trap below what it catches",
    stops: true,
    what: "`trap` catches the errors of all statements of its function, or of the script, wherever it stands among them.",
    why: "`on_error(|err| …)`, which a trap at the beginning becomes, takes the errors of the statements after it; in a loop, a branch or a block there is no counterpart.",
    instead: "Move the trap to the beginning, or put the statements into `try { … } catch (err) { … }`.",
    example: "Get-Mailbox alice; trap { Write-Host 'failed'; continue }",
};
