//! `port::cmdlet_object`: $PSCmdlet.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::cmdlet_object",
    title: "$PSCmdlet",
    stops: true,
    what: "`$PSCmdlet` tells a function about its call, and speaks for it.",
    why: "Functions of Rhai know nothing of their call. Carried over are `ShouldProcess`, as `should_process`, and `ParameterSetName`, where the parameters that are written decide it.",
    instead: "`throw` for `ThrowTerminatingError`, `read_host` for `ShouldContinue`.",
    example: "$PSCmdlet.ThrowTerminatingError($_)",
};
