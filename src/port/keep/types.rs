//! What can be known of a value before the script runs: enough to leave a conversion out where it does nothing.
//!
//! Light on purpose: a variable has a type when everything it is ever given has that type.

use std::collections::{HashMap, HashSet};

use super::super::ast::{Arg, Block, Element, Expr, ExprKind, Number, Stmt, StmtKind};
use super::super::ast_walk::{Node, walk_block};

/// A type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ty {
    /// Not known.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with fraction.
    Float,
    /// Text.
    Str,
    /// A list of the runtime.
    List,
    /// A .NET list whose `Add` gives nothing.
    Generic,
    /// A table.
    Table,
    /// An object of the runtime: dates, spans, custom objects.
    Object,
    /// A script block.
    Block,
    /// Nothing.
    Null,
    /// Not looked at yet.
    Open,
}

impl Ty {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Open, known) | (known, Self::Open) => known,
            (a, b) if a == b => a,
            _ => Self::Any,
        }
    }

    /// Whether it is one value and no list.
    pub(super) fn is_scalar(self) -> bool {
        matches!(self, Self::Bool | Self::Int | Self::Float | Self::Str)
    }

    /// Whether it is a number.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Float)
    }
}

/// The types of a script's variables, by name in lower case.
///
/// What a variable is given may depend on others and on itself. So all begin as not looked at, and each round finds
/// from the types of the round before what they are, until a round finds nothing new.
pub(super) fn find(script: &Block) -> HashMap<String, Ty> {
    const ROUNDS_MAX: usize = 12;
    let steady = steady(script);
    let mut known: Option<HashMap<String, Ty>> = None;
    for _ in 0..ROUNDS_MAX {
        let present = known.take().unwrap_or_else(|| everything_open(script));
        let mut types = HashMap::new();
        let mut set = |name: &str, ty: Ty| {
            let name = name.to_lowercase();
            let joined = types.get(&name).map_or(ty, |old: &Ty| old.join(ty));
            types.insert(name, joined);
        };
        walk_block(script, &mut |node| {
            visit(node, &present, &mut set);
            true
        });
        params(script, &mut types);
        types.extend(steady.iter().map(|(name, ty)| (name.clone(), *ty)));
        if types == present {
            types.retain(|_, ty| *ty != Ty::Open);
            return types;
        }
        known = Some(types);
    }
    HashMap::new()
}

/// The type that a variable was declared with.
#[derive(Debug)]
pub(super) struct Typed {
    pub(super) name: String,
    /// Where in the source.
    pub(super) from: usize,
    /// Whether it has had values before.
    late: bool,
}

/// Variables that convert whatever they are given, wherever that is.
fn steady(script: &Block) -> HashMap<String, Ty> {
    let typed = typed(script);
    let mut found: HashMap<String, Ty> = HashMap::new();
    let mut note = |unit: usize, name: &str| {
        let name = name.to_lowercase();
        let ty = typed
            .get(&(unit, name.clone()))
            .filter(|typed| !typed.late)
            .map_or(Ty::Any, |typed| of_type_name(&typed.name));
        found.entry(name).and_modify(|old| *old = old.join(ty)).or_insert(ty);
    };
    let mut units = vec![(0, script)];
    while let Some((unit, block)) = units.pop() {
        block.params.iter().flatten().for_each(|param| note(unit, &param.name));
        walk_block(block, &mut |node| {
            if let Node::Stmt(Stmt { kind: StmtKind::Function { body, .. }, .. }) = node {
                units.push((super::scope::key(&**body), body));
                return false;
            }
            visit(node, &HashMap::new(), &mut |name, _| note(unit, name));
            true
        });
    }
    found.retain(|_, ty| ty.is_scalar());
    found
}

/// All variables that are given a value, not looked at.
fn everything_open(script: &Block) -> HashMap<String, Ty> {
    let mut types = HashMap::new();
    walk_block(script, &mut |node| {
        visit(node, &HashMap::new(), &mut |name, _| {
            types.insert(name.to_lowercase(), Ty::Open);
        });
        true
    });
    types
}

/// Parameters have any value that callers give, unless a type makes it one of ours.
fn params(block: &Block, types: &mut HashMap<String, Ty>) {
    let mut note = |block: &Block| {
        for param in block.params.iter().flatten() {
            let ty = param.type_name().map_or(Ty::Any, of_type_name);
            let name = param.name.to_lowercase();
            let ty = if param.default.is_none() && ty == Ty::Object || ty == Ty::Table { Ty::Any } else { ty };
            let is_switch = param.type_name().is_some_and(|name| name.to_lowercase().starts_with("switch"));
            let ty = if is_switch { Ty::Bool } else { ty };
            let joined = types.get(&name).map_or(ty, |old| old.join(ty));
            types.insert(name, joined);
        }
    };
    note(block);
    walk_block(block, &mut |node| {
        match node {
            Node::Stmt(Stmt { kind: StmtKind::Function { body, .. }, .. }) => note(body),
            Node::Expr(Expr { kind: ExprKind::Block(body), .. }) => note(body),
            _ => {}
        }
        true
    });
}

fn visit(node: Node<'_>, known: &HashMap<String, Ty>, set: &mut dyn FnMut(&str, Ty)) {
    match node {
        Node::Stmt(stmt) => match &stmt.kind {
            StmtKind::Assign { target, op, value } => assigned(target, op, value, known, set),
            StmtKind::Foreach { var, .. } => set(&var.name, Ty::Any),
            _ => {}
        },
        Node::Expr(Expr { kind: ExprKind::Step { target, .. }, .. }) => {
            if let ExprKind::Variable(variable) = &target.kind {
                let old = known.get(&variable.name.to_lowercase()).copied().unwrap_or(Ty::Any);
                set(&variable.name, if old.is_number() || old == Ty::Open { old } else { Ty::Any });
            }
        }
        Node::Command(command) => {
            // variables that commands fill
            let mut next = false;
            for arg in &command.args {
                match arg {
                    Arg::Parameter { name, .. } => next = name.to_lowercase().ends_with("variable"),
                    Arg::Value(value) if next => {
                        if let Some(name) = value.as_text() {
                            set(name.trim_start_matches('+'), Ty::Any);
                        }
                        next = false;
                    }
                    _ => {}
                }
            }
        }
        Node::Expr(_) => {}
    }
}

fn assigned(target: &Expr, op: &str, value: &Stmt, known: &HashMap<String, Ty>, set: &mut dyn FnMut(&str, Ty)) {
    match &target.kind {
        ExprKind::Variable(variable) => {
            let right = of_stmt(value, known);
            let old = known.get(&variable.name.to_lowercase()).copied().unwrap_or(Ty::Any);
            let ty = match op {
                "=" => right,
                _ if old == Ty::Open || right == Ty::Open => Ty::Open,
                "+=" if old == Ty::List || old == Ty::Str => old,
                "+=" | "-=" | "*=" if old == Ty::Int && right == Ty::Int => Ty::Int,
                "+=" | "-=" | "*=" if old.is_number() && right.is_number() => Ty::Float,
                _ => Ty::Any,
            };
            set(&variable.name, ty);
        }
        ExprKind::Cast(name, inner) => {
            if let ExprKind::Variable(variable) = &inner.kind {
                let of_list = is_array(name) && op == "=" && of_stmt(value, known) == Ty::List;
                set(&variable.name, if of_list { Ty::List } else { of_type_name(name) });
            } else {
                assigned(inner, "?", value, known, set);
            }
        }
        ExprKind::Attributed(_, inner) => assigned(inner, "?", value, known, set),
        ExprKind::List(items) => items.iter().for_each(|item| assigned(item, "?", value, known, set)),
        _ => {}
    }
}

/// Variables that were given a type, `[int]$n = 1`, and with it convert all later values: by the function they are in
/// (its block's place in memory, 0 for the script) and their name in lower case.
pub(super) fn typed(script: &Block) -> HashMap<(usize, String), Typed> {
    let mut found = HashMap::new();
    typed_in(0, script, &mut found);
    walk_block(script, &mut |node| {
        if let Node::Stmt(Stmt { kind: StmtKind::Function { body, .. }, .. }) = node {
            typed_in(super::scope::key(&**body), body, &mut found);
        }
        true
    });
    found
}

/// Variables (lower case) that are given a number near the limit of 32 bits.
pub(super) fn large(script: &Block) -> HashSet<String> {
    let mut found = HashSet::new();
    walk_block(script, &mut |node| {
        if let Node::Stmt(Stmt { kind: StmtKind::Assign { target, value, .. }, .. }) = node
            && let Some(ExprKind::Number(Number::Int(number), _)) = super::loops::only(value).map(|expr| &expr.kind)
            && number.unsigned_abs() > 1_000_000_000
            && let Some(variable) = super::assignment::innermost_variable(target)
        {
            found.insert(variable.name.to_lowercase());
        }
        true
    });
    found
}

fn typed_in(unit: usize, block: &Block, found: &mut HashMap<(usize, String), Typed>) {
    let mut mixed = Vec::new();
    let mut note = |name: &str, kind: &str, from: usize| {
        let typed = Typed { name: kind.to_owned(), from, late: false };
        let name = name.to_lowercase();
        let old = found.entry((unit, name.clone())).or_insert(typed);
        if !old.name.eq_ignore_ascii_case(kind) {
            mixed.push(name);
        }
    };
    for param in block.params.iter().flatten() {
        if let Some(kind) = param.type_name() {
            note(&param.name, kind, 0);
        }
    }
    let each = |work: &mut dyn FnMut(&Expr)| {
        walk_block(block, &mut |node| {
            if let Node::Stmt(Stmt { kind: StmtKind::Assign { target, .. }, .. }) = node {
                work(target);
            }
            !matches!(node, Node::Stmt(Stmt { kind: StmtKind::Function { .. }, .. }))
        });
    };
    each(&mut |target| {
        if let ExprKind::Cast(kind, inner) = &target.kind
            && let ExprKind::Variable(variable) = &inner.kind
        {
            note(&variable.name, kind, target.span.start);
        }
    });
    each(&mut |target| {
        if let Some(variable) = super::assignment::innermost_variable(target)
            && let Some(typed) = found.get_mut(&(unit, variable.name.to_lowercase()))
        {
            typed.late |= target.span.start < typed.from;
        }
    });
    let plain = ["object", "psobject", "pscustomobject", "switch", "hashtable"];
    found.retain(|(own, name), typed| {
        *own != unit || !mixed.contains(name) && !plain.iter().any(|plain| typed.name.eq_ignore_ascii_case(plain))
    });
}

/// Whether a type is a list of anything.
fn is_array(name: &str) -> bool {
    name.eq_ignore_ascii_case("array") || name.eq_ignore_ascii_case("object[]")
}

/// The type that a cast to `name` gives.
pub(super) fn of_type_name(name: &str) -> Ty {
    match name.to_ascii_lowercase().trim_start_matches("system.") {
        "int" | "int32" => Ty::Int,
        "double" | "float" => Ty::Float,
        "string" => Ty::Str,
        "bool" | "boolean" => Ty::Bool,
        "datetime" | "timespan" => Ty::Object,
        "hashtable" | "collections.hashtable" => Ty::Table,
        _ => Ty::Any,
    }
}

fn is_generic_list(name: &str) -> bool {
    name.to_lowercase().trim_start_matches("system.").starts_with("collections.generic.list[")
}

/// The type of a statement's value.
pub(super) fn of_stmt(stmt: &Stmt, known: &HashMap<String, Ty>) -> Ty {
    match &stmt.kind {
        StmtKind::Pipeline(elements) => match elements.as_slice() {
            [Element::Expression { expr, .. }] => of(expr, known),
            [Element::Command(command)] => match command.name.as_text().map(str::to_lowercase).as_deref() {
                Some("get-date") => {
                    let formats = command.args.iter().any(
                        |arg| matches!(arg, Arg::Parameter { name, .. } if "format".starts_with(&name.to_lowercase()) || "uformat".starts_with(&name.to_lowercase())),
                    );
                    if formats { Ty::Str } else { Ty::Object }
                }
                Some("new-timespan") => Ty::Object,
                Some("new-object") if command.args.len() == 1 => match command.args.first() {
                    Some(Arg::Value(name)) if is_generic_list(name.as_text().unwrap_or_default()) => Ty::Generic,
                    _ => Ty::Any,
                },
                Some("test-path") => match command.args.first() {
                    Some(Arg::Value(path)) if command.args.len() == 1 && of(path, known) == Ty::Str => Ty::Bool,
                    _ => Ty::Any,
                },
                Some("read-host" | "join-path") => Ty::Str,
                _ => Ty::Any,
            },
            _ => Ty::Any,
        },
        StmtKind::Assign { op: "=", value, .. } => of_stmt(value, known),
        _ => Ty::Any,
    }
}

/// The type of an expression.
pub(super) fn of(expr: &Expr, known: &HashMap<String, Ty>) -> Ty {
    match &expr.kind {
        ExprKind::Str { .. } | ExprKind::Expand(_) => Ty::Str,
        ExprKind::Number(Number::Int(_), _) => Ty::Int,
        ExprKind::Number(Number::Long(n), _) if *n > i64::from(i32::MAX) => Ty::Any,
        ExprKind::Number(Number::Double(_), _) => Ty::Float,
        ExprKind::Variable(variable) if variable.scope.is_none() => match variable.name.to_lowercase().as_str() {
            "true" | "false" => Ty::Bool,
            "null" => Ty::Null,
            name => known.get(name).copied().unwrap_or(Ty::Any),
        },
        ExprKind::Paren(stmt) => of_stmt(stmt, known),
        ExprKind::Array(_) | ExprKind::List(_) => Ty::List,
        ExprKind::Hash(_) => Ty::Table,
        ExprKind::Block(_) => Ty::Block,
        ExprKind::Cast(name, value) => match (&value.kind, name.to_ascii_lowercase().as_str()) {
            (ExprKind::Hash(_), _) => Ty::Object,
            (_, "array" | "object[]" | "string[]") => Ty::Any,
            (_, name) => of_type_name(name),
        },
        ExprKind::Binary(op, left, right) => of_binary(op, left, right, known),
        ExprKind::Unary("-not", _) => Ty::Bool,
        ExprKind::Unary("-join", _) => Ty::Str,
        ExprKind::Unary("-split" | ",", _) => Ty::List,
        ExprKind::Unary("-", value) => of(value, known),
        ExprKind::Call { object, name, fixed, .. } => of_call(object, name, *fixed),
        ExprKind::Member { object, name, fixed: false } => {
            match (of(object, known), name.as_text().unwrap_or_default().to_lowercase().as_str()) {
                (Ty::List | Ty::Generic, "count") | (Ty::List | Ty::Str, "length") => Ty::Int,
                _ => Ty::Any,
            }
        }
        _ => Ty::Any,
    }
}

fn of_binary(op: &str, left: &Expr, right: &Expr, known: &HashMap<String, Ty>) -> Ty {
    match op {
        "-and" | "-or" | "-xor" | "-is" | "-isnot" | "-contains" | "-notcontains" | "-in" | "-notin" | "-ccontains"
        | "-cin" => Ty::Bool,
        "-f" | "-join" => Ty::Str,
        "-split" | "-csplit" | ".." => Ty::List,
        // each side is asked once: a chain of these is as deep as it is long
        "+" | "-" | "*" => match (op, of(left, known), of(right, known)) {
            (_, Ty::Open, _) | (_, _, Ty::Open) => Ty::Open,
            ("+" | "-", Ty::Int, Ty::Int) => Ty::Int,
            ("+" | "*", Ty::Str, _) => Ty::Str,
            ("+", Ty::List, _) => Ty::List,
            (_, a, b) if a.is_number() && b.is_number() => Ty::Float,
            _ => Ty::Any,
        },
        "-replace" | "-creplace" if of(left, known) == Ty::Str => Ty::Str,
        "-eq" | "-ne" | "-gt" | "-ge" | "-lt" | "-le" | "-like" | "-notlike" | "-match" | "-notmatch" | "-ceq"
        | "-cne" | "-clike" | "-cmatch"
            if of(left, known) != Ty::List =>
        {
            Ty::Bool
        }
        _ => Ty::Any,
    }
}

/// The type that a method gives.
pub(super) fn of_call(object: &Expr, name: &Expr, fixed: bool) -> Ty {
    let name = name.as_text().unwrap_or_default().to_lowercase();
    if fixed {
        let ExprKind::Type(of) = &object.kind else { return Ty::Any };
        let lower = of.to_lowercase();
        return match (lower.trim_start_matches("system."), name.as_str()) {
            ("string", "isnullorempty" | "isnullorwhitespace") => Ty::Bool,
            ("string", "join" | "format" | "concat") => Ty::Str,
            (generic, "new") if is_generic_list(generic) => Ty::Generic,
            _ => Ty::Any,
        };
    }
    match name.as_str() {
        "tostring" | "toupper" | "tolower" | "trim" | "trimstart" | "trimend" | "substring" | "padleft"
        | "padright" | "toshortdatestring" | "tolongdatestring" | "toshorttimestring" => Ty::Str,
        "startswith" | "endswith" | "containskey" => Ty::Bool,
        "adddays" | "addhours" | "addminutes" | "addmonths" | "addyears" | "addseconds" | "touniversaltime"
        | "tolocaltime" => Ty::Object,
        "split" => Ty::List,
        _ => Ty::Any,
    }
}
