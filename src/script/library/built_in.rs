//! The modules that are part of the program: their names and their texts.
//!
//! One line a module; `stdlib/README.md` lists what is in them.

/// Name and text of every module.
pub(super) const ALL: &[(&str, &str)] = &[
    ("addresses", include_str!("../../../stdlib/addresses.rhai")),
    ("archives", include_str!("../../../stdlib/archives.rhai")),
    ("audit", include_str!("../../../stdlib/audit.rhai")),
    ("auto_replies", include_str!("../../../stdlib/auto_replies.rhai")),
    ("contacts", include_str!("../../../stdlib/contacts.rhai")),
    ("devices", include_str!("../../../stdlib/devices.rhai")),
    ("exports", include_str!("../../../stdlib/exports.rhai")),
    ("forwarding", include_str!("../../../stdlib/forwarding.rhai")),
    ("groups", include_str!("../../../stdlib/groups.rhai")),
    ("health", include_str!("../../../stdlib/health.rhai")),
    ("holds", include_str!("../../../stdlib/holds.rhai")),
    ("mail_flow", include_str!("../../../stdlib/mail_flow.rhai")),
    ("mailboxes", include_str!("../../../stdlib/mailboxes.rhai")),
    ("migration", include_str!("../../../stdlib/migration.rhai")),
    ("organization", include_str!("../../../stdlib/organization.rhai")),
    ("people", include_str!("../../../stdlib/people.rhai")),
    ("permissions", include_str!("../../../stdlib/permissions.rhai")),
    ("protection", include_str!("../../../stdlib/protection.rhai")),
    ("protocols", include_str!("../../../stdlib/protocols.rhai")),
    ("public_folders", include_str!("../../../stdlib/public_folders.rhai")),
    ("resources", include_str!("../../../stdlib/resources.rhai")),
    ("roles", include_str!("../../../stdlib/roles.rhai")),
    ("rules", include_str!("../../../stdlib/rules.rhai")),
    ("searches", include_str!("../../../stdlib/searches.rhai")),
    ("settings", include_str!("../../../stdlib/settings.rhai")),
];

/// The text of a module.
pub(in crate::script) fn text_of(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".rhai").unwrap_or(name);
    ALL.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
