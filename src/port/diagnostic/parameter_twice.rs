//! `port::parameter_twice`: A parameter given twice.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::parameter_twice",
    title: "A parameter given twice",
    stops: true,
    what: "The call names one parameter twice.",
    why: "PowerShell refuses the call when it is reached, and so does the ported script.",
    instead: "Take one of them away.",
    example: "Set-User alice -Office A -Office B",
};
