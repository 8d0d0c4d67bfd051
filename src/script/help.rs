//! `help(name)`: what a cmdlet or a function does and takes, the server's own words first where it has any.
//!
//! What the prompt shows beside that (modules, examples that run) is `repl`'s business.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use rhai::{Engine, FuncRegistration, Map, Module, Position};

use crate::catalog::{Catalog, Cmdlet, Parameter, ParameterKind, ParameterSets, Release, nearest_name};
use crate::clixml::{Base, PsValue};

use super::bulk::lane;
use super::call;
use super::failure::Failure;
use super::registry::{Command, Entry};
use super::state::{RhaiResult, State};
use super::ui::MessageKind;
use super::value::Results;

/// How long a server may take to say what it has to say of a cmdlet.
const PATIENCE: Duration = Duration::from_secs(3);

/// Registers the function.
pub(super) fn register(engine: &mut Engine, state: &Arc<State>) {
    let mut module = Module::new();
    let shared = state.clone();
    FuncRegistration::new("help")
        .with_params_info(["name: &str", "String"])
        .with_comments([
            "/// What a cmdlet or a function does and takes; for an imported cmdlet, what its server says of it comes first.",
            "///",
            "/// # Example",
            "///",
            "/// ```rhai",
            "/// print(help(\"Get-Mailbox\"));",
            "/// ```",
        ])
        .set_into_module(&mut module, move |name: &str| help(&shared, name));
    engine.register_global_module(module.into());
}

fn help(state: &Arc<State>, name: &str) -> RhaiResult<String> {
    let imported = state.registry().find(name);
    if let Some(entry) = imported {
        let own = of_server(state, &entry)?;
        let known = entry.command.cmdlet().map(|cmdlet| describe_cmdlet(cmdlet, true));
        return Ok([own, known].into_iter().flatten().collect::<Vec<_>>().join("\n\n"));
    }
    if let Some(text) = of_function(state, name) {
        return Ok(text);
    }
    if let Some(cmdlet) = Catalog::built_in().find(name) {
        return Ok(describe_cmdlet(&cmdlet, false));
    }
    let similar = Catalog::built_in().similar(name);
    let native = state.native.get().into_iter().flatten().map(String::as_str);
    let near = nearest_name(name, native.chain(similar.iter().map(String::as_str)));
    Err(Failure::script(format!("nothing is called {name}")).did_you_mean(near).into())
}

/// What `Get-Help` of the session says in prose, if the session has it and it says anything, and soon.
fn of_server(state: &Arc<State>, entry: &Entry) -> RhaiResult<Option<String>> {
    if !entry.session.is_at_rest() {
        return Ok(None); // help is nothing to wait for, or to open a session again for
    }
    let mut parameters = Map::new();
    parameters.insert("Name".into(), entry.command.name.clone().into());
    parameters.insert("ErrorAction".into(), "Ignore".into());
    let get_help = Command::unimported("Get-Help");
    let ask = || call::eager(state, &entry.session, &get_help, vec![parameters.into()], Position::NONE);
    let asked = if lane::is_here() { Some(ask()) } else { state.within(PATIENCE, ask) };
    let results = match asked {
        Some(Ok(results)) => results.try_cast::<Results>(),
        // An interrupt ends the script; a session without Get-Help has nothing to say.
        Some(Err(error)) if state.ending().is_some() => return Err(error),
        Some(Err(_)) => None,
        None => {
            let text = format!("{} does not answer; this is what is known without it", entry.session.label());
            state.ui.message(MessageKind::Warning, &text);
            None
        }
    };
    Ok(results.and_then(|results| results.0.first().and_then(prose)))
}

/// Synopsis and description of a help object ([MS-PSRP] knows nothing of it; its form is PowerShell's MAML), or a text.
fn prose(value: &PsValue) -> Option<String> {
    let PsValue::Object(object) = value else { return text_of(value) };
    let parts = ["Synopsis", "description"].map(|name| object.get(name).as_ref().and_then(text_of));
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}

fn text_of(value: &PsValue) -> Option<String> {
    let text = match value {
        PsValue::String(text) => text.to_text().trim().to_owned(),
        PsValue::Object(object) => match object.base() {
            Base::List(_, items) => items.iter().filter_map(text_of).collect::<Vec<_>>().join("\n"),
            _ => object.get("Text").as_ref().and_then(text_of)?,
        },
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Signatures and comments of a function of exsh.
fn of_function(state: &State, name: &str) -> Option<String> {
    let engine = state.engine.get()?.upgrade()?;
    let known = |info: rhai::FuncInfo<'_>| {
        let metadata = info.metadata;
        (metadata.name == name).then(|| (info.metadata.gen_signature(|kind| kind.into()), metadata.comments.to_vec()))
    };
    let found: Vec<_> = engine.collect_fn_metadata(None, known, false);
    if found.is_empty() {
        return None;
    }
    let mut text = found.iter().map(|(signature, _)| signature.clone()).collect::<Vec<_>>().join("\n");
    let comments = found.iter().map(|(_, comments)| comments).find(|comments| !comments.is_empty());
    for line in comments.into_iter().flatten().flat_map(|comment| comment.lines()) {
        let line = line.trim_start_matches("///").strip_prefix(' ').unwrap_or_default();
        let _ = write!(text, "\n{line}"); // a string takes all
    }
    Some(text)
}

/// What is known of a cmdlet, as text: its names, what goes without a name, its parameters.
#[must_use]
pub fn describe_cmdlet(cmdlet: &Cmdlet, imported: bool) -> String {
    let mut text = format!("{}  (in scripts: {})\n", cmdlet.name, cmdlet.snake_name());
    if !imported {
        text.push_str("not imported: import_session(session) brings the cmdlets that a server offers\n");
    }
    let releases: Vec<&str> = cmdlet.releases.iter().map(Release::name).collect();
    if !releases.is_empty() {
        let _ = writeln!(text, "documented for {}", releases.join(", "));
    }
    let sets = cmdlet.default_set.map_or_else(|| cmdlet.all_sets(), ParameterSets::only);
    let positional: Vec<&str> = cmdlet.positional(sets).iter().map(|parameter| &*parameter.name).collect();
    if !positional.is_empty() {
        let _ = writeln!(text, "without names: {}", positional.join(", "));
    }
    let width = cmdlet.parameters.iter().map(|parameter| parameter.name.len()).max().unwrap_or(0);
    text.push_str("\nparameters:\n");
    let mut parameters: Vec<&Parameter> = cmdlet.parameters.iter().collect();
    parameters.sort_by_key(|parameter| ((parameter.required_in & sets).is_empty(), parameter.name.clone()));
    for parameter in parameters {
        let _ = writeln!(text, "  {:<width$}  {}", parameter.name, remark(parameter, sets));
    }
    text.trim_end().to_owned()
}

fn remark(parameter: &Parameter, sets: ParameterSets) -> String {
    let mut remark = if parameter.is_switch() { "switch".to_owned() } else { parameter.type_name.to_string() };
    if !(parameter.required_in & sets).is_empty() {
        remark.push_str(", required");
    }
    if parameter.pipeline.any() {
        remark.push_str(", takes piped objects");
    }
    // What is documented of identities are the kinds of names that do, no values.
    if !parameter.values.is_empty() && parameter.kind != ParameterKind::Identity {
        let _ = write!(remark, ": {}", parameter.values.join(" | "));
    }
    remark
}
