//! `port::parameter_sets`: Parameter sets.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::parameter_sets",
    title: "Parameter sets",
    stops: false,
    what: "The parameters of a function form several sets, of which a call uses one.",
    why: "Functions of Rhai have one list of parameters: what is mandatory in one set only, and that two sets are not mixed, is not checked.",
    instead: "Check at the top of the function what has to be there: `required(\"Id\", Id);`.",
    example: "function Get-Info { param([Parameter(ParameterSetName = 'A')]$Name, [Parameter(ParameterSetName = 'B')]$Id) }",
};
