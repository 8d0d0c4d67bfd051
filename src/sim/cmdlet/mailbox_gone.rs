//! Mailboxes that lost their owner: listed, connected again (Connect-Mailbox, Undo-SoftDeletedMailbox), or forgotten
//! (Remove-StoreMailbox).
//!
//! They are kept for ever: nothing expires.

use super::mailbox::keep;
use super::reading::{find_one, result_size, short_name};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::filter::Filter;
use crate::sim::org::schema::{self, View};
use crate::sim::org::{canonical_name, value};

const MAILBOX: &str = "Microsoft.Exchange.Data.Directory.Management.Mailbox";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, output, start| Spec { name, parameters, output, start };
    vec![
        spec(
            "Connect-Mailbox",
            &["Identity", "Database", "User", "Alias", "Shared", "Room", "Equipment", "Force"],
            "",
            |_| Box::new(Tries(connect)),
        ),
        spec(
            "Undo-SoftDeletedMailbox",
            &["SoftDeletedObject", "WindowsLiveID", "DisplayName", "Name", "Password"],
            MAILBOX,
            |_| Box::new(Tries(undo)),
        ),
        spec("Remove-StoreMailbox", &["Database", "Identity", "MailboxState"], "", |_| Box::new(Tries(forget))),
    ]
}

fn find(call: &Call<'_>, text: &str) -> Result<Entry, Failure> {
    let found = call.organization().read(|state| state.history().find_gone(text).cloned());
    found.ok_or_else(|| Failure::not_found(text, None))
}

/// Get-Mailbox of those that were removed; `inactive` for those that a hold keeps.
pub(super) fn list(
    call: &mut Call<'_>,
    view: &'static View,
    keeps: &dyn Fn(&Entry) -> bool,
    inactive: bool,
) -> Attempt {
    let is_inactive = |entry: &Entry| entry.get("IsInactiveMailbox").and_then(value::bool_of).unwrap_or(false);
    let mut found = match call.text("Identity") {
        Some(identity) => vec![find(call, &identity)?],
        None => call.organization().read(|state| state.history().gone().to_vec()),
    };
    found.retain(|entry| keeps(entry) && (!inactive || is_inactive(entry)));
    if let Some(text) = call.text("Filter") {
        let filter = Filter::parse(&text).map_err(|error| Failure::invalid("Filter", error.to_string()))?;
        let property = |entry: &Entry, name: &str| {
            view.column(name).map_or(PsValue::Null, |column| call.organization().property(entry, column))
        };
        found.retain(|entry| filter.fits(&mut |name| property(entry, name)));
    }
    let (limit, _) = result_size(call)?;
    for entry in found.iter().take(limit) {
        let object = call.organization().object(entry, view);
        call.output(object)?;
    }
    Ok(())
}

/// Those of a database, for its statistics.
pub(super) fn of_database(call: &Call<'_>, database: &str) -> Vec<Entry> {
    let mut found = call.organization().read(|state| state.history().gone().to_vec());
    found.retain(|entry| entry.text("Database").eq_ignore_ascii_case(database));
    found
}

fn connect(call: &mut Call<'_>) -> Attempt {
    let identity = call.text("Identity").unwrap_or_default();
    let gone = find(call, &identity)?;
    let database = short_name(call.text("Database").unwrap_or_default());
    if !gone.text("Database").eq_ignore_ascii_case(&database) {
        return Err(Failure::not_found(&identity, None).into());
    }
    // Without -User the one who had it, if there still is an account of the name.
    let user = call.text("User").unwrap_or_else(|| gone.name.to_string());
    let mut account = match find_one(call, &user, &[Class::User]) {
        Ok(account) => account,
        Err(failure) => {
            return Err(match find_one(call, &user, Class::MAILBOXES) {
                Ok(other) => Failure::refused(format!("\"{}\" has a mailbox already.", canonical_name(&other))).into(),
                Err(_) => failure.into(),
            });
        }
    };
    if !call.should_process("Connect mailbox", &canonical_name(&account))? {
        return Ok(());
    }
    let taken = call.organization().write(|state| state.history_mut().take_gone(&gone));
    let Some(mut mailbox) = taken else { return Err(Failure::not_found(&identity, None).into()) };
    mailbox.class =
        [("Shared", Class::SharedMailbox), ("Room", Class::RoomMailbox), ("Equipment", Class::EquipmentMailbox)]
            .into_iter()
            .find_map(|(name, class)| call.flag(name).then_some(class))
            .unwrap_or(Class::UserMailbox);
    if let Some(alias) = call.text("Alias") {
        mailbox.set("Alias", alias);
    }
    for property in ["UserPrincipalName", "SamAccountName", "FirstName", "LastName", "DisplayName"] {
        if let Some(own) = account.properties.remove(property) {
            mailbox.properties.insert(property.into(), own);
        }
    }
    mailbox.id = account.id;
    mailbox.guid = account.guid;
    mailbox.name = account.name;
    keep(call, mailbox);
    Ok(())
}

fn undo(call: &mut Call<'_>) -> Attempt {
    let identity = call.text("SoftDeletedObject").unwrap_or_default();
    let gone = find(call, &identity)?;
    let address = call.text("WindowsLiveID").unwrap_or_else(|| gone.primary_address());
    let others = call.organization().read(|state| state.find(&address, Class::RECIPIENTS));
    if let Some(other) = others.first() {
        return Err(Failure::already_exists("address", &canonical_name(other)).into());
    }
    if call.given("WindowsLiveID") && !matches!(call.value("Password"), Some(PsValue::SecureString(_))) {
        return Err(Failure::invalid("Password", "A new sign-in name needs a password, as a SecureString.").into());
    }
    if !call.should_process("Undo removal of mailbox", &canonical_name(&gone))? {
        return Ok(());
    }
    let taken = call.organization().write(|state| state.history_mut().take_gone(&gone));
    let Some(mut mailbox) = taken else { return Err(Failure::not_found(&identity, None).into()) };
    if let Some(name) = call.text("Name") {
        mailbox.name = name.into();
    }
    if let Some(display) = call.text("DisplayName") {
        mailbox.set("DisplayName", display);
    }
    if let Some(address) = call.text("WindowsLiveID") {
        mailbox.set("UserPrincipalName", address.as_str());
        mailbox.set("EmailAddresses", value::addresses([format!("SMTP:{address}")]));
    }
    let view = schema::view("Mailbox").ok_or(Halt::Stopped)?;
    let object = call.organization().object(&mailbox, view);
    keep(call, mailbox);
    Ok(call.output(object)?)
}

fn forget(call: &mut Call<'_>) -> Attempt {
    let identity = call.text("Identity").unwrap_or_default();
    let gone = find(call, &identity)?;
    let database = short_name(call.text("Database").unwrap_or_default());
    let state = call.text("MailboxState").unwrap_or_default();
    if !gone.text("Database").eq_ignore_ascii_case(&database)
        || !gone.text("DisconnectReason").eq_ignore_ascii_case(&state)
    {
        return Err(Failure::not_found(&identity, None).into());
    }
    if call.should_process("Remove mailbox from its database", &identity)? {
        call.organization().write(|state| state.history_mut().take_gone(&gone));
    }
    Ok(())
}
