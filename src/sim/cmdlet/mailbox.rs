//! Get-, Set-, New-, Remove-, Enable- and Disable-Mailbox.
//!
//! What becomes of a mailbox without its owner is in `mailbox_gone`. Not simulated: linked, arbitration, public folder and
//! migration mailboxes; mailbox plans.

use super::call::{Call, Halt};
use super::reading::{Reading, find_one, identified, server_called, short_name, type_fits, unit_fits};
use super::writing::{alias_of, assign_all, assign_recipient, check_address, check_name, finish_change};
use super::{Attempt, Each, Failure, Outcome, Spec, Tries, mailbox_gone};
use crate::clixml::PsValue;
use crate::sim::Release;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::history::is_held;
use crate::sim::org::schema::{self, View};
use crate::sim::org::seed::{DOMAIN, server_of};
use crate::sim::org::{canonical_name, value};

const OUTPUT: &str = "Microsoft.Exchange.Data.Directory.Management.Mailbox";

pub(super) fn specs() -> Vec<Spec> {
    vec![
        Spec {
            name: "Get-Mailbox",
            parameters: &[
                "Identity",
                "Anr",
                "Archive",
                "Database",
                "Server",
                "Filter",
                "OrganizationalUnit",
                "RecipientTypeDetails",
                "ResultSize",
                "SortBy",
                "~ReadFromDomainController",
                "?InactiveMailboxOnly",
                "?IncludeInactiveMailbox",
                "?SoftDeletedMailbox",
            ],
            output: OUTPUT,
            start: |_| Box::new(Tries(get)),
        },
        Spec {
            name: "Set-Mailbox",
            parameters: &[
                "Identity",
                "*",
                "Name",
                "EmailAddresses",
                "PrimarySmtpAddress",
                "WindowsEmailAddress",
                "Type",
                "Password",
                "Force",
            ],
            output: "",
            start: |_| Box::new(Each(set)),
        },
        Spec {
            name: "New-Mailbox",
            parameters: &[
                "Name",
                "Password",
                "UserPrincipalName",
                "Alias",
                "DisplayName",
                "FirstName",
                "LastName",
                "Database",
                "PrimarySmtpAddress",
                "Shared",
                "Room",
                "Equipment",
                "Office",
                "Phone",
                "ResourceCapacity",
                "RetentionPolicy",
                "ResetPasswordOnNextLogon",
                "SamAccountName",
                "Archive",
                "Initials",
            ],
            output: OUTPUT,
            start: |_| Box::new(Each(new)),
        },
        Spec {
            name: "Remove-Mailbox",
            parameters: &["Identity", "Permanent", "?PermanentlyDelete", "IgnoreLegalHold", "Force"],
            output: "",
            start: |_| Box::new(Tries(remove)),
        },
        Spec {
            name: "Enable-Mailbox",
            parameters: &[
                "Identity",
                "Alias",
                "Database",
                "DisplayName",
                "PrimarySmtpAddress",
                "Shared",
                "Room",
                "Equipment",
                "Archive",
                "ArchiveName",
                "ArchiveDatabase",
            ],
            output: OUTPUT,
            start: |_| Box::new(Each(enable)),
        },
        Spec {
            name: "Disable-Mailbox",
            parameters: &["Identity", "Archive", "IgnoreLegalHold"],
            output: "",
            start: |_| Box::new(Tries(disable)),
        },
    ]
}

fn view() -> Result<&'static View, Halt> {
    schema::view("Mailbox").ok_or(Halt::Stopped)
}

fn get(call: &mut Call<'_>) -> Attempt {
    let view = view()?;
    let details = call.texts("RecipientTypeDetails");
    let database = call.text("Database").map(short_name);
    let unit = call.text("OrganizationalUnit");
    let server = call.text("Server").map(|server| server_called(call, &server)).transpose()?;
    let archive = call.flag("Archive");
    let keeps = |entry: &Entry| {
        type_fits(&details, entry, true)
            && unit_fits(unit.as_deref(), entry)
            && database.as_deref().is_none_or(|name| name.eq_ignore_ascii_case(&entry.text("Database")))
            && server.as_deref().is_none_or(|server| server == server_of(&entry.text("Database")))
            && (!archive || entry.text("ArchiveStatus") == "Active")
    };
    let [inactive, with_inactive, soft_deleted] =
        ["InactiveMailboxOnly", "IncludeInactiveMailbox", "SoftDeletedMailbox"].map(|name| call.flag(name));
    if inactive || soft_deleted {
        return mailbox_gone::list(call, view, &keeps, inactive);
    }
    let reading = Reading { view, classes: Class::MAILBOXES, keeps: &keeps };
    if with_inactive
        && let Some(identity) = call.text("Identity")
        && find_one(call, &identity, Class::MAILBOXES).is_err()
    {
        return mailbox_gone::list(call, view, &keeps, true);
    }
    reading.each(call, &mut |call, entry| {
        let object = call.organization().object(entry, view);
        call.output(object)
    })?;
    if with_inactive && !call.given("Identity") {
        return mailbox_gone::list(call, view, &keeps, true);
    }
    Ok(())
}

fn set(call: &mut Call<'_>) -> Outcome {
    let mut entry = match identified(call, Class::MAILBOXES) {
        Ok(entry) => entry,
        Err(failure) => return call.error(failure),
    };
    let view = view()?;
    let changes = |call: &Call<'_>, entry: &mut Entry| -> Result<bool, Failure> {
        let mut changed = assign_recipient(call, entry, view)?;
        changed |= assign_type(call, entry)?;
        check_quotas(entry)?;
        note_hold(call, entry);
        Ok(changed || call.given("Password"))
    };
    let changed = changes(call, &mut entry).map(|changed| (entry, changed));
    finish_change(call, "Set mailbox", changed)
}

/// -Type turns one kind of mailbox into another.
fn assign_type(call: &Call<'_>, entry: &mut Entry) -> Result<bool, Failure> {
    let Some(kind) = call.text("Type") else { return Ok(false) };
    let class = match kind.to_ascii_lowercase().as_str() {
        "regular" => Class::UserMailbox,
        "shared" => Class::SharedMailbox,
        "room" => Class::RoomMailbox,
        "equipment" => Class::EquipmentMailbox,
        _ => return Err(Failure::conversion("Type", &kind, "one of Regular, Shared, Room, Equipment")),
    };
    let changed = entry.class != class;
    entry.class = class;
    if changed && class != Class::UserMailbox {
        entry.set("AccountDisabled", true);
    }
    Ok(changed)
}

/// A warning comes before a send quota, and that before the last one.
fn check_quotas(entry: &Entry) -> Result<(), Failure> {
    let amount = |name: &str| entry.get(name).and_then(value::bytes_of).unwrap_or(u64::MAX);
    let ordered = amount("IssueWarningQuota") <= amount("ProhibitSendQuota")
        && amount("ProhibitSendQuota") <= amount("ProhibitSendReceiveQuota");
    if ordered {
        return Ok(());
    }
    Err(Failure::invalid(
        "ProhibitSendQuota",
        "IssueWarningQuota must not be larger than ProhibitSendQuota, nor that larger than ProhibitSendReceiveQuota.",
    ))
}

/// A hold remembers who set it and when.
fn note_hold(call: &Call<'_>, entry: &mut Entry) {
    if !call.given("LitigationHoldEnabled") {
        return;
    }
    if call.flag("LitigationHoldEnabled") {
        entry.set("LitigationHoldDate", value::local(call.organization().now()));
        entry.set("LitigationHoldOwner", call.context.user.as_str());
    } else {
        entry.set("LitigationHoldDate", PsValue::Null);
        entry.set("LitigationHoldOwner", "");
    }
}

/// Keeps an entry with a new date of change.
pub(super) fn keep(call: &Call<'_>, mut entry: Entry) {
    entry.changed = call.organization().now();
    call.organization().write(|state| state.put(entry));
}

fn kind_asked(call: &Call<'_>) -> Class {
    if call.flag("Shared") {
        Class::SharedMailbox
    } else if call.flag("Room") {
        Class::RoomMailbox
    } else if call.flag("Equipment") {
        Class::EquipmentMailbox
    } else {
        Class::UserMailbox
    }
}

fn new(call: &mut Call<'_>) -> Outcome {
    let name = call.text("Name").unwrap_or_default();
    let class = kind_asked(call);
    if class == Class::UserMailbox && !matches!(call.value("Password"), Some(PsValue::SecureString(_))) {
        let problem = "A mailbox of a person needs a password, as a SecureString.";
        return Err(call.fail(Failure::invalid("Password", problem)));
    }
    let now = call.organization().now();
    let mut entry = call.organization().write(|state| {
        let mut entry = state.fresh(class, &name, now);
        let guid = state.fresh_guid();
        entry.set("ExchangeGuid", PsValue::Guid(guid));
        entry
    });
    let fill = |call: &Call<'_>, entry: &mut Entry| -> Result<(), Failure> {
        check_name(call, &name, entry)?;
        entry.set("DisplayName", name.as_str());
        if class != Class::UserMailbox {
            entry.set("AccountDisabled", true);
        }
        let user = schema::view("User");
        let mailbox = schema::view("Mailbox");
        let views: Vec<&View> = mailbox.into_iter().chain(user).collect();
        assign_all(call, entry, &views)?;
        mail_enable(call, entry, &name)
    };
    if let Err(failure) = fill(call, &mut entry) {
        return call.error(failure);
    }
    if !call.should_process("New mailbox", &canonical_name(&entry))? {
        return Ok(());
    }
    let object = call.organization().object(&entry, view()?);
    keep(call, entry);
    call.output(object)
}

/// Gives alias, addresses, user name and database to what has none of them yet.
fn mail_enable(call: &Call<'_>, entry: &mut Entry, name: &str) -> Result<(), Failure> {
    let kept = Some(entry.text("UserPrincipalName")).filter(|upn| !upn.is_empty());
    let upn = call.text("UserPrincipalName").or(kept);
    let alias = call.text("Alias").unwrap_or_else(|| match upn.as_deref().and_then(|upn| upn.split_once('@')) {
        Some((local, _)) => alias_of(local),
        None => alias_of(name),
    });
    if alias_of(&alias) != alias {
        return Err(Failure::invalid("Alias", format!("\"{alias}\" has characters that an alias cannot have.")));
    }
    entry.set("UserPrincipalName", upn.unwrap_or_else(|| format!("{alias}@{DOMAIN}")));
    if entry.text("SamAccountName").is_empty() {
        entry.set("SamAccountName", alias.chars().take(20).collect::<String>());
    }
    if entry.text("Database").is_empty() {
        entry.set("Database", "DB01");
    }
    if call.flag("Archive") {
        switch_archive_on(call, entry);
    }
    let primary = format!("SMTP:{}", call.text("PrimarySmtpAddress").unwrap_or_else(|| format!("{alias}@{DOMAIN}")));
    check_address(call, entry, &primary)?;
    entry.set("EmailAddressPolicyEnabled", !call.given("PrimarySmtpAddress"));
    entry.set("EmailAddresses", value::addresses([primary]));
    let others = call.organization().read(|state| state.find(&alias, Class::RECIPIENTS));
    if others.iter().any(|other| other.id != entry.id && other.text("Alias").eq_ignore_ascii_case(&alias)) {
        return Err(Failure::already_exists("alias", &alias));
    }
    entry.set("Alias", alias);
    Ok(())
}

fn switch_archive_on(call: &Call<'_>, entry: &mut Entry) {
    entry.set("ArchiveStatus", "Active");
    entry.set("ArchiveDatabase", call.text("ArchiveDatabase").unwrap_or_else(|| entry.text("Database")));
    let names = call.texts("ArchiveName");
    let names = if names.is_empty() { vec![format!("In-Place Archive - {}", entry.name)] } else { names };
    entry.set("ArchiveName", value::texts(names));
}

/// On a server a mailbox on hold stays, unless somebody insists; online it becomes inactive.
fn check_hold(call: &Call<'_>, entry: &Entry) -> Result<(), Failure> {
    if call.context.release == Release::Online || !is_held(entry) || call.flag("IgnoreLegalHold") {
        return Ok(());
    }
    let name = canonical_name(entry);
    Err(Failure::refused(format!(
        "\"{name}\" is on litigation hold; IgnoreLegalHold takes the mailbox away all the same."
    )))
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let entry = identified(call, Class::MAILBOXES)?;
    check_hold(call, &entry)?;
    let for_good = call.flag("Permanent") || call.flag("PermanentlyDelete");
    if for_good && is_held(&entry) && !call.flag("IgnoreLegalHold") {
        let name = canonical_name(&entry);
        return Err(Failure::refused(format!("\"{name}\" is on hold and cannot be deleted for good.")).into());
    }
    if call.should_process("Remove mailbox", &canonical_name(&entry))? {
        let now = call.organization().now();
        call.organization().write(|state| {
            state.remove(entry.id);
            if !for_good {
                state.history_mut().bury(entry, now, "Disabled");
            }
        });
    }
    Ok(())
}

fn enable(call: &mut Call<'_>) -> Outcome {
    if call.flag("Archive") {
        return enable_archive(call);
    }
    let mut entry = match identified(call, &[Class::User]) {
        Ok(entry) => entry,
        Err(failure) => {
            // A user who has a mailbox already is another mistake than a user who does not exist.
            return match identified(call, Class::MAILBOXES) {
                Ok(entry) => {
                    let message = format!("\"{}\" has a mailbox already.", canonical_name(&entry));
                    call.error(Failure::refused(message))
                }
                Err(_) => call.error(failure),
            };
        }
    };
    entry.class = kind_asked(call);
    let name = entry.name.to_string();
    if let Some(database) = call.text("Database") {
        entry.set("Database", database);
    }
    if let Err(failure) = mail_enable(call, &mut entry, &name) {
        return call.error(failure);
    }
    let guid = call.organization().write(|state| state.fresh_guid());
    entry.set("ExchangeGuid", PsValue::Guid(guid));
    if !call.should_process("Enable mailbox", &canonical_name(&entry))? {
        return Ok(());
    }
    let object = call.organization().object(&entry, view()?);
    keep(call, entry);
    call.output(object)
}

fn enable_archive(call: &mut Call<'_>) -> Outcome {
    let mut entry = match identified(call, Class::MAILBOXES) {
        Ok(entry) => entry,
        Err(failure) => return call.error(failure),
    };
    if entry.text("ArchiveStatus") == "Active" {
        let message = format!("\"{}\" has an archive already.", canonical_name(&entry));
        return call.error(Failure::refused(message));
    }
    if !call.should_process("Enable archive of mailbox", &canonical_name(&entry))? {
        return Ok(());
    }
    switch_archive_on(call, &mut entry);
    let object = call.organization().object(&entry, view()?);
    keep(call, entry);
    call.output(object)
}

fn disable(call: &mut Call<'_>) -> Attempt {
    let mut entry = identified(call, Class::MAILBOXES)?;
    let archive = call.flag("Archive");
    check_hold(call, &entry)?;
    let operation = if archive { "Disable archive of mailbox" } else { "Disable mailbox" };
    if !call.should_process(operation, &canonical_name(&entry))? {
        return Ok(());
    }
    if archive {
        for property in ["ArchiveStatus", "ArchiveDatabase", "ArchiveName"] {
            entry.properties.remove(property);
        }
    } else {
        let (buried, now) = (entry.clone(), call.organization().now());
        call.organization().write(|state| state.history_mut().bury(buried, now, "Disabled"));
        entry.class = Class::User;
        for property in
            ["Alias", "EmailAddresses", "Database", "ExchangeGuid", "ForwardingAddress", "ForwardingSmtpAddress"]
        {
            entry.properties.remove(property);
        }
    }
    keep(call, entry);
    Ok(())
}
