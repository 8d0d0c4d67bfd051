//! Variables as statements read and write them: scopes, types, validations.
//!
//! Where they are kept is `state`'s business; commands for variables are in `builtin::variables`.

use super::fault::{Fault, Problem, Res};
use super::state::{Cx, Scope};
use super::text::{interpolated, to_string};
use super::value::{V, lock};

pub(super) fn variable(cx: Cx<'_>, name: &str) -> Res<V> {
    if let Some(found) = cx.rt.get(name) {
        return Ok(found);
    }
    let name = if name.eq_ignore_ascii_case("psitem") { "_" } else { name };
    if name == "_" {
        return Ok(cx.rt.get("_").unwrap_or_default());
    }
    if let Some(found) = super::automatic::variable(cx.rt, name) {
        return Ok(found);
    }
    if *lock(&cx.rt.strict) > 0 {
        return Problem::new(
            "VariableIsUndefined",
            "InvalidOperation",
            format!("The variable '${name}' cannot be retrieved because it has not been set."),
        )
        .err();
    }
    Ok(V::Null)
}

pub(super) fn scoped(cx: Cx<'_>, scope: &str, name: &str) -> Res<V> {
    match scope.to_lowercase().as_str() {
        named @ ("global" | "script" | "local" | "private") => {
            let found = Scope::named(named).and_then(|scope| cx.rt.get_at(scope, name));
            Ok(found.or_else(|| super::automatic::variable(cx.rt, name)).unwrap_or_default())
        }
        "function" => Ok(cx.rt.function(name).map_or(V::Null, V::Block)),
        _ => variable(cx, name),
    }
}

/// Assigns in the innermost scope; a typed variable converts and keeps its value when it cannot.
pub(super) fn set(cx: Cx<'_>, name: &str, value: &V) -> Res<V> {
    let value = super::functions::value(cx, &super::functions::plain(value))?;
    if matches!(name.to_lowercase().as_str(), "true" | "false" | "error" | "host" | "pid") {
        return Problem::new(
            "VariableNotWritable",
            "WriteError",
            format!("Cannot overwrite variable {name} because it is read-only or constant."),
        )
        .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
        .err();
    }
    let value = match cx.rt.constraints(name) {
        Some(var) => constrained(cx, name, &var.types, &var.validations, value)?,
        None => value,
    };
    cx.rt.set(name, value.clone());
    Ok(value)
}

/// The error of a conversion that the type of a variable asked for.
pub(super) fn of_variable(fault: Box<Fault>) -> Box<Fault> {
    if let Fault::Error(record, _) = &*fault
        && super::fault::summary(record).0.starts_with("Cannot convert")
    {
        record.set("FullyQualifiedErrorId", V::from("RuntimeException"));
        if let Some(V::Obj(info)) = record.note("CategoryInfo") {
            let category = "System.Management.Automation.ErrorCategory";
            info.set("Category", super::automatic::enum_value(category, "MetadataError", 10));
        }
    }
    fault
}

pub(super) fn constrained(
    cx: Cx<'_>,
    name: &str,
    types: &[String],
    validations: &[(String, Vec<V>)],
    value: V,
) -> Res<V> {
    let mut value = value;
    for wanted in types.iter().rev() {
        value = super::class::convert(cx, wanted, &value).map_err(of_variable)?;
    }
    if validations.iter().any(|(option, _)| matches!(option.as_str(), "readonly" | "constant")) {
        let message = format!("Cannot overwrite variable {name} because it is read-only or constant.");
        return Problem::new("VariableNotWritable", "WriteError", message)
            .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
            .target(V::from(name))
            .err();
    }
    let refused = match super::validate::check(validations, &value) {
        None => super::validate::by_script(cx, validations, &value)?,
        refused => refused,
    };
    if refused.is_some() {
        let shown = if value.is_null() { "$null".to_owned() } else { to_string(&value) };
        let message = format!(
            "The variable cannot be validated because the value {shown} is not a valid value for the {name} variable."
        );
        return Problem::new("ValidateSetFailure", "MetadataError", message)
            .exception("System.Management.Automation.ValidationMetadataException")
            .err();
    }
    Ok(value)
}

pub(super) fn set_typed(cx: Cx<'_>, name: &str, types: &V, value: &V) -> Res<V> {
    let value = super::functions::value(cx, &super::functions::plain(value))?;
    let types: Vec<String> = types.clone().unrolled().iter().map(to_string).collect();
    let value = constrained(cx, name, &types, &[], value)?;
    cx.rt.set(name, value.clone());
    cx.rt.constrain(name, types, Vec::new());
    Ok(value)
}

pub(super) fn set_scoped(cx: Cx<'_>, scope: &str, name: &str, value: &V) -> Res<V> {
    let value = super::functions::value(cx, &super::functions::plain(value))?;
    match scope.to_lowercase().as_str() {
        named @ ("global" | "script") => {
            if let Some(scope) = Scope::named(named) {
                cx.rt.set_at(scope, name, value.clone());
            }
        }
        "private" => {
            cx.rt.set(name, value.clone());
            cx.rt.make_private(name);
        }
        "function" => {
            if let V::Block(block) = &value {
                cx.rt.define(name, block.clone());
            }
        }
        _ => cx.rt.set(name, value.clone()),
    }
    Ok(value)
}

pub(super) fn set_env(cx: Cx<'_>, name: &str, value: &V) -> V {
    let mut env = lock(&cx.rt.env);
    let name = name.to_uppercase();
    if value.is_null() || to_string(value).is_empty() {
        env.remove(&name);
    } else {
        env.insert(name, interpolated(value));
    }
    value.clone()
}

pub(super) fn increment(cx: Cx<'_>, a: &[V]) -> Res<V> {
    let (scope, name) = (to_string(&a[0]), to_string(&a[1]));
    let before = if scope.is_empty() { variable(cx, &name)? } else { scoped(cx, &scope, &name)? };
    let after = super::arith::step(&before, super::compare::truthy(&a[2]))?;
    if scope.is_empty() {
        set(cx, &name, &after)?;
    } else {
        set_scoped(cx, &scope, &name, &after)?;
    }
    Ok(if super::compare::truthy(&a[3]) {
        after
    } else if before.is_null() {
        V::Int(0)
    } else {
        before
    })
}
