//! `:set`: how results are printed from now on.

use super::super::prompt::Prompt;
use super::{Command, Flow};

pub(super) const COMMAND: Command = Command {
    name: ":set",
    usage: ":set output FORM",
    about: "print results as auto, table, list, json, jsonl, csv, md or none",
    arguments: &["output", "auto", "table", "list", "json", "jsonl", "csv", "md", "none"],
    run,
};

fn run(prompt: &mut Prompt<'_>, argument: &str) -> Flow {
    let words: Vec<&str> = argument.split_whitespace().collect();
    match words.as_slice() {
        ["output", form] if prompt.set_output(form) => prompt.say(&format!("results are printed as {form}")),
        ["output", form] => {
            prompt.complain(
                &format!("results cannot be printed as '{form}'"),
                Some("auto, table, list, json, jsonl, csv, md, none"),
            );
        }
        _ => prompt.complain("what is to be set?", Some(":set output table")),
    }
    Flow::GoOn
}
