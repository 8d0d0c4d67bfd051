//! `measure`: how many values there are, their sum, mean and extremes.
//!
//! Sizes are measured in bytes and come back as sizes; a sum of whole numbers is a whole number.

use std::sync::Arc;

use rhai::{Array, Dynamic, INT, Module, NativeCallContext};

use crate::clixml::{PsObject, PsValue, TypeNames};
use crate::render::select::{MeasureOptions, measure_values};

use super::super::super::failure::Failure;
use super::super::super::state::RhaiResult;
use super::super::{Size, described, to_dynamic, whole_number};
use super::key::{By, Key, comparable, values_of_all};
use super::{Item, Many, Record, call};

const METHOD: &str = "measure";

const MEASURE: &str = "Count, Sum, Average, Minimum and Maximum of a property, or of what a function gives; of several, an array.\n\
    # Example\n\
    ```rhai\n\
    get_mailbox().measure(|it| it.EmailAddresses.len()).Average\n\
    ```";

/// Registers the method.
pub(super) fn register<T: Many>(module: &mut Module) {
    described(METHOD, &[T::RECEIVER, "Record"], MEASURE).set_into_module(
        module,
        |values: &mut T| -> RhaiResult<Dynamic> {
            let seen: Vec<PsValue> = values.items()?.into_iter().map(|item| item.seen).collect();
            measured(None, &seen)
        },
    );
    described(METHOD, &[T::RECEIVER, "by: ?", "Record"], MEASURE).set_into_module(
        module,
        |context: NativeCallContext<'_>, values: &mut T, by: Dynamic| -> RhaiResult<Dynamic> {
            measured_by(&context, &values.items()?, &by)
        },
    );
}

fn measured_by(context: &NativeCallContext<'_>, items: &[Item], by: &Dynamic) -> RhaiResult<Dynamic> {
    let keys = Key::read_all(METHOD, by)?;
    let rows = values_of_all(&keys, &|function, value| call(METHOD, context, function, value), items)?;
    let column = |at: usize| -> Vec<PsValue> { rows.iter().filter_map(|row| row[at].clone()).collect() };
    let name = |key: &Key| match (&key.label, &key.by) {
        (Some(label), _) => Some(label.clone()),
        (None, By::Property(name)) => Some(items.first().map_or_else(|| name.clone(), |first| first.spelling(name))),
        (None, By::Function(_)) => None,
    };
    let measures = keys.iter().enumerate().map(|(at, key)| measured(name(key), &column(at)));
    if by.is_array() {
        return Ok(measures.collect::<RhaiResult<Array>>()?.into());
    }
    measures.into_iter().next().unwrap_or_else(|| Err(Failure::script("measure needs a property").into()))
}

fn measured(property: Option<Arc<str>>, values: &[PsValue]) -> RhaiResult<Dynamic> {
    let values: Vec<&PsValue> = values.iter().filter(|value| !value.is_null()).collect();
    let sizes: Vec<Size> =
        values.iter().map_while(|value| to_dynamic(value).read_lock::<Size>().map(|size| size.clone())).collect();
    let is_size = !values.is_empty() && sizes.len() == values.len();
    let plain: Vec<PsValue> = values.iter().map(|value| comparable(value)).collect();
    let options = MeasureOptions { property, sum: true, average: true, maximum: true, minimum: true, deviation: false };
    let PsValue::Object(info) = measure_values(&plain, &options) else {
        return Err(Failure::script("nothing was measured").into());
    };
    let whole: Option<INT> = plain.iter().map(whole_number).try_fold(0_i64, |sum, value| sum.checked_add(value?));
    let has_numbers = plain.iter().any(is_number);
    let types = TypeNames::new(["Microsoft.PowerShell.Commands.GenericMeasureInfo", "System.Object"]);
    let mut builder = PsObject::builder().types(types);
    for (name, value) in info.properties() {
        let value = match (&*name, whole) {
            ("StandardDeviation", _) => continue,
            ("Sum" | "Average", _) if !has_numbers => PsValue::Null,
            ("Sum", Some(sum)) => PsValue::I64(sum),
            ("Maximum" | "Minimum", Some(_)) if !is_size => narrowed(value),
            _ => value,
        };
        let is_measure = !matches!(&*name, "Count" | "Property");
        builder = builder.adapted(name, if is_size && is_measure { as_size(&value) } else { value });
    }
    Ok(Dynamic::from(Record(builder.build())))
}

fn is_number(value: &PsValue) -> bool {
    whole_number(value).is_some()
        || matches!(value, PsValue::F64(_) | PsValue::F32(_) | PsValue::Decimal(_) | PsValue::U64(_))
}

/// A double that is a whole number as one.
fn narrowed(value: PsValue) -> PsValue {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
        PsValue::F64(number) if number.fract() == 0.0 && number.abs() < 9e15 => PsValue::I64(number as INT),
        other => other,
    }
}

/// Bytes as the size that a server would write.
fn as_size(bytes: &PsValue) -> PsValue {
    let size = match narrowed_bytes(bytes) {
        Some(bytes) => Size::of(bytes),
        None => Size::unlimited(),
    };
    size.to_property()
}

fn narrowed_bytes(value: &PsValue) -> Option<i64> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
        PsValue::F64(number) => (number.is_finite() && number.abs() < 9e18).then(|| number.round() as i64),
        other => whole_number(other),
    }
}
