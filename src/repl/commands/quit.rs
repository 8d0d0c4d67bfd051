//! `:quit`: leaves the prompt; all sessions are removed.

use super::super::prompt::Prompt;
use super::{Command, Flow};

pub(super) const COMMAND: Command =
    Command { name: ":quit", usage: ":quit", about: "leave and remove all sessions (Ctrl-D)", arguments: &[], run };

fn run(_: &mut Prompt<'_>, _: &str) -> Flow {
    Flow::Leave(0)
}
