//! Get-, Add- and Remove-DistributionGroupMember.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{find_one, identified, result_size};
use super::{Each, Failure, Outcome, Spec};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, schema};

pub(super) fn specs() -> Vec<Spec> {
    vec![
        Spec {
            name: "Get-DistributionGroupMember",
            parameters: &["Identity", "ResultSize", "IgnoreDefaultScope"],
            output: "Microsoft.Exchange.Data.Directory.Management.ReducedRecipient",
            start: |_| Box::new(Each(get)),
        },
        Spec {
            name: "Add-DistributionGroupMember",
            parameters: &["Identity", "Member", "BypassSecurityGroupManagerCheck"],
            output: "",
            start: |_| Box::new(Each(add)),
        },
        Spec {
            name: "Remove-DistributionGroupMember",
            parameters: &["Identity", "Member", "BypassSecurityGroupManagerCheck"],
            output: "",
            start: |_| Box::new(Each(remove)),
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
