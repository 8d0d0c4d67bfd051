//! Builds the Rhai engine: limits, output, waiting, ending, and the packages of host functions.
//!
//! Not here: what the functions do.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rhai::{Dynamic, Engine, FLOAT, INT};

use super::basics;
use super::bulk;
use super::call;
use super::credential;
use super::dispatch;
use super::failure::Failure;
use super::help;
use super::host::Extension;
use super::last_result;
use super::library;
use super::modules::Resolver;
use super::ordered;
use super::report;
use super::session;
use super::show;
use super::state::{Ending, RhaiResult, State, lock};
use super::ui::MessageKind;
use super::value;

/// Levels of script calls; the stack of the script thread is sized for them.
const CALL_LEVELS_MAX: usize = 128;
/// Depth of nested expressions, inside and outside of functions.
const EXPRESSION_DEPTH_MAX: usize = 128;

/// The engine on which scripts run.
pub(super) fn build(state: &Arc<State>, module_folders: Vec<PathBuf>, extensions: &[Extension]) -> Arc<Engine> {
    let mut engine = Engine::new();
    set_limits(&mut engine);
    engine.set_fail_on_invalid_map_property(true);
    output(&mut engine, state);
    ending(&mut engine, state);
    credential::register(&mut engine, state);
    value::register(&mut engine, &warning(state));
    ordered::register(&mut engine, state);
    value::register_chains(&mut engine, &state.engine);
    show::register(&mut engine, state);
    session::register(&mut engine, state);
    call::register(&mut engine, state);
    help::register(&mut engine, state);
    basics::register(&mut engine, state);
    bulk::register(&mut engine, state);
    report::register(&mut engine, state);
    library::register(&mut engine, state);
    for extend in extensions {
        extend(&mut engine);
    }
    engine.set_module_resolver(Resolver::new(state, module_folders));
    dispatch::install(&mut engine, state);
    last_result::register(&mut engine);
    let engine = Arc::new(engine);
    let _ = state.engine.set(Arc::downgrade(&engine)); // a state has one engine
    engine
}

/// Compiles only; for reading what modules declare.
pub(super) fn plain_compiler() -> Engine {
    let mut engine = Engine::new_raw();
    set_limits(&mut engine);
    engine
}

/// Compiles only, with variables checked before the script runs; for files.
pub(super) fn strict_compiler() -> Engine {
    let mut engine = plain_compiler();
    engine.set_strict_variables(true);
    engine
}

fn set_limits(engine: &mut Engine) {
    // No limits on sizes: any of them makes every change of an array measure all of it again.
    engine.set_max_call_levels(CALL_LEVELS_MAX);
    engine.set_max_expr_depths(EXPRESSION_DEPTH_MAX, EXPRESSION_DEPTH_MAX);
}

fn output(engine: &mut Engine, state: &Arc<State>) {
    // Rhai's hook for print cannot fail, so a closed pipe is kept as an interrupt with a reason.
    let shared = state.clone();
    engine.on_print(move |text| {
        if let Err(error) = shared.ui.print(text) {
            shared.output_failed(&error);
        }
    });
    let shared = state.clone();
    engine.on_debug(move |text, source, position| {
        let place = match (source, position.line()) {
            (Some(source), Some(line)) => format!("{source}:{line}: "),
            (None, Some(line)) => format!("line {line}: "),
            _ => String::new(),
        };
        shared.ui.message(MessageKind::Debug, &format!("{place}{text}"));
    });
}

fn ending(engine: &mut Engine, state: &Arc<State>) {
    let shared = state.clone();
    #[allow(deprecated)] // not deprecated but volatile, says Rhai; the version is pinned
    engine.on_progress(move |_| shared.ending().map(Dynamic::from));
    engine.register_fn("exit", || -> RhaiResult<()> { Err(Ending::Exit(0).into_error()) });
    engine.register_fn("exit", |code: INT| -> RhaiResult<()> {
        match u8::try_from(code) {
            Ok(code) => Err(Ending::Exit(code).into_error()),
            Err(_) => Err(Failure::script(format!("exit code {code} is not between 0 and 255")).into()),
        }
    });
    let shared = state.clone();
    engine.register_fn("sleep", move |seconds: INT| shared.sleep(seconds_of(seconds as FLOAT)));
    let shared = state.clone();
    engine.register_fn("sleep", move |seconds: FLOAT| shared.sleep(seconds_of(seconds)));
    let shared = state.clone();
    engine.register_fn("args", move || -> rhai::Array {
        lock(&shared.arguments).iter().map(|argument| argument.clone().into()).collect()
    });
}

/// How what is hardly meant is told.
fn warning(state: &Arc<State>) -> value::Warn {
    let shared = state.clone();
    Arc::new(move |text: &str| shared.ui.message(MessageKind::Warning, text))
}

fn seconds_of(seconds: FLOAT) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

impl State {
    fn output_failed(&self, error: &io::Error) {
        if error.kind() == io::ErrorKind::BrokenPipe {
            self.close_output();
        } else {
            self.ui.message(MessageKind::Warning, &format!("cannot write the output: {error}"));
        }
    }
}
