//! Get- and Restore-RecoverableItems: what was deleted from mailboxes and can come back.
//!
//! Each mailbox has a handful of made-up items; that one was restored is remembered.

use jiff::{SignedDuration, Timestamp};

use super::reading::{identified, result_size};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::seed::mix;
use crate::sim::org::{schema, value};

pub(super) fn specs() -> Vec<Spec> {
    let all: &'static [&'static str] = &[
        "Identity",
        "SubjectContains",
        "FilterItemType",
        "FilterStartTime",
        "FilterEndTime",
        "SourceFolder",
        "EntryID",
        "LastParentFolderID",
        "ResultSize",
    ];
    let output = "Microsoft.Exchange.Management.RecoverableItem";
    vec![
        Spec {
            name: "Get-RecoverableItems",
            parameters: all,
            output,
            start: |_| Box::new(Tries(|call| list(call, false))),
        },
        Spec {
            name: "Restore-RecoverableItems",
            parameters: all,
            output,
            start: |_| Box::new(Tries(|call| list(call, true))),
        },
    ]
}

struct Item {
    id: uuid::Uuid,
    subject: String,
    class: &'static str,
    folder: &'static str,
    parent: &'static str,
    modified: Timestamp,
}

impl Item {
    fn entry_id(&self) -> String {
        self.id.simple().to_string().to_uppercase()
    }
}

const SUBJECTS: [&str; 8] =
    ["Offer 2026", "Budget", "Minutes", "Contract", "Photos", "Your order", "Lunch?", "Drawings"];
const PARENTS: [&str; 3] = ["Inbox", "Sent Items", "Inbox\\Projects"];

fn items(mailbox: &Entry, now: Timestamp) -> Vec<Item> {
    let seed = mailbox.guid.as_u128() as u64;
    let item = |number: u64| {
        let draw = mix(seed ^ number);
        // Days are counted from today, so that something is always young enough.
        let age = SignedDuration::from_hours(24 * (draw % 13) as i64 + 1);
        Item {
            id: uuid::Uuid::from_u128(u128::from(draw) << 64 | u128::from(mix(draw))),
            subject: SUBJECTS[(draw >> 8) as usize % SUBJECTS.len()].to_owned(),
            class: if draw.is_multiple_of(7) { "IPM.Appointment" } else { "IPM.Note" },
            folder: if draw.is_multiple_of(3) { "DeletedItems" } else { "RecoverableItems" },
            parent: PARENTS[(draw >> 16) as usize % PARENTS.len()],
            modified: now - age,
        }
    };
    (0..seed % 9).map(item).collect()
}

fn list(call: &mut Call<'_>, restores: bool) -> Attempt {
    let mailbox = identified(call, Class::MAILBOXES)?;
    let now = call.organization().now();
    let (limit, _) = result_size(call)?;
    let date = |name: &str| call.value(name).and_then(value::timestamp_of);
    let (start, end) = (date("FilterStartTime"), date("FilterEndTime"));
    if start.zip(end).is_some_and(|(start, end)| start > end) {
        return Err(Failure::invalid("FilterStartTime", "FilterStartTime is later than FilterEndTime.").into());
    }
    let [subject, class, folder, id, parent] =
        ["SubjectContains", "FilterItemType", "SourceFolder", "EntryID", "LastParentFolderID"]
            .map(|name| call.text(name));
    let is =
        |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(own));
    let mut found = items(&mailbox, now);
    found.retain(|item| {
        let inside = subject.as_deref().is_none_or(|text| item.subject.to_lowercase().contains(&text.to_lowercase()));
        inside
            && class.as_deref().is_none_or(|class| item.class.to_lowercase().starts_with(&class.to_lowercase()))
            && is(&folder, item.folder)
            && is(&id, &item.entry_id())
            && is(&parent, item.parent)
            && start.is_none_or(|start| item.modified >= start)
            && end.is_none_or(|end| item.modified <= end)
            && !call.organization().read(|state| state.is_done(item.id, "restored"))
    });
    let view = schema::view("RecoverableItems").ok_or(Halt::Stopped)?;
    let address = mailbox.primary_address();
    for item in found.iter().take(limit) {
        if restores {
            if !call.should_process("Restore recoverable item", &item.subject)? {
                continue;
            }
            call.organization().write(|state| state.do_to(item.id, "restored", String::new()));
        }
        let restored = |value: PsValue| if restores { value } else { PsValue::Null };
        let object = view.record(&[
            ("MailboxIdentity", address.as_str().into()),
            ("LastModifiedTime", value::local(item.modified)),
            ("ItemClass", item.class.into()),
            ("Subject", item.subject.as_str().into()),
            ("SourceFolder", item.folder.into()),
            ("LastParentFolderID", item.parent.into()),
            ("LastParentPath", item.parent.into()),
            ("EntryID", item.entry_id().into()),
            ("RestoredToFolderPath", restored(item.parent.into())),
            ("WasRestoredSuccessfully", restored(true.into())),
        ]);
        call.output(object)?;
    }
    Ok(())
}
