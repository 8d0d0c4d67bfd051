//! `port::unknown_command`: A command that nobody knows.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::unknown_command",
    title: "A command that nobody knows",
    stops: false,
    what: "No cmdlet of Exchange, no command of PowerShell and no function of the script has this name.",
    why: "It may come from a module or be misspelt. The call is kept as it is, and fails when it is reached if the session does not offer it.",
    instead: "Look at the spelling; `exsh` at the prompt completes names.",
    example: "Get-Mailbx",
};
