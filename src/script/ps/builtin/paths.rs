//! `Join-Path`, `Split-Path`, `Resolve-Path` and the present folder.
//!
//! Items themselves are in `items`, contents in `files`.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::files::{resolve, shown};
use super::super::state::Cx;

use super::super::value::{Obj, V, lock};
use super::files::{expanded, missing, paths};
use super::{Builtin, Ctx, Memory, each};

pub(super) const COMMANDS: &[Builtin] = &[
    each("Join-Path", join_path),
    each("Split-Path", split_path),
    each("Resolve-Path", resolve_path),
    each("Convert-Path", resolve_path),
    each("Get-Location", |cx, c, _, _| {
        let location = super::super::automatic::variable(cx.rt, "PWD").unwrap_or_default();
        c.push(cx, location)
    }),
    each("Set-Location", set_location),
    each("Push-Location", set_location),
    each("Pop-Location", |cx, _, _, _| {
        *lock(&cx.rt.folder) = cx.rt.options.folder.clone();
        Ok(())
    }),
];

fn empty_path(c: &Ctx<'_>) -> super::super::fault::Problem {
    c.problem(
        "ParameterArgumentValidationErrorEmptyStringNotAllowed",
        "InvalidData",
        "Cannot bind argument to parameter 'Path' because it is an empty string.",
    )
    .exception("System.Management.Automation.ParameterBindingValidationException")
}

fn join_path(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let bases = paths(c, input);
    let mut children = c.bound.texts("ChildPath");
    children.extend(c.bound.texts("AdditionalChildPath"));
    for base in bases {
        if base.is_empty() {
            return empty_path(c).err();
        }
        let mut out = base.replace('\\', "/");
        for child in &children {
            let child = child.replace('\\', "/");
            out = format!("{}/{}", out.trim_end_matches('/'), child.trim_start_matches('/'));
        }
        c.push(cx, V::from(out))?;
    }
    Ok(())
}

fn split_path(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
        if path.is_empty() {
            return empty_path(c).err();
        }
        let normal = path.replace('\\', "/");
        let normal = normal.trim_end_matches('/');
        let (folder, leaf) = normal.rsplit_once('/').unwrap_or(("", normal));
        let folder = if folder.is_empty() && normal.starts_with('/') { "/" } else { folder };
        let (stem, extension) = leaf.rfind('.').map_or((leaf, ""), |at| leaf.split_at(at));
        let value = if c.bound.flag("Leaf") {
            V::from(leaf)
        } else if c.bound.flag("LeafBase") {
            V::from(stem)
        } else if c.bound.flag("Extension") {
            V::from(extension)
        } else if c.bound.flag("IsAbsolute") {
            V::Bool(normal.starts_with('/'))
        } else if c.bound.flag("Qualifier") {
            V::from(path.split_once(':').map_or(String::new(), |(drive, _)| format!("{drive}:")))
        } else if c.bound.flag("NoQualifier") {
            V::from(path.split_once(':').map_or(path.as_str(), |(_, rest)| rest))
        } else {
            V::from(folder)
        };
        c.push(cx, value)?;
    }
    Ok(())
}

fn resolve_path(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
        for path in expanded(cx, &path) {
            let target = resolve(cx, &path);
            if !target.exists() {
                c.out.error(cx, missing(cx, c, &path))?;
                continue;
            }
            let full = shown(cx.rt, &target);
            if c.bound.flag("Relative") {
                let folder = super::super::files::shown_folder(cx.rt);
                let below = full.strip_prefix(&format!("{folder}/"));
                c.push(cx, V::from(below.map_or(full.clone(), |below| format!("./{below}"))))?;
                continue;
            }
            if c.id.contains("ConvertPath") {
                c.push(cx, V::from(full))?;
                continue;
            }
            let object = Obj::new(
                "System.Management.Automation.PathInfo",
                [
                    ("Drive", V::Null),
                    ("Provider", V::Null),
                    ("ProviderPath", V::from(full.as_str())),
                    ("Path", V::from(full.as_str())),
                ],
            );
            c.push(cx, V::Obj(object.with_text(&full)))?;
        }
    }
    Ok(())
}

fn set_location(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    if let Some(path) = paths(c, input).into_iter().next() {
        let target = resolve(cx, &path);
        if !target.is_dir() {
            return c.out.error(cx, missing(cx, c, &path));
        }
        *lock(&cx.rt.folder) = target;
    }
    Ok(())
}
