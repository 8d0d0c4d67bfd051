//! Where a path of the script is on this machine: the sandbox, and Windows' drives and shares in it.
//!
//! Nothing is read or written here, except that drive C of a sandbox appears when it is first named.

use std::path::{Path, PathBuf};

use super::state::Rt;
use super::value::lock;

/// The folders that every drive C has: those of `$env:TEMP` and `$env:USERPROFILE`.
const DRIVE_C: [&str; 2] = ["Temp", "Users/admin"];

/// What a path means.
pub(super) fn locate(rt: &Rt, path: &str) -> PathBuf {
    let folder = lock(&rt.folder).clone();
    let text = path.trim().replace('\\', "/");
    let text = text.strip_prefix("FileSystem::").unwrap_or(&text);
    match &rt.options.sandbox {
        Some(sandbox) => within(sandbox, &folder, text),
        None if cfg!(windows) => clean(&folder.join(text)),
        None => outside(&folder, text),
    }
}

/// Without a sandbox: drives and shares are folders of the current one, where there are none.
fn outside(folder: &Path, text: &str) -> PathBuf {
    if let Some(home) = text.strip_prefix("~/") {
        return folder.join("home").join(home);
    }
    if let Some(rest) = text.strip_prefix("//") {
        return clean(&folder.join(rest));
    }
    match drive(text) {
        Some((letter, rest)) => clean(&folder.join(letter.to_string()).join(rest)),
        None => clean(&folder.join(text)),
    }
}

/// The drive a path begins with, in upper case, and what follows.
fn drive(text: &str) -> Option<(char, &str)> {
    let mut letters = text.chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    (letters.next() == Some(':')).then(|| (letter.to_ascii_uppercase(), text[2..].trim_start_matches('/')))
}

/// In a sandbox `C:\X` is `DIR/C/X`, `\\server\share\X` is `DIR/server/share/X`, and `DIR` is the root of all else.
fn within(sandbox: &Path, folder: &Path, text: &str) -> PathBuf {
    let from_root = |rest: &str| descend(sandbox, sandbox.to_path_buf(), rest);
    let found = if let Some((letter, rest)) = drive(text) {
        let root = descend(sandbox, sandbox.to_path_buf(), &letter.to_string());
        if letter == 'C' && !root.exists() {
            for place in DRIVE_C {
                let _ = std::fs::create_dir_all(root.join(place)); // what cannot be there is missing later
            }
        }
        descend(&root, root.clone(), rest)
    } else if let Some(rest) = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        from_root(&format!("home/admin/{rest}"))
    } else if let Ok(rest) = Path::new(text).strip_prefix(sandbox) {
        from_root(&rest.to_string_lossy())
    } else if text.starts_with('/') {
        from_root(text)
    } else {
        descend(sandbox, folder.to_path_buf(), text)
    };
    if is_inside(sandbox, &found) { found } else { sandbox.join("outside") }
}

/// Follows the parts of a path, never above `root`. Names are those on the disk where only the letter case differs.
fn descend(root: &Path, mut place: PathBuf, rest: &str) -> PathBuf {
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if place != root {
                    place.pop();
                }
            }
            name => place = child(&place, name),
        }
    }
    place
}

fn child(folder: &Path, name: &str) -> PathBuf {
    let exact = folder.join(name);
    if exact.symlink_metadata().is_ok() {
        return exact;
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let wanted = name.to_lowercase();
    let same = entries
        .map(|entry| entry.path())
        .find(|path| path.file_name().is_some_and(|found| found.to_string_lossy().to_lowercase() == wanted));
    same.unwrap_or(exact)
}

/// Whether no link on the way leads out.
fn is_inside(sandbox: &Path, path: &Path) -> bool {
    let Ok(root) = sandbox.canonicalize() else { return path.starts_with(sandbox) };
    let existing = path.ancestors().find(|place| place.symlink_metadata().is_ok());
    existing.is_none_or(|place| place.canonicalize().is_ok_and(|real| real.starts_with(&root)))
}

/// Without `.` and `..`.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(sandbox: &Path, folder: &str, text: &str) -> String {
        let found = within(sandbox, &sandbox.join(folder), &text.replace('\\', "/"));
        found.strip_prefix(sandbox).expect("it is inside").to_string_lossy().into_owned()
    }

    #[test]
    fn a_sandbox_holds_every_path_whatever_it_climbs() {
        let root = tempfile::tempdir().expect("a folder");
        let sandbox = root.path().join("box");
        std::fs::create_dir_all(sandbox.join("C/Reports/2026")).expect("folders");
        std::fs::write(root.path().join("secret"), "x").expect("a file");
        let table = [
            ("", r"C:\Reports\a.csv", "C/Reports/a.csv"),
            ("", r"c:\REPORTS\2026", "C/Reports/2026"),
            ("", r"c:/reports/new/x", "C/Reports/new/x"),
            ("", r"C:\..\..\..\..\etc\passwd", "C/etc/passwd"),
            ("", r"\\Server\share\x", "Server/share/x"),
            ("", r"\\..\..\etc\passwd", "etc/passwd"),
            ("", "/etc/passwd", "etc/passwd"),
            ("", "../../secret", "secret"),
            ("C/Reports", r"..\x.txt", "C/x.txt"),
            ("C/Reports", "2026", "C/Reports/2026"),
            ("", "~/a", "home/admin/a"),
            ("", "~x", "~x"),
            ("", "D:", "D"),
        ];
        for (folder, text, expected) in table {
            assert_eq!(place(&sandbox, folder, text), expected, "{text}");
        }
        let own = sandbox.join("C/Reports").display().to_string();
        assert_eq!(place(&sandbox, "", &own), "C/Reports");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out_of_a_sandbox() {
        let root = tempfile::tempdir().expect("a folder");
        let sandbox = root.path().join("box");
        std::fs::create_dir_all(&sandbox).expect("folders");
        std::fs::write(root.path().join("secret"), "x").expect("a file");
        std::os::unix::fs::symlink(root.path(), sandbox.join("up")).expect("a link");
        std::os::unix::fs::symlink(root.path().join("absent"), sandbox.join("dangling")).expect("a link");
        for text in ["up/secret", "up/new", "dangling", "dangling/x"] {
            assert_eq!(place(&sandbox, "", text), "outside", "{text}");
        }
    }
}
