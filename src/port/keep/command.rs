//! Commands: which one a name means, and its arguments by the parameters they belong to.
//!
//! How stages are joined is in `pipeline`, calls of the script's own functions are in `own_call`, commands with a form
//! of their own in `special`.

use super::super::ast::{Arg, Block, Command, Expr, ExprKind, Invoke};
use super::super::ast_walk::{Node, walk_block};
use super::super::builtin::{self, Parameter};
use super::text::quoted;
use super::types::Ty;
use super::writer::enclosed;
use super::{Code, Keeper, names};
use crate::catalog::{COMMON_PARAMETERS, Catalog, Cmdlet, ParameterKind, ResolveError, snake_name};

/// The arguments of a call.
#[derive(Default)]
pub(super) struct Given {
    pub(super) positional: Vec<String>,
    pub(super) named: Vec<(String, String)>,
    /// What must be written in the call's place.
    pub(super) stop: Option<Code>,
}

/// What a written parameter name means to a command.
pub(super) enum Meaning {
    Switch(String),
    Value(String, Kind),
    Unknown,
}

/// How a value is written for a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// For a command of PowerShell: blocks are code.
    Plain,
    /// Text: numbers keep their spelling, blocks are text.
    Text,
    /// Another value of Exchange.
    Other,
}

/// The name of a command of PowerShell in ported text.
pub fn kept_name(name: &str) -> String {
    match name {
        "Where-Object" => "where".to_owned(),
        "Select-Object" => "select".to_owned(),
        "Sort-Object" => "sort_by".to_owned(),
        "Group-Object" => "group_by".to_owned(),
        "Measure-Object" => "measure".to_owned(),
        "ForEach-Object" => "for_each".to_owned(),
        "New-PSSession" => "new_session".to_owned(),
        "Import-PSSession" => "import_session".to_owned(),
        "Remove-PSSession" => "remove_session".to_owned(),
        "New-PSSessionOption" => "new_session_option".to_owned(),
        other => snake_name(other),
    }
}

impl<'s> Keeper<'s> {
    /// `Write-Output x` as the value it gives.
    pub(super) fn written_output(&mut self, command: &'s Command) -> Option<Code> {
        let name = command.name.as_text()?;
        if !builtin::full_name(name).eq_ignore_ascii_case("Write-Output")
            || !command.redirections.is_empty()
            || self.functions.contains_key(&name.to_lowercase())
        {
            return None;
        }
        match command.args.as_slice() {
            [Arg::Value(value)] if !matches!(value.kind, ExprKind::Splat(_)) => Some(self.expr(value)),
            _ => None,
        }
    }

    /// A call; `receiver` is what is piped in.
    pub(super) fn called_on(&mut self, receiver: Option<&Code>, command: &'s Command) -> Code {
        let is_block = matches!(command.name.kind, ExprKind::Block(_));
        let is_file = command.name.as_text().is_some_and(|name| name.to_lowercase().ends_with(".ps1"));
        let is_own = command.name.as_text().is_some_and(|name| self.functions.contains_key(&name.to_lowercase()));
        if command.invoke == Invoke::Dot && !is_block && !is_own || is_file {
            return self.file_call(receiver, command);
        }
        let Some(name) = command.name.as_text().map(str::to_owned) else { return self.dynamic(receiver, command) };
        if command.args.iter().any(|arg| matches!(arg, Arg::Verbatim(_))) {
            return self.unsupported("native_program", "a line for a program", command.span);
        }
        if self.functions.contains_key(&name.to_lowercase()) {
            return self.own_call(receiver, &name.to_lowercase(), command);
        }
        let plain = name.rsplit('\\').next().unwrap_or(&name);
        if let Some((full, params)) = builtin::find(plain) {
            return self.builtin_call(receiver, full, &params, command);
        }
        if let Some(cmdlet) = Catalog::built_in().find(plain) {
            return self.cmdlet_call(receiver, &cmdlet, command);
        }
        self.unknown(receiver, plain, command)
    }

    /// Another script file, which stays PowerShell: by itself, or (dot-sourced) as a part of this script.
    fn file_call(&mut self, receiver: Option<&Code>, command: &'s Command) -> Code {
        self.find("dot_source", format!("{} stays PowerShell", self.source_of(command.name.span)), command.span);
        let file = self.expr(&command.name).text;
        let mut given = self.arguments(command, &|_| Meaning::Unknown, true);
        if let Some(stop) = given.stop.take() {
            return stop;
        }
        given.positional.insert(0, file);
        Self::assemble(receiver, if command.invoke == Invoke::Dot { "dot_source" } else { "invoke" }, &given)
    }

    fn dynamic(&mut self, receiver: Option<&Code>, command: &'s Command) -> Code {
        let target = match &command.name.kind {
            ExprKind::Block(block) => self.closure(block, false).text,
            _ => {
                self.find("dynamic_command", "the name of this command is computed", command.span);
                self.expr(&command.name).text
            }
        };
        let mut given = self.arguments(command, &|_| Meaning::Unknown, true);
        if let Some(stop) = given.stop.take() {
            return stop;
        }
        given.positional.insert(0, target);
        Self::assemble(receiver, "invoke", &given)
    }

    fn unknown(&mut self, receiver: Option<&Code>, name: &str, command: &'s Command) -> Code {
        let lower = name.to_lowercase();
        let noun = lower.split_once('-').map(|(_, noun)| noun.to_owned()).unwrap_or_default();
        let foreign = [
            "ad", "mg", "msol", "azuread", "az", "pnp", "spo", "cs", "team", "graph", "gpo", "dns", "dhcp", "sql", "vm",
        ];
        if foreign.iter().any(|prefix| noun.starts_with(prefix))
            && !noun.starts_with("address")
            && !noun.starts_with("admin")
            || lower.starts_with("connect-")
        {
            return self.unsupported("directory_cmdlet", &format!("{name} of another module"), command.span);
        }
        if super::silent::is_program(&lower) {
            return self.unsupported("native_program", &format!("the program {name}"), command.span);
        }
        self.find("unknown_command", format!("nothing is known of {name}"), command.span);
        let mut given = self.arguments(command, &|_| Meaning::Unknown, true);
        if let Some(stop) = given.stop {
            return stop;
        }
        let is_cmdlet = lower.split_once('-').is_some_and(|(verb, noun)| {
            [verb, noun].iter().all(|part| {
                part.starts_with(char::is_alphabetic) && part.chars().all(|c| c.is_alphanumeric() || c == '_')
            })
        });
        if !is_cmdlet {
            given.positional.insert(0, quoted(name));
            return Self::assemble(receiver, "invoke", &given);
        }
        Self::assemble(receiver, &names::variable(&snake_name(name)), &given)
    }

    /// Sorts arguments into those with and without name.
    pub(super) fn arguments(&mut self, command: &'s Command, meaning: &dyn Fn(&str) -> Meaning, silent: bool) -> Given {
        let mut given = Given::default();
        let mut ended = false;
        let mut args = command.args.iter().peekable();
        while let Some(arg) = args.next() {
            match arg {
                Arg::EndOfParameters => ended = true,
                Arg::Verbatim(_) => {}
                Arg::Value(value) => {
                    let text = self.argument(value, Kind::Plain);
                    given.positional.push(text);
                }
                Arg::Parameter { name, .. } if ended => given.positional.push(quoted(&format!("-{name}"))),
                Arg::Parameter { name, value, span } => {
                    let found = meaning(name);
                    if let Some(value) = value {
                        let (full, kind) = match &found {
                            Meaning::Switch(full) => (full.clone(), Kind::Plain),
                            Meaning::Value(full, kind) => (full.clone(), *kind),
                            Meaning::Unknown => (name.clone(), Kind::Plain),
                        };
                        let text = self.argument(value, kind);
                        given.named.push((full, text));
                        continue;
                    }
                    match found {
                        Meaning::Switch(full) => given.named.push((full, "true".to_owned())),
                        Meaning::Value(full, kind) => match args.peek() {
                            Some(Arg::Value(value)) => {
                                args.next();
                                let text = self.argument(value, kind);
                                given.named.push((full, text));
                            }
                            Some(Arg::Parameter { name, value: None, .. })
                                if matches!(meaning(name), Meaning::Unknown) =>
                            {
                                args.next();
                                given.named.push((full, quoted(&format!("-{name}"))));
                            }
                            _ => {
                                let what = format!("-{full} without its value");
                                given.stop = Some(self.unsupported("missing_argument", &what, *span));
                            }
                        },
                        Meaning::Unknown => {
                            if !silent {
                                let owner = command.name.as_text().unwrap_or_default();
                                let message = format!("{owner} has no parameter -{name}");
                                self.find("unknown_parameter", message, *span);
                            }
                            let value = match args.peek() {
                                Some(Arg::Value(value)) => {
                                    args.next();
                                    self.argument(value, Kind::Plain)
                                }
                                _ => "true".to_owned(),
                            };
                            given.named.push((name.clone(), value));
                        }
                    }
                }
            }
        }
        given
    }

    /// A value as an argument.
    pub(super) fn argument(&mut self, value: &'s Expr, kind: Kind) -> String {
        match &value.kind {
            ExprKind::Number(_, raw) if kind == Kind::Text => quoted(raw),
            ExprKind::Number(number, raw) if kind == Kind::Plain => {
                let text = super::text::number(*number, raw);
                let same = text == *raw || raw.chars().any(char::is_alphabetic);
                if same { text } else { quoted(raw) }
            }
            ExprKind::Block(block) if kind == Kind::Text && !super::pipeline::uses(block, "_") => {
                let text = self.source.get(block.span.start + 1..block.span.end.saturating_sub(1)).unwrap_or_default();
                quoted(text)
            }
            ExprKind::Block(block) => self.closure(block, kind == Kind::Plain).text,
            ExprKind::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.argument(item, kind)).collect();
                enclosed("[", &items, "]")
            }
            _ => self.loose(value).text,
        }
    }

    /// A parameter that is given twice: PowerShell refuses the call.
    fn twice(&mut self, given: &Given, command: &Command) -> Option<Code> {
        let mut names: Vec<String> = given.named.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        let double = names.windows(2).find(|pair| pair[0] == pair[1])?;
        Some(self.unsupported("parameter_twice", &format!("-{} given twice", double[0]), command.span))
    }

    fn builtin_call(
        &mut self,
        receiver: Option<&Code>,
        full: &'static str,
        params: &[Parameter],
        command: &'s Command,
    ) -> Code {
        if let Some(code) = self.special_call(receiver, full, command) {
            return code;
        }
        let meaning = |name: &str| builtin_meaning(params, name);
        self.filters = full == "Where-Object";
        let mut given = self.arguments(command, &meaning, false);
        self.filters = false;
        if let Some(stop) = given.stop {
            return stop;
        }
        if let Some(stop) = self.twice(&given, command) {
            return stop;
        }
        let only_block = matches!(full, "Where-Object" | "ForEach-Object")
            && given.positional.is_empty()
            && matches!(given.named.as_slice(), [(_, block)] if block.starts_with('|'));
        if only_block {
            given.positional = given.named.drain(..).map(|(_, block)| block).collect();
        }
        let name = kept_name(full);
        Self::assemble(receiver, &name, &given)
    }

    fn cmdlet_call(&mut self, receiver: Option<&Code>, cmdlet: &Cmdlet, command: &'s Command) -> Code {
        let meaning = |name: &str| match cmdlet.resolve(name) {
            Ok(found) if found.is_switch() => Meaning::Switch(found.name().to_owned()),
            Ok(found) => {
                let text = cmdlet.parameter(found.name()).is_some_and(|p| {
                    p.kind == ParameterKind::String && p.type_name.to_lowercase().starts_with("string")
                });
                Meaning::Value(found.name().to_owned(), if text { Kind::Text } else { Kind::Other })
            }
            Err(ResolveError::NotFound { .. } | ResolveError::Ambiguous { .. }) => Meaning::Unknown,
        };
        let mut given = self.arguments(command, &meaning, false);
        if let Some(stop) = given.stop {
            return stop;
        }
        self.name_positional(cmdlet, command, &mut given);
        if let Some(stop) = self.twice(&given, command) {
            return stop;
        }
        Self::assemble(receiver, &cmdlet.snake_name(), &given)
    }

    /// Arguments without a name get theirs, unless there is one only and it is the obvious one.
    fn name_positional(&mut self, cmdlet: &Cmdlet, command: &'s Command, given: &mut Given) {
        if given.positional.is_empty() || given.positional.iter().any(|text| text.starts_with("splat(")) {
            return;
        }
        let named = &given.named;
        let open: Vec<_> = cmdlet
            .positional(cmdlet.all_sets())
            .into_iter()
            .filter(|p| !named.iter().any(|(name, _)| name.eq_ignore_ascii_case(&p.name)))
            .collect();
        let values: Vec<&'s Expr> = positional_values(command);
        let is_text = |p: &crate::catalog::Parameter| {
            p.kind == ParameterKind::String && p.type_name.to_lowercase().starts_with("string")
        };
        if given.positional.len() > open.len() {
            return;
        }
        if given.positional.len() == 1 && open[0].name == "Identity" && !given.positional[0].starts_with("#{") {
            return;
        }
        let mut front = Vec::new();
        for (index, parameter) in open.iter().enumerate().take(given.positional.len()) {
            let text = match values.get(index) {
                Some(value) if values.len() == given.positional.len() && is_text(parameter) => {
                    self.argument(value, Kind::Text)
                }
                _ => given.positional[index].clone(),
            };
            front.push((parameter.name.to_string(), text));
        }
        given.positional.clear();
        front.append(&mut given.named);
        given.named = front;
    }

    /// `name(positional, #{ Named: value })`, or as a method of what is piped in.
    pub(super) fn assemble(receiver: Option<&Code>, name: &str, given: &Given) -> Code {
        let mut parts = given.positional.clone();
        let named: Vec<String> =
            given.named.iter().map(|(name, value)| format!("{}: {value}", names::key(name))).collect();
        let last_is_map = parts.last().is_some_and(|last| last.starts_with("#{"));
        if !named.is_empty() {
            parts.push(enclosed("#{ ", &named, " }"));
        } else if last_is_map {
            parts.push("#{}".to_owned());
        }
        let call = format!("{name}({})", parts.join(", "));
        match receiver {
            Some(receiver) => Code::atom(format!("{}.{call}", receiver.text), Ty::Any),
            None => Code::atom(call, Ty::Any),
        }
    }
}

/// Whether a script dot-sources files.
pub(super) fn takes_in_files(script: &Block) -> bool {
    let mut found = false;
    walk_block(script, &mut |node| {
        if let Node::Command(command) = node {
            found |= command.invoke == Invoke::Dot && !matches!(command.name.kind, ExprKind::Block(_));
        }
        true
    });
    found
}

/// Values that no parameter name precedes, when all are so.
fn positional_values(command: &Command) -> Vec<&Expr> {
    let mut values = Vec::new();
    let mut after_name = false;
    for arg in &command.args {
        match arg {
            Arg::Parameter { value, .. } => after_name = value.is_none(),
            Arg::Value(value) => {
                if !after_name {
                    values.push(value);
                }
                after_name = false;
            }
            _ => {}
        }
    }
    values
}

pub(super) fn builtin_meaning(params: &[Parameter], name: &str) -> Meaning {
    let found = params.iter().find(|p| p.is_named(name)).or_else(|| {
        let mut begun = params.iter().filter(|p| p.begins_with(name));
        begun.next().filter(|_| begun.next().is_none())
    });
    if let Some(found) = found {
        let full = found.name.to_owned();
        return if found.switch { Meaning::Switch(full) } else { Meaning::Value(full, Kind::Plain) };
    }
    let common = COMMON_PARAMETERS.iter().find(|c| {
        c.name.eq_ignore_ascii_case(name)
            || c.alias.eq_ignore_ascii_case(name)
            || c.name.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
    });
    match common {
        Some(c) if c.is_switch => Meaning::Switch(c.name.to_owned()),
        Some(c) => Meaning::Value(c.name.to_owned(), Kind::Plain),
        None if name.eq_ignore_ascii_case("whatif") || name.eq_ignore_ascii_case("confirm") => {
            Meaning::Switch(if name.eq_ignore_ascii_case("whatif") { "WhatIf" } else { "Confirm" }.to_owned())
        }
        None => Meaning::Unknown,
    }
}
