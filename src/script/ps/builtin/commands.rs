//! `Get-Command`: which commands there are, with their parameters.
//!
//! Calling them is in `command`.

use std::sync::Mutex;

use super::super::bind::Described;
use super::super::command::own_aliases;
use super::super::fault::Res;
use super::super::state::Cx;
use super::super::value::{Obj, V, lock, same_name};
use super::{Builtin, Ctx, Memory, each};

pub(super) const COMMANDS: &[Builtin] = &[each("Get-Command", get_command)];

fn get_command(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, input: Option<V>) -> Res<()> {
    let given = input.map_or_else(|| c.bound.texts("Name"), |value| vec![super::super::text::interpolated(&value)]);
    let names = if given.is_empty() { vec!["*".to_owned()] } else { given };
    for name in names {
        let wild = name.contains(['*', '?', '[']);
        let found = if wild { fitting(cx, &name) } else { named(cx, &name).into_iter().collect() };
        let found: Vec<Obj> = found.into_iter().filter(|command| wanted(c, command)).collect();
        if found.is_empty() && !wild {
            let message = format!(
                "The term '{name}' is not recognized as a name of a cmdlet, function, script file, or executable program.\nCheck the spelling of the name, or if a path was included, verify that the path is correct and try again."
            );
            let problem = c.problem("CommandNotFoundException", "ObjectNotFound", message);
            let exception = "System.Management.Automation.CommandNotFoundException";
            c.out.error(cx, problem.exception(exception).target(V::from(name.as_str())))?;
        }
        let lines = c.bound.flag("Syntax");
        found.into_iter().try_for_each(|own| c.push(cx, if lines { syntax(cx, &own) } else { V::Obj(own) }))?;
    }
    Ok(())
}

/// Whether a command is of the kind, verb and noun that are asked for.
fn wanted(c: &Ctx<'_>, command: &Obj) -> bool {
    let text = |name: &str| command.note(name).map(|value| super::super::text::to_string(&value)).unwrap_or_default();
    let name = text("Name");
    let (verb, noun) = name.split_once('-').unwrap_or(("", &name));
    let fits = |parameter: &str, own: &str| {
        let patterns = c.bound.texts(parameter);
        patterns.is_empty() || patterns.iter().any(|pattern| super::super::compare::like(own, pattern, false))
    };
    let kinds = c.bound.texts("CommandType");
    let kind = text("CommandType");
    (kinds.is_empty() || kinds.iter().any(|wanted| same_name(wanted, &kind) || same_name(wanted, "All")))
        && fits("Verb", verb)
        && fits("Noun", noun)
        && fits("Module", &text("Source"))
}

/// Functions and built-in commands whose names fit a pattern, by name.
fn fitting(cx: Cx<'_>, pattern: &str) -> Vec<Obj> {
    let mut names: Vec<String> = lock(&cx.rt.frames).iter().flat_map(|frame| frame.functions.keys().cloned()).collect();
    names.extend(super::all_commands().filter(|own| own.name.contains('-')).map(|own| own.name.to_owned()));
    names.retain(|name| super::super::compare::like(name, pattern, false));
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup_by_key(|name| name.to_lowercase());
    names.iter().filter_map(|name| command(cx, name)).collect()
}

fn named(cx: Cx<'_>, name: &str) -> Option<Obj> {
    if cx.rt.function(name).is_none()
        && let Some((alias, full)) = own_aliases(cx).into_iter().find(|(alias, _)| same_name(alias, name))
    {
        return match super::variables::alias_object(&alias, &full) {
            V::Obj(found) => Some(found),
            _ => None,
        };
    }
    command(cx, name)
}

/// A function, a built-in or a cmdlet of Exchange.
fn command(cx: Cx<'_>, name: &str) -> Option<Obj> {
    let block = cx.rt.function(name);
    let kept = || lock(&cx.rt.parameters).contains_key(&crate::catalog::snake_name(name));
    if block.is_some() || kept() {
        let name = written_name(cx, name);
        let found = described("System.Management.Automation.FunctionInfo", "Function", &name, "");
        if let Some(block) = block {
            found.set("Definition", V::from(block.text()));
            if let Some(signature) = block.signature() {
                describe(&found, signature.described());
            }
            found.set("CmdletBinding", V::Bool(block.is_advanced()));
            found.set("ScriptBlock", V::Block(block));
        }
        return Some(found);
    }
    if let Some(builtin) = super::find(name) {
        let found =
            described("System.Management.Automation.CmdletInfo", "Cmdlet", builtin.name, module_of(builtin.name));
        describe(&found, super::signature_of(builtin).described());
        return Some(found);
    }
    let exchange = cx.rt.options.exchange.as_ref()?;
    let cmdlet = exchange.find(name)?;
    let found = described("System.Management.Automation.CmdletInfo", "Cmdlet", &cmdlet.name, "");
    describe(&found, of_cmdlet(&cmdlet));
    Some(found)
}

/// A function's name as its definition spells it.
#[must_use]
pub(super) fn written_name(cx: Cx<'_>, name: &str) -> String {
    let source = lock(&cx.rt.source).join("\n");
    definition(&source, name).map_or(name, |(_, own)| own).to_owned()
}

/// Where in a script a function is defined, in bytes, and how its name is spelled there.
#[must_use]
pub(super) fn definition<'a>(source: &'a str, name: &str) -> Option<(usize, &'a str)> {
    const KEYWORD: &str = "function ";
    let lower = source.to_ascii_lowercase();
    lower.match_indices(KEYWORD).find_map(|(at, _)| {
        let rest = source.get(at + KEYWORD.len()..)?.trim_start();
        let own = rest.split([' ', '(', '{', '\n']).next()?;
        let own = own.rsplit(':').next()?;
        own.eq_ignore_ascii_case(name).then_some((at, own))
    })
}

fn described(type_name: &str, kind: &str, name: &str, module: &str) -> Obj {
    let (verb, noun) = name.split_once('-').unwrap_or(("", ""));
    let version = if module.is_empty() { V::Null } else { "7.0.0.0".parse().map_or(V::Null, V::Version) };
    let found = Obj::new(
        type_name,
        [
            ("CommandType", V::from(kind)),
            ("Name", V::from(name)),
            ("Version", version),
            ("Source", V::from(module)),
            ("ModuleName", V::from(module)),
            ("Verb", V::from(verb)),
            ("Noun", V::from(noun)),
        ],
    );
    found.with_text(name)
}

/// The module that a built-in command comes from.
fn module_of(name: &str) -> &'static str {
    const CORE: [&str; 14] = [
        "Where-Object",
        "ForEach-Object",
        "Get-Command",
        "Get-Help",
        "Get-Module",
        "Import-Module",
        "Remove-Module",
        "Out-Null",
        "Out-Default",
        "Out-Host",
        "Set-StrictMode",
        "Invoke-Command",
        "Set-PSDebug",
        "Enter-PSSession",
    ];
    const MANAGEMENT: [&str; 14] = [
        "Item",
        "ItemProperty",
        "ItemPropertyValue",
        "ChildItem",
        "Content",
        "Path",
        "Location",
        "Process",
        "Service",
        "TimeZone",
        "PSDrive",
        "ComputerInfo",
        "Connection",
        "Clipboard",
    ];
    let noun = name.split_once('-').map_or(name, |(_, noun)| noun);
    if CORE.contains(&name) || noun.ends_with("Job") || noun == "PSSession" {
        "Microsoft.PowerShell.Core"
    } else if MANAGEMENT.contains(&noun) {
        "Microsoft.PowerShell.Management"
    } else {
        "Microsoft.PowerShell.Utility"
    }
}

/// What is known of a command's parameters; a block without parameters has none.
fn describe(found: &Obj, parameters: Described<'_>) {
    found.set("Parameters", parameters.parameters());
    found.set("ParameterSets", parameters.sets());
    if let Some(default) = parameters.cmdlet.default_set.and_then(|set| parameters.cmdlet.sets.get(set)) {
        found.set("DefaultParameterSet", V::from(&**default));
    }
}

/// The line or lines of `-Syntax`.
fn syntax(cx: Cx<'_>, command: &Obj) -> V {
    let name = command.note("Name").map(|name| super::super::text::to_string(&name)).unwrap_or_default();
    if let Some(block) = cx.rt.function(&name) {
        let described = block.signature().map(|signature| signature.described().syntax(&name));
        return V::from(described.unwrap_or_else(|| format!("\n{name} \n")));
    }
    if let Some(builtin) = super::find(&name) {
        return V::from(super::signature_of(builtin).described().syntax(&name));
    }
    let cmdlet = cx.rt.options.exchange.as_ref().and_then(|exchange| exchange.find(&name));
    cmdlet.map_or(V::Null, |cmdlet| V::from(of_cmdlet(&cmdlet).syntax(&name)))
}

fn of_cmdlet(cmdlet: &crate::catalog::Cmdlet) -> Described<'_> {
    Described { cmdlet, params: &[], common: true }
}
