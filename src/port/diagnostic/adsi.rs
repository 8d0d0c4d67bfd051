//! `port::adsi`: LDAP through `[ADSI]`.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::adsi",
    title: "LDAP through [ADSI]",
    stops: true,
    what: "`[ADSI]` and `[ADSISearcher]` talk LDAP to a domain controller.",
    why: "exsh speaks to Exchange only. It opens no other connections.",
    instead: "Ask Exchange: `Get-User`, `Get-Group`, `Get-Recipient` and `Get-Contact` read most of what scripts look up in the directory.",
    example: "[ADSI]\"LDAP://CN=Alice,DC=contoso,DC=com\"",
};
