//! Objects of the configuration: Get-, New-, Set- and Remove- for every noun whose table in `org/schema` names a container.
//!
//! What is special about a noun (one default domain, one organization) is here too; not that changes take hours to arrive.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{Reading, find_one, short_name};
use super::writing::{assign_all, check_name};
use super::{Failure, Outcome, Spec, Start, Work};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema::{self, View};
use crate::sim::org::{Walk, value};

/// All cmdlets that need nothing of their own. Verb and noun say what each does.
const NAMES: &[&str] = &[
    "Get-AcceptedDomain",
    "New-AcceptedDomain",
    "Set-AcceptedDomain",
    "Remove-AcceptedDomain",
    "Get-AddressList",
    "Set-AddressList",
    "Remove-AddressList",
    "Get-AuthenticationPolicy",
    "New-AuthenticationPolicy",
    "Set-AuthenticationPolicy",
    "Remove-AuthenticationPolicy",
    "Get-DatabaseAvailabilityGroup",
    "Get-EmailAddressPolicy",
    "Set-EmailAddressPolicy",
    "Remove-EmailAddressPolicy",
    "Get-ExchangeCertificate",
    "Get-ExchangeServer",
    "Get-InboundConnector",
    "New-InboundConnector",
    "Set-InboundConnector",
    "Remove-InboundConnector",
    "Get-MailboxDatabase",
    "Set-MailboxDatabase",
    "Get-MailboxDatabaseCopyStatus",
    "Get-ManagementRoleAssignment",
    "Get-MigrationBatch",
    "Get-MobileDeviceMailboxPolicy",
    "New-MobileDeviceMailboxPolicy",
    "Set-MobileDeviceMailboxPolicy",
    "Remove-MobileDeviceMailboxPolicy",
    "Get-OrganizationConfig",
    "Set-OrganizationConfig",
    "Get-OutboundConnector",
    "New-OutboundConnector",
    "Set-OutboundConnector",
    "Remove-OutboundConnector",
    "Get-OwaMailboxPolicy",
    "New-OwaMailboxPolicy",
    "Set-OwaMailboxPolicy",
    "Remove-OwaMailboxPolicy",
    "Get-Queue",
    "Get-ReceiveConnector",
    "Set-ReceiveConnector",
    "Remove-ReceiveConnector",
    "Get-RemoteDomain",
    "New-RemoteDomain",
    "Set-RemoteDomain",
    "Remove-RemoteDomain",
    "Get-RetentionPolicy",
    "New-RetentionPolicy",
    "Set-RetentionPolicy",
    "Remove-RetentionPolicy",
    "Get-RetentionPolicyTag",
    "New-RetentionPolicyTag",
    "Set-RetentionPolicyTag",
    "Remove-RetentionPolicyTag",
    "Get-RoleGroup",
    "Get-SendConnector",
    "New-SendConnector",
    "Set-SendConnector",
    "Remove-SendConnector",
    "Get-TransportConfig",
    "Set-TransportConfig",
    "Get-TransportRule",
    "New-TransportRule",
    "Set-TransportRule",
    "Remove-TransportRule",
    "Enable-TransportRule",
    "Disable-TransportRule",
];

pub(super) fn specs() -> Vec<Spec> {
    NAMES
        .iter()
        .map(|name| {
            let (parameters, start): (&[&str], Start) = match name.split_once('-') {
                Some(("Get", _)) => {
                    (&["?Identity", "?ResultSize", "?Filter", "?Server", "?Status"], |noun| Box::new(Get(noun)))
                }
                Some(("New", _)) => (&["?Name", "*", "?Enabled"], |noun| Box::new(New(noun))),
                Some(("Set", _)) => (&["?Identity", "*", "?Name", "?MakeDefault"], |noun| Box::new(Set(noun))),
                Some(("Enable", _)) => (&["Identity"], |noun| Box::new(Switch(noun, "Enabled"))),
                Some(("Disable", _)) => (&["Identity"], |noun| Box::new(Switch(noun, "Disabled"))),
                _ => (&["?Identity"], |noun| Box::new(Remove(noun))),
            };
            Spec { name, parameters, output: "", start }
        })
        .collect()
}

/// The table of a noun and the class of its objects.
fn kind(noun: &'static str) -> Result<(&'static View, &'static [Class]), Halt> {
    let view = schema::view(noun).ok_or(Halt::Stopped)?;
    Ok((view, schema::config_classes(noun)))
}

/// Where an organization has exactly one, it needs no name.
fn meant(call: &Call<'_>, classes: &'static [Class]) -> Result<Entry, Failure> {
    match call.text("Identity") {
        Some(identity) => find_one(call, &identity, classes),
        None => Walk::new(classes).next(call.organization()).ok_or_else(|| Failure::not_found("", None)),
    }
}

struct Get(&'static str);

impl Work for Get {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (view, classes) = kind(self.0)?;
        let server = call.text("Server").map(|server| short_name(server).to_lowercase());
        let keeps = |entry: &Entry| {
            server.as_deref().is_none_or(|server| {
                let places =
                    ["Server", "MailboxServer", "Servers"].map(|name| entry.texts(name).join(",").to_lowercase());
                places.iter().any(|place| place.split(',').any(|one| one == server))
                    || entry.name.to_lowercase().starts_with(&format!("{server}\\"))
            })
        };
        Reading { view, classes, keeps: &keeps }.each(call, &mut |call, entry| {
            let object = call.organization().object(entry, view);
            call.output(object)
        })
    }
}

struct New(&'static str);

impl Work for New {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (view, classes) = kind(self.0)?;
        let name = call.text("Name").unwrap_or_default();
        let class = classes.first().copied().ok_or(Halt::Stopped)?;
        let now = call.organization().now();
        let mut entry = call.organization().write(|state| state.fresh(class, &name, now));
        let filled = check_name(call, &name, &entry).and_then(|()| assign_all(call, &mut entry, &[view]));
        if let Err(failure) = filled {
            return call.error(failure);
        }
        if !call.should_process(&format!("New {}", self.0), &name)? {
            return Ok(());
        }
        let object = call.organization().object(&entry, view);
        keep(call, entry);
        call.output(object)
    }
}

struct Set(&'static str);

impl Work for Set {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (view, classes) = kind(self.0)?;
        let changed = meant(call, classes).and_then(|mut entry| {
            let mut changed = assign_all(call, &mut entry, &[view])?;
            if let Some(name) = call.text("Name").filter(|name| *name != *entry.name) {
                check_name(call, &name, &entry)?;
                entry.name = name.into();
                changed = true;
            }
            Ok((entry, changed))
        });
        let (mut entry, changed) = match changed {
            Ok(changed) => changed,
            Err(failure) => return call.error(failure),
        };
        let name = entry.name.to_string();
        if !call.should_process(&format!("Set {}", self.0), &name)? {
            return Ok(());
        }
        let default = call.flag("MakeDefault");
        if default {
            make_default(call, classes, &mut entry);
        }
        if !changed && !default {
            return call.warning(&format!("nothing of \"{name}\" was changed: it was all as asked"));
        }
        keep(call, entry);
        Ok(())
    }
}

/// There is one default domain.
fn make_default(call: &Call<'_>, classes: &'static [Class], entry: &mut Entry) {
    let mut walk = Walk::new(classes);
    while let Some(mut other) = walk.next(call.organization()) {
        if other.id != entry.id && is_default(&other) {
            other.set("Default", PsValue::Bool(false));
            keep(call, other);
        }
    }
    entry.set("Default", PsValue::Bool(true));
}

fn is_default(entry: &Entry) -> bool {
    entry.get("Default").and_then(value::bool_of).unwrap_or(false)
}

struct Remove(&'static str);

impl Work for Remove {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (_, classes) = kind(self.0)?;
        let entry = match meant(call, classes) {
            Ok(entry) => entry,
            Err(failure) => return call.error(failure),
        };
        if is_default(&entry) {
            return call.error(Failure::refused(format!("\"{}\" is the default and cannot be removed.", entry.name)));
        }
        let name = entry.name.to_string();
        if call.should_process(&format!("Remove {}", self.0), &name)? {
            call.organization().write(|state| state.remove(entry.id));
        }
        Ok(())
    }
}

/// Enable- and Disable-: a rule stays where it is and works or does not.
struct Switch(&'static str, &'static str);

impl Work for Switch {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let (_, classes) = kind(self.0)?;
        let mut entry = match meant(call, classes) {
            Ok(entry) => entry,
            Err(failure) => return call.error(failure),
        };
        let name = entry.name.to_string();
        let operation = if self.1 == "Enabled" { "Enable" } else { "Disable" };
        if call.should_process(&format!("{operation} {}", self.0), &name)? {
            entry.set("State", self.1);
            keep(call, entry);
        }
        Ok(())
    }
}
