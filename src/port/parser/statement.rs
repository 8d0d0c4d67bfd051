//! Statements: keywords and what belongs to them.

use super::super::ast::{Expr, ExprKind, FlowKind, Stmt, StmtKind, Variable};
use super::super::lexer::{ends_word, is_blank, is_dash, is_line_end, is_name, starts_name};
use super::{Parser, Result};

impl Parser<'_> {
    /// Whether the word of `length` characters at the cursor stands alone, so that it can be a keyword.
    fn keyword_ends(&self, length: usize) -> bool {
        let c = self.at.peek_at(length);
        !(is_name(c) || is_dash(c) || matches!(c, '.' | '\\' | ':' | '/' | '='))
    }

    pub(super) fn statement(&mut self) -> Result<Stmt> {
        self.nested(Self::statement_inner)
    }

    fn statement_inner(&mut self) -> Result<Stmt> {
        self.at.skip(false);
        let start = self.at.pos;
        if self.at.peek() == ':' && starts_name(self.at.peek_at(1)) {
            self.at.bump();
            let label = self.name_here();
            self.at.skip(true);
            let stmt = Box::new(self.statement()?);
            return Ok(self.stmt(StmtKind::Labelled { label, stmt }, start));
        }
        if self.at.peek() == '['
            && let Some(kind) = self.attempt(Self::attributed_definition)
        {
            return Ok(self.stmt(kind, start));
        }
        if starts_name(self.at.peek()) {
            let word = self.at.word();
            if self.keyword_ends(word.chars().count())
                && let Some(kind) = self.keyword(&word)?
            {
                return Ok(self.stmt(kind, start));
            }
            self.at.pos = start;
        }
        self.pipeline_statement()
    }

    fn stmt(&self, kind: StmtKind, start: usize) -> Stmt {
        Stmt { kind, span: self.span_from(start) }
    }

    pub(super) fn name_here(&mut self) -> String {
        let start = self.at.pos;
        while is_name(self.at.peek()) {
            self.at.bump();
        }
        self.at.text(start, self.at.pos).to_owned()
    }

    /// The statement that `word` begins, or `None` when the word is none of ours.
    fn keyword(&mut self, word: &str) -> Result<Option<StmtKind>> {
        let start = self.at.pos;
        self.at.bump_n(word.chars().count());
        Ok(Some(match word {
            "if" => self.if_statement()?,
            "while" => StmtKind::While { cond: Box::new(self.condition()?), body: self.braces()? },
            "do" => self.do_statement()?,
            "for" => self.for_statement()?,
            "foreach" => {
                self.at.skip(true);
                if self.at.peek() != '(' {
                    return Ok(None);
                }
                self.foreach_statement()?
            }
            "switch" => self.switch_statement()?,
            "function" | "filter" => self.function_statement(word == "filter")?,
            "try" => self.try_statement()?,
            "trap" => {
                self.at.skip(true);
                let type_name = if self.at.peek() == '[' { Some(self.type_literal()?) } else { None };
                StmtKind::Trap { type_name, body: self.braces()? }
            }
            "return" => StmtKind::Flow { kind: FlowKind::Return, value: self.flow_value()? },
            "throw" => StmtKind::Flow { kind: FlowKind::Throw, value: self.flow_value()? },
            "exit" => StmtKind::Flow { kind: FlowKind::Exit, value: self.flow_value()? },
            "break" | "continue" => self.jump(word == "continue")?,
            "class" => return self.class(start),
            "enum" => return self.enumeration(start, false),
            "configuration" => return self.opaque_block(start, "configuration"),
            "data" => return self.opaque_block(start, "data"),
            "dynamicparam" => return self.opaque_block(start, "dynamicparam"),
            "using" => return self.using(start),
            _ => return Ok(None),
        }))
    }

    fn ends_here(&self) -> bool {
        let c = self.at.peek();
        self.at.at_end() || is_line_end(c) || matches!(c, ';' | '}' | ')' | '#')
    }

    fn flow_value(&mut self) -> Result<Option<Box<Stmt>>> {
        self.at.skip(false);
        if self.ends_here() { Ok(None) } else { Ok(Some(Box::new(self.pipeline_statement()?))) }
    }

    fn jump(&mut self, next: bool) -> Result<StmtKind> {
        self.at.skip(false);
        if self.ends_here() {
            return Ok(StmtKind::Jump { next, label: None });
        }
        let start = self.at.pos;
        let label = if starts_name(self.at.peek()) {
            let text = self.name_here();
            self.expr(ExprKind::Str { text, bare: true }, start)
        } else {
            self.argument()?
        };
        Ok(StmtKind::Jump { next, label: Some(label) })
    }

    fn opaque_block(&mut self, start: usize, word: &'static str) -> Result<Option<StmtKind>> {
        self.at.skip(true);
        while !self.at.at_end() && !matches!(self.at.peek(), '{' | ';' | '\n' | '(' | '=' | '|') {
            self.at.bump();
        }
        self.at.skip(true);
        if self.at.peek() != '{' {
            return Ok(None);
        }
        self.skip_braces()?;
        Ok(Some(StmtKind::Opaque { word, text: self.at.text(start, self.at.pos).to_owned() }))
    }

    fn using(&mut self, start: usize) -> Result<Option<StmtKind>> {
        self.at.skip(false);
        if !matches!(self.at.word().as_str(), "namespace" | "module" | "assembly") {
            return Ok(None);
        }
        while !self.at.at_end() && !is_line_end(self.at.peek()) && self.at.peek() != ';' {
            self.at.bump();
        }
        Ok(Some(StmtKind::Opaque { word: "using", text: self.at.text(start, self.at.pos).to_owned() }))
    }

    fn skip_braces(&mut self) -> Result<()> {
        self.need('{', "MissingOpenBrace", "expected '{'")?;
        let mut depth = 1_usize;
        while depth > 0 {
            let c = self.at.peek();
            match c {
                _ if self.at.at_end() => return self.fail("MissingEndCurlyBrace", "the '{' has no '}'"),
                '{' => depth += 1,
                '}' => depth -= 1,
                '#' => self.at.skip(true),
                _ if super::super::lexer::is_double_quote(c) || super::super::lexer::is_single_quote(c) => {
                    self.string()?;
                    continue;
                }
                _ => {}
            }
            if !self.at.at_end() && c == self.at.peek() {
                self.at.bump();
            }
        }
        Ok(())
    }

    /// `( pipeline )` of a condition.
    fn condition(&mut self) -> Result<Stmt> {
        self.at.skip(true);
        self.need('(', "MissingOpenParenthesisAfterKeyword", "expected '(' after the keyword")?;
        self.at.skip(true);
        let cond = self.pipeline_statement()?;
        self.at.skip(true);
        self.need(')', "MissingEndParenthesisAfterStatement", "the '(' of the condition has no ')'")?;
        Ok(cond)
    }

    pub(super) fn braces(&mut self) -> Result<Vec<Stmt>> {
        self.at.skip(true);
        self.need('{', "MissingStatementBlock", "expected '{'")?;
        let body = self.statements('}')?;
        self.need('}', "MissingEndCurlyBrace", "the '{' has no '}'")?;
        Ok(body)
    }

    fn if_statement(&mut self) -> Result<StmtKind> {
        let mut clauses = vec![(self.condition()?, self.braces()?)];
        let mut otherwise = None;
        loop {
            let save = self.at.pos;
            self.at.skip(true);
            match self.at.word().as_str() {
                "elseif" if self.keyword_ends(6) => {
                    self.at.bump_n(6);
                    clauses.push((self.condition()?, self.braces()?));
                }
                "else" if self.keyword_ends(4) => {
                    self.at.bump_n(4);
                    otherwise = Some(self.braces()?);
                    break;
                }
                _ => {
                    self.at.pos = save;
                    break;
                }
            }
        }
        Ok(StmtKind::If { clauses, otherwise })
    }

    fn do_statement(&mut self) -> Result<StmtKind> {
        let body = self.braces()?;
        self.at.skip(true);
        let word = self.at.word();
        if word != "while" && word != "until" {
            return self.fail("MissingWhileOrUntilInDoWhile", "expected 'while' or 'until' after the block of 'do'");
        }
        self.at.bump_n(5);
        Ok(StmtKind::Do { body, cond: Box::new(self.condition()?), until: word == "until" })
    }

    fn for_part(&mut self, end: char) -> Result<Option<Box<Stmt>>> {
        self.at.skip(true);
        if self.at.peek() == end || self.at.peek() == ')' {
            return Ok(None);
        }
        let start = self.at.pos;
        let mut parts = vec![self.pipeline_statement()?];
        self.at.skip(true);
        while self.at.eat(',') {
            self.at.skip(true);
            parts.push(self.pipeline_statement()?);
            self.at.skip(true);
        }
        if parts.len() == 1 {
            return Ok(parts.pop().map(Box::new));
        }
        let kind = ExprKind::Sub(parts);
        let expr = Expr { kind, span: self.span_from(start) };
        let element = super::super::ast::Element::Expression { expr, redirections: Vec::new() };
        Ok(Some(Box::new(self.stmt(StmtKind::Pipeline(vec![element]), start))))
    }

    fn for_statement(&mut self) -> Result<StmtKind> {
        self.at.skip(true);
        self.need('(', "MissingOpenParenthesisAfterKeyword", "expected '(' after 'for'")?;
        let init = self.for_part(';')?;
        self.at.skip(true);
        self.at.eat(';');
        let cond = self.for_part(';')?;
        self.at.skip(true);
        self.at.eat(';');
        let step = self.for_part(')')?;
        self.at.skip(true);
        self.need(')', "MissingEndParenthesisAfterStatement", "the '(' of 'for' has no ')'")?;
        Ok(StmtKind::For { init, cond, step, body: self.braces()? })
    }

    fn foreach_statement(&mut self) -> Result<StmtKind> {
        self.need('(', "MissingOpenParenthesisAfterKeyword", "expected '(' after 'foreach'")?;
        self.at.skip(true);
        if self.at.peek() != '$' {
            return self.fail("MissingVariableNameAfterForeach", "expected a variable after 'foreach ('");
        }
        let var: Variable = self.variable_name()?;
        self.at.skip(true);
        if self.at.word() != "in" {
            return self.fail("MissingInInForeach", "expected 'in' after the variable of 'foreach'");
        }
        self.at.bump_n(2);
        self.at.skip(true);
        let source = Box::new(self.pipeline_statement()?);
        self.at.skip(true);
        self.need(')', "MissingEndParenthesisAfterForeach", "the '(' of 'foreach' has no ')'")?;
        Ok(StmtKind::Foreach { var, source, body: self.braces()? })
    }

    fn switch_statement(&mut self) -> Result<StmtKind> {
        let mut flags = Vec::new();
        let mut subject = None;
        loop {
            self.at.skip(true);
            if !is_dash(self.at.peek()) {
                break;
            }
            self.at.bump();
            let flag = self.name_here().to_lowercase();
            if flag.starts_with('f') {
                self.at.skip(true);
                let start = self.at.pos;
                let expr = self.argument()?;
                let element = super::super::ast::Element::Expression { expr, redirections: Vec::new() };
                subject = Some(self.stmt(StmtKind::Pipeline(vec![element]), start));
            }
            let full = ["regex", "wildcard", "exact", "casesensitive", "file", "parallel"];
            flags.push(full.iter().find(|f| f.starts_with(&flag)).map_or(flag, |f| (*f).to_owned()));
        }
        let subject = match subject {
            Some(subject) => subject,
            None => self.condition()?,
        };
        self.at.skip(true);
        self.need('{', "MissingOpenBraceInSwitch", "expected '{' after the subject of 'switch'")?;
        let (mut clauses, mut default) = (Vec::new(), None);
        loop {
            self.at.skip_separators();
            if self.at.eat('}') {
                break;
            }
            if self.at.at_end() {
                return self.fail("MissingEndCurlyBrace", "the '{' of 'switch' has no '}'");
            }
            if self.at.word() == "default" && self.keyword_ends(7) {
                self.at.bump_n(7);
                default = Some(self.braces()?);
                continue;
            }
            let label = self.switch_label()?;
            clauses.push((label, self.braces()?));
        }
        Ok(StmtKind::Switch { flags, subject: Box::new(subject), clauses, default })
    }

    fn switch_label(&mut self) -> Result<Expr> {
        let c = self.at.peek();
        let bare =
            starts_name(c) || matches!(c, '*' | '?' | '^' | '.' | '\\' | '/') && !self.at.peek_at(1).is_ascii_digit();
        if bare || is_dash(c) && starts_name(self.at.peek_at(1)) { self.argument() } else { self.expression(true) }
    }

    fn function_statement(&mut self, filter: bool) -> Result<StmtKind> {
        self.at.skip(true);
        let start = self.at.pos;
        while !self.at.at_end() && !ends_word(self.at.peek()) {
            self.at.bump();
        }
        let name = self.at.text(start, self.at.pos).to_owned();
        if name.is_empty() {
            return self.fail("MissingNameAfterKeyword", "expected a name after 'function'");
        }
        self.at.skip(true);
        let params = if self.at.eat('(') { Some(self.param_list()?) } else { None };
        self.at.skip(true);
        if self.at.peek() != '{' {
            return self.fail("MissingFunctionBody", "expected '{' after the name of the function");
        }
        let mut body = self.block()?;
        if params.is_some() {
            body.params = params;
        }
        Ok(StmtKind::Function { name, filter, body: Box::new(body) })
    }

    fn try_statement(&mut self) -> Result<StmtKind> {
        let body = self.braces()?;
        let (mut catches, mut finally) = (Vec::new(), None);
        loop {
            let save = self.at.pos;
            self.at.skip(true);
            match self.at.word().as_str() {
                "catch" if self.keyword_ends(5) => {
                    self.at.bump_n(5);
                    let mut types = Vec::new();
                    loop {
                        self.at.skip(true);
                        if self.at.peek() != '[' {
                            break;
                        }
                        types.push(self.type_literal()?);
                        self.at.skip(true);
                        self.at.eat(',');
                    }
                    catches.push((types, self.braces()?));
                }
                "finally" if self.keyword_ends(7) => {
                    self.at.bump_n(7);
                    finally = Some(self.braces()?);
                    break;
                }
                _ => {
                    self.at.pos = save;
                    break;
                }
            }
        }
        if catches.is_empty() && finally.is_none() {
            return self.fail("MissingCatchOrFinally", "the 'try' has neither 'catch' nor 'finally'");
        }
        Ok(StmtKind::Try { body, catches, finally })
    }

    /// After a statement: a line end, `;`, a closing bracket or the end.
    pub(super) fn statement_end(&mut self, stmt: &Stmt) -> Result<()> {
        self.at.skip(false);
        let c = self.at.peek();
        let ended = self.at.at_end() || is_line_end(c) || matches!(c, ';' | '}' | ')');
        if ended || super::ends_with_brace(stmt, self.at.source) || is_blank(c) {
            return Ok(());
        }
        self.fail("UnexpectedToken", "unexpected text after the statement")
    }
}
