//! Forms of ported text that Rhai does not have: `object { … }`, `ordered { … }`, `table { … }`, `guard { … } finally { … }`,
//! and the operators `eq`, `ne`, `gt`, `ge`, `lt`, `le`, `like`, `notlike`.
//!
//! Their meaning is in `words` and in the runtime.

use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalContext, Expression, ParseError};

use super::super::engine::{RhaiResult, evaluate, from_dynamic, to_dynamic, to_rhai};
use super::super::errors::end_of_statement;
use super::super::fault::Fault;
use super::super::state::Rt;
use super::super::value::{CUSTOM_OBJECT, Hash, HashKind, Obj, V, lock};

/// Operators between values; they bind as comparisons do.
pub(super) const OPERATORS: &[&str] = &["eq", "ne", "gt", "ge", "lt", "le", "like", "notlike"];
/// A statement of the script that may fail alone.
pub(super) const STEP: &str = "powershell_step";
/// The body of a `try`.
pub(super) const TRY: &str = "powershell_try";

/// Registers the forms; without a runtime they can be compiled only.
pub(super) fn register(engine: &mut Engine, rt: Option<&Arc<Rt>>) -> Result<(), ParseError> {
    for operator in OPERATORS {
        let _ = engine.register_custom_operator(*operator, 90);
    }
    for word in ["object", "ordered", "table"] {
        entries(engine, word);
    }
    guard(engine);
    let state = rt.cloned();
    engine.register_custom_syntax([STEP, "$expr$"], false, move |context, inputs| {
        let result = context.eval_expression_tree(&inputs[0]);
        match (&state, result) {
            (Some(rt), Err(error)) if !super::super::engine::is_jump(&error) => {
                let fault = super::super::engine::from_rhai(error);
                end_of_statement(rt, fault).map(|()| to_dynamic(V::Null)).map_err(to_rhai)
            }
            (Some(rt), Ok(value)) => {
                if !super::super::functions::failed_here(rt) {
                    *lock(&rt.ok) = true;
                }
                super::super::functions::clear_failure(rt);
                Ok(value)
            }
            (_, result) => result,
        }
    })?;
    let state = rt.cloned();
    engine.register_custom_syntax([TRY, "$block$"], false, move |context, inputs| {
        let Some(rt) = &state else { return context.eval_expression_tree(&inputs[0]) };
        let tries = *lock(&rt.tries);
        *lock(&rt.tries) += 1;
        let result = context.eval_expression_tree(&inputs[0]);
        *lock(&rt.tries) = tries;
        match result {
            Err(error) if !super::super::engine::is_jump(&error) => {
                let fault = super::super::engine::from_rhai(error);
                if let Fault::Error(record, _) = &*fault {
                    super::super::errors::locate(rt, record);
                    rt.remember_error(record);
                }
                Err(to_rhai(fault))
            }
            other => other,
        }
    })?;
    Ok(())
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
            _ => {
                let value = match from_dynamic(&evaluate(context, input)?) {
                    V::Nothing => V::Null,
                    value => value,
                };
                pairs.push((std::mem::take(&mut key), value));
            }
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
