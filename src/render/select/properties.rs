//! `Select-Object`: some properties, some objects.

use std::sync::Arc;

use super::super::names;
use super::super::order;
use super::super::request::Column;
use super::super::subject::{self, ALIVE};
use super::super::text;
use super::super::view::Source;
use crate::clixml::{Base, PsObject, PsValue, TypeNames};

/// What is selected.
#[derive(Debug, Clone, Default)]
pub struct SelectOptions {
    /// Properties kept or computed; none means objects as they are.
    pub properties: Vec<Column>,
    /// Properties left out.
    pub exclude: Vec<Arc<str>>,
    /// A property whose values are given instead.
    pub expand: Option<Arc<str>>,
    /// Objects from the start.
    pub first: Option<usize>,
    /// Objects from the end.
    pub last: Option<usize>,
    /// Objects left out at the start (at the end, with `last`).
    pub skip: usize,
    /// Places of the objects kept.
    pub index: Option<Vec<usize>>,
    /// Equal ones only once.
    pub unique: bool,
}

/// The objects selected.
#[must_use]
pub fn select(values: &[PsValue], options: &SelectOptions) -> Vec<PsValue> {
    let chosen: Vec<&PsValue> = match (&options.index, options.last) {
        (Some(places), _) => {
            values.iter().enumerate().filter(|(at, _)| places.contains(at)).map(|(_, value)| value).collect()
        }
        (None, Some(last)) => {
            let end = values.len().saturating_sub(options.skip);
            let first = options.first.unwrap_or(0);
            let start = end.saturating_sub(last);
            values[..first.min(start)].iter().chain(&values[start..end]).collect()
        }
        (None, None) => values.iter().skip(options.skip).take(options.first.unwrap_or(usize::MAX)).collect(),
    };
    let mut found = Vec::new();
    for value in chosen {
        if let Some(name) = &options.expand {
            let Some(inner) = subject::property(value, name) else { continue };
            match subject::items(&inner) {
                Some(items) => found.extend(items),
                None => found.push(inner),
            }
        } else if options.properties.is_empty() {
            found.push(value.clone());
        } else {
            found.push(project(value, &options.properties, &options.exclude));
        }
    }
    if options.unique {
        let mut kept: Vec<PsValue> = Vec::new();
        for value in found {
            if !kept.iter().any(|known| same(known, &value)) {
                kept.push(value);
            }
        }
        return kept;
    }
    found
}

/// Equal in all properties, or as values.
fn same(left: &PsValue, right: &PsValue) -> bool {
    let (own, other) = (subject::properties(left), subject::properties(right));
    if subject::is_scalar(left) || own.is_empty() {
        return order::equal(left, right);
    }
    own.len() == other.len() && own.iter().zip(&other).all(|((_, left), (_, right))| order::equal(left, right))
}

const BAG: &str = "System.Management.Automation.PSCustomObject";

/// The .NET type beneath an object: of one that was read back a property bag, unless it is a value or a collection.
fn base_type(value: &PsValue) -> String {
    let PsValue::Object(object) = value else {
        return subject::type_names(value).into_iter().next().unwrap_or_default();
    };
    match object.base() {
        Base::Value(inner) => base_type(&inner),
        Base::None => BAG.to_owned(),
        _ => text::type_name_of_container(object).unwrap_or(BAG).to_owned(),
    }
}

/// An object with these properties only; missing ones are null.
fn project(value: &PsValue, columns: &[Column], exclude: &[Arc<str>]) -> PsValue {
    let selected = format!("Selected.{}", base_type(value));
    let mut builder = PsObject::builder().types(TypeNames::new([selected.as_str(), BAG, "System.Object", ALIVE]));
    let mut taken: Vec<Arc<str>> = Vec::new();
    for column in names::resolve(columns, value, true) {
        let title = match (&column.label, &column.source) {
            (None, Source::Property(name)) => name.clone(),
            _ => column.title(),
        };
        let known = taken.iter().any(|name| name.eq_ignore_ascii_case(&title));
        let excluded = exclude.iter().any(|pattern| names::matches(pattern, &title));
        if known || excluded {
            continue;
        }
        let found = match &column.source {
            Source::Property(name) => subject::property(value, name),
            Source::Script(script) => script.evaluate(value).ok(),
        };
        builder = builder.extended(title.clone(), found.unwrap_or(PsValue::Null));
        taken.push(title);
    }
    builder.build().into()
}
