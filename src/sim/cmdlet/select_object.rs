//! Select-Object, as a restricted endpoint has it: properties, first, last, skip, one property's values.
//!
//! Calculated properties need script blocks, which such an endpoint refuses.

use std::collections::VecDeque;

use super::call::{Call, identity_text};
use super::{Failure, Outcome, Spec, Work};
use crate::clixml::{Base, PsObject, PsValue, TypeNames};
use crate::sim::org::value;

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec { name: "Select-Object", parameters: &[], output: "", start: |_| Box::<Select>::default() }]
}

#[derive(Default)]
struct Select {
    seen: usize,
    shown: usize,
    last: VecDeque<PsValue>,
    texts: Vec<Vec<String>>,
}

impl Work for Select {
    fn process(&mut self, call: &mut Call<'_>) -> Outcome {
        let Some(input) = call.input.cloned().or_else(|| call.value("InputObject").cloned()) else { return Ok(()) };
        let number = |name: &str| call.value(name).and_then(value::number_of).and_then(|n| usize::try_from(n).ok());
        let (first, last, skip) = (number("First"), number("Last"), number("Skip").unwrap_or(0));
        if first == Some(0) {
            return Err(call.enough());
        }
        self.seen += 1;
        if let Some(last) = last {
            self.last.push_back(input);
            if self.last.len() > last + skip {
                self.last.pop_front();
            }
            return Ok(());
        }
        if self.seen <= skip {
            return Ok(());
        }
        self.show(call, &input)?;
        if first.is_some_and(|first| self.shown >= first) {
            return Err(call.enough());
        }
        Ok(())
    }

    fn finish(&mut self, call: &mut Call<'_>) -> Outcome {
        let skip = call.value("Skip").and_then(value::number_of).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let count = self.last.len().saturating_sub(skip);
        for input in std::mem::take(&mut self.last).into_iter().take(count) {
            self.show(call, &input)?;
        }
        Ok(())
    }
}

impl Select {
    fn show(&mut self, call: &mut Call<'_>, input: &PsValue) -> Outcome {
        self.shown += 1;
        if let Some(name) = call.text("ExpandProperty") {
            let Some(value) = input.as_object().and_then(|object| object.get(&name)) else {
                let message = format!("Property \"{name}\" cannot be found.");
                return call.error(Failure::invalid("ExpandProperty", message));
            };
            return match &value {
                PsValue::Object(object) => match object.base() {
                    Base::List(_, items) => items.iter().try_for_each(|item| call.output(item.clone())),
                    _ => call.output(value),
                },
                _ => call.output(value),
            };
        }
        let names = call.texts("Property");
        let shown = if names.is_empty() { input.clone() } else { selected(input, &names) };
        if call.flag("Unique") {
            let texts =
                properties(&shown).iter().map(|(_, value)| value::texts_of(value).join("\n")).collect::<Vec<_>>();
            let texts = if texts.is_empty() { vec![identity_text(&shown).unwrap_or_default()] } else { texts };
            if self.texts.contains(&texts) {
                return Ok(());
            }
            self.texts.push(texts);
        }
        call.output(shown)
    }
}

fn properties(value: &PsValue) -> Vec<(std::sync::Arc<str>, PsValue)> {
    value.as_object().map(PsObject::properties).unwrap_or_default()
}

/// An object of these properties only; what is not there is null.
pub(super) fn selected(value: &PsValue, names: &[String]) -> PsValue {
    let own = properties(value);
    let first = value.as_object().and_then(PsObject::type_names).and_then(|types| types.first().map(ToOwned::to_owned));
    let first = first.unwrap_or_else(|| "System.Management.Automation.PSCustomObject".to_owned());
    let selected_type = format!("Selected.{}", first.strip_prefix("Deserialized.").unwrap_or(&first));
    let mut builder = PsObject::builder().types(TypeNames::new([
        selected_type.as_str(),
        "System.Management.Automation.PSCustomObject",
        "System.Object",
    ]));
    let mut taken: Vec<String> = Vec::new();
    for name in names {
        if name.contains(['*', '?']) {
            for (known, value) in own.iter().filter(|(known, _)| value::wildcard(name, known)) {
                if !taken.iter().any(|one| one.eq_ignore_ascii_case(known)) {
                    taken.push(known.to_string());
                    builder = builder.extended(known.clone(), value.clone());
                }
            }
            continue;
        }
        if taken.iter().any(|one| one.eq_ignore_ascii_case(name)) {
            continue;
        }
        taken.push(name.clone());
        let found = own.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        builder = match found {
            Some((known, value)) => builder.extended(known.clone(), value.clone()),
            None => builder.extended(name.as_str(), PsValue::Null),
        };
    }
    builder.build().into()
}
