//! Exchange's cmdlets in a script: bound with the catalogue, run by whoever stands behind [`Exchange`].
//!
//! Knows neither sessions nor the wire.

use std::sync::Arc;

use super::command::{Common, Out, Place};
use super::fault::{Fault, Problem, Res};
use super::options::Message;
use super::pipe::{Sink, Stage};
use super::state::Cx;
use super::value::{Hash, HashKind, Obj, V};
use crate::catalog::Cmdlet;
use crate::catalog::bind::{Argument, BindError, Binder, BoundCall, Flavour, Given, Prepared, text_of};
use crate::clixml::PsValue;
use crate::render::view::Views;

/// Runs cmdlets.
pub trait Exchange: Send + Sync {
    /// The cmdlet's metadata, if there is such a cmdlet.
    fn find(&self, name: &str) -> Option<Arc<Cmdlet>>;

    /// Whether there is an Exchange behind it now.
    fn is_connected(&self) -> bool {
        true
    }

    /// Adds the views of what the cmdlets give.
    fn add_views(&self, _: &mut Views) {}

    /// Says which cmdlets a script may call, before it does.
    fn expect(&self, _names: &[String]) {}

    /// Runs one call; `take` gets what it gives as it comes, and ends it by an error of its own.
    ///
    /// # Errors
    /// A failure of the call as a whole, or the error of `take`.
    fn run(&self, call: &ExchangeCall, take: &mut dyn FnMut(Item) -> Res<()>) -> Res<()>;
}

/// One bound call.
#[derive(Debug, Clone)]
pub struct ExchangeCall {
    /// The cmdlet as it was called; a prefix may belong to it.
    pub name: String,
    /// The cmdlet and its parameters.
    pub bound: BoundCall,
    /// The piped object that caused the call.
    pub input: Option<PsValue>,
}

/// What a call gives.
#[derive(Debug, Clone)]
pub enum Item {
    /// An object.
    Output(V),
    /// An error that does not end it.
    Error(Problem),
    /// An error that ends it.
    Failure(Problem),
    /// A message.
    Message(Message, String),
}

/// A stage for a cmdlet of Exchange; `None` when there is no such cmdlet.
///
/// # Errors
/// When the arguments do not fit.
pub(super) fn stage(
    cx: Cx<'_>,
    exchange: &Arc<dyn Exchange>,
    name: &str,
    args: &[V],
    next: &Arc<dyn Sink>,
    number: u64,
    place: Place,
) -> Res<Option<Arc<dyn Stage>>> {
    let Some(cmdlet) = exchange.find(name) else { return Ok(None) };
    let mut arguments = super::bind::arguments(args, &given);
    for (parameter, value) in super::bind::default_parameters(cx, &cmdlet.name)? {
        arguments.push(Argument::Default(parameter, super::text::to_wire(&value)));
    }
    let common = with_prepared(&cmdlet, &arguments, place.piped, |prepared| Ok(common_of(prepared)))?;
    let stage = ExchangeStage {
        exchange: exchange.clone(),
        name: name.to_owned(),
        cmdlet,
        arguments,
        out: Out::new(next.clone(), number, common),
        piped: place.piped,
    };
    Ok(Some(Arc::new(stage)))
}

/// The parameters that say how messages and errors go on.
fn common_of(prepared: &Prepared<'_>) -> Common {
    let text = |name: &str| prepared.common(name).map(text_of);
    Common {
        error_action: text("ErrorAction"),
        warning_action: text("WarningAction"),
        information_action: text("InformationAction"),
        error_variable: text("ErrorVariable"),
        information_variable: text("InformationVariable"),
        warning_variable: text("WarningVariable"),
        out_variable: text("OutVariable"),
        pipeline_variable: text("PipelineVariable"),
        verbose: text("Verbose").map(|value| value.eq_ignore_ascii_case("true")),
        debug: text("Debug").map(|value| value.eq_ignore_ascii_case("true")),
    }
}

fn with_prepared<T>(
    cmdlet: &Cmdlet,
    arguments: &[Argument],
    piped: bool,
    work: impl FnOnce(&Prepared<'_>) -> Result<T, BindError>,
) -> Res<T> {
    Binder::new(cmdlet, Flavour::Function)
        .prepare(arguments.to_vec(), piped)
        .and_then(|prepared| work(&prepared))
        .map_err(|error| super::wording::problem(cmdlet, &error).fault())
}

fn given(value: &V) -> Given {
    match value {
        // a bare number keeps its spelling for parameters of type string
        V::Obj(object) if object.is("spelled") => Given {
            value: super::text::to_wire(&object.base()),
            spelling: object.own_text().map(|text| (*text).into()),
        },
        other => Given::from(super::text::to_wire(&unspelled(other))),
    }
}

struct ExchangeStage {
    exchange: Arc<dyn Exchange>,
    name: String,
    cmdlet: Arc<Cmdlet>,
    arguments: Vec<Argument>,
    out: Out,
    piped: bool,
}

impl ExchangeStage {
    fn with_prepared<T>(&self, work: impl FnOnce(&Prepared<'_>) -> Result<T, BindError>) -> Res<T> {
        with_prepared(&self.cmdlet, &self.arguments, self.piped, work)
    }

    fn perform(&self, cx: Cx<'_>, bound: BoundCall, input: Option<PsValue>) -> Res<()> {
        let common = self.out.common();
        let call = ExchangeCall { name: self.name.clone(), bound, input };
        self.exchange.run(&call, &mut |item| match item {
            Item::Output(value) => self.out.push(cx, value),
            Item::Error(problem) => self.out.error(cx, problem),
            Item::Failure(problem) if common.error_action.is_some() => {
                self.out.error(cx, problem.clone())?;
                problem.err()
            }
            Item::Failure(problem) => problem.err(),
            Item::Message(kind, text) => super::command::write_message(cx, kind, &text, &common).map(drop),
        })
    }

    /// What the script blocks among the arguments give for this object.
    fn evaluate(&self, cx: Cx<'_>, input: &V) -> Res<Vec<PsValue>> {
        let delayed = self.with_prepared(|prepared| {
            Ok(prepared.delayed().map(|(name, script)| (name.to_owned(), script.to_string())).collect::<Vec<_>>())
        })?;
        let mut evaluated = Vec::new();
        for (name, script) in delayed {
            let block = super::engine::compile_block(cx, &script)?;
            match super::bind::delayed(cx, &name, &block, input)? {
                Ok(value) => evaluated.push(super::text::to_wire(&value)),
                Err(problem) => {
                    let error = BindError { cmdlet: self.cmdlet.name.clone(), problem };
                    return Err(super::wording::problem(&self.cmdlet, &error).fault());
                }
            }
        }
        Ok(evaluated)
    }
}

impl Stage for ExchangeStage {
    fn begin(&self, cx: Cx<'_>) -> Res<()> {
        self.out.begin(cx);
        Ok(())
    }

    fn process(&self, cx: Cx<'_>, input: Option<V>) -> Res<()> {
        let Some(input) = input else {
            let bound = self.with_prepared(|prepared| prepared.clone().call())?;
            return self.perform(cx, bound, None);
        };
        let wire = super::text::to_wire(&input);
        let bound = self
            .evaluate(cx, &input)
            .and_then(|evaluated| self.with_prepared(|prepared| prepared.call_with(&wire, &evaluated)));
        match bound {
            Ok(bound) => self.perform(cx, bound, Some(wire)),
            // This object does not fit; the next may.
            Err(fault) => match *fault {
                Fault::Error(record, _) => {
                    record.set("TargetObject", input);
                    self.out.error_record(cx, &record)
                }
                other => Err(Box::new(other)),
            },
        }
    }
}

/// An object that stands for a bare number with its spelling.
#[must_use]
pub(super) fn spelled(value: V, text: &str) -> V {
    V::Obj(Obj::new("spelled", Vec::<(&str, V)>::new()).with_base(value).with_text(text))
}

/// A table of arguments for splatting.
#[must_use]
pub(super) fn splat(value: V) -> V {
    let base = match value {
        V::Null | V::Nothing => V::Hash(Hash::new(HashKind::Table)),
        other => other,
    };
    V::Obj(Obj::new("splat", Vec::<(&str, V)>::new()).with_base(base))
}

/// `@args`: what a function was called with, names being names again.
pub(super) fn splat_args(value: &V) -> V {
    let restored = |item: V| match &item {
        V::Str(text) => match text.strip_prefix('-') {
            Some(name) if name.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                let bare = name.strip_suffix(':');
                V::Param(bare.unwrap_or(name).into(), bare.is_some())
            }
            _ => item,
        },
        _ => item,
    };
    splat(V::array(value.clone().unrolled().into_iter().map(restored).collect()))
}

/// A bare number without its spelling, in lists too.
#[must_use]
pub(super) fn unspelled(value: &V) -> V {
    match value {
        V::Obj(object) if object.is("spelled") => object.base(),
        V::List(list)
            if list.is_array()
                && list.lock().iter().any(|item| matches!(item, V::Obj(object) if object.is("spelled"))) =>
        {
            V::array(list.items().iter().map(unspelled).collect())
        }
        other => other.clone(),
    }
}
