//! `get_credential`: asks for a user name and a password, or takes them from the environment when nobody is there.
//!
//! The password never becomes a Rhai value: a [`Credential`] has a user name to read and nothing else.

use std::sync::Arc;

use rhai::{Engine, FuncRegistration, Map, Module};

use crate::secret::{Credential, SecretString};

use super::failure::Failure;
use super::options::{Known, Options};
use super::outcome::ErrorKind;
use super::state::{RhaiResult, State};
use super::ui::MessageKind;

const OPTIONS: &[Known] = &[("UserName", &["User"]), ("Message", &[]), ("Title", &["Caption"])];

/// What to ask, and for whom.
#[derive(Default)]
struct Request {
    user_name: Option<String>,
    message: Option<String>,
    title: Option<String>,
}

/// Registers the type and its functions.
pub(super) fn register(engine: &mut Engine, state: &Arc<State>) {
    engine
        .register_type_with_name::<Credential>("Credential")
        .register_fn("to_string", |credential: &mut Credential| credential.to_string())
        .register_fn("to_debug", |credential: &mut Credential| credential.to_string())
        .register_fn("==", |a: Credential, b: Credential| a == b)
        .register_fn("!=", |a: Credential, b: Credential| a != b)
        .register_indexer_get(read_property);
    let mut module = Module::new();
    let comments = [
        "/// Asks for a user name and a password without showing the password.",
        "///",
        "/// Without a terminal it takes `EXSH_USERNAME` and `EXSH_PASSWORD`, or reads the password from the open file",
        "/// whose number `EXSH_PASSWORD_FD` gives. At the end of input the result is `()`.",
        "///",
        "/// # Example",
        "///",
        "/// ```rhai",
        "/// let cred = get_credential(\"admin@contoso.com\");",
        "/// ```",
    ];
    let shared = state.clone();
    FuncRegistration::new("get_credential")
        .with_params_info(["Credential"])
        .with_comments(comments)
        .set_into_module(&mut module, move || obtain(&shared, Request::default()));
    let shared = state.clone();
    FuncRegistration::new("get_credential")
        .with_params_info(["user: &str", "Credential"])
        .with_comments(comments)
        .set_into_module(&mut module, move |user: &str| {
            obtain(&shared, Request { user_name: Some(user.to_owned()), ..Request::default() })
        });
    let shared = state.clone();
    FuncRegistration::new("get_credential")
        .with_params_info(["options: map", "Credential"])
        .with_comments(comments)
        .set_into_module(&mut module, move |options: Map| obtain(&shared, read_request(options)?));
    FuncRegistration::new("get_credential")
        .with_params_info(["credential: Credential", "Credential"])
        .with_comments(["/// A credential that is one already comes back as it is."])
        .set_into_module(&mut module, |credential: Credential| credential);
    saved(&mut module, state);
    engine.register_global_module(module.into());
}

fn saved(module: &mut Module, state: &Arc<State>) {
    let comments = [
        "/// The credential that `exsh login` saved for an address, or `()` when there is none.",
        "///",
        "/// # Example",
        "///",
        "/// ```rhai",
        "/// let uri = \"https://mail.contoso.com/PowerShell/\";",
        "/// let session = new_session(uri, saved_credential(uri) ?? get_credential());",
        "/// ```",
    ];
    let shared = state.clone();
    FuncRegistration::new("saved_credential")
        .with_params_info(["uri: &str", "Credential"])
        .with_comments(comments)
        .set_into_module(module, move |uri: &str| or_nothing(from_vault(&shared, uri, None)));
    let shared = state.clone();
    FuncRegistration::new("saved_credential")
        .with_params_info(["uri: &str", "user: &str", "Credential"])
        .with_comments(comments)
        .set_into_module(module, move |uri: &str, user: &str| or_nothing(from_vault(&shared, uri, Some(user))));
}

fn or_nothing(credential: Option<Credential>) -> rhai::Dynamic {
    credential.map_or(rhai::Dynamic::UNIT, rhai::Dynamic::from)
}

/// What the keyring has; one that cannot be used has nothing.
pub(super) fn from_vault(state: &State, address: &str, user: Option<&str>) -> Option<Credential> {
    let found = state.vault.as_ref()?.find(address, user);
    found.unwrap_or_else(|error| {
        tracing::debug!(%error, "no password from the keyring");
        None
    })
}

fn read_property(credential: &mut Credential, name: &str) -> RhaiResult<rhai::Dynamic> {
    match name.to_ascii_lowercase().replace('_', "").as_str() {
        "username" => Ok(credential.user_name().to_owned().into()),
        "password" => Err(Failure::script("a credential does not give its password away")
            .hint("hand the credential itself to new_session or to the parameter of a cmdlet")
            .into()),
        _ => Err(Failure::script(format!("a credential has no property {name}; it has UserName")).into()),
    }
}

fn read_request(options: Map) -> RhaiResult<Request> {
    let mut options = Options::read("get_credential", OPTIONS, options)?;
    Ok(Request {
        user_name: options.text("UserName")?,
        message: options.text("Message")?,
        title: options.text("Title")?,
    })
}

/// A credential, or `()` when the person ended the input.
fn obtain(state: &State, request: Request) -> RhaiResult<rhai::Dynamic> {
    if request.user_name.as_deref() == Some("") {
        return Err(Failure::script("get_credential: the user name is empty").into());
    }
    if !state.ui.is_interactive() {
        return from_environment(state, request.user_name).map(rhai::Dynamic::from);
    }
    for text in [&request.title, &request.message].into_iter().flatten() {
        state.ui.message(MessageKind::Status, text);
    }
    let answered = request.user_name.or_else(|| ask_user_name(state)).and_then(|user_name| {
        let password = state.ui.ask_secret(&format!("Password for user {user_name}: "))?;
        Some(Credential::new(&user_name, password))
    });
    match (answered, state.ending()) {
        (Some(credential), _) => Ok(rhai::Dynamic::from(credential)),
        (None, Some(ending)) => Err(ending.into_error()),
        (None, None) => Ok(rhai::Dynamic::UNIT),
    }
}

/// As `get_credential`, for PowerShell's Get-Credential.
pub(super) fn ask(state: &State, user_name: Option<&str>, message: Option<&str>) -> RhaiResult<Option<Credential>> {
    let request = Request { user_name: user_name.map(str::to_owned), message: message.map(str::to_owned), title: None };
    Ok(obtain(state, request)?.try_cast::<Credential>())
}

fn ask_user_name(state: &State) -> Option<String> {
    loop {
        let name = state.ui.ask_line("User: ")?;
        if !name.trim().is_empty() {
            return Some(name.trim().to_owned());
        }
    }
}

fn from_environment(state: &State, user_name: Option<String>) -> RhaiResult<Credential> {
    let nobody = |missing: &str| {
        Failure::new(ErrorKind::SignIn, format!("nobody is there to ask for a credential, and {missing} is not set"))
            .hint("set EXSH_USERNAME and EXSH_PASSWORD, or EXSH_PASSWORD_FD to the number of an open file, or use a terminal")
    };
    let user_name = user_name
        .or_else(|| (state.environment)("EXSH_USERNAME").filter(|name| !name.is_empty()))
        .ok_or_else(|| nobody("EXSH_USERNAME"))?;
    let password = match (state.environment)("EXSH_PASSWORD_FD") {
        Some(number) => read_descriptor(&number)?,
        None => (state.environment)("EXSH_PASSWORD").ok_or_else(|| nobody("EXSH_PASSWORD"))?.into(),
    };
    Ok(Credential::new(&user_name, password))
}

/// Reads the first line from an open file of this process.
fn read_descriptor(number: &str) -> RhaiResult<SecretString> {
    let unusable = |reason: String| Failure::new(ErrorKind::SignIn, format!("EXSH_PASSWORD_FD={number}: {reason}"));
    let number: u32 = number.parse().map_err(|_| unusable("not the number of an open file".into()))?;
    // /dev/fd reopens the descriptor without unsafe code; systems without it have no such descriptors either.
    let mut text = std::fs::read_to_string(format!("/dev/fd/{number}")).map_err(|error| unusable(error.to_string()))?;
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let password = SecretString::from(&text[..end]);
    zeroize::Zeroize::zeroize(&mut text);
    Ok(password)
}
