//! Commands with a form of their own in ported text, and those that stay behind.
//!
//! All others are in `command`.

use super::super::ast::{Arg, Command, Expr, ExprKind, Stmt};
use super::super::builtin;
use super::command::{Kind, builtin_meaning};
use super::text::quoted;
use super::types::Ty;
use super::{Code, Keeper};

impl<'s> Keeper<'s> {
    /// Commands with a form of their own, and those that stay behind.
    pub(super) fn special_call(&mut self, receiver: Option<&Code>, full: &str, command: &'s Command) -> Option<Code> {
        let has = |wanted: &str| {
            command.args.iter().any(
                |arg| matches!(arg, Arg::Parameter { name, .. } if name.len() > 1 && wanted.starts_with(&name.to_lowercase())),
            )
        };
        let span = command.span;
        match full {
            "Where-Object" => return self.simple_where(receiver, command),
            "Invoke-Expression" => return self.invoke_expression(receiver, command),
            "Add-Type" => return Some(self.unsupported("add_type", "code in another language", span)),
            "New-Object" if has("comobject") => {
                let shell = self.source_of(span).to_lowercase().contains("shell.application");
                if shell && self.source.to_lowercase().contains("shell:downloads") {
                    return Some(Code::atom("()", Ty::Null)); // only the folder is asked of it
                }
                let program = command.args.iter().rev().find_map(|arg| match arg {
                    Arg::Value(value) | Arg::Parameter { value: Some(value), .. } => value.as_text(),
                    _ => None,
                });
                if program.is_some_and(|program| program.eq_ignore_ascii_case("WScript.Shell")) {
                    return Some(Code::atom("com_object(\"WScript.Shell\")", Ty::Any)); // its questions
                }
                return Some(self.unsupported("com_object", "a COM object", span));
            }
            "Start-Job" | "Wait-Job" | "Receive-Job" | "Get-Job" | "Remove-Job" | "Register-ObjectEvent" => {
                return Some(self.unsupported("background_job", full, span));
            }
            "ForEach-Object" if has("asjob") => return Some(self.unsupported("background_job", full, span)),
            "ForEach-Object" if has("parallel") => return self.one_after_the_other(receiver?, command),
            "New-Object" => return self.new_object(command),
            "New-PSSession" => return self.new_session(command),
            "Get-Process" | "Stop-Process" | "Start-Process" | "Get-Service" | "Start-Service" | "Stop-Service"
            | "Restart-Service" | "Set-Service" | "Get-WmiObject" | "Get-CimInstance" | "Write-EventLog"
            | "Get-EventLog" | "Get-WinEvent" | "Invoke-WebRequest" | "Invoke-RestMethod" => {
                self.find("outside", format!("{full} has no counterpart"), span);
            }
            _ => {}
        }
        None
    }

    /// `ForEach-Object -Parallel { … }`: its block for each object, the other parameters aside.
    fn one_after_the_other(&mut self, receiver: &Code, command: &'s Command) -> Option<Code> {
        let block = command.args.iter().find_map(|arg| match arg {
            Arg::Value(Expr { kind: ExprKind::Block(block), .. })
            | Arg::Parameter { value: Some(Expr { kind: ExprKind::Block(block), .. }), .. } => Some(block),
            _ => None,
        })?;
        self.find("parallel", "the blocks run one after the other", command.span);
        let block = self.closure(block, true);
        Some(Code::atom(format!("{}.for_each({})", receiver.text, block.text), Ty::Any))
    }

    /// Code from a string, which runs by itself.
    fn invoke_expression(&mut self, receiver: Option<&Code>, command: &'s Command) -> Option<Code> {
        let code = command.args.iter().find_map(|arg| match arg {
            Arg::Value(value) | Arg::Parameter { value: Some(value), .. } => Some(value),
            _ => None,
        });
        let is_plain = code.is_some_and(|code| code.as_text().is_some_and(|text| !text.contains('$')));
        if !is_plain {
            self.find("invoke_expression", "code from a string sees no variables of the script", command.span);
        }
        let text = match (code, receiver) {
            (Some(code), _) => self.expr(code).text,
            (None, Some(receiver)) => receiver.text.clone(),
            (None, None) => return None,
        };
        Some(Code::atom(format!("invoke_expression({text})"), Ty::Any))
    }

    /// `where Name -like 'a*'`.
    fn simple_where(&mut self, receiver: Option<&Code>, command: &'s Command) -> Option<Code> {
        let receiver = receiver?;
        let mut property = None;
        let mut operator = None;
        let mut value = None;
        for arg in &command.args {
            match arg {
                Arg::Parameter { name, value: None, .. } => operator = Some(name.to_lowercase()),
                Arg::Value(expr) if property.is_none() && operator.is_none() => property = Some(expr.as_text()?),
                Arg::Value(expr) if value.is_none() => value = Some(expr),
                _ => return None,
            }
        }
        let item = super::statement::member("it", property?);
        let test = match (operator, value) {
            (None, None) => item,
            (Some(op), Some(value)) => {
                let value = self.argument(value, Kind::Plain);
                match op.as_str() {
                    "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "like" | "notlike" => format!("{item} {op} {value}"),
                    "match" => format!("is_match({item}, {value})"),
                    "notmatch" => format!("not_match({item}, {value})"),
                    "contains" => format!("has({item}, {value})"),
                    "in" => format!("is_in({item}, {value})"),
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(Code::atom(format!("{}.where(|it| {test})", receiver.text), Ty::Any))
    }

    pub(super) fn new_object(&mut self, command: &'s Command) -> Option<Code> {
        let mut words: Vec<&'s Expr> = Vec::new();
        let mut properties: Option<&'s Expr> = None;
        let mut args = command.args.iter().peekable();
        while let Some(arg) = args.next() {
            match arg {
                Arg::Parameter { name, value, .. } => {
                    let name = name.to_lowercase();
                    let value = value.as_ref().or_else(|| match args.next() {
                        Some(Arg::Value(value)) => Some(value),
                        _ => None,
                    })?;
                    if "property".starts_with(&name) {
                        properties = Some(value);
                    } else if "typename".starts_with(&name) {
                        words.insert(0, value);
                    } else if "argumentlist".starts_with(&name) || name == "args" {
                        words.push(value);
                    } else {
                        return None;
                    }
                }
                Arg::Value(value) if !matches!(value.kind, ExprKind::Splat(_)) => words.push(value),
                _ => return None,
            }
        }
        let (name, arguments) = words.split_first()?;
        let written = name.as_text()?;
        let lower = written.to_lowercase();
        let plain = lower.trim_start_matches("system.").trim_start_matches("management.automation.");
        let is_object = matches!(plain, "psobject" | "psobject[]" | "pscustomobject" | "object");
        match (is_object, properties) {
            (true, Some(properties)) => Some(match entries(properties) {
                Some(entries) => self.table("object", entries, Ty::Object),
                None => {
                    let table = self.expr(properties);
                    Code::atom(format!("to_object({})", table.text), Ty::Object)
                }
            }),
            (true, None) => Some(Code::atom("object {}", Ty::Object)),
            (false, None) if plain.starts_with("collections.generic.list[") && arguments.is_empty() => {
                Some(Code::atom(super::member::new_list(written), Ty::Generic))
            }
            (false, None) => {
                let mut values: Vec<String> = Vec::new();
                for argument in arguments {
                    let inner = match &argument.kind {
                        ExprKind::Paren(inner) => super::loops::only(inner).unwrap_or(argument),
                        _ => argument,
                    };
                    match &inner.kind {
                        ExprKind::List(items) => values.extend(items.iter().map(|item| self.expr(item).text)),
                        _ => values.push(self.expr(argument).text),
                    }
                }
                let list = if values.is_empty() { String::new() } else { format!(", [{}]", values.join(", ")) };
                Some(Code::atom(format!("new_object({}{list})", quoted(written)), Ty::Any))
            }
            (false, Some(_)) => None,
        }
    }

    /// The first of the three steps.
    pub(super) fn new_session(&mut self, command: &'s Command) -> Option<Code> {
        let (_, params) = builtin::find("New-PSSession")?;
        let mut given = self.arguments(command, &|name| builtin_meaning(&params, name), false);
        let mut take = |wanted: &str| {
            let at = given.named.iter().position(|(name, _)| name == wanted)?;
            Some(given.named.remove(at).1)
        };
        let uri = take("ConnectionUri")?;
        let credential = take("Credential");
        take("ConfigurationName");
        given.positional = std::iter::once(uri).chain(credential).collect();
        Some(Self::assemble(None, "new_session", &given))
    }
}

/// The entries of a table that is written out, ordered or not.
pub(super) fn entries(expr: &Expr) -> Option<&[(Expr, Stmt)]> {
    match &expr.kind {
        ExprKind::Hash(entries) => Some(entries),
        ExprKind::Paren(inner) => super::loops::only(inner).and_then(entries),
        ExprKind::Cast(name, inner) if name.eq_ignore_ascii_case("ordered") => entries(inner),
        _ => None,
    }
}
