//! `port::unknown_parameter`: A parameter that the command does not have.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::unknown_parameter",
    title: "A parameter that the command does not have",
    stops: false,
    what: "The documentation of the command lists no such parameter, or the letters given fit several.",
    why: "The call is kept as written; the server has the last word on it.",
    instead: "Look at the spelling, and write the name in full.",
    example: "Get-Mailbox -Identiti alice",
};
