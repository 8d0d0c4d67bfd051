//! The one COM object that scripts use everywhere: the shell of Windows, asked where a folder of the user is.
//!
//! All others exist on Windows only.

use super::super::state::Cx;
use super::super::value::{Obj, V, lock};

/// The type of the object.
pub(super) const SHELL: &str = "System.__ComObject";

/// The object of a program id, if it is the shell.
#[must_use]
pub(in crate::script::ps) fn make(program: &str) -> Option<V> {
    program.eq_ignore_ascii_case("Shell.Application").then(|| V::Obj(Obj::new(SHELL, [("Application", V::Null)])))
}

/// `$shell.NameSpace('shell:Downloads')`: a folder, whose `Self.Path` says where it is.
#[must_use]
pub(super) fn method(cx: Cx<'_>, name: &str, place: &str) -> Option<V> {
    if name != "namespace" {
        return None;
    }
    let known = [("shell:downloads", "Downloads"), ("shell:desktop", "Desktop"), ("shell:personal", "Documents")];
    let path = match known.iter().find(|(own, _)| own.eq_ignore_ascii_case(place)) {
        Some((_, folder_name)) => folder(cx, folder_name),
        None => V::from(place),
    };
    let item = Obj::new("System.__ComObject#FolderItem", [("Path", path.clone())]);
    Some(V::Obj(Obj::new("System.__ComObject#Folder", [("Self", V::Obj(item)), ("Title", path)])))
}

/// A folder of the user.
#[must_use]
pub(in crate::script::ps) fn folder(cx: Cx<'_>, name: &str) -> V {
    let env = lock(&cx.rt.env);
    let home = env.get("USERPROFILE").or_else(|| env.get("HOME")).cloned().unwrap_or_default();
    let mark = if home.contains('\\') || home.is_empty() && cx.rt.options.windows_aliases { '\\' } else { '/' };
    V::from(format!("{}{mark}{name}", home.trim_end_matches(['/', '\\'])))
}
