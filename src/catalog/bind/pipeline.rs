//! Piped objects: first the object itself, then its properties; first without conversion, then with.
//!
//! Not here: asking for the next object, or stopping when enough have come.

use crate::catalog::{Parameter, ParameterSets};
use crate::clixml::PsValue;

use super::binder::Prepared;
use super::{BindError, BindProblem, BoundCall, Given, text};

/// The four rounds in which unbound parameters look at a piped object.
const ROUNDS: [(Take, bool); 4] =
    [(Take::Value, false), (Take::Property, false), (Take::Value, true), (Take::Property, true)];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Take {
    Value,
    Property,
}

impl Prepared<'_> {
    /// The call for one piped object. `evaluated` holds the results of [`Prepared::delayed`] for this object, in order.
    ///
    /// # Errors
    /// [`BindError`]: this object fails, the next may still bind.
    pub fn call_with(&self, input: &PsValue, evaluated: &[PsValue]) -> Result<BoundCall, BindError> {
        let mut call = self.clone();
        let any = call.bind_input(input, evaluated).map_err(|problem| self.error(problem))?;
        if !any {
            return Err(self.error(BindProblem::InputNotBound { value: text::display(input) }));
        }
        call.require(true).map_err(|problem| self.error(problem))?;
        Ok(call.into_call())
    }

    fn bind_input(&mut self, input: &PsValue, evaluated: &[PsValue]) -> Result<bool, BindProblem> {
        let mut any = false;
        for ((index, _), value) in std::mem::take(&mut self.delayed).into_iter().zip(evaluated) {
            any |= self.bind_value(index, &value.clone().into(), true, false)?;
        }
        let typed = self.parameter_for_type(input);
        if typed.is_some() {
            self.valid = self.open;
            self.first_choice = None;
        }
        let first = self.first_choice.map(ParameterSets::only).filter(|first| *first != self.valid);
        if let Some(first) = first {
            for (take, coerce) in ROUNDS {
                any |= self.round(input, take, coerce, first, typed)?;
            }
        }
        match first {
            Some(first) if self.valid == first => {}
            _ => {
                let mut sets = first.map_or(self.valid, |first| self.valid & !first);
                for (take, coerce) in ROUNDS {
                    if self.round(input, take, coerce, sets, typed)? {
                        any = true;
                        self.validate(true, true)?;
                        sets = self.valid;
                    }
                }
            }
        }
        self.validate(false, true)?;
        Ok(any)
    }

    /// One round: the parameters of the default set, or if none of them takes anything those of the other sets.
    fn round(
        &mut self,
        input: &PsValue,
        take: Take,
        coerce: bool,
        sets: ParameterSets,
        typed: Option<usize>,
    ) -> Result<bool, BindProblem> {
        let default = self.default_sets() & sets;
        Ok(self.round_in(input, take, coerce, default, typed)?
            || self.round_in(input, take, coerce, sets & !default, typed)?)
    }

    /// One round over the parameters of `sets`; the last documented ones come first, as PowerShell goes through them.
    fn round_in(
        &mut self,
        input: &PsValue,
        take: Take,
        coerce: bool,
        sets: ParameterSets,
        typed: Option<usize>,
    ) -> Result<bool, BindProblem> {
        let mut any = false;
        let candidates: Vec<usize> = self
            .unbound()
            .rev()
            .filter(|(index, parameter)| !(parameter.sets & sets).is_empty() && takes(parameter, take, *index, typed))
            .map(|(index, _)| index)
            .collect();
        for index in candidates {
            let Some(parameter) = self.cmdlet.parameters.get(index) else { continue };
            let value = match take {
                Take::Value => Some(input.clone()),
                Take::Property => property(input, parameter),
            };
            let Some(value) = value else { continue };
            any |= match self.bind_value(index, &Given::from(value), coerce, true) {
                // An object as a whole that is of another type is simply not for this parameter.
                Err(problem) if take == Take::Value && problem.is_conversion() => false,
                bound => bound?,
            };
        }
        Ok(any)
    }

    /// The parameter that takes objects of this very type, where the cmdlet has several identities.
    fn parameter_for_type(&self, input: &PsValue) -> Option<usize> {
        let types = input.as_object()?.type_names()?;
        let is_of = |wanted: &str| {
            types.iter().any(|name| name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(wanted)))
        };
        self.unbound()
            .filter(|(_, parameter)| !(parameter.sets & self.open).is_empty())
            .find(|(_, parameter)| parameter.pipeline.by_type.is_some_and(|piped| is_of(piped.type_name())))
            .map(|(index, _)| index)
    }
}

fn takes(parameter: &Parameter, take: Take, index: usize, typed: Option<usize>) -> bool {
    match typed {
        Some(chosen) if chosen == index => take == Take::Value,
        // The object has found its place by type: it is no identity of anything else.
        Some(_) if parameter.pipeline.by_value => false,
        _ => match take {
            Take::Value => parameter.pipeline.by_value,
            Take::Property => parameter.pipeline.by_property_name,
        },
    }
}

/// The property of the parameter's name or one of its aliases.
fn property(input: &PsValue, parameter: &Parameter) -> Option<PsValue> {
    let object = input.as_object()?;
    std::iter::once(&parameter.name).chain(&parameter.aliases).find_map(|name| object.get(name))
}
