//! `exsh trace`: a recording of the wire as a readable conversation, and the check that exsh's codec gives it back.
//!
//! Packets, envelopes, messages and values are read by `process`, `wsman`, `psrp` and `clixml`; this joins and prints.

mod conversation;
mod envelopes;

use std::fmt::Write as _;

pub use conversation::{Conversation, NotARecording, Row};

use super::args::TraceArgs;
use super::exit::ExitCode;
use super::input;
use super::program::print;
use super::report::Report;
use crate::script::decoded;

/// Carries out `exsh trace`.
///
/// # Errors
/// When the file cannot be read or is no recording.
pub(super) fn run(args: &TraceArgs) -> Result<ExitCode, Report> {
    let name = args.file.display();
    let text = decoded(&input::bytes(&args.file)?);
    let conversation = Conversation::read(&text).map_err(|error| {
        Report::failed(format!("{name}: {error}"))
            .hint("a recording is a file of JSON lines, such as `exsh --trace FILE` writes")
    })?;
    if args.verify {
        print(&verdict(&conversation))?;
        return Ok(if conversation.differences.is_empty() { ExitCode::Ok } else { ExitCode::Failed });
    }
    print(&conversation.to_string())
}

fn verdict(conversation: &Conversation) -> String {
    let mut text = String::new();
    for difference in &conversation.differences {
        let _ = writeln!(text, "{difference}");
    }
    let (lines, messages) = (conversation.lines, conversation.messages);
    if conversation.differences.is_empty() {
        let _ = writeln!(text, "{lines} lines with {messages} messages come out byte for byte");
    } else {
        let _ =
            writeln!(text, "{} differences in {lines} lines with {messages} messages", conversation.differences.len());
    }
    text
}
