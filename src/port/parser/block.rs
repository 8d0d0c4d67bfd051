//! Blocks: the script itself, `{ … }` with parameters and named blocks, lists of statements, recovery.

use super::super::ast::{Attribute, Block, Expr, ExprKind, Param, Stmt, StmtKind};
use super::super::lexer::{is_double_quote, is_line_end, is_single_quote, starts_name};
use super::{Parser, Result};

impl Parser<'_> {
    /// The whole script; never fails, errors are collected.
    pub(super) fn script(&mut self) -> Block {
        let mut block = Block::default();
        self.usings(&mut block);
        self.block_head(&mut block);
        loop {
            self.depth = 0;
            self.at.skip_separators();
            if self.at.at_end() {
                break;
            }
            let start = self.at.pos;
            if self.at.peek() == '}' || self.at.peek() == ')' {
                let id = if self.at.peek() == '}' { "UnexpectedToken" } else { "UnexpectedCloseParen" };
                let error = self.error(id, "a closing bracket without an opening one");
                self.errors.push(*error);
                self.at.bump();
                continue;
            }
            let result = self.block_item(&mut block);
            if let Err(error) = result {
                self.errors.push(*error);
                self.recover(start);
                let span = self.span_from(start);
                block.body.push(Stmt { kind: StmtKind::Error, span });
            }
        }
        block.span = self.span_from(0);
        block
    }

    /// Goes on at the next line, or past the error when that is further.
    fn recover(&mut self, start: usize) {
        let reached = self.errors.last().map_or(start, |error| error.span.start);
        self.at.pos = self.at.pos.max(reached).max(start);
        if self.at.pos == start {
            self.at.bump();
        }
        while !self.at.at_end() && !is_line_end(self.at.peek()) {
            self.at.bump();
        }
    }

    /// `{ … }` with everything a script block can hold.
    pub(super) fn block(&mut self) -> Result<Block> {
        self.nested(|p| {
            p.at.skip(true);
            let start = p.at.pos;
            p.need('{', "MissingOpenBrace", "expected '{'")?;
            let mut block = Block::default();
            p.block_head(&mut block);
            loop {
                p.at.skip_separators();
                if p.at.at_end() {
                    return p.fail("MissingEndCurlyBrace", "the '{' has no '}'");
                }
                if p.at.eat('}') {
                    break;
                }
                if p.at.peek() == ')' {
                    return p.fail("UnexpectedToken", "unexpected ')'");
                }
                p.block_item(&mut block)?;
            }
            block.span = p.span_from(start);
            Ok(block)
        })
    }

    /// `using namespace …` and the like, which come before everything else.
    fn usings(&mut self, block: &mut Block) {
        loop {
            self.at.skip_separators();
            if self.at.word() != "using" {
                return;
            }
            let found = self.attempt(|p| {
                let stmt = p.statement()?;
                p.statement_end(&stmt)?;
                if matches!(stmt.kind, StmtKind::Opaque { .. }) {
                    Ok(stmt)
                } else {
                    p.fail("UsingMustBeAtStartOfScript", "no using")
                }
            });
            let Some(stmt) = found else { return };
            block.body.push(stmt);
        }
    }

    /// Attributes and `param( )`, if they are there.
    fn block_head(&mut self, block: &mut Block) {
        let found = self.attempt(|p| {
            let mut attributes = Vec::new();
            loop {
                p.at.skip_separators();
                if p.at.peek() != '[' {
                    break;
                }
                attributes.push(p.attribute()?);
            }
            if p.at.word() != "param" {
                return p.fail("NoParamBlock", "no param block");
            }
            p.at.bump_n(5);
            p.at.skip(true);
            if !p.at.eat('(') {
                return p.fail("NoParamBlock", "no param block");
            }
            Ok(attributes)
        });
        let Some(attributes) = found else { return };
        block.attributes = attributes;
        match self.param_list() {
            Ok(params) => block.params = Some(params),
            Err(error) => self.errors.push(*error),
        }
    }

    fn block_item(&mut self, block: &mut Block) -> Result<()> {
        let word = self.at.word();
        if matches!(word.as_str(), "begin" | "process" | "end" | "clean") {
            let save = self.at.pos;
            self.at.bump_n(word.len());
            self.at.skip(true);
            if self.at.peek() == '{' {
                let body = Some(self.braces()?);
                match word.as_str() {
                    "begin" => block.begin = body,
                    "process" => block.process = body,
                    "clean" => block.clean = body,
                    _ => block.end = body,
                }
                return Ok(());
            }
            self.at.pos = save;
        }
        let stmt = self.statement()?;
        self.statement_end(&stmt)?;
        block.body.push(stmt);
        Ok(())
    }

    /// Statements up to (not including) `close`.
    pub(super) fn statements(&mut self, close: char) -> Result<Vec<Stmt>> {
        self.nested(|p| {
            let mut found = Vec::new();
            loop {
                p.at.skip_separators();
                let c = p.at.peek();
                if p.at.at_end() {
                    let (id, text) = match close {
                        '}' => ("MissingEndCurlyBrace", "the '{' has no '}'"),
                        _ => ("MissingEndParenthesisInSubexpression", "the '(' has no ')'"),
                    };
                    return p.fail(id, text);
                }
                if c == close {
                    return Ok(found);
                }
                if c == '}' || c == ')' {
                    return p.fail("UnexpectedToken", "unexpected closing bracket");
                }
                let stmt = p.statement()?;
                p.statement_end(&stmt)?;
                found.push(stmt);
            }
        })
    }

    /// `[Name]` or `[Name(arguments)]`.
    pub(super) fn attribute(&mut self) -> Result<Attribute> {
        let start = self.at.pos;
        if let Some(name) = self.attempt(Self::type_literal) {
            return Ok(Attribute { name, args: None, named: Vec::new(), span: self.span_from(start) });
        }
        self.need('[', "MissingTypename", "expected '['")?;
        self.at.skip(true);
        let name_start = self.at.pos;
        while super::super::lexer::is_name(self.at.peek()) || self.at.peek() == '.' {
            self.at.bump();
        }
        let name = self.at.text(name_start, self.at.pos).to_owned();
        self.at.skip(true);
        self.need('(', "EndSquareBracketExpectedAtEndOfAttribute", "expected ']' at the end of the attribute")?;
        let (mut args, mut named) = (Vec::new(), Vec::new());
        loop {
            self.at.skip(true);
            if self.at.eat(')') {
                break;
            }
            match self.attribute_argument()? {
                (Some(name), value) => named.push((name, value)),
                (None, Some(value)) => args.push(value),
                (None, None) => {}
            }
            self.at.skip(true);
            if !self.at.eat(',') && self.at.peek() != ')' {
                return self.fail("MissingEndParenthesisInExpression", "the '(' of the attribute has no ')'");
            }
        }
        self.at.skip(true);
        self.need(']', "EndSquareBracketExpectedAtEndOfAttribute", "expected ']' at the end of the attribute")?;
        Ok(Attribute { name, args: Some(args), named, span: self.span_from(start) })
    }

    fn attribute_argument(&mut self) -> Result<(Option<String>, Option<Expr>)> {
        if starts_name(self.at.peek()) {
            let name = self.name_here();
            self.at.skip(true);
            return Ok((Some(name), self.value_after_equals(true)?));
        }
        Ok((None, Some(self.expression(true)?)))
    }

    /// `= value`, if it is there; with `no_comma`, a comma ends the value.
    pub(super) fn value_after_equals(&mut self, no_comma: bool) -> Result<Option<Expr>> {
        if !self.at.eat('=') {
            return Ok(None);
        }
        self.at.skip(true);
        self.expression(no_comma).map(Some)
    }

    /// Parameters after `(`, up to and including `)`.
    pub(super) fn param_list(&mut self) -> Result<Vec<Param>> {
        let mut params = Vec::new();
        loop {
            self.at.skip(true);
            if self.at.eat(')') {
                return Ok(params);
            }
            let start = self.at.pos;
            let mut attributes = Vec::new();
            while self.at.peek() == '[' {
                attributes.push(self.attribute()?);
                self.at.skip(true);
            }
            if self.at.peek() != '$' {
                return self.fail("MissingEndParenthesisInFunctionParameterList", "expected a parameter or ')'");
            }
            let name = self.variable_name()?.name;
            let mut span = self.span_from(start);
            self.at.skip(true);
            let default = self.value_after_equals(true)?;
            span.end = default.as_ref().map_or(span.end, |value| value.span.end);
            params.push(Param { name, attributes, default, span });
            self.at.skip(true);
            if !self.at.eat(',') && self.at.peek() != ')' {
                return self.fail("MissingEndParenthesisInFunctionParameterList", "the list of parameters has no ')'");
            }
        }
    }

    /// `@{ … }` after `@{`.
    pub(super) fn hash(&mut self) -> Result<ExprKind> {
        self.nested(|p| {
            let mut entries = Vec::new();
            loop {
                p.at.skip_separators();
                if p.at.eat('}') {
                    return Ok(ExprKind::Hash(entries));
                }
                if p.at.at_end() {
                    return p.fail("IncompleteHashLiteral", "the '@{' has no '}'");
                }
                let key = p.hash_key()?;
                p.at.skip(true);
                p.need('=', "MissingEqualsInHashLiteral", "expected '=' after the key")?;
                p.at.skip(true);
                if matches!(p.at.peek(), '}' | ';') {
                    return p.fail("MissingStatementInHashLiteral", "expected a value after '='");
                }
                let value = p.statement()?;
                p.at.skip(false);
                if !(is_line_end(p.at.peek()) || matches!(p.at.peek(), ';' | '}') || p.at.at_end()) {
                    return p.fail("MissingEndCurlyBrace", "unexpected text in the hashtable");
                }
                entries.push((key, value));
            }
        })
    }

    fn hash_key(&mut self) -> Result<Expr> {
        let c = self.at.peek();
        if matches!(c, '$' | '(' | '{' | '[' | '@') || is_double_quote(c) || is_single_quote(c) || c.is_ascii_digit() {
            return self.unary(true);
        }
        let start = self.at.pos;
        while !self.at.at_end()
            && !matches!(self.at.peek(), '=' | ';' | '{' | '}' | '(' | ')' | ',' | '|')
            && !self.at.peek().is_whitespace()
        {
            self.at.bump();
        }
        if self.at.pos == start {
            return self.fail("InvalidKeyInHashLiteral", "expected a key");
        }
        let text = self.at.text(start, self.at.pos).to_owned();
        Ok(Expr { kind: ExprKind::Str { text, bare: true }, span: self.span_from(start) })
    }
}
