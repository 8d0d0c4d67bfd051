//! Statements: pipelines and branches, each with its comments.
//!
//! Assignments are in `assignment`, loops and `switch` in `loops`, errors and ends in `flow`.

use super::super::ast::{Arg, Element, Expr, ExprKind, Redirection, Stmt, StmtKind};
use super::scope::{key, statement_key};
use super::text::quoted;
use super::types::Ty;
use super::{Code, Keeper, Output, names};
use crate::diagnostic::Span;

impl<'s> Keeper<'s> {
    pub(super) fn body(&mut self, body: &'s [Stmt]) {
        for stmt in body {
            self.statement(stmt);
        }
    }

    /// A block of statements between braces, without the braces.
    pub(super) fn nested(&mut self, body: &'s [Stmt]) {
        self.indent += 1;
        self.body(body);
        self.comments_at_the_end(body);
        self.indent -= 1;
    }

    /// A block whose statements give their values to `output`.
    pub(super) fn nested_as(&mut self, body: &'s [Stmt], output: Output) {
        let before = std::mem::replace(&mut self.output, output);
        self.nested(body);
        self.output = before;
    }

    pub(super) fn statement(&mut self, stmt: &'s Stmt) {
        self.comments_before(stmt.span.start);
        let begin = self.out.len();
        for (name, assigned) in self.scopes.before.get(&statement_key(stmt)).cloned().unwrap_or_default() {
            let spelling = self.spelling(&name);
            let own = self.own_function.is_some_and(|function| self.is_local(function, &name));
            if self.scopes.shared.contains(&name) && !own {
                continue;
            }
            if assigned {
                self.line(&format!("let {spelling} = ();"));
            } else {
                self.line(&format!("let {spelling} = (); // never assigned in the original"));
                let message = format!("${name} never gets a value");
                self.find("never_assigned", message, stmt.span);
            }
        }
        let open = self.out.len();
        self.plain(stmt);
        if self.out.len() > open || matches!(stmt.kind, StmtKind::Function { .. }) {
            self.after(stmt, begin);
        }
    }

    /// A variable's name in Rhai, from its name in lower case.
    pub(super) fn spelling(&self, lower: &str) -> String {
        let unit = self.own_function.unwrap_or(self.scopes.script);
        let own = self.own_function.is_none_or(|function| self.is_local(function, lower));
        let spelling = match self.scopes.own_spellings.get(&(unit, lower.to_owned())) {
            Some(spelling) if own && !(self.scopes.shared.contains(lower) && self.own_function.is_none()) => spelling,
            Some(spelling) if !self.scopes.shared.contains(lower) => spelling,
            _ => self.scopes.spellings.get(lower).map_or(lower, String::as_str),
        };
        names::variable(spelling)
    }

    pub(super) fn plain(&mut self, stmt: &'s Stmt) {
        self.written_plainly(stmt);
        if matches!(
            stmt.kind,
            StmtKind::While { .. }
                | StmtKind::Do { .. }
                | StmtKind::For { .. }
                | StmtKind::Foreach { .. }
                | StmtKind::Switch { .. }
        ) {
            self.after_loop(stmt);
        }
    }

    fn written_plainly(&mut self, stmt: &'s Stmt) {
        match &stmt.kind {
            StmtKind::Pipeline(elements) => self.pipeline_statement(elements, stmt.span),
            StmtKind::Assign { target, op, value } => {
                let declares = self.scopes.lets.contains(&key(stmt));
                self.assignment(target, op, value, declares);
            }
            StmtKind::Chain { left, and, right } => {
                self.plain(left);
                self.line(&format!("if {}last_ok() {{", if *and { "" } else { "!" }));
                self.indent += 1;
                self.plain(right);
                self.indent -= 1;
                self.line("}");
            }
            StmtKind::If { clauses, otherwise } => self.branches(clauses, otherwise.as_deref()),
            StmtKind::While { cond, body } => {
                let cond = self.condition(cond);
                self.line(&format!("while {cond} {{"));
                self.round(body);
                self.line("}");
            }
            StmtKind::Do { body, cond, until } => {
                self.line("do {");
                self.round(body);
                let cond = self.condition(cond);
                self.line(&format!("}} {} {cond};", if *until { "until" } else { "while" }));
            }
            StmtKind::For { init, cond, step, body } => {
                self.for_loop(stmt, init.as_deref(), cond.as_deref(), step.as_deref(), body);
            }
            StmtKind::Foreach { var, source, body } => self.foreach(stmt, var, source, body),
            StmtKind::Switch { flags, subject, clauses, default } => {
                self.switch(flags, subject, clauses, default.as_deref());
            }
            StmtKind::Function { name, filter, body } => self.function(name, *filter, body),
            StmtKind::Try { body, catches, finally } => self.try_statement(body, catches, finally.as_deref()),
            StmtKind::Flow { kind, value } => self.flow(*kind, value.as_deref()),
            StmtKind::Jump { next, label } => self.jump(*next, label.as_ref(), stmt.span),
            StmtKind::Labelled { label, stmt } => self.labelled(label, stmt),
            StmtKind::Trap { type_name, body } => self.trap(type_name.as_deref(), body, stmt),
            StmtKind::Opaque { word: "using", text } => {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                self.line(&format!("// {text}"));
            }
            StmtKind::Enum(found) => self.enumeration(found, stmt.span),
            StmtKind::Class(_) | StmtKind::Opaque { .. } => {
                let code = self.unsupported("class", "a definition of the script's own", stmt.span);
                self.line(&format!("{};", code.text));
            }
            StmtKind::Error => {
                let source = self.source_of(stmt.span);
                self.line(&format!("unsupported({});", quoted(&source)));
            }
        }
    }

    /// The body of a loop.
    pub(super) fn round(&mut self, body: &'s [Stmt]) {
        self.loops += 1;
        let label = self.label.take();
        self.labels.push(label);
        self.nested(body);
        self.labels.pop();
        self.loops -= 1;
    }

    pub(super) fn pipeline_statement(&mut self, elements: &'s [Element], span: Span) {
        if let Some(block) = super::pipeline::taken_in(elements) {
            return self.body(&block.body);
        }
        if let [Element::Expression { expr, redirections }] = elements
            && redirections.is_empty()
            && !is_load(expr)
        {
            return self.expression_statement(expr);
        }
        if let [Element::Command(command)] = elements
            && command.name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("Set-StrictMode"))
        {
            let source = self.source_of(span);
            if !source.to_lowercase().contains("off") {
                self.find("strict_mode", "mistakes that strict mode finds are not found", span);
            }
            return self.line(&format!("// not needed here: {source}"));
        }
        if loads_only(elements) {
            let source = self.source_of(span);
            return self.line(&format!("// not needed here: {source}"));
        }
        if let [Element::Command(command)] = elements
            && let Some(value) = self.written_output(command)
        {
            return self.give(value);
        }
        let (code, silent) = self.chain(elements, span);
        if silent || code.text.starts_with("unsupported(") {
            self.line(&format!("{};", code.text));
        } else {
            self.give(code);
        }
    }

    fn expression_statement(&mut self, expr: &'s Expr) {
        match &expr.kind {
            ExprKind::Step { target, up, .. } => self.step(target, *up),
            ExprKind::Cast(name, inner) if name.eq_ignore_ascii_case("void") => {
                if is_load(inner) {
                    let source = self.source_of(expr.span);
                    return self.line(&format!("// not needed here: {source}"));
                }
                let code = self.expr(inner);
                self.line(&format!("{};", code.text));
            }
            ExprKind::Sub(body) => self.body(body),
            ExprKind::Paren(inner) if matches!(inner.kind, StmtKind::Assign { .. }) => {
                let StmtKind::Assign { target, op, value } = &inner.kind else { return };
                self.assignment(target, op, value, false);
                let code = self.expr(target);
                self.give(code);
            }
            _ => {
                let silent = self.is_silent_call(expr);
                self.read_as_text(expr);
                let code = self.expr(expr);
                if silent || code.text.starts_with("unsupported(") {
                    self.line(&format!("{};", code.text));
                } else {
                    self.give(code);
                }
            }
        }
    }

    /// Gives a value to whoever takes the output here.
    pub(super) fn give(&mut self, code: Code) {
        match self.output {
            Output::Show => self.line(&format!("show({});", code.text)),
            Output::Collect => self.line(&format!("out.emit({});", code.text)),
            Output::Tail => self.line(&code.text),
        }
    }

    /// A statement whose value nobody wants.
    pub(super) fn discarded(&mut self, value: &'s Stmt) {
        let code = match &value.kind {
            StmtKind::Pipeline(elements) if !matches!(elements.as_slice(), [Element::Expression { .. }]) => {
                self.chain(elements, value.span).0
            }
            _ => self.value_of(value),
        };
        self.line(&format!("{};", code.text));
    }

    fn branches(&mut self, clauses: &'s [(Stmt, Vec<Stmt>)], otherwise: Option<&'s [Stmt]>) {
        for (index, (cond, body)) in clauses.iter().enumerate() {
            let text = self.condition(cond);
            self.line(&format!("{}if {text} {{", if index == 0 { "" } else { "} else " }));
            self.done = self.done.max(cond.span.end);
            self.nested(body);
        }
        if let Some(body) = otherwise {
            self.line("} else {");
            self.nested(body);
        }
        self.line("}");
    }

    /// Whether a method call as a statement gives nothing that anybody wants to see.
    pub(super) fn is_silent_call(&self, expr: &Expr) -> bool {
        let ExprKind::Call { object, name, fixed: false, .. } = &expr.kind else { return false };
        let name = name.as_text().unwrap_or_default().to_lowercase();
        match name.as_str() {
            "add" => super::types::of(object, &self.types) != Ty::Any || self.is_generic(object),
            "insert" => !matches!(super::types::of(object, &self.types), Ty::Any | Ty::Str),
            "addrange" | "clear" | "removeat" | "sort" | "reverse" | "close" | "dispose" | "stop" | "start"
            | "reset" | "restart" | "foreach" => !matches!(name.as_str(), "foreach"),
            "remove" => super::types::of(object, &self.types) == Ty::Table,
            _ => false,
        }
    }

    fn is_generic(&self, object: &Expr) -> bool {
        match &object.kind {
            ExprKind::Variable(variable) => {
                let lower = variable.name.to_lowercase();
                self.generics.contains(&lower) || self.types.get(&lower).is_some_and(|ty| *ty == Ty::Generic)
            }
            _ => false,
        }
    }
}

/// Whether a statement only loads an assembly: types that exsh knows are there, others are told where they are used.
fn loads_only(elements: &[Element]) -> bool {
    match elements.first() {
        Some(Element::Command(command)) => {
            let full = command.name.as_text().map(super::super::builtin::full_name).unwrap_or_default();
            let is_assembly = |arg: &Arg| matches!(arg, Arg::Parameter { name, .. } if name.len() > 1 && "assemblyname".starts_with(&name.to_lowercase()));
            full.eq_ignore_ascii_case("Add-Type") && command.args.first().is_some_and(is_assembly)
        }
        Some(Element::Expression { expr, .. }) => is_load(expr),
        None => false,
    }
}

/// `[System.Reflection.Assembly]::LoadWithPartialName(…)`.
fn is_load(expr: &Expr) -> bool {
    let ExprKind::Call { object, name, fixed: true, .. } = &expr.kind else { return false };
    let loads = |name: &str| name.to_lowercase().starts_with("load");
    matches!(&object.kind, ExprKind::Type(of) if of.to_lowercase().ends_with("reflection.assembly"))
        && name.as_text().is_some_and(loads)
}

/// A property: `x.Name`, or `x["a b"]`.
pub(super) fn member(owner: &str, name: &str) -> String {
    if names::is_plain(name) { format!("{owner}.{name}") } else { format!("{owner}[{}]", quoted(name)) }
}

pub(super) fn is_null_variable(target: &Expr) -> bool {
    matches!(&target.kind, ExprKind::Variable(v) if v.scope.is_none() && v.name.eq_ignore_ascii_case("null"))
}

/// Whether redirections are only to nowhere.
pub(super) fn only_nowhere(redirections: &[Redirection]) -> bool {
    redirections.iter().all(|redirection| redirection.target.as_ref().is_some_and(is_null_variable))
}
