//! `:help`: the commands, or what is known about one name.
//!
//! Not here: how a name is described (`describe`).

use super::super::describe::describe;
use super::super::prompt::Prompt;
use super::{COMMANDS, Command, Flow};

pub(super) const COMMAND: Command = Command {
    name: ":help",
    usage: ":help [NAME]",
    about: "these lines, or what a name means; NAME? does the same",
    arguments: &[],
    run,
};

fn run(prompt: &mut Prompt<'_>, argument: &str) -> Flow {
    if argument.is_empty() {
        overview(prompt)
    } else {
        help_on(prompt, argument)
    }
    Flow::GoOn
}

fn overview(prompt: &Prompt<'_>) {
    for command in COMMANDS {
        prompt.print(&format!("{:<22} {}", command.usage, command.about));
    }
    prompt.print("");
    prompt.print("NAME?                  what a function or cmdlet does");
    prompt.print("_                      the last result");
    prompt.print("… ;                    a semicolon at the end shows nothing");
    prompt.print("tab                    what could stand here");
    prompt.print("Ctrl-C                 stops what runs, or clears the line");
    prompt.print("Ctrl-D                 leaves and removes all sessions");
}

/// Prints what is known about a name.
pub(in super::super) fn help_on(prompt: &Prompt<'_>, name: &str) {
    let name = name.trim().trim_end_matches("()");
    if let Some(command) =
        COMMANDS.iter().find(|command| command.name.trim_start_matches(':') == name.trim_start_matches(':'))
    {
        prompt.print(&format!("{}\n{}", command.usage, command.about));
        return;
    }
    match describe(&prompt.vocabulary(), name) {
        Ok(text) => prompt.print(&text),
        Err(similar) => {
            let hint = (!similar.is_empty()).then(|| format!("did you mean {}?", similar.join(" or ")));
            prompt.complain(&format!("nothing is known about '{name}'"), hint.as_deref());
        }
    }
}
