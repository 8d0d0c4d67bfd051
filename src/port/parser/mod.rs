//! The parser: PowerShell text to a [`Block`], all errors in one run.
//!
//! Recursive descent over characters, because what a character means depends on the mode (expression or
//! argument). It does not know any command.

mod block;
mod class;
mod command;
mod expression;
mod number;
mod primary;
mod statement;
mod text;

use crate::diagnostic::{Diagnostic, Span};

use super::ast::{Block, Comment, ExprKind, Stmt};
use super::lexer::Cursor;
use super::pasted::blank_surroundings;

/// Why a piece of source is not PowerShell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// PowerShell's own name of the error, `MissingEndCurlyBrace` and the like.
    pub id: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Whether more input could mend it.
    pub incomplete: bool,
    /// Whether the text is a `<placeholder>` that a person is to replace.
    pub placeholder: bool,
}

impl ParseError {
    /// As a diagnostic with a label.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let found = Diagnostic::error("port::parse", format!("{} ({})", self.message, self.id)).at(self.span, "");
        if self.placeholder { found.hint("put a value in place of the text in angle brackets") } else { found }
    }
}

/// A parsed script.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The script's statements, parameters and named blocks.
    pub script: Block,
    /// Its comments in order.
    pub comments: Vec<Comment>,
    /// What is wrong with it, in order of place.
    pub errors: Vec<ParseError>,
}

impl Parsed {
    /// Whether the text ends in the middle of something, so that a prompt should ask for more.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.errors.iter().any(|error| error.incomplete)
    }

    /// The errors that are no placeholders.
    pub fn failures(&self) -> impl Iterator<Item = &ParseError> {
        self.errors.iter().filter(|error| !error.placeholder)
    }
}

/// Parses `source`; what stands around pasted text (prompts, quote marks, numbers of lines, fences) is ignored.
///
/// ```
/// let parsed = exsh::port::parse("PS C:\\> Get-Mailbox -ResultSize 10 | ft Name");
/// assert!(parsed.errors.is_empty());
/// assert!(exsh::port::parse("if ($x) {").is_incomplete());
/// ```
#[must_use]
pub fn parse(source: &str) -> Parsed {
    let source = blank_surroundings(source);
    let mut parser = Parser { at: Cursor::new(&source), errors: Vec::new(), depth: 0 };
    let script = parser.script();
    let mut errors = parser.errors;
    if parser.at.unfinished {
        let end = source.len();
        errors.push(ParseError {
            id: "MissingTerminatorMultiLineComment",
            message: "the comment has no end".to_owned(),
            span: Span::new(end, end),
            incomplete: true,
            placeholder: false,
        });
    }
    duplicate_keys(&script, &mut errors);
    errors.sort_by_key(|error| error.span.start);
    Parsed { script, comments: parser.at.comments, errors }
}

type Result<T> = std::result::Result<T, Box<ParseError>>;

/// How deep rules go into each other.
const DEPTH_MAX: usize = 180;
/// Links of one chain, `a.b.c` and `1 + 2 + 3`: each is a level of the tree, which others walk.
const LINKS_MAX: usize = 1000;

struct Parser<'s> {
    at: Cursor<'s>,
    errors: Vec<ParseError>,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, id: &'static str, message: &str) -> Box<ParseError> {
        let end = self.at.pos + self.at.peek().len_utf8();
        let span = Span::new(self.at.pos, end.min(self.at.source.len()));
        Box::new(ParseError { id, message: message.to_owned(), span, incomplete: self.at.at_end(), placeholder: false })
    }

    fn fail<T>(&self, id: &'static str, message: &str) -> Result<T> {
        Err(self.error(id, message))
    }

    fn need(&mut self, c: char, id: &'static str, message: &str) -> Result<()> {
        if self.at.eat(c) { Ok(()) } else { self.fail(id, message) }
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.at.pos)
    }

    /// Runs `rule` one level deeper; text nested too deeply is an error instead of a stack overflow.
    fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= DEPTH_MAX {
            return self.fail("ScriptTooComplicated", "nested too deeply");
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        result
    }

    /// Counts one more link of a chain.
    fn link(&self, links: &mut usize) -> Result<()> {
        *links += 1;
        if *links > LINKS_MAX { self.fail("ScriptTooComplicated", "too many links in one chain") } else { Ok(()) }
    }

    /// Runs `rule`; when it fails, goes back to where it began.
    fn attempt<T>(&mut self, rule: impl FnOnce(&mut Self) -> Result<T>) -> Option<T> {
        let (pos, errors, comments, depth) = (self.at.pos, self.errors.len(), self.at.comments.len(), self.depth);
        match rule(self) {
            Ok(value) => Some(value),
            Err(_) => {
                self.at.pos = pos;
                self.errors.truncate(errors);
                self.at.comments.truncate(comments);
                self.depth = depth;
                None
            }
        }
    }
}

/// Two equal keys in one hashtable literal keep the whole script from running.
fn duplicate_keys(script: &Block, errors: &mut Vec<ParseError>) {
    super::ast_walk::each_expression(script, &mut |expr| {
        let ExprKind::Hash(entries) = &expr.kind else { return };
        let mut seen: Vec<String> = Vec::new();
        for (key, _) in entries {
            let text = match &key.kind {
                ExprKind::Str { text, .. } => text.to_lowercase(),
                ExprKind::Number(_, raw) => raw.clone(),
                _ => continue,
            };
            if seen.contains(&text) {
                errors.push(ParseError {
                    id: "DuplicateKeyInHashLiteral",
                    message: format!("the key '{text}' occurs twice in one hashtable"),
                    span: key.span,
                    incomplete: false,
                    placeholder: false,
                });
            }
            seen.push(text);
        }
    });
}

/// Whether a statement ends with a closing brace, after which no separator is needed.
fn ends_with_brace(stmt: &Stmt, source: &str) -> bool {
    source.get(..stmt.span.end).is_some_and(|text| text.trim_end().ends_with('}'))
}
