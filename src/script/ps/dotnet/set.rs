//! `HashSet<T>`: membership and the operations of sets.
//!
//! What it has in common with lists is in `list`.

use super::super::fault::Res;

use super::super::value::{List, ListKind, V};

pub(in crate::script::ps) fn set_method(list: &List, name: &str, others: &[V]) -> Res<V> {
    let exact = !ignores(list);
    let items = list.items();
    let within = |item: &V, all: &[V]| all.iter().any(|other| super::super::compare::equal(item, other, exact));
    let subset = |a: &[V], b: &[V]| a.iter().all(|item| within(item, b));
    Ok(V::Bool(match name {
        "issubsetof" => subset(&items, others),
        "issupersetof" => subset(others, &items),
        "overlaps" => items.iter().any(|item| within(item, others)),
        "setequals" => subset(&items, others) && subset(others, &items),
        _ => {
            let mut kept: Vec<V> = items.iter().filter(|item| !within(item, others)).cloned().collect();
            kept.extend(others.iter().filter(|item| !within(item, &items)).cloned());
            *list.lock() = kept;
            return Ok(V::Nothing);
        }
    }))
}

/// Whether a set was made to ignore case.
pub(in crate::script::ps) fn ignores(list: &List) -> bool {
    matches!(list.kind(), ListKind::Set(item) if item.ends_with("|ignorecase"))
}

/// Whether a set keeps its items in order (`SortedSet<T>`).
#[must_use]
pub(in crate::script::ps) fn sorted(list: &List) -> bool {
    matches!(list.kind(), ListKind::Set(item) if item.ends_with("|sorted"))
}

/// Puts the items of a sorted set in order.
pub(super) fn keep_order(list: &List) {
    if sorted(list) {
        list.lock().sort_by(|a, b| super::super::compare::sort_order(a, b, true));
    }
}
