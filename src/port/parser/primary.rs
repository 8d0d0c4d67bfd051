//! Primary expressions and what follows them: variables, brackets, members, calls, indexes.

use super::super::ast::{Expr, ExprKind, Stmt, Variable};
use super::super::lexer::{is_dash, is_double_quote, is_line_end, is_name, is_single_quote, starts_name};
use super::{Parser, Result};

impl Parser<'_> {
    /// A primary expression without what follows it.
    pub(super) fn primary(&mut self) -> Result<Expr> {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        let start = self.at.pos;
        let kind = match c {
            '$' if n == '(' => {
                self.at.bump_n(2);
                ExprKind::Sub(self.closed_statements()?)
            }
            '$' => ExprKind::Variable(self.variable_name()?),
            '@' if n == '(' => {
                self.at.bump_n(2);
                ExprKind::Array(self.closed_statements()?)
            }
            '@' if n == '{' => {
                self.at.bump_n(2);
                self.hash()?
            }
            '@' if is_double_quote(n) || is_single_quote(n) => return self.here_string(),
            '@' if starts_name(n) => {
                self.at.bump();
                ExprKind::Splat(self.name_here())
            }
            '(' => ExprKind::Paren(Box::new(self.parenthesized()?)),
            '{' => ExprKind::Block(Box::new(self.block()?)),
            '[' => return self.unary(true),
            _ if is_double_quote(c) || is_single_quote(c) => return self.string(),
            _ => match self.number() {
                Some(number) => ExprKind::Number(number, self.at.text(start, self.at.pos).to_owned()),
                None => return self.fail("ExpectedExpression", "expected an expression"),
            },
        };
        Ok(self.expr(kind, start))
    }

    fn closed_statements(&mut self) -> Result<Vec<Stmt>> {
        let body = self.statements(')')?;
        self.need(')', "MissingEndParenthesisInSubexpression", "the '(' has no ')'")?;
        Ok(body)
    }

    fn parenthesized(&mut self) -> Result<Stmt> {
        self.nested(|p| {
            p.at.bump();
            p.at.skip(true);
            if p.at.peek() == ')' {
                return p.fail("ExpectedExpression", "expected an expression between the parentheses");
            }
            let stmt = p.pipeline_statement()?;
            p.at.skip(true);
            p.need(')', "MissingEndParenthesisInExpression", "the '(' has no ')'")?;
            Ok(stmt)
        })
    }

    /// `$name`, `${any text}`, `$scope:name`, `$$`, `$?`, `$^`.
    pub(super) fn variable_name(&mut self) -> Result<Variable> {
        self.need('$', "ExpectedExpression", "expected a variable")?;
        let c = self.at.peek();
        if c == '{' {
            self.at.bump();
            let start = self.at.pos;
            while !self.at.at_end() && self.at.peek() != '}' {
                if self.at.peek() == '`' {
                    self.at.bump();
                }
                self.at.bump();
            }
            let text = self.at.text(start, self.at.pos).to_owned();
            self.need('}', "IncompleteDollarBraceVariable", "the '${' has no '}'")?;
            return Ok(match text.split_once(':') {
                Some((scope, name)) if !scope.is_empty() && !name.is_empty() => {
                    Variable { scope: Some(scope.to_owned()), name: name.to_owned() }
                }
                _ => Variable { scope: None, name: text },
            });
        }
        if matches!(c, '$' | '?' | '^') && !is_name(self.at.peek_at(1)) {
            self.at.bump();
            return Ok(Variable { scope: None, name: c.to_string() });
        }
        let name = self.variable_word();
        if name.is_empty() {
            return self.fail("UnexpectedToken", "'$' without the name of a variable");
        }
        if self.at.peek() == ':' && is_name(self.at.peek_at(1)) {
            self.at.bump();
            let inner = self.variable_word();
            return Ok(Variable { scope: Some(name), name: inner });
        }
        Ok(Variable { scope: None, name })
    }

    /// A name without braces: a question mark belongs to it, in texts too (about_Operators, null-conditional operators).
    pub(super) fn variable_word(&mut self) -> String {
        let start = self.at.pos;
        while is_name(self.at.peek()) || self.at.peek() == '?' {
            self.at.bump();
        }
        self.at.text(start, self.at.pos).to_owned()
    }

    /// `?.Name` or `?[0]` after `value`: null stays null. What may do something when it is evaluated is not written
    /// twice: there it is the plain access, which of null gives null for properties.
    fn null_conditional(&mut self, value: Expr) -> Result<Expr> {
        let start = value.span.start;
        let mut root = &value;
        while let ExprKind::Member { object, .. } = &root.kind {
            root = object;
        }
        let guard = matches!(root.kind, ExprKind::Variable(_)).then(|| value.clone());
        let access = if self.at.peek() == '[' { self.index(value)? } else { self.member(value, false)?.0 };
        let Some(tested) = guard else { return Ok(access) };
        let null =
            || Expr { kind: ExprKind::Variable(Variable { scope: None, name: "null".into() }), span: access.span };
        let test = ExprKind::Binary("-eq", Box::new(null()), Box::new(tested));
        let test = Expr { kind: test, span: access.span };
        let kind = ExprKind::Ternary(Box::new(test), Box::new(null()), Box::new(access.clone()));
        Ok(self.expr(kind, start))
    }

    /// `[0]` after `value`.
    fn index(&mut self, value: Expr) -> Result<Expr> {
        let start = value.span.start;
        self.at.bump();
        self.at.skip(true);
        let index = self.expression(false)?;
        self.at.skip(true);
        self.need(']', "MissingEndSquareBracket", "the '[' has no ']'")?;
        Ok(self.expr(ExprKind::Index(Box::new(value), Box::new(index)), start))
    }

    /// Members, calls and indexes after `value`. In argument mode nothing may stand apart.
    pub(super) fn postfix(&mut self, mut value: Expr, argument: bool) -> Result<Expr> {
        let start = value.span.start;
        let mut links = 0;
        loop {
            let (c, n) = (self.at.peek(), self.at.peek_at(1));
            if self.at.at_end() {
                return Ok(value);
            }
            self.link(&mut links)?;
            if c == '?' && matches!(n, '.' | '[') && !argument {
                self.at.bump();
                value = self.null_conditional(value)?;
                continue;
            }
            if c == '[' {
                value = self.index(value)?;
                continue;
            }
            if c == '.' && n != '.' || c == ':' && n == ':' {
                match self.member(value, argument)? {
                    (next, true) => value = next,
                    (same, false) => return Ok(same),
                }
                continue;
            }
            if (c == '+' && n == '+' || is_dash(c) && is_dash(n))
                && !argument
                && !matches!(value.kind, ExprKind::Number(..))
            {
                self.at.bump_n(2);
                return self.step(false, c == '+', value, start);
            }
            if !argument && self.leading_dot_follows(&value) {
                self.at.skip(true);
                continue;
            }
            return Ok(value);
        }
    }

    /// A member on the next line, which begins with its dot.
    fn leading_dot_follows(&self, value: &Expr) -> bool {
        if !matches!(
            value.kind,
            ExprKind::Call { .. } | ExprKind::Member { .. } | ExprKind::Paren(_) | ExprKind::Variable(_)
        ) {
            return false;
        }
        let mut ahead = self.at.ahead();
        ahead.skip(false);
        if !is_line_end(ahead.peek()) {
            return false;
        }
        ahead.skip(true);
        ahead.peek() == '.' && starts_name(ahead.peek_at(1))
    }

    /// `.name`, `::name` and a call of it; false when what follows is no member.
    fn member(&mut self, value: Expr, argument: bool) -> Result<(Expr, bool)> {
        let start = value.span.start;
        let dot = self.at.pos;
        let fixed = self.at.peek() == ':';
        self.at.bump_n(if fixed { 2 } else { 1 });
        if !argument {
            self.at.skip(true);
        }
        let k = self.at.peek();
        let name_start = self.at.pos;
        let name = if is_double_quote(k) || is_single_quote(k) {
            self.string()?
        } else if matches!(k, '$' | '(' | '{') {
            self.primary()?
        } else if is_name(k) {
            let text = self.name_here();
            self.expr(ExprKind::Str { text, bare: true }, name_start)
        } else {
            self.at.pos = dot;
            if argument {
                return Ok((value, false));
            }
            return self.fail("MissingPropertyName", "expected the name of a member after '.'");
        };
        let (object, name) = (Box::new(value), Box::new(name));
        // `[int]` in `[array]::Empty[int]()` says nothing that the arguments do not
        let before = self.at.pos;
        if self.at.peek() == '[' && (self.attempt(Self::type_literal).is_none() || self.at.peek() != '(') {
            self.at.pos = before;
        }
        let kind = if self.at.peek() == '(' {
            ExprKind::Call { object, name, args: self.call_arguments()?, fixed }
        } else if self.at.peek() == '{' && !argument {
            let block = self.primary()?;
            ExprKind::Call { object, name, args: vec![block], fixed }
        } else {
            ExprKind::Member { object, name, fixed }
        };
        Ok((self.expr(kind, start), true))
    }

    pub(super) fn call_arguments(&mut self) -> Result<Vec<Expr>> {
        self.at.bump();
        let mut args = Vec::new();
        loop {
            self.at.skip(true);
            if self.at.eat(')') {
                return Ok(args);
            }
            if self.at.at_end() {
                return self.fail("MissingEndParenthesisInMethodCall", "the '(' of the call has no ')'");
            }
            let argument = self.expression(true).map_err(|mut error| {
                if error.id == "ExpectedExpression" || error.id == "TerminatorExpectedAtEndOfString" {
                    error.id = "MissingEndParenthesisInMethodCall";
                }
                error
            })?;
            args.push(argument);
            self.at.skip(true);
            if !self.at.eat(',') && self.at.peek() != ')' {
                return self.fail("MissingEndParenthesisInMethodCall", "the '(' of the call has no ')'");
            }
        }
    }
}
