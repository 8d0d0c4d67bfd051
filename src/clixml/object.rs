//! An object that came over the wire: type names, text, base value, adapted and extended properties.
//!
//! A [`PsObject`] is a shared handle: cloning copies a pointer, and a `<Ref>` to an object is that very object.
//! Accessors give values by clone, so that storage may decode on access.

use std::fmt;
use std::sync::Arc;

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
#[derive(Debug, Clone)]
pub enum Base {
    /// Nothing but properties.
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
pub struct PsObject(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    types: Option<TypeNames>,
    to_string: Option<PsString>,
    base: Base,
    adapted: Option<Vec<Member>>,
    extended: Option<Vec<Member>>,
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

    /// Type names as they came, most derived first; `None` when the document gave none.
    #[must_use]
    pub fn type_names(&self) -> Option<TypeNames> {
        self.0.types.clone()
    }

    /// The text that `ToString()` gave at the other end.
    #[must_use]
    pub fn to_string_text(&self) -> Option<PsString> {
        self.0.to_string.clone()
    }

    /// The base value.
    #[must_use]
    pub fn base(&self) -> Base {
        self.0.base.clone()
    }

    /// Adapted properties (`Props`: the real properties of the .NET object) in document order; `None` when there was no `Props`.
    #[must_use]
    pub fn adapted(&self) -> Option<Vec<Member>> {
        self.0.adapted.clone()
    }

    /// Extended members (`MS`: notes) in document order; `None` when there was no `MS`.
    #[must_use]
    pub fn extended(&self) -> Option<Vec<Member>> {
        self.0.extended.clone()
    }

    /// The value of a property, ignoring ASCII case; an extended one hides an adapted one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<PsValue> {
        let find = |members: &Option<Vec<Member>>| {
            members
                .iter()
                .flatten()
                .rev() // of equal names the last wins
                .find(|member| member.name().eq_ignore_ascii_case(name))
                .and_then(|member| member.value().cloned())
        };
        find(&self.0.extended).or_else(|| find(&self.0.adapted))
    }

    /// All properties in PowerShell's order: extended first, then adapted ones that no extended one hides.
    #[must_use]
    pub fn properties(&self) -> Vec<(Arc<str>, PsValue)> {
        let mut found: Vec<(Arc<str>, PsValue)> = Vec::new();
        for member in self.0.extended.iter().flatten().chain(self.0.adapted.iter().flatten()) {
            let Member::Property { name, value } = member else { continue };
            if !found.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                found.push((name.clone(), value.clone()));
            }
        }
        found
    }

    /// Whether both handles are one object.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for PsObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
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
        PsObject(Arc::new(Parts {
            types: self.types,
            to_string: self.to_string,
            base: self.base.unwrap_or(Base::None),
            adapted: self.adapted,
            extended: self.extended,
        }))
    }
}
