//! What library functions call first: `given` checks their options against the declaration in their comment,
//! `consent` asks before a change, `step` does one and notes how it went.
//!
//! Not here: the declaration itself (`document`).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rhai::{Array, Dynamic, Engine, FnPtr, FuncRegistration, Map, Module, NativeCallContext};

use super::super::bulk;
use super::super::failure::Failure;
use super::super::state::{RhaiResult, State, read};
use super::super::ui::{Answer, Choice};
use super::super::value::{ordered, text_of};
use super::{Document, Misfit};
use crate::catalog::nearest_name;

/// Options that every function that changes something takes.
const OF_CHANGES: [&str; 2] = ["WhatIf", "Confirm"];

/// Registers the functions.
pub(in crate::script) fn register(engine: &mut Engine, state: &Arc<State>) {
    let mut module = Module::new();
    let shared = state.clone();
    FuncRegistration::new("given")
        .with_params_info(["function: &str", "options: ?", "map"])
        .with_comments([
            "/// The options of a library function, checked against the declaration in its comment: unknown names are",
            "/// refused, text becomes what was declared, what is left out gets its default or `()`.",
        ])
        .set_into_module(
            &mut module,
            move |context: NativeCallContext<'_>, function: &str, options: Dynamic| -> RhaiResult<Map> {
                let source = context.call_source().unwrap_or_default().to_owned();
                let documents = read(&shared.documents);
                let document = documents.get(&source).and_then(|all| all.iter().find(|known| known.name == function));
                let document =
                    document.ok_or_else(|| Failure::script(format!("{function} has no declaration in its comment")))?;
                Ok(given(document, &options).map_err(|failure| failure.at(context.call_position()))?)
            },
        );
    FuncRegistration::new("picked")
        .with_params_info(["options: map", "names: array", "map"])
        .with_comments([
            "/// Those of the options that were given and are among the names: parameters that go to a cmdlet as they are.",
        ])
        .set_into_module(&mut module, |options: Map, names: Array| -> Map {
            let wanted = |name: &str| names.iter().any(|known| known.to_string() == name);
            options.into_iter().filter(|(name, value)| wanted(name) && !value.is_unit()).collect()
        });
    FuncRegistration::new("name_in")
        .with_params_info(["identity: ?", "string"])
        .with_comments(["/// The name at the end of an identity: that of `contoso.com/Users/Ann Lee` is `Ann Lee`."])
        .set_into_module(&mut module, |identity: Dynamic| -> String {
            let text = text_of(&identity);
            text.rsplit('/').next().unwrap_or_default().to_owned()
        });
    let shared = state.clone();
    FuncRegistration::new("consent")
        .with_params_info(["options: map", "what: &str", "map"])
        .with_comments([
            "/// Asks before a change, unless `Confirm: false` or `--yes` or `WhatIf` was said; gives the parameters",
            "/// that go to every cmdlet of the change.",
        ])
        .set_into_module(&mut module, move |options: Map, what: &str| consent(&shared, &options, what));
    let counting = state.clone();
    FuncRegistration::new("step")
        .with_params_info(["what: &str", "target: ?", "common: map", "change: Fn", "Record"])
        .with_comments([
            "/// Does one step of a change and gives a record of it: `Step`, `Target`, `Status` (done, would be done,",
            "/// failed) and `Error`.",
        ])
        .set_into_module(
            &mut module,
            move |context: NativeCallContext<'_>, what: &str, target: Dynamic, common: Map, change: FnPtr| {
                step(&counting, &context, what, target, common, &change)
            },
        );
    engine.register_global_module(module.into());
}

/// The options by their declared names.
pub(in crate::script) fn given(document: &Document, options: &Dynamic) -> Result<Map, Failure> {
    let mut asked = Map::new();
    if let Ok(map) = options.as_map_ref() {
        asked = map.clone();
    } else if !options.is_unit() {
        let first = document.parameters.first().ok_or_else(|| takes_nothing(document))?;
        asked.insert(first.name.as_str().into(), options.clone());
    }
    let mut settled = Map::new();
    for (name, value) in asked {
        let same = |known: &&str| crate::catalog::canonical_key(known) == crate::catalog::canonical_key(&name);
        if let Some(known) = OF_CHANGES.iter().find(|known| document.changes && same(known)) {
            settled.insert((*known).into(), value);
            continue;
        }
        let Some(parameter) = document.parameters.iter().find(|parameter| same(&parameter.name.as_str())) else {
            return Err(unknown(document, &name));
        };
        let place = format!("{} of {}", parameter.name, document.name);
        let wrong = |misfit| match misfit {
            Misfit::Wanted(wanted) => {
                Failure::script(format!("{place} is {}", text_of(&value))).hint(format!("it takes {wanted}"))
            }
            Misfit::Problem(problem) => Failure::script(format!("{place}: {problem}")),
        };
        let value = if value.is_unit() { value } else { parameter.shape.read(&value).map_err(wrong)? };
        settled.insert(parameter.name.as_str().into(), value);
    }
    for parameter in &document.parameters {
        if settled.get(parameter.name.as_str()).is_some_and(|value| !value.is_unit()) {
            continue;
        }
        if parameter.required {
            return Err(Failure::script(format!("{} needs {}: {}", document.name, parameter.name, parameter.about)));
        }
        let value = match &parameter.default {
            Some(text) => parameter.shape.read(&text.clone().into()).unwrap_or_else(|_| text.clone().into()),
            None if parameter.shape == super::Shape::Flag => false.into(),
            None => Dynamic::UNIT,
        };
        settled.insert(parameter.name.as_str().into(), value);
    }
    Ok(settled)
}

fn takes_nothing(document: &Document) -> Failure {
    Failure::script(format!("{} takes no options", document.name))
}

fn unknown(document: &Document, name: &str) -> Failure {
    let known: Vec<&str> = document.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    if known.is_empty() {
        return takes_nothing(document);
    }
    let near = nearest_name(name, known.iter().copied());
    Failure::script(format!("{} has no option {name}", document.name))
        .did_you_mean(near)
        .hint(format!("it takes {}", known.join(", ")))
}

/// The parameters that every cmdlet of a change gets, once somebody agreed to it.
fn consent(state: &State, options: &Map, what: &str) -> RhaiResult<Map> {
    let says = |name: &str| options.get(name).and_then(|value| value.as_bool().ok());
    let mut common = Map::new();
    common.insert("ErrorAction".into(), "Stop".into());
    if state.policy.what_if || says("WhatIf") == Some(true) {
        common.insert("WhatIf".into(), true.into());
        return Ok(common);
    }
    common.insert("Confirm".into(), false.into());
    if state.policy.yes || says("Confirm") == Some(false) {
        return Ok(common);
    }
    ask(state, what)?;
    Ok(common)
}

/// Asks whether to do something; anything but a yes is an error, and so is that nobody is there.
pub(in crate::script) fn ask(state: &State, what: &str) -> RhaiResult<()> {
    if !state.ui.is_interactive() {
        return Err(Failure::script(format!("nobody is there to confirm: {what}"))
            .hint("give Confirm: false in a script, --yes on the command line, or look first with WhatIf: true")
            .into());
    }
    let answer = |label: &str| Answer { label: label.to_owned(), help: String::new() };
    let question = Choice {
        caption: String::new(),
        message: format!("{what}?"),
        answers: vec![answer("&Yes"), answer("&No")],
        default: Some(1),
    };
    match state.ui.ask_choice(&question) {
        Some(0) => Ok(()),
        _ => Err(Failure::script(format!("not done: {what}")).into()),
    }
}

fn step(
    state: &State,
    context: &NativeCallContext<'_>,
    what: &str,
    target: Dynamic,
    common: Map,
    change: &FnPtr,
) -> RhaiResult<Dynamic> {
    let pretends = common.get("WhatIf").is_some_and(|value| value.as_bool() == Ok(true));
    let (status, error) = match change.call_within_context::<Dynamic>(context, ()) {
        Ok(_) if pretends => ("would be done", String::new()),
        Ok(_) => ("done", String::new()),
        Err(error) if error.is_system_exception() => return Err(error),
        // In bulk work a row whose way to the server was lost is uncertain, not failed.
        Err(error) if bulk::lane::does_rows() && bulk::is_trouble(&error) => return Err(error),
        Err(error) => {
            state.failed_steps.fetch_add(1, Ordering::SeqCst);
            ("failed", super::super::diagnose::sentence(&error))
        }
    };
    Ok(ordered([
        ("Step", what.to_owned().into()),
        ("Target", text_of(&target).into()),
        ("Status", status.into()),
        ("Error", error.into()),
    ]))
}
