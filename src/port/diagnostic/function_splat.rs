//! `port::function_splat`: Splatting into a function of the script.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::function_splat",
    title: "Splatting into a function of the script",
    stops: false,
    what: "`MyFunction @parameters` passes a hashtable to a function of the script.",
    why: "Functions of Rhai have positions, not names: the call takes the entries one by one, so an entry that the function does not know is no longer an error.",
    instead: "Nothing need be done; passing the values directly reads better.",
    example: "function Get-Report($Days) { $Days }; $p = @{ Days = 7 }; Get-Report @p",
};
