//! `port::static_assignment`: Settings of .NET.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::static_assignment",
    title: "Settings of .NET",
    stops: true,
    what: "The script sets a static property of a .NET type.",
    why: "exsh has no .NET runtime to set up.",
    instead: "Mostly nothing need be done: TLS and encodings take care of themselves. Else use the option of the command that it was meant for.",
    example: "[Threading.Thread]::CurrentThread.CurrentCulture = 'de-DE'",
};
