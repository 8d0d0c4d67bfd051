//! The `:commands` of the prompt, one file each: what they are called, what they take, what they do.
//!
//! Not here: the loop that calls them (`prompt`).

mod connect;
mod help;
mod history;
mod output;
mod powershell;
mod quit;
mod save;
mod sessions;
mod time;
mod using;

pub(super) use help::{help_on, source_of};

use super::prompt::Prompt;
use crate::catalog::nearest_name;

/// What a command asks the prompt to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// The next line.
    GoOn,
    /// Leave with this exit code.
    Leave(u8),
}

/// A `:command`.
pub(super) struct Command {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    /// Words that may follow, for completion.
    arguments: &'static [&'static str],
    run: fn(&mut Prompt<'_>, &str) -> Flow,
}

/// All commands, as the help lists them.
const COMMANDS: [&Command; 10] = [
    &help::COMMAND,
    &connect::COMMAND,
    &sessions::COMMAND,
    &using::COMMAND,
    &history::COMMAND,
    &save::COMMAND,
    &time::COMMAND,
    &output::COMMAND,
    &powershell::COMMAND,
    &quit::COMMAND,
];

/// Names with their colon.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|command| command.name)
}

/// Words that may follow a command, given without its colon.
pub(super) fn arguments(name: &str) -> &'static [&'static str] {
    COMMANDS
        .iter()
        .find(|command| command.name.trim_start_matches(':') == name)
        .map_or(&[], |command| command.arguments)
}

/// Runs a line that begins with a colon; a command may be cut short as long as it is clear which one is meant.
pub(super) fn run(prompt: &mut Prompt<'_>, line: &str) -> Flow {
    let line = line.trim();
    let (name, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let exact = COMMANDS.iter().find(|command| command.name == name);
    let mut begins = COMMANDS.iter().filter(|command| name.len() > 1 && command.name.starts_with(name));
    match (exact, begins.next(), begins.next()) {
        (Some(command), ..) | (None, Some(command), None) => (command.run)(prompt, argument.trim()),
        (None, Some(_), Some(_)) => {
            let all: Vec<&str> = names().filter(|known| known.starts_with(name)).collect();
            prompt.complain(&format!("{name} could be {}", all.join(" or ")), None);
            Flow::GoOn
        }
        (None, None, _) => {
            let hint = nearest_name(name, names())
                .map_or_else(|| ":help lists the commands".to_owned(), |near| format!("did you mean {near}?"));
            prompt.complain(&format!("there is no command {name}"), Some(&hint));
            Flow::GoOn
        }
    }
}
