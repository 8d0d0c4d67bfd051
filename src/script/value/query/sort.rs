//! `sort_by` and `unique`: values in order, and each only once.
//!
//! How two values compare is in `render`; sizes and spans are made comparable first (`key`).

use std::cmp::Ordering;

use rhai::{Dynamic, FnPtr, Map, Module, NativeCallContext};

use crate::clixml::{PsObject, PsValue};
use crate::render::select::{places_in_order, places_of_different};

use super::super::super::options::{Known, Options};
use super::super::super::state::RhaiResult;
use super::super::described;
use super::key::{Key, comparable, values_of_all};
use super::{Item, Many, call, is_about};

const METHOD: &str = "sort_by";

const SORT: &str = "The values in the order of a property, of several, or of what a function gives; text ignores case,\n\
    sizes and dates compare as what they are. Options: Descending, Unique; or for one key `#{ Expression:, Descending: }`.\n\
    # Example\n\
    ```rhai\n\
    get_mailbox().sort_by([\"RecipientTypeDetails\", \"Alias\"], #{ Descending: true })\n\
    ```";

const UNIQUE: &str = "Each value only once: equal in all properties, or in those given.\n\
    # Example\n\
    ```rhai\n\
    get_mailbox().unique(\"RecipientTypeDetails\")\n\
    ```";

pub(super) const OPTIONS: [Known; 2] = [("Descending", &[]), ("Unique", &[])];

/// Registers both methods.
pub(super) fn register<T: Many>(module: &mut Module) {
    described(METHOD, &[T::RECEIVER, "by: ?", T::GIVEN], SORT).set_into_module(
        module,
        |context: NativeCallContext<'_>, values: &mut T, by: Dynamic| -> RhaiResult<Dynamic> {
            sorted::<T>(&context, values.items()?, &by, Map::new())
        },
    );
    // Of its own, so that it goes before Rhai's method of arrays.
    described(METHOD, &[T::RECEIVER, "by: Fn", T::GIVEN], SORT)
        .set_into_module(module, |context: NativeCallContext<'_>, values: &mut T, by: FnPtr| {
            by_function(&context, values, &by)
        });
    described(METHOD, &[T::RECEIVER, "by: ?", "options: map", T::GIVEN], SORT).set_into_module(
        module,
        |context: NativeCallContext<'_>, values: &mut T, by: Dynamic, options: Map| -> RhaiResult<Dynamic> {
            sorted::<T>(&context, values.items()?, &by, options)
        },
    );
    described("unique", &[T::RECEIVER, T::GIVEN], UNIQUE).set_into_module(
        module,
        |values: &mut T| -> RhaiResult<Dynamic> {
            let items = values.items()?;
            let seen: Vec<PsValue> = items.iter().map(|item| item.seen.clone()).collect();
            Ok(T::of_items(chosen(&items, places_of_different(&seen))))
        },
    );
    described("unique", &[T::RECEIVER, "by: ?", T::GIVEN], UNIQUE).set_into_module(
        module,
        |context: NativeCallContext<'_>, values: &mut T, by: Dynamic| -> RhaiResult<Dynamic> {
            let items = values.items()?;
            let keys = Key::read_all("unique", &by)?;
            let rows = values_of_all(&keys, &|function, value| call("unique", &context, function, value), &items)?;
            let seen: Vec<PsValue> = rows.into_iter().map(together).collect();
            Ok(T::of_items(chosen(&items, places_of_different(&seen))))
        },
    );
}

/// Several values as one object.
fn together(row: Vec<Option<PsValue>>) -> PsValue {
    let named = row.into_iter().enumerate().map(|(at, value)| (at.to_string(), value.unwrap_or(PsValue::Null)));
    named.fold(PsObject::builder(), |object, (name, value)| object.extended(name, value)).build().into()
}

fn chosen(items: &[Item], places: Vec<usize>) -> Vec<Item> {
    places.into_iter().map(|place| items[place].clone()).collect()
}

fn sorted<T: Many>(
    context: &NativeCallContext<'_>,
    items: Vec<Item>,
    by: &Dynamic,
    options: Map,
) -> RhaiResult<Dynamic> {
    let mut options = Options::read(METHOD, &OPTIONS, options)?;
    let is_descending = options.truth("Descending")?.unwrap_or(false);
    let unique = options.truth("Unique")?.unwrap_or(false);
    let keys = Key::read_all(METHOD, by)?;
    let mut rows = values_of_all(&keys, &|function, value| call(METHOD, context, function, value), &items)?;
    for value in rows.iter_mut().flatten().flatten() {
        *value = comparable(value);
    }
    let descending: Vec<bool> = keys.iter().map(|key| key.descending.unwrap_or(is_descending)).collect();
    Ok(T::of_items(chosen(&items, places_in_order(&rows, &descending, unique))))
}

/// A function of one value gives what to sort by; one of two compares, as in Rhai's own `sort_by`.
fn by_function<T: Many>(context: &NativeCallContext<'_>, values: &mut T, function: &FnPtr) -> RhaiResult<Dynamic> {
    let items = values.items()?;
    let by_key = |items: Vec<Item>| sorted::<T>(context, items, &Dynamic::from(function.clone()), Map::new());
    let [first, second, ..] = items.as_slice() else { return by_key(items) };
    match function.call_raw(context, None, [first.value(), second.value()]) {
        Err(error) if is_about(&error, function) => by_key(items),
        _ => {
            let items = compared(context, items, function)?;
            values.put(&items);
            Ok(T::of_items(items))
        }
    }
}

fn compared(context: &NativeCallContext<'_>, mut items: Vec<Item>, function: &FnPtr) -> RhaiResult<Vec<Item>> {
    let mut failed = None;
    items.sort_by(|left, right| {
        if failed.is_some() {
            return Ordering::Equal;
        }
        match function.call_raw(context, None, [left.value(), right.value()]) {
            Ok(given) => match (given.as_int(), given.as_bool()) {
                (Ok(number), _) => number.cmp(&0),
                (_, Ok(true)) => Ordering::Less,
                _ => Ordering::Greater,
            },
            Err(error) => {
                failed = Some(error);
                Ordering::Equal
            }
        }
    });
    failed.map_or(Ok(items), Err)
}
