//! Methods of `List<T>` and `[array]` that take a script block: Find, FindAll, Exists, RemoveAll, TrueForAll, Sort …
//!
//! `.ForEach( )` and `.Where( )` of any collection are in `method_query`.

use std::cmp::Ordering;

use super::super::block::Block;
use super::super::fault::Res;
use super::super::number::{self, Num};
use super::super::state::Cx;
use super::super::value::{List, ListKind, Small, V};

/// What a block gives for the arguments of a delegate.
pub(super) fn answer(cx: Cx<'_>, block: &Block, args: Vec<V>) -> Res<V> {
    let item = args.first().cloned().unwrap_or_default();
    let outputs = cx.with_item(item, || super::super::invoke::call_block(cx, block, args))?;
    Ok(V::from_outputs(outputs))
}

fn holds(cx: Cx<'_>, block: &Block, item: &V) -> Res<bool> {
    Ok(super::super::compare::truthy(&answer(cx, block, vec![item.clone()])?))
}

/// `list.name(block)`; `None` when there is no such method.
///
/// # Errors
/// What the block gives.
pub(in crate::script::ps) fn call(cx: Cx<'_>, list: &List, name: &str, args: &[V]) -> Res<Option<V>> {
    let Some(block) = args.iter().find_map(|arg| if let V::Block(block) = arg { Some(block) } else { None }) else {
        return Ok(None);
    };
    let items = list.items();
    let keep = |wanted: bool| -> Res<Vec<V>> {
        let mut kept = Vec::new();
        for item in &items {
            if holds(cx, block, item)? == wanted {
                kept.push(item.clone());
            }
        }
        Ok(kept)
    };
    let same_kind = |items: Vec<V>| V::List(List::of(list.kind().clone(), items));
    Ok(Some(match name {
        "find" | "findlast" | "findindex" | "findlastindex" => {
            let mut found = None;
            let order: Vec<usize> =
                if name.contains("last") { (0..items.len()).rev().collect() } else { (0..items.len()).collect() };
            for at in order {
                if holds(cx, block, &items[at])? {
                    found = Some(at);
                    break;
                }
            }
            if name.ends_with("index") {
                V::Int(found.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
            } else {
                found.map(|at| items[at].clone()).unwrap_or_else(|| default_item(list))
            }
        }
        "findall" => same_kind(keep(true)?),
        "exists" => V::Bool(!keep(true)?.is_empty()),
        "trueforall" => V::Bool(keep(false)?.is_empty()),
        "removeall" => {
            let kept = keep(false)?;
            let removed = items.len() - kept.len();
            *list.lock() = kept;
            V::count(removed)
        }
        "convertall" => {
            let mut converted = Vec::new();
            for item in &items {
                converted.push(answer(cx, block, vec![item.clone()])?);
            }
            V::array(converted)
        }
        "sort" => {
            sort_by(cx, list, block)?;
            V::Nothing
        }
        _ => return Ok(None),
    }))
}

pub(super) fn default_item(list: &List) -> V {
    match list.kind() {
        ListKind::Generic(item) | ListKind::Array(item) | ListKind::Grid(item, _) => empty(item),
        _ => V::Null,
    }
}

/// What a place of a type holds before anything is put there.
#[must_use]
pub(super) fn empty(full: &str) -> V {
    match full {
        "System.Int32" => V::Int(0),
        "System.Int64" => V::Long(0),
        "System.Double" => V::Double(0.0),
        "System.Boolean" => V::Bool(false),
        "System.Char" => V::Char('\0'),
        "System.Decimal" => V::Decimal(rust_decimal::Decimal::ZERO),
        other => Small::named(other).map_or(V::Null, |kind| V::Small(kind, 0)),
    }
}

/// Sorts by a comparison block; the first error of the block ends it.
fn sort_by(cx: Cx<'_>, list: &List, block: &Block) -> Res<()> {
    let mut items = list.items();
    let mut failure = None;
    sort_unstable(&mut items, &mut |a: &V, b: &V| {
        if failure.is_some() {
            return Ordering::Equal;
        }
        match answer(cx, block, vec![a.clone(), b.clone()]) {
            Ok(value) => number::plain(&value).and_then(Num::long).unwrap_or(0).cmp(&0),
            Err(fault) => {
                failure = Some(fault);
                Ordering::Equal
            }
        }
    });
    match failure {
        Some(fault) => Err(fault),
        None => {
            *list.lock() = items;
            Ok(())
        }
    }
}

/// .NET's introspective sort, step by step: which of equal items comes first is visible to scripts.
pub(in crate::script::ps) fn sort_unstable<T: Clone>(items: &mut [T], order: &mut dyn FnMut(&T, &T) -> Ordering) {
    let depth = 2 * (usize::BITS - items.len().leading_zeros());
    introspective(items, depth, order);
}

fn swap_if_greater<T>(items: &mut [T], i: usize, j: usize, order: &mut dyn FnMut(&T, &T) -> Ordering) {
    if order(&items[i], &items[j]) == Ordering::Greater {
        items.swap(i, j);
    }
}

fn introspective<T: Clone>(items: &mut [T], depth: u32, order: &mut dyn FnMut(&T, &T) -> Ordering) {
    let (mut size, mut depth) = (items.len(), depth);
    while size > 1 {
        if size <= 16 {
            match size {
                2 => swap_if_greater(items, 0, 1, order),
                3 => {
                    swap_if_greater(items, 0, 1, order);
                    swap_if_greater(items, 0, 2, order);
                    swap_if_greater(items, 1, 2, order);
                }
                _ => insertion(&mut items[..size], order),
            }
            return;
        }
        if depth == 0 {
            items[..size].sort_by(order);
            return;
        }
        depth -= 1;
        let pivot = partition(&mut items[..size], order);
        introspective(&mut items[pivot + 1..size], depth, order);
        size = pivot;
    }
}

fn insertion<T: Clone>(items: &mut [T], order: &mut dyn FnMut(&T, &T) -> Ordering) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && order(&items[at], &items[at - 1]) == Ordering::Less {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

fn partition<T: Clone>(items: &mut [T], order: &mut dyn FnMut(&T, &T) -> Ordering) -> usize {
    let high = items.len() - 1;
    let middle = high >> 1;
    swap_if_greater(items, 0, middle, order);
    swap_if_greater(items, 0, high, order);
    swap_if_greater(items, middle, high, order);
    let pivot = items[middle].clone();
    items.swap(middle, high - 1);
    let (mut left, mut right) = (0, high - 1);
    while left < right {
        left += 1;
        while left < high && order(&items[left], &pivot) == Ordering::Less {
            left += 1;
        }
        right -= 1;
        while right > 0 && order(&pivot, &items[right]) == Ordering::Less {
            right -= 1;
        }
        if left >= right {
            break;
        }
        items.swap(left, right);
    }
    if left != high - 1 {
        items.swap(left, high - 1);
    }
    left
}
