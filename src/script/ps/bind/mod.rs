//! Arguments to parameters, for functions of the script and for built-ins, over live values.
//!
//! Every decision (names, positions, parameter sets, what is missing, what piped objects bring, which error it is) is
//! `catalog::bind`'s, which binds Exchange's cmdlets with the same code. Here is what differs: how live values
//! convert and what attributes refuse (`values`), what a declaration says (`param`, `signature`). The parameters of
//! methods are matched in `class`: .NET chooses among overloads by other rules.

mod arguments;
mod around;
mod bound;
mod describe;
mod param;
mod signature;
mod values;

use std::cell::RefCell;

use super::block::Block;
use super::fault::{Fault, Res, summary};
use super::state::Cx;
use super::value::V;
use crate::catalog::Name;
use crate::catalog::bind::{Argument, BindError, BindProblem, Binder, Flavour, Given, Prepared, Suspended};

pub(super) use arguments::{arguments, unbound};
pub(super) use around::{default_parameters, preferences};
pub(super) use bound::Bound;
pub(super) use describe::Described;
pub(super) use param::ParamSpec;
pub(super) use signature::{Manner, Signature};
use values::Live;
pub(super) use values::NULL;

/// A call that is bound as far as it can be before objects are piped.
pub(super) type Waiting = Suspended<V, Block>;

impl Signature {
    /// What `Get-Command` says of it.
    pub(super) fn described(&self) -> Described<'_> {
        Described { cmdlet: &self.cmdlet, params: &self.params, common: self.flavour != Flavour::Simple }
    }

    /// Binds what is written; objects that are to come (`piped`) may add to what is given back.
    ///
    /// # Errors
    /// What PowerShell's binder reports, its ids ending in `id`.
    pub(super) fn bind(
        &self,
        cx: Cx<'_>,
        id: &str,
        args: &[V],
        defaults: Vec<(String, V)>,
        piped: bool,
    ) -> Res<(Bound, Waiting)> {
        let escaped = RefCell::new(None);
        let mut written = arguments(args, &|value| Given::from(value.clone()));
        written.extend(defaults.into_iter().map(|(name, value)| Argument::Default(name, value)));
        let prepared = Binder::over(&self.cmdlet, Live { cx, signature: self, escaped: &escaped })
            .prepare(written, piped)
            .map_err(|error| self.fault(id, error, &escaped, V::Null))?;
        Ok((bound(&prepared), prepared.suspend()))
    }

    /// Binds one piped object to what was written.
    ///
    /// # Errors
    /// What PowerShell's binder reports, or what a script block among the arguments throws at it.
    pub(super) fn bind_input(&self, cx: Cx<'_>, id: &str, waiting: Waiting, input: &V) -> Res<Bound> {
        let escaped = RefCell::new(None);
        let prepared = Binder::over(&self.cmdlet, Live { cx, signature: self, escaped: &escaped }).resume(waiting);
        let mut evaluated = Vec::new();
        for (parameter, block) in prepared.delayed() {
            match delayed(cx, parameter, block, input)? {
                Ok(value) => evaluated.push(value),
                Err(problem) => {
                    return Err(self.fault(
                        id,
                        BindError { cmdlet: Name::Borrowed(""), problem },
                        &escaped,
                        input.clone(),
                    ));
                }
            }
        }
        let complete = prepared
            .complete_with(input, &evaluated)
            .map_err(|error| self.fault(id, error, &escaped, input.clone()))?;
        Ok(bound(&complete))
    }

    fn fault(&self, id: &str, error: BindError, escaped: &RefCell<Option<Box<Fault>>>, target: V) -> Box<Fault> {
        let named = BindError { cmdlet: Name::Owned(id.to_owned()), ..error };
        escaped.take().unwrap_or_else(|| super::wording::problem(&self.cmdlet, &named).target(target).fault())
    }
}

fn bound(prepared: &Prepared<'_, Live<'_, '_>>) -> Bound {
    let mut bound = Bound::new(prepared.set_name(), prepared.rest().iter().map(super::exchange::unspelled).collect());
    for (name, value) in prepared.bound() {
        bound.set(name, value.clone());
    }
    bound
}

/// An error of the binder that a built-in finds by itself.
pub(super) fn failed(command: &str, id: &str, problem: BindProblem) -> Box<Fault> {
    let error = BindError { cmdlet: Name::Owned(id.to_owned()), problem };
    super::wording::problem(&super::builtin::signature(command).cmdlet, &error).fault()
}

/// What a script block among the arguments gives for a piped object.
///
/// # Errors
/// What ends the script.
pub(super) fn delayed(cx: Cx<'_>, parameter: &str, block: &Block, input: &V) -> Res<Result<V, BindProblem>> {
    let parameter = Name::Owned(parameter.to_owned());
    Ok(match super::invoke::collect_with_item(cx, block, input.clone(), Vec::new()) {
        Ok(values) if values.is_empty() => Err(BindProblem::ScriptWithoutOutput { parameter }),
        Ok(values) => Ok(V::from_outputs(values)),
        Err(fault) => match *fault {
            Fault::Error(record, _) => Err(BindProblem::ScriptFailed { parameter, message: summary(&record).0 }),
            other => return Err(Box::new(other)),
        },
    })
}
