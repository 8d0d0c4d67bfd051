//! Forms of ported text that Rhai does not have, and the nodes that `steps` puts around its statements: `object { … }`, `ordered { … }`, `table { … }`, `guard { … } finally { … }`,
//! and the operators `eq`, `ne`, `gt`, `ge`, `lt`, `le`, `like`, `notlike`.
//!
//! Their meaning is in `words` and in the runtime.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rhai::{Dynamic, Engine, EvalAltResult, EvalContext, Expr, Expression, NativeCallContext, ParseError, Position};

use super::super::engine::{RhaiResult, evaluate, from_dynamic, to_dynamic, to_rhai};
use super::super::errors::end_of_statement;
use super::super::fault::{Fault, Problem, Res};
use super::super::pipe::Collector;
use super::super::state::{Cx, Rt};
use super::super::value::{CUSTOM_OBJECT, Hash, HashKind, List, ListKind, Obj, V, lock};
use super::steps::Wrapper;

/// Operators between values; they bind as comparisons do.
pub(super) const OPERATORS: &[&str] = &["eq", "ne", "gt", "ge", "lt", "le", "like", "notlike"];
/// A statement of the script that may fail alone.
pub(super) const STEP: &str = "powershell_step";
/// The body of a `try`.
pub(super) const TRY: &str = "powershell_try";
/// A parameter's value as its type wants it.
pub(super) const HEAD: &str = "powershell_head";
/// A value as the type of its variable wants it.
pub(super) const TYPED: &str = "powershell_typed";
/// Where errors go that the script handles itself.
const HANDLE: &str = "powershell_handle";
/// A parameter of a piped object, as it has to be.
pub(super) const TAKE: &str = "powershell_take";
/// A collector whose values go where the function's output goes.
pub(super) const HERE: &str = "powershell_here";
/// A block that collects what its statements give.
pub(super) const COLLECT: &str = "powershell_collect";
/// A call whose output is taken as it comes.
pub(super) const LIVE: &str = "powershell_live";
/// One round of a loop.
pub(super) const TURN: &str = "powershell_turn";
/// The body of a function, and of a closure.
pub(super) const BODIES: [&str; 2] = ["powershell_function", "powershell_block"];
/// The kind of the list that stands for the output itself.
pub(super) const HERE_KIND: &str = "powershell.output";

/// Registers the forms; without a runtime they can be compiled only.
pub(super) fn register(engine: &mut Engine, rt: Option<&Arc<Rt>>, wrapper: Wrapper) -> Result<(), ParseError> {
    for operator in OPERATORS {
        let _ = engine.register_custom_operator(*operator, 90);
    }
    for word in ["object", "ordered", "table"] {
        entries(engine, word);
    }
    guard(engine);
    nodes(engine, rt)?;
    let wrapper = Arc::new(wrapper);
    for (word, is_function) in BODIES.into_iter().zip([true, false]) {
        let (state, wrapper) = (rt.cloned(), wrapper.clone());
        let bodies: Mutex<HashMap<Position, Arc<(Expr, bool)>>> = Mutex::default();
        engine.register_custom_syntax([word, "$string$", "$block$"], false, move |context, inputs| {
            let (Some(rt), Expr::Stmt(block)) = (&state, &*inputs[1]) else {
                return context.eval_expression_tree(&inputs[1]);
            };
            let known = lock(&bodies).get(&block.position()).cloned();
            let known = known.unwrap_or_else(|| {
                let made = Arc::new(wrapper.function(block));
                lock(&bodies).insert(block.position(), made.clone());
                made
            });
            let body = Expression::from(&known.0);
            if !is_function {
                return context.eval_expression_tree(&body);
            }
            let name = inputs[0].get_literal_value::<rhai::ImmutableString>().unwrap_or_default();
            let line = *lock(&rt.line);
            lock(&rt.functions).push(name.into());
            let result = called(context, rt, &body, known.1);
            let depth = lock(&rt.functions).len();
            lock(&rt.functions).pop();
            lock(&rt.handlers).retain(|handler| handler.depth < depth);
            *lock(&rt.line) = line;
            result
        })?;
    }
    Ok(())
}

/// Runs the body of a function: what it collects and its last value are its output, one item as itself.
fn called(
    context: &mut EvalContext<'_, '_, '_, '_, '_, '_>,
    rt: &Arc<Rt>,
    body: &Expression<'_>,
    collects: bool,
) -> RhaiResult {
    let live = std::mem::take(&mut *lock(&rt.live));
    let collector = (collects && !live).then(|| Arc::new(Collector::default()));
    if let Some(collector) = &collector {
        lock(&rt.sinks).push(collector.clone());
    }
    let result = context.eval_expression_tree(body);
    if collector.is_some() {
        lock(&rt.sinks).pop();
    }
    let value = match result {
        Ok(value) => from_dynamic(&value),
        Err(error) => match *error {
            EvalAltResult::Return(value, _) => from_dynamic(&value),
            other => return Err(Box::new(other)),
        },
    };
    let given = match collector {
        Some(collector) => V::from_outputs(collector.take()),
        None => match value {
            V::Null => V::Nothing,
            V::List(_) => V::from_outputs(value.unrolled()),
            other => other,
        },
    };
    Ok(to_dynamic(given))
}

/// What `steps` puts around statements.
fn nodes(engine: &mut Engine, rt: Option<&Arc<Rt>>) -> Result<(), ParseError> {
    let never = |_: &[rhai::ImmutableString], _: &str, _: &mut Dynamic| Ok(None);
    let state = rt.cloned();
    engine.register_custom_syntax_with_state_raw(STEP, never, false, move |context, inputs, whole| {
        let Some(rt) = &state else { return context.eval_expression_tree(&inputs[0]) };
        if let Some(line) = inputs[0].position().line().and_then(|line| i64::try_from(line).ok()) {
            *lock(&rt.line) = line;
        }
        match context.eval_expression_tree(&inputs[0]) {
            Err(error) if !super::super::engine::is_jump(&error) => {
                let fault = super::super::engine::from_rhai(error);
                let nothing = if whole.is_bool() { V::Nothing } else { V::Null };
                handled(context, rt, fault).map(|()| to_dynamic(nothing)).map_err(to_rhai)
            }
            Ok(value) => {
                if !super::super::functions::failed_here(rt) {
                    *lock(&rt.ok) = true;
                }
                super::super::functions::clear_failure(rt);
                Ok(value)
            }
            result => result,
        }
    });
    let state = rt.cloned();
    engine.register_custom_syntax_with_state_raw(HEAD, never, false, move |context, inputs, name| {
        let result = context.eval_expression_tree(&inputs[0]);
        match result {
            Err(error) if state.is_some() && !super::super::engine::is_jump(&error) => {
                let name = name.to_string();
                let fault = super::super::engine::from_rhai(error);
                Err(to_rhai(unbound(state.as_ref(), fault, &name)))
            }
            other => other,
        }
    });
    engine.register_custom_syntax_with_state_raw(HERE, never, false, |_, _, _| {
        Ok(to_dynamic(V::List(List::of(ListKind::Generic(HERE_KIND.into()), Vec::new()))))
    });
    let state = rt.cloned();
    engine.register_custom_syntax_with_state_raw(LIVE, never, false, move |context, inputs, _| {
        let (Some(rt), Expr::FnCall(call, position)) = (&state, &*inputs[0]) else {
            return context.eval_expression_tree(&inputs[0]);
        };
        // the arguments come first: they may be calls themselves
        let mut call = call.clone();
        for arg in &mut call.args {
            let value = context.eval_expression_tree(&Expression::from(&*arg))?;
            *arg = Expr::DynamicConstant(Box::new(value), arg.position());
        }
        *lock(&rt.live) = true;
        let result = context.eval_expression_tree(&Expression::from(&Expr::FnCall(call, *position)));
        *lock(&rt.live) = false;
        result
    });
    engine.register_custom_syntax_with_state_raw(TURN, never, false, |context, inputs, _| {
        let error = match context.eval_expression_tree(&inputs[0]) {
            Err(error) if !super::super::engine::is_jump(&error) => error,
            other => return other,
        };
        match *super::super::engine::from_rhai(error) {
            Fault::Jump { next, label: None } => {
                Err(Box::new(EvalAltResult::LoopBreak(!next, Dynamic::UNIT, inputs[0].position())))
            }
            other => Err(to_rhai(Box::new(other))),
        }
    });
    engine.register_custom_syntax_with_state_raw(TYPED, never, false, |context, inputs, _| {
        match context.eval_expression_tree(&inputs[0]) {
            Err(error) if !super::super::engine::is_jump(&error) => {
                Err(to_rhai(super::super::assign::of_variable(super::super::engine::from_rhai(error))))
            }
            other => other,
        }
    });
    let state = rt.cloned();
    engine.register_custom_syntax_with_state_raw(COLLECT, never, false, move |context, inputs, _| {
        let Some(rt) = &state else { return context.eval_expression_tree(&inputs[0]) };
        let collector = Arc::new(Collector::default());
        lock(&rt.sinks).push(collector.clone());
        let result = context.eval_expression_tree(&inputs[0]);
        lock(&rt.sinks).pop();
        match result {
            Ok(_) => Ok(to_dynamic(V::from_outputs(collector.take()))),
            Err(error) => {
                // what was put out before a `return` is the function's
                let mut before = to_dynamic(V::from_outputs(collector.take()));
                if matches!(*error, EvalAltResult::Return(..)) {
                    let _ = context.call_fn_raw("show", false, false, &mut [&mut before])?;
                }
                Err(error)
            }
        }
    });
    tried(engine, rt);
    taken(engine, rt);
    handler(engine, rt);
    Ok(())
}

/// What an error does at the end of its statement: the script's own handler takes it, or it is reported.
fn handled(context: &mut EvalContext<'_, '_, '_, '_, '_, '_>, rt: &Arc<Rt>, fault: Box<Fault>) -> Res<()> {
    let handlers = lock(&rt.handlers).clone();
    let Fault::Error(record, _) = &*fault else { return Err(fault) };
    if handlers.is_empty() {
        return end_of_statement(rt, fault);
    }
    let (depth, tries) = (lock(&rt.functions).len(), *lock(&rt.tries));
    let fits = |handler: &&super::Handler| {
        handler.depth == depth && handler.tries == tries && super::super::errors::caught_by(record, &handler.types)
    };
    // one for its own type before one for all
    let own = handlers.iter().filter(fits).min_by_key(|handler| handler.types.is_empty());
    let Some(own) = own else {
        let is_outside = handlers.iter().any(|handler| handler.depth < depth);
        return if is_outside { Err(fault) } else { end_of_statement(rt, fault) };
    };
    super::super::trace::locate(rt, record);
    rt.remember_error(record);
    *lock(&rt.ok) = false;
    // its own errors are not for it
    let before = std::mem::take(&mut *lock(&rt.handlers));
    let mut args = [to_dynamic(own.work.clone()), to_dynamic(V::Obj(record.clone()))];
    let mut args: Vec<&mut Dynamic> = args.iter_mut().collect();
    let result = context.call_fn_raw(HANDLE, false, false, &mut args);
    *lock(&rt.handlers) = before;
    result.map(drop).map_err(super::super::engine::from_rhai)
}

/// Runs the block of a handler with an error.
fn handler(engine: &mut Engine, rt: Option<&Arc<Rt>>) {
    let Some(rt) = rt.cloned() else { return };
    let types = [TypeId::of::<Dynamic>(); 2];
    engine.register_raw_fn(
        HANDLE,
        types,
        move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
            let cx = Cx { rt: &rt, call: &call };
            if let V::Block(block) = from_dynamic(args[0]) {
                super::super::invoke::inline(cx, &block, None, vec![from_dynamic(args[1])]).map_err(to_rhai)?;
            }
            Ok(Dynamic::UNIT)
        },
    );
}

/// What a parameter of a piped object needs, which fails alone: the next object is its function's next.
fn taken(engine: &mut Engine, rt: Option<&Arc<Rt>>) {
    let never = |_: &[rhai::ImmutableString], _: &str, _: &mut Dynamic| Ok(None);
    let state = rt.cloned();
    engine.register_custom_syntax_with_state_raw(TAKE, never, false, move |context, inputs, _| {
        let result = context.eval_expression_tree(&inputs[0]);
        match (result, &state) {
            (Err(error), Some(rt)) if !super::super::engine::is_jump(&error) => {
                end_of_statement(rt, not_bound(rt, super::super::engine::from_rhai(error))).map_err(to_rhai)?;
                Err(Box::new(EvalAltResult::LoopBreak(false, Dynamic::UNIT, inputs[0].position())))
            }
            (result, _) => result,
        }
    });
}

/// A parameter that is missing where objects are piped in is a property that they lack.
fn not_bound(rt: &Arc<Rt>, fault: Box<Fault>) -> Box<Fault> {
    if let Fault::Error(record, _) = &*fault {
        let (_, id, _) = super::super::fault::summary(record);
        if id.starts_with("MissingMandatoryParameter") {
            let message = "The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input.";
            return Problem::new(super::in_function(rt, "InputObjectNotBound"), "InvalidArgument", message)
                .exception("System.Management.Automation.ParameterBindingException")
                .fault();
        }
    }
    fault
}

/// What is said of a parameter whose value has the wrong type.
#[expect(clippy::boxed_local, reason = "faults travel boxed")]
fn unbound(rt: Option<&Arc<Rt>>, fault: Box<Fault>, name: &str) -> Box<Fault> {
    match *fault {
        Fault::Error(record, _) => {
            let (message, ..) = super::super::fault::summary(&record);
            let message = format!("Cannot process argument transformation on parameter '{name}'. {message}");
            let id = "ParameterArgumentTransformationError";
            let id = rt.map_or_else(|| id.to_owned(), |rt| super::in_function(rt, id));
            Problem::new(id, "InvalidData", message)
                .exception("System.Management.Automation.ParameterBindingArgumentTransformationException")
                .fault()
        }
        other => Box::new(other),
    }
}

/// The body of a `try`: what fails there is caught.
fn tried(engine: &mut Engine, rt: Option<&Arc<Rt>>) {
    let never = |_: &[rhai::ImmutableString], _: &str, _: &mut Dynamic| Ok(None);
    let state = rt.cloned();
    engine.register_custom_syntax_with_state_raw(TRY, never, false, move |context, inputs, _| {
        let Some(rt) = &state else { return context.eval_expression_tree(&inputs[0]) };
        let tries = *lock(&rt.tries);
        *lock(&rt.tries) += 1;
        let result = context.eval_expression_tree(&inputs[0]);
        *lock(&rt.tries) = tries;
        match result {
            Err(error) if !super::super::engine::is_jump(&error) => {
                let fault = super::super::engine::from_rhai(error);
                if let Fault::Error(record, _) = &*fault {
                    super::super::trace::locate(rt, record);
                    rt.remember_error(record);
                }
                Err(to_rhai(fault))
            }
            other => other,
        }
    });
}

/// `guard { … } finally { … }`: the second block runs however the first ends.
fn guard(engine: &mut Engine) {
    engine.register_custom_syntax_with_state_raw(
        "guard",
        |symbols, _, _| {
            Ok(match symbols.len() {
                1 | 3 => Some("$block$".into()),
                2 => Some("finally".into()),
                _ => None,
            })
        },
        false,
        |context, inputs, _| {
            let result = context.eval_expression_tree(&inputs[0]);
            let _ = context.eval_expression_tree(&inputs[1])?;
            result.map(|_| Dynamic::UNIT)
        },
    );
}

/// `word { key: value, "a key": value, (expression): value }`.
fn entries(engine: &mut Engine, word: &'static str) {
    engine.register_custom_syntax_with_state_raw(
        word,
        |symbols, look_ahead, state| {
            let mut kinds = state.clone().into_string().unwrap_or_default();
            let last = symbols.last().map_or("", |symbol| symbol.as_str());
            // what came before the last symbol tells a key from a value
            let next = match kinds.chars().last() {
                None => {
                    kinds.push('{');
                    "{"
                }
                Some('{' | ',') => match look_ahead {
                    "}" => {
                        kinds.push('}');
                        "}"
                    }
                    "(" => {
                        kinds.push('(');
                        "("
                    }
                    _ => {
                        kinds.push('k');
                        "$token$"
                    }
                },
                Some('(') => {
                    kinds.push('e');
                    "$expr$"
                }
                Some('e') => {
                    kinds.push(')');
                    ")"
                }
                Some('k' | ')') => {
                    kinds.push(':');
                    ":"
                }
                Some(':') => {
                    kinds.push('v');
                    "$expr$"
                }
                Some('v') => match look_ahead {
                    "," => {
                        kinds.push(',');
                        ","
                    }
                    _ => {
                        kinds.push('}');
                        "}"
                    }
                },
                _ => "",
            };
            let _ = last;
            *state = kinds.into();
            Ok((!next.is_empty()).then(|| next.into()))
        },
        false,
        move |context, inputs, state| build(word, context, inputs, &state.clone().into_string().unwrap_or_default()),
    );
}

fn build(
    word: &str,
    context: &mut EvalContext<'_, '_, '_, '_, '_, '_>,
    inputs: &[Expression<'_>],
    kinds: &str,
) -> RhaiResult {
    let mut pairs: Vec<(V, V)> = Vec::new();
    let mut key = V::Null;
    for (kind, input) in kinds.chars().filter(|kind| matches!(kind, 'k' | 'e' | 'v')).zip(inputs) {
        match kind {
            'k' => {
                let text = input.get_literal_value::<rhai::ImmutableString>().unwrap_or_default();
                key = V::from(unquoted(&text));
            }
            'e' => key = from_dynamic(&evaluate(context, input)?),
            _ => pairs.push((std::mem::take(&mut key), from_dynamic(&evaluate(context, input)?))),
        }
    }
    if word == "object" {
        let object = Obj::custom(Vec::<(&str, V)>::new());
        for (key, value) in pairs {
            let name = super::super::text::interpolated(&key);
            if name.eq_ignore_ascii_case("PSTypeName") {
                let own = super::super::text::to_string(&value);
                object.set_types(vec![own.into(), CUSTOM_OBJECT.into()]);
            } else {
                object.set(&name, value);
            }
        }
        return Ok(to_dynamic(V::Obj(object)));
    }
    let hash = Hash::new(if word == "ordered" { HashKind::Ordered } else { HashKind::Table });
    for (key, value) in pairs {
        hash.set(key, value);
    }
    Ok(to_dynamic(V::Hash(hash)))
}

/// A key's text: a name, or a literal with its marks.
fn unquoted(text: &str) -> String {
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text).to_owned()
}
