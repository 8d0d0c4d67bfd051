//! Get-, New-, Set- and Remove-DistributionGroup.
//!
//! Not simulated: room lists, naming policies, approval of members.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{Reading, find_one, identified, type_fits, unit_fits};
use super::writing::{alias_of, assign_all, assign_recipient, check_address, check_name, finish_change};
use super::{Each, Failure, Outcome, Spec};
use crate::sim::org::entry::{Class, Entry, EntryId};
use crate::sim::org::schema::{self, View};
use crate::sim::org::seed::DOMAIN;
use crate::sim::org::{canonical_name, value};

const OUTPUT: &str = "Microsoft.Exchange.Data.Directory.Management.DistributionGroup";

pub(super) fn specs() -> Vec<Spec> {
    vec![
        Spec {
            name: "Get-DistributionGroup",
            parameters: &[
                "Identity",
                "Anr",
                "Filter",
                "ManagedBy",
                "OrganizationalUnit",
                "RecipientTypeDetails",
                "ResultSize",
                "SortBy",
                "~IgnoreDefaultScope",
            ],
            output: OUTPUT,
            start: |_| Box::new(Each(get)),
        },
        Spec {
            name: "New-DistributionGroup",
            parameters: &["Name", "*", "Type", "Members", "PrimarySmtpAddress", "CopyOwnerToMember"],
            output: OUTPUT,
            start: |_| Box::new(Each(new)),
        },
        Spec {
            name: "Set-DistributionGroup",
            parameters: &[
                "Identity",
                "*",
                "Name",
                "EmailAddresses",
                "PrimarySmtpAddress",
                "WindowsEmailAddress",
                "~BypassSecurityGroupManagerCheck",
            ],
            output: "",
            start: |_| Box::new(Each(set)),
        },
        Spec {
            name: "Remove-DistributionGroup",
            parameters: &["Identity", "~BypassSecurityGroupManagerCheck"],
            output: "",
            start: |_| Box::new(Each(remove)),
        },
    ]
}

fn view() -> Result<&'static View, Halt> {
    schema::view("DistributionGroup").ok_or(Halt::Stopped)
}

fn get(call: &mut Call<'_>) -> Outcome {
    let view = view()?;
    let details = call.texts("RecipientTypeDetails");
    let unit = call.text("OrganizationalUnit");
    let owner = match call.text("ManagedBy") {
        None => None,
        Some(owner) => match find_one(call, &owner, Class::RECIPIENTS) {
            Ok(entry) => Some(canonical_name(&entry)),
            Err(failure) => return call.error(failure),
        },
    };
    let keeps = |entry: &Entry| {
        type_fits(&details, entry, true)
            && unit_fits(unit.as_deref(), entry)
            && owner.as_ref().is_none_or(|owner| entry.texts("ManagedBy").contains(owner))
    };
    Reading { view, classes: Class::GROUPS, keeps: &keeps }.each(call, &mut |call, entry| {
        let object = call.organization().object(entry, view);
        call.output(object)
    })
}

fn new(call: &mut Call<'_>) -> Outcome {
    let name = call.text("Name").unwrap_or_default();
    let security = call.text("Type").is_some_and(|kind| kind.eq_ignore_ascii_case("Security"));
    let class = if security { Class::SecurityGroup } else { Class::DistributionGroup };
    let now = call.organization().now();
    let mut entry = call.organization().write(|state| state.fresh(class, &name, now));
    let fill = |call: &Call<'_>, entry: &mut Entry| -> Result<Vec<EntryId>, Failure> {
        check_name(call, &name, entry)?;
        entry.set("DisplayName", name.as_str());
        entry.set("GroupType", if security { "Universal, SecurityEnabled" } else { "Universal" });
        entry.set("RequireSenderAuthenticationEnabled", true);
        assign_all(call, entry, &schema::view("DistributionGroup").into_iter().collect::<Vec<_>>())?;
        let alias = call.text("Alias").unwrap_or_else(|| alias_of(&name));
        let primary = call.text("PrimarySmtpAddress").unwrap_or_else(|| format!("{alias}@{DOMAIN}"));
        let primary = format!("SMTP:{primary}");
        check_address(call, entry, &primary)?;
        entry.set("EmailAddressPolicyEnabled", !call.given("PrimarySmtpAddress"));
        entry.set("EmailAddresses", value::addresses([primary]));
        entry.set("Alias", alias);
        if entry.text("SamAccountName").is_empty() {
            entry.set("SamAccountName", name.as_str());
        }
        let mut members = Vec::new();
        for member in call.texts("Members") {
            members.push(find_one(call, &member, Class::RECIPIENTS)?.id);
        }
        if call.flag("CopyOwnerToMember") {
            for owner in entry.texts("ManagedBy") {
                members.push(find_one(call, &owner, Class::RECIPIENTS)?.id);
            }
        }
        members.sort_unstable();
        members.dedup();
        Ok(members)
    };
    let members = match fill(call, &mut entry) {
        Ok(members) => members,
        Err(failure) => return call.error(failure),
    };
    if !call.should_process("New distribution group", &canonical_name(&entry))? {
        return Ok(());
    }
    call.organization().write(|state| state.set_members(entry.id, members));
    let object = call.organization().object(&entry, view()?);
    keep(call, entry);
    call.output(object)
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = view()?;
    let changed = identified(call, Class::GROUPS).and_then(|mut entry| {
        let changed = assign_recipient(call, &mut entry, view)?;
        Ok((entry, changed))
    });
    finish_change(call, "Set distribution group", changed)
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let entry = match identified(call, Class::GROUPS) {
        Ok(entry) => entry,
        Err(failure) => return call.error(failure),
    };
    if call.should_process("Remove distribution group", &canonical_name(&entry))? {
        call.organization().write(|state| state.remove(entry.id));
    }
    Ok(())
}
