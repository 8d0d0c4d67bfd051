//! `Sort-Object` and `Group-Object`.
//!
//! How values compare is in `compare`; `Select-Object` is in `select`, `Compare-Object` in `sides`.

use std::cmp::Ordering;

use super::super::compare::sort_order;
use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Hash, HashKind, List, ListKind, Obj, V};
use super::select::{number, quiet};
use super::{Builtin, Ctx, all, calculated, entry};

pub(super) const COMMANDS: &[Builtin] = &[all("Sort-Object", sort), all("Group-Object", group)];

struct Key {
    selector: V,
    descending: bool,
}

fn keys(c: &Ctx<'_>) -> Vec<Key> {
    let descending = c.bound.flag("Descending");
    c.bound
        .list("Property")
        .into_iter()
        .map(|selector| match &selector {
            V::Hash(hash) => {
                let own = entry(hash, &["Descending"]).map(|value| super::super::compare::truthy(&value));
                let ascending = entry(hash, &["Ascending"]).map(|value| !super::super::compare::truthy(&value));
                Key { descending: own.or(ascending).unwrap_or(descending), selector }
            }
            _ => Key { descending, selector },
        })
        .collect()
}

/// What a command that orders objects works on: piped objects but nulls, or those of `-InputObject`.
fn objects(c: &Ctx<'_>, input: Vec<V>) -> Vec<V> {
    c.input(input).into_iter().filter(|item| !item.is_null()).collect()
}

fn sort(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    calculated(c, &["expression", "ascending", "descending"])?;
    let keys = keys(c);
    let exact = c.bound.flag("CaseSensitive");
    let mut rows: Vec<(Vec<Option<V>>, V)> = Vec::new();
    for item in objects(c, input) {
        let mut own = Vec::new();
        for key in &keys {
            let missing = matches!(&key.selector, V::Str(name) if !super::super::member::has_property(&item, name));
            own.push(if missing { None } else { Some(quiet(cx, &key.selector, &item)?) });
        }
        if keys.is_empty() {
            own.push(Some(item.clone()));
        }
        rows.push((own, item));
    }
    let directions: Vec<bool> = if keys.is_empty() {
        vec![c.bound.flag("Descending")]
    } else {
        keys.iter().map(|key| key.descending).collect()
    };
    let order = |a: &[Option<V>], b: &[Option<V>]| {
        for ((x, y), descending) in a.iter().zip(b).zip(&directions) {
            let found = match (x, y) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => return Ordering::Greater,
                (Some(_), None) => return Ordering::Less,
                (Some(x), Some(y)) => sort_order(x, y, exact),
            };
            let found = if *descending { found.reverse() } else { found };
            if found != Ordering::Equal {
                return found;
            }
        }
        Ordering::Equal
    };
    if c.bound.flag("Unique") {
        super::super::dotnet::predicate::sort_unstable(&mut rows, &mut |a, b| order(&a.0, &b.0));
    } else {
        rows.sort_by(|a, b| order(&a.0, &b.0));
    }
    if c.bound.flag("Unique") {
        rows.dedup_by(|later, earlier| order(&later.0, &earlier.0) == Ordering::Equal);
    }
    let count = rows.len();
    let (skip, take) = match (number(c, "Top"), number(c, "Bottom")) {
        (Some(top), _) => (0, top),
        (None, Some(bottom)) => (count.saturating_sub(bottom), bottom),
        _ => (0, count),
    };
    for (_, item) in rows.into_iter().skip(skip).take(take) {
        c.push(cx, item)?;
    }
    Ok(())
}

/// The types of the values that objects are grouped by.
#[derive(Default)]
struct Kinds {
    known: Vec<Option<std::sync::Arc<str>>>,
    mixed: bool,
}

impl Kinds {
    fn look_at(&mut self, values: &[V]) {
        self.known.resize(values.len(), None);
        for (known, value) in self.known.iter_mut().zip(values).filter(|(_, value)| !value.is_null()) {
            let kind = value.type_name();
            self.mixed |= known.as_ref().is_some_and(|known| **known != *kind);
            known.get_or_insert(kind);
        }
    }
}

fn group(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let selectors = c.bound.list("Property");
    calculated(c, &["expression"])?;
    let (table, as_text) = (c.bound.flag("AsHashTable"), c.bound.flag("AsString"));
    if as_text && !table || table && !as_text && selectors.len() > 1 {
        let message = if table {
            "The \"AsHashTable\" parameter must be used with only one property, or with the AsString parameter."
        } else {
            "The AsString parameter must be used with the AsHashTable parameter."
        };
        return c.problem("ArgumentException", "InvalidArgument", message).exception("System.ArgumentException").err();
    }
    let exact = c.bound.flag("CaseSensitive");
    let mut groups: Vec<(Vec<V>, Vec<V>)> = Vec::new();
    let mut kinds = Kinds::default();
    for item in objects(c, input) {
        let mut own = Vec::new();
        for selector in &selectors {
            let value = quiet(cx, selector, &item)?;
            own.push(if matches!(value, V::Nothing) { V::Null } else { value });
        }
        if selectors.is_empty() {
            own.push(item.clone());
        }
        kinds.look_at(&own);
        let same = |a: &[V], b: &[V]| {
            a.iter().zip(b).all(|(a, b)| {
                (a.is_null() == b.is_null()) && (a.is_null() || sort_order(a, b, exact) == Ordering::Equal)
            })
        };
        match groups.iter_mut().find(|(known, _)| same(known, &own)) {
            Some((_, members)) => members.push(item),
            None => groups.push((own, vec![item])),
        }
    }
    // keys of one type each are put in order, others stay as they came
    if !kinds.mixed {
        groups.sort_by(|a, b| {
            a.0.iter()
                .zip(&b.0)
                .map(|(x, y)| sort_order(x, y, exact))
                .find(|order| *order != Ordering::Equal)
                .unwrap_or(Ordering::Equal)
        });
    }
    if table {
        let hash = Hash::new(HashKind::Table);
        for (own, members) in groups {
            let key = if c.bound.flag("AsString") || own.len() > 1 {
                V::from(name_of(&own))
            } else {
                own.into_iter().next().unwrap_or_default()
            };
            hash.set(key, V::List(collection(members)));
        }
        return c.push(cx, V::Hash(hash));
    }
    for (own, members) in groups {
        let kind = if c.bound.flag("NoElement") {
            "Microsoft.PowerShell.Commands.GroupInfoNoElement"
        } else {
            "Microsoft.PowerShell.Commands.GroupInfo"
        };
        let count = V::count(members.len());
        let mut props = vec![("Values", V::List(List::of(ListKind::ArrayList, own.clone()))), ("Count", count)];
        props.push(("Group", V::List(collection(if c.bound.flag("NoElement") { Vec::new() } else { members }))));
        props.push(("Name", V::from(name_of(&own))));
        let object = Obj::new(kind, props);
        object.set_types(vec![kind.into(), "Microsoft.PowerShell.Commands.GroupInfo".into()]);
        c.push(cx, V::Obj(object))?;
    }
    Ok(())
}

fn collection(items: Vec<V>) -> List {
    List::of(
        ListKind::Other("System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]".into()),
        items,
    )
}

fn name_of(values: &[V]) -> String {
    values
        .iter()
        .map(|value| match value {
            V::List(_) | V::Obj(_) => interpolated(value),
            other => to_string(other),
        })
        .collect::<Vec<_>>()
        .join(", ")
}
