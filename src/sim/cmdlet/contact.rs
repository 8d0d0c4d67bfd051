//! Mail contacts and mail users, and the person or group behind an address: Get-, New-, Set- and Remove-.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{Reading, identified, type_fits, unit_fits};
use super::writing::{alias_of, assign_all, assign_recipient, check_address, check_name, finish_change};
use super::{Failure, Outcome, Spec, Start, Work};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema::{self, View};
use crate::sim::org::seed::DOMAIN;
use crate::sim::org::{canonical_name, value};

const NAMES: &[&str] = &[
    "Get-MailContact",
    "New-MailContact",
    "Set-MailContact",
    "Remove-MailContact",
    "Get-MailUser",
    "New-MailUser",
    "Set-MailUser",
    "Remove-MailUser",
    "Get-Contact",
    "Set-Contact",
    "Get-Group",
    "Set-Group",
];

pub(super) fn specs() -> Vec<Spec> {
    NAMES
        .iter()
        .map(|name| {
            let (parameters, start): (&[&str], Start) = match name.split_once('-') {
                Some(("Get", _)) => (
                    &[
                        "Identity",
                        "?Anr",
                        "?Filter",
                        "?OrganizationalUnit",
                        "?RecipientTypeDetails",
                        "?ResultSize",
                        "?SortBy",
                    ],
                    |noun| Box::new(Get(noun)),
                ),
                Some(("New", _)) => (
                    &[
                        "Name",
                        "*",
                        "ExternalEmailAddress",
                        "FirstName",
                        "LastName",
                        "Initials",
                        "PrimarySmtpAddress",
                        "?UserPrincipalName",
                        "~Password",
                    ],
                    |noun| Box::new(New(noun)),
                ),
                Some(("Set", _)) => (
                    &["Identity", "*", "?Name", "?EmailAddresses", "?PrimarySmtpAddress", "?WindowsEmailAddress"],
                    |noun| Box::new(Set(noun)),
                ),
                _ => (&["Identity"], |noun| Box::new(Remove(noun))),
            };
            Spec { name, parameters, output: "", start }
        })
        .collect()
}

fn classes(noun: &str) -> &'static [Class] {
    match noun {
        "MailUser" => &[Class::MailUser],
        "Group" => &[Class::DistributionGroup, Class::SecurityGroup, Class::Group, Class::PlainSecurityGroup],
        "Contact" => &[Class::MailContact, Class::Contact],
        _ => &[Class::MailContact],
    }
}

struct Get(&'static str);

impl Work for Get {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let view = schema::view(self.0).ok_or(Halt::Stopped)?;
        let details = call.texts("RecipientTypeDetails");
        let unit = call.text("OrganizationalUnit");
        let keeps = |entry: &Entry| type_fits(&details, entry, true) && unit_fits(unit.as_deref(), entry);
        let groups = self.0 == "Group";
        Reading { view, classes: classes(self.0), keeps: &keeps }.each(call, &mut |call, entry| {
            let mut entry = entry.clone();
            if groups {
                let members = call.organization().read(|state| state.members(entry.id));
                entry.set("Members", value::references(members.iter().map(canonical_name)));
            }
            let object = call.organization().object(&entry, view);
            call.output(object)
        })
    }
}

struct New(&'static str);

impl Work for New {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let view = schema::view(self.0).ok_or(Halt::Stopped)?;
        let name = call.text("Name").unwrap_or_default();
        let class = classes(self.0).first().copied().ok_or(Halt::Stopped)?;
        let now = call.organization().now();
        let mut entry = call.organization().write(|state| state.fresh(class, &name, now));
        if let Err(failure) = fill(call, &mut entry, &name, view) {
            return call.error(failure);
        }
        if !call.should_process(&format!("New {}", self.0), &canonical_name(&entry))? {
            return Ok(());
        }
        let object = call.organization().object(&entry, view);
        keep(call, entry);
        call.output(object)
    }
}

fn fill(call: &Call<'_>, entry: &mut Entry, name: &str, view: &'static View) -> Result<(), Failure> {
    check_name(call, name, entry)?;
    entry.set("DisplayName", name);
    let person = schema::view("User");
    let views: Vec<&View> = std::iter::once(view).chain(person).collect();
    assign_all(call, entry, &views)?;
    let alias = call.text("Alias").unwrap_or_else(|| alias_of(name));
    let outside = call.text("ExternalEmailAddress").unwrap_or_default();
    let outside = without_scheme(&outside).to_owned();
    if outside.is_empty() && entry.class == Class::MailContact {
        return Err(Failure::invalid(
            "ExternalEmailAddress",
            "A contact needs an address outside of the organization.",
        ));
    }
    let primary = match call.text("PrimarySmtpAddress") {
        Some(address) => address,
        None if outside.is_empty() => format!("{alias}@{DOMAIN}"),
        None => outside.clone(),
    };
    let primary = format!("SMTP:{primary}");
    check_address(call, entry, &primary)?;
    entry.set("EmailAddresses", value::addresses([primary]));
    if !outside.is_empty() {
        entry.set("ExternalEmailAddress", format!("SMTP:{outside}"));
    }
    if entry.text("SamAccountName").is_empty() && entry.class == Class::MailUser {
        entry.set("SamAccountName", alias.as_str());
    }
    entry.set("Alias", alias);
    Ok(())
}

/// An address without `smtp:`.
fn without_scheme(address: &str) -> &str {
    address.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("smtp")).map_or(address, |(_, rest)| rest)
}

struct Set(&'static str);

impl Work for Set {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let view = schema::view(self.0).ok_or(Halt::Stopped)?;
        let changed = identified(call, classes(self.0)).and_then(|mut entry| {
            let mut changed = assign_recipient(call, &mut entry, view)?;
            if let Some(given) = call.text("ExternalEmailAddress") {
                let address = format!("SMTP:{}", without_scheme(&given));
                changed |= entry.text("ExternalEmailAddress") != address;
                entry.set("ExternalEmailAddress", address);
            }
            Ok((entry, changed))
        });
        finish_change(call, &format!("Set {}", self.0), changed)
    }
}

struct Remove(&'static str);

impl Work for Remove {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let entry = match identified(call, classes(self.0)) {
            Ok(entry) => entry,
            Err(failure) => return call.error(failure),
        };
        if call.should_process(&format!("Remove {}", self.0), &canonical_name(&entry))? {
            call.organization().write(|state| state.remove(entry.id));
        }
        Ok(())
    }
}
