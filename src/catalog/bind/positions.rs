//! Positions: values without a name find the parameters that have a place for them.
//!
//! Not here: what is done with those that find none (`names`).

use super::binder::Prepared;
use super::names::Paired;
use super::values::Values;
use super::{BindProblem, Flavour, Given};

impl<W: Values> Prepared<'_, W> {
    /// Gives values without a name to positional parameters; returns what has no place, in order.
    ///
    /// A name that means nothing takes the value after it along: that one has no position.
    pub(super) fn bind_positions(
        &mut self,
        arguments: Vec<Paired<W::Value>>,
        trouble: &mut Option<BindProblem>,
    ) -> Result<Vec<Paired<W::Value>>, BindProblem> {
        let mut left = Vec::new();
        let mut rest = arguments.into_iter().peekable();
        let mut position: Option<u8> = None;
        while let Some(here) = self.next_position(position) {
            position = Some(here);
            let given = loop {
                match rest.next() {
                    None => return Ok(left),
                    Some(Paired::Positional(given)) => break given,
                    Some(named) => {
                        left.push(named);
                        left.extend(rest.next_if(|next| matches!(next, Paired::Positional(_))));
                    }
                }
            };
            if !self.bind_position(here, &given, trouble)? {
                left.push(Paired::Positional(given));
            }
        }
        left.extend(rest);
        Ok(left)
    }

    /// The next position that a parameter without a value has.
    fn next_position(&self, after: Option<u8>) -> Option<u8> {
        self.unbound()
            .filter(|(index, parameter)| {
                !(parameter.sets & self.at.valid).is_empty() && self.cmdlet.is_positional(*index)
            })
            .flat_map(|(_, parameter)| parameter.positions(self.at.valid))
            .filter(|position| after.is_none_or(|after| *position > after))
            .min()
    }

    /// Tries the parameters at one position: first those of the default set, first without conversion.
    fn bind_position(
        &mut self,
        position: u8,
        given: &Given<W::Value>,
        trouble: &mut Option<BindProblem>,
    ) -> Result<bool, BindProblem> {
        let default = self.default_sets() & self.at.valid;
        for (sets, coerce) in [(default, false), (self.at.valid, false), (default, true), (self.at.valid, true)] {
            let here: Vec<usize> = self
                .unbound()
                .filter(|(_, parameter)| parameter.is_at(position, sets))
                .map(|(index, _)| index)
                .filter(|index| self.cmdlet.is_positional(*index))
                .collect();
            for index in here {
                if self.delay(index, given)? {
                    return Ok(true);
                }
                match self.bind_value(index, given, coerce, false) {
                    Ok(true) => return Ok(true),
                    Ok(false) => {}
                    // A compiled cmdlet's parameter may fail to convert where another takes the value.
                    Err(problem) if self.values.flavour() == Flavour::Compiled && problem.is_conversion() => {
                        *trouble = Some(problem);
                    }
                    Err(problem) => return Err(problem),
                }
            }
        }
        Ok(false)
    }
}
