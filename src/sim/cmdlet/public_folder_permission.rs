//! Get-, Add- and Remove-PublicFolderClientPermission: who may do what in a public folder.

use super::mailbox::keep;
use super::public_folder::folder;
use super::reading::find_one;
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::sim::org::belongings::folder_right;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema;

const NOUN: &str = "PublicFolderClientPermission";

/// What a right may be: a role, or one of the rights that make a role.
const RIGHTS: &[&str] = &[
    "Owner",
    "PublishingEditor",
    "Editor",
    "PublishingAuthor",
    "Author",
    "NonEditingAuthor",
    "Reviewer",
    "Contributor",
    "None",
    "ReadItems",
    "CreateItems",
    "EditOwnedItems",
    "DeleteOwnedItems",
    "EditAllItems",
    "DeleteAllItems",
    "CreateSubfolders",
    "FolderOwner",
    "FolderContact",
    "FolderVisible",
];

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-PublicFolderClientPermission", &["Identity", "User"], |_| Box::new(Tries(get))),
        spec("Add-PublicFolderClientPermission", &["Identity", "User", "AccessRights"], |_| Box::new(Tries(add))),
        spec("Remove-PublicFolderClientPermission", &["Identity", "User"], |_| Box::new(Tries(remove))),
    ]
}

/// Everyone, strangers, or a recipient by name.
fn person(call: &Call<'_>) -> Result<String, Failure> {
    let user = call.text("User").unwrap_or_default();
    match ["Default", "Anonymous"].into_iter().find(|known| known.eq_ignore_ascii_case(&user)) {
        Some(known) => Ok(known.to_owned()),
        None => Ok(find_one(call, &user, Class::RECIPIENTS)?.name.to_string()),
    }
}

fn place(call: &Call<'_>) -> Result<(Entry, Vec<Entry>), Failure> {
    let folder = folder(call, &call.text("Identity").unwrap_or_default())?;
    let all = call.organization().read(|state| state.children(&folder, NOUN));
    Ok((folder, all))
}

fn show(call: &mut Call<'_>, folder: &Entry, right: &Entry) -> Result<(), Halt> {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let mut right = right.clone();
    right.set("Identity", &*folder.name);
    right.set("FolderName", folder.text("Name"));
    let object = call.organization().object(&right, view);
    call.output(object)
}

fn get(call: &mut Call<'_>) -> Attempt {
    let (folder, mut all) = place(call)?;
    if call.given("User") {
        let user = person(call)?;
        all.retain(|right| right.text("User") == user);
    }
    all.iter().try_for_each(|right| show(call, &folder, right)).map_err(Into::into)
}

fn add(call: &mut Call<'_>) -> Attempt {
    let (folder, mut all) = place(call)?;
    let user = person(call)?;
    let given = call.texts("AccessRights");
    let mut rights = Vec::new();
    for text in given.iter().flat_map(|text| text.split(',')).map(str::trim) {
        match RIGHTS.iter().find(|known| known.eq_ignore_ascii_case(text)) {
            Some(known) => rights.push(*known),
            None => {
                return Err(Failure::conversion("AccessRights", text, &format!("one of {}", RIGHTS.join(", "))).into());
            }
        }
    }
    // Everyone and strangers have an entry from the beginning, which is changed.
    let at = all.iter().position(|right| right.text("User") == user);
    if at.is_some() && !["Default", "Anonymous"].contains(&user.as_str()) {
        return Err(Failure::already_exists("permission of", &user).into());
    }
    if !call.should_process("Add permission on public folder", &folder.name)? {
        return Ok(());
    }
    let right = folder_right(&folder, &user, &rights);
    match at {
        Some(at) => all[at] = right.clone(),
        None => all.push(right.clone()),
    }
    call.organization().write(|state| state.set_children(folder.id, NOUN, all));
    show(call, &folder, &right)?;
    keep(call, folder);
    Ok(())
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let (folder, mut all) = place(call)?;
    let user = person(call)?;
    let before = all.len();
    all.retain(|right| right.text("User") != user);
    if all.len() == before {
        return Err(Failure::not_found(&user, None).into());
    }
    if call.should_process("Remove permission on public folder", &folder.name)? {
        call.organization().write(|state| state.set_children(folder.id, NOUN, all));
        keep(call, folder);
    }
    Ok(())
}
