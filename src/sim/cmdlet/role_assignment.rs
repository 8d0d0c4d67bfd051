//! Get-, New- and Remove-ManagementRoleAssignment, and Get-ManagementRoleEntry: which roles whom, and what is in a role.
//!
//! What the simulator's users may do is decided in `rbac`; assignments are kept and shown.

use super::mailbox::keep;
use super::reading::{find_one, identified, objects, show};
use super::role_group::assign_role;
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, schema, value};

const NOUN: &str = "ManagementRoleAssignment";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec(
            "Get-ManagementRoleAssignment",
            &["Identity", "Role", "RoleAssignee", "RoleAssigneeType", "Enabled", "GetEffectiveUsers"],
            |_| Box::new(Tries(get)),
        ),
        spec(
            "New-ManagementRoleAssignment",
            &["Name", "Role", "User", "SecurityGroup", "Policy", "CustomRecipientWriteScope", "Delegating"],
            |_| Box::new(Tries(new)),
        ),
        spec("Remove-ManagementRoleAssignment", &["Identity"], |_| Box::new(Tries(remove))),
        spec("Get-ManagementRoleEntry", &["Identity", "Parameters"], |_| Box::new(Tries(entries))),
    ]
}

/// Names by which an assignee is asked for: its own, those of its groups.
fn assignees(call: &Call<'_>, text: &str) -> Vec<String> {
    let mut names = vec![text.to_owned()];
    if let Ok(person) = find_one(call, text, Class::RECIPIENTS) {
        names.push(person.name.to_string());
        names.extend(groups_of(call, &person));
    }
    names
}

fn groups_of(call: &Call<'_>, person: &Entry) -> Vec<String> {
    let is_in = |group: &Entry| {
        let members = group.texts("Members");
        members.iter().any(|text| find_one(call, text, Class::RECIPIENTS).is_ok_and(|member| member.id == person.id))
    };
    objects(call, "RoleGroup").into_iter().filter(is_in).map(|group| group.name.to_string()).collect()
}

fn get(call: &mut Call<'_>) -> Attempt {
    let mut found = match call.text("Identity") {
        Some(_) => vec![identified(call, schema::config_classes(NOUN))?],
        None => objects(call, NOUN),
    };
    let assignees = call.text("RoleAssignee").map(|text| assignees(call, &text));
    let is = |wanted: Option<String>, own: String| wanted.is_none_or(|wanted| value::wildcard(&wanted, &own));
    found.retain(|one| {
        let enabled = one.get("Enabled").and_then(value::bool_of).unwrap_or(true);
        is(call.text("Role"), one.text("Role"))
            && is(call.text("RoleAssigneeType"), one.text("RoleAssigneeType"))
            && (!call.given("Enabled") || call.flag("Enabled") == enabled)
            && assignees
                .as_ref()
                .is_none_or(|names| names.iter().any(|name| name.eq_ignore_ascii_case(&one.text("RoleAssignee"))))
    });
    let effective = call.flag("GetEffectiveUsers");
    for assignment in found {
        if !effective {
            show(call, &assignment, NOUN)?;
            continue;
        }
        let group = find_one(call, &assignment.text("RoleAssignee"), schema::config_classes("RoleGroup"));
        let members = group.map_or_else(|_| vec![assignment.text("RoleAssignee")], |group| group.texts("Members"));
        for member in members {
            let name = find_one(call, &member, Class::RECIPIENTS).map_or(member, |entry| entry.name.to_string());
            let mut assignment = assignment.clone();
            assignment.set("EffectiveUserName", name);
            show(call, &assignment, NOUN)?;
        }
    }
    Ok(())
}

fn new(call: &mut Call<'_>) -> Attempt {
    let role = call.text("Role").unwrap_or_default();
    let role = find_one(call, &role, schema::config_classes("ManagementRole"))?.name.to_string();
    let (assignee, kind) = match (call.text("User"), call.text("SecurityGroup"), call.text("Policy")) {
        (Some(user), ..) => (find_one(call, &user, Class::ACCOUNTS)?.name.to_string(), "User"),
        (None, Some(group), _) => match find_one(call, &group, schema::config_classes("RoleGroup")) {
            Ok(group) => (group.name.to_string(), "RoleGroup"),
            Err(_) => (canonical_name(&find_one(call, &group, Class::GROUPS)?), "SecurityGroup"),
        },
        (None, None, policy) => {
            let policy = policy.unwrap_or_default();
            let policy = find_one(call, &policy, schema::config_classes("RoleAssignmentPolicy"))?;
            (policy.name.to_string(), "RoleAssignmentPolicy")
        }
    };
    let name = call.text("Name").unwrap_or_else(|| format!("{role}-{assignee}"));
    if find_one(call, &name, schema::config_classes(NOUN)).is_ok() {
        return Err(Failure::already_exists("role assignment", &name).into());
    }
    let scope = match call.text("CustomRecipientWriteScope") {
        Some(scope) => Some(find_one(call, &scope, schema::config_classes("ManagementScope"))?.name.to_string()),
        None => None,
    };
    if !call.should_process("New management role assignment", &name)? {
        return Ok(());
    }
    let mut entry = assign_role(call, &role, &assignee, kind);
    entry.name = name.into();
    if let Some(scope) = scope {
        entry.set("CustomRecipientWriteScope", scope);
        entry.set("RecipientWriteScope", "CustomRecipientScope");
    }
    if call.flag("Delegating") {
        entry.set("RoleAssignmentDelegationType", "DelegatingOrgWide");
    }
    keep(call, entry.clone());
    Ok(show(call, &entry, NOUN)?)
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let entry = identified(call, schema::config_classes(NOUN))?;
    let name = entry.name.to_string();
    if call.should_process("Remove management role assignment", &name)? {
        call.organization().write(|state| state.remove(entry.id));
    }
    Ok(())
}

/// Which cmdlets a role is about, of those that the simulator has.
fn is_in_role(role: &str, cmdlet: &str) -> bool {
    let patterns: &[&str] = match role {
        "Mail Recipients" => {
            &["*-Mailbox", "*-MailboxPermission", "*-CASMailbox", "*-User", "*-InboxRule", "*-Contact"]
        }
        "Mail Recipient Creation" => &["New-Mail*", "Remove-Mail*", "New-DistributionGroup"],
        "Distribution Groups" => &["*-DistributionGroup*", "*-DynamicDistributionGroup*"],
        "Role Management" => &["*-RoleGroup*", "*-ManagementRole*"],
        "Transport Rules" => &["*-TransportRule*"],
        "Message Tracking" => &["Get-MessageTrac*"],
        "Mailbox Search" => &["*-MailboxSearch", "*-ComplianceSearch*"],
        "Legal Hold" => &["Set-Mailbox"],
        "Audit Logs" => &["Search-*AuditLog", "*-AdminAuditLogConfig"],
        "Databases" => &["*-MailboxDatabase*", "Mount-Database", "Dismount-Database"],
        "Exchange Servers" => &["*-ExchangeServer", "*-MailboxServer", "*-TransportService", "*VirtualDirectory"],
        "Organization Configuration" => &["*-OrganizationConfig", "*-TransportConfig", "*-AcceptedDomain"],
        "View-Only Recipients" => &["Get-Mail*", "Get-User", "Get-Recipient", "Get-DistributionGroup*"],
        "View-Only Configuration" => &["Get-*Config", "Get-*Policy", "Get-*Connector", "Get-*Domain"],
        _ => &["Get-Mailbox", "Set-MailboxRegionalConfiguration"],
    };
    patterns.iter().any(|pattern| value::wildcard(pattern, cmdlet))
}

/// `Role\\Cmdlet`, both with wildcards.
fn entries(call: &mut Call<'_>) -> Attempt {
    let identity = call.text("Identity").unwrap_or_default();
    let Some((role, cmdlet)) = identity.split_once('\\') else {
        return Err(Failure::invalid("Identity", "An entry is named as Role\\Cmdlet; both may have wildcards.").into());
    };
    let view = schema::view("ManagementRoleEntry").ok_or(Halt::Stopped)?;
    let commands = std::sync::Arc::clone(&call.context.commands);
    let wanted = call.texts("Parameters");
    let roles = objects(call, "ManagementRole");
    for role in roles.iter().filter(|one| value::wildcard(role, &one.name)) {
        for definition in commands.iter() {
            let name = &*definition.cmdlet.name;
            let parameters: Vec<&str> = definition.cmdlet.parameters.iter().map(|one| &*one.name).collect();
            let has_all = wanted.iter().all(|one| parameters.iter().any(|own| value::wildcard(one, own)));
            if !has_all || !value::wildcard(cmdlet, name) || !is_in_role(&role.name, name) {
                continue;
            }
            let object = view.record(&[
                ("Name", name.into()),
                ("Role", (&*role.name).into()),
                ("Parameters", value::texts(parameters)),
                ("Identity", format!("{}\\{name}", role.name).into()),
            ]);
            call.output(object)?;
        }
    }
    Ok(())
}
