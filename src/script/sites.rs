//! Finds the places of a script that may call a cmdlet, names and numbers of arguments, and the properties it reads.
//!
//! Not here: what happens when they are reached (`dispatch`).

#![allow(deprecated, reason = "the syntax tree is volatile, says Rhai, not deprecated; its version is pinned")]

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Expr, FnPtr, ImmutableString, Stmt};

/// Numbers of arguments with which a function may be called that is only mentioned.
const MENTIONED_ARGUMENTS_MAX: usize = 4;

/// All calls by simple name, and all functions mentioned as values.
pub(super) fn call_sites(ast: &AST) -> BTreeSet<(String, usize)> {
    let mut sites = BTreeSet::new();
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        match path.last() {
            Some(ASTNode::Expr(expression)) => in_expression(expression, &mut sites),
            Some(ASTNode::Stmt(Stmt::FnCall(call, _))) if !call.is_qualified() && !call.is_operator_call() => {
                sites.insert((call.name.to_string(), call.args.len()));
            }
            Some(ASTNode::Stmt(Stmt::Expr(expression))) => in_expression(expression, &mut sites),
            _ => {}
        }
        true
    });
    sites
}

/// The names of all properties that are read somewhere.
pub(super) fn properties_read(ast: &AST) -> BTreeSet<ImmutableString> {
    let mut names = BTreeSet::new();
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Expr(Expr::Property(property, _))) = path.last() {
            names.insert(property.2.clone());
        }
        true
    });
    names
}

fn in_expression(expression: &Expr, sites: &mut BTreeSet<(String, usize)>) {
    match expression {
        Expr::FnCall(call, _) if !call.is_qualified() && !call.is_operator_call() => {
            sites.insert((call.name.to_string(), call.args.len()));
        }
        Expr::MethodCall(call, _) => {
            sites.insert((call.name.to_string(), call.args.len() + 1));
        }
        // Fn("get_mailbox") is a constant by now.
        Expr::DynamicConstant(value, _) => {
            if let Some(function) = value.read_lock::<FnPtr>()
                && !function.is_anonymous()
            {
                mention(function.fn_name(), sites);
            }
        }
        Expr::Variable(variable, ..) if variable.1.contains('_') => mention(&variable.1, sites),
        _ => {}
    }
}

fn mention(name: &str, sites: &mut BTreeSet<(String, usize)>) {
    sites.extend((0..=MENTIONED_ARGUMENTS_MAX).map(|count| (name.to_owned(), count)));
}
