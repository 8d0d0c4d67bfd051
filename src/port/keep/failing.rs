//! What can fail in the middle of a statement, and what is read as something that it is not.
//!
//! In PowerShell `$( )` is a statement of its own: when it fails, the statement around it goes on without its value.
//! The same holds for the values in a template of Rhai and for a block, `{ x }`; elsewhere an error ends its statement.

use super::super::ast::{Expr, ExprKind, Part, Stmt};
use super::super::ast_walk::{Node, walk_expr, walk_stmt};
use super::Keeper;
use super::types::{self, Ty};

impl Keeper<'_> {
    /// Whether the value of a statement may end in an error that ends a statement.
    pub(super) fn may_fail(&self, stmt: &Stmt) -> bool {
        let mut found = false;
        walk_stmt(stmt, &mut |node| self.looks_further(node, &mut found));
        found
    }

    /// [`Keeper::may_fail`] of an expression.
    pub(super) fn expression_may_fail(&self, expr: &Expr) -> bool {
        let mut found = false;
        walk_expr(expr, &mut |node| self.looks_further(node, &mut found));
        found
    }

    /// Notes whether a node may fail; false when nothing in it need be asked any more.
    fn looks_further(&self, node: Node<'_>, found: &mut bool) -> bool {
        *found = *found || matches!(node, Node::Expr(expr) if self.fails_here(expr));
        !*found && !is_block(node)
    }

    /// Whether a text in the statement has values that may fail.
    pub(super) fn has_failing_text(&self, stmt: &Stmt) -> bool {
        let mut found = false;
        walk_stmt(stmt, &mut |node| {
            if let Node::Expr(Expr { kind: ExprKind::Expand(parts), .. }) = node {
                let fails = |part: &Part| matches!(part, Part::Expr(expr) if self.expression_may_fail(expr));
                found |= parts.iter().any(fails);
            }
            !is_block(node)
        });
        found
    }

    /// Whether an expression itself may fail, those inside it aside.
    fn fails_here(&self, expr: &Expr) -> bool {
        let number = |expr: &Expr| self.type_of(expr).is_number();
        match &expr.kind {
            ExprKind::Call { object, fixed: true, .. } => {
                !matches!(&object.kind, ExprKind::Type(name) if name.eq_ignore_ascii_case("string"))
            }
            ExprKind::Call { object, .. } => matches!(self.type_of(object), Ty::Any | Ty::Null),
            ExprKind::Index(object, _) => matches!(self.type_of(object), Ty::Any | Ty::Null),
            ExprKind::Cast(_, inner) if matches!(inner.kind, ExprKind::Hash(_)) => false,
            ExprKind::Cast(name, inner) => {
                let plain = ["string", "pscustomobject", "psobject", "array", "object[]", "void", "bool", "ref"];
                let is_plain = plain.iter().any(|plain| name.eq_ignore_ascii_case(plain));
                let ty = types::of_type_name(name);
                !is_plain && (ty == Ty::Any || ty != self.type_of(inner))
            }
            ExprKind::Binary("/" | "%", left, right) => {
                !number(left)
                    || !matches!(&right.kind, ExprKind::Number(_, raw) if !raw.trim_matches(['0', '.']).is_empty())
            }
            ExprKind::Binary("-" | "*", left, right) => !number(left) || !number(right),
            ExprKind::Binary("-f", left, right) => left.as_text().is_none_or(|text| places(text) > count_of(right)),
            ExprKind::Binary(
                "-match" | "-notmatch" | "-cmatch" | "-cnotmatch" | "-replace" | "-creplace",
                _,
                right,
            ) => {
                let pattern = match &right.kind {
                    ExprKind::List(items) => items.first(),
                    _ => Some(&**right),
                };
                pattern.is_none_or(|pattern| pattern.as_text().is_none())
            }
            _ => false,
        }
    }

    /// Notes that a script block is read as text, of which only its closure is carried over.
    pub(super) fn read_as_text(&mut self, expr: &Expr) {
        if self.type_of(expr) == Ty::Block {
            self.find("block_text", "the text of a script block is read", expr.span);
        }
    }
}

/// How many values a format asks for: `{0} {2:N1}` for three.
fn places(format: &str) -> usize {
    let number = |text: &str| {
        let digits = text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        text.get(..text.len() - digits).and_then(|digits| digits.parse::<usize>().ok())
    };
    format.split('{').skip(1).filter_map(number).map(|place| place.saturating_add(1)).max().unwrap_or(0)
}

/// How many values an operand surely gives.
fn count_of(expr: &Expr) -> usize {
    match &expr.kind {
        ExprKind::List(items) => items.len(),
        ExprKind::Paren(inner) => super::loops::only(inner).map_or(1, count_of),
        _ => 1,
    }
}

/// Whether a walk is at a script block, whose statements are run elsewhere.
fn is_block(node: Node<'_>) -> bool {
    matches!(node, Node::Expr(Expr { kind: ExprKind::Block(_), .. }))
}
