//! Enable- and Disable- for mail users, mail contacts and distribution groups, and remote mailboxes: who gets an address.

use super::mailbox::keep;
use super::reading::{Reading, find_one, identified};
use super::writing::{alias_of, assign_all, assign_recipient, check_address, check_name, finish_change};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::seed::{DOMAIN, TENANT};
use crate::sim::org::{canonical_name, schema, value};

const REMOTE: &[Class] = &[Class::RemoteMailbox];

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec(
            "Enable-MailUser",
            &["Identity", "ExternalEmailAddress", "Alias", "DisplayName", "PrimarySmtpAddress"],
            |_| Box::new(Tries(|call| enable(call, Class::MailUser))),
        ),
        spec("Disable-MailUser", &["Identity"], |_| Box::new(Tries(|call| disable(call, &[Class::MailUser])))),
        spec(
            "Enable-MailContact",
            &["Identity", "ExternalEmailAddress", "Alias", "DisplayName", "PrimarySmtpAddress"],
            |_| Box::new(Tries(|call| enable(call, Class::MailContact))),
        ),
        spec("Disable-MailContact", &["Identity"], |_| Box::new(Tries(|call| disable(call, &[Class::MailContact])))),
        spec("Enable-DistributionGroup", &["Identity", "Alias", "DisplayName", "PrimarySmtpAddress"], |_| {
            Box::new(Tries(|call| enable(call, Class::DistributionGroup)))
        }),
        spec("Disable-DistributionGroup", &["Identity"], |_| Box::new(Tries(|call| disable(call, Class::GROUPS)))),
        spec("Get-RemoteMailbox", &["Identity", "Anr", "Filter", "ResultSize", "SortBy", "Archive"], |_| {
            Box::new(Each(get_remote))
        }),
        spec(
            "Enable-RemoteMailbox",
            &[
                "Identity",
                "RemoteRoutingAddress",
                "Alias",
                "DisplayName",
                "PrimarySmtpAddress",
                "Archive",
                "ArchiveName",
                "Shared",
                "Room",
                "Equipment",
            ],
            |_| Box::new(Tries(|call| enable(call, Class::RemoteMailbox))),
        ),
        spec(
            "New-RemoteMailbox",
            &[
                "Name",
                "Password",
                "UserPrincipalName",
                "RemoteRoutingAddress",
                "Alias",
                "DisplayName",
                "FirstName",
                "LastName",
                "PrimarySmtpAddress",
                "SamAccountName",
                "Archive",
                "Shared",
                "Room",
                "Equipment",
            ],
            |_| Box::new(Tries(new_remote)),
        ),
        spec(
            "Set-RemoteMailbox",
            &["Identity", "*", "Name", "EmailAddresses", "PrimarySmtpAddress", "WindowsEmailAddress"],
            |_| Box::new(Each(set_remote)),
        ),
        spec("Disable-RemoteMailbox", &["Identity", "Archive"], |_| Box::new(Tries(|call| disable(call, REMOTE)))),
        spec("Remove-RemoteMailbox", &["Identity"], |_| Box::new(Tries(remove_remote))),
    ]
}

/// Fills in what an address needs: alias, addresses, where the mail goes.
fn give(call: &Call<'_>, entry: &mut Entry, class: Class) -> Result<(), Failure> {
    let upn = entry.text("UserPrincipalName");
    let own = upn.split_once('@').map_or_else(|| entry.name.to_string(), |(local, _)| local.to_owned());
    let alias = call.text("Alias").unwrap_or_else(|| alias_of(&own));
    let outside = call.text("ExternalEmailAddress").or_else(|| call.text("RemoteRoutingAddress"));
    if outside.is_none() && [Class::MailContact, Class::MailUser].contains(&class) {
        let problem = "It needs an address outside of the organization.";
        return Err(Failure::invalid("ExternalEmailAddress", problem));
    }
    let outside = outside.unwrap_or_else(|| format!("{alias}@contoso.mail.onmicrosoft.com"));
    let outside = outside.get(5..).filter(|_| outside.to_lowercase().starts_with("smtp:")).unwrap_or(&outside);
    let primary = call.text("PrimarySmtpAddress").unwrap_or_else(|| {
        let here = class == Class::RemoteMailbox || class.is_group();
        if here { format!("{alias}@{DOMAIN}") } else { outside.to_owned() }
    });
    let mut addresses = vec![format!("SMTP:{primary}")];
    if class == Class::RemoteMailbox {
        addresses.push(format!("smtp:{alias}@{TENANT}"));
        entry.set("RemoteRoutingAddress", format!("SMTP:{outside}"));
        let kind = [("Shared", "SharedMailbox"), ("Room", "RoomMailbox"), ("Equipment", "EquipmentMailbox")];
        let kind = kind.into_iter().find(|(flag, _)| call.flag(flag)).map_or("", |(_, kind)| kind);
        let archive = if call.flag("Archive") { ", ProvisionArchive" } else { "" };
        let kind = if kind.is_empty() { String::new() } else { format!(", {kind}") };
        entry.set("RemoteRecipientType", format!("ProvisionMailbox{archive}{kind}"));
        if call.flag("Archive") {
            entry.set("ArchiveStatus", "Active");
            entry.set("ArchiveState", "HostedPending");
            entry.set("ArchiveName", value::texts(call.texts("ArchiveName")));
        }
    } else if !class.is_group() {
        entry.set("ExternalEmailAddress", format!("SMTP:{outside}"));
    }
    for address in &addresses {
        check_address(call, entry, address)?;
    }
    entry.set("EmailAddresses", value::addresses(addresses));
    entry.set("EmailAddressPolicyEnabled", !call.given("PrimarySmtpAddress"));
    entry.set("Alias", alias);
    if let Some(name) = call.text("DisplayName") {
        entry.set("DisplayName", name);
    }
    entry.class = class;
    Ok(())
}

fn finish(call: &mut Call<'_>, entry: Entry, operation: &str, noun: &str) -> Attempt {
    if call.should_process(operation, &canonical_name(&entry))? {
        keep(call, entry.clone());
        super::reading::show(call, &entry, noun)?;
    }
    Ok(())
}

fn enable(call: &mut Call<'_>, class: Class) -> Attempt {
    let remote = class == Class::RemoteMailbox;
    // An archive in the cloud may be added to a mailbox that is there already.
    if remote
        && call.flag("Archive")
        && let Ok(mut entry) = identified(call, REMOTE)
    {
        entry.set("ArchiveStatus", "Active");
        entry.set("ArchiveState", "HostedPending");
        return finish(call, entry, "Enable remote archive", "RemoteMailbox");
    }
    let (without, with): (&[Class], &[Class]) = match class {
        Class::MailContact => (&[Class::Contact], &[Class::MailContact]),
        Class::DistributionGroup => (&[Class::Group, Class::PlainSecurityGroup], Class::GROUPS),
        _ => (&[Class::User], Class::ACCOUNTS),
    };
    let mut entry = match identified(call, without) {
        Ok(entry) => entry,
        Err(failure) => {
            let known = call.text("Identity").and_then(|text| find_one(call, &text, with).ok());
            return Err(match known {
                Some(other) => {
                    Failure::refused(format!("\"{}\" has an address already.", canonical_name(&other))).into()
                }
                None => failure.into(),
            });
        }
    };
    let class = if entry.class == Class::PlainSecurityGroup { Class::SecurityGroup } else { class };
    give(call, &mut entry, class)?;
    let (operation, noun) = match class {
        Class::RemoteMailbox => ("Enable remote mailbox", "RemoteMailbox"),
        Class::MailContact => ("Enable mail contact", "MailContact"),
        Class::MailUser => ("Enable mail user", "MailUser"),
        _ => ("Enable distribution group", "DistributionGroup"),
    };
    finish(call, entry, operation, noun)
}

fn new_remote(call: &mut Call<'_>) -> Attempt {
    let name = call.text("Name").unwrap_or_default();
    let person = !["Shared", "Room", "Equipment"].iter().any(|flag| call.flag(flag));
    if person && !matches!(call.value("Password"), Some(PsValue::SecureString(_))) {
        return Err(Failure::invalid("Password", "A mailbox of a person needs a password, as a SecureString.").into());
    }
    let now = call.organization().now();
    let mut entry = call.organization().write(|state| state.fresh(Class::User, &name, now));
    check_name(call, &name, &entry)?;
    let views: Vec<_> = [schema::view("RemoteMailbox"), schema::view("User")].into_iter().flatten().collect();
    assign_all(call, &mut entry, &views)?;
    let upn = call.text("UserPrincipalName").unwrap_or_else(|| format!("{}@{DOMAIN}", alias_of(&name)));
    entry.set("UserPrincipalName", upn);
    if entry.text("DisplayName").is_empty() {
        entry.set("DisplayName", name.as_str());
    }
    if entry.text("SamAccountName").is_empty() {
        entry.set("SamAccountName", alias_of(&name).chars().take(20).collect::<String>());
    }
    give(call, &mut entry, Class::RemoteMailbox)?;
    finish(call, entry, "New remote mailbox", "RemoteMailbox")
}

fn get_remote(call: &mut Call<'_>) -> Outcome {
    let view = schema::view("RemoteMailbox").ok_or(Halt::Stopped)?;
    let archive = call.flag("Archive");
    let keeps = |entry: &Entry| !archive || entry.text("ArchiveStatus") == "Active";
    Reading { view, classes: REMOTE, keeps: &keeps }.each(call, &mut |call, entry| {
        let object = call.organization().object(entry, view);
        call.output(object)
    })
}

fn set_remote(call: &mut Call<'_>) -> Outcome {
    let view = schema::view("RemoteMailbox").ok_or(Halt::Stopped)?;
    let changed = identified(call, REMOTE).and_then(|mut entry| {
        let changed = assign_recipient(call, &mut entry, view)?;
        Ok((entry, changed))
    });
    finish_change(call, "Set remote mailbox", changed)
}

/// Takes the address away; the account stays.
fn disable(call: &mut Call<'_>, classes: &'static [Class]) -> Attempt {
    let mut entry = identified(call, classes)?;
    let archive = call.flag("Archive");
    if call.should_process(if archive { "Disable remote archive" } else { "Disable mail" }, &canonical_name(&entry))? {
        let properties: &[&str] = if archive {
            &["ArchiveStatus", "ArchiveState", "ArchiveName"]
        } else {
            entry.class = match entry.class {
                Class::MailContact => Class::Contact,
                Class::DistributionGroup => Class::Group,
                Class::SecurityGroup => Class::PlainSecurityGroup,
                _ => Class::User,
            };
            &["Alias", "EmailAddresses", "ExternalEmailAddress", "RemoteRoutingAddress", "RemoteRecipientType"]
        };
        for property in properties {
            entry.properties.remove(*property);
        }
        keep(call, entry);
    }
    Ok(())
}

fn remove_remote(call: &mut Call<'_>) -> Attempt {
    let entry = identified(call, REMOTE)?;
    if call.should_process("Remove remote mailbox", &canonical_name(&entry))? {
        call.organization().write(|state| state.remove(entry.id));
    }
    Ok(())
}
