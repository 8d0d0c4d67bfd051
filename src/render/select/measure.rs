//! `Measure-Object`: counts, sums and extremes.

use rust_decimal::prelude::ToPrimitive as _;
use std::cmp::Ordering;
use std::sync::Arc;

use super::super::order;
use super::super::subject::{self, ALIVE};
use crate::clixml::{PsObject, PsValue, TypeNames};

/// What is measured.
#[derive(Debug, Clone, Default)]
pub struct MeasureOptions {
    /// The property; none means the objects themselves.
    pub property: Option<Arc<str>>,
    /// The sum.
    pub sum: bool,
    /// The mean.
    pub average: bool,
    /// The largest.
    pub maximum: bool,
    /// The smallest.
    pub minimum: bool,
    /// The standard deviation of the sample.
    pub deviation: bool,
}

/// The measures as one object; `None` when a property is asked for that no object has.
#[must_use]
pub fn measure(values: &[PsValue], options: &MeasureOptions) -> Option<PsValue> {
    let mut measured = Vec::new();
    for value in values.iter().filter(|value| !value.is_null()) {
        match &options.property {
            None => measured.push(value.clone()),
            Some(name) => measured.extend(subject::property(value, name).filter(|found| !found.is_null())),
        }
    }
    if options.property.is_some() && measured.is_empty() {
        return None;
    }
    Some(measure_values(&measured, options))
}

/// The measures of values that have been picked already; `options.property` is only their name.
#[must_use]
pub fn measure_values(measured: &[PsValue], options: &MeasureOptions) -> PsValue {
    let numbers: Vec<f64> = measured.iter().filter_map(as_number).collect();
    let when = |wanted: bool, value: Option<PsValue>| value.filter(|_| wanted).unwrap_or(PsValue::Null);
    let sum: f64 = numbers.iter().sum();
    let count = numbers.len().to_f64().unwrap_or(0.0);
    let mean = (count > 0.0).then(|| sum / count);
    let deviation = mean
        .filter(|_| count > 1.0)
        .map(|mean| (numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt());
    let extreme = |wanted: Ordering| {
        measured
            .iter()
            .cloned()
            .reduce(|best, other| if order::compare(&other, &best) == wanted { other } else { best })
            .map(widened)
    };
    // Alive it has no view: all its properties are listed.
    let info = PsObject::builder()
        .types(TypeNames::new(["Microsoft.PowerShell.Commands.GenericMeasureInfo", "System.Object", ALIVE]))
        .adapted("Count", PsValue::I32(i32::try_from(measured.len()).unwrap_or(i32::MAX)))
        .adapted("Average", when(options.average, mean.map(PsValue::F64)))
        .adapted("Sum", when(options.sum, Some(PsValue::F64(sum))))
        .adapted("Maximum", when(options.maximum, extreme(Ordering::Greater)))
        .adapted("Minimum", when(options.minimum, extreme(Ordering::Less)))
        .adapted("StandardDeviation", when(options.deviation, deviation.map(PsValue::F64)))
        .adapted("Property", options.property.as_deref().map_or(PsValue::Null, PsValue::from))
        .build();
    info.into()
}

/// Extremes of numbers are doubles.
fn widened(value: PsValue) -> PsValue {
    order::number(&value).map_or(value, PsValue::F64)
}

fn as_number(value: &PsValue) -> Option<f64> {
    match value {
        PsValue::String(text) => text.to_text().trim().parse().ok(),
        other => order::number(other),
    }
}
