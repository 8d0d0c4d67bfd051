//! Enumerations of the script: names for numbers.
//!
//! Classes stay behind.

use std::collections::HashSet;

use super::super::ast::{Block, Enum, ExprKind, Number, Stmt, StmtKind};
use super::super::ast_walk::{Node, walk_block};
use super::text::quoted;
use super::writer::enclosed;
use super::{Keeper, names};
use crate::diagnostic::Span;

/// The names (lower case) of the enumerations that a script defines.
pub(super) fn enumerations(script: &Block) -> HashSet<String> {
    let mut found = HashSet::new();
    walk_block(script, &mut |node| {
        if let Node::Stmt(Stmt { kind: StmtKind::Enum(own), .. }) = node {
            found.insert(own.name.to_lowercase());
        }
        true
    });
    found
}

impl Keeper<'_> {
    /// `enum Name { A; B = 5 }`: every name with its number.
    pub(super) fn enumeration(&mut self, found: &Enum, span: Span) {
        let Some(numbers) = numbers(found) else {
            let code = self.unsupported("class", "an enumeration with computed numbers", span);
            return self.line(&format!("{};", code.text));
        };
        let entries: Vec<String> =
            numbers.into_iter().map(|(name, number)| format!("{}: {number}", names::key(name))).collect();
        let word = if found.flags { "define_flags" } else { "define_enum" };
        self.line(&format!("{word}({}, {});", quoted(&found.name), enclosed("ordered { ", &entries, " }")));
    }
}

/// The numbers of an enumeration, as far as they are written out.
fn numbers(found: &Enum) -> Option<Vec<(&str, i32)>> {
    let mut next = 0_i32;
    let mut all = Vec::new();
    for (name, written) in &found.values {
        if let Some(written) = written {
            let ExprKind::Number(Number::Int(number), _) = written.kind else { return None };
            next = number;
        }
        all.push((name.as_str(), next));
        next = next.checked_add(1)?;
    }
    Some(all)
}
