//! Statements: assignments, branches, errors, ends; each with its comments.
//!
//! Loops and `switch` are in `loops`.

use super::super::ast::{Arg, Element, Expr, ExprKind, Redirection, Stmt, StmtKind, Variable};
use super::scope::{key, statement_key};
use super::text::quoted;
use super::types::Ty;
use super::{Code, Keeper, Level, Output, names};
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

    /// `$x++` as a statement.
    pub(super) fn step(&mut self, target: &'s Expr, up: bool) {
        let text = self.stepped(target, up);
        self.line(&format!("{text};"));
    }

    /// `$x++` as an assignment.
    pub(super) fn stepped(&mut self, target: &'s Expr, up: bool) -> String {
        let code = self.expr(target);
        if code.ty == Ty::Int && names::is_plain(&code.text) && !self.is_near_limit(target) {
            return format!("{} {} 1", code.text, if up { "+=" } else { "-=" });
        }
        let next = Code::atom(format!("{}({})", if up { "inc" } else { "dec" }, code.text), Ty::Any);
        let next = self.for_variable(target, next);
        self.store(target, &next.text)
    }

    /// Whether a whole number that keeps its type may soon be too large for it.
    fn is_near_limit(&self, target: &Expr) -> bool {
        matches!(&target.kind, ExprKind::Variable(variable)
            if self.type_of_variable(variable).is_some() && self.large.contains(&variable.name.to_lowercase()))
    }

    /// A new value of a variable as the type wants it that the variable was declared with.
    fn for_variable(&mut self, target: &Expr, code: Code) -> Code {
        let ExprKind::Variable(variable) = &target.kind else { return code };
        let Some(name) = self.type_of_variable(variable) else { return code };
        self.as_declared(&name, code)
    }

    /// A value as the type of a variable wants it: as a method, so that the error is one of the variable.
    fn as_declared(&mut self, name: &str, code: Code) -> Code {
        let cast = self.cast_text(name, &code);
        if cast.text == code.text || cast.text.starts_with("to_list(") {
            return cast;
        }
        let Some((word, rest)) = cast.text.split_once('(') else { return cast };
        let rest = rest.strip_prefix(&code.text).unwrap_or(")").trim_start_matches(", ");
        let owner = if code.ty.is_number() { format!("({})", code.text) } else { code.tight(Level::Atom) };
        let is_broken = owner.lines().last().is_some_and(|line| line.starts_with("    ."));
        let line_end = if is_broken { "\n    " } else { "" };
        Code::atom(format!("{owner}{line_end}.{word}({rest}"), cast.ty)
    }

    fn assignment(&mut self, target: &'s Expr, op: &str, value: &'s Stmt, declares: bool) {
        // `$a = $b = 1`: the inner one first
        if let StmtKind::Assign { target: inner, op: inner_op, value: inner_value } = &value.kind {
            self.assignment(inner, inner_op, inner_value, false);
            let code = self.expr(inner);
            return self.assign_code(target, op, code, declares);
        }
        if let ExprKind::Attributed(attribute, _) = &target.kind
            && attribute.name.to_lowercase().starts_with("validate")
        {
            self.find("validated_variable", format!("[{}] checks later values too", attribute.name), target.span);
        }
        if is_static(target) {
            return self.static_assignment(target, value);
        }
        if op == "=" && is_null_variable(target) {
            return self.discarded(value);
        }
        let code = self.value_of(value);
        self.assign_code(target, op, code, declares);
    }

    /// `[Net.ServicePointManager]::SecurityProtocol = …`: settings of .NET.
    fn static_assignment(&mut self, target: &'s Expr, value: &'s Stmt) {
        let source = self.source_of(Span::new(target.span.start, value.span.end));
        let lower = source.to_lowercase();
        if lower.contains("servicepointmanager]") || lower.contains("console]::") && lower.contains("encoding") {
            return self.line(&format!("// not needed here: {source}"));
        }
        let code = self.unsupported("static_assignment", "a setting of .NET", target.span);
        self.line(&format!("{};", code.text));
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

    fn assign_code(&mut self, target: &'s Expr, op: &str, code: Code, declares: bool) {
        let own = code.ty;
        let text = match op {
            "=" => code.text,
            "??=" => {
                let present = self.expr(target);
                let store = self.store(target, &code.text);
                self.line(&format!("if {} == () {{ {store}; }}", present.tight(Level::Compare)));
                return;
            }
            _ => {
                let present = self.expr(target);
                let numbers = present.ty.is_number() && own.is_number();
                let plain = match (op, present.ty, own) {
                    ("+=", Ty::Str, Ty::Str) | ("+=", Ty::List, _) => true,
                    ("+=" | "-=" | "*=", ..) => numbers,
                    _ => false,
                };
                let shared = present.text.contains('(');
                let free = !matches!(&target.kind, ExprKind::Variable(v) if self.type_of_variable(v).is_some())
                    || matches!(present.ty, Ty::Float | Ty::List)
                    || op != "*=" && is_small(&code.text) && !self.is_near_limit(target);
                if plain && present.level == Level::Atom && !shared && free {
                    self.line(&format!("{} {op} {};", present.text, code.text));
                    return;
                }
                if op == "+=" && present.ty == Ty::Str && present.level == Level::Atom && !shared {
                    let text = self.as_text(&code);
                    self.line(&format!("{} += {text};", present.text));
                    return;
                }
                format!("{}({}, {})", super::operator::word_of(op), present.text, code.text)
            }
        };
        let is_whole = own != Ty::Int || code.level == Level::Atom || is_small(&text);
        let is_step = code.level == Level::Sum && text.rsplit(' ').next().is_some_and(is_small);
        let keeps = op == "=" && (is_whole || is_step && !self.is_near_limit(target));
        let value = Code::at(text, if keeps { own } else { Ty::Any }, if op == "=" { code.level } else { Level::Atom });
        let typed = self.converted(target, value);
        let typed = self.for_variable(target, typed).text;
        if declares && let Some(variable) = innermost_variable(target) {
            let name = self.spelling(&variable.name.to_lowercase());
            let lower = variable.name.to_lowercase();
            let own = self.inside > 0 && self.own_function.is_some_and(|function| self.is_local(function, &lower));
            if !self.scopes.shared.contains(&lower) || own {
                self.line(&format!("let {name} = {typed};"));
                return;
            }
        }
        let store = self.store(target, &typed);
        self.line(&format!("{store};"));
    }

    /// The type that a variable was declared with.
    fn type_of_variable(&self, variable: &Variable) -> Option<String> {
        let lower = variable.name.to_lowercase();
        let outside = matches!(variable.scope.as_deref(), Some(scope) if !scope.eq_ignore_ascii_case("local"));
        let unit = if outside { 0 } else { self.own_function.unwrap_or(0) };
        self.typed_variables.get(&(unit, lower)).cloned()
    }

    /// The value as the types before the target want it.
    fn converted(&mut self, target: &Expr, code: Code) -> Code {
        match &target.kind {
            ExprKind::Cast(name, inner) => {
                let inner = self.converted(inner, code);
                self.as_declared(name, inner)
            }
            ExprKind::Attributed(_, inner) => self.converted(inner, code),
            _ => code,
        }
    }

    /// An assignment without its semicolon.
    pub(super) fn store(&mut self, target: &'s Expr, value: &str) -> String {
        match &target.kind {
            ExprKind::Variable(variable) => self.set_variable(variable, value),
            ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => self.store(inner, value),
            ExprKind::Paren(inner) => match &inner.kind {
                StmtKind::Pipeline(elements) => match elements.as_slice() {
                    [Element::Expression { expr, .. }] => self.store(expr, value),
                    _ => self.unsupported("assignment_target", "this target of an assignment", target.span).text,
                },
                _ => self.unsupported("assignment_target", "this target of an assignment", target.span).text,
            },
            ExprKind::Member { object, name, fixed: false } => {
                let simple = matches!(object.kind, ExprKind::Variable(_));
                let owner = self.expr(object);
                match name.as_text() {
                    Some(name) if simple => format!("{} = {value}", member(&owner.text, name)),
                    Some(name) => format!("set_member({}, {}, {value})", owner.text, quoted(name)),
                    None => {
                        let name = self.expr(name);
                        format!("set_member({}, {}, {value})", owner.text, name.text)
                    }
                }
            }
            ExprKind::Call { object, name, args, fixed: false }
                if args.len() == 1 && name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("Item")) =>
            {
                let (owner, index) = (self.expr(object), self.expr(&args[0]));
                format!("set_at({}, {}, {value})", owner.text, index.text)
            }
            ExprKind::Member { fixed: true, .. } => format!("discard({value})"),
            ExprKind::Index(object, index) => {
                let simple = matches!(object.kind, ExprKind::Variable(_));
                let (owner, index) = (self.expr(object), self.expr(index));
                if simple {
                    format!("{}[{}] = {value}", owner.text, index.text)
                } else {
                    format!("set_at({}, {}, {value})", owner.text, index.text)
                }
            }
            ExprKind::List(targets) => {
                let parts = self.fresh("parts");
                let mut text = format!("let {parts} = spread({value}, {})", targets.len());
                for (index, target) in targets.iter().enumerate() {
                    let part = self.converted(target, Code::atom(format!("{parts}[{index}]"), Ty::Any));
                    let store = self.store(target, &part.text);
                    text.push_str(&format!(";\n{store}"));
                }
                text
            }
            _ => self.unsupported("assignment_target", "this target of an assignment", target.span).text,
        }
    }

    pub(super) fn set_variable(&mut self, variable: &Variable, value: &str) -> String {
        let lower = variable.name.to_lowercase();
        match variable.scope.as_deref().map(str::to_lowercase).as_deref() {
            Some("env") => format!("set_env({}, {value})", quoted(&variable.name)),
            Some("function") => format!("discard({value})"),
            _ if lower == "null" => format!("discard({value})"),
            _ if names::is_shell_variable(&lower) || self.scopes.filled.contains(&lower) => {
                format!("set_shell({}, {value})", quoted(&variable.name))
            }
            _ => {
                let code = self.variable(variable);
                match code.text.strip_prefix("script(") {
                    Some(name) => format!("set_script({}, {value})", name.trim_end_matches(')')),
                    None => format!("{} = {value}", code.text),
                }
            }
        }
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

/// Whether a text is a number that a counter may grow by.
fn is_small(text: &str) -> bool {
    text.parse::<i32>().is_ok_and(|number| number.abs() <= 100_000)
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

/// Whether an assignment sets something of a .NET type.
fn is_static(target: &Expr) -> bool {
    match &target.kind {
        ExprKind::Member { fixed: true, .. } => true,
        ExprKind::Member { object, .. } => is_static(object),
        _ => false,
    }
}

/// A property: `x.Name`, or `x["a b"]`.
pub(super) fn member(owner: &str, name: &str) -> String {
    if names::is_plain(name) { format!("{owner}.{name}") } else { format!("{owner}[{}]", quoted(name)) }
}

fn is_null_variable(target: &Expr) -> bool {
    matches!(&target.kind, ExprKind::Variable(v) if v.scope.is_none() && v.name.eq_ignore_ascii_case("null"))
}

fn innermost_variable(target: &Expr) -> Option<&Variable> {
    match &target.kind {
        ExprKind::Variable(variable) => Some(variable),
        ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => innermost_variable(inner),
        _ => None,
    }
}

/// Whether redirections are only to nowhere.
pub(super) fn only_nowhere(redirections: &[Redirection]) -> bool {
    redirections.iter().all(|redirection| redirection.target.as_ref().is_some_and(is_null_variable))
}
