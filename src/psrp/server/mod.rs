//! The server role: a runspace pool and its pipelines as state machines without I/O ([MS-PSRP] 3.2).
//!
//! Whoever runs cmdlets takes events out of [`ServerPool::poll_event`] and answers with the `send_…` functions. Not here:
//! what cmdlets do, and shells, commands and acknowledgements of a carrier.

mod event;
mod receive;
mod send;

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use uuid::Uuid;

pub use event::ServerEvent;

use super::outbox::Outbox;
use super::{
    Defragmenter, FRAGMENT_BYTES_DEFAULT, InvocationState, PROTOCOL_2_3, Packet, Packing, PsrpError, ReceiveLimits,
    RunspacePoolState, StreamName, Target,
};
use crate::clixml::{Decoder, PsVersion, SessionKey};

/// How a server speaks.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// What we speak; a client's lower version is followed.
    pub protocol_version: PsVersion,
    /// Bytes of a fragment, with its header.
    pub fragment_bytes_max: usize,
    /// How fragments fill packets.
    pub packing: Packing,
    /// What the client may send.
    pub limits: ReceiveLimits,
    /// The session key, drawn by the caller; secrets are encrypted with it from the first message on.
    pub session_key: SessionKey,
}

impl ServerOptions {
    /// Protocol 2.3, whole fragments in packets.
    #[must_use]
    pub const fn new(session_key: SessionKey) -> Self {
        Self {
            protocol_version: PROTOCOL_2_3,
            fragment_bytes_max: FRAGMENT_BYTES_DEFAULT,
            packing: Packing::WholeFragments,
            limits: ReceiveLimits { object_bytes_max: Some(75 << 20), command_bytes_max: Some(500 << 20) },
            session_key,
        }
    }
}

/// A pipeline as the server sees it.
#[derive(Debug)]
struct Pipeline {
    state: InvocationState,
    input: Defragmenter,
    answers: Defragmenter,
    next_call_id: i64,
    has_host: bool,
}

impl Pipeline {
    fn new(limits: ReceiveLimits) -> Self {
        Self {
            state: InvocationState::NotStarted,
            input: Defragmenter::new(limits),
            answers: Defragmenter::new(limits),
            next_call_id: 1,
            has_host: false,
        }
    }
}

/// A runspace pool as the server sees it.
#[derive(Debug)]
pub struct ServerPool {
    options: ServerOptions,
    state: RunspacePoolState,
    /// The client's id; all zero until its first message.
    id: Uuid,
    negotiated: PsVersion,
    has_host: bool,
    next_call_id: i64,
    stream: Defragmenter,
    answers: Defragmenter,
    pipelines: HashMap<Uuid, Pipeline>,
    events: VecDeque<ServerEvent>,
    decoder: Decoder,
    outbox: Outbox,
    public_key: Option<rsa::RsaPublicKey>,
}

impl ServerPool {
    /// A pool that waits for a client.
    #[must_use]
    pub fn new(options: ServerOptions) -> Self {
        let pool_limits = ReceiveLimits { command_bytes_max: None, ..options.limits };
        Self {
            state: RunspacePoolState::BeforeOpen,
            id: Uuid::nil(),
            negotiated: options.protocol_version,
            has_host: false,
            next_call_id: 1,
            stream: Defragmenter::new(pool_limits),
            answers: Defragmenter::new(pool_limits),
            pipelines: HashMap::new(),
            events: VecDeque::new(),
            decoder: Decoder::default(),
            outbox: Outbox::new(options.fragment_bytes_max, options.packing),
            public_key: None,
            options,
        }
    }

    /// The pool's id, as the client gave it; all zero before that.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        self.id
    }

    /// State of the pool.
    #[must_use]
    pub const fn state(&self) -> RunspacePoolState {
        self.state
    }

    /// The negotiated protocol version; ours before the client has spoken.
    #[must_use]
    pub const fn protocol_version(&self) -> PsVersion {
        self.negotiated
    }

    /// State of a pipeline; `None` for one that is not there.
    #[must_use]
    pub fn pipeline_state(&self, pipeline: Uuid) -> Option<InvocationState> {
        self.pipelines.get(&pipeline).map(|pipeline| pipeline.state)
    }

    /// Whether the pipeline's client has a host, so that records are sent twice (see [`ServerPool::repeat_record`]).
    #[must_use]
    pub fn has_host(&self, pipeline: Uuid) -> bool {
        self.pipelines.get(&pipeline).is_some_and(|pipeline| pipeline.has_host)
    }

    /// Changes the size of fragments to come.
    pub fn set_fragment_bytes_max(&mut self, fragment_bytes_max: usize) {
        self.outbox.set_fragment_bytes_max(fragment_bytes_max);
    }

    /// Takes bytes that came on a stream of `target`, in order, cut anywhere. Bytes for an unknown pipeline begin one:
    /// the carrier has checked that its command exists.
    ///
    /// # Errors
    /// When the client breaks the protocol or a limit. The pipeline has failed then, or the pool is broken.
    pub fn handle_bytes(&mut self, target: Target, stream: StreamName, bytes: Bytes) -> Result<(), PsrpError> {
        let result = self.receive(target, stream, bytes);
        if result.is_err() {
            match target {
                Target::Pool => self.state = RunspacePoolState::Broken,
                Target::Pipeline(id) => {
                    if let Some(pipeline) = self.pipelines.get_mut(&id) {
                        pipeline.state = InvocationState::Failed;
                    }
                }
            }
        }
        result
    }

    /// The next thing that happened.
    pub fn poll_event(&mut self) -> Option<ServerEvent> {
        self.events.pop_front()
    }

    /// The next bytes to send for `target`, at most `room_bytes` of them.
    pub fn poll_send(&mut self, target: Target, room_bytes: usize) -> Option<Packet> {
        self.outbox.take(target, room_bytes)
    }

    /// Bytes of the fragment that [`ServerPool::poll_send`] would begin with, for a carrier that does not cut fragments.
    #[must_use]
    pub fn next_fragment_bytes(&self, target: Target) -> Option<usize> {
        self.outbox.next_fragment_bytes(target)
    }

    /// Targets for which [`ServerPool::poll_send`] has something, longest waiting first.
    pub fn targets_to_send(&self) -> impl Iterator<Item = Target> {
        self.outbox.targets()
    }

    /// Forgets a pipeline and what waits to be sent for it.
    pub fn close_pipeline(&mut self, pipeline: Uuid) {
        self.pipelines.remove(&pipeline);
        self.outbox.forget(Target::Pipeline(pipeline));
    }

    /// Pipelines that are not closed.
    pub fn pipelines(&self) -> impl Iterator<Item = Uuid> {
        self.pipelines.keys().copied()
    }
}
