//! Pipelines and commands: argument mode, redirections, assignment.

use super::super::ast::{Arg, Command, Element, Expr, ExprKind, Invoke, Redirection, Stmt, StmtKind};
use super::super::lexer::{ends_word, is_dash, is_double_quote, is_line_end, is_name, is_single_quote, starts_name};
use super::{ParseError, Parser, Result};

impl Parser<'_> {
    /// A pipeline, an assignment, a chain, or (in parentheses and after `=`) any statement.
    pub(super) fn pipeline_statement(&mut self) -> Result<Stmt> {
        let word = self.at.word();
        let keyword = matches!(word.as_str(), "if" | "switch" | "foreach" | "for" | "while" | "do" | "try");
        if keyword && matches!(self.at.peek_at(word.len()), '(' | '{' | ' ' | '\t' | '\n' | '\r') {
            let start = self.at.pos;
            let stmt = self.statement()?;
            if !matches!(stmt.kind, StmtKind::Pipeline(_)) {
                return Ok(stmt);
            }
            self.at.pos = start;
        }
        let mut left = self.pipeline()?;
        let mut links = 0;
        loop {
            self.link(&mut links)?;
            self.at.skip(false);
            let and = match (self.at.peek(), self.at.peek_at(1)) {
                ('&', '&') => true,
                ('|', '|') => false,
                _ => break,
            };
            self.at.bump_n(2);
            self.at.skip(true);
            let right = Box::new(self.pipeline()?);
            let span = left.span.to(right.span);
            left = Stmt { kind: StmtKind::Chain { left: Box::new(left), and, right }, span };
        }
        if self.at.peek() == '&' {
            self.at.bump();
        }
        Ok(left)
    }

    fn pipeline(&mut self) -> Result<Stmt> {
        let start = self.at.pos;
        let mut elements = Vec::new();
        loop {
            if self.starts_expression() {
                let expr = self.expression(false)?;
                self.at.skip(false);
                if elements.is_empty()
                    && let Some(op) = self.assignment_operator()
                {
                    if !can_be_set(&expr) {
                        return self
                            .fail("InvalidLeftHandSide", "a value stands where a variable, property or item is set");
                    }
                    self.at.bump_n(op.len());
                    self.at.skip(true);
                    if self.at.at_end() || matches!(self.at.peek(), ';' | '}' | ')') {
                        return self.fail("ExpectedValueExpression", "expected a value after the operator");
                    }
                    let value = Box::new(self.statement()?);
                    let kind = StmtKind::Assign { target: expr, op, value };
                    return Ok(Stmt { kind, span: self.span_from(start) });
                }
                let mut redirections = Vec::new();
                while let Some(redirection) = self.redirection()? {
                    redirections.push(redirection);
                    self.at.skip(false);
                }
                elements.push(Element::Expression { expr, redirections });
            } else {
                elements.push(Element::Command(self.command()?));
            }
            let end = self.at.pos;
            self.at.skip(false);
            if is_line_end(self.at.peek()) {
                self.at.skip(true);
            }
            if self.at.peek() == '|' && self.at.peek_at(1) != '|' {
                self.at.bump();
                self.at.skip(true);
                if self.at.at_end() || matches!(self.at.peek(), ')' | '}' | '|' | ';') {
                    return self.fail("EmptyPipeElement", "expected a command after '|'");
                }
                continue;
            }
            self.at.pos = end;
            return Ok(Stmt { kind: StmtKind::Pipeline(elements), span: self.span_from(start) });
        }
    }

    fn assignment_operator(&self) -> Option<&'static str> {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        match c {
            '=' => Some("="),
            '+' if n == '=' => Some("+="),
            '*' if n == '=' => Some("*="),
            '/' if n == '=' => Some("/="),
            '%' if n == '=' => Some("%="),
            '?' if n == '?' && self.at.peek_at(2) == '=' => Some("??="),
            _ if is_dash(c) && n == '=' => Some("-="),
            _ => None,
        }
    }

    fn starts_expression(&mut self) -> bool {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        match c {
            '$' => !n.is_whitespace(), // a lone `$` is a command that nobody has
            '(' | '[' | '{' | '!' | ',' => true,
            '@' => matches!(n, '(' | '{') || is_double_quote(n) || is_single_quote(n) || starts_name(n),
            '+' => n == '+' || n.is_ascii_digit() || matches!(n, '$' | '(' | '.' | ' ' | '\'' | '"'),
            '.' => n.is_ascii_digit(),
            _ if is_double_quote(c) || is_single_quote(c) => true,
            _ if is_dash(c) => {
                if is_dash(n) || n.is_ascii_digit() || matches!(n, '$' | '(' | '.' | '[' | '\'' | '"') {
                    return true;
                }
                if n == ' '
                    && (is_dash(self.at.peek_at(2)) || self.at.peek_at(2).is_ascii_digit() || self.at.peek_at(2) == '$')
                {
                    return true;
                }
                let word: String = self.at.rest().chars().skip(1).take_while(|c| is_name(*c)).collect();
                matches!(
                    word.to_ascii_lowercase().as_str(),
                    "not" | "bnot" | "join" | "split" | "ijoin" | "cjoin" | "isplit" | "csplit"
                )
            }
            _ if c.is_ascii_digit() => {
                let save = self.at.pos;
                let number = self.number().is_some();
                let k = self.at.peek();
                let ends = self.at.at_end()
                    || k.is_whitespace()
                    || is_dash(k)
                    || matches!(
                        k,
                        ')' | '}' | ';' | '|' | ',' | '+' | '*' | '/' | '%' | '.' | '=' | ']' | '<' | '>' | '[' | '#'
                    );
                self.at.pos = save;
                number && ends
            }
            _ => false,
        }
    }

    fn command(&mut self) -> Result<Command> {
        let start = self.at.pos;
        let invoke = self.invoke();
        let c = self.at.peek();
        if self.at.at_end() || is_line_end(c) || matches!(c, ')' | '}' | ';' | '|' | '&' | '>' | '=' | ']') {
            return self.fail("ExpectedExpression", "expected an expression or a command");
        }
        let name = if invoke == Invoke::Plain { self.bare_word()? } else { self.argument_item()? };
        let mut command =
            Command { invoke, name, args: Vec::new(), redirections: Vec::new(), span: self.span_from(start) };
        loop {
            let before = self.at.pos;
            self.at.skip(false);
            let c = self.at.peek();
            if self.at.at_end() || is_line_end(c) || matches!(c, ')' | '}' | ';' | '|' | '&') {
                self.at.pos = before;
                break;
            }
            if let Some(redirection) = self.redirection()? {
                command.redirections.push(redirection);
                continue;
            }
            if c == ',' {
                return self.fail("MissingArgument", "expected an argument before ','");
            }
            let arg = self.command_argument()?;
            command.args.push(arg);
            if self.at.pos == before {
                return self.fail("UnexpectedToken", "unexpected character");
            }
        }
        command.span = self.span_from(start);
        Ok(command)
    }

    fn invoke(&mut self) -> Invoke {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        let invoke = if c == '&' {
            Invoke::Call
        } else if c == '.'
            && (n.is_whitespace() || matches!(n, '$' | '(' | '{') || is_double_quote(n) || is_single_quote(n))
        {
            Invoke::Dot
        } else {
            return Invoke::Plain;
        };
        self.at.bump();
        self.at.skip(false);
        invoke
    }

    fn command_argument(&mut self) -> Result<Arg> {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        if is_dash(c) && is_dash(n) {
            if self.at.peek_at(2) == '%' {
                let start = self.at.pos;
                while !self.at.at_end() && !is_line_end(self.at.peek()) && self.at.peek() != '|' {
                    self.at.bump();
                }
                return Ok(Arg::Verbatim(self.at.text(start + 3, self.at.pos).trim().to_owned()));
            }
            if self.at.peek_at(2).is_whitespace() {
                self.at.bump_n(2);
                return Ok(Arg::EndOfParameters);
            }
        }
        if is_dash(c) && (starts_name(n) || n == '?') {
            return self.parameter();
        }
        Ok(Arg::Value(self.argument()?))
    }

    fn parameter(&mut self) -> Result<Arg> {
        let start = self.at.pos;
        self.at.bump();
        let name_start = self.at.pos;
        while !self.at.at_end() {
            let c = self.at.peek();
            if ends_word(c) || matches!(c, '.' | '[' | ':' | '=') || is_double_quote(c) || is_single_quote(c) {
                break;
            }
            self.at.bump();
        }
        let name = self.at.text(name_start, self.at.pos).to_owned();
        let span = self.span_from(start);
        let value = if self.at.eat(':') {
            self.at.skip(false);
            Some(self.argument()?)
        } else {
            None
        };
        Ok(Arg::Parameter { name, value, span })
    }

    fn redirection(&mut self) -> Result<Option<Redirection>> {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        let from = if matches!(c, '1'..='6' | '*') && n == '>' {
            self.at.bump();
            c
        } else {
            '1'
        };
        if self.at.peek() == '<' {
            return self.placeholder();
        }
        if !self.at.eat('>') {
            return Ok(None);
        }
        let append = self.at.eat('>');
        if self.at.peek() == '&' && self.at.peek_at(1).is_ascii_digit() {
            self.at.bump_n(2);
            return Ok(Some(Redirection { from, append, target: None }));
        }
        self.at.skip(false);
        if self.at.at_end() || is_line_end(self.at.peek()) {
            return self.fail("MissingFileSpecification", "expected a file after '>'");
        }
        Ok(Some(Redirection { from, append, target: Some(self.argument()?) }))
    }

    /// `<` redirects in other shells; here it begins a placeholder that somebody forgot to fill in.
    fn placeholder(&mut self) -> Result<Option<Redirection>> {
        let start = self.at.pos;
        let mut error: ParseError = *self.error("RedirectionNotSupported", "'<' has no meaning here");
        error.incomplete = false;
        let line_end = self.at.rest().find(['\n', '\r']).unwrap_or(self.at.rest().len());
        let close = self.at.rest().get(..line_end).and_then(|line| line.find('>'));
        let Some(close) = close else { return Err(Box::new(error)) };
        error.placeholder = true;
        error.span = crate::diagnostic::Span::new(start, start + close + 1);
        if !self.errors.iter().any(|known| known.span == error.span) {
            self.errors.push(error);
        }
        Ok(None)
    }

    /// One argument: an item, or items joined by commas.
    pub(super) fn argument(&mut self) -> Result<Expr> {
        let start = self.at.pos;
        let first = self.argument_item()?;
        let mut items = vec![first];
        loop {
            let save = self.at.pos;
            self.at.skip(false);
            if !self.at.eat(',') {
                self.at.pos = save;
                break;
            }
            self.at.skip(true);
            items.push(self.argument_item()?);
        }
        match items.pop() {
            Some(only) if items.is_empty() => Ok(only),
            Some(last) => {
                items.push(last);
                Ok(Expr { kind: ExprKind::List(items), span: self.span_from(start) })
            }
            None => self.fail("MissingArgument", "expected an argument"),
        }
    }

    fn argument_item(&mut self) -> Result<Expr> {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        let start = self.at.pos;
        if c == '@' && starts_name(n) {
            self.at.bump();
            let name = self.name_here();
            return Ok(Expr { kind: ExprKind::Splat(name), span: self.span_from(start) });
        }
        let quoted = is_double_quote(c) || is_single_quote(c);
        let at = c == '@' && (matches!(n, '(' | '{') || is_double_quote(n) || is_single_quote(n));
        if c == '(' || c == '{' || quoted || at || c == '$' && n == '(' {
            let item = self.primary()?;
            return self.postfix(item, true);
        }
        if c == '$' && (is_name(n) || matches!(n, '{' | '$' | '?' | '^')) {
            let item = self.primary()?;
            let k = self.at.peek();
            let member =
                k == '.' && (starts_name(self.at.peek_at(1)) || matches!(self.at.peek_at(1), '$' | '(' | '\'' | '"'));
            if self.at.at_end()
                || ends_word(k)
                || k == '['
                || member
                || k == ':' && self.at.peek_at(1) == ':'
                || k == '='
            {
                return self.postfix(item, true);
            }
            self.at.pos = start;
            return self.bare_word();
        }
        if c == ',' {
            self.at.bump();
            let item = self.argument_item()?;
            return Ok(Expr { kind: ExprKind::List(vec![item]), span: self.span_from(start) });
        }
        if c == '<' {
            self.placeholder()?;
            let span = self.errors.last().map(|error| error.span).unwrap_or_default();
            self.at.pos = span.end.max(start + 1);
            let text = self.at.text(start, self.at.pos).to_owned();
            return Ok(Expr { kind: ExprKind::Str { text, bare: false }, span });
        }
        if (c.is_ascii_digit() || c == '.' && n.is_ascii_digit())
            && let Some(number) = self.number()
        {
            if self.at.at_end() || ends_word(self.at.peek()) {
                let raw = self.at.text(start, self.at.pos).to_owned();
                return Ok(Expr { kind: ExprKind::Number(number, raw), span: self.span_from(start) });
            }
            self.at.pos = start;
        }
        self.bare_word()
    }
}

/// Whether an assignment can have a target like this: a value that is written out has no place to be kept in.
pub(super) fn can_be_set(target: &Expr) -> bool {
    match &target.kind {
        ExprKind::Variable(_)
        | ExprKind::Splat(_)
        | ExprKind::Member { .. }
        | ExprKind::Call { .. }
        | ExprKind::Index(..)
        | ExprKind::Paren(_)
        | ExprKind::Error => true,
        ExprKind::List(items) => items.iter().all(can_be_set),
        ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => can_be_set(inner),
        _ => false,
    }
}
