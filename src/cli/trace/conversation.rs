//! A recording, read line by line: who said what, and what our codec does not give back.
//!
//! Envelopes are taken apart in `envelopes`.

use std::fmt;

use serde_json::Value;

use super::envelopes::Envelopes;
use crate::process::{ProcessPacket, ProcessTrace};
use crate::psrp::Target;
use crate::psrp::trace::{Mismatch, Side, Traced};

/// A whole recording.
#[derive(Debug, Default)]
pub struct Conversation {
    /// What the recording says of itself.
    pub about: Option<String>,
    /// What was said, in order.
    pub rows: Vec<Row>,
    /// What does not come out byte for byte, or cannot be read.
    pub differences: Vec<String>,
    /// Recorded lines or exchanges.
    pub lines: usize,
    /// Messages of the remoting protocol in them.
    pub messages: usize,
}

/// One thing that was said.
#[derive(Debug)]
pub struct Row {
    /// Number of the line or exchange in the recording.
    pub number: u64,
    /// Who said it.
    pub side: Side,
    /// About which pipeline; empty for the pool.
    pub target: String,
    /// What.
    pub text: String,
}

/// A file that is no recording of a known kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotARecording {
    /// A line is not JSON.
    #[error("line {line} is not JSON")]
    NotJson {
        /// Its number, from 1.
        line: usize,
    },
    /// A line is neither a packet nor an exchange.
    #[error("line {line} is neither a packet nor an exchange")]
    UnknownLine {
        /// Its number, from 1.
        line: usize,
    },
    /// There is nothing in it.
    #[error("the recording is empty")]
    Empty,
}

impl Conversation {
    /// Reads a recording: JSON lines with the packets of a child's pipes, or with HTTP exchanges.
    ///
    /// # Errors
    /// When it is neither. What cannot be decoded is no error but a difference.
    pub fn read(text: &str) -> Result<Self, NotARecording> {
        let mut found = Self::default();
        let mut process = ProcessTrace::default();
        let mut envelopes = Envelopes::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line_number = index + 1;
            let json: Value = serde_json::from_str(line).map_err(|_| NotARecording::NotJson { line: line_number })?;
            let number = json["n"].as_u64().unwrap_or(found.lines as u64 + 1);
            if let Some(raw) = json["raw"].as_str() {
                let side = if json["dir"] == "c2s" { Side::Client } else { Side::Server };
                found.lines += 1;
                found.add_packet(&mut process, number, side, raw);
            } else if json.get("request").is_some() || json.get("response").is_some() {
                found.lines += 1;
                envelopes.add(&mut found, number, &json);
            } else if found.lines == 0 && json.is_object() {
                let about = json["what"].as_str().or_else(|| json["scenario"].as_str());
                found.about = about.map(str::to_owned).or(found.about);
            } else {
                return Err(NotARecording::UnknownLine { line: line_number });
            }
        }
        if found.lines == 0 {
            return Err(NotARecording::Empty);
        }
        for mismatch in process.finish().iter().chain(&envelopes.finish()) {
            // A recording may well end where a server was killed; that is no fault of the codec.
            found.rows.push(Row {
                number: found.lines as u64,
                side: Side::Server,
                target: String::new(),
                text: mismatch.to_string(),
            });
        }
        Ok(found)
    }

    fn add_packet(&mut self, process: &mut ProcessTrace, number: u64, side: Side, raw: &str) {
        let line = process.push(side, raw);
        if line.is_written_differently {
            self.differ(number, "the packet is not written as it was recorded");
        }
        for mismatch in &line.mismatches {
            self.differ(number, &mismatch.to_string());
        }
        let Some(packet) = line.packet else {
            let text = format!("(text) {}", raw.chars().take(200).collect::<String>());
            self.rows.push(Row { number, side, target: String::new(), text });
            return;
        };
        let target = packet.target();
        let name = match &packet {
            ProcessPacket::Data { bytes, .. } if line.messages.is_empty() => {
                format!("Data, {} bytes, to be continued", bytes.len())
            }
            ProcessPacket::Data { .. } => String::new(),
            ProcessPacket::DataAck(_) => "DataAck".to_owned(),
            ProcessPacket::Command(_) => "Command".to_owned(),
            ProcessPacket::CommandAck(_) => "CommandAck".to_owned(),
            ProcessPacket::Signal(_) => "Signal".to_owned(),
            ProcessPacket::SignalAck(_) => "SignalAck".to_owned(),
            ProcessPacket::Close(_) => "Close".to_owned(),
            ProcessPacket::CloseAck(_) => "CloseAck".to_owned(),
        };
        if !name.is_empty() {
            self.rows.push(Row { number, side, target: short_target(target), text: name });
        }
        self.add_messages(number, side, target, &line.messages);
    }

    /// Messages that a line or an element completed.
    pub(super) fn add_messages(&mut self, number: u64, side: Side, target: Target, messages: &[Traced]) {
        for traced in messages {
            self.messages += 1;
            let kind = traced.message.message_type().map_or("(unknown)", crate::psrp::MessageType::name);
            let text = format!("{kind:<24} {}", traced.summary).trim_end().to_owned();
            self.rows.push(Row { number, side, target: short_target(target), text });
            for mismatch in &traced.mismatches {
                self.differ(number, &mismatch.to_string());
            }
        }
    }

    /// What is wrong with a stream.
    pub(super) fn add_mismatches(&mut self, number: u64, mismatches: &[Mismatch]) {
        for mismatch in mismatches {
            self.differ(number, &mismatch.to_string());
        }
    }

    /// Something that does not come out as it went in.
    pub(super) fn differ(&mut self, number: u64, what: &str) {
        self.differences.push(format!("{number}: {what}"));
    }
}

fn short_target(target: Target) -> String {
    match target {
        Target::Pool => String::new(),
        Target::Pipeline(id) => id.to_string().chars().take(8).collect(),
    }
}

impl fmt::Display for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(about) = &self.about {
            writeln!(f, "{about}\n")?;
        }
        for Row { number, side, target, text } in &self.rows {
            let target = if target.is_empty() { "pool" } else { target };
            writeln!(f, "{number:>5}  {side}  {target:<8}  {text}")?;
        }
        Ok(())
    }
}
