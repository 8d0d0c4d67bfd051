//! `port::redirection`: Redirected streams.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::redirection",
    title: "Redirected streams",
    stops: false,
    what: "`2>$null`, `3>&1`, `*> file` send errors, warnings or everything somewhere else.",
    why: "Rhai has no redirections; what goes to `$null` is given `ErrorAction` or `WarningAction` where the command takes it, and is shown otherwise.",
    instead: "`try`/`catch` for errors that matter, `last_errors()` for those that do not; `out_file` for output.",
    example: "Get-Mailbox alice 3>&1",
};
