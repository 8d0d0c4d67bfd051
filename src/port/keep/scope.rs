//! Where each variable lives: which statement declares it, and which ones functions share with the script.
//!
//! PowerShell's blocks are no scopes and its functions read their caller's variables; Rhai's `let` ends with its
//! block and its functions see nothing outside. Only the tree is read here; nothing is written.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::ast::{Block, Invoke, Stmt, StmtKind};
use super::super::ast_walk::{Node, walk_block};
use super::occurrence::{Seen, Unit, Use, Walk};

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
        taken: HashSet::new(),
    };
    walk.filled(script);
    walk.block(script);
    walk.take_in(&taken_in(script));
    walk.decide()
}

/// Functions that run as a part of the script, `. Main`: their names in lower case.
fn taken_in(script: &Block) -> HashSet<String> {
    let mut found = HashSet::new();
    walk_block(script, &mut |node| {
        if let Node::Command(command) = node
            && command.invoke == Invoke::Dot
        {
            found.extend(command.name.as_text().map(str::to_lowercase));
        }
        true
    });
    found
}

impl Walk {
    /// What functions set that run as a part of the script is the script's.
    fn take_in(&mut self, names: &HashSet<String>) {
        let taken: HashSet<usize> =
            self.units.iter().filter(|unit| names.contains(&unit.name)).map(|unit| unit.key).collect();
        for unit in self.units.iter().filter(|unit| taken.contains(&unit.key)) {
            let asked = |name: &String| self.units.first().is_some_and(|script| script.seen.contains_key(name));
            let own = unit.seen.iter().filter(|(_, seen)| seen.iter().any(|s| s.what != Use::Read));
            let own = own.map(|(name, _)| name).filter(|name| !unit.params.contains(*name) && asked(name));
            self.scopes.shared.extend(own.cloned());
        }
        self.taken = taken;
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
                    if writes && !self.taken.contains(&unit.key) {
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
                .filter(|name| !(self.taken.contains(&unit.key) && self.scopes.shared.contains(name)))
                .chain(unit.params.iter().cloned())
                .collect();
            self.scopes.locals.insert(unit.key, own);
        }
        for unit in &units {
            for (name, seen) in &unit.seen {
                let imported = self.scopes.imported.get(&unit.key).is_some_and(|names| names.contains(name));
                let own = !unit.is_function || seen.iter().any(|s| s.what != Use::Read);
                let lent = self.scopes.lent.contains(name) || self.taken.contains(&unit.key);
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
                let of_script = self
                    .units
                    .iter()
                    .enumerate()
                    .any(|(at, unit)| (at == 0 || self.taken.contains(&unit.key)) && own(unit, name));
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
        if seen.iter().any(|s| s.path.is_empty()) {
            // a parameter's default comes before all statements: what it reads is the shell's
            self.scopes.filled.insert(name.to_owned());
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
