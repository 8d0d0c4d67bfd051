//! Static methods of `System.Array`.
//!
//! No other types.

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::value::{List, V};
use super::arguments::{integer, refer};

/// `[array]::…`.
///
/// # Errors
/// What a script block gives; places that are no numbers.
pub(super) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let number = |at: usize| -> Res<usize> { Ok(usize::try_from(integer(args, at)?).unwrap_or(0)) };
    match name {
        "createinstance" => {
            let item = match args.first() {
                Some(V::Type(full)) => full.clone(),
                _ => "System.Object".into(),
            };
            return Ok(Some(super::make::array(&item, number(1)?)));
        }
        "empty" => return Ok(Some(V::array(Vec::new()))),
        "resize" => {
            let Some(reference @ V::Obj(_)) = args.first() else { return Ok(None) };
            if let V::List(list) = super::super::member::get(cx, reference, "Value")? {
                let mut items = list.items();
                items.resize(number(1)?, super::predicate::default_item(&list));
                refer(cx, args, V::List(List::of(list.kind().clone(), items)))?;
            }
            return Ok(Some(V::Nothing));
        }
        _ => {}
    }
    let Some(V::List(list)) = args.first() else { return Ok(None) };
    let place = |at: Option<usize>| V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1));
    let wanted = |own: &V| args.get(1).is_some_and(|value| super::super::compare::equal(own, value, true));
    Ok(Some(match name {
        "indexof" => {
            let start = number(2)?;
            place(list.items().iter().enumerate().skip(start).find(|(_, own)| wanted(own)).map(|(at, _)| at))
        }
        "lastindexof" => place(list.items().iter().rposition(wanted)),
        "clear" => {
            let (from, count) = if args.len() > 1 { (number(1)?, number(2)?) } else { (0, list.len()) };
            let empty = super::predicate::default_item(list);
            list.lock().iter_mut().skip(from).take(count).for_each(|item| *item = empty.clone());
            V::Nothing
        }
        "fill" => {
            let value = args.get(1).cloned().unwrap_or_default();
            list.lock().iter_mut().for_each(|item| *item = value.clone());
            V::Nothing
        }
        "copy" | "constrainedcopy" => copied(list, args)?,
        "reverse" => {
            let from = number(1)?.min(list.len());
            let count = if args.len() > 2 { number(2)? } else { list.len() };
            let to = (from + count).min(list.len());
            list.lock()[from..to].reverse();
            V::Nothing
        }
        "sort" => sorted(list, args),
        "binarysearch" => return super::list::methods(cx, list, name, &args[1..]),
        "exists" | "find" | "findall" | "findindex" | "findlast" | "findlastindex" | "trueforall" | "convertall" => {
            return super::predicate::call(cx, list, name, &args[1..]);
        }
        "foreach" => {
            super::query::query(cx, &list.items(), name, &args[1..], list.kind())?;
            V::Nothing
        }
        "asreadonly" => V::List(list.clone()),
        _ => return Ok(None),
    }))
}

/// `Copy(from, to, count)` and `Copy(from, at, to, at, count)`.
fn copied(list: &List, args: &[V]) -> Res<V> {
    let number = |at: usize| -> Res<usize> { Ok(usize::try_from(integer(args, at)?).unwrap_or(0)) };
    let (from, target, at, count) = match args {
        [_, V::List(target), _] => (0, target, 0, number(2)?),
        [_, _, V::List(target), ..] => (number(1)?, target, number(3)?, number(4)?),
        _ => return Ok(V::Nothing),
    };
    let items: Vec<V> = list.items().into_iter().skip(from).take(count).collect();
    for (place, item) in target.lock().iter_mut().skip(at).zip(items) {
        *place = item;
    }
    Ok(V::Nothing)
}

/// `Sort(keys)` and `Sort(keys, items)`: the second follows the first.
fn sorted(list: &List, args: &[V]) -> V {
    let Some(V::List(followers)) = args.get(1) else {
        list.lock().sort_by(|a, b| super::super::compare::sort_order(a, b, true));
        return V::Nothing;
    };
    let mut pairs: Vec<(V, V)> = list.items().into_iter().zip(followers.items()).collect();
    pairs.sort_by(|a, b| super::super::compare::sort_order(&a.0, &b.0, true));
    let (keys, items): (Vec<V>, Vec<V>) = pairs.into_iter().unzip();
    *list.lock() = keys;
    *followers.lock() = items;
    V::Nothing
}
