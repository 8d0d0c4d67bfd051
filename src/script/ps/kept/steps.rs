//! PowerShell's rule that an error ends its statement and the next one runs, for the statements of a script.
//!
//! Every statement outside of functions is wrapped in a step; inside `try` none is, so that the error is caught.

#![allow(deprecated, reason = "the syntax tree is volatile, says Rhai, not deprecated; its version is pinned")]

use rhai::{AST, CustomExpr, Dynamic, Expr, FlowControl, Position, Stmt, StmtBlock};

use super::syntax::{STEP, TRY};

/// The same text with its statements wrapped.
pub(super) fn wrap(ast: &AST) -> AST {
    let statements: Vec<Stmt> = ast.statements().iter().map(|stmt| step(stmt, true)).collect();
    let mut wrapped = AST::new(statements, ast.shared_lib().clone());
    if let Some(source) = ast.source() {
        wrapped.set_source(source);
    }
    wrapped
}

fn step(stmt: &Stmt, alone: bool) -> Stmt {
    let inner = match stmt {
        Stmt::Var(parts, flags, position) if alone => {
            let (name, value, index) = &**parts;
            let value = custom(STEP, value.clone(), "$expr$", *position);
            return Stmt::Var(Box::new((name.clone(), value, *index)), *flags, *position);
        }
        Stmt::If(flow, position) => Stmt::If(Box::new(control(flow, alone)), *position),
        Stmt::While(flow, position) => Stmt::While(Box::new(control(flow, alone)), *position),
        Stmt::Do(flow, flags, position) => Stmt::Do(Box::new(control(flow, alone)), *flags, *position),
        Stmt::For(parts, position) => {
            let (name, counter, flow) = &**parts;
            Stmt::For(Box::new((name.clone(), counter.clone(), control(flow, alone))), *position)
        }
        Stmt::Block(block) => Stmt::Block(Box::new(body(block, alone))),
        Stmt::TryCatch(flow, position) => {
            let block = body(&flow.body, false);
            let tried = custom(TRY, Expr::Stmt(Box::new(block)), "$block$", *position);
            let caught = FlowControl {
                expr: flow.expr.clone(),
                body: StmtBlock::new([Stmt::Expr(Box::new(tried))], *position, *position),
                branch: body(&flow.branch, alone),
            };
            Stmt::TryCatch(Box::new(caught), *position)
        }
        Stmt::FnCall(..) | Stmt::Expr(_) | Stmt::Assignment(_) => stmt.clone(),
        _ => return stmt.clone(),
    };
    if !alone {
        return inner;
    }
    let position = inner.position();
    let block = StmtBlock::new([inner], position, position);
    Stmt::Expr(Box::new(custom(STEP, Expr::Stmt(Box::new(block)), "$expr$", position)))
}

fn control(flow: &FlowControl, alone: bool) -> FlowControl {
    FlowControl { expr: flow.expr.clone(), body: body(&flow.body, alone), branch: body(&flow.branch, alone) }
}

fn body(block: &StmtBlock, alone: bool) -> StmtBlock {
    let statements: Vec<Stmt> = block.statements().iter().map(|stmt| step(stmt, alone)).collect();
    StmtBlock::new(statements, block.position(), block.end_position())
}

fn custom(word: &str, input: Expr, marker: &str, position: Position) -> Expr {
    let expr = CustomExpr {
        inputs: [input].into_iter().collect(),
        tokens: [word.into(), marker.into()].into_iter().collect(),
        state: Dynamic::UNIT,
        scope_may_be_changed: false,
        self_terminated: false,
    };
    Expr::Custom(Box::new(expr), position)
}
