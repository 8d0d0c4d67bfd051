//! `:use`: makes the cmdlets of one session the ones that plain names call.

use super::super::prompt::Prompt;
use super::{Command, Flow};

pub(super) const COMMAND: Command = Command {
    name: ":use",
    usage: ":use SESSION",
    about: "plain names call the cmdlets of this session (a name or an id)",
    arguments: &[],
    run,
};

fn run(prompt: &mut Prompt<'_>, argument: &str) -> Flow {
    if argument.is_empty() {
        prompt.complain("which session?", Some(":sessions lists them"));
        return Flow::GoOn;
    }
    let quoted = match argument.parse::<u32>() {
        Ok(id) => id.to_string(),
        Err(_) => format!("\"{}\"", argument.trim_matches('"').escape_default()),
    };
    prompt.evaluate_and_show(&format!("import_session(get_session({quoted}), #{{ AllowClobber: true }});"));
    Flow::GoOn
}
