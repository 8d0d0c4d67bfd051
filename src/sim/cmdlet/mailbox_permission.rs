//! Get-, Add- and Remove-MailboxPermission: who may open a mailbox.
//!
//! Not simulated: owners, the reset to defaults, what Active Directory inherits from above.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{find_one, identified};
use super::{Each, Failure, Outcome, Spec};
use crate::clixml::{PsObject, PsValue};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{Grant, account, canonical_name, schema, sid, value};

const OUTPUT: &str = "Microsoft.Exchange.Management.RecipientTasks.MailboxAcePresentationObject";
const RIGHTS: &[&str] =
    &["FullAccess", "ExternalAccount", "DeleteItem", "ReadPermission", "ChangePermission", "ChangeOwner"];
/// Who may be given rights.
const PRINCIPALS: &[Class] = &[
    Class::UserMailbox,
    Class::SharedMailbox,
    Class::RoomMailbox,
    Class::EquipmentMailbox,
    Class::User,
    Class::MailUser,
    Class::SecurityGroup,
];

pub(super) fn specs() -> Vec<Spec> {
    vec![
        Spec {
            name: "Get-MailboxPermission",
            parameters: &["Identity", "User"],
            output: OUTPUT,
            start: |_| Box::new(Each(get)),
        },
        Spec {
            name: "Add-MailboxPermission",
            parameters: &["Identity", "User", "AccessRights", "~AutoMapping", "Deny", "InheritanceType"],
            output: OUTPUT,
            start: |_| Box::new(Each(add)),
        },
        Spec {
            name: "Remove-MailboxPermission",
            parameters: &["Identity", "User", "AccessRights", "Deny", "InheritanceType"],
            output: "",
            start: |_| Box::new(Each(remove)),
        },
    ]
}

fn shown(entry: &Entry, grant: &Grant) -> Result<PsObject, Halt> {
    let view = schema::view("MailboxPermission").ok_or(Halt::Stopped)?;
    let mut builder = PsObject::builder().types(view.types.clone()).to_string_text(OUTPUT);
    for column in &view.columns {
        let value = match &*column.name {
            "AccessRights" => value::texts(&grant.rights),
            "Deny" => PsValue::Bool(grant.deny),
            "InheritanceType" => grant.inheritance.as_str().into(),
            "User" => grant.user.as_str().into(),
            "UserSid" => grant.user_sid.as_str().into(),
            "Identity" => canonical_name(entry).into(),
            _ => column.default.clone(),
        };
        builder = builder.adapted(column.name.clone(), value);
    }
    Ok(builder.build())
}

fn get(call: &mut Call<'_>) -> Outcome {
    let entry = match identified(call, Class::MAILBOXES) {
        Ok(entry) => entry,
        Err(failure) => return call.error(failure),
    };
    let own = Grant {
        user: "NT AUTHORITY\\SELF".to_owned(),
        rights: vec!["FullAccess".to_owned(), "ReadPermission".to_owned()],
        deny: false,
        inheritance: "All".to_owned(),
        user_sid: "S-1-5-10".to_owned(),
    };
    let wanted = match call.text("User") {
        None => None,
        Some(user) => match principal(call, &user) {
            Ok(grantee) => Some(grantee.0),
            Err(failure) => return call.error(failure),
        },
    };
    let grants = call.organization().read(|state| state.grants(entry.id));
    for grant in std::iter::once(own).chain(grants) {
        if wanted.as_deref().is_none_or(|wanted| grant.user.eq_ignore_ascii_case(wanted)) {
            call.output(shown(&entry, &grant)?)?;
        }
    }
    Ok(())
}

/// A security principal as shown, with its SID.
fn principal(call: &Call<'_>, user: &str) -> Result<(String, String), Failure> {
    if user.eq_ignore_ascii_case("NT AUTHORITY\\SELF") {
        return Ok(("NT AUTHORITY\\SELF".to_owned(), "S-1-5-10".to_owned()));
    }
    // Rights may outlive whoever had them; the identifier is all that is left then.
    if user.to_uppercase().starts_with("S-1-") {
        return Ok((user.to_uppercase(), user.to_uppercase()));
    }
    let entry = find_one(call, user, PRINCIPALS)?;
    Ok((account(&entry), sid(&entry)))
}

fn rights(call: &Call<'_>) -> Result<Vec<String>, Failure> {
    let mut rights = Vec::new();
    for text in call.texts("AccessRights") {
        for name in text.split(',').map(str::trim) {
            match RIGHTS.iter().find(|known| known.eq_ignore_ascii_case(name)) {
                Some(known) => rights.push((*known).to_owned()),
                None => {
                    return Err(Failure::conversion("AccessRights", name, &format!("one of {}", RIGHTS.join(", "))));
                }
            }
        }
    }
    Ok(rights)
}

fn add(call: &mut Call<'_>) -> Outcome {
    let user = call.text("User").unwrap_or_default();
    let found =
        identified(call, Class::MAILBOXES).and_then(|entry| Ok((entry, principal(call, &user)?, rights(call)?)));
    let (entry, (user, user_sid), rights) = match found {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let target = canonical_name(&entry);
    if !call.should_process(&format!("Add mailbox permission of user \"{user}\""), &target)? {
        return Ok(());
    }
    let deny = call.flag("Deny");
    let mut grants = call.organization().read(|state| state.grants(entry.id));
    let known = grants.iter_mut().find(|grant| grant.user == user && grant.deny == deny);
    let result = match known {
        Some(grant) => {
            let missing: Vec<String> = rights.into_iter().filter(|right| !grant.rights.contains(right)).collect();
            if missing.is_empty() {
                let text = format!("\"{user}\" had these rights on \"{target}\" already");
                let same = grant.clone();
                call.warning(&text)?;
                return call.output(shown(&entry, &same)?);
            }
            grant.rights.extend(missing);
            grant.clone()
        }
        None => {
            let inheritance = call.text("InheritanceType").unwrap_or_else(|| "All".to_owned());
            let grant = Grant { user, rights, deny, inheritance, user_sid };
            grants.push(grant.clone());
            grant
        }
    };
    call.organization().write(|state| state.set_grants(entry.id, grants));
    let object = shown(&entry, &result)?;
    keep(call, entry);
    call.output(object)
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let user = call.text("User").unwrap_or_default();
    let found =
        identified(call, Class::MAILBOXES).and_then(|entry| Ok((entry, principal(call, &user)?, rights(call)?)));
    let (entry, (user, _), rights) = match found {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let target = canonical_name(&entry);
    if !call.should_process(&format!("Remove mailbox permission of user \"{user}\""), &target)? {
        return Ok(());
    }
    let deny = call.flag("Deny");
    let mut grants = call.organization().read(|state| state.grants(entry.id));
    let before = grants.clone();
    for grant in grants.iter_mut().filter(|grant| grant.user == user && grant.deny == deny) {
        grant.rights.retain(|right| !rights.contains(right));
    }
    grants.retain(|grant| !grant.rights.is_empty());
    if grants == before {
        return call.warning(&format!("\"{user}\" has no such rights on \"{target}\""));
    }
    call.organization().write(|state| state.set_grants(entry.id, grants));
    keep(call, entry);
    Ok(())
}
