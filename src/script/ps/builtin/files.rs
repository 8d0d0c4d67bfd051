//! Files and folders: content, items, paths, `Out-File`.
//!
//! Where a path leads is decided by `files` of the runtime.

use std::path::Path;
use std::sync::Mutex;

use super::super::fault::{Problem, Res};
use super::super::files::{decoded, encoded, resolve, shown, split_lines};
use super::super::state::Cx;
use super::super::text::{host_text, interpolated, to_string};
use super::super::value::{Obj, V, lock};
use super::{Builtin, Ctx, Memory, all, each};
use crate::clixml::{DateTimeKind, PsDateTime};

pub(super) const COMMANDS: &[Builtin] = &[
    each(
        "Get-Content",
        "Path@0^=PSPath LiteralPath Raw! TotalCount=First,Head Tail=Last Encoding ReadCount Delimiter Wait! AsByteStream! Stream",
        get_content,
    ),
    all(
        "Set-Content",
        "Path@0=PSPath Value@1^ LiteralPath Encoding Force! NoNewline! PassThru! AsByteStream!",
        |cx, c, input| put_content(cx, c, input, false),
    ),
    all(
        "Add-Content",
        "Path@0=PSPath Value@1^ LiteralPath Encoding Force! NoNewline! PassThru! AsByteStream!",
        |cx, c, input| put_content(cx, c, input, true),
    ),
    each("Clear-Content", "Path@0=PSPath LiteralPath Force!", clear_content),
    all(
        "Out-File",
        "FilePath@0=Path,LiteralPath Encoding@1 InputObject^ Append! Force! NoClobber! NoNewline! Width",
        out_file,
    ),
    each(
        "Test-Path",
        "Path@0^=PSPath LiteralPath PathType=Type IsValid! Filter Include Exclude OlderThan NewerThan",
        test_path,
    ),
    each("Get-Item", "Path@0^=PSPath LiteralPath Force! Filter Include Exclude", get_item),
    each(
        "Get-ChildItem",
        "Path@0^=PSPath Filter@1 LiteralPath Recurse! File! Directory! Force! Name! Include Exclude Depth Hidden!",
        children,
    ),
    each("New-Item", "Path@0 Name ItemType=Type Value@1^ Force! Target", new_item),
    each("Remove-Item", "Path@0^=PSPath LiteralPath Recurse! Force! Filter Include Exclude", remove_item),
    each(
        "Copy-Item",
        "Path@0^=PSPath Destination@1 LiteralPath Recurse! Force! PassThru! Filter",
        |cx, c, _, input| transfer(cx, c, input, false),
    ),
    each("Move-Item", "Path@0^=PSPath Destination@1 LiteralPath Force! PassThru!", |cx, c, _, input| {
        transfer(cx, c, input, true)
    }),
    each("Rename-Item", "Path@0^=PSPath NewName@1 LiteralPath Force! PassThru!", rename),
    each("Join-Path", "Path@0^=PSPath ChildPath@1 AdditionalChildPath@2~ Resolve!", join_path),
    each(
        "Split-Path",
        "Path@0^=PSPath LiteralPath Parent! Leaf! LeafBase! Extension! Qualifier! NoQualifier! IsAbsolute! Resolve!",
        split_path,
    ),
    each("Resolve-Path", "Path@0^=PSPath LiteralPath Relative!", resolve_path),
    each("Convert-Path", "Path@0^=PSPath LiteralPath", resolve_path),
    each("Get-Location", "PSProvider PSDrive Stack!", |cx, c, _, _| {
        let location = super::super::automatic::variable(cx.rt, "PWD").unwrap_or_default();
        c.push(cx, location)
    }),
    each("Set-Location", "Path@0^=PSPath LiteralPath PassThru!", set_location),
    each("Push-Location", "Path@0^=PSPath LiteralPath", set_location),
    each("Pop-Location", "", |cx, _, _, _| {
        *lock(&cx.rt.folder) = cx.rt.options.folder.clone();
        Ok(())
    }),
    each("Get-FileHash", "Path@0^=PSPath Algorithm@1 LiteralPath InputStream", file_hash),
    each("Get-PSDrive", "Name@0 PSProvider", |_, _, _, _| Ok(())),
    each("Unblock-File", "Path@0^ LiteralPath", |_, _, _, _| Ok(())),
];

/// The path that a piped item or an argument means.
#[must_use]
pub(super) fn item_path(value: &V) -> String {
    match value {
        V::Obj(object) => object
            .note("FullName")
            .or_else(|| object.note("PSPath"))
            .or_else(|| object.note("Path"))
            .map_or_else(|| interpolated(value), |path| to_string(&path)),
        other => interpolated(other),
    }
}

fn paths(c: &Ctx<'_>, input: Option<V>) -> Vec<String> {
    match input {
        Some(value) => vec![item_path(&value)],
        None => c.bound.list("Path").iter().chain(&c.bound.list("LiteralPath")).map(item_path).collect(),
    }
}

fn missing(cx: Cx<'_>, c: &Ctx<'_>, path: &str) -> Problem {
    let target = resolve(cx, path);
    c.problem(
        "PathNotFound",
        "ObjectNotFound",
        format!("Cannot find path '{}' because it does not exist.", shown(cx.rt, &target)),
    )
    .exception("System.Management.Automation.ItemNotFoundException")
    .target(V::from(shown(cx.rt, &target)))
}

/// Paths with wildcards as the paths they match.
pub(super) fn expanded(cx: Cx<'_>, path: &str) -> Vec<String> {
    if !path.contains(['*', '?', '[']) {
        return vec![path.to_owned()];
    }
    let normal = path.replace('\\', "/");
    let (folder, pattern) = normal.rsplit_once('/').unwrap_or((".", &normal));
    let Ok(entries) = std::fs::read_dir(resolve(cx, folder)) else { return Vec::new() };
    let mut found: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| super::super::compare::like(name, pattern, false))
        .map(|name| if folder == "." && !normal.starts_with("./") { name } else { format!("{folder}/{name}") })
        .collect();
    found.sort_by_key(|name| name.to_lowercase());
    found
}

fn get_content(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
        let found = if c.bound.has("LiteralPath") { vec![path] } else { expanded(cx, &path) };
        for path in found {
            let Ok(bytes) = std::fs::read(resolve(cx, &path)) else {
                c.out.error(cx, missing(cx, c, &path))?;
                continue;
            };
            if c.bound.flag("AsByteStream") {
                for byte in super::super::dotnet::statics::byte_array(&bytes).unrolled() {
                    c.push(cx, byte)?;
                }
                continue;
            }
            let text = decoded(&bytes);
            if c.bound.flag("Raw") {
                if !text.is_empty() {
                    c.push(cx, V::from(text))?;
                }
                continue;
            }
            let mut lines = split_lines(&text);
            if let Some(count) = c.bound.integer("TotalCount").and_then(|n| usize::try_from(n).ok()) {
                lines.truncate(count);
            }
            if let Some(count) = c.bound.integer("Tail").and_then(|n| usize::try_from(n).ok()) {
                lines = lines.split_off(lines.len().saturating_sub(count));
            }
            for line in lines {
                c.push(cx, V::from(line))?;
            }
        }
    }
    Ok(())
}

fn put_content(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>, append: bool) -> Res<()> {
    let values: Vec<V> = if c.piped && !c.bound.has("Value") { input } else { c.bound.list("Value") };
    let bytes =
        if c.bound.flag("AsByteStream") || c.bound.text("Encoding").is_some_and(|e| e.eq_ignore_ascii_case("byte")) {
            super::super::text::bytes(&values.into_iter().flat_map(V::unrolled).collect::<Vec<_>>())
        } else {
            let end = if c.bound.flag("NoNewline") { "" } else { "\n" };
            let text: String = values
                .into_iter()
                .flat_map(V::unrolled)
                .filter(|value| !value.is_null())
                .map(|value| format!("{}{end}", host_text(&value)))
                .collect();
            encoded(&text, &c.bound.text("Encoding").unwrap_or_default())
        };
    for path in paths(c, None) {
        if super::super::files::write(cx, &path, &bytes, append).is_err() {
            let target = resolve(cx, &path);
            c.out.error(
                cx,
                c.problem(
                    "GetContentWriterDirectoryNotFoundError",
                    "ObjectNotFound",
                    format!("Could not find a part of the path '{}'.", shown(cx.rt, &target)),
                )
                .exception("System.IO.DirectoryNotFoundException"),
            )?;
        }
    }
    Ok(())
}

fn clear_content(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    for path in paths(c, None) {
        if !resolve(cx, &path).exists() {
            c.out.error(cx, missing(cx, c, &path))?;
            continue;
        }
        super::super::files::write(cx, &path, b"", false).map_err(|problem| problem.fault())?;
    }
    Ok(())
}

fn out_file(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let values: Vec<V> = c.input(input).into_iter().flat_map(V::unrolled).collect();
    let width =
        c.bound.integer("Width").and_then(|n| usize::try_from(n).ok()).unwrap_or_else(|| cx.rt.display.usable());
    let text = if c.bound.flag("NoNewline") {
        values.iter().map(host_text).collect()
    } else {
        super::super::display::default_text(&values, &cx.rt.display.formatter(width))
    };
    let path = c.bound.text("FilePath").unwrap_or_default();
    let target = resolve(cx, &path);
    if c.bound.flag("NoClobber") && target.exists() {
        return c
            .problem("NoClobber", "ResourceExists", format!("The file '{}' already exists.", shown(cx.rt, &target)))
            .exception("System.IO.IOException")
            .err();
    }
    let bytes = encoded(&text, &c.bound.text("Encoding").unwrap_or_default());
    super::super::files::write(cx, &path, &bytes, c.bound.flag("Append"))
        .map_err(|problem| Problem { id: format!("{},{}", problem.id, c.id), ..problem }.fault())
}

fn test_path(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
        if let Some(name) = path
            .split_once(':')
            .filter(|(drive, _)| drive.eq_ignore_ascii_case("env"))
            .map(|(_, name)| name.trim_start_matches(['\\', '/']))
        {
            let found = lock(&cx.rt.env).contains_key(&name.to_uppercase());
            c.push(cx, V::Bool(found))?;
            continue;
        }
        if let Some(name) = path
            .split_once(':')
            .filter(|(drive, _)| drive.eq_ignore_ascii_case("variable"))
            .map(|(_, name)| name.trim_start_matches(['\\', '/']))
        {
            c.push(cx, V::Bool(cx.rt.get(name).is_some()))?;
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

fn item(cx: Cx<'_>, target: &Path) -> V {
    let name = target.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let full = shown(cx.rt, target);
    let folder = target.parent().map(|parent| shown(cx.rt, parent)).unwrap_or_default();
    let meta = std::fs::metadata(target);
    let written = meta
        .as_ref()
        .ok()
        .and_then(|meta| meta.modified().ok())
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let ticks = written.map_or(0, |since| i64::try_from(since.as_nanos() / 100).unwrap_or_default())
        + super::super::dates::UNIX_EPOCH_TICKS;
    let time = V::Date(PsDateTime { ticks, kind: DateTimeKind::Local { offset_minutes: 0 } });
    let (stem, extension) = match name.rfind('.') {
        Some(at) => (name[..at].to_owned(), name[at..].to_owned()),
        None => (name.clone(), String::new()),
    };
    let is_folder = target.is_dir();
    let object = Obj::new(
        if is_folder { "System.IO.DirectoryInfo" } else { "System.IO.FileInfo" },
        [
            ("Name", V::from(name.as_str())),
            ("FullName", V::from(full.as_str())),
            ("Extension", V::from(extension)),
            ("BaseName", V::from(stem)),
            ("Exists", V::Bool(true)),
            ("LastWriteTime", time.clone()),
            ("CreationTime", time.clone()),
            ("LastAccessTime", time),
            ("PSIsContainer", V::Bool(is_folder)),
            ("PSPath", V::from(full.as_str())),
        ],
    );
    if is_folder {
        object.set("Parent", V::from(folder));
    } else {
        object
            .set("Length", V::Long(meta.map(|meta| i64::try_from(meta.len()).unwrap_or_default()).unwrap_or_default()));
        object.set("DirectoryName", V::from(folder.as_str()));
        let leaf = folder.rsplit('/').next().unwrap_or_default().to_owned();
        object.set(
            "Directory",
            V::Obj(
                Obj::new(
                    "System.IO.DirectoryInfo",
                    [("Name", V::from(leaf)), ("FullName", V::from(folder.as_str())), ("Exists", V::Bool(true))],
                )
                .with_text(&folder),
            ),
        );
    }
    V::Obj(object.with_text(&full))
}

fn get_item(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
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

fn children(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let mut given = paths(c, input);
    if given.is_empty() {
        given.push(".".to_owned());
    }
    for path in given {
        let (folder, pattern) = if path.contains(['*', '?']) {
            let normal = path.replace('\\', "/");
            let (folder, pattern) = normal.rsplit_once('/').map_or((".", normal.as_str()), |pair| pair);
            (folder.to_owned(), Some(pattern.to_owned()))
        } else {
            (path.clone(), None)
        };
        let target = resolve(cx, &folder);
        if !target.exists() {
            c.out.error(cx, missing(cx, c, &path))?;
            continue;
        }
        let mut found = Vec::new();
        if target.is_file() {
            found.push(target);
        } else {
            walk(&target, c.bound.flag("Recurse"), &mut found);
        }
        let filter = c.bound.text("Filter").or(pattern);
        let include = c.bound.texts("Include");
        let exclude = c.bound.texts("Exclude");
        for target in found {
            let name = target.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            let fits = |pattern: &String| super::super::compare::like(&name, pattern, false);
            let kind = !(c.bound.flag("File") && target.is_dir() || c.bound.flag("Directory") && !target.is_dir());
            if kind
                && filter.as_ref().is_none_or(fits)
                && (include.is_empty() || include.iter().any(fits))
                && !exclude.iter().any(fits)
            {
                c.push(cx, if c.bound.flag("Name") { V::from(name) } else { item(cx, &target) })?;
            }
        }
    }
    Ok(())
}

fn walk(folder: &Path, recurse: bool, found: &mut Vec<std::path::PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort_by_key(|path| (!path.is_dir(), path.to_string_lossy().to_lowercase()));
    for path in entries {
        found.push(path.clone());
        if recurse && path.is_dir() {
            walk(&path, true, found);
        }
    }
}

fn new_item(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let base = c.bound.text("Path").unwrap_or_default();
    let path = match c.bound.text("Name") {
        Some(name) if base.is_empty() => name,
        Some(name) => format!("{}/{name}", base.trim_end_matches(['/', '\\'])),
        None => base,
    };
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
        if let Some(name) = path
            .split_once(':')
            .filter(|(drive, _)| drive.eq_ignore_ascii_case("env"))
            .map(|(_, name)| name.trim_start_matches(['\\', '/']))
        {
            lock(&cx.rt.env).remove(&name.to_uppercase());
            continue;
        }
        if let Some(name) = path
            .split_once(':')
            .filter(|(drive, _)| drive.eq_ignore_ascii_case("variable"))
            .map(|(_, name)| name.trim_start_matches(['\\', '/']))
        {
            cx.rt.remove_variable(name);
            continue;
        }
        for path in expanded(cx, &path) {
            let target = resolve(cx, &path);
            if !target.exists() {
                c.out.error(cx, missing(cx, c, &path))?;
                continue;
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
            let mut to = resolve(cx, &destination);
            if to.is_dir()
                && let Some(name) = from.file_name()
            {
                to = to.join(name);
            }
            let result = if moves { std::fs::rename(&from, &to) } else { std::fs::copy(&from, &to).map(drop) };
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
            c.out.error(cx, missing(cx, c, &path))?;
            continue;
        }
        let to = from.with_file_name(c.bound.text("NewName").unwrap_or_default());
        let _ = std::fs::rename(&from, &to);
    }
    Ok(())
}

fn join_path(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let bases = paths(c, input);
    let mut children = c.bound.texts("ChildPath");
    children.extend(c.bound.texts("AdditionalChildPath"));
    for base in bases {
        if base.is_empty() {
            return c
                .problem(
                    "ParameterArgumentValidationErrorEmptyStringNotAllowed",
                    "InvalidData",
                    "Cannot bind argument to parameter 'Path' because it is an empty string.",
                )
                .exception("System.Management.Automation.ParameterBindingValidationException")
                .err();
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

fn file_hash(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
        let target = resolve(cx, &path);
        let Ok(bytes) = std::fs::read(&target) else {
            c.out.error(cx, missing(cx, c, &path))?;
            continue;
        };
        let algorithm = c.bound.text("Algorithm").unwrap_or_else(|| "SHA256".to_owned()).to_uppercase();
        let Some(hash) = super::super::files::digest(&algorithm, &bytes) else {
            let message = format!(
                "Cannot validate argument on parameter 'Algorithm'. The argument \"{algorithm}\" does not belong to the set \"SHA1,SHA256,SHA384,SHA512,MD5\" specified by the ValidateSet attribute."
            );
            return c.problem("ParameterArgumentValidationError", "InvalidData", message).err();
        };
        let hash: String = hash.iter().map(|byte| format!("{byte:02X}")).collect();
        c.push(
            cx,
            V::Obj(Obj::new(
                "Microsoft.PowerShell.Commands.FileHashInfo",
                [("Algorithm", V::from(algorithm)), ("Hash", V::from(hash)), ("Path", V::from(shown(cx.rt, &target)))],
            )),
        )?;
    }
    Ok(())
}
