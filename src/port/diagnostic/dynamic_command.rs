//! `port::dynamic_command`: A command whose name is computed.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::dynamic_command",
    title: "A command whose name is computed",
    stops: false,
    what: "`& $name` and `& \"…$x\"` call a command whose name is known only when the script runs.",
    why: "Parameters cannot be checked now: the call became `call(name, …)`, which looks the name up when it is reached.",
    instead: "Where there are few names, an `if` with the calls themselves is clearer and is checked.",
    example: "& $cmdlet -Identity alice",
};
