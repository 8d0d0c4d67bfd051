//! Files and paths: reading, writing whole or not at all, listing, copying, the parts of a path.
//!
//! Not here: what is in the files (`csv`, `json`), encodings.

use std::borrow::Borrow;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rhai::{Array, Blob, Dynamic, INT, Module};

use super::super::failure::Failure;
use super::super::state::{RhaiError, RhaiResult};
use super::super::value::{ordered, text_of};
use super::encoding::Encoding;
use super::{dates, described};
use crate::catalog::matches_wildcard;

const WRITE_TEXT: &str = "Writes a text file in UTF-8; it appears whole or not at all.\n\
    # Example\n\
    ```rhai\n\
    write_text(\"note.txt\", \"two\\nlines\\n\");\n\
    print(read_lines(\"note.txt\"));\n\
    ```\n\
    ```text\n\
    [\"two\", \"lines\"]\n\
    ```";
const READ_TEXT: &str = "The text of a file; its byte order mark tells the encoding, else it is UTF-8 or Windows-1252.\n\
    # Example\n\
    ```rhai\n\
    write_text(\"note.txt\", \"hello\");\n\
    print(read_text(\"note.txt\"));\n\
    ```\n\
    ```text\n\
    hello\n\
    ```";
const LIST: &str = "The files and folders of a folder whose name fits a pattern, as records with `Name`, `Path`, `Folder`,\n\
    `Length` (bytes) and `Modified`, in the order of their names.\n\
    # Example\n\
    ```rhai\n\
    make_folder(\"reports\");\n\
    write_text(\"reports/a.csv\", \"x\");\n\
    write_text(\"reports/b.txt\", \"y\");\n\
    for file in list_files(\"reports\", \"*.csv\") { print(`${file.Name} ${file.Length}`); }\n\
    ```\n\
    ```text\n\
    a.csv 1\n\
    ```";
const PATHS: &str = "The parts of a path, and paths put together.\n\
    # Example\n\
    ```rhai\n\
    let path = join_path(\"reports\", \"sizes.csv\");\n\
    print(`${file_name(path)} ${file_stem(path)} ${file_extension(path)} ${parent_folder(path)}`);\n\
    ```\n\
    ```text\n\
    sizes.csv sizes csv reports\n\
    ```";
const COPY: &str = "Copies, moves and deletes files; what is not there is an error, except for `delete_file`, which says whether it was.\n\
    # Example\n\
    ```rhai\n\
    write_text(\"a.txt\", \"x\");\n\
    copy_file(\"a.txt\", \"b.txt\");\n\
    move_file(\"b.txt\", \"c.txt\");\n\
    print(`${file_exists(\"b.txt\")} ${file_exists(\"c.txt\")} ${delete_file(\"c.txt\")} ${delete_file(\"c.txt\")}`);\n\
    ```\n\
    ```text\n\
    false true true false\n\
    ```";

/// Writes a file through a neighbour that takes its place at the end, so that nobody ever sees half of it.
///
/// # Errors
/// What writing gave; then the file is as it was.
pub(in crate::script) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays one: what it points to is written.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it has no file name"))?;
    let mut beside = name.to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = (|| {
        let file = fs::File::create(&beside)?;
        // Who might not read it before may not read it now.
        if let Ok(known) = fs::metadata(path)
            && known.is_file()
        {
            file.set_permissions(known.permissions())?;
        }
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&beside); // the first failure is the one to tell
    }
    written
}

/// The error of a file that cannot be written.
pub(in crate::script) fn unwritable(path: &str, error: &io::Error) -> RhaiError {
    failed("write", path)(error)
}

/// The error of a file with which something cannot be done.
pub(super) fn failed<E: Borrow<io::Error>>(what: &str, path: &str) -> impl Fn(E) -> RhaiError {
    let text =
        if path.is_empty() { format!("cannot {what} a file without a name") } else { format!("cannot {what} {path}") };
    move |error| Failure::script(format!("{text}: {}", error.borrow())).into()
}

/// Copies a file; the copy appears whole or not at all, and a file is no copy of itself.
fn copy(from: &str, to: &str) -> RhaiResult<()> {
    let not_copied = |error: io::Error| failed("copy", &format!("{from} to {to}"))(error);
    let same = |path: &str| fs::canonicalize(path).ok();
    if same(from).is_some() && same(from) == same(to) {
        return Err(Failure::script(format!("cannot copy {from} to {to}: they are one file")).into());
    }
    let mut source = fs::File::open(from).map_err(not_copied)?;
    let about = source.metadata().map_err(not_copied)?;
    if about.is_dir() {
        return Err(not_copied(io::ErrorKind::IsADirectory.into()));
    }
    replace(Path::new(to), |mut out| io::copy(&mut source, &mut out).map(drop)).map_err(not_copied)?;
    fs::set_permissions(to, about.permissions()).map_err(not_copied)
}

/// Gives a file another place, on another disk as well.
fn moved(from: &str, to: &str) -> RhaiResult<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices && Path::new(from).is_file() => {
            copy(from, to)?;
            fs::remove_file(from).map_err(failed("delete", from))
        }
        done => done.map_err(failed("move", &format!("{from} to {to}"))),
    }
}

/// Registers the functions.
pub(super) fn register(module: &mut Module) {
    reading(module);
    writing(module);
    moving(module);
    paths(module);
}

fn reading(module: &mut Module) {
    described("read_text", &["path: &str", "string"], READ_TEXT)
        .set_into_module(module, |path: &str| text_in(path, None));
    described("read_text", &["path: &str", "encoding: &str", "string"], READ_TEXT)
        .set_into_module(module, |path: &str, encoding: &str| text_in(path, Some(Encoding::named(encoding)?)));
    described(
        "read_lines",
        &["path: &str", "array"],
        "The lines of a text file, without their ends; see `write_text`.",
    )
    .set_into_module(module, |path: &str| -> RhaiResult<Array> {
        Ok(text_in(path, None)?.lines().map(|line| Dynamic::from(line.to_owned())).collect())
    });
    described("read_bytes", &["path: &str", "blob"], "The bytes of a file.")
        .set_into_module(module, |path: &str| fs::read(path).map_err(failed("read", path)));
    for (name, test) in [("file_exists", Path::is_file as fn(&Path) -> bool), ("folder_exists", Path::is_dir)] {
        described(name, &["path: &str", "bool"], COPY).set_into_module(module, move |path: &str| test(Path::new(path)));
    }
    described("list_files", &["folder: &str", "array"], LIST).set_into_module(module, |folder: &str| list(folder, "*"));
    described("list_files", &["folder: &str", "pattern: &str", "array"], LIST).set_into_module(module, list);
}

fn text_in(path: &str, encoding: Option<Encoding>) -> RhaiResult<String> {
    let bytes = fs::read(path).map_err(failed("read", path))?;
    Ok(Encoding::read(encoding, &bytes))
}

fn list(folder: &str, pattern: &str) -> RhaiResult<Array> {
    let entries = fs::read_dir(folder).map_err(failed("list", folder))?;
    let mut found: Vec<(String, Dynamic)> = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed("list", folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !matches_wildcard(pattern, &name) {
            continue;
        }
        let about = entry.metadata().map_err(failed("look at", &name))?;
        let modified = about.modified().ok().and_then(dates::of_system);
        let record = ordered([
            ("Name", name.clone().into()),
            ("Path", entry.path().display().to_string().into()),
            ("Folder", about.is_dir().into()),
            ("Length", INT::try_from(about.len()).unwrap_or(INT::MAX).into()),
            ("Modified", modified.map_or(Dynamic::UNIT, Dynamic::from)),
        ]);
        found.push((name, record));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found.into_iter().map(|(_, record)| record).collect())
}

fn writing(module: &mut Module) {
    described("write_text", &["path: &str", "text: ?", "()"], WRITE_TEXT).set_into_module(
        module,
        |path: &str, text: Dynamic| -> RhaiResult<()> {
            replace(Path::new(path), |out| out.write_all(text_of(&text).as_bytes()))
                .map_err(|error| unwritable(path, &error))
        },
    );
    described(
        "write_bytes",
        &["path: &str", "bytes: blob", "()"],
        "Writes bytes as a file; it appears whole or not at all.",
    )
    .set_into_module(module, |path: &str, bytes: Blob| -> RhaiResult<()> {
        replace(Path::new(path), |out| out.write_all(&bytes)).map_err(|error| unwritable(path, &error))
    });
    described(
        "append_text",
        &["path: &str", "text: ?", "()"],
        "Adds text at the end of a file, which is made if there is none.",
    )
    .set_into_module(module, |path: &str, text: Dynamic| -> RhaiResult<()> {
        let file = fs::OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|mut file| file.write_all(text_of(&text).as_bytes())).map_err(|error| unwritable(path, &error))
    });
}

fn moving(module: &mut Module) {
    described("make_folder", &["path: &str", "()"], "Makes a folder and those above it; one that is there is fine.")
        .set_into_module(module, |path: &str| match path {
            "" => Err(Failure::script("cannot make a folder without a name").into()),
            path => fs::create_dir_all(path).map_err(failed("make", path)),
        });
    described("copy_file", &["from: &str", "to: &str", "()"], COPY).set_into_module(module, copy);
    described("move_file", &["from: &str", "to: &str", "()"], COPY).set_into_module(module, moved);
    described("delete_file", &["path: &str", "bool"], COPY).set_into_module(module, |path: &str| -> RhaiResult<bool> {
        match fs::remove_file(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("delete", path)(error)),
        }
    });
}

fn paths(module: &mut Module) {
    let text = |path: PathBuf| path.display().to_string();
    described("join_path", &["folder: &str", "name: &str", "string"], PATHS)
        .set_into_module(module, move |folder: &str, name: &str| text(Path::new(folder).join(name)));
    type Part = fn(&Path) -> Option<&std::ffi::OsStr>;
    let parts: [(&str, Part); 4] = [
        ("file_name", Path::file_name),
        ("file_stem", Path::file_stem),
        ("file_extension", Path::extension),
        ("parent_folder", |path| path.parent().map(Path::as_os_str)),
    ];
    for (name, part) in parts {
        described(name, &["path: &str", "string"], PATHS).set_into_module(module, move |path: &str| {
            part(Path::new(path)).map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
        });
    }
    described("absolute_path", &["path: &str", "string"], "The path from the root of the file system.")
        .set_into_module(module, move |path: &str| std::path::absolute(path).map(text).map_err(failed("find", path)));
    described("current_folder", &["string"], "The folder in which exsh was started.")
        .set_into_module(module, move || {
            std::env::current_dir().map(text).map_err(failed("find", "the current folder"))
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_whose_writing_fails_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.csv");
        replace(&path, |out| out.write_all(b"old")).unwrap();
        let failed = replace(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("the server went away"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
