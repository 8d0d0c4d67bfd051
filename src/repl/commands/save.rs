//! `:save`: the inputs of this session as a script that runs.

use super::super::prompt::Prompt;
use super::super::transcript;
use super::{Command, Flow};

pub(super) const COMMAND: Command = Command {
    name: ":save",
    usage: ":save FILE",
    about: "write the inputs that worked as a script",
    arguments: &[],
    run,
};

fn run(prompt: &mut Prompt<'_>, argument: &str) -> Flow {
    if argument.is_empty() {
        prompt.complain("to which file?", Some(":save session.rhai"));
        return Flow::GoOn;
    }
    let script = transcript::script(prompt.engine(), prompt.transcript());
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(argument)
        .and_then(|mut file| std::io::Write::write_all(&mut file, script.as_bytes()));
    match written {
        Ok(()) => prompt.say(&format!("saved to {argument}")),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            prompt.complain(&format!("{argument} is there already"), Some("choose another name or remove the file"));
        }
        Err(error) => prompt.complain(&format!("cannot write {argument}: {error}"), None),
    }
    Flow::GoOn
}
