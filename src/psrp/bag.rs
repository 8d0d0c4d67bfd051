//! Property bags: reading members by name and type, building the values that the protocol wraps them in.
//!
//! Nothing here knows a message; `place` in errors is the caller's name for the structure.

use std::sync::Arc;

use uuid::Uuid;

use super::PsrpError;
use crate::clixml::{Base, ListKind, PsDateTime, PsObject, PsString, PsValue, PsVersion, TypeNames};

/// Name of the collection that carries `Cmds` and `Args`, as PowerShell 7.6.5 writes it.
const PSOBJECT_LIST: &str = "System.Collections.Generic.List`1[[System.Management.Automation.PSObject, System.Management.Automation, Version=7.6.5.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35]]";

/// An object read as a property bag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bag<'a> {
    place: &'static str,
    object: &'a PsObject,
}

impl<'a> Bag<'a> {
    /// The bag in `value`.
    pub(super) fn new(place: &'static str, value: &'a PsValue) -> Result<Self, PsrpError> {
        match value {
            PsValue::Object(object) => Ok(Self { place, object }),
            other => Err(PsrpError::UnexpectedType {
                place,
                property: "(itself)",
                expected: "an object",
                found: kind_of(other),
            }),
        }
    }

    /// A property, if it is there; `$null` counts as there.
    pub(super) fn optional(&self, property: &'static str) -> Option<PsValue> {
        self.object.get(property)
    }

    /// A property that must be there.
    pub(super) fn required(&self, property: &'static str) -> Result<PsValue, PsrpError> {
        self.optional(property).ok_or(PsrpError::MissingProperty { place: self.place, property })
    }

    /// A property that is there and not null.
    fn present(&self, property: &'static str) -> Option<PsValue> {
        self.optional(property).filter(|value| !value.is_null())
    }

    fn wrong<T>(&self, property: &'static str, expected: &'static str, found: &PsValue) -> Result<T, PsrpError> {
        Err(PsrpError::UnexpectedType { place: self.place, property, expected, found: kind_of(found) })
    }

    pub(super) fn bool(&self, property: &'static str) -> Result<bool, PsrpError> {
        match self.required(property)? {
            PsValue::Bool(value) => Ok(value),
            other => self.wrong(property, "a boolean", &other),
        }
    }

    pub(super) fn optional_bool(&self, property: &'static str) -> Result<Option<bool>, PsrpError> {
        if self.present(property).is_some() { self.bool(property).map(Some) } else { Ok(None) }
    }

    /// A number of any integer type, or an enumeration value.
    pub(super) fn number(&self, property: &'static str) -> Result<i64, PsrpError> {
        let value = self.required(property)?;
        match number_of(&value) {
            Some(number) => Ok(number),
            None => self.wrong(property, "a number", &value),
        }
    }

    pub(super) fn optional_number(&self, property: &'static str) -> Result<Option<i64>, PsrpError> {
        if self.present(property).is_some() { self.number(property).map(Some) } else { Ok(None) }
    }

    /// A number that fits into 32 bits.
    pub(super) fn number_i32(&self, property: &'static str) -> Result<i32, PsrpError> {
        let value = self.required(property)?;
        match number_of(&value).and_then(|number| i32::try_from(number).ok()) {
            Some(number) => Ok(number),
            None => self.wrong(property, "a 32-bit number", &value),
        }
    }

    pub(super) fn string(&self, property: &'static str) -> Result<PsString, PsrpError> {
        match self.required(property)? {
            PsValue::String(text) => Ok(text),
            other => self.wrong(property, "a string", &other),
        }
    }

    /// A string; `None` when it is null or not there.
    pub(super) fn optional_string(&self, property: &'static str) -> Result<Option<PsString>, PsrpError> {
        if self.present(property).is_some() { self.string(property).map(Some) } else { Ok(None) }
    }

    pub(super) fn version(&self, property: &'static str) -> Result<PsVersion, PsrpError> {
        match self.required(property)? {
            PsValue::Version(version) => Ok(version),
            other => self.wrong(property, "a version", &other),
        }
    }

    pub(super) fn optional_date_time(&self, property: &'static str) -> Result<Option<PsDateTime>, PsrpError> {
        match self.present(property) {
            None => Ok(None),
            Some(PsValue::DateTime(time)) => Ok(Some(time)),
            Some(other) => self.wrong(property, "a date", &other),
        }
    }

    pub(super) fn optional_guid(&self, property: &'static str) -> Result<Option<Uuid>, PsrpError> {
        match self.present(property) {
            None => Ok(None),
            Some(PsValue::Guid(id)) => Ok(Some(id)),
            Some(other) => self.wrong(property, "a GUID", &other),
        }
    }

    /// A collection; null or missing is an empty one.
    pub(super) fn list(&self, property: &'static str) -> Result<Arc<[PsValue]>, PsrpError> {
        match self.present(property) {
            None => Ok(Arc::from([])),
            Some(value) => match list_of(&value) {
                Some(items) => Ok(items),
                None => self.wrong(property, "a list", &value),
            },
        }
    }

    /// A collection of strings; a single string counts as a list of one.
    pub(super) fn string_list(&self, property: &'static str) -> Result<Vec<PsString>, PsrpError> {
        if let Some(PsValue::String(text)) = self.optional(property) {
            return Ok(vec![text]);
        }
        self.list(property)?
            .iter()
            .map(|item| match item {
                PsValue::String(text) => Ok(text.clone()),
                other => self.wrong(property, "a list of strings", other),
            })
            .collect()
    }
}

/// What a value is, for messages.
pub(super) fn kind_of(value: &PsValue) -> &'static str {
    match value {
        PsValue::Null => "null",
        PsValue::Bool(_) => "a boolean",
        PsValue::Char(_) => "a character",
        PsValue::String(_) => "a string",
        PsValue::DateTime(_) => "a date",
        PsValue::TimeSpan(_) => "a time span",
        PsValue::Guid(_) => "a GUID",
        PsValue::Uri(_) => "a URI",
        PsValue::Version(_) => "a version",
        PsValue::Bytes(_) => "bytes",
        PsValue::Xml(_) => "XML",
        PsValue::ScriptBlock(_) => "a script block",
        PsValue::SecureString(_) => "a secure string",
        PsValue::Progress(_) => "a progress record",
        PsValue::Object(_) => "an object",
        _ => "a number",
    }
}

/// The integer in a value: any integer type, or the number of an enumeration value.
pub(super) fn number_of(value: &PsValue) -> Option<i64> {
    match value {
        PsValue::Object(object) => match object.base() {
            Base::Value(inner) if !matches!(inner, PsValue::Object(_)) => number_of(&inner),
            _ => None,
        },
        other => other.as_integer().and_then(|number| i64::try_from(number).ok()),
    }
}

/// The items of a collection of any kind.
pub(super) fn list_of(value: &PsValue) -> Option<Arc<[PsValue]>> {
    match value {
        PsValue::Object(object) => match object.base() {
            Base::List(_, items) => Some(items),
            _ => None,
        },
        _ => None,
    }
}

/// The entries of a dictionary.
pub(super) fn entries_of(value: &PsValue) -> Option<Arc<[(PsValue, PsValue)]>> {
    match value {
        PsValue::Object(object) => match object.base() {
            Base::Dictionary(entries) => Some(entries),
            _ => None,
        },
        _ => None,
    }
}

/// The value under a string key, ignoring ASCII case.
pub(super) fn entry(value: &PsValue, key: &str) -> Option<PsValue> {
    entries_of(value)?
        .iter()
        .find(|(own, _)| matches!(own, PsValue::String(text) if text.as_text().is_some_and(|t| t.eq_ignore_ascii_case(key))))
        .map(|(_, value)| value.clone())
}

/// A bag of extended properties without type names.
pub(super) fn bag(members: impl IntoIterator<Item = (&'static str, PsValue)>) -> PsValue {
    PsValue::Object(PsObject::bag(members))
}

/// A value of an enumeration: type names, text and number ([MS-PSRP] 2.2.5.2.7).
pub(super) fn enumeration(type_name: &str, text: &str, number: i32) -> PsValue {
    let types = TypeNames::new([type_name, "System.Enum", "System.ValueType", "System.Object"]);
    let base = Base::Value(PsValue::I32(number));
    PsValue::Object(PsObject::builder().types(types).to_string_text(text).base(base).build())
}

/// The names of set flags, lowest first and comma-separated, as .NET prints a flags enumeration.
pub(super) fn flags_text(number: i32, names: &[(i32, &str)]) -> String {
    if let Some((_, name)) = names.iter().find(|(value, _)| *value == number) {
        return (*name).to_owned();
    }
    let mut rest = number;
    let mut found: Vec<&str> = Vec::new();
    for (value, name) in names.iter().filter(|(value, _)| value.count_ones() == 1) {
        if rest & value != 0 {
            rest &= !value;
            found.push(name);
        }
    }
    if rest != 0 || found.is_empty() { number.to_string() } else { found.join(", ") }
}

fn list_with(types: &[&str], items: Vec<PsValue>) -> PsValue {
    let base = Base::List(ListKind::List, items.into());
    PsValue::Object(PsObject::builder().types(TypeNames::new(types)).base(base).build())
}

/// `System.String[]`.
pub(super) fn string_array<'a>(items: impl IntoIterator<Item = &'a PsString>) -> PsValue {
    let items = items.into_iter().map(|item| PsValue::String(item.clone())).collect();
    list_with(&["System.String[]", "System.Array", "System.Object"], items)
}

/// `List<PSObject>`, the collection of `Cmds` and `Args`.
pub(super) fn object_list(items: Vec<PsValue>) -> PsValue {
    list_with(&[PSOBJECT_LIST, "System.Object"], items)
}

/// `ArrayList`, the collection of host call parameters.
pub(super) fn array_list(items: Vec<PsValue>) -> PsValue {
    list_with(&["System.Collections.ArrayList", "System.Object"], items)
}

/// A dictionary with string keys and the type names of `PSPrimitiveDictionary`.
pub(super) fn primitive_dictionary(entries: Vec<(PsValue, PsValue)>) -> PsValue {
    dictionary(
        &["System.Management.Automation.PSPrimitiveDictionary", "System.Collections.Hashtable", "System.Object"],
        entries,
    )
}

/// A `Hashtable`.
pub(super) fn hashtable(entries: Vec<(PsValue, PsValue)>) -> PsValue {
    dictionary(&["System.Collections.Hashtable", "System.Object"], entries)
}

fn dictionary(types: &[&str], entries: Vec<(PsValue, PsValue)>) -> PsValue {
    let base = Base::Dictionary(entries.into());
    PsValue::Object(PsObject::builder().types(TypeNames::new(types)).base(base).build())
}

/// An optional string as a value.
pub(super) fn string_or_null(text: Option<&PsString>) -> PsValue {
    text.map_or(PsValue::Null, |text| PsValue::String(text.clone()))
}

/// `System.Version[]`.
pub(super) fn version_array(items: Vec<PsValue>) -> PsValue {
    list_with(&["System.Version[]", "System.Array", "System.Object"], items)
}
