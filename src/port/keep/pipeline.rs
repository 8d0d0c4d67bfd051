//! Pipelines as chains of methods, and script blocks as closures.
//!
//! A chain is lazy: one object at a time goes through it, so that `select(#{ First: 10 })` ends the cmdlet before it.

use super::super::ast::{Arg, Block, Command, Element, Expr, ExprKind, FlowKind, Invoke, Redirection, Stmt, StmtKind};
use super::super::ast_walk::{Node, walk_body};
use super::super::builtin;
use super::types::Ty;
use super::writer::WIDTH;
use super::{Code, Keeper, Level, Output, silent};
use crate::diagnostic::Span;

/// What statements put out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Puts {
    /// Nothing.
    Nothing,
    /// One value, by the last statement.
    Last,
    /// Several values, or one before the end.
    Many,
}

impl<'s> Keeper<'s> {
    /// A pipeline as a chain; and whether nobody wants its value.
    pub(super) fn chain(&mut self, elements: &'s [Element], span: Span) -> (Code, bool) {
        self.truth = false;
        let mut code: Option<Code> = None;
        let mut silent = false;
        let mut stages = Vec::new();
        let last = elements.len().saturating_sub(1);
        self.eager(elements);
        for (index, element) in elements.iter().enumerate() {
            let redirections = match element {
                Element::Expression { expr, redirections } => {
                    let value = self.expr(expr);
                    let walks_itself = root(expr).is_some_and(|name| mentions(&elements[1..], name));
                    code = Some(match index {
                        0 if walks_itself => Code::atom(format!("list({})", value.text), Ty::List),
                        0 => source(&value),
                        _ => value,
                    });
                    redirections
                }
                Element::Command(command) => {
                    let name = command.name.as_text().map(builtin::full_name).unwrap_or_default();
                    if index == last && index > 0 && command.args.is_empty() {
                        if name.eq_ignore_ascii_case("Out-Null") {
                            silent = true;
                            continue;
                        }
                        if name.eq_ignore_ascii_case("Out-Default") {
                            continue;
                        }
                    }
                    silent = index == last && self.is_silent(command);
                    let before = code.take();
                    let made = self.called_on(before.as_ref(), command);
                    if made.text.starts_with("unsupported(") {
                        return (made, true);
                    }
                    if let Some(before) = &before
                        && let Some(stage) = made.text.strip_prefix(&before.text)
                    {
                        stages.push((before.text.len(), stage.len()));
                    } else {
                        stages.clear();
                    }
                    code = Some(made);
                    &command.redirections
                }
            };
            if let Some(made) = code.take() {
                let own = match element {
                    Element::Command(command) => {
                        command.name.as_text().is_none_or(|name| self.functions.contains_key(&name.to_lowercase()))
                    }
                    Element::Expression { .. } => true,
                };
                let (made, to_file) = self.redirected(made, redirections, span, own);
                silent |= to_file;
                code = Some(made);
            }
        }
        let code = code.unwrap_or_else(|| Code::atom("()", Ty::Null));
        (broken(code, &stages), silent)
    }

    /// Functions at the beginning of a chain, whose output is collected before the next stage sees any of it.
    fn eager(&mut self, elements: &'s [Element]) {
        let [Element::Command(command), rest @ ..] = elements else { return };
        let written = command.name.as_text().unwrap_or_default();
        let name = written.to_lowercase();
        let passes = |element: &Element| {
            let full = match element {
                Element::Command(next) => next.name.as_text().map(builtin::full_name).unwrap_or_default(),
                Element::Expression { .. } => "",
            };
            let waits = [
                "Sort-Object",
                "Group-Object",
                "Measure-Object",
                "Export-Csv",
                "Out-Null",
                "ConvertTo-Html",
                "Out-File",
            ];
            !waits.iter().any(|wait| wait.eq_ignore_ascii_case(full))
        };
        if self.talking_functions.contains(&name) && rest.first().is_some_and(passes) {
            self.find(
                "eager_function",
                format!("all output of {written} comes before the next stage begins"),
                command.span,
            );
        }
        if self.nesting_functions.contains(&name) && !rest.is_empty() {
            let message = format!("the list that {written} gives whole is taken apart here");
            self.find("nested_output", message, command.span);
        }
    }

    fn is_silent(&self, command: &Command) -> bool {
        let Some(name) = command.name.as_text() else { return false };
        match self.functions.get(&name.to_lowercase()) {
            Some(_) => self.silent_functions.contains(&name.to_lowercase()),
            None => silent::is_silent(command) || self.is_silent_loop(name, command),
        }
    }

    /// `ForEach-Object` whose blocks put nothing out.
    fn is_silent_loop(&self, name: &str, command: &Command) -> bool {
        if !builtin::full_name(name).eq_ignore_ascii_case("ForEach-Object") {
            return false;
        }
        let mut blocks = command.args.iter().filter_map(|arg| match arg {
            Arg::Value(Expr { kind: ExprKind::Block(block), .. })
            | Arg::Parameter { value: Some(Expr { kind: ExprKind::Block(block), .. }), .. } => Some(block),
            _ => None,
        });
        let mut any = false;
        let silent = blocks.all(|block| {
            any = true;
            block.process.is_none() && self.puts(&block.body) == Puts::Nothing
        });
        any && silent
    }

    /// Redirections of one stage; and whether the output goes to a file.
    fn redirected(&mut self, code: Code, redirections: &'s [Redirection], span: Span, own: bool) -> (Code, bool) {
        let mut code = code;
        let mut to_file = false;
        for redirection in redirections {
            let null = super::statement::only_nowhere(std::slice::from_ref(redirection));
            match (redirection.from, &redirection.target) {
                ('1', Some(_)) if null => to_file = true,
                ('1', Some(target)) => {
                    let file = self.expr(target).text;
                    let append = if redirection.append { ", #{ Append: true }" } else { "" };
                    code = Code::atom(format!("{}.out_file({file}{append})", code.text), Ty::Any);
                    to_file = true;
                }
                ('2', Some(_)) if null && !own => code = quiet(code, "ErrorAction"),
                ('3', Some(_)) if null && !own => code = quiet(code, "WarningAction"),
                ('*', Some(_)) if null => {
                    if !own {
                        code = quiet(code, "ErrorAction");
                    }
                    to_file = true;
                }
                _ => self.find("redirection", "a redirected stream stays where it is", span),
            }
        }
        (code, to_file)
    }

    /// A script block as a closure; `piped` ones are given an item.
    pub(super) fn closure(&mut self, block: &'s Block, piped: bool) -> Code {
        if is_filter(block) {
            // the server reads it: it is text
            let text = self.source.get(block.span.start + 1..block.span.end.saturating_sub(1)).unwrap_or_default();
            return Code::atom(super::text::quoted(text), Ty::Str);
        }
        let asked = std::mem::take(&mut self.filters);
        let labels = std::mem::take(&mut self.labels);
        let item = self.item.clone();
        let loops = std::mem::take(&mut self.loops);
        self.closures += 1;
        let params: Vec<String> = match &block.params {
            Some(params) => params.iter().map(|param| self.spelling(&param.name.to_lowercase())).collect(),
            None if uses(block, "args") && !uses_item(block) => vec!["args".to_owned()],
            None if piped || uses_item(block) => vec!["it".to_owned()],
            None => Vec::new(),
        };
        if params == ["it"] && block.params.is_none() {
            self.item = "it".into();
        }
        let head = format!("|{}|", params.join(", "));
        let head = if params.is_empty() { "||".to_owned() } else { head };
        let body = block.process.as_ref().or(block.end.as_ref()).unwrap_or(&block.body);
        let text = match body.as_slice() {
            [only] if self.is_expression(only) && block.params.iter().flatten().all(|p| self.stays(p)) => {
                self.truth = asked;
                let code = self.value_of(only);
                self.truth = false;
                let text = match code.text.as_str() {
                    // its values fail one by one, as those of statements do
                    text if self.has_failing_text(only) => format!("{{\n{}\n}}", super::writer::indented(text)),
                    text if text.starts_with("#{") || text.starts_with('{') => format!("({text})"),
                    text => text.to_owned(),
                };
                format!("{head} {text}")
            }
            [] => format!("{head} ()"),
            _ => {
                let inner = self.captured(|k| {
                    for param in block.params.iter().flatten().filter(|param| super::parameter::is_switch(param)) {
                        let name = super::names::variable(&param.name);
                        k.line(&format!("let {name} = {name} ?? false;"));
                    }
                    k.defaults(block.params.as_deref().unwrap_or_default());
                    k.body_with_value(body);
                });
                format!("{head} {{\n{}\n}}", inner.trim_end())
            }
        };
        self.closures -= 1;
        self.loops = loops;
        self.labels = labels;
        self.item = item;
        Code::at(text, Ty::Any, Level::Loose)
    }

    /// Statements of a function or closure: what they put out is its value.
    pub(super) fn body_with_value(&mut self, body: &'s [Stmt]) {
        let puts = self.puts(body);
        let before = std::mem::replace(&mut self.output, Output::Tail);
        if puts == Puts::Many {
            self.output = Output::Collect;
            self.line("let out = outputs();");
        }
        self.body(body);
        if !body.is_empty() {
            self.comments_at_the_end(body);
        }
        if puts == Puts::Many
            && !matches!(body.last().map(|s| &s.kind), Some(StmtKind::Flow { kind: FlowKind::Return, .. }))
        {
            self.line("out.all()");
        }
        self.output = before;
    }

    /// A statement that can stand as an expression.
    fn is_expression(&self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Pipeline(elements) => match elements.as_slice() {
                [Element::Expression { expr, .. }] => !matches!(expr.kind, ExprKind::Step { .. } | ExprKind::Sub(_)),
                _ => true,
            },
            _ => false,
        }
    }

    /// What statements put out.
    pub(super) fn puts(&self, body: &[Stmt]) -> Puts {
        let Some((last, rest)) = body.split_last() else { return Puts::Nothing };
        let only_returns = |stmt: &Stmt| self.only_returns(std::slice::from_ref(stmt));
        if rest.iter().any(|stmt| self.stmt_puts(stmt) != Puts::Nothing && !only_returns(stmt)) {
            return Puts::Many;
        }
        self.stmt_puts(last)
    }

    fn stmt_puts(&self, stmt: &Stmt) -> Puts {
        match &stmt.kind {
            StmtKind::Pipeline(elements) => {
                if let Some(block) = taken_in(elements) {
                    return self.puts(&block.body);
                }
                let silent = match elements.last() {
                    Some(Element::Command(command)) => {
                        self.is_silent(command)
                            || command
                                .name
                                .as_text()
                                .is_some_and(|name| builtin::full_name(name).eq_ignore_ascii_case("Out-Null"))
                            || command.redirections.iter().any(|r| matches!(r.from, '1' | '*') && r.target.is_some())
                    }
                    Some(Element::Expression { expr, .. }) => match &expr.kind {
                        ExprKind::Step { .. } => true,
                        ExprKind::Cast(name, _) if name.eq_ignore_ascii_case("void") => true,
                        _ => self.is_silent_call(expr),
                    },
                    None => true,
                };
                if silent { Puts::Nothing } else { Puts::Last }
            }
            StmtKind::If { clauses, otherwise } => {
                let bodies = clauses.iter().map(|(_, body)| body.as_slice()).chain(otherwise.as_deref());
                bodies.map(|body| self.puts(body)).max().unwrap_or(Puts::Nothing)
            }
            StmtKind::Foreach { body, .. }
            | StmtKind::While { body, .. }
            | StmtKind::Do { body, .. }
            | StmtKind::For { body, .. } => {
                if self.only_returns(body) {
                    Puts::Nothing
                } else {
                    Puts::Many
                }
            }
            StmtKind::Switch { clauses, default, .. } => {
                let mut bodies = clauses.iter().map(|(_, body)| body.as_slice()).chain(default.as_deref());
                if bodies.all(|body| self.only_returns(body)) { Puts::Nothing } else { Puts::Many }
            }
            StmtKind::Try { body, catches, finally } => {
                let mut bodies = std::iter::once(body.as_slice())
                    .chain(catches.iter().map(|(_, body)| body.as_slice()))
                    .chain(finally.as_deref());
                if bodies.all(|body| self.only_returns(body)) { Puts::Nothing } else { Puts::Many }
            }
            StmtKind::Flow { kind: FlowKind::Return, value: Some(_) } => Puts::Last,
            StmtKind::Trap { body, .. } if self.puts(body) != Puts::Nothing => Puts::Many,
            StmtKind::Labelled { stmt, .. } => self.stmt_puts(stmt),
            StmtKind::Chain { left, right, .. } => {
                if self.stmt_puts(left) == Puts::Nothing && self.stmt_puts(right) == Puts::Nothing {
                    Puts::Nothing
                } else {
                    Puts::Many
                }
            }
            _ => Puts::Nothing,
        }
    }

    /// Whether statements put nothing out except by `return`.
    fn only_returns(&self, body: &[Stmt]) -> bool {
        body.iter().all(|stmt| match &stmt.kind {
            StmtKind::Flow { kind: FlowKind::Return, .. } => true,
            StmtKind::If { clauses, otherwise } => {
                clauses.iter().all(|(_, body)| self.only_returns(body))
                    && otherwise.as_deref().is_none_or(|body| self.only_returns(body))
            }
            _ => self.stmt_puts(stmt) == Puts::Nothing,
        })
    }
}

/// Whether statements write to the console beside what they give.
pub(super) fn talks(block: &Block) -> bool {
    let mut found = false;
    super::super::ast_walk::walk_block(block, &mut |node| {
        if let Node::Command(command) = node {
            let name = command.name.as_text().map(builtin::full_name).unwrap_or_default();
            found |= ["Write-Host", "Write-Warning", "Read-Host", "Out-Host"]
                .iter()
                .any(|loud| loud.eq_ignore_ascii_case(name));
        }
        true
    });
    found
}

/// What a chain can begin with.
fn source(code: &Code) -> Code {
    let text = &code.text;
    if code.level < Level::Atom || text.starts_with(|c: char| c.is_ascii_digit()) {
        return Code::atom(format!("({text})"), code.ty);
    }
    if text.starts_with('{') {
        return Code::atom(format!("list({text})"), Ty::List);
    }
    code.clone()
}

/// Whether a block is a filter of the server's and no code: a property, and a comparison as its first argument.
pub(super) fn is_filter(block: &Block) -> bool {
    let [Stmt { kind: StmtKind::Pipeline(elements), .. }] = block.body.as_slice() else { return false };
    let [Element::Command(command)] = elements.as_slice() else { return false };
    let compares = |name: &str| {
        ["eq", "ne", "like", "notlike", "gt", "ge", "lt", "le", "contains"].contains(&name.to_lowercase().as_str())
    };
    command.name.as_text().is_some_and(|name| !name.contains('-'))
        && matches!(command.args.first(), Some(Arg::Parameter { name, .. }) if compares(name))
}

/// The block that a statement takes in as a part of its own scope, `. { … }`.
pub(super) fn taken_in(elements: &[Element]) -> Option<&Block> {
    let [Element::Command(Command { invoke: Invoke::Dot, name, args, redirections, .. })] = elements else {
        return None;
    };
    let ExprKind::Block(block) = &name.kind else { return None };
    let parts = [&block.begin, &block.process, &block.end, &block.clean];
    let is_plain = args.is_empty() && redirections.is_empty() && block.params.is_none();
    (is_plain && parts.iter().all(|part| part.is_none())).then_some(block)
}

/// The variable that an expression reads from.
fn root(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        // `$_` of the blocks is their own
        ExprKind::Variable(variable) if variable.name == "_" || variable.name.eq_ignore_ascii_case("psitem") => None,
        ExprKind::Variable(variable) => Some(&variable.name),
        ExprKind::Member { object, .. } | ExprKind::Call { object, .. } | ExprKind::Index(object, _) => root(object),
        ExprKind::Paren(inner) => super::loops::only(inner).and_then(root),
        _ => None,
    }
}

/// Whether blocks given to a method use the variable that it is called on.
pub(super) fn walks_itself(object: &Expr, args: &[Expr]) -> bool {
    let Some(name) = root(object) else { return false };
    args.iter().any(|arg| names_variable(arg, name))
}

/// Whether blocks in these stages use a variable: what a chain walks must not be held while they do.
fn mentions(stages: &[Element], name: &str) -> bool {
    let commands = stages.iter().filter_map(|stage| match stage {
        Element::Command(command) => Some(command),
        Element::Expression { .. } => None,
    });
    commands.flat_map(|command| &command.args).any(|arg| match arg {
        Arg::Value(value) | Arg::Parameter { value: Some(value), .. } => names_variable(value, name),
        _ => false,
    })
}

/// Whether a variable is named anywhere in an expression.
fn names_variable(expr: &Expr, name: &str) -> bool {
    let mut found = false;
    super::super::ast_walk::walk_expr(expr, &mut |node| {
        if let Node::Expr(Expr { kind: ExprKind::Variable(v), .. }) = node {
            found |= v.name.eq_ignore_ascii_case(name);
        }
        true
    });
    found
}

/// Whether statements mention a variable.
pub(super) fn mentions_variable(body: &[Stmt], name: &str) -> bool {
    let mut found = false;
    walk_body(body, &mut |node| {
        if let Node::Expr(Expr { kind: ExprKind::Variable(variable), .. }) = node {
            found |= variable.name.eq_ignore_ascii_case(name);
        }
        true
    });
    found
}

/// The same call with an action that keeps messages away.
fn quiet(code: Code, action: &str) -> Code {
    let named = format!("{action}: \"SilentlyContinue\"");
    if code.text.contains(&format!("{action}:")) || !code.text.ends_with(')') {
        return code;
    }
    let text = if let Some(start) = code.text.strip_suffix(" })") {
        format!("{start}, {named} }})")
    } else if let Some(start) = code.text.strip_suffix("()") {
        format!("{start}(#{{ {named} }})")
    } else {
        let start = code.text.strip_suffix(')').unwrap_or_default();
        format!("{start}, #{{ {named} }})")
    };
    Code { text, ..code }
}

/// A long chain, one stage a line.
fn broken(code: Code, stages: &[(usize, usize)]) -> Code {
    let longest = code.text.lines().map(str::len).max().unwrap_or(0);
    if stages.is_empty()
        || (stages.len() < 2 && code.text.lines().next().is_none_or(|first| first.len() <= WIDTH))
        || (longest <= WIDTH - 20 && !code.text.contains('\n'))
    {
        return code;
    }
    let mut text = String::new();
    let mut from = 0;
    for (start, length) in stages {
        if *start >= from {
            text.push_str(code.text.get(from..*start).unwrap_or_default());
            let stage = code.text.get(*start..*start + *length).unwrap_or_default();
            text.push('\n');
            text.push_str(&super::writer::indented(stage));
            from = start + length;
        }
    }
    text.push_str(code.text.get(from..).unwrap_or_default());
    Code { text, ..code }
}

/// Whether a block's own statements use `$_`.
fn uses_item(block: &Block) -> bool {
    uses(block, "_") || uses(block, "psitem")
}

/// Whether a block reads a variable of its own kind (`$_`, `$args`), blocks inside it aside.
pub(super) fn uses(block: &Block, name: &str) -> bool {
    let mut found = false;
    let mut visit = |node: Node<'_>| {
        match node {
            Node::Expr(Expr { kind: ExprKind::Variable(variable), .. }) => {
                found |= variable.scope.is_none() && variable.name.eq_ignore_ascii_case(name);
            }
            Node::Expr(Expr { kind: ExprKind::Splat(own), .. }) => found |= own.eq_ignore_ascii_case(name),
            Node::Expr(Expr { kind: ExprKind::Block(_), .. }) => return false,
            Node::Stmt(Stmt { kind: StmtKind::Function { .. }, .. }) => return false,
            _ => {}
        }
        true
    };
    for part in [&block.begin, &block.process, &block.end, &block.clean].into_iter().flatten() {
        walk_body(part, &mut visit);
    }
    walk_body(&block.body, &mut visit);
    found
}
