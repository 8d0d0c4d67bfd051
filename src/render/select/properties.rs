//! `Select-Object`: some properties, some objects.

use std::collections::HashMap;
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
    /// Objects left out at the end.
    pub skip_last: usize,
    /// Places of the objects kept.
    pub index: Option<Vec<usize>>,
    /// Equal ones only once.
    pub unique: bool,
}

/// The objects selected.
#[must_use]
pub fn select(values: &[PsValue], options: &SelectOptions) -> Vec<PsValue> {
    let values = &values[..values.len() - options.skip_last.min(values.len())];
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
        } else if options.properties.is_empty() && !options.exclude.is_empty() {
            found.push(project(value, &[Column::property("*")], &options.exclude));
        } else if options.properties.is_empty() {
            found.push(value.clone());
        } else {
            found.push(project(value, &options.properties, &options.exclude));
        }
    }
    if options.unique {
        return places_of_different(&found).into_iter().map(|place| found[place].clone()).collect();
    }
    found
}

/// The places of values that no earlier one equals.
#[must_use]
pub fn places_of_different(values: &[PsValue]) -> Vec<usize> {
    let mut by_text: HashMap<String, Vec<usize>> = HashMap::new();
    let mut kept = Vec::new();
    for (place, value) in values.iter().enumerate() {
        let parts: Vec<PsValue> = match subject::properties(value) {
            parts if subject::is_scalar(value) || parts.is_empty() => vec![value.clone()],
            parts => parts.into_iter().map(|(_, part)| part).collect(),
        };
        let known = by_text.entry(order::text_key(&parts)).or_default();
        if !known.iter().any(|earlier| same(&values[*earlier], value)) {
            known.push(place);
            kept.push(place);
        }
    }
    kept
}

/// Equal in all properties, or as values.
fn same(left: &PsValue, right: &PsValue) -> bool {
    let (own, other) = (subject::properties(left), subject::properties(right));
    if subject::is_scalar(left) || own.is_empty() {
        return order::same(left, right);
    }
    own.len() == other.len() && own.iter().zip(&other).all(|((_, left), (_, right))| order::same(left, right))
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
    let mut projection = Projection::of(value, exclude);
    for column in columns {
        match &column.source {
            Source::Property(name) => projection.property(name, column.label.as_deref()),
            Source::Script(script) => {
                projection.computed(column.title(), script.evaluate(value).unwrap_or(PsValue::Null));
            }
        }
    }
    projection.build_typed(&[ALIVE])
}

/// Puts together the object that `Select-Object` makes of another one; the first property of a name stays.
#[derive(Debug)]
pub struct Projection<'a> {
    value: &'a PsValue,
    exclude: &'a [Arc<str>],
    chosen: Vec<(Arc<str>, PsValue)>,
}

impl<'a> Projection<'a> {
    /// An object without properties yet; those that match a pattern of `exclude` never come in.
    #[must_use]
    pub const fn of(value: &'a PsValue, exclude: &'a [Arc<str>]) -> Self {
        Self { value, exclude, chosen: Vec::new() }
    }

    /// Properties by name or pattern, under a label of their own if there is one; a missing name is null.
    pub fn property(&mut self, name: &str, label: Option<&str>) {
        for column in names::resolve(&[Column::property(name)], self.value, true) {
            let Source::Property(own) = &column.source else { continue };
            let found = subject::property(self.value, own).unwrap_or(PsValue::Null);
            self.computed(label.map_or_else(|| own.clone(), Arc::from), found);
        }
    }

    /// A property with a value that was calculated.
    pub fn computed(&mut self, name: Arc<str>, value: PsValue) {
        let known = self.chosen.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name));
        if !known && !self.exclude.iter().any(|pattern| names::matches(pattern, &name)) {
            self.chosen.push((name, value));
        }
    }

    /// The object.
    #[must_use]
    pub fn build(self) -> PsValue {
        self.build_typed(&[])
    }

    /// The object, with `further` type names at the end.
    fn build_typed(self, further: &[&str]) -> PsValue {
        let selected = format!("Selected.{}", base_type(self.value));
        let types = [selected.as_str(), BAG, "System.Object"].into_iter().chain(further.iter().copied());
        let builder = PsObject::builder().types(TypeNames::new(types));
        self.chosen.into_iter().fold(builder, |builder, (name, value)| builder.extended(name, value)).build().into()
    }
}
