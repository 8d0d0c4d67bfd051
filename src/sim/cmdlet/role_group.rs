//! New-, Set- and Remove-RoleGroup, and Get-, Add-, Remove- and Update-RoleGroupMember: role groups and who is in them.
//!
//! What a role group allows the users of the simulator is decided in `rbac`, not by these members.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{find_one, identified, objects, result_size, show};
use super::writing::{changed_list, check_name};
use super::{Attempt, Each, Failure, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, schema, value};

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, output, start| Spec { name, parameters, output, start };
    let member = "Microsoft.Exchange.Data.Directory.Management.ReducedRecipient";
    vec![
        spec("New-RoleGroup", &["Name", "DisplayName", "Description", "Roles", "Members", "ManagedBy"], "", |_| {
            Box::new(Tries(new))
        }),
        spec("Set-RoleGroup", &["Identity", "Name", "DisplayName", "Description", "ManagedBy"], "", |_| {
            Box::new(Tries(set))
        }),
        spec("Remove-RoleGroup", &["Identity", "Force"], "", |_| Box::new(Tries(remove))),
        spec("Update-RoleGroupMember", &["Identity", "Members"], "", |_| Box::new(Tries(update))),
        spec("Get-RoleGroupMember", &["Identity", "ResultSize"], member, |_| Box::new(Each(get))),
        spec("Add-RoleGroupMember", &["Identity", "Member"], "", |_| Box::new(Each(|call| change(call, true)))),
        spec("Remove-RoleGroupMember", &["Identity", "Member"], "", |_| Box::new(Each(|call| change(call, false)))),
    ]
}

fn group(call: &Call<'_>) -> Result<Entry, Failure> {
    identified(call, schema::config_classes("RoleGroup"))
}

fn people(call: &Call<'_>, texts: &[String]) -> Result<Vec<String>, Failure> {
    texts.iter().map(|text| find_one(call, text, Class::RECIPIENTS).map(|entry| canonical_name(&entry))).collect()
}

fn new(call: &mut Call<'_>) -> Attempt {
    let name = call.text("Name").unwrap_or_default();
    let now = call.organization().now();
    let mut group = call.organization().write(|state| state.fresh(Class::Config("RoleGroup"), &name, now));
    check_name(call, &name, &group)?;
    let mut roles = Vec::new();
    for role in call.texts("Roles") {
        roles.push(find_one(call, &role, schema::config_classes("ManagementRole"))?.name.to_string());
    }
    let members = people(call, &call.texts("Members"))?;
    group.set("DisplayName", call.text("DisplayName").unwrap_or_else(|| name.clone()));
    group.set("Description", call.text("Description").unwrap_or_default());
    let managers = call.texts("ManagedBy");
    let managers = if managers.is_empty() { vec!["Organization Management".to_owned()] } else { managers };
    group.set("ManagedBy", value::texts(managers));
    group.set("Roles", value::texts(&roles));
    group.set("AssignedRoles", value::texts(&roles));
    group.set("Members", value::texts(members));
    group.set("RoleGroupType", "Standard");
    if call.should_process("New role group", &name)? {
        for role in &roles {
            assign_role(call, role, &name, "RoleGroup");
        }
        keep(call, group.clone());
        show(call, &group, "RoleGroup")?;
    }
    Ok(())
}

fn set(call: &mut Call<'_>) -> Attempt {
    let mut group = group(call)?;
    let old = group.name.to_string();
    if let Some(name) = call.text("Name").filter(|name| *name != old) {
        check_name(call, &name, &group)?;
        group.name = name.into();
    }
    for property in ["DisplayName", "Description"] {
        if let Some(text) = call.text(property) {
            group.set(property, text);
        }
    }
    if let Some(given) = call.value("ManagedBy") {
        let managers = changed_list(given, group.get("ManagedBy").unwrap_or(&PsValue::Null), &|text| Ok(text))?;
        group.set("ManagedBy", value::texts(managers));
    }
    if call.should_process("Set role group", &old)? {
        keep(call, group);
    }
    Ok(())
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let group = group(call)?;
    if BUILT_IN.contains(&&*group.name) {
        return Err(Failure::refused(format!("\"{}\" is built in and cannot be removed.", group.name)).into());
    }
    let name = group.name.to_string();
    if call.should_process("Remove role group", &name)? {
        for assignment in objects(call, "ManagementRoleAssignment") {
            if assignment.text("RoleAssignee") == name {
                call.organization().write(|state| state.remove(assignment.id));
            }
        }
        call.organization().write(|state| state.remove(group.id));
    }
    Ok(())
}

const BUILT_IN: &[&str] =
    &["Organization Management", "Recipient Management", "Help Desk", "View-Only Organization Management"];

fn update(call: &mut Call<'_>) -> Attempt {
    let mut group = group(call)?;
    let old = group.get("Members").cloned().unwrap_or(PsValue::Null);
    let members = match call.value("Members") {
        Some(given) => people(call, &changed_list(given, &old, &|text| Ok(text))?)?,
        None => Vec::new(),
    };
    let name = group.name.to_string();
    if call.should_process("Update members of role group", &name)? {
        group.set("Members", value::texts(members));
        keep(call, group);
    }
    Ok(())
}

/// Writes down that somebody has a role; what is written down is shown, and allows nobody anything.
pub(super) fn assign_role(call: &Call<'_>, role: &str, assignee: &str, kind: &str) -> Entry {
    let now = call.organization().now();
    let name = format!("{role}-{assignee}");
    let mut entry =
        call.organization().write(|state| state.fresh(Class::Config("ManagementRoleAssignment"), &name, now));
    for (property, text) in [
        ("Role", role),
        ("RoleAssigneeName", assignee),
        ("RoleAssignee", assignee),
        ("RoleAssigneeType", kind),
        ("AssignmentMethod", "Direct"),
        ("RoleAssignmentDelegationType", "Regular"),
        ("RecipientReadScope", "Organization"),
        ("RecipientWriteScope", "Organization"),
        ("ConfigWriteScope", "OrganizationConfig"),
        ("EffectiveUserName", "All Group Members"),
    ] {
        entry.set(property, text);
    }
    keep(call, entry.clone());
    entry
}

fn get(call: &mut Call<'_>) -> Outcome {
    let group = match group(call) {
        Ok(group) => group,
        Err(failure) => return call.error(failure),
    };
    let view = schema::view("Recipient").ok_or(Halt::Stopped)?;
    let (limit, _) = result_size(call)?;
    for name in group.texts("Members").into_iter().take(limit) {
        // A member who was removed since is no member.
        if let Ok(entry) = find_one(call, &name, Class::RECIPIENTS) {
            let object = call.organization().object(&entry, view);
            call.output(object)?;
        }
    }
    Ok(())
}

fn change(call: &mut Call<'_>, adds: bool) -> Outcome {
    let found = group(call)
        .and_then(|group| Ok((group, find_one(call, &call.text("Member").unwrap_or_default(), Class::RECIPIENTS)?)));
    let (mut group, member) = match found {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let mut members = group.texts("Members");
    let is_member = |name: &String| find_one(call, name, Class::RECIPIENTS).is_ok_and(|entry| entry.id == member.id);
    let at = members.iter().position(is_member);
    match (adds, at) {
        (true, Some(_)) => {
            let message = format!("\"{}\" is already a member of the group \"{}\".", member.name, group.name);
            return call.error(Failure::refused(message));
        }
        (false, None) => {
            let message = format!("\"{}\" isn't a member of the group \"{}\".", member.name, group.name);
            return call.error(Failure::refused(message));
        }
        (true, None) => members.push(canonical_name(&member)),
        (false, Some(at)) => {
            members.remove(at);
        }
    }
    let operation = if adds { "Add member to role group" } else { "Remove member from role group" };
    let name = group.name.to_string();
    if call.should_process(operation, &name)? {
        group.set("Members", value::texts(members));
        keep(call, group);
    }
    Ok(())
}
