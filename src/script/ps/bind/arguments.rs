//! What is written after a command, as the binder takes it: names, values, splatted tables and lists.
//!
//! Live values and values as they travel come out of the same text.

use super::super::text::to_string;
use super::super::value::V;
use crate::catalog::bind::{Argument, Given};

/// Arguments for the binder; `given` makes its values of live ones.
pub(in crate::script::ps) fn arguments<T>(args: &[V], given: &impl Fn(&V) -> Given<T>) -> Vec<Argument<T>> {
    let mut out = Vec::with_capacity(args.len());
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
                    V::Hash(hash) => out.extend(
                        hash.entries()
                            .into_iter()
                            .map(|(key, value)| Argument::Splatted(to_string(&key), given(&value).value)),
                    ),
                    other => out.extend(arguments(&other.unrolled(), given)),
                }
                continue;
            }
            other => Argument::Value(given(other)),
        });
    }
    out
}

/// Arguments of a function without parameters, as `$args` has them.
pub(in crate::script::ps) fn unbound(args: &[V]) -> Vec<V> {
    let mut out = Vec::new();
    let mut ended = false;
    for arg in args {
        match arg {
            V::Param(name, _) if &**name == "--" && !ended => ended = true,
            V::Param(name, colon) => out.push(V::from(format!("-{name}{}", if *colon { ":" } else { "" }))),
            V::Obj(object) if object.is("splat") => match object.base() {
                V::Hash(hash) => {
                    for (key, value) in hash.entries() {
                        out.extend([V::from(format!("-{}:", to_string(&key))), value]);
                    }
                }
                other => out.extend(unbound(&other.unrolled())),
            },
            other => out.push(super::super::exchange::unspelled(other)),
        }
    }
    out
}
