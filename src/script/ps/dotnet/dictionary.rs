//! Dictionaries of all kinds: their methods, and their entries as objects.
//!
//! Indexing is in `member`.

use super::super::fault::{Res, method_threw};
use super::arguments::integer;

use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Hash, HashKind, Obj, V};

/// Refuses null where a table wants a key.
fn no_key(name: &str, arguments: usize) -> Res<()> {
    let called = match name {
        "containskey" => "ContainsKey",
        "contains" => "Contains",
        "remove" => "Remove",
        "add" => "Add",
        _ => return Ok(()),
    };
    method_threw(called, arguments, "System.ArgumentNullException", "Key cannot be null. (Parameter 'key')").err()
}

/// Methods of dictionaries.
pub(in crate::script::ps) fn methods(cx: Cx<'_>, hash: &Hash, name: &str, args: &[V]) -> Res<Option<V>> {
    let first = || args.first().cloned().unwrap_or_default();
    let second = || args.get(1).cloned().unwrap_or_default();
    if *hash.kind() == HashKind::Table && !args.is_empty() && first().is_null() {
        no_key(name, args.len())?;
    }
    Ok(Some(match name {
        "add" => {
            let key = first();
            if hash.get(&key).is_some() {
                let text = interpolated(&key);
                let message = match hash.kind() {
                    HashKind::Dictionary(..) => {
                        format!("An item with the same key has already been added. Key: {text}")
                    }
                    _ => format!("Item has already been added. Key in dictionary: '{text}'  Key being added: '{text}'"),
                };
                return method_threw("Add", 2, "System.ArgumentException", &message).err();
            }
            hash.set(
                key,
                match hash.kind() {
                    HashKind::Dictionary(_, item, _) if &**item != "System.Object" => {
                        super::super::cast::cast(item, &second())?
                    }
                    _ => second(),
                },
            );
            V::Nothing
        }
        "remove" => {
            let removed = hash.remove(&first());
            if matches!(hash.kind(), HashKind::Dictionary(..)) { V::Bool(removed) } else { V::Nothing }
        }
        "getkey" | "getbyindex" => {
            let at = usize::try_from(integer(args, 0)?).unwrap_or(usize::MAX);
            let found = hash.entries().get(at).cloned().unwrap_or_default();
            if name == "getkey" { found.0 } else { found.1 }
        }
        "removeat" => {
            let at = usize::try_from(integer(args, 0)?).unwrap_or(usize::MAX);
            hash.entries().get(at).map(|(key, _)| hash.remove(key));
            V::Nothing
        }
        "insert" => {
            hash.insert(
                usize::try_from(integer(args, 0)?).unwrap_or(0),
                second(),
                args.get(2).cloned().unwrap_or_default(),
            );
            V::Nothing
        }
        "clear" => {
            hash.clear();
            V::Nothing
        }
        "containskey" if *hash.kind() == HashKind::Ordered => return Ok(None),
        "contains" if matches!(hash.kind(), HashKind::Dictionary(..)) => return Ok(None),
        "containskey" | "contains" => V::Bool(hash.get(&first()).is_some()),
        "containsvalue" => {
            let value = first();
            V::Bool(hash.entries().iter().any(|(_, own)| super::super::compare::equal(own, &value, true)))
        }
        "getenumerator" => {
            let entries = hash.entries().into_iter().map(|(key, value)| entry(hash.kind(), key, value));
            super::super::walk::enumerator(entries.collect())
        }
        "clone" => V::Hash(Hash::from_entries(hash.kind().clone(), hash.entries())),
        "item" | "get_item" => hash.get(&first()).unwrap_or_default(),
        "set_item" => {
            hash.set(first(), second());
            V::Nothing
        }
        "trygetvalue" => {
            let found = hash.get(&first());
            if let Some(reference @ V::Obj(_)) = args.get(1) {
                let value = found.clone().unwrap_or_else(|| match hash.kind() {
                    HashKind::Dictionary(_, kind, _) => super::predicate::empty(kind),
                    _ => V::Null,
                });
                super::super::member::set(cx, reference, "Value", value)?;
            }
            V::Bool(found.is_some())
        }
        "tryadd" => {
            let added = hash.get(&first()).is_none();
            if added {
                hash.set(first(), second());
            }
            V::Bool(added)
        }
        "getvalueordefault" => hash.get(&first()).unwrap_or_else(second),
        "indexofkey" => {
            let key = first();
            let at = hash.entries().iter().position(|(own, _)| super::super::compare::equal(own, &key, false));
            V::Int(at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1))
        }
        "copyto" => V::Nothing,
        _ => return Ok(None),
    }))
}

/// An entry of a dictionary as an object: with a name in the untyped ones, a pair in the typed.
#[must_use]
pub(in crate::script::ps) fn entry(kind: &HashKind, key: V, value: V) -> V {
    match kind {
        HashKind::Dictionary(key_type, value_type, _) if &**key_type != "json" => {
            let name = format!(
                "System.Collections.Generic.KeyValuePair`2[{},{value_type}]",
                key_type.trim_end_matches("|sorted")
            );
            let text = format!("[{}, {}]", to_string(&key), to_string(&value));
            V::Obj(Obj::new(&name, [("Key", key), ("Value", value)]).with_text(&text))
        }
        _ => {
            let name = "System.Collections.DictionaryEntry";
            V::Obj(Obj::new(name, [("Name", key.clone()), ("Key", key), ("Value", value)]).with_text(name))
        }
    }
}

/// What a typed dictionary is in the output: its pairs; `None` for the untyped, which have a view of their own.
#[must_use]
pub(in crate::script::ps) fn pairs(hash: &Hash) -> Option<Vec<V>> {
    match hash.kind() {
        HashKind::Dictionary(key, ..) if &**key != "json" => {
            Some(hash.entries().into_iter().map(|(key, value)| entry(hash.kind(), key, value)).collect())
        }
        _ => None,
    }
}
