//! Get-, New-, Set- and Remove-PublicFolder, and Get-PublicFolderStatistics: the tree of folders that everybody shares.
//!
//! A folder goes by its path. What is in the folders is made up; who may is in `public_folder_permission`, addresses
//! are in `mail_public_folder`.

use jiff::SignedDuration;

use super::mailbox::keep;
use super::reading::{find_one, objects, result_size, show};
use super::writing::{assign_all, finish_change};
use super::{Attempt, Call, Each, Failure, Halt, Outcome, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::seed::mix;
use crate::sim::org::{schema, value};

pub(super) const NOUN: &str = "PublicFolder";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Get-PublicFolder", &["Identity", "Recurse", "GetChildren", "ResultSize", "Mailbox"], |_| {
            Box::new(Tries(get))
        }),
        spec("New-PublicFolder", &["Name", "Path", "Mailbox"], |_| Box::new(Tries(new))),
        spec("Set-PublicFolder", &["Identity", "*", "Name", "Path"], |_| Box::new(Each(set))),
        spec("Remove-PublicFolder", &["Identity", "Recurse"], |_| Box::new(Tries(remove))),
        spec("Get-PublicFolderStatistics", &["Identity", "ResultSize", "Mailbox"], |_| Box::new(Tries(statistics))),
    ]
}

/// The path that a text means: `\\A\\B`, `A\\B` or nothing for the root.
fn path_of(text: &str) -> String {
    format!("\\{}", text.trim_matches('\\'))
}

/// The folder that a text means, by path.
pub(super) fn folder(call: &Call<'_>, text: &str) -> Result<Entry, Failure> {
    find_one(call, &path_of(text), schema::config_classes(NOUN)).map_err(|_| Failure::not_found(text, None))
}

fn is_below(path: &str, parent: &str) -> bool {
    let parent = parent.trim_end_matches('\\').to_lowercase();
    path.to_lowercase().strip_prefix(&parent).is_some_and(|rest| rest.starts_with('\\') && rest.len() > 1)
}

fn parent(path: &str) -> &str {
    match path.rfind('\\') {
        Some(0) | None => "\\",
        Some(at) => &path[..at],
    }
}

/// The folders by path, so that children follow their parents.
fn tree(call: &Call<'_>) -> Vec<Entry> {
    let mut all = objects(call, NOUN);
    all.sort_by_key(|folder| folder.name.to_lowercase());
    all
}

fn get(call: &mut Call<'_>) -> Attempt {
    let top = folder(call, &call.text("Identity").unwrap_or_default())?;
    let (limit, _) = result_size(call)?;
    let wanted: Vec<Entry> = if call.flag("Recurse") {
        tree(call).into_iter().filter(|one| one.id == top.id || is_below(&one.name, &top.name)).collect()
    } else if call.flag("GetChildren") {
        tree(call)
            .into_iter()
            .filter(|one| one.id != top.id && parent(&one.name).eq_ignore_ascii_case(&top.name))
            .collect()
    } else {
        vec![top]
    };
    let mailbox = call.text("Mailbox");
    let kept = wanted.iter().filter(|one| fits_mailbox(one, mailbox.as_deref())).take(limit);
    kept.collect::<Vec<_>>().into_iter().try_for_each(|one| show(call, one, NOUN)).map_err(Into::into)
}

fn fits_mailbox(folder: &Entry, mailbox: Option<&str>) -> bool {
    let own = folder.text("ContentMailboxName");
    let own = if own.is_empty() { "PFMailbox1" } else { &own };
    mailbox.is_none_or(|mailbox| mailbox.eq_ignore_ascii_case(own))
}

fn new(call: &mut Call<'_>) -> Attempt {
    let name = call.text("Name").unwrap_or_default();
    if name.is_empty() || name.contains('\\') {
        return Err(Failure::invalid("Name", "A folder's name is not empty and has no backslash.").into());
    }
    let above = folder(call, &call.text("Path").unwrap_or_default())?;
    let path = path_of(&format!("{}\\{name}", above.name));
    if folder(call, &path).is_ok() {
        return Err(Failure::already_exists("public folder", &path).into());
    }
    let now = call.organization().now();
    let mut entry = call.organization().write(|state| state.fresh(Class::Config(NOUN), &path, now));
    entry.set("Name", name);
    entry.set("ParentPath", &*above.name);
    entry.set("FolderClass", "IPF.Note");
    entry.set("FolderPath", value::texts(path.split('\\').filter(|part| !part.is_empty())));
    entry.set("EntryId", entry.guid.simple().to_string());
    if let Some(mailbox) = call.text("Mailbox") {
        entry.set("ContentMailboxName", mailbox);
    }
    if !call.should_process("New public folder", &path)? {
        return Ok(());
    }
    keep(call, entry.clone());
    mark_parent(call, &above.name);
    Ok(show(call, &entry, NOUN)?)
}

/// Whether a folder has others below is told by the folder.
fn mark_parent(call: &Call<'_>, path: &str) {
    let any = objects(call, NOUN).iter().any(|one| one.name.len() > 1 && parent(&one.name).eq_ignore_ascii_case(path));
    if let Ok(mut above) = folder(call, path) {
        above.set("HasSubfolders", any);
        call.organization().write(|state| state.put(above));
    }
}

fn set(call: &mut Call<'_>) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let changed = folder(call, &call.text("Identity").unwrap_or_default()).and_then(|mut entry| {
        let mut changed = assign_all(call, &mut entry, &[view])?;
        let old = entry.name.to_string();
        let name = call.text("Name").unwrap_or_else(|| entry.text("Name"));
        let above = call.text("Path").map_or_else(
            || Ok(parent(&old).to_owned()),
            |path| folder(call, &path).map(|above| above.name.to_string()),
        )?;
        let path = path_of(&format!("{above}\\{name}"));
        if path != old {
            if folder(call, &path).is_ok_and(|other| other.id != entry.id) {
                return Err(Failure::already_exists("public folder", &path));
            }
            entry.set("Name", name);
            entry.set("ParentPath", above);
            entry.name = path.as_str().into();
            if !call.flag("WhatIf") {
                move_below(call, &old, &path);
            }
            changed = true;
        }
        Ok((entry, changed))
    });
    finish_change(call, "Set public folder", changed)
}

/// What is below a folder goes with it.
fn move_below(call: &Call<'_>, old: &str, new: &str) {
    for mut one in objects(call, NOUN).into_iter().filter(|one| is_below(&one.name, old)) {
        let path = format!("{new}{}", &one.name[old.len()..]);
        one.set("ParentPath", parent(&path));
        one.name = path.into();
        keep(call, one);
    }
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let entry = folder(call, &call.text("Identity").unwrap_or_default())?;
    let path = entry.name.to_string();
    let below: Vec<Entry> = objects(call, NOUN).into_iter().filter(|one| is_below(&one.name, &path)).collect();
    if path == "\\" {
        return Err(Failure::refused("The root of the public folders cannot be removed.").into());
    }
    if !below.is_empty() && !call.flag("Recurse") {
        return Err(Failure::refused(format!("\"{path}\" has subfolders; Recurse removes them too.")).into());
    }
    if call.should_process("Remove public folder", &path)? {
        for one in below.iter().chain([&entry]) {
            call.organization().write(|state| {
                let address = one.get("MailRecipientGuid").and_then(value::plain_text);
                let recipients = address.map(|guid| state.find(&guid, &[Class::PublicFolder])).unwrap_or_default();
                recipients.iter().for_each(|recipient| state.remove(recipient.id));
                state.remove(one.id);
            });
        }
        mark_parent(call, parent(&path));
    }
    Ok(())
}

fn statistics(call: &mut Call<'_>) -> Attempt {
    let view = schema::view("PublicFolderStatistics").ok_or(Halt::Stopped)?;
    let (limit, _) = result_size(call)?;
    let wanted = match call.text("Identity") {
        Some(text) => vec![folder(call, &text)?],
        None => tree(call),
    };
    let now = call.organization().now();
    let mailbox = call.text("Mailbox");
    for one in wanted.iter().filter(|one| fits_mailbox(one, mailbox.as_deref())).take(limit) {
        let draw = mix(one.guid.as_u128() as u64);
        // What was made here is empty, and so is the root.
        let items =
            if one.created > now - SignedDuration::from_hours(48) || one.name.len() == 1 { 0 } else { draw % 4_000 };
        let number = |number: u64| PsValue::I32(i32::try_from(number).unwrap_or(i32::MAX));
        let age = SignedDuration::from_hours((draw >> 16) as i64 % 9_000);
        let object = view.record(&[
            ("Name", one.text("Name").into()),
            ("FolderPath", value::texts(one.texts("FolderPath"))),
            ("ItemCount", number(items)),
            ("TotalItemSize", value::size_text(items * 31_000).into()),
            ("DeletedItemCount", number(items / 40)),
            ("TotalDeletedItemSize", value::size_text(items / 40 * 20_000).into()),
            ("CreationTime", value::local(one.created)),
            ("LastModificationTime", value::local((now - age).max(one.created))),
            ("OwnerCount", number(1)),
            ("MailboxOwnerId", "PFMailbox1".into()),
            ("Identity", (&*one.name).into()),
            ("EntryId", one.guid.simple().to_string().into()),
        ]);
        call.output(object)?;
    }
    Ok(())
}
