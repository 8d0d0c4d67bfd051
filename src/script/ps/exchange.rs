//! Exchange's cmdlets in a script: bound with the catalogue, run by whoever stands behind [`Exchange`].
//!
//! Knows neither sessions nor the wire.

use std::sync::{Arc, Mutex};

use super::command::{Common, Out, Place};
use super::fault::{Fault, Problem, Res};
use super::pipe::{Sink, Stage};
use super::state::Cx;
use super::value::{Hash, HashKind, Obj, V, lock};
use crate::catalog::bind::{Argument, BindError, Binder, BoundCall, Flavour, Given, Prepared};
use crate::catalog::{Catalog, Cmdlet};
use crate::clixml::PsValue;

/// Runs cmdlets.
pub trait Exchange: Send + Sync {
    /// The cmdlet's metadata, if there is such a cmdlet.
    fn find(&self, name: &str) -> Option<Arc<Cmdlet>>;

    /// Views for what the cmdlets give.
    fn views(&self) -> Vec<crate::render::view::View> {
        Vec::new()
    }

    /// Runs one call and gives what it emits and the errors it reports.
    ///
    /// # Errors
    /// A failure of the call as a whole.
    fn run(&self, call: &ExchangeCall) -> Result<Answer, Box<Problem>>;
}

/// One bound call.
#[derive(Debug, Clone)]
pub struct ExchangeCall {
    /// The cmdlet.
    pub cmdlet: String,
    /// Parameters with live values, by their full names.
    pub parameters: Vec<(String, V)>,
    /// Which of them came from the pipeline.
    pub piped: Vec<String>,
    /// Whether a piped object caused the call.
    pub from_pipeline: bool,
}

/// What a call gave.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Its output.
    pub output: Vec<V>,
    /// Errors that did not end it.
    pub errors: Vec<Problem>,
}

/// A stage for a cmdlet of Exchange; `None` when there is no such cmdlet.
///
/// # Errors
/// When the arguments do not fit.
pub fn stage(
    cx: Cx<'_>,
    exchange: &Arc<dyn Exchange>,
    name: &str,
    args: &[V],
    next: &Arc<dyn Sink>,
    number: u64,
    place: Place,
) -> Res<Option<Arc<dyn Stage>>> {
    let Some(cmdlet) = exchange.find(name) else { return Ok(None) };
    let mut objects = Objects::default();
    let mut arguments = arguments(args, &mut objects);
    for (parameter, value) in super::invoke::default_parameters(cx, &cmdlet.name) {
        arguments.push(Argument::Splatted(parameter, objects.wire(&value)));
    }
    let stage = ExchangeStage {
        exchange: exchange.clone(),
        cmdlet,
        arguments,
        objects: Mutex::new(objects),
        next: next.clone(),
        number,
        piped: place.piped,
    };
    stage.with_prepared(|_| Ok(()))?;
    Ok(Some(Arc::new(stage)))
}

/// Live values that travel through the binder as their wire form and are found again by identity.
#[derive(Debug, Default)]
struct Objects(Vec<(PsValue, V)>);

impl Objects {
    fn wire(&mut self, value: &V) -> PsValue {
        let wire = super::text::to_wire(value);
        if matches!(wire, PsValue::Object(_)) {
            self.0.push((wire.clone(), value.clone()));
        }
        wire
    }

    fn live(&self, value: &PsValue) -> V {
        if let PsValue::Object(object) = value {
            for (known, live) in &self.0 {
                if known.as_object().is_some_and(|known| known.same(object)) {
                    return live.clone();
                }
            }
        }
        super::cast::from_wire(value)
    }
}

fn arguments(args: &[V], objects: &mut Objects) -> Vec<Argument> {
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
                Argument::NameValue(name.to_string(), given(&value, objects))
            }
            V::Param(name, false) => Argument::Name(name.to_string()),
            V::Obj(object) if object.is("splat") => {
                match object.base() {
                    V::Hash(hash) => {
                        for (key, value) in hash.entries() {
                            out.push(Argument::Splatted(super::text::to_string(&key), objects.wire(&value)));
                        }
                    }
                    other => {
                        for value in other.unrolled() {
                            out.push(Argument::Value(Given::from(objects.wire(&value))));
                        }
                    }
                }
                continue;
            }
            other => Argument::Value(given(other, objects)),
        });
    }
    out
}

fn given(value: &V, objects: &mut Objects) -> Given {
    match value {
        // a bare number keeps its spelling for parameters of type string
        V::Obj(object) if object.is("spelled") => Given {
            value: super::text::to_wire(&object.base()),
            spelling: object.own_text().map(|text| (*text).into()),
        },
        other => Given::from(objects.wire(other)),
    }
}

struct ExchangeStage {
    exchange: Arc<dyn Exchange>,
    cmdlet: Arc<Cmdlet>,
    arguments: Vec<Argument>,
    objects: Mutex<Objects>,
    next: Arc<dyn Sink>,
    number: u64,
    piped: bool,
}

impl ExchangeStage {
    fn with_prepared<T>(&self, work: impl FnOnce(Prepared<'_>) -> Result<T, BindError>) -> Res<T> {
        Binder::new(&self.cmdlet, Flavour::Function)
            .prepare(self.arguments.clone(), self.piped)
            .and_then(work)
            .map_err(|error| problem(&error).fault())
    }

    fn perform(&self, cx: Cx<'_>, bound: &BoundCall, from_pipeline: bool) -> Res<()> {
        let objects = lock(&self.objects);
        let live = |parameter: &crate::catalog::bind::BoundParameter| {
            (parameter.name.to_string(), objects.live(&parameter.value))
        };
        let parameters: Vec<(String, V)> = bound.parameters.iter().map(live).collect();
        let kept: Vec<(String, V)> = bound.kept.iter().map(live).collect();
        let piped = bound.parameters.iter().filter(|p| p.piped).map(|p| p.name.to_string()).collect();
        drop(objects);
        let text = |name: &str| {
            let found = parameters.iter().chain(&kept).find(|(own, _)| own.eq_ignore_ascii_case(name));
            found.map(|(_, value)| super::text::to_string(value))
        };
        let common = Common {
            error_action: text("ErrorAction"),
            warning_action: text("WarningAction"),
            error_variable: text("ErrorVariable"),
            out_variable: text("OutVariable"),
            ..Common::default()
        };
        let out = Out::new(self.next.clone(), self.number, common);
        let call = ExchangeCall { cmdlet: self.cmdlet.name.to_string(), parameters, piped, from_pipeline };
        let answer = self.exchange.run(&call).map_err(|problem| problem.fault())?;
        for value in answer.output {
            out.push(cx, value)?;
        }
        for problem in answer.errors {
            out.error(cx, problem)?;
        }
        Ok(())
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
            return self.perform(cx, &bound, false);
        };
        let wire = lock(&self.objects).wire(&input);
        let delayed = self.with_prepared(|prepared| {
            Ok(prepared.delayed().map(|(name, script)| (name.to_owned(), script.to_string())).collect::<Vec<_>>())
        })?;
        let mut evaluated = Vec::new();
        for (_, script) in delayed {
            let block = super::engine::compile_block(cx, &script)?;
            let values = super::invoke::collect_with_item(cx, &block, input.clone(), Vec::new())?;
            evaluated.push(lock(&self.objects).wire(&V::from_outputs(values)));
        }
        match self.with_prepared(|prepared| prepared.call_with(&wire, &evaluated)) {
            Ok(bound) => self.perform(cx, &bound, true),
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

/// The built-in catalogue as a source of metadata.
#[must_use]
pub fn find_in(catalog: &Catalog, name: &str) -> Option<Arc<Cmdlet>> {
    catalog.find(name)
}

/// An object that stands for a bare number with its spelling.
#[must_use]
pub fn spelled(value: V, text: &str) -> V {
    V::Obj(Obj::new("spelled", Vec::<(&str, V)>::new()).with_base(value).with_text(text))
}

/// A table of arguments for splatting.
#[must_use]
pub fn splat(value: V) -> V {
    let base = match value {
        V::Null | V::Nothing => V::Hash(Hash::new(HashKind::Table)),
        other => other,
    };
    V::Obj(Obj::new("splat", Vec::<(&str, V)>::new()).with_base(base))
}

/// A bare number without its spelling, in lists too.
#[must_use]
pub fn unspelled(value: &V) -> V {
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
