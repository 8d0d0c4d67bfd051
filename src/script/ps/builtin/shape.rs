//! `Select-Object`, `Sort-Object`, `Group-Object`, `Compare-Object`.
//!
//! How values compare is in `compare`.

use std::cmp::Ordering;
use std::sync::{Arc, Mutex};

use super::super::compare::{equal, sort_order};
use super::super::fault::{Fault, Res};
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Hash, HashKind, List, ListKind, Obj, V, lock, same_name};
use super::{Builtin, Ctx, Memory, all, edges, entry, selected};

pub(super) const COMMANDS: &[Builtin] = &[
    edges("Select-Object", None, select, select_end),
    all("Sort-Object", sort),
    all("Group-Object", group),
    all("Compare-Object", compare_object),
];

fn number(c: &Ctx<'_>, name: &str) -> Option<usize> {
    c.bound.integer(name).and_then(|n| usize::try_from(n).ok())
}

fn select(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let inputs = match (input, c.piped) {
        (Some(item), _) => vec![item],
        (None, false) => c.bound.get("InputObject").cloned().into_iter().collect(),
        (None, true) => Vec::new(),
    };
    for item in inputs {
        let at = lock(memory).count;
        lock(memory).count += 1;
        if c.bound.has("Last") || c.bound.has("SkipLast") {
            lock(memory).values.push(item);
            continue;
        }
        if at < number(c, "Skip").unwrap_or(0) {
            continue;
        }
        let at = at - number(c, "Skip").unwrap_or(0);
        if c.bound.list("SkipIndex").iter().any(|index| equal(index, &V::count(at), false)) {
            continue;
        }
        if c.bound.has("Index") && !c.bound.list("Index").iter().any(|index| equal(index, &V::count(at), false)) {
            continue;
        }
        if let Some(first) = number(c, "First") {
            if at < first {
                shaped(cx, c, memory, &item)?;
            }
            if at + 1 >= first {
                return c.out.enough();
            }
            continue;
        }
        shaped(cx, c, memory, &item)?;
    }
    Ok(())
}

fn select_end(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>) -> Res<()> {
    let values = std::mem::take(&mut lock(memory).values);
    if !(c.bound.has("Last") || c.bound.has("SkipLast")) {
        return Ok(());
    }
    let skip = number(c, "Skip").unwrap_or(0);
    let kept: Vec<V> = match number(c, "SkipLast") {
        Some(cut) => values[..values.len().saturating_sub(cut)].to_vec(),
        None => {
            let end = values.len().saturating_sub(skip);
            let first = number(c, "First").unwrap_or(0).min(end);
            let start = end.saturating_sub(number(c, "Last").unwrap_or(0)).max(first);
            values[..first].iter().chain(&values[start..end]).cloned().collect()
        }
    };
    for item in kept {
        shaped(cx, c, memory, &item)?;
    }
    Ok(())
}

fn shaped(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, item: &V) -> Res<()> {
    let result = if c.bound.has("Property") || c.bound.has("ExcludeProperty") {
        V::Obj(picked(cx, c, item)?)
    } else {
        item.clone()
    };
    if let Some(name) = c.bound.get("ExpandProperty") {
        return expand(cx, c, memory, item, name, &result);
    }
    pass(cx, c, memory, result)
}

fn pass(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, value: V) -> Res<()> {
    if c.bound.flag("Unique") {
        let exact = !c.bound.flag("CaseInsensitive");
        let known = lock(memory).values.iter().any(|known| match (known, &value) {
            (V::Obj(a), V::Obj(b)) if a.is_custom() || b.is_custom() => {
                let texts = |object: &Obj| {
                    object
                        .props()
                        .iter()
                        .map(|prop| interpolated(&object.note(&prop.name).unwrap_or_default()))
                        .collect::<Vec<_>>()
                };
                texts(a) == texts(b)
            }
            (a, b) => equal(a, b, exact),
        });
        if known {
            return Ok(());
        }
        lock(memory).values.push(value.clone());
    }
    c.push(cx, value)
}

fn expand(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, item: &V, name: &V, row: &V) -> Res<()> {
    let text = interpolated(name);
    if !matches!(name, V::Block(_)) && !super::super::member::has_property(item, &text) {
        return c.out.error(
            cx,
            c.problem("ExpandPropertyNotFound", "InvalidArgument", format!("Property \"{text}\" cannot be found."))
                .exception("System.Management.Automation.PSArgumentException"),
        );
    }
    for value in selected(cx, name, item)?.unrolled() {
        let value = match (&value, row) {
            (V::Obj(inner), V::Obj(outer)) if c.bound.has("Property") => {
                let copy = inner.copy();
                for prop in outer.props() {
                    copy.set_prop(&prop.name, prop.value);
                }
                V::Obj(copy)
            }
            _ => value,
        };
        pass(cx, c, memory, value)?;
    }
    Ok(())
}

fn picked(cx: Cx<'_>, c: &Ctx<'_>, item: &V) -> Res<Obj> {
    let object = Obj::custom(Vec::<(&str, V)>::new());
    object.set_types(vec![format!("Selected.{}", item.type_name()).into(), super::super::value::CUSTOM_OBJECT.into()]);
    let excluded = c.bound.texts("ExcludeProperty");
    let is_excluded = |name: &str| excluded.iter().any(|pattern| super::super::compare::like(name, pattern, false));
    let mut selectors = c.bound.list("Property");
    if selectors.is_empty() {
        selectors.push(V::from("*"));
    }
    let put = |cx: Cx<'_>, name: &str, value: V| -> Res<()> {
        if object.prop(name).is_some() {
            return c.out.error(
                cx,
                c.problem(
                    "AlreadyExistingUserSpecifiedPropertyNoExpand",
                    "InvalidOperation",
                    format!("The property cannot be processed because the property \"{name}\" already exists."),
                )
                .exception("System.Management.Automation.PSArgumentException"),
            );
        }
        object.set(name, if matches!(value, V::Nothing) { V::Null } else { value });
        Ok(())
    };
    for selector in &selectors {
        match selector {
            V::Hash(hash) => {
                let expression = entry(hash, &["Expression"]).unwrap_or_default();
                let label = entry(hash, &["Name", "Label"])
                    .map_or_else(|| to_string(&expression), |label| interpolated(&label));
                let value = quiet(cx, &expression, item)?;
                put(cx, &label, value)?;
            }
            V::Block(block) => {
                let value = quiet(cx, selector, item)?;
                put(cx, block.text(), value)?;
            }
            name => {
                let pattern = interpolated(name);
                if pattern.contains(['*', '?', '[']) {
                    for (name, value) in super::super::member::properties(cx, item)? {
                        if super::super::compare::like(&name, &pattern, false)
                            && !is_excluded(&name)
                            && object.prop(&name).is_none()
                        {
                            object.set(&name, value);
                        }
                    }
                } else if !is_excluded(&pattern) {
                    let own = super::super::member::as_object(item)
                        .and_then(|object| object.prop(&pattern))
                        .map(|prop| prop.name);
                    let value = super::super::member::get(cx, item, &pattern)
                        .or_else(|fault| if matches!(*fault, Fault::Error(..)) { Ok(V::Null) } else { Err(fault) })?;
                    let shown = own.unwrap_or_else(|| canonical(item, &pattern));
                    if object.prop(&shown).is_some() {
                        put(cx, &shown, V::Null)?;
                    } else {
                        object.set(&shown, if matches!(value, V::Nothing) { V::Null } else { value });
                    }
                }
            }
        }
    }
    Ok(object)
}

/// The spelling of a property that the runtime computes.
fn canonical(item: &V, name: &str) -> Arc<str> {
    let known = [
        "Length",
        "Count",
        "Year",
        "Month",
        "Day",
        "Hour",
        "Minute",
        "Second",
        "DayOfWeek",
        "Date",
        "Ticks",
        "Days",
        "Hours",
        "Minutes",
        "TotalDays",
        "TotalHours",
        "TotalMinutes",
        "TotalSeconds",
        "Major",
        "Minor",
        "Keys",
        "Values",
    ];
    let found = known
        .iter()
        .find(|known| same_name(known, name) && super::super::member::plain_property(item, known).is_some());
    found.map_or_else(|| name.into(), |found| (*found).into())
}

/// A calculated value; an error in it gives null.
fn quiet(cx: Cx<'_>, selector: &V, item: &V) -> Res<V> {
    let tries = std::mem::replace(&mut *lock(&cx.rt.tries), 1);
    let result = selected(cx, selector, item);
    *lock(&cx.rt.tries) = tries;
    result.or_else(|fault| if matches!(*fault, Fault::Error(..)) { Ok(V::Null) } else { Err(fault) })
}

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

fn sort(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let keys = keys(c);
    let exact = c.bound.flag("CaseSensitive");
    let mut rows: Vec<(Vec<Option<V>>, V)> = Vec::new();
    for item in c.input(input).into_iter().flat_map(|v| if c.piped { vec![v] } else { v.unrolled() }) {
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

fn group(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let selectors = c.bound.list("Property");
    let exact = c.bound.flag("CaseSensitive");
    let mut groups: Vec<(Vec<V>, Vec<V>)> = Vec::new();
    for item in c.input(input).into_iter().flat_map(|v| if c.piped { vec![v] } else { v.unrolled() }) {
        let mut own = Vec::new();
        for selector in &selectors {
            let value = quiet(cx, selector, &item)?;
            own.push(if matches!(value, V::Nothing) { V::Null } else { value });
        }
        if selectors.is_empty() {
            own.push(item.clone());
        }
        let same = |a: &[V], b: &[V]| {
            a.iter().zip(b).all(|(a, b)| {
                (a.is_null() == b.is_null())
                    && (a.is_null()
                        || equal(a, b, exact)
                        || interpolated(a) == interpolated(b) && matches!((a, b), (V::List(_), V::List(_))))
            })
        };
        match groups.iter_mut().find(|(known, _)| same(known, &own)) {
            Some((_, members)) => members.push(item),
            None => groups.push((own, vec![item])),
        }
    }
    groups.sort_by(|a, b| {
        a.0.iter()
            .zip(&b.0)
            .map(|(x, y)| sort_order(x, y, exact))
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    });
    if c.bound.flag("AsHashTable") {
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

fn compare_object(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let side = |name: &str| -> Res<Vec<V>> {
        match c.bound.get(name) {
            Some(value) if value.is_null() => c
                .problem(
                    "ParameterArgumentValidationErrorNullNotAllowed",
                    "InvalidData",
                    format!("Cannot bind argument to parameter '{name}' because it is null."),
                )
                .exception("System.Management.Automation.ParameterBindingValidationException")
                .err(),
            Some(value) => Ok(value.clone().unrolled()),
            None => Ok(Vec::new()),
        }
    };
    let reference = side("ReferenceObject")?;
    let difference = if c.piped { input } else { side("DifferenceObject")? };
    let exact = c.bound.flag("CaseSensitive");
    let names = c.bound.list("Property");
    let keyed = |items: Vec<V>| -> Res<Vec<(Vec<V>, V)>> {
        items
            .into_iter()
            .map(|item| {
                let key = if names.is_empty() {
                    Ok(vec![item.clone()])
                } else {
                    names.iter().map(|name| selected(cx, name, &item)).collect::<Res<Vec<V>>>()
                };
                key.map(|key| (key, item))
            })
            .collect()
    };
    let window = number(c, "SyncWindow").unwrap_or(usize::MAX);
    let reference = keyed(reference)?;
    let mut rest: Vec<Option<(Vec<V>, V)>> = keyed(difference)?.into_iter().map(Some).collect();
    let same = |a: &[V], b: &[V]| {
        a.iter().zip(b).all(|(a, b)| {
            equal(a, b, exact)
                || matches!((a, b), (V::Obj(_), V::Obj(_)))
                    && to_string(a) == to_string(b)
                    && interpolated(a) == interpolated(b)
                || matches!((a, b), (V::Obj(_), V::Obj(_)) | (V::Hash(_), V::Hash(_)))
                    && names.is_empty()
                    && to_string(a) == to_string(b)
        })
    };
    let (mut both, mut only) = (Vec::new(), Vec::new());
    for (index, (key, item)) in reference.into_iter().enumerate() {
        let found = rest.iter().enumerate().position(|(at, other)| {
            at.abs_diff(index) <= window && other.as_ref().is_some_and(|(other, _)| same(&key, other))
        });
        match found {
            Some(at) => {
                rest[at] = None;
                both.push((key, item));
            }
            None => only.push((key, item)),
        }
    }
    let mut rows = Vec::new();
    if c.bound.flag("IncludeEqual") {
        rows.extend(both.into_iter().map(|row| (row, "==")));
    }
    if !c.bound.flag("ExcludeDifferent") {
        rows.extend(rest.into_iter().flatten().map(|row| (row, "=>")));
        rows.extend(only.into_iter().map(|row| (row, "<=")));
    }
    for ((key, item), mark) in rows {
        if c.bound.flag("PassThru") {
            if let V::Obj(object) = &item {
                object.set("SideIndicator", V::from(mark));
            }
            c.push(cx, item)?;
            continue;
        }
        let object = Obj::custom(Vec::<(&str, V)>::new());
        if names.is_empty() {
            object.set("InputObject", item);
        }
        for (name, value) in names.iter().zip(key) {
            object.set(&interpolated(name), value);
        }
        object.set("SideIndicator", V::from(mark));
        c.push(cx, V::Obj(object))?;
    }
    Ok(())
}
