//! The functions that ported text calls, by name: each a line of [`TABLE`].
//!
//! Their meaning is in the files they lead to.

use std::sync::Arc;

use super::block::Block;
use super::command::Call;
use super::fault::{Fault, Problem, Reach, Res};
use super::pipe::{Pipe, Sink};
use super::state::{Cx, Rt};
use super::text::{interpolated, to_string};
use super::value::{Hash, HashKind, Obj, V, lock};

type Function = fn(Cx<'_>, &[V]) -> Res<V>;

/// Name, number of arguments, function.
pub(super) const TABLE: &[(&str, usize, Function)] = &[
    ("val", 1, |cx, a| super::assign::variable(cx, &to_string(&a[0]))),
    ("val_in", 2, |cx, a| super::assign::scoped(cx, &to_string(&a[0]), &to_string(&a[1]))),
    ("set", 2, |cx, a| super::assign::set(cx, &to_string(&a[0]), &a[1])),
    ("set_in", 3, |cx, a| super::assign::set_scoped(cx, &to_string(&a[0]), &to_string(&a[1]), &a[2])),
    ("set_checked", 4, |cx, a| {
        let name = to_string(&a[0]);
        let types: Vec<String> = a[1].clone().unrolled().iter().map(to_string).collect();
        let checks = validations(&a[2]);
        let value = super::assign::constrained(cx, &name, &types, &checks, value(cx, &plain(&a[3]))?)?;
        cx.rt.set(&name, value.clone());
        cx.rt.constrain(&name, types, checks);
        Ok(value)
    }),
    ("merged", 2, |cx, a| Ok(merged(cx, &a[0], &to_string(&a[1])))),
    ("set_typed", 3, |cx, a| super::assign::set_typed(cx, &to_string(&a[0]), &a[1], &a[2])),
    ("env", 1, |cx, a| {
        Ok(lock(&cx.rt.env).get(&to_string(&a[0]).to_uppercase()).map_or(V::Null, |text| V::from(text.as_str())))
    }),
    ("set_env", 2, |cx, a| Ok(super::assign::set_env(cx, &to_string(&a[0]), &a[1]))),
    ("emit", 1, |cx, a| emit(cx, &a[0]).map(|()| V::Null)),
    ("discard", 1, |cx, a| match &a[0] {
        V::Pipe(pipe) => pipe.run(cx, Arc::new(super::pipe::Nowhere)).map(|()| V::Null),
        _ => Ok(V::Null),
    }),
    ("value", 1, |cx, a| value(cx, &a[0])),
    ("pipe", 1, |_, a| Ok(V::Pipe(Arc::new(Pipe { source: None, calls: calls(&a[0]) })))),
    ("pipe_from", 2, |_, a| Ok(V::Pipe(Arc::new(Pipe { source: Some(a[0].clone()), calls: calls(&a[1]) })))),
    ("cmd", 2, |cx, a| Ok(call(cx, &a[0], &a[1], false))),
    ("dot_call", 2, |cx, a| Ok(call(cx, &a[0], &a[1], true))),
    ("param", 1, |_, a| Ok(V::Param(to_string(&a[0]).into(), false))),
    ("param_with", 1, |_, a| Ok(V::Param(to_string(&a[0]).into(), true))),
    ("splat", 1, |_, a| Ok(super::exchange::splat(a[0].clone()))),
    ("splat_args", 1, |_, a| Ok(super::exchange::splat_args(&a[0]))),
    ("spelled", 2, |_, a| Ok(super::exchange::spelled(a[0].clone(), &to_string(&a[1])))),
    ("text", 1, |cx, a| Ok(super::operators::text(cx, &a[0].clone().unrolled()))),
    ("safely", 1, |_, a| Ok(a[0].clone())),
    ("list", 1, |_, a| {
        Ok(V::array(
            a[0].clone()
                .unrolled()
                .into_iter()
                .map(|item| if matches!(item, V::Nothing) { V::Null } else { item })
                .collect(),
        ))
    }),
    ("table", 1, |_, a| hash(HashKind::Table, &a[0]).map(V::Hash)),
    ("ordered", 1, |_, a| hash(HashKind::Ordered, &a[0]).map(V::Hash)),
    ("object", 1, |_, a| object(&a[0])),
    ("long", 1, |_, a| Ok(super::engine::special_number("long", &a[0]))),
    ("double", 1, |_, a| Ok(super::engine::special_number("double", &a[0]))),
    ("decimal", 1, |_, a| Ok(super::engine::special_number("decimal", &a[0]))),
    ("block", 1, |cx, a| Ok(block(cx, &a[0]))),
    ("function", 2, |cx, a| {
        if let V::Block(block) = &a[1] {
            cx.rt.define(&to_string(&a[0]), block.clone());
        }
        Ok(V::Null)
    }),
    ("run_script", 1, |cx, a| run_script(cx, &a[0])),
    ("type_named", 1, |_, a| type_named(&to_string(&a[0])).map(V::Type)),
    ("cast", 2, |cx, a| match (to_string(&a[0]).to_lowercase().as_str(), &a[1]) {
        ("string", V::List(_)) => Ok(super::operators::text(cx, std::slice::from_ref(&a[1]))),
        (name, value) => super::class::convert(cx, name, &plain(value)),
    }),
    ("is_type", 2, |_, a| match &a[1] {
        V::Str(name) if super::types::resolve(name).is_none() => {
            super::number::cannot_convert(&a[1], "System.Type").err()
        }
        _ => Ok(V::Bool(super::cast::is(&a[0], &type_text(&a[1])))),
    }),
    ("as_type", 2, |_, a| Ok(super::cast::cast_or_null(&type_text(&a[1]), &a[0]))),
    ("truthy", 1, |_, a| Ok(V::Bool(super::compare::truthy(&a[0])))),
    ("is_null", 1, |_, a| Ok(V::Bool(a[0].is_null()))),
    ("add", 2, |_, a| super::arith::add(&a[0], &a[1])),
    ("sub", 2, |_, a| super::arith::subtract(&a[0], &a[1])),
    ("mul", 2, |_, a| super::arith::multiply(&a[0], &a[1])),
    ("div", 2, |_, a| super::arith::divide(&a[0], &a[1])),
    ("rem", 2, |_, a| super::arith::remainder(&a[0], &a[1])),
    ("negate", 1, |_, a| super::arith::negate(&a[0])),
    ("positive", 1, |_, a| super::arith::positive(&a[0])),
    ("range_of", 2, |_, a| super::arith::range(&a[0], &a[1])),
    ("bits", 3, |_, a| super::arith::bits(&a[0], &to_string(&a[1]), &a[2])),
    ("bits_not", 1, |_, a| super::arith::subtract(&super::arith::negate(&a[0])?, &V::Int(1))),
    ("compare", 3, |_, a| super::compare::compare(&a[0], &to_string(&a[1]), &a[2])),
    ("match_re", 3, |cx, a| super::operators::matches(cx, &a[0], &to_string(&a[1]), &a[2])),
    ("replace_re", 3, |cx, a| super::operators::replace(cx, &a[0], &a[1], super::compare::truthy(&a[2]))),
    ("split_re", 3, |cx, a| super::operators::split(cx, &a[0], &a[1], super::compare::truthy(&a[2]))),
    ("split_words", 1, |_, a| Ok(super::operators::split_words(&a[0]))),
    ("join_text", 2, |_, a| Ok(super::operators::join(&a[0], &a[1]))),
    ("format", 2, |_, a| {
        super::operators::format(&interpolated(&a[0]), &format_values(&a[1]), &crate::render::text::Culture::EN_US)
    }),
    ("get", 2, |cx, a| super::member::get(cx, &a[0], &to_string(&a[1]))),
    ("set_member", 3, |cx, a| super::member::set(cx, &a[0], &to_string(&a[1]), a[2].clone()).map(|()| a[2].clone())),
    ("at", 2, |cx, a| super::index::index(cx, &a[0], &a[1])),
    ("set_at", 3, |cx, a| super::index::set_index(cx, &a[0], &a[1], a[2].clone()).map(|()| a[2].clone())),
    ("call_method", 3, |cx, a| super::dotnet::methods::invoke(cx, &a[0], &to_string(&a[1]), &a[2].clone().unrolled())),
    ("static_get", 2, |cx, a| super::dotnet::statics::property(cx, &type_named(&type_text(&a[0]))?, &to_string(&a[1]))),
    ("static_call", 3, |cx, a| {
        super::dotnet::statics::invoke(cx, &type_named(&type_text(&a[0]))?, &to_string(&a[1]), &a[2].clone().unrolled())
    }),
    ("static_set", 3, |cx, a| {
        let name = to_string(&a[1]);
        if !super::class::set_static(cx, &type_named(&type_text(&a[0]))?, &name, &a[2])?
            && name.eq_ignore_ascii_case("SecurityProtocol")
        {
            cx.rt.set_global("__securityprotocol", a[2].clone());
        }
        Ok(a[2].clone())
    }),
    ("function_alias", 2, |cx, a| {
        lock(&cx.rt.aliases).insert(to_string(&a[0]).to_lowercase(), to_string(&a[1]));
        Ok(V::Nothing)
    }),
    ("define_class", 1, |_, a| Ok(super::class::define(&a[0]))),
    ("define_enum", 3, |_, a| super::class::define_enum(&a[0], &a[1], &a[2])),
    ("method_return", 1, |cx, a| {
        super::class::give(cx, value(cx, &plain(&a[0]))?);
        Ok(V::Null)
    }),
    ("call_own", 4, |cx, a| {
        let (name, args) = (to_string(&a[2]), a[3].clone().unrolled());
        if let (V::Obj(object), Some(class)) = (&a[1], super::declared::class(&to_string(&a[0])))
            && let Some(found) = super::class::invoke_as(cx, &class, object, &name, &args)?
        {
            return Ok(found);
        }
        super::dotnet::methods::invoke(cx, &a[1], &name, &args)
    }),
    ("increment_static", 4, |cx, a| {
        let (full, name) = (type_named(&type_text(&a[0]))?, to_string(&a[1]));
        let before = super::dotnet::statics::property(cx, &full, &name)?;
        let after = super::arith::step(&before, super::compare::truthy(&a[2]))?;
        super::class::set_static(cx, &full, &name, &after)?;
        Ok(if super::compare::truthy(&a[3]) { after } else { before })
    }),
    ("increment", 4, super::assign::increment),
    ("increment_member", 4, |cx, a| {
        let before = super::member::get(cx, &a[0], &to_string(&a[1]))?;
        let after = super::arith::step(&before, super::compare::truthy(&a[2]))?;
        super::member::set(cx, &a[0], &to_string(&a[1]), after.clone())?;
        Ok(if super::compare::truthy(&a[3]) { after } else { before })
    }),
    ("increment_at", 4, |cx, a| {
        let before = super::index::index(cx, &a[0], &a[1])?;
        let after = super::arith::step(&before, super::compare::truthy(&a[2]))?;
        super::index::set_index(cx, &a[0], &a[1], after.clone())?;
        Ok(if super::compare::truthy(&a[3]) { after } else { before })
    }),
    ("reference", 1, |cx, a| {
        let name = to_string(&a[0]);
        let known = || super::automatic::variable(cx.rt, &name);
        let Some(present) = cx.rt.get(&name).or_else(known) else {
            let message = "[ref] cannot be applied to a variable that does not exist.";
            return Problem::new("NonExistingVariableReference", "InvalidOperation", message).err();
        };
        Ok(V::Obj(Obj::new(
            "System.Management.Automation.PSReference",
            [("Value", present), ("__variable", V::from(name))],
        )))
    }),
    ("reference_to", 1, |_, a| {
        Ok(V::Obj(Obj::new("System.Management.Automation.PSReference", [("Value", a[0].clone())])))
    }),
    ("switch_test", 4, switch_test),
    ("item_before", 0, |cx, _| Ok(cx.rt.get("_").unwrap_or(V::Nothing))),
    ("item_after", 1, |cx, a| {
        match &a[0] {
            V::Nothing => cx.rt.remove_variable("_"),
            before => cx.rt.set("_", before.clone()),
        }
        Ok(V::Null)
    }),
    ("set_item", 1, |cx, a| {
        cx.rt.set("_", a[0].clone());
        Ok(V::Null)
    }),
    ("throw_value", 1, |cx, a| throw(cx, &a[0])),
    ("rethrow", 0, |cx, _| {
        let caught = lock(&cx.rt.caught).last().cloned();
        match caught {
            Some(record) => Err(Box::new(Fault::Error(record, Reach::Script))),
            None => throw(cx, &V::from("ScriptHalted")),
        }
    }),
    ("exit_script", 1, |cx, a| {
        let code =
            super::number::of(&plain(&value(cx, &a[0])?), "System.Int32").ok().and_then(super::number::Num::long);
        Err(Box::new(Fault::Exit(code.and_then(|code| i32::try_from(code).ok()).unwrap_or(0))))
    }),
    ("jump", 2, |_, a| {
        let label = to_string(&a[1]);
        Err(Box::new(Fault::Jump { next: to_string(&a[0]) == "continue", label: (!label.is_empty()).then_some(label) }))
    }),
    ("last_ok", 0, |cx, _| Ok(V::Bool(*lock(&cx.rt.ok)))),
    ("unsupported", 2, |_, a| {
        Problem::new(
            "NotPorted",
            "NotImplemented",
            format!("not carried over from PowerShell: {} ({})", to_string(&a[1]), to_string(&a[0])),
        )
        .err()
    }),
];

pub(super) fn plain(value: &V) -> V {
    match value {
        V::Obj(object) if object.is("spelled") => object.base(),
        other => other.clone(),
    }
}

pub(super) fn validations(value: &V) -> Vec<(String, Vec<V>)> {
    value
        .clone()
        .unrolled()
        .into_iter()
        .filter_map(|entry| {
            let mut items = entry.unrolled().into_iter();
            Some((to_string(&items.next()?), items.collect()))
        })
        .collect()
}

fn merged(_: Cx<'_>, call: &V, streams: &str) -> V {
    let V::Pipe(pipe) = call else { return call.clone() };
    let calls = pipe.calls.iter().map(|call| call.merging(streams)).collect();
    V::Pipe(Arc::new(Pipe { source: pipe.source.clone(), calls }))
}

fn type_text(value: &V) -> String {
    match value {
        V::Type(full) => full.to_string(),
        other => to_string(other),
    }
}

fn type_named(name: &str) -> Res<Arc<str>> {
    super::types::resolve(name).map_or_else(|| super::cast::type_not_found(name).err(), Ok)
}

/// Puts a value out: a pipeline runs, a list gives its items.
pub(super) fn emit(cx: Cx<'_>, value: &V) -> Res<()> {
    super::pipe::flush(cx)?;
    match value {
        V::Pipe(pipe) => {
            let sink = lock(&cx.rt.sinks).last().cloned().unwrap_or_else(|| Arc::new(super::pipe::Nowhere));
            pipe.run(cx, sink)
        }
        V::Nothing => Ok(()),
        other => {
            for item in plain(other).unrolled() {
                cx.emit(item)?;
            }
            Ok(())
        }
    }
}

/// The value of an expression: a pipeline runs and gives what it puts out.
pub(super) fn value(cx: Cx<'_>, value: &V) -> Res<V> {
    match value {
        V::Pipe(pipe) => {
            let sink = Arc::new(super::pipe::Collector::default());
            pipe.run(cx, sink.clone())?;
            Ok(V::from_outputs(sink.take()))
        }
        other => Ok(other.clone()),
    }
}

fn calls(list: &V) -> Vec<Call> {
    list.clone()
        .unrolled()
        .into_iter()
        .filter_map(|value| match value {
            V::Pipe(pipe) => pipe.calls.first().cloned(),
            _ => None,
        })
        .collect()
}

fn call(cx: Cx<'_>, target: &V, args: &V, dot: bool) -> V {
    let args = match args {
        V::List(list) => list.items(),
        _ => Vec::new(),
    };
    V::Pipe(Arc::new(Pipe { source: None, calls: vec![Call::new(cx, target.clone(), args, dot)] }))
}

fn pairs(list: &V) -> Vec<(V, V)> {
    list.clone()
        .unrolled()
        .into_iter()
        .map(|pair| {
            let items = match pair {
                V::List(list) => list.items(),
                other => vec![other],
            };
            let value = items.get(1).cloned().unwrap_or_default();
            (items.first().cloned().unwrap_or_default(), value)
        })
        .collect()
}

fn hash(kind: HashKind, list: &V) -> Res<Hash> {
    let hash = Hash::new(kind);
    for (key, value) in pairs(list) {
        if key.is_null() {
            return Problem::new("InvalidNullKey", "InvalidOperation", "A null key is not allowed in a hash literal.")
                .err();
        }
        if hash.get(&key).is_some() {
            return Problem::new(
                "DuplicateKeyInHashLiteral",
                "InvalidOperation",
                format!("Duplicate keys '{}' are not allowed in hash literals.", interpolated(&key)),
            )
            .err();
        }
        hash.set(key, value);
    }
    Ok(hash)
}

fn object(list: &V) -> Res<V> {
    let object = Obj::custom(Vec::<(&str, V)>::new());
    for (key, value) in pairs(list) {
        let name = interpolated(&key);
        if name.eq_ignore_ascii_case("PSTypeName") {
            object.set_types(vec![to_string(&value).into(), super::value::CUSTOM_OBJECT.into()]);
        } else {
            object.set(&name, value);
        }
    }
    Ok(V::Obj(object))
}

fn block(cx: Cx<'_>, parts: &V) -> V {
    let V::Hash(parts) = parts else { return V::Null };
    let text = lock(&cx.rt.texts).last().cloned();
    V::Block(Block::from_parts(parts, text))
}

fn run_script(cx: Cx<'_>, value: &V) -> Res<V> {
    let V::Block(block) = value else { return Ok(V::Null) };
    let sink = lock(&cx.rt.sinks).last().cloned().unwrap_or_else(|| Arc::new(super::pipe::Nowhere));
    let pipe = Pipe {
        source: None,
        calls: vec![Call::new(cx, V::Block(block.clone()), cx.rt.options.arguments.clone(), true)],
    };
    pipe.run(cx, sink)?;
    Ok(V::Null)
}

fn format_values(value: &V) -> Vec<V> {
    match value {
        V::List(list) => list.items(),
        other => vec![other.clone()],
    }
}

fn switch_test(cx: Cx<'_>, a: &[V]) -> Res<V> {
    let (item, label, mode, exact) = (&a[0], &a[1], to_string(&a[2]), super::compare::truthy(&a[3]));
    if let V::Block(block) = label {
        let outputs = super::invoke::collect_with_item(cx, block, item.clone(), Vec::new())?;
        return Ok(V::Bool(super::compare::truthy(&V::from_outputs(outputs))));
    }
    Ok(V::Bool(match mode.as_str() {
        "regex" => super::compare::truthy(&super::operators::matches(
            cx,
            &V::from(interpolated(item)),
            if exact { "-cmatch" } else { "-match" },
            label,
        )?),
        "wildcard" => super::compare::like(&interpolated(item), &interpolated(label), exact),
        _ => super::compare::equal(item, label, exact),
    }))
}

fn throw(cx: Cx<'_>, value: &V) -> Res<V> {
    let value = match self::value(cx, value)? {
        V::Null | V::Nothing => V::from("ScriptHalted"),
        other => other,
    };
    Err(Box::new(Fault::Error(thrown(&value), Reach::Script)))
}

/// The record of a thrown value.
pub(super) fn thrown(value: &V) -> Obj {
    match value {
        V::Obj(object) if object.is("System.Management.Automation.ErrorRecord") => object.clone(),
        V::Obj(object) if object.is("System.Exception") => {
            let message = to_string(&object.note("Message").unwrap_or_default());
            super::fault::record(object.clone(), &message, "OperationStopped", V::Null)
        }
        other => {
            let message = match other {
                V::Hash(_) => to_string(other),
                _ => interpolated(other),
            };
            let exception = super::fault::exception("System.Management.Automation.RuntimeException", &message);
            exception.set("WasThrownFromThrowStatement", V::Bool(true));
            super::fault::record(exception, &message, "OperationStopped", other.clone())
        }
    }
}

/// What `switch` walks: null once.
pub(super) fn switch_items(cx: Cx<'_>, value: &V) -> Res<Vec<V>> {
    Ok(match self::value(cx, value)? {
        V::Nothing => Vec::new(),
        other => other.unrolled(),
    })
}

/// The lines of a file, for `switch -File`.
pub(super) fn file_lines(cx: Cx<'_>, value: &V) -> Res<Vec<V>> {
    super::files::lines(cx, &interpolated(value))
}

/// A value spread over several targets: the last takes the rest.
pub(super) fn spread(value: V, count: i64) -> Vec<V> {
    let count = usize::try_from(count).unwrap_or(1).max(1);
    let mut items = match value {
        V::List(list) => list.items(),
        other => vec![other],
    };
    if items.len() > count {
        let rest = items.split_off(count - 1);
        items.push(V::array(rest));
    }
    items.resize(count, V::Null);
    items
}

/// Whether the running statement reported an error itself.
pub(super) fn failed_here(rt: &Rt) -> bool {
    *lock(&rt.failed)
}

/// Begins the next statement's account of errors.
pub(super) fn clear_failure(rt: &Rt) {
    *lock(&rt.failed) = false;
}

/// What a block put out before it returned goes to whoever takes the output below.
pub(super) fn give_back(rt: &Rt, below: Option<Arc<dyn Sink>>, outputs: Vec<V>) {
    let _ = below;
    lock(&rt.returned).extend(outputs);
}

/// Begins redirections; gives how many there were before.
pub(super) fn begin_redirection(rt: &Rt, targets: V) -> usize {
    let mut all = lock(&rt.redirections);
    let depth = all.len();
    let sink = lock(&rt.sinks).last().cloned();
    for target in targets.unrolled() {
        let items = match target {
            V::List(list) => list.items(),
            other => vec![other],
        };
        let from = items.first().map(to_string).unwrap_or_default().chars().next().unwrap_or('1');
        let to = match items.get(1) {
            Some(V::Bool(true)) => super::state::Target::Output(sink.clone()),
            Some(V::Null | V::Nothing) | None => super::state::Target::Nowhere,
            Some(file) => super::state::Target::File(interpolated(file)),
        };
        all.push((from, to));
    }
    depth
}

/// Ends the redirections above `depth`.
pub(super) fn end_redirection(rt: &Rt, depth: usize) {
    lock(&rt.redirections).truncate(depth);
}
