//! `port::invoke_expression`: Code from a string.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::invoke_expression",
    title: "Code from a string",
    stops: false,
    what: "`Invoke-Expression` runs PowerShell text that the script has put together.",
    why: "Its text exists only when the script runs; it is ported then, and sees no variables of the script but shared ones.",
    instead: "Call the command directly; collect changing parameters in a map: `let p = table { Identity: x };` and `get_mailbox(splat(p))`.",
    example: "Invoke-Expression \"Get-Mailbox $filter\"",
};
