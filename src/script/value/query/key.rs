//! What values are selected, sorted, grouped and measured by: a property, a function, or a map that says more.
//!
//! Not here: what is done with it.

use std::sync::Arc;

use rhai::{Dynamic, FnPtr};

use crate::clixml::PsValue;

use super::super::super::failure::Failure;
use super::super::super::options::{Known, Options};
use super::super::super::state::RhaiResult;
use super::super::stream::shown;
use super::super::{Size, to_dynamic};
use super::{Call, Item};

/// The entries of a map that describes a column or an order, with PowerShell's short names.
const ENTRIES: [Known; 4] =
    [("Expression", &["e", "Property"]), ("Name", &["n", "Label", "l"]), ("Descending", &["d"]), ("Ascending", &["a"])];

/// One column or one order.
#[derive(Clone)]
pub(super) struct Key {
    /// What it is called, when that was said.
    pub(super) label: Option<Arc<str>>,
    /// Where its value comes from.
    pub(super) by: By,
    /// Largest first, when that was said.
    pub(super) descending: Option<bool>,
}

/// Where a value comes from.
#[derive(Clone)]
pub(super) enum By {
    /// A property, or a pattern of names where several are possible.
    Property(Arc<str>),
    /// What a function gives for the object.
    Function(FnPtr),
}

impl Key {
    /// One or several, as `method` was given them.
    pub(super) fn read_all(method: &'static str, given: &Dynamic) -> RhaiResult<Vec<Self>> {
        match given.as_array_ref() {
            Ok(items) => items.iter().map(|item| Self::read(method, item)).collect(),
            Err(_) => Ok(vec![Self::read(method, given)?]),
        }
    }

    /// A property without more.
    pub(super) fn of_property(name: &str) -> Self {
        Self { label: None, by: By::Property(name.into()), descending: None }
    }

    fn read(method: &'static str, given: &Dynamic) -> RhaiResult<Self> {
        if let Ok(map) = given.as_map_ref() {
            let mut options = Options::read(method, &ENTRIES, map.clone())?;
            let label = options.text("Name")?.map(Arc::from);
            let by = match options.take("Expression") {
                Some(expression) => By::read(method, &expression)?,
                None => By::Property(label.clone().ok_or_else(|| {
                    Failure::script(format!("{method} needs an Expression"))
                        .hint("write #{ Name: \"…\", Expression: |it| it.… }")
                })?),
            };
            let ascending = options.truth("Ascending")?.map(|ascending| !ascending);
            return Ok(Self { label, by, descending: options.truth("Descending")?.or(ascending) });
        }
        Ok(Self { label: None, by: By::read(method, given)?, descending: None })
    }

    /// Its value for an object; `None` if the object has no such property.
    pub(super) fn value(&self, call: Call<'_>, item: &Item) -> RhaiResult<Option<PsValue>> {
        match &self.by {
            By::Property(name) => Ok(item.property(name)),
            By::Function(function) => Ok(Some(shown(call(function, item.value())?))),
        }
    }
}

impl By {
    fn read(method: &'static str, given: &Dynamic) -> RhaiResult<Self> {
        if let Some(function) = given.read_lock::<FnPtr>() {
            return Ok(Self::Function(function.clone()));
        }
        match given.as_immutable_string_ref() {
            Ok(name) => Ok(Self::Property(Arc::from(name.as_str()))),
            Err(kind) => Err(Failure::script(format!("{method} takes names of properties and functions, not {kind}"))
                .hint("write \"DisplayName\", [\"Name\", \"Alias\"] or |it| it.Alias")
                .into()),
        }
    }
}

/// The values of all keys for all objects; a property that none of them has is a mistake of the script.
pub(super) fn values_of_all(keys: &[Key], call: Call<'_>, items: &[Item]) -> RhaiResult<Vec<Vec<Option<PsValue>>>> {
    let mut rows: Vec<Vec<Option<PsValue>>> = Vec::with_capacity(items.len());
    for item in items {
        rows.push(keys.iter().map(|key| key.value(call, item)).collect::<RhaiResult<_>>()?);
    }
    for (at, key) in keys.iter().enumerate() {
        if let (By::Property(name), Some(first)) = (&key.by, items.first())
            && rows.iter().all(|row| row[at].is_none())
        {
            return Err(first.missing(name).into());
        }
    }
    Ok(rows)
}

/// A value in the form that compares by its type: a size is its bytes, and no limit is more than any.
pub(super) fn comparable(value: &PsValue) -> PsValue {
    let might_be_more = match value {
        PsValue::Object(_) => true,
        PsValue::String(text) => text.to_text().ends_with(" bytes)"),
        _ => false,
    };
    if !might_be_more {
        return value.clone();
    }
    let seen = to_dynamic(value);
    if let Some(size) = seen.read_lock::<Size>() {
        return size.bytes().map_or(PsValue::F64(f64::INFINITY), PsValue::I64);
    }
    match seen.read_lock::<super::super::TimeSpan>() {
        Some(span) => PsValue::TimeSpan(span.0),
        None => value.clone(),
    }
}
