//! `port::never_assigned`: A variable that never gets a value.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::never_assigned",
    title: "A variable that never gets a value",
    stops: false,
    what: "The variable is read, and nothing in the script assigns it.",
    why: "In PowerShell it is null, unless whoever starts the script has set it; Rhai wants it declared, so it is declared as `()`.",
    instead: "It may be a misspelling. If a value was meant to come from outside, give it here.",
    example: "Get-Mailbox $whoever",
};
