//! Files as a script sees them: paths within the sandbox, reading, writing, .NET's file functions.
//!
//! The file cmdlets are in `builtin::files`.

use std::path::{Path, PathBuf};

use sha2::Digest as _;

use super::fault::{Problem, Res, method_threw};
use super::paths::locate;
use super::state::{Cx, Rt};
use super::text::interpolated;
use super::value::{List, ListKind, V, lock};

/// A path of the script on this machine's file system.
#[must_use]
pub(super) fn resolve(cx: Cx<'_>, path: &str) -> PathBuf {
    locate(cx.rt, path)
}

/// A path as messages show it.
#[must_use]
pub(super) fn shown(rt: &Rt, path: &Path) -> String {
    let _ = rt;
    path.display().to_string()
}

/// The current folder.
#[must_use]
pub(super) fn shown_folder(rt: &Rt) -> String {
    lock(&rt.folder).display().to_string()
}

/// Writes a file.
///
/// # Errors
/// When it cannot be written.
#[expect(clippy::result_large_err, reason = "seldom, and turned into a record at once")]
pub(super) fn write(cx: Cx<'_>, path: &str, bytes: &[u8], append: bool) -> Result<(), Problem> {
    use std::io::Write as _;
    let target = resolve(cx, path);
    let result = std::fs::OpenOptions::new()
        .create(true)
        .append(append)
        .write(true)
        .truncate(!append)
        .open(&target)
        .and_then(|mut file| file.write_all(bytes));
    result.map_err(|_| not_writable(cx, path))
}

fn not_writable(cx: Cx<'_>, path: &str) -> Problem {
    let target = resolve(cx, path);
    Problem::new(
        "FileOpenFailure",
        "OpenError",
        format!("Could not find a part of the path '{}'.", shown(cx.rt, &target)),
    )
    .exception("System.IO.DirectoryNotFoundException")
}

/// Adds a line to a file, for redirections.
pub(super) fn append_line(rt: &Rt, path: &str, text: &str) {
    use std::io::Write as _;
    let target = locate(rt, path);
    if let Ok(mut file) = std::fs::OpenOptions::new().create(true).append(true).open(target) {
        let _ = writeln!(file, "{text}"); // a redirection that fails loses its text, as it did before
    }
}

/// The lines of a file.
///
/// # Errors
/// When it cannot be read.
pub(super) fn lines(cx: Cx<'_>, path: &str) -> Res<Vec<V>> {
    let target = resolve(cx, path);
    match std::fs::read(&target) {
        Ok(bytes) => Ok(split_lines(&decoded(&bytes)).into_iter().map(V::from).collect()),
        Err(_) => {
            Problem::new("FileReadError", "ReadError", format!("Could not find file '{}'.", shown(cx.rt, &target)))
                .exception("System.IO.FileNotFoundException")
                .err()
        }
    }
}

/// Text of a file: UTF-8, or UTF-16 by its mark.
#[must_use]
pub(super) fn decoded(bytes: &[u8]) -> String {
    encoding_rs::UTF_8.decode(bytes).0.into_owned()
}

/// Text as lines, without the last line end.
#[must_use]
pub(super) fn split_lines(text: &str) -> Vec<String> {
    let mut found: Vec<String> =
        text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line).to_owned()).collect();
    if found.last().is_some_and(String::is_empty) {
        found.pop();
    }
    found
}

/// Text in an encoding by its name.
#[must_use]
pub(super) fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding.to_lowercase().as_str() {
        "unicode" | "utf16" => [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        "bigendianunicode" => [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        "utf32" => {
            [0xff, 0xfe, 0, 0].into_iter().chain(text.chars().flat_map(|c| u32::from(c).to_le_bytes())).collect()
        }
        "utf8bom" => [0xef, 0xbb, 0xbf].into_iter().chain(text.bytes()).collect(),
        "ascii" => text.chars().map(|c| if c.is_ascii() { c as u8 } else { b'?' }).collect(),
        "latin1" | "ansi" => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        _ => text.as_bytes().to_vec(),
    }
}

/// SHA-256.
#[must_use]
pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    sha2::Sha256::digest(bytes).to_vec()
}

/// The digest of an algorithm by its name; `None` when there is none of that name.
#[must_use]
pub(super) fn digest(algorithm: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let name = algorithm.to_uppercase().replace('-', "");
    Some(match name.trim_end_matches("CRYPTOSERVICEPROVIDER").trim_end_matches("MANAGED") {
        "SHA256" => sha256(bytes),
        "SHA384" => sha2::Sha384::digest(bytes).to_vec(),
        "SHA512" => sha2::Sha512::digest(bytes).to_vec(),
        "SHA1" => sha1::Sha1::digest(bytes).to_vec(),
        "MD5" => md5::Md5::digest(bytes).to_vec(),
        _ => return None,
    })
}

/// `[System.IO.File]`, `[System.IO.Path]`, `[System.IO.Directory]`.
///
/// # Errors
/// What the method throws.
pub(super) fn dotnet(cx: Cx<'_>, full: &str, name: &str, args: &[V]) -> Res<Option<V>> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    if full == "System.IO.Path" && name == "getfullpath" {
        let given = text(0);
        let whole = if given.starts_with('/') { given } else { format!("{}/{given}", shown_folder(cx.rt)) };
        return Ok(Some(V::from(super::paths::clean(Path::new(&whole)).display().to_string())));
    }
    if full == "System.IO.Path" && name == "exists" {
        return Ok(Some(V::Bool(resolve(cx, &text(0)).exists())));
    }
    if full == "System.IO.Path" {
        return Ok(path_function(name, args));
    }
    if full.ends_with("Directory")
        && let Some(found) = folder_function(cx, name, args)
    {
        return Ok(Some(found));
    }
    // .NET on Linux takes a path of Windows for a name.
    let own_name = Some(text(0))
        .filter(|name| name.contains('\\') && !name.contains('/'))
        .map(|name| lock(&cx.rt.folder).join(name));
    let path = own_name.filter(|path| path.is_file()).unwrap_or_else(|| resolve(cx, &text(0)));
    if let Some(found) = reading(cx, full, name, &path, args)? {
        return Ok(Some(found));
    }
    let missing = |method: &str| not_there(cx, &path, method, args.len());
    let unwritable = |method: &str| {
        method_threw(
            method,
            args.len(),
            "System.IO.DirectoryNotFoundException",
            &format!("Could not find a part of the path '{}'.", shown(cx.rt, &path)),
        )
    };
    let contents = || -> String {
        args.get(1).cloned().unwrap_or_default().unrolled().iter().map(interpolated).collect::<Vec<_>>().join("\n")
    };
    Ok(Some(match name {
        "writeallbytes" if !matches!(args.get(1), Some(V::List(_))) => {
            if args.get(1).is_some_and(V::is_null) {
                let message = "Value cannot be null. (Parameter 'bytes')";
                return method_threw("WriteAllBytes", args.len(), "System.ArgumentNullException", message).err();
            }
            return super::dotnet::encoding::no_overload("WriteAllBytes", args.len()).err();
        }
        "writeallbytes" => {
            match std::fs::write(&path, super::text::bytes(&args.get(1).cloned().unwrap_or_default().unrolled())) {
                Ok(()) => V::Nothing,
                Err(_) => return unwritable("WriteAllBytes").err(),
            }
        }
        "writealltext" | "appendalltext" | "writealllines" | "appendalllines" => {
            let mut data = contents();
            if name.ends_with("lines")
                && !(data.is_empty() && args.get(1).is_some_and(|lines| lines.clone().unrolled().is_empty()))
            {
                data.push('\n');
            }
            let append = name.starts_with("append");
            let begins = !append || std::fs::metadata(&path).map_or(true, |meta| meta.len() == 0);
            let data = super::dotnet::encoding::for_file(args.get(2), &data, begins);
            match write(cx, &text(0), &data, append) {
                Ok(()) => V::Nothing,
                Err(_) => return unwritable("WriteAllText").err(),
            }
        }
        "delete" => {
            let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            V::Nothing
        }
        "createdirectory" => {
            if std::fs::create_dir_all(&path).is_err() {
                return unwritable("CreateDirectory").err();
            }
            super::builtin::item(cx, &path)
        }
        "opentext" if !path.is_file() => return missing("OpenText").err(),
        "opentext" => super::dotnet::make::new_object("System.IO.StreamReader", vec![V::from(text(0))])?,
        "createtext" | "appendtext" => {
            let append = V::Bool(name == "appendtext");
            super::dotnet::make::new_object("System.IO.StreamWriter", vec![V::from(text(0)), append])?
        }
        "copy" | "move" => {
            if !path.exists() {
                return missing(if name == "copy" { "Copy" } else { "Move" }).err();
            }
            let to = resolve(cx, &text(1));
            let done = if name == "copy" { std::fs::copy(&path, &to).map(drop) } else { std::fs::rename(&path, &to) };
            if done.is_err() {
                return unwritable(if name == "copy" { "Copy" } else { "Move" }).err();
            }
            V::Nothing
        }
        _ => return Ok(None),
    }))
}

/// A method wants a file that is not there, or whose folder is not.
fn not_there(cx: Cx<'_>, path: &Path, method: &str, count: usize) -> Problem {
    let shown = shown(cx.rt, path);
    if path.parent().is_some_and(|folder| !folder.is_dir()) {
        let message = format!("Could not find a part of the path '{shown}'.");
        return method_threw(method, count, "System.IO.DirectoryNotFoundException", &message);
    }
    method_threw(method, count, "System.IO.FileNotFoundException", &format!("Could not find file '{shown}'."))
}

/// Methods that only look at a file; `None` when it is none of them.
fn reading(cx: Cx<'_>, full: &str, name: &str, path: &Path, args: &[V]) -> Res<Option<V>> {
    let count = args.len();
    let own = |property: &str| super::member::plain_property(&super::builtin::item(cx, path), property);
    let bytes = |method: &str| std::fs::read(path).map_err(|_| not_there(cx, path, method, count).fault());
    Ok(Some(match name {
        "exists" => V::Bool(if full.ends_with("Directory") { path.is_dir() } else { path.is_file() }),
        "readallbytes" => super::dotnet::statics::byte_array(&bytes("ReadAllBytes")?),
        "readalltext" => V::from(super::dotnet::encoding::from_file(args.get(1), &bytes("ReadAllText")?)),
        "readalllines" | "readlines" => {
            let method = if name == "readlines" { "ReadLines" } else { "ReadAllLines" };
            let lines = split_lines(&super::dotnet::encoding::from_file(args.get(1), &bytes(method)?));
            V::List(List::of(ListKind::Array("System.String".into()), lines.into_iter().map(V::from).collect()))
        }
        "getlastwritetime"
        | "getcreationtime"
        | "getlastaccesstime"
        | "getlastwritetimeutc"
        | "getcreationtimeutc"
        | "getlastaccesstimeutc" => own(&name[3..]).unwrap_or_default(),
        "getattributes" if !path.exists() => return not_there(cx, path, "GetAttributes", count).err(),
        "getattributes" => own("Attributes").unwrap_or_default(),
        "setattributes" => V::Nothing,
        "setlastwritetime" | "setlastwritetimeutc" => {
            if let Some(date) = args.get(1).and_then(super::cast::to_date) {
                set_written(path, date).map_err(|_| not_there(cx, path, "SetLastWriteTime", count).fault())?;
            }
            V::Nothing
        }
        "getparent" => path.parent().map_or(V::Null, |parent| super::builtin::item(cx, parent)),
        "getdirectoryroot" => V::from("/"),
        _ => return Ok(None),
    }))
}

/// When a file was last written to.
fn set_written(path: &Path, date: crate::clixml::PsDateTime) -> std::io::Result<()> {
    let ticks = super::dates::to_utc(date).ticks - super::dates::UNIX_EPOCH_TICKS;
    let since = std::time::Duration::from_micros(u64::try_from(ticks / 10).unwrap_or(0));
    std::fs::File::options().write(true).open(path)?.set_modified(std::time::UNIX_EPOCH + since)
}

/// `[IO.Directory]::GetFiles` and its kin; `None` when there is no such method.
fn folder_function(cx: Cx<'_>, name: &str, args: &[V]) -> Option<V> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    let (files, folders) = match name {
        "getfiles" | "enumeratefiles" => (true, false),
        "getdirectories" | "enumeratedirectories" => (false, true),
        "getfilesystementries" | "enumeratefilesystementries" => (true, true),
        "getcurrentdirectory" => return Some(V::from(shown_folder(cx.rt))),
        _ => return None,
    };
    let pattern = if args.len() > 1 { text(1) } else { "*".to_owned() };
    let deep = text(2).to_lowercase().contains("all");
    let mut found = Vec::new();
    let mut waiting = vec![resolve(cx, &text(0))];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            // A link may lead elsewhere: it is an item, never a way on.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if (if is_folder { folders } else { files }) && super::compare::like(&name, &pattern, false) {
                found.push(shown(cx.rt, &path));
            }
            if deep && is_folder {
                waiting.push(path);
            }
        }
    }
    found.sort();
    Some(V::List(List::of(ListKind::Array("System.String".into()), found.into_iter().map(V::from).collect())))
}

/// The way from a folder to a path, both in full.
fn relative(folder: &str, path: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (
        folder.split('/').filter(|part| !part.is_empty()).collect(),
        path.split('/').filter(|part| !part.is_empty()).collect(),
    );
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let way: Vec<&str> = std::iter::repeat_n("..", from.len() - same).chain(to[same..].iter().copied()).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}

fn path_function(name: &str, args: &[V]) -> Option<V> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    let path = text(0);
    let (folder, file) = match path.rfind(['/', '\\']) {
        Some(at) => (path[..at].to_owned(), path[at + 1..].to_owned()),
        None => (String::new(), path.clone()),
    };
    // on Linux, .NET knows only the forward slash
    let (folder, file) = if path.contains('/') { (folder, file) } else { (String::new(), path.clone()) };
    let (stem, extension) = match file.rfind('.') {
        Some(at) => (file[..at].to_owned(), file[at..].to_owned()),
        None => (file.clone(), String::new()),
    };
    Some(match name {
        "getextension" => V::from(extension),
        "getfilename" => V::from(file),
        "getfilenamewithoutextension" => V::from(stem),
        "getdirectoryname" => V::from(folder),
        "changeextension" => {
            let wanted = text(1);
            let dot = if wanted.starts_with('.') || wanted.is_empty() { "" } else { "." };
            let base = &path[..path.len() - extension.len()];
            V::from(format!("{base}{dot}{wanted}"))
        }
        "combine" => {
            let mut out = String::new();
            for arg in args {
                let part = interpolated(arg);
                if part.starts_with('/') || out.is_empty() {
                    out = part;
                } else if out.ends_with('/') {
                    out.push_str(&part);
                } else {
                    out = format!("{out}/{part}");
                }
            }
            V::from(out)
        }
        "getrelativepath" => V::from(relative(&path, &text(1))),
        "ispathrooted" => V::Bool(path.starts_with('/')),
        "gettemppath" => V::from("/tmp/"),
        "getinvalidfilenamechars" => V::array(vec![V::Char('\0'), V::Char('/')]),
        "getrandomfilename" => V::from("k3xq2v1a.tmp"),
        "hasextension" => V::Bool(extension.len() > 1),
        "getpathroot" => V::from(if path.starts_with('/') { "/" } else { "" }),
        "ispathfullyqualified" => V::Bool(path.starts_with('/')),
        "trimendingdirectoryseparator" => V::from(if path.len() > 1 { path.trim_end_matches('/') } else { &path }),
        "endsindirectoryseparator" => V::Bool(path.ends_with('/')),
        "getinvalidpathchars" => V::array(vec![V::Char('\0')]),
        "join" => {
            let parts: Vec<String> = args.iter().map(interpolated).filter(|part| !part.is_empty()).collect();
            let mut out = String::new();
            for part in parts {
                if !out.is_empty() && !out.ends_with('/') && !part.starts_with('/') {
                    out.push('/');
                }
                let doubled = out.ends_with('/') && part.starts_with('/');
                out.push_str(if doubled { &part[1..] } else { &part });
            }
            V::from(out)
        }
        _ => return None,
    })
}
