//! Get-, Add- and Remove-RoleGroupMember: who is in which role group.
//!
//! What a role group allows the users of the simulator is decided in `rbac`, not by these members.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{find_one, identified, result_size};
use super::{Each, Failure, Outcome, Spec};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, schema, value};

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, output, start| Spec { name, parameters, output, start };
    let member = "Microsoft.Exchange.Data.Directory.Management.ReducedRecipient";
    vec![
        spec("Get-RoleGroupMember", &["Identity", "ResultSize"], member, |_| Box::new(Each(get))),
        spec("Add-RoleGroupMember", &["Identity", "Member"], "", |_| Box::new(Each(|call| change(call, true)))),
        spec("Remove-RoleGroupMember", &["Identity", "Member"], "", |_| Box::new(Each(|call| change(call, false)))),
    ]
}

fn group(call: &Call<'_>) -> Result<Entry, Failure> {
    identified(call, schema::config_classes("RoleGroup"))
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
