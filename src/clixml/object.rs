//! An object that came over the wire: type names, text, base value, adapted and extended properties.
//!
//! A [`PsObject`] is a shared handle: cloning copies a pointer, and a `<Ref>` to an object is that very object.
//! Accessors give values by clone, so that storage may decode on access.

mod release;

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

use super::packed::PackedObject;
use super::{PsString, PsValue};

/// Type names of an object, most derived first; shared between objects of one shape.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct TypeNames(Arc<[Arc<str>]>);

impl TypeNames {
    /// From names, most derived first.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        Self(names.into_iter().map(|name| Arc::from(name.as_ref())).collect())
    }

    /// The names, most derived first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// The most derived name.
    #[must_use]
    pub fn first(&self) -> Option<&str> {
        self.0.first().map(AsRef::as_ref)
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `name` is among them, ignoring ASCII case and a leading `Deserialized.`.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|own| own.strip_prefix("Deserialized.").unwrap_or(own).eq_ignore_ascii_case(name))
    }
}

impl fmt::Debug for TypeNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Which collection a list was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListKind {
    /// `LST`: arrays and lists.
    List,
    /// `IE`: any other enumerable.
    Enumerable,
    /// `STK`: top first.
    Stack,
    /// `QUE`.
    Queue,
}

/// The base value of an object: what it *is*, beside the properties it has.
#[derive(Debug, Clone, Default)]
pub enum Base {
    /// Nothing but properties.
    #[default]
    None,
    /// A decorated primitive, or the number of an enumeration value.
    Value(PsValue),
    /// A collection.
    List(ListKind, Arc<[PsValue]>),
    /// A dictionary, entries in document order; keys may be of any type.
    Dictionary(Arc<[(PsValue, PsValue)]>),
}

/// A named value of an object.
#[derive(Debug, Clone)]
pub enum Member {
    /// A property, adapted or extended.
    Property {
        /// Its name.
        name: Arc<str>,
        /// Its value.
        value: PsValue,
    },
    /// A named set of extended members (`<MS N="…">`).
    Set {
        /// Its name.
        name: Arc<str>,
        /// Its members.
        members: Arc<[Self]>,
    },
}

impl Member {
    /// A property.
    pub fn property(name: impl Into<Arc<str>>, value: impl Into<PsValue>) -> Self {
        Self::Property { name: name.into(), value: value.into() }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        match self {
            Self::Property { name, .. } | Self::Set { name, .. } => name,
        }
    }

    /// Its value, unless it is a member set.
    #[must_use]
    pub fn value(&self) -> Option<&PsValue> {
        match self {
            Self::Property { value, .. } => Some(value),
            Self::Set { .. } => None,
        }
    }
}

/// An object ([MS-PSRP] 2.2.5.2.1): a shared handle, compared by [`PsObject::same`].
#[derive(Clone)]
pub struct PsObject(Handle);

#[derive(Clone)]
enum Handle {
    /// An object that holds whatever it points to.
    Whole(Arc<Parts>),
    /// An object of a graph with a cycle, together with the root that holds all of the graph.
    Kept(Arc<Kept>),
    /// An object in a message that is kept as it came; it holds the message.
    Packed(PackedObject),
    /// Inside of parts only: the object that is (or was) being read around this place.
    Back(BackReference),
}

/// Where a reference to an object that is still being read will find it.
///
/// Weak, so that a graph with a cycle is freed with its root; accessors turn it into a handle that keeps the root.
pub(super) type BackReference = Arc<OnceLock<Weak<Parts>>>;

struct Kept {
    parts: Arc<Parts>,
    root: Arc<Parts>,
}

#[derive(Default)]
pub(super) struct Parts {
    pub types: Option<TypeNames>,
    pub to_string: Option<PsString>,
    pub base: Base,
    pub adapted: Option<Vec<Member>>,
    pub extended: Option<Vec<Member>>,
    /// Set on the outermost object when there are back references in what it holds.
    pub cyclic: bool,
}

impl PsObject {
    /// Starts building an object.
    #[must_use]
    pub fn builder() -> PsObjectBuilder {
        PsObjectBuilder::default()
    }

    /// A property bag: extended properties only, no type names (what most protocol messages carry).
    #[must_use]
    pub fn bag<N: Into<Arc<str>>>(members: impl IntoIterator<Item = (N, PsValue)>) -> Self {
        let mut builder = Self::builder();
        for (name, value) in members {
            builder = builder.extended(name, value);
        }
        builder.build()
    }

    pub(super) fn from_parts(parts: Parts) -> Self {
        Self(Handle::Whole(Arc::new(parts)))
    }

    pub(super) const fn packed(object: PackedObject) -> Self {
        Self(Handle::Packed(object))
    }

    /// A reference to an object that is not finished; never leaves this room.
    pub(super) const fn back(reference: BackReference) -> Self {
        Self(Handle::Back(reference))
    }

    /// Lets back references to this object find it.
    pub(super) fn settle(&self, reference: &BackReference) {
        if let Handle::Whole(parts) = &self.0 {
            // A second settling cannot happen; were it to, the first would stand.
            let _ = reference.set(Arc::downgrade(parts));
        }
    }

    /// A handle to this object that keeps `root` alive.
    pub(super) fn kept_by(&self, root: &Self) -> Self {
        match (&self.0, &root.0) {
            (Handle::Whole(parts), Handle::Whole(root)) => {
                Self(Handle::Kept(Arc::new(Kept { parts: parts.clone(), root: root.clone() })))
            }
            _ => self.clone(),
        }
    }

    /// The parts, and the root to keep if they belong to a graph with a cycle.
    fn parts(&self) -> (Arc<Parts>, Option<Arc<Parts>>) {
        match &self.0 {
            Handle::Whole(parts) => (parts.clone(), parts.cyclic.then(|| parts.clone())),
            Handle::Kept(kept) => (kept.parts.clone(), Some(kept.root.clone())),
            Handle::Back(reference) => {
                (reference.get().and_then(Weak::upgrade).unwrap_or_default(), None) // accessors give no such handle
            }
            Handle::Packed(object) => {
                let parts = Parts {
                    types: object.type_names(),
                    to_string: object.to_string_text(),
                    base: object.base(),
                    adapted: object.adapted(),
                    extended: object.extended(),
                    cyclic: false,
                };
                (Arc::new(parts), None)
            }
        }
    }

    /// What the object is known by while somebody holds it.
    pub(super) fn address(&self) -> (usize, u32) {
        match &self.0 {
            Handle::Whole(parts) => (Arc::as_ptr(parts).addr(), 0),
            Handle::Kept(kept) => (Arc::as_ptr(&kept.parts).addr(), 0),
            Handle::Back(reference) => (reference.get().map_or(0, |parts| parts.as_ptr().addr()), 0),
            Handle::Packed(object) => object.address(),
        }
    }

    /// Type names as they came, most derived first; `None` when the document gave none.
    #[must_use]
    pub fn type_names(&self) -> Option<TypeNames> {
        if let Handle::Packed(object) = &self.0 {
            return object.type_names();
        }
        self.parts().0.types.clone()
    }

    /// The text that `ToString()` gave at the other end.
    #[must_use]
    pub fn to_string_text(&self) -> Option<PsString> {
        if let Handle::Packed(object) = &self.0 {
            return object.to_string_text();
        }
        self.parts().0.to_string.clone()
    }

    /// The base value.
    #[must_use]
    pub fn base(&self) -> Base {
        if let Handle::Packed(object) = &self.0 {
            return object.base();
        }
        let (parts, root) = self.parts();
        match root {
            None => parts.base.clone(),
            Some(root) => match &parts.base {
                Base::None => Base::None,
                Base::Value(value) => Base::Value(keep(value, &root)),
                Base::List(kind, items) => Base::List(*kind, items.iter().map(|item| keep(item, &root)).collect()),
                Base::Dictionary(entries) => Base::Dictionary(
                    entries.iter().map(|(key, value)| (keep(key, &root), keep(value, &root))).collect(),
                ),
            },
        }
    }

    /// Adapted properties (`Props`: the real properties of the .NET object) in document order; `None` when there was no `Props`.
    #[must_use]
    pub fn adapted(&self) -> Option<Vec<Member>> {
        if let Handle::Packed(object) = &self.0 {
            return object.adapted();
        }
        let (parts, root) = self.parts();
        keep_members(parts.adapted.as_ref(), root.as_ref())
    }

    /// Extended members (`MS`: notes) in document order; `None` when there was no `MS`.
    #[must_use]
    pub fn extended(&self) -> Option<Vec<Member>> {
        if let Handle::Packed(object) = &self.0 {
            return object.extended();
        }
        let (parts, root) = self.parts();
        keep_members(parts.extended.as_ref(), root.as_ref())
    }

    /// The value of a property, ignoring ASCII case; an extended one hides an adapted one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<PsValue> {
        if let Handle::Packed(object) = &self.0 {
            return object.get(name);
        }
        let (parts, root) = self.parts();
        let find = |members: &Option<Vec<Member>>| {
            members
                .iter()
                .flatten()
                .rev() // of equal names the last wins
                .find(|member| member.name().eq_ignore_ascii_case(name))
                .and_then(Member::value)
                .map(|value| root.as_ref().map_or_else(|| value.clone(), |root| keep(value, root)))
        };
        find(&parts.extended).or_else(|| find(&parts.adapted))
    }

    /// All properties in PowerShell's order: extended first, then adapted ones that no extended one hides.
    #[must_use]
    pub fn properties(&self) -> Vec<(Arc<str>, PsValue)> {
        if let Handle::Packed(object) = &self.0 {
            return object.properties();
        }
        let (parts, root) = self.parts();
        let mut known = HashSet::new();
        let mut found: Vec<(Arc<str>, PsValue)> = Vec::new();
        for member in parts.extended.iter().flatten().chain(parts.adapted.iter().flatten()) {
            let Member::Property { name, value } = member else { continue };
            if known.insert(name.to_ascii_lowercase()) {
                found.push((name.clone(), root.as_ref().map_or_else(|| value.clone(), |root| keep(value, root))));
            }
        }
        found
    }

    /// The names of all properties in PowerShell's order, without making their values.
    #[must_use]
    pub fn names(&self) -> Vec<Arc<str>> {
        match &self.0 {
            Handle::Packed(object) => object.names(),
            _ => self.properties().into_iter().map(|(name, _)| name).collect(),
        }
    }

    /// How many items a list or entries a dictionary has; `None` for anything else.
    #[must_use]
    pub fn item_count(&self) -> Option<usize> {
        if let Handle::Packed(object) = &self.0 {
            return object.len();
        }
        match &self.parts().0.base {
            Base::List(_, items) => Some(items.len()),
            Base::Dictionary(entries) => Some(entries.len()),
            Base::None | Base::Value(_) => None,
        }
    }

    /// Whether both handles are one object.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.address() == other.address()
    }
}

/// A stored value as it may leave an object of a graph with a cycle: every object in it keeps the root.
fn keep(value: &PsValue, root: &Arc<Parts>) -> PsValue {
    let PsValue::Object(object) = value else { return value.clone() };
    let parts = match &object.0 {
        Handle::Whole(parts) => parts.clone(),
        Handle::Kept(_) | Handle::Packed(_) => return value.clone(),
        Handle::Back(reference) => match reference.get().and_then(Weak::upgrade) {
            Some(parts) => parts,
            None => return PsValue::Null, // the root is kept, so what is inside of it cannot be gone
        },
    };
    if Arc::ptr_eq(&parts, root) {
        return PsValue::Object(PsObject(Handle::Whole(parts)));
    }
    PsValue::Object(PsObject(Handle::Kept(Arc::new(Kept { parts, root: root.clone() }))))
}

fn keep_members(members: Option<&Vec<Member>>, root: Option<&Arc<Parts>>) -> Option<Vec<Member>> {
    match root {
        None => members.cloned(),
        Some(root) => members.map(|members| members.iter().map(|member| keep_member(member, root)).collect()),
    }
}

fn keep_member(member: &Member, root: &Arc<Parts>) -> Member {
    match member {
        Member::Property { name, value } => Member::Property { name: name.clone(), value: keep(value, root) },
        Member::Set { name, members } => Member::Set {
            name: name.clone(),
            members: members.iter().map(|member| keep_member(member, root)).collect(),
        },
    }
}

/// Names only: an object may hold itself.
impl fmt::Debug for PsObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("PsObject");
        if let Some(types) = self.type_names() {
            shown.field("types", &types);
        }
        if let Some(text) = self.to_string_text() {
            shown.field("to_string", &text);
        }
        if let Some(count) = self.item_count() {
            shown.field("items", &count);
        }
        shown.field("properties", &self.names()).finish()
    }
}

/// Puts an object together.
#[derive(Debug, Default)]
pub struct PsObjectBuilder {
    types: Option<TypeNames>,
    to_string: Option<PsString>,
    base: Option<Base>,
    adapted: Option<Vec<Member>>,
    extended: Option<Vec<Member>>,
}

impl PsObjectBuilder {
    /// Type names, most derived first.
    #[must_use]
    pub fn types(mut self, types: TypeNames) -> Self {
        self.types = Some(types);
        self
    }

    /// The `ToString` text.
    #[must_use]
    pub fn to_string_text(mut self, text: impl Into<PsString>) -> Self {
        self.to_string = Some(text.into());
        self
    }

    /// The base value.
    #[must_use]
    pub fn base(mut self, base: Base) -> Self {
        self.base = Some(base);
        self
    }

    /// Adds an adapted property.
    #[must_use]
    pub fn adapted(mut self, name: impl Into<Arc<str>>, value: impl Into<PsValue>) -> Self {
        self.adapted.get_or_insert_default().push(Member::property(name, value));
        self
    }

    /// Adds an extended property.
    #[must_use]
    pub fn extended(mut self, name: impl Into<Arc<str>>, value: impl Into<PsValue>) -> Self {
        self.extended.get_or_insert_default().push(Member::property(name, value));
        self
    }

    /// Adds any extended member.
    #[must_use]
    pub fn extended_member(mut self, member: Member) -> Self {
        self.extended.get_or_insert_default().push(member);
        self
    }

    /// The finished object.
    #[must_use]
    pub fn build(self) -> PsObject {
        PsObject::from_parts(Parts {
            types: self.types,
            to_string: self.to_string,
            base: self.base.unwrap_or_default(),
            adapted: self.adapted,
            extended: self.extended,
            cyclic: false,
        })
    }
}
