//! What the simulator covers, told by the code that does it: cmdlets, parameters with an effect, and what is missing.
//!
//! Nothing is written down twice: the list is the one that sessions are offered.

use super::Release;
use super::cmdlet::CommandSet;
use super::org::schema;
use crate::catalog::Catalog;

/// One simulated cmdlet against its documentation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CmdletCoverage {
    /// Its name.
    pub cmdlet: String,
    /// Documented parameters that have an effect.
    pub handled: Vec<String>,
    /// Documented parameters that are taken and change nothing.
    pub without_effect: Vec<String>,
    /// Documented parameters of the release that are not offered.
    pub missing: Vec<String>,
    /// Behaviour that is not simulated, beyond parameters.
    pub differs: &'static str,
}

/// All cmdlets of the simulator in a release, by name. PowerShell's own commands are left out.
#[must_use]
pub fn coverage(release: Release) -> Vec<CmdletCoverage> {
    let everything = CommandSet::of(release, &["Organization Management".to_owned()]);
    let offered = everything.iter().filter_map(|definition| {
        let documented = Catalog::built_in().find(&definition.cmdlet.name)?;
        let taken = definition.cmdlet.parameters.iter().map(|parameter| parameter.name.to_string());
        let (without_effect, handled): (Vec<String>, Vec<String>) =
            taken.partition(|name| definition.without_effect.contains(&name.as_str()));
        let missing = documented
            .parameters
            .iter()
            .filter(|parameter| release.has(parameter.releases))
            .map(|parameter| parameter.name.to_string())
            .filter(|name| !handled.contains(name) && !without_effect.contains(name))
            .collect();
        let differs = differs(definition.cmdlet.noun());
        Some(CmdletCoverage { cmdlet: definition.cmdlet.name.to_string(), handled, without_effect, missing, differs })
    });
    offered.collect()
}

/// What a noun does not do here though Exchange does: its table says it, or it is said here.
fn differs(noun: &str) -> &'static str {
    if let Some(differs) = schema::view(noun).and_then(|view| view.differs) {
        return differs;
    }
    match noun {
        "Mailbox" => "no linked, arbitration, public folder or migration mailboxes; removed ones never expire",
        "SoftDeletedMailbox" | "StoreMailbox" => "removed mailboxes never expire",
        "MailboxStatistics" => "made-up sizes; no move history",
        "MailboxPermission" => "no inherited entries, no owners",
        "MailboxFolderPermission" | "MailboxFolderStatistics" => "a fixed set of folders",
        "ADPermission" | "RecipientPermission" => "only the right to send as",
        "DistributionGroup" | "DistributionGroupMember" => "no approval, no naming policy, no room lists",
        "DynamicDistributionGroup" | "DynamicDistributionGroupMember" => "not all precanned conditions",
        "MobileDevice" | "MobileDeviceStatistics" => "a wipe blocks and does not finish",
        "InboxRule" | "TransportRule" => "kept and shown, applied to no message",
        "RoleGroup" | "RoleGroupMember" | "ManagementRoleAssignment" | "ManagementRole" => {
            "kept and shown; what the simulator's users may do is fixed"
        }
        "Queue" | "Message" => "no mail comes in or goes out",
        "ExchangeCertificate" => "no key is behind a certificate",
        "MailboxDatabaseCopyStatus" | "MailboxDatabaseCopy" => "nothing is copied; a copy is as it was said to be",
        "MailboxDatabase" | "Database" => "no file is behind a database; mailboxes of a dismounted one still answer",
        "ExchangeServer" | "DatabaseAvailabilityGroup" => "kept and shown, nothing fails over",
        "UnifiedGroupLinks" => "guests are members like others",
        "MessageTrace" | "MessageTraceDetail" => {
            "a made-up picture of the last ten days; nothing that is sent appears in it"
        }
        "Recipient" | "User" | "CASMailbox" => "scopes change nothing",
        noun if noun.starts_with("EXO") => "sets of properties other than Minimum and All go by names of properties",
        "AdminAuditLogConfig" => "which cmdlets are logged is not decided by it",
        _ => "kept and shown, with no other effect",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_honest_about_what_is_missing() {
        let table = coverage(Release::ServerSe);
        assert!(table.len() >= 250, "{} cmdlets", table.len());
        let get = table.iter().find(|row| row.cmdlet == "Get-Mailbox").unwrap();
        assert!(get.handled.contains(&"Identity".to_owned()) && get.missing.contains(&"Arbitration".to_owned()));
        assert!(table.iter().all(|row| row.handled.iter().all(|name| !row.missing.contains(name))));
    }

    #[test]
    fn releases_cover_different_cmdlets() {
        let names = |release| coverage(release).into_iter().map(|row| row.cmdlet).collect::<Vec<_>>();
        let (online, se) = (names(Release::Online), names(Release::ServerSe));
        assert!(
            online.contains(&"Get-RecipientPermission".to_owned())
                && !se.contains(&"Get-RecipientPermission".to_owned())
        );
        assert!(se.contains(&"Get-Queue".to_owned()) && !online.contains(&"Get-Queue".to_owned()));
    }
}
