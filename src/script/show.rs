//! Values on their way to the screen: `show`, `table`, `list`, `wide`, and what a script leaves as its result.
//!
//! How they look is decided behind [`super::Ui::show`].

use std::sync::Arc;

use rhai::{Dynamic, Engine, FnPtr, FuncRegistration, Map, Module, NativeCallContext};

use crate::clixml::PsValue;

use super::failure::Failure;
use super::options::{Known, Options};
use super::outcome::{ErrorKind, ScriptError, ScriptResult};
use super::report;
use super::state::{Ending, RhaiError, RhaiResult, State};
use super::ui::{Form, MessageKind, ShowError, View};
use super::value::{Columns, Unseen, columns_of, options_alone, spelt, to_dynamic, values_of};

/// Shows a value as it comes; an error on the way is the script's own error.
pub(super) fn show(state: &State, value: Dynamic, view: &View) -> RhaiResult<()> {
    if let Some(text) = report::text_on_screen(state, &value) {
        return print(state, &text);
    }
    show_all(state, values_of(value), view)
}

fn show_all(state: &State, values: impl Iterator<Item = RhaiResult<PsValue>>, view: &View) -> RhaiResult<()> {
    let mut values = Items { values, failed: None };
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
        Err(ShowError::Script(error)) => {
            let failure = Failure::new(error.kind, error.diagnostic.message);
            Err(error.diagnostic.hints.into_iter().fold(failure, Failure::hint).into())
        }
    }
}

/// Text as it is.
fn print(state: &State, text: &str) -> RhaiResult<()> {
    match state.ui.print(text) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Err(Ending::OutputClosed.into_error()),
        Err(error) => Err(Failure::script(format!("cannot write the output: {error}")).into()),
    }
}

/// Keeps the script's own error while the screen sees a plain one.
struct Items<I> {
    values: I,
    failed: Option<RhaiError>,
}

impl<I: Iterator<Item = RhaiResult<PsValue>>> Iterator for Items<I> {
    type Item = ScriptResult<PsValue>;

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.values.size_hint()
    }

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

const SHOW: &str = "/// Prints values as a result at the prompt is printed.";

const TABLE: &str = "/// Prints values as a table, with the properties given or the usual ones; a column may be calculated.\n\
    /// Options: GroupBy, AutoSize, Wrap, HideTableHeaders.\n\
    /// # Example\n\
    /// ```rhai\n\
    /// table(get_mailbox(), [\"Alias\", #{ Name: \"Addresses\", Expression: |it| it.EmailAddresses.len() }])\n\
    /// ```";

const LIST: &str = "/// Prints values with a line for each property: the usual ones, those given, or `*` for all.\n\
    /// # Example\n\
    /// ```rhai\n\
    /// list(get_mailbox(\"alice\"), \"*Quota\")\n\
    /// ```";

const WIDE: &str = "/// Prints one property of each value, side by side. Options: Column for so many columns, AutoSize, GroupBy.\n\
    /// # Example\n\
    /// ```rhai\n\
    /// wide(get_mailbox(), \"Alias\", #{ Column: 4 })\n\
    /// ```";

pub(super) const OPTIONS: [Known; 5] = [
    ("GroupBy", &[]),
    ("AutoSize", &[]),
    ("Wrap", &[]),
    ("HideTableHeaders", &["HideHeaders"]),
    ("Column", &["Columns"]),
];

/// Registers the functions.
pub(super) fn register(engine: &mut Engine, state: &Arc<State>) {
    let mut module = Module::new();
    let forms = [
        ("show", Form::Default, SHOW),
        ("table", Form::Table, TABLE),
        ("list", Form::List, LIST),
        ("wide", Form::Wide, WIDE),
    ];
    for (name, form, comments) in forms {
        let begin = |parameters: &[&'static str]| {
            FuncRegistration::new(name).with_params_info(parameters).with_comments([comments])
        };
        let shared = state.clone();
        begin(&["values: ?", "()"]).set_into_module(&mut module, move |values: Dynamic| {
            show(&shared, values, &View { form, ..View::default() })
        });
        if form == Form::Default {
            continue;
        }
        let shared = state.clone();
        begin(&["values: ?", "properties: ?", "()"]).set_into_module(
            &mut module,
            move |context: NativeCallContext<'_>, values: Dynamic, given: Dynamic| match options_alone(&given) {
                Some(options) => show(&shared, values, &read_view(name, form, options)?),
                None => show_columns(&shared, &context, values, &given, View { form, ..View::default() }),
            },
        );
        let shared = state.clone();
        begin(&["values: ?", "properties: ?", "options: map", "()"]).set_into_module(
            &mut module,
            move |context: NativeCallContext<'_>, values: Dynamic, columns: Dynamic, options: Map| {
                show_columns(&shared, &context, values, &columns, read_view(name, form, options)?)
            },
        );
    }
    engine.register_global_module(module.into());
}

fn read_view(function: &'static str, form: Form, options: Map) -> RhaiResult<View> {
    let mut options = Options::read(function, &OPTIONS, options)?;
    let columns = match options.take("Column") {
        None => None,
        Some(given) => Some(given.as_int().map_err(|kind| options.wrong("Column", "a number", kind))?),
    };
    Ok(View {
        form,
        properties: Vec::new(),
        group_by: options.text("GroupBy")?,
        auto_size: options.truth("AutoSize")?.unwrap_or(false),
        wrap: options.truth("Wrap")?.unwrap_or(false),
        hide_headers: options.truth("HideTableHeaders")?.unwrap_or(false),
        columns: columns.and_then(|count| usize::try_from(count).ok()),
    })
}

/// Shows values with these columns, some of which a script may have to calculate.
fn show_columns(
    state: &State,
    context: &NativeCallContext<'_>,
    values: Dynamic,
    columns: &Dynamic,
    view: View,
) -> RhaiResult<()> {
    let Columns { mut names, properties, selection } =
        columns_of(context.fn_name(), columns, view.group_by.as_deref())?;
    if selection.is_none()
        && let Some(text) = report::text_on_screen(state, &values)
    {
        return print(state, &text);
    }
    let unseen = Unseen::of(properties.into_iter().chain(view.group_by.clone()).collect());
    let mut values = values_of(values).inspect(|value| value.iter().for_each(|value| unseen.look(value))).peekable();
    if let (None, Some(Ok(first))) = (&selection, values.peek()) {
        names.iter_mut().for_each(|name| *name = spelt(first, name).unwrap_or_else(|| std::mem::take(name)));
    }
    let view = View { properties: names, ..view };
    match selection {
        None => show_all(state, values, &view)?,
        Some(selection) => {
            let call = |function: &FnPtr, value: Dynamic| function.call_raw(context, None, [value]);
            show_all(state, values.map(|value| selection.object(&call, &to_dynamic(&value?))), &view)?;
        }
    }
    unseen.warnings().iter().for_each(|text| state.ui.message(MessageKind::Warning, text));
    Ok(())
}
