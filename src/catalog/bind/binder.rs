//! Names and positions: every argument finds its parameter, each parameter narrows the parameter sets.
//!
//! Not here: which set is taken in the end (`sets`), piped objects (`pipeline`), conversion (`convert`).

use crate::catalog::{Cmdlet, CommonParameter, Name, Parameter, ParameterSets, ResolveError, Resolved, ValueType};
use crate::clixml::{PsString, PsValue};

use super::{Argument, BindError, BindProblem, BoundCall, BoundParameter, Flavour, Given, convert, text};

/// Binds arguments to the parameters of one cmdlet.
#[derive(Debug, Clone, Copy)]
pub struct Binder<'a> {
    cmdlet: &'a Cmdlet,
    flavour: Flavour,
}

impl<'a> Binder<'a> {
    /// A binder for `cmdlet`.
    #[must_use]
    pub fn new(cmdlet: &'a Cmdlet, flavour: Flavour) -> Self {
        Self { cmdlet, flavour }
    }

    /// Binds all that is known before the first object is piped.
    ///
    /// `expects_input` says whether objects will be piped: required parameters that take them may then be missing.
    ///
    /// # Errors
    /// [`BindError`] as soon as the call cannot succeed.
    pub fn prepare(&self, arguments: Vec<Argument>, expects_input: bool) -> Result<Prepared<'a>, BindError> {
        let mut prepared = Prepared {
            cmdlet: self.cmdlet,
            flavour: self.flavour,
            expects_input,
            valid: self.cmdlet.all_sets(),
            bound: Vec::new(),
            delayed: Vec::new(),
        };
        let result = prepared.bind_all(arguments);
        result.map_err(|problem| BindError { cmdlet: self.cmdlet.name.clone(), problem })?;
        Ok(prepared)
    }
}

/// Arguments bound as far as they can be before objects are piped.
#[derive(Debug, Clone)]
pub struct Prepared<'a> {
    pub(super) cmdlet: &'a Cmdlet,
    pub(super) flavour: Flavour,
    pub(super) expects_input: bool,
    /// Sets that all bound parameters belong to.
    pub(super) valid: ParameterSets,
    pub(super) bound: Vec<Slot>,
    /// Script blocks that give the value of a parameter for each piped object.
    pub(super) delayed: Vec<(usize, PsString)>,
}

/// A parameter with its value.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) target: Target,
    pub(super) value: PsValue,
    pub(super) piped: bool,
}

/// Which parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Own(usize),
    Common(&'static CommonParameter),
}

/// An argument whose name and value have found each other.
enum Paired {
    Named {
        name: String,
        given: Given,
    },
    /// A name that is known to be a switch, or means nothing.
    Lone {
        name: String,
    },
    Positional(Given),
}

impl<'a> Prepared<'a> {
    /// The call without piped objects.
    ///
    /// # Errors
    /// [`BindError`] when no parameter set fits or a required parameter is missing.
    pub fn call(mut self) -> Result<BoundCall, BindError> {
        self.settle_without_input().map_err(|problem| self.error(problem))?;
        Ok(self.into_call())
    }

    /// Script blocks whose result is a parameter's value for each piped object: parameter name and text.
    pub fn delayed(&self) -> impl Iterator<Item = (&str, &PsString)> {
        self.delayed.iter().filter_map(|(index, script)| Some((&*self.cmdlet.parameters.get(*index)?.name, script)))
    }

    pub(super) fn error(&self, problem: BindProblem) -> BindError {
        BindError { cmdlet: self.cmdlet.name.clone(), problem }
    }

    pub(super) fn into_call(self) -> BoundCall {
        let mut call = BoundCall {
            cmdlet: self.cmdlet.name.clone(),
            set: if self.valid.len() == 1 { self.valid.first_index() } else { None },
            parameters: Vec::new(),
            kept: Vec::new(),
        };
        for slot in self.bound {
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

    pub(super) fn is_bound(&self, target: Target) -> bool {
        self.bound.iter().any(|slot| slot.target == target)
            || matches!(target, Target::Own(index) if self.delayed.iter().any(|(delayed, _)| *delayed == index))
    }

    /// Own parameters that have no value yet, by index.
    pub(super) fn unbound(&self) -> impl DoubleEndedIterator<Item = (usize, &'a Parameter)> + '_ {
        self.cmdlet.parameters.iter().enumerate().filter(|(index, _)| !self.is_bound(Target::Own(*index)))
    }

    fn bind_all(&mut self, arguments: Vec<Argument>) -> Result<(), BindProblem> {
        let (paired, splatted) = self.pair(arguments)?;
        let mut lone: Option<String> = None;
        let mut positional: Vec<Given> = Vec::new();
        let mut first_left: Option<BindProblem> = None;
        for argument in paired {
            match argument {
                Paired::Positional(given) => positional.push(given),
                Paired::Named { name, given } => match self.cmdlet.resolve(&name) {
                    Ok(resolved) => self.bind_named(resolved, given)?,
                    Err(error @ ResolveError::NotFound { .. }) => {
                        first_left.get_or_insert(error.into());
                    }
                    Err(error) => return Err(error.into()),
                },
                Paired::Lone { name } => match self.cmdlet.resolve(&name) {
                    Ok(resolved) => self.bind_named(resolved, PsValue::Bool(true).into())?,
                    Err(error) => {
                        lone.get_or_insert(name);
                        first_left.get_or_insert(error.into());
                    }
                },
            }
        }
        for (name, value) in splatted {
            match self.cmdlet.resolve(&name) {
                Ok(resolved) if self.is_bound(target_of(resolved)) => {}
                Ok(resolved) => self.bind_named(resolved, value.into())?,
                Err(error @ ResolveError::NotFound { .. }) => {
                    first_left.get_or_insert(error.into());
                }
                Err(error) => return Err(error.into()),
            }
        }
        let left = self.bind_positions(positional)?;
        if let Some(problem) = first_left {
            return Err(problem);
        }
        if let Some(given) = left {
            return Err(BindProblem::NoPosition { value: text::display(&given.value) });
        }
        self.settle_before_input()
    }

    /// Gives each name its value: the one after its colon, the next argument, or none for a switch.
    #[allow(clippy::type_complexity)] // the two halves of the arguments
    fn pair(&self, arguments: Vec<Argument>) -> Result<(Vec<Paired>, Vec<(String, PsValue)>), BindProblem> {
        let mut paired = Vec::new();
        let mut splatted = Vec::new();
        let mut rest = arguments.into_iter().peekable();
        let mut names_ended = false;
        while let Some(argument) = rest.next() {
            match argument {
                Argument::EndOfNames => names_ended = true,
                Argument::Splatted(name, value) => splatted.push((name, value)),
                Argument::NameValue(name, given) => paired.push(Paired::Named { name, given }),
                Argument::Value(given) => paired.push(Paired::Positional(given)),
                Argument::Name(name) if names_ended => {
                    paired.push(Paired::Positional(PsValue::from(format!("-{name}")).into()));
                }
                Argument::Name(name) => {
                    let resolved = match self.cmdlet.resolve(&name) {
                        Ok(resolved) => resolved,
                        Err(ResolveError::NotFound { .. }) => {
                            paired.push(Paired::Lone { name });
                            continue;
                        }
                        Err(error) => return Err(error.into()),
                    };
                    if resolved.is_switch() {
                        paired.push(Paired::Lone { name });
                        continue;
                    }
                    let missing =
                        || BindProblem::MissingArgument { parameter: Name::Owned(resolved.name().to_owned()) };
                    let given = match rest.next() {
                        None | Some(Argument::NameValue(..) | Argument::Splatted(..) | Argument::EndOfNames) => {
                            return Err(missing());
                        }
                        Some(Argument::Value(given)) => given,
                        Some(Argument::Name(next)) => match self.cmdlet.resolve(&next) {
                            // A dashed word that is no parameter is meant as text.
                            Err(ResolveError::NotFound { .. }) => PsValue::from(format!("-{next}")).into(),
                            Err(error) => return Err(error.into()),
                            Ok(_) => return Err(missing()),
                        },
                    };
                    paired.push(Paired::Named { name, given });
                }
            }
        }
        Ok((paired, splatted))
    }

    fn bind_named(&mut self, resolved: Resolved<'_>, given: Given) -> Result<(), BindProblem> {
        let target = target_of(resolved);
        if self.is_bound(target) {
            return Err(BindProblem::AlreadyBound { parameter: Name::Owned(resolved.name().to_owned()) });
        }
        match target {
            Target::Common(common) => {
                let value = convert::common(common, &given)?;
                self.bound.push(Slot { target, value, piped: false });
                Ok(())
            }
            Target::Own(index) => {
                if let Some(script) = self.delayed_script(index, &given)? {
                    self.narrow(index);
                    self.delayed.push((index, script));
                    return Ok(());
                }
                self.bind_value(index, &given, true, false).map(|_| ())
            }
        }
    }

    /// A script block for a parameter that takes piped objects but no script blocks is run for each object.
    fn delayed_script(&self, index: usize, given: &Given) -> Result<Option<PsString>, BindProblem> {
        let (Some(parameter), PsValue::ScriptBlock(script)) = (self.cmdlet.parameters.get(index), &given.value) else {
            return Ok(None);
        };
        if !parameter.pipeline.any() || matches!(parameter.value_type(), ValueType::Object | ValueType::ScriptBlock) {
            return Ok(None);
        }
        if !self.expects_input {
            return Err(BindProblem::ScriptWithoutInput { parameter: parameter.name.clone() });
        }
        Ok(Some(script.clone()))
    }

    /// Binds a value to an own parameter; without `coerce` only one that is of its type already.
    pub(super) fn bind_value(
        &mut self,
        index: usize,
        given: &Given,
        coerce: bool,
        piped: bool,
    ) -> Result<bool, BindProblem> {
        let Some(parameter) = self.cmdlet.parameters.get(index) else { return Ok(false) };
        if !coerce && !convert::is_instance(parameter, &given.value) {
            return Ok(false);
        }
        let value = convert::to_parameter(parameter, given, self.flavour)?;
        convert::refuse_empty(parameter, &value)?;
        self.narrow(index);
        self.bound.push(Slot { target: Target::Own(index), value, piped });
        Ok(true)
    }

    fn narrow(&mut self, index: usize) {
        if let Some(parameter) = self.cmdlet.parameters.get(index) {
            self.valid = self.valid & parameter.sets;
        }
    }

    /// Gives values without a name to positional parameters; returns the first that has no place.
    fn bind_positions(&mut self, values: Vec<Given>) -> Result<Option<Given>, BindProblem> {
        let mut values = values.into_iter();
        let mut left = None;
        let mut next = values.next();
        let mut position: Option<u8> = None;
        while let Some(given) = next.take() {
            let after = position.map_or(0, |position| u16::from(position) + 1);
            let following = self
                .unbound()
                .filter(|(_, parameter)| !(parameter.sets & self.valid).is_empty())
                .filter_map(|(_, parameter)| parameter.position)
                .filter(|position| u16::from(*position) >= after)
                .min();
            let Some(here) = following else {
                left.get_or_insert(given);
                break;
            };
            position = Some(here);
            if !self.bind_position(here, &given)? {
                left.get_or_insert(given);
            }
            next = values.next();
        }
        Ok(left)
    }

    /// Tries the parameters at one position: first those of the default set, first without conversion.
    fn bind_position(&mut self, position: u8, given: &Given) -> Result<bool, BindProblem> {
        let default = self.cmdlet.default_set.map_or(ParameterSets::NONE, ParameterSets::only) & self.valid;
        for (sets, coerce) in [(default, false), (self.valid, false), (default, true), (self.valid, true)] {
            let here: Vec<usize> = self
                .unbound()
                .filter(|(_, parameter)| parameter.position == Some(position) && !(parameter.sets & sets).is_empty())
                .map(|(index, _)| index)
                .collect();
            for index in here {
                if let Some(script) = self.delayed_script(index, given)? {
                    self.narrow(index);
                    self.delayed.push((index, script));
                    return Ok(true);
                }
                if self.bind_value(index, given, coerce, false)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

fn target_of(resolved: Resolved<'_>) -> Target {
    match resolved {
        Resolved::Own(index, _) => Target::Own(index),
        Resolved::Common(common) => Target::Common(common),
    }
}
