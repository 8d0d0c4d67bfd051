//! `:powershell`: whether lines of PowerShell run at this prompt.

use super::super::powershell::Mode;
use super::super::prompt::Prompt;
use super::{Command, Flow};

pub(super) const COMMAND: Command = Command {
    name: ":powershell",
    usage: ":powershell [on|off|ask]",
    about: "run lines of PowerShell, leave them alone, or ask first",
    arguments: &["on", "off", "ask"],
    run,
};

fn run(prompt: &mut Prompt<'_>, argument: &str) -> Flow {
    let mode = match argument {
        "on" => Mode::On,
        "off" => Mode::Off,
        "ask" => Mode::Ask,
        "" => prompt.powershell(),
        _ => {
            prompt.complain(&format!("'{argument}' is none of on, off, ask"), None);
            return Flow::GoOn;
        }
    };
    prompt.set_powershell(mode);
    prompt.say(match mode {
        Mode::On => "lines of PowerShell run",
        Mode::Off => "lines of PowerShell are not understood",
        Mode::Ask => "lines of PowerShell run after a question",
    });
    Flow::GoOn
}
