//! `:time`: whether each input's duration and number of rows are told.

use super::super::prompt::Prompt;
use super::{Command, Flow};

pub(super) const COMMAND: Command = Command {
    name: ":time",
    usage: ":time [on|off]",
    about: "tell after results how many rows there are and how long they took",
    arguments: &["on", "off"],
    run,
};

fn run(prompt: &mut Prompt<'_>, argument: &str) -> Flow {
    match argument {
        "on" => prompt.set_timing(true),
        "off" => prompt.set_timing(false),
        "" => prompt.set_timing(!prompt.timing()),
        _ => {
            prompt.complain(&format!("'{argument}' is neither on nor off"), None);
            return Flow::GoOn;
        }
    }
    prompt.say(if prompt.timing() { "times are told" } else { "times are not told" });
    Flow::GoOn
}
