//! `:sessions`: the sessions that are open.

use super::super::prompt::Prompt;
use super::{Command, Flow};

pub(super) const COMMAND: Command =
    Command { name: ":sessions", usage: ":sessions", about: "the sessions that are open", arguments: &[], run };

fn run(prompt: &mut Prompt<'_>, _: &str) -> Flow {
    prompt.evaluate_and_show("get_session()");
    Flow::GoOn
}
