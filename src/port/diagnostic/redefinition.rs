//! `port::redefinition`: A function defined twice.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::redefinition",
    title: "A function defined twice",
    stops: true,
    what: "The script defines a function of this name before; PowerShell uses whichever was defined last when it is called.",
    why: "A script of Rhai has one function of a name.",
    instead: "Give the second one a name of its own, or keep the one that is meant.",
    example: "function Get-X { 1 }; function Get-X { 2 }",
};
