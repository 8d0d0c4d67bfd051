//! `:save`: the inputs of this session as a script that runs.

use super::super::history::may_be_remembered;
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
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600); // what was typed may hold a secret
    let written = file.open(argument).and_then(|mut file| std::io::Write::write_all(&mut file, script.as_bytes()));
    let secret = prompt.transcript().iter().any(|entry| !may_be_remembered(entry.input.trim_start()));
    match written {
        Ok(()) if secret => prompt.say(&format!("saved to {argument}; a line of it may hold a secret")),
        Ok(()) => prompt.say(&format!("saved to {argument}")),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            prompt.complain(&format!("{argument} is there already"), Some("choose another name or remove the file"));
        }
        Err(error) => prompt.complain(&format!("cannot write {argument}: {error}"), None),
    }
    Flow::GoOn
}
