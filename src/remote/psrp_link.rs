//! A session over a runspace pool: drives the pool's state machine with what the carrier brings and takes.
//!
//! One loop receives for the pool as long as it lives, one for each pipeline; one sender at a time for each target.
//! What bytes mean is `psrp`'s business, how they travel the carrier's.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::phase::{Life, end_of_pipeline, key_pair};
use super::pipeline::{Pipeline, PipelineControl};
use super::running::{Batch, Running};
use super::session::{BoxFuture, Link, not_open};
use super::wsman_carrier::WsmanCarrier;
use super::{Availability, RemoteError, SessionInfo, SessionObserver};
use crate::clixml::{PsValue, PsVersion};
use crate::psrp::{
    ClientEvent, ClientPool, CommandQuery, HostCall, PipelineSpec, Record, RunspacePoolState, StreamName, Target,
};
use crate::wsman::{Received, STOP_SIGNAL};

/// How long closing waits for running pipelines to take notice before it removes the shell under them.
const STOP_BEFORE_CLOSE_MAX: Duration = Duration::from_secs(5);
/// From this protocol version on, servers take large envelopes.
const LARGE_ENVELOPES_SINCE: PsVersion = PsVersion::new(2, 2);

/// What stays the same for the life of a session.
pub(super) struct Identity {
    pub(super) id: u32,
    pub(super) name: String,
    pub(super) instance_id: Uuid,
    pub(super) user: String,
    pub(super) configuration: String,
}

/// A session over a runspace pool.
pub(super) struct PsrpLink {
    pub(super) identity: Identity,
    pub(super) carrier: WsmanCarrier,
    observer: Arc<dyn SessionObserver>,
    runtime: runtime::Handle,
    pool: Mutex<ClientPool>,
    pipelines: Mutex<HashMap<Uuid, Arc<Pipeline>>>,
    /// Targets that somebody is sending for.
    senders: Mutex<HashSet<Target>>,
    host_calls: mpsc::UnboundedSender<(Option<Uuid>, HostCall)>,
    pub(super) life: Life,
    /// Ends every loop.
    gone: CancellationToken,
    tasks: TaskTracker,
    removed: tokio::sync::Mutex<bool>,
}

impl PsrpLink {
    /// A session whose shell was just created; starts to receive and to send for the pool.
    pub(super) fn start_up(
        identity: Identity,
        carrier: WsmanCarrier,
        pool: ClientPool,
        observer: Arc<dyn SessionObserver>,
    ) -> Arc<Self> {
        let (host_calls, calls) = mpsc::unbounded_channel();
        let link = Arc::new(Self {
            identity,
            carrier,
            observer,
            runtime: runtime::Handle::current(),
            pool: Mutex::new(pool),
            pipelines: Mutex::default(),
            senders: Mutex::default(),
            host_calls,
            life: Life::new(),
            gone: CancellationToken::new(),
            tasks: TaskTracker::new(),
            removed: tokio::sync::Mutex::new(false),
        });
        link.spawn(Arc::clone(&link).answer_host_calls(calls));
        link.spawn(Arc::clone(&link).receive_for_pool());
        link.send_what_waits();
        link
    }

    /// Runs until it ends or the session is gone.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let gone = self.gone.clone();
        self.tasks.spawn_on(async move { gone.run_until_cancelled_owned(work).await.unwrap_or(()) }, &self.runtime);
    }

    pub(super) fn pool(&self) -> MutexGuard<'_, ClientPool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pipelines(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Pipeline>>> {
        self.pipelines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, pipeline: Uuid) -> Option<Arc<Pipeline>> {
        self.pipelines().get(&pipeline).cloned()
    }

    pub(super) fn forget(&self, pipeline: Uuid) {
        self.pool().close_pipeline(pipeline);
        let forgotten = self.pipelines().remove(&pipeline);
        // only the first end counts; one that a closing session has not told yet must not be lost
        if let Some(forgotten) = forgotten {
            forgotten.queue.finish(Err(self.why_it_ends()));
            forgotten.note_end();
        }
    }

    // ---- receiving ----

    async fn receive_for_pool(self: Arc<Self>) {
        let mut next = self.receive_soon(None);
        loop {
            match next.await {
                Ok(Ok(received)) => {
                    let again = self.receive_soon(None);
                    if let Err(problem) = self.feed(Target::Pool, received) {
                        return self.break_up(problem);
                    }
                    next = again;
                }
                Ok(Err(problem)) => return self.break_up(problem),
                Err(_) => return, // the runtime is shutting down
            }
        }
    }

    /// A Receive on its way; what came before can be decoded meanwhile.
    pub(super) fn receive_soon(
        self: &Arc<Self>,
        pipeline: Option<&Arc<Pipeline>>,
    ) -> tokio::task::JoinHandle<Result<Received, RemoteError>> {
        let link = Arc::clone(self);
        let command = pipeline.and_then(|pipeline| pipeline.command());
        let gone = self.gone.clone();
        self.tasks.spawn_on(
            async move {
                let received = gone.run_until_cancelled_owned(link.carrier.receive(command.as_ref())).await;
                received.unwrap_or_else(|| Err(link.why_it_ends()))
            },
            &self.runtime,
        )
    }

    /// Gives received bytes to the pool and tells everybody concerned what happened.
    pub(super) fn feed(self: &Arc<Self>, own: Target, received: Received) -> Result<(), RemoteError> {
        let mut bytes = 0;
        let mut result = Ok(());
        let chunks: Vec<(Target, Bytes)> = received
            .streams
            .into_iter()
            .filter_map(|chunk| {
                // a server may send bytes of another command along; its id says whose they are
                let target = match chunk.command.as_ref().and_then(|command| self.target_of(command)) {
                    Some(target) => target,
                    None if chunk.command.is_none() || matches!(own, Target::Pipeline(_)) => own,
                    None => return None,
                };
                Some((target, chunk.data))
            })
            .collect();
        // whoever waits for records is woken once, not for each of them
        let events: Vec<ClientEvent> = {
            let mut pool = self.pool();
            for (target, data) in chunks {
                bytes += data.len();
                let handled = pool.handle_bytes(target, data);
                if target == own {
                    result = result.and(handled);
                }
            }
            std::iter::from_fn(|| pool.poll_event()).collect()
        };
        self.dispatch(events, bytes);
        self.send_what_waits();
        result.map_err(|problem| self.stream_problem(problem))
    }

    fn stream_problem(&self, problem: crate::psrp::PsrpError) -> RemoteError {
        RemoteError::Stream { host: self.carrier.host().to_owned(), problem: Arc::new(problem) }
    }

    fn target_of(&self, command: &crate::wsman::CommandId) -> Option<Target> {
        let pipelines = self.pipelines();
        pipelines
            .iter()
            .find(|(_, pipeline)| pipeline.command().as_ref() == Some(command))
            .map(|(id, _)| Target::Pipeline(*id))
    }

    /// Nothing more comes on the stream of a pipeline.
    pub(super) fn end_of_stream(self: &Arc<Self>, pipeline: Uuid) -> Result<(), RemoteError> {
        let (handled, events) = {
            let mut pool = self.pool();
            let handled = pool.handle_stream_end(Target::Pipeline(pipeline));
            (handled, std::iter::from_fn(|| pool.poll_event()).collect::<Vec<_>>())
        };
        self.dispatch(events, 0);
        handled.map_err(|problem| self.stream_problem(problem))
    }

    fn dispatch(self: &Arc<Self>, events: Vec<ClientEvent>, bytes: usize) {
        let mut records: Vec<Record> = Vec::new();
        let mut owner = None;
        let mut bytes = bytes;
        for event in events {
            match event {
                ClientEvent::Record { pipeline: Some(id), record } => {
                    if owner != Some(id) {
                        self.deliver(owner, &mut records, &mut bytes);
                        owner = Some(id);
                    }
                    records.push(record);
                }
                other => {
                    self.deliver(owner, &mut records, &mut bytes);
                    self.dispatch_one(other);
                }
            }
        }
        self.deliver(owner, &mut records, &mut bytes);
    }

    fn deliver(&self, owner: Option<Uuid>, records: &mut Vec<Record>, bytes: &mut usize) {
        if records.is_empty() {
            return;
        }
        let batch = Batch { records: std::mem::take(records), bytes: std::mem::take(bytes) };
        if let Some(pipeline) = owner.and_then(|id| self.find(id)) {
            pipeline.queue.push(batch);
        }
    }

    fn dispatch_one(self: &Arc<Self>, event: ClientEvent) {
        match event {
            ClientEvent::Negotiated { protocol } if protocol >= LARGE_ENVELOPES_SINCE => {
                self.carrier.allow_large_envelopes();
            }
            ClientEvent::PoolState { state, reason } => self.pool_state(state, reason),
            ClientEvent::PipelineState { pipeline, state, reason } => {
                if let Some(found) = self.find(pipeline).filter(|_| state.is_final()) {
                    let stopped = found.stop_was_asked();
                    found.note_outcome(end_of_pipeline(state, reason, stopped, &self.identity.name, self.loss()));
                }
            }
            ClientEvent::Record { pipeline: None, record: Record::Warning(warning) } => {
                self.observer.warning(&warning.message.to_text());
            }
            ClientEvent::KeyNeeded => self.provide_key(),
            // what is only said is said before the pipeline that says it ends
            ClientEvent::HostCall { call, repeats_record: false, .. } if !call.wants_answer() => {
                let _ = self.observer.host_call(&call);
            }
            ClientEvent::HostCall { pipeline, call, repeats_record: false } => {
                // the receiver lives as long as the session; then nobody waits for an answer
                let _ = self.host_calls.send((pipeline, call));
            }
            _ => {} // pool sizes, availability and forwarded events concern nobody here
        }
    }

    fn pool_state(self: &Arc<Self>, state: RunspacePoolState, reason: Option<Box<crate::psrp::ErrorRecord>>) {
        match state {
            RunspacePoolState::Opened => self.life.opened(),
            RunspacePoolState::Broken | RunspacePoolState::Closed => {
                self.break_up(RemoteError::OpenRefused { host: self.carrier.host().to_owned(), record: reason });
            }
            _ => {}
        }
    }

    // ---- sending ----

    /// Sees to it that everything the pool has to say is being sent, one request at a time for each target.
    pub(super) fn send_what_waits(self: &Arc<Self>) {
        // an answer or an input object that is secret asks for the session key
        let events: Vec<ClientEvent> = {
            let mut pool = self.pool();
            std::iter::from_fn(|| pool.poll_event()).collect()
        };
        self.dispatch(events, 0);
        let waiting: Vec<Target> = self.pool().targets_to_send().collect();
        for target in waiting {
            let ready = match target {
                Target::Pool => true,
                Target::Pipeline(id) => self.find(id).is_some_and(|pipeline| {
                    pipeline.may_begin.notify_one();
                    pipeline.command().is_some()
                }),
            };
            if ready && self.senders.lock().unwrap_or_else(PoisonError::into_inner).insert(target) {
                let link = Arc::clone(self);
                self.spawn(async move {
                    if let Err(problem) = link.send_all(target).await {
                        link.senders.lock().unwrap_or_else(PoisonError::into_inner).remove(&target);
                        link.fail(target, problem);
                    }
                });
            }
        }
    }

    async fn send_all(&self, target: Target) -> Result<(), RemoteError> {
        loop {
            let packet = {
                let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
                let packet = self.pool().poll_send(target, self.carrier.room());
                if packet.is_none() {
                    senders.remove(&target);
                }
                packet
            };
            let Some(packet) = packet else {
                if let Target::Pipeline(id) = target
                    && let Some(pipeline) = self.find(id)
                {
                    pipeline.note_sent();
                }
                return Ok(());
            };
            let command = match target {
                Target::Pool => None,
                Target::Pipeline(id) => match self.find(id).and_then(|pipeline| pipeline.command()) {
                    Some(command) => Some(command),
                    None => return Ok(()), // it has ended; nobody waits for these bytes
                },
            };
            let stream = match packet.stream {
                StreamName::Default => "stdin",
                StreamName::PromptResponse => "pr",
            };
            self.carrier.send(command.as_ref(), stream, &packet.bytes).await?;
        }
    }

    fn fail(self: &Arc<Self>, target: Target, problem: RemoteError) {
        match target {
            Target::Pool => self.break_up(problem),
            Target::Pipeline(id) => self.fail_pipeline(id, problem),
        }
    }

    /// One pipeline failed for a reason of the carrier; a dead shell or a broken connection takes the session along.
    pub(super) fn fail_pipeline(self: &Arc<Self>, id: Uuid, problem: RemoteError) {
        let session_wide = match &problem {
            RemoteError::Fault { fault, .. } => !super::wsman_carrier::ends_command_only(fault),
            RemoteError::Stream { .. } => false,
            _ => true,
        };
        if session_wide {
            return self.break_up(problem);
        }
        self.pool().fail_pipeline(id);
        if let Some(pipeline) = self.find(id) {
            pipeline.queue.finish(Err(problem));
            pipeline.note_end();
        }
    }

    // ---- host and key ----

    async fn answer_host_calls(self: Arc<Self>, mut calls: mpsc::UnboundedReceiver<(Option<Uuid>, HostCall)>) {
        while let Some((pipeline, call)) = calls.recv().await {
            let observer = Arc::clone(&self.observer);
            let (call_id, method, wants_answer) = (call.call_id, call.method, call.wants_answer());
            let Ok(reply) = tokio::task::spawn_blocking(move || observer.host_call(&call)).await else { continue };
            if wants_answer {
                // an answer for a pipeline that has ended meanwhile concerns nobody
                let _ = self.pool().respond_host_call(pipeline, call_id, method, reply);
                self.send_what_waits();
            }
        }
    }

    fn provide_key(self: &Arc<Self>) {
        let link = Arc::clone(self);
        self.spawn(async move {
            match key_pair().await {
                Ok(key) => {
                    link.pool().provide_key(key);
                    link.send_what_waits();
                }
                Err(problem) => link.break_up(problem),
            }
        });
    }

    // ---- the end ----

    /// The session is lost: everything that runs on it ends with the reason. Only the first loss counts.
    pub(super) fn break_up(self: &Arc<Self>, problem: RemoteError) {
        if !self.life.broken(&problem) {
            return;
        }
        self.pool().handle_broken();
        let cause = Arc::new(problem);
        self.end_pipelines(|| RemoteError::SessionLost { name: self.identity.name.clone(), cause: Arc::clone(&cause) });
        self.gone.cancel();
        // a shell that may still be there counts against the user's sessions
        self.runtime.spawn(Arc::clone(self).remove_shell(STOP_BEFORE_CLOSE_MAX));
    }

    /// Why what still runs is ended by this side.
    fn why_it_ends(&self) -> RemoteError {
        let name = self.identity.name.clone();
        match self.loss() {
            Some(cause) => RemoteError::SessionLost { name, cause: Arc::new(cause) },
            None => RemoteError::SessionClosed { name },
        }
    }

    fn end_pipelines(&self, reason: impl Fn() -> RemoteError) {
        for (_, pipeline) in self.pipelines().drain() {
            pipeline.queue.finish(Err(reason()));
            pipeline.note_end();
        }
    }

    async fn remove_shell(self: Arc<Self>, limit: Duration) {
        let mut removed = self.removed.lock().await;
        if *removed {
            return;
        }
        *removed = true;
        let known_dead = self.life.loss().is_some_and(|cause| cause.is_session_dead());
        if !known_dead && let Err(problem) = self.carrier.delete(limit).await {
            // the server removes idle shells by itself; there is nothing the user could do
            tracing::debug!(%problem, "the shell could not be deleted");
        }
    }

    async fn close_in_order(self: Arc<Self>) {
        let closing = self.life.closing();
        if closing {
            let limit = STOP_BEFORE_CLOSE_MAX.min(self.carrier.cancel_timeout);
            let running: Vec<Arc<Pipeline>> = self.pipelines().values().cloned().collect();
            let stops = running.iter().filter(|pipeline| !pipeline.queue.is_finished()).filter_map(|p| p.command());
            for command in stops {
                let _ = tokio::time::timeout(limit, self.carrier.signal(&command, STOP_SIGNAL)).await;
            }
            self.pool().close();
        }
        Arc::clone(&self).remove_shell(self.carrier.cancel_timeout).await;
        if closing {
            self.pool().handle_closed();
            self.end_pipelines(|| RemoteError::SessionClosed { name: self.identity.name.clone() });
            self.life.closed();
        }
        self.gone.cancel();
        self.tasks.close();
        let _ = tokio::time::timeout(Duration::from_millis(200), self.tasks.wait()).await;
    }

    fn begin(
        self: &Arc<Self>,
        create: impl FnOnce(&mut ClientPool, Uuid) -> Result<(), crate::psrp::PsrpError>,
        line: String,
    ) -> Result<Running, RemoteError> {
        if !self.life.is_open() {
            return Err(not_open(&self.info(), self.loss()));
        }
        let id = Uuid::new_v4();
        let (pipeline, first, events) = {
            let mut pipelines = self.pipelines();
            if pipelines.values().any(|pipeline| !pipeline.queue.is_finished()) {
                return Err(RemoteError::Busy { name: self.identity.name.clone() });
            }
            let mut pool = self.pool();
            create(&mut pool, id)?;
            let first = pool.poll_send(Target::Pipeline(id), self.carrier.room());
            let pipeline = Arc::new(Pipeline::new(id, line));
            pipelines.insert(id, Arc::clone(&pipeline));
            let events = std::iter::from_fn(|| pool.poll_event()).collect::<Vec<_>>();
            (pipeline, first.map(|packet| packet.bytes).unwrap_or_default(), events)
        };
        // arguments that are secret ask for the session key
        self.dispatch(events, 0);
        self.spawn(Pipeline::run(Arc::clone(self), Arc::clone(&pipeline), first));
        let control = Arc::new(PipelineControl { link: Arc::clone(self), pipeline: Arc::clone(&pipeline) });
        Ok(Running::new(Arc::clone(&pipeline.queue), control))
    }
}

impl Link for PsrpLink {
    fn info(&self) -> SessionInfo {
        let state = self.life.state();
        let busy = self.pipelines().values().any(|pipeline| !pipeline.queue.is_finished());
        SessionInfo {
            id: self.identity.id,
            name: self.identity.name.clone(),
            instance_id: self.identity.instance_id,
            computer_name: self.carrier.host().to_owned(),
            uri: self.carrier.context.to.clone(),
            user: self.identity.user.clone(),
            configuration: self.identity.configuration.clone(),
            state,
            availability: Availability::of(state, busy),
        }
    }

    fn start(self: Arc<Self>, spec: PipelineSpec) -> Result<Running, RemoteError> {
        let line =
            spec.commands.first().map(|command| command.name.to_text().chars().take(255).collect()).unwrap_or_default();
        self.begin(|pool, id| pool.create_pipeline(id, &spec), line)
    }

    fn command_metadata(self: Arc<Self>, query: CommandQuery) -> Result<Running, RemoteError> {
        self.begin(|pool, id| pool.get_command_metadata(id, &query), "Get-Command".to_owned())
    }

    fn private_data(&self) -> Option<PsValue> {
        self.pool().private_data().cloned()
    }

    fn close(self: Arc<Self>) -> BoxFuture<()> {
        Box::pin(self.close_in_order())
    }

    fn runtime(&self) -> &runtime::Handle {
        &self.runtime
    }

    fn loss(&self) -> Option<RemoteError> {
        self.life.loss()
    }
}
