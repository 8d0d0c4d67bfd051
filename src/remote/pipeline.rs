//! One pipeline of a runspace pool on its way through the carrier: Command, Receive after Receive, Signal.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::psrp_link::PsrpLink;
use super::running::{Control, RecordQueue};
use super::session::BoxFuture;
use super::{Operation, RemoteError};
use crate::clixml::PsValue;
use crate::psrp::{PsrpError, Target};
use crate::wsman::{CommandId, STOP_SIGNAL, TERMINATE_SIGNAL};

/// Input objects that may wait to be sent before the giver has to wait, too.
const INPUTS_WAITING_MAX: usize = 256;

/// How long a pipeline whose end is known is listened to, until the server says that its stream has ended as well.
const LAST_WORD_MAX: Duration = Duration::from_secs(2);

/// How long PowerShell waits for a session key, too.
const KEY_TIMEOUT: Duration = Duration::from_secs(180);

/// One pipeline.
pub(super) struct Pipeline {
    id: Uuid,
    line: String,
    pub(super) queue: Arc<RecordQueue>,
    /// The server's name for it, once Command is answered. Nothing may be sent or signalled before.
    command: OnceLock<CommandId>,
    stop_asked: AtomicBool,
    /// How the server said that it ended; told to its reader once nothing more can come.
    outcome: OnceLock<Result<(), RemoteError>>,
    outcome_known: Notify,
    inputs_waiting: AtomicUsize,
    inputs_sent: Notify,
    /// The message that creates it had to wait for the session key and can be sent now.
    pub(super) may_begin: Notify,
    /// Its terminal state is known, or nobody will ever know it.
    ended: CancellationToken,
}

impl Pipeline {
    pub(super) fn new(id: Uuid, line: String) -> Self {
        Self {
            id,
            line,
            queue: Arc::default(),
            command: OnceLock::new(),
            stop_asked: AtomicBool::new(false),
            outcome: OnceLock::new(),
            outcome_known: Notify::new(),
            inputs_waiting: AtomicUsize::new(0),
            inputs_sent: Notify::new(),
            may_begin: Notify::new(),
            ended: CancellationToken::new(),
        }
    }

    pub(super) fn command(&self) -> Option<CommandId> {
        self.command.get().cloned()
    }

    pub(super) fn stop_was_asked(&self) -> bool {
        self.stop_asked.load(Ordering::Acquire)
    }

    /// The server has said how it ended. Who stopped it waits for nothing else.
    pub(super) fn note_outcome(&self, outcome: Result<(), RemoteError>) {
        self.outcome.get_or_init(|| outcome);
        self.outcome_known.notify_one();
        if self.stop_was_asked() || self.command().is_none() {
            self.tell_outcome();
        }
    }

    /// Tells its reader how it ended, if that is known.
    fn tell_outcome(&self) {
        if let Some(outcome) = self.outcome.get() {
            self.queue.finish(outcome.clone());
            self.note_end();
        }
    }

    /// Whether its end is known, to its reader or not yet.
    fn has_ended(&self) -> bool {
        self.outcome.get().is_some() || self.queue.is_finished()
    }

    pub(super) fn note_end(&self) {
        self.ended.cancel();
        self.inputs_sent.notify_waiters();
    }

    pub(super) fn note_sent(&self) {
        self.inputs_waiting.store(0, Ordering::Release);
        self.inputs_sent.notify_waiters();
    }

    /// From Command to Terminate. `first` goes with Command: bytes of the message that creates the pipeline and
    /// nothing else, since input that comes before the command is answered would be lost.
    pub(super) async fn run(link: Arc<PsrpLink>, pipeline: Arc<Self>, first: Bytes) {
        match pipeline.start(&link, &first).await {
            Ok(()) => {
                if let Err(problem) = pipeline.receive_all(&link).await {
                    link.fail_pipeline(pipeline.id, problem);
                }
                pipeline.tell_outcome();
            }
            Err(problem) => link.fail_pipeline(pipeline.id, problem),
        }
        // whatever ended it: the server keeps a command's place until it is told to let go
        if let Some(command) = pipeline.command()
            && let Err(problem) = link.carrier.signal(&command, TERMINATE_SIGNAL).await
        {
            tracing::debug!(%problem, "the command could not be terminated");
        }
        link.forget(pipeline.id);
    }

    /// The first bytes of a pipeline whose arguments are secret: they exist once the session key does.
    async fn first_bytes(&self, link: &Arc<PsrpLink>) -> Result<Bytes, RemoteError> {
        let wait = async {
            loop {
                if let Some(packet) = link.pool().poll_send(Target::Pipeline(self.id), link.carrier.room()) {
                    return packet.bytes;
                }
                self.may_begin.notified().await;
            }
        };
        let too_slow = |_| RemoteError::TooSlow { operation: Operation::Start, after: KEY_TIMEOUT };
        tokio::select! {
            bytes = tokio::time::timeout(KEY_TIMEOUT, wait) => bytes.map_err(too_slow),
            () = self.ended.cancelled() => Err(RemoteError::Stopped),
        }
    }

    async fn start(&self, link: &Arc<PsrpLink>, first: &[u8]) -> Result<(), RemoteError> {
        let late;
        let first = if first.is_empty() {
            late = self.first_bytes(link).await?;
            &late
        } else {
            first
        };
        let command = link.carrier.command(self.id, &self.line, first).await?;
        self.command.get_or_init(|| command);
        if self.stop_was_asked() {
            self.signal_stop(link);
        }
        // the rest of a long pipeline, and input that is waiting already
        link.send_what_waits();
        Ok(())
    }

    async fn receive_all(self: &Arc<Self>, link: &Arc<PsrpLink>) -> Result<(), RemoteError> {
        let mut next = Some(link.receive_soon(Some(self)));
        while let Some(receiving) = next.take() {
            let received = tokio::select! {
                received = receiving => received,
                // it failed where something was sent for it; a server that waits for input would answer late
                () = self.ended.cancelled() => return Ok(()),
            };
            let Ok(received) = received else { return Ok(()) }; // the runtime is shutting down
            let received = match received {
                Ok(received) => received,
                Err(_) if self.has_ended() => return Ok(()), // its end was known; this one only told it again
                Err(problem) => return Err(problem),
            };
            let done = received.state.as_ref().is_some_and(crate::wsman::CommandState::is_done);
            // the next Receive is under way before this one is decoded, unless the reader is behind
            if !done && self.queue.has_room() {
                next = Some(link.receive_soon(Some(self)));
                // a task just spawned waits for this thread: let it send before decoding takes the thread
                tokio::task::yield_now().await;
            }
            link.feed(Target::Pipeline(self.id), received)?;
            if done {
                // what came may still wait for the key that reads its secrets
                if !self.has_ended() && link.pool().waits_for_key() {
                    tokio::select! {
                        () = self.outcome_known.notified() => {}
                        () = self.ended.cancelled() => {}
                        () = tokio::time::sleep(KEY_TIMEOUT) => {}
                    }
                }
                return link.end_of_stream(self.id);
            }
            if self.queue.is_finished() {
                return Ok(());
            }
            if self.has_ended() {
                // servers say both in one answer; if this one did not, something may have been overtaken
                let last = next.unwrap_or_else(|| link.receive_soon(Some(self)));
                return match tokio::time::timeout(LAST_WORD_MAX, last).await {
                    Ok(Ok(Ok(received))) => link.feed(Target::Pipeline(self.id), received),
                    _ => Ok(()),
                };
            }
            if next.is_none() {
                self.queue.room().await;
                next = Some(link.receive_soon(Some(self)));
            }
        }
        Ok(())
    }

    /// Asks the server to stop, in the background.
    fn signal_stop(&self, link: &Arc<PsrpLink>) {
        let Some(command) = self.command() else { return };
        let (at, ended, id) = (Arc::clone(link), self.ended.clone(), self.id);
        link.spawn(async move {
            let limit = at.carrier.cancel_timeout;
            let stopping = async {
                at.carrier.signal(&command, STOP_SIGNAL).await?;
                tokio::time::timeout(limit, ended.cancelled())
                    .await
                    .map_err(|_| RemoteError::TooSlow { operation: Operation::Stop, after: limit })
            };
            match stopping.await {
                Ok(()) => {}
                // it ended by itself while the signal was on its way
                Err(_) if ended.is_cancelled() => {}
                Err(RemoteError::Fault { fault, .. }) if super::wsman_carrier::ends_command_only(&fault) => {
                    at.fail_pipeline(
                        id,
                        RemoteError::Fault { operation: Operation::Stop, host: at.carrier.host().to_owned(), fault },
                    );
                }
                // a pipeline that cannot be stopped makes the session useless
                Err(problem) => at.break_up(problem),
            }
        });
    }

    /// Marks it as stopping; before the server knows it, only that.
    fn ask_to_stop(&self, link: &Arc<PsrpLink>) {
        if self.queue.is_finished() || self.stop_asked.swap(true, Ordering::AcqRel) {
            return;
        }
        self.queue.unbound();
        // an unknown pipeline has ended
        let _ = link.pool().stop(self.id);
        self.signal_stop(link);
    }
}

/// What the holder of a running pipeline can do to it.
pub(super) struct PipelineControl {
    pub(super) link: Arc<PsrpLink>,
    pub(super) pipeline: Arc<Pipeline>,
}

impl Control for PipelineControl {
    fn stop(&self) -> BoxFuture<Result<(), RemoteError>> {
        self.pipeline.ask_to_stop(&self.link);
        let (pipeline, link) = (Arc::clone(&self.pipeline), Arc::clone(&self.link));
        Box::pin(async move {
            if !pipeline.queue.is_finished() {
                pipeline.ended.cancelled().await;
            }
            match super::session::Link::loss(&*link) {
                Some(cause) => {
                    Err(RemoteError::SessionLost { name: link.identity.name.clone(), cause: Arc::new(cause) })
                }
                None => Ok(()),
            }
        })
    }

    fn abandon(&self) {
        self.pipeline.ask_to_stop(&self.link);
    }

    fn input(&self, value: PsValue) -> BoxFuture<Result<(), RemoteError>> {
        let (pipeline, link) = (Arc::clone(&self.pipeline), Arc::clone(&self.link));
        Box::pin(async move {
            while pipeline.inputs_waiting.load(Ordering::Acquire) >= INPUTS_WAITING_MAX && !pipeline.queue.is_finished()
            {
                let sent = pipeline.inputs_sent.notified();
                if pipeline.inputs_waiting.load(Ordering::Acquire) < INPUTS_WAITING_MAX || pipeline.queue.is_finished()
                {
                    break;
                }
                sent.await;
            }
            if pipeline.queue.is_finished() {
                return Err(pipeline.queue.refusal(PsrpError::UnknownPipeline { pipeline: pipeline.id }));
            }
            pipeline.inputs_waiting.fetch_add(1, Ordering::AcqRel);
            let sent = link.pool().send_input(pipeline.id, &value);
            sent.map_err(|error| pipeline.queue.refusal(error))?;
            link.send_what_waits();
            Ok(())
        })
    }

    fn end_input(&self) -> Result<(), RemoteError> {
        let sent = self.link.pool().end_input(self.pipeline.id);
        sent.map_err(|error| self.pipeline.queue.refusal(error))?;
        self.link.send_what_waits();
        Ok(())
    }
}
