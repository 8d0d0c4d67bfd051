//! `args(#{…})`: the arguments of a script by name, from a declaration that gives it `--help`, too.
//!
//! The kinds of values are those of library functions (`library::Shape`); `args()` alone gives the plain words.

use std::sync::Arc;

use rhai::{Dynamic, Map, Module};

use super::super::failure::Failure;
use super::super::library::{Document, Parameter, given, given_options, options_of};
use super::super::outcome::ErrorKind;
use super::super::state::{Ending, RhaiResult, State, lock};
use super::described;

const ARGS: &str = "The arguments of the script by name. The declaration is a map from name to `kind, required: meaning` or\n\
    `kind, default VALUE: meaning`; the kinds are text, list, count, count of UNIT, size, date, flag, rows (a CSV file),\n\
    file and words with `|` between. `About` says what the script does. `--help` prints the options and ends the script; a\n\
    mistake ends it with exit code 2.\n\
    # Example\n\
    ```rhai\n\
    let a = args(#{\n\
    \u{20}   About: \"Reports mailboxes\",\n\
    \u{20}   Days: \"count of days, default 90: how long unused\",\n\
    \u{20}   Domain: \"text: only addresses of this domain\",\n\
    \u{20}   Quiet: \"flag: says nothing\",\n\
    });\n\
    print(`${a.Days} ${a.Domain == ()} ${a.Quiet}`);\n\
    ```\n\
    ```text\n\
    90 true false\n\
    ```";

/// Registers the function.
pub(super) fn register(module: &mut Module, state: &Arc<State>) {
    let shared = state.clone();
    described("args", &["declaration: map", "map"], ARGS)
        .set_into_module(module, move |declaration: Map| args(&shared, &declaration));
}

fn args(state: &State, declaration: &Map) -> RhaiResult<Map> {
    let mut document = Document { name: "the script".to_owned(), ..Document::default() };
    for (name, text) in declaration {
        let text = text.to_string();
        if name == "About" {
            document.summary = text;
            continue;
        }
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(char::is_alphanumeric);
        let parameter = Parameter::declared(name, &text).filter(|_| is_name).ok_or_else(|| {
            Failure::script(format!("args: {name} is declared as {text:?}"))
                .hint("write \"text, required: meaning\" or \"count of days, default 90: meaning\"")
        })?;
        document.parameters.push(parameter);
    }
    let name = "SCRIPT";
    let command = clap::Command::new(name).about(document.summary.clone()).args(options_of(&document.parameters));
    let given_words = lock(&state.arguments).clone();
    let matches = match command.try_get_matches_from(std::iter::once(name.to_owned()).chain(given_words)) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => {
            let _ = state.ui.print(error.to_string().trim_end()); // who does not read it will not miss it
            return Err(Ending::Exit(0).into_error());
        }
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            return Err(Failure::new(ErrorKind::Usage, first).hint("--help lists the options of the script").into());
        }
    };
    let given_words: Map = given_options(&document.parameters, &matches)
        .into_iter()
        .map(|(name, value)| (name.into(), Dynamic::from(value)))
        .collect();
    Ok(given(&document, &given_words.into())?)
}
