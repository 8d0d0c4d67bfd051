//! The functions of the three steps: `new_session`, `import_session`, `remove_session`, and what goes with them.
//!
//! Registration and documentation; the work is in the neighbouring files.

use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, FuncRegistration, INT, Map, Module};

use crate::secret::Credential;

use super::super::failure::Failure;
use super::super::state::{RhaiResult, State};
use super::Session;
use super::import::import;
use super::open::{demo_credential, open};

/// Registers the types and the functions.
pub(in crate::script) fn register(engine: &mut Engine, state: &Arc<State>) {
    session_type(engine);
    super::module::register(engine);
    let mut module = Module::new();
    super::options::register(engine, &mut module);
    new_session(&mut module, state);
    import_session(&mut module, state);
    get_and_remove(&mut module, state);
    engine.register_global_module(module.into());
}

fn session_type(engine: &mut Engine) {
    engine
        .register_type_with_name::<Session>("Session")
        .register_fn("to_string", |session: &mut Session| session.to_string())
        .register_fn("to_debug", |session: &mut Session| session.to_string())
        .register_fn("==", |a: Session, b: Session| a.same(&b))
        .register_fn("!=", |a: Session, b: Session| !a.same(&b))
        .register_indexer_get(property);
}

fn property(session: &mut Session, name: &str) -> RhaiResult<Dynamic> {
    let info = session.remote().info();
    Ok(match name.to_ascii_lowercase().replace('_', "").as_str() {
        "id" => INT::from(info.id).into(),
        "name" => info.name.into(),
        "computername" => info.computer_name.into(),
        "state" => info.state.to_string().into(),
        "availability" => info.availability.to_string().into(),
        "configurationname" => info.configuration.into(),
        "user" | "username" => info.user.into(),
        "uri" | "connectionuri" => info.uri.into(),
        "instanceid" => Dynamic::from(super::super::value::Guid(info.instance_id)),
        _ => {
            return Err(Failure::script(format!("there is no property {name}"))
                .hint("a session has Id, Name, ComputerName, State, Availability, ConfigurationName, User, Uri, InstanceId")
                .into());
        }
    })
}

fn new_session(module: &mut Module, state: &Arc<State>) {
    let comments = [
        "/// Opens a session to an Exchange server. `demo:` is an organization inside exsh, to try things on.",
        "///",
        "/// Options: `ConfigurationName`, `Authentication`, `AllowRedirection`, `SessionOption`, `Name`, `Force`,",
        "/// `AllowUnencrypted`.",
        "///",
        "/// # Example",
        "///",
        "/// ```rhai",
        "/// let session = new_session(\"https://mail.contoso.com/PowerShell/\", get_credential(), #{",
        "///     AllowRedirection: true,",
        "/// });",
        "/// ```",
    ];
    let shared = state.clone();
    FuncRegistration::new("new_session")
        .with_params_info(["uri: &str", "Session"])
        .with_comments(comments)
        .set_into_module(module, move |uri: &str| open(&shared, uri, &Dynamic::UNIT, Map::new()));
    let shared = state.clone();
    FuncRegistration::new("new_session")
        .with_params_info(["uri: &str", "credential: Credential", "Session"])
        .with_comments(comments)
        .set_into_module(module, move |uri: &str, second: Dynamic| match second.try_cast_result::<Map>() {
            Ok(options) => open(&shared, uri, &Dynamic::UNIT, options),
            Err(credential) => open(&shared, uri, &credential, Map::new()),
        });
    let shared = state.clone();
    FuncRegistration::new("new_session")
        .with_params_info(["uri: &str", "credential: Credential", "options: map", "Session"])
        .with_comments(comments)
        .set_into_module(module, move |uri: &str, credential: Dynamic, options: Map| {
            open(&shared, uri, &credential, options)
        });
    FuncRegistration::new("demo_credential")
        .with_params_info(["Credential"])
        .with_comments(["/// Who may do everything in the demo organization (`demo:`)."])
        .set_into_module(module, || -> Credential { demo_credential() });
}

fn import_session(module: &mut Module, state: &Arc<State>) {
    let comments = [
        "/// Makes the cmdlets of a session functions: `Get-Mailbox` becomes `get_mailbox`.",
        "///",
        "/// Options: `CommandName` (patterns), `CommandType`, `Module`, `ArgumentList`, `FormatTypeName`, `Prefix`,",
        "/// `AllowClobber`, `DisableNameChecking`. Gives a value with the names imported.",
        "///",
        "/// # Example",
        "///",
        "/// ```rhai",
        "/// import_session(session, #{ CommandName: \"*-Mailbox*\", Prefix: \"Demo\" });",
        "/// get_demo_mailbox();",
        "/// ```",
    ];
    let shared = state.clone();
    FuncRegistration::new("import_session")
        .with_params_info(["session: Session", "ImportedModule"])
        .with_comments(comments)
        .set_into_module(module, move |session: Session| import(&shared, &session, Map::new()));
    let shared = state.clone();
    FuncRegistration::new("import_session")
        .with_params_info(["session: Session", "options: map", "ImportedModule"])
        .with_comments(comments)
        .set_into_module(module, move |session: Session, options: Map| import(&shared, &session, options));
}

fn get_and_remove(module: &mut Module, state: &Arc<State>) {
    let shared = state.clone();
    FuncRegistration::new("get_session")
        .with_params_info(["array"])
        .with_comments(["/// The sessions that were not removed, in the order in which they were opened."])
        .set_into_module(module, move || -> Array {
            shared.open_sessions().iter().cloned().map(Dynamic::from).collect()
        });
    let shared = state.clone();
    FuncRegistration::new("get_session")
        .with_params_info(["id_or_name: ?", "Session"])
        .with_comments(["/// The session with that number or name."])
        .set_into_module(module, move |wanted: Dynamic| -> RhaiResult<Session> { find(&shared, &wanted) });
    let comments = [
        "/// Removes a session from its server; the functions imported from it are gone. Doing it again does nothing.",
        "///",
        "/// # Example",
        "///",
        "/// ```rhai",
        "/// remove_session(session);",
        "/// ```",
    ];
    let shared = state.clone();
    FuncRegistration::new("remove_session")
        .with_params_info(["session: Session", "()"])
        .with_comments(comments)
        .set_into_module(module, move |session: Session| remove(&shared, &session));
    let shared = state.clone();
    FuncRegistration::new("remove_session")
        .with_params_info(["sessions: array", "()"])
        .with_comments(["/// Removes several sessions."])
        .set_into_module(module, move |sessions: Array| -> RhaiResult<()> {
            for session in sessions {
                let kind = session.type_name();
                let session = session.try_cast::<Session>();
                let session = session.ok_or_else(|| Failure::script(format!("{kind} is not a session")))?;
                remove(&shared, &session)?;
            }
            Ok(())
        });
}

fn find(state: &State, wanted: &Dynamic) -> RhaiResult<Session> {
    let is_it = |session: &&Session| {
        let info = session.remote().info();
        match wanted.as_int() {
            Ok(id) => INT::from(info.id) == id,
            Err(_) => wanted.as_immutable_string_ref().is_ok_and(|name| info.name.eq_ignore_ascii_case(&name)),
        }
    };
    let found = state.open_sessions().iter().find(is_it).cloned();
    found
        .ok_or_else(|| Failure::script(format!("there is no session {wanted}")).hint("get_session() lists them").into())
}

/// Removes a session from its server, and its cmdlets from those that can be called.
pub(in crate::script) fn remove(state: &State, session: &Session) -> RhaiResult<()> {
    session.mark_removed();
    state.registry_mut().remove_session(session);
    session.forget_commands();
    state.open_sessions().retain(|open| !open.same(session));
    let (sessions, remote) = (state.sessions.clone(), session.remote());
    state.wait(async move { sessions.close(&remote).await })
}
