//! Variables and aliases as commands see them.
//!
//! Scopes are in `state`; assignments in `functions`.

use std::sync::Mutex;

use super::super::fault::{Problem, Res};
use super::super::state::{Cx, Scope};
use super::super::text::interpolated;
use super::super::value::{Obj, V, lock, same_name};
use super::{Builtin, Ctx, Memory, each};

pub(super) const COMMANDS: &[Builtin] = &[
    each("Get-Variable", get_variable),
    each("Set-Variable", set_variable),
    each("New-Variable", new_variable),
    each("Remove-Variable", remove_variable),
    each("Clear-Variable", |cx, c, _, _| {
        for name in c.bound.texts("Name") {
            if !c.only_shown(cx, "Clear variable", &format!("Name: {name}")) {
                cx.rt.set_at(scope(c), &name, V::Null);
            }
        }
        Ok(())
    }),
    each("Set-Alias", alias),
    each("New-Alias", alias),
    each("Get-Alias", get_alias),
    each("Remove-Alias", |cx, c, _, input| {
        for name in input.map_or_else(|| c.bound.texts("Name"), |value| vec![interpolated(&value)]) {
            lock(&cx.rt.aliases).remove(&name.to_lowercase());
        }
        Ok(())
    }),
];

/// The scope that is asked for; without one the present scope.
fn scope(c: &Ctx<'_>) -> Scope {
    c.bound.text("Scope").and_then(|name| Scope::named(&name)).unwrap_or(Scope::Up(0))
}

fn variable_object(name: &str, value: V) -> V {
    V::Obj(Obj::new("System.Management.Automation.PSVariable", [("Name", V::from(name)), ("Value", value)]))
}

/// Why a variable cannot be written: it is constant, or read-only without `-Force`.
fn refused(cx: Cx<'_>, c: &Ctx<'_>, name: &str) -> Option<Problem> {
    let own = cx.rt.constraints(name)?;
    let constant = own.validations.iter().any(|(option, _)| option == "constant");
    let read_only = own.validations.iter().any(|(option, _)| option == "readonly");
    (constant || read_only && !c.bound.flag("Force")).then(|| {
        let message = format!("Cannot overwrite variable {name} because it is read-only or constant.");
        c.problem("VariableNotWritable", "WriteError", message)
            .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
            .target(V::from(name))
    })
}

fn new_variable(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    for name in c.bound.texts("Name") {
        if cx.rt.get_at(scope(c), &name).is_some() && !c.bound.flag("Force") {
            let message = format!("A variable with name '{name}' already exists.");
            return c.out.error(
                cx,
                c.problem("VariableAlreadyExists", "ResourceExists", message)
                    .exception("System.Management.Automation.SessionStateException")
                    .target(V::from(name)),
            );
        }
    }
    set_variable(cx, c, memory, input)
}

fn get_variable(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let mut names = Vec::new();
    let mut asked = input.map_or_else(|| c.bound.texts("Name"), |value| vec![interpolated(&value)]);
    if asked.is_empty() {
        asked.push("*".to_owned());
    }
    for name in asked {
        if !name.contains(['*', '?', '[']) {
            names.push(name);
            continue;
        }
        let mut all: Vec<String> = cx.rt.visible_variables().into_iter().map(|(name, _)| name).collect();
        all.retain(|own| super::super::compare::like(own, &name, false));
        all.sort_by_key(|name| name.to_lowercase());
        names.extend(all);
    }
    for name in names {
        let found = if c.bound.has("Scope") { cx.rt.get_at(scope(c), &name) } else { cx.rt.get(&name) };
        match found.or_else(|| super::super::automatic::variable(cx.rt, &name)) {
            Some(value) if c.bound.flag("ValueOnly") => {
                for item in value.unrolled() {
                    c.push(cx, item)?;
                }
            }
            Some(value) => c.push(cx, variable_object(&name, value))?,
            None => c.out.error(
                cx,
                c.problem(
                    "VariableNotFound",
                    "ObjectNotFound",
                    format!("Cannot find a variable with the name '{name}'."),
                )
                .exception("System.Management.Automation.ItemNotFoundException")
                .target(V::from(name)),
            )?,
        }
    }
    Ok(())
}

fn set_variable(cx: Cx<'_>, c: &Ctx<'_>, memory: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let value = match input {
        Some(value) => {
            lock(memory).values.push(value);
            V::from_outputs(lock(memory).values.clone())
        }
        None => c.bound.get("Value").cloned().unwrap_or_default(),
    };
    let value = match value {
        V::Obj(object) if object.is("spelled") => object.base(),
        other => other,
    };
    for name in c.bound.texts("Name") {
        if let Some(problem) = refused(cx, c, &name) {
            c.out.error(cx, problem)?;
            continue;
        }
        let operation = if c.id.contains("New") { "New variable" } else { "Set variable" };
        if c.only_shown(cx, operation, &format!("Name: {name} Value: {}", interpolated(&value))) {
            continue;
        }
        cx.rt.set_at(scope(c), &name, value.clone());
        if c.bound
            .text("Visibility")
            .or_else(|| c.bound.text("Option"))
            .is_some_and(|option| same_name(&option, "private"))
        {
            cx.rt.make_private(&name);
        }
        if let Some(option) = c.bound.text("Option").filter(|option| option.to_lowercase() != "none") {
            cx.rt.constrain(&name, Vec::new(), vec![(option.to_lowercase(), Vec::new())]);
        }
        if c.bound.flag("PassThru") {
            c.push(cx, variable_object(&name, value.clone()))?;
        }
    }
    Ok(())
}

fn remove_variable(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    for name in c.bound.texts("Name") {
        if cx.rt.get(&name).is_none() {
            c.out.error(
                cx,
                c.problem(
                    "VariableNotFound",
                    "ObjectNotFound",
                    format!("Cannot find a variable with the name '{name}'."),
                )
                .exception("System.Management.Automation.ItemNotFoundException"),
            )?;
        }
        let held = cx.rt.constraints(&name).is_some_and(|own| {
            own.validations
                .iter()
                .any(|(option, _)| option == "constant" || option == "readonly" && !c.bound.flag("Force"))
        });
        if held {
            let message = format!(
                "Cannot remove variable {name} because it is constant or read-only. If the variable is read-only, try the operation again specifying the Force option."
            );
            c.out.error(
                cx,
                c.problem("VariableNotRemovable", "WriteError", message)
                    .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
                    .target(V::from(name)),
            )?;
            continue;
        }
        if !c.only_shown(cx, "Remove variable", &format!("Name: {name}")) {
            cx.rt.remove_variable(&name);
        }
    }
    Ok(())
}

fn alias(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    lock(&cx.rt.aliases)
        .insert(c.bound.text("Name").unwrap_or_default().to_lowercase(), c.bound.text("Value").unwrap_or_default());
    Ok(())
}

fn get_alias(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let names = input.map_or_else(|| c.bound.texts("Name"), |value| vec![interpolated(&value)]);
    let mut known = super::super::command::own_aliases(cx);
    known.sort();
    let shown = |(alias, full): &(String, String)| alias_object(alias, full);
    if let Some(definition) = c.bound.text("Definition") {
        for row in known.iter().filter(|(_, full)| super::super::compare::like(full, &definition, false)) {
            c.push(cx, shown(row))?;
        }
        return Ok(());
    }
    for name in if names.is_empty() { vec!["*".to_owned()] } else { names } {
        let mut rows = known.iter().filter(|(alias, _)| super::super::compare::like(alias, &name, false)).peekable();
        if rows.peek().is_none() {
            let message = format!(
                "This command cannot find a matching alias because an alias with the name '{name}' does not exist."
            );
            c.out.error(
                cx,
                c.problem("ItemNotFoundException", "ObjectNotFound", message)
                    .exception("System.Management.Automation.ItemNotFoundException")
                    .target(V::from(name.as_str())),
            )?;
        }
        for row in rows {
            c.push(cx, shown(row))?;
        }
    }
    Ok(())
}

/// An alias as an object.
#[must_use]
pub(super) fn alias_object(alias: &str, full: &str) -> V {
    let properties = [
        ("CommandType", V::from("Alias")),
        ("Name", V::from(alias)),
        ("DisplayName", V::from(format!("{alias} -> {full}"))),
        ("Definition", V::from(full)),
        ("ResolvedCommandName", V::from(full)),
        ("Version", V::from("")),
        ("Source", V::from("")),
    ];
    V::Obj(Obj::new("System.Management.Automation.AliasInfo", properties).with_text(alias))
}
