//! `:history`: earlier inputs, the newest last.

use super::super::prompt::Prompt;
use super::{Command, Flow};

/// How many are listed unless a number says otherwise.
const SHOWN: usize = 20;

pub(super) const COMMAND: Command = Command {
    name: ":history",
    usage: ":history [N | TEXT]",
    about: "the last inputs, or those with TEXT in them",
    arguments: &[],
    run,
};

fn run(prompt: &mut Prompt<'_>, argument: &str) -> Flow {
    let (count, text) = match argument.parse() {
        Ok(count) => (count, ""),
        Err(_) if argument.is_empty() => (SHOWN, ""),
        Err(_) => (usize::MAX, argument),
    };
    let inputs = prompt.inputs();
    let found: Vec<&String> = inputs.iter().filter(|input| input.contains(text)).collect();
    for input in found.iter().skip(found.len().saturating_sub(count)) {
        prompt.print(input);
    }
    Flow::GoOn
}
