//! The COM objects that scripts use everywhere: the shell of Windows, asked where a folder of the user is, and the
//! one of its script host, which puts a question to the user.
//!
//! All others exist on Windows only.

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::text::interpolated;
use super::super::value::{Obj, V, lock};

/// The type of the shell.
pub(super) const SHELL: &str = "System.__ComObject";
/// The type of the script host's shell.
pub(super) const SCRIPT_HOST: &str = "System.__ComObject#WshShell";

/// The object of a program id, if it is one of these.
#[must_use]
pub(in crate::script::ps) fn make(program: &str) -> Option<V> {
    let kind = match program.to_ascii_lowercase().as_str() {
        "shell.application" => SHELL,
        "wscript.shell" => SCRIPT_HOST,
        _ => return None,
    };
    Some(V::Obj(Obj::new(kind, [("Application", V::Null)])))
}

/// Buttons: their labels, and the numbers that stand for them.
type Buttons = &'static [(&'static str, i32)];

/// The buttons of a message box, by the low digit of its type.
const BUTTONS: [Buttons; 7] = [
    &[("&OK", 1)],
    &[("&OK", 1), ("&Cancel", 2)],
    &[("&Abort", 3), ("&Retry", 4), ("&Ignore", 5)],
    &[("&Yes", 6), ("&No", 7), ("&Cancel", 2)],
    &[("&Yes", 6), ("&No", 7)],
    &[("&Retry", 4), ("&Cancel", 2)],
    &[("&Cancel", 2), ("&Try again", 10), ("C&ontinue", 11)],
];

/// `$shell.Popup(text, seconds, title, type)`: the question on the console, and the number of the answer.
pub(super) fn popup(cx: Cx<'_>, args: &[V]) -> Res<V> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    let kind = args.get(3).and_then(super::super::number::plain).and_then(super::super::number::Num::long);
    let kind = usize::try_from(kind.unwrap_or(0)).unwrap_or(0);
    let buttons = BUTTONS.get(kind & 0xf).copied().unwrap_or(BUTTONS[0]);
    if let [(_, only)] = buttons {
        cx.rt.options.console.out(&format!("{}\n", text(0)));
        return Ok(V::Int(*only));
    }
    let labels = buttons.iter().map(|(label, _)| V::from(*label)).collect();
    let default = (kind >> 8 & 0xf).min(buttons.len() - 1);
    let question = [V::from(text(2)), V::from(text(0)), V::array(labels), V::count(default)];
    let answer = super::host_ui::prompt_for_choice(cx, &question)?;
    let chosen = super::super::number::plain(&answer).and_then(super::super::number::Num::long);
    let chosen = chosen.and_then(|at| usize::try_from(at).ok()).and_then(|at| buttons.get(at));
    Ok(V::Int(chosen.map_or(-1, |(_, number)| *number)))
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
