//! `Select-Object`.
//!
//! How values compare is in `compare`; what a calculated property may say is in `mod`.

use std::cmp::Ordering;
use std::sync::{Arc, Mutex};

use super::super::compare::{equal, sort_order};
use super::super::fault::{Fault, Res};
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Obj, V, lock, same_name};
use super::{Builtin, Ctx, Memory, calculated, edges, entry, selected};

pub(super) const COMMANDS: &[Builtin] = &[edges("Select-Object", Some(select_begin), select, select_end)];

fn select_begin(_: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>) -> Res<()> {
    calculated(c, &["expression", "name", "label"])
}

/// A parameter that counts.
pub(super) fn number(c: &Ctx<'_>, name: &str) -> Option<usize> {
    c.bound.integer(name).and_then(|n| usize::try_from(n).ok())
}

fn select(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let inputs = match (input, c.piped) {
        (Some(item), _) => vec![item],
        (None, false) => c.bound.get("InputObject").cloned().into_iter().collect(),
        (None, true) => Vec::new(),
    };
    for item in inputs.into_iter().filter(|item| !item.is_null()) {
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
        if c.bound.has("Index") {
            let wanted = c.bound.list("Index");
            if wanted.iter().any(|index| equal(index, &V::count(at), false)) {
                shaped(cx, c, memory, &item)?;
            }
            if wanted.iter().all(|index| sort_order(index, &V::count(at), false).is_le()) && !c.bound.flag("Wait") {
                return c.out.enough();
            }
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
        let picked = c.bound.has("Property") || c.bound.has("ExcludeProperty");
        let known = lock(memory).values.iter().any(|known| match (known, &value) {
            // objects without properties of their own choice are all alike
            (V::Obj(a), V::Obj(b)) if a.is_custom() && b.is_custom() => {
                !picked
                    || a.props().len() == b.props().len()
                        && b.props().iter().all(|prop| {
                            let (a, b) = (a.note(&prop.name), b.note(&prop.name).unwrap_or_default());
                            a.is_some_and(|a| sort_order(&a, &b, exact) == Ordering::Equal)
                        })
            }
            (a, b) => sort_order(a, b, exact) == Ordering::Equal,
        });
        if known {
            return Ok(());
        }
        lock(memory).values.push(value.clone());
    }
    c.push(cx, value)
}

fn already_there(cx: Cx<'_>, c: &Ctx<'_>, id: &str, name: &str) -> Res<()> {
    let message = format!("The property cannot be processed because the property \"{name}\" already exists.");
    c.out.error(
        cx,
        c.problem(id, "InvalidOperation", message).exception("System.Management.Automation.PSArgumentException"),
    )
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
    for value in selected(cx, name, item)?.unrolled().into_iter().filter(|value| !value.is_null()) {
        let value = match row {
            V::Obj(outer) if c.bound.has("Property") => {
                // an object itself takes the properties on, anything else a wrapper of it
                let inner = Obj::around(&value);
                for prop in outer.props() {
                    if super::super::member::has_property(&value, &prop.name) {
                        already_there(cx, c, "AlreadyExistingUserSpecifiedPropertyExpand", &prop.name)?;
                    } else {
                        inner.set_prop(&prop.name, prop.value);
                    }
                }
                V::Obj(inner)
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
            return already_there(cx, c, "AlreadyExistingUserSpecifiedPropertyNoExpand", name);
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
                        if super::super::compare::like(&name, &pattern, false) && !is_excluded(&name) {
                            put(cx, &name, value)?;
                        }
                    }
                } else if !is_excluded(&pattern) {
                    let own = super::super::member::as_object(item)
                        .and_then(|object| object.prop(&pattern))
                        .map(|prop| prop.name);
                    let value = super::super::member::get(cx, item, &pattern)
                        .or_else(|fault| if matches!(*fault, Fault::Error(..)) { Ok(V::Null) } else { Err(fault) })?;
                    let shown = own.unwrap_or_else(|| canonical(item, &pattern));
                    put(cx, &shown, value)?;
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
pub(super) fn quiet(cx: Cx<'_>, selector: &V, item: &V) -> Res<V> {
    let tries = std::mem::replace(&mut *lock(&cx.rt.tries), 1);
    let result = selected(cx, selector, item);
    *lock(&cx.rt.tries) = tries;
    result.or_else(|fault| if matches!(*fault, Fault::Error(..)) { Ok(V::Null) } else { Err(fault) })
}
