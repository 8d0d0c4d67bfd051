//! `port::background_job`: Background jobs.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::background_job",
    title: "Background jobs",
    stops: true,
    what: "`Start-Job`, `Wait-Job`, `Receive-Job` and event subscriptions run code beside the script.",
    why: "A script of exsh is one thread that holds one session; a second one would need a session of its own.",
    instead: "Run the work in order. Where it is slow because of many calls, pipe into the cmdlet, or use `bulk` of the standard library.",
    example: "Start-Job { Get-Mailbox }",
};
