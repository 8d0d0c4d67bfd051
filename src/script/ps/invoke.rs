//! Running script blocks: their scope, parameters, `$_`, `begin`/`process`/`end`; script files as commands.
//!
//! Which command a name means is `command`'s business.

use std::sync::{Arc, Mutex};

use rhai::{Dynamic, FnPtr};

use super::bind::{Bound, Signature, Waiting};
use super::block::Block;
use super::engine::from_rhai;
use super::fault::{Fault, Problem, Reach, Res};
use super::pipe::{Sink, Stage};
use super::state::{Cx, Frame, Var, set_in};
use super::value::{V, lock};
use crate::catalog::bind::Flavour;

/// Runs a closure of the ported script.
///
/// # Errors
/// What its statements give.
pub(super) fn run_code(cx: Cx<'_>, block: &Block, code: &FnPtr) -> Res<V> {
    cx.deeper(|| match enter(cx, block, code) {
        Ok(value) => Ok(super::engine::from_dynamic(&value)),
        Err(error) => match from_rhai(error) {
            fault if matches!(*fault, Fault::Return) => Ok(V::Nothing),
            fault => Err(fault),
        },
    })
}

fn enter(cx: Cx<'_>, block: &Block, code: &FnPtr) -> Result<Dynamic, Box<rhai::EvalAltResult>> {
    let Some(ast) = block.ast() else { return code.call_within_context::<Dynamic>(cx.call, ()) };
    let line = *lock(&cx.rt.line);
    lock(&cx.rt.texts).push(ast.clone());
    let called = super::engine::with_exact(cx, |engine| Ok(code.call::<Dynamic>(engine, ast, ())));
    lock(&cx.rt.texts).pop();
    *lock(&cx.rt.line) = line;
    called.unwrap_or_else(|fault| Err(super::engine::to_rhai(fault)))
}

/// Runs a block in the present scope with `$_` set, and collects its output.
///
/// # Errors
/// What its statements give.
pub(super) fn collect_with_item(cx: Cx<'_>, block: &Block, item: V, args: Vec<V>) -> Res<Vec<V>> {
    cx.collect(|| inline(cx, block, Some(item), args))
}

/// Runs a block in the present scope.
///
/// # Errors
/// What its statements give.
pub(super) fn inline(cx: Cx<'_>, block: &Block, item: Option<V>, args: Vec<V>) -> Res<()> {
    if let Some(code) = block.closure() {
        return closure(cx, code, item.map_or(args, |item| vec![item]));
    }
    let run = || -> Res<()> {
        if let Some(signature) = block.signature() {
            let (bound, _) = signature.bind(cx, "", &args, Vec::new(), false)?;
            for (name, value) in bound.values() {
                cx.rt.set(name, value.clone());
            }
        }
        for (name, value) in block.captured() {
            cx.rt.set(name, value.clone());
        }
        let (begin, process, end) = block.named();
        for code in [begin, process, end, block.body()].into_iter().flatten() {
            run_code(cx, block, code)?;
        }
        Ok(())
    };
    match item {
        Some(item) => cx.with_item(item, run),
        None => run(),
    }
}

/// Runs a closure of kept text, which names its item, and puts out what it gives.
fn closure(cx: Cx<'_>, code: &FnPtr, args: Vec<V>) -> Res<()> {
    let wanted = with_parameters(cx, code, |names| names.map_or(args.len(), <[String]>::len));
    let mut values: Vec<Dynamic> = args.into_iter().map(super::engine::to_dynamic).collect();
    values.resize(wanted, Dynamic::UNIT);
    let result = cx.deeper(|| code.call_raw(cx.call, None, values).map_err(from_rhai));
    match result {
        Ok(value) => match super::engine::from_dynamic(&value) {
            V::Null => Ok(()),
            value => super::functions::emit(cx, &value),
        },
        Err(fault) => match *fault {
            Fault::Return => Ok(()),
            Fault::Error(record, Reach::Statement) => {
                super::errors::end_of_statement(cx.rt, Box::new(Fault::Error(record, Reach::Statement)))
            }
            other => Err(Box::new(other)),
        },
    }
}

/// Asks something of the names of a closure's parameters, without those that it holds already.
fn with_parameters<T>(cx: Cx<'_>, code: &FnPtr, ask: impl FnOnce(Option<&[String]>) -> T) -> T {
    let known = lock(&cx.rt.parameters);
    ask(known.get(code.fn_name()).map(|all| all.get(code.curry().len()..).unwrap_or_default()))
}

/// Whether a closure has one parameter for all its arguments, `args`.
fn takes_all(cx: Cx<'_>, code: &FnPtr) -> bool {
    with_parameters(cx, code, |names| names.is_some_and(|names| names == ["args"]))
}

/// Arguments of a closure in the places of its parameters: those with a name first, the others where room is left.
fn placed(cx: Cx<'_>, code: &FnPtr, args: &[V], inputs: Vec<V>) -> Vec<V> {
    let has_names = |arg: &V| matches!(arg, V::Param(..)) || matches!(arg, V::Obj(object) if object.is("splat"));
    if takes_all(cx, code) {
        return vec![V::array(super::bind::unbound(args))];
    }
    let names = with_parameters(cx, code, |names| names.unwrap_or_default().to_vec());
    let of_function = |name: &String| name == "input" || name == "args";
    if !args.iter().any(has_names) && !names.iter().any(of_function) {
        return super::bind::unbound(args);
    }
    let mut slots: Vec<Option<V>> = vec![None; names.len()];
    if let (Some(first), Some(slot)) = (names.first(), slots.first_mut())
        && first == "input"
    {
        *slot = Some(V::array(if inputs.is_empty() { vec![V::Null] } else { inputs }));
    }
    let mut rest = Vec::new();
    let mut name_it = |name: &str, value: V, rest: &mut Vec<V>| {
        let begins = |own: &&String| own.to_lowercase().starts_with(&name.to_lowercase());
        let at = names.iter().position(|own| super::value::same_name(own, name));
        let at = at.or_else(|| names.iter().position(|own| begins(&own)));
        match at.and_then(|at| slots.get_mut(at)) {
            Some(slot) => *slot = Some(value),
            None => rest.push(value),
        }
    };
    let mut args = args.iter().peekable();
    while let Some(arg) = args.next() {
        match arg {
            V::Param(name, _) => {
                let value = args.next_if(|next| !has_names(next)).cloned().unwrap_or(V::Bool(true));
                name_it(name, value, &mut rest);
            }
            V::Obj(object) if object.is("splat") => match object.base() {
                V::Hash(table) => {
                    for (key, value) in table.entries() {
                        name_it(&super::text::interpolated(&key), value, &mut rest);
                    }
                }
                list => rest.extend(list.unrolled()),
            },
            other => rest.push(super::exchange::unspelled(other)),
        }
    }
    let mut rest = rest.into_iter();
    let mut values: Vec<V> = Vec::new();
    for (slot, name) in slots.into_iter().zip(&names) {
        values.push(match slot {
            Some(value) => value,
            None if name == "args" => V::array(rest.by_ref().collect()),
            None => rest.next().unwrap_or_default(),
        });
    }
    values
}

/// Calls a block as `&` does, with arguments, and collects its output.
///
/// # Errors
/// What its statements give.
pub(super) fn call_block(cx: Cx<'_>, block: &Block, args: Vec<V>) -> Res<Vec<V>> {
    call_block_with(cx, block, args, None)
}

/// The same, with objects piped to it.
pub(super) fn call_block_with(cx: Cx<'_>, block: &Block, args: Vec<V>, input: Option<Vec<V>>) -> Res<Vec<V>> {
    if let Some(code) = block.closure() {
        let args = if takes_all(cx, code) { vec![V::array(args)] } else { args };
        return cx.collect(|| closure(cx, code, args));
    }
    let sink = Arc::new(super::pipe::Collector::default());
    let stage = BlockStage::new(block.clone(), "", args, false, sink.clone(), input.is_some());
    stage.begin(cx)?;
    match input {
        None => stage.process(cx, None)?,
        Some(items) => items.into_iter().try_for_each(|item| stage.process(cx, Some(item)))?,
    }
    stage.end(cx)?;
    Ok(sink.take())
}

/// A function or block as a stage.
pub(super) struct BlockStage {
    block: Block,
    name: String,
    /// The name it was called by, when that is an alias.
    called: String,
    args: Vec<V>,
    dot: bool,
    next: Arc<dyn Sink>,
    piped: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    frame: Option<Frame>,
    bound: Bound,
    /// What is bound before objects come.
    waiting: Option<Waiting>,
    /// Where its output goes, if not straight on.
    kept: Option<Arc<dyn Sink>>,
    /// What parameters that take objects are when an object brings nothing for them.
    unfilled: Vec<(String, V)>,
    inputs: Vec<V>,
}

impl BlockStage {
    /// A stage that runs `block`, known as `name`.
    #[must_use]
    pub(super) fn new(block: Block, name: &str, args: Vec<V>, dot: bool, next: Arc<dyn Sink>, piped: bool) -> Self {
        let (name, called) = (name.to_owned(), String::new());
        Self { block, name, called, args, dot, next, piped, state: Mutex::new(State::default()) }
    }

    /// The same, called by another name.
    #[must_use]
    pub(super) fn known_as(self, called: &str) -> Self {
        Self { called: called.to_owned(), ..self }
    }

    /// How its error ids end: a script file's by its name without folders.
    fn id(&self) -> &str {
        if self.name.ends_with(".ps1") { self.name.rsplit(['/', '\\']).next().unwrap_or_default() } else { &self.name }
    }

    /// How objects are bound; `None` where they are only `$_` and `$input`.
    fn takes_objects(&self) -> Option<&Arc<Signature>> {
        self.block.signature().filter(|signature| signature.flavour != Flavour::Simple)
    }

    /// Runs code in the block's own scope, its output going on.
    fn within(&self, cx: Cx<'_>, work: impl FnOnce() -> Res<()>) -> Res<()> {
        let line = *lock(&cx.rt.line);
        lock(&cx.rt.under_way).push((self.name.clone(), line));
        let strict = *lock(&cx.rt.strict);
        let result = self.in_own_scope(cx, work);
        if !self.dot {
            *lock(&cx.rt.strict) = strict;
        }
        lock(&cx.rt.under_way).pop();
        *lock(&cx.rt.line) = line;
        result
    }

    fn in_own_scope(&self, cx: Cx<'_>, work: impl FnOnce() -> Res<()>) -> Res<()> {
        let next = lock(&self.state).kept.clone().unwrap_or_else(|| self.next.clone());
        let run = || cx.with_sink(next, work);
        if self.dot {
            return run();
        }
        let frame = lock(&self.state).frame.take().unwrap_or_default();
        let (result, frame) = cx.with_frame(frame, run);
        lock(&self.state).frame = Some(frame);
        result
    }

    /// Binds what was written and gives parameters their defaults.
    fn prepare(&self, cx: Cx<'_>) -> Res<()> {
        let mut bound = Bound::default();
        if let Some(signature) = self.block.signature() {
            let defaults = match self.takes_objects() {
                Some(_) => super::bind::default_parameters(cx, &self.name)?,
                None => Vec::new(),
            };
            let (own, waiting) = signature.bind(cx, self.id(), &self.args, defaults, self.piped)?;
            bound = own;
            lock(&self.state).waiting = Some(waiting);
        } else {
            bound.rest = super::bind::unbound(&self.args);
        }
        let mut frame = self.frame(cx, &bound);
        if self.block.is_advanced() {
            let common = super::command::Common::of(&bound);
            for (name, value) in super::gather::lists(cx, &common) {
                frame.vars.insert(name.to_owned(), Var { name: name.to_owned(), value, ..Var::default() });
            }
            lock(&self.state).kept = super::gather::output(cx, &common, &self.next);
        }
        lock(&self.state).frame = Some(frame);
        lock(&self.state).bound = bound;
        if self.dot {
            let vars = lock(&self.state).frame.take().map(|frame| frame.vars).unwrap_or_default();
            for (_, var) in
                vars.into_iter().filter(|(name, _)| !matches!(name.as_str(), "input" | "myinvocation" | "args"))
            {
                cx.rt.set(&var.name, var.value);
            }
        }
        self.within(cx, || self.defaults(cx))?;
        self.remember_unfilled();
        Ok(())
    }

    fn remember_unfilled(&self) {
        let Some(signature) = self.takes_objects().filter(|_| self.piped) else { return };
        let mut state = lock(&self.state);
        let State { frame, bound, unfilled, .. } = &mut *state;
        let Some(frame) = frame else { return };
        for param in signature.params.iter().filter(|param| param.takes_input() && !bound.has(&param.name)) {
            let var = frame.vars.get(&param.name.to_lowercase());
            unfilled.push((param.name.clone(), var.map(|var| var.value.clone()).unwrap_or_default()));
        }
    }

    /// Binds a piped object; parameters that it brings nothing for are what they were before.
    fn take(&self, cx: Cx<'_>, signature: &Signature, input: &V) -> Res<()> {
        let Some(waiting) = lock(&self.state).waiting.clone() else { return Ok(()) };
        let bound = signature.bind_input(cx, self.id(), waiting, input)?;
        let mut state = lock(&self.state);
        let State { frame, bound: known, unfilled, .. } = &mut *state;
        let Some(frame) = frame else { return Ok(()) };
        for (name, value) in unfilled.iter() {
            set_in(frame, name, bound.get(name).unwrap_or(value).clone());
        }
        if let Some(V::Hash(table)) = frame.vars.get("psboundparameters").map(|var| &var.value) {
            for (name, value) in bound.values().iter().filter(|(name, _)| unfilled.iter().any(|(own, _)| own == name)) {
                table.set(V::from(name.as_str()), value.clone());
                known.set(name, value.clone());
            }
        }
        if let Some(V::Obj(own)) = frame.vars.get("pscmdlet").map(|var| &var.value) {
            own.set("ParameterSetName", V::from(bound.set.as_str()));
        }
        Ok(())
    }

    fn frame(&self, cx: Cx<'_>, bound: &Bound) -> Frame {
        let mut frame = Frame { script: self.name.to_lowercase().ends_with(".ps1"), ..Frame::default() };
        let mut put = |name: &str, value: V| {
            frame.vars.insert(name.to_lowercase(), Var { name: name.to_owned(), value, ..Var::default() });
        };
        for (name, value) in self.block.captured() {
            put(name, value.clone());
        }
        for param in self.block.params() {
            if let Some(value) = bound.get(&param.name) {
                put(&param.name, value.clone());
            }
        }
        put("args", V::array(bound.rest.clone()));
        put("PSBoundParameters", V::Hash(bound.table()));
        put("input", V::array(Vec::new()));
        let called = if self.called.is_empty() { &self.name } else { &self.called };
        let invocation = super::automatic::my_invocation(cx, &self.name, called, self.piped, bound);
        put("MyInvocation", invocation.clone());
        if self.block.is_advanced() {
            put("PSCmdlet", super::automatic::ps_cmdlet(invocation, bound));
            for (name, value) in super::bind::preferences(bound) {
                put(name, value);
            }
        }
        frame
    }

    /// Defaults in order, so that later ones see earlier parameters; missing typed ones get their type's default.
    fn defaults(&self, cx: Cx<'_>) -> Res<()> {
        for param in self.block.params() {
            if param.type_name.is_some() || !param.validations.is_empty() {
                let types = param.type_name.iter().filter(|_| !param.switch).cloned().collect();
                cx.rt.constrain(&param.name, types, param.validations.clone());
            }
            if lock(&self.state).bound.has(&param.name) {
                continue;
            }
            let value = match &param.default {
                Some(code) => {
                    let value = run_code(cx, &self.block, code)?;
                    match &param.type_name {
                        Some(name) if !param.switch => self.typed_default(name, &param.name, &value)?,
                        _ if param.switch => V::Switch(super::compare::truthy(&value)),
                        _ => value,
                    }
                }
                None if param.switch => V::Switch(false),
                None => match &param.type_name {
                    Some(name) if !self.dot && !self.block.is_advanced() && !param.is_checked() => {
                        super::cast::unset(name)?
                    }
                    name => name.as_deref().map_or(V::Null, super::cast::default_of),
                },
            };
            cx.rt.set(&param.name, value);
        }
        Ok(())
    }

    /// A default in the parameter's type; it is not validated.
    fn typed_default(&self, name: &str, parameter: &str, value: &V) -> Res<V> {
        super::cast::cast(name, value).map_err(|fault| match *fault {
            Fault::Error(record, _) => {
                let reason = super::fault::summary(&record).0;
                super::wording::not_transformed(self.id(), parameter, &reason).fault()
            }
            other => Box::new(other),
        })
    }

    fn stop_reach(&self, result: Res<()>) -> Res<()> {
        let stop =
            lock(&self.state).bound.get("ErrorAction").is_some_and(|action| super::command::action(action) == "Stop");
        result.map_err(|fault| match *fault {
            Fault::Error(record, _) if stop => Box::new(Fault::Error(record, Reach::Script)),
            other => Box::new(other),
        })
    }
}

impl Stage for BlockStage {
    fn begin(&self, cx: Cx<'_>) -> Res<()> {
        if self.block.closure().is_some() {
            return Ok(());
        }
        self.prepare(cx)?;
        let (begin, _, _) = self.block.named();
        let result = match begin {
            Some(code) => self.within(cx, || run_code(cx, &self.block, code).map(drop)),
            None => Ok(()),
        };
        self.stop_reach(result)
    }

    fn process(&self, cx: Cx<'_>, input: Option<V>) -> Res<()> {
        let (_, process, _) = self.block.named();
        if let (Some(input), Some(signature)) = (&input, self.takes_objects())
            && let Err(fault) = self.take(cx, signature, input)
        {
            return match *fault {
                Fault::Error(record, _) => {
                    let common = super::command::Common::of(&lock(&self.state).bound);
                    super::command::write_error(cx, &record, &common)
                }
                other => Err(Box::new(other)),
            };
        }
        match (process, input) {
            (Some(code), Some(item)) => {
                let result = self.within(cx, || cx.with_item(item, || run_code(cx, &self.block, code).map(drop)));
                self.stop_reach(result)
            }
            (Some(code), None) => {
                let result = self.within(cx, || run_code(cx, &self.block, code).map(drop));
                self.stop_reach(result)
            }
            (None, Some(item)) => {
                lock(&self.state).inputs.push(item);
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }

    fn end(&self, cx: Cx<'_>) -> Res<()> {
        let inputs = std::mem::take(&mut lock(&self.state).inputs);
        if let Some(code) = self.block.closure() {
            let input = V::array(inputs.clone());
            let is_function = with_parameters(cx, code, |names| {
                names.is_some_and(|names| names.first().is_some_and(|name| name == "input"))
            });
            let args = if inputs.is_empty() || is_function {
                placed(cx, code, &self.args, inputs)
            } else {
                vec![V::array(inputs)]
            };
            let before = cx.rt.get("input");
            cx.rt.set("input", input);
            let result = cx.with_sink(self.next.clone(), || closure(cx, code, args));
            cx.rt.set("input", before.unwrap_or_default());
            return result;
        }
        let (_, _, end) = self.block.named();
        let mut failed = false;
        let result = self.within(cx, || {
            if !inputs.is_empty() {
                cx.rt.set("input", V::array(inputs));
            }
            for code in [end, self.block.body()].into_iter().flatten() {
                run_code(cx, &self.block, code)?;
            }
            if let Some(V::Obj(own)) = cx.rt.get_at(super::state::Scope::Up(0), "PSCmdlet") {
                failed = own.note("__failed").is_some();
            }
            Ok(())
        });
        if failed {
            *lock(&cx.rt.ok) = false;
            *lock(&cx.rt.failed) = true;
        }
        self.stop_reach(result)
    }

    fn clean(&self, cx: Cx<'_>) -> Res<()> {
        match self.block.clean() {
            Some(code) => self.within(cx, || run_code(cx, &self.block, code).map(drop)),
            None => Ok(()),
        }
    }
}

/// A script file as a stage.
///
/// # Errors
/// When the file cannot be read or parsed.
pub(super) fn script_stage(
    cx: Cx<'_>,
    name: &str,
    args: Vec<V>,
    dot: bool,
    next: Arc<dyn Sink>,
    piped: bool,
) -> Res<Arc<dyn Stage>> {
    let path = super::files::resolve(cx, name);
    let Ok(source) = std::fs::read_to_string(&path) else {
        return Problem::new("CommandNotFoundException", "ObjectNotFound", format!("The term '{name}' is not recognized as a name of a cmdlet, function, script file, or executable program.\nCheck the spelling of the name, or if a path was included, verify that the path is correct and try again."))
            .exception("System.Management.Automation.CommandNotFoundException")
            .err();
    };
    let block = super::engine::compile_block(cx, &source)?;
    Ok(Arc::new(ScriptStage(BlockStage::new(block, name, args, dot, next, piped))))
}

/// A script file: `exit` ends only it.
struct ScriptStage(BlockStage);

impl ScriptStage {
    fn contained(cx: Cx<'_>, result: Res<()>) -> Res<()> {
        match result {
            Err(fault) => match *fault {
                Fault::Exit(code) => {
                    cx.rt.set_global("LASTEXITCODE", V::Int(code));
                    if code != 0 {
                        *lock(&cx.rt.ok) = false;
                        *lock(&cx.rt.failed) = true;
                    }
                    Ok(())
                }
                other => Err(Box::new(other)),
            },
            Ok(()) => Ok(()),
        }
    }
}

impl Stage for ScriptStage {
    fn begin(&self, cx: Cx<'_>) -> Res<()> {
        Self::contained(cx, self.0.begin(cx))
    }

    fn process(&self, cx: Cx<'_>, input: Option<V>) -> Res<()> {
        Self::contained(cx, self.0.process(cx, input))
    }

    fn end(&self, cx: Cx<'_>) -> Res<()> {
        Self::contained(cx, self.0.end(cx))
    }

    fn clean(&self, cx: Cx<'_>) -> Res<()> {
        self.0.clean(cx)
    }
}
