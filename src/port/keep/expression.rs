//! Expressions, and statements whose value is wanted.
//!
//! Operators are in `operator`, members and methods in `member`, lists and tables in `literal`.

use super::super::ast::{Element, Expr, ExprKind, Part, Stmt, StmtKind, Variable};
use super::text::{Piece, number, quoted, template};
use super::types::{self, Ty};
use super::{Code, Keeper, Level, Output, names};

impl<'s> Keeper<'s> {
    pub(super) fn type_of(&self, expr: &Expr) -> Ty {
        types::of(expr, &self.types)
    }

    /// The value of a statement.
    pub(super) fn value_of(&mut self, stmt: &'s Stmt) -> Code {
        match &stmt.kind {
            StmtKind::Pipeline(elements) => {
                if let [Element::Expression { expr, redirections }] = elements.as_slice()
                    && redirections.is_empty()
                {
                    return self.expr(expr);
                }
                self.chain(elements, stmt.span).0
            }
            StmtKind::Assign { target, op, value } => {
                let inner = self.captured(|k| {
                    k.indent = 0;
                    k.plain_assignment(target, op, value);
                });
                let code = self.expr(target);
                let inner = inner.trim();
                if inner.contains('\n') {
                    return Code::at(format!("{{\n{inner}\n{}\n}}", code.text), code.ty, Level::Atom);
                }
                Code::at(format!("{{ {inner} {} }}", code.text), code.ty, Level::Atom)
            }
            StmtKind::If { clauses, otherwise } => match self.choice(clauses, otherwise.as_deref()) {
                Some(code) => code,
                None => self.collected(std::slice::from_ref(stmt)),
            },
            _ => self.collected(std::slice::from_ref(stmt)),
        }
    }

    fn plain_assignment(&mut self, target: &'s Expr, op: &str, value: &'s Stmt) {
        let code = self.value_of(value);
        let text = match op {
            "=" => code.text,
            _ => {
                let present = self.expr(target);
                format!("{}({}, {})", super::operator::word_of(op), present.text, code.text)
            }
        };
        let store = self.store(target, &text);
        self.line(&format!("{store};"));
    }

    /// `if c { a } else { b }` as a value.
    fn choice(&mut self, clauses: &'s [(Stmt, Vec<Stmt>)], otherwise: Option<&'s [Stmt]>) -> Option<Code> {
        let simple = |body: &[Stmt]| {
            matches!(body, [Stmt { kind: StmtKind::Pipeline(elements), .. }] if match elements.as_slice() {
                [Element::Expression { expr, .. }] => !matches!(expr.kind, ExprKind::Step { .. }),
                [Element::Command(command)] => !super::silent::is_silent(command),
                _ => true,
            })
        };
        if !clauses.iter().all(|(_, body)| simple(body)) || !otherwise.is_none_or(simple) {
            return None;
        }
        let mut text = String::new();
        for (index, (cond, body)) in clauses.iter().enumerate() {
            let cond = self.condition(cond);
            let value = self.value_of(&body[0]);
            text.push_str(&format!(
                "{}if {cond} {{{BREAK}{}{BREAK}}}",
                if index == 0 { "" } else { " else " },
                value.text
            ));
        }
        if let Some([only]) = otherwise {
            let value = self.value_of(only);
            text.push_str(&format!(" else {{{BREAK}{}{BREAK}}}", value.text));
        }
        let long = text.chars().count() > super::writer::WIDTH - 20 && !text.contains('\n');
        let text = if long { broken(&text) } else { text.replace(BREAK, " ") };
        Some(Code::at(text, Ty::Any, Level::Loose))
    }

    /// What statements put out, as a value.
    pub(super) fn collected(&mut self, body: &'s [Stmt]) -> Code {
        if let [only] = body
            && matches!(only.kind, StmtKind::Pipeline(_))
        {
            return self.value_of(only);
        }
        let output = std::mem::replace(&mut self.output, Output::Collect);
        let inner = self.captured(|k| {
            k.line("let out = outputs();");
            k.body(body);
            k.line("out.all()");
        });
        self.output = output;
        Code::at(format!("{{\n{}\n}}", inner.trim_end()), Ty::Any, Level::Atom)
    }

    /// A value that is walked at once: a list needs no type of its own, and numbers no list.
    pub(super) fn loose_value_of(&mut self, stmt: &'s Stmt) -> Code {
        let Some(expr) = super::loops::only(stmt) else { return self.value_of(stmt) };
        self.walked(expr)
    }

    /// See [`Keeper::loose_value_of`].
    fn walked(&mut self, expr: &'s Expr) -> Code {
        match &expr.kind {
            ExprKind::Variable(v) if v.scope.is_none() && v.name.eq_ignore_ascii_case("null") => {
                Code::atom("[]", Ty::List)
            }
            ExprKind::List(_) => self.loose(expr),
            ExprKind::Paren(inner) => self.loose_value_of(inner),
            ExprKind::Array(body) => match body.as_slice() {
                [only] if !matches!(only.kind, StmtKind::Assign { .. }) && !is_live(only) => {
                    let code = self.loose_value_of(only);
                    if code.text == "[]" { Code::atom("[()]", Ty::List) } else { code }
                }
                _ => self.expr(expr),
            },
            ExprKind::Binary("..", from, to) => {
                let (from, to) = (self.expr(from), self.expr(to));
                match (from.text.parse::<i64>(), to.text.parse::<i64>()) {
                    (Ok(a), Ok(b)) if a <= b => Code::at(format!("{a}..={b}"), Ty::Any, Level::Loose),
                    _ => Code::atom(format!("numbers({}, {})", from.text, to.text), Ty::List),
                }
            }
            _ => self.expr(expr),
        }
    }

    /// A value that a function takes: a list may be Rhai's own.
    pub(super) fn loose(&mut self, expr: &'s Expr) -> Code {
        match &expr.kind {
            ExprKind::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.loose(item).text).collect();
                Code::atom(super::writer::enclosed("[", &items, "]"), Ty::List)
            }
            ExprKind::Hash(entries) => self.loose_table(entries),
            _ => self.expr(expr),
        }
    }

    /// A condition, as Rhai's own boolean.
    pub(super) fn condition(&mut self, stmt: &'s Stmt) -> String {
        self.truth = true;
        let code = self.value_of(stmt);
        self.truth = false;
        let text = truth(&code).text;
        if text.starts_with('{') { format!("({text})") } else { text }
    }

    pub(super) fn expr(&mut self, expr: &'s Expr) -> Code {
        let asked = std::mem::take(&mut self.truth);
        self.at = expr.span;
        match &expr.kind {
            ExprKind::Variable(variable) => self.variable(variable),
            ExprKind::Splat(name) => {
                let code = self.variable(&Variable { scope: None, name: name.clone() });
                Code::atom(format!("splat({})", code.text), Ty::Any)
            }
            ExprKind::Str { text, .. } => Code::atom(quoted(text), Ty::Str),
            ExprKind::Expand(parts) => self.expand(parts),
            ExprKind::Number(value, raw) => {
                let text = number(*value, raw);
                let level = if text.starts_with('-') { Level::Unary } else { Level::Atom };
                Code::at(text, self.type_of(expr), level)
            }
            ExprKind::Paren(stmt) => {
                self.truth = asked;
                let code = self.value_of(stmt);
                self.truth = false;
                code
            }
            ExprKind::Sub(body) => {
                let code = self.collected(body);
                let fails_alone = matches!(body.as_slice(), [only] if self.may_fail(only));
                if fails_alone { Code::at(format!("{{ {} }}", code.text), code.ty, Level::Atom) } else { code }
            }
            ExprKind::Array(body) => self.array(body),
            ExprKind::List(_) => {
                let code = self.loose(expr);
                Code::atom(format!("list({})", code.text), Ty::List)
            }
            ExprKind::Hash(entries) => self.table("table", entries, Ty::Table),
            ExprKind::Block(block) => self.closure(block, false),
            ExprKind::Type(name) => Code::atom(format!("type_named({})", quoted(name)), Ty::Any),
            ExprKind::Cast(name, value) => self.cast(name, value),
            ExprKind::Attributed(_, value) => self.expr(value),
            ExprKind::Binary(op, left, right) => self.binary(op, left, right, expr, asked),
            ExprKind::Unary(op, value) => self.unary(op, value),
            ExprKind::Step { prefix, up, target } => self.step_value(*prefix, *up, target),
            ExprKind::Member { object, name, fixed } => self.member(object, name, *fixed, expr.span),
            ExprKind::Call { object, name, args, fixed } => self.method(object, name, args, *fixed, expr.span),
            ExprKind::Index(object, index) => self.index(object, index),
            ExprKind::Ternary(cond, yes, no) => {
                self.truth = true;
                let (cond, yes, no) = (self.expr(cond), self.expr(yes), self.expr(no));
                let text = format!("if {} {{ {} }} else {{ {} }}", truth(&cond).text, yes.text, no.text);
                Code::at(text, if yes.ty == no.ty { yes.ty } else { Ty::Any }, Level::Loose)
            }
            ExprKind::Error => {
                let source = self.source_of(expr.span);
                Code::atom(format!("unsupported({})", quoted(&source)), Ty::Any)
            }
        }
    }

    pub(super) fn variable(&mut self, variable: &Variable) -> Code {
        let lower = variable.name.to_lowercase();
        match variable.scope.as_deref().map(str::to_lowercase).as_deref() {
            Some("env") => return Code::atom(format!("env({})", quoted(&variable.name)), Ty::Any),
            Some("function") => {
                return Code::atom(format!("val_in(\"function\", {})", quoted(&variable.name)), Ty::Any);
            }
            Some("variable") => return Code::atom(format!("shell({})", quoted(&variable.name)), Ty::Any),
            _ => {}
        }
        match lower.as_str() {
            "true" | "false" => return Code::atom(lower, Ty::Bool),
            "null" => return Code::atom("()", Ty::Null),
            "_" | "psitem" if self.item.is_empty() => return Code::atom("shell(\"_\")", Ty::Any),
            "_" | "psitem" => return Code::atom(self.item.clone(), Ty::Any),
            "psboundparameters" if self.has_bound => return Code::atom("bound", Ty::Table),
            "input" if self.has_input && self.closures == 0 => return Code::atom("input", Ty::Any),
            "args" if self.inside > 0 || self.closures > 0 => return Code::atom("args", Ty::List),
            "args" => return Code::atom("arguments()", Ty::List),
            "this" => return Code::atom("shell(\"this\")", Ty::Any),
            _ => {}
        }
        if lower == "foreach" {
            return Code::atom("shell(\"foreach\")", Ty::Any);
        }
        if lower == "switch" && self.loops > 0 {
            self.find("loop_enumerator", format!("${lower} is not carried over"), self.at);
            return Code::atom(format!("unsupported({})", quoted(&format!("${lower}"))), Ty::Any);
        }
        if names::is_shell_variable(&lower) || self.scopes.filled.contains(&lower) {
            let name = shell_name(&variable.name);
            return Code::atom(format!("shell({})", quoted(&name)), Ty::Any);
        }
        let ty = self.types.get(&lower).copied().unwrap_or(Ty::Any);
        let scoped = variable.scope.is_some();
        let own =
            self.inside > 0 && !scoped && self.own_function.is_some_and(|function| self.is_local(function, &lower));
        let name = self.spelling(&lower);
        if self.inside == 0 && !scoped && self.scopes.lent.contains(&lower) {
            let message = format!("${name} of a function stays after the function has ended");
            self.find("lent_variable", message, self.at);
        }
        if self.scopes.shared.contains(&lower) && !own {
            return Code::atom(format!("script({})", quoted(&name)), Ty::Any);
        }
        Code::atom(name, ty)
    }

    fn expand(&mut self, parts: &'s [Part]) -> Code {
        let mut pieces = Vec::new();
        self.pieces(parts, &mut pieces);
        Code::atom(template(&pieces), Ty::Str)
    }

    /// The parts of a text with values in it.
    pub(super) fn pieces(&mut self, parts: &'s [Part], pieces: &mut Vec<Piece<'s>>) {
        for part in parts {
            pieces.push(match part {
                Part::Text(text) => Piece::Text(text),
                Part::Expr(expr) => {
                    self.read_as_text(expr);
                    let code = match &expr.kind {
                        ExprKind::Sub(body) => self.collected(body),
                        _ => self.expr(expr),
                    };
                    Piece::Code(code.text.trim().to_owned())
                }
            });
        }
    }

    /// The text of a value, for joining with text.
    pub(super) fn as_text(&mut self, code: &Code) -> String {
        if code.ty == Ty::Str { code.tight(Level::Product) } else { template(&[Piece::Code(code.text.clone())]) }
    }

    fn step_value(&mut self, prefix: bool, up: bool, target: &'s Expr) -> Code {
        let code = self.expr(target);
        let store = self.stepped(target, up);
        let text = if prefix {
            format!("{{ {store}; {} }}", code.text)
        } else {
            format!("{{ let before = {}; {store}; before }}", code.text)
        };
        // a condition must not begin with a block
        Code::at(text, code.ty, Level::Loose)
    }
}

/// The spelling PowerShell itself uses for its variables.
fn shell_name(name: &str) -> String {
    const KNOWN: &[&str] = &[
        "Error",
        "Matches",
        "ErrorActionPreference",
        "WarningPreference",
        "VerbosePreference",
        "ProgressPreference",
        "InformationPreference",
        "DebugPreference",
        "ConfirmPreference",
        "PSScriptRoot",
        "PSCommandPath",
        "MyInvocation",
        "PSVersionTable",
        "Host",
        "PSBoundParameters",
        "PSCmdlet",
        "LASTEXITCODE",
        "OFS",
    ];
    KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name)).map_or_else(|| name.to_owned(), |k| (*k).to_owned())
}

/// Where the branches of a choice begin and end, until it is known whether they get lines of their own.
const BREAK: char = '\u{E002}';

/// A choice with its branches on lines of their own.
fn broken(choice: &str) -> String {
    let parts = choice.split(BREAK).enumerate();
    let lines: Vec<String> =
        parts.map(|(at, part)| if at % 2 == 1 { super::writer::indented(part) } else { part.to_owned() }).collect();
    lines.join("\n")
}

/// A boolean of Rhai's own.
pub(super) fn truth(code: &Code) -> Code {
    if code.ty == Ty::Bool { code.clone() } else { Code::atom(format!("truthy({})", code.text), Ty::Bool) }
}

/// `$h.Keys` and `$h.Values`, which may change while they are walked.
fn is_live(stmt: &Stmt) -> bool {
    matches!(
        super::loops::only(stmt).map(|expr| &expr.kind),
        Some(ExprKind::Member { name, fixed: false, .. })
            if name.as_text().is_some_and(|name| matches!(name.to_lowercase().as_str(), "keys" | "values"))
    )
}
