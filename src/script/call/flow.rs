//! A pipeline under way: input goes in, records come out, the rest is kept when the session is needed for another.
//!
//! A session runs one pipeline at a time. Not here: what a record means to the user (`report`).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use crate::clixml::PsValue;
use crate::remote::Running;

use super::super::session::Session;
use super::super::state::{RhaiResult, lock};
use super::report::{Reporter, remote_failure};
use super::{Job, bind::Input};

/// A pipeline and what it gave that nobody has asked for yet.
pub(in crate::script) struct Flow {
    inner: Mutex<Inner>,
    reporter: Reporter,
    session: Session,
}

struct Inner {
    running: Option<Running>,
    kept: VecDeque<RhaiResult<PsValue>>,
}

impl Flow {
    /// Starts a pipeline; what runs on its session is read to its end first.
    pub(super) fn start(mut job: Job) -> RhaiResult<Arc<Self>> {
        let session = job.session.clone();
        session.make_way(job.reporter.state())?;
        let spec = job.spec();
        let input = job.input.take();
        let reporter = job.reporter;
        let remote = session.remote();
        let started = reporter.state().wait(async move { remote.start(spec).await });
        session.has_begun();
        let running = started?.map_err(|error| remote_failure(&reporter, &error))?;
        let inner = Mutex::new(Inner { running: Some(running), kept: VecDeque::new() });
        let flow = Arc::new(Self { inner, reporter, session: session.clone() });
        session.occupy(&flow);
        if let Some(input) = input {
            flow.feed(input)?;
        }
        Ok(flow)
    }

    /// Sends the input, taking what comes meanwhile.
    fn feed(&self, input: Input) -> RhaiResult<()> {
        let mut inner = lock(&self.inner);
        for value in input {
            let value = value?;
            self.take_ready(&mut inner)?;
            let Some(running) = &mut inner.running else { return Ok(()) };
            let sent = self.reporter.state().wait(running.input(value))?;
            if sent.is_err() {
                return Ok(()); // the pipeline has ended; its end, to be read, says why
            }
        }
        if let Some(running) = &mut inner.running {
            let _ = running.end_input(); // likewise
        }
        Ok(())
    }

    fn take_ready(&self, inner: &mut Inner) -> RhaiResult<()> {
        while let Some(record) = inner.running.as_mut().and_then(Running::next_ready) {
            if let Some(value) = self.reporter.take(record)? {
                inner.kept.push_back(Ok(value));
            }
        }
        Ok(())
    }

    /// The next output value; `None` at the end.
    pub(in crate::script) fn next(&self) -> Option<RhaiResult<PsValue>> {
        let mut inner = lock(&self.inner);
        if let Some(kept) = inner.kept.pop_front() {
            return Some(kept);
        }
        self.receive(&mut inner)
    }

    fn receive(&self, inner: &mut Inner) -> Option<RhaiResult<PsValue>> {
        loop {
            let running = inner.running.as_mut()?;
            let next = match running.next_ready() {
                Some(record) => Some(Ok(record)),
                None => match self.reporter.state().wait(running.next()) {
                    Ok(next) => next,
                    Err(interrupted) => {
                        self.stop(inner);
                        return Some(Err(interrupted));
                    }
                },
            };
            let value = match next {
                None => {
                    inner.running = None;
                    return None;
                }
                Some(Err(error)) => {
                    inner.running = None;
                    return Some(Err(remote_failure(&self.reporter, &error)));
                }
                Some(Ok(record)) => self.reporter.take(record),
            };
            match value {
                Ok(Some(value)) => return Some(Ok(value)),
                Ok(None) => {}
                Err(error) => {
                    self.stop(inner);
                    return Some(Err(error));
                }
            }
        }
    }

    /// Reads the rest into memory, so that the session is free.
    pub(in crate::script) fn keep_rest(&self) {
        let mut inner = lock(&self.inner);
        while let Some(item) = self.receive(&mut inner) {
            inner.kept.push_back(item);
        }
    }

    /// Stops the pipeline on the server and waits for it, so that the session can take the next one.
    fn stop(&self, inner: &mut Inner) {
        let Some(mut running) = inner.running.take() else { return };
        let stopper = running.stopper();
        // An interrupt ends this wait, too; then the next call waits for the end of this pipeline.
        let can_wait = tokio::runtime::Handle::try_current().is_err();
        if !can_wait || self.reporter.state().wait(async { running.stop().await }).is_err() {
            self.session.is_stopping(stopper);
        }
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        let mut inner = std::mem::replace(
            self.inner.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner),
            Inner { running: None, kept: VecDeque::new() },
        );
        self.stop(&mut inner);
    }
}
