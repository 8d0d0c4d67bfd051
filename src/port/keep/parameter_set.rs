//! Parameter sets: which one a call uses, told from the parameters that it gives.
//!
//! That two sets are not mixed, and that nothing is missing from the chosen one, is not checked.

use super::super::ast::{Attribute, Block, Expr, ExprKind, Param, Stmt, StmtKind};
use super::super::ast_walk::{Node, walk_block};
use super::Keeper;
use super::text::quoted;

/// The set of a function that names none.
const ALL: &str = "__AllParameterSets";

impl Keeper<'_> {
    /// Writes down which parameter set the call uses, for what is asked of `$PSCmdlet`.
    pub(super) fn chosen_set(&mut self, block: &Block) {
        if self.asks_set {
            let choice = choice(block);
            self.line(&format!("let parameter_set = {choice};"));
        }
    }
}

/// Whether a block asks for its `$PSCmdlet.ParameterSetName`.
pub(super) fn asks_set(block: &Block) -> bool {
    let mut found = false;
    walk_block(block, &mut |node| {
        match node {
            Node::Expr(Expr { kind: ExprKind::Member { object, name, .. }, .. }) => {
                found |= is_set_name(object, name);
            }
            Node::Stmt(Stmt { kind: StmtKind::Function { .. }, .. }) => return false,
            _ => {}
        }
        true
    });
    found
}

/// Whether a block asks for its set, and the parameters that are written tell which one it is: piped objects do not.
pub(super) fn tells_set(block: &Block, piped: bool) -> bool {
    let params = || block.params.iter().flatten();
    let is_default = |name: &str| default_set(block).is_some_and(|default| default.eq_ignore_ascii_case(name));
    let is_decided = |param: &Param| {
        let sets = sets_of(param);
        super::parameter::takes_input(param) && !sets.is_empty() && !sets.iter().any(|name| is_default(name))
    };
    asks_set(block) && !(piped && params().any(is_decided))
}

/// `$PSCmdlet.ParameterSetName`.
pub(super) fn is_set_name(object: &Expr, name: &Expr) -> bool {
    super::member::is_variable(object, "pscmdlet")
        && name.as_text().is_some_and(|name| name.eq_ignore_ascii_case("ParameterSetName"))
}

/// Whether a parameter is mandatory in a set only that not every call uses.
pub(super) fn is_of_some_calls(block: &Block, param: &Param) -> bool {
    let sets = sets_of(param);
    let default = default_set(block).map(str::to_lowercase);
    let all = block.params.iter().flatten().flat_map(sets_of).map(str::to_lowercase);
    let others = all.chain(default).filter(|name| !sets.iter().any(|own| own.eq_ignore_ascii_case(name)));
    !sets.is_empty() && others.count() > 0
}

/// Whether a parameter cannot be given in a call that names no other.
pub(super) fn is_outside_default(block: &Block, param: &Param) -> bool {
    let sets = sets_of(param);
    default_set(block)
        .is_some_and(|default| !sets.is_empty() && !sets.iter().any(|name| name.eq_ignore_ascii_case(default)))
}

/// The sets that a parameter is in; none: all of them.
fn sets_of(param: &Param) -> Vec<&str> {
    let mut found = Vec::new();
    for attribute in param.attributes.iter().filter(|a| a.name.eq_ignore_ascii_case("Parameter")) {
        match set_name(attribute) {
            Some(name) => found.push(name),
            None => return Vec::new(),
        }
    }
    found
}

fn set_name(attribute: &Attribute) -> Option<&str> {
    let value = attribute.named.iter().find(|(name, _)| name.eq_ignore_ascii_case("ParameterSetName"));
    value.and_then(|(_, value)| value.as_ref()).and_then(Expr::as_text)
}

fn default_set(block: &Block) -> Option<&str> {
    let named = block.attributes.iter().flat_map(|a| &a.named);
    let mut named = named.filter(|(name, _)| name.eq_ignore_ascii_case("DefaultParameterSetName"));
    named.next().and_then(|(_, value)| value.as_ref()).and_then(Expr::as_text)
}

/// The set as a value of Rhai: the first whose own parameters are given, else the default one.
fn choice(block: &Block) -> String {
    let params: Vec<&Param> = block.params.iter().flatten().collect();
    let mut sets: Vec<&str> = Vec::new();
    for name in params.iter().flat_map(|param| sets_of(param)) {
        if !sets.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            sets.push(name);
        }
    }
    let asks_nothing = |set: &&&str| {
        !params.iter().any(|param| {
            super::parameter::is_mandatory(param) && sets_of(param).iter().any(|name| name.eq_ignore_ascii_case(set))
        })
    };
    let default = default_set(block).or_else(|| sets.iter().find(asks_nothing).copied());
    let default = default.or(sets.last().copied()).unwrap_or(ALL);
    let given = |set: &str, alone: bool| -> Vec<String> {
        let is_own = |param: &&&Param| {
            let own = sets_of(param);
            let here = own.iter().any(|name| name.eq_ignore_ascii_case(set));
            let fits = !own.iter().any(|name| name.eq_ignore_ascii_case(default));
            here && fits && (own.len() == 1) == alone
        };
        params.iter().filter(is_own).map(|param| format!("bound.ContainsKey({})", quoted(&param.name))).collect()
    };
    let mut text = String::new();
    for alone in [true, false] {
        for set in sets.iter().filter(|set| !set.eq_ignore_ascii_case(default)) {
            let given = given(set, alone);
            if !given.is_empty() {
                text.push_str(&format!("if {} {{\n    {}\n}} else ", given.join(" || "), quoted(set)));
            }
        }
    }
    if text.is_empty() { quoted(default) } else { format!("{text}{{\n    {}\n}}", quoted(default)) }
}
