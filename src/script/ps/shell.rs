//! PowerShell at a prompt: one runtime that outlives its lines, and variables that Rhai lines see as well.
//!
//! Which lines are PowerShell is decided here from their text; showing and asking is the prompt's business.

use std::collections::HashMap;
use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, Scope};

use super::engine::{build, from_rhai, run_ast};
use super::options::RunOptions;
use super::run::{Outcome, called, internal, to_the_end};
use super::state::Rt;
use super::value::{V, lock};
use crate::catalog::Catalog;
use crate::port::ast_walk::each_expression;
use crate::port::{Parsed, parse};
use crate::script::session::Session;
use crate::script::value::{from_dynamic, to_dynamic};
use crate::secret::ExposeSecret as _;

/// What a line of a prompt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recognised {
    /// No PowerShell.
    No,
    /// The beginning of PowerShell.
    Incomplete,
    /// PowerShell.
    Yes,
}

/// Whether text that Rhai does not take is PowerShell: it parses, and what it says belongs there.
///
/// `knows` answers for commands beside the built-in and documented ones.
#[must_use]
pub fn recognise(text: &str, knows: &dyn Fn(&str) -> bool) -> Recognised {
    let parsed = parse(text);
    // What is unfinished may have no tree yet; a variable or the first word gives it away.
    let has_variable = text
        .match_indices('$')
        .any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '{' | '(')));
    let first = text.split_whitespace().next().unwrap_or_default();
    let begins_with_command = || first.contains('-') && (is_command(first) || knows(first));
    if parsed.is_incomplete() && (has_variable || begins_with_command()) {
        return Recognised::Incomplete;
    }
    if !belongs(&parsed, knows) {
        return Recognised::No;
    }
    match (parsed.errors.is_empty(), parsed.is_incomplete()) {
        (true, _) => Recognised::Yes,
        (false, true) => Recognised::Incomplete,
        _ => Recognised::No,
    }
}

/// Whether a command is one of PowerShell or of the catalogue.
#[must_use]
pub fn is_command(name: &str) -> bool {
    let alias = super::builtin::ALIASES.iter().any(|(alias, ..)| alias.eq_ignore_ascii_case(name));
    alias
        || super::builtin::find(name).is_some()
        || super::builtin::find_late(name).is_some()
        || name.contains('-')
            && Catalog::built_in().find(name).is_some_and(|found| found.name.eq_ignore_ascii_case(name))
}

/// Names of the built-in commands, for completion.
pub fn command_names() -> impl Iterator<Item = &'static str> {
    super::builtin::all_commands().map(|command| command.name)
}

/// Parameters of a built-in command, for completion; true for switches.
#[must_use]
pub fn parameters_of(command: &str) -> Vec<(String, bool)> {
    let full = super::builtin::ALIASES
        .iter()
        .find(|(alias, ..)| alias.eq_ignore_ascii_case(command))
        .map_or(command, |(_, full, _)| *full);
    super::builtin::find(full)
        .map(|found| super::bind::ParamSpec::notation(found.params))
        .unwrap_or_default()
        .into_iter()
        .map(|spec| (spec.name, spec.switch))
        .collect()
}

/// Variables, or commands that somebody knows, or statements of PowerShell.
fn belongs(parsed: &Parsed, knows: &dyn Fn(&str) -> bool) -> bool {
    let mut variables = false;
    each_expression(&parsed.script, &mut |expr| {
        variables |= matches!(expr.kind, crate::port::ast::ExprKind::Variable(_));
    });
    let commands = super::run::commands(parsed);
    variables || (!commands.is_empty() && commands.iter().all(|name| is_command(name) || knows(name)))
}

/// PowerShell's memory at a prompt.
pub(in crate::script) struct Shell {
    rt: Arc<Rt>,
    engine: Engine,
    /// Names that were there from the start.
    own: Vec<String>,
    /// What was handed to Rhai: by name, how it looked there.
    handed: HashMap<String, String>,
    /// What ported text leaves for the next.
    kept: super::kept::Lines,
}

impl Shell {
    pub(in crate::script) fn new(options: RunOptions) -> Result<Self, String> {
        let rt = Arc::new(Rt::new(options));
        let engine = build(&rt)?;
        let own = lock(&rt.frames).first().map(|frame| frame.vars.keys().cloned().collect()).unwrap_or_default();
        Ok(Self { rt, engine, own, handed: HashMap::new(), kept: super::kept::Lines::default() })
    }

    /// Whether the script of earlier lines defined a function of this name.
    pub(in crate::script) fn has_function(&self, name: &str) -> bool {
        self.rt.function(name).is_some()
    }

    /// Runs one input with the variables of `scope`, and leaves its own there.
    pub(in crate::script) fn run(&mut self, source: &str, scope: &mut Scope<'static>, sessions: &[Session]) -> Outcome {
        let parsed = parse(source);
        let lowered = crate::port::lower::lower(source, &parsed);
        if let Some(exchange) = &self.rt.options.exchange {
            exchange.expect(&called(&parsed));
            let _ = self.rt.display.learn(exchange.as_ref());
        }
        self.take(scope);
        let ast = match self.engine.compile(&lowered.text) {
            Ok(ast) => Arc::new(ast),
            Err(error) => return internal(error.to_string()),
        };
        let outcome = to_the_end(&self.rt, || run_ast(&self.rt, &self.engine, &ast).map(drop).map_err(from_rhai));
        // Functions of this input are code of its text, which must stay.
        lock(&self.rt.texts).clear();
        self.settle(scope, sessions);
        outcome
    }

    /// Runs one input of ported text with the variables of `scope`, and leaves its own there.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(in crate::script) fn run_kept(
        &mut self,
        text: &str,
        scope: &mut Scope<'static>,
        sessions: &[Session],
    ) -> Result<Outcome, Box<EvalAltResult>> {
        if let Some(exchange) = &self.rt.options.exchange {
            exchange.expect(&super::kept::called(text));
            let _ = self.rt.display.learn(exchange.as_ref());
        }
        self.take(scope);
        let mut own = Scope::new();
        for (name, value) in self.variables() {
            own.push_dynamic(name, super::engine::to_dynamic(value));
        }
        let outcome = self.kept.run(&self.rt, text, &mut own)?;
        for (name, _, value) in own.iter_raw() {
            let value = value.flatten_clone();
            self.rt.set_global(name, super::engine::from_dynamic(&value));
        }
        self.settle(scope, sessions);
        Ok(outcome)
    }

    /// After an input, however it ended.
    fn settle(&mut self, scope: &mut Scope<'static>, sessions: &[Session]) {
        lock(&self.rt.sinks).clear();
        *lock(&self.rt.tries) = 0;
        self.give(scope, sessions);
    }

    /// The variables of the inputs so far.
    fn variables(&self) -> Vec<(String, V)> {
        let frames = lock(&self.rt.frames);
        let Some(frame) = frames.first() else { return Vec::new() };
        let shared = frame.vars.iter().filter(|(key, _)| !self.own.contains(key) && key.as_str() != "_");
        shared.map(|(_, var)| (var.name.clone(), var.value.clone())).filter(|(name, _)| is_identifier(name)).collect()
    }

    /// Variables of Rhai lines that are new or changed since they were handed over.
    fn take(&mut self, scope: &Scope<'static>) {
        for (name, _, value) in scope.iter_raw() {
            let looks = format!("{value:?}");
            if self.handed.get(name) == Some(&looks) {
                continue;
            }
            if let Some(value) = live(value) {
                self.rt.set_global(name, value);
                self.handed.insert(name.to_owned(), looks);
            }
        }
    }

    fn give(&mut self, scope: &mut Scope<'static>, sessions: &[Session]) {
        for (name, value) in self.variables() {
            if matches!(value, V::Block(_) | V::Pipe(_)) {
                continue;
            }
            let known =
                scope.iter_raw().map(|(known, ..)| known.to_owned()).find(|known| known.eq_ignore_ascii_case(&name));
            let name = known.unwrap_or(name);
            let value = plain(&value, sessions);
            self.handed.insert(name.clone(), format!("{value:?}"));
            scope.set_value(name, value);
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A value of a Rhai line as PowerShell lines see it.
fn live(value: &Dynamic) -> Option<V> {
    if let Some(session) = value.read_lock::<Session>() {
        return Some(super::sessions::object(&session.remote().info()));
    }
    if let Some(credential) = value.read_lock::<crate::secret::Credential>() {
        let password = V::Obj(super::builtin::secure(credential.password().expose_secret()));
        return Some(super::dotnet::make::credential(credential.user_name(), password));
    }
    if value.is_fnptr() {
        return None;
    }
    Some(super::wire::from_wire(&from_dynamic(value).ok()?))
}

/// A value of PowerShell lines as Rhai lines see it.
fn plain(value: &V, sessions: &[Session]) -> Dynamic {
    if let V::Obj(object) = value {
        if object.is("System.Management.Automation.Runspaces.PSSession")
            && let Some(id) = super::sessions::number_of(value)
            && let Some(session) = sessions.iter().find(|session| session.remote().info().id == id)
        {
            return Dynamic::from(session.clone());
        }
        if let Some(credential) = super::sessions::credential_of(value) {
            return Dynamic::from(credential);
        }
    }
    to_dynamic(&super::text::to_wire(value))
}
