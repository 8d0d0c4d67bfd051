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
            open: self.cmdlet.all_sets(),
            first_choice: None,
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
    /// The same before anything was guessed of objects to come, for those that find their parameter by type.
    pub(super) open: ParameterSets,
    /// The set that piped objects are tried with before the others.
    pub(super) first_choice: Option<usize>,
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
    /// An entry of a table of arguments.
    Splatted {
        name: String,
        given: Given,
    },
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

    /// The value of a parameter that every cmdlet has.
    #[must_use]
    pub fn common(&self, name: &str) -> Option<&PsValue> {
        let is_it =
            |slot: &&Slot| matches!(slot.target, Target::Common(common) if common.name.eq_ignore_ascii_case(name));
        self.bound.iter().find(is_it).map(|slot| &slot.value)
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
        let is_default = |argument: &Argument| matches!(argument, Argument::Default(..));
        let (defaults, arguments): (Vec<Argument>, Vec<Argument>) = arguments.into_iter().partition(is_default);
        let mut left = Vec::new();
        let mut written = None;
        for argument in self.pair(arguments)? {
            if matches!(argument, Paired::Splatted { .. }) && written.is_none() {
                written = Some(self.bound.iter().map(|slot| slot.target).collect::<Vec<_>>());
            }
            self.bind_pair(argument, written.as_deref().unwrap_or_default(), &mut left)?;
        }
        let mut trouble = None;
        let left = self.bind_positions(left, &mut trouble)?;
        self.bind_defaults(defaults)?;
        self.validate(true, false)?;
        match left.into_iter().next() {
            None => self.settle_before_input(),
            Some(Paired::Positional(given)) => {
                Err(trouble.unwrap_or_else(|| BindProblem::NoPosition { value: text::display(&given.value) }))
            }
            Some(Paired::Named { name, .. } | Paired::Lone { name } | Paired::Splatted { name, .. }) => Err(self
                .cmdlet
                .resolve(&name)
                .err()
                .map_or(BindProblem::MissingArgument { parameter: name.into() }, Into::into)),
        }
    }

    /// Values for parameters that have none, where the parameter exists and belongs to a set that remains.
    fn bind_defaults(&mut self, defaults: Vec<Argument>) -> Result<(), BindProblem> {
        for default in defaults {
            let Argument::Default(name, value) = default else { continue };
            let Ok(resolved) = self.cmdlet.resolve(&name) else { continue };
            let fits = match resolved {
                Resolved::Own(_, parameter) => !(parameter.sets & self.valid).is_empty(),
                Resolved::Common(_) => true,
            };
            if fits && !self.is_bound(target_of(resolved)) {
                self.bind_named(resolved, value.into())?;
            }
        }
        Ok(())
    }

    /// Binds an argument with a name; what means no parameter, or has no name, is left for later.
    fn bind_pair(&mut self, argument: Paired, written: &[Target], left: &mut Vec<Paired>) -> Result<(), BindProblem> {
        let name = match &argument {
            Paired::Positional(_) => {
                left.push(argument);
                return Ok(());
            }
            Paired::Named { name, .. } | Paired::Lone { name } | Paired::Splatted { name, .. } => name,
        };
        let resolved = match self.cmdlet.resolve(name) {
            Ok(resolved) => resolved,
            Err(ResolveError::NotFound { .. }) => {
                left.push(argument);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        match argument {
            Paired::Splatted { .. } if written.contains(&target_of(resolved)) => Ok(()),
            Paired::Named { given, .. } | Paired::Splatted { given, .. } => self.bind_named(resolved, given),
            _ => self.bind_named(resolved, PsValue::Bool(true).into()),
        }
    }

    /// Gives each name its value: the one after its colon, the next argument, or none for a switch.
    ///
    /// Splatted ones come last, so that what is written wins.
    fn pair(&self, arguments: Vec<Argument>) -> Result<Vec<Paired>, BindProblem> {
        let mut paired = Vec::new();
        let mut splatted = Vec::new();
        let mut rest = arguments.into_iter().peekable();
        let mut names_ended = false;
        while let Some(argument) = rest.next() {
            match argument {
                Argument::EndOfNames => names_ended = true,
                Argument::Splatted(name, value) => splatted.push(Paired::Splatted { name, given: value.into() }),
                Argument::Default(..) => {}
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
                        None
                        | Some(
                            Argument::NameValue(..)
                            | Argument::Splatted(..)
                            | Argument::Default(..)
                            | Argument::EndOfNames,
                        ) => {
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
        paired.append(&mut splatted);
        Ok(paired)
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

    /// Gives values without a name to positional parameters; returns what has no place, in order.
    ///
    /// A name that means nothing takes the value after it along: that one has no position.
    fn bind_positions(
        &mut self,
        arguments: Vec<Paired>,
        trouble: &mut Option<BindProblem>,
    ) -> Result<Vec<Paired>, BindProblem> {
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
            .filter(|(index, parameter)| self.cmdlet.is_positional(*index) && !(parameter.sets & self.valid).is_empty())
            .filter_map(|(_, parameter)| parameter.position)
            .filter(|position| after.is_none_or(|after| *position > after))
            .min()
    }

    /// Tries the parameters at one position: first those of the default set, first without conversion.
    fn bind_position(
        &mut self,
        position: u8,
        given: &Given,
        trouble: &mut Option<BindProblem>,
    ) -> Result<bool, BindProblem> {
        let default = self.default_sets() & self.valid;
        for (sets, coerce) in [(default, false), (self.valid, false), (default, true), (self.valid, true)] {
            let here: Vec<usize> = self
                .unbound()
                .filter(|(_, parameter)| parameter.position == Some(position) && !(parameter.sets & sets).is_empty())
                .map(|(index, _)| index)
                .filter(|index| self.cmdlet.is_positional(*index))
                .collect();
            for index in here {
                if let Some(script) = self.delayed_script(index, given)? {
                    self.narrow(index);
                    self.delayed.push((index, script));
                    return Ok(true);
                }
                match self.bind_value(index, given, coerce, false) {
                    Ok(true) => return Ok(true),
                    Ok(false) => {}
                    // A compiled cmdlet's parameter may fail to convert where another takes the value.
                    Err(problem) if self.flavour == Flavour::Compiled && problem.is_conversion() => {
                        *trouble = Some(problem);
                    }
                    Err(problem) => return Err(problem),
                }
            }
        }
        Ok(false)
    }

    /// The default set, alone; no set if there is none.
    pub(super) fn default_sets(&self) -> ParameterSets {
        self.cmdlet.default_set.map_or(ParameterSets::NONE, ParameterSets::only)
    }
}

fn target_of(resolved: Resolved<'_>) -> Target {
    match resolved {
        Resolved::Own(index, _) => Target::Own(index),
        Resolved::Common(common) => Target::Common(common),
    }
}
