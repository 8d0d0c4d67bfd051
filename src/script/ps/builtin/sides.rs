//! `Compare-Object`.
//!
//! How two values compare is in `compare`.

use std::cmp::Ordering;

use super::super::bind::{NULL, failed};
use super::super::compare::sort_order;
use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Obj, V};
use super::select::number;
use super::{Builtin, Ctx, all, calculated, entry, selected};
use crate::catalog::Name;
use crate::catalog::bind::BindProblem;

pub(super) const COMMANDS: &[Builtin] = &[all("Compare-Object", compare_object)];

/// An object with the values it is compared by.
struct Entry {
    key: Vec<V>,
    item: V,
}

/// What a comparison has seen and not matched yet, and what it has found.
struct Sides {
    reference: Vec<Entry>,
    difference: Vec<Entry>,
    found: Vec<(Entry, &'static str)>,
    window: usize,
    exact: bool,
}

impl Sides {
    fn same(&self, a: &Entry, b: &Entry) -> bool {
        a.key.iter().zip(&b.key).all(|(a, b)| sort_order(a, b, self.exact) == Ordering::Equal)
    }

    /// Takes the next object of each side: equal ones meet at once or later, within the window.
    fn take(&mut self, reference: Option<Entry>, difference: Option<Entry>) {
        if let (Some(a), Some(b)) = (&reference, &difference)
            && self.same(a, b)
        {
            self.found.extend(reference.map(|entry| (entry, "==")));
            return;
        }
        let met = difference.as_ref().and_then(|b| self.reference.iter().position(|a| self.same(b, a)));
        let difference = if let Some(at) = met {
            let entry = self.reference.remove(at);
            self.found.push((entry, "=="));
            None
        } else {
            difference
        };
        let met = reference.as_ref().and_then(|a| self.difference.iter().position(|b| self.same(a, b)));
        let reference = if let Some(at) = met {
            self.difference.remove(at);
            self.found.extend(reference.map(|entry| (entry, "==")));
            None
        } else {
            reference
        };
        Self::wait(difference, &mut self.difference, self.window, &mut self.found, "=>");
        Self::wait(reference, &mut self.reference, self.window, &mut self.found, "<=");
    }

    /// An object waits for its match; the oldest goes when too many wait.
    fn wait(
        entry: Option<Entry>,
        waiting: &mut Vec<Entry>,
        window: usize,
        found: &mut Vec<(Entry, &'static str)>,
        mark: &'static str,
    ) {
        let Some(entry) = entry else { return };
        waiting.push(entry);
        while waiting.len() > window {
            found.push((waiting.remove(0), mark));
        }
    }

    fn finish(self) -> Vec<(Entry, &'static str)> {
        let mut found = self.found;
        found.extend(self.difference.into_iter().map(|entry| (entry, "=>")));
        found.extend(self.reference.into_iter().map(|entry| (entry, "<=")));
        found
    }
}

fn side(c: &Ctx<'_>, name: &str) -> Res<Vec<V>> {
    match c.bound.get(name) {
        Some(value) if value.is_null() => {
            let parameter = Name::Owned(name.to_owned());
            Err(failed("Compare-Object", c.id, BindProblem::Null { parameter, id: NULL }))
        }
        Some(value) => Ok(value.clone().unrolled()),
        None => Ok(Vec::new()),
    }
}

fn compare_object(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    calculated(c, &["expression"])?;
    let reference = side(c, "ReferenceObject")?;
    let difference = if c.piped { input } else { side(c, "DifferenceObject")? };
    let names = c.bound.list("Property");
    let keyed = |items: Vec<V>| -> Res<Vec<Entry>> {
        let key = |item: &V| match names.is_empty() {
            true => Ok(vec![item.clone()]),
            false => names.iter().map(|name| selected(cx, name, item)).collect::<Res<Vec<V>>>(),
        };
        items.into_iter().map(|item| Ok(Entry { key: key(&item)?, item })).collect()
    };
    let mut sides = Sides {
        reference: Vec::new(),
        difference: Vec::new(),
        found: Vec::new(),
        window: number(c, "SyncWindow").unwrap_or(usize::MAX),
        exact: c.bound.flag("CaseSensitive"),
    };
    let mut reference = keyed(reference)?.into_iter();
    for entry in keyed(difference)? {
        sides.take(reference.next(), Some(entry));
    }
    for entry in reference {
        sides.take(Some(entry), None);
    }
    let (equal, unequal) = (c.bound.flag("IncludeEqual"), !c.bound.flag("ExcludeDifferent"));
    let equal = equal || !unequal && !c.bound.has("IncludeEqual");
    for (entry, mark) in sides.finish() {
        let is_wanted = if mark == "==" { equal } else { unequal };
        if is_wanted {
            c.push(cx, shown(c, &names, entry, mark))?;
        }
    }
    Ok(())
}

/// What is put out for an object: itself, or the values it was compared by, with the side it was found on.
fn shown(c: &Ctx<'_>, names: &[V], entry: Entry, mark: &str) -> V {
    if c.bound.flag("PassThru") {
        let object = Obj::around(&entry.item);
        object.set("SideIndicator", V::from(mark));
        return V::Obj(object);
    }
    let object = Obj::custom(Vec::<(&str, V)>::new());
    if names.is_empty() {
        object.set("InputObject", entry.item);
    }
    for (name, value) in names.iter().zip(entry.key) {
        let name = match name {
            V::Hash(hash) => entry_text(hash),
            other => interpolated(other),
        };
        object.set(&name, if matches!(value, V::Nothing) { V::Null } else { value });
    }
    object.set("SideIndicator", V::from(mark));
    V::Obj(object)
}

fn entry_text(hash: &super::super::value::Hash) -> String {
    interpolated(&entry(hash, &["Expression"]).unwrap_or_default())
}
