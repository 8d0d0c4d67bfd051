//! Walking the tree: every statement and expression, nested ones too, in order.
//!
//! Only visits; nothing is changed.

use super::ast::{Arg, Block, Command, Element, Expr, ExprKind, Part, Stmt, StmtKind};

/// What a walk meets.
#[derive(Debug, Clone, Copy)]
pub enum Node<'a> {
    /// A statement, before what is in it.
    Stmt(&'a Stmt),
    /// An expression, before what is in it.
    Expr(&'a Expr),
    /// A command, before its arguments.
    Command(&'a Command),
}

/// Calls `visit` for every expression in `block`.
pub fn each_expression(block: &Block, visit: &mut dyn FnMut(&Expr)) {
    walk_block(block, &mut |node| {
        if let Node::Expr(expr) = node {
            visit(expr);
        }
        true
    });
}

/// Walks a block; `visit` answers whether to go into the node.
pub fn walk_block<'a>(block: &'a Block, visit: &mut dyn FnMut(Node<'a>) -> bool) {
    for param in block.params.iter().flatten() {
        if let Some(default) = &param.default {
            walk_expr(default, visit);
        }
        for attribute in &param.attributes {
            for arg in attribute.args.iter().flatten() {
                walk_expr(arg, visit);
            }
        }
    }
    for part in [&block.begin, &block.process, &block.end, &block.clean].into_iter().flatten() {
        walk_body(part, visit);
    }
    walk_body(&block.body, visit);
}

/// Walks statements.
pub fn walk_body<'a>(body: &'a [Stmt], visit: &mut dyn FnMut(Node<'a>) -> bool) {
    for stmt in body {
        walk_stmt(stmt, visit);
    }
}

/// Walks one statement.
pub fn walk_stmt<'a>(stmt: &'a Stmt, visit: &mut dyn FnMut(Node<'a>) -> bool) {
    if !visit(Node::Stmt(stmt)) {
        return;
    }
    match &stmt.kind {
        StmtKind::Pipeline(elements) => elements.iter().for_each(|element| walk_element(element, visit)),
        StmtKind::Assign { target, value, .. } => {
            walk_stmt(value, visit);
            walk_expr(target, visit);
        }
        StmtKind::Chain { left, right, .. } => {
            walk_stmt(left, visit);
            walk_stmt(right, visit);
        }
        StmtKind::If { clauses, otherwise } => {
            for (cond, body) in clauses {
                walk_stmt(cond, visit);
                walk_body(body, visit);
            }
            walk_body(otherwise.as_deref().unwrap_or_default(), visit);
        }
        StmtKind::While { cond, body } | StmtKind::Do { cond, body, .. } => {
            walk_stmt(cond, visit);
            walk_body(body, visit);
        }
        StmtKind::For { init, cond, step, body } => {
            for part in [init, cond].into_iter().flatten() {
                walk_stmt(part, visit);
            }
            walk_body(body, visit);
            if let Some(step) = step {
                walk_stmt(step, visit);
            }
        }
        StmtKind::Foreach { source, body, .. } => {
            walk_stmt(source, visit);
            walk_body(body, visit);
        }
        StmtKind::Switch { subject, clauses, default, .. } => {
            walk_stmt(subject, visit);
            for (label, body) in clauses {
                walk_expr(label, visit);
                walk_body(body, visit);
            }
            walk_body(default.as_deref().unwrap_or_default(), visit);
        }
        StmtKind::Function { body, .. } => walk_block(body, visit),
        StmtKind::Try { body, catches, finally } => {
            walk_body(body, visit);
            for (_, body) in catches {
                walk_body(body, visit);
            }
            walk_body(finally.as_deref().unwrap_or_default(), visit);
        }
        StmtKind::Trap { body, .. } => walk_body(body, visit),
        StmtKind::Flow { value, .. } => {
            if let Some(value) = value {
                walk_stmt(value, visit);
            }
        }
        StmtKind::Labelled { stmt, .. } => walk_stmt(stmt, visit),
        StmtKind::Class(class) => {
            for default in class.properties.iter().filter_map(|property| property.default.as_ref()) {
                walk_expr(default, visit);
            }
            class.methods.iter().for_each(|method| walk_block(&method.body, visit));
        }
        StmtKind::Jump { label, .. } => {
            if let Some(label) = label {
                walk_expr(label, visit);
            }
        }
        StmtKind::Enum(_) | StmtKind::Opaque { .. } | StmtKind::Error => {}
    }
}

fn walk_element<'a>(element: &'a Element, visit: &mut dyn FnMut(Node<'a>) -> bool) {
    let redirections = match element {
        Element::Expression { expr, redirections } => {
            walk_expr(expr, visit);
            redirections
        }
        Element::Command(command) => {
            if !visit(Node::Command(command)) {
                return;
            }
            walk_expr(&command.name, visit);
            for arg in &command.args {
                match arg {
                    Arg::Parameter { value: Some(value), .. } | Arg::Value(value) => walk_expr(value, visit),
                    _ => {}
                }
            }
            &command.redirections
        }
    };
    for redirection in redirections {
        if let Some(target) = &redirection.target {
            walk_expr(target, visit);
        }
    }
}

/// Walks one expression.
pub fn walk_expr<'a>(expr: &'a Expr, visit: &mut dyn FnMut(Node<'a>) -> bool) {
    if !visit(Node::Expr(expr)) {
        return;
    }
    match &expr.kind {
        ExprKind::Expand(parts) => {
            for part in parts {
                if let Part::Expr(inner) = part {
                    walk_expr(inner, visit);
                }
            }
        }
        ExprKind::Paren(stmt) => walk_stmt(stmt, visit),
        ExprKind::Sub(body) | ExprKind::Array(body) => walk_body(body, visit),
        ExprKind::List(items) => items.iter().for_each(|item| walk_expr(item, visit)),
        ExprKind::Hash(entries) => {
            for (key, value) in entries {
                walk_expr(key, visit);
                walk_stmt(value, visit);
            }
        }
        ExprKind::Block(block) => walk_block(block, visit),
        ExprKind::Attributed(_, inner)
        | ExprKind::Cast(_, inner)
        | ExprKind::Unary(_, inner)
        | ExprKind::Step { target: inner, .. } => walk_expr(inner, visit),
        ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
            walk_expr(left, visit);
            walk_expr(right, visit);
        }
        ExprKind::Member { object, name, .. } => {
            walk_expr(object, visit);
            walk_expr(name, visit);
        }
        ExprKind::Call { object, name, args, .. } => {
            walk_expr(object, visit);
            walk_expr(name, visit);
            args.iter().for_each(|arg| walk_expr(arg, visit));
        }
        ExprKind::Ternary(a, b, c) => [a, b, c].into_iter().for_each(|inner| walk_expr(inner, visit)),
        ExprKind::Variable(_)
        | ExprKind::Splat(_)
        | ExprKind::Str { .. }
        | ExprKind::Number(..)
        | ExprKind::Type(_)
        | ExprKind::Error => {}
    }
}
