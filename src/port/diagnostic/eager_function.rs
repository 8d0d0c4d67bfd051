//! `port::eager_function`: Functions whose output is collected first.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::eager_function",
    title: "Functions whose output is collected first",
    stops: false,
    what: "A function that writes to the console is the beginning of a pipeline.",
    why: "PowerShell hands each object on before the function goes on; a function of Rhai ends first, so its messages come before those of the next stages.",
    instead: "Let the function do the work of the next stage too, or write its messages after the chain.",
    example: "function Get-Row { Write-Host working; 1 }; Get-Row | ForEach-Object { $_ }",
};
