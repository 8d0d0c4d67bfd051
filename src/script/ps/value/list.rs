//! Arrays and lists: shared, of one of .NET's kinds.
//!
//! What their methods do is in `dotnet`.

use std::sync::{Arc, Mutex, MutexGuard};

use super::{V, lock};

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
    /// `T[,]` and its kin: the name of `T` and the length of each dimension.
    Grid(Arc<str>, Arc<[usize]>),
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
        matches!(self.0.kind, ListKind::Array(_) | ListKind::Grid(..))
    }

    /// The full name of its type.
    #[must_use]
    pub fn type_name(&self) -> Arc<str> {
        list_type(self.kind())
    }

    /// The length of each dimension.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        match &self.0.kind {
            ListKind::Grid(_, sizes) => sizes.to_vec(),
            _ => vec![self.len()],
        }
    }

    /// The place in a grid that indexes mean; `None` when they are outside or it is no grid.
    #[must_use]
    pub fn place(&self, indexes: &[i64]) -> Option<usize> {
        let ListKind::Grid(_, sizes) = &self.0.kind else { return None };
        if sizes.len() != indexes.len() {
            return None;
        }
        sizes.iter().zip(indexes).try_fold(0_usize, |at, (size, index)| {
            let index = usize::try_from(*index).ok().filter(|index| index < size)?;
            Some(at * size + index)
        })
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

    /// The item at a place, counted as [`List::items`] has them.
    #[must_use]
    pub fn item(&self, at: usize) -> Option<V> {
        let items = self.lock();
        let at = match self.0.kind {
            ListKind::Stack(_) => items.len().checked_sub(at + 1)?,
            _ => at,
        };
        items.get(at).cloned()
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

fn list_type(kind: &ListKind) -> Arc<str> {
    match kind {
        ListKind::Array(item) => format!("{item}[]").into(),
        ListKind::Grid(item, sizes) => format!("{item}[{}]", ",".repeat(sizes.len().saturating_sub(1))).into(),
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
