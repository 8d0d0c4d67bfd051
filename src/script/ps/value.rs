//! Values as a running PowerShell script sees them: live, shared by reference, typed as .NET types them.
//!
//! No operators and no texts here; `clixml` has the values that travel, [`super::text::to_wire`] leads there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use rust_decimal::Decimal;
use uuid::Uuid;

use super::block::Block;
use crate::clixml::{PsDateTime, PsTimeSpan, PsVersion};

/// A lock whose poisoning is of no interest: the data is replaced whole.
pub(super) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// One value.
#[derive(Debug, Clone, Default)]
pub enum V {
    /// `$null`.
    #[default]
    Null,
    /// What a command without output gives: null that a pipeline does not pass on.
    Nothing,
    /// `System.Boolean`.
    Bool(bool),
    /// `System.Int32`.
    Int(i32),
    /// `System.Int64`.
    Long(i64),
    /// `System.Double`.
    Double(f64),
    /// `System.Decimal`.
    Decimal(Decimal),
    /// The integers that scripts seldom have, and `System.Single`.
    Small(Small, f64),
    /// `System.Char`.
    Char(char),
    /// `System.String`.
    Str(Arc<str>),
    /// `SwitchParameter`.
    Switch(bool),
    /// `System.DateTime`.
    Date(PsDateTime),
    /// `System.TimeSpan`.
    Span(PsTimeSpan),
    /// `System.Guid`.
    Guid(Uuid),
    /// `System.Version`.
    Version(PsVersion),
    /// A value of an enumeration.
    Enum(Arc<EnumValue>),
    /// A type as a value.
    Type(Arc<str>),
    /// Arrays and lists.
    List(List),
    /// Hashtables and dictionaries.
    Hash(Hash),
    /// Objects.
    Obj(Obj),
    /// A script block.
    Block(Block),
    /// `-Name` among the arguments of a command; true with a colon after it.
    Param(Arc<str>, bool),
    /// A pipeline that has not run yet.
    Pipe(Arc<super::pipe::Pipe>),
}

/// Numbers of the sizes that scripts seldom use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Small {
    /// `System.Byte`.
    Byte,
    /// `System.SByte`.
    SByte,
    /// `System.Int16`.
    Int16,
    /// `System.UInt16`.
    UInt16,
    /// `System.UInt32`.
    UInt32,
    /// `System.UInt64`.
    UInt64,
    /// `System.Single`.
    Single,
}

impl Small {
    /// The .NET type.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Byte => "System.Byte",
            Self::SByte => "System.SByte",
            Self::Int16 => "System.Int16",
            Self::UInt16 => "System.UInt16",
            Self::UInt32 => "System.UInt32",
            Self::UInt64 => "System.UInt64",
            Self::Single => "System.Single",
        }
    }
}

/// A value of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValue {
    /// The enumeration.
    pub type_name: &'static str,
    /// The value's name.
    pub name: String,
    /// Its number.
    pub number: i32,
}

/// An array or list, shared.
#[derive(Debug, Clone)]
pub struct List(Arc<ListInner>);

#[derive(Debug)]
struct ListInner {
    kind: ListKind,
    items: Mutex<Vec<V>>,
}

/// Which collection a list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListKind {
    /// `T[]`, by the name of `T`.
    Array(Arc<str>),
    /// `System.Collections.ArrayList`.
    ArrayList,
    /// `List<T>`.
    Generic(Arc<str>),
    /// `HashSet<T>`.
    Set(Arc<str>),
    /// `Queue`.
    Queue(Option<Arc<str>>),
    /// `Stack`, top last.
    Stack(Option<Arc<str>>),
    /// Any other collection, by its type.
    Other(Arc<str>),
}

impl List {
    /// `Object[]`.
    #[must_use]
    pub fn array(items: Vec<V>) -> Self {
        Self::of(ListKind::Array("System.Object".into()), items)
    }

    /// A collection of a kind.
    #[must_use]
    pub fn of(kind: ListKind, items: Vec<V>) -> Self {
        Self(Arc::new(ListInner { kind, items: Mutex::new(items) }))
    }

    /// Which collection it is.
    #[must_use]
    pub fn kind(&self) -> &ListKind {
        &self.0.kind
    }

    /// Whether its size is fixed.
    #[must_use]
    pub fn is_array(&self) -> bool {
        matches!(self.0.kind, ListKind::Array(_))
    }

    /// The items, locked.
    pub fn lock(&self) -> MutexGuard<'_, Vec<V>> {
        lock(&self.0.items)
    }

    /// A copy of the items.
    #[must_use]
    pub fn items(&self) -> Vec<V> {
        let mut items = self.lock().clone();
        if matches!(self.0.kind, ListKind::Stack(_)) {
            items.reverse();
        }
        items
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether both are one list.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

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
            other => format!("{}:{}", other.type_name(), super::text::to_string(other)),
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
            list.sort_by(|a, b| super::compare::sort_order(&a.0, &b.0, true));
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

/// An object: type names, properties in order, perhaps a base value; shared.
#[derive(Debug, Clone)]
pub struct Obj(Arc<ObjInner>);

#[derive(Debug)]
struct ObjInner {
    types: Mutex<Vec<Arc<str>>>,
    props: Mutex<Vec<Prop>>,
    /// What it is beside its properties: a wrapped value, the content of a string builder …
    base: Mutex<V>,
    text: Mutex<Option<Arc<str>>>,
}

/// A property or method of an object.
#[derive(Debug, Clone)]
pub struct Prop {
    /// Its name.
    pub name: Arc<str>,
    /// What it gives.
    pub value: PropValue,
}

/// What a member gives.
#[derive(Debug, Clone)]
pub enum PropValue {
    /// A value.
    Note(V),
    /// Another property's value.
    Alias(Arc<str>),
    /// What a script block gives, `$this` being the object.
    Script(Block),
    /// What a script block does when called.
    Method(Block),
}

/// The type of `[PSCustomObject]`.
pub(super) const CUSTOM_OBJECT: &str = "System.Management.Automation.PSCustomObject";

impl Obj {
    /// An object of a type with properties.
    #[must_use]
    pub fn new<N: Into<Arc<str>>>(type_name: &str, props: impl IntoIterator<Item = (N, V)>) -> Self {
        let props = props.into_iter().map(|(name, value)| Prop { name: name.into(), value: PropValue::Note(value) });
        Self::with_types([type_name], props.collect())
    }

    /// A `[PSCustomObject]`.
    #[must_use]
    pub fn custom<N: Into<Arc<str>>>(props: impl IntoIterator<Item = (N, V)>) -> Self {
        Self::new(CUSTOM_OBJECT, props)
    }

    /// From all its parts.
    #[must_use]
    pub fn with_types<'a>(types: impl IntoIterator<Item = &'a str>, props: Vec<Prop>) -> Self {
        Self(Arc::new(ObjInner {
            types: Mutex::new(types.into_iter().map(Arc::from).collect()),
            props: Mutex::new(props),
            base: Mutex::new(V::Null),
            text: Mutex::new(None),
        }))
    }

    /// With a base value.
    #[must_use]
    pub fn with_base(self, base: V) -> Self {
        *lock(&self.0.base) = base;
        self
    }

    /// With the text that `ToString()` gives.
    #[must_use]
    pub fn with_text(self, text: &str) -> Self {
        *lock(&self.0.text) = Some(text.into());
        self
    }

    /// The base value.
    #[must_use]
    pub fn base(&self) -> V {
        lock(&self.0.base).clone()
    }

    /// Changes the base value.
    pub fn set_base(&self, base: V) {
        *lock(&self.0.base) = base;
    }

    /// Its own text.
    #[must_use]
    pub fn own_text(&self) -> Option<Arc<str>> {
        lock(&self.0.text).clone()
    }

    /// The type names, most derived first.
    #[must_use]
    pub fn types(&self) -> Vec<Arc<str>> {
        lock(&self.0.types).clone()
    }

    /// Replaces the type names.
    pub fn set_types(&self, types: Vec<Arc<str>>) {
        *lock(&self.0.types) = types;
    }

    /// The most derived type name.
    #[must_use]
    pub fn type_name(&self) -> Arc<str> {
        lock(&self.0.types).first().cloned().unwrap_or_else(|| CUSTOM_OBJECT.into())
    }

    /// Whether the object is of the type (by full name).
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        lock(&self.0.types)
            .iter()
            .any(|own| own.strip_prefix("Deserialized.").unwrap_or(own).eq_ignore_ascii_case(name))
    }

    /// Whether it is a property bag.
    #[must_use]
    pub fn is_custom(&self) -> bool {
        self.is(CUSTOM_OBJECT)
    }

    /// The members.
    #[must_use]
    pub fn props(&self) -> Vec<Prop> {
        lock(&self.0.props).clone()
    }

    /// A member, ignoring case.
    #[must_use]
    pub fn prop(&self, name: &str) -> Option<Prop> {
        lock(&self.0.props).iter().find(|prop| same_name(&prop.name, name)).cloned()
    }

    /// The value of a note, ignoring case.
    #[must_use]
    pub fn note(&self, name: &str) -> Option<V> {
        match self.prop(name)?.value {
            PropValue::Note(value) => Some(value),
            PropValue::Alias(other) => self.note(&other),
            _ => None,
        }
    }

    /// Sets or adds a note.
    pub fn set(&self, name: &str, value: V) {
        self.set_prop(name, PropValue::Note(value));
    }

    /// Sets or adds a member.
    pub fn set_prop(&self, name: &str, value: PropValue) {
        let mut props = lock(&self.0.props);
        match props.iter_mut().find(|prop| same_name(&prop.name, name)) {
            Some(prop) => prop.value = value,
            None => props.push(Prop { name: name.into(), value }),
        }
    }

    /// Removes a member.
    pub fn remove(&self, name: &str) {
        lock(&self.0.props).retain(|prop| !same_name(&prop.name, name));
    }

    /// A copy with members of its own.
    #[must_use]
    pub fn copy(&self) -> Self {
        let types = self.types();
        let copy = Self::with_types(types.iter().map(AsRef::as_ref), self.props()).with_base(self.base());
        *lock(&copy.0.text) = self.own_text();
        copy
    }

    /// Whether both are one object.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn address(&self) -> *const () {
        Arc::as_ptr(&self.0).cast()
    }
}

/// Whether two names are one, ignoring case.
#[must_use]
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.len() == b.len() && (a.eq_ignore_ascii_case(b) || a.to_lowercase() == b.to_lowercase())
}

impl V {
    /// A string.
    #[must_use]
    pub fn str(text: impl AsRef<str>) -> Self {
        Self::Str(text.as_ref().into())
    }

    /// `Object[]`.
    #[must_use]
    pub fn array(items: Vec<Self>) -> Self {
        Self::List(List::array(items))
    }

    /// A count, as `Int32`.
    #[must_use]
    pub fn count(number: usize) -> Self {
        Self::Int(i32::try_from(number).unwrap_or(i32::MAX))
    }

    /// An `Int32` if it fits, else an `Int64`.
    #[must_use]
    pub fn integer(number: i64) -> Self {
        i32::try_from(number).map_or(Self::Long(number), Self::Int)
    }

    /// Whether it is null or nothing.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null | Self::Nothing)
    }

    /// What a statement's outputs are as one value: nothing, the only one, or an array.
    #[must_use]
    pub fn from_outputs(mut outputs: Vec<Self>) -> Self {
        match outputs.len() {
            0 => Self::Nothing,
            1 => outputs.remove(0),
            _ => Self::array(outputs),
        }
    }

    /// What a value gives when a pipeline or `foreach` walks it: a list its items, nothing none.
    #[must_use]
    pub fn unrolled(self) -> Vec<Self> {
        match self {
            Self::Nothing => Vec::new(),
            Self::List(list) => list.items(),
            Self::Obj(object) => match object.base() {
                Self::List(list) if object.is("unrolls") => list.items(),
                _ => vec![Self::Obj(object)],
            },
            other => vec![other],
        }
    }

    /// The full name of its type.
    #[must_use]
    pub fn type_name(&self) -> Arc<str> {
        let name = match self {
            Self::Null | Self::Nothing => "",
            Self::Bool(_) => "System.Boolean",
            Self::Int(_) => "System.Int32",
            Self::Long(_) => "System.Int64",
            Self::Double(_) => "System.Double",
            Self::Decimal(_) => "System.Decimal",
            Self::Small(kind, _) => kind.type_name(),
            Self::Char(_) => "System.Char",
            Self::Str(_) => "System.String",
            Self::Switch(_) => "System.Management.Automation.SwitchParameter",
            Self::Date(_) => "System.DateTime",
            Self::Span(_) => "System.TimeSpan",
            Self::Guid(_) => "System.Guid",
            Self::Version(_) => "System.Version",
            Self::Enum(value) => value.type_name,
            Self::Type(_) => "System.RuntimeType",
            Self::Block(_) => "System.Management.Automation.ScriptBlock",
            Self::Param(..) | Self::Pipe(_) => "System.Object",
            Self::Obj(object) => return object.type_name(),
            Self::List(list) => return list_type(list.kind()),
            Self::Hash(hash) => match hash.kind() {
                HashKind::Table => "System.Collections.Hashtable",
                HashKind::Ordered => "System.Collections.Specialized.OrderedDictionary",
                HashKind::Dictionary(key, _, _) if &**key == "json" => "System.Management.Automation.OrderedHashtable",
                HashKind::Dictionary(key, value, _) if key.ends_with("|sorted") => {
                    let key = key.trim_end_matches("|sorted");
                    return format!("System.Collections.Generic.SortedDictionary`2[{key},{value}]").into();
                }
                HashKind::Dictionary(key, value, _) => {
                    return format!("System.Collections.Generic.Dictionary`2[{key},{value}]").into();
                }
            },
        };
        name.into()
    }
}

fn list_type(kind: &ListKind) -> Arc<str> {
    match kind {
        ListKind::Array(item) => format!("{item}[]").into(),
        ListKind::ArrayList => "System.Collections.ArrayList".into(),
        ListKind::Generic(item) => format!("System.Collections.Generic.List`1[{item}]").into(),
        ListKind::Set(item) => match item.strip_suffix("|sorted") {
            Some(item) => format!("System.Collections.Generic.SortedSet`1[{item}]").into(),
            None => format!("System.Collections.Generic.HashSet`1[{}]", item.trim_end_matches("|ignorecase")).into(),
        },
        ListKind::Queue(None) => "System.Collections.Queue".into(),
        ListKind::Stack(None) => "System.Collections.Stack".into(),
        ListKind::Queue(Some(item)) => format!("System.Collections.Generic.Queue`1[{item}]").into(),
        ListKind::Stack(Some(item)) => format!("System.Collections.Generic.Stack`1[{item}]").into(),
        ListKind::Other(name) => name.clone(),
    }
}

impl From<&str> for V {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for V {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<bool> for V {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for V {
    fn from(value: i32) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for V {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}
