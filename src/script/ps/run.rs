//! Running a PowerShell script: parse, lower, compile, run, and how it ended.
//!
//! What the statements do is in the files around.

use std::sync::Arc;

use super::console::{Place, Reported};
use super::engine::{build, from_rhai, run_ast};
use super::fault::Fault;
use super::options::RunOptions;
use super::pipe::Sink;
use super::state::{Cx, Rt};
use super::value::{V, lock};
use crate::diagnostic::Diagnostic;
use crate::port::ast::ExprKind;
use crate::port::ast_walk::{Node, walk_block};

/// How a script ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// At its end.
    Ok,
    /// By `exit`, with this code.
    Exit(i32),
    /// By an error that nothing caught.
    Error {
        /// What it says.
        message: String,
        /// Its id.
        id: String,
        /// Its category.
        category: String,
    },
    /// By the host: interrupt or time limit.
    Stopped(String),
}

/// What a run gave beside its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub ended: Ended,
}

impl Outcome {
    /// The exit code of the process.
    #[must_use]
    pub fn exit_code(&self) -> i32 {
        match self.ended {
            Ended::Ok => 0,
            Ended::Exit(code) => code,
            Ended::Error { .. } | Ended::Stopped(_) => 1,
        }
    }
}

/// Shows what reaches the end of the script.
struct Screen;

impl Sink for Screen {
    fn push(&self, cx: Cx<'_>, value: V) -> super::fault::Res<()> {
        for item in value.unrolled() {
            let text = cx.rt.display.push(&super::member::settled(cx, &item));
            if !text.is_empty() {
                cx.rt.options.console.out(&text);
            }
        }
        Ok(())
    }
}

/// Runs PowerShell text.
#[must_use]
pub fn run_source(source: &str, options: RunOptions) -> Outcome {
    let parsed = crate::port::parse(source);
    if let Some(error) = parsed.errors.first() {
        let found: Vec<Diagnostic> = parsed.errors.iter().map(crate::port::ParseError::diagnostic).collect();
        options.console.error(&Reported {
            message: &error.message,
            id: error.id,
            category: "ParserError",
            script: &options.script_name(),
            place: Some(Place::Source { found: &found, source }),
        });
        return Outcome {
            ended: Ended::Error {
                message: error.message.clone(),
                id: error.id.to_owned(),
                category: "ParserError".to_owned(),
            },
        };
    }
    let lowered = crate::port::lower::lower(source, &parsed);
    if let Some(exchange) = &options.exchange {
        exchange.expect(&called(&parsed));
    }
    let rt = Arc::new(Rt::new(options));
    *lock(&rt.source) = source.lines().map(str::to_owned).collect();
    let engine = match build(&rt) {
        Ok(engine) => engine,
        Err(error) => return internal(error),
    };
    let ast = match engine.compile(&lowered.text) {
        Ok(ast) => Arc::new(ast),
        Err(error) => return internal(format!("{error}\n{}", lowered.text)),
    };
    to_the_end(&rt, || run_ast(&rt, &engine, &ast).map(drop).map_err(from_rhai))
}

/// Runs a script's code with its output on the console, and says how it ended.
pub(super) fn to_the_end(rt: &Arc<Rt>, code: impl FnOnce() -> Result<(), Box<Fault>>) -> Outcome {
    super::declared::enter(&rt.declared);
    lock(&rt.sinks).push(Arc::new(Screen));
    let result = code();
    let outcome = concluded(rt, result);
    super::builtin::end_transcript(rt);
    if let super::engine::Exact::Beside(engine) = &mut *lock(&rt.exact) {
        *engine = None; // which holds the state itself
    }
    outcome
}

/// Shows what is held back, or the error that ended the script.
fn concluded(rt: &Arc<Rt>, result: Result<(), Box<Fault>>) -> Outcome {
    let ended = match result {
        Ok(()) => Ended::Ok,
        Err(fault) => match *fault {
            Fault::Error(record, _) => {
                super::trace::locate(rt, &record);
                rt.remember_error(&record);
                super::errors::report(rt, &record);
                let (message, id, category) = super::fault::summary(&record);
                return Outcome { ended: Ended::Error { message, id, category } };
            }
            Fault::Exit(code) => return Outcome { ended: Ended::Exit(code) },
            Fault::Stopped(reason) => return Outcome { ended: Ended::Stopped(reason) },
            Fault::Jump { .. } => return Outcome { ended: Ended::Ok },
            Fault::Return | Fault::Enough(_) => Ended::Ok,
        },
    };
    let rest = rt.display.end();
    if !rest.is_empty() {
        rt.options.console.out(&rest);
    }
    Outcome { ended }
}

/// The names of the commands that a script calls, those of Exchange among them.
pub(super) fn called(parsed: &crate::port::Parsed) -> Vec<String> {
    commands(parsed).into_iter().filter(|name| super::builtin::find(name).is_none()).collect()
}

/// The names of all commands in a text.
pub(super) fn commands(parsed: &crate::port::Parsed) -> Vec<String> {
    let mut names = std::collections::BTreeSet::new();
    walk_block(&parsed.script, &mut |node| {
        if let Node::Command(command) = node
            && let ExprKind::Str { text: name, .. } = &command.name.kind
        {
            names.insert(name.clone());
        }
        true
    });
    names.into_iter().collect()
}

pub(super) fn internal(message: String) -> Outcome {
    Outcome { ended: Ended::Error { message, id: "InternalError".to_owned(), category: "NotSpecified".to_owned() } }
}
