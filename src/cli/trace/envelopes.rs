//! HTTP exchanges of a recording: envelopes taken apart, their streams handed to the tracer of their shell.
//!
//! Envelopes are read by `wsman`.

use std::collections::HashMap;

use serde_json::Value;

use super::conversation::{Conversation, Row};
use crate::psrp::trace::{Mismatch, Side, Tracer};
use crate::psrp::{StreamName, Target};
use crate::wsman::{
    Compression, RequestBody, ResponseBody, ServerRequest, StreamChunk, WsmanError, parse_request, parse_response,
};

/// The shells of a recording.
#[derive(Debug, Default)]
pub(super) struct Envelopes {
    shells: HashMap<String, Shell>,
}

#[derive(Debug, Default)]
struct Shell {
    tracer: Tracer,
    compression: Compression,
    /// A shell of `cmd.exe`: its streams are text and no messages.
    is_text: bool,
}

/// The resource of shells that are not PowerShell's ([MS-WSMV] 3.1.4.5.2).
const TEXT_SHELL: &str = "/windows/shell/cmd";

impl Envelopes {
    /// Reads one exchange.
    pub(super) fn add(&mut self, found: &mut Conversation, number: u64, exchange: &Value) {
        let request = exchange["request"].as_str().unwrap_or_default();
        let response = exchange["response"].as_str().unwrap_or_default();
        let status = exchange["status"].as_u64();
        let asked = parse_request(request.as_bytes(), |shell| {
            self.shells.get(&key(shell.as_str())).map(|shell| shell.compression).unwrap_or_default()
        });
        let shell = match asked {
            Ok(request) => self.add_request(found, number, &request),
            Err(error) => {
                unreadable(found, number, Side::Client, &error, None);
                String::new()
            }
        };
        let compression = self.shells.get(&shell).map(|shell| shell.compression).unwrap_or_default();
        match parse_response(response.as_bytes(), compression) {
            Ok(response) => self.add_response(found, number, shell, response.body),
            Err(error) => unreadable(found, number, Side::Server, &error, status),
        }
        if let Some(failure) = exchange["failure"].as_str() {
            say(found, number, Side::Server, Target::Pool, failure);
        }
    }

    /// Gives the key of the request's shell.
    fn add_request(&mut self, found: &mut Conversation, number: u64, request: &ServerRequest) -> String {
        let mut shell = request.header.shell().map(|id| key(id.as_str())).unwrap_or_default();
        let side = Side::Client;
        match &request.body {
            RequestBody::Create(create) => {
                shell = create.id.as_ref().map(|id| key(id.as_str())).unwrap_or_default();
                say(found, number, side, Target::Pool, "Create");
                let is_text = request.header.resource_uri.ends_with(TEXT_SHELL);
                self.shells.entry(shell.clone()).or_default().is_text = is_text;
                let bytes = create.creation.clone().unwrap_or_default();
                self.push(found, number, side, &shell, Target::Pool, "stdin", bytes.into());
            }
            RequestBody::Command { command, arguments, line } => {
                let target = target(command.as_ref());
                match self.shells.get(&shell).is_some_and(|shell| shell.is_text) {
                    true => say(found, number, side, target, &format!("Command {}", excerpt(line.as_bytes()))),
                    false => say(found, number, side, target, "Command"),
                }
                self.push(found, number, side, &shell, target, "stdin", arguments.clone().into());
            }
            RequestBody::Send { streams } => self.push_chunks(found, number, side, &shell, streams, "Send"),
            RequestBody::Receive { command, .. } => say(found, number, side, target(command.as_ref()), "Receive"),
            RequestBody::Signal { command, code } => {
                let word = code.rsplit('/').next().unwrap_or(code);
                say(found, number, side, target(command.as_ref()), &format!("Signal {word}"));
            }
            RequestBody::Delete => say(found, number, side, Target::Pool, "Delete"),
            RequestBody::Get => say(found, number, side, Target::Pool, "Get"),
            RequestBody::Other(name) => say(found, number, side, Target::Pool, name),
        }
        shell
    }

    fn add_response(&mut self, found: &mut Conversation, number: u64, shell: String, body: ResponseBody) {
        let side = Side::Server;
        match body {
            ResponseBody::Created(created) => {
                // What the server calls the shell counts from now on.
                let named = created.shell_id.map_or_else(|| shell.clone(), |id| key(id.as_str()));
                let mut known = self.shells.remove(&shell).unwrap_or_default();
                known.compression = created.compression;
                self.shells.insert(named, known);
                say(found, number, side, Target::Pool, "CreateResponse");
            }
            ResponseBody::CommandStarted(command) => {
                say(found, number, side, target(Some(&command)), "CommandResponse");
            }
            ResponseBody::Received(received) => {
                self.push_chunks(found, number, side, &shell, &received.streams, "ReceiveResponse");
                if let Some(state) = received.state {
                    say(found, number, side, target(state.command.as_ref()), &format!("CommandState {}", state.state));
                }
            }
            ResponseBody::Sent => say(found, number, side, Target::Pool, "SendResponse"),
            ResponseBody::Signaled => say(found, number, side, Target::Pool, "SignalResponse"),
            ResponseBody::Empty => say(found, number, side, Target::Pool, "(empty body)"),
            ResponseBody::Fault(fault) if fault.is_timeout() => {
                say(found, number, side, Target::Pool, "Fault: nothing came within the operation time-out");
            }
            ResponseBody::Fault(fault) => {
                let code = fault.code.map_or_else(String::new, |code| format!(" {}", code.0));
                say(found, number, side, Target::Pool, &format!("Fault{code}: {}", fault.message));
            }
            ResponseBody::Other(name) => say(found, number, side, Target::Pool, &name),
        }
    }

    fn push_chunks(
        &mut self,
        found: &mut Conversation,
        number: u64,
        side: Side,
        shell: &str,
        chunks: &[StreamChunk],
        name: &str,
    ) {
        if chunks.iter().all(|chunk| chunk.data.is_empty()) {
            say(found, number, side, Target::Pool, name);
        }
        for chunk in chunks {
            let data = chunk.data.clone();
            self.push(found, number, side, shell, target(chunk.command.as_ref()), &chunk.name, data);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "who, where and what of one piece of a stream")]
    fn push(
        &mut self,
        found: &mut Conversation,
        number: u64,
        side: Side,
        shell: &str,
        target: Target,
        stream_name: &str,
        data: bytes::Bytes,
    ) {
        let stream = if stream_name == "pr" { StreamName::PromptResponse } else { StreamName::Default };
        let shell = self.shells.entry(shell.to_owned()).or_default();
        if shell.is_text {
            if !data.is_empty() {
                say(found, number, side, target, &format!("{stream_name}: {}", excerpt(&data)));
            }
            return;
        }
        let (messages, mismatches) = shell.tracer.push(side, target, stream, data);
        found.add_messages(number, side, target, &messages);
        found.add_mismatches(number, &mismatches);
    }

    /// What is wrong with the end of the recording.
    pub(super) fn finish(&self) -> Vec<Mismatch> {
        self.shells.values().flat_map(|shell| shell.tracer.finish()).collect()
    }
}

/// Shell ids are compared as servers compare them, but for case.
fn key(id: &str) -> String {
    id.to_ascii_uppercase()
}

fn target(command: Option<&crate::wsman::CommandId>) -> Target {
    command.and_then(crate::wsman::CommandId::to_uuid).map_or(Target::Pool, Target::Pipeline)
}

fn say(found: &mut Conversation, number: u64, side: Side, target: Target, text: &str) {
    let target = match target {
        Target::Pool => String::new(),
        Target::Pipeline(id) => id.to_string().chars().take(8).collect(),
    };
    found.rows.push(Row { number, side, target, text: text.to_owned() });
}

/// The beginning of a text, in one line.
fn excerpt(text: &[u8]) -> String {
    const CHARS_MAX: usize = 100;
    let text = String::from_utf8_lossy(text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Not every answer is an envelope: redirections, refusals and error pages are none, and that is no fault of the codec.
fn unreadable(found: &mut Conversation, number: u64, side: Side, error: &WsmanError, status: Option<u64>) {
    let status = status.map(|status| format!("HTTP {status}: ")).unwrap_or_default();
    say(found, number, side, Target::Pool, &format!("{status}{error}"));
    if !matches!(error, WsmanError::Empty | WsmanError::NotSoap { .. }) {
        found.differ(number, &error.to_string());
    }
}
