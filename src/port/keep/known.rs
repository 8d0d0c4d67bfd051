//! What is known of the script's functions before any is written: what they take, and what they give.
//!
//! How they are written is in `function`, how they are called in `own_call`.

use std::collections::HashMap;

use super::super::ast::{Block, Expr, ExprKind, FlowKind, Invoke, Param, Stmt, StmtKind};
use super::super::ast_walk::{Node, walk_block, walk_body};
use super::parameter::takes_input;
use super::parameter_set::asks_set;
use super::pipeline::{Puts, uses};
use super::{Keeper, Known, names};
use crate::diagnostic::Span;

impl<'s> Keeper<'s> {
    /// Learns all functions before the first call is written.
    pub(super) fn collect_functions(&mut self, script: &'s Block) {
        let found = functions_in(script);
        for (name, filter, body) in found.iter().copied() {
            let params: Vec<&Param> = body.params.iter().flatten().collect();
            let takes = params.iter().any(|param| takes_input(param));
            let piped = filter || body.process.is_some() || takes || uses(body, "input");
            let advanced = body.attributes.iter().any(|a| a.name.eq_ignore_ascii_case("CmdletBinding"))
                || params.iter().any(|p| p.attributes.iter().any(|a| a.name.eq_ignore_ascii_case("Parameter")));
            let args = uses(body, "args") && !advanced;
            let known = Known {
                name: names::function(name),
                written: name,
                params,
                piped,
                rounds: filter || body.process.is_some(),
                args,
                advanced,
                bound: mentions_deeply(body, "psboundparameters") || asks_set(body),
                what_if: asks_first(body),
                item: false,
            };
            if super::pipeline::talks(body) {
                self.talking_functions.insert(plain_name(name));
            }
            if gives_a_list_whole(body) {
                self.nesting_functions.insert(plain_name(name));
            }
            self.functions.insert(plain_name(name), known);
        }
        self.note_items(&found);
        self.note_calls_outside(script);
        self.prove(script);
        self.true_functions = found
            .iter()
            .filter(|(_, filter, body)| !filter && self.gives_truth(body))
            .map(|(name, _, _)| plain_name(name))
            .collect();
        // a function is silent when everything it does is
        let bodies: Vec<(String, &'s Block)> = found.iter().map(|(name, _, body)| (plain_name(name), *body)).collect();
        self.silent_functions = bodies.iter().map(|(name, _)| name.clone()).collect();
        loop {
            let loud: Vec<String> = bodies
                .iter()
                .filter(|(name, body)| self.silent_functions.contains(name) && !self.is_quiet(body))
                .map(|(name, _)| name.clone())
                .collect();
            if loud.is_empty() {
                break;
            }
            for name in loud {
                self.silent_functions.remove(&name);
            }
        }
    }

    /// Notes functions that ask for the `$_` of their caller, themselves or through those they call.
    fn note_items(&mut self, found: &[(&'s str, bool, &'s Block)]) {
        let asked: Vec<(String, Free<'s>)> =
            found.iter().map(|(name, _, body)| (plain_name(name), Free::of(body))).collect();
        loop {
            let mut changed = false;
            for (name, free) in &asked {
                let through =
                    |called: &&str| self.functions.get(&called.to_lowercase()).is_some_and(|known| known.item);
                let asks = free.item || free.calls.iter().any(through);
                if let Some(known) = self.functions.get_mut(name).filter(|known| asks && !known.piped && !known.item) {
                    known.item = true;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Notes calls of functions that PowerShell has forgotten there: they end with the function or block they are in.
    fn note_calls_outside(&mut self, script: &'s Block) {
        // functions and blocks around the present place, from the outside in
        let mut places: Vec<Span> = Vec::new();
        let mut defined: HashMap<String, Vec<Span>> = HashMap::new();
        let mut calls: Vec<(&'s str, Span)> = Vec::new();
        walk_block(script, &mut |node| {
            match node {
                Node::Stmt(Stmt { kind: StmtKind::Function { name, body, .. }, span }) => {
                    while places.pop_if(|place| !contains(*place, *span)).is_some() {}
                    let innermost = places.last().copied().unwrap_or(Span::new(0, usize::MAX));
                    defined.entry(plain_name(name)).or_default().push(innermost);
                    places.push(body.span);
                }
                Node::Expr(Expr { kind: ExprKind::Block(block), span }) => {
                    let is_taken_in =
                        calls.last().is_some_and(|(name, call)| name.is_empty() && contains(*call, *span));
                    if !is_taken_in {
                        while places.pop_if(|place| !contains(*place, *span)).is_some() {}
                        places.push(block.span);
                    }
                }
                Node::Command(command) => match command.name.as_text() {
                    Some(name) => calls.push((name, command.span)),
                    None if command.invoke == Invoke::Dot => calls.push(("", command.name.span)),
                    None => {}
                },
                _ => {}
            }
            true
        });
        for (name, call) in calls {
            if defined.get(&name.to_lowercase()).is_some_and(|own| !own.iter().any(|place| contains(*place, call))) {
                self.find("local_function", format!("{name} is called where PowerShell has it no more"), call);
            }
        }
    }

    fn is_quiet(&self, block: &Block) -> bool {
        let returns = {
            let mut found = false;
            walk_block(block, &mut |node| {
                match node {
                    Node::Stmt(Stmt { kind: StmtKind::Flow { kind: FlowKind::Return, value: Some(_) }, .. }) => {
                        found = true;
                    }
                    Node::Expr(Expr { kind: ExprKind::Block(_), .. }) => return false,
                    _ => {}
                }
                true
            });
            found
        };
        !returns
            && [block.begin.as_deref(), block.process.as_deref(), block.end.as_deref(), Some(block.body.as_slice())]
                .into_iter()
                .flatten()
                .all(|body| self.puts(body) == Puts::Nothing)
    }
}

/// The functions of a script with whether they are filters, nested ones and those in script blocks too.
fn functions_in(block: &Block) -> Vec<(&str, bool, &Block)> {
    let mut found = Vec::new();
    walk_block(block, &mut |node| {
        if let Node::Stmt(Stmt { kind: StmtKind::Function { name, filter, body }, .. }) = node {
            found.push((name.as_str(), *filter, &**body));
        }
        true
    });
    found
}

pub(super) fn contains(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Whether a function ends in `,$list` or `return ,$list`.
fn gives_a_list_whole(block: &Block) -> bool {
    let is_comma = |stmt: &Stmt| {
        super::loops::only(stmt).is_some_and(|expr| match &expr.kind {
            ExprKind::Unary(op, _) => *op == ",",
            ExprKind::List(items) => items.len() == 1,
            _ => false,
        })
    };
    block.end.as_ref().unwrap_or(&block.body).last().is_some_and(|last| match &last.kind {
        StmtKind::Flow { value: Some(value), .. } => is_comma(value),
        _ => is_comma(last),
    })
}

/// Whether a block reads a variable, in blocks inside it too.
pub(super) fn mentions_deeply(block: &Block, lower: &str) -> bool {
    let mut found = false;
    walk_block(block, &mut |node| {
        match node {
            Node::Expr(Expr { kind: ExprKind::Variable(v), .. }) => found |= v.name.eq_ignore_ascii_case(lower),
            Node::Expr(Expr { kind: ExprKind::Splat(name), .. }) => found |= name.eq_ignore_ascii_case(lower),
            Node::Stmt(Stmt { kind: StmtKind::Function { .. }, .. }) => return false,
            _ => {}
        }
        true
    });
    found
}

/// Whether a block asks `$PSCmdlet.ShouldProcess(…)` before it does something.
pub(super) fn asks_first(block: &Block) -> bool {
    let mut found = false;
    walk_block(block, &mut |node| {
        match node {
            Node::Expr(Expr { kind: ExprKind::Call { object, name, .. }, .. }) => {
                found |= super::member::is_should_process(object, name);
            }
            Node::Stmt(Stmt { kind: StmtKind::Function { .. }, .. }) => return false,
            _ => {}
        }
        true
    });
    found
}

/// The name of a function as calls write it, in lower case.
pub(super) fn plain_name(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_lowercase()
}

/// What the statements of a function ask for outside the blocks that have a `$_` of their own.
#[derive(Default)]
struct Free<'a> {
    item: bool,
    calls: Vec<&'a str>,
}

impl<'a> Free<'a> {
    fn of(block: &'a Block) -> Self {
        let mut free = Self::default();
        free.walk(block.end.as_ref().unwrap_or(&block.body));
        free
    }

    fn walk(&mut self, body: &'a [Stmt]) {
        let mut later: Vec<&'a [Stmt]> = Vec::new();
        walk_body(body, &mut |node| {
            match node {
                Node::Expr(Expr { kind: ExprKind::Variable(v), .. }) => {
                    self.item |= v.name == "_" || v.name.eq_ignore_ascii_case("psitem");
                }
                Node::Expr(Expr { kind: ExprKind::Block(_), .. })
                | Node::Stmt(Stmt { kind: StmtKind::Function { .. } | StmtKind::Trap { .. }, .. }) => return false,
                Node::Stmt(Stmt { kind: StmtKind::Switch { subject, .. }, .. }) => {
                    later.push(std::slice::from_ref(&**subject));
                    return false;
                }
                Node::Stmt(Stmt { kind: StmtKind::Try { body, finally, .. }, .. }) => {
                    later.push(body);
                    later.extend(finally.as_deref());
                    return false;
                }
                Node::Command(command) => self.calls.extend(command.name.as_text()),
                _ => {}
            }
            true
        });
        later.into_iter().for_each(|body| self.walk(body));
    }
}
