//! The client role: a runspace pool and its pipelines as state machines without I/O ([MS-PSRP] 3.1).
//!
//! Bytes of the server go into [`ClientPool::handle_bytes`], events come out of [`ClientPool::poll_event`], bytes for
//! the server out of [`ClientPool::poll_send`]. Not here: shells, commands and acknowledgements of a carrier.

mod event;
mod machine;
mod receive;
mod secret;
mod send;

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use uuid::Uuid;

pub use event::{Availability, ClientEvent, UserEvent};

use self::machine::PoolInput;
use self::secret::KeyState;
use super::outbox::Outbox;
use super::{
    Defragmenter, FRAGMENT_BYTES_DEFAULT, HostInfo, InvocationState, PROTOCOL_2_3, Packet, Packing, PoolRequest,
    PsrpError, ReceiveLimits, RunspacePoolState, Target,
};
use crate::clixml::{Decoder, PsValue, PsVersion};

/// How a pool shall be opened.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// The pool's id, drawn by the caller.
    pub id: Uuid,
    /// What is asked of the server.
    pub request: PoolRequest,
    /// What we speak: 2.3, or 2.4 where the carrier is encrypted and both ends are new.
    pub protocol_version: PsVersion,
    /// Bytes of a fragment, with its header.
    pub fragment_bytes_max: usize,
    /// How fragments fill packets.
    pub packing: Packing,
    /// What the server may send.
    pub limits: ReceiveLimits,
}

impl PoolOptions {
    /// One runspace, protocol 2.3, no host, no application arguments.
    #[must_use]
    pub const fn new(id: Uuid) -> Self {
        Self {
            id,
            request: PoolRequest {
                min_runspaces: 1,
                max_runspaces: 1,
                thread_options: 0,
                apartment_state: super::ApartmentState::UNKNOWN,
                host_info: HostInfo::absent(),
                application_arguments: PsValue::Null,
            },
            protocol_version: PROTOCOL_2_3,
            fragment_bytes_max: FRAGMENT_BYTES_DEFAULT,
            packing: Packing::Stream,
            limits: ReceiveLimits { object_bytes_max: Some(200 * 1024 * 1024), command_bytes_max: None },
        }
    }
}

/// A pipeline as the client sees it.
#[derive(Debug)]
struct Pipeline {
    state: InvocationState,
    stream: Defragmenter,
    has_input: bool,
    input_ended: bool,
    stop_asked: bool,
    /// Text of the record that came last, which a host call may repeat.
    last_text: Option<crate::clixml::PsString>,
}

/// A runspace pool as the client sees it.
///
/// ```
/// use exsh::psrp::{ClientPool, PoolOptions, RunspacePoolState, Target};
/// let mut pool = ClientPool::new(PoolOptions::new(uuid::Uuid::from_u128(7)));
/// pool.open()?;
/// let packet = pool.poll_send(Target::Pool, 32_768).expect("the opening messages");
/// assert_eq!(&packet.bytes[..8], [0, 0, 0, 0, 0, 0, 0, 1]); // object 1: SESSION_CAPABILITY
/// assert_eq!(pool.state(), RunspacePoolState::NegotiationSent);
/// # Ok::<(), exsh::psrp::PsrpError>(())
/// ```
#[derive(Debug)]
pub struct ClientPool {
    options: PoolOptions,
    state: RunspacePoolState,
    /// The lower of both ends' versions; ours until the server has spoken.
    negotiated: PsVersion,
    /// Which fields the server knows.
    server_version: PsVersion,
    private_data: Option<PsValue>,
    stream: Defragmenter,
    pipelines: HashMap<Uuid, Pipeline>,
    events: VecDeque<ClientEvent>,
    decoder: Decoder,
    outbox: Outbox,
    key: KeyState,
    held: secret::Held,
    open_host_calls: Vec<(Option<Uuid>, i64)>,
    next_call_id: i64,
}

impl ClientPool {
    /// A pool that has sent nothing yet.
    #[must_use]
    pub fn new(options: PoolOptions) -> Self {
        Self {
            state: RunspacePoolState::BeforeOpen,
            negotiated: options.protocol_version,
            server_version: options.protocol_version,
            private_data: None,
            // The pool's own stream has no limit of all data, as in PowerShell.
            stream: Defragmenter::new(ReceiveLimits { command_bytes_max: None, ..options.limits }),
            pipelines: HashMap::new(),
            events: VecDeque::new(),
            decoder: Decoder::default(),
            outbox: Outbox::new(options.fragment_bytes_max, options.packing),
            key: KeyState::default(),
            held: secret::Held::default(),
            open_host_calls: Vec::new(),
            next_call_id: 1,
            options,
        }
    }

    /// The pool's id.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        self.options.id
    }

    /// State of the pool.
    #[must_use]
    pub const fn state(&self) -> RunspacePoolState {
        self.state
    }

    /// The negotiated protocol version; ours before the server has spoken.
    #[must_use]
    pub const fn protocol_version(&self) -> PsVersion {
        self.negotiated
    }

    /// The server's private data, once it has come.
    #[must_use]
    pub const fn private_data(&self) -> Option<&PsValue> {
        self.private_data.as_ref()
    }

    /// State of a pipeline; `None` for one that was never created or was closed.
    #[must_use]
    pub fn pipeline_state(&self, pipeline: Uuid) -> Option<InvocationState> {
        self.pipelines.get(&pipeline).map(|pipeline| pipeline.state)
    }

    /// Changes the size of fragments to come, for example when the server allows larger envelopes.
    pub fn set_fragment_bytes_max(&mut self, fragment_bytes_max: usize) {
        self.outbox.set_fragment_bytes_max(fragment_bytes_max);
    }

    /// Takes bytes that came on the stream of `target`, in order, cut anywhere. Gives no event itself.
    ///
    /// A message in one fragment is decoded in place. On an error the pipeline has failed, or the pool is broken
    /// (then every pipeline has failed, with an event for each).
    ///
    /// # Errors
    /// When the server breaks the protocol or a limit.
    pub fn handle_bytes(&mut self, target: Target, bytes: Bytes) -> Result<(), PsrpError> {
        let result = self.receive(target, bytes);
        if let Err(error) = &result {
            self.fail(target, error);
        }
        result
    }

    /// Notes that nothing more will come on the stream of `target`.
    ///
    /// # Errors
    /// When an object is unfinished or the end of the pipeline or pool had not been told.
    pub fn handle_stream_end(&mut self, target: Target) -> Result<(), PsrpError> {
        let missing = match target {
            Target::Pool if self.state.is_final() => None,
            Target::Pool if self.state == RunspacePoolState::Closing => {
                self.end_pool(RunspacePoolState::Closed, None);
                None
            }
            Target::Pool if !self.stream.is_idle() => Some("the end of an object"),
            Target::Pool => Some("the runspace pool was closed"),
            Target::Pipeline(id) => match self.pipelines.get(&id) {
                None => None,
                Some(pipeline) if pipeline.state.is_final() => None,
                Some(pipeline) if !pipeline.stream.is_idle() => Some("the end of an object"),
                Some(_) => Some("the pipeline's state"),
            },
        };
        let Some(missing) = missing else { return Ok(()) };
        let error = PsrpError::StreamEnded { target, missing };
        self.fail(target, &error);
        Err(error)
    }

    /// The next thing that happened.
    pub fn poll_event(&mut self) -> Option<ClientEvent> {
        self.events.pop_front()
    }

    /// The next bytes to send for `target`, at most `room_bytes` of them; answers of the host come first.
    pub fn poll_send(&mut self, target: Target, room_bytes: usize) -> Option<Packet> {
        self.outbox.take(target, room_bytes)
    }

    /// Targets for which [`ClientPool::poll_send`] has something, longest waiting first.
    pub fn targets_to_send(&self) -> impl Iterator<Item = Target> {
        self.outbox.targets()
    }

    /// Whether messages wait for the session key.
    #[must_use]
    pub fn waits_for_key(&self) -> bool {
        !self.held.is_empty()
    }

    /// Marks a pipeline as being stopped; true when the carrier has to signal it. Whatever end follows counts as Stopped.
    ///
    /// # Errors
    /// When there is no such pipeline.
    pub fn stop(&mut self, pipeline: Uuid) -> Result<bool, PsrpError> {
        let found = self.pipelines.get_mut(&pipeline).ok_or(PsrpError::UnknownPipeline { pipeline })?;
        if found.state.is_final() || found.stop_asked {
            return Ok(false);
        }
        found.stop_asked = true;
        found.state = InvocationState::Stopping;
        Ok(true)
    }

    /// Ends a pipeline for a reason outside the protocol, such as a fault of the carrier. Gives no event.
    pub fn fail_pipeline(&mut self, pipeline: Uuid) {
        if let Some(found) = self.pipelines.get_mut(&pipeline).filter(|found| !found.state.is_final()) {
            found.state = if found.stop_asked { InvocationState::Stopped } else { InvocationState::Failed };
        }
        self.outbox.forget(Target::Pipeline(pipeline));
    }

    /// Forgets a pipeline. Data that still comes for it is dropped, as it is for every unknown pipeline.
    pub fn close_pipeline(&mut self, pipeline: Uuid) {
        self.pipelines.remove(&pipeline);
        self.open_host_calls.retain(|(owner, _)| *owner != Some(pipeline));
        self.held.forget(Target::Pipeline(pipeline));
        self.outbox.forget(Target::Pipeline(pipeline));
    }

    /// Begins to close the pool: the carrier closes or deletes it next.
    pub fn close(&mut self) {
        if let Ok(state) = machine::next(self.state, PoolInput::Close) {
            self.state = state;
        }
    }

    /// Notes that the carrier has closed the pool. Pipelines that still ran have stopped.
    pub fn handle_closed(&mut self) {
        self.end_pool(RunspacePoolState::Closed, None);
    }

    /// Ends the pool for a reason outside the protocol, such as a fault of the carrier.
    pub fn handle_broken(&mut self) {
        self.end_pool(RunspacePoolState::Broken, None);
    }
}
