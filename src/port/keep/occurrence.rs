//! Where the variables of a script occur: in which function, under which statements, read or written.
//!
//! What follows from it is decided in `scope`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::ast::{Arg, Block, Command, Element, Expr, ExprKind, Part, Stmt, StmtKind, Variable};
use super::super::ast_walk::{Node, walk_block};
use super::names;
use super::scope::{Scopes, key, statement_key};

/// One statement list on the way to an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) block: usize,
    pub(super) stmt: usize,
    pub(super) again: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Read,
    Write,
    /// The statement itself is the plain assignment.
    Direct,
    /// The variable of a `foreach`.
    Loop,
}

#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) path: Vec<Step>,
    pub(super) what: Use,
}

#[derive(Debug, Default)]
pub(super) struct Unit {
    pub(super) key: usize,
    pub(super) seen: BTreeMap<String, Vec<Seen>>,
    pub(super) params: BTreeSet<String>,
    pub(super) is_function: bool,
    /// Its name in lower case.
    pub(super) name: String,
}

pub(super) struct Walk {
    pub(super) units: Vec<Unit>,
    pub(super) stack: Vec<usize>,
    pub(super) path: Vec<Step>,
    pub(super) scopes: Scopes,
    pub(super) loops: Vec<String>,
    pub(super) nested: usize,
    /// Functions that run as a part of the script.
    pub(super) taken: HashSet<usize>,
}

impl Walk {
    pub(super) fn block(&mut self, block: &Block) {
        for param in block.params.iter().flatten() {
            self.spell(&param.name);
            let unit = self.unit();
            unit.params.insert(param.name.to_lowercase());
            if let Some(default) = &param.default {
                self.expr(default);
            }
        }
        for part in [&block.begin, &block.process, &block.end, &block.clean].into_iter().flatten() {
            self.body(part, false);
        }
        self.body(&block.body, false);
    }

    /// Variables that are named as text: `-ErrorVariable x`, `Set-Variable x`.
    pub(super) fn filled(&mut self, script: &Block) {
        let filled = &mut self.scopes.filled;
        walk_block(script, &mut |node| {
            let Node::Command(command) = node else { return true };
            let sets = command.name.as_text().is_some_and(|name| {
                ["set-variable", "new-variable", "get-variable", "remove-variable", "clear-variable", "sv", "nv", "gv"]
                    .contains(&name.to_lowercase().as_str())
            });
            let mut next = sets;
            for arg in &command.args {
                match arg {
                    Arg::Parameter { name, value, .. } => {
                        let lower = name.to_lowercase();
                        next = (lower.ends_with("variable")
                            || matches!(lower.as_str(), "ev" | "ov" | "wv" | "iv" | "pv"))
                            || sets && "name".starts_with(&lower);
                        if let (true, Some(value)) = (next, value) {
                            filled.extend(value.as_text().map(|text| text.trim_start_matches('+').to_lowercase()));
                        }
                    }
                    Arg::Value(value) if next => {
                        filled.extend(value.as_text().map(|text| text.trim_start_matches('+').to_lowercase()));
                        next = false;
                    }
                    _ => {}
                }
            }
            true
        });
    }

    pub(super) fn unit(&mut self) -> &mut Unit {
        let at = self.stack.last().copied().unwrap_or(0);
        &mut self.units[at]
    }

    fn spell(&mut self, name: &str) {
        let unit = self.unit().key;
        self.scopes.spellings.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
        self.scopes.own_spellings.entry((unit, name.to_lowercase())).or_insert_with(|| name.to_owned());
    }

    pub(super) fn note(&mut self, variable: &Variable, what: Use) {
        let lower = variable.name.to_lowercase();
        match variable.scope.as_deref().map(str::to_lowercase).as_deref() {
            None | Some("local" | "private" | "using") => {}
            Some("script" | "global") => {
                if !names::is_shell_variable(&lower) {
                    self.spell(&variable.name);
                    self.scopes.shared.insert(lower);
                }
                return;
            }
            Some(_) => return,
        }
        if names::is_special(&lower) || names::is_shell_variable(&lower) || self.scopes.filled.contains(&lower) {
            return;
        }
        self.spell(&variable.name);
        if what == Use::Read && self.loops.contains(&lower) {
            return; // the loop's own variable
        }
        let path = self.path.clone();
        self.unit().seen.entry(lower).or_default().push(Seen { path, what });
    }

    pub(super) fn body(&mut self, body: &[Stmt], again: bool) {
        let block = body.as_ptr().addr();
        let nested = std::mem::take(&mut self.nested);
        for stmt in body {
            self.path.push(Step { block, stmt: statement_key(stmt), again });
            self.stmt(stmt);
            self.path.pop();
        }
        self.nested = nested;
    }

    pub(super) fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Pipeline(elements) => match super::pipeline::taken_in(elements) {
                Some(block) => self.body(&block.body, false),
                None => elements.iter().for_each(|element| self.element(element)),
            },
            StmtKind::Assign { target, op, value } => {
                self.within(|walk| walk.stmt(value));
                if *op != "=" {
                    self.expr(target);
                }
                self.target(target, *op == "=");
            }
            StmtKind::Chain { left, right, .. } => {
                self.within(|walk| {
                    walk.stmt(left);
                    walk.stmt(right);
                });
            }
            StmtKind::If { clauses, otherwise } => {
                for (cond, body) in clauses {
                    self.within(|walk| walk.stmt(cond));
                    self.body(body, false);
                }
                self.body(otherwise.as_deref().unwrap_or_default(), false);
            }
            StmtKind::While { cond, body } | StmtKind::Do { cond, body, .. } => {
                self.inner(cond);
                self.body(body, true);
            }
            StmtKind::For { init, cond, step, body } => {
                if let Some(init) = init {
                    self.stmt(init);
                }
                for part in [cond, step].into_iter().flatten() {
                    self.inner(part);
                }
                self.body(body, true);
            }
            StmtKind::Foreach { var, source, body } => {
                self.within(|walk| walk.stmt(source));
                self.spell(&var.name);
                self.loops.push(var.name.to_lowercase());
                self.body(body, true);
                self.loops.pop();
                let path = self.path.clone();
                let unit = self.unit();
                unit.seen.entry(var.name.to_lowercase()).or_default().push(Seen { path, what: Use::Loop });
            }
            StmtKind::Switch { subject, clauses, default, .. } => {
                self.within(|walk| walk.stmt(subject));
                for (label, body) in clauses {
                    self.expr(label);
                    self.body(body, true);
                }
                self.body(default.as_deref().unwrap_or_default(), true);
            }
            StmtKind::Function { name, body, .. } => {
                let name = super::known::plain_name(name);
                self.units.push(Unit { key: key(&**body), is_function: true, name, ..Unit::default() });
                self.stack.push(self.units.len() - 1);
                let path = std::mem::take(&mut self.path);
                let loops = std::mem::take(&mut self.loops);
                self.block(body);
                self.path = path;
                self.loops = loops;
                self.stack.pop();
            }
            StmtKind::Try { body, catches, finally } => {
                self.body(body, false);
                for (_, body) in catches {
                    self.body(body, false);
                }
                self.body(finally.as_deref().unwrap_or_default(), false);
            }
            StmtKind::Trap { body, .. } => self.body(body, false),
            StmtKind::Flow { value, .. } => {
                if let Some(value) = value {
                    self.within(|walk| walk.stmt(value));
                }
            }
            StmtKind::Labelled { stmt, .. } => self.stmt(stmt),
            StmtKind::Jump { label, .. } => {
                if let Some(label) = label {
                    self.expr(label);
                }
            }
            StmtKind::Class(_) | StmtKind::Enum(_) | StmtKind::Opaque { .. } | StmtKind::Error => {}
        }
    }

    /// A statement inside another: what it assigns is not declared there.
    pub(super) fn inner(&mut self, stmt: &Stmt) {
        self.path.push(Step { block: key(stmt), stmt: key(stmt), again: true });
        self.within(|walk| walk.stmt(stmt));
        self.path.pop();
    }

    pub(super) fn target(&mut self, target: &Expr, plain: bool) {
        match &target.kind {
            ExprKind::Variable(variable) => {
                let direct = plain && self.is_direct();
                self.note(variable, if direct { Use::Direct } else { Use::Write });
            }
            ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => self.target(inner, plain),
            ExprKind::List(items) => {
                for item in items {
                    self.write(item);
                }
            }
            ExprKind::Paren(stmt) => {
                if let StmtKind::Pipeline(elements) = &stmt.kind
                    && let [Element::Expression { expr, .. }] = elements.as_slice()
                {
                    self.target(expr, plain);
                }
            }
            _ => self.expr(target),
        }
    }

    pub(super) fn write(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Variable(variable) => self.note(variable, Use::Write),
            ExprKind::Cast(_, inner) => self.write(inner),
            _ => self.expr(target),
        }
    }

    /// Whether the statement at the end of the path is itself the assignment, and not something around it.
    fn is_direct(&self) -> bool {
        self.nested == 0
    }

    pub(super) fn element(&mut self, element: &Element) {
        let redirections = match element {
            Element::Expression { expr, redirections } => {
                self.expr(expr);
                redirections
            }
            Element::Command(command) => {
                self.command(command);
                &command.redirections
            }
        };
        for redirection in redirections {
            if let Some(target) = &redirection.target {
                self.expr(target);
            }
        }
    }

    pub(super) fn command(&mut self, command: &Command) {
        self.expr(&command.name);
        for arg in &command.args {
            match arg {
                Arg::Parameter { value: Some(value), .. } | Arg::Value(value) => self.expr(value),
                _ => {}
            }
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Variable(variable) => self.note(variable, Use::Read),
            ExprKind::Splat(name) => self.note(&Variable { scope: None, name: name.clone() }, Use::Read),
            ExprKind::Expand(parts) => {
                for part in parts {
                    if let Part::Expr(inner) = part {
                        self.expr(inner);
                    }
                }
            }
            ExprKind::Paren(stmt) => self.within(|walk| walk.stmt(stmt)),
            ExprKind::Sub(body) | ExprKind::Array(body) => match body.as_slice() {
                // written as a value, in which nothing is declared
                [only] if matches!(only.kind, StmtKind::Pipeline(_)) => self.within(|walk| walk.stmt(only)),
                _ => self.body(body, false),
            },
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item)),
            ExprKind::Hash(entries) => {
                for (key, value) in entries {
                    self.expr(key);
                    self.within(|walk| walk.stmt(value));
                }
            }
            ExprKind::Block(block) => {
                for param in block.params.iter().flatten() {
                    self.spell(&param.name);
                }
                let params: Vec<String> =
                    block.params.iter().flatten().map(|param| param.name.to_lowercase()).collect();
                let depth = self.loops.len();
                self.loops.extend(params);
                for part in [&block.begin, &block.process, &block.end, &block.clean].into_iter().flatten() {
                    self.body(part, true);
                }
                self.body(&block.body, true);
                self.loops.truncate(depth);
            }
            ExprKind::Attributed(_, inner) | ExprKind::Cast(_, inner) | ExprKind::Unary(_, inner) => self.expr(inner),
            ExprKind::Step { target, .. } => {
                self.expr(target);
                self.write(target);
            }
            ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Member { object, name, .. } => {
                self.expr(object);
                self.expr(name);
            }
            ExprKind::Call { object, name, args, .. } => {
                self.expr(object);
                self.expr(name);
                args.iter().for_each(|arg| self.expr(arg));
            }
            ExprKind::Ternary(a, b, c) => [a, b, c].into_iter().for_each(|inner| self.expr(inner)),
            ExprKind::Str { .. } | ExprKind::Number(..) | ExprKind::Type(_) | ExprKind::Error => {}
        }
    }

    pub(super) fn within(&mut self, work: impl FnOnce(&mut Self)) {
        self.nested += 1;
        work(self);
        self.nested -= 1;
    }
}
