//! Objects: type names, properties in order, perhaps a base value; shared.
//!
//! Nothing is computed here.

use std::sync::{Arc, LazyLock, Mutex};

use super::super::block::Block;
use super::{List, ListKind, V, lock, same_name};

/// An object: type names, properties in order, perhaps a base value; shared.
#[derive(Debug, Clone)]
pub struct Obj(Arc<ObjInner>);

#[derive(Debug)]
struct ObjInner {
    /// The names of its types; `PSTypeNames` is this very list.
    types: List,
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
pub(in crate::script::ps) const CUSTOM_OBJECT: &str = "System.Management.Automation.PSCustomObject";

static TEXT: LazyLock<Arc<str>> = LazyLock::new(|| "System.String".into());

fn name_of(value: &V) -> Option<&Arc<str>> {
    match value {
        V::Str(name) => Some(name),
        _ => None,
    }
}

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
            types: List::of(ListKind::Generic(TEXT.clone()), types.into_iter().map(V::from).collect()),
            props: Mutex::new(props),
            base: Mutex::new(V::Null),
            text: Mutex::new(None),
        }))
    }

    /// An object itself, or one around another value, for properties of its own.
    #[must_use]
    pub fn around(value: &V) -> Self {
        match value {
            V::Obj(object) => object.clone(),
            other => Self::new(&other.type_name(), Vec::<(&str, V)>::new()).with_base(other.clone()),
        }
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
        self.0.types.lock().iter().filter_map(name_of).cloned().collect()
    }

    /// The list of the type names itself.
    #[must_use]
    pub fn type_list(&self) -> List {
        self.0.types.clone()
    }

    /// Replaces the type names.
    pub fn set_types(&self, types: Vec<Arc<str>>) {
        *self.0.types.lock() = types.into_iter().map(V::Str).collect();
    }

    /// The most derived type name.
    #[must_use]
    pub fn type_name(&self) -> Arc<str> {
        self.0.types.lock().first().and_then(name_of).cloned().unwrap_or_else(|| CUSTOM_OBJECT.into())
    }

    /// Whether the object is of the type (by full name).
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.0
            .types
            .lock()
            .iter()
            .filter_map(name_of)
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

    /// Whether it has a script method of this name.
    #[must_use]
    pub fn has_method(&self, name: &str) -> bool {
        matches!(self.prop(name), Some(Prop { value: PropValue::Method(_), .. }))
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

    /// Changes the text that `ToString()` gives.
    pub fn set_text(&self, text: &str) {
        *lock(&self.0.text) = Some(text.into());
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

    pub(super) fn address(&self) -> *const () {
        Arc::as_ptr(&self.0).cast()
    }
}
