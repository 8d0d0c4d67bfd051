//! `port::outside`: Processes, services, event logs, the registry, web requests.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::outside",
    title: "Processes, services, event logs, the registry, web requests",
    stops: false,
    what: "The command works on this computer or on the web, not on Exchange.",
    why: "exsh has no counterpart; the call is kept, and says so when it is reached.",
    instead: "Take it away, or do that step outside of the script.",
    example: "Get-Service MSExchangeTransport",
};
