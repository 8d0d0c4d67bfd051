//! Methods of `System.IO.FileInfo` and `DirectoryInfo`.
//!
//! Their properties are put together where items are listed; static methods are in `files`.

use std::path::PathBuf;

use super::super::fault::{Res, method_threw};
use super::super::files::resolve;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{List, ListKind, Obj, V, same_name};

/// The types.
pub(super) const FILE: &str = "System.IO.FileInfo";
pub(super) const FOLDER: &str = "System.IO.DirectoryInfo";

/// `[IO.FileInfo]::new(path)`: also of what is not there.
#[must_use]
pub(super) fn make(full: &str, path: &str) -> V {
    let whole = path.trim_end_matches('/');
    let (folder, name) = whole.rsplit_once('/').unwrap_or(("", whole));
    let (stem, extension) = name.rfind('.').map_or((name, ""), |at| name.split_at(at));
    let object = Obj::new(
        full,
        [
            ("Name", V::from(name)),
            ("FullName", V::from(path)),
            ("Extension", V::from(extension)),
            ("BaseName", V::from(stem)),
            ("DirectoryName", V::from(folder)),
        ],
    );
    V::Obj(object.with_text(path))
}

/// `[IO.FileInfo]::new(path)` of what is there, with all that is known of it.
#[must_use]
pub(super) fn existing(cx: Cx<'_>, full: &str, args: &[V]) -> Option<V> {
    let path = args.first().filter(|_| matches!(full, FILE | FOLDER)).map(interpolated)?;
    let target = resolve(cx, &path);
    let fits = if full == FILE { target.is_file() } else { target.is_dir() };
    fits.then(|| super::super::builtin::item(cx, &target))
}

/// Methods of files and folders.
///
/// # Errors
/// When the file system refuses.
pub(super) fn methods(cx: Cx<'_>, own: &Obj, name: &str, args: &[V]) -> Res<Option<V>> {
    let path = resolve(cx, &own.note("FullName").map(|path| to_string(&path)).unwrap_or_default());
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    let refused = |method: &str, path: &std::path::Path| {
        let message = format!("Could not find a part of the path '{}'.", super::super::files::shown(cx.rt, path));
        method_threw(method, args.len(), "System.IO.IOException", &message).fault()
    };
    Ok(Some(match name {
        "refresh" => V::Nothing,
        "delete" if path.is_dir() => {
            let all = matches!(args.first(), Some(V::Bool(true)));
            let done = if all { std::fs::remove_dir_all(&path) } else { std::fs::remove_dir(&path) };
            done.map_err(|_| refused("Delete", &path))?;
            V::Nothing
        }
        "delete" => {
            let _ = std::fs::remove_file(&path); // what is not there need not go
            V::Nothing
        }
        "create" if own.is(FOLDER) => {
            std::fs::create_dir_all(&path).map_err(|_| refused("Create", &path))?;
            V::Nothing
        }
        "createsubdirectory" => {
            let target = path.join(text(0));
            std::fs::create_dir_all(&target).map_err(|_| refused("CreateSubdirectory", &target))?;
            super::super::builtin::item(cx, &target)
        }
        "copyto" | "moveto" => {
            let target = resolve(cx, &text(0));
            let done = match name {
                "copyto" => std::fs::copy(&path, &target).map(drop),
                _ => std::fs::rename(&path, &target),
            };
            done.map_err(|_| refused(if name == "copyto" { "CopyTo" } else { "MoveTo" }, &target))?;
            if name == "copyto" { super::super::builtin::item(cx, &target) } else { V::Nothing }
        }
        "opentext" | "createtext" | "appendtext" => {
            let kind = if name == "opentext" { super::stream::READER } else { super::stream::WRITER };
            let append = V::Bool(name == "appendtext");
            super::make::new_object(kind, vec![own.note("FullName").unwrap_or_default(), append])?
        }
        "getfiles" | "enumeratefiles" => listed(cx, path, args, true, false),
        "getdirectories" | "enumeratedirectories" => listed(cx, path, args, false, true),
        "getfilesysteminfos" | "enumeratefilesysteminfos" => listed(cx, path, args, true, true),
        _ => return Ok(None),
    }))
}

/// Sets a time or the write protection of a file; whether it is such a property of one.
///
/// # Errors
/// When the file system refuses.
pub(in crate::script::ps) fn set(cx: Cx<'_>, own: &Obj, name: &str, to: &V) -> Res<bool> {
    const TIMES: [&str; 6] =
        ["LastWriteTime", "LastWriteTimeUtc", "LastAccessTime", "LastAccessTimeUtc", "CreationTime", "CreationTimeUtc"];
    if !own.is(FILE) && !own.is(FOLDER) {
        return Ok(false);
    }
    let path = resolve(cx, &own.note("FullName").map(|path| to_string(&path)).unwrap_or_default());
    let refused = || {
        let message = format!("Access to the path '{}' is denied.", super::super::files::shown(cx.rt, &path));
        super::super::fault::Problem::new("SetValueInvocationException", "NotSpecified", message).fault()
    };
    if same_name(name, "IsReadOnly") {
        let mut permissions = std::fs::metadata(&path).map_err(|_| refused())?.permissions();
        permissions.set_readonly(super::super::compare::truthy(to));
        std::fs::set_permissions(&path, permissions).map_err(|_| refused())?;
    } else if let Some(known) = TIMES.iter().find(|known| same_name(name, known)) {
        let V::Date(date) = super::super::cast::cast("datetime", to)? else { return Ok(false) };
        let utc = super::super::dates::to_utc(date);
        let since = utc.ticks - super::super::dates::UNIX_EPOCH_TICKS;
        let span = std::time::Duration::from_micros(since.unsigned_abs() / 10);
        let at = if since < 0 { std::time::UNIX_EPOCH - span } else { std::time::UNIX_EPOCH + span };
        if known.starts_with("LastWrite") {
            let file = std::fs::File::open(&path).map_err(|_| refused())?;
            file.set_modified(at).map_err(|_| refused())?;
        }
    } else {
        return Ok(false);
    }
    if let V::Obj(fresh) = super::super::builtin::item(cx, &path) {
        for prop in fresh.props() {
            own.set(&prop.name, fresh.note(&prop.name).unwrap_or_default());
        }
    }
    Ok(true)
}

/// What a folder has: by a pattern, deep if it is asked for.
fn listed(cx: Cx<'_>, folder: PathBuf, args: &[V], files: bool, folders: bool) -> V {
    let pattern = args.first().map_or_else(|| "*".to_owned(), interpolated);
    let deep = args.get(1).is_some_and(|option| interpolated(option).to_lowercase().starts_with("all"));
    let mut found = Vec::new();
    let mut waiting = vec![folder];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let name = entry.file_name().to_string_lossy().into_owned();
            if (if is_folder { folders } else { files }) && super::super::compare::like(&name, &pattern, false) {
                found.push(entry.path());
            }
            if deep && is_folder {
                waiting.push(entry.path());
            }
        }
    }
    found.sort();
    let items = found.iter().map(|path| super::super::builtin::item(cx, path)).collect();
    V::List(List::of(ListKind::Array(if folders { FOLDER } else { FILE }.into()), items))
}
