//! Cmdlet calls of a Rhai script as PowerShell, for support tickets and for colleagues.
//!
//! Only calls with literal arguments, one a statement, chains as pipelines; anything else is refused with its place.

#![allow(deprecated, reason = "the syntax tree is volatile, says Rhai, not deprecated; its version is pinned")]

use rhai::{Dynamic, Engine, Expr, FnCallExpr, Position, Stmt};

use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Span};
use crate::port::{builtin, kept_name};

/// The PowerShell of a script's calls, one a line.
///
/// ```
/// let text = exsh::script::as_powershell("get_mailbox(\"alice\").set_mailbox(#{ DisplayName: \"Alice A.\" });").unwrap();
/// assert_eq!(text, "Get-Mailbox alice | Set-Mailbox -DisplayName 'Alice A.'\n");
/// ```
///
/// # Errors
/// What cannot be said in PowerShell, with its place.
pub fn as_powershell(text: &str) -> Result<String, Diagnostic> {
    let mut engine = Engine::new();
    // what the optimizer folds into a map has lost its order
    engine.set_optimization_level(rhai::OptimizationLevel::None);
    let failed = |message: String, position: Position| {
        let at = offset(text, position);
        Diagnostic::error("port::as_powershell", message).at(Span::new(at, at), "")
    };
    let ast = engine.compile(text).map_err(|error| failed(error.to_string(), error.position()))?;
    let mut out = String::new();
    for stmt in ast.statements() {
        let line = match stmt {
            Stmt::Import(..) | Stmt::Noop(_) => continue,
            Stmt::FnCall(call, position) => self::call(call, false).map_err(|what| (what, *position)),
            Stmt::Expr(expr) => self::chain(expr).map_err(|what| (what, expr.position())),
            other => Err(("a statement that is no call".to_owned(), other.position())),
        };
        let line = line.map_err(|(what, position)| {
            failed(format!("{what} cannot be written as one PowerShell command"), position)
                .hint("only cmdlet calls with plain values can; give the calls a file of their own")
        })?;
        out.push_str(&line);
        out.push('\n');
    }
    Ok(out)
}

fn offset(text: &str, position: Position) -> usize {
    let line = position.line().unwrap_or(1);
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let column = position.position().unwrap_or(1).saturating_sub(1);
    start + text[start..].chars().take(column).map(char::len_utf8).sum::<usize>()
}

fn chain(expr: &Expr) -> Result<String, String> {
    match expr {
        Expr::FnCall(call, _) => self::call(call, false),
        Expr::Dot(..) => {
            let mut stages = Vec::new();
            let mut rest = expr;
            while let Expr::Dot(pair, ..) = rest {
                stages.push(stage(&pair.lhs)?);
                rest = &pair.rhs;
            }
            stages.push(stage(rest)?);
            Ok(stages.join(" | "))
        }
        _ => Err("a value that is no call".to_owned()),
    }
}

fn stage(expr: &Expr) -> Result<String, String> {
    match expr {
        Expr::FnCall(call, _) => self::call(call, false),
        Expr::MethodCall(call, _) => self::call(call, true),
        _ => Err("a property".to_owned()),
    }
}

fn call(call: &FnCallExpr, piped: bool) -> Result<String, String> {
    let name = call.name.as_str();
    if name == "show" && call.args.len() == 1 && !piped {
        return chain(&call.args[0]);
    }
    let full = command(name).ok_or_else(|| format!("{name}, which is no cmdlet,"))?;
    let is_switch = |name: &str| match builtin::find(&full) {
        Some((_, parameters)) => parameters.iter().any(|own| own.switch && own.is_named(name)),
        None => {
            Catalog::built_in().find(&full).is_some_and(|cmdlet| cmdlet.resolve(name).is_ok_and(|it| it.is_switch()))
        }
    };
    let mut words = vec![full.clone()];
    for arg in &call.args {
        match arg {
            Expr::Map(entries, _) => {
                for (name, value) in &entries.0 {
                    named(&mut words, name.as_str(), is_switch(name.as_str()), &literal(value)?);
                }
            }
            other => match literal(other)? {
                value if value.is_map() => {
                    for (name, value) in value.cast::<rhai::Map>() {
                        named(&mut words, &name, is_switch(&name), &value);
                    }
                }
                value => words.push(word(&value)),
            },
        }
    }
    Ok(words.join(" "))
}

fn command(name: &str) -> Option<String> {
    if let Some((full, _)) = builtin::COMMANDS.iter().find(|(full, _)| kept_name(full) == name) {
        return Some((*full).to_owned());
    }
    Catalog::built_in().find(name).map(|cmdlet| cmdlet.name.to_string())
}

/// A parameter with its name; a switch takes no value, or has it close by.
fn named(words: &mut Vec<String>, name: &str, is_switch: bool, value: &Dynamic) {
    match value.as_bool() {
        Ok(true) if is_switch => words.push(format!("-{name}")),
        Ok(false) if is_switch => words.push(format!("-{name}:$false")),
        _ => {
            words.push(format!("-{name}"));
            words.push(word(value));
        }
    }
}

fn literal(expr: &Expr) -> Result<Dynamic, String> {
    if let Expr::Array(items, _) = expr {
        let items: Result<rhai::Array, String> = items.iter().map(literal).collect();
        return items.map(Dynamic::from_array);
    }
    expr.get_literal_value(None).ok_or_else(|| "an argument that is computed".to_owned())
}

/// A value where PowerShell expects an expression: text needs its quotes.
fn quoted(value: &Dynamic) -> String {
    if value.is_string() { format!("'{}'", value.to_string().replace('\'', "''")) } else { word(value) }
}

/// A value as a word of a command.
fn word(value: &Dynamic) -> String {
    if value.is_unit() {
        return "$null".to_owned();
    }
    if let Ok(truth) = value.as_bool() {
        return if truth { "$true" } else { "$false" }.to_owned();
    }
    if let Ok(items) = value.as_array_ref() {
        return items.iter().map(word).collect::<Vec<_>>().join(",");
    }
    if let Ok(map) = value.as_map_ref() {
        let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key} = {}", quoted(value))).collect();
        return format!("@{{ {} }}", entries.join("; "));
    }
    if !value.is_string() {
        return value.to_string();
    }
    let text = value.to_string();
    let bare = !text.is_empty()
        && text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '*' | '\\' | '/'))
        && text.chars().all(|c| c.is_alphanumeric() || "-_.@*\\/:".contains(c))
        && text.parse::<f64>().is_err();
    if bare { text } else { format!("'{}'", text.replace('\'', "''")) }
}
