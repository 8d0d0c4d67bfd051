//! From the arguments of a call to a command for the server: names resolved, values converted, pipeline input set apart.
//!
//! Positions, sets and validation are the server's business; names are checked here, where a mistake has a place.

use rhai::{Array, Dynamic, Map};

use crate::catalog::{Catalog, Cmdlet, Resolved};
use crate::clixml::{PsValue, SecureText};
use crate::psrp::{Argument, CommandSpec};
use crate::secret::{Credential, SecretString};

use super::super::bulk::lane;
use super::super::failure::Failure;
use super::super::host::Policy as HostPolicy;
use super::super::registry::Command;
use super::super::state::RhaiResult;
use super::super::value::{Record, RecordStream, Results, from_dynamic, text_of, values_of};

/// What goes into the pipeline of a cmdlet.
pub(in crate::script) type Input = Box<dyn Iterator<Item = RhaiResult<PsValue>>>;

/// A call ready to be sent.
pub(super) struct Bound {
    pub(super) command: CommandSpec,
    pub(super) input: Option<Input>,
    pub(super) policy: Policy,
}

/// What PowerShell calls action preferences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::script) enum Action {
    /// Show it.
    #[default]
    Continue,
    /// Do not show it, but remember it.
    SilentlyContinue,
    /// Not even remember it.
    Ignore,
    /// End with it.
    Stop,
}

/// What is done with the records beside the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::script) struct Policy {
    pub(in crate::script) errors: Action,
    pub(in crate::script) warnings: Action,
    pub(in crate::script) information: Action,
    pub(in crate::script) progress: Action,
}

/// Binds what a script wrote between the parentheses.
pub(super) fn bind(allowed: &HostPolicy, command: &Command, mut args: Vec<Dynamic>) -> Result<Bound, Failure> {
    guard(allowed, command)?;
    let parameters = match args.pop_if(|last| last.is_map()) {
        Some(map) => map.cast::<Map>(),
        None => Map::new(),
    };
    let mut rest = args.into_iter().peekable();
    let input = match rest.next_if(|first| is_pipeline_input(command.cmdlet().map(|cmdlet| &**cmdlet), first)) {
        Some(first) => Some(as_input(first)?),
        None => None,
    };
    let mut bound = Bound { command: CommandSpec::new(command.name.as_str()), input, policy: Policy::default() };
    for (name, value) in parameters {
        named(command, &mut bound, &name, value)?;
    }
    for value in rest {
        let value = from_dynamic(&value).map_err(|_| unsendable(command, "an argument", &value))?;
        bound.command = bound.command.argument(Argument::positional(value));
    }
    impose(allowed, command, &mut bound.command)?;
    Ok(bound)
}

/// Refuses what may change something where only reading is allowed.
pub(super) fn guard(allowed: &HostPolicy, command: &Command) -> Result<(), Failure> {
    if allowed.read_only && !only_reads(&command.name) {
        return Err(Failure::script(format!("{} may change something, and only reading is allowed", command.name))
            .hint("run it without --read-only; a profile may say read_only as well"));
    }
    Ok(())
}

/// Adds `WhatIf` and `Confirm` as the command line wants them, unless the script says otherwise.
pub(super) fn impose(allowed: &HostPolicy, command: &Command, spec: &mut CommandSpec) -> Result<(), Failure> {
    if command.cmdlet().is_some_and(|cmdlet| cmdlet.supports_should_process) {
        let (pretends, agreed) = (allowed.what_if || lane::pretends(), allowed.yes || lane::does_rows());
        for (wanted, name, value) in [(pretends, "WhatIf", true), (agreed, "Confirm", false)] {
            if wanted && !is_given(spec, name) {
                spec.arguments.push(Argument::switch(name, value));
            }
        }
    } else if (allowed.what_if || lane::pretends()) && !only_reads(&command.name) {
        return Err(Failure::script(format!("{} cannot show what it would change", command.name))
            .hint("run it without --what-if"));
    }
    Ok(())
}

/// Verbs of cmdlets that only look.
fn only_reads(cmdlet: &str) -> bool {
    let verb = cmdlet.split('-').next().unwrap_or_default();
    ["Get", "Test", "Search", "Find", "Export", "Select", "Measure"]
        .iter()
        .any(|reads| reads.eq_ignore_ascii_case(verb))
}

fn is_given(spec: &CommandSpec, name: &str) -> bool {
    let is_it = |argument: &Argument| argument.parameter_name().is_some_and(|known| known.eq_ignore_ascii_case(name));
    spec.arguments.iter().any(is_it)
}

/// Records go into the pipeline; plain values are positional; a list of plain values goes where the cmdlet takes it.
fn is_pipeline_input(cmdlet: Option<&Cmdlet>, value: &Dynamic) -> bool {
    let is_record = |value: &Dynamic| value.is::<Record>() || value.is::<Results>();
    if value.is::<RecordStream>() {
        return true;
    }
    let takes_pipeline = cmdlet.is_none_or(|cmdlet| cmdlet.parameters.iter().any(|parameter| parameter.pipeline.any()));
    if is_record(value) {
        return takes_pipeline;
    }
    let Ok(items) = value.as_array_ref() else { return false };
    if items.iter().any(is_record) {
        return takes_pipeline;
    }
    let Some(cmdlet) = cmdlet else { return false };
    let first_takes_list = cmdlet.positional(cmdlet.all_sets()).first().is_some_and(|parameter| parameter.is_list());
    takes_pipeline && !first_takes_list
}

fn as_input(value: Dynamic) -> Result<Input, Failure> {
    if let Ok(items) = value.as_array_ref() {
        let items: Array = items.clone();
        let values: Vec<PsValue> = items
            .iter()
            .map(|item| from_dynamic(item).map_err(|_| Failure::script("the list holds a value that cannot be sent")))
            .collect::<Result<_, _>>()?;
        return Ok(Box::new(values.into_iter().map(Ok)));
    }
    if value.is::<Record>() {
        let value = from_dynamic(&value).map_err(|_| Failure::script("the record cannot be sent"))?;
        return Ok(Box::new(std::iter::once(Ok(value))));
    }
    Ok(values_of(value))
}

fn named(command: &Command, bound: &mut Bound, given: &str, value: Dynamic) -> Result<(), Failure> {
    let Some(cmdlet) = command.cmdlet() else {
        let value = from_dynamic(&value).map_err(|_| unsendable(command, given, &value))?;
        return push(command, bound, given, value);
    };
    let resolved = cmdlet.resolve_spelling(given).map_err(|error| unknown_parameter(cmdlet, &error, given))?;
    let name = resolved.name().to_owned();
    if let Resolved::Common(common) = resolved {
        if common.name == "ProgressAction" {
            bound.policy.progress = action(command, &name, &value)?;
            return Ok(());
        }
        if !common.is_sent {
            return Err(Failure::script(format!("{name} concerns PowerShell's variables and means nothing here"))
                .hint("keep what the call returns in a variable; last_errors() has its errors"));
        }
        match common.name {
            "ErrorAction" => bound.policy.errors = action(command, &name, &value)?,
            "WarningAction" => bound.policy.warnings = action(command, &name, &value)?,
            "InformationAction" => bound.policy.information = action(command, &name, &value)?,
            _ => {}
        }
    }
    if resolved.is_switch() && !value.is_bool() {
        return Err(
            Failure::script(format!("{name} of {} is a switch: true or false", command.name)).with("parameter", given)
        );
    }
    let secure =
        matches!(resolved, Resolved::Own(_, parameter) if parameter.type_name.eq_ignore_ascii_case("SecureString"));
    let sent = match secure.then(|| secure_text(&value)).flatten() {
        Some(secret) => PsValue::SecureString(secret),
        None => from_dynamic(&value).map_err(|_| unsendable(command, &name, &value))?,
    };
    push(command, bound, &name, sent)
}

fn push(command: &Command, bound: &mut Bound, name: &str, value: PsValue) -> Result<(), Failure> {
    if is_given(&bound.command, name) {
        return Err(Failure::script(format!("{name} of {} is given twice", command.name)));
    }
    bound.command.arguments.push(Argument::named(name, value));
    Ok(())
}

/// The password of a credential, or a text, where a cmdlet wants a `SecureString`.
fn secure_text(value: &Dynamic) -> Option<SecureText> {
    if let Some(credential) = value.read_lock::<Credential>() {
        return Some(SecureText::Plain(std::sync::Arc::new(credential.password().clone())));
    }
    let text = value.as_immutable_string_ref().ok()?;
    Some(SecureText::Plain(std::sync::Arc::new(SecretString::from(text.as_str()))))
}

fn action(command: &Command, name: &str, value: &Dynamic) -> Result<Action, Failure> {
    let text = text_of(value).to_ascii_lowercase();
    match text.as_str() {
        "continue" | "2" | "inquire" | "3" => Ok(Action::Continue),
        "silentlycontinue" | "silently_continue" | "0" => Ok(Action::SilentlyContinue),
        "ignore" | "4" => Ok(Action::Ignore),
        "stop" | "1" => Ok(Action::Stop),
        _ => Err(Failure::script(format!("{name} of {} is {text:?}", command.name))
            .hint("it is one of Continue, SilentlyContinue, Ignore, Stop")),
    }
}

fn unsendable(command: &Command, what: &str, value: &Dynamic) -> Failure {
    let kind = value.type_name().rsplit("::").next().unwrap_or_default().to_owned();
    Failure::script(format!("{what} of {} is a value of type {kind}, which cannot be sent", command.name))
}

fn unknown_parameter(cmdlet: &Cmdlet, error: &crate::catalog::ResolveError, given: &str) -> Failure {
    let mut failure = Failure::script(error.to_string())
        .with("error_id", format!("{},{}", error.id(), cmdlet.name))
        .with("category", "InvalidArgument")
        .with("cmdlet", cmdlet.name.to_string())
        .with("parameter", given);
    if let Some(hint) = error.hint() {
        failure = failure.hint(hint);
    }
    let documented = Catalog::built_in().find(&cmdlet.name).and_then(|known| {
        let known = known.resolve_spelling(given).ok()?;
        Some(known.name().to_owned())
    });
    match documented {
        Some(name) => failure.hint(format!("{name} is documented, but this session does not offer it to its user")),
        None => failure,
    }
}
