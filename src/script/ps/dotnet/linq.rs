//! `System.Linq.Enumerable` over values.
//!
//! No other types.

use super::super::block::Block;
use super::super::fault::Res;
use super::super::number;
use super::super::state::Cx;

use super::super::value::V;

/// `[System.Linq.Enumerable]::…`.
///
/// # Errors
/// When a sum meets what is no number.
pub(super) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    if let Some(V::Block(block)) = args.get(1) {
        return by_block(cx, name, &args[0].clone().unrolled(), block);
    }
    let first = args.first().cloned().unwrap_or_default().unrolled();
    let second = args.get(1).cloned().unwrap_or_default().unrolled();
    let within = |item: &V, list: &[V]| list.iter().any(|other| super::super::compare::equal(item, other, true));
    let distinct = |items: Vec<V>| {
        let mut kept: Vec<V> = Vec::new();
        for item in items {
            if !within(&item, &kept) {
                kept.push(item);
            }
        }
        V::array(kept)
    };
    Ok(Some(match name {
        "intersect" => distinct(first.into_iter().filter(|item| within(item, &second)).collect()),
        "except" => distinct(first.into_iter().filter(|item| !within(item, &second)).collect()),
        "union" => distinct(first.into_iter().chain(second).collect()),
        "distinct" => distinct(first),
        "reverse" => V::array(first.into_iter().rev().collect()),
        "sum" => {
            let mut sum = V::Int(0);
            for item in &first {
                sum = super::super::arith::add(&sum, item)?;
            }
            sum
        }
        "max" => first.into_iter().max_by(|a, b| super::super::compare::sort_order(a, b, true)).unwrap_or_default(),
        "min" => first.into_iter().min_by(|a, b| super::super::compare::sort_order(a, b, true)).unwrap_or_default(),
        "count" => V::count(first.len()),
        "toarray" | "tolist" => V::array(first),
        "concat" => V::array(first.into_iter().chain(second).collect()),
        "first" => first.into_iter().next().unwrap_or_default(),
        "last" => first.into_iter().next_back().unwrap_or_default(),
        "sequenceequal" => V::Bool(
            first.len() == second.len()
                && first.iter().zip(&second).all(|(a, b)| super::super::compare::equal(a, b, true)),
        ),
        "contains" => V::Bool(args.get(1).is_some_and(|item| within(item, &first))),
        "average" => {
            let mut sum = 0.0;
            for item in &first {
                sum += number::of(item, "System.Double")?.double();
            }
            V::Double(sum / first.len() as f64)
        }
        "skip" | "take" => {
            let count = number::of(args.get(1).unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default();
            let count = usize::try_from(count).unwrap_or(0);
            let (head, tail) = first.split_at(count.min(first.len()));
            V::array(if name == "take" { head.to_vec() } else { tail.to_vec() })
        }
        "any" => V::Bool(!first.is_empty()),
        "range" => {
            let from = number::of(args.first().unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default();
            let count = number::of(args.get(1).unwrap_or(&V::Int(0)), "System.Int32")?.long().unwrap_or_default();
            V::array((from..from + count).map(V::integer).collect())
        }
        _ => return Ok(None),
    }))
}

/// Those that take a delegate, which is a script block here.
fn by_block(cx: Cx<'_>, name: &str, items: &[V], block: &Block) -> Res<Option<V>> {
    let mut answers = Vec::with_capacity(items.len());
    for item in items {
        answers.push(super::predicate::answer(cx, block, vec![item.clone()])?);
    }
    let pairs = || items.iter().zip(&answers);
    let kept = || pairs().filter(|(_, answer)| super::super::compare::truthy(answer)).map(|(item, _)| item.clone());
    let total = || -> Res<V> {
        let mut sum = V::Int(0);
        for answer in &answers {
            sum = super::super::arith::add(&sum, answer)?;
        }
        Ok(sum)
    };
    let ordered = || {
        let mut rows: Vec<(V, V)> = pairs().map(|(item, key)| (item.clone(), key.clone())).collect();
        rows.sort_by(|a, b| super::super::compare::sort_order(&a.1, &b.1, true));
        rows.into_iter().map(|(item, _)| item)
    };
    Ok(Some(match name {
        "where" => V::array(kept().collect()),
        "select" => V::array(answers),
        "selectmany" => V::array(answers.into_iter().flat_map(V::unrolled).collect()),
        "any" => V::Bool(kept().next().is_some()),
        "all" => V::Bool(kept().count() == items.len()),
        "count" => V::count(kept().count()),
        "first" | "firstordefault" | "single" => kept().next().unwrap_or_default(),
        "last" | "lastordefault" => kept().next_back().unwrap_or_default(),
        "orderby" => V::array(ordered().collect()),
        "orderbydescending" => V::array(ordered().rev().collect()),
        "takewhile" => V::array(
            pairs()
                .take_while(|(_, answer)| super::super::compare::truthy(answer))
                .map(|(item, _)| item.clone())
                .collect(),
        ),
        "skipwhile" => V::array(
            pairs()
                .skip_while(|(_, answer)| super::super::compare::truthy(answer))
                .map(|(item, _)| item.clone())
                .collect(),
        ),
        "sum" => total()?,
        "max" | "min" => {
            let mut sorted = answers.clone();
            sorted.sort_by(|a, b| super::super::compare::sort_order(a, b, true));
            if name == "max" { sorted.pop() } else { sorted.into_iter().next() }.unwrap_or_default()
        }
        _ => return Ok(None),
    }))
}
