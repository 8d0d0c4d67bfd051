//! `port::directory_cmdlet`: Commands of other modules.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::directory_cmdlet",
    title: "Commands of other modules",
    stops: true,
    what: "This command belongs to a module other than Exchange's: Active Directory, Microsoft Graph, SharePoint, Teams, Azure.",
    why: "exsh connects to Exchange, and those modules talk to other services.",
    instead: "Many of their reads have a counterpart in Exchange: `Get-ADUser` is `Get-User`, `Get-ADGroupMember` is `Get-DistributionGroupMember`. Otherwise keep that part in PowerShell.",
    example: "Get-ADUser alice",
};
