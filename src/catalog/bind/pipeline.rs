//! Piped objects: first the object itself, then its properties; first without conversion, then with.
//!
//! Not here: asking for the next object, or stopping when enough have come.

use crate::catalog::{Parameter, ParameterSets};

use super::binder::Prepared;
use super::values::Values;
use super::{BindError, BindProblem, Given};

/// The four rounds in which unbound parameters look at a piped object.
const ROUNDS: [(Take, bool); 4] =
    [(Take::Value, false), (Take::Property, false), (Take::Value, true), (Take::Property, true)];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Take {
    Value,
    Property,
}

impl<W: Values> Prepared<'_, W> {
    /// What one piped object adds. `evaluated` holds the results of [`Prepared::delayed`] for this object, in order.
    ///
    /// # Errors
    /// [`BindError`]: this object fails, the next may still bind.
    pub fn complete_with(mut self, input: &W::Value, evaluated: &[W::Value]) -> Result<Self, BindError> {
        let any = self.bind_input(input, evaluated).map_err(|problem| self.error(problem))?;
        if !any {
            return Err(self.error(BindProblem::InputNotBound { value: self.values.display(input) }));
        }
        self.require(true).map_err(|problem| self.error(problem))?;
        Ok(self)
    }

    fn bind_input(&mut self, input: &W::Value, evaluated: &[W::Value]) -> Result<bool, BindProblem> {
        let mut any = false;
        for ((index, _), value) in std::mem::take(&mut self.at.delayed).into_iter().zip(evaluated) {
            any |= self.bind_value(index, &value.clone().into(), true, false)?;
        }
        let typed = self.parameter_for_type(input);
        if typed.is_some() {
            self.at.valid = self.at.open;
            self.at.first_choice = None;
        }
        let first = self.at.first_choice.map(ParameterSets::only).filter(|first| *first != self.at.valid);
        if let Some(first) = first {
            for (take, coerce) in ROUNDS {
                any |= self.round(input, take, coerce, first, typed)?;
            }
        }
        match first {
            Some(first) if self.at.valid == first => {}
            _ => {
                let mut sets = first.map_or(self.at.valid, |first| self.at.valid & !first);
                for (take, coerce) in ROUNDS {
                    if self.round(input, take, coerce, sets, typed)? {
                        any = true;
                        self.validate(true, true)?;
                        sets = self.at.valid;
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
        input: &W::Value,
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
        input: &W::Value,
        take: Take,
        coerce: bool,
        sets: ParameterSets,
        typed: Option<usize>,
    ) -> Result<bool, BindProblem> {
        let mut any = false;
        let candidates: Vec<usize> = self
            .unbound()
            .rev()
            .filter(|(index, parameter)| !(takes(parameter, take, *index, typed) & sets).is_empty())
            .map(|(index, _)| index)
            .collect();
        for index in candidates {
            let Some(parameter) = self.cmdlet.parameters.get(index) else { continue };
            let value = match take {
                Take::Value => Some(input.clone()),
                Take::Property => self.property(input, parameter),
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

    /// The property of the parameter's name or one of its aliases.
    fn property(&self, input: &W::Value, parameter: &Parameter) -> Option<W::Value> {
        let mut names = std::iter::once(&parameter.name).chain(&parameter.aliases);
        names.find_map(|name| self.values.property(input, name))
    }

    /// The parameter that takes objects of this very type, where the cmdlet has several identities.
    fn parameter_for_type(&self, input: &W::Value) -> Option<usize> {
        self.unbound()
            .filter(|(_, parameter)| !(parameter.sets & self.at.open).is_empty())
            .find(|(_, parameter)| {
                parameter.pipeline.by_type.is_some_and(|piped| self.values.is_of(input, piped.type_name()))
            })
            .map(|(index, _)| index)
    }
}

/// The sets in which a parameter takes an object in this round.
fn takes(parameter: &Parameter, take: Take, index: usize, typed: Option<usize>) -> ParameterSets {
    match (typed, take) {
        (Some(chosen), Take::Value) if chosen == index => parameter.sets,
        (Some(chosen), Take::Property) if chosen == index => ParameterSets::NONE,
        // The object has found its place by type: it is no identity of anything else.
        (Some(_), _) if parameter.pipeline.by_value => ParameterSets::NONE,
        (_, Take::Value) => parameter.taking(|pipeline| pipeline.by_value),
        (_, Take::Property) => parameter.taking(|pipeline| pipeline.by_property_name),
    }
}
