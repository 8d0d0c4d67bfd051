//! What the simulator counted since it started. Reading a counter changes nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

/// A snapshot of the simulator's counters; `exsh sim` prints it as JSON when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counters {
    /// Shells that exist now.
    pub open_shells: u64,
    /// Shells ever created.
    pub shells_created: u64,
    /// Shells that went by Delete.
    pub shells_deleted: u64,
    /// Shells that the idle time-out removed.
    pub shells_expired: u64,
    /// Shells refused because the user had too many.
    pub shells_refused: u64,
    /// HTTP requests of any kind, the refused ones too.
    pub requests: u64,
    /// Requests with a wrong or missing password.
    pub sign_ins_refused: u64,
    /// Redirects answered.
    pub redirects: u64,
    /// Pipelines started, command metadata included.
    pub pipelines_started: u64,
    /// Pipelines that ended by themselves, failed ones included.
    pub pipelines_finished: u64,
    /// Pipelines that a client stopped, or that went with their shell.
    pub pipelines_stopped: u64,
    /// Pipelines running now.
    pub pipelines_running: u64,
    /// Output records that pipelines have given so far, command metadata included.
    pub records: u64,
    /// Faults of the fault plan that were played.
    pub faults_played: u64,
    /// Changes of the organization: a cmdlet that ran twice shows here.
    pub writes: u64,
}

/// One counter each, shared by all connections.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) open_shells: AtomicU64,
    pub(crate) shells_created: AtomicU64,
    pub(crate) shells_deleted: AtomicU64,
    pub(crate) shells_expired: AtomicU64,
    pub(crate) shells_refused: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) sign_ins_refused: AtomicU64,
    pub(crate) redirects: AtomicU64,
    pub(crate) pipelines_started: AtomicU64,
    pub(crate) pipelines_finished: AtomicU64,
    pub(crate) pipelines_stopped: AtomicU64,
    pub(crate) records: AtomicU64,
    pub(crate) faults_played: AtomicU64,
}

impl Tally {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn sub(counter: &AtomicU64) {
        counter.fetch_sub(1, Ordering::SeqCst);
    }

    /// All counters; `writes` are the organization's.
    pub(crate) fn snapshot(&self, writes: u64) -> Counters {
        let get = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        let finished = get(&self.pipelines_finished);
        let stopped = get(&self.pipelines_stopped);
        let started = get(&self.pipelines_started);
        Counters {
            open_shells: get(&self.open_shells),
            shells_created: get(&self.shells_created),
            shells_deleted: get(&self.shells_deleted),
            shells_expired: get(&self.shells_expired),
            shells_refused: get(&self.shells_refused),
            requests: get(&self.requests),
            sign_ins_refused: get(&self.sign_ins_refused),
            redirects: get(&self.redirects),
            pipelines_started: started,
            pipelines_finished: finished,
            pipelines_stopped: stopped,
            pipelines_running: started.saturating_sub(finished + stopped),
            records: get(&self.records),
            faults_played: get(&self.faults_played),
            writes,
        }
    }
}
