//! How `get_mailbox(...)` finds its session: a dispatcher beside every call site, and a hook for the calls no site shows.
//!
//! Dispatchers know the place of the call and give it to errors; the hook serves `eval`, computed names and the
//! like, where Rhai tells no place. Not here: the call itself (`call`).

#![allow(deprecated, reason = "the hook and the syntax tree are volatile, says Rhai; its version is pinned")]

use std::any::TypeId;
use std::collections::HashSet;
use std::sync::{Arc, PoisonError};

use rhai::{
    AST, Dynamic, Engine, EvalAltResult, FnNamespace, FnPtr, FuncRegistration, NativeCallContext, Position, RhaiFunc,
    Shared, Stmt,
};

use super::call;
use super::failure::Failure;
use super::registry::Command;
use super::session::Session;
use super::sites::{call_sites, properties_read};
use super::state::{RhaiResult, State};
use super::value::add_getter;

/// Installs the hook and the meaning of bare cmdlet names. Call it after all functions are registered.
pub(super) fn install(engine: &mut Engine, state: &Arc<State>) {
    let shared = state.clone();
    engine.on_missing_function(move |name, args, _is_method, context| {
        // Rhai asks for every failed native call, also for one that was found and failed.
        if shared.is_native(name) {
            return Ok(None);
        }
        // A dispatcher has run and failed: its error has a place, and the cmdlet must not run twice.
        if let Some(hash) = shared.dispatcher(name, args.len())
            && context.iter_namespaces().any(|module| module.contains_fn(hash))
        {
            return Ok(None);
        }
        dispatch(&shared, name, args, Position::NONE).transpose()
    });
    let shared = state.clone();
    engine.on_var(move |name, _index, context| {
        if name.contains('_') && !context.scope().contains(name) && shared.registry().contains(name) {
            return Ok(Some(FnPtr::new(name)?.into()));
        }
        Ok(None)
    });
    let native: HashSet<String> =
        engine.collect_fn_metadata(None, |info| Some(info.metadata.name.to_string()), true).into_iter().collect();
    let _ = state.native.set(native); // a state has one engine
}

/// The same script with a dispatcher for each call site and a getter for each property that it reads; `imports` run
/// before its statements.
pub(super) fn attach(state: &Arc<State>, ast: &AST, imports: &[Stmt]) -> AST {
    let own: HashSet<&str> = ast.iter_functions().map(|function| function.name).collect();
    let mut library = (**ast.shared_lib()).clone();
    for (name, count) in call_sites(ast) {
        if state.is_native(&name) || own.contains(name.as_str()) {
            continue;
        }
        let shared = state.clone();
        let function = move |context: Option<NativeCallContext<'_>>, args: &mut [&mut Dynamic]| match context {
            Some(context) => dispatch_or_explain(&shared, &context, args),
            None => Err(Failure::script("a cmdlet was called without a script").into()),
        };
        // A pure method takes constants and gets its first argument by reference, without a copy.
        let hash = FuncRegistration::new(name.as_str())
            .with_namespace(FnNamespace::Global)
            .set_into_module_raw(
                &mut library,
                vec![TypeId::of::<Dynamic>(); count],
                RhaiFunc::Method { has_context: true, is_pure: true, is_volatile: true, func: Shared::new(function) },
            )
            .hash;
        state.remember_dispatcher(name, count, hash);
    }
    for name in properties_read(ast) {
        add_getter(&mut library, &name);
    }
    let statements = imports.iter().cloned().chain(ast.statements().iter().cloned());
    let mut attached = AST::new(statements, library);
    if let Some(source) = ast.source() {
        attached.set_source(source);
    }
    attached
}

fn dispatch_or_explain(
    state: &Arc<State>,
    context: &NativeCallContext<'_>,
    args: &mut [&mut Dynamic],
) -> RhaiResult<Dynamic> {
    let name = context.fn_name();
    match dispatch(state, name, args, context.call_position()) {
        Some(result) => result,
        // Exactly this error, so that functions of arrays try other numbers of arguments.
        None => {
            let kinds: Vec<String> =
                args.iter().map(|arg| context.engine().map_type_name((**arg).type_name()).to_owned()).collect();
            let signature = format!("{name} ({})", kinds.join(", "));
            Err(EvalAltResult::ErrorFunctionNotFound(signature, context.call_position()).into())
        }
    }
}

/// Calls the cmdlet that `name` means, if it means one.
fn dispatch(
    state: &Arc<State>,
    name: &str,
    args: &mut [&mut Dynamic],
    position: Position,
) -> Option<RhaiResult<Dynamic>> {
    let first_session = args.first().and_then(|first| first.read_lock::<Session>().map(|session| session.clone()));
    if let Some(session) = first_session {
        let command = session.command(name).or_else(|| documented(name))?;
        // The first argument may be the script's own variable: copied, never taken.
        let rest = args[1..].iter().map(|arg| (**arg).clone()).collect();
        return Some(call::eager(state, &session, &command, rest, position));
    }
    let entry = state.registry().find(name);
    if let Some(entry) = entry {
        let args = args.iter().map(|arg| (**arg).clone()).collect();
        return Some(call::eager(state, &entry.session, &entry.command, args, position));
    }
    let former = state.registry().former(name)?;
    Some(Err(Failure::script(format!("{name} came from {former}, which was removed"))
        .hint("open a new session and import it again")
        .at(position)
        .into()))
}

/// A cmdlet that the session did not import but the documentation knows.
fn documented(name: &str) -> Option<Arc<Command>> {
    let command = Command::unimported(name);
    command.cmdlet().is_some().then(|| Arc::new(command))
}

impl State {
    /// Whether a function of this name was registered: those win over cmdlets.
    pub(super) fn is_native(&self, name: &str) -> bool {
        self.native.get().is_some_and(|native| native.contains(name))
    }

    fn dispatcher(&self, name: &str, count: usize) -> Option<u64> {
        let known = self.dispatchers.read().unwrap_or_else(PoisonError::into_inner);
        known.get(name).and_then(|counts| counts.get(count).copied().flatten())
    }

    fn remember_dispatcher(&self, name: String, count: usize, hash: u64) {
        let mut known = self.dispatchers.write().unwrap_or_else(PoisonError::into_inner);
        let counts = known.entry(name).or_default();
        if counts.len() <= count {
            counts.resize(count + 1, None);
        }
        counts[count] = Some(hash);
    }
}
