//! From PowerShell's tree, as `port` reads it, to the small one that views need.
//!
//! Commands, assignments, loops and variables other than the object at hand are refused by name.

use crate::clixml::PsValue;
use crate::diagnostic::Span;
use crate::port::ast::{Block, Element, Expr, ExprKind, FlowKind, Number, Part, Stmt, StmtKind};
use crate::port::parse;

/// One statement.
#[derive(Debug, Clone)]
pub(super) enum Statement {
    Expression(Node),
    /// `throw`, whatever it throws.
    Throw,
    /// `if`, `elseif`, … with their blocks, and `else`.
    If(Vec<(Node, Vec<Self>)>, Vec<Self>),
}

/// An expression.
#[derive(Debug, Clone)]
pub(super) enum Node {
    This,
    /// A value that stands in the script.
    Value(PsValue),
    /// Pieces of a text in double quotes.
    Expandable(Vec<Self>),
    /// Several values.
    List(Vec<Self>),
    /// Statements in `$(…)` or `@(…)`; the latter always gives a list.
    Block(Vec<Statement>, bool),
    Member(Box<Self>, Box<Self>),
    Call(Box<Self>, String, Vec<Self>),
    StaticMember(String, String),
    StaticCall(String, String, Vec<Self>),
    Index(Box<Self>, Box<Self>),
    Cast(String, Box<Self>),
    /// An operator without its dash, and its operand.
    Unary(&'static str, Box<Self>),
    /// An operator without its dash, and its operands.
    Binary(&'static str, Box<Self>, Box<Self>),
    /// Condition, and what it gives when true and when not.
    Choice(Box<[Self; 3]>),
}

/// Nesting that is followed; each operator of a chain is one level.
const DEPTH_MAX: usize = 200;

/// Bytes of a script that are read: scripts of views are short, and a server may send any.
const BYTES_MAX: usize = 8_000;

/// Characters of the source that a message shows.
const SHOWN_MAX: usize = 40;

/// Reads a script; the error says what is beyond it.
pub(super) fn read(text: &str) -> Result<Vec<Statement>, String> {
    if text.len() > BYTES_MAX {
        return Err("it is too long".to_owned());
    }
    let parsed = parse(text);
    if let Some(error) = parsed.errors.first() {
        return Err(error.message.clone());
    }
    let Block { params, begin, process, end, body, .. } = &parsed.script;
    if params.is_some() || begin.is_some() || process.is_some() || end.is_some() {
        return Err("parameters and named blocks are not supported".to_owned());
    }
    Reader { text, depth: 0 }.statements(body)
}

struct Reader<'a> {
    text: &'a str,
    depth: usize,
}

type Read<T> = Result<T, String>;

impl Reader<'_> {
    fn unsupported<T>(&self, span: Span) -> Read<T> {
        let source = self.text.get(span.start..span.end).unwrap_or_default();
        let shown: String = source.chars().take(SHOWN_MAX).collect();
        let more = if shown.len() < source.len() { "…" } else { "" };
        Err(format!("`{shown}{more}` is not supported"))
    }

    fn statements(&mut self, statements: &[Stmt]) -> Read<Vec<Statement>> {
        statements.iter().map(|statement| self.statement(statement)).collect()
    }

    fn statement(&mut self, statement: &Stmt) -> Read<Statement> {
        let StmtKind::If { clauses, otherwise } = &statement.kind else {
            if matches!(statement.kind, StmtKind::Flow { kind: FlowKind::Throw, .. }) {
                return Ok(Statement::Throw);
            }
            return Ok(Statement::Expression(self.value(statement)?));
        };
        let mut branches = Vec::with_capacity(clauses.len());
        for (condition, body) in clauses {
            branches.push((self.value(condition)?, self.statements(body)?));
        }
        Ok(Statement::If(branches, self.statements(otherwise.as_deref().unwrap_or_default())?))
    }

    /// The expression that a statement is; `return` gives its value, too.
    fn value(&mut self, statement: &Stmt) -> Read<Node> {
        match &statement.kind {
            StmtKind::Pipeline(elements) => match elements.as_slice() {
                [Element::Expression { expr, redirections }] if redirections.is_empty() => self.node(expr),
                _ => self.unsupported(command_span(elements).unwrap_or(statement.span)),
            },
            StmtKind::Flow { kind: FlowKind::Return, value: Some(value) } => self.value(value),
            _ => self.unsupported(statement.span),
        }
    }

    fn boxed(&mut self, expr: &Expr) -> Read<Box<Node>> {
        self.node(expr).map(Box::new)
    }

    fn nodes(&mut self, exprs: &[Expr]) -> Read<Vec<Node>> {
        exprs.iter().map(|expr| self.node(expr)).collect()
    }

    fn node(&mut self, expr: &Expr) -> Read<Node> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("it is nested too deeply".to_owned());
        }
        let node = self.node_within(expr);
        self.depth -= 1;
        node
    }

    fn node_within(&mut self, expr: &Expr) -> Read<Node> {
        Ok(match &expr.kind {
            ExprKind::Variable(variable) if variable.scope.is_none() => match known(&variable.name) {
                Some(node) => node,
                None => return Err(format!("`${}` is not known here", variable.name)),
            },
            ExprKind::Str { text, .. } => Node::Value(text.as_str().into()),
            ExprKind::Expand(parts) => Node::Expandable(self.parts(parts)?),
            ExprKind::Number(number, _) => Node::Value(match *number {
                Number::Int(value) => PsValue::I32(value),
                Number::Long(value) => PsValue::I64(value),
                Number::Double(value) => PsValue::F64(value),
                Number::Decimal(value) => PsValue::Decimal(value),
                Number::Suffixed(_, value) => match (i32::try_from(value), i64::try_from(value)) {
                    (Ok(value), _) => PsValue::I32(value),
                    (_, Ok(value)) => PsValue::I64(value),
                    _ => return self.unsupported(expr.span),
                },
            }),
            ExprKind::Paren(statement) => self.value(statement)?,
            ExprKind::Sub(statements) => Node::Block(self.statements(statements)?, false),
            ExprKind::Array(statements) => Node::Block(self.statements(statements)?, true),
            ExprKind::List(items) => Node::List(self.nodes(items)?),
            ExprKind::Cast(type_name, inner) => Node::Cast(type_name.clone(), self.boxed(inner)?),
            ExprKind::Binary(op, left, right) => Node::Binary(word(op), self.boxed(left)?, self.boxed(right)?),
            ExprKind::Unary(op, inner) => Node::Unary(word(op), self.boxed(inner)?),
            ExprKind::Member { object, name, fixed: false } => Node::Member(self.boxed(object)?, self.boxed(name)?),
            ExprKind::Call { object, name, args, fixed: false } => {
                let Some(name) = name.as_text() else { return self.unsupported(name.span) };
                Node::Call(self.boxed(object)?, name.to_owned(), self.nodes(args)?)
            }
            ExprKind::Member { object, name, fixed: true } => match (&object.kind, name.as_text()) {
                (ExprKind::Type(of), Some(name)) => Node::StaticMember(of.clone(), name.to_owned()),
                _ => return self.unsupported(expr.span),
            },
            ExprKind::Call { object, name, args, fixed: true } => match (&object.kind, name.as_text()) {
                (ExprKind::Type(of), Some(name)) => Node::StaticCall(of.clone(), name.to_owned(), self.nodes(args)?),
                _ => return self.unsupported(expr.span),
            },
            ExprKind::Index(target, index) => Node::Index(self.boxed(target)?, self.boxed(index)?),
            ExprKind::Ternary(condition, yes, no) => {
                Node::Choice(Box::new([self.node(condition)?, self.node(yes)?, self.node(no)?]))
            }
            _ => return self.unsupported(expr.span),
        })
    }

    fn parts(&mut self, parts: &[Part]) -> Read<Vec<Node>> {
        let node = |part: &Part| match part {
            Part::Text(text) => Ok(Node::Value(text.as_str().into())),
            Part::Expr(expr) => self.node(expr),
        };
        parts.iter().map(node).collect()
    }
}

/// The variables that there are.
fn known(name: &str) -> Option<Node> {
    Some(match name.to_ascii_lowercase().as_str() {
        "_" | "psitem" | "this" => Node::This,
        "true" => Node::Value(PsValue::Bool(true)),
        "false" => Node::Value(PsValue::Bool(false)),
        "null" => Node::Value(PsValue::Null),
        _ => return None,
    })
}

/// An operator without its dash; minus stays what it is.
fn word(op: &'static str) -> &'static str {
    op.strip_prefix('-').filter(|word| !word.is_empty()).unwrap_or(op)
}

fn command_span(elements: &[Element]) -> Option<Span> {
    elements.iter().find_map(|element| match element {
        Element::Command(command) => Some(command.name.span),
        Element::Expression { .. } => None,
    })
}
