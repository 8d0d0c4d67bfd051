//! Which parameter set is meant, and whether all it requires is there.
//!
//! Not here: how parameters narrow the sets (`binder`).

use crate::catalog::{Name, ParameterSets};

use super::binder::Prepared;
use super::{BindError, BindProblem};

impl Prepared<'_> {
    /// Without piped objects the set must be settled and complete.
    pub(super) fn settle_without_input(&mut self) -> Result<(), BindProblem> {
        self.choose_set()?;
        self.require(false)
    }

    /// After names and positions; piped objects may still add parameters.
    pub(super) fn settle_before_input(&mut self) -> Result<(), BindProblem> {
        if self.valid.is_empty() {
            return Err(BindProblem::ParameterSet { candidates: Vec::new() });
        }
        if !self.expects_input {
            return self.settle_without_input();
        }
        if self.valid.len() > 1 {
            self.prefer_sets_with_input();
        }
        self.drop_sets_beyond_input()
    }

    /// After a piped object has been bound.
    pub(super) fn settle_after_input(&mut self) -> Result<(), BindError> {
        self.choose_set().and_then(|()| self.require(true)).map_err(|problem| self.error(problem))
    }

    /// Takes the default set if it is possible, else the only one whose required parameters are all there.
    pub(super) fn choose_set(&mut self) -> Result<(), BindProblem> {
        match self.valid.len() {
            0 => Err(BindProblem::ParameterSet { candidates: Vec::new() }),
            1 => Ok(()),
            _ => {
                if let Some(default) = self.cmdlet.default_set.filter(|set| self.valid.contains(*set)) {
                    self.valid = ParameterSets::only(default);
                    return Ok(());
                }
                let incomplete =
                    self.unbound().fold(ParameterSets::NONE, |sets, (_, parameter)| sets | parameter.required_in);
                let complete = self.valid & !incomplete;
                if complete.len() == 1 {
                    self.valid = complete;
                    return Ok(());
                }
                let candidates = self.valid.iter().filter_map(|set| self.cmdlet.sets.get(set).cloned()).collect();
                Err(BindProblem::ParameterSet { candidates })
            }
        }
    }

    /// With objects to come, sets that have no use for them are out, unless that leaves none.
    fn prefer_sets_with_input(&mut self) {
        let taking = self
            .unbound()
            .filter(|(_, parameter)| parameter.pipeline.any())
            .map(|(_, parameter)| parameter.sets)
            .chain(self.delayed.iter().filter_map(|(index, _)| Some(self.cmdlet.parameters.get(*index)?.sets)))
            .fold(ParameterSets::NONE, |all, sets| all | sets);
        if !(self.valid & taking).is_empty() {
            self.valid = self.valid & taking;
        }
    }

    /// Sets that lack a required parameter which no piped object can give are out; if that leaves none, it is missing.
    fn drop_sets_beyond_input(&mut self) -> Result<(), BindProblem> {
        let lacking = self
            .unbound()
            .filter(|(_, parameter)| !parameter.pipeline.any())
            .fold(ParameterSets::NONE, |all, (_, parameter)| all | parameter.required_in);
        let possible = self.valid & !lacking;
        if possible.is_empty() {
            self.choose_set()?;
            let parameters: Vec<Name> =
                self.missing().filter(|(takes_input, _)| !takes_input).map(|(_, name)| name).collect();
            return Err(BindProblem::MissingMandatory { parameters, piped: false });
        }
        self.valid = possible;
        Ok(())
    }

    fn require(&self, piped: bool) -> Result<(), BindProblem> {
        let parameters: Vec<Name> = self.missing().map(|(_, name)| name).collect();
        if parameters.is_empty() { Ok(()) } else { Err(BindProblem::MissingMandatory { parameters, piped }) }
    }

    /// Required parameters without a value, and whether piped objects could give it.
    fn missing(&self) -> impl Iterator<Item = (bool, Name)> + '_ {
        self.unbound()
            .filter(|(_, parameter)| !(parameter.required_in & self.valid).is_empty())
            .map(|(_, parameter)| (parameter.pipeline.any(), parameter.name.clone()))
    }
}
