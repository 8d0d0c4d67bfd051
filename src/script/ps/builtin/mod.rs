//! The built-in commands: their names, parameters and aliases; what each does is in the files below.
//!
//! Parameters are written in the notation of `ParamSpec::notation`.

mod archive;
mod checks;
mod commands;
mod connect;
mod data;
mod dates;
mod files;
mod format;
mod grid;
mod help;
mod hex;
mod items;
mod json;
mod json_text;
mod mail;
mod markup;
mod measure;
mod objects;
mod paths;
mod pipeline;
mod random;
mod search;
mod select;
mod session;
mod shape;
mod sides;
mod transcript;
mod types;
mod variables;
mod words;
mod write;

pub(super) use checks::{check, check_input};
pub(super) use files::item;
pub(super) use transcript::end as end_transcript;
pub(super) use write::secure;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use super::bind::{Bound, Manner, ParamSpec, Signature};
use super::command::Out;
use super::fault::{Problem, Res};
use super::state::Cx;
use super::value::{V, lock};
use crate::catalog::bind::Flavour;
pub(super) use crate::port::builtin::ALIASES;
use crate::port::builtin::parameters;

/// What a command keeps between objects.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Piped objects of a command that works at the end.
    pub input: Vec<V>,
    /// A count.
    pub count: usize,
    /// Values.
    pub values: Vec<V>,
    /// Whether something has happened.
    pub flag: bool,
}

/// What a command's code is given.
pub(super) struct Ctx<'a> {
    /// Its parameters.
    pub bound: &'a Bound,
    /// Its output.
    pub out: &'a Out,
    /// Whether objects are piped in.
    pub piped: bool,
    /// How its error ids end.
    pub id: &'a str,
}

impl Ctx<'_> {
    /// Gives an object on.
    pub(super) fn push(&self, cx: Cx<'_>, value: V) -> Res<()> {
        self.out.push(cx, value)
    }

    /// An error of this command.
    #[must_use]
    pub(super) fn problem(&self, id: &str, category: &'static str, message: impl Into<String>) -> Problem {
        Problem::new(format!("{id},{}", self.id), category, message)
    }

    /// With `-WhatIf`: says what would be done, and that it is not done.
    #[must_use]
    pub(super) fn only_shown(&self, cx: Cx<'_>, operation: &str, target: &str) -> bool {
        let wanted = if self.bound.has("WhatIf") {
            self.bound.flag("WhatIf")
        } else {
            super::compare::truthy(&cx.rt.get("WhatIfPreference").unwrap_or_default())
        };
        if wanted {
            let text = format!("What if: Performing the operation \"{operation}\" on target \"{target}\".\n");
            cx.rt.options.console.out(&text);
        }
        wanted
    }

    /// Piped objects, or those of `-InputObject`.
    #[must_use]
    pub(super) fn input(&self, piped: Vec<V>) -> Vec<V> {
        if self.piped {
            return piped;
        }
        self.bound.get("InputObject").cloned().map(|value| vec![value]).unwrap_or_default()
    }
}

type EachFn = fn(Cx<'_>, &Ctx<'_>, &Mutex<Memory>, Option<V>) -> Res<()>;
type AllFn = fn(Cx<'_>, &Ctx<'_>, Vec<V>) -> Res<()>;
type EdgeFn = fn(Cx<'_>, &Ctx<'_>, &Mutex<Memory>) -> Res<()>;

/// When a command works.
#[derive(Clone, Copy)]
pub(super) enum Work {
    /// On each object, or once.
    Each(EachFn),
    /// When all objects are there.
    All(AllFn),
}

/// A built-in command.
pub(super) struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// Its parameters.
    pub params: &'static str,
    /// Its work.
    pub work: Work,
    /// Before the first object.
    pub begin: Option<EdgeFn>,
    /// After the last object.
    pub end: Option<EdgeFn>,
}

const fn each(name: &'static str, work: EachFn) -> Builtin {
    Builtin { name, params: parameters(name), work: Work::Each(work), begin: None, end: None }
}

const fn all(name: &'static str, work: AllFn) -> Builtin {
    Builtin { name, params: parameters(name), work: Work::All(work), begin: None, end: None }
}

const fn edges(name: &'static str, begin: Option<EdgeFn>, work: EachFn, end: EdgeFn) -> Builtin {
    Builtin { name, params: parameters(name), work: Work::Each(work), begin, end: Some(end) }
}

/// A command that a server may have, too; the port knows it as one of the server's.
const fn late(name: &'static str, params: &'static str, work: EachFn) -> Builtin {
    Builtin { name, params, work: Work::Each(work), begin: None, end: None }
}

/// A command by its name.
#[must_use]
pub(super) fn find(name: &str) -> Option<&'static Builtin> {
    all_commands().find(|command| command.name.eq_ignore_ascii_case(name))
}

/// The command whose .NET class has this name (without `Command`).
#[must_use]
pub(super) fn name_of_class(class: &str) -> Option<&'static str> {
    all_commands().map(|command| command.name).find(|name| name.replace('-', "") == class)
}

/// All commands.
pub(super) fn all_commands() -> impl Iterator<Item = &'static Builtin> {
    let tables = [
        write::COMMANDS,
        grid::COMMANDS,
        pipeline::COMMANDS,
        search::COMMANDS,
        select::COMMANDS,
        shape::COMMANDS,
        sides::COMMANDS,
        objects::COMMANDS,
        commands::COMMANDS,
        help::COMMANDS,
        variables::COMMANDS,
        measure::COMMANDS,
        words::COMMANDS,
        markup::COMMANDS,
        format::COMMANDS,
        hex::COMMANDS,
        data::COMMANDS,
        json::COMMANDS,
        dates::COMMANDS,
        files::COMMANDS,
        archive::COMMANDS,
        items::COMMANDS,
        paths::COMMANDS,
        session::COMMANDS,
        connect::COMMANDS,
        mail::COMMANDS,
        types::COMMANDS,
        transcript::COMMANDS,
    ];
    tables.into_iter().flatten()
}

/// A command that gives way to one of a connected server.
#[must_use]
pub(super) fn find_late(name: &str) -> Option<&'static Builtin> {
    connect::CONNECT.iter().find(|command| command.name.eq_ignore_ascii_case(name))
}

/// How the arguments of a command of this name are bound; as those of one without parameters when there is none.
pub(super) fn signature(name: &str) -> Arc<Signature> {
    find(name).or_else(|| find_late(name)).map_or_else(|| make_signature("", ""), signature_of)
}

/// How a command's arguments are bound.
pub(super) fn signature_of(command: &'static Builtin) -> Arc<Signature> {
    static KNOWN: LazyLock<Mutex<HashMap<&'static str, Arc<Signature>>>> = LazyLock::new(Mutex::default);
    lock(&KNOWN).entry(command.name).or_insert_with(|| make_signature(command.name, command.params)).clone()
}

fn make_signature(name: &str, params: &str) -> Arc<Signature> {
    let manner = Manner { flavour: Flavour::Compiled, default_set: None, by_name_only: false, should_process: true };
    let mut params = ParamSpec::notation(params);
    checks::refine(name, &mut params);
    Arc::new(Signature::new(params, manner))
}

/// The .NET class of a command, with which its error ids end.
#[must_use]
pub(super) fn class_name(name: &str) -> String {
    match name {
        "Format-Hex" => "Microsoft.PowerShell.Commands.FormatHex".to_owned(),
        _ => format!("Microsoft.PowerShell.Commands.{}Command", name.replace('-', "")),
    }
}

/// The parameters of a command that also take a property of piped objects: a script block for one is run for each.
#[must_use]
pub(super) fn delayed(name: &str) -> &'static [&'static str] {
    match name {
        "Rename-Item" => &["NewName"],
        "Copy-Item" | "Move-Item" => &["Destination"],
        "Set-ItemProperty" => &["Value", "Name"],
        "Join-Path" => &["ChildPath"],
        _ => &[],
    }
}

/// A property by name, or what a script block gives, for each of `-Property`'s forms.
pub(super) fn selected(cx: Cx<'_>, selector: &V, item: &V) -> Res<V> {
    match selector {
        V::Block(block) => Ok(V::from_outputs(super::invoke::collect_with_item(cx, block, item.clone(), Vec::new())?)),
        V::Hash(hash) => match entry(hash, &["Expression", "e"]) {
            Some(inner) => selected(cx, &inner, item),
            None => Ok(V::Null),
        },
        name => super::member::get(cx, item, &super::text::interpolated(name)),
    }
}

/// An entry of a calculated property by any beginning of its names.
#[must_use]
pub(super) fn entry(hash: &super::value::Hash, names: &[&str]) -> Option<V> {
    hash.entries().into_iter().find_map(|(key, value)| {
        let key = super::text::to_string(&key).to_lowercase();
        names.iter().any(|name| name.to_lowercase().starts_with(&key)).then_some(value)
    })
}

/// Refuses calculated properties with other keys than those of the command (beginnings of them will do).
pub(super) fn calculated(c: &Ctx<'_>, keys: &[&str]) -> Res<()> {
    for selector in c.bound.list("Property") {
        let V::Hash(hash) = selector else { continue };
        let refused = |id: &str, message: String| {
            c.problem(id, "InvalidArgument", message).exception("System.NotSupportedException").err()
        };
        for (key, _) in hash.entries() {
            let key = super::text::to_string(&key);
            if !keys.iter().any(|known| known.starts_with(&key.to_lowercase())) {
                return refused("DictionaryKeyIllegal", format!("The \"{key}\" key is not valid."));
            }
        }
        if entry(&hash, &["expression"]).is_none() {
            return refused("DictionaryKeyMandatoryEntry", "The \"expression\" key is missing.".to_owned());
        }
    }
    Ok(())
}
