//! What PowerShell sees of a value that was read back: its type names and its properties.
//!
//! The properties of .NET's own small types (dates, versions, …) are in `live`.

use std::sync::Arc;

use super::live;
use super::text::type_name_of_container;
use crate::clixml::{Base, PsObject, PsValue};

/// The prefix of type names of values that were read back.
const PREFIX: &str = "Deserialized.";

/// Stands last among the type names of objects made here: they were never sent, so no prefix is due.
pub(crate) const ALIVE: &str = "\u{0}alive";

/// The type of records that scripts make. PowerShell has no rule for what they look like; see `is_own_record`.
pub const OWN_RECORD: &str = "Exsh.Record";

/// Whether a value is a record that a script made, or chosen properties of one: rows of a report, so a table as far as
/// that can be read.
#[must_use]
pub(crate) fn is_own_record(value: &PsValue) -> bool {
    let PsValue::Object(object) = value else { return false };
    object.type_names().is_some_and(|names| names.iter().next().is_some_and(|name| name.ends_with(OWN_RECORD)))
}

/// Properties that remoting adds to objects.
pub(crate) const COMPUTER_NAME: &str = "PSComputerName";
pub(crate) const SHOW_COMPUTER_NAME: &str = "PSShowComputerName";
pub(crate) const RUNSPACE_ID: &str = "RunspaceId";

/// Type names of a value, most derived first; of objects with the prefix that reading them back puts there.
#[must_use]
pub(crate) fn type_names(value: &PsValue) -> Vec<String> {
    match value {
        PsValue::Object(object) => match object.type_names() {
            Some(names) if names.iter().last() == Some(ALIVE) => {
                names.iter().filter(|name| *name != ALIVE).map(str::to_owned).collect()
            }
            Some(names) => names.iter().map(prefixed).collect(),
            None => match object.base() {
                Base::Value(inner) => type_names(&inner),
                Base::None => {
                    vec!["System.Management.Automation.PSCustomObject".to_owned(), "System.Object".to_owned()]
                }
                _ => vec![type_name_of_container(object).unwrap_or_default().to_owned(), "System.Object".to_owned()],
            },
        },
        other => {
            let mut names = vec![live::type_name(other).to_owned()];
            if live::is_value_type(other) {
                names.push("System.ValueType".to_owned());
            }
            names.push("System.Object".to_owned());
            names
        }
    }
}

fn prefixed(name: &str) -> String {
    if is_prefixed(name) { name.to_owned() } else { format!("{PREFIX}{name}") }
}

fn is_prefixed(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// A type name without the prefix.
#[must_use]
pub(crate) fn without_prefix(name: &str) -> &str {
    if is_prefixed(name) { &name[PREFIX.len()..] } else { name }
}

/// Types that are shown as text and never taken apart.
const SCALARS: &[&str] = &[
    "System.String",
    "System.SByte",
    "System.Byte",
    "System.Int16",
    "System.UInt16",
    "System.Int32",
    "System.UInt32",
    "System.Int64",
    "System.UInt64",
    "System.Char",
    "System.Single",
    "System.Double",
    "System.Boolean",
    "System.Decimal",
    "System.IntPtr",
    "System.Security.SecureString",
    "System.Numerics.BigInteger",
];

/// Whether the value is of a type that is shown as text: strings, numbers, truth values.
#[must_use]
pub(crate) fn is_scalar(value: &PsValue) -> bool {
    let names = type_names(value);
    names.first().is_some_and(|name| SCALARS.iter().any(|scalar| scalar.eq_ignore_ascii_case(without_prefix(name))))
        || names.get(1).is_some_and(|name| name == "System.Enum")
}

/// Whether it is an enumeration value that was read back.
#[must_use]
pub(crate) fn is_enumeration(value: &PsValue) -> bool {
    let PsValue::Object(object) = value else { return false };
    object.type_names().is_some_and(|names| {
        let second = names.iter().nth(1).map(without_prefix);
        second == Some("System.Enum") && names.iter().last() != Some(ALIVE)
    })
}

/// What Exchange adds to its objects for its own tools: kilobytes in .NET's binary form, read by nobody. It is there
/// for whoever names it.
const SERIALIZATION_DATA: &str = "SerializationData";

/// Properties of an object that are shown to whoever names none: notes first.
#[must_use]
pub(crate) fn visible(object: &PsObject) -> live::Properties {
    let mut found = object.properties();
    found.retain(|(name, value)| !is_for_machines(name, value));
    found
}

/// Whether a property is left out where nobody names it.
#[must_use]
pub(crate) fn is_for_machines(name: &str, value: &PsValue) -> bool {
    name.eq_ignore_ascii_case(SERIALIZATION_DATA) && matches!(value, PsValue::Bytes(_))
}

/// All properties in the order of a pattern like `*`: notes, what PowerShell adds to the type, then the type's own.
#[must_use]
pub(crate) fn properties(value: &PsValue) -> Vec<(Arc<str>, PsValue)> {
    let (own, added) = parts(value);
    let PsValue::Object(object) = value else { return joined(added, own) };
    joined(object.properties(), joined(added, own))
}

/// All properties in the order shown when none are asked for: the type's own first.
#[must_use]
pub(crate) fn properties_shown(value: &PsValue) -> Vec<(Arc<str>, PsValue)> {
    let (own, added) = parts(value);
    let PsValue::Object(object) = value else { return joined(own, added) };
    let mut notes = visible(object);
    if object.type_names().is_some_and(|names| names.first() == Some(ENTRY)) && notes.len() == 3 {
        notes.rotate_left(1);
    }
    joined(own, joined(notes, added))
}

fn joined(first: live::Properties, second: live::Properties) -> live::Properties {
    let mut found = first;
    for (name, value) in second {
        if !found.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            found.push((name, value));
        }
    }
    found
}

/// Beside its notes: properties of the value's own type, and those that PowerShell adds to the type.
fn parts(value: &PsValue) -> (live::Properties, live::Properties) {
    let PsValue::Object(object) = value else { return live::properties(value) };
    match object.base() {
        Base::Value(_) if is_enumeration(value) => {
            (Vec::new(), vec![(Arc::from("Value"), PsValue::String(object.to_string_text().unwrap_or_default()))])
        }
        Base::Value(inner) => live::properties(&inner),
        Base::List(kind, items) => (live::list_properties(value, kind, &items), Vec::new()),
        Base::Dictionary(entries) => (live::dictionary_properties(value, &entries), Vec::new()),
        Base::None => (Vec::new(), Vec::new()),
    }
}

/// A property by its name, ignoring case.
#[must_use]
pub(crate) fn property(value: &PsValue, name: &str) -> Option<PsValue> {
    if let PsValue::Object(object) = value {
        if let Some(found) = object.get(name) {
            return Some(found);
        }
        if let Base::Dictionary(entries) = object.base()
            && let Some((_, found)) = entries.iter().find(|(key, _)| key_text(key).eq_ignore_ascii_case(name))
        {
            return Some(found.clone());
        }
        if matches!(object.base(), Base::None) {
            return None;
        }
    }
    properties(value).into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, found)| found)
}

/// The text of a dictionary's key.
#[must_use]
pub(crate) fn key_text(key: &PsValue) -> String {
    super::text::interpolated(key)
}

/// The items of a value that is enumerated: lists, bytes, dictionaries as entries; `None` for all else.
#[must_use]
pub(crate) fn items(value: &PsValue) -> Option<Vec<PsValue>> {
    match value {
        PsValue::Bytes(bytes) => Some(bytes.iter().map(|byte| PsValue::U8(*byte)).collect()),
        PsValue::Object(object) => match object.base() {
            Base::List(_, items) => Some(items.to_vec()),
            Base::Dictionary(entries) => Some(entries.iter().map(|(key, value)| entry(key, value)).collect()),
            _ => None,
        },
        _ => None,
    }
}

/// The type of a dictionary's entry; its name is an alias that PowerShell adds.
const ENTRY: &str = "System.Collections.DictionaryEntry";

/// An entry of a dictionary as an object of its own.
fn entry(key: &PsValue, value: &PsValue) -> PsValue {
    let names = [ENTRY, "System.ValueType", "System.Object", ALIVE];
    PsObject::builder()
        .types(crate::clixml::TypeNames::new(names))
        .adapted("Name", key.clone())
        .adapted("Key", key.clone())
        .adapted("Value", value.clone())
        .build()
        .into()
}

/// Whether remoting asks that the computer's name be shown with the object.
#[must_use]
pub(crate) fn shows_computer_name(value: &PsValue) -> bool {
    matches!(property(value, SHOW_COMPUTER_NAME), Some(PsValue::Bool(true)))
}

/// The truth of a value as PowerShell sees it.
#[must_use]
pub(crate) fn is_true(value: &PsValue) -> bool {
    match value {
        PsValue::Null => false,
        PsValue::Bool(truth) => *truth,
        PsValue::String(text) => !text.is_empty(),
        PsValue::Char(unit) => *unit != 0,
        PsValue::F32(number) => *number != 0.0,
        PsValue::F64(number) => *number != 0.0,
        PsValue::Decimal(number) => !number.is_zero(),
        PsValue::Object(object) => match object.base() {
            Base::Value(inner) => is_true(&inner),
            Base::List(_, items) => match &*items {
                [] => false,
                [only] => is_true(only),
                _ => true,
            },
            _ => true,
        },
        other => other.as_integer() != Some(0),
    }
}
