//! `where`, `select`, `sort_by`, `group_by`, `measure` and their kin: what PowerShell pipes objects through, as methods.
//!
//! They work alike on results, on arrays of records or maps, and on streams, and give back the kind they were given;
//! on a stream `where`, `select`, `first` and `skip` work as records come. How values compare is in `render`.

mod choose;
mod group;
mod key;
mod measure;
mod select;
mod sort;

use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, FnPtr, INT, Module, NativeCallContext, Variant};

use crate::catalog::canonical_key;
use crate::clixml::PsValue;
use crate::render::select::property;

use super::super::failure::Failure;
use super::super::state::RhaiResult;
use super::stream::shown;
use super::{Record, RecordStream, Results, Warn, to_dynamic};

pub(super) use choose::truth;
pub(super) use select::Selection;
pub(in super::super) use select::{Columns, columns_of, options_alone};

/// Registers the methods for all three kinds.
pub(super) fn register(engine: &mut Engine, warn: &Warn) {
    let mut module = Module::new();
    register_for::<Results>(&mut module, warn);
    register_for::<Array>(&mut module, warn);
    register_for::<RecordStream>(&mut module, warn);
    choose::register_of_streams(&mut module);
    select::register_of_streams(&mut module, warn);
    select::register_of_one(&mut module, warn);
    engine.register_global_module(module.into());
}

fn register_for<T: Many>(module: &mut Module, warn: &Warn) {
    choose::register::<T>(module);
    select::register::<T>(module, warn);
    sort::register::<T>(module);
    group::register::<T>(module);
    measure::register::<T>(module);
}

/// A kind that holds several values.
trait Many: Variant + Clone {
    /// How signatures call it as the receiver, and as what comes back.
    const RECEIVER: &'static str;
    const GIVEN: &'static str;
    /// Whether it is read as it comes: then what can be lazy is registered elsewhere.
    const IS_STREAM: bool = false;

    /// All its values.
    fn items(&self) -> RhaiResult<Vec<Item>>;

    /// Some of its values, in their kind.
    fn of_items(items: Vec<Item>) -> Dynamic;

    /// New objects, in its kind.
    fn of_objects(objects: Vec<PsValue>) -> Dynamic;

    /// Changes the receiver itself, where Rhai's own method of that name does.
    fn put(&mut self, _items: &[Item]) {}
}

impl Many for Results {
    const RECEIVER: &'static str = "results: Results";
    const GIVEN: &'static str = "Results";

    fn items(&self) -> RhaiResult<Vec<Item>> {
        Ok(self.0.iter().map(|seen| Item { seen: seen.clone(), value: None }).collect())
    }

    fn of_items(items: Vec<Item>) -> Dynamic {
        Dynamic::from(Self(items.into_iter().map(|item| item.seen).collect()))
    }

    fn of_objects(objects: Vec<PsValue>) -> Dynamic {
        Dynamic::from(Self(objects.into()))
    }
}

impl Many for Array {
    const RECEIVER: &'static str = "values: array";
    const GIVEN: &'static str = "array";

    fn items(&self) -> RhaiResult<Vec<Item>> {
        Ok(self.iter().map(Item::of).collect())
    }

    fn of_items(items: Vec<Item>) -> Dynamic {
        items.into_iter().map(|item| item.value()).collect::<Self>().into()
    }

    fn of_objects(objects: Vec<PsValue>) -> Dynamic {
        objects.iter().map(to_dynamic).collect::<Self>().into()
    }

    fn put(&mut self, items: &[Item]) {
        *self = items.iter().map(Item::value).collect();
    }
}

impl Many for RecordStream {
    const RECEIVER: &'static str = "stream: RecordStream";
    const GIVEN: &'static str = "array";
    const IS_STREAM: bool = true;

    fn items(&self) -> RhaiResult<Vec<Item>> {
        self.clone().into_iter().map(|value| value.map(|value| Item::of(&value))).collect()
    }

    fn of_items(items: Vec<Item>) -> Dynamic {
        Array::of_items(items)
    }

    fn of_objects(objects: Vec<PsValue>) -> Dynamic {
        Array::of_objects(objects)
    }
}

/// One value, as PowerShell sees it and as a script does.
#[derive(Clone)]
struct Item {
    seen: PsValue,
    /// What a script sees, where that is not simply made of `seen`.
    value: Option<Dynamic>,
}

impl Item {
    fn of(value: &Dynamic) -> Self {
        let value = value.flatten_clone();
        Self { seen: shown(value.clone()), value: Some(value) }
    }

    fn value(&self) -> Dynamic {
        self.value.clone().unwrap_or_else(|| to_dynamic(&self.seen))
    }

    /// A property by its name in any case, or in `snake_case`.
    fn property(&self, name: &str) -> Option<PsValue> {
        let own = match &self.seen {
            PsValue::Object(object) => Record(object.clone()).get(name),
            _ => None,
        };
        own.or_else(|| property(&self.seen, name))
    }

    /// A property's name as the object spells it.
    fn spelling(&self, name: &str) -> Arc<str> {
        let PsValue::Object(object) = &self.seen else { return name.into() };
        let wanted = canonical_key(name);
        let own = Record(object.clone()).names();
        own.into_iter().find(|own| canonical_key(own) == wanted).map_or_else(|| name.into(), Arc::from)
    }

    /// The error for a property that no value has.
    fn missing(&self, name: &str) -> Failure {
        match &self.seen {
            PsValue::Object(object) => Record(object.clone()).missing(name),
            _ => Failure::script(format!("there is no property {name}")),
        }
    }
}

/// Calls a function of the script with a value: as its argument, or as `this`.
type Call<'a> = &'a dyn Fn(&FnPtr, Dynamic) -> RhaiResult<Dynamic>;

/// Calls `function` for a method called `name`.
fn call(name: &str, context: &NativeCallContext<'_>, function: &FnPtr, value: Dynamic) -> RhaiResult<Dynamic> {
    call_at(name, context, function, value, 0)
}

/// As [`call`]; a function with two parameters is told the place of the value too.
fn call_at(
    name: &str,
    context: &NativeCallContext<'_>,
    function: &FnPtr,
    mut value: Dynamic,
    place: usize,
) -> RhaiResult<Dynamic> {
    match function.call_raw(context, None, [value.clone()]) {
        // Not a function of one parameter.
        Err(error) if is_about(&error, function) => {
            let place = INT::try_from(place).unwrap_or(INT::MAX);
            function.call_raw_with_extra_args(name, context, Some(&mut value), [], [place.into()], Some(0))
        }
        done => done,
    }
}

/// Whether an error says that there is no such function of so many parameters.
fn is_about(error: &rhai::EvalAltResult, function: &FnPtr) -> bool {
    matches!(error, rhai::EvalAltResult::ErrorFunctionNotFound(text, _) if text.starts_with(function.fn_name()))
}

/// A number of values; less than none is none.
fn amount(count: INT) -> usize {
    usize::try_from(count).unwrap_or(0)
}

/// The options that a method knows.
#[cfg(test)]
pub(in super::super) fn option_names(method: &str) -> &'static [super::super::options::Known] {
    match method {
        "select" => &select::OPTIONS,
        "sort_by" => &sort::OPTIONS,
        "group_by" => &group::OPTIONS,
        _ => &[],
    }
}

#[cfg(test)]
mod tests;
