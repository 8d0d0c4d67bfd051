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
    let mut keyed: Vec<(Vec<Option<PsValue>>, &PsValue)> = values
        .iter()
        .filter(|value| !value.is_null())
        .map(|value| (options.keys.iter().map(|key| found(&key.by, value)).collect(), value))
        .collect();
    let compare = |left: &(Vec<Option<PsValue>>, &PsValue), right: &(Vec<Option<PsValue>>, &PsValue)| {
        if options.keys.is_empty() {
            return turned(order::compare(left.1, right.1), options.descending);
        }
        options
            .keys
            .iter()
            .zip(left.0.iter().zip(&right.0))
            .map(|(key, pair)| match pair {
                (Some(left), Some(right)) => turned(order::compare(left, right), key.descending || options.descending),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            })
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    };
    keyed.sort_by(compare);
    if options.unique {
        keyed.dedup_by(|later, earlier| compare(earlier, later) == Ordering::Equal);
    }
    let count = keyed.len();
    let range = match (options.top, options.bottom) {
        (Some(top), _) => 0..top.min(count),
        (None, Some(bottom)) => count.saturating_sub(bottom)..count,
        (None, None) => 0..count,
    };
    keyed[range].iter().map(|(_, value)| (*value).clone()).collect()
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
