//! Lowering: the tree of a PowerShell script to the text of a Rhai script that runs on `script::ps`.
//!
//! Every statement becomes a `step`, so that an error is reported and the next statement runs; variables are looked up
//! by PowerShell's scoping. Comments do not come along: this text is run, not kept.

mod class;
mod command;
mod expression;
mod function;
mod statement;
mod text;

pub use text::quoted;

use crate::diagnostic::{Diagnostic, Span};

use super::ast::Block;
use super::parser::Parsed;

/// What lowering gives.
#[derive(Debug, Clone, Default)]
pub struct Lowered {
    /// The Rhai text.
    pub text: String,
    /// What could not be carried over, or wants a person's eye.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lowers a parsed script.
#[must_use]
pub fn lower(source: &str, parsed: &Parsed) -> Lowered {
    let mut lowerer = Lowerer::new(source);
    lowerer.script(&parsed.script);
    Lowered { text: lowerer.out, diagnostics: lowerer.diagnostics }
}

/// Lowers a script to an expression that gives it as a script block.
#[must_use]
pub fn lower_block(source: &str, parsed: &Parsed) -> Lowered {
    let mut lowerer = Lowerer::new(source);
    let text = lowerer.block_value(&parsed.script, source.trim());
    Lowered { text, diagnostics: lowerer.diagnostics }
}

/// A `trap`: the type of error that it takes, and its body.
type Trap = (Option<String>, Vec<super::ast::Stmt>);

struct Lowerer<'s> {
    source: &'s str,
    out: String,
    indent: usize,
    names: usize,
    loops: usize,
    traps: Vec<Vec<Trap>>,
    /// Whether `return` gives the value of a method instead of output.
    in_method: bool,
    diagnostics: Vec<Diagnostic>,
    line_starts: Vec<usize>,
}

impl<'s> Lowerer<'s> {
    fn new(source: &'s str) -> Self {
        let line_starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self {
            source,
            out: String::new(),
            indent: 0,
            names: 0,
            loops: 0,
            traps: Vec::new(),
            in_method: false,
            diagnostics: Vec::new(),
            line_starts,
        }
    }

    fn script(&mut self, block: &Block) {
        let plain = block.params.is_none() && block.begin.is_none() && block.process.is_none() && block.end.is_none();
        let plain = plain && block.clean.is_none();
        if plain {
            self.body(&block.body);
        } else {
            let value = self.block_value(block, self.source.trim());
            self.line(&format!("run_script({value});"));
        }
    }

    fn line_of(&self, span: Span) -> usize {
        self.line_starts.partition_point(|start| *start <= span.start)
    }

    fn source_of(&self, span: Span) -> &'s str {
        self.source.get(span.start..span.end).unwrap_or_default()
    }

    fn line(&mut self, text: &str) {
        for part in text.split('\n') {
            if !part.is_empty() {
                self.out.push_str(&"    ".repeat(self.indent));
                self.out.push_str(part);
            }
            self.out.push('\n');
        }
    }

    fn fresh(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}_{}", self.names)
    }

    /// Writes what `write` writes into a text of its own.
    fn captured(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let outer = std::mem::take(&mut self.out);
        let indent = std::mem::replace(&mut self.indent, 1);
        write(self);
        self.indent = indent;
        std::mem::replace(&mut self.out, outer)
    }

    fn unsupported(&mut self, code: &'static str, what: &str, span: Span) -> String {
        let message = format!("{what} has no counterpart");
        self.diagnostics.push(Diagnostic::warning(code, message).at(span, ""));
        format!("unsupported({}, {})", quoted(code), quoted(self.source_of(span)))
    }
}
