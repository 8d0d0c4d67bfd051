//! Get-, New-, Set- and Remove-UnifiedGroup: groups of Microsoft 365.
//!
//! Members, owners and subscribers are in `unified_group_links`. A group is gone at once when it is removed.

use super::mailbox::keep;
use super::reading::{Reading, find_one, identified};
use super::writing::{alias_of, assign_all, assign_recipient, check_address, check_name, finish_change};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema::{self, View};
use crate::sim::org::seed::DOMAIN;
use crate::sim::org::{canonical_name, value};

pub(super) const CLASSES: &[Class] = &[Class::UnifiedGroup];

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-UnifiedGroup", &["Identity", "Anr", "Filter", "ResultSize", "SortBy"], |_| Box::new(Each(get))),
        spec(
            "New-UnifiedGroup",
            &["DisplayName", "*", "Name", "Members", "Owner", "PrimarySmtpAddress", "EmailAddresses"],
            |_| Box::new(Tries(new)),
        ),
        spec("Set-UnifiedGroup", &["Identity", "*", "EmailAddresses", "PrimarySmtpAddress"], |_| Box::new(Each(set))),
        spec("Remove-UnifiedGroup", &["Identity", "Force"], |_| Box::new(Tries(remove))),
    ]
}

fn view() -> Result<&'static View, Halt> {
    schema::view("UnifiedGroup").ok_or(Halt::Stopped)
}

fn show(call: &mut Call<'_>, entry: &Entry) -> Outcome {
    let mut entry = entry.clone();
    let members = call.organization().read(|state| state.members(entry.id));
    let outside = members.iter().filter(|member| matches!(member.class, Class::MailContact | Class::MailUser)).count();
    let number = |count: usize| PsValue::I32(i32::try_from(count).unwrap_or(i32::MAX));
    entry.set("GroupMemberCount", number(members.len()));
    entry.set("GroupExternalMemberCount", number(outside));
    entry.set("ManagedByDetails", value::references(entry.texts("ManagedBy")));
    let object = call.organization().object(&entry, view()?);
    call.output(object)
}

fn get(call: &mut Call<'_>) -> Outcome {
    Reading { view: view()?, classes: CLASSES, keeps: &|_| true }.each(call, &mut show)
}

fn new(call: &mut Call<'_>) -> Attempt {
    let display = call.text("DisplayName").unwrap_or_default();
    let name = call.text("Name").or_else(|| call.text("Alias")).unwrap_or_else(|| alias_of(&display));
    let now = call.organization().now();
    let mut entry = call.organization().write(|state| state.fresh(Class::UnifiedGroup, &name, now));
    check_name(call, &name, &entry)?;
    entry.set("RequireSenderAuthenticationEnabled", true);
    assign_all(call, &mut entry, &[view()?])?;
    entry.set("DisplayName", display.as_str());
    let alias = call.text("Alias").unwrap_or_else(|| alias_of(&display));
    let primary = call.text("PrimarySmtpAddress").unwrap_or_else(|| format!("{alias}@{DOMAIN}"));
    let mut addresses = vec![format!("SMTP:{primary}")];
    addresses.extend(call.texts("EmailAddresses").into_iter().filter(|address| !address.starts_with("SMTP:")));
    for address in &addresses {
        check_address(call, &entry, address)?;
    }
    entry.set("EmailAddresses", value::addresses(addresses));
    entry.set("Alias", alias);
    // Who makes a group owns it, unless somebody else is named.
    let owner = call.text("Owner").unwrap_or_else(|| call.context.user.clone());
    let owner = match find_one(call, &owner, Class::RECIPIENTS) {
        Ok(owner) => Some(owner),
        Err(failure) if call.given("Owner") => return Err(failure.into()),
        Err(_) => None,
    };
    let mut members = Vec::new();
    for member in call.texts("Members") {
        members.push(find_one(call, &member, Class::RECIPIENTS)?.id);
    }
    members.extend(owner.as_ref().map(|owner| owner.id));
    members.sort_unstable();
    members.dedup();
    entry.set("ManagedBy", value::references(owner.iter().map(canonical_name)));
    if !call.should_process("New Microsoft 365 group", &display)? {
        return Ok(());
    }
    call.organization().write(|state| state.set_members(entry.id, members));
    keep(call, entry.clone());
    Ok(show(call, &entry)?)
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = view()?;
    let changed = identified(call, CLASSES).and_then(|mut entry| {
        let changed = assign_recipient(call, &mut entry, view)?;
        Ok((entry, changed))
    });
    finish_change(call, "Set Microsoft 365 group", changed)
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let entry = identified(call, CLASSES)?;
    if call.should_process("Remove Microsoft 365 group", &canonical_name(&entry))? {
        call.organization().write(|state| state.remove(entry.id));
    }
    Ok(())
}

/// Owners of a group by their paths; a group without any is nobody's.
pub(super) fn owners(entry: &Entry) -> Vec<String> {
    entry.texts("ManagedBy")
}

/// Fails when somebody is not who the group is about.
pub(super) fn not_in(group: &Entry, who: &Entry, role: &str) -> Failure {
    Failure::refused(format!("\"{}\" is no {role} of \"{}\".", who.name, group.name))
}
