//! The server end of the process carrier: a [`ServerPool`] whose packets travel as lines.
//!
//! Reading standard input and running cmdlets is done by `sim`.

use std::collections::VecDeque;

use uuid::Uuid;

use super::{ProcessError, ProcessPacket};
use crate::psrp::{FRAGMENT_BYTES_DEFAULT, InvocationState, RunspacePoolState, ServerPool, Target};

/// What the client wants of the carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessServerEvent {
    /// A running pipeline shall stop: its last records and the state Stopped must follow.
    Stop(Uuid),
    /// The pool shall close: [`ServerPool::send_closed`] must follow.
    Close,
}

/// The server end: lines come in and go out, the rest is done through [`ProcessServer::pool`].
///
/// Every `Data` is acknowledged once: at once for a pipeline, after the answers for the pool. A `Signal` or `Close` of a
/// running pipeline is acknowledged when the pipeline has told its end.
#[derive(Debug)]
pub struct ProcessServer {
    pool: ServerPool,
    events: VecDeque<ProcessServerEvent>,
    acks: VecDeque<Ack>,
}

#[derive(Debug)]
struct Ack {
    packet: ProcessPacket,
    after: After,
}

/// What must be sent before an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// Nothing.
    Now,
    /// What waits for the target.
    Answers,
    /// The target's final state, too.
    End,
}

impl ProcessServer {
    /// A carrier for that pool, which waits for its client. Packets hold one fragment each if the pool packs them so.
    #[must_use]
    pub const fn new(pool: ServerPool) -> Self {
        Self { pool, events: VecDeque::new(), acks: VecDeque::new() }
    }

    /// The pool: for its events and everything that is sent.
    pub const fn pool(&mut self) -> &mut ServerPool {
        &mut self.pool
    }

    /// The next thing that the carrier was asked for.
    pub fn poll_event(&mut self) -> Option<ProcessServerEvent> {
        self.events.pop_front()
    }

    /// Takes a line of the client, without its line end. Handle all events before the next [`ProcessServer::poll_line`].
    ///
    /// # Errors
    /// When the line is no packet, a packet that only servers send, or its data break the protocol.
    pub fn handle_line(&mut self, line: &str) -> Result<(), ProcessError> {
        match ProcessPacket::decode(line)? {
            ProcessPacket::Data { target, stream, bytes } => {
                let after = if target == Target::Pool { After::Answers } else { After::Now };
                self.acks.push_back(Ack { packet: ProcessPacket::DataAck(target), after });
                Ok(self.pool.handle_bytes(target, stream, bytes)?)
            }
            ProcessPacket::Command(target) => {
                self.acks.push_back(Ack { packet: ProcessPacket::CommandAck(target), after: After::Now });
                Ok(())
            }
            ProcessPacket::Signal(target) => {
                self.stop(target);
                self.acks.push_back(Ack { packet: ProcessPacket::SignalAck(target), after: After::End });
                Ok(())
            }
            ProcessPacket::Close(target) => {
                match target {
                    Target::Pool => self.events.push_back(ProcessServerEvent::Close),
                    Target::Pipeline(_) => self.stop(target),
                }
                self.acks.push_back(Ack { packet: ProcessPacket::CloseAck(target), after: After::End });
                Ok(())
            }
            ProcessPacket::DataAck(_)
            | ProcessPacket::CommandAck(_)
            | ProcessPacket::SignalAck(_)
            | ProcessPacket::CloseAck(_) => Err(ProcessError::WrongSide),
        }
    }

    fn stop(&mut self, target: Target) {
        if let Target::Pipeline(id) = target
            && self.runs(id)
        {
            self.events.push_back(ProcessServerEvent::Stop(id));
        }
    }

    fn runs(&self, pipeline: Uuid) -> bool {
        self.pool.pipeline_state(pipeline).is_some_and(|state| state == InvocationState::Running)
    }

    /// The next line to send, without its line end.
    pub fn poll_line(&mut self) -> Option<String> {
        let waiting: Vec<Target> = self.pool.targets_to_send().collect();
        let ready = self.acks.iter().position(|ack| {
            let target = ack.packet.target();
            match ack.after {
                After::Now => true,
                After::Answers => !waiting.contains(&target),
                After::End => !waiting.contains(&target) && self.has_ended(target),
            }
        });
        if let Some(ack) = ready.and_then(|index| self.acks.remove(index)) {
            if let ProcessPacket::CloseAck(Target::Pipeline(id)) = ack.packet {
                self.pool.close_pipeline(id);
            }
            return Some(ack.packet.encode());
        }
        let target = *waiting.first()?;
        let packet = self.pool.poll_send(target, FRAGMENT_BYTES_DEFAULT)?;
        Some(ProcessPacket::Data { target, stream: packet.stream, bytes: packet.bytes }.encode())
    }

    fn has_ended(&self, target: Target) -> bool {
        match target {
            Target::Pool => self.pool.state() == RunspacePoolState::Closed,
            Target::Pipeline(id) => !self.runs(id),
        }
    }
}
