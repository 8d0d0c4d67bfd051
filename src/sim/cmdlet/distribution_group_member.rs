//! Get-, Add-, Remove- and Update-DistributionGroupMember.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{find_one, identified, result_size};
use super::writing::changed_list;
use super::{Attempt, Each, Failure, Outcome, Spec, Tries};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, schema, value};

pub(super) fn specs() -> Vec<Spec> {
    vec![
        Spec {
            name: "Get-DistributionGroupMember",
            parameters: &["Identity", "ResultSize", "~IgnoreDefaultScope"],
            output: "Microsoft.Exchange.Data.Directory.Management.ReducedRecipient",
            start: |_| Box::new(Each(get)),
        },
        Spec {
            name: "Add-DistributionGroupMember",
            parameters: &["Identity", "Member", "~BypassSecurityGroupManagerCheck"],
            output: "",
            start: |_| Box::new(Each(add)),
        },
        Spec {
            name: "Remove-DistributionGroupMember",
            parameters: &["Identity", "Member", "~BypassSecurityGroupManagerCheck"],
            output: "",
            start: |_| Box::new(Each(remove)),
        },
        Spec {
            name: "Update-DistributionGroupMember",
            parameters: &["Identity", "Members"],
            output: "",
            start: |_| Box::new(Tries(update)),
        },
    ]
}

fn get(call: &mut Call<'_>) -> Outcome {
    let entry = match identified(call, Class::GROUPS) {
        Ok(entry) => entry,
        Err(failure) => return call.error(failure),
    };
    let view = schema::view("Recipient").ok_or(Halt::Stopped)?;
    let (limit, _) = result_size(call)?;
    let members = call.organization().read(|state| state.members(entry.id));
    let more = members.len() > limit;
    for member in members.iter().take(limit) {
        let object = call.organization().object(member, view);
        call.output(object)?;
    }
    if more {
        call.warning(&format!("there are more members than the {limit} returned; raise ResultSize to see them"))?;
    }
    Ok(())
}

fn both(call: &Call<'_>) -> Result<(Entry, Entry), Failure> {
    let group = identified(call, Class::GROUPS)?;
    let member = find_one(call, &call.text("Member").unwrap_or_default(), Class::RECIPIENTS)?;
    Ok((group, member))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let (group, member) = match both(call) {
        Ok(both) => both,
        Err(failure) => return call.error(failure),
    };
    let mut members: Vec<_> = call.organization().read(|state| state.members(group.id)).iter().map(|m| m.id).collect();
    if members.contains(&member.id) {
        let message = format!(
            "The recipient \"{}\" is already a member of the group \"{}\".",
            canonical_name(&member),
            group.name
        );
        return call.error(Failure::refused(message));
    }
    if group.id == member.id {
        return call.error(Failure::refused(format!("The group \"{}\" cannot be a member of itself.", group.name)));
    }
    let operation = format!("Add member \"{}\" to distribution group", canonical_name(&member));
    if call.should_process(&operation, &canonical_name(&group))? {
        members.push(member.id);
        call.organization().write(|state| state.set_members(group.id, members));
        keep(call, group);
    }
    Ok(())
}

/// Replaces all members.
fn update(call: &mut Call<'_>) -> Attempt {
    let group = identified(call, Class::GROUPS)?;
    let old: Vec<_> = call.organization().read(|state| state.members(group.id)).iter().map(|m| m.id).collect();
    let names =
        call.organization().read(|state| state.members(group.id)).iter().map(canonical_name).collect::<Vec<_>>();
    let mut members = Vec::new();
    if let Some(given) = call.value("Members") {
        for member in changed_list(given, &value::texts(names), &|text| Ok(text))? {
            let member = find_one(call, &member, Class::RECIPIENTS)?;
            if member.id == group.id {
                return Err(
                    Failure::refused(format!("The group \"{}\" cannot be a member of itself.", group.name)).into()
                );
            }
            members.push(member.id);
        }
    }
    members.sort_unstable();
    members.dedup();
    if members == old {
        let name = canonical_name(&group);
        return Ok(call.warning(&format!("nothing of \"{name}\" was changed: it was all as asked"))?);
    }
    if call.should_process("Update members of distribution group", &canonical_name(&group))? {
        call.organization().write(|state| state.set_members(group.id, members));
        keep(call, group);
    }
    Ok(())
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let (group, member) = match both(call) {
        Ok(both) => both,
        Err(failure) => return call.error(failure),
    };
    let mut members: Vec<_> = call.organization().read(|state| state.members(group.id)).iter().map(|m| m.id).collect();
    let before = members.len();
    members.retain(|id| *id != member.id);
    if members.len() == before {
        let message =
            format!("The recipient \"{}\" isn't a member of the group \"{}\".", canonical_name(&member), group.name);
        return call.error(Failure::refused(message));
    }
    let operation = format!("Remove member \"{}\" from distribution group", canonical_name(&member));
    if call.should_process(&operation, &canonical_name(&group))? {
        call.organization().write(|state| state.set_members(group.id, members));
        keep(call, group);
    }
    Ok(())
}
