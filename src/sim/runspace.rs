//! One session's runspace pool: takes the client's messages, runs its pipelines on threads, and buffers what they say.
//!
//! The carrier (`endpoint` over HTTP) brings and fetches bytes; a pipeline whose buffer is full waits until somebody fetches.

mod pipeline;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;
use uuid::Uuid;

use super::SimUser;
use super::cmdlet::CommandSet;
use super::counters::Tally;
use super::simulator::Site;
use crate::clixml::{PsValue, PsVersion, SessionKey};
use crate::psrp::{
    Availability, ErrorCategory, ErrorRecord, HostResponse, InvocationState, Packing, PoolRequest, PsrpError,
    ServerEvent, ServerOptions, ServerPool, StreamName, Target, VersionTable,
};

/// A runspace pool with its pipelines.
pub(crate) struct Runspace {
    site: Arc<Site>,
    user: SimUser,
    commands: Arc<CommandSet>,
    full: bool,
    inner: Mutex<Inner>,
    /// Pipelines wait here: for room, for input, for answers, for their turn.
    news: Condvar,
    /// Receives wait here.
    output: Notify,
}

struct Inner {
    pool: ServerPool,
    running: HashMap<Uuid, Running>,
    max_runspaces: usize,
    busy: usize,
    closed: bool,
    refusal: Option<ErrorRecord>,
    /// The next pipeline is throttled for so long.
    delay: Option<Duration>,
}

/// A pipeline that was created and not yet closed.
#[derive(Default)]
struct Running {
    /// Bytes of output that nobody has fetched yet.
    queued: usize,
    stop: bool,
    input: VecDeque<PsValue>,
    input_ended: bool,
    answers: VecDeque<HostResponse>,
    /// Whether its final state is in the buffer.
    finished: bool,
}

/// What a Receive gets.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) fragments: Vec<Bytes>,
    /// Whether nothing more will come.
    pub(crate) done: bool,
}

/// What a carrier and its client have settled before the first message.
pub(crate) struct Terms {
    /// The newest version of the protocol that is spoken.
    pub(crate) protocol: PsVersion,
    /// Fragments are so small that one fits into an envelope with that much room.
    pub(crate) envelope_bytes: usize,
    /// Whether values of Exchange's types travel as objects instead of texts.
    pub(crate) full: bool,
}

impl Runspace {
    /// A pool that waits for its client's first message; with `refusal` it will be told to go.
    pub(crate) fn new(site: Arc<Site>, user: SimUser, terms: &Terms, refusal: Option<ErrorRecord>) -> Arc<Self> {
        let key: [u8; 32] = rand::random();
        let mut options = ServerOptions::new(SessionKey::new(key));
        options.protocol_version = terms.protocol;
        options.fragment_bytes_max = options.fragment_bytes_max.min((terms.envelope_bytes - ELEMENT_BYTES) / 4 * 3);
        options.packing = Packing::OneFragment;
        let commands = Arc::new(match &site.options.canned {
            Some(objects) => CommandSet::canned(objects),
            None => CommandSet::of(site.options.release, &user.role_groups),
        });
        let inner = Inner {
            pool: ServerPool::new(options),
            running: HashMap::new(),
            max_runspaces: 1,
            busy: 0,
            closed: false,
            refusal,
            delay: None,
        };
        let (inner, full) = (Mutex::new(inner), terms.full);
        Arc::new(Self { site, user, commands, full, inner, news: Condvar::new(), output: Notify::new() })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes bytes of the client and does what they ask.
    pub(crate) fn handle(self: &Arc<Self>, target: Target, stream: StreamName, bytes: Bytes) -> Result<(), PsrpError> {
        let mut inner = self.lock();
        let result = inner.pool.handle_bytes(target, stream, bytes);
        while let Some(event) = inner.pool.poll_event() {
            self.event(&mut inner, event)?;
        }
        drop(inner);
        self.news.notify_all();
        self.output.notify_waiters();
        result
    }

    fn event(self: &Arc<Self>, inner: &mut Inner, event: ServerEvent) -> Result<(), PsrpError> {
        match event {
            ServerEvent::OpenRequested(request) => return self.open(inner, &request),
            ServerEvent::PipelineCreated { pipeline, spec } => {
                inner.running.insert(pipeline, Running::default());
                self.start(pipeline, pipeline::Job::Commands(spec));
            }
            ServerEvent::MetadataRequested { pipeline, query } => {
                inner.running.insert(pipeline, Running::default());
                self.start(pipeline, pipeline::Job::Metadata(query));
            }
            ServerEvent::Input { pipeline, value } => {
                if let Some(running) = inner.running.get_mut(&pipeline) {
                    running.input.push_back(value);
                }
            }
            ServerEvent::InputEnded { pipeline } => {
                if let Some(running) = inner.running.get_mut(&pipeline) {
                    running.input_ended = true;
                }
            }
            ServerEvent::HostResponse { pipeline, response } => {
                if let Some(running) = pipeline.and_then(|id| inner.running.get_mut(&id)) {
                    running.answers.push_back(response);
                }
            }
            ServerEvent::PublicKeyReceived => return inner.pool.answer_public_key(&mut rand::thread_rng()),
            ServerEvent::SetMaxRunspaces { call_id, max_runspaces } => {
                let fits = usize::try_from(max_runspaces).ok().filter(|max| (1..=16).contains(max));
                inner.max_runspaces = fits.unwrap_or(inner.max_runspaces);
                return inner.pool.send_availability(call_id, Availability::Accepted(fits.is_some()));
            }
            ServerEvent::SetMinRunspaces { call_id, min_runspaces } => {
                let fits = usize::try_from(min_runspaces).is_ok_and(|min| (1..=inner.max_runspaces).contains(&min));
                return inner.pool.send_availability(call_id, Availability::Accepted(fits));
            }
            ServerEvent::AvailabilityAsked { call_id } => {
                let free = inner.max_runspaces.saturating_sub(inner.busy);
                return inner.pool.send_availability(call_id, Availability::Count(free as i64));
            }
            ServerEvent::ResetRequested { call_id } => {
                return inner.pool.send_availability(call_id, Availability::Accepted(true));
            }
            ServerEvent::CloseRequested => inner.closed = true,
        }
        Ok(())
    }

    fn open(&self, inner: &mut Inner, request: &PoolRequest) -> Result<(), PsrpError> {
        if let Some(refusal) = inner.refusal.take() {
            return inner.pool.refuse(&refusal);
        }
        inner.max_runspaces = usize::try_from(request.max_runspaces).unwrap_or(1).clamp(1, 16);
        inner.pool.accept(VersionTable::desktop_5_1().to_dictionary(Vec::new()))
    }

    /// Starts a pipeline's thread. A thread a pipeline: cmdlets may wait, for room or for an answer.
    fn start(self: &Arc<Self>, id: Uuid, job: pipeline::Job) {
        Tally::add(&self.site.tally.pipelines_started);
        let own = Arc::clone(self);
        let started = std::thread::Builder::new().name("sim pipeline".to_owned()).spawn(move || own.run(id, job));
        if started.is_err() {
            self.stop(id);
        }
    }

    /// Up to about `room` bytes, as base64 text, of what waits for the client.
    pub(crate) fn take(&self, target: Target, room: usize) -> Taken {
        let mut inner = self.lock();
        let mut taken = Taken::default();
        let mut left = room;
        while let Some(bytes) = inner.pool.next_fragment_bytes(target) {
            // Some clients cannot join a fragment that was cut, so only one that is too large for any envelope is.
            let fits = element_bytes(bytes) <= left;
            if !fits && (!taken.fragments.is_empty() || left <= element_bytes(64)) {
                break;
            }
            let Some(packet) = inner.pool.poll_send(target, (left - ELEMENT_BYTES) / 4 * 3) else { break };
            left = left.saturating_sub(element_bytes(packet.bytes.len()));
            taken.fragments.push(packet.bytes);
        }
        let empty = inner.pool.next_fragment_bytes(target).is_none();
        let fetched: usize = taken.fragments.iter().map(Bytes::len).sum();
        match target {
            Target::Pool => taken.done = inner.closed,
            Target::Pipeline(id) => match inner.running.get_mut(&id) {
                Some(running) => {
                    running.queued = if empty { 0 } else { running.queued.saturating_sub(fetched) };
                    taken.done = running.finished && empty;
                }
                None => taken.done = true,
            },
        }
        drop(inner);
        self.news.notify_all();
        taken
    }

    /// Waits until something may have changed for a Receive.
    pub(crate) fn output(&self) -> &Notify {
        &self.output
    }

    /// Throttles the next pipeline.
    pub(crate) fn delay_next(&self, delay: Duration) {
        self.lock().delay = Some(delay);
    }

    /// Asks a pipeline to stop.
    pub(crate) fn stop(&self, pipeline: Uuid) {
        let mut inner = self.lock();
        if let Some(running) = inner.running.get_mut(&pipeline) {
            running.stop = true;
        }
        drop(inner);
        self.news.notify_all();
    }

    /// Ends a pipeline: what waits of it is forgotten.
    pub(crate) fn close_pipeline(&self, pipeline: Uuid) {
        let mut inner = self.lock();
        inner.running.remove(&pipeline);
        inner.pool.close_pipeline(pipeline);
        drop(inner);
        self.news.notify_all();
        self.output.notify_waiters();
    }

    /// Ends a pipeline whose client broke the protocol, and tells it why; the pool goes on.
    pub(crate) fn fail(&self, pipeline: Uuid, problem: &PsrpError) {
        let reason = ErrorRecord::with_exception(
            &["System.Management.Automation.Remoting.PSRemotingDataStructureException"],
            &problem.to_string(),
            "PSRemotingDataStructureException",
            ErrorCategory::InvalidData,
        );
        let mut inner = self.lock();
        // One that is closed already concerns nobody.
        let _ = inner.pool.send_pipeline_failure(pipeline, &reason);
        if let Some(running) = inner.running.get_mut(&pipeline) {
            running.stop = true;
            running.finished = true;
        }
        drop(inner);
        self.news.notify_all();
        self.output.notify_waiters();
    }

    /// Tells that the pool is closing and closed, for carriers whose clients wait for it.
    pub(crate) fn tell_closed(&self) {
        // Nobody is there to be told of a pool that never opened.
        let _ = self.lock().pool.send_closed();
    }

    /// Ends the pool and all its pipelines.
    pub(crate) fn close(&self) {
        let mut inner = self.lock();
        inner.closed = true;
        for running in inner.running.values_mut() {
            running.stop = true;
        }
        inner.running.clear();
        drop(inner);
        self.news.notify_all();
        self.output.notify_waiters();
    }

    /// Tells a pipeline's final state.
    fn finish(&self, id: Uuid, state: InvocationState, reason: Option<&ErrorRecord>) {
        let counter = match state {
            InvocationState::Stopped => &self.site.tally.pipelines_stopped,
            _ => &self.site.tally.pipelines_finished,
        };
        let mut inner = self.lock();
        if inner.running.contains_key(&id) {
            // The pipeline may have failed already, when its client broke the protocol.
            let _ = inner.pool.send_pipeline_state(id, state, reason);
        }
        if let Some(running) = inner.running.get_mut(&id) {
            running.finished = true;
        }
        drop(inner);
        Tally::add(counter);
        self.news.notify_all();
        self.output.notify_waiters();
    }
}

/// What a Stream element costs beside its bytes.
const ELEMENT_BYTES: usize = 160;

/// What a fragment costs in an envelope.
fn element_bytes(fragment: usize) -> usize {
    fragment.div_ceil(3) * 4 + ELEMENT_BYTES
}

/// Exchange's refusal of one session too many: the pool is Broken, with this reason.
pub(crate) fn too_many_sessions(allowed: usize) -> ErrorRecord {
    let message = format!(
        "Fail to create a runspace because you have exceeded the maximum number of connections allowed : {allowed} for \
         the policy party : MaxConcurrency. Please close existing runspace and try again."
    );
    ErrorRecord::with_exception(
        &["Microsoft.Exchange.Configuration.Authorization.OverBudgetException"],
        &message,
        "OverBudgetException",
        ErrorCategory::NotSpecified,
    )
}
