//! A pipeline under way: input goes in, records come out, the rest is kept when the session is needed for another.
//!
//! A session runs one pipeline at a time. Not here: what a record means to the user (`report`).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::clixml::PsValue;
use crate::psrp::PipelineSpec;
use crate::remote::Running;

use super::super::bulk::lane;
use super::super::session::Session;
use super::super::state::{RhaiResult, lock};
use super::report::{Reporter, remote_failure};
use super::{Job, bind::Input};

/// How often bulk work asks a busy server again, after `remote` has.
const REFUSALS_MAX: u32 = 20;
/// How long it waits when the server does not say.
const BUSY_DEFAULT: Duration = Duration::from_secs(15);

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
        let session = lane::own(&job.session);
        session.make_way(job.reporter.state())?;
        let spec = job.spec();
        let input = job.input.take();
        let reporter = job.reporter;
        let started = begin(&session, &spec, &reporter);
        session.has_begun();
        let running = started?;
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

    /// Whether more may come from the server.
    pub(in crate::script) fn is_running(&self) -> bool {
        lock(&self.inner).running.is_some()
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

/// Starts a pipeline. In bulk work a server that is busy is asked again: what it refused was not executed.
fn begin(session: &Session, spec: &PipelineSpec, reporter: &Reporter) -> RhaiResult<Running> {
    let mut refused = 0;
    loop {
        let (remote, spec) = (session.remote(), spec.clone());
        let error = match reporter.state().wait(async move { remote.start(spec).await })? {
            Ok(running) => return Ok(running),
            Err(error) => error,
        };
        match error.busy().filter(|_| lane::is_here() && refused < REFUSALS_MAX) {
            Some(wait) => reporter.state().sleep(wait.unwrap_or(BUSY_DEFAULT))?,
            None => return Err(remote_failure(reporter, &error)),
        }
        refused += 1;
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
