//! Folders of a mailbox: Get-MailboxFolderStatistics, and Get-, Add-, Set- and Remove-MailboxFolderPermission.
//!
//! Sizes are shares of the mailbox's own. Permissions are kept for the calendar, the folder people share.

use jiff::SignedDuration;

use super::call::{Call, Halt};
use super::mailbox::keep;
use super::reading::{find_one, identified};
use super::{Each, Failure, Outcome, Spec};
use crate::clixml::{PsObject, PsValue};
use crate::sim::org::belongings::folder_permission;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, schema, value};

const NOUN: &str = "MailboxFolderPermission";

/// Name, path, kind, and the share of the mailbox's items in thousandths.
const FOLDERS: &[(&str, &str, &str, u64)] = &[
    ("Top of Information Store", "/Top of Information Store", "Root", 0),
    ("Calendar", "/Calendar", "Calendar", 60),
    ("Contacts", "/Contacts", "Contacts", 10),
    ("Deleted Items", "/Deleted Items", "DeletedItems", 90),
    ("Drafts", "/Drafts", "Drafts", 2),
    ("Inbox", "/Inbox", "Inbox", 480),
    ("Projects", "/Inbox/Projects", "User Created", 98),
    ("Junk Email", "/Junk Email", "JunkEmail", 10),
    ("Sent Items", "/Sent Items", "SentItems", 250),
    ("Recoverable Items", "/Recoverable Items", "RecoverableItemsRoot", 0),
    ("Deletions", "/Deletions", "RecoverableItemsDeletions", 40),
    ("Purges", "/Purges", "RecoverableItemsPurges", 5),
];

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec(
            "Get-MailboxFolderStatistics",
            &["Identity", "FolderScope", "IncludeOldestAndNewestItems", "~Archive"],
            |_| Box::new(Each(statistics)),
        ),
        spec("Get-MailboxFolderPermission", &["Identity", "User"], |_| Box::new(Each(get))),
        spec("Add-MailboxFolderPermission", &["Identity", "User", "AccessRights", "SharingPermissionFlags"], |_| {
            Box::new(Each(|call| grant(call, false)))
        }),
        spec("Set-MailboxFolderPermission", &["Identity", "User", "AccessRights", "SharingPermissionFlags"], |_| {
            Box::new(Each(|call| grant(call, true)))
        }),
        spec("Remove-MailboxFolderPermission", &["Identity", "User"], |_| Box::new(Each(remove))),
    ]
}

fn statistics(call: &mut Call<'_>) -> Outcome {
    let entry = match identified(call, Class::MAILBOXES) {
        Ok(entry) => entry,
        Err(failure) => return call.error(failure),
    };
    let view = schema::view("MailboxFolderStatistics").ok_or(Halt::Stopped)?;
    let whole = schema::view("MailboxStatistics").ok_or(Halt::Stopped)?;
    let of =
        |name: &str| whole.column(name).map_or(PsValue::Null, |column| call.organization().property(&entry, column));
    let items = value::number_of(&of("ItemCount")).unwrap_or(0).unsigned_abs();
    let bytes = value::bytes_of(&of("TotalItemSize")).unwrap_or(0);
    let scope = call.text("FolderScope").filter(|scope| !scope.eq_ignore_ascii_case("all"));
    let guid = entry.get("ExchangeGuid").cloned().unwrap_or(PsValue::Null);
    for (number, (name, path, kind, share)) in FOLDERS.iter().enumerate() {
        let recoverable = kind.starts_with("Recoverable");
        let wanted = match scope.as_deref() {
            None => !recoverable,
            Some(scope) if scope.eq_ignore_ascii_case("RecoverableItems") => recoverable,
            Some(scope) => kind.eq_ignore_ascii_case(scope),
        };
        if !wanted {
            continue;
        }
        let mut folder = entry.clone();
        let count = PsValue::I32(i32::try_from(items * share / 1000).unwrap_or(i32::MAX));
        let size = value::size_text(bytes / 1000 * share);
        for (property, value) in [
            ("Name", PsValue::from(*name)),
            ("FolderPath", (*path).into()),
            ("FolderType", (*kind).into()),
            ("FolderId", format!("LgAAAAB{:08X}{number:04X}AQ==", entry.guid.as_u128() as u32).into()),
            ("ItemsInFolder", count.clone()),
            ("ItemsInFolderAndSubfolders", count.clone()),
            ("VisibleItemsInFolder", count),
            ("FolderSize", size.as_str().into()),
            ("FolderAndSubfolderSize", size.into()),
            ("ContentMailboxGuid", guid.clone()),
            ("CreationTime", value::local(entry.created)),
            ("LastModifiedTime", value::local(call.organization().now())),
            ("Identity", format!("{}{}", canonical_name(&entry), path.replace('/', "\\")).into()),
        ] {
            folder.set(property, value);
        }
        if call.flag("IncludeOldestAndNewestItems") && items * share / 1000 > 0 {
            let now = call.organization().now();
            folder.set("OldestItemReceivedDate", value::local(entry.created));
            folder.set("NewestItemReceivedDate", value::local(now - SignedDuration::from_hours(items as i64 % 90)));
        }
        let object: PsObject = call.organization().object(&folder, view);
        call.output(object)?;
    }
    Ok(())
}

/// The mailbox and the folder of `mailbox:\Folder`.
pub(super) fn place(call: &Call<'_>) -> Result<(Entry, String), Failure> {
    let identity = call.text("Identity").unwrap_or_default();
    let (mailbox, folder) = identity.split_once(":\\").unwrap_or((identity.as_str(), ""));
    let mailbox = find_one(call, mailbox, Class::MAILBOXES)?;
    let known = folder.is_empty() || FOLDERS.iter().any(|(name, ..)| name.eq_ignore_ascii_case(folder));
    if !known {
        return Err(Failure::not_found(&identity, None));
    }
    Ok((mailbox, folder.to_owned()))
}

fn on_folder(entry: &Entry, folder: &str) -> bool {
    entry.text("FolderName").eq_ignore_ascii_case(if folder.is_empty() { "Top of Information Store" } else { folder })
}

fn show(call: &mut Call<'_>, owner: &Entry, permission: &Entry) -> Outcome {
    let view = schema::view(NOUN).ok_or(Halt::Stopped)?;
    let mut permission = permission.clone();
    permission.set("Identity", format!("{}:\\{}", owner.text("Alias"), permission.text("FolderName")));
    let object = call.organization().object(&permission, view);
    call.output(object)
}

/// Whom a name means: everyone, a stranger, or a recipient.
fn person(call: &Call<'_>) -> Result<String, Failure> {
    let user = call.text("User").unwrap_or_default();
    if user.eq_ignore_ascii_case("default") || user.eq_ignore_ascii_case("anonymous") {
        let mut letters = user.to_lowercase();
        letters[..1].make_ascii_uppercase();
        return Ok(letters);
    }
    Ok(find_one(call, &user, Class::RECIPIENTS)?.name.to_string())
}

fn get(call: &mut Call<'_>) -> Outcome {
    let (owner, folder) = match place(call) {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let wanted = if call.given("User") { person(call).map(Some) } else { Ok(None) };
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(failure) => return call.error(failure),
    };
    let mut all = call.organization().read(|state| state.children(&owner, NOUN));
    if !all.iter().any(|entry| on_folder(entry, &folder)) {
        let name = if folder.is_empty() { "Top of Information Store" } else { &folder };
        for user in ["Default", "Anonymous"] {
            let mut entry = folder_permission(&owner, user, &["None"]);
            entry.set("FolderName", name);
            all.push(entry);
        }
    }
    let shown: Vec<Entry> = all
        .into_iter()
        .filter(|entry| on_folder(entry, &folder) && wanted.as_ref().is_none_or(|user| entry.text("User") == *user))
        .collect();
    shown.iter().try_for_each(|entry| show(call, &owner, entry))
}

fn grant(call: &mut Call<'_>, known: bool) -> Outcome {
    let found = place(call).and_then(|(owner, folder)| Ok((owner, folder, person(call)?)));
    let (owner, folder, user) = match found {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let rights = call.texts("AccessRights");
    let mut all = call.organization().read(|state| state.children(&owner, NOUN));
    let at = all.iter().position(|entry| on_folder(entry, &folder) && entry.text("User") == user);
    if known && at.is_none() {
        return call.error(Failure::not_found(&user, None));
    }
    if !known && at.is_some() {
        return call
            .error(Failure::refused(format!("\"{user}\" has a permission on this folder already; Set- changes it.")));
    }
    if !call.should_process("Set permission on folder", &format!("{}:\\{folder}", owner.text("Alias")))? {
        return Ok(());
    }
    let rights: Vec<&str> = rights.iter().flat_map(|text| text.split(',')).map(str::trim).collect();
    let mut entry = folder_permission(&owner, &user, &rights);
    entry.set("FolderName", if folder.is_empty() { "Top of Information Store" } else { &folder });
    if let Some(flags) = call.text("SharingPermissionFlags") {
        entry.set("SharingPermissionFlags", flags);
    }
    match at {
        Some(at) => all[at] = entry.clone(),
        None => all.push(entry.clone()),
    }
    call.organization().write(|state| state.set_children(owner.id, NOUN, all));
    if !known {
        show(call, &owner, &entry)?;
    }
    keep(call, owner);
    Ok(())
}

fn remove(call: &mut Call<'_>) -> Outcome {
    let found = place(call).and_then(|(owner, folder)| Ok((owner, folder, person(call)?)));
    let (owner, folder, user) = match found {
        Ok(found) => found,
        Err(failure) => return call.error(failure),
    };
    let mut all = call.organization().read(|state| state.children(&owner, NOUN));
    let before = all.len();
    all.retain(|entry| !(on_folder(entry, &folder) && entry.text("User") == user));
    if all.len() == before {
        return call.error(Failure::not_found(&user, None));
    }
    if call.should_process(
        &format!("Remove permission of \"{user}\" on folder"),
        &format!("{}:\\{folder}", owner.text("Alias")),
    )? {
        call.organization().write(|state| state.set_children(owner.id, NOUN, all));
        keep(call, owner);
    }
    Ok(())
}
