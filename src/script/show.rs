//! Values on their way to the screen: `show`, `table`, `list`, `wide`, and what a script leaves as its result.
//!
//! How they look is decided behind [`super::Ui::show`].

use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, FuncRegistration, Module};

use crate::clixml::PsValue;

use super::failure::Failure;
use super::outcome::{ErrorKind, ScriptError, ScriptResult};
use super::state::{Ending, RhaiError, RhaiResult, State};
use super::ui::{Form, ShowError, View};
use super::value::values_of;

/// Shows a value as it comes; an error on the way is the script's own error.
pub(super) fn show(state: &State, value: Dynamic, view: &View) -> RhaiResult<()> {
    let mut values = Items { values: values_of(value), failed: None };
    let shown = state.ui.show(&mut values, view);
    if let Some(error) = values.failed {
        return Err(error);
    }
    match shown {
        Ok(()) => Ok(()),
        Err(ShowError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            Err(Ending::OutputClosed.into_error())
        }
        Err(ShowError::Output(error)) => Err(Failure::script(format!("cannot write the output: {error}")).into()),
        Err(ShowError::Script(error)) => Err(Failure::script(error.diagnostic.message).into()),
    }
}

/// Keeps the script's own error while the screen sees a plain one.
struct Items {
    values: Box<dyn Iterator<Item = RhaiResult<PsValue>>>,
    failed: Option<RhaiError>,
}

impl Iterator for Items {
    type Item = ScriptResult<PsValue>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.values.next()? {
            Ok(value) => Some(Ok(value)),
            Err(error) => {
                self.failed = Some(error);
                Some(Err(ScriptError::new(ErrorKind::Script, "script::interrupted_output", "the values end early")))
            }
        }
    }
}

/// Registers the functions.
pub(super) fn register(engine: &mut Engine, state: &Arc<State>) {
    let mut module = Module::new();
    let forms = [
        ("show", Form::Default, "/// Prints values as a result at the prompt is printed."),
        ("table", Form::Table, "/// Prints values as a table, with the properties given or the usual ones."),
        ("list", Form::List, "/// Prints values with a line for each property."),
        ("wide", Form::Wide, "/// Prints one property of each value, side by side."),
    ];
    for (name, form, summary) in forms {
        let shared = state.clone();
        FuncRegistration::new(name)
            .with_params_info(["values: ?", "()"])
            .with_comments([summary])
            .set_into_module(&mut module, move |values: Dynamic| {
                show(&shared, values, &View { form, properties: Vec::new() })
            });
        if form == Form::Default {
            continue;
        }
        let shared = state.clone();
        FuncRegistration::new(name)
            .with_params_info(["values: ?", "properties: array", "()"])
            .with_comments([summary])
            .set_into_module(&mut module, move |values: Dynamic, properties: Array| {
                let properties = properties.iter().map(ToString::to_string).collect();
                show(&shared, values, &View { form, properties })
            });
        let shared = state.clone();
        FuncRegistration::new(name)
            .with_params_info(["values: ?", "property: &str", "()"])
            .with_comments([summary])
            .set_into_module(&mut module, move |values: Dynamic, property: &str| {
                show(&shared, values, &View { form, properties: vec![property.to_owned()] })
            });
    }
    engine.register_global_module(module.into());
}
