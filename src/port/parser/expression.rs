//! Expressions: binary operators by precedence, comma lists, unary operators, casts.

use super::super::ast::{Expr, ExprKind};
use super::super::lexer::{is_dash, is_double_quote, is_line_end, is_name, is_single_quote, starts_name};
use super::command::can_be_set;
use super::{Parser, Result};

/// Comparison operators: the word, the operator, the operator that regards case.
const COMPARISONS: [(&str, &str, &str); 17] = [
    ("eq", "-eq", "-ceq"),
    ("ne", "-ne", "-cne"),
    ("gt", "-gt", "-cgt"),
    ("ge", "-ge", "-cge"),
    ("lt", "-lt", "-clt"),
    ("le", "-le", "-cle"),
    ("like", "-like", "-clike"),
    ("notlike", "-notlike", "-cnotlike"),
    ("match", "-match", "-cmatch"),
    ("notmatch", "-notmatch", "-cnotmatch"),
    ("contains", "-contains", "-ccontains"),
    ("notcontains", "-notcontains", "-cnotcontains"),
    ("in", "-in", "-cin"),
    ("notin", "-notin", "-cnotin"),
    ("replace", "-replace", "-creplace"),
    ("split", "-split", "-csplit"),
    ("join", "-join", "-join"),
];

/// Word operators: normal form, precedence.
fn word_operator(word: &str) -> Option<(&'static str, u8)> {
    const FIXED: [(&str, &str, u8); 12] = [
        ("and", "-and", 1),
        ("or", "-or", 1),
        ("xor", "-xor", 1),
        ("band", "-band", 2),
        ("bor", "-bor", 2),
        ("bxor", "-bxor", 2),
        ("f", "-f", 7),
        ("isnot", "-isnot", 3),
        ("as", "-as", 3),
        ("shl", "-shl", 3),
        ("shr", "-shr", 3),
        ("is", "-is", 3),
    ];
    let word = word.to_ascii_lowercase();
    if let Some((_, op, precedence)) = FIXED.iter().find(|(name, ..)| *name == word) {
        return Some((op, *precedence));
    }
    let comparison = |word: &str| COMPARISONS.iter().find(|(name, ..)| *name == word);
    if let Some((_, op, _)) = comparison(&word) {
        return Some((op, 3));
    }
    let (case, base) = word.split_at_checked(1)?;
    let (_, op, exact) = comparison(base)?;
    match case {
        "c" => Some((exact, 3)),
        "i" => Some((op, 3)),
        _ => None,
    }
}

impl Parser<'_> {
    pub(super) fn expr(&self, kind: ExprKind, start: usize) -> Expr {
        Expr { kind, span: self.span_from(start) }
    }

    /// An expression; with `no_comma`, a comma ends it (arguments of methods, values of attributes).
    pub(super) fn expression(&mut self, no_comma: bool) -> Result<Expr> {
        self.nested(|p| {
            let start = p.at.pos;
            let cond = p.binary(0, no_comma)?;
            let save = p.at.pos;
            p.at.skip(false);
            if p.at.peek() == '?' && p.at.peek_at(1).is_whitespace() {
                p.at.bump();
                p.at.skip(true);
                let yes = p.expression(no_comma)?;
                p.at.skip(true);
                p.need(':', "MissingColonInTernaryExpression", "expected ':' of the conditional")?;
                p.at.skip(true);
                let no = p.expression(no_comma)?;
                return Ok(p.expr(ExprKind::Ternary(Box::new(cond), Box::new(yes), Box::new(no)), start));
            }
            p.at.pos = save;
            Ok(cond)
        })
    }

    fn peek_operator(&self) -> Option<(&'static str, u8, usize)> {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        if is_dash(c) {
            if is_dash(n) || n == '=' {
                return None;
            }
            if starts_name(n) {
                let word: String = self.at.rest().chars().skip(1).take_while(|c| is_name(*c)).collect();
                return word_operator(&word).map(|(op, precedence)| (op, precedence, word.chars().count() + 1));
            }
            return Some(("-", 5, 1));
        }
        match c {
            '+' if n != '+' && n != '=' => Some(("+", 5, 1)),
            '*' if n != '=' => Some(("*", 6, 1)),
            '/' if n != '=' => Some(("/", 6, 1)),
            '%' if n != '=' => Some(("%", 6, 1)),
            '.' if n == '.' => Some(("..", 8, 2)),
            '?' if n == '?' && self.at.peek_at(2) != '=' => Some(("??", 4, 2)),
            _ => None,
        }
    }

    fn binary(&mut self, least: u8, no_comma: bool) -> Result<Expr> {
        let start = self.at.pos;
        let mut left = self.list(no_comma)?;
        let mut links = 0;
        loop {
            self.link(&mut links)?;
            let save = self.at.pos;
            self.at.skip(false);
            let Some((op, precedence, length)) = self.peek_operator().filter(|(_, precedence, _)| *precedence >= least)
            else {
                self.at.pos = save;
                return Ok(left);
            };
            self.at.bump_n(length);
            self.at.skip(true);
            if self.at.at_end() || matches!(self.at.peek(), ')' | '}' | ']' | ';' | '|') {
                return self.fail("ExpectedValueExpression", "expected a value after the operator");
            }
            let right = if matches!(op, "-is" | "-isnot" | "-as") && self.at.peek() == '[' {
                self.type_operand()?
            } else {
                self.nested(|p| p.binary(precedence + 1, no_comma))?
            };
            left = self.expr(ExprKind::Binary(op, Box::new(left), Box::new(right)), start);
        }
    }

    /// The type after `-is` and `-as`, which casts nothing.
    fn type_operand(&mut self) -> Result<Expr> {
        let start = self.at.pos;
        let name = self.type_literal()?;
        let ty = self.expr(ExprKind::Type(name), start);
        self.postfix(ty, false)
    }

    fn list(&mut self, no_comma: bool) -> Result<Expr> {
        let start = self.at.pos;
        let first = self.unary(no_comma)?;
        if no_comma {
            return Ok(first);
        }
        let mut items = vec![first];
        loop {
            let save = self.at.pos;
            self.at.skip(false);
            if !self.at.eat(',') {
                self.at.pos = save;
                break;
            }
            self.at.skip(true);
            if self.at.at_end() || matches!(self.at.peek(), ')' | '}' | ']' | ';' | '|') {
                return self.fail("MissingExpressionAfterToken", "expected a value after ','");
            }
            items.push(self.unary(no_comma)?);
        }
        if items.len() == 1 {
            return Ok(items.remove(0));
        }
        Ok(self.expr(ExprKind::List(items), start))
    }

    pub(super) fn unary(&mut self, no_comma: bool) -> Result<Expr> {
        self.nested(|p| p.unary_inner(no_comma))
    }

    fn unary_inner(&mut self, no_comma: bool) -> Result<Expr> {
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        let start = self.at.pos;
        if c == '!' {
            self.at.bump();
            return self.unary_operand("-not", start, no_comma);
        }
        if c == ',' {
            self.at.bump();
            self.at.skip(true);
            let item = self.unary(no_comma)?;
            return Ok(self.expr(ExprKind::List(vec![item]), start));
        }
        if c == '+' && n == '+' || is_dash(c) && is_dash(n) {
            self.at.bump_n(2);
            self.at.skip(false);
            let target = self.unary(no_comma)?;
            return self.step(true, c == '+', target, start);
        }
        if c == '+' {
            self.at.bump();
            return self.unary_operand("+", start, no_comma);
        }
        if is_dash(c) {
            return self.dash_operator(n, start, no_comma);
        }
        if c == '[' {
            return self.type_or_cast(no_comma);
        }
        let primary = self.primary()?;
        let value = self.postfix(primary, false)?;
        self.spaced_step(value, start)
    }

    fn unary_operand(&mut self, op: &'static str, start: usize, no_comma: bool) -> Result<Expr> {
        self.at.skip(true);
        let value = Box::new(self.unary(no_comma)?);
        Ok(self.expr(ExprKind::Unary(op, value), start))
    }

    fn dash_operator(&mut self, next: char, start: usize, no_comma: bool) -> Result<Expr> {
        if starts_name(next) {
            let word: String = self.at.rest().chars().skip(1).take_while(|c| is_name(*c)).collect();
            let op = match word.to_ascii_lowercase().as_str() {
                "not" => "-not",
                "bnot" => "-bnot",
                "join" | "ijoin" | "cjoin" => "-join",
                "split" | "isplit" => "-split",
                "csplit" => "-csplit",
                _ => return self.fail("MissingExpressionAfterOperator", "unknown operator"),
            };
            self.at.bump_n(word.chars().count() + 1);
            return self.unary_operand(op, start, no_comma);
        }
        self.at.bump();
        if self.at.peek().is_ascii_digit() || self.at.peek() == '.' && self.at.peek_at(1).is_ascii_digit() {
            let digits = self.at.pos;
            if let Some(number) = self.number() {
                let number = super::super::ast::Number::negated(number);
                let raw = format!("-{}", self.at.text(digits, self.at.pos));
                let value = self.expr(ExprKind::Number(number, raw), start);
                return self.postfix(value, false);
            }
        }
        self.unary_operand("-", start, no_comma)
    }

    /// `++` or `--`, before or after what it changes.
    pub(super) fn step(&mut self, prefix: bool, up: bool, target: Expr, start: usize) -> Result<Expr> {
        if !can_be_set(&target) {
            let message = "++ and -- change a variable, a property or an item, and none stands there";
            return self.fail("OperatorRequiresVariableOrProperty", message);
        }
        Ok(self.expr(ExprKind::Step { prefix, up, target: Box::new(target) }, start))
    }

    /// `$i ++`: the step may stand apart from its variable.
    fn spaced_step(&mut self, value: Expr, start: usize) -> Result<Expr> {
        let save = self.at.pos;
        self.at.skip(false);
        let (c, n) = (self.at.peek(), self.at.peek_at(1));
        if save != self.at.pos && (c == '+' && n == '+' || is_dash(c) && is_dash(n)) {
            let next = self.at.rest().chars().skip(2).find(|c| !matches!(c, ' ' | '\t'));
            if next.is_none_or(|c| is_line_end(c) || matches!(c, ')' | '}' | ';')) {
                self.at.bump_n(2);
                return self.step(false, c == '+', value, start);
            }
        }
        self.at.pos = save;
        Ok(value)
    }

    fn type_or_cast(&mut self, no_comma: bool) -> Result<Expr> {
        let start = self.at.pos;
        let Some(name) = self.attempt(Self::type_literal) else {
            // an attribute such as [ValidateNotNull()]$x = …
            let attribute = self.attribute()?;
            self.at.skip(true);
            let value = Box::new(self.unary(no_comma)?);
            return Ok(self.expr(ExprKind::Attributed(Box::new(attribute), value), start));
        };
        let c = self.at.peek();
        if c == ':' && self.at.peek_at(1) == ':' || c == '.' && starts_name(self.at.peek_at(1)) {
            let ty = self.expr(ExprKind::Type(name), start);
            let value = self.postfix(ty, false)?;
            return self.spaced_step(value, start);
        }
        let after = self.at.pos;
        self.at.skip(true);
        let lines = self.at.text(after, self.at.pos).contains(is_line_end);
        let (k, n) = (self.at.peek(), self.at.peek_at(1));
        let operand = matches!(k, '$' | '(' | '[' | '{' | '!')
            || is_double_quote(k)
            || is_single_quote(k)
            || k.is_ascii_digit()
            || k == '@' && (matches!(n, '(' | '{') || is_double_quote(n) || is_single_quote(n))
            || k == '+' && n.is_ascii_digit()
            || is_dash(k) && (n.is_ascii_digit() || matches!(n, '$' | '(') || self.dash_not());
        if operand && !lines {
            let value = Box::new(self.unary(no_comma)?);
            return Ok(self.expr(ExprKind::Cast(name, value), start));
        }
        self.at.pos = after;
        let ty = self.expr(ExprKind::Type(name), start);
        self.postfix(ty, false)
    }

    fn dash_not(&self) -> bool {
        let word: String = self.at.rest().chars().skip(1).take_while(|c| is_name(*c)).collect();
        matches!(word.to_ascii_lowercase().as_str(), "not" | "bnot" | "join" | "split")
    }

    /// `[Name]`, `[Name[]]`, `[Name[A, B]]`; the name without the outer brackets.
    pub(super) fn type_literal(&mut self) -> Result<String> {
        let start = self.at.pos;
        self.need('[', "MissingTypename", "expected a type")?;
        let mut depth = 1_usize;
        while depth > 0 {
            let c = self.at.peek();
            if self.at.at_end() {
                return self.fail("EndSquareBracketExpectedAtEndOfType", "the '[' of the type has no ']'");
            }
            match c {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ if is_name(c) || matches!(c, '.' | ',' | '+' | '`' | ' ' | '*') => {}
                _ => return self.fail("EndSquareBracketExpectedAtEndOfType", "not the name of a type"),
            }
            self.at.bump();
        }
        let name = self.at.text(start + 1, self.at.pos - 1).trim().to_owned();
        if name.is_empty() { self.fail("MissingTypename", "expected the name of a type") } else { Ok(name) }
    }
}
