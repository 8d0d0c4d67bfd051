//! `Group-Object`: objects with equal keys together, groups in the order of their keys.

use std::collections::HashMap;

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
    let keyed = values.iter().filter(|value| !value.is_null()).map(|value| {
        let keys: Vec<PsValue> = if options.keys.is_empty() {
            vec![value.clone()]
        } else {
            options.keys.iter().map(|key| found(key, value).unwrap_or(PsValue::Null)).collect()
        };
        (keys, value.clone())
    });
    let keyed: Vec<(Vec<PsValue>, PsValue)> = keyed.collect();
    let order: Vec<Vec<PsValue>> = keyed.iter().map(|(keys, _)| keys.clone()).collect();
    places_in_groups(&order)
        .into_iter()
        .map(|places| {
            let members = places.iter().map(|place| keyed[*place].1.clone()).collect();
            info(&keyed[places[0]].0, members, options.no_element, &[ALIVE])
        })
        .collect()
}

/// The places of objects with equal keys together, groups in the order of their keys; no group is empty.
#[must_use]
pub fn places_in_groups(keys: &[Vec<PsValue>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    // Equal keys nearly always have equal text, so few groups need be compared.
    let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, own) in keys.iter().enumerate() {
        let known = by_text.entry(order::text_key(own)).or_default();
        let same =
            |group: &usize| keys[groups[*group][0]].iter().zip(own).all(|(left, right)| order::equal(left, right));
        match known.iter().copied().find(|group| same(group)) {
            Some(group) => groups[group].push(place),
            None => {
                known.push(groups.len());
                groups.push(vec![place]);
            }
        }
    }
    groups.sort_by(|left, right| {
        let orders = keys[left[0]].iter().zip(&keys[right[0]]).map(|(left, right)| order::compare(left, right));
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    groups
}

/// One group as an object.
#[must_use]
pub fn group_info(keys: &[PsValue], members: Vec<PsValue>, no_element: bool) -> PsValue {
    info(keys, members, no_element, &[])
}

fn info(keys: &[PsValue], members: Vec<PsValue>, no_element: bool, further: &[&str]) -> PsValue {
    let list =
        |items: Vec<PsValue>| PsValue::from(PsObject::builder().base(Base::List(ListKind::List, items.into())).build());
    let name = keys.iter().map(|key| display(key, -1, &Culture::EN_US)).collect::<Vec<_>>().join(", ");
    let count = PsValue::I32(i32::try_from(members.len()).unwrap_or(i32::MAX));
    let own = if no_element { "GroupInfoNoElement" } else { "GroupInfo" };
    let own = format!("Microsoft.PowerShell.Commands.{own}");
    let mut builder = PsObject::builder()
        .types(TypeNames::new([own.as_str(), "System.Object"].into_iter().chain(further.iter().copied())))
        .adapted("Values", list(keys.to_vec()))
        .adapted("Count", count);
    if !no_element {
        builder = builder.adapted("Group", list(members));
    }
    builder.adapted("Name", name).build().into()
}
