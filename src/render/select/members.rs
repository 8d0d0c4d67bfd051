//! `Get-Member`: the properties of the types in a stream.

use super::super::subject::{self, ALIVE};
use super::super::text::{Culture, display};
use crate::clixml::{PsObject, PsValue, TypeNames};

/// The members of each type once, in the order of their names; of the given kinds only, if any.
#[must_use]
pub(crate) fn members(values: &[PsValue], kinds: &[String]) -> Vec<PsValue> {
    let mut seen: Vec<String> = Vec::new();
    let mut found = Vec::new();
    for value in values.iter().filter(|value| !value.is_null()) {
        let type_name = subject::type_names(value).into_iter().next().unwrap_or_default();
        if seen.contains(&type_name) {
            continue;
        }
        let notes: Vec<_> = value.as_object().and_then(PsObject::extended).unwrap_or_default();
        let mut own: Vec<(String, &str, String)> = subject::properties(value)
            .into_iter()
            .map(|(name, member)| {
                let kind = if notes.iter().any(|note| note.name().eq_ignore_ascii_case(&name)) {
                    "NoteProperty"
                } else {
                    "Property"
                };
                let shown = display(&member, -1, &Culture::INVARIANT);
                (name.to_string(), kind, format!("{} {name}={shown}", short_type(&member)))
            })
            .filter(|(_, kind, _)| {
                kinds.is_empty()
                    || kinds
                        .iter()
                        .any(|wanted| wanted.eq_ignore_ascii_case(kind) || wanted.eq_ignore_ascii_case("Properties"))
            })
            .collect();
        own.sort_by(|left, right| super::super::order::compare_text(&left.0, &right.0));
        found.extend(own.into_iter().map(|(name, kind, definition)| {
            PsValue::from(
                PsObject::builder()
                    .types(TypeNames::new(["Microsoft.PowerShell.Commands.MemberDefinition", "System.Object", ALIVE]))
                    .adapted("TypeName", type_name.as_str())
                    .adapted("Name", name)
                    .adapted("MemberType", kind)
                    .adapted("Definition", definition)
                    .build(),
            )
        }));
        seen.push(type_name);
    }
    found
}

/// The type of a value in PowerShell's short spelling.
fn short_type(value: &PsValue) -> String {
    let full = subject::type_names(value).into_iter().next().unwrap_or_default();
    let known = match full.as_str() {
        "System.String" => "string",
        "System.Int32" => "int",
        "System.Int64" => "long",
        "System.Boolean" => "bool",
        "System.Double" => "double",
        "System.Single" => "float",
        "System.Decimal" => "decimal",
        "System.Byte" => "byte",
        "System.Char" => "char",
        "System.DateTime" => "datetime",
        "System.Byte[]" => "byte[]",
        "" => "object",
        other => other.strip_prefix("System.").filter(|rest| !rest.contains('.')).map_or(other, |rest| rest),
    };
    known.to_owned()
}
