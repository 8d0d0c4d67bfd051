//! PowerShell's rule that an error ends its statement and the next one runs, for the statements of a script and of its
//! functions and blocks; loops that are left from inside a block; functions that show what they give as it comes.
//!
//! Only the syntax tree is changed here; what the new nodes do is in `syntax`. Inside `try` no statement is wrapped, so
//! that the error is caught.

#![allow(deprecated, reason = "the syntax tree is volatile, says Rhai, not deprecated; its version is pinned")]

use std::collections::HashSet;
use std::sync::Arc;

use rhai::{AST, ASTFlags, ASTNode, CustomExpr, Dynamic, Expr, FlowControl, FnCallExpr, Position, Stmt, StmtBlock};

use super::syntax::{COLLECT, HEAD, HERE, LIVE, STEP, TAKE, TRY, TURN, TYPED};

/// What is known of the text whose statements are wrapped.
#[derive(Debug, Clone, Default)]
pub(super) struct Wrapper {
    /// Functions of the text, with the number of their parameters.
    functions: Arc<HashSet<(String, usize)>>,
    /// Whether loops can be left from inside a block.
    jumps: bool,
    /// Whether errors are handled by `on_error`.
    handles: bool,
}

impl Wrapper {
    /// For a text with these functions.
    pub(super) fn of(text: &str, functions: HashSet<(String, usize)>) -> Self {
        Self { functions: Arc::new(functions), jumps: text.contains("jump("), handles: text.contains("on_error(") }
    }

    /// The same text with its statements wrapped.
    pub(super) fn script(&self, ast: &AST) -> AST {
        let statements: Vec<Stmt> = ast.statements().iter().map(|stmt| self.step(stmt, true)).collect();
        let mut wrapped = AST::new(statements, ast.shared_lib().clone());
        if let Some(source) = ast.source() {
            wrapped.set_source(source);
        }
        wrapped
    }

    /// The body of a function or closure with its statements wrapped; and whether it collects what it gives.
    pub(super) fn function(&self, body: &StmtBlock) -> (Expr, bool) {
        let mut collects = false;
        let mut head = true;
        let statements = body.statements().iter().map(|stmt| {
            if collects_here(stmt) {
                collects = true;
                head = false;
                return here(stmt);
            }
            head &= is_head(stmt);
            if head { self.head(stmt) } else { self.step(stmt, true) }
        });
        let block = StmtBlock::new(statements.collect::<Vec<_>>(), body.position(), body.end_position());
        (Expr::Stmt(Box::new(block)), collects)
    }

    /// A conversion or check of a parameter: when it fails, the function does not run.
    fn head(&self, stmt: &Stmt) -> Stmt {
        let Stmt::Var(parts, flags, position) = stmt else { return stmt.clone() };
        let converts = |name: &str| matches!(name, "to_bool" | "given_as") || converts(name);
        if !matches!(&parts.1, Expr::FnCall(call, _) if converts(&call.name)) {
            return stmt.clone();
        }
        let name = parts.0.name.to_string().into();
        let value = custom(HEAD, parts.1.clone(), "$expr$", name, *position);
        Stmt::Var(Box::new((parts.0.clone(), value, parts.2)), *flags, *position)
    }

    /// A round for a piped object: when its parameters fail, the next object is next.
    fn taking(&self, written: &StmtBlock, wrapped: &StmtBlock) -> StmtBlock {
        if self.jumps {
            return wrapped.clone();
        }
        let mut head = true;
        let statements = written.statements().iter().zip(wrapped.statements()).map(|(stmt, wrapped)| {
            head &= is_head(stmt);
            if !head {
                return wrapped.clone();
            }
            match self.head(stmt) {
                Stmt::Var(parts, flags, position) => {
                    let value = custom(TAKE, parts.1.clone(), "$expr$", Dynamic::UNIT, position);
                    Stmt::Var(Box::new((parts.0.clone(), value, parts.2)), flags, position)
                }
                other => {
                    let position = other.position();
                    let block = StmtBlock::new([other], position, position);
                    let whole = custom(TAKE, Expr::Stmt(Box::new(block)), "$expr$", Dynamic::UNIT, position);
                    Stmt::Expr(Box::new(whole))
                }
            }
        });
        StmtBlock::new(statements.collect::<Vec<_>>(), wrapped.position(), wrapped.end_position())
    }

    fn step(&self, stmt: &Stmt, alone: bool) -> Stmt {
        let inner = match stmt {
            Stmt::Var(parts, flags, position) => {
                let (name, value, index) = &**parts;
                let mut value = typed(value);
                if alone {
                    self.part_by_part(&mut value);
                    value = custom(STEP, self.inside(&value), "$expr$", Dynamic::UNIT, *position);
                }
                return Stmt::Var(Box::new((name.clone(), value, *index)), *flags, *position);
            }
            Stmt::If(flow, position) => Stmt::If(Box::new(self.control(flow, alone)), *position),
            Stmt::While(flow, position) => Stmt::While(Box::new(self.rounds(flow, alone)), *position),
            Stmt::Do(flow, flags, position) => Stmt::Do(Box::new(self.rounds(flow, alone)), *flags, *position),
            Stmt::For(parts, position) => {
                let (name, counter, flow) = &**parts;
                let mut rounds = self.rounds(flow, alone);
                if alone && matches!(&flow.expr, Expr::Variable(variable, ..) if variable.1 == "input") {
                    rounds.body = self.taking(&flow.body, &rounds.body);
                }
                Stmt::For(Box::new((name.clone(), counter.clone(), rounds)), *position)
            }
            Stmt::Block(block) => Stmt::Block(Box::new(self.body(block, alone))),
            Stmt::TryCatch(flow, position) => {
                let block = self.body(&flow.body, true);
                let tried = custom(TRY, Expr::Stmt(Box::new(block)), "$block$", Dynamic::UNIT, *position);
                let caught = FlowControl {
                    expr: flow.expr.clone(),
                    body: StmtBlock::new([Stmt::Expr(Box::new(tried))], *position, *position),
                    branch: self.body(&flow.branch, alone),
                };
                Stmt::TryCatch(Box::new(caught), *position)
            }
            Stmt::FnCall(call, position) => {
                let mut call = call.clone();
                if alone {
                    call.args.iter_mut().for_each(|arg| self.part_by_part(arg));
                }
                Stmt::FnCall(Box::new(self.showing(&call)), *position)
            }
            Stmt::Expr(expr) => {
                let mut expr = self.guarded(expr, alone);
                if alone {
                    self.part_by_part(&mut expr);
                }
                Stmt::Expr(Box::new(self.emitting(&expr)))
            }
            Stmt::Assignment(parts) => {
                let mut parts = parts.clone();
                parts.1.rhs = typed(&parts.1.rhs);
                if alone {
                    self.part_by_part(&mut parts.1.rhs);
                    parts.1.rhs = self.inside(&parts.1.rhs);
                }
                Stmt::Assignment(parts)
            }
            Stmt::Return(Some(value), flags, position) if alone => {
                let mut value = value.clone();
                self.part_by_part(&mut value);
                let whole = Stmt::Return(Some(value), *flags, *position);
                let throws = flags.intersects(ASTFlags::BREAK);
                if !(throws && self.handles) {
                    return whole;
                }
                whole
            }
            _ => return stmt.clone(),
        };
        if !alone {
            return inner;
        }
        let position = inner.position();
        let block = StmtBlock::new([inner], position, position);
        let whole = custom(STEP, Expr::Stmt(Box::new(block)), "$expr$", Dynamic::TRUE, position);
        Stmt::Expr(Box::new(whole))
    }

    /// A value that statements give, `{ …; out.all() }` or a list of it: they fail one by one as well.
    fn inside(&self, value: &Expr) -> Expr {
        match value {
            Expr::Stmt(block) if block.statements().len() > 1 => self.inner(block),
            Expr::FnCall(call, position) if !call.is_qualified() => {
                let mut call = call.clone();
                call.args = call.args.iter().map(|arg| self.inside(arg)).collect();
                Expr::FnCall(call, *position)
            }
            other => other.clone(),
        }
    }

    /// The values in a text, and the statements of `$( )`, which fail one by one: the text goes on without them.
    fn part_by_part(&self, expr: &mut Expr) {
        match expr {
            Expr::InterpolatedString(parts, _) => {
                for part in parts.iter_mut() {
                    self.part_by_part(part);
                    if can_fail(part) {
                        *part = custom(STEP, part.clone(), "$expr$", Dynamic::UNIT, part.position());
                    }
                }
            }
            Expr::Array(items, _) => items.iter_mut().for_each(|item| self.part_by_part(item)),
            Expr::Map(entries, _) => entries.0.iter_mut().for_each(|(_, value)| self.part_by_part(value)),
            Expr::FnCall(call, _) | Expr::MethodCall(call, _) => {
                call.args.iter_mut().for_each(|arg| self.part_by_part(arg));
            }
            Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
                self.part_by_part(&mut pair.lhs);
                self.part_by_part(&mut pair.rhs);
            }
            Expr::And(items, _) | Expr::Or(items, _) | Expr::Coalesce(items, _) => {
                items.iter_mut().for_each(|item| self.part_by_part(item));
            }
            Expr::Stmt(block) => {
                let is_own = match block.statements() {
                    [Stmt::Expr(_) | Stmt::FnCall(..)] => true,
                    statements => collects(statements),
                };
                if is_own {
                    *expr = self.inner(block);
                }
            }
            Expr::Custom(custom, _)
                if custom
                    .tokens
                    .first()
                    .is_some_and(|word| matches!(word.as_str(), "object" | "ordered" | "table")) =>
            {
                custom.inputs.iter_mut().for_each(|input| self.part_by_part(input));
            }
            _ => {}
        }
    }

    /// `show(f(…))`: what a function of the text gives is shown as it comes.
    fn showing(&self, call: &FnCallExpr) -> FnCallExpr {
        let mut call = call.clone();
        if matches!(call.name.as_str(), "show" | "emit")
            && let Some(last) = call.args.last_mut()
            && let Expr::FnCall(inner, position) = &*last
            && !inner.is_qualified()
            && self.functions.contains(&(inner.name.to_string(), inner.args.len()))
        {
            let position = *position;
            *last = custom(LIVE, last.clone(), "$expr$", Dynamic::UNIT, position);
        }
        call
    }

    /// `out.emit(f(…))`.
    fn emitting(&self, expr: &Expr) -> Expr {
        let mut expr = expr.clone();
        match &mut expr {
            Expr::FnCall(call, _) => **call = self.showing(call),
            Expr::Dot(pair, ..) => {
                if let Expr::MethodCall(call, _) = &mut pair.rhs {
                    **call = self.showing(call);
                }
            }
            _ => {}
        }
        expr
    }

    /// The statements inside `guard { … } finally { … }`.
    fn guarded(&self, expr: &Expr, alone: bool) -> Expr {
        let Expr::Custom(custom, position) = expr else { return expr.clone() };
        if custom.tokens.first().map(|token| token.as_str()) != Some("guard") {
            return expr.clone();
        }
        let mut custom = custom.clone();
        for (at, input) in custom.inputs.iter_mut().enumerate() {
            if let Expr::Stmt(block) = input {
                let tries = matches!(block.statements(), [Stmt::TryCatch(..)]);
                let wrapped = self.body(block, alone && (at > 0 || tries));
                *input = Expr::Stmt(Box::new(wrapped));
            }
        }
        Expr::Custom(custom, *position)
    }

    fn control(&self, flow: &FlowControl, alone: bool) -> FlowControl {
        FlowControl {
            expr: flow.expr.clone(),
            body: self.body(&flow.body, alone),
            branch: self.body(&flow.branch, alone),
        }
    }

    /// A loop: what leaves it from inside a block is caught at each round.
    fn rounds(&self, flow: &FlowControl, alone: bool) -> FlowControl {
        let mut flow = self.control(flow, alone);
        if self.jumps {
            let (from, to) = (flow.body.position(), flow.body.end_position());
            let turn = custom(TURN, Expr::Stmt(Box::new(flow.body.clone())), "$block$", Dynamic::UNIT, from);
            flow.body = StmtBlock::new([Stmt::Expr(Box::new(turn))], from, to);
        }
        flow
    }

    /// A block that gives a value: what it collects goes into a collector of its own, also when a function puts it out.
    fn inner(&self, block: &StmtBlock) -> Expr {
        let statements = block.statements();
        let Some((first, rest)) = statements.split_first().filter(|_| collects(statements)) else {
            return Expr::Stmt(Box::new(self.body(block, true)));
        };
        let statements = std::iter::once(here(first)).chain(rest.iter().map(|stmt| self.step(stmt, true)));
        let body = StmtBlock::new(statements.collect::<Vec<_>>(), block.position(), block.end_position());
        custom(COLLECT, Expr::Stmt(Box::new(body)), "$block$", Dynamic::UNIT, block.position())
    }

    fn body(&self, block: &StmtBlock, alone: bool) -> StmtBlock {
        let statements: Vec<Stmt> = block.statements().iter().map(|stmt| self.step(stmt, alone)).collect();
        StmtBlock::new(statements, block.position(), block.end_position())
    }
}

/// `let out = outputs();` where `out` is the output itself.
fn here(stmt: &Stmt) -> Stmt {
    let Stmt::Var(parts, flags, position) = stmt else { return stmt.clone() };
    let value = custom(HERE, parts.1.clone(), "$expr$", Dynamic::UNIT, *position);
    Stmt::Var(Box::new((parts.0.clone(), value, parts.2)), *flags, *position)
}

/// `let out = outputs();`
fn collects_here(stmt: &Stmt) -> bool {
    let Stmt::Var(parts, ..) = stmt else { return false };
    matches!(&parts.1, Expr::FnCall(call, _) if call.name == "outputs" && call.args.is_empty())
}

/// Statements from `let out = outputs();` to `out.all()`.
fn collects(statements: &[Stmt]) -> bool {
    let gives_all = |stmt: &Stmt| {
        let Stmt::Expr(expr) = stmt else { return false };
        matches!(&**expr, Expr::Dot(pair, ..) if matches!(&pair.rhs, Expr::MethodCall(call, _) if call.name == "all"))
    };
    statements.first().is_some_and(collects_here) && statements.last().is_some_and(gives_all)
}

/// Whether a statement at the beginning of a function gives a parameter its type or default, or checks it.
fn is_head(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::FnCall(call, _) => checks(call),
        Stmt::Expr(expr) => matches!(&**expr, Expr::FnCall(call, _) if checks(call)),
        Stmt::Var(parts, ..) => {
            let mut found = false;
            parts.1.walk(&mut Vec::new(), &mut |path: &[ASTNode<'_>]| {
                if let Some(ASTNode::Expr(Expr::Variable(variable, ..))) = path.last() {
                    found |= variable.1 == parts.0.name;
                }
                true
            });
            found
        }
        _ => false,
    }
}

/// Whether evaluating an expression can fail: what only reads variables and properties cannot.
fn can_fail(expr: &Expr) -> bool {
    match expr {
        Expr::Dot(pair, ..) => can_fail(&pair.lhs) || can_fail(&pair.rhs),
        Expr::Property(..) | Expr::Variable(..) => false,
        Expr::FnCall(call, _) => !matches!(call.name.as_str(), "script" | "shell" | "env"),
        other => !other.is_constant(),
    }
}

/// A value that ends in a conversion as a method, `x.to_int()`: what the type of a variable asked for.
fn typed(value: &Expr) -> Expr {
    let mut last = value;
    while let Expr::Dot(pair, ..) | Expr::Index(pair, ..) = last {
        last = &pair.rhs;
    }
    match last {
        Expr::MethodCall(call, position) if converts(&call.name) => {
            custom(TYPED, value.clone(), "$expr$", Dynamic::UNIT, *position)
        }
        _ => value.clone(),
    }
}

/// Whether a function makes a value one of another type.
pub(super) fn converts(name: &str) -> bool {
    let kinds = ["int", "long", "double", "decimal", "text", "date", "timespan", "xml", "object"];
    matches!(name, "truthy" | "cast_to") || name.strip_prefix("to_").is_some_and(|kind| kinds.contains(&kind))
}

fn checks(call: &FnCallExpr) -> bool {
    matches!(call.name.as_str(), "required" | "validate")
}

fn custom(word: &str, input: Expr, marker: &str, state: Dynamic, position: Position) -> Expr {
    let expr = CustomExpr {
        inputs: [input].into_iter().collect(),
        tokens: [word.into(), marker.into()].into_iter().collect(),
        state,
        scope_may_be_changed: false,
        self_terminated: false,
    };
    Expr::Custom(Box::new(expr), position)
}
