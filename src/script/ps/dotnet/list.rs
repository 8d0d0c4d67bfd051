//! Arrays, `List<T>`, `ArrayList`, queues and stacks: their methods.
//!
//! Sets are in `set`; methods that take a script block in `predicate` and `query`.

use super::super::fault::{Problem, Res, method_threw};
use super::arguments::integer;

use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{List, ListKind, V};

pub(in crate::script::ps) fn fixed(method: &str, args: &[V]) -> Problem {
    method_threw(method, args.len(), "System.NotSupportedException", "Collection was of a fixed size.")
}

pub(in crate::script::ps) fn typed(list: &List, value: &V) -> Res<V> {
    match list.kind() {
        ListKind::Generic(item) | ListKind::Set(item) | ListKind::Queue(Some(item)) | ListKind::Stack(Some(item))
            if &**item != "System.Object" && !item.contains('|') =>
        {
            super::super::cast::cast(item, value).map_err(|fault| match *fault {
                super::super::fault::Fault::Error(record, _) => Problem::new(
                    "MethodArgumentConversionInvalidCastArgument",
                    "NotSpecified",
                    format!(
                        "Cannot convert argument \"item\", with value: \"{}\", for \"Add\" to type \"{item}\": \"{}\"",
                        interpolated(value),
                        super::super::fault::summary(&record).0
                    ),
                )
                .exception("System.Management.Automation.MethodException")
                .fault(),
                other => Box::new(other),
            })
        }
        _ => Ok(value.clone()),
    }
}

/// Methods of lists.
#[expect(clippy::too_many_lines, reason = "one arm a method")]
pub(in crate::script::ps) fn methods(cx: Cx<'_>, list: &List, name: &str, args: &[V]) -> Res<Option<V>> {
    let first = || args.first().cloned().unwrap_or_default();
    let set = matches!(list.kind(), ListKind::Set(_));
    if let Some(found) = super::predicate::call(cx, list, name, args)? {
        return Ok(Some(found));
    }
    Ok(Some(match name {
        "tostring" if !args.is_empty() => {
            return Problem::new(
                "MethodCountCouldNotFindBest",
                "NotSpecified",
                format!("Cannot find an overload for \"ToString\" and the argument count: \"{}\".", args.len()),
            )
            .exception("System.Management.Automation.MethodException")
            .err();
        }
        "add" | "addrange" | "remove" | "removeat" | "insert" | "clear" | "removerange" | "removeall"
            if list.is_array() =>
        {
            let method = match name {
                "add" => "Add",
                "clear" => return Ok(clear_array(list)),
                "removeat" => "RemoveAt",
                "insert" => "Insert",
                "remove" => "Remove",
                _ => return Ok(None),
            };
            return fixed(method, args).err();
        }
        "add" if set => {
            let value = typed(list, &first())?;
            let exact = !super::set::ignores(list);
            let known = list
                .lock()
                .iter()
                .any(|own| super::super::compare::equal(own, &value, exact) && own.type_name() == value.type_name());
            if !known {
                list.lock().push(value);
                super::set::keep_order(list);
            }
            V::Bool(!known)
        }
        "add" => {
            let value = typed(list, &first())?;
            let mut items = list.lock();
            items.push(value);
            if matches!(list.kind(), ListKind::ArrayList) { V::count(items.len() - 1) } else { V::Nothing }
        }
        "addrange" | "unionwith" => {
            for value in first().unrolled() {
                let value = typed(list, &value)?;
                let exact = !super::set::ignores(list);
                let known = set && list.lock().iter().any(|own| super::super::compare::equal(own, &value, exact));
                if !known {
                    list.lock().push(value);
                }
            }
            V::Nothing
        }
        "remove" => {
            let value = first();
            let exact = !super::set::ignores(list);
            let at = list.lock().iter().position(|own| super::super::compare::equal(own, &value, exact));
            if let Some(at) = at {
                list.lock().remove(at);
            }
            if matches!(list.kind(), ListKind::ArrayList) { V::Nothing } else { V::Bool(at.is_some()) }
        }
        "removeat" | "removerange" => {
            let at = usize::try_from(integer(args, 0)?).unwrap_or(usize::MAX);
            let count = if name == "removeat" { 1 } else { usize::try_from(integer(args, 1)?).unwrap_or(0) };
            if at.saturating_add(count) > list.len() {
                return method_threw("RemoveAt", args.len(), "System.ArgumentOutOfRangeException", "Index was out of range. Must be non-negative and less than the size of the collection. (Parameter 'index')").err();
            }
            list.lock().drain(at..at + count);
            V::Nothing
        }
        "insert" => {
            let at = usize::try_from(integer(args, 0)?).unwrap_or(0);
            let value = typed(list, &args.get(1).cloned().unwrap_or_default())?;
            let mut items = list.lock();
            let at = at.min(items.len());
            items.insert(at, value);
            V::Nothing
        }
        "clear" => {
            list.lock().clear();
            V::Nothing
        }
        "contains" => {
            let value = first();
            let exact = !super::set::ignores(list);
            V::Bool(list.items().iter().any(|own| super::super::compare::equal(own, &value, exact)))
        }
        "addfirst" => {
            list.lock().insert(0, first());
            first()
        }
        "addlast" => {
            list.lock().push(first());
            first()
        }
        "removefirst" | "removelast" if !list.is_empty() => {
            let mut items = list.lock();
            let at = if name == "removefirst" { 0 } else { items.len() - 1 };
            items.remove(at);
            V::Nothing
        }
        "indexof" => {
            let value = first();
            let start = usize::try_from(integer(args, 1)?).unwrap_or(0);
            let at = list
                .items()
                .iter()
                .enumerate()
                .skip(start)
                .find(|(_, own)| super::super::compare::equal(own, &value, true))
                .map(|(at, _)| at);
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        "toarray" => match list.kind() {
            ListKind::Generic(item) | ListKind::Array(item) => {
                V::List(List::of(ListKind::Array(item.clone()), list.items()))
            }
            ListKind::Set(item) => {
                let item = item.split('|').next().unwrap_or_default();
                V::List(List::of(ListKind::Array(item.into()), list.items()))
            }
            ListKind::Queue(Some(item)) | ListKind::Stack(Some(item)) => {
                V::List(List::of(ListKind::Array(item.clone()), list.items()))
            }
            _ => V::array(list.items()),
        },
        "lastindexof" => {
            let value = first();
            let at = list.items().iter().rposition(|own| super::super::compare::equal(own, &value, true));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        "insertrange" => {
            let at = usize::try_from(integer(args, 0)?).unwrap_or(0).min(list.len());
            let values: Res<Vec<V>> =
                args.get(1).cloned().unwrap_or_default().unrolled().iter().map(|value| typed(list, value)).collect();
            list.lock().splice(at..at, values?);
            V::Nothing
        }
        "binarysearch" => {
            let value = first();
            let items = list.items();
            let (mut low, mut high) = (0, items.len());
            // where the items are not sorted it matters in which order places are looked at
            while low < high {
                let middle = low + (high - 1 - low) / 2;
                match super::super::compare::sort_order(&items[middle], &value, true) {
                    std::cmp::Ordering::Equal => return Ok(Some(V::count(middle))),
                    std::cmp::Ordering::Less => low = middle + 1,
                    std::cmp::Ordering::Greater => high = middle,
                }
            }
            V::Int(-i32::try_from(low).unwrap_or(i32::MAX) - 1)
        }
        "issubsetof" | "issupersetof" | "overlaps" | "setequals" | "symmetricexceptwith" => {
            return super::set::set_method(list, name, &first().unrolled()).map(Some);
        }
        "clone" => V::List(List::of(list.kind().clone(), list.items())),
        "getenumerator" => super::super::walk::enumerator(list.items()),
        "reverse" => {
            let count = if args.len() > 1 { usize::try_from(integer(args, 1)?).unwrap_or(0) } else { list.len() };
            let from = usize::try_from(integer(args, 0)?).unwrap_or(0).min(list.len());
            let to = (from + count).min(list.len());
            list.lock()[from..to].reverse();
            V::Nothing
        }
        "sort" => {
            list.lock().sort_by(|a, b| super::super::compare::sort_order(a, b, true));
            V::Nothing
        }
        "getvalue" | "item" | "get" => super::super::index::index(cx, &V::List(list.clone()), &first())?,
        "setvalue" | "set" => {
            super::super::index::set_index(
                cx,
                &V::List(list.clone()),
                &args.get(1).cloned().unwrap_or_default(),
                first(),
            )?;
            V::Nothing
        }
        "getlength" | "getlonglength" => V::count(size(list, args)),
        "getupperbound" => V::Int(i32::try_from(size(list, args)).unwrap_or(i32::MAX) - 1),
        "getlowerbound" => V::Int(0),
        "asreadonly" => V::List(List::of(
            ListKind::Other("System.Collections.ObjectModel.ReadOnlyCollection`1".into()),
            list.items(),
        )),
        "ensurecapacity" => V::count(list.len()),
        "foreach" | "where" => return super::query::query(cx, &list.items(), name, args, list.kind()).map(Some),
        "enqueue" | "push" => {
            list.lock().push(first());
            V::Nothing
        }
        "dequeue" | "pop" | "peek" => return taken(list, name, args).map(Some),
        "exceptwith" | "intersectwith" => {
            let others = first().unrolled();
            let (keep, exact) = (name == "intersectwith", !super::set::ignores(list));
            list.lock()
                .retain(|own| others.iter().any(|other| super::super::compare::equal(own, other, exact)) == keep);
            V::Nothing
        }
        "copyto" | "trimexcess" => V::Nothing,
        "getrange" => {
            let at = usize::try_from(integer(args, 0)?).unwrap_or(0);
            let count = usize::try_from(integer(args, 1)?).unwrap_or(0);
            V::List(List::of(list.kind().clone(), list.items().into_iter().skip(at).take(count).collect()))
        }
        _ => return Ok(None),
    }))
}

pub(in crate::script::ps) fn clear_array(list: &List) -> Option<V> {
    for item in list.lock().iter_mut() {
        *item = V::Null;
    }
    Some(V::Nothing)
}

pub(in crate::script::ps) fn taken(list: &List, name: &str, args: &[V]) -> Res<V> {
    let queue = matches!(list.kind(), ListKind::Queue(_));
    let mut items = list.lock();
    if items.is_empty() {
        drop(items);
        let (method, what) = if queue { ("Dequeue", "Queue") } else { ("Pop", "Stack") };
        return method_threw(method, args.len(), "System.InvalidOperationException", &format!("{what} empty.")).err();
    }
    Ok(match (name, queue) {
        ("peek", true) => items[0].clone(),
        ("peek", false) => items.last().cloned().unwrap_or_default(),
        (_, true) => items.remove(0),
        (_, false) => items.pop().unwrap_or_default(),
    })
}

/// The length of the dimension that the first argument names.
fn size(list: &List, args: &[V]) -> usize {
    let at = integer(args, 0).unwrap_or(0);
    usize::try_from(at).ok().and_then(|at| list.sizes().get(at).copied()).unwrap_or_else(|| list.len())
}
