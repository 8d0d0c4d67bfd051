//! `port::nested_output`: Lists that a function gives whole.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::nested_output",
    title: "Lists that a function gives whole",
    stops: false,
    what: "A function ends in `,$list`, so that its caller gets the list as one value, and the call is piped or stands in `@( )`.",
    why: "A function of Rhai gives a list either way; what walks it walks its items.",
    instead: "Use the call without `@( )`, or wrap it where one value is wanted: `list([call()])`.",
    example: "function Get-Pair { ,@(1, 2) }; @(Get-Pair).Count",
};
