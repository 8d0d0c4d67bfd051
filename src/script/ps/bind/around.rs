//! What is around a call: defaults that a script sets for parameters, preferences that common parameters set.
//!
//! Defaults that a function declares are evaluated by `invoke`.

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::value::V;
use super::bound::Bound;

/// `$PSDefaultParameterValues` for a command; a block there is called for its value.
///
/// # Errors
/// What such a block gives.
pub(in crate::script::ps) fn default_parameters(cx: Cx<'_>, command: &str) -> Res<Vec<(String, V)>> {
    let Some(V::Hash(table)) = cx.rt.get("PSDefaultParameterValues") else { return Ok(Vec::new()) };
    if table.text("Disabled").is_some_and(|off| super::super::compare::truthy(&off)) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for (key, value) in table.entries() {
        let key = super::super::text::to_string(&key);
        let Some((pattern, parameter)) = key.split_once(':') else { continue };
        if super::super::compare::like(command, pattern, false) {
            let value = match &value {
                V::Block(block) => V::from_outputs(super::super::invoke::call_block(cx, block, Vec::new())?),
                _ => value,
            };
            found.push((parameter.to_owned(), value));
        }
    }
    Ok(found)
}

/// The preference variables that common parameters set for a function's own scope.
pub(in crate::script::ps) fn preferences(bound: &Bound) -> Vec<(&'static str, V)> {
    let mut found = Vec::new();
    for (parameter, variable) in [("Verbose", "VerbosePreference"), ("Debug", "DebugPreference")] {
        if bound.has(parameter) {
            found.push((variable, V::from(if bound.flag(parameter) { "Continue" } else { "SilentlyContinue" })));
        }
    }
    if bound.has("WhatIf") {
        found.push(("WhatIfPreference", V::Bool(bound.flag("WhatIf"))));
    }
    if bound.has("Confirm") {
        found.push(("ConfirmPreference", V::from(if bound.flag("Confirm") { "Low" } else { "None" })));
    }
    for (parameter, variable) in [
        ("ErrorAction", "ErrorActionPreference"),
        ("WarningAction", "WarningPreference"),
        ("InformationAction", "InformationPreference"),
        ("ProgressAction", "ProgressPreference"),
    ] {
        found.extend(bound.get(parameter).map(|value| (variable, V::from(super::super::command::action(value)))));
    }
    found
}
