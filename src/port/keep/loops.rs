//! Loops and `switch`.
//!
//! A `switch` walks its subject and tries every label; it becomes a chain of `if` where one label at most can fit.

use super::super::ast::{Element, Expr, ExprKind, Number, Stmt, StmtKind, Variable};
use super::super::ast_walk::{Node, walk_body};
use super::scope::key;
use super::types::Ty;
use super::{Code, Keeper, Level, names};

impl<'s> Keeper<'s> {
    pub(super) fn foreach(&mut self, stmt: &Stmt, var: &Variable, source: &'s Stmt, body: &'s [Stmt]) {
        // `$foreach` moves a list of the runtime only
        let moves = super::pipeline::mentions_variable(body, "foreach");
        let source = if moves { self.value_of(source) } else { self.loose_value_of(source) };
        // Rhai walks no number
        let single = matches!(source.ty, Ty::Int | Ty::Float | Ty::Bool);
        let source = if single { Code::atom(format!("[{}]", source.text), Ty::List) } else { source };
        let name = self.spelling(&var.name.to_lowercase());
        let lower = var.name.to_lowercase();
        let shared = self.scopes.shared.contains(&lower) && self.inside == 0;
        if shared || self.scopes.escaping.contains(&(key(stmt), lower)) {
            let each = format!("each_{}", name.to_lowercase());
            let store = self.set_variable(var, &each);
            self.line(&format!("for {each} in {} {{", source.text));
            self.line(&format!("    {store};"));
        } else {
            self.line(&format!("for {name} in {} {{", source.text));
        }
        self.round(body);
        self.line("}");
    }

    pub(super) fn for_loop(
        &mut self,
        stmt: &'s Stmt,
        init: Option<&'s Stmt>,
        cond: Option<&'s Stmt>,
        step: Option<&'s Stmt>,
        body: &'s [Stmt],
    ) {
        let declares = self.scopes.lets.contains(&key(stmt));
        if self.scopes.confined.contains(&key(stmt))
            && let Some(text) = self.counted(init, cond, step, body)
        {
            self.line(&text);
            self.round(body);
            self.line("}");
            return;
        }
        if let Some(init) = init {
            match &init.kind {
                StmtKind::Assign { target, op, value } => {
                    let code = self.value_of(value);
                    self.assign_init(target, op, code, declares);
                }
                _ => self.statement(init),
            }
        }
        let own = self.label.clone();
        let has_continue =
            continues(body) || own.is_some_and(|label| body.iter().any(|stmt| jumps_out(stmt, &label).0));
        let cond = cond.map_or_else(|| "true".to_owned(), |cond| self.condition(cond));
        if has_continue {
            let again = self.fresh("again");
            self.line(&format!("let {again} = false;"));
            self.line("loop {");
            self.indent += 1;
            if let Some(step) = step {
                self.line(&format!("if {again} {{"));
                self.indent += 1;
                self.silent(step);
                self.indent -= 1;
                self.line("}");
                self.line(&format!("{again} = true;"));
            }
            self.line(&format!("if !({cond}) {{ break; }}"));
            self.indent -= 1;
            self.round(body);
        } else {
            self.line(&if cond == "true" { "loop {".to_owned() } else { format!("while {cond} {{") });
            self.round(body);
            if let Some(step) = step {
                self.indent += 1;
                self.silent(step);
                self.indent -= 1;
            }
        }
        self.line("}");
    }

    fn assign_init(&mut self, target: &'s Expr, op: &str, code: Code, declares: bool) {
        let declared = match &target.kind {
            ExprKind::Variable(variable) if declares && op == "=" => Some(self.variable(variable).text),
            _ => None,
        };
        match declared {
            Some(name) => self.line(&format!("let {name} = {};", code.text)),
            None => {
                let store = self.store(target, &code.text);
                self.line(&format!("{store};"));
            }
        }
    }

    /// The parts of a header, whose values are no output.
    fn silent(&mut self, stmt: &'s Stmt) {
        match &stmt.kind {
            StmtKind::Pipeline(elements) => match elements.as_slice() {
                [Element::Expression { expr, .. }] => match &expr.kind {
                    ExprKind::Step { target, up, .. } => self.step(target, *up),
                    ExprKind::Sub(parts) => parts.iter().for_each(|part| self.silent(part)),
                    _ => {
                        let code = self.expr(expr);
                        self.line(&format!("{};", code.text));
                    }
                },
                _ => self.discarded(stmt),
            },
            _ => self.statement(stmt),
        }
    }

    /// `for i in 0..n` where the loop only counts.
    fn counted(
        &mut self,
        init: Option<&'s Stmt>,
        cond: Option<&'s Stmt>,
        step: Option<&'s Stmt>,
        body: &'s [Stmt],
    ) -> Option<String> {
        let StmtKind::Assign { target, op: "=", value } = &init?.kind else { return None };
        let ExprKind::Variable(counter) = &target.kind else { return None };
        let is_counter = |expr: &Expr| matches!(&expr.kind, ExprKind::Variable(v) if v.scope.is_none() && v.name.eq_ignore_ascii_case(&counter.name));
        let ExprKind::Binary(op @ ("-lt" | "-le"), left, bound) = &only(cond?)?.kind else { return None };
        let ExprKind::Step { up: true, target: stepped, .. } = &only(step?)?.kind else { return None };
        if !is_counter(left) || !is_counter(stepped) {
            return None;
        }
        let subject = match &bound.kind {
            ExprKind::Number(Number::Int(_), _) => None,
            ExprKind::Variable(variable) if self.type_of(bound) == Ty::Int => Some(variable),
            ExprKind::Member { object, name, fixed: false }
                if name.as_text().is_some_and(|n| matches!(n.to_lowercase().as_str(), "count" | "length")) =>
            {
                match &object.kind {
                    ExprKind::Variable(variable) => Some(variable),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let names: Vec<&str> = std::iter::once(counter).chain(subject).map(|v| v.name.as_str()).collect();
        if changes(body, &names) {
            return None;
        }
        let start = self.value_of(value);
        let end = self.expr(bound);
        if start.ty != Ty::Int {
            return None;
        }
        let dots = if *op == "-lt" { ".." } else { "..=" };
        let name = self.variable(counter).text;
        Some(format!("for {name} in {}{dots}{} {{", start.tight(Level::Sum), end.tight(Level::Sum)))
    }

    pub(super) fn switch(
        &mut self,
        flags: &[String],
        subject: &'s Stmt,
        clauses: &'s [(Expr, Vec<Stmt>)],
        default: Option<&'s [Stmt]>,
    ) {
        let has = |flag: &str| flags.iter().any(|own| own == flag);
        let subject = if has("file") {
            let code = self.value_of(subject);
            Code::atom(format!("get_content({})", code.text), Ty::Any)
        } else {
            self.value_of(subject)
        };
        let plain = !has("regex") && !has("wildcard") && !has("casesensitive");
        // at most one clause is run: it is the only one that fits, or it leaves the switch
        let one = plain && exclusive(clauses) || clauses.iter().all(|(_, body)| ends_in_jump(body));
        let scalar = subject.ty.is_scalar();
        let bodies: Vec<&'s [Stmt]> = clauses.iter().map(|(_, body)| body.as_slice()).chain(default).collect();
        let stays = |body: &&[Stmt]| !jumps(without_last_jump(body, true)) && !changes(body, &[&subject.text]);
        if one && scalar && !clauses.is_empty() && names::is_plain(&subject.text) && bodies.iter().all(stays) {
            let item = std::mem::replace(&mut self.item, subject.text.into());
            self.clauses(clauses, default, None, &|body| without_last_jump(body, true), &has);
            self.item = item;
            return;
        }
        let item = std::mem::replace(&mut self.item, "it".into());
        let walk = if scalar {
            format!("for it in [{}] {{", subject.text)
        } else {
            format!("for it in switch_items({}) {{", subject.text)
        };
        self.line(&walk);
        self.indent += 1;
        self.loops += 1;
        let label = self.label.take();
        self.labels.push(label);
        let flag = if one || default.is_none() { None } else { Some(self.fresh("fits")) };
        if let Some(flag) = &flag {
            self.line(&format!("let {flag} = false;"));
        }
        if one {
            self.clauses(clauses, default, None, &|body| without_last_jump(body, scalar), &has);
        } else {
            self.clauses(clauses, default, Some(flag.as_deref()), &|body| body, &has);
        }
        self.loops -= 1;
        self.labels.pop();
        self.indent -= 1;
        self.line("}");
        self.item = item;
    }

    /// The clauses of a `switch`: one chain of `if`, or with `flag` one after the other, of which several may fit.
    fn clauses(
        &mut self,
        clauses: &'s [(Expr, Vec<Stmt>)],
        default: Option<&'s [Stmt]>,
        flag: Option<Option<&str>>,
        short: &dyn Fn(&'s [Stmt]) -> &'s [Stmt],
        has: &dyn Fn(&str) -> bool,
    ) {
        for (index, (label, body)) in clauses.iter().enumerate() {
            let test = self.switch_test(label, has);
            let other = if flag.is_none() && index > 0 { "} else " } else { "" };
            self.line(&format!("{other}if {test} {{"));
            if let Some(Some(flag)) = flag {
                self.line(&format!("    {flag} = true;"));
            }
            self.clause(body, short(body));
            if flag.is_some() {
                self.line("}");
            }
        }
        if let Some(body) = default {
            match flag {
                Some(Some(flag)) => self.line(&format!("if !{flag} {{")),
                _ if clauses.is_empty() => self.line("if true {"),
                _ => self.line("} else {"),
            }
            self.clause(body, short(body));
            self.line("}");
        } else if flag.is_none() && !clauses.is_empty() {
            self.line("}");
        }
    }

    /// The statements of a clause, without a jump at their end that does nothing.
    fn clause(&mut self, body: &'s [Stmt], short: &'s [Stmt]) {
        self.indent += 1;
        self.body(short);
        if let Some(last) = body.last() {
            self.done = self.done.max(self.real_end(last.span.end));
        }
        self.comments_at_the_end(body);
        self.indent -= 1;
    }

    fn switch_test(&mut self, label: &'s Expr, has: &dyn Fn(&str) -> bool) -> String {
        if let ExprKind::Block(block) = &label.kind
            && let [only] = block.body.as_slice()
        {
            return self.condition(only);
        }
        let code = self.expr(label);
        let exact = has("casesensitive");
        if has("regex") {
            return format!("{}({}, {})", if exact { "is_cmatch" } else { "is_match" }, self.item, code.text);
        }
        if has("wildcard") {
            return if exact {
                format!("clike({}, {})", self.item, code.text)
            } else {
                format!("{} like {}", self.item, code.tight(Level::Sum))
            };
        }
        if exact {
            format!("ceq({}, {})", self.item, code.text)
        } else {
            format!("{} eq {}", self.item, code.tight(Level::Sum))
        }
    }
}

/// The only expression of a statement.
pub(super) fn only(stmt: &Stmt) -> Option<&Expr> {
    match &stmt.kind {
        StmtKind::Pipeline(elements) => match elements.as_slice() {
            [Element::Expression { expr, redirections }] if redirections.is_empty() => Some(expr),
            _ => None,
        },
        _ => None,
    }
}

/// Whether at most one label can fit.
fn exclusive(clauses: &[(Expr, Vec<Stmt>)]) -> bool {
    let mut seen = Vec::new();
    clauses.iter().all(|(label, _)| {
        let text = match &label.kind {
            ExprKind::Str { text, .. } => text.to_lowercase(),
            ExprKind::Number(Number::Int(n), _) => n.to_string(),
            _ => return false,
        };
        let new = !seen.contains(&text);
        seen.push(text);
        new
    })
}

/// Stands as a label for the objects that a function works on one by one.
pub(super) const PROCESS: &str = "\u{1}process";

/// Whether loops inside a statement go on with, or leave, the loop outside that has this label.
pub(super) fn jumps_out(stmt: &Stmt, label: &str) -> (bool, bool) {
    let mut found = (false, false);
    let own =
        |own: &Option<Expr>| own.as_ref().and_then(Expr::as_text).is_some_and(|own| own.eq_ignore_ascii_case(label));
    super::super::ast_walk::walk_stmt(stmt, &mut |node| {
        match node {
            Node::Stmt(stmt) => match &stmt.kind {
                StmtKind::For { body, .. }
                | StmtKind::Foreach { body, .. }
                | StmtKind::While { body, .. }
                | StmtKind::Do { body, .. } => {
                    note(body, label, &own, &mut found);
                }
                StmtKind::Switch { clauses, default, .. } => {
                    for body in clauses.iter().map(|(_, body)| body.as_slice()).chain(default.as_deref()) {
                        note(body, label, &own, &mut found);
                    }
                }
                StmtKind::Function { .. } => return false,
                _ => {}
            },
            Node::Expr(Expr { kind: ExprKind::Block(_), .. }) => return false,
            _ => {}
        }
        true
    });
    found
}

fn note(body: &[Stmt], label: &str, own: &dyn Fn(&Option<Expr>) -> bool, found: &mut (bool, bool)) {
    walk_body(body, &mut |node| {
        match node {
            Node::Stmt(stmt) => match &stmt.kind {
                StmtKind::Jump { next: true, label } if own(label) => found.0 = true,
                StmtKind::Jump { next: false, label } if own(label) => found.1 = true,
                StmtKind::Flow { kind: super::super::ast::FlowKind::Return, .. } if label == PROCESS => found.0 = true,
                StmtKind::Function { .. } => return false,
                _ => {}
            },
            Node::Expr(Expr { kind: ExprKind::Block(_), .. }) => return false,
            _ => {}
        }
        true
    });
}

/// Whether statements give a value by `return`.
pub(super) fn returns_value(body: &[Stmt]) -> bool {
    let mut found = false;
    walk_body(body, &mut |node| {
        match node {
            Node::Stmt(Stmt {
                kind: StmtKind::Flow { kind: super::super::ast::FlowKind::Return, value: Some(_) },
                ..
            }) => found = true,
            Node::Stmt(Stmt { kind: StmtKind::Function { .. }, .. })
            | Node::Expr(Expr { kind: ExprKind::Block(_), .. }) => return false,
            _ => {}
        }
        true
    });
    found
}

/// Statements without a jump at their end that goes on where their end does; `break` too when there is one item only.
fn without_last_jump(body: &[Stmt], single: bool) -> &[Stmt] {
    match body.split_last() {
        Some((Stmt { kind: StmtKind::Jump { next, label: None }, .. }, rest)) if *next || single => rest,
        _ => body,
    }
}

/// Whether statements end in a jump, so that nothing after them is run.
fn ends_in_jump(body: &[Stmt]) -> bool {
    matches!(body.last().map(|last| &last.kind), Some(StmtKind::Jump { .. } | StmtKind::Flow { .. }))
}

/// Whether statements have a `break` or `continue` for the switch they are in.
fn jumps(body: &[Stmt]) -> bool {
    let mut found = false;
    walk_body(body, &mut |node| {
        found |= matches!(node, Node::Stmt(Stmt { kind: StmtKind::Jump { .. }, .. }));
        !matches!(node, Node::Expr(Expr { kind: ExprKind::Block(_), .. }))
    });
    found
}

fn continues(body: &[Stmt]) -> bool {
    let mut found = false;
    walk_body(body, &mut |node| {
        match node {
            Node::Stmt(stmt) => match &stmt.kind {
                StmtKind::Jump { next: true, .. } => found = true,
                StmtKind::For { .. }
                | StmtKind::Foreach { .. }
                | StmtKind::While { .. }
                | StmtKind::Do { .. }
                | StmtKind::Switch { .. }
                | StmtKind::Function { .. } => return false,
                _ => {}
            },
            Node::Expr(Expr { kind: ExprKind::Block(_), .. }) => return false,
            _ => {}
        }
        true
    });
    found
}

/// Whether any of the variables may change in the statements.
fn changes(body: &[Stmt], names: &[&str]) -> bool {
    let is_one = |expr: &Expr| matches!(&expr.kind, ExprKind::Variable(v) if names.iter().any(|name| v.name.eq_ignore_ascii_case(name)));
    let mut found = false;
    walk_body(body, &mut |node| {
        match node {
            Node::Stmt(Stmt { kind: StmtKind::Assign { target, .. }, .. }) => found |= is_one(target),
            Node::Expr(Expr { kind: ExprKind::Step { target, .. }, .. }) => found |= is_one(target),
            Node::Expr(Expr { kind: ExprKind::Call { object, .. }, .. }) => found |= is_one(object),
            _ => {}
        }
        true
    });
    found
}
