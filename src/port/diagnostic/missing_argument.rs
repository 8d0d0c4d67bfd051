//! `port::missing_argument`: A parameter without its value.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::missing_argument",
    title: "A parameter without its value",
    stops: true,
    what: "A parameter that needs a value stands at the end or before another parameter.",
    why: "PowerShell refuses the call when it is reached, and so does the ported script.",
    instead: "Give the value, or take the parameter away.",
    example: "Get-Mailbox -Identity",
};
