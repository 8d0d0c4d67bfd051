//! The right to send as somebody: Get-, Add- and Remove-ADPermission on premises, -RecipientPermission online.
//!
//! Other extended rights and access rights of the directory are not simulated.

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{find_one, identified};
use super::{Each, Failure, Outcome, Spec};
use crate::sim::org::belongings::blank;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{account, canonical_name, schema, sid};

/// Under which name the grants are kept.
const KEPT: &str = "SendAs";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-ADPermission", &["Identity", "User"], |_| Box::new(Each(|call| get(call, "ADPermission", "User")))),
        spec("Add-ADPermission", &["Identity", "User", "~ExtendedRights", "~AccessRights"], |_| {
            Box::new(Each(|call| add(call, "ADPermission", "User")))
        }),
        spec("Remove-ADPermission", &["Identity", "User", "~ExtendedRights", "~AccessRights"], |_| {
            Box::new(Each(|call| remove(call, "User")))
        }),
        spec("Get-RecipientPermission", &["Identity", "Trustee", "~AccessRights"], |_| {
            Box::new(Each(|call| get(call, "RecipientPermission", "Trustee")))
        }),
        spec("Add-RecipientPermission", &["Identity", "Trustee", "~AccessRights"], |_| {
            Box::new(Each(|call| add(call, "RecipientPermission", "Trustee")))
        }),
        spec("Remove-RecipientPermission", &["Identity", "Trustee", "~AccessRights"], |_| {
            Box::new(Each(|call| remove(call, "Trustee")))
        }),
    ]
}

fn grants(call: &Call<'_>, owner: &Entry) -> Vec<Entry> {
    call.organization().read(|state| state.children(owner, KEPT))
}

fn show(call: &mut Call<'_>, noun: &str, owner: &Entry, grant: &Entry) -> Outcome {
    let view = schema::view(noun).ok_or(Halt::Stopped)?;
    let mut grant = grant.clone();
    grant.set("Identity", canonical_name(owner));
    grant.set("Trustee", grant.text("User"));
    let object = call.organization().object(&grant, view);
    call.output(object)
}

fn grantee(call: &Call<'_>, parameter: &str) -> Result<Option<String>, Failure> {
    let Some(user) = call.text(parameter) else { return Ok(None) };
    if user.eq_ignore_ascii_case("NT AUTHORITY\\SELF") {
        return Ok(Some(user));
    }
    let entry = find_one(call, &user, Class::RECIPIENTS)?;
    Ok(Some(account(&entry)))
}

fn get(call: &mut Call<'_>, noun: &'static str, parameter: &str) -> Outcome {
    let found = identified(call, Class::RECIPIENTS).and_then(|owner| Ok((owner, grantee(call, parameter)?)));
    let (owner, wanted) = match found {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let mut own = blank(&owner, KEPT, "NT AUTHORITY\\SELF", 0);
    own.set("User", "NT AUTHORITY\\SELF");
    let all = std::iter::once(own).chain(grants(call, &owner));
    let shown: Vec<Entry> = all
        .filter(|grant| wanted.as_ref().is_none_or(|wanted| grant.text("User").eq_ignore_ascii_case(wanted)))
        .collect();
    shown.iter().try_for_each(|grant| show(call, noun, &owner, grant))
}

fn add(call: &mut Call<'_>, noun: &'static str, parameter: &str) -> Outcome {
    let found = identified(call, Class::RECIPIENTS).and_then(|owner| Ok((owner, grantee(call, parameter)?)));
    let (owner, user) = match found {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let user = user.unwrap_or_default();
    let mut all = grants(call, &owner);
    if !call.should_process(&format!("Add right of \"{user}\" to send as"), &canonical_name(&owner))? {
        return Ok(());
    }
    let mut grant = blank(&owner, KEPT, &user, user.len() as u64);
    grant.set("User", user.as_str());
    grant.set("TrusteeSidString", sid(&owner));
    if all.iter().any(|one| one.text("User").eq_ignore_ascii_case(&user)) {
        call.warning(&format!("\"{user}\" could send as \"{}\" already", owner.name))?;
    } else {
        all.push(grant.clone());
        call.organization().write(|state| state.set_children(owner.id, KEPT, all));
        keep(call, owner.clone());
    }
    show(call, noun, &owner, &grant)
}

fn remove(call: &mut Call<'_>, parameter: &str) -> Outcome {
    let found = identified(call, Class::RECIPIENTS).and_then(|owner| Ok((owner, grantee(call, parameter)?)));
    let (owner, user) = match found {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let user = user.unwrap_or_default();
    let mut all = grants(call, &owner);
    let before = all.len();
    all.retain(|grant| !grant.text("User").eq_ignore_ascii_case(&user));
    if all.len() == before {
        return call.warning(&format!("\"{user}\" has no right to send as \"{}\"", owner.name));
    }
    if call.should_process(&format!("Remove right of \"{user}\" to send as"), &canonical_name(&owner))? {
        call.organization().write(|state| state.set_children(owner.id, KEPT, all));
        keep(call, owner);
    }
    Ok(())
}
