//! Assignments: what a variable, property or item is given, as the type that it was declared with wants it.
//!
//! Where variables are declared is decided in `scope`.

use super::super::ast::{Element, Expr, ExprKind, Stmt, StmtKind, Variable};
use super::statement::{is_null_variable, member};
use super::text::quoted;
use super::types::Ty;
use super::{Code, Keeper, Level, names};
use crate::diagnostic::Span;

impl<'s> Keeper<'s> {
    pub(super) fn assignment(&mut self, target: &'s Expr, op: &str, value: &'s Stmt, declares: bool) {
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
                let free = !matches!(&target.kind, ExprKind::Variable(v) if self.type_of_variable(v, target.span).is_some())
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

    /// A new value of a variable as the type wants it that the variable was declared with.
    fn for_variable(&mut self, target: &Expr, code: Code) -> Code {
        let ExprKind::Variable(variable) = &target.kind else { return code };
        let Some(name) = self.type_of_variable(variable, target.span) else { return code };
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

    /// The type that a variable was declared with, at that place or before.
    fn type_of_variable(&self, variable: &Variable, place: Span) -> Option<String> {
        let lower = variable.name.to_lowercase();
        let outside = matches!(variable.scope.as_deref(), Some(scope) if !scope.eq_ignore_ascii_case("local"));
        let unit = if outside { 0 } else { self.own_function.unwrap_or(0) };
        let typed = self.typed_variables.get(&(unit, lower))?;
        (typed.from <= place.start || unit == 0 && self.own_function.is_some()).then(|| typed.name.clone())
    }

    /// Whether a whole number that keeps its type may soon be too large for it.
    fn is_near_limit(&self, target: &Expr) -> bool {
        matches!(&target.kind, ExprKind::Variable(variable)
            if self.type_of_variable(variable, target.span).is_some() && self.large.contains(&variable.name.to_lowercase()))
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
                let owner = self.expr(object);
                match name.as_text() {
                    Some(name) if names::is_plain(&owner.text) => format!("{} = {value}", member(&owner.text, name)),
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
                let (owner, index) = (self.expr(object), self.expr(index));
                if names::is_plain(&owner.text) {
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
}

/// Whether a text is a number that a counter may grow by.
pub(super) fn is_small(text: &str) -> bool {
    text.parse::<i32>().is_ok_and(|number| number.abs() <= 100_000)
}

/// Whether an assignment sets something of a .NET type.
fn is_static(target: &Expr) -> bool {
    match &target.kind {
        ExprKind::Member { fixed: true, .. } => true,
        ExprKind::Member { object, .. } => is_static(object),
        _ => false,
    }
}

/// What is assigned to, without its types.
pub(super) fn innermost_variable(target: &Expr) -> Option<&Variable> {
    match &target.kind {
        ExprKind::Variable(variable) => Some(variable),
        ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => innermost_variable(inner),
        _ => None,
    }
}
