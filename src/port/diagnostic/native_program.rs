//! `port::native_program`: Programs and unparsed arguments.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::native_program",
    title: "Programs and unparsed arguments",
    stops: true,
    what: "The line starts a program, or hands it arguments with `--%`.",
    why: "exsh starts no programs for a script.",
    instead: "Do that step outside, before or after the script.",
    example: "ping.exe server01",
};
