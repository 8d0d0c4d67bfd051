//! `new_session_option` and the options of `new_session`: maps of a script become options of `remote`.
//!
//! Defaults, ranges and contradictions are `remote`'s business; here are names and types.

use rhai::{Dynamic, Engine, FuncRegistration, Map, Module};

use crate::remote::options::{ConnectOptions, OptionError, SessionOption, Setting};
use crate::secret::Credential;

use super::super::failure::Failure;
use super::super::options::Options;
use super::super::outcome::ErrorKind;
use super::super::state::RhaiResult;
use super::super::value::{Size, TimeSpan, from_dynamic, text_of};

/// Registers the type and its constructor.
pub(super) fn register(engine: &mut Engine, module: &mut Module) {
    engine
        .register_type_with_name::<SessionOption>("SessionOption")
        .register_fn("to_string", |_: &mut SessionOption| "SessionOption")
        .register_fn("to_debug", |_: &mut SessionOption| "SessionOption");
    let comments = [
        "/// Options for `new_session`, with the names and defaults of New-PSSessionOption.",
        "///",
        "/// Time-outs are in milliseconds, or spans such as `minutes(3)`.",
        "///",
        "/// # Example",
        "///",
        "/// ```rhai",
        "/// let option = new_session_option(#{ SkipCACheck: true, OpenTimeout: 60000 });",
        "/// ```",
    ];
    FuncRegistration::new("new_session_option")
        .with_params_info(["SessionOption"])
        .with_comments(comments)
        .set_into_module(module, SessionOption::default);
    FuncRegistration::new("new_session_option")
        .with_params_info(["options: map", "SessionOption"])
        .with_comments(comments)
        .set_into_module(module, session_option);
}

fn session_option(map: Map) -> RhaiResult<SessionOption> {
    let mut options = Options::read("new_session_option", SessionOption::PARAMETERS, map)?;
    let mut made = SessionOption::default();
    for (name, _) in SessionOption::PARAMETERS {
        if let Some(value) = options.take(name) {
            made.set(name, setting(&value)?).map_err(|error| unusable("new_session_option", &error))?;
        }
    }
    made.check().map_err(|error| unusable("new_session_option", &error))?;
    Ok(made)
}

/// The options of `new_session`, into `made`.
pub(super) fn connect_options(map: Map, made: &mut ConnectOptions) -> RhaiResult<()> {
    let mut options = Options::read("new_session", ConnectOptions::PARAMETERS, map)?;
    for (name, _) in ConnectOptions::PARAMETERS {
        let Some(value) = options.take(name) else { continue };
        if *name == "SessionOption" {
            let option = value.read_lock::<SessionOption>().map(|option| option.clone());
            made.session_option = match option {
                Some(option) => option,
                None if value.is_map() => session_option(value.cast())?,
                None => return Err(options.wrong(name, "what new_session_option gives", value.type_name())),
            };
            continue;
        }
        made.set(name, setting(&value)?).map_err(|error| unusable("new_session", &error))?;
    }
    Ok(())
}

/// A value of a script as far as options can express it.
fn setting(value: &Dynamic) -> RhaiResult<Setting> {
    if let Ok(truth) = value.as_bool() {
        return Ok(Setting::Truth(truth));
    }
    if let Ok(number) = value.as_int() {
        return Ok(Setting::Number(number));
    }
    if value.is_string() {
        return Ok(Setting::Text(text_of(value)));
    }
    if let Some(credential) = value.read_lock::<Credential>() {
        return Ok(Setting::Credential(credential.clone()));
    }
    if let Some(span) = value.read_lock::<TimeSpan>() {
        return Ok(Setting::Number(span.0.ticks / 10_000));
    }
    if let Some(bytes) = value.read_lock::<Size>().and_then(|size| size.bytes()) {
        return Ok(Setting::Number(bytes));
    }
    Ok(Setting::Value(from_dynamic(value)?))
}

fn unusable(function: &str, error: &OptionError) -> Failure {
    Failure::new(ErrorKind::Script, format!("{function}: {error}"))
}
