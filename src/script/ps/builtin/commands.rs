//! `Get-Command`: which commands there are, with their parameters.
//!
//! Calling them is in `command`.

use std::sync::Mutex;

use super::super::command::own_aliases;
use super::super::fault::Res;
use super::super::state::Cx;
use super::super::value::{Hash, HashKind, Obj, V, lock, same_name};
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
        found.into_iter().try_for_each(|command| c.push(cx, V::Obj(command)))?;
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
    let kept = || lock(&cx.rt.arities).contains_key(&crate::catalog::snake_name(name));
    if block.is_some() || kept() {
        let name = super::super::functions::written_name(cx, name);
        let found = described("System.Management.Automation.FunctionInfo", "Function", &name, "");
        if let Some(block) = block {
            found.set("Definition", V::from(block.text()));
            found.set("Parameters", V::Hash(parameters_of(&block)));
            found.set("ScriptBlock", V::Block(block));
        }
        return Some(found);
    }
    if let Some(builtin) = super::find(name) {
        let found =
            described("System.Management.Automation.CmdletInfo", "Cmdlet", builtin.name, module_of(builtin.name));
        found.set("Parameters", V::Hash(parameter_table(&super::super::bind::ParamSpec::notation(builtin.params))));
        return Some(found);
    }
    let exchange = cx.rt.options.exchange.as_ref()?;
    let name = exchange.find(name)?.name.to_string();
    Some(described("System.Management.Automation.CmdletInfo", "Cmdlet", &name, ""))
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

/// The parameters of a function as `Get-Command` gives them.
fn parameters_of(block: &super::super::block::Block) -> Hash {
    parameter_table(block.params())
}

fn parameter_table(params: &[super::super::bind::ParamSpec]) -> Hash {
    let kind =
        HashKind::Dictionary("System.String".into(), "System.Management.Automation.ParameterMetadata".into(), true);
    Hash::from_entries(
        kind,
        params.iter().map(|param| {
            let kind = if param.switch { Some("switch") } else { param.type_name.as_deref() };
            let full = kind.and_then(super::super::types::resolve).unwrap_or_else(|| "System.Object".into());
            let aliases = param.aliases.iter().map(|alias| V::from(alias.as_str())).collect();
            let row = Obj::new(
                "System.Management.Automation.ParameterMetadata",
                [
                    ("Name", V::from(param.name.as_str())),
                    ("ParameterType", V::Type(full)),
                    ("Aliases", V::array(aliases)),
                    ("IsDynamic", V::Bool(false)),
                    ("SwitchParameter", V::Bool(param.switch)),
                ],
            );
            (V::from(param.name.as_str()), V::Obj(row))
        }),
    )
}
