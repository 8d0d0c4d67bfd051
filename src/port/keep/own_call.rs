//! Calls of the script's own functions: which argument belongs to which parameter, and what is piped in.
//!
//! The functions themselves are written in `function`.

use std::collections::HashMap;

use super::super::ast::{Arg, Block, Command, Expr, ExprKind, FlowKind, Param, StmtKind};
use super::super::ast_walk::{Node, walk_block};
use super::parameter::{is_mandatory, is_switch, is_text};
use super::scope::key;
use super::text::quoted;
use super::types::{self, Ty};
use super::writer::enclosed;
use super::{Code, Keeper, Known};

/// What a call gives to a function.
#[derive(Default)]
struct Bound<'s> {
    values: Vec<Option<String>>,
    rest: Vec<String>,
    what_if: Option<String>,
    /// Variables that the function may set.
    references: Vec<(String, &'s Expr)>,
    /// Preferences for the time of the call.
    preferences: Vec<(&'static str, String)>,
    /// The caller's variables for what the call gives and says.
    collected: Vec<(&'static str, String)>,
    /// What must be written in the call's place.
    stop: Option<Code>,
}

impl<'s> Keeper<'s> {
    /// A call of a function of the script.
    pub(super) fn own_call(&mut self, receiver: Option<&Code>, lower: &str, command: &'s Command) -> Code {
        let Some(known) = self.functions.get(lower).cloned() else { return Code::atom("()", Ty::Null) };
        let bound = self.bound(&known, command);
        if let Some(stop) = bound.stop {
            return stop;
        }
        let mut out = Vec::new();
        let piped = known.params.iter().position(|p| super::parameter::takes_value(p));
        if known.piped {
            let given = piped.and_then(|at| bound.values[at].clone());
            out.push(match (receiver, given) {
                (Some(receiver), _) => receiver.text.clone(),
                (None, Some(given)) => format!("[{given}]"),
                (None, None) if known.rounds || piped.is_some() => "[()]".to_owned(),
                (None, None) => "[]".to_owned(),
            });
        }
        for (at, value) in bound.values.into_iter().enumerate() {
            if piped != Some(at) || !known.piped {
                let missing = if known.bound { "()" } else { not_given(known.params[at]) };
                out.push(value.unwrap_or_else(|| missing.to_owned()));
            }
        }
        if known.args {
            out.push(format!("list([{}])", bound.rest.join(", ")));
        }
        if known.item {
            let of_each = receiver.is_some() && !known.piped;
            let item = if self.item.is_empty() { "()" } else { &*self.item };
            out.push(if of_each { "it" } else { item }.to_owned());
        }
        if known.what_if {
            let outer = if self.has_what_if { "WhatIf" } else { "false" };
            out.push(bound.what_if.unwrap_or_else(|| outer.to_owned()));
        }
        let mut call = self
            .with_references(Code::atom(format!("{}({})", known.name, out.join(", ")), Ty::Any), bound.references)
            .text;
        for (name, value) in bound.preferences {
            call = format!("with_preference({}, {value}, || {call})", quoted(name));
        }
        if !bound.collected.is_empty() {
            let entries: Vec<String> = bound.collected.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            call = format!("with_variables({}, || {call})", enclosed("#{ ", &entries, " }"));
        }
        match receiver {
            Some(receiver) if !known.piped => Code::atom(format!("{}.for_each(|it| {call})", receiver.text), Ty::Any),
            _ if self.true_functions.contains(lower) => Code::atom(call, Ty::Bool),
            _ => Code::atom(call, Ty::Any),
        }
    }

    /// Whether a function gives true or false, whatever way it ends.
    pub(super) fn gives_truth(&self, block: &Block) -> bool {
        if block.process.is_some() || block.begin.is_some() || self.puts(&block.body) == super::pipeline::Puts::Many {
            return false;
        }
        let mut all = true;
        let mut any = false;
        let of = |stmt: &super::super::ast::Stmt| types::of_stmt(stmt, &self.types) == Ty::Bool;
        walk_block(block, &mut |node| {
            match node {
                Node::Stmt(stmt) => {
                    if let StmtKind::Flow { kind: FlowKind::Return, value } = &stmt.kind {
                        any = true;
                        all &= value.as_deref().is_some_and(of);
                    }
                }
                Node::Expr(Expr { kind: ExprKind::Block(_), .. }) => return false,
                _ => {}
            }
            true
        });
        let last = block.end.as_ref().unwrap_or(&block.body).last();
        let ends =
            last.is_some_and(|stmt| matches!(&stmt.kind, StmtKind::Flow { kind: FlowKind::Return, .. }) || of(stmt));
        all && ends && (any || last.is_some_and(of))
    }

    fn bound(&mut self, known: &Known<'s>, command: &'s Command) -> Bound<'s> {
        let mut bound = Bound { values: vec![None; known.params.len()], ..Bound::default() };
        let splatted = |arg: &Arg| matches!(arg, Arg::Value(Expr { kind: ExprKind::Splat(_), .. }));
        if known.args && known.params.is_empty() && !command.args.iter().any(splatted) {
            bound.rest = self.as_words(command);
            return bound;
        }
        let mut positional: Vec<&'s Expr> = Vec::new();
        let mut splats = Vec::new();
        let mut args = command.args.iter().peekable();
        while let Some(arg) = args.next() {
            match arg {
                Arg::Parameter { name, value, span } => {
                    let Some(at) = named(&known.params, name) else {
                        let takes_value = !is_common_switch(name);
                        let value = match value {
                            Some(value) => Some(self.given(value)),
                            None if takes_value => match args.next_if(|next| matches!(next, Arg::Value(_))) {
                                Some(Arg::Value(value)) => Some(self.given(value)),
                                _ => None,
                            },
                            None => None,
                        };
                        self.unnamed(known, &mut bound, name, value, *span);
                        continue;
                    };
                    let code = match value {
                        Some(value) if is_switch(known.params[at]) => {
                            let code = self.expr(value);
                            super::expression::truth(&code).text
                        }
                        Some(value) => self.given_for(known, at, value),
                        None if is_switch(known.params[at]) => "true".to_owned(),
                        None => match args.next_if(|next| matches!(next, Arg::Value(_))) {
                            Some(Arg::Value(value)) => self.given_for(known, at, value),
                            _ => {
                                let what = format!("-{name} without its value");
                                bound.stop = Some(self.unsupported("missing_argument", &what, *span));
                                return bound;
                            }
                        },
                    };
                    bound.values[at] = Some(code);
                }
                Arg::Value(Expr { kind: ExprKind::Splat(name), span }) => {
                    self.find("function_splat", "a table is splatted into a function", *span);
                    let variable = super::super::ast::Variable { scope: None, name: name.clone() };
                    splats.push(self.variable(&variable).text);
                }
                Arg::Value(value) => positional.push(value),
                _ => {}
            }
        }
        for splat in splats {
            for (at, param) in known.params.iter().enumerate() {
                if bound.values[at].is_none() {
                    let value = super::statement::member(&splat, &param.name);
                    let is_truth = is_switch(param) && !known.bound;
                    bound.values[at] = Some(if is_truth { format!("truthy({value})") } else { value });
                }
            }
        }
        let order = super::parameter::in_order(&known.params);
        for value in positional {
            let open = order.iter().copied().find(|at| bound.values[*at].is_none());
            let code = match super::member::referenced(value) {
                Some(target) => {
                    let place = format!("place_{}", bound.references.len() + 1);
                    bound.references.push((place.clone(), target));
                    place
                }
                None => match open {
                    Some(at) => self.given_for(known, at, value),
                    None => self.given(value),
                },
            };
            match open {
                Some(at) => bound.values[at] = Some(code),
                None => bound.rest.push(code),
            }
        }
        bound
    }

    /// An argument for a parameter that the function does not have by itself.
    fn unnamed(
        &mut self,
        known: &Known<'s>,
        bound: &mut Bound<'s>,
        name: &str,
        value: Option<String>,
        span: crate::diagnostic::Span,
    ) {
        let lower = name.to_lowercase();
        let switched = || value.clone().unwrap_or_else(|| "true".to_owned());
        match lower.as_str() {
            "whatif" | "wi" if known.what_if => bound.what_if = Some(switched()),
            "erroraction" | "ea" if known.advanced => {
                bound.preferences.extend(value.map(|value| ("ErrorAction", value)));
            }
            "warningaction" | "wa" if known.advanced => {
                bound.preferences.extend(value.map(|value| ("Warning", value)));
            }
            "informationaction" | "infa" if known.advanced => {
                bound.preferences.extend(value.map(|value| ("Information", value)));
            }
            "verbose" | "vb" | "debug" | "db" if known.advanced => {
                let on = if switched() == "false" { "SilentlyContinue" } else { "Continue" };
                bound.preferences.push((if lower.starts_with('v') { "Verbose" } else { "Debug" }, quoted(on)));
            }
            _ if known.advanced && collecting(&lower).is_some() => {
                bound.collected.extend(collecting(&lower).zip(value));
            }
            _ if is_common(name) => {}
            _ if known.args => {
                bound.rest.push(quoted(&format!("-{name}")));
                bound.rest.extend(value);
            }
            _ => self.find("unknown_parameter", format!("{} has no parameter -{name}", known.name), span),
        }
    }

    /// The arguments of a function that declares no parameters, as its `$args`.
    fn as_words(&mut self, command: &'s Command) -> Vec<String> {
        let mut words = Vec::new();
        for arg in &command.args {
            match arg {
                Arg::Value(value) => words.push(self.given(value)),
                Arg::Parameter { name, value: Some(value), .. } => {
                    words.push(quoted(&format!("-{name}:")));
                    words.push(self.given(value));
                }
                Arg::Parameter { name, value: None, .. } => words.push(quoted(&format!("-{name}"))),
                _ => {}
            }
        }
        words
    }

    /// An argument for a parameter: of `$null` texts make empty text, and nobody else can tell it from none.
    fn given_for(&mut self, known: &Known<'s>, at: usize, value: &'s Expr) -> String {
        let code = self.given(value);
        let param = known.params[at];
        if code != "()" {
            return code;
        }
        if is_text(param) {
            return "\"\"".to_owned();
        }
        if known.bound || param.default.is_some() || is_mandatory(param) {
            let message = format!("-{} with $null counts as not given", param.name);
            self.find("null_argument", message, value.span);
        }
        code
    }

    fn given(&mut self, value: &'s Expr) -> String {
        match &value.kind {
            ExprKind::Block(block) => {
                if super::pipeline::is_filter(block) {
                    self.find("block_text", "the filter is given as text", value.span);
                }
                self.closure(block, false).text
            }
            _ => self.expr(value).text,
        }
    }

    /// Finds the parameters that need no conversion: every call gives them a value that has their type.
    pub(super) fn prove(&mut self, script: &'s Block) {
        let mut seen: HashMap<usize, bool> = HashMap::new();
        walk_block(script, &mut |node| {
            let Node::Command(command) = node else { return true };
            let name = command.name.as_text().unwrap_or_default().to_lowercase();
            let Some(known) = self.functions.get(&name) else { return true };
            let given = given_to(&known.params, command);
            for (at, param) in known.params.iter().enumerate() {
                let wanted = param.type_name().map_or(Ty::Any, types::of_type_name);
                let fits = match &given {
                    None => false,
                    Some(given) => match given.iter().find(|(own, _)| *own == at) {
                        Some((_, value)) => self.type_of(value) == wanted,
                        None => param.default.is_some() || wanted == Ty::Str && !is_mandatory(param),
                    },
                };
                let default = param.default.as_ref().is_none_or(|default| self.type_of(default) == wanted);
                let fits = fits && default && wanted != Ty::Any && wanted != Ty::Object;
                seen.entry(key(*param)).and_modify(|all| *all &= fits).or_insert(fits);
            }
            true
        });
        // what is piped in may be anything
        for known in self.functions.values().filter(|known| known.piped) {
            for param in known.params.iter().filter(|p| super::parameter::takes_value(p)) {
                seen.insert(key(*param), false);
            }
        }
        self.proved = seen.into_iter().filter(|(_, fits)| *fits).map(|(param, _)| param).collect();
    }
}

/// The values that a call gives, by parameter; `None` when that cannot be told.
fn given_to<'a>(params: &[&Param], command: &'a Command) -> Option<Vec<(usize, &'a Expr)>> {
    let mut given: Vec<(usize, &'a Expr)> = Vec::new();
    let mut positional = Vec::new();
    let mut args = command.args.iter().peekable();
    while let Some(arg) = args.next() {
        match arg {
            Arg::Value(Expr { kind: ExprKind::Splat(_), .. }) => return None,
            Arg::Value(value) => positional.push(value),
            Arg::Parameter { name, value, .. } => {
                let at = named(params, name)?;
                match value {
                    Some(value) => given.push((at, value)),
                    None if is_switch(params[at]) => {}
                    None => match args.next() {
                        Some(Arg::Value(value)) => given.push((at, value)),
                        _ => return None,
                    },
                }
            }
            _ => return None,
        }
    }
    for value in positional {
        let open = (0..params.len()).find(|at| !is_switch(params[*at]) && given.iter().all(|(own, _)| own != at))?;
        given.push((open, value));
    }
    Some(given)
}

/// What a call gives for a parameter that it does not mention.
fn not_given(param: &Param) -> &'static str {
    if is_switch(param) && param.default.is_none() {
        "false"
    } else if is_text(param)
        && param.default.is_none()
        && !is_mandatory(param)
        && !super::parameter::takes_property(param)
    {
        "\"\""
    } else {
        "()"
    }
}

fn named(params: &[&Param], name: &str) -> Option<usize> {
    let is = |param: &&Param| {
        param.name.eq_ignore_ascii_case(name)
            || param.attributes.iter().any(|a| {
                a.name.eq_ignore_ascii_case("Alias")
                    && a.args
                        .iter()
                        .flatten()
                        .any(|arg| arg.as_text().is_some_and(|text| text.eq_ignore_ascii_case(name)))
            })
    };
    params.iter().position(is).or_else(|| {
        let mut begun = params
            .iter()
            .enumerate()
            .filter(|(_, p)| p.name.to_lowercase().starts_with(&name.to_lowercase()))
            .map(|(at, _)| at);
        begun.next().filter(|_| begun.next().is_none())
    })
}

/// The common parameter that collects something in a variable, in full.
fn collecting(lower: &str) -> Option<&'static str> {
    Some(match lower {
        "errorvariable" | "ev" => "ErrorVariable",
        "warningvariable" | "wv" => "WarningVariable",
        "informationvariable" | "iv" => "InformationVariable",
        "outvariable" | "ov" => "OutVariable",
        _ => return None,
    })
}

fn is_common(name: &str) -> bool {
    crate::catalog::COMMON_PARAMETERS
        .iter()
        .any(|c| c.name.eq_ignore_ascii_case(name) || c.alias.eq_ignore_ascii_case(name))
        || name.eq_ignore_ascii_case("whatif")
        || name.eq_ignore_ascii_case("confirm")
}

fn is_common_switch(name: &str) -> bool {
    ["verbose", "debug", "whatif", "confirm", "vb", "db"].contains(&name.to_lowercase().as_str())
}
