//! Items: whether they are there, making, removing, copying, moving, renaming them.
//!
//! Their contents are in `files`, texts of paths in `paths`.

use std::path::Path;
use std::sync::Mutex;

use super::super::fault::Res;
use super::super::files::{resolve, shown};
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Obj, V, lock};
use super::files::{expanded, item, missing, paths};
use super::{Builtin, Ctx, Memory, each};

pub(super) const COMMANDS: &[Builtin] = &[
    each("Test-Path", test_path),
    each("Get-Item", get_item),
    each("Set-Item", set_item),
    each("New-Item", new_item),
    each("Remove-Item", remove_item),
    each("Copy-Item", |cx, c, _, input| transfer(cx, c, input, false)),
    each("Move-Item", |cx, c, _, input| transfer(cx, c, input, true)),
    each("Rename-Item", rename),
    each("New-TemporaryFile", temporary_file),
    each("Get-ItemProperty", get_property),
    each("Get-ItemPropertyValue", get_property_value),
    each("Set-ItemProperty", set_property),
];

fn test_path(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    if input.is_none() && c.bound.list("Path").iter().chain(&c.bound.list("LiteralPath")).all(V::is_null) {
        let message = "Value cannot be null. (Parameter 'The provided Path argument was null or an empty collection.')";
        let problem = c.problem("NullPathNotPermitted", "InvalidArgument", message);
        return c.out.error(cx, problem.exception("System.ArgumentNullException"));
    }
    for path in paths(c, input) {
        if path.trim().is_empty() {
            c.push(cx, V::Bool(false))?;
            continue;
        }
        if c.bound.flag("IsValid") {
            c.push(cx, V::Bool(!path.contains('\0')))?;
            continue;
        }
        if let Some(place) = Place::of(&path) {
            c.push(cx, V::Bool(place.name.is_empty() || place.item(cx).is_some()))?;
            continue;
        }
        let kind = c.bound.text("PathType").unwrap_or_default().to_lowercase();
        let found = expanded(cx, &path).iter().any(|path| {
            let target = resolve(cx, path);
            match kind.as_str() {
                "leaf" => target.is_file(),
                "container" => target.is_dir(),
                _ => target.exists(),
            }
        });
        c.push(cx, V::Bool(found))?;
    }
    Ok(())
}

fn get_item(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
        if let Some(found) = Place::of(&path).and_then(|place| place.item(cx)) {
            c.push(cx, found)?;
            continue;
        }
        let targets = expanded(cx, &path);
        for path in targets {
            let target = resolve(cx, &path);
            if target.exists() {
                c.push(cx, item(cx, &target))?;
            } else {
                c.out.error(cx, missing(cx, c, &path))?;
            }
        }
    }
    Ok(())
}

/// The items that a command's paths mean.
fn items_of(cx: Cx<'_>, c: &Ctx<'_>, input: Option<V>) -> Res<Vec<V>> {
    let mut found = Vec::new();
    for path in paths(c, input) {
        for path in expanded(cx, &path) {
            let target = resolve(cx, &path);
            if target.exists() {
                found.push(item(cx, &target));
            } else {
                c.out.error(cx, missing(cx, c, &path))?;
            }
        }
    }
    Ok(found)
}

fn get_property(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let names = c.bound.texts("Name");
    for own in items_of(cx, c, input)? {
        if names.is_empty() {
            c.push(cx, own)?;
            continue;
        }
        let values: Res<Vec<(String, V)>> =
            names.iter().map(|name| Ok((name.clone(), super::super::member::get(cx, &own, name)?))).collect();
        c.push(cx, V::Obj(Obj::custom(values?)))?;
    }
    Ok(())
}

fn get_property_value(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for own in items_of(cx, c, input)? {
        for name in c.bound.texts("Name") {
            c.push(cx, super::super::member::get(cx, &own, &name)?)?;
        }
    }
    Ok(())
}

fn set_property(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let name = c.bound.text("Name").unwrap_or_default();
    let value = c.bound.get("Value").cloned().unwrap_or_default();
    for own in items_of(cx, c, input)? {
        if c.only_shown(cx, "Set Property File", &format!("Item: {} Property: {name}", interpolated(&own))) {
            continue;
        }
        super::super::member::set(cx, &own, &name, value.clone())?;
        if c.bound.flag("PassThru") {
            c.push(cx, own)?;
        }
    }
    Ok(())
}

fn set_item(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let value = input.or_else(|| c.bound.get("Value").cloned()).unwrap_or_default();
    for path in c.bound.texts("Path") {
        match Place::of(&path) {
            Some(place) => place.put(cx, &value),
            None => {
                let message = "Provider operation stopped because the provider does not support this operation.";
                let problem = c.problem("NotSupported", "NotImplemented", message);
                c.out.error(cx, problem.exception("System.Management.Automation.PSNotSupportedException"))?;
            }
        }
    }
    Ok(())
}

fn new_item(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let base = c.bound.text("Path").unwrap_or_default();
    let path = match c.bound.text("Name") {
        Some(name) if base.is_empty() => name,
        Some(name) => format!("{}/{name}", base.trim_end_matches(['/', '\\'])),
        None => base,
    };
    if let Some(place) = Place::of(&path) {
        place.put(cx, &input.or_else(|| c.bound.get("Value").cloned()).unwrap_or_default());
        return place.item(cx).map_or(Ok(()), |made| c.push(cx, made));
    }
    let target = resolve(cx, &path);
    let folder = c.bound.text("ItemType").is_some_and(|kind| kind.to_lowercase().starts_with('d'));
    if target.exists() && !c.bound.flag("Force") {
        let (id, text) = if folder {
            ("DirectoryExist", format!("An item with the specified name {} already exists.", shown(cx.rt, &target)))
        } else {
            ("NewItemIOError", format!("The file '{}' already exists.", shown(cx.rt, &target)))
        };
        let category = if folder { "ResourceExists" } else { "WriteError" };
        return c.out.error(cx, c.problem(id, category, text).exception("System.IO.IOException"));
    }
    let operation = if folder { "Create Directory" } else { "Create File" };
    if c.only_shown(cx, operation, &format!("Destination: {}", shown(cx.rt, &target))) {
        return Ok(());
    }
    let result = if folder {
        std::fs::create_dir_all(&target)
    } else {
        if c.bound.flag("Force")
            && let Some(parent) = target.parent()
        {
            let _ = std::fs::create_dir_all(parent); // the write below says what is wrong
        }
        let text =
            input.or_else(|| c.bound.get("Value").cloned()).map(|value| interpolated(&value)).unwrap_or_default();
        std::fs::write(&target, text)
    };
    if result.is_err() {
        return c.out.error(
            cx,
            c.problem(
                "NewItemIOError",
                "WriteError",
                format!("Could not find a part of the path '{}'.", shown(cx.rt, &target)),
            )
            .exception("System.IO.DirectoryNotFoundException"),
        );
    }
    c.push(cx, item(cx, &target))
}

fn remove_item(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
        if let Some(place) = Place::of(&path) {
            if !c.only_shown(cx, "Remove Item", &format!("Item: {}", place.name)) {
                place.remove(cx);
            }
            continue;
        }
        for path in expanded(cx, &path) {
            let target = resolve(cx, &path);
            if !target.exists() {
                c.out.error(cx, missing(cx, c, &path))?;
                continue;
            }
            let operation = if target.is_dir() { "Remove Directory" } else { "Remove File" };
            if c.only_shown(cx, operation, &shown(cx.rt, &target)) {
                continue;
            }
            if cx.rt.options.sandbox.as_ref() == Some(&target) {
                continue; // the sandbox itself stays
            }
            let _ = if target.is_dir() { std::fs::remove_dir_all(&target) } else { std::fs::remove_file(&target) };
        }
    }
    Ok(())
}

fn transfer(cx: Cx<'_>, c: &Ctx<'_>, input: Option<V>, moves: bool) -> Res<()> {
    let destination = c.bound.text("Destination").unwrap_or_else(|| ".".to_owned());
    for path in paths(c, input) {
        for path in expanded(cx, &path) {
            let from = resolve(cx, &path);
            if !from.exists() {
                c.out.error(cx, missing(cx, c, &path))?;
                continue;
            }
            if moves && from == resolve(cx, &destination) {
                let message = "Source and destination path must be different.";
                let problem = c.problem("MoveFileInfoItemIOError", "WriteError", message);
                c.out.error(cx, problem.exception("System.IO.IOException"))?;
                continue;
            }
            let mut to = resolve(cx, &destination);
            if to.is_dir()
                && let Some(name) = from.file_name()
            {
                to = to.join(name);
            }
            let operation = match (moves, from.is_dir()) {
                (true, true) => "Move Directory",
                (true, false) => "Move File",
                (false, true) => "Copy Directory",
                (false, false) => "Copy File",
            };
            if c.only_shown(cx, operation, &format!("Item: {} Destination: {}", shown(cx.rt, &from), shown(cx.rt, &to)))
            {
                continue;
            }
            let result = if moves { std::fs::rename(&from, &to) } else { copied(&from, &to, c.bound.flag("Recurse")) };
            if result.is_err() {
                c.out.error(
                    cx,
                    c.problem(
                        "CopyError",
                        "WriteError",
                        format!("Could not find a part of the path '{}'.", shown(cx.rt, &to)),
                    )
                    .exception("System.IO.DirectoryNotFoundException"),
                )?;
            } else if c.bound.flag("PassThru") {
                c.push(cx, item(cx, &to))?;
            }
        }
    }
    Ok(())
}

fn rename(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
        let from = resolve(cx, &path);
        if !from.exists() {
            let message = format!("Cannot rename because item at '{path}' does not exist.");
            let problem = c.problem("InvalidOperation", "InvalidOperation", message);
            c.out.error(cx, problem.exception("System.Management.Automation.PSInvalidOperationException"))?;
            continue;
        }
        let name = c.bound.text("NewName").unwrap_or_default();
        let to = from.with_file_name(name.rsplit(['/', '\\']).next().unwrap_or_default());
        let (shown_from, shown_to) = (shown(cx.rt, &from), shown(cx.rt, &to));
        if c.only_shown(cx, "Rename File", &format!("Item: {shown_from} Destination: {shown_to}")) {
            continue;
        }
        if to.exists() && !c.bound.flag("Force") {
            let message = "Cannot create a file when that file already exists.";
            let problem = c.problem("RenameItemIOError", "WriteError", message);
            c.out.error(cx, problem.exception("System.IO.IOException"))?;
            continue;
        }
        let _ = std::fs::rename(&from, &to);
        if c.bound.flag("PassThru") {
            c.push(cx, item(cx, &to))?;
        }
    }
    Ok(())
}

/// Copies a file, or a folder with what is in it if that is wanted.
fn copied(from: &Path, to: &Path, recurse: bool) -> std::io::Result<()> {
    if !from.is_dir() {
        return std::fs::copy(from, to).map(drop);
    }
    std::fs::create_dir_all(to)?;
    if !recurse {
        return Ok(());
    }
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_symlink() {
            continue; // it may lead elsewhere
        }
        copied(&entry.path(), &to.join(entry.file_name()), true)?;
    }
    Ok(())
}

/// The items of a drive that is no folder, by name; `None` when the path is of a folder.
#[must_use]
pub(super) fn entries(cx: Cx<'_>, path: &str) -> Option<Vec<V>> {
    let place = Place::of(path)?;
    let mut names: Vec<String> = match place.drive.as_str() {
        "env" => lock(&cx.rt.env).keys().cloned().collect(),
        "variable" => cx.rt.visible_variables().into_iter().map(|(name, _)| name).collect(),
        "alias" => lock(&cx.rt.aliases).keys().cloned().collect(),
        _ => Vec::new(),
    };
    names.sort_by_key(|name| name.to_lowercase());
    let pattern = if place.name.is_empty() { "*" } else { place.name };
    let fitting = names.iter().filter(|name| super::super::compare::like(name, pattern, false));
    Some(fitting.filter_map(|name| Place { drive: place.drive.clone(), name }.item(cx)).collect())
}

/// An item of a drive that is no folder: `env:`, `variable:`, `function:`, `alias:`.
pub(super) struct Place<'a> {
    drive: String,
    name: &'a str,
}

impl<'a> Place<'a> {
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let (drive, name) = path.split_once(':')?;
        let drive = drive.to_lowercase();
        matches!(drive.as_str(), "env" | "variable" | "function" | "alias")
            .then(|| Self { drive, name: name.trim_start_matches(['\\', '/']) })
    }

    /// What the item holds; `None` when it is not there.
    pub(super) fn content(&self, cx: Cx<'_>) -> Option<V> {
        super::super::member::plain_property(
            &self.item(cx)?,
            if self.drive == "function" { "ScriptBlock" } else { "Value" },
        )
    }

    /// The item as an object; `None` when it is not there.
    fn item(&self, cx: Cx<'_>) -> Option<V> {
        let object = |kind: &str, value: V| {
            V::Obj(Obj::new(
                kind,
                [("Name", V::from(self.name)), ("Value", value.clone()), ("Key", V::from(self.name))],
            ))
        };
        match self.drive.as_str() {
            "env" => {
                let value = lock(&cx.rt.env).get(&self.name.to_uppercase()).cloned()?;
                Some(object("System.Collections.DictionaryEntry", V::from(value)))
            }
            "variable" => {
                let value = cx.rt.get(self.name).or_else(|| super::super::automatic::variable(cx.rt, self.name))?;
                Some(object("System.Management.Automation.PSVariable", value))
            }
            "function" => {
                let block = cx.rt.function(self.name)?;
                let definition = V::from(block.text());
                let properties = [
                    ("CommandType", V::from("Function")),
                    ("Name", V::from(self.name)),
                    ("Definition", definition),
                    ("ScriptBlock", V::Block(block)),
                ];
                Some(V::Obj(Obj::new("System.Management.Automation.FunctionInfo", properties).with_text(self.name)))
            }
            _ => {
                let full = super::super::command::alias(cx, self.name);
                (full != self.name).then(|| object("System.Management.Automation.AliasInfo", V::from(full)))
            }
        }
    }

    /// Gives the item another value.
    fn put(&self, cx: Cx<'_>, value: &V) {
        match self.drive.as_str() {
            "env" => drop(super::super::assign::set_env(cx, self.name, value)),
            "variable" => cx.rt.set(self.name, value.clone()),
            "alias" => drop(lock(&cx.rt.aliases).insert(self.name.to_lowercase(), interpolated(value))),
            _ => {
                if let V::Block(block) = value {
                    cx.rt.define(self.name, block.clone());
                }
            }
        }
    }

    fn remove(&self, cx: Cx<'_>) {
        let name = self.name.to_lowercase();
        match self.drive.as_str() {
            "env" => drop(lock(&cx.rt.env).remove(&name.to_uppercase())),
            "variable" => cx.rt.remove_variable(&name),
            "alias" => drop(lock(&cx.rt.aliases).remove(&name)),
            _ => {
                for frame in lock(&cx.rt.frames).iter_mut().rev() {
                    if frame.functions.remove(&name).is_some() {
                        break;
                    }
                }
            }
        }
    }
}

fn temporary_file(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    let name = format!("tmp{}.tmp", &uuid::Uuid::new_v4().simple().to_string()[..6]);
    let folder = resolve(cx, "/tmp");
    let target = folder.join(name);
    if c.only_shown(cx, "New-TemporaryFile", &shown(cx.rt, &folder)) {
        return Ok(());
    }
    if std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&target, "")).is_err() {
        return c.problem("NewTemporaryFileWriteError", "WriteError", "the file cannot be made").err();
    }
    c.push(cx, item(cx, &target))
}
