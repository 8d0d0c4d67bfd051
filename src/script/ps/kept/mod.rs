//! Running kept text: Rhai scripts that `exsh port` wrote, and scripts by hand that `import "powershell"`.
//!
//! The runtime is the one that `.ps1` files run on; here it gets names that people read and write. What the names
//! are is in `words`, what `object { … }` and `guard { … }` mean in `syntax`, how a call finds its command in
//! `calls`, how properties and methods of any value are found in `members`,
//! what an input of the prompt keeps for the next in `line`, and how an error ends a statement but
//! not the script in `steps`.

mod calls;
mod line;
mod members;
mod sites;
mod steps;
mod syntax;
mod words;

use std::sync::Arc;

use rhai::module_resolvers::StaticModuleResolver;
use rhai::{AST, Engine, Module, ParseError};

use super::engine::{Exact, from_rhai};
use super::options::RunOptions;
use super::run::Outcome;
use super::state::Rt;
use super::value::{V, lock};

pub(super) use line::Lines;
pub use line::{is_kept, read};
pub use words::WORDS;

/// Deepest nesting of calls.
const CALL_LEVELS_MAX: usize = 128;
/// Deepest nesting of expressions; reports have long chains.
const EXPRESSION_DEPTH_MAX: usize = 512;

/// What takes the errors of the statements of a function, or of the script.
#[derive(Debug, Clone)]
pub(super) struct Handler {
    /// How many functions were under way when it was made: the errors of this one are its errors.
    depth: usize,
    /// How many `try` were under way: one that begins later is closer to its errors.
    tries: usize,
    /// The types of error; none means all.
    types: Vec<String>,
    /// What is done with an error.
    work: V,
}

/// Compiles as a run would, with every variable declared.
///
/// # Errors
/// What is wrong, with its place.
pub fn check(text: &str) -> Result<(), String> {
    checker(true).and_then(|engine| engine.compile(text)).map(drop).map_err(|error| error.to_string())
}

/// An engine that only compiles; a strict one knows which variables and types there are.
fn checker(strict: bool) -> Result<Engine, ParseError> {
    let mut engine = Engine::new_raw();
    limits(&mut engine);
    if strict {
        engine.set_strict_variables(true);
        for (name, _) in crate::port::STATIC_TYPES {
            engine.register_static_module(*name, Module::new().into());
        }
    }
    syntax::register(&mut engine, None, steps::Wrapper::default())?;
    Ok(engine)
}

/// Whether a script asks for PowerShell's rules.
#[must_use]
pub fn wants(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| line.starts_with("import \"powershell\""))
}

/// Runs kept text.
///
/// # Errors
/// What is wrong with the text; what fails while it runs is in the outcome.
pub fn run_kept(text: &str, options: RunOptions) -> Result<Outcome, Box<rhai::EvalAltResult>> {
    if let Some(exchange) = options.exchange.clone() {
        let names = called(text);
        exchange.expect(&names);
    }
    let rt = Arc::new(Rt::new(options));
    let mut engine = Engine::new();
    super::engine::watch(&mut engine, &rt);
    let ast = prepare(&mut engine, &rt, text)?;
    *lock(&rt.source) = text.lines().map(str::to_owned).collect();
    Ok(super::run::to_the_end(&rt, || {
        engine.eval_ast::<rhai::Dynamic>(&ast).map(drop).map_err(|error| {
            // `throw` is Rhai's own
            if let Some(line) = error.unwrap_inner().position().line().and_then(|line| i64::try_from(line).ok()) {
                *lock(&rt.line) = line;
            }
            from_rhai(error)
        })
    }))
}

/// The names of the cmdlets that a text may call.
pub(super) fn called(text: &str) -> Vec<String> {
    let catalog = crate::catalog::Catalog::built_in();
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| word.contains('_'));
    let names: std::collections::BTreeSet<String> =
        words.filter_map(|word| catalog.find(word)).map(|cmdlet| cmdlet.name.to_string()).collect();
    names.into_iter().collect()
}

fn limits(engine: &mut Engine) {
    engine.set_max_call_levels(CALL_LEVELS_MAX);
    engine.set_max_expr_depths(EXPRESSION_DEPTH_MAX, EXPRESSION_DEPTH_MAX);
    // what the optimizer folds away would have been a statement
    engine.set_optimization_level(rhai::OptimizationLevel::None);
    let mut resolver = StaticModuleResolver::new();
    resolver.insert("powershell", Module::new());
    engine.set_module_resolver(resolver);
}

/// Teaches the engine all that a text uses, and compiles it.
fn prepare(engine: &mut Engine, rt: &Arc<Rt>, text: &str) -> Result<AST, ParseError> {
    limits(engine);
    *lock(&rt.exact) = Exact::Beside(None);
    checker(true)?.compile(text)?;
    let read = read(text)?;
    let functions = read.iter_functions().map(|function| (function.name.to_owned(), function.params.len())).collect();
    let wrapper = steps::Wrapper::of(text, functions);
    syntax::register(engine, Some(rt), wrapper.clone())?;
    let ast = engine.compile(marked(text, &read))?;
    let found = sites::Sites::of(&ast);
    words::register(engine, rt);
    members::register(engine, rt, &found);
    calls::register(engine, rt, &found);
    *lock(&rt.parameters) = found.parameters;
    Ok(wrapper.script(&ast))
}

/// The id of an error, with the function that it is about.
fn in_function(rt: &Rt, id: &str) -> String {
    let name = lock(&rt.functions).last().cloned().unwrap_or_default();
    if name.is_empty() {
        return id.to_owned();
    }
    // `set_large_quota` was Set-LargeQuota
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    match name.split_once('_') {
        Some((verb, noun)) => format!("{id},{}-{}", capital(verb), noun.split('_').map(capital).collect::<String>()),
        None => format!("{id},{name}"),
    }
}

/// The text with the bodies of its functions and closures marked; lines stay where they are.
#[allow(deprecated, reason = "the syntax tree is volatile, says Rhai, not deprecated; its version is pinned")]
fn marked(text: &str, ast: &AST) -> String {
    let mut starts = vec![0];
    starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    let place = |position: rhai::Position| {
        let line = *starts.get(position.line()?.checked_sub(1)?)?;
        let column = position.position()?.checked_sub(1)?;
        text.get(line..)?.char_indices().nth(column).map(|(at, _)| line + at)
    };
    let mut marks: Vec<(usize, String)> = Vec::new();
    for function in ast.iter_fn_def() {
        let is_closure = function.name.starts_with("anon$");
        let word = syntax::BODIES[usize::from(is_closure)];
        let name = if is_closure { "" } else { function.name.as_str() };
        if let (Some(from), Some(to)) = (place(function.body.start_position()), place(function.body.end_position()))
            && text.get(from..).is_some_and(|rest| rest.starts_with('{'))
            && text.get(to..).is_some_and(|rest| rest.starts_with('}'))
        {
            marks.push((from + 1, format!(" {word} \"{name}\" {{")));
            marks.push((to, "} ".to_owned()));
        }
    }
    marks.sort();
    marks.dedup();
    let mut out = String::with_capacity(text.len() + marks.len() * 12);
    let mut done = 0;
    for (at, mark) in marks {
        out.push_str(text.get(done..at).unwrap_or_default());
        out.push_str(&mark);
        done = at;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}
