//! What a compiled text uses: calls, methods, properties, static members; which links of a chain stay lazy.
//!
//! Only reads the syntax tree.

#![allow(deprecated, reason = "the syntax tree is volatile, says Rhai, not deprecated; its version is pinned")]

use std::collections::{BTreeSet, HashMap, HashSet};

use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};

/// What was found.
#[derive(Default)]
pub(super) struct Sites {
    /// Functions called, with the number of arguments.
    pub(super) calls: BTreeSet<(String, usize)>,
    /// Methods called, with the number of arguments, the receiver among them.
    pub(super) methods: BTreeSet<(String, usize)>,
    /// Properties read or written.
    pub(super) properties: BTreeSet<String>,
    /// Properties that something is assigned to.
    pub(super) assigned: BTreeSet<String>,
    /// `Type::member(…)`.
    pub(super) statics: BTreeSet<(String, String, usize)>,
    /// Where methods are called.
    pub(super) method_places: HashSet<Position>,
    /// Calls whose result goes on into the next stage.
    pub(super) lazy: HashSet<Position>,
    /// The parameters of each function of the text, closures too.
    pub(super) parameters: HashMap<String, Vec<String>>,
}

impl Sites {
    pub(super) fn of(ast: &AST) -> Self {
        let mut sites = Self::default();
        for function in ast.iter_fn_def() {
            let names = function.params.iter().map(ToString::to_string).collect();
            sites.parameters.insert(function.name.to_string(), names);
        }
        ast.walk(&mut |path: &[ASTNode<'_>]| {
            match path.last() {
                Some(ASTNode::Expr(expr)) => sites.expr(expr),
                Some(ASTNode::Stmt(Stmt::FnCall(call, _))) => sites.call(call),
                Some(ASTNode::Stmt(Stmt::Expr(expr))) => sites.expr(expr),
                Some(ASTNode::Stmt(Stmt::Assignment(parts))) => sites.target(&parts.1.lhs),
                _ => {}
            }
            true
        });
        sites
    }

    /// What another text uses as well.
    pub(super) fn add(&mut self, other: Self) {
        self.calls.extend(other.calls);
        self.methods.extend(other.methods);
        self.properties.extend(other.properties);
        self.assigned.extend(other.assigned);
        self.statics.extend(other.statics);
        self.method_places.extend(other.method_places);
        self.lazy.extend(other.lazy);
        self.parameters.extend(other.parameters);
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::FnCall(call, _) => self.call(call),
            Expr::MethodCall(call, position) => {
                self.shown(call);
                self.methods.insert((call.name.to_string(), call.args.len() + 1));
                self.method_places.insert(*position);
            }
            Expr::Property(property, _) => {
                self.properties.insert(property.2.to_string());
            }
            Expr::Dot(..) => self.chain(expr, false),
            _ => {}
        }
    }

    /// The last property on the left of an assignment.
    fn target(&mut self, target: &Expr) {
        match target {
            Expr::Property(property, _) => {
                self.assigned.insert(property.2.to_string());
            }
            Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
                self.target(&pair.lhs);
                self.target(&pair.rhs);
            }
            _ => {}
        }
    }

    fn call(&mut self, call: &FnCallExpr) {
        if call.is_qualified() {
            let owner = call.namespace.root().to_owned();
            self.statics.insert((owner, call.name.to_string(), call.args.len()));
            return;
        }
        if call.is_operator_call() {
            return;
        }
        self.calls.insert((call.name.to_string(), call.args.len()));
        self.shown(call);
    }

    /// What is shown is shown as it comes.
    fn shown(&mut self, call: &FnCallExpr) {
        if matches!(call.name.as_str(), "show" | "emit")
            && let Some(only) = call.args.last()
        {
            match only {
                Expr::FnCall(inner, place) if !inner.is_qualified() && !inner.is_operator_call() => {
                    self.lazy.insert(*place);
                }
                Expr::Dot(..) => self.chain(only, true),
                _ => {}
            }
        }
    }

    /// All links of a chain but the last stay lazy; the last too when its taker wants it so.
    fn chain(&mut self, expr: &Expr, last_too: bool) {
        let mut links = Vec::new();
        let mut rest = expr;
        while let Expr::Dot(pair, ..) = rest {
            links.push(&pair.lhs);
            rest = &pair.rhs;
        }
        links.push(rest);
        let place = |link: &Expr| match link {
            Expr::FnCall(call, position) if !call.is_qualified() && !call.is_operator_call() => Some(*position),
            Expr::MethodCall(call, position) if is_stage(&call.name) => Some(*position),
            _ => None,
        };
        for (index, link) in links.iter().enumerate() {
            let Some(position) = place(link) else { continue };
            let goes_on = match links.get(index + 1) {
                Some(Expr::MethodCall(call, _)) => is_stage(&call.name),
                Some(_) => false,
                None => last_too,
            };
            if goes_on {
                self.lazy.insert(position);
            }
        }
    }
}

/// Whether a method is a stage of a pipeline; .NET's methods begin with a capital.
pub(super) fn is_stage(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && !matches!(name, "emit" | "all" | "set" | "join_str")
        && !super::steps::converts(name)
        && !name.ends_with("_re")
}
