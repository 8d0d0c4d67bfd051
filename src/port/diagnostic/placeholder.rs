//! `port::placeholder`: A placeholder of a documentation.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::placeholder",
    title: "A placeholder of a documentation",
    stops: false,
    what: "`<…>` stands where a value is to be written.",
    why: "It is no PowerShell; it was taken as a text.",
    instead: "Put the value in.",
    example: "Get-Mailbox -Identity <user>",
};
