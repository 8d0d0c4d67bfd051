//! The server end of the process carrier: a [`ServerPool`] whose packets travel as lines.
//!
//! Reading standard input and running cmdlets is done by `sim`.

use std::collections::VecDeque;

use uuid::Uuid;

use super::{AcknowledgeAfter, Acknowledgements, Asked, ProcessError, ProcessPacket};
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
    acknowledgements: Acknowledgements,
}

impl ProcessServer {
    /// A carrier for that pool, which waits for its client. Packets hold one fragment each if the pool packs them so.
    #[must_use]
    pub fn new(pool: ServerPool) -> Self {
        Self { pool, events: VecDeque::new(), acknowledgements: Acknowledgements::default() }
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
        match self.acknowledgements.take(ProcessPacket::decode(line)?)? {
            Asked::Data { target, stream, bytes } => self.pool.handle_bytes(target, stream, bytes)?,
            Asked::Command(_) => {}
            Asked::Close(Target::Pool) => self.events.push_back(ProcessServerEvent::Close),
            Asked::Signal(target) | Asked::Close(target) => self.stop(target),
        }
        Ok(())
    }

    fn stop(&mut self, target: Target) {
        if let Target::Pipeline(id) = target
            && !Self::has_ended(&self.pool, target)
        {
            self.events.push_back(ProcessServerEvent::Stop(id));
        }
    }

    /// The next line to send, without its line end.
    pub fn poll_line(&mut self) -> Option<String> {
        let waiting: Vec<Target> = self.pool.targets_to_send().collect();
        let pool = &self.pool;
        let has_been_sent = |target: Target, after: AcknowledgeAfter| {
            !waiting.contains(&target) && (after != AcknowledgeAfter::End || Self::has_ended(pool, target))
        };
        if let Some(packet) = self.acknowledgements.next_due(has_been_sent) {
            if let ProcessPacket::CloseAck(Target::Pipeline(id)) = packet {
                self.pool.close_pipeline(id);
            }
            return Some(packet.encode());
        }
        let target = *waiting.first()?;
        let packet = self.pool.poll_send(target, FRAGMENT_BYTES_DEFAULT)?;
        Some(ProcessPacket::Data { target, stream: packet.stream, bytes: packet.bytes }.encode())
    }

    fn has_ended(pool: &ServerPool, target: Target) -> bool {
        match target {
            Target::Pool => pool.state() == RunspacePoolState::Closed,
            Target::Pipeline(id) => pool.pipeline_state(id) != Some(InvocationState::Running),
        }
    }
}
