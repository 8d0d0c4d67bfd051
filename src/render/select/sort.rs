//! `Sort-Object`: stable, text like a dictionary, nothing first, objects without the property last.

use std::cmp::Ordering;

use super::super::order;
use super::super::request::Column;
use super::super::subject;
use super::super::view::Source;
use crate::clixml::PsValue;

/// One key of the order.
#[derive(Debug, Clone)]
pub struct SortKey {
    /// Its value.
    pub by: Column,
    /// Largest first.
    pub descending: bool,
}

/// How objects are sorted.
#[derive(Debug, Clone, Default)]
pub struct SortOptions {
    /// Keys, the first counts most; none means the objects themselves.
    pub keys: Vec<SortKey>,
    /// Largest first, where a key does not say.
    pub descending: bool,
    /// Equal ones only once.
    pub unique: bool,
    /// So many from the start of the order.
    pub top: Option<usize>,
    /// So many from its end.
    pub bottom: Option<usize>,
}

/// The objects in order.
#[must_use]
pub fn sort(values: &[PsValue], options: &SortOptions) -> Vec<PsValue> {
    let values: Vec<&PsValue> = values.iter().filter(|value| !value.is_null()).collect();
    let keys: Vec<Vec<Option<PsValue>>> = if options.keys.is_empty() {
        values.iter().map(|value| vec![Some((*value).clone())]).collect()
    } else {
        values.iter().map(|value| options.keys.iter().map(|key| found(&key.by, value)).collect()).collect()
    };
    let descending: Vec<bool> = match options.keys.as_slice() {
        [] => vec![options.descending],
        keys => keys.iter().map(|key| key.descending || options.descending).collect(),
    };
    let places = places_in_order(&keys, &descending, options.unique);
    let count = places.len();
    let range = match (options.top, options.bottom) {
        (Some(top), _) => 0..top.min(count),
        (None, Some(bottom)) => count.saturating_sub(bottom)..count,
        (None, None) => 0..count,
    };
    places[range].iter().map(|place| values[*place].clone()).collect()
}

/// The places of objects in the order of their keys, of which each object has one for each of `descending`.
#[must_use]
pub fn places_in_order(keys: &[Vec<Option<PsValue>>], descending: &[bool], unique: bool) -> Vec<usize> {
    let compare = |left: usize, right: usize| {
        let pairs = keys[left].iter().zip(&keys[right]).zip(descending);
        let orders = pairs.map(|(pair, descending)| match pair {
            (Some(left), Some(right)) => turned(order::compare(left, right), *descending),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        });
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    };
    let mut places: Vec<usize> = (0..keys.len()).collect();
    places.sort_by(|left, right| compare(*left, *right));
    if unique {
        places.dedup_by(|later, earlier| compare(*earlier, *later).is_eq());
    }
    places
}

fn turned(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

/// A key's value; `None` if the object has no such property.
pub(super) fn found(column: &Column, value: &PsValue) -> Option<PsValue> {
    match &column.source {
        Source::Property(name) => subject::property(value, name),
        Source::Script(script) => script.evaluate(value).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clixml::PsObject;

    #[test]
    fn objects_without_the_property_come_last_and_null_first() {
        // facts/powershell-semantics.md 7
        let of = |value: PsValue| PsValue::from(PsObject::bag([("N", value)]));
        let values = [PsObject::bag([("Other", PsValue::I32(0))]).into(), of(PsValue::I32(2)), of(PsValue::Null)];
        let options = SortOptions {
            keys: vec![SortKey { by: Column::property("N"), descending: false }],
            ..SortOptions::default()
        };
        let sorted: Vec<_> =
            sort(&values, &options).iter().map(|value| subject::property(value, "N").map(|n| n.is_null())).collect();
        assert_eq!(sorted, [Some(true), Some(false), None]);
    }
}
