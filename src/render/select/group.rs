//! `Group-Object`: objects with equal keys together, groups in the order of their keys.

use super::super::order;
use super::super::request::Column;
use super::super::subject::ALIVE;
use super::super::text::{Culture, display};
use super::sort::found;
use crate::clixml::{Base, ListKind, PsObject, PsValue, TypeNames};

/// How objects are grouped.
#[derive(Debug, Clone, Default)]
pub struct GroupOptions {
    /// Keys; none means the objects themselves.
    pub keys: Vec<Column>,
    /// Groups without their members.
    pub no_element: bool,
}

/// The groups, as objects with `Count`, `Name`, `Group` and `Values`.
#[must_use]
pub fn group(values: &[PsValue], options: &GroupOptions) -> Vec<PsValue> {
    let mut groups: Vec<(Vec<PsValue>, Vec<PsValue>)> = Vec::new();
    for value in values.iter().filter(|value| !value.is_null()) {
        let keys: Vec<PsValue> = if options.keys.is_empty() {
            vec![value.clone()]
        } else {
            options.keys.iter().map(|key| found(key, value).unwrap_or(PsValue::Null)).collect()
        };
        let same = |known: &[PsValue]| known.iter().zip(&keys).all(|(left, right)| order::equal(left, right));
        match groups.iter_mut().find(|(known, _)| same(known)) {
            Some((_, members)) => members.push(value.clone()),
            None => groups.push((keys, vec![value.clone()])),
        }
    }
    groups.sort_by(|(left, _), (right, _)| {
        left.iter()
            .zip(right)
            .map(|(left, right)| order::compare(left, right))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    groups.into_iter().map(|(keys, members)| info(&keys, members, options.no_element)).collect()
}

fn info(keys: &[PsValue], members: Vec<PsValue>, no_element: bool) -> PsValue {
    let list =
        |items: Vec<PsValue>| PsValue::from(PsObject::builder().base(Base::List(ListKind::List, items.into())).build());
    let name = keys.iter().map(|key| display(key, -1, &Culture::EN_US)).collect::<Vec<_>>().join(", ");
    let count = PsValue::I32(i32::try_from(members.len()).unwrap_or(i32::MAX));
    let own = if no_element { "GroupInfoNoElement" } else { "GroupInfo" };
    let own = format!("Microsoft.PowerShell.Commands.{own}");
    let mut builder = PsObject::builder()
        .types(TypeNames::new([own.as_str(), "System.Object", ALIVE]))
        .adapted("Values", list(keys.to_vec()))
        .adapted("Count", count);
    if !no_element {
        builder = builder.adapted("Group", list(members));
    }
    builder.adapted("Name", name).build().into()
}
