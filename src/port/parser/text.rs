//! Strings: quoted, here-strings, bare words; escapes and what `$` expands.

use super::super::ast::{Expr, ExprKind, Part, Variable};
use super::super::lexer::{ends_word, is_blank, is_double_quote, is_line_end, is_name, is_single_quote, starts_name};
use super::{Parser, Result};

/// Collects text and expressions of an expandable string.
#[derive(Default)]
struct Parts {
    parts: Vec<Part>,
    text: String,
}

impl Parts {
    fn expr(&mut self, expr: Expr) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(std::mem::take(&mut self.text)));
        }
        self.parts.push(Part::Expr(expr));
    }

    fn finish(mut self, bare: bool) -> ExprKind {
        if self.parts.is_empty() {
            return ExprKind::Str { text: self.text, bare };
        }
        if !self.text.is_empty() {
            self.parts.push(Part::Text(self.text));
        }
        ExprKind::Expand(self.parts)
    }
}

fn escaped(c: char) -> char {
    match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'e' => '\u{1b}',
        other => other,
    }
}

impl Parser<'_> {
    /// A quoted string.
    pub(super) fn string(&mut self) -> Result<Expr> {
        let start = self.at.pos;
        let quote = self.at.bump();
        if is_single_quote(quote) {
            let mut text = String::new();
            loop {
                let c = self.at.peek();
                if self.at.at_end() {
                    return self.unterminated(start);
                }
                self.at.bump();
                if is_single_quote(c) && !is_single_quote(self.at.peek()) {
                    break;
                }
                if is_single_quote(c) {
                    self.at.bump();
                }
                text.push(c);
            }
            return Ok(Expr { kind: ExprKind::Str { text, bare: false }, span: self.span_from(start) });
        }
        let mut parts = Parts::default();
        loop {
            let c = self.at.peek();
            if self.at.at_end() {
                return self.unterminated(start);
            }
            if is_double_quote(c) {
                self.at.bump();
                if !is_double_quote(self.at.peek()) {
                    break;
                }
                parts.text.push(self.at.bump());
            } else if !self.expandable(&mut parts)? {
                parts.text.push(self.at.bump());
            }
        }
        Ok(Expr { kind: parts.finish(false), span: self.span_from(start) })
    }

    fn unterminated<T>(&mut self, start: usize) -> Result<T> {
        let mut error = self.error("TerminatorExpectedAtEndOfString", "the string has no end");
        error.span = crate::diagnostic::Span::new(start, (start + 1).min(self.at.source.len()));
        error.incomplete = true;
        Err(error)
    }

    /// An escape, a variable or `$( )` at the cursor; false when there is none.
    fn expandable(&mut self, parts: &mut Parts) -> Result<bool> {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        let start = self.at.pos;
        if c == '`' {
            self.at.bump();
            if n == 'u' && self.at.peek_at(1) == '{' {
                self.at.bump_n(2);
                let from = self.at.pos;
                while self.at.peek().is_ascii_hexdigit() {
                    self.at.bump();
                }
                let code = u32::from_str_radix(self.at.text(from, self.at.pos), 16).unwrap_or(0xfffd);
                self.at.eat('}');
                parts.text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                return Ok(true);
            }
            if !self.at.at_end() {
                let c = self.at.bump();
                parts.text.push(escaped(c));
            }
            return Ok(true);
        }
        if c != '$' {
            return Ok(false);
        }
        if n == '(' || n == '{' {
            let expr = self.primary()?;
            parts.expr(expr);
            return Ok(true);
        }
        let special = matches!(n, '$' | '?' | '^') && !is_name(self.at.peek_at(2));
        if !is_name(n) && !special {
            return Ok(false);
        }
        self.at.bump();
        let variable = if special {
            Variable { scope: None, name: self.at.bump().to_string() }
        } else {
            let name = self.variable_word();
            if self.at.peek() == ':' && self.at.peek_at(1) != ':' {
                self.scoped_in_text(name, start)?
            } else {
                Variable { scope: None, name }
            }
        };
        parts.expr(Expr { kind: ExprKind::Variable(variable), span: self.span_from(start) });
        Ok(true)
    }

    fn scoped_in_text(&mut self, scope: String, start: usize) -> Result<Variable> {
        if is_name(self.at.peek_at(1)) {
            self.at.bump();
            return Ok(Variable { scope: Some(scope), name: self.variable_word() });
        }
        let mut error = self.error(
            "InvalidVariableReferenceWithDrive",
            "after the name of a variable ':' must be followed by a name; write ${name}: instead",
        );
        error.span = crate::diagnostic::Span::new(start, self.at.pos + 1);
        error.incomplete = false;
        self.errors.push(*error);
        Ok(Variable { scope: None, name: scope })
    }

    /// `@" … "@` and `@' … '@`.
    pub(super) fn here_string(&mut self) -> Result<Expr> {
        let start = self.at.pos;
        let expands = is_double_quote(self.at.peek_at(1));
        self.at.bump_n(2);
        while is_blank(self.at.peek()) {
            self.at.bump();
        }
        if !is_line_end(self.at.peek()) && !self.at.at_end() {
            return self.fail("UnexpectedCharactersAfterHereStringHeader", "text after the opening of the here-string");
        }
        if self.at.bump() == '\r' {
            self.at.eat('\n');
        }
        let mut parts = Parts::default();
        let mut line_start = true;
        loop {
            let c = self.at.peek();
            if self.at.at_end() {
                return self.unterminated(start);
            }
            let closes = if expands { is_double_quote(c) } else { is_single_quote(c) };
            if line_start && closes && self.at.peek_at(1) == '@' {
                self.at.bump_n(2);
                break;
            }
            line_start = c == '\n';
            if !(expands && self.expandable(&mut parts)?) {
                parts.text.push(self.at.bump());
            }
        }
        if parts.text.ends_with('\n') {
            parts.text.pop();
            if parts.text.ends_with('\r') {
                parts.text.pop();
            }
        }
        Ok(Expr { kind: parts.finish(false), span: self.span_from(start) })
    }

    /// A word in argument mode: text with escapes, quoted runs and variables in it.
    pub(super) fn bare_word(&mut self) -> Result<Expr> {
        let start = self.at.pos;
        let mut parts = Parts::default();
        while !self.at.at_end() {
            let (c, n) = (self.at.peek(), self.at.peek_at(1));
            if c == '`' && (is_line_end(n) || n == '\0') || ends_word(c) {
                break;
            }
            if is_double_quote(c) || is_single_quote(c) {
                match self.string()?.kind {
                    ExprKind::Str { text, .. } => parts.text.push_str(&text),
                    ExprKind::Expand(inner) => {
                        for part in inner {
                            match part {
                                Part::Text(text) => parts.text.push_str(&text),
                                Part::Expr(expr) => parts.expr(expr),
                            }
                        }
                    }
                    _ => {}
                }
                continue;
            }
            let variable = c == '$' && (starts_name(n) || n.is_ascii_digit() || matches!(n, '{' | '('));
            if (c == '`' || variable) && self.expandable(&mut parts)? {
                continue;
            }
            parts.text.push(self.at.bump());
        }
        if self.at.pos == start {
            return self.fail("UnexpectedToken", "unexpected character");
        }
        Ok(Expr { kind: parts.finish(true), span: self.span_from(start) })
    }
}
