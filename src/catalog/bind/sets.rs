//! Which parameter sets remain, and which one is meant when several do.
//!
//! Not here: how parameters narrow the sets (`binder`), what is missing (`mandatory`).

use crate::catalog::{Parameter, ParameterSets, PipelineInput};

use super::BindProblem;
use super::binder::Prepared;
use super::values::Values;

impl<W: Values> Prepared<'_, W> {
    /// Without piped objects the set must be settled and complete.
    pub(super) fn settle_without_input(&mut self) -> Result<(), BindProblem> {
        self.validate(false, true)?;
        self.require(false)
    }

    /// After names and positions; piped objects may still add parameters.
    pub(super) fn settle_before_input(&mut self) -> Result<(), BindProblem> {
        if !self.at.expects_input {
            return self.settle_without_input();
        }
        self.at.open = self.at.valid;
        if self.validate(true, false)? > 1 {
            let taking = self.sets_with_input();
            if taking != self.at.valid {
                self.at.valid = taking;
                self.validate(true, false)?;
            }
        }
        self.require_before_input()
    }

    /// How many sets remain; takes the default one if `settle`. With none, or several that nothing decides between, it fails.
    ///
    /// Before and while objects are piped (`piping`), what they bring may still decide.
    pub(super) fn validate(&mut self, piping: bool, settle: bool) -> Result<usize, BindProblem> {
        let count = self.at.valid.len();
        if count == 0 {
            return Err(self.undecided());
        }
        if count == 1 {
            return Ok(1);
        }
        let untouched = self.at.valid == self.cmdlet.all_sets();
        if untouched && piping && self.takes_input() {
            return Ok(count);
        }
        let default = self.default_sets() & self.at.valid;
        if !default.is_empty() {
            if settle {
                self.at.valid = default;
                return Ok(1);
            }
            return Ok(count);
        }
        if piping && self.takes_input() {
            return Ok(count);
        }
        let incomplete = self.unbound().fold(ParameterSets::NONE, |sets, (_, parameter)| sets | parameter.required_in);
        let complete = self.at.valid & !incomplete;
        if complete.len() != 1 {
            return Err(self.undecided());
        }
        self.at.valid = complete;
        Ok(1)
    }

    pub(super) fn undecided(&self) -> BindProblem {
        let candidates = self.at.valid.iter().filter_map(|set| self.cmdlet.sets.get(set).cloned()).collect();
        BindProblem::ParameterSet { candidates }
    }

    /// Whether a parameter without a value takes piped objects in a set that remains.
    fn takes_input(&self) -> bool {
        self.unbound().any(|(_, parameter)| !(parameter.taking(PipelineInput::any) & self.at.valid).is_empty())
    }

    /// The remaining sets that have a use for piped objects; all of them if none has, or if a parameter of every set does.
    fn sets_with_input(&self) -> ParameterSets {
        let delayed = self.at.delayed.iter().filter_map(|(index, _)| self.cmdlet.parameters.get(*index));
        let mut taking = delayed.fold(ParameterSets::NONE, |all, parameter| all | parameter.sets);
        let all = self.cmdlet.all_sets();
        for (_, parameter) in self.unbound() {
            let sets = parameter.taking(PipelineInput::any);
            if sets & all == all {
                return self.at.valid;
            }
            taking = taking | sets;
        }
        let taking = self.at.valid & taking;
        if taking.is_empty() { self.at.valid } else { taking }
    }

    pub(super) fn is_in_all_sets(&self, parameter: &Parameter) -> bool {
        let all = self.cmdlet.all_sets();
        parameter.sets & all == all
    }
}
