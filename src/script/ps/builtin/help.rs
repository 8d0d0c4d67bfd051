//! `Get-Help` for functions of the script: what their comments say.
//!
//! Help of built-in commands is not here.

use std::sync::Mutex;

use super::super::fault::Res;
use super::super::state::Cx;
use super::super::value::{Obj, V, lock};
use super::{Builtin, Ctx, Memory, each};

pub(super) const COMMANDS: &[Builtin] = &[each("Get-Help", get_help)];

fn get_help(cx: Cx<'_>, c: &Ctx<'_>, _: &Mutex<Memory>, _: Option<V>) -> Res<()> {
    for asked in c.bound.texts("Name") {
        let name = super::super::command::alias(cx, &asked);
        let Some(block) = cx.rt.function(&name) else {
            let message = format!("Get-Help could not find {asked} in a help file in this session.");
            let problem = c.problem("HelpNotFound", "ResourceUnavailable", message);
            c.out.error(cx, problem.exception("Microsoft.PowerShell.Commands.HelpNotFoundException"))?;
            continue;
        };
        let name = super::commands::written_name(cx, &name);
        let comment = comment_within(block.text()).or_else(|| comment_before(cx, &name)).unwrap_or_default();
        let help = Help::read(&comment);
        match c.bound.text("Parameter") {
            Some(pattern) => {
                for (own, text) in help.parameters {
                    if super::super::compare::like(&own, &pattern, false) {
                        c.push(cx, parameter(&own, &text))?;
                    }
                }
            }
            None => c.push(cx, help.object(&name, &block))?,
        }
    }
    Ok(())
}

/// The block comment at the beginning or the end of a function's body.
fn comment_within(body: &str) -> Option<String> {
    let start = body.trim_start();
    if let Some(rest) = start.strip_prefix("<#") {
        return rest.split_once("#>").map(|(comment, _)| comment.to_owned());
    }
    let (_, comment) = body.trim_end().strip_suffix("#>")?.rsplit_once("<#")?;
    Some(comment.to_owned())
}

/// The block comment right before a function.
fn comment_before(cx: Cx<'_>, name: &str) -> Option<String> {
    let source = lock(&cx.rt.source).join("\n");
    let (at, _) = super::commands::definition(&source, name)?;
    let (_, comment) = source.get(..at)?.trim_end().strip_suffix("#>")?.rsplit_once("<#")?;
    Some(comment.to_owned())
}

/// What a comment says, part by part.
#[derive(Default)]
struct Help {
    synopsis: String,
    description: String,
    notes: String,
    parameters: Vec<(String, String)>,
    examples: Vec<String>,
}

impl Help {
    fn read(comment: &str) -> Self {
        let mut help = Self::default();
        let mut parts: Vec<(String, String, Vec<&str>)> = Vec::new();
        for line in comment.lines() {
            let word = line.trim();
            match word.strip_prefix('.').filter(|rest| rest.chars().next().is_some_and(char::is_alphabetic)) {
                Some(rest) => {
                    let (key, own) = rest.split_once(' ').unwrap_or((rest, ""));
                    parts.push((key.to_uppercase(), own.trim().to_owned(), Vec::new()));
                }
                None => {
                    if let Some((.., lines)) = parts.last_mut() {
                        lines.push(word);
                    }
                }
            }
        }
        for (key, own, lines) in parts {
            let text = lines.join("\n").trim().to_owned();
            match key.as_str() {
                "SYNOPSIS" => help.synopsis = text,
                "DESCRIPTION" => help.description = text,
                "NOTES" => help.notes = text,
                "PARAMETER" => help.parameters.push((own, text)),
                "EXAMPLE" => help.examples.push(text),
                _ => {}
            }
        }
        help
    }

    fn object(self, name: &str, block: &super::super::block::Block) -> V {
        let syntax = syntax(name, block);
        let synopsis = if self.synopsis.is_empty() { format!("\n{syntax}\n\n") } else { self.synopsis };
        let rows = self.parameters.iter().map(|(own, text)| parameter(own, text)).collect();
        let examples = self.examples.iter().enumerate().map(|(at, text)| example(at + 1, text)).collect();
        let object = |name: &str, value: V| V::Obj(Obj::custom([(name, value)]));
        V::Obj(Obj::new(
            "MamlCommandHelpInfo",
            [
                ("Name", V::from(name)),
                ("Category", V::from("Function")),
                ("Synopsis", V::from(synopsis)),
                ("Component", V::Null),
                ("Role", V::Null),
                ("Functionality", V::Null),
                ("ModuleName", V::from("")),
                ("description", texts(&self.description)),
                ("parameters", object("parameter", V::array(rows))),
                ("examples", object("example", V::array(examples))),
                ("alertSet", object("alert", texts(&self.notes))),
                ("syntax", V::from(syntax)),
            ],
        ))
    }
}

fn texts(text: &str) -> V {
    if text.is_empty() {
        return V::Null;
    }
    V::array(vec![V::Obj(Obj::custom([("Text", V::from(text))]).with_text(text))])
}

fn parameter(name: &str, text: &str) -> V {
    V::Obj(Obj::custom([("name", V::from(name)), ("description", texts(text))]))
}

fn example(number: usize, text: &str) -> V {
    let (code, remarks) = text.split_once('\n').unwrap_or((text, ""));
    let title = format!("-------------------------- EXAMPLE {number} --------------------------");
    V::Obj(Obj::custom([
        ("introduction", texts("PS > ")),
        ("code", V::from(code)),
        ("remarks", texts(remarks.trim())),
        ("title", V::from(title)),
    ]))
}

/// A line for each parameter set, as help without a synopsis shows it.
fn syntax(name: &str, block: &super::super::block::Block) -> String {
    let described = block.signature().map(|signature| signature.described().syntax(name));
    described.map_or_else(|| name.to_owned(), |lines| lines.trim().to_owned())
}
