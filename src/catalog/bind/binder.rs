//! The binder of one call: what is bound so far, and the calls that come of it.
//!
//! Not here: how arguments find parameters (`names`, `positions`), which set is taken in the end (`sets`), piped
//! objects (`pipeline`), conversion (`values`).

use crate::catalog::{COMMON_PARAMETERS, Cmdlet, CommonParameter, Name, Parameter, ParameterSets};
use crate::catalog::{ResolveError, Resolved};
use crate::clixml::PsValue;

use super::values::{Values, Wire};
use super::{Argument, BindError, BindProblem, BoundCall, BoundParameter, Flavour, Given};

/// Binds arguments to the parameters of one cmdlet.
#[derive(Debug, Clone, Copy)]
pub struct Binder<'a, W = Wire> {
    cmdlet: &'a Cmdlet,
    values: W,
}

impl<'a> Binder<'a> {
    /// A binder for `cmdlet`, with values as they travel.
    #[must_use]
    pub fn new(cmdlet: &'a Cmdlet, flavour: Flavour) -> Self {
        Self::over(cmdlet, Wire(flavour))
    }
}

impl<'a, W: Values> Binder<'a, W> {
    /// A binder for `cmdlet`, with values of any kind.
    #[must_use]
    pub fn over(cmdlet: &'a Cmdlet, values: W) -> Self {
        Self { cmdlet, values }
    }

    /// Binds all that is known before the first object is piped.
    ///
    /// `expects_input` says whether objects will be piped: required parameters that take them may then be missing.
    ///
    /// # Errors
    /// [`BindError`] as soon as the call cannot succeed.
    pub fn prepare(
        self,
        arguments: Vec<Argument<W::Value>>,
        expects_input: bool,
    ) -> Result<Prepared<'a, W>, BindError> {
        let mut prepared = self.resume(Suspended {
            expects_input,
            valid: self.cmdlet.all_sets(),
            open: self.cmdlet.all_sets(),
            first_choice: None,
            bound: Vec::new(),
            delayed: Vec::new(),
            rest: Vec::new(),
        });
        let result = prepared.bind_all(arguments);
        result.map_err(|problem| BindError { cmdlet: self.cmdlet.name.clone(), problem })?;
        Ok(prepared)
    }

    /// Goes on where [`Prepared::suspend`] left off.
    #[must_use]
    pub fn resume(self, at: Suspended<W::Value, W::Script>) -> Prepared<'a, W> {
        Prepared { cmdlet: self.cmdlet, values: self.values, at }
    }
}

/// Arguments bound as far as they can be before objects are piped.
#[derive(Debug)]
pub struct Prepared<'a, W: Values = Wire> {
    pub(super) cmdlet: &'a Cmdlet,
    pub(super) values: W,
    pub(super) at: Suspended<W::Value, W::Script>,
}

impl<W: Values> Clone for Prepared<'_, W> {
    fn clone(&self) -> Self {
        Self { cmdlet: self.cmdlet, values: self.values, at: self.at.clone() }
    }
}

/// How far a call is bound, without the cmdlet that it is of.
#[derive(Debug, Clone)]
pub struct Suspended<V, S> {
    pub(super) expects_input: bool,
    /// Sets that all bound parameters belong to.
    pub(super) valid: ParameterSets,
    /// The same before anything was guessed of objects to come, for those that find their parameter by type.
    pub(super) open: ParameterSets,
    /// The set that piped objects are tried with before the others.
    pub(super) first_choice: Option<usize>,
    pub(super) bound: Vec<Slot<V>>,
    /// Script blocks that give the value of a parameter for each piped object.
    pub(super) delayed: Vec<(usize, S)>,
    /// Arguments that nothing takes, of a function without attributes.
    pub(super) rest: Vec<V>,
}

/// A parameter with its value.
#[derive(Debug, Clone)]
pub(super) struct Slot<V> {
    pub(super) target: Target,
    pub(super) value: V,
    pub(super) piped: bool,
}

/// Which parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Own(usize),
    Common(&'static CommonParameter),
}

impl Prepared<'_, Wire> {
    /// The call without piped objects.
    ///
    /// # Errors
    /// [`BindError`] when no parameter set fits or a required parameter is missing.
    pub fn call(mut self) -> Result<BoundCall, BindError> {
        self.settle_without_input().map_err(|problem| self.error(problem))?;
        Ok(self.into_call())
    }

    /// The call for one piped object. `evaluated` holds the results of [`Prepared::delayed`] for this object, in order.
    ///
    /// # Errors
    /// [`BindError`]: this object fails, the next may still bind.
    pub fn call_with(&self, input: &PsValue, evaluated: &[PsValue]) -> Result<BoundCall, BindError> {
        Ok(self.clone().complete_with(input, evaluated)?.into_call())
    }

    fn into_call(self) -> BoundCall {
        let mut call = BoundCall {
            cmdlet: self.cmdlet.name.clone(),
            set: if self.at.valid.len() == 1 { self.at.valid.first_index() } else { None },
            parameters: Vec::new(),
            kept: Vec::new(),
        };
        for slot in self.at.bound {
            let (name, is_sent) = match slot.target {
                Target::Own(index) => match self.cmdlet.parameters.get(index) {
                    Some(parameter) => (parameter.name.clone(), true),
                    None => continue,
                },
                Target::Common(common) => (Name::Borrowed(common.name), common.is_sent),
            };
            let bound = BoundParameter { name, value: slot.value, piped: slot.piped };
            if is_sent { call.parameters.push(bound) } else { call.kept.push(bound) }
        }
        call
    }
}

impl<'a, W: Values> Prepared<'a, W> {
    /// What there is to keep until an object comes; [`Binder::resume`] goes on with it.
    #[must_use]
    pub fn suspend(self) -> Suspended<W::Value, W::Script> {
        self.at
    }

    /// The parameters that have values, in the order of binding.
    pub fn bound(&self) -> impl Iterator<Item = (&str, &W::Value)> {
        self.at.bound.iter().filter_map(|slot| match slot.target {
            Target::Own(index) => Some((&*self.cmdlet.parameters.get(index)?.name, &slot.value)),
            Target::Common(common) => Some((common.name, &slot.value)),
        })
    }

    /// Arguments that nothing takes, of a function without attributes.
    #[must_use]
    pub fn rest(&self) -> &[W::Value] {
        &self.at.rest
    }

    /// The name of the parameter set as a cmdlet sees it: empty while several are possible.
    #[must_use]
    pub fn set_name(&self) -> &str {
        let set = match self.at.valid {
            all if all == self.cmdlet.all_sets() => self.cmdlet.default_set.or((all.len() == 1).then_some(0)),
            some if some.len() == 1 => some.first_index(),
            _ => return "",
        };
        set.and_then(|set| self.cmdlet.sets.get(set)).map_or("__AllParameterSets", |name| name)
    }

    /// The value of a parameter that every cmdlet has.
    #[must_use]
    pub fn common(&self, name: &str) -> Option<&W::Value> {
        let is_it =
            |slot: &&Slot<_>| matches!(slot.target, Target::Common(common) if common.name.eq_ignore_ascii_case(name));
        self.at.bound.iter().find(is_it).map(|slot| &slot.value)
    }

    /// Script blocks whose result is a parameter's value for each piped object: parameter name and block.
    pub fn delayed(&self) -> impl Iterator<Item = (&str, &W::Script)> {
        self.at.delayed.iter().filter_map(|(index, script)| Some((&*self.cmdlet.parameters.get(*index)?.name, script)))
    }

    pub(super) fn error(&self, problem: BindProblem) -> BindError {
        BindError { cmdlet: self.cmdlet.name.clone(), problem }
    }

    pub(super) fn is_bound(&self, target: Target) -> bool {
        self.at.bound.iter().any(|slot| slot.target == target)
            || matches!(target, Target::Own(index) if self.at.delayed.iter().any(|(delayed, _)| *delayed == index))
    }

    /// Own parameters that have no value yet, by index.
    pub(super) fn unbound(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Parameter)> + '_ {
        self.cmdlet.parameters.iter().enumerate().filter(|(index, _)| !self.is_bound(Target::Own(*index)))
    }

    /// The parameter that a name means.
    pub(super) fn resolve(&self, name: &str) -> Result<Resolved<'a>, ResolveError> {
        let common: &'static [CommonParameter] =
            if self.values.flavour() == Flavour::Simple { &[] } else { &COMMON_PARAMETERS };
        self.cmdlet.resolve_with(name, common)
    }

    /// Binds a value to an own parameter; without `coerce` only one that is of its type already.
    pub(super) fn bind_value(
        &mut self,
        index: usize,
        given: &Given<W::Value>,
        coerce: bool,
        piped: bool,
    ) -> Result<bool, BindProblem> {
        let Some(parameter) = self.cmdlet.parameters.get(index) else { return Ok(false) };
        if !coerce && !self.values.is_instance(index, parameter, &given.value) {
            return Ok(false);
        }
        let value = self.values.convert(index, parameter, given)?;
        self.narrow(index);
        self.at.bound.push(Slot { target: Target::Own(index), value, piped });
        Ok(true)
    }

    /// A script block for a parameter that takes piped objects but no script blocks is run for each object; whether
    /// this is one.
    pub(super) fn delay(&mut self, index: usize, given: &Given<W::Value>) -> Result<bool, BindProblem> {
        let Some(parameter) = self.cmdlet.parameters.get(index) else { return Ok(false) };
        let Some(script) = self.values.script(parameter, &given.value) else { return Ok(false) };
        if parameter.taking(|pipeline| pipeline.any()).is_empty() {
            return Ok(false);
        }
        if !self.at.expects_input {
            return Err(BindProblem::ScriptWithoutInput { parameter: parameter.name.clone() });
        }
        self.narrow(index);
        self.at.delayed.push((index, script));
        Ok(true)
    }

    pub(super) fn narrow(&mut self, index: usize) {
        if let Some(parameter) = self.cmdlet.parameters.get(index) {
            self.at.valid = self.at.valid & parameter.sets;
        }
    }

    /// The default set, alone; no set if there is none.
    pub(super) fn default_sets(&self) -> ParameterSets {
        self.cmdlet.default_set.map_or(ParameterSets::NONE, ParameterSets::only)
    }
}

pub(super) fn target_of(resolved: Resolved<'_>) -> Target {
    match resolved {
        Resolved::Own(index, _) => Target::Own(index),
        Resolved::Common(common) => Target::Common(common),
    }
}
