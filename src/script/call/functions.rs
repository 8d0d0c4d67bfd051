//! The functions beside the cmdlets: `invoke`, `stream`, `last_errors`, `get_command`, `command_exists`.
//!
//! Registration and documentation; calling is in `call`.

use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, FuncRegistration, Map, Module, NativeCallContext, Position};

use crate::clixml::{PsObject, PsValue, TypeNames};

use super::super::failure::{Failure, MISSING_CMDLET, fields_of};
use super::super::registry::{Command, Entry};
use super::super::session::Session;
use super::super::state::{RhaiResult, State, lock};
use super::super::value::{RecordStream, Results, list_of};
use super::report::failure_of;
use super::{eager, lazy, pipeline};
use crate::catalog::matches_wildcard;

/// Registers everything.
pub(in crate::script) fn register(engine: &mut Engine, state: &Arc<State>) {
    let mut module = Module::new();
    pipeline::register(engine, &mut module, state);
    invoke(&mut module, state);
    stream(&mut module, state);
    stream_imported(&mut module, state);
    errors(&mut module, state);
    commands(&mut module, state);
    engine.register_global_module(module.into());
}

fn command_of(session: &Session, name: &str) -> Arc<Command> {
    session.command(name).unwrap_or_else(|| Arc::new(Command::unimported(name)))
}

fn run(
    state: &Arc<State>,
    context: &NativeCallContext<'_>,
    session: &Session,
    name: &str,
    args: Vec<Dynamic>,
) -> RhaiResult<Dynamic> {
    eager(state, session, &command_of(session, name), args, context.call_position())
}

const INVOKE: [&str; 8] = [
    "/// Calls a cmdlet of a session by its name, imported or not, and gives all it gave.",
    "///",
    "/// # Example",
    "///",
    "/// ```rhai",
    "/// invoke(session, \"Get-Mailbox\", #{ ResultSize: 10 })",
    "/// ```",
    "///",
];

fn invoke(module: &mut Module, state: &Arc<State>) {
    let registration = |parameters: &[&'static str]| {
        let all = ["session: Session", "cmdlet: &str"].iter().chain(parameters).chain(&["Results"]);
        FuncRegistration::new("invoke").with_params_info(all.copied().collect::<Vec<_>>()).with_comments(INVOKE)
    };
    let shared = state.clone();
    registration(&[]).set_into_module(module, move |context: NativeCallContext<'_>, session: Session, name: &str| {
        run(&shared, &context, &session, name, Vec::new())
    });
    let shared = state.clone();
    registration(&["parameters: map"]).set_into_module(
        module,
        move |context: NativeCallContext<'_>, session: Session, name: &str, a: Dynamic| {
            run(&shared, &context, &session, name, vec![a])
        },
    );
    let shared = state.clone();
    registration(&["argument: ?", "parameters: map"]).set_into_module(
        module,
        move |context: NativeCallContext<'_>, session: Session, name: &str, a: Dynamic, b: Dynamic| {
            run(&shared, &context, &session, name, vec![a, b])
        },
    );
    let shared = state.clone();
    registration(&["first: ?", "second: ?", "parameters: map"]).set_into_module(
        module,
        move |context: NativeCallContext<'_>, session: Session, name: &str, a: Dynamic, b: Dynamic, c: Dynamic| {
            run(&shared, &context, &session, name, vec![a, b, c])
        },
    );
}

const STREAM: [&str; 11] = [
    "/// Calls a cmdlet and gives its values as they come. Leaving the loop stops the cmdlet on the server.",
    "///",
    "/// A second call on the same session while values are still coming reads the rest into memory first.",
    "///",
    "/// # Example",
    "///",
    "/// ```rhai",
    "/// for mailbox in stream(session, \"Get-Mailbox\", #{ ResultSize: \"Unlimited\" }) {",
    "///     if mailbox.Alias == \"ann\" { break; }",
    "/// }",
    "/// ```",
];

fn stream(module: &mut Module, state: &Arc<State>) {
    let registration = |parameters: &[&'static str]| {
        let all = ["session: Session", "cmdlet: &str"].iter().chain(parameters).chain(&["RecordStream"]);
        FuncRegistration::new("stream").with_params_info(all.copied().collect::<Vec<_>>()).with_comments(STREAM)
    };
    let begin = |state: &Arc<State>, position: Position, session: &Session, name: &str, args: Vec<Dynamic>| {
        lazy(state, session, &command_of(session, name), args, position)
    };
    let shared = state.clone();
    registration(&[]).set_into_module(
        module,
        move |context: NativeCallContext<'_>, session: Session, name: &str| -> RhaiResult<RecordStream> {
            begin(&shared, context.call_position(), &session, name, Vec::new())
        },
    );
    let shared = state.clone();
    registration(&["parameters: map"]).set_into_module(
        module,
        move |context: NativeCallContext<'_>, session: Session, name: &str, a: Dynamic| -> RhaiResult<RecordStream> {
            begin(&shared, context.call_position(), &session, name, vec![a])
        },
    );
    let shared = state.clone();
    registration(&["argument: ?", "parameters: map"]).set_into_module(
        module,
        move |context: NativeCallContext<'_>,
              session: Session,
              name: &str,
              a: Dynamic,
              b: Dynamic|
              -> RhaiResult<RecordStream> {
            begin(&shared, context.call_position(), &session, name, vec![a, b])
        },
    );
}

/// `stream` without a session: whichever the cmdlet was imported from.
fn stream_imported(module: &mut Module, state: &Arc<State>) {
    let registration = |parameters: &[&'static str]| {
        let all = ["cmdlet: &str"].iter().chain(parameters).chain(&["RecordStream"]);
        FuncRegistration::new("stream").with_params_info(all.copied().collect::<Vec<_>>()).with_comments(STREAM)
    };
    let begin = |state: &Arc<State>, position: Position, name: &str, args: Vec<Dynamic>| {
        let entry = imported(state, name).map_err(|failure| failure.at(position))?;
        lazy(state, &entry.session, &entry.command, args, position)
    };
    let shared = state.clone();
    registration(&[]).set_into_module(
        module,
        move |context: NativeCallContext<'_>, name: &str| -> RhaiResult<RecordStream> {
            begin(&shared, context.call_position(), name, Vec::new())
        },
    );
    let shared = state.clone();
    registration(&["parameters: map"]).set_into_module(
        module,
        move |context: NativeCallContext<'_>, name: &str, map: Map| -> RhaiResult<RecordStream> {
            begin(&shared, context.call_position(), name, vec![map.into()])
        },
    );
}

/// The imported cmdlet that a name means.
pub(super) fn imported(state: &State, name: &str) -> Result<Entry, Failure> {
    let found = state.registry().find(name);
    found.ok_or_else(|| {
        let failure =
            Failure::script(format!("{name} is not imported from any session")).with(MISSING_CMDLET, name.to_owned());
        state.registry().hints_for_unknown(name, std::iter::empty()).into_iter().fold(failure, Failure::hint)
    })
}

fn errors(module: &mut Module, state: &Arc<State>) {
    let shared = state.clone();
    FuncRegistration::new("last_errors")
        .with_params_info(["array"])
        .with_comments([
            "/// The errors that cmdlets reported, the newest first: maps with `message`, `error_id`, `category`,",
            "/// `target` and `cmdlet`.",
        ])
        .set_into_module(module, move || -> Array {
            let errors = lock(&shared.errors);
            errors.iter().rev().map(|error| Dynamic::from_map(fields_of(failure_of(error)))).collect()
        });
    let shared = state.clone();
    FuncRegistration::new("clear_errors")
        .with_params_info(["()"])
        .with_comments(["/// Forgets what `last_errors` gives."])
        .set_into_module(module, move || lock(&shared.errors).clear());
}

fn commands(module: &mut Module, state: &Arc<State>) {
    let shared = state.clone();
    FuncRegistration::new("get_command")
        .with_params_info(["pattern: &str", "Results"])
        .with_comments([
            "/// The imported cmdlets whose name matches a pattern such as `*mailbox*`, with their parameters.",
            "///",
            "/// # Example",
            "///",
            "/// ```rhai",
            "/// get_command(\"*mailbox*\")",
            "/// ```",
        ])
        .set_into_module(module, move |pattern: &str| matching(&shared, pattern));
    let shared = state.clone();
    FuncRegistration::new("get_command")
        .with_params_info(["Results"])
        .with_comments(["/// All imported cmdlets."])
        .set_into_module(module, move || matching(&shared, "*"));
    let shared = state.clone();
    FuncRegistration::new("command_exists")
        .with_params_info(["name: &str", "bool"])
        .with_comments(["/// Whether a function or an imported cmdlet of this name can be called."])
        .set_into_module(module, move |name: &str| shared.is_native(name) || shared.registry().contains(name));
    FuncRegistration::new("unsupported")
        .with_params_info(["what: &str", "()"])
        .with_comments(["/// Ends with an error: this place of a translated script could not be carried over."])
        .set_into_module(module, |what: &str| -> RhaiResult<()> {
            Err(Failure::script(format!("this could not be carried over: {what}")).into())
        });
}

fn matching(state: &State, pattern: &str) -> Results {
    let entries = state.registry().entries();
    let fits = |entry: &&Entry| {
        let command = &entry.command;
        matches_wildcard(pattern, &command.name) || matches_wildcard(pattern, &command.function)
    };
    Results(entries.iter().filter(fits).map(described).collect())
}

fn described(entry: &Entry) -> PsValue {
    let command = &entry.command;
    let parameters = command.cmdlet().into_iter().flat_map(|cmdlet| cmdlet.parameters.iter());
    let parameters: Vec<PsValue> = parameters.map(|parameter| PsValue::from(&*parameter.name)).collect();
    PsObject::builder()
        .types(TypeNames::new(["Exsh.Command", "System.Object"]))
        .to_string_text(command.function.as_str())
        .adapted("Function", command.function.as_str())
        .adapted("Cmdlet", command.name.as_str())
        .adapted("Session", entry.session.label())
        .adapted("Parameters", list_of(parameters))
        .build()
        .into()
}
