//! `$Host.UI`: its lines, and the questions that it asks.
//!
//! Answers are the lines that were given to the script, or what somebody at a terminal types.

use super::super::fault::{Res, method_threw};
use super::super::options::Message;
use super::super::state::Cx;
use super::super::text::{interpolated, to_string};
use super::super::value::{Hash, HashKind, Obj, V, lock};

/// The type of `$Host.UI`.
pub(super) const NAME: &str = "System.Management.Automation.Internal.Host.InternalHostUserInterface";
/// One of the answers of a question.
pub(super) const CHOICE: &str = "System.Management.Automation.Host.ChoiceDescription";

/// A `ChoiceDescription` of a label and a help text.
#[must_use]
pub(super) fn choice(args: &[V]) -> V {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    V::Obj(Obj::new(CHOICE, [("Label", V::from(text(0))), ("HelpMessage", V::from(text(1)))]))
}

/// Methods of `$Host.UI`.
///
/// # Errors
/// When a question is asked and nobody is there to answer.
pub(super) fn methods(cx: Cx<'_>, name: &str, args: &[V]) -> Res<Option<V>> {
    let last = args.last().map(to_string).unwrap_or_default();
    let console = &cx.rt.options.console;
    match name {
        "write" => console.out(&last),
        "writeline" => console.out(&format!("{last}\n")),
        "writeerrorline" => console.talk(&format!("{last}\n")),
        "writewarningline" => super::super::errors::message(cx.rt, Message::Warning, &last),
        "writeverboseline" => super::super::errors::message(cx.rt, Message::Verbose, &last),
        "writedebugline" => super::super::errors::message(cx.rt, Message::Debug, &last),
        "writeprogress" | "writeinformation" => {}
        "readline" => return asked(cx, "ReadLine", 0, "").map(|answer| Some(V::from(answer))),
        "readlineassecurestring" => {
            let answer = asked(cx, "ReadLineAsSecureString", 0, "")?;
            return Ok(Some(V::Obj(super::super::builtin::secure(&answer))));
        }
        "promptforchoice" => return prompt_for_choice(cx, args).map(Some),
        "prompt" => return prompt(cx, args).map(Some),
        _ => return Ok(None),
    }
    Ok(Some(V::Nothing))
}

/// The next answer; shown as if it had been typed.
fn asked(cx: Cx<'_>, method: &str, count: usize, prompt: &str) -> Res<String> {
    let waiting = lock(&cx.rt.answers).pop_front();
    if let Some(answer) = waiting {
        cx.rt.options.console.out(&format!("{prompt}{answer}\n"));
        return Ok(answer);
    }
    if let Some(answer) = cx.rt.options.console.ask(prompt) {
        return Ok(answer);
    }
    let message = "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.";
    method_threw(method, count, "System.Management.Automation.PSInvalidOperationException", message).err()
}

/// A choice: its label without the mark, its key and its help.
struct Choice {
    label: String,
    key: String,
    help: String,
}

fn choice_of(value: &V) -> Choice {
    let (label, help) = match value {
        V::Obj(object) => {
            let text = |name: &str| object.note(name).map(|text| to_string(&text)).unwrap_or_default();
            (text("Label"), text("HelpMessage"))
        }
        other => (interpolated(other), String::new()),
    };
    let key = label.split_once('&').and_then(|(_, rest)| rest.chars().next());
    Choice {
        key: key.map(|key| key.to_uppercase().collect()).unwrap_or_default(),
        label: label.replacen('&', "", 1),
        help,
    }
}

pub(super) fn prompt_for_choice(cx: Cx<'_>, args: &[V]) -> Res<V> {
    let text = |at: usize| args.get(at).map(interpolated).unwrap_or_default();
    let choices: Vec<Choice> = args.get(2).cloned().unwrap_or_default().unrolled().iter().map(choice_of).collect();
    let default = args.get(3).and_then(super::super::number::plain).and_then(super::super::number::Num::long);
    let default = default.and_then(|at| usize::try_from(at).ok()).filter(|at| *at < choices.len());
    let mut prompt: String = choices.iter().map(|choice| format!("[{}] {}  ", choice.key, choice.label)).collect();
    prompt.push_str("[?] Help");
    if let Some(at) = default {
        let own = &choices[at];
        prompt.push_str(&format!(" (default is \"{}\")", if own.key.is_empty() { &own.label } else { &own.key }));
    }
    prompt.push_str(": ");
    let mut opening = String::from("\n");
    for line in [text(0), text(1)].iter().filter(|line| !line.is_empty()) {
        opening.push_str(&format!("{line}\n"));
    }
    let ready = !lock(&cx.rt.answers).is_empty();
    if ready || cx.rt.options.console.answers() {
        cx.rt.options.console.out(&opening);
    }
    loop {
        let answer = asked(cx, "PromptForChoice", args.len(), &prompt)?;
        let answer = answer.trim().to_lowercase();
        let meant = choices
            .iter()
            .position(|choice| choice.key.to_lowercase() == answer || choice.label.to_lowercase() == answer);
        match (meant, default) {
            (_, Some(at)) if answer.is_empty() => return Ok(V::count(at)),
            (Some(at), _) if !answer.is_empty() => return Ok(V::count(at)),
            _ if answer == "?" => {
                let lines: String =
                    choices.iter().map(|choice| format!("{} - {}\n", choice.key, choice.help)).collect();
                cx.rt.options.console.out(&lines);
            }
            _ => {}
        }
    }
}

/// One answer for each field; a dictionary by their names.
fn prompt(cx: Cx<'_>, args: &[V]) -> Res<V> {
    let found = Hash::new(HashKind::Dictionary("System.String".into(), "System.Object".into(), false));
    for field in args.get(2).cloned().unwrap_or_default().unrolled() {
        let name = super::super::member::plain_property(&field, "Name").unwrap_or(field);
        let name = interpolated(&name);
        let answer = asked(cx, "Prompt", args.len(), &format!("{name}: "))?;
        found.set(V::from(name), V::from(answer));
    }
    Ok(V::Hash(found))
}
