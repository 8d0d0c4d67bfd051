//! What belongs to one mailbox from the beginning: inbox rules, devices, folder permissions, the right to send as it.
//!
//! Drawn from the seed like the mailbox itself; kept by the state once changed.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::derived::{account, canonical_name};
use super::entry::{Class, Entry, EntryId};
use super::seed::{Purpose, Seed, mix};
use super::value;
use crate::clixml::PsValue;

/// A thing of a mailbox, not yet filled.
pub(crate) fn blank(owner: &Entry, noun: &'static str, name: &str, number: u64) -> Entry {
    let bits = u128::from(mix(number ^ owner.guid.as_u128() as u64));
    let guid = uuid::Builder::from_u128(owner.guid.as_u128() ^ (bits << 64) ^ bits).with_version(uuid::Version::Random);
    Entry {
        id: EntryId::Made(u32::MAX),
        class: Class::Config(noun),
        name: name.into(),
        guid: guid.into_uuid(),
        created: owner.created,
        changed: owner.changed,
        cloud: owner.cloud,
        properties: BTreeMap::new(),
    }
}

/// What mailbox `number` of the seed has.
pub(super) fn seeded(seed: &Seed, number: u32, owner: &Entry, noun: &'static str) -> Vec<Entry> {
    let draw = seed.draw(Purpose::Traits, number ^ 0x0800_0000);
    let person = owner.class == Class::UserMailbox && number >= 4;
    let other = || seed.mailbox((draw >> 16) as u32 % seed.mailboxes.max(1));
    match noun {
        "InboxRule" if person && draw.is_multiple_of(6) => vec![rule(owner, draw)],
        "MobileDevice" if person && draw % 3 == 1 => vec![device(owner, draw)],
        "MailboxFolderPermission" => {
            let mut list = of_anyone(owner, noun);
            if person && draw % 11 == 2 {
                list.push(folder_permission(owner, &other().name, &["Reviewer"]));
            }
            list
        }
        "SendAs" if draw % 13 == 3 || owner.class == Class::SharedMailbox => {
            let mut grant = blank(owner, noun, &other().name, 1);
            grant.set("User", account(&other()));
            vec![grant]
        }
        "UserPhoto" if person && draw % 5 == 4 => vec![photo(owner, "photo", PsValue::Bytes(DOT.into()))],
        "MailboxCalendarFolder" if person && draw % 8 == 4 => {
            let mut entry = blank(owner, noun, "Calendar", 7);
            entry.set("DetailLevel", if (draw >> 9).is_multiple_of(2) { "FullDetails" } else { "AvailabilityOnly" });
            publish(owner, &mut entry, draw);
            vec![entry]
        }
        _ => Vec::new(),
    }
}

/// What every mailbox has.
pub(super) fn of_anyone(owner: &Entry, noun: &'static str) -> Vec<Entry> {
    match noun {
        "MailboxFolderPermission" => {
            vec![
                folder_permission(owner, "Default", &["AvailabilityOnly"]),
                folder_permission(owner, "Anonymous", &["None"]),
            ]
        }
        "PublicFolderClientPermission" => [("Default", "Author"), ("Anonymous", "None")]
            .map(|(user, right)| folder_right(owner, user, &[right]))
            .into(),
        _ => Vec::new(),
    }
}

/// A permission on a public folder.
pub(crate) fn folder_right(folder: &Entry, user: &str, rights: &[&str]) -> Entry {
    let mut entry = blank(folder, "PublicFolderClientPermission", user, mix(user.len() as u64));
    entry.set("User", user);
    entry.set("AccessRights", value::texts(rights));
    entry
}

/// A permission on the calendar.
pub(crate) fn folder_permission(owner: &Entry, user: &str, rights: &[&str]) -> Entry {
    let mut entry = blank(owner, "MailboxFolderPermission", user, mix(user.len() as u64));
    entry.set("FolderName", "Calendar");
    entry.set("User", user);
    entry.set("AccessRights", value::texts(rights));
    entry
}

/// Where a published calendar is, drawn anew when its addresses are reset.
pub(crate) fn publish(owner: &Entry, entry: &mut Entry, draw: u64) {
    let host = if owner.cloud { "outlook.office365.com" } else { "mail.contoso.com" };
    let key = format!("{:016x}{:016x}", mix(owner.guid.as_u128() as u64 ^ draw), mix(draw));
    let address = format!("http://{host}/owa/calendar/{}@contoso.com/{key}/calendar", owner.guid.simple());
    entry.set("PublishEnabled", true);
    entry.set("PublishedCalendarUrl", format!("{address}.html"));
    entry.set("PublishedICalUrl", format!("{address}.ics"));
}

/// The smallest picture there is: one point, as PNG.
const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\xdac\xfc\xcf\xc0P\x0f\0\x04\x85\x01\x80\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82";

/// The picture of somebody.
pub(crate) fn photo(owner: &Entry, name: &str, picture: PsValue) -> Entry {
    let mut entry = blank(owner, "UserPhoto", name, mix(name.len() as u64));
    entry.set("PictureData", picture);
    entry
}

fn rule(owner: &Entry, draw: u64) -> Entry {
    let forwards = draw.is_multiple_of(18);
    let name = if forwards { "Forward home" } else { "Newsletters" };
    let mut entry = blank(owner, "InboxRule", name, draw);
    entry.set("Priority", PsValue::I32(1));
    entry.set("RuleIdentity", PsValue::I64((draw >> 8) as i64 & 0xffff_ffff_ffff));
    if forwards {
        entry.set("ForwardTo", value::texts([format!("\"home\" [SMTP:{}@example.net]", owner.text("Alias"))]));
        entry.set("Description", "Forward everything to a private address");
    } else {
        entry.set("From", value::texts(["news@fabrikam.com"]));
        entry.set("MoveToFolder", "Newsletters");
        entry.set("Description", "Move newsletters to a folder");
    }
    entry
}

fn device(owner: &Entry, draw: u64) -> Entry {
    let (kind, model, system) = [
        ("iPhone", "iPhone 15", "iOS 18.2"),
        ("Android", "Pixel 8", "Android 15"),
        ("iPad", "iPad Air", "iPadOS 18.1"),
    ][(draw >> 8) as usize % 3];
    let id = format!("DEV{:08X}", (draw >> 20) as u32);
    let mut entry = blank(owner, "MobileDevice", &format!("{kind}\u{a7}{id}"), draw);
    for (property, text) in [("DeviceType", kind), ("DeviceModel", model), ("DeviceOS", system)] {
        entry.set(property, text);
    }
    entry.set("FriendlyName", format!("{}'s {kind}", owner.text("FirstName")));
    entry.set("DeviceId", id);
    entry.set("UserDisplayName", canonical_name(owner));
    entry.set("FirstSyncTime", value::utc(owner.created + SignedDuration::from_hours(200)));
    entry
}
