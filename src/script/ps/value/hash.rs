//! Dictionaries: shared, entries in the order they came.
//!
//! What their methods do is in `dotnet`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::{V, lock};

/// A dictionary, shared; entries in the order they came.
#[derive(Debug, Clone)]
pub struct Hash(Arc<HashInner>);

#[derive(Debug)]
struct HashInner {
    kind: HashKind,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default, Clone)]
struct Entries {
    list: Vec<(V, V)>,
    index: HashMap<String, usize>,
}

/// Which dictionary it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HashKind {
    /// `System.Collections.Hashtable`, keys without regard to case.
    Table,
    /// `System.Collections.Specialized.OrderedDictionary`.
    Ordered,
    /// `Dictionary<K, V>`, keys exact; the types' names.
    Dictionary(Arc<str>, Arc<str>, bool),
}

impl Hash {
    /// An empty dictionary.
    #[must_use]
    pub fn new(kind: HashKind) -> Self {
        Self(Arc::new(HashInner { kind, entries: Mutex::new(Entries::default()) }))
    }

    /// With entries.
    #[must_use]
    pub fn from_entries(kind: HashKind, entries: impl IntoIterator<Item = (V, V)>) -> Self {
        let hash = Self::new(kind);
        for (key, value) in entries {
            hash.set(key, value);
        }
        hash
    }

    /// Which dictionary it is.
    #[must_use]
    pub fn kind(&self) -> &HashKind {
        &self.0.kind
    }

    fn key(&self, key: &V) -> String {
        let exact = matches!(self.0.kind, HashKind::Dictionary(_, _, false));
        match key {
            V::Str(text) if exact => format!("s{text}"),
            V::Str(text) => format!("s{}", text.to_lowercase()),
            V::Char(c) => format!("c{c}"),
            V::Int(number) => format!("n{number}"),
            V::Long(number) => format!("l{number}"),
            V::Double(number) => format!("n{number}"),
            V::Obj(object) => format!("o{:p}", object.address()),
            other => format!("{}:{}", other.type_name(), super::super::text::to_string(other)),
        }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &V) -> Option<V> {
        let key = self.key(key);
        let entries = lock(&self.0.entries);
        entries.index.get(&key).and_then(|at| entries.list.get(*at)).map(|(_, value)| value.clone())
    }

    /// The value of a text key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<V> {
        self.get(&V::from(key))
    }

    /// Sets a key; an existing one keeps its place and spelling.
    pub fn set(&self, key: V, value: V) {
        let text = self.key(&key);
        let mut entries = lock(&self.0.entries);
        if let Some(at) = entries.index.get(&text).copied() {
            if let Some(entry) = entries.list.get_mut(at) {
                entry.1 = value;
            }
            return;
        }
        let at = entries.list.len();
        entries.list.push((key, value));
        entries.index.insert(text, at);
    }

    /// Removes a key.
    pub fn remove(&self, key: &V) -> bool {
        let text = self.key(key);
        let mut entries = lock(&self.0.entries);
        let Some(at) = entries.index.remove(&text) else { return false };
        entries.list.remove(at);
        for place in entries.index.values_mut() {
            if *place > at {
                *place -= 1;
            }
        }
        true
    }

    /// Removes everything.
    pub fn clear(&self) {
        *lock(&self.0.entries) = Entries::default();
    }

    /// Puts an entry at a place.
    pub fn insert(&self, at: usize, key: V, value: V) {
        let mut list = self.entries();
        list.insert(at.min(list.len()), (key, value));
        self.clear();
        for (key, value) in list {
            self.set(key, value);
        }
    }

    /// The entries.
    #[must_use]
    pub fn entries(&self) -> Vec<(V, V)> {
        let mut list = lock(&self.0.entries).list.clone();
        if let HashKind::Dictionary(key, ..) = &self.0.kind
            && key.ends_with("|sorted")
        {
            list.sort_by(|a, b| super::super::compare::sort_order(&a.0, &b.0, true));
        }
        list
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.0.entries).list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether both are one dictionary.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
