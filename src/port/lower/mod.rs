//! Lowering: the tree of a PowerShell script to the text of a Rhai script that runs on `script::ps`.
//!
//! Two notations come out of one walk: the explicit one that a `.ps1` file is run as (every statement is a `step`,
//! so that errors are reported and the next statement runs), and the readable one that `exsh port` writes.

mod command;
mod expression;
mod function;
mod statement;
mod text;

pub use text::quoted;

use crate::diagnostic::{Diagnostic, Span};

use super::ast::{Block, Comment};
use super::parser::Parsed;

/// Which notation is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notation {
    /// What is run: every statement a `step`, variables looked up by PowerShell's scoping.
    #[default]
    Run,
    /// What is kept: Rhai's own variables, members and operators wherever they mean the same.
    Keep,
}

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
pub fn lower(source: &str, parsed: &Parsed, notation: Notation) -> Lowered {
    let mut lowerer = Lowerer::new(source, &parsed.comments, notation);
    lowerer.script(&parsed.script);
    Lowered { text: lowerer.out, diagnostics: lowerer.diagnostics }
}

/// Lowers a script to an expression that gives it as a script block.
#[must_use]
pub fn lower_block(source: &str, parsed: &Parsed) -> Lowered {
    let mut lowerer = Lowerer::new(source, &[], Notation::Run);
    let text = lowerer.block_value(&parsed.script, source.trim());
    Lowered { text, diagnostics: lowerer.diagnostics }
}

struct Lowerer<'s> {
    source: &'s str,
    comments: &'s [Comment],
    next_comment: usize,
    notation: Notation,
    out: String,
    indent: usize,
    names: usize,
    loops: usize,
    traps: Vec<Vec<super::ast::Stmt>>,
    diagnostics: Vec<Diagnostic>,
    line_starts: Vec<usize>,
}

impl<'s> Lowerer<'s> {
    fn new(source: &'s str, comments: &'s [Comment], notation: Notation) -> Self {
        let line_starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self {
            source,
            comments,
            next_comment: 0,
            notation,
            out: String::new(),
            indent: 0,
            names: 0,
            loops: 0,
            traps: Vec::new(),
            diagnostics: Vec::new(),
            line_starts,
        }
    }

    fn script(&mut self, block: &Block) {
        let plain = block.params.is_none() && block.begin.is_none() && block.process.is_none() && block.end.is_none();
        if plain {
            self.body(&block.body);
        } else {
            let value = self.block_value(block, self.source.trim());
            self.line(&format!("run_script({value});"));
        }
        self.comments_before(usize::MAX);
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

    /// Comments that stand before `offset` and were not written yet.
    fn comments_before(&mut self, offset: usize) {
        if self.notation == Notation::Run {
            return;
        }
        while let Some(comment) = self.comments.get(self.next_comment).filter(|comment| comment.span.start < offset) {
            self.next_comment += 1;
            if comment.block {
                self.line(&format!("/*{}*/", comment.text));
            } else {
                self.line(&format!("//{}", comment.text));
            }
        }
    }

    fn unsupported(&mut self, code: &'static str, what: &str, span: Span) -> String {
        let message = format!("{what} has no counterpart");
        self.diagnostics.push(Diagnostic::warning(code, message).at(span, ""));
        format!("unsupported({}, {})", quoted(code), quoted(self.source_of(span)))
    }
}
