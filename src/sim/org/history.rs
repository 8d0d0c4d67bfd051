//! What happened in the organization: changes that cmdlets made, and mailboxes that were removed and can come back.
//!
//! Both grow only while the simulator runs; audit entries beyond a limit push out the oldest.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use super::entry::{Class, Entry};
use super::value;

/// How many changes are remembered.
const CHANGES_MAX: usize = 10_000;

/// One change by a cmdlet.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) when: Timestamp,
    /// Who made it, as signed in.
    pub(crate) caller: String,
    pub(crate) cmdlet: String,
    /// What it was made to.
    pub(crate) object: String,
    /// Parameters with their texts; secrets have none.
    pub(crate) parameters: Vec<(String, String)>,
}

/// The memory behind the audit logs and the mailboxes without an owner.
#[derive(Debug, Default)]
pub(crate) struct History {
    changes: VecDeque<Change>,
    gone: Vec<Entry>,
    /// How many records of an audit search were handed out, by session.
    searches: HashMap<String, usize>,
}

impl History {
    /// Remembers a change.
    pub(crate) fn note(&mut self, change: Change) {
        if self.changes.len() == CHANGES_MAX {
            self.changes.pop_front();
        }
        self.changes.push_back(change);
    }

    /// The changes, the newest first.
    pub(crate) fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().rev()
    }

    /// Keeps a mailbox whose owner is gone.
    pub(crate) fn bury(&mut self, mut mailbox: Entry, now: Timestamp, reason: &str) {
        mailbox.set("WhenSoftDeleted", value::local(now));
        mailbox.set("DisconnectDate", value::local(now));
        mailbox.set("DisconnectReason", reason);
        mailbox.set("IsSoftDeletedByRemove", true);
        mailbox.set("IsInactiveMailbox", is_held(&mailbox));
        self.gone.push(mailbox);
    }

    /// The mailboxes without an owner.
    pub(crate) fn gone(&self) -> &[Entry] {
        &self.gone
    }

    /// The one without an owner that goes by a name, address, or the mailbox's GUID.
    pub(crate) fn find_gone(&self, text: &str) -> Option<&Entry> {
        let address = text.to_lowercase();
        self.gone.iter().rev().find(|entry| {
            let own = ["Alias", "DisplayName", "UserPrincipalName", "ExchangeGuid"].map(|name| entry.text(name));
            own.iter().any(|own| own.eq_ignore_ascii_case(text))
                || entry.name.eq_ignore_ascii_case(text)
                || entry.guid.to_string().eq_ignore_ascii_case(text)
                || super::distinguished_name(entry).eq_ignore_ascii_case(text)
                || super::legacy_dn(entry).eq_ignore_ascii_case(text)
                || entry.primary_address().to_lowercase() == address
        })
    }

    /// Takes a mailbox out, to give it an owner again or to forget it.
    pub(crate) fn take_gone(&mut self, entry: &Entry) -> Option<Entry> {
        let at = self.gone.iter().position(|known| known.guid == entry.guid)?;
        let mut entry = self.gone.remove(at);
        for property in
            ["WhenSoftDeleted", "DisconnectDate", "DisconnectReason", "IsSoftDeletedByRemove", "IsInactiveMailbox"]
        {
            entry.properties.remove(property);
        }
        Some(entry)
    }

    /// Where a search of the audit log goes on, and where it will be after `count` records more.
    pub(crate) fn advance_search(&mut self, session: &str, count: usize) -> usize {
        let at = self.searches.entry(session.to_owned()).or_default();
        let from = *at;
        *at += count;
        from
    }
}

/// Whether a mailbox must be kept when its owner goes.
pub(crate) fn is_held(entry: &Entry) -> bool {
    let held = entry.get("LitigationHoldEnabled").and_then(value::bool_of).unwrap_or(false);
    entry.class != Class::User && (held || !entry.texts("InPlaceHolds").is_empty())
}
