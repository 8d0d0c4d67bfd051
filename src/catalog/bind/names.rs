//! Names: each finds its parameter and its value, and narrows the parameter sets; then come positions and defaults.
//!
//! Not here: values without a name (`positions`), which set is taken in the end (`sets`).

use crate::catalog::{Name, Parameter, ResolveError, Resolved};

use super::binder::{Prepared, Slot, Target, target_of};
use super::values::Values;
use super::{Argument, BindProblem, Flavour, Given};

/// An argument whose name and value have found each other.
pub(super) enum Paired<V> {
    Named {
        name: String,
        given: Given<V>,
    },
    /// A name that is known to be a switch, or means nothing.
    Lone {
        name: String,
    },
    Positional(Given<V>),
    /// An entry of a table of arguments.
    Splatted {
        name: String,
        given: Given<V>,
    },
}

impl<W: Values> Prepared<'_, W> {
    pub(super) fn bind_all(&mut self, arguments: Vec<Argument<W::Value>>) -> Result<(), BindProblem> {
        let is_default = |argument: &Argument<_>| matches!(argument, Argument::Default(..));
        let (defaults, arguments): (Vec<_>, Vec<_>) = arguments.into_iter().partition(is_default);
        let mut left = Vec::new();
        let mut written = None;
        for argument in self.pair(arguments)? {
            if matches!(argument, Paired::Splatted { .. }) && written.is_none() {
                written = Some(self.at.bound.iter().map(|slot| slot.target).collect::<Vec<_>>());
            }
            self.bind_pair(argument, written.as_deref().unwrap_or_default(), &mut left)?;
        }
        let mut trouble = None;
        let left = self.bind_positions(left, &mut trouble)?;
        self.bind_defaults(defaults)?;
        self.validate(true, false)?;
        match self.bind_rest(left)?.into_iter().next() {
            None => self.settle_before_input(),
            Some(Paired::Positional(given)) => {
                Err(trouble.unwrap_or_else(|| BindProblem::NoPosition { value: self.values.display(&given.value) }))
            }
            Some(Paired::Named { name, .. } | Paired::Lone { name } | Paired::Splatted { name, .. }) => Err(self
                .resolve(&name)
                .err()
                .map_or(BindProblem::MissingArgument { parameter: name.into() }, Into::into)),
        }
    }

    /// Values for parameters that have none, where the parameter exists and belongs to a set that remains.
    fn bind_defaults(&mut self, defaults: Vec<Argument<W::Value>>) -> Result<(), BindProblem> {
        for default in defaults {
            let Argument::Default(name, value) = default else { continue };
            let Ok(resolved) = self.resolve(&name) else { continue };
            let fits = match resolved {
                Resolved::Own(_, parameter) => !(parameter.sets & self.at.valid).is_empty(),
                Resolved::Common(_) => true,
            };
            if fits && !self.is_bound(target_of(resolved)) {
                self.bind_named(resolved, value.into())?;
            }
        }
        Ok(())
    }

    /// Arguments that found no parameter: one may take them all, and a function without attributes keeps them.
    fn bind_rest(&mut self, left: Vec<Paired<W::Value>>) -> Result<Vec<Paired<W::Value>>, BindProblem> {
        if left.is_empty() {
            return Ok(left);
        }
        if self.values.flavour() == Flavour::Simple {
            self.at.rest = self.as_values(left);
            return Ok(Vec::new());
        }
        let takes = |parameter: &Parameter| !(parameter.takes_rest & self.at.valid).is_empty();
        let takers: Vec<usize> =
            self.unbound().filter(|(_, parameter)| takes(parameter)).map(|(index, _)| index).collect();
        match *takers {
            [] => Ok(left),
            [index] => {
                let value = self.values.rest(self.as_values(left));
                self.bind_value(index, &value.into(), true, false).map(|_| Vec::new())
            }
            _ => Err(self.undecided()),
        }
    }

    /// Arguments as a function sees them that has no parameter for them: names are words.
    fn as_values(&self, left: Vec<Paired<W::Value>>) -> Vec<W::Value> {
        let mut values = Vec::new();
        for argument in left {
            match argument {
                Paired::Positional(given) => values.push(given.value),
                Paired::Lone { name } => values.push(self.values.word(format!("-{name}"))),
                Paired::Named { name, given } | Paired::Splatted { name, given } => {
                    values.extend([self.values.word(format!("-{name}:")), given.value]);
                }
            }
        }
        values
    }

    /// Binds an argument with a name; what means no parameter, or has no name, is left for later.
    fn bind_pair(
        &mut self,
        argument: Paired<W::Value>,
        written: &[Target],
        left: &mut Vec<Paired<W::Value>>,
    ) -> Result<(), BindProblem> {
        let name = match &argument {
            Paired::Positional(_) => {
                left.push(argument);
                return Ok(());
            }
            Paired::Named { name, .. } | Paired::Lone { name } | Paired::Splatted { name, .. } => name,
        };
        let resolved = match self.resolve(name) {
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
            _ => self.bind_named(resolved, self.values.on().into()),
        }
    }

    /// Gives each name its value: the one after its colon, the next argument, or none for a switch.
    ///
    /// Splatted ones come last, so that what is written wins.
    fn pair(&self, arguments: Vec<Argument<W::Value>>) -> Result<Vec<Paired<W::Value>>, BindProblem> {
        let mut paired = Vec::new();
        let mut splatted = Vec::new();
        let mut rest = arguments.into_iter();
        let mut names_ended = false;
        while let Some(argument) = rest.next() {
            match argument {
                Argument::EndOfNames => names_ended = true,
                Argument::Splatted(name, value) => splatted.push(Paired::Splatted { name, given: value.into() }),
                Argument::Default(..) => {}
                Argument::NameValue(name, given) => paired.push(Paired::Named { name, given }),
                Argument::Value(given) => paired.push(Paired::Positional(given)),
                Argument::Name(name) if names_ended => {
                    paired.push(Paired::Positional(self.values.word(format!("-{name}")).into()));
                }
                Argument::Name(name) => {
                    let resolved = match self.resolve(&name) {
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
                    let given = self.value_after(resolved, rest.next())?;
                    paired.push(Paired::Named { name, given });
                }
            }
        }
        paired.append(&mut splatted);
        Ok(paired)
    }

    /// The argument after a name that needs a value.
    fn value_after(
        &self,
        resolved: Resolved<'_>,
        next: Option<Argument<W::Value>>,
    ) -> Result<Given<W::Value>, BindProblem> {
        let missing = || BindProblem::MissingArgument { parameter: Name::Owned(resolved.name().to_owned()) };
        match next {
            None
            | Some(Argument::NameValue(..) | Argument::Splatted(..) | Argument::Default(..) | Argument::EndOfNames) => {
                Err(missing())
            }
            Some(Argument::Value(given)) => Ok(given),
            Some(Argument::Name(next)) => match self.resolve(&next) {
                // A dashed word that is no parameter is meant as text.
                Err(ResolveError::NotFound { .. }) => Ok(self.values.word(format!("-{next}")).into()),
                Err(error) => Err(error.into()),
                Ok(_) => Err(missing()),
            },
        }
    }

    fn bind_named(&mut self, resolved: Resolved<'_>, given: Given<W::Value>) -> Result<(), BindProblem> {
        let target = target_of(resolved);
        if self.is_bound(target) {
            return Err(BindProblem::AlreadyBound { parameter: Name::Owned(resolved.name().to_owned()) });
        }
        match target {
            Target::Common(common) => {
                let value = self.values.convert_common(common, &given)?;
                self.at.bound.push(Slot { target, value, piped: false });
                Ok(())
            }
            Target::Own(index) => {
                if self.delay(index, &given)? {
                    return Ok(());
                }
                self.bind_value(index, &given, true, false).map(|_| ())
            }
        }
    }
}
