//! What was changed since the beginning: objects kept in full once touched, members, permissions, and the index of names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use uuid::Uuid;

use super::company;
use super::derived::{account, canonical_name, distinguished_name, legacy_dn};
use super::entry::{Class, Entry, EntryId};
use super::history::History;
use super::schema;
use super::seed::{Purpose, Seed};
use super::value;

/// Rights that someone has on a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Who, as shown: `CONTOSO\bob`.
    pub(crate) user: String,
    pub(crate) rights: Vec<String>,
    pub(crate) deny: bool,
    pub(crate) inheritance: String,
    pub(crate) user_sid: String,
}

/// The state behind [`super::Organization`].
#[derive(Debug)]
pub(crate) struct State {
    seed: Seed,
    touched: BTreeMap<EntryId, Entry>,
    removed: BTreeSet<EntryId>,
    members: HashMap<EntryId, Vec<EntryId>>,
    grants: HashMap<EntryId, Vec<Grant>>,
    /// What belongs to one mailbox, by noun: rules, devices, folder permissions.
    children: HashMap<(EntryId, &'static str), Vec<Entry>>,
    /// Lower-case names, addresses and ids of touched objects.
    keys: HashMap<String, Vec<EntryId>>,
    made: u32,
    history: History,
    /// What was done to things that are drawn and not kept: messages, items.
    done: HashMap<(Uuid, &'static str), String>,
}

impl State {
    pub(crate) fn new(seed: Seed, now: Timestamp) -> Self {
        let mut state = Self {
            seed,
            touched: BTreeMap::new(),
            removed: BTreeSet::new(),
            members: HashMap::new(),
            grants: HashMap::new(),
            children: HashMap::new(),
            keys: HashMap::new(),
            made: 0,
            history: History::default(),
            done: HashMap::new(),
        };
        for view in schema::views() {
            for beginning in view.objects.iter().filter(|beginning| seed.has(beginning.place)) {
                let made = Timestamp::from_second(1_614_556_800).unwrap_or_default();
                let mut entry = state.fresh(Class::Config(view.noun), beginning.name, made);
                for (property, text) in &beginning.properties {
                    if let Some(column) = view.column(property) {
                        let text = if *text == "@version@" { seed.release.display_version() } else { text };
                        let value = match value::parse_offset(text) {
                            Some(offset) if column.shape == schema::Shape::Date => value::local(now + offset),
                            _ => schema::shape_value(column.shape, text),
                        };
                        entry.properties.insert(column.key.clone(), value);
                    }
                }
                state.give_address(&mut entry);
                state.put(entry);
            }
        }
        company::populate(&mut state, &seed, now);
        state
    }

    /// A public folder that gets mail is a recipient too.
    fn give_address(&mut self, folder: &mut Entry) {
        if folder.get("MailEnabled").and_then(value::bool_of) != Some(true) {
            return;
        }
        let name = folder.text("Name");
        let mut recipient = self.fresh(Class::PublicFolder, &name, folder.created);
        let alias: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        recipient.set("DisplayName", name);
        recipient.set("EmailAddresses", value::addresses([format!("SMTP:{alias}@{}", super::seed::DOMAIN)]));
        recipient.set("Alias", alias);
        recipient.set("EntryId", folder.guid.simple().to_string());
        folder.set("MailRecipientGuid", crate::clixml::PsValue::Guid(recipient.guid));
        self.put(recipient);
    }

    /// What happened.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// What happened, to add to it.
    pub(crate) fn history_mut(&mut self) -> &mut History {
        &mut self.history
    }

    /// A new object, not yet put.
    pub(crate) fn fresh(&mut self, class: Class, name: &str, now: Timestamp) -> Entry {
        let number = self.made;
        self.made += 1;
        Entry {
            id: EntryId::Made(number),
            class,
            name: name.into(),
            guid: self.seed.guid(Purpose::ConfigGuid, number),
            created: now,
            changed: now,
            cloud: self.seed.is_cloud(),
            properties: BTreeMap::new(),
        }
    }

    /// Something of the moment that is kept nowhere.
    pub(crate) fn blank(&self, class: Class, name: &str, now: Timestamp) -> Entry {
        Entry {
            id: EntryId::Made(u32::MAX),
            class,
            name: name.into(),
            guid: Uuid::nil(),
            created: now,
            changed: now,
            cloud: self.seed.is_cloud(),
            properties: BTreeMap::new(),
        }
    }

    /// Remembers that something was done to a thing that is kept nowhere.
    pub(crate) fn do_to(&mut self, thing: Uuid, what: &'static str, how: String) {
        self.done.insert((thing, what), how);
    }

    /// How that was done, if it was.
    pub(crate) fn done(&self, thing: Uuid, what: &'static str) -> Option<&str> {
        self.done.get(&(thing, what)).map(String::as_str)
    }

    /// Whether it was done.
    pub(crate) fn is_done(&self, thing: Uuid, what: &'static str) -> bool {
        self.done(thing, what).is_some()
    }

    /// A GUID that no object has yet, for a mailbox.
    pub(crate) fn fresh_guid(&mut self) -> Uuid {
        let number = self.made;
        self.made += 1;
        self.seed.guid(Purpose::MailboxGuid, number ^ 0x8000_0000)
    }

    /// The object, unless it was removed.
    pub(crate) fn get(&self, id: EntryId) -> Option<Entry> {
        if self.removed.contains(&id) {
            return None;
        }
        if let Some(entry) = self.touched.get(&id) {
            return Some(entry.clone());
        }
        match id {
            EntryId::Mailbox(number) if number < self.seed.mailboxes => Some(self.seed.mailbox(number)),
            EntryId::Group(number) if number < self.seed.groups() => Some(self.seed.group(number)),
            _ => None,
        }
    }

    /// Keeps a new or changed object.
    pub(crate) fn put(&mut self, entry: Entry) {
        self.forget_keys(entry.id);
        for key in keys_of(&entry) {
            let ids = self.keys.entry(key).or_default();
            if !ids.contains(&entry.id) {
                ids.push(entry.id);
            }
        }
        self.removed.remove(&entry.id);
        self.touched.insert(entry.id, entry);
    }

    /// Removes an object and what hangs on it.
    pub(crate) fn remove(&mut self, id: EntryId) {
        self.forget_keys(id);
        self.touched.remove(&id);
        self.removed.insert(id);
        self.members.remove(&id);
        self.grants.remove(&id);
        self.children.retain(|(owner, _), _| *owner != id);
        for members in self.members.values_mut() {
            members.retain(|member| *member != id);
        }
    }

    fn forget_keys(&mut self, id: EntryId) {
        let Some(entry) = self.touched.get(&id) else { return };
        for key in keys_of(entry) {
            if let Some(ids) = self.keys.get_mut(&key) {
                ids.retain(|known| *known != id);
                if ids.is_empty() {
                    self.keys.remove(&key);
                }
            }
        }
    }

    /// The objects of `classes` that a name, alias, address, GUID or distinguished name means.
    pub(crate) fn find(&self, text: &str, classes: &[Class]) -> Vec<Entry> {
        let key = normal(text);
        let mut found: Vec<Entry> = Vec::new();
        let touched = self.keys.get(&key).into_iter().flatten().copied();
        let guesses = self.seed.guesses(&key).into_iter().filter(|id| !self.touched.contains_key(id));
        for id in touched.chain(guesses) {
            let Some(entry) = self.get(id) else { continue };
            let known = found.iter().any(|other| other.id == entry.id);
            if !known && classes.contains(&entry.class) && keys_of(&entry).contains(&key) {
                found.push(entry);
            }
        }
        found
    }

    /// The first object of `classes` at or after `from`.
    pub(crate) fn next_from(&self, from: EntryId, classes: &[Class]) -> Option<Entry> {
        let mut at = from;
        if let EntryId::Mailbox(mut number) = at {
            while number < self.seed.mailboxes && classes.iter().any(|class| class.is_recipient()) {
                if let Some(entry) = self.get(EntryId::Mailbox(number))
                    && classes.contains(&entry.class)
                {
                    return Some(entry);
                }
                number += 1;
            }
            at = EntryId::Group(0);
        }
        if let EntryId::Group(mut number) = at {
            while number < self.seed.groups() && classes.iter().any(|class| class.is_recipient()) {
                if let Some(entry) = self.get(EntryId::Group(number))
                    && classes.contains(&entry.class)
                {
                    return Some(entry);
                }
                number += 1;
            }
            at = EntryId::Made(0);
        }
        self.touched.range(at..).map(|(_, entry)| entry).find(|entry| classes.contains(&entry.class)).cloned()
    }

    /// The id after this one.
    pub(crate) fn after(id: EntryId) -> EntryId {
        match id {
            EntryId::Mailbox(number) => EntryId::Mailbox(number + 1),
            EntryId::Group(number) => EntryId::Group(number + 1),
            EntryId::Made(number) => EntryId::Made(number + 1),
        }
    }

    /// How many objects of these classes there are.
    pub(crate) fn count(&self, classes: &[Class]) -> usize {
        let mut count = 0;
        let mut from = EntryId::Mailbox(0);
        while let Some(entry) = self.next_from(from, classes) {
            count += 1;
            from = Self::after(entry.id);
        }
        count
    }

    /// The members of a group that still exist.
    pub(crate) fn members(&self, group: EntryId) -> Vec<Entry> {
        let ids = match (self.members.get(&group), group) {
            (Some(ids), _) => ids.clone(),
            (None, EntryId::Group(number)) => self.seed.members(number),
            (None, _) => Vec::new(),
        };
        ids.into_iter().filter_map(|id| self.get(id)).collect()
    }

    pub(crate) fn set_members(&mut self, group: EntryId, members: Vec<EntryId>) {
        self.members.insert(group, members);
    }

    /// The rights that were granted on a mailbox.
    pub(crate) fn grants(&self, mailbox: EntryId) -> Vec<Grant> {
        match (self.grants.get(&mailbox), mailbox) {
            (Some(grants), _) => grants.clone(),
            (None, EntryId::Mailbox(number)) => self.seeded_grants(number),
            (None, _) => Vec::new(),
        }
    }

    pub(crate) fn set_grants(&mut self, mailbox: EntryId, grants: Vec<Grant>) {
        self.grants.insert(mailbox, grants);
    }

    /// What belongs to a mailbox.
    pub(crate) fn children(&self, owner: &Entry, noun: &'static str) -> Vec<Entry> {
        match (self.children.get(&(owner.id, noun)), owner.id) {
            (Some(children), _) => children.clone(),
            (None, EntryId::Mailbox(number)) => super::belongings::seeded(&self.seed, number, owner, noun),
            (None, _) => super::belongings::of_anyone(owner, noun),
        }
    }

    pub(crate) fn set_children(&mut self, owner: EntryId, noun: &'static str, children: Vec<Entry>) {
        self.children.insert((owner, noun), children);
    }

    /// One mailbox in nine is open to somebody else from the beginning; shared ones always.
    fn seeded_grants(&self, number: u32) -> Vec<Grant> {
        let draw = self.seed.draw(Purpose::Traits, number ^ 0x1000_0000);
        let shared = self.seed.mailbox(number).class == Class::SharedMailbox;
        let mut grants = company::odd_grants(&self.seed, number);
        if (number < 4 || !draw.is_multiple_of(9)) && !shared {
            return grants;
        }
        let other = ((draw >> 8) % u64::from(self.seed.mailboxes.max(1))) as u32;
        if other == number {
            return grants;
        }
        let user = self.seed.mailbox(other);
        grants.push(Grant {
            user: account(&user),
            rights: vec!["FullAccess".to_owned()],
            deny: false,
            inheritance: "All".to_owned(),
            user_sid: super::sid(&user),
        });
        grants
    }
}

fn normal(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let plain = lower.strip_prefix("smtp:").unwrap_or(&lower);
    let plain = plain.strip_prefix("contoso\\").unwrap_or(plain);
    plain.trim_matches(['{', '}']).to_owned()
}

/// Everything that an object answers to.
fn keys_of(entry: &Entry) -> Vec<String> {
    let mut keys = vec![
        entry.name.to_lowercase(),
        entry.guid.to_string(),
        distinguished_name(entry).to_lowercase(),
        canonical_name(entry).to_lowercase(),
    ];
    if entry.class.is_recipient() {
        for property in ["Alias", "UserPrincipalName", "SamAccountName", "DisplayName", "ExchangeGuid"] {
            let text = entry.get(property).and_then(value::plain_text).unwrap_or_default();
            keys.push(text.to_lowercase());
        }
        keys.extend(entry.texts("EmailAddresses").iter().map(|address| normal(address)));
        keys.push(legacy_dn(entry).to_lowercase());
    }
    keys.retain(|key| !key.is_empty());
    keys.sort_unstable();
    keys.dedup();
    keys
}
