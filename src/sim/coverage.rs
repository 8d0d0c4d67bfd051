//! What the simulator covers, told by the code that does it: cmdlets, parameters with an effect, and what is missing.
//!
//! Nothing is written down twice: the list is the one that sessions are offered.

use super::Release;
use super::cmdlet::CommandSet;
use crate::catalog::Catalog;

/// One simulated cmdlet against its documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CmdletCoverage {
    /// Its name.
    pub cmdlet: String,
    /// Documented parameters that have an effect.
    pub handled: Vec<String>,
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
        let handled: Vec<String> =
            definition.cmdlet.parameters.iter().map(|parameter| parameter.name.to_string()).collect();
        let missing = documented
            .parameters
            .iter()
            .filter(|parameter| release.has(parameter.releases))
            .map(|parameter| parameter.name.to_string())
            .filter(|name| !handled.contains(name))
            .collect();
        let differs = differs(definition.cmdlet.noun());
        Some(CmdletCoverage { cmdlet: definition.cmdlet.name.to_string(), handled, missing, differs })
    });
    offered.collect()
}

/// What a noun does not do here though Exchange does.
fn differs(noun: &str) -> &'static str {
    match noun {
        "Mailbox" => "no linked, arbitration, public folder or migration mailboxes; removed ones are gone at once",
        "MailboxStatistics" => "made-up sizes; no move history, no disconnected mailboxes",
        "MailboxPermission" => "no inherited entries, no owners",
        "MailboxFolderPermission" | "MailboxFolderStatistics" => "a fixed set of folders",
        "ADPermission" | "RecipientPermission" => "only the right to send as",
        "DistributionGroup" | "DistributionGroupMember" => "no approval, no naming policy, no room lists",
        "DynamicDistributionGroup" | "DynamicDistributionGroupMember" => "not all precanned conditions",
        "MobileDevice" | "MobileDeviceStatistics" => "a wipe blocks and does not finish",
        "InboxRule" | "TransportRule" => "kept and shown, applied to no message",
        "RoleGroup" | "RoleGroupMember" => "members do not change what the simulator's users may do",
        "Queue" | "ExchangeCertificate" | "MailboxDatabaseCopyStatus" | "MigrationBatch" => "a fixed picture",
        "MailboxDatabase" | "ExchangeServer" | "DatabaseAvailabilityGroup" => {
            "kept and shown, nothing is mounted or moved"
        }
        "Recipient" | "User" | "CASMailbox" => "scopes are accepted and change nothing",
        _ => "kept and shown; no mail flows",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_honest_about_what_is_missing() {
        let table = coverage(Release::ServerSe);
        assert!(table.len() >= 110, "{} cmdlets", table.len());
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
