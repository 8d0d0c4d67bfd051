//! Ported text at a prompt: one input after the other, on one runtime, with the functions of the inputs before.
//!
//! The variables are handed in and out by `shell`.

use std::collections::HashSet;
use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, EvalAltResult, ParseError, Scope, Token};

use super::super::engine::{Exact, from_dynamic, from_rhai};
use super::super::run::{Outcome, internal, to_the_end};
use super::super::state::Rt;
use super::super::value::{V, lock};
use super::sites::Sites;
use super::{calls, checker, limits, marked, members, steps, syntax, words};
use crate::port::{builtin, kept_name};

/// Places in a text have lines of 16 bits.
const LINES_MAX: usize = 60_000;

/// Whether a text is ported text though nothing in it says so: it compiles so, and nothing else knows what it calls.
///
/// `can_call` answers for the functions that other texts of the prompt may call.
#[must_use]
pub fn is_kept(text: &str, compiles_plainly: bool, can_call: &dyn Fn(&str) -> bool) -> bool {
    if super::wants(text) {
        return true;
    }
    let Ok(ast) = read(text) else { return false };
    if !compiles_plainly {
        return true;
    }
    let sites = Sites::of(&ast);
    let is_own = |name: &String| sites.parameters.contains_key(name);
    let with_other_meaning =
        sites.calls.iter().any(|(name, _)| OTHER_MEANING.contains(&name.as_str()) && !is_own(name));
    with_other_meaning
        || sites.calls.iter().chain(&sites.methods).any(|(name, count)| {
            let is_new = !is_own(name) && !can_call(name);
            is_new
                && (words::is_word(name, *count) || builtin::COMMANDS.iter().any(|(full, _)| kept_name(full) == *name))
        })
}

/// Functions of ported text that plain text only calls as methods, of values of its own.
const OTHER_MEANING: &[&str] = &["add", "format"];

/// Reads ported text; its variables may come from elsewhere.
///
/// # Errors
/// What is wrong, with its place.
pub fn read(text: &str) -> Result<AST, ParseError> {
    checker(false)?.compile(text)
}

/// The memory of ported text at a prompt, beside the variables.
#[derive(Default)]
pub(in crate::script::ps) struct Lines {
    functions: AST,
    names: HashSet<(String, usize)>,
    sites: Sites,
    /// Lines of the inputs so far: each begins where the one before ended, so that places differ.
    count: usize,
}

impl Lines {
    /// Runs one input with the variables in `scope`; its value is shown unless a semicolon is behind it.
    ///
    /// # Errors
    /// What is wrong with the text; what fails while it runs is in the outcome.
    pub(in crate::script::ps) fn run(
        &mut self,
        rt: &Arc<Rt>,
        text: &str,
        scope: &mut Scope<'static>,
    ) -> Result<Outcome, Box<EvalAltResult>> {
        let strict = checker(true)?;
        strict.compile_with_scope(scope, text)?;
        let mut engine = Engine::new();
        super::super::engine::watch(&mut engine, rt);
        let ast = match self.prepare(&mut engine, rt, text) {
            Ok(ast) => ast,
            Err(message) => return Ok(internal(message)),
        };
        let is_quiet = ends_in_semicolon(&engine, text);
        Ok(to_the_end(rt, || {
            let value = engine.eval_ast_with_scope::<Dynamic>(scope, &ast).map_err(from_rhai)?;
            if !is_quiet {
                show(rt, &from_dynamic(&value));
            }
            Ok(())
        }))
    }

    fn prepare(&mut self, engine: &mut Engine, rt: &Arc<Rt>, text: &str) -> Result<AST, String> {
        if self.count > LINES_MAX {
            self.count = 0;
        }
        let placed = format!("{}{text}", "\n".repeat(self.count));
        self.count += text.lines().count() + 1;
        limits(engine);
        *lock(&rt.exact) = Exact::Beside(None);
        lock(&rt.handlers).clear();
        let read = read(&placed).map_err(|error| error.to_string())?;
        self.names.extend(read.iter_functions().map(|function| (function.name.to_owned(), function.params.len())));
        let wrapper = steps::Wrapper::of(text, self.names.clone());
        syntax::register(engine, Some(rt), wrapper.clone()).map_err(|error| error.to_string())?;
        let ast = engine.compile(marked(&placed, &read)).map_err(|error| error.to_string())?;
        self.sites.add(Sites::of(&ast));
        words::register(engine, rt);
        members::register(engine, rt, &self.sites);
        calls::register(engine, rt, &self.sites);
        lock(&rt.parameters).clone_from(&self.sites.parameters);
        let whole = self.functions.merge(&wrapper.script(&ast));
        self.functions = whole.clone_functions_only();
        Ok(whole)
    }
}

/// Shows the value of an input.
fn show(rt: &Arc<Rt>, value: &V) {
    if matches!(value, V::Null | V::Nothing | V::Block(_)) {
        return;
    }
    for item in value.clone().unrolled() {
        let text = rt.display.push(&item);
        if !text.is_empty() {
            rt.options.console.out(&text);
        }
    }
}

#[allow(deprecated, reason = "the tokenizer is volatile, says Rhai; its version is pinned")]
fn ends_in_semicolon(engine: &Engine, text: &str) -> bool {
    let (tokens, _) = engine.lex([&text]);
    let last = tokens.map(|(token, _)| token).take_while(|token| *token != Token::EOF).last();
    last == Some(Token::SemiColon)
}
