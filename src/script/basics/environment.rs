//! `env`, `computer_name`, `user_name`, `operating_system`: where a script runs.
//!
//! Environment variables come through the host, so that tests need not change the process.

use std::sync::Arc;

use rhai::{Dynamic, Module};

use super::super::state::State;
use super::described;

const ENV: &str = "An environment variable, or `()` or `default` when it is not set.\n\
    # Example\n\
    ```rhai\n\
    print(env(\"NO_SUCH_VARIABLE\", \"none\"));\n\
    print(env(\"NO_SUCH_VARIABLE\") == ());\n\
    ```\n\
    ```text\n\
    none\n\
    true\n\
    ```";
const WHERE: &str = "The name of this computer, of who is signed in to it, of its operating system (linux, macos, windows).\n\
    # Example\n\
    ```rhai\n\
    print(operating_system() in [\"linux\", \"macos\", \"windows\"]);\n\
    ```\n\
    ```text\n\
    true\n\
    ```";

/// Registers the functions.
pub(super) fn register(module: &mut Module, state: &Arc<State>) {
    let shared = state.clone();
    described("env", &["name: &str", "?"], ENV)
        .set_into_module(module, move |name: &str| (shared.environment)(name).map_or(Dynamic::UNIT, Dynamic::from));
    let shared = state.clone();
    described("env", &["name: &str", "default: ?", "?"], ENV)
        .set_into_module(module, move |name: &str, default: Dynamic| {
            (shared.environment)(name).map_or(default, Dynamic::from)
        });
    let shared = state.clone();
    described("computer_name", &["string"], WHERE).set_into_module(module, move || {
        let told = ["COMPUTERNAME", "HOSTNAME"].iter().find_map(|name| (shared.environment)(name));
        let kept = || std::fs::read_to_string("/etc/hostname").ok().map(|name| name.trim().to_owned());
        told.or_else(kept).unwrap_or_default()
    });
    let shared = state.clone();
    described("user_name", &["string"], WHERE).set_into_module(module, move || {
        ["USER", "USERNAME", "LOGNAME"].iter().find_map(|name| (shared.environment)(name)).unwrap_or_default()
    });
    described("operating_system", &["string"], WHERE).set_into_module(module, || std::env::consts::OS);
}
