//! Exchange's cmdlets in a script: bound with the catalogue, run by whoever stands behind [`Exchange`].
//!
//! Knows neither sessions nor the wire.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::command::{Common, Out, Place};
use super::fault::{Fault, Problem, Res};
use super::pipe::{Sink, Stage};
use super::state::{Cx, Message};
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
    let mut arguments = arguments(args);
    for (parameter, value) in super::invoke::default_parameters(cx, &cmdlet.name) {
        arguments.push(Argument::Splatted(parameter, super::text::to_wire(&value)));
    }
    let stage = ExchangeStage {
        exchange: exchange.clone(),
        name: name.to_owned(),
        cmdlet,
        arguments,
        next: next.clone(),
        number,
        piped: place.piped,
        began: AtomicBool::new(false),
    };
    stage.with_prepared(|_| Ok(()))?;
    Ok(Some(Arc::new(stage)))
}

fn arguments(args: &[V]) -> Vec<Argument> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < args.len() {
        let arg = &args[at];
        at += 1;
        out.push(match arg {
            V::Param(name, _) if &**name == "--" => Argument::EndOfNames,
            V::Param(name, true) => {
                let value = args.get(at).cloned().unwrap_or_default();
                at += 1;
                Argument::NameValue(name.to_string(), given(&value))
            }
            V::Param(name, false) => Argument::Name(name.to_string()),
            V::Obj(object) if object.is("splat") => {
                match object.base() {
                    V::Hash(hash) => {
                        for (key, value) in hash.entries() {
                            out.push(Argument::Splatted(super::text::to_string(&key), super::text::to_wire(&value)));
                        }
                    }
                    other => {
                        for value in other.unrolled() {
                            out.push(Argument::Value(Given::from(super::text::to_wire(&value))));
                        }
                    }
                }
                continue;
            }
            other => Argument::Value(given(other)),
        });
    }
    out
}

fn given(value: &V) -> Given {
    match value {
        // a bare number keeps its spelling for parameters of type string
        V::Obj(object) if object.is("spelled") => Given {
            value: super::text::to_wire(&object.base()),
            spelling: object.own_text().map(|text| (*text).into()),
        },
        other => Given::from(super::text::to_wire(other)),
    }
}

struct ExchangeStage {
    exchange: Arc<dyn Exchange>,
    name: String,
    cmdlet: Arc<Cmdlet>,
    arguments: Vec<Argument>,
    next: Arc<dyn Sink>,
    number: u64,
    piped: bool,
    began: AtomicBool,
}

impl ExchangeStage {
    fn with_prepared<T>(&self, work: impl FnOnce(Prepared<'_>) -> Result<T, BindError>) -> Res<T> {
        Binder::new(&self.cmdlet, Flavour::Function)
            .prepare(self.arguments.clone(), self.piped)
            .and_then(work)
            .map_err(|error| problem(&error).fault())
    }

    fn perform(&self, cx: Cx<'_>, bound: BoundCall, input: Option<PsValue>) -> Res<()> {
        let text = |name: &str| bound.get(name).map(text_of);
        let common = Common {
            error_action: text("ErrorAction"),
            warning_action: text("WarningAction"),
            information_action: text("InformationAction"),
            error_variable: text("ErrorVariable"),
            warning_variable: text("WarningVariable"),
            out_variable: text("OutVariable"),
            verbose: bound.get("Verbose").map(|value| text_of(value).eq_ignore_ascii_case("true")),
        };
        let out = Out::new(self.next.clone(), self.number, common.clone());
        if !self.began.swap(true, Ordering::Relaxed) {
            out.begin(cx);
        }
        let call = ExchangeCall { name: self.name.clone(), bound, input };
        self.exchange.run(&call, &mut |item| match item {
            Item::Output(value) => out.push(cx, value),
            Item::Error(problem) => out.error(cx, problem),
            Item::Failure(problem) if common.error_action.is_some() => {
                out.error(cx, problem.clone())?;
                problem.err()
            }
            Item::Failure(problem) => problem.err(),
            Item::Message(kind, text) => super::command::write_message(cx, kind, &text, &common).map(drop),
        })
    }
}

fn problem(error: &BindError) -> Problem {
    Problem::new(error.fully_qualified_id(), error.category(), error.to_string())
        .exception("System.Management.Automation.ParameterBindingException")
}

impl Stage for ExchangeStage {
    fn process(&self, cx: Cx<'_>, input: Option<V>) -> Res<()> {
        let Some(input) = input else {
            let bound = self.with_prepared(|prepared| prepared.call())?;
            return self.perform(cx, bound, None);
        };
        let wire = super::text::to_wire(&input);
        let delayed = self.with_prepared(|prepared| {
            Ok(prepared.delayed().map(|(name, script)| (name.to_owned(), script.to_string())).collect::<Vec<_>>())
        })?;
        let mut evaluated = Vec::new();
        for (_, script) in delayed {
            let block = super::engine::compile_block(cx, &script)?;
            let values = super::invoke::collect_with_item(cx, &block, input.clone(), Vec::new())?;
            evaluated.push(super::text::to_wire(&V::from_outputs(values)));
        }
        match self.with_prepared(|prepared| prepared.call_with(&wire, &evaluated)) {
            Ok(bound) => self.perform(cx, bound, Some(wire)),
            Err(fault) => match *fault {
                Fault::Error(record, _) => {
                    let out = Out::new(self.next.clone(), self.number, Common::default());
                    out.error_record(cx, &record)
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
