//! `Compress-Archive` and `Expand-Archive`.
//!
//! Entries keep their place below the folder that is packed; nothing is unpacked outside the destination.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::super::fault::Res;
use super::super::files::{resolve, shown};
use super::super::state::Cx;
use super::super::value::V;
use super::files::{expanded, item, missing, paths};
use super::{Builtin, Ctx, Memory, all, each};

pub(super) const COMMANDS: &[Builtin] = &[all("Compress-Archive", compress), each("Expand-Archive", expand)];

/// Files below a path with their names in the archive.
fn collect(path: &Path, name: &str, found: &mut Vec<(PathBuf, String)>) {
    if path.is_file() {
        found.push((path.to_owned(), name.to_owned()));
        return;
    }
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            continue; // it may lead elsewhere
        }
        collect(&entry.path(), &format!("{name}/{}", entry.file_name().to_string_lossy()), found);
    }
}

/// What an archive has already.
fn existing(target: &Path) -> Vec<(String, Vec<u8>)> {
    let Some(mut archive) = File::open(target).ok().and_then(|file| ZipArchive::new(file).ok()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for at in 0..archive.len() {
        let Ok(mut entry) = archive.by_index(at) else { continue };
        let Ok(name) = entry.name().map(|name| name.into_owned()) else { continue };
        let mut bytes = Vec::new();
        if entry.is_file() && entry.read_to_end(&mut bytes).is_ok() {
            found.push((name, bytes));
        }
    }
    found
}

fn pack(target: &Path, entries: &[(String, Vec<u8>)]) -> std::io::Result<()> {
    let mut writer = ZipWriter::new(File::create(target)?);
    for (name, bytes) in entries {
        writer.start_file(name.as_str(), SimpleFileOptions::default())?;
        writer.write_all(bytes)?;
    }
    writer.finish()?;
    Ok(())
}

fn compress(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let mut destination = c.bound.text("DestinationPath").unwrap_or_default();
    if !destination.to_lowercase().ends_with(".zip") {
        destination.push_str(".zip");
    }
    let target = resolve(cx, &destination);
    let update = c.bound.flag("Update");
    if target.exists() && !update && !c.bound.flag("Force") {
        let message = format!(
            "The archive file {} already exists. Use the -Update parameter to update the existing archive file or use the -Force parameter to overwrite the existing archive file.",
            shown(cx.rt, &target)
        );
        return c.problem("ArchiveFileExists", "InvalidArgument", message).exception("System.IO.IOException").err();
    }
    let mut files = Vec::new();
    let given = if input.is_empty() { paths(c, None) } else { input.iter().map(super::files::item_path).collect() };
    for path in given.iter().flat_map(|path| expanded(cx, path)) {
        let source = resolve(cx, &path);
        if !source.exists() {
            return Err(missing(cx, c, &path).fault());
        }
        let name = source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        collect(&source, &name, &mut files);
    }
    if c.only_shown(cx, "Compress-Archive", &shown(cx.rt, &target)) {
        return Ok(());
    }
    let mut entries = if update { existing(&target) } else { Vec::new() };
    for (path, name) in files {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        entries.retain(|(known, _)| *known != name);
        entries.push((name, bytes));
    }
    if pack(&target, &entries).is_err() {
        let message = format!("Could not find a part of the path '{}'.", shown(cx.rt, &target));
        return c
            .problem("CompressArchiveError", "WriteError", message)
            .exception("System.IO.DirectoryNotFoundException")
            .err();
    }
    if c.bound.flag("PassThru") { c.push(cx, item(cx, &target)) } else { Ok(()) }
}

fn expand(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for path in paths(c, input) {
        let source = resolve(cx, &path);
        if !source.exists() {
            return Err(missing(cx, c, &path).fault());
        }
        let stem = source.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = resolve(cx, &c.bound.text("DestinationPath").unwrap_or(stem));
        if c.only_shown(cx, "Expand-Archive", &shown(cx.rt, &source)) {
            continue;
        }
        for (name, bytes) in existing(&source) {
            let safe = Path::new(&name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
            let target = folder.join(&name);
            if !safe || target.exists() && !c.bound.flag("Force") {
                let message =
                    format!("Failed to create file '{}' while expanding the archive file.", shown(cx.rt, &target));
                c.out.error(
                    cx,
                    c.problem("ExpandArchiveFileExists", "InvalidOperation", message)
                        .exception("System.IO.IOException"),
                )?;
                continue;
            }
            let made =
                target.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&target, bytes));
            if made.is_ok() && c.bound.flag("PassThru") {
                c.push(cx, item(cx, &target))?;
            }
        }
    }
    Ok(())
}
