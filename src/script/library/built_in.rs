//! The modules that are part of the program: their names and their texts.
//!
//! One line a module; `stdlib/README.md` lists what is in them.

/// Name and text of every module.
pub(super) const ALL: &[(&str, &str)] = &[("mailboxes", include_str!("../../../stdlib/mailboxes.rhai"))];

/// The text of a module.
pub(in crate::script) fn text_of(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".rhai").unwrap_or(name);
    ALL.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
