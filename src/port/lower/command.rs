//! Commands and pipelines.

use super::super::ast::{Arg, Command, Element, Expr, ExprKind, Invoke, Redirection};
use super::Lowerer;
use super::text::{number, quoted};

impl Lowerer<'_> {
    /// A pipeline as a value that has not run yet, and the redirections that are not files for the output.
    pub(super) fn pipeline<'e>(&mut self, elements: &'e [Element]) -> (String, Vec<&'e Redirection>) {
        let mut redirections = Vec::new();
        let mut source = None;
        let mut calls = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let own = match element {
                Element::Expression { expr, redirections } => {
                    let text = self.expr(expr);
                    if index == 0 {
                        source = Some(text);
                    } else {
                        calls.push(format!("cmd({text}, [])"));
                    }
                    redirections
                }
                Element::Command(command) => {
                    let text = self.command(command);
                    let merged: String = command
                        .redirections
                        .iter()
                        .filter(|r| r.target.is_none())
                        .map(|r| if r.from == '*' { "23456".to_owned() } else { r.from.to_string() })
                        .collect();
                    calls.push(if merged.is_empty() { text } else { format!("merged({text}, {})", quoted(&merged)) });
                    &command.redirections
                }
            };
            for redirection in own {
                if matches!(redirection.from, '1' | '*')
                    && let Some(target) = &redirection.target
                {
                    let null = matches!(&target.kind, ExprKind::Variable(v) if v.name.eq_ignore_ascii_case("null"));
                    let file = self.expr(target);
                    calls.push(if null {
                        "cmd(\"Out-Null\", [])".to_owned()
                    } else {
                        format!(
                            "cmd(\"Out-File\", [param(\"FilePath\"), {file}{}])",
                            if redirection.append { ", param(\"Append\")" } else { "" }
                        )
                    });
                }
                redirections.push(redirection);
            }
        }
        let calls = calls.join(", ");
        let text = match source {
            Some(source) if calls.is_empty() => source,
            Some(source) => format!("pipe_from({source}, [{calls}])"),
            None => format!("pipe([{calls}])"),
        };
        (text, redirections)
    }

    fn command(&mut self, command: &Command) -> String {
        let name = match (&command.name.kind, command.invoke) {
            (ExprKind::Str { text, .. }, _) => quoted(text),
            _ => self.expr(&command.name),
        };
        let mut args = Vec::new();
        for arg in &command.args {
            match arg {
                Arg::Parameter { name, value: None, .. } => args.push(format!("param({})", quoted(name))),
                Arg::Parameter { name, value: Some(value), .. } => {
                    args.push(format!("param_with({})", quoted(name)));
                    args.push(self.argument(value));
                }
                Arg::Value(value) => args.push(self.argument(value)),
                Arg::EndOfParameters => args.push("param(\"--\")".to_owned()),
                Arg::Verbatim(text) => {
                    args.push(quoted("--%"));
                    if !text.is_empty() {
                        args.push(quoted(text));
                    }
                }
            }
        }
        let word = if command.invoke == Invoke::Dot { "dot_call" } else { "cmd" };
        format!("{word}({name}, [{}])", args.join(", "))
    }

    /// An argument: bare numbers keep their spelling.
    fn argument(&mut self, value: &Expr) -> String {
        match &value.kind {
            ExprKind::Number(parsed, raw) => {
                let plain = number(*parsed);
                if plain == *raw && !raw.contains('.') { plain } else { format!("spelled({plain}, {})", quoted(raw)) }
            }
            ExprKind::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.argument(item)).collect();
                format!("list([{}])", items.join(", "))
            }
            _ => self.expr(value),
        }
    }
}
