//! What a call has bound, as the code of functions and built-ins asks for it.
//!
//! How it was found is not known here.

use super::super::text::to_string;
use super::super::value::{Hash, HashKind, V, same_name};

/// What a call has bound.
#[derive(Debug, Clone, Default)]
pub(in crate::script::ps) struct Bound {
    values: Vec<(String, V)>,
    /// Arguments that no parameter took.
    pub rest: Vec<V>,
    /// The parameter set: empty while several are possible.
    pub set: String,
}

impl Bound {
    /// Nothing but a parameter set and arguments that no parameter took.
    pub(super) fn new(set: &str, rest: Vec<V>) -> Self {
        Self { values: Vec::new(), rest, set: set.to_owned() }
    }

    /// What a table gives by name.
    #[must_use]
    pub(in crate::script::ps) fn of_table(table: &V) -> Self {
        let mut bound = Self::default();
        if let V::Hash(table) = table {
            for (name, value) in table.entries() {
                bound.set(&to_string(&name), value);
            }
        }
        bound
    }

    /// The value of a parameter.
    #[must_use]
    pub(in crate::script::ps) fn get(&self, name: &str) -> Option<&V> {
        self.values.iter().find(|(own, _)| same_name(own, name)).map(|(_, value)| value)
    }

    /// Whether a parameter was given.
    #[must_use]
    pub(in crate::script::ps) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether a switch is on.
    #[must_use]
    pub(in crate::script::ps) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(super::super::compare::truthy)
    }

    /// A parameter as text.
    #[must_use]
    pub(in crate::script::ps) fn text(&self, name: &str) -> Option<String> {
        self.get(name).filter(|value| !value.is_null()).map(super::super::text::interpolated)
    }

    /// A parameter as a list.
    #[must_use]
    pub(in crate::script::ps) fn list(&self, name: &str) -> Vec<V> {
        self.get(name).cloned().map(V::unrolled).unwrap_or_default()
    }

    /// A parameter as a list of texts.
    #[must_use]
    pub(in crate::script::ps) fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).iter().map(super::super::text::interpolated).collect()
    }

    /// A parameter as a whole number.
    #[must_use]
    pub(in crate::script::ps) fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)
            .and_then(|value| super::super::number::of(value, "System.Int32").ok())
            .and_then(super::super::number::Num::long)
    }

    /// Sets a parameter.
    pub(in crate::script::ps) fn set(&mut self, name: &str, value: V) {
        match self.values.iter_mut().find(|(own, _)| same_name(own, name)) {
            Some(entry) => entry.1 = value,
            None => self.values.push((name.to_owned(), value)),
        }
    }

    /// The names and values that were bound.
    #[must_use]
    pub(in crate::script::ps) fn values(&self) -> &[(String, V)] {
        &self.values
    }

    /// As `$PSBoundParameters`.
    #[must_use]
    pub(in crate::script::ps) fn table(&self) -> Hash {
        let kind = HashKind::Dictionary("System.String".into(), "System.Object".into(), true);
        Hash::from_entries(kind, self.values.iter().map(|(name, value)| (V::from(name.as_str()), value.clone())))
    }
}
