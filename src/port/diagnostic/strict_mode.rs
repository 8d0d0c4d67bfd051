//! `port::strict_mode`: Strict mode.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::strict_mode",
    title: "Strict mode",
    stops: false,
    what: "`Set-StrictMode` makes variables without value and missing properties errors.",
    why: "Rhai finds variables that are never declared before the script runs; a missing property gives nothing.",
    instead: "Nothing need be done, unless the script catches such errors on purpose.",
    example: "Set-StrictMode -Version Latest",
};
