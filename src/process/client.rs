//! The client end of the process carrier: a [`ClientPool`] whose packets travel as lines.
//!
//! Starting the program and moving lines through its pipes is done by `remote`.

use std::collections::{HashMap, VecDeque};

use uuid::Uuid;

use super::{ProcessError, ProcessPacket};
use crate::psrp::{ClientPool, CommandQuery, FRAGMENT_BYTES_DEFAULT, PipelineSpec, PsrpError, Target};

/// How far the command of a pipeline is.
#[derive(Debug, Default)]
struct Lane {
    /// The server has answered the `Command`; data may be sent.
    is_open: bool,
    /// A `Data` is on its way and must be acknowledged before the next.
    awaits_ack: bool,
    /// A `Signal` shall be sent once what waits has been sent: before, the server knows no pipeline to stop.
    wants_signal: bool,
    /// A `Signal` is on its way, or will be.
    awaits_signal_ack: bool,
    close: CloseStep,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum CloseStep {
    #[default]
    None,
    /// It shall be closed once what waits has been sent.
    Wanted,
    /// A `Close` is on its way.
    Sent,
}

/// The client end: lines come in and go out, the rest is done through [`ProcessClient::pool`].
///
/// The client acknowledges nothing. It sends the next `Data` of a pipeline when the one before was acknowledged, and
/// other pipelines go on meanwhile.
#[derive(Debug)]
pub struct ProcessClient {
    pool: ClientPool,
    lanes: HashMap<Target, Lane>,
    control: VecDeque<ProcessPacket>,
    is_closed: bool,
    noise: VecDeque<String>,
}

impl ProcessClient {
    /// A carrier for that pool, which has not been opened yet.
    #[must_use]
    pub fn new(pool: ClientPool) -> Self {
        let pool_lane = Lane { is_open: true, ..Lane::default() };
        Self {
            pool,
            lanes: HashMap::from([(Target::Pool, pool_lane)]),
            control: VecDeque::new(),
            is_closed: false,
            noise: VecDeque::new(),
        }
    }

    /// The pool: for events, input, host answers and requests. Pipelines are created and stopped through the carrier.
    pub const fn pool(&mut self) -> &mut ClientPool {
        &mut self.pool
    }

    /// Announces a pipeline and prepares its CREATE_PIPELINE, which is sent when the server is ready.
    ///
    /// # Errors
    /// As [`ClientPool::create_pipeline`].
    pub fn create_pipeline(&mut self, pipeline: Uuid, spec: &PipelineSpec) -> Result<(), PsrpError> {
        self.pool.create_pipeline(pipeline, spec)?;
        self.announce(pipeline);
        Ok(())
    }

    /// Announces a question for metadata, which is a pipeline of its own.
    ///
    /// # Errors
    /// As [`ClientPool::get_command_metadata`].
    pub fn get_command_metadata(&mut self, pipeline: Uuid, query: &CommandQuery) -> Result<(), PsrpError> {
        self.pool.get_command_metadata(pipeline, query)?;
        self.announce(pipeline);
        Ok(())
    }

    fn announce(&mut self, pipeline: Uuid) {
        let target = Target::Pipeline(pipeline);
        self.lanes.insert(target, Lane::default());
        self.control.push_back(ProcessPacket::Command(target));
    }

    /// Stops a running pipeline. Its last records and its state still come.
    ///
    /// # Errors
    /// When there is no such pipeline.
    pub fn stop(&mut self, pipeline: Uuid) -> Result<(), PsrpError> {
        if self.pool.stop(pipeline)?
            && let Some(lane) = self.lanes.get_mut(&Target::Pipeline(pipeline))
        {
            lane.wants_signal = true;
            lane.awaits_signal_ack = true;
        }
        Ok(())
    }

    /// Closes a pipeline: to be done after its end; done before, it also stops it.
    pub fn close_pipeline(&mut self, pipeline: Uuid) {
        if let Some(lane) = self.lanes.get_mut(&Target::Pipeline(pipeline))
            && lane.close == CloseStep::None
        {
            lane.close = CloseStep::Wanted;
        }
    }

    /// Closes what still runs, then the pool.
    pub fn close(&mut self) {
        self.pool.close();
        for lane in self.lanes.values_mut() {
            lane.wants_signal = false;
            lane.awaits_signal_ack = false;
            if lane.close == CloseStep::None {
                lane.close = CloseStep::Wanted;
            }
        }
    }

    /// Whether the server has said that the pool is closed; nothing it still writes matters.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// The next line to send, without its line end.
    pub fn poll_line(&mut self) -> Option<String> {
        if let Some(packet) = self.control.pop_front() {
            return Some(packet.encode());
        }
        self.poll_data().or_else(|| self.poll_signal()).or_else(|| self.poll_close()).map(|packet| packet.encode())
    }

    fn poll_data(&mut self) -> Option<ProcessPacket> {
        let can_send = |lane: &Lane| lane.is_open && !lane.awaits_ack && lane.close != CloseStep::Sent;
        let target = self.pool.targets_to_send().find(|target| self.lanes.get(target).is_some_and(can_send))?;
        let packet = self.pool.poll_send(target, FRAGMENT_BYTES_DEFAULT)?;
        if let Some(lane) = self.lanes.get_mut(&target) {
            lane.awaits_ack = true;
        }
        Some(ProcessPacket::Data { target, stream: packet.stream, bytes: packet.bytes })
    }

    fn poll_signal(&mut self) -> Option<ProcessPacket> {
        if self.pool.waits_for_key() {
            return None;
        }
        let waits: Vec<Target> = self.pool.targets_to_send().collect();
        let ready = |target: &Target, lane: &Lane| lane.wants_signal && lane.is_open && !waits.contains(target);
        let (target, lane) = self.lanes.iter_mut().find(|(target, lane)| ready(target, lane))?;
        lane.wants_signal = false;
        Some(ProcessPacket::Signal(*target))
    }

    /// Closes pipelines first, each when its data are sent and its signal is answered, and the pool last.
    fn poll_close(&mut self) -> Option<ProcessPacket> {
        let waits: Vec<Target> = self.pool.targets_to_send().collect();
        let pool_closes = self.lanes.get(&Target::Pool).is_some_and(|lane| lane.close != CloseStep::None);
        let mut ready: Vec<Target> = self
            .lanes
            .iter()
            .filter(|(target, lane)| {
                lane.close == CloseStep::Wanted
                    && !lane.awaits_signal_ack
                    && (pool_closes || !waits.contains(target))
                    && **target != Target::Pool
            })
            .map(|(target, _)| *target)
            .collect();
        ready.sort_by_key(|target| target.pipeline_id());
        let pool_ready = self.lanes.get(&Target::Pool).is_some_and(|lane| lane.close == CloseStep::Wanted);
        let target = ready.first().copied().or(pool_ready.then_some(Target::Pool))?;
        if let Some(lane) = self.lanes.get_mut(&target) {
            lane.close = CloseStep::Sent;
        }
        Some(ProcessPacket::Close(target))
    }

    /// Lines of the server's output that are no packets, such as a greeting.
    pub fn poll_noise(&mut self) -> Option<String> {
        self.noise.pop_front()
    }

    /// Takes a line of the server, without its line end.
    ///
    /// # Errors
    /// When the line is a broken packet, a packet that only clients send, or its data break the protocol.
    pub fn handle_line(&mut self, line: &str) -> Result<(), ProcessError> {
        if self.is_closed || line.trim().is_empty() {
            return Ok(());
        }
        if !line.trim_start().starts_with('<') {
            if self.noise.len() < NOISE_LINES_MAX {
                self.noise.push_back(line.chars().take(NOISE_CHARS_MAX).collect());
            }
            return Ok(());
        }
        match ProcessPacket::decode(line)? {
            ProcessPacket::Data { target, bytes, .. } => Ok(self.pool.handle_bytes(target, bytes)?),
            ProcessPacket::DataAck(target) => {
                if let Some(lane) = self.lanes.get_mut(&target) {
                    lane.awaits_ack = false;
                }
                Ok(())
            }
            ProcessPacket::CommandAck(target) => {
                if let Some(lane) = self.lanes.get_mut(&target) {
                    lane.is_open = true;
                }
                Ok(())
            }
            ProcessPacket::SignalAck(target) => {
                if let Some(lane) = self.lanes.get_mut(&target) {
                    lane.awaits_signal_ack = false;
                }
                Ok(())
            }
            ProcessPacket::CloseAck(Target::Pool) => {
                self.is_closed = true;
                self.pool.handle_closed();
                Ok(())
            }
            ProcessPacket::CloseAck(Target::Pipeline(id)) => {
                self.lanes.remove(&Target::Pipeline(id));
                self.pool.close_pipeline(id);
                Ok(())
            }
            ProcessPacket::Command(_) | ProcessPacket::Signal(_) | ProcessPacket::Close(_) => {
                Err(ProcessError::WrongSide)
            }
        }
    }

    /// Notes that the server's output has ended.
    ///
    /// # Errors
    /// When the pool was not closed before.
    pub fn handle_end(&mut self) -> Result<(), PsrpError> {
        if self.is_closed { Ok(()) } else { self.pool.handle_stream_end(Target::Pool) }
    }
}

const NOISE_LINES_MAX: usize = 100;
const NOISE_CHARS_MAX: usize = 1000;
