//! A pipeline over a child's pipes as its user sees it: stopping it, and input that does not run ahead of the program.
//!
//! Its records are delivered by `process_link`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::process_link::ProcessLink;
use super::running::{Control, RecordQueue};
use super::session::{BoxFuture, Link as _};
use super::{Operation, RemoteError};
use crate::clixml::PsValue;
use crate::psrp::PsrpError;

/// Input objects that may wait to be sent before the giver has to wait, too.
const INPUTS_WAITING_MAX: usize = 256;

/// One pipeline.
pub(super) struct Pipeline {
    pub(super) id: Uuid,
    pub(super) queue: Arc<RecordQueue>,
    pub(super) stop_asked: AtomicBool,
    pub(super) inputs_waiting: AtomicUsize,
    pub(super) ended: CancellationToken,
}

impl Pipeline {
    pub(super) fn new(id: Uuid) -> Self {
        Self {
            id,
            queue: Arc::default(),
            stop_asked: AtomicBool::new(false),
            inputs_waiting: AtomicUsize::new(0),
            ended: CancellationToken::new(),
        }
    }
}

/// What the user of a pipeline can do to it.
pub(super) struct ProcessControl {
    pub(super) link: Arc<ProcessLink>,
    pub(super) pipeline: Arc<Pipeline>,
}

impl ProcessControl {
    fn ask_to_stop(&self) {
        if self.pipeline.queue.is_finished() || self.pipeline.stop_asked.swap(true, Ordering::AcqRel) {
            return;
        }
        self.pipeline.queue.unbound();
        let id = self.pipeline.id;
        // one that has ended meanwhile is not there any more
        let _ = self.link.with_client(|client| client.stop(id));
        let (link, ended, after) = (Arc::clone(&self.link), self.pipeline.ended.clone(), self.link.cancel_timeout);
        self.link.runtime.spawn(async move {
            if tokio::time::timeout(after, ended.cancelled()).await.is_err() {
                link.break_up(RemoteError::TooSlow { operation: Operation::Stop, after });
            }
        });
    }
}

impl Control for ProcessControl {
    fn stop(&self) -> BoxFuture<Result<(), RemoteError>> {
        self.ask_to_stop();
        let (ended, link) = (self.pipeline.ended.clone(), Arc::clone(&self.link));
        let finished = self.pipeline.queue.is_finished();
        Box::pin(async move {
            if !finished {
                ended.cancelled().await;
            }
            match link.loss() {
                Some(cause) if !finished => {
                    Err(RemoteError::SessionLost { name: link.identity.name.clone(), cause: Arc::new(cause) })
                }
                _ => Ok(()),
            }
        })
    }

    fn abandon(&self) {
        self.ask_to_stop();
    }

    fn input(&self, value: PsValue) -> BoxFuture<Result<(), RemoteError>> {
        let (pipeline, link) = (Arc::clone(&self.pipeline), Arc::clone(&self.link));
        Box::pin(async move {
            loop {
                let written = link.written.notified();
                let waiting = pipeline.inputs_waiting.load(Ordering::Acquire);
                if waiting < INPUTS_WAITING_MAX || pipeline.queue.is_finished() {
                    break;
                }
                written.await;
            }
            if pipeline.queue.is_finished() {
                return Err(pipeline.queue.refusal(PsrpError::UnknownPipeline { pipeline: pipeline.id }));
            }
            pipeline.inputs_waiting.fetch_add(1, Ordering::AcqRel);
            let sent = link.with_pool(|pool| pool.send_input(pipeline.id, &value));
            sent.map_err(|error| pipeline.queue.refusal(error))
        })
    }

    fn end_input(&self) -> Result<(), RemoteError> {
        let id = self.pipeline.id;
        let sent = self.link.with_pool(|pool| pool.end_input(id));
        sent.map_err(|error| self.pipeline.queue.refusal(error))
    }
}
