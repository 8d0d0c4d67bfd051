//! What a server owes its client: every packet of a client is acknowledged once, in the order that PowerShell keeps.
//!
//! What a packet asks for is done by whoever holds the pool: [`super::ProcessServer`], or a simulator.

use std::collections::VecDeque;

use bytes::Bytes;

use super::{ProcessError, ProcessPacket};
use crate::psrp::{StreamName, Target};

/// What a packet of the client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Bytes of the remoting protocol for the pool or a pipeline.
    Data {
        /// Whose.
        target: Target,
        /// What stream they belong to.
        stream: StreamName,
        /// The bytes.
        bytes: Bytes,
    },
    /// A pipeline will be created.
    Command(Target),
    /// What runs there shall stop.
    Signal(Target),
    /// It is to be closed; what runs there shall stop.
    Close(Target),
}

/// What must have been sent before an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcknowledgeAfter {
    /// Nothing: data of a pipeline are acknowledged before its records, and so is its command.
    Nothing,
    /// What waits for the target: data of the pool are acknowledged after the pool's answers.
    Answers,
    /// The target's final state, too: signals and closes are.
    End,
}

/// The acknowledgements that wait.
#[derive(Debug, Default)]
pub struct Acknowledgements {
    waiting: VecDeque<(ProcessPacket, AcknowledgeAfter)>,
}

impl Acknowledgements {
    /// Notes what is owed for a packet, and says what it asks for.
    ///
    /// # Errors
    /// When only servers send such a packet.
    pub fn take(&mut self, packet: ProcessPacket) -> Result<Asked, ProcessError> {
        let (asked, owed, after) = match packet {
            ProcessPacket::Data { target, stream, bytes } => {
                let after = if target == Target::Pool { AcknowledgeAfter::Answers } else { AcknowledgeAfter::Nothing };
                (Asked::Data { target, stream, bytes }, ProcessPacket::DataAck(target), after)
            }
            ProcessPacket::Command(target) => {
                (Asked::Command(target), ProcessPacket::CommandAck(target), AcknowledgeAfter::Nothing)
            }
            ProcessPacket::Signal(target) => {
                (Asked::Signal(target), ProcessPacket::SignalAck(target), AcknowledgeAfter::End)
            }
            ProcessPacket::Close(target) => {
                (Asked::Close(target), ProcessPacket::CloseAck(target), AcknowledgeAfter::End)
            }
            ProcessPacket::DataAck(_)
            | ProcessPacket::CommandAck(_)
            | ProcessPacket::SignalAck(_)
            | ProcessPacket::CloseAck(_) => return Err(ProcessError::WrongSide),
        };
        self.waiting.push_back((owed, after));
        Ok(asked)
    }

    /// The oldest acknowledgement that is due, as far as `has_been_sent` says so.
    pub fn next_due(&mut self, has_been_sent: impl Fn(Target, AcknowledgeAfter) -> bool) -> Option<ProcessPacket> {
        let due = |(owed, after): &(ProcessPacket, AcknowledgeAfter)| {
            *after == AcknowledgeAfter::Nothing || has_been_sent(owed.target(), *after)
        };
        let index = self.waiting.iter().position(due)?;
        self.waiting.remove(index).map(|(owed, _)| owed)
    }
}
