//! A running pipeline as its user sees it, and the bounded queue between it and whoever receives for it.
//!
//! Nothing is sent here; stopping and input go through [`Control`].

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::RemoteError;
use super::session::BoxFuture;
use crate::clixml::PsValue;
use crate::psrp::{PsrpError, Record};

/// Undelivered bytes above which nothing more is asked of the server.
const PENDING_BYTES_MAX: usize = 1 << 20;

/// Records that arrived together.
pub(super) struct Batch {
    pub(super) records: Vec<Record>,
    /// How many bytes of the wire they stand for.
    pub(super) bytes: usize,
}

/// What a pipeline has given and nobody has read yet.
#[derive(Default)]
pub(super) struct RecordQueue {
    inner: Mutex<Inner>,
    ready: Notify,
    room: Notify,
}

#[derive(Default)]
struct Inner {
    batches: VecDeque<Batch>,
    bytes: usize,
    end: Option<Result<(), RemoteError>>,
    /// Nobody reads any more: throw away.
    abandoned: bool,
    /// The pipeline is being stopped: take all that comes, so that its end can come.
    unbounded: bool,
}

impl RecordQueue {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds records, whether there is room or not.
    pub(super) fn push(&self, batch: Batch) {
        let mut inner = self.lock();
        if inner.abandoned || inner.end.is_some() || batch.records.is_empty() {
            return;
        }
        inner.bytes += batch.bytes;
        inner.batches.push_back(batch);
        drop(inner);
        self.ready.notify_one();
    }

    /// Nothing more will come. Only the first end counts.
    pub(super) fn finish(&self, end: Result<(), RemoteError>) {
        self.lock().end.get_or_insert(end);
        self.ready.notify_one();
        self.room.notify_one();
    }

    pub(super) fn is_finished(&self) -> bool {
        self.lock().end.is_some()
    }

    /// Why the pipeline takes no more input: what it failed for, if it did.
    pub(super) fn refusal(&self, otherwise: PsrpError) -> RemoteError {
        match &self.lock().end {
            Some(Err(problem)) => problem.clone(),
            _ => otherwise.into(),
        }
    }

    pub(super) fn has_room(&self) -> bool {
        let inner = self.lock();
        inner.bytes < PENDING_BYTES_MAX || inner.abandoned || inner.unbounded || inner.end.is_some()
    }

    /// Waits until the reader has caught up.
    pub(super) async fn room(&self) {
        while !self.has_room() {
            self.room.notified().await;
        }
    }

    pub(super) fn unbound(&self) {
        self.lock().unbounded = true;
        self.room.notify_one();
    }

    fn abandon(&self) {
        let mut inner = self.lock();
        inner.abandoned = true;
        inner.batches.clear();
        inner.bytes = 0;
        drop(inner);
        self.room.notify_one();
    }

    fn take(&self) -> Option<Taken> {
        let mut inner = self.lock();
        let taken = match inner.batches.pop_front() {
            Some(batch) => {
                inner.bytes = inner.bytes.saturating_sub(batch.bytes);
                Taken::Batch(batch)
            }
            None => Taken::End(inner.end.clone()?),
        };
        drop(inner);
        self.room.notify_one();
        Some(taken)
    }

    async fn next(&self) -> Taken {
        loop {
            if let Some(taken) = self.take() {
                return taken;
            }
            self.ready.notified().await;
        }
    }
}

enum Taken {
    Batch(Batch),
    End(Result<(), RemoteError>),
}

/// What can be done to a pipeline from outside.
pub(super) trait Control: Send + Sync {
    /// Stops it and waits for its end.
    fn stop(&self) -> BoxFuture<Result<(), RemoteError>>;
    /// Stops it, in the background.
    fn abandon(&self);
    fn input(&self, value: PsValue) -> BoxFuture<Result<(), RemoteError>>;
    fn end_input(&self) -> Result<(), RemoteError>;
}

/// A pipeline that runs on the server. Dropping it stops it there, in the background.
pub struct Running {
    queue: Arc<RecordQueue>,
    control: Arc<dyn Control>,
    batch: std::vec::IntoIter<Record>,
    ended: bool,
}

impl Running {
    pub(super) fn new(queue: Arc<RecordQueue>, control: Arc<dyn Control>) -> Self {
        Self { queue, control, batch: Vec::new().into_iter(), ended: false }
    }

    /// The next record; `None` after the last one. A terminating error, or the loss of the session, is the last item.
    pub async fn next(&mut self) -> Option<Result<Record, RemoteError>> {
        loop {
            if let Some(record) = self.batch.next() {
                return Some(Ok(record));
            }
            if self.ended {
                return None;
            }
            match self.queue.next().await {
                Taken::Batch(batch) => self.batch = batch.records.into_iter(),
                Taken::End(end) => {
                    self.ended = true;
                    return end.err().map(Err);
                }
            }
        }
    }

    /// The next record if it is here already, for readers that do not want to wait for each one.
    pub fn next_ready(&mut self) -> Option<Record> {
        if let Some(record) = self.batch.next() {
            return Some(record);
        }
        if self.ended {
            return None;
        }
        match self.queue.take()? {
            Taken::Batch(batch) => {
                self.batch = batch.records.into_iter();
                self.batch.next()
            }
            Taken::End(end) => {
                // `next` must still tell it
                self.queue.finish(end);
                None
            }
        }
    }

    /// Stops the pipeline on the server and waits until it has ended; records that had come can still be read.
    /// Does nothing when it has ended already.
    ///
    /// # Errors
    /// When it did not end within CancelTimeout (then the session is broken), or the session was lost.
    pub async fn stop(&mut self) -> Result<(), RemoteError> {
        self.control.stop().await
    }

    /// A handle that can stop the pipeline from elsewhere, such as a Ctrl-C handler.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.control))
    }

    /// A handle that feeds the pipeline from elsewhere, while its output is read here.
    #[must_use]
    pub fn feeder(&self) -> Feeder {
        Feeder(Arc::clone(&self.control))
    }

    /// Sends one object into the pipeline; waits when the server is slow to take it.
    ///
    /// # Errors
    /// When the pipeline takes no input, its input has ended, or the session was lost; what the pipeline failed for,
    /// when it has failed.
    pub async fn input(&mut self, value: PsValue) -> Result<(), RemoteError> {
        self.control.input(value).await
    }

    /// Says that no more input will come; a pipeline with input never ends without it.
    ///
    /// # Errors
    /// As [`Running::input`].
    pub fn end_input(&mut self) -> Result<(), RemoteError> {
        self.control.end_input()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.queue.abandon();
        self.control.abandon();
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Running")
    }
}

/// Feeds a pipeline from elsewhere than where its output is read.
#[derive(Clone)]
pub struct Feeder(Arc<dyn Control>);

impl Feeder {
    /// As [`Running::input`].
    ///
    /// # Errors
    /// As [`Running::input`].
    pub async fn input(&self, value: PsValue) -> Result<(), RemoteError> {
        self.0.input(value).await
    }

    /// As [`Running::end_input`].
    ///
    /// # Errors
    /// As [`Running::input`].
    pub fn end_input(&self) -> Result<(), RemoteError> {
        self.0.end_input()
    }
}

impl std::fmt::Debug for Feeder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Feeder")
    }
}

/// Stops a pipeline from elsewhere.
#[derive(Clone)]
pub struct Stopper(Arc<dyn Control>);

impl Stopper {
    /// As [`Running::stop`].
    ///
    /// # Errors
    /// As [`Running::stop`].
    pub async fn stop(&self) -> Result<(), RemoteError> {
        self.0.stop().await
    }

    /// Begins to stop it and does not wait.
    pub fn stop_soon(&self) {
        self.0.abandon();
    }
}

impl std::fmt::Debug for Stopper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stopper")
    }
}
