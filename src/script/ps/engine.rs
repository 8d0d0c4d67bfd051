//! The tie to Rhai: values in and out, functions and statement forms that ported text uses.
//!
//! What the functions mean is in the files around; here they only get their names.

use std::any::TypeId;
use std::sync::{Arc, Mutex};

use rhai::{
    AST, Dynamic, Engine, EvalAltResult, EvalContext, Expression, FnPtr, ImmutableString, NativeCallContext, Position,
};

use super::block::Block;
use super::fault::{Fault, Problem, Res};
use super::number::Num;
use super::state::{Cx, Rt};
use super::value::{Hash, HashKind, V, lock};

pub(super) type RhaiResult = Result<Dynamic, Box<EvalAltResult>>;

/// A fault on its way through Rhai.
#[derive(Clone)]
pub(super) struct Carried(Arc<Mutex<Option<Box<Fault>>>>);

/// A value for Rhai: its own types where they are exact, else ours.
pub(super) fn to_dynamic(value: V) -> Dynamic {
    match value {
        V::Null => Dynamic::UNIT,
        V::Bool(truth) => truth.into(),
        V::Int(number) => i64::from(number).into(),
        V::Double(number) => number.into(),
        V::Str(text) => ImmutableString::from(&*text).into(),
        other => Dynamic::from(other),
    }
}

/// A value from Rhai.
#[must_use]
pub(super) fn from_dynamic(value: &Dynamic) -> V {
    let value = value.flatten_clone();
    if value.is_unit() {
        return V::Null;
    }
    if let Ok(truth) = value.as_bool() {
        return V::Bool(truth);
    }
    if let Ok(number) = value.as_int() {
        return V::integer(number);
    }
    if let Ok(number) = value.as_float() {
        return V::Double(number);
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return V::from(text.as_str());
    }
    if let Some(own) = value.read_lock::<V>() {
        return own.clone();
    }
    if let Some(carried) = value.read_lock::<Carried>() {
        return match lock(&carried.0).as_deref() {
            Some(Fault::Error(record, _)) => V::Obj(record.clone()),
            _ => V::Null,
        };
    }
    if let Some(code) = value.read_lock::<FnPtr>() {
        return V::Block(Block::bare(code.clone()));
    }
    if let Some(items) = value.read_lock::<rhai::Array>() {
        return V::array(items.iter().map(from_dynamic).collect());
    }
    if let Some(map) = value.read_lock::<rhai::Map>() {
        return V::Hash(Hash::from_entries(
            HashKind::Table,
            map.iter().map(|(key, value)| (V::from(key.as_str()), from_dynamic(value))),
        ));
    }
    if let Some(c) = value.read_lock::<char>() {
        return V::Char(*c);
    }
    V::from(value.to_string())
}

/// A fault as Rhai's error.
#[must_use]
pub(super) fn to_rhai(fault: Box<Fault>) -> Box<EvalAltResult> {
    let terminal = matches!(*fault, Fault::Exit(_) | Fault::Stopped(_));
    let carried = Dynamic::from(Carried(Arc::new(Mutex::new(Some(fault)))));
    Box::new(if terminal {
        EvalAltResult::ErrorTerminated(carried, Position::NONE)
    } else {
        EvalAltResult::ErrorRuntime(carried, Position::NONE)
    })
}

/// The fault that Rhai's error carries, or stands for.
#[must_use]
#[expect(clippy::boxed_local, reason = "errors of Rhai and of the runtime travel boxed")]
pub(super) fn from_rhai(error: Box<EvalAltResult>) -> Box<Fault> {
    match *error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => {
            from_rhai(inner)
        }
        EvalAltResult::ErrorRuntime(value, position) | EvalAltResult::ErrorTerminated(value, position) => {
            match value.clone().try_cast::<Carried>() {
                Some(carried) => {
                    let found = lock(&carried.0).clone();
                    found.unwrap_or_else(|| Box::new(Fault::Return))
                }
                // what kept text throws by itself
                None => {
                    let _ = position;
                    Box::new(Fault::Error(super::functions::thrown(&from_dynamic(&value)), super::fault::Reach::Script))
                }
            }
        }
        EvalAltResult::Return(..) => Box::new(Fault::Return),
        EvalAltResult::LoopBreak(breaks, ..) => Box::new(Fault::Jump { next: !breaks, label: None }),
        other => {
            let sentence = super::super::diagnose::sentence(&other);
            Problem::new("RuntimeException", "NotSpecified", sentence).fault()
        }
    }
}

/// Whether Rhai's error is a jump of its own (`return`, `break`), which is passed on as it is.
pub(super) fn is_jump(error: &EvalAltResult) -> bool {
    matches!(error, EvalAltResult::Return(..) | EvalAltResult::LoopBreak(..) | EvalAltResult::Exit(..))
}

type Function = fn(Cx<'_>, &[V]) -> Res<V>;

fn register(engine: &mut Engine, rt: &Arc<Rt>, name: &'static str, arity: usize, function: Function) {
    let types = vec![TypeId::of::<Dynamic>(); arity];
    let rt = rt.clone();
    engine.register_raw_fn(name, types, move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
        let values: Vec<V> = args.iter().map(|arg| from_dynamic(arg)).collect();
        let cx = Cx { rt: &rt, call: &call };
        function(cx, &values).map(to_dynamic).map_err(to_rhai)
    });
}

/// An engine with everything that ported text uses.
///
/// # Errors
/// When Rhai does not take a statement form; it always does.
pub(super) fn build(rt: &Arc<Rt>) -> Result<Engine, String> {
    let mut engine = Engine::new();
    engine.set_max_call_levels(400);
    engine.set_max_expr_depths(4000, 4000);
    engine.set_optimization_level(rhai::OptimizationLevel::None);
    for (name, arity, function) in super::functions::TABLE {
        register(&mut engine, rt, name, *arity, *function);
    }
    register_items(&mut engine, rt);
    statements(&mut engine, rt)?;
    watch(&mut engine, rt);
    Ok(engine)
}

/// Ends a script that takes too long.
pub(super) fn watch(engine: &mut Engine, rt: &Arc<Rt>) {
    let watched = rt.clone();
    engine.on_progress(move |_| {
        watched.ending().map(|reason| {
            Dynamic::from(Carried(Arc::new(Mutex::new(Some(Box::new(Fault::Stopped(reason.to_owned())))))))
        })
    });
}

/// Functions whose results Rhai walks or indexes itself.
fn register_items(engine: &mut Engine, rt: &Arc<Rt>) {
    let walk = |engine: &mut Engine, name: &'static str, function: fn(Cx<'_>, &V) -> Res<Vec<V>>| {
        let rt = rt.clone();
        engine.register_raw_fn(
            name,
            [TypeId::of::<Dynamic>()],
            move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
                let value = args.first().map(|arg| from_dynamic(arg)).unwrap_or_default();
                let items = function(Cx { rt: &rt, call: &call }, &value).map_err(to_rhai)?;
                Ok(Dynamic::from(super::walk::begin(&rt, &super::value::V::array(items), super::walk::Word::Switch)))
            },
        );
    };
    let state = rt.clone();
    engine.register_iterator_result::<super::walk::Loop, Dynamic>();
    engine.register_raw_fn(
        "items",
        [TypeId::of::<Dynamic>()],
        move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
            let value = args.first().map(|arg| from_dynamic(arg)).unwrap_or_default();
            let value = super::functions::value(Cx { rt: &state, call: &call }, &value).map_err(to_rhai)?;
            Ok(Dynamic::from(super::walk::begin(&state, &value, super::walk::Word::Foreach)))
        },
    );
    walk(engine, "switch_items", super::functions::switch_items);
    walk(engine, "file_lines", super::functions::file_lines);
    engine.register_fn("spread", |value: Dynamic, count: i64| -> rhai::Array {
        super::functions::spread(from_dynamic(&value), count).into_iter().map(to_dynamic).collect()
    });
}

pub(super) fn evaluate(context: &mut EvalContext<'_, '_, '_, '_, '_, '_>, part: &Expression<'_>) -> RhaiResult {
    context.eval_expression_tree(part)
}

fn literal(part: &Expression<'_>) -> String {
    part.get_literal_value::<ImmutableString>().map(|text| text.to_string()).unwrap_or_default()
}

/// The statement forms: `step`, `turn`, `attempt`, `collect`, `gather`, `redirected`.
fn statements(engine: &mut Engine, rt: &Arc<Rt>) -> Result<(), String> {
    let text = |error: rhai::ParseError| error.to_string();
    let state = rt.clone();
    engine
        .register_custom_syntax(["step", "$int$", "$block$"], false, move |context, inputs| {
            let line = inputs[0].get_literal_value::<i64>().unwrap_or_default();
            *lock(&state.line) = line;
            match evaluate(context, &inputs[1]) {
                Ok(_) => {
                    if !super::functions::failed_here(&state) {
                        *lock(&state.ok) = true;
                    }
                    super::functions::clear_failure(&state);
                    Ok(Dynamic::UNIT)
                }
                Err(error) if is_jump(&error) => Err(error),
                Err(error) => {
                    let end = super::errors::end_of_statement(&state, from_rhai(error));
                    end.map(|()| Dynamic::UNIT).map_err(to_rhai)
                }
            }
        })
        .map_err(text)?;
    engine
        .register_custom_syntax(["turn", "$string$", "$block$"], false, move |context, inputs| {
            match evaluate(context, &inputs[1]) {
                Ok(_) => Ok(Dynamic::UNIT),
                Err(error) if is_jump(&error) => Err(error),
                Err(error) => match *from_rhai(error) {
                    Fault::Jump { next, label } => {
                        let own = literal(&inputs[0]);
                        if label.as_deref().is_none_or(|label| label.is_empty() || label.eq_ignore_ascii_case(&own)) {
                            return Err(Box::new(EvalAltResult::LoopBreak(!next, Dynamic::UNIT, Position::NONE)));
                        }
                        Err(to_rhai(Box::new(Fault::Jump { next, label })))
                    }
                    other => Err(to_rhai(Box::new(other))),
                },
            }
        })
        .map_err(text)?;
    for (word, unrolls) in [("collect", true), ("gather", false)] {
        let state = rt.clone();
        engine
            .register_custom_syntax([word, "$block$"], false, move |context, inputs| {
                let sink = Arc::new(super::pipe::Collector::default());
                let depth = {
                    let mut sinks = lock(&state.sinks);
                    sinks.push(sink.clone());
                    sinks.len() - 1
                };
                let result = evaluate(context, &inputs[0]);
                lock(&state.sinks).truncate(depth);
                if let Err(error) = result {
                    if matches!(*error, EvalAltResult::Return(..)) {
                        let below = lock(&state.sinks).last().cloned();
                        super::functions::give_back(&state, below, sink.take());
                    }
                    return Err(error);
                }
                let outputs = sink.take();
                Ok(to_dynamic(if unrolls { V::from_outputs(outputs) } else { V::array(outputs) }))
            })
            .map_err(text)?;
    }
    let state = rt.clone();
    engine
        .register_custom_syntax(["redirected", "$expr$", "$block$"], false, move |context, inputs| {
            let targets = from_dynamic(&evaluate(context, &inputs[0])?);
            let depth = super::functions::begin_redirection(&state, targets);
            let result = evaluate(context, &inputs[1]);
            super::functions::end_redirection(&state, depth);
            result.map(|_| Dynamic::UNIT)
        })
        .map_err(text)?;
    attempt(engine, rt);
    traps(engine, rt);
    Ok(())
}

/// `step_trap line { } handle [types] { } … done`.
fn traps(engine: &mut Engine, rt: &Arc<Rt>) {
    let state = rt.clone();
    engine.register_custom_syntax_with_state_raw(
        "step_trap",
        |symbols, look_ahead, _| {
            Ok(match (symbols.len(), symbols.last().map_or("", |symbol| symbol.as_str())) {
                (1, _) => Some("$int$".into()),
                (2, _) | (_, "$expr$") => Some("$block$".into()),
                (_, "handle") => Some("$expr$".into()),
                (_, "$block$") => Some(if look_ahead == "handle" { "handle" } else { "done" }.into()),
                _ => None,
            })
        },
        false,
        move |context, inputs, _| {
            let line = inputs[0].get_literal_value::<i64>().unwrap_or_default();
            *lock(&state.line) = line;
            let Err(error) = evaluate(context, &inputs[1]) else { return Ok(Dynamic::UNIT) };
            if is_jump(&error) {
                return Err(error);
            }
            let fault = from_rhai(error);
            let Fault::Error(record, reach) = *fault else { return Err(to_rhai(fault)) };
            for pair in inputs[2..].chunks_exact(2) {
                let types = types_of(context, &pair[0])?;
                if super::errors::caught_by(&record, &types) {
                    return trapped(context, &pair[1], &state, &record, reach);
                }
            }
            super::errors::end_of_statement(&state, Box::new(Fault::Error(record, reach)))
                .map(|()| Dynamic::UNIT)
                .map_err(to_rhai)
        },
    );
}

/// The names of types that a handler takes.
fn types_of(
    context: &mut EvalContext<'_, '_, '_, '_, '_, '_>,
    part: &Expression<'_>,
) -> Result<Vec<String>, Box<EvalAltResult>> {
    Ok(from_dynamic(&evaluate(context, part)?).unrolled().iter().map(super::text::to_string).collect())
}

fn trapped(
    context: &mut EvalContext<'_, '_, '_, '_, '_, '_>,
    handler: &Expression<'_>,
    rt: &Arc<Rt>,
    record: &super::value::Obj,
    reach: super::fault::Reach,
) -> RhaiResult {
    super::trace::locate(rt, record);
    rt.remember_error(record);
    let before = rt.get("_");
    rt.set("_", V::Obj(record.clone()));
    let result = evaluate(context, handler);
    rt.set("_", before.unwrap_or_default());
    match result {
        Ok(_) => {
            super::errors::show(rt, record);
            Ok(Dynamic::UNIT)
        }
        Err(error) if is_jump(&error) => Err(error),
        Err(error) => match *from_rhai(error) {
            Fault::Jump { next: true, .. } => Ok(Dynamic::UNIT),
            Fault::Jump { next: false, .. } => Err(to_rhai(Box::new(Fault::Error(record.clone(), reach)))),
            other => Err(to_rhai(Box::new(other))),
        },
    }
}

/// `attempt { } handle [types] { } … ensure { } done`.
fn attempt(engine: &mut Engine, rt: &Arc<Rt>) {
    let state = rt.clone();
    engine.register_custom_syntax_with_state_raw(
        "attempt",
        |symbols, look_ahead, tag| {
            let last = symbols.last().map_or("", |symbol| symbol.as_str());
            Ok(match last {
                "attempt" => Some("$block$".into()),
                "handle" => Some("$expr$".into()),
                "$expr$" | "ensure" => Some("$block$".into()),
                "$block$" => {
                    let word = match look_ahead {
                        "handle" => "handle",
                        "ensure" => {
                            *tag = Dynamic::TRUE;
                            "ensure"
                        }
                        _ => "done",
                    };
                    Some(word.into())
                }
                _ => None,
            })
        },
        false,
        move |context, inputs, has_ensure| {
            let ensure = has_ensure.as_bool().unwrap_or(false);
            let handlers = if ensure { &inputs[1..inputs.len() - 1] } else { &inputs[1..] };
            let tries = *lock(&state.tries);
            *lock(&state.tries) += 1;
            let mut result = evaluate(context, &inputs[0]);
            *lock(&state.tries) = tries;
            if let Err(error) = result {
                result =
                    if is_jump(&error) { Err(error) } else { handled(context, handlers, &state, from_rhai(error)) };
            }
            if ensure && let Some(last) = inputs.last() {
                let _ = evaluate(context, last)?;
            }
            result.map(|_| Dynamic::UNIT)
        },
    );
}

fn handled(
    context: &mut EvalContext<'_, '_, '_, '_, '_, '_>,
    handlers: &[Expression<'_>],
    rt: &Arc<Rt>,
    fault: Box<Fault>,
) -> RhaiResult {
    let Fault::Error(record, reach) = *fault else { return Err(to_rhai(fault)) };
    super::trace::locate(rt, &record);
    for pair in handlers.chunks_exact(2) {
        let types = types_of(context, &pair[0])?;
        if super::errors::caught_by(&record, &types) {
            rt.remember_error(&record);
            let before = rt.get("_");
            rt.set("_", V::Obj(record.clone()));
            lock(&rt.caught).push(record.clone());
            let result = evaluate(context, &pair[1]);
            lock(&rt.caught).pop();
            match before {
                Some(before) => rt.set("_", before),
                None => rt.remove_variable("_"),
            }
            return result;
        }
    }
    Err(to_rhai(Box::new(Fault::Error(record, reach))))
}

/// A number that Rhai has no literal for.
#[must_use]
pub(super) fn special_number(name: &str, value: &V) -> V {
    match name {
        "long" => super::number::of(value, "System.Int64").ok().and_then(Num::long).map_or(V::Null, V::Long),
        "double" => super::text::to_string(value).parse().map_or(V::Null, V::Double),
        _ => super::text::to_string(value).parse().map_or(V::Null, V::Decimal),
    }
}

/// Compiles PowerShell text to a script block.
///
/// # Errors
/// When the text is not PowerShell.
pub(super) fn compile_block(cx: Cx<'_>, source: &str) -> Res<V2> {
    let parsed = crate::port::parse(source);
    if let Some(error) = parsed.errors.first() {
        return Problem::new(error.id, "ParserError", error.message.clone())
            .exception("System.Management.Automation.ParseException")
            .err();
    }
    let lowered = crate::port::lower::lower_block(source, &parsed);
    let value = with_exact(cx, |engine| {
        let ast = engine
            .compile(&lowered.text)
            .map_err(|error| Problem::new("ParseError", "ParserError", error.to_string()).fault())?;
        run_ast(cx.rt, engine, &Arc::new(ast)).map_err(from_rhai)
    })?;
    match from_dynamic(&value) {
        V::Block(block) => Ok(block),
        _ => Problem::new("ParseError", "ParserError", "the text gives no script block").err(),
    }
}

/// The engine for texts that are not the script's own.
#[derive(Default)]
pub(super) enum Exact {
    /// The script's: it runs in the exact form itself.
    #[default]
    Own,
    /// One beside that of a kept text, once it is needed.
    Beside(Option<Arc<Engine>>),
}

/// Works with the engine that knows the exact form.
///
/// # Errors
/// What `work` gives.
pub(super) fn with_exact<T>(cx: Cx<'_>, work: impl FnOnce(&Engine) -> Res<T>) -> Res<T> {
    let beside = match &mut *lock(&cx.rt.exact) {
        Exact::Own => None,
        Exact::Beside(Some(engine)) => Some(engine.clone()),
        Exact::Beside(none) => {
            let wrong = |message: String| Problem::new("ParseError", "ParserError", message).fault();
            Some(none.insert(Arc::new(build(cx.rt).map_err(wrong)?)).clone())
        }
    };
    work(beside.as_deref().unwrap_or_else(|| cx.call.engine()))
}

/// What [`compile_block`] gives.
pub(super) type V2 = Block;

/// Runs compiled text, which the blocks it makes remember.
///
/// # Errors
/// What its statements give.
pub(super) fn run_ast(rt: &Arc<Rt>, engine: &Engine, ast: &Arc<AST>) -> RhaiResult {
    lock(&rt.texts).push(ast.clone());
    let result = engine.eval_ast::<Dynamic>(ast);
    lock(&rt.texts).pop();
    result
}
