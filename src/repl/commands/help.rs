//! `:help`: the commands, what is known about one name, and its examples run on a demo organization.
//!
//! Not here: how a name is described (`describe`).

use super::super::describe::{describe, examples, search, source};
use super::super::prompt::Prompt;
use super::super::wrap::hanging;
use super::{COMMANDS, Command, Flow};

pub(super) const COMMAND: Command = Command {
    name: ":help",
    usage: ":help [NAME [run]]",
    about: "these lines, or what a name means; with run, its examples on the demo organization",
    arguments: &[],
    run,
};

fn run(prompt: &mut Prompt<'_>, argument: &str) -> Flow {
    match argument.strip_suffix(" run") {
        _ if argument.is_empty() => overview(prompt),
        Some(name) => run_examples(prompt, name.trim()),
        None => help_on(prompt, argument),
    }
    Flow::GoOn
}

fn overview(prompt: &Prompt<'_>) {
    for command in COMMANDS {
        prompt.print(&format!("{:<22} {}", command.usage, command.about));
    }
    prompt.print("");
    for (keys, meaning) in [
        ("NAME?  help NAME", "what a function, a cmdlet or a module does; help WORDS searches"),
        ("NAME??", "the source of a function"),
        ("_", "the last result"),
        ("… ;", "a semicolon at the end shows nothing"),
        ("tab", "what could stand here"),
        ("right arrow", "takes the pale text"),
        ("up  Ctrl-R", "inputs that begin like the line; search in all inputs"),
        ("Alt-Enter", "another line of the same input"),
        ("Ctrl-C", "stops what runs, or clears the line"),
        ("Ctrl-D", "leaves and removes all sessions"),
    ] {
        prompt.print(&format!("{keys:<22} {meaning}"));
    }
}

/// Prints what is known about a name, or where words occur.
pub(in super::super) fn help_on(prompt: &mut Prompt<'_>, name: &str) {
    let name = name.trim().trim_end_matches("()");
    if let Some(command) =
        COMMANDS.iter().find(|command| command.name.trim_start_matches(':') == name.trim_start_matches(':'))
    {
        prompt.print(&format!("{}\n{}", command.usage, command.about));
        return;
    }
    let described = match prompt.help_of_server(name) {
        Some(text) => Ok(text),
        None => describe(&prompt.vocabulary(), name),
    };
    match described {
        Ok(text) => {
            prompt.print(&hanging(&text, prompt.cells()));
            if !examples(&prompt.vocabulary(), name).is_empty() {
                prompt.say(&format!("run the example on the demo organization: :help {name} run"));
            }
        }
        Err(similar) => {
            let found = search(&prompt.vocabulary(), name);
            if found.is_empty() {
                let hint = (!similar.is_empty()).then(|| format!("did you mean {}?", similar.join(" or ")));
                prompt.complain(&format!("nothing is known about '{name}'"), hint.as_deref());
            }
            let width = found.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
            for (name, summary) in found {
                prompt.print(&hanging(&format!("{name:<width$}  {summary}"), prompt.cells()));
            }
        }
    }
}

/// Prints the source of a function.
pub(in super::super) fn source_of(prompt: &Prompt<'_>, name: &str) {
    let inputs = prompt.transcript().iter().map(|entry| entry.input.as_str());
    match source(&prompt.vocabulary(), inputs, name) {
        Some(text) => prompt.print(&text),
        None => {
            prompt.complain(&format!("there is no source of '{name}'"), Some(&format!("{name}? says what it does")))
        }
    }
}

fn run_examples(prompt: &mut Prompt<'_>, name: &str) {
    let found = examples(&prompt.vocabulary(), name);
    if found.is_empty() {
        prompt.complain(&format!("there is no example of '{name}'"), None);
        return;
    }
    prompt.run_on_demo(&found);
}
