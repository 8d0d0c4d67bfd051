//! `:connect`: another session, to a profile of the configuration or to a URI, and its cmdlets.
//!
//! Not here: what a profile says (`config`), switching between open sessions (`:use`).

use super::super::prompt::Prompt;
use super::{Command, Flow};

pub(super) const COMMAND: Command = Command {
    name: ":connect",
    usage: ":connect NAME",
    about: "open and import a session: a profile's name or a URI such as demo:",
    arguments: &["demo:"],
    run,
};

fn run(prompt: &mut Prompt<'_>, argument: &str) -> Flow {
    if argument.is_empty() {
        prompt.complain("connect to what?", Some(":connect demo: opens the demo organization"));
    } else {
        prompt.connect(argument.trim_matches('"'));
    }
    Flow::GoOn
}
