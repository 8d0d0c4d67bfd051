//! Where each variable lives: which statement declares it, and which ones functions share with the script.
//!
//! PowerShell's blocks are no scopes and its functions read their caller's variables; Rhai's `let` ends with its
//! block and its functions see nothing outside. Only the tree is read here; nothing is written.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::super::ast::{Arg, Block, Command, Element, Expr, ExprKind, Part, Stmt, StmtKind, Variable};
use super::super::ast_walk::{Node, walk_block};
use super::names;

/// The answer, by the places of statements in memory: the tree does not move while it is read.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    /// Assignments that become `let`.
    pub(super) lets: HashSet<usize>,
    /// Variables to declare before a statement: name in lower case, and whether it is assigned anywhere.
    pub(super) before: HashMap<usize, Vec<(String, bool)>>,
    /// Variables (lower case) that functions share with the script.
    pub(super) shared: BTreeSet<String>,
    /// Variables that a function reads from the script before it has its own, by the function's block.
    pub(super) imported: HashMap<usize, Vec<String>>,
    /// `for` statements whose counter is used nowhere else.
    pub(super) confined: HashSet<usize>,
    /// First-seen spellings of what functions share.
    pub(super) spellings: HashMap<String, String>,
    /// First-seen spellings in the script and in each function, by its block.
    pub(super) own_spellings: HashMap<(usize, String), String>,
    /// Variables of functions that the functions they call read.
    pub(super) lent: HashSet<String>,
    /// The script's block.
    pub(super) script: usize,
    /// A function's own variables (lower case), by its block.
    pub(super) locals: HashMap<usize, HashSet<String>>,
    /// Variables (lower case) that commands fill by name.
    pub(super) filled: HashSet<String>,
    /// Loop variables that are used outside their loop.
    pub(super) escaping: HashSet<(usize, String)>,
}

impl Scopes {
    /// Variables that nothing in the text assigns may be set by a file that it takes in.
    pub(super) fn fill_unassigned(&mut self) {
        let filled = &mut self.filled;
        for names in self.before.values_mut() {
            names.retain(|(name, assigned)| {
                if !assigned {
                    filled.insert(name.clone());
                }
                *assigned
            });
        }
    }

    /// Variables that are there before the script begins, spelled so.
    pub(super) fn know(&mut self, known: &[String]) {
        for name in known {
            let lower = name.to_lowercase();
            self.before.values_mut().for_each(|names| names.retain(|(own, _)| *own != lower));
            self.spellings.insert(lower.clone(), name.clone());
            self.own_spellings.insert((self.script, lower), name.clone());
        }
    }
}

/// One statement list on the way to an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    block: usize,
    stmt: usize,
    again: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    Write,
    /// The statement itself is the plain assignment.
    Direct,
    /// The variable of a `foreach`.
    Loop,
}

#[derive(Debug, Clone)]
struct Seen {
    path: Vec<Step>,
    what: Use,
}

#[derive(Debug, Default)]
struct Unit {
    key: usize,
    seen: BTreeMap<String, Vec<Seen>>,
    params: BTreeSet<String>,
    is_function: bool,
}

struct Walk {
    units: Vec<Unit>,
    stack: Vec<usize>,
    path: Vec<Step>,
    scopes: Scopes,
    loops: Vec<String>,
    nested: usize,
}

/// The place of a node in memory, as a key.
pub(super) fn key<T>(node: &T) -> usize {
    std::ptr::from_ref(node).addr()
}

/// The key of a statement, of the loop itself when it has a label.
pub(super) fn statement_key(stmt: &Stmt) -> usize {
    match &stmt.kind {
        StmtKind::Labelled { stmt, .. } => statement_key(stmt),
        _ => key(stmt),
    }
}

/// Finds out for a whole script.
pub(super) fn find(script: &Block) -> Scopes {
    let mut walk = Walk {
        units: vec![Unit { key: key(script), ..Unit::default() }],
        stack: vec![0],
        path: Vec::new(),
        scopes: Scopes { script: key(script), ..Scopes::default() },
        loops: Vec::new(),
        nested: 0,
    };
    walk.filled(script);
    walk.block(script);
    walk.decide()
}

impl Walk {
    fn block(&mut self, block: &Block) {
        for param in block.params.iter().flatten() {
            self.spell(&param.name);
            let unit = self.unit();
            unit.params.insert(param.name.to_lowercase());
            if let Some(default) = &param.default {
                self.expr(default);
            }
        }
        for part in [&block.begin, &block.process, &block.end, &block.clean].into_iter().flatten() {
            self.body(part, false);
        }
        self.body(&block.body, false);
    }

    /// Variables that are named as text: `-ErrorVariable x`, `Set-Variable x`.
    fn filled(&mut self, script: &Block) {
        let filled = &mut self.scopes.filled;
        walk_block(script, &mut |node| {
            let Node::Command(command) = node else { return true };
            let sets = command.name.as_text().is_some_and(|name| {
                ["set-variable", "new-variable", "get-variable", "remove-variable", "clear-variable", "sv", "nv", "gv"]
                    .contains(&name.to_lowercase().as_str())
            });
            let mut next = sets;
            for arg in &command.args {
                match arg {
                    Arg::Parameter { name, value, .. } => {
                        let lower = name.to_lowercase();
                        next = (lower.ends_with("variable")
                            || matches!(lower.as_str(), "ev" | "ov" | "wv" | "iv" | "pv"))
                            || sets && "name".starts_with(&lower);
                        if let (true, Some(value)) = (next, value) {
                            filled.extend(value.as_text().map(|text| text.trim_start_matches('+').to_lowercase()));
                        }
                    }
                    Arg::Value(value) if next => {
                        filled.extend(value.as_text().map(|text| text.trim_start_matches('+').to_lowercase()));
                        next = false;
                    }
                    _ => {}
                }
            }
            true
        });
    }

    fn unit(&mut self) -> &mut Unit {
        let at = self.stack.last().copied().unwrap_or(0);
        &mut self.units[at]
    }

    fn spell(&mut self, name: &str) {
        let unit = self.unit().key;
        self.scopes.spellings.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
        self.scopes.own_spellings.entry((unit, name.to_lowercase())).or_insert_with(|| name.to_owned());
    }

    fn note(&mut self, variable: &Variable, what: Use) {
        let lower = variable.name.to_lowercase();
        match variable.scope.as_deref().map(str::to_lowercase).as_deref() {
            None | Some("local" | "private" | "using") => {}
            Some("script" | "global") => {
                if !names::is_shell_variable(&lower) {
                    self.spell(&variable.name);
                    self.scopes.shared.insert(lower);
                }
                return;
            }
            Some(_) => return,
        }
        if names::is_special(&lower) || names::is_shell_variable(&lower) || self.scopes.filled.contains(&lower) {
            return;
        }
        self.spell(&variable.name);
        if what == Use::Read && self.loops.contains(&lower) {
            return; // the loop's own variable
        }
        let path = self.path.clone();
        self.unit().seen.entry(lower).or_default().push(Seen { path, what });
    }

    fn body(&mut self, body: &[Stmt], again: bool) {
        let block = body.as_ptr().addr();
        let nested = std::mem::take(&mut self.nested);
        for stmt in body {
            self.path.push(Step { block, stmt: statement_key(stmt), again });
            self.stmt(stmt);
            self.path.pop();
        }
        self.nested = nested;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Pipeline(elements) => match super::pipeline::taken_in(elements) {
                Some(block) => self.body(&block.body, false),
                None => elements.iter().for_each(|element| self.element(element)),
            },
            StmtKind::Assign { target, op, value } => {
                self.within(|walk| walk.stmt(value));
                if *op != "=" {
                    self.expr(target);
                }
                self.target(target, *op == "=");
            }
            StmtKind::Chain { left, right, .. } => {
                self.within(|walk| {
                    walk.stmt(left);
                    walk.stmt(right);
                });
            }
            StmtKind::If { clauses, otherwise } => {
                for (cond, body) in clauses {
                    self.within(|walk| walk.stmt(cond));
                    self.body(body, false);
                }
                self.body(otherwise.as_deref().unwrap_or_default(), false);
            }
            StmtKind::While { cond, body } | StmtKind::Do { cond, body, .. } => {
                self.inner(cond);
                self.body(body, true);
            }
            StmtKind::For { init, cond, step, body } => {
                if let Some(init) = init {
                    self.stmt(init);
                }
                for part in [cond, step].into_iter().flatten() {
                    self.inner(part);
                }
                self.body(body, true);
            }
            StmtKind::Foreach { var, source, body } => {
                self.within(|walk| walk.stmt(source));
                self.spell(&var.name);
                self.loops.push(var.name.to_lowercase());
                self.body(body, true);
                self.loops.pop();
                let path = self.path.clone();
                let unit = self.unit();
                unit.seen.entry(var.name.to_lowercase()).or_default().push(Seen { path, what: Use::Loop });
            }
            StmtKind::Switch { subject, clauses, default, .. } => {
                self.within(|walk| walk.stmt(subject));
                for (label, body) in clauses {
                    self.expr(label);
                    self.body(body, true);
                }
                self.body(default.as_deref().unwrap_or_default(), true);
            }
            StmtKind::Function { body, .. } => {
                self.units.push(Unit { key: key(&**body), is_function: true, ..Unit::default() });
                self.stack.push(self.units.len() - 1);
                let path = std::mem::take(&mut self.path);
                let loops = std::mem::take(&mut self.loops);
                self.block(body);
                self.path = path;
                self.loops = loops;
                self.stack.pop();
            }
            StmtKind::Try { body, catches, finally } => {
                self.body(body, false);
                for (_, body) in catches {
                    self.body(body, false);
                }
                self.body(finally.as_deref().unwrap_or_default(), false);
            }
            StmtKind::Trap { body, .. } => self.body(body, false),
            StmtKind::Flow { value, .. } => {
                if let Some(value) = value {
                    self.within(|walk| walk.stmt(value));
                }
            }
            StmtKind::Labelled { stmt, .. } => self.stmt(stmt),
            StmtKind::Jump { label, .. } => {
                if let Some(label) = label {
                    self.expr(label);
                }
            }
            StmtKind::Class(_) | StmtKind::Enum(_) | StmtKind::Opaque { .. } | StmtKind::Error => {}
        }
    }

    /// A statement inside another: what it assigns is not declared there.
    fn inner(&mut self, stmt: &Stmt) {
        self.path.push(Step { block: key(stmt), stmt: key(stmt), again: true });
        self.within(|walk| walk.stmt(stmt));
        self.path.pop();
    }

    fn target(&mut self, target: &Expr, plain: bool) {
        match &target.kind {
            ExprKind::Variable(variable) => {
                let direct = plain && self.is_direct();
                self.note(variable, if direct { Use::Direct } else { Use::Write });
            }
            ExprKind::Cast(_, inner) | ExprKind::Attributed(_, inner) => self.target(inner, plain),
            ExprKind::List(items) => {
                for item in items {
                    self.write(item);
                }
            }
            ExprKind::Paren(stmt) => {
                if let StmtKind::Pipeline(elements) = &stmt.kind
                    && let [Element::Expression { expr, .. }] = elements.as_slice()
                {
                    self.target(expr, plain);
                }
            }
            _ => self.expr(target),
        }
    }

    fn write(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Variable(variable) => self.note(variable, Use::Write),
            ExprKind::Cast(_, inner) => self.write(inner),
            _ => self.expr(target),
        }
    }

    /// Whether the statement at the end of the path is itself the assignment, and not something around it.
    fn is_direct(&self) -> bool {
        self.nested == 0
    }

    fn element(&mut self, element: &Element) {
        let redirections = match element {
            Element::Expression { expr, redirections } => {
                self.expr(expr);
                redirections
            }
            Element::Command(command) => {
                self.command(command);
                &command.redirections
            }
        };
        for redirection in redirections {
            if let Some(target) = &redirection.target {
                self.expr(target);
            }
        }
    }

    fn command(&mut self, command: &Command) {
        self.expr(&command.name);
        for arg in &command.args {
            match arg {
                Arg::Parameter { value: Some(value), .. } | Arg::Value(value) => self.expr(value),
                _ => {}
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Variable(variable) => self.note(variable, Use::Read),
            ExprKind::Splat(name) => self.note(&Variable { scope: None, name: name.clone() }, Use::Read),
            ExprKind::Expand(parts) => {
                for part in parts {
                    if let Part::Expr(inner) = part {
                        self.expr(inner);
                    }
                }
            }
            ExprKind::Paren(stmt) => self.within(|walk| walk.stmt(stmt)),
            ExprKind::Sub(body) | ExprKind::Array(body) => match body.as_slice() {
                // written as a value, in which nothing is declared
                [only] if matches!(only.kind, StmtKind::Pipeline(_)) => self.within(|walk| walk.stmt(only)),
                _ => self.body(body, false),
            },
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item)),
            ExprKind::Hash(entries) => {
                for (key, value) in entries {
                    self.expr(key);
                    self.within(|walk| walk.stmt(value));
                }
            }
            ExprKind::Block(block) => {
                for param in block.params.iter().flatten() {
                    self.spell(&param.name);
                }
                let params: Vec<String> =
                    block.params.iter().flatten().map(|param| param.name.to_lowercase()).collect();
                let depth = self.loops.len();
                self.loops.extend(params);
                for part in [&block.begin, &block.process, &block.end, &block.clean].into_iter().flatten() {
                    self.body(part, true);
                }
                self.body(&block.body, true);
                self.loops.truncate(depth);
            }
            ExprKind::Attributed(_, inner) | ExprKind::Cast(_, inner) | ExprKind::Unary(_, inner) => self.expr(inner),
            ExprKind::Step { target, .. } => {
                self.expr(target);
                self.write(target);
            }
            ExprKind::Binary(_, left, right) | ExprKind::Index(left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Member { object, name, .. } => {
                self.expr(object);
                self.expr(name);
            }
            ExprKind::Call { object, name, args, .. } => {
                self.expr(object);
                self.expr(name);
                args.iter().for_each(|arg| self.expr(arg));
            }
            ExprKind::Ternary(a, b, c) => [a, b, c].into_iter().for_each(|inner| self.expr(inner)),
            ExprKind::Str { .. } | ExprKind::Number(..) | ExprKind::Type(_) | ExprKind::Error => {}
        }
    }

    fn within(&mut self, work: impl FnOnce(&mut Self)) {
        self.nested += 1;
        work(self);
        self.nested -= 1;
    }

    fn decide(mut self) -> Scopes {
        let assigned = |units: &[Unit], name: &str, but: usize| {
            units.iter().enumerate().any(|(at, unit)| {
                at != but
                    && (unit.params.contains(name)
                        || unit.seen.get(name).is_some_and(|seen| seen.iter().any(|s| s.what != Use::Read)))
            })
        };
        for (at, unit) in self.units.iter().enumerate().filter(|(_, unit)| unit.is_function) {
            for (name, seen) in &unit.seen {
                if unit.params.contains(name) {
                    continue;
                }
                let writes = seen.iter().any(|s| s.what != Use::Read);
                let reads_first = seen.first().is_some_and(|s| s.what == Use::Read);
                if reads_first && assigned(&self.units, name, at) {
                    self.scopes.shared.insert(name.clone());
                    if writes {
                        self.scopes.imported.entry(unit.key).or_default().push(name.clone());
                    }
                }
            }
        }
        self.lend();
        let units = std::mem::take(&mut self.units);
        for unit in units.iter().filter(|unit| unit.is_function) {
            let written = unit.seen.iter().filter(|(_, seen)| seen.iter().any(|s| s.what != Use::Read));
            let imported = self.scopes.imported.get(&unit.key).cloned().unwrap_or_default();
            let lent = &self.scopes.lent;
            let own = written
                .map(|(name, _)| name.clone())
                .filter(|name| imported.contains(name) || !lent.contains(name))
                .chain(unit.params.iter().cloned())
                .collect();
            self.scopes.locals.insert(unit.key, own);
        }
        for unit in &units {
            for (name, seen) in &unit.seen {
                let imported = self.scopes.imported.get(&unit.key).is_some_and(|names| names.contains(name));
                let own = !unit.is_function || seen.iter().any(|s| s.what != Use::Read);
                let lent = self.scopes.lent.contains(name);
                let is_shared = self.scopes.shared.contains(name) && (lent || !(unit.is_function && own));
                if unit.params.contains(name) || imported || is_shared {
                    continue;
                }
                self.place(name, seen);
            }
        }
        self.scopes
    }

    /// What a function reads and the script never assigns is its caller's: the caller shares it.
    fn lend(&mut self) {
        let own = |unit: &Unit, name: &String| {
            unit.params.contains(name)
                || unit.seen.get(name).is_some_and(|seen| seen.iter().any(|s| s.what != Use::Read))
        };
        for unit in self.units.iter().filter(|unit| unit.is_function) {
            for (name, seen) in &unit.seen {
                let free = !unit.params.contains(name) && seen.first().is_some_and(|s| s.what == Use::Read);
                let of_script = self.units.first().is_some_and(|script| own(script, name));
                if free && !of_script && self.scopes.shared.contains(name) {
                    self.scopes.lent.insert(name.clone());
                }
            }
        }
    }

    /// Chooses the statement that declares one variable.
    fn place(&mut self, name: &str, seen: &[Seen]) {
        if seen.iter().all(|s| s.what == Use::Loop) {
            return;
        }
        let others: Vec<&Seen> = seen.iter().collect();
        let Some(first) = others.first() else { return };
        let mut shared = first.path.len();
        for other in &others {
            let same = first.path.iter().zip(&other.path).take_while(|(a, b)| a == b).count();
            // in the same list, but at different statements: the list is still common
            let list = first.path.get(same).zip(other.path.get(same)).is_some_and(|(a, b)| a.block == b.block);
            shared = shared.min(if list { same + 1 } else { same });
        }
        let mut depth = shared.max(1);
        let first_is_there = first.path.len() == depth;
        let direct = first.what == Use::Direct && first_is_there;
        if !direct {
            // a value must outlive the rounds of a loop
            if let Some(outer) = first.path.iter().take(depth).position(|step| step.again) {
                depth = outer.max(1);
            }
        }
        let Some(step) = first.path.get(depth - 1) else { return };
        if direct {
            self.scopes.lets.insert(step.stmt);
            if seen.iter().all(|s| s.path.get(depth - 1).is_some_and(|own| own.stmt == step.stmt)) {
                self.scopes.confined.insert(step.stmt);
            }
        } else {
            let assigned = seen.iter().any(|s| s.what != Use::Read);
            self.scopes.before.entry(step.stmt).or_default().push((name.to_owned(), assigned));
        }
        for used in seen.iter().filter(|s| s.what == Use::Loop) {
            if let Some(step) = used.path.last() {
                self.scopes.escaping.insert((step.stmt, name.to_owned()));
            }
        }
    }
}
