//! Properties, methods, indexes and texts of any value, as ported text writes them; what `for` walks.
//!
//! What they mean is in `member`, `method` and `statics`.

use std::any::TypeId;
use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, FLOAT, FnPtr, INT, ImmutableString, Module, NativeCallContext};

use super::super::engine::{Carried, RhaiResult, from_dynamic, to_dynamic, to_rhai};
use super::super::fault::Res;
use super::super::state::{Cx, Rt};
use super::super::value::V;
use super::sites::Sites;

type Raw = Box<dyn Fn(Cx<'_>, &[V]) -> Res<V> + Send + Sync>;

/// Registers what a text uses.
pub(super) fn register(engine: &mut Engine, rt: &Arc<Rt>, sites: &Sites) {
    for name in sites.properties.iter().chain([&"Message".to_owned()]) {
        property(engine, rt, name, sites.assigned.contains(name));
    }
    for (name, count) in &sites.methods {
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            let method = name.clone();
            raw(
                engine,
                rt,
                name,
                *count,
                Box::new(move |cx, args| super::super::dotnet::methods::invoke(cx, &args[0], &method, &args[1..])),
            );
        }
    }
    index(engine, rt);
    raw(
        engine,
        rt,
        "index$set$",
        3,
        Box::new(|cx, args| super::super::index::set_index(cx, &args[0], &args[1], args[2].clone()).map(|()| V::Null)),
    );
    statics(engine, rt, sites);
    texts(engine, rt);
    iterators(engine, rt);
    operators(engine, rt);
}

fn raw(engine: &mut Engine, rt: &Arc<Rt>, name: &str, count: usize, work: Raw) {
    let rt = rt.clone();
    engine.register_raw_fn(
        name,
        vec![TypeId::of::<Dynamic>(); count],
        move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
            let values: Vec<V> = args.iter().map(|arg| from_dynamic(arg)).collect();
            let cx = Cx { rt: &rt, call: &call };
            let values = values
                .into_iter()
                .map(|value| super::super::functions::value(cx, &value))
                .collect::<Res<Vec<V>>>()
                .map_err(to_rhai)?;
            work(cx, &values).map(to_dynamic).map_err(to_rhai)
        },
    );
}

fn index(engine: &mut Engine, rt: &Arc<Rt>) {
    let rt = rt.clone();
    engine.register_raw_fn(
        "index$get$",
        vec![TypeId::of::<Dynamic>(); 2],
        move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
            let cx = Cx { rt: &rt, call: &call };
            let place = from_dynamic(args[1]);
            let found = super::super::functions::value(cx, &from_dynamic(args[0]))
                .and_then(|owner| super::super::index::index(cx, &owner, &place));
            found.map(to_dynamic).map_err(to_rhai)
        },
    );
}

fn property(engine: &mut Engine, rt: &Arc<Rt>, name: &str, is_assigned: bool) {
    let state = rt.clone();
    let own = name.to_owned();
    engine.register_raw_fn(
        format!("get${name}"),
        [TypeId::of::<Dynamic>()],
        move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
            let cx = Cx { rt: &state, call: &call };
            let found = match args.first() {
                Some(owner) => read(cx, &from_dynamic(owner), &own),
                None => Ok(V::Null),
            };
            found.map(to_dynamic).map_err(to_rhai)
        },
    );
    let state = rt.clone();
    let own = name.to_owned();
    engine.register_raw_fn(
        format!("set${name}"),
        [TypeId::of::<Dynamic>(), TypeId::of::<Dynamic>()],
        move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
            let cx = Cx { rt: &state, call: &call };
            let (owner, value) = (from_dynamic(args[0]), from_dynamic(args[1]));
            let value = if matches!(value, V::Nothing) { V::Null } else { value };
            // after a method call Rhai sets a property to the value it had
            if !is_assigned || read(cx, &owner, &own).is_ok_and(|present| alike(&present, &value)) {
                return Ok(Dynamic::UNIT);
            }
            super::super::member::set(cx, &owner, &own, value).map(|()| Dynamic::UNIT).map_err(to_rhai)
        },
    );
}

fn read(cx: Cx<'_>, owner: &V, name: &str) -> Res<V> {
    let owner = super::super::functions::value(cx, owner)?;
    // what a script threw as text is asked for as an error record
    if let V::Str(text) = &owner
        && (name.eq_ignore_ascii_case("exception") || name.eq_ignore_ascii_case("fullyqualifiederrorid"))
    {
        let record = super::super::functions::thrown(&V::Str(text.clone()));
        return super::super::member::get(cx, &V::Obj(record), name);
    }
    super::super::member::get(cx, &owner, name)
}

/// Whether two values are the same one, or have nothing that tells them apart.
fn alike(a: &V, b: &V) -> bool {
    match (a, b) {
        (V::Obj(a), V::Obj(b)) => a.same(b),
        (V::Hash(a), V::Hash(b)) => a.same(b),
        (V::List(a), V::List(b)) => {
            a.same(b) || {
                let (a, b) = (a.items(), b.items());
                a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| alike(a, b))
            }
        }
        (a, b) => {
            a.type_name() == b.type_name() && super::super::text::to_string(a) == super::super::text::to_string(b)
        }
    }
}

fn statics(engine: &mut Engine, rt: &Arc<Rt>, sites: &Sites) {
    let mut owners: Vec<&str> = sites.statics.iter().map(|(owner, ..)| owner.as_str()).collect();
    owners.dedup();
    for owner in owners {
        let Some((_, full)) = crate::port::STATIC_TYPES.iter().find(|(short, _)| *short == owner) else { continue };
        let mut module = Module::new();
        for (_, name, count) in sites.statics.iter().filter(|(own, ..)| own == owner) {
            let (rt, method) = (rt.clone(), name.clone());
            let work = move |call: Option<NativeCallContext<'_>>, args: &mut [&mut Dynamic]| -> RhaiResult {
                let Some(call) = call else { return Ok(Dynamic::UNIT) };
                let values: Vec<V> = args.iter().map(|arg| from_dynamic(arg)).collect();
                let cx = Cx { rt: &rt, call: &call };
                let found = if values.is_empty() {
                    match super::super::dotnet::statics::property(cx, full, &method) {
                        Ok(V::Null) | Err(_) => super::super::dotnet::statics::invoke(cx, full, &method, &values)
                            .or_else(|_| super::super::dotnet::statics::property(cx, full, &method)),
                        found => found,
                    }
                } else {
                    super::super::dotnet::statics::invoke(cx, full, &method, &values)
                };
                found.map(to_dynamic).map_err(to_rhai)
            };
            rhai::FuncRegistration::new(name.as_str()).set_into_module_raw(
                &mut module,
                vec![TypeId::of::<Dynamic>(); *count],
                rhai::RhaiFunc::Method {
                    has_context: true,
                    is_pure: true,
                    is_volatile: true,
                    func: rhai::Shared::new(work),
                },
            );
        }
        engine.register_static_module(owner, module.into());
    }
}

/// `${x}` gives what `"$x"` gives.
fn texts(engine: &mut Engine, rt: &Arc<Rt>) {
    let types = [
        TypeId::of::<V>(),
        TypeId::of::<bool>(),
        TypeId::of::<FLOAT>(),
        TypeId::of::<()>(),
        TypeId::of::<Array>(),
        TypeId::of::<Carried>(),
        TypeId::of::<char>(),
        TypeId::of::<FnPtr>(),
    ];
    for kind in types {
        let rt = rt.clone();
        engine.register_raw_fn(
            "to_string",
            [kind],
            move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
                let cx = Cx { rt: &rt, call: &call };
                let value = super::super::functions::value(cx, &from_dynamic(args[0])).map_err(to_rhai)?;
                Ok(to_dynamic(super::super::operators::text(cx, &[value])))
            },
        );
    }
}

/// `for` walks lists, one value once, and nothing not at all.
fn iterators(engine: &mut Engine, rt: &Arc<Rt>) {
    let mut module = Module::new();
    let rt = rt.clone();
    module.set_iter_result(TypeId::of::<V>(), move |value: Dynamic| {
        Box::new(super::super::walk::begin(&rt, &from_dynamic(&value), super::super::walk::Word::Foreach).into_iter())
    });
    let kinds = [
        TypeId::of::<bool>(),
        TypeId::of::<FLOAT>(),
        TypeId::of::<INT>(),
        TypeId::of::<()>(),
        TypeId::of::<ImmutableString>(),
    ];
    for kind in kinds {
        module.set_iter(kind, |value: Dynamic| {
            let items = match from_dynamic(&value) {
                V::Null | V::Nothing => Vec::new(),
                other => other.unrolled(),
            };
            Box::new(items.into_iter().map(to_dynamic)) as Box<dyn Iterator<Item = Dynamic>>
        });
    }
    engine.register_global_module(module.into());
}

/// Rhai's own operators on values of the runtime, and on whole numbers: those that do not fit into 32 bits become
/// fractions.
fn operators(engine: &mut Engine, rt: &Arc<Rt>) {
    type Operator = fn(&V, &V) -> Res<V>;
    engine.set_fast_operators(false);
    let whole: [(&str, Operator); 3] =
        [("+", super::super::arith::add), ("-", super::super::arith::subtract), ("*", super::super::arith::multiply)];
    for (name, work) in whole {
        let types = [TypeId::of::<INT>(), TypeId::of::<INT>()];
        let sum = move |args: &[&mut Dynamic]| work(&from_dynamic(args[0]), &from_dynamic(args[1])).map(to_dynamic);
        engine.register_raw_fn(name, types, move |_: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
            sum(args).map_err(to_rhai)
        });
        engine.register_raw_fn(
            format!("{name}="),
            types,
            move |_: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
                *args[0] = sum(args).map_err(to_rhai)?;
                Ok(Dynamic::UNIT)
            },
        );
    }
    let all: [(&str, Operator); 6] = [
        ("+", super::super::arith::add),
        ("-", super::super::arith::subtract),
        ("*", super::super::arith::multiply),
        ("/", super::super::arith::divide),
        ("==", |a, b| Ok(V::Bool(if b.is_null() { a.is_null() } else { super::super::compare::equal(a, b, false) }))),
        ("!=", |a, b| Ok(V::Bool(if b.is_null() { !a.is_null() } else { !super::super::compare::equal(a, b, false) }))),
    ];
    for (name, work) in all {
        for types in [[TypeId::of::<V>(), TypeId::of::<Dynamic>()], [TypeId::of::<()>(), TypeId::of::<V>()]] {
            let rt = rt.clone();
            engine.register_raw_fn(
                name,
                types,
                move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
                    let cx = Cx { rt: &rt, call: &call };
                    let a = super::super::functions::value(cx, &from_dynamic(args[0])).map_err(to_rhai)?;
                    let b = super::super::functions::value(cx, &from_dynamic(args[1])).map_err(to_rhai)?;
                    work(&a, &b).map(to_dynamic).map_err(to_rhai)
                },
            );
        }
    }
}
