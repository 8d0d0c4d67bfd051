//! Calls of commands: `get_mailbox("alice", #{ … })`, and `.where(|it| …)` on what is piped in.
//!
//! Which command a name means is `command`'s business, binding is `bind`'s.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::Arc;

use rhai::{Dynamic, Engine, Map, NativeCallContext};

use super::super::command::Call;
use super::super::engine::{RhaiResult, from_dynamic, to_dynamic, to_rhai};
use super::super::fault::{Problem, Res};
use super::super::pipe::Pipe;
use super::super::state::{Cx, Rt};
use super::super::value::V;
use super::sites::Sites;
use crate::port::{builtin, kept_name};

/// Registers a function for every command that a text calls.
pub(super) fn register(engine: &mut Engine, rt: &Arc<Rt>, sites: &Sites) {
    let names: HashMap<String, &'static str> =
        builtin::COMMANDS.iter().map(|(name, _)| (kept_name(name), *name)).collect();
    let places = Arc::new((sites.method_places.clone(), sites.lazy.clone()));
    for (name, count) in sites.calls.iter().chain(&sites.methods) {
        let own = sites.parameters.contains_key(name);
        let is_word = super::words::is_word(name, *count);
        if own || is_word || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            continue;
        }
        if LENT.contains(&name.as_str()) {
            lend(engine, name, *count);
            continue;
        }
        let target = names.get(name.as_str()).map_or_else(|| full_name(name), |full| (*full).to_owned());
        let (rt, places) = (rt.clone(), places.clone());
        engine.register_raw_fn(
            name.as_str(),
            vec![TypeId::of::<Dynamic>(); *count],
            move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
                let cx = Cx { rt: &rt, call: &call };
                let place = call.call_position();
                let piped = places.0.contains(&place);
                let lazy = places.1.contains(&place);
                run(cx, &target, args, piped, lazy).map(to_dynamic).map_err(to_rhai)
            },
        );
    }
}

/// What Rhai's own lists can do, for lists of the runtime.
const LENT: &[&str] = &[
    "len", "is_empty", "contains", "index_of", "map", "filter", "reduce", "some", "push", "pop", "shift", "insert",
    "clear", "reverse", "sort", "dedup", "extract",
];

/// Lends a list of the runtime to a method of Rhai's lists.
fn lend(engine: &mut Engine, name: &str, count: usize) {
    let own = name.to_owned();
    engine.register_raw_fn(
        name,
        vec![TypeId::of::<Dynamic>(); count],
        move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
            let list = args.first().and_then(|first| match first.read_lock::<V>().as_deref() {
                Some(V::List(list)) => Some(list.clone()),
                _ => None,
            });
            let Some(list) = list else {
                let owner = args.first().map_or("nothing", |first| first.type_name());
                return Err(to_rhai(
                    Problem::new("MethodNotFound", "InvalidOperation", format!("{owner} has no method {own}")).fault(),
                ));
            };
            let mut items = Dynamic::from_array(list.items().into_iter().map(to_dynamic).collect());
            let mut rest: Vec<Dynamic> = args.iter().skip(1).map(|arg| (**arg).clone()).collect();
            let mut all: Vec<&mut Dynamic> = std::iter::once(&mut items).chain(rest.iter_mut()).collect();
            let given = call.call_fn_raw(own.as_str(), true, true, &mut all)?;
            *list.lock() = from_dynamic(&items).unrolled();
            Ok(given)
        },
    );
}

/// A cmdlet's name from its name in Rhai, as far as the documentation knows it.
fn full_name(name: &str) -> String {
    let known = name.contains('_').then(|| crate::catalog::Catalog::built_in().find(name)).flatten();
    known.map_or_else(|| name.to_owned(), |cmdlet| cmdlet.name.to_string())
}

fn run(cx: Cx<'_>, name: &str, args: &[&mut Dynamic], piped: bool, lazy: bool) -> Res<V> {
    let (source, rest) = match args.split_first() {
        Some((first, rest)) if piped => (Some(from_dynamic(first)), rest),
        _ => (None, args),
    };
    let (named, positional) = match rest.split_last() {
        Some((last, front)) if last.is_map() => (last.as_map_ref().ok().map(|map| map.clone()), front),
        _ => (None, rest),
    };
    let mut values: Vec<V> = Vec::new();
    for value in positional {
        values.push(super::super::functions::value(cx, &from_dynamic(value))?);
    }
    let dot = name == "dot_source";
    let target = if (dot || name == "invoke") && !values.is_empty() {
        values.remove(0)
    } else {
        V::from(cx.rt.function_called(name).unwrap_or_else(|| name.to_owned()))
    };
    if name == "New-PSSession" {
        session_arguments(&mut values);
    }
    values.extend(parameters(cx, named.as_ref())?);
    let call = Call::new(cx, target, values, dot);
    let pipe = match source {
        Some(V::Pipe(before)) => {
            let calls = before.calls.iter().cloned().chain([call]).collect();
            Pipe { source: before.source.clone(), calls }
        }
        Some(value) => Pipe { source: Some(value), calls: vec![call] },
        None => Pipe { source: None, calls: vec![call] },
    };
    let pipe = V::Pipe(Arc::new(pipe));
    if lazy { Ok(pipe) } else { super::super::functions::value(cx, &pipe) }
}

fn parameters(cx: Cx<'_>, named: Option<&Map>) -> Res<Vec<V>> {
    let mut out = Vec::new();
    for (name, value) in named.into_iter().flatten() {
        let value = super::super::functions::value(cx, &from_dynamic(value))?;
        out.push(V::Param(name.as_str().into(), true));
        out.push(if matches!(value, V::Nothing) { V::Null } else { value });
    }
    Ok(out)
}

/// `new_session(uri, credential)`: what PowerShell has no positions for.
fn session_arguments(values: &mut Vec<V>) {
    let given = std::mem::take(values);
    for (name, value) in ["ConnectionUri", "Credential"].into_iter().zip(given) {
        values.push(V::Param(name.into(), true));
        values.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_of_the_table_has_its_work() {
        for (name, _) in builtin::COMMANDS {
            assert!(super::super::super::builtin::find(name).is_some(), "{name} is in src/port/builtin.rs only");
        }
    }
}
