//! `Update-TypeData` and its kin: members and display properties of whole types.
//!
//! Members of single objects are in `objects`; how values look is `render`'s business.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{PropValue, V, lock};
use super::{Builtin, Ctx, Memory, each};
use crate::render::DisplaySet;

pub(super) const COMMANDS: &[Builtin] = &[
    each("Update-TypeData", update),
    each("Remove-TypeData", remove),
    each("Get-TypeData", |_, _, _, _| Ok(())),
    each("Update-FormatData", |_, _, _, _| Ok(())),
];

fn update(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let Some(type_name) = c.bound.text("TypeName") else { return Ok(()) };
    let type_name = super::super::types::resolve(&type_name).map_or(type_name, |full| full.to_string());
    if c.bound.has("DefaultDisplayPropertySet") || c.bound.has("DefaultDisplayProperty") {
        let set = DisplaySet {
            type_name: type_name.as_str().into(),
            properties: c.bound.texts("DefaultDisplayPropertySet").into_iter().map(Into::into).collect(),
            property: c.bound.text("DefaultDisplayProperty").map(Into::into),
        };
        let rest = cx.rt.display.change(|settings| {
            settings.display_sets.retain(|own| !own.type_name.eq_ignore_ascii_case(&type_name));
            settings.display_sets.push(set);
        });
        cx.rt.options.console.out(&rest);
    }
    let Some(name) = c.bound.text("MemberName") else { return Ok(()) };
    let value = c.bound.get("Value").cloned().unwrap_or_default();
    let kind = c.bound.text("MemberType").unwrap_or_default().to_lowercase();
    let member = match (kind.as_str(), value) {
        ("scriptproperty", V::Block(block)) => PropValue::Script(block),
        ("scriptmethod", V::Block(block)) => PropValue::Method(block),
        ("aliasproperty", other) => PropValue::Alias(interpolated(&other).into()),
        (_, other) => PropValue::Note(other),
    };
    let mut members = lock(&cx.rt.type_members);
    let known = members.iter().position(|(own, member_name, _)| {
        own.eq_ignore_ascii_case(&type_name) && member_name.eq_ignore_ascii_case(&name)
    });
    match known {
        Some(_) if !c.bound.flag("Force") => {
            drop(members);
            let message = format!("Error in TypeData \"{type_name}\": The member {name} is already present.");
            let problem = c.problem("TypesXmlUpdateException", "InvalidOperation", message);
            return c.out.error(cx, problem);
        }
        Some(at) => members[at].2 = member,
        None => members.push((type_name, name, member)),
    }
    Ok(())
}

fn remove(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let name = input.or_else(|| c.bound.get("TypeName").cloned()).map(|name| interpolated(&name)).unwrap_or_default();
    lock(&cx.rt.type_members).retain(|(own, ..)| !own.eq_ignore_ascii_case(&name));
    let rest = cx.rt.display.change(|settings| {
        settings.display_sets.retain(|own| !own.type_name.eq_ignore_ascii_case(&name));
    });
    cx.rt.options.console.out(&rest);
    Ok(())
}
