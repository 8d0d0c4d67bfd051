//! `value[index]`: lists, dictionaries, texts and grids by place or key, read and set.
//!
//! Members by name are in `member`.

use super::fault::{Problem, Res};
use super::number;
use super::state::Cx;
use super::value::{ListKind, V};

/// `value[index]`.
///
/// # Errors
/// When the value is null or the index makes no sense.
pub(super) fn index(cx: Cx<'_>, value: &V, index: &V) -> Res<V> {
    match value {
        V::Null | V::Nothing => Problem::new("NullArray", "InvalidOperation", "Cannot index into a null array.").err(),
        V::Hash(hash) => {
            if index.is_null() {
                return null_index().err();
            }
            if let V::List(keys) = index {
                let found: Res<Vec<V>> = keys.items().iter().map(|key| self::index(cx, value, key)).collect();
                return Ok(V::array(found?));
            }
            if let (super::value::HashKind::Ordered, V::Int(at)) = (hash.kind(), index)
                && hash.get(index).is_none()
            {
                let entries = hash.entries();
                return Ok(place(entries.len(), (*at).into())
                    .and_then(|at| entries.get(at))
                    .map(|(_, value)| value.clone())
                    .unwrap_or_default());
            }
            Ok(hash.get(index).unwrap_or_default())
        }
        V::List(list) if matches!(index, V::Str(_)) && matches!(list.kind(), ListKind::Other(_)) => {
            let name = super::text::to_string(index);
            let found = list.items().into_iter().find(|item| {
                super::member::plain_property(item, "Name")
                    .is_some_and(|own| super::text::to_string(&own).eq_ignore_ascii_case(&name))
            });
            Ok(found.unwrap_or_default())
        }
        V::List(list) if matches!(list.kind(), ListKind::Grid(..)) => {
            Ok(list.place(&indexes(index)?).and_then(|at| list.lock().get(at).cloned()).unwrap_or_default())
        }
        V::List(list) => list_index(cx, list.len(), |at| list.item(at), index),
        V::Str(text) if text.is_ascii() => {
            list_index(cx, text.len(), |at| Some(V::Char((*text.as_bytes().get(at)?).into())), index)
        }
        V::Str(text) => list_index(cx, text.chars().count(), |at| text.chars().nth(at).map(V::Char), index),
        V::Obj(object) => match object.base() {
            V::Null | V::Obj(_) => match index {
                V::Str(name) => super::member::get(cx, value, name),
                _ if number::plain(index).and_then(number::Num::long).is_some_and(|at| at == 0 || at == -1) => {
                    Ok(value.clone())
                }
                _ => Ok(V::Null),
            },
            base => self::index(cx, &base, index),
        },
        other => match number::of(index, "System.Int32")?.long() {
            Some(0 | -1) => Ok(other.clone()),
            _ => Ok(V::Null),
        },
    }
}

/// The indexes of a cell of a grid.
fn indexes(index: &V) -> Res<Vec<i64>> {
    index.clone().unrolled().iter().map(|one| Ok(number::of(one, "System.Int32")?.long().unwrap_or_default())).collect()
}

fn null_index() -> Problem {
    Problem::new("NullArrayIndex", "InvalidOperation", "Index operation failed; the array index evaluated to null.")
}

fn list_index(cx: Cx<'_>, length: usize, item: impl Fn(usize) -> Option<V>, index: &V) -> Res<V> {
    let found = |index: &V| -> Res<Option<V>> {
        let at = number::of(index, "System.Int32")?.long().unwrap_or_default();
        Ok(place(length, at).and_then(&item))
    };
    match index {
        V::Null | V::Nothing => null_index().err(),
        V::List(indexes) => {
            let items = indexes.items().iter().filter_map(|one| found(one).transpose()).collect::<Res<Vec<V>>>()?;
            Ok(V::array(items))
        }
        other => match found(other)? {
            Some(item) => Ok(item),
            None if *super::value::lock(&cx.rt.strict) > 2 => out_of_range().err(),
            None => Ok(V::Null),
        },
    }
}

fn place(length: usize, at: i64) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    usize::try_from(if at < 0 { at + length } else { at }).ok()
}

fn out_of_range() -> Problem {
    Problem::new("System.IndexOutOfRangeException", "OperationStopped", "Index was outside the bounds of the array.")
        .exception("System.IndexOutOfRangeException")
}

/// `value[index] = to`.
///
/// # Errors
/// When the index is out of range or the value cannot be indexed.
pub(super) fn set_index(cx: Cx<'_>, value: &V, index: &V, to: V) -> Res<()> {
    let to = if matches!(to, V::Nothing) { V::Null } else { to };
    match value {
        V::Hash(hash) => {
            if index.is_null() {
                return null_index().err();
            }
            if let (super::value::HashKind::Ordered, V::Int(at)) = (hash.kind(), index)
                && let Some((key, _)) = usize::try_from(*at).ok().and_then(|at| hash.entries().get(at).cloned())
            {
                hash.set(key, to);
                return Ok(());
            }
            hash.set(index.clone(), to);
            Ok(())
        }
        V::List(list) => {
            let to = match list.kind() {
                ListKind::Array(item) | ListKind::Grid(item, _) if &**item != "System.Object" => {
                    super::cast::cast(item, &to)?
                }
                ListKind::Generic(item) if &**item != "System.Object" => super::cast::cast(item, &to)?,
                _ => to,
            };
            let at = match list.kind() {
                ListKind::Grid(..) => list.place(&indexes(index)?).and_then(|at| i64::try_from(at).ok()),
                _ => number::of(index, "System.Int32")?.long(),
            };
            let mut items = list.lock();
            match at.and_then(|at| place(items.len(), at)).and_then(|at| items.get_mut(at)) {
                Some(item) => {
                    *item = to;
                    Ok(())
                }
                None => out_of_range().err(),
            }
        }
        V::Obj(object) if matches!(index, V::Str(_)) => {
            super::member::set(cx, &V::Obj(object.clone()), &super::text::to_string(index), to)
        }
        V::Null | V::Nothing => Problem::new("NullArray", "InvalidOperation", "Cannot index into a null array.").err(),
        _ => Problem::new(
            "CannotIndex",
            "InvalidOperation",
            format!("Unable to index into an object of type \"{}\".", value.type_name()),
        )
        .err(),
    }
}
