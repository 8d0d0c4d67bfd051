//! Dynamic distribution groups: whom a filter finds when it is asked.
//!
//! Of the precanned filters, departments, companies and custom attribute 1 are turned into a filter.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{Reading, identified, result_size, unit_fits};
use super::writing::{alias_of, assign_all, assign_recipient, check_address, check_name, finish_change};
use super::{Each, Failure, Outcome, Spec};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::filter::Filter;
use crate::sim::org::schema::{self, View};
use crate::sim::org::seed::DOMAIN;
use crate::sim::org::{Walk, canonical_name, value};

const CLASSES: &[Class] = &[Class::DynamicGroup];

pub(super) fn specs() -> Vec<Spec> {
    vec![
        Spec {
            name: "Get-DynamicDistributionGroup",
            parameters: &["Identity", "Anr", "Filter", "OrganizationalUnit", "ResultSize", "SortBy"],
            output: "",
            start: |_| Box::new(Each(get)),
        },
        Spec {
            name: "New-DynamicDistributionGroup",
            parameters: &["Name", "*", "PrimarySmtpAddress"],
            output: "",
            start: |_| Box::new(Each(new)),
        },
        Spec {
            name: "Set-DynamicDistributionGroup",
            parameters: &["Identity", "*", "Name", "EmailAddresses", "PrimarySmtpAddress"],
            output: "",
            start: |_| Box::new(Each(set)),
        },
        Spec {
            name: "Remove-DynamicDistributionGroup",
            parameters: &["Identity"],
            output: "",
            start: |_| Box::new(Each(remove)),
        },
        Spec {
            name: "Get-DynamicDistributionGroupMember",
            parameters: &["Identity", "ResultSize"],
            output: "Microsoft.Exchange.Data.Directory.Management.ReducedRecipient",
            start: |_| Box::new(Each(members)),
        },
    ]
}

fn view() -> Result<&'static View, Halt> {
    schema::view("DynamicDistributionGroup").ok_or(Halt::Stopped)
}

fn get(call: &mut Call<'_>) -> Outcome {
    let view = view()?;
    let unit = call.text("OrganizationalUnit");
    let keeps = |entry: &Entry| unit_fits(unit.as_deref(), entry);
    Reading { view, classes: CLASSES, keeps: &keeps }.each(call, &mut |call, entry| {
        let object = call.organization().object(entry, view);
        call.output(object)
    })
}

/// The filter that the precanned conditions mean, unless one is given.
fn settle_filter(call: &Call<'_>, entry: &mut Entry) -> Result<(), Failure> {
    if let Some(text) = call.text("RecipientFilter") {
        Filter::parse(&text).map_err(|error| Failure::invalid("RecipientFilter", error.to_string()))?;
        entry.set("RecipientFilterType", "Custom");
        return Ok(());
    }
    let mut parts = Vec::new();
    let conditions = [
        ("ConditionalDepartment", "Department"),
        ("ConditionalCompany", "Company"),
        ("ConditionalStateOrProvince", "StateOrProvince"),
        ("ConditionalCustomAttribute1", "CustomAttribute1"),
    ];
    for (condition, property) in conditions {
        let any: Vec<String> = entry
            .texts(condition)
            .iter()
            .map(|text| format!("({property} -eq '{}')", text.replace('\'', "''")))
            .collect();
        if !any.is_empty() {
            parts.push(format!("({})", any.join(" -or ")));
        }
    }
    match entry.text("IncludedRecipients").as_str() {
        "" if parts.is_empty() => return Ok(()),
        "" | "AllRecipients" => {}
        "MailboxUsers" => parts.push("(RecipientType -eq 'UserMailbox')".to_owned()),
        "MailContacts" => parts.push("(RecipientType -eq 'MailContact')".to_owned()),
        "MailUsers" => parts.push("(RecipientType -eq 'MailUser')".to_owned()),
        "Resources" => parts.push("(ResourceType -ne $null)".to_owned()),
        _ => parts.push("(RecipientType -like 'MailUniversal*')".to_owned()),
    }
    let filter = if parts.is_empty() { "Alias -ne $null".to_owned() } else { parts.join(" -and ") };
    entry.set("RecipientFilter", filter);
    entry.set("RecipientFilterType", "Precanned");
    Ok(())
}

fn new(call: &mut Call<'_>) -> Outcome {
    let name = call.text("Name").unwrap_or_default();
    let now = call.organization().now();
    let mut entry = call.organization().write(|state| state.fresh(Class::DynamicGroup, &name, now));
    let view = view()?;
    let fill = |call: &Call<'_>, entry: &mut Entry| -> Result<(), Failure> {
        check_name(call, &name, entry)?;
        entry.set("DisplayName", name.as_str());
        assign_all(call, entry, &[view])?;
        settle_filter(call, entry)?;
        let alias = call.text("Alias").unwrap_or_else(|| alias_of(&name));
        let primary =
            format!("SMTP:{}", call.text("PrimarySmtpAddress").unwrap_or_else(|| format!("{alias}@{DOMAIN}")));
        check_address(call, entry, &primary)?;
        entry.set("EmailAddresses", value::addresses([primary]));
        entry.set("Alias", alias);
        Ok(())
    };
    if let Err(failure) = fill(call, &mut entry) {
        return call.error(failure);
    }
    if !call.should_process("New dynamic distribution group", &canonical_name(&entry))? {
        return Ok(());
    }
    let object = call.organization().object(&entry, view);
    keep(call, entry);
    call.output(object)
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = view()?;
    let changed = identified(call, CLASSES).and_then(|mut entry| {
        let changed = assign_recipient(call, &mut entry, view)?;
        settle_filter(call, &mut entry)?;
        Ok((entry, changed))
    });
    finish_change(call, "Set dynamic distribution group", changed)
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let entry = match identified(call, CLASSES) {
        Ok(entry) => entry,
        Err(failure) => return call.error(failure),
    };
    if call.should_process("Remove dynamic distribution group", &canonical_name(&entry))? {
        call.organization().write(|state| state.remove(entry.id));
    }
    Ok(())
}

fn members(call: &mut Call<'_>) -> Outcome {
    let group = match identified(call, CLASSES) {
        Ok(entry) => entry,
        Err(failure) => return call.error(failure),
    };
    let view = schema::view("Recipient").ok_or(Halt::Stopped)?;
    let (limit, _) = result_size(call)?;
    let Ok(filter) = Filter::parse(&group.text("RecipientFilter")) else { return Ok(()) };
    let mut walk = Walk::new(Class::RECIPIENTS);
    let mut shown = 0;
    while let Some(entry) = walk.next(call.organization()) {
        let organization = std::sync::Arc::clone(&call.context.organization);
        let mut property = |name: &str| match view.column(name) {
            Some(column) => organization.property(&entry, column),
            None => entry.get(name).cloned().unwrap_or(PsValue::Null),
        };
        if entry.id == group.id || !filter.fits(&mut property) {
            continue;
        }
        if shown == limit {
            return call
                .warning(&format!("there are more members than the {limit} returned; raise ResultSize to see them"));
        }
        shown += 1;
        let object = call.organization().object(&entry, view);
        call.output(object)?;
    }
    Ok(())
}
