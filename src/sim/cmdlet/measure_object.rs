//! Measure-Object: how many objects came, and sums over one property.

use super::call::Call;
use super::{Outcome, Spec, Work};
use crate::clixml::{PsObject, PsValue, TypeNames};
use crate::sim::org::value;

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Measure-Object",
        parameters: &[],
        output: "Microsoft.PowerShell.Commands.GenericMeasureInfo",
        start: |_| Box::<Measure>::default(),
    }]
}

#[derive(Default)]
struct Measure {
    count: i32,
    numbers: Vec<f64>,
}

impl Work for Measure {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let Some(input) = call.input.or_else(|| call.value("InputObject")) else { return Ok(()) };
        let measured = match call.text("Property") {
            None => input.clone(),
            Some(name) => match input.as_object().and_then(|object| object.get(&name)) {
                Some(value) => value,
                None => return Ok(()),
            },
        };
        self.count += 1;
        if let Some(number) = value::plain_text(&measured).and_then(|text| text.parse().ok()) {
            self.numbers.push(number);
        }
        Ok(())
    }

    fn finish(&mut self, call: &mut Call<'_>) -> Outcome {
        let wanted = |name: &str, number: Option<f64>| match number {
            Some(number) if call.flag(name) => PsValue::F64(number),
            _ => PsValue::Null,
        };
        let sum: f64 = self.numbers.iter().sum();
        let some = !self.numbers.is_empty();
        let info = PsObject::builder()
            .types(TypeNames::new([
                "Microsoft.PowerShell.Commands.GenericMeasureInfo",
                "Microsoft.PowerShell.Commands.MeasureInfo",
                "System.Object",
            ]))
            .to_string_text("Microsoft.PowerShell.Commands.GenericMeasureInfo")
            .adapted("Count", PsValue::I32(self.count))
            .adapted("Average", wanted("Average", some.then(|| sum / self.numbers.len() as f64)))
            .adapted("Sum", wanted("Sum", some.then_some(sum)))
            .adapted("Maximum", wanted("Maximum", self.numbers.iter().copied().reduce(f64::max)))
            .adapted("Minimum", wanted("Minimum", self.numbers.iter().copied().reduce(f64::min)))
            .adapted("Property", call.text("Property").map_or(PsValue::Null, PsValue::from))
            .build();
        call.output(info)
    }
}
