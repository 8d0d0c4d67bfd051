//! Recorded lines of the process carrier as a readable conversation, and the check that they come out as they went in.
//!
//! Reading recordings and printing is done by `cli`.

use super::ProcessPacket;
use crate::psrp::trace::{Mismatch, Side, Traced, Tracer};

/// What one recorded line says.
#[derive(Debug)]
pub struct TracedLine {
    /// The packet; `None` for text that is none.
    pub packet: Option<ProcessPacket>,
    /// Whether the packet is not written as it was recorded.
    pub is_written_differently: bool,
    /// The messages that it completes.
    pub messages: Vec<Traced>,
    /// What is wrong with the stream.
    pub mismatches: Vec<Mismatch>,
}

/// Reads recorded lines, one after the other.
#[derive(Debug, Default)]
pub struct ProcessTrace {
    tracer: Tracer,
}

impl ProcessTrace {
    /// Takes the next recorded line, without its line end.
    pub fn push(&mut self, side: Side, raw: &str) -> TracedLine {
        let Ok(packet) = ProcessPacket::decode(raw) else {
            // Text of another program, or a packet that cannot be read and so not written either.
            let is_written_differently = raw.trim_start().starts_with('<');
            return TracedLine { packet: None, is_written_differently, messages: Vec::new(), mismatches: Vec::new() };
        };
        let (messages, mismatches) = match &packet {
            ProcessPacket::Data { target, stream, bytes } => self.tracer.push(side, *target, *stream, bytes.clone()),
            _ => (Vec::new(), Vec::new()),
        };
        let is_written_differently = packet.encode() != raw;
        TracedLine { packet: Some(packet), is_written_differently, messages, mismatches }
    }

    /// What is wrong with the end of the recording.
    #[must_use]
    pub fn finish(&self) -> Vec<Mismatch> {
        self.tracer.finish()
    }
}
