//! Files and folders: content, items, paths, `Out-File`.
//!
//! Where a path leads is decided by `files` of the runtime.

use std::path::Path;
use std::sync::Mutex;

use super::super::fault::{Problem, Res};
use super::super::files::{decoded, encoded, resolve, shown, split_lines};
use super::super::state::Cx;
use super::super::text::{host_text, interpolated, to_string};
use super::super::value::{Obj, V};
use super::{Builtin, Ctx, Memory, all, each};
use crate::clixml::{DateTimeKind, PsDateTime};

pub(super) const COMMANDS: &[Builtin] = &[
    each("Get-Content", get_content),
    all("Set-Content", |cx, c, input| put_content(cx, c, input, false)),
    all("Add-Content", |cx, c, input| put_content(cx, c, input, true)),
    each("Clear-Content", clear_content),
    all("Out-File", out_file),
    each("Get-ChildItem", children),
    each("Get-FileHash", file_hash),
    each("Get-PSDrive", |_, _, _, _| Ok(())),
    each("Unblock-File", |_, _, _, _| Ok(())),
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

pub(super) fn paths(c: &Ctx<'_>, input: Option<V>) -> Vec<String> {
    match input {
        Some(value) => vec![item_path(&value)],
        None => c.bound.list("Path").iter().chain(&c.bound.list("LiteralPath")).map(item_path).collect(),
    }
}

pub(super) fn missing(cx: Cx<'_>, c: &Ctx<'_>, path: &str) -> Problem {
    // what is taken by the letter is named as it was written
    let by_letter = c.id.ends_with("GetContentCommand") && c.bound.has("LiteralPath");
    let named = if by_letter { path.to_owned() } else { shown(cx.rt, &resolve(cx, path)).to_string() };
    c.problem("PathNotFound", "ObjectNotFound", format!("Cannot find path '{named}' because it does not exist."))
        .exception("System.Management.Automation.ItemNotFoundException")
        .target(V::from(named.as_str()))
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
    if c.bound.has("TotalCount") && c.bound.has("Tail") {
        let message = "The parameters TotalCount and Tail cannot be used together. Please specify only one parameter.";
        let problem = c.problem("TailAndHeadCannotCoexist", "InvalidOperation", message);
        return c.out.error(cx, problem.exception("System.InvalidOperationException"));
    }
    for path in paths(c, input) {
        if let Some(content) = super::items::Place::of(&path).and_then(|place| place.content(cx)) {
            content.unrolled().into_iter().try_for_each(|item| c.push(cx, item))?;
            continue;
        }
        let found = if c.bound.has("LiteralPath") { vec![path] } else { expanded(cx, &path) };
        for path in found {
            let target = resolve(cx, &path);
            if target.is_dir() {
                let place = shown(cx.rt, &target);
                let message = format!(
                    "Unable to get content because it is a directory: '{place}'. Please use 'Get-ChildItem' instead."
                );
                let problem = c.problem("GetContainerContentException", "InvalidOperation", message);
                c.out.error(cx, problem.exception("System.InvalidOperationException"))?;
                continue;
            }
            let Ok(bytes) = std::fs::read(target) else {
                c.out.error(cx, missing(cx, c, &path))?;
                continue;
            };
            if c.bound.flag("AsByteStream") {
                let bytes = super::super::dotnet::statics::byte_array(&bytes);
                if c.bound.flag("Raw") {
                    c.push(cx, bytes)?;
                } else {
                    counted(c, bytes.unrolled()).into_iter().try_for_each(|byte| c.push(cx, byte))?;
                }
                continue;
            }
            let text = match c.bound.text("Encoding").as_deref().map(str::to_lowercase).as_deref() {
                Some("latin1" | "ansi") => super::super::dotnet::encoding::decoded("iso-8859-1", &bytes),
                Some("ascii") => {
                    bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '\u{fffd}' }).collect()
                }
                _ => decoded(&bytes),
            };
            if c.bound.flag("Raw") {
                if !text.is_empty() {
                    c.push(cx, V::from(text))?;
                }
                continue;
            }
            let delimiter = c.bound.text("Delimiter").filter(|text| !text.is_empty());
            let lines: Vec<String> = match delimiter {
                Some(delimiter) => {
                    let ended = text.strip_suffix(delimiter.as_str()).unwrap_or(&text);
                    ended.split(delimiter.as_str()).map(str::to_owned).collect()
                }
                None => split_lines(&text).into_iter().map(|line| line.to_owned()).collect(),
            };
            give_lines(cx, c, counted(c, lines))?;
        }
    }
    Ok(())
}

/// The first or the last of what is read, if so many are asked for.
fn counted<T>(c: &Ctx<'_>, mut found: Vec<T>) -> Vec<T> {
    let number = |name: &str| c.bound.integer(name).and_then(|n| usize::try_from(n).ok());
    if let Some(count) = number("TotalCount") {
        found.truncate(count);
    }
    match number("Tail") {
        Some(count) => found.split_off(found.len().saturating_sub(count)),
        None => found,
    }
}

/// Lines one by one, or as many at a time as `-ReadCount` says.
fn give_lines(cx: Cx<'_>, c: &Ctx<'_>, lines: Vec<String>) -> Res<()> {
    let at_once = match c.bound.integer("ReadCount").and_then(|count| usize::try_from(count).ok()) {
        Some(0) => lines.len().max(1),
        Some(count) => count,
        None => 1,
    };
    if at_once == 1 {
        return lines.into_iter().try_for_each(|line| c.push(cx, V::from(line)));
    }
    let group = |lines: &[String]| V::array(lines.iter().map(|line| V::from(line.as_str())).collect());
    lines.chunks(at_once).try_for_each(|lines| c.push(cx, group(lines)))
}

fn put_content(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>, append: bool) -> Res<()> {
    let values: Vec<V> = if c.piped && !c.bound.has("Value") { input } else { c.bound.list("Value") };
    if c.bound.flag("PassThru") {
        values.iter().flat_map(|value| value.clone().unrolled()).try_for_each(|value| c.push(cx, value))?;
    }
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
        let target = resolve(cx, &path);
        let operation = if append { "Add Content" } else { "Set Content" };
        if c.only_shown(cx, operation, &format!("Path: {}", shown(cx.rt, &target))) {
            continue;
        }
        if super::super::files::write(cx, &path, &bytes, append).is_err() {
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
        if c.only_shown(cx, "Clear Content", &format!("Item: {}", shown(cx.rt, &resolve(cx, &path)))) {
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
    if c.only_shown(cx, "Output to File", &path) {
        return Ok(());
    }
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

/// A file or folder as an object.
pub(in crate::script::ps) fn item(cx: Cx<'_>, target: &Path) -> V {
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
    let time = V::Date(super::super::dates::to_local(PsDateTime { ticks, kind: DateTimeKind::Utc }));
    let (stem, extension) = match name.rfind('.') {
        Some(at) => (name[..at].to_owned(), name[at..].to_owned()),
        None => (name.clone(), String::new()),
    };
    let is_folder = target.is_dir();
    let utc = V::Date(PsDateTime { ticks, kind: DateTimeKind::Utc });
    let attributes = if is_folder { "Directory" } else { "Normal" };
    let part = |format| super::super::text::formatted(&time, format, &crate::render::text::Culture::EN_US);
    let stamp = format!("{:>10} {:>8}", part("d"), part("t"));
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
            ("LastWriteTimeUtc", utc.clone()),
            ("CreationTimeUtc", utc.clone()),
            ("LastAccessTimeUtc", utc),
            ("Attributes", super::super::enums::by_name("System.IO.FileAttributes", attributes).unwrap_or_default()),
            ("Mode", V::from(if is_folder { "d----" } else { "-----" })),
            ("LinkType", V::Null),
            ("PSIsContainer", V::Bool(is_folder)),
            ("PSPath", V::from(format!("Microsoft.PowerShell.Core\\FileSystem::{full}"))),
            ("PSParentPath", V::from(format!("Microsoft.PowerShell.Core\\FileSystem::{folder}"))),
            ("PSChildName", V::from(name.as_str())),
            ("__computedFolder", V::from(folder.as_str())),
            ("__computedTime", V::from(stamp)),
        ],
    );
    if is_folder {
        let leaf = folder.rsplit('/').next().unwrap_or_default().to_owned();
        let parent = [("Name", V::from(leaf)), ("FullName", V::from(folder.as_str())), ("Exists", V::Bool(true))];
        object.set("Parent", V::Obj(Obj::new("System.IO.DirectoryInfo", parent).with_text(&folder)));
    } else {
        object.set("IsReadOnly", V::Bool(meta.as_ref().is_ok_and(|meta| meta.permissions().readonly())));
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

fn children(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let mut given = paths(c, input);
    if given.is_empty() {
        given.push(".".to_owned());
    }
    for path in given {
        if let Some(found) = super::items::entries(cx, &path) {
            found.into_iter().try_for_each(|entry| c.push(cx, entry))?;
            continue;
        }
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
        let start = target.clone();
        let mut found = Vec::new();
        if target.is_file() {
            found.push(target);
        } else {
            let depth = c.bound.integer("Depth").and_then(|depth| usize::try_from(depth).ok());
            let levels = depth.map_or(if c.bound.flag("Recurse") { usize::MAX } else { 0 }, |depth| depth);
            // Patterns are matched folder by folder; everything else is listed level by level.
            let deep = c.bound.has("Include") || c.bound.has("Exclude") || pattern.is_some();
            walk(&target, levels, deep, &mut found);
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
                let below = target.strip_prefix(&start).ok().filter(|below| !below.as_os_str().is_empty());
                let shown = below.map_or(name, |below| below.to_string_lossy().into_owned());
                c.push(cx, if c.bound.flag("Name") { V::from(shown) } else { item(cx, &target) })?;
            }
        }
    }
    Ok(())
}

fn walk(folder: &Path, levels: usize, deep: bool, found: &mut Vec<std::path::PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort_by_key(|path| (!path.is_dir(), path.to_string_lossy().to_lowercase()));
    if !deep {
        found.extend(entries.iter().cloned());
    }
    for path in entries {
        if deep {
            found.push(path.clone());
        }
        if levels > 0 && path.is_dir() {
            walk(&path, levels - 1, deep, found);
        }
    }
}

fn hashed(cx: Cx<'_>, c: &Ctx<'_>, bytes: &[u8], path: V) -> Res<()> {
    let algorithm = c.bound.text("Algorithm").unwrap_or_else(|| "SHA256".to_owned()).to_uppercase();
    let Some(hash) = super::super::files::digest(&algorithm, bytes) else {
        let message = format!(
            "Cannot validate argument on parameter 'Algorithm'. The argument \"{algorithm}\" does not belong to the set \"SHA1,SHA256,SHA384,SHA512,MD5\" specified by the ValidateSet attribute."
        );
        return c.problem("ParameterArgumentValidationError", "InvalidData", message).err();
    };
    let hash: String = hash.iter().map(|byte| format!("{byte:02X}")).collect();
    let found = [("Algorithm", V::from(algorithm)), ("Hash", V::from(hash)), ("Path", path)];
    c.push(cx, V::Obj(Obj::new("Microsoft.PowerShell.Commands.FileHashInfo", found)))
}

fn file_hash(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    if let Some(stream) = c.bound.get("InputStream") {
        let bytes = super::super::dotnet::bytes_of(stream);
        return hashed(cx, c, &bytes, V::Null);
    }
    for path in paths(c, input) {
        let target = resolve(cx, &path);
        let Ok(bytes) = std::fs::read(&target) else {
            c.out.error(cx, missing(cx, c, &path))?;
            continue;
        };
        hashed(cx, c, &bytes, V::from(shown(cx.rt, &target)))?;
    }
    Ok(())
}
