//! Roles: which cmdlets and parameters a role group allows. A user with several groups may do what any of them allows.
//!
//! Scopes (which recipients) are not simulated.

/// What a role group allows.
struct RoleGroup {
    name: &'static str,
    /// Cmdlet names, `*` for any run of letters.
    cmdlets: &'static [&'static str],
    /// Parameters that it does not allow, as `Cmdlet:Parameter`.
    hidden: &'static [&'static str],
}

/// Every session needs these to be imported and used.
const ALWAYS: &[&str] = &["Get-Command", "Get-FormatData", "Get-Help", "Select-Object", "Measure-Object"];

const ROLE_GROUPS: &[RoleGroup] = &[
    RoleGroup { name: "Organization Management", cmdlets: &["*"], hidden: &[] },
    RoleGroup {
        name: "Recipient Management",
        cmdlets: &[
            "Get-*",
            "*-Mailbox",
            "*-CASMailbox",
            "*-MailboxPermission",
            "*-DistributionGroup*",
            "*-User",
            "*-Mail*",
            "*-Contact",
        ],
        hidden: &["Set-Mailbox:LitigationHoldEnabled", "Set-Mailbox:LitigationHoldDuration"],
    },
    RoleGroup {
        name: "Help Desk",
        cmdlets: &["Get-*", "Set-User", "Set-CASMailbox"],
        hidden: &["Get-Mailbox:Arbitration", "Set-User:Manager"],
    },
    RoleGroup { name: "View-Only Organization Management", cmdlets: &["Get-*"], hidden: &[] },
];

fn groups(names: &[String]) -> impl Iterator<Item = &'static RoleGroup> {
    ROLE_GROUPS.iter().filter(|group| names.iter().any(|name| name.eq_ignore_ascii_case(group.name)))
}

fn in_group(group: &RoleGroup, cmdlet: &str) -> bool {
    group.cmdlets.iter().any(|pattern| super::org::value::wildcard(pattern, cmdlet))
}

/// Whether one of the role groups allows the cmdlet.
pub(crate) fn allows(role_groups: &[String], cmdlet: &str) -> bool {
    ALWAYS.contains(&cmdlet) || groups(role_groups).any(|group| in_group(group, cmdlet))
}

/// Whether one of the role groups that allow the cmdlet allows this parameter of it.
pub(crate) fn allows_parameter(role_groups: &[String], cmdlet: &str, parameter: &str) -> bool {
    let hides = |group: &RoleGroup| {
        group
            .hidden
            .iter()
            .filter_map(|entry| entry.split_once(':'))
            .any(|(name, hidden)| name == cmdlet && hidden == parameter)
    };
    ALWAYS.contains(&cmdlet) || groups(role_groups).any(|group| in_group(group, cmdlet) && !hides(group))
}

/// Whether a user with these groups may sign in at all.
pub(crate) fn is_anyone(role_groups: &[String]) -> bool {
    groups(role_groups).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_desk_reads_mailboxes_and_does_not_set_them() {
        let groups = ["Help Desk".to_owned()];
        assert!(allows(&groups, "Get-Mailbox"));
        assert!(!allows(&groups, "Set-Mailbox"));
        assert!(!allows_parameter(&groups, "Get-Mailbox", "Arbitration"));
        assert!(allows_parameter(&groups, "Get-Mailbox", "Identity"));
    }

    #[test]
    fn two_groups_allow_what_either_allows() {
        let groups = ["Help Desk".to_owned(), "Organization Management".to_owned()];
        assert!(allows(&groups, "Remove-Mailbox"));
        assert!(allows_parameter(&groups, "Get-Mailbox", "Arbitration"));
    }

    #[test]
    fn someone_without_a_known_group_may_nothing() {
        assert!(!is_anyone(&["Stamp Collectors".to_owned()]));
    }
}
