//! `port::cmdlet_object`: $PSCmdlet.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::cmdlet_object",
    title: "$PSCmdlet",
    stops: true,
    what: "`$PSCmdlet` tells a function about its call: its parameter set, whether to go on.",
    why: "Functions of Rhai know nothing of their call. Only `ShouldProcess` is carried over, as `should_process`.",
    instead: "Ask for the parameters themselves (`if Id != ()`); `throw` for `ThrowTerminatingError`, `read_host` for `ShouldContinue`.",
    example: "switch ($PSCmdlet.ParameterSetName) { 'ById' { $Id } }",
};
