//! A pipeline's thread: input comes from the client, records go into the pool's buffer, and both may be waited for.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{Running, Runspace, Tally};
use crate::clixml::{PsValue, holds_plain_secret, write_fragment};
use crate::psrp::{
    CommandQuery, CommandSpec, ErrorCategory, ErrorRecord, HostMethod, HostReply, InformationalRecord, InvocationState,
    PipelineSpec, Record,
};
use crate::sim::cmdlet::{self, Answer, Context, Halt, Outcome, Sink};
use crate::sim::org::full::full;

/// A pipeline with more output than this waits until some of it is fetched.
const QUEUED_BYTES_MAX: usize = 384 * 1024;

/// What a pipeline is to do.
pub(super) enum Job {
    Commands(Box<PipelineSpec>),
    Metadata(CommandQuery),
}

impl Runspace {
    /// The body of a pipeline's thread.
    pub(super) fn run(self: Arc<Self>, id: Uuid, job: Job) {
        let nested = matches!(&job, Job::Commands(spec) if spec.is_nested);
        if !nested && !self.take_turn(id) {
            self.finish(id, InvocationState::Stopped, Some(&stopped()));
            return;
        }
        let result = self.work(id, job);
        match result {
            Ok(()) | Err(Halt::Enough(_)) => self.finish(id, InvocationState::Completed, None),
            Err(Halt::Failed(reason)) => self.finish(id, InvocationState::Failed, Some(&reason)),
            Err(Halt::Stopped) => self.finish(id, InvocationState::Stopped, Some(&stopped())),
        }
        if !nested {
            let mut inner = self.lock();
            inner.busy = inner.busy.saturating_sub(1);
            drop(inner);
            self.news.notify_all();
        }
    }

    /// Waits for a free runspace; false when stopped before.
    fn take_turn(&self, id: Uuid) -> bool {
        let mut inner = self.lock();
        loop {
            if inner.running.get(&id).is_none_or(|running| running.stop) {
                return false;
            }
            if inner.busy < inner.max_runspaces {
                inner.busy += 1;
                return true;
            }
            inner = self.news.wait(inner).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    fn work(self: &Arc<Self>, id: Uuid, job: Job) -> Outcome {
        let mut door = Door { runspace: Arc::clone(self), id };
        let delay = self.lock().delay.take();
        if let Some(delay) = delay {
            let text = format!(
                "Micro delay applied. Actual delayed: {0} msecs, Enforced: True, Capped delay: {0} msecs",
                delay.as_millis()
            );
            std::thread::sleep(delay);
            door.record(Record::Warning(InformationalRecord::new(text)))?;
        }
        let spec = match job {
            Job::Metadata(_) if !self.site.options.metadata_message => {
                return Err(Halt::Failed(Box::new(no_metadata())));
            }
            Job::Metadata(query) => {
                for value in cmdlet::describe(&self.commands, &query) {
                    door.record(Record::Output(value))?;
                }
                return Ok(());
            }
            Job::Commands(spec) => spec,
        };
        let context = Context {
            organization: Arc::clone(&self.site.organization),
            commands: Arc::clone(&self.commands),
            release: self.site.options.release,
            user: self.user.credential.user_name().to_owned(),
            request: id,
        };
        let mut input = Input { runspace: Arc::clone(self), id };
        let mut statements: Vec<&[CommandSpec]> = vec![&spec.commands];
        statements.extend(spec.more_statements.iter().map(Vec::as_slice));
        for commands in statements {
            // PowerShell's own client sends these before a pipeline when it thinks that there is a debugger.
            if commands.iter().all(|command| command.name.to_text().starts_with("__Set-PS")) {
                continue;
            }
            let input: Option<&mut dyn Iterator<Item = PsValue>> = if spec.no_input { None } else { Some(&mut input) };
            cmdlet::run(&context, commands, input, &mut door)?;
        }
        Ok(())
    }
}

fn no_metadata() -> ErrorRecord {
    ErrorRecord::with_exception(
        &["System.Management.Automation.RuntimeException"],
        "This message is not known here.",
        "NotSupported",
        ErrorCategory::NotImplemented,
    )
}

fn stopped() -> ErrorRecord {
    ErrorRecord::with_exception(
        &["System.Management.Automation.PipelineStoppedException"],
        "The pipeline has been stopped.",
        "PipelineStopped",
        ErrorCategory::OperationStopped,
    )
}

/// The client's objects; ends with the input, or when the pipeline is stopped.
struct Input {
    runspace: Arc<Runspace>,
    id: Uuid,
}

impl Iterator for Input {
    type Item = PsValue;

    fn next(&mut self) -> Option<PsValue> {
        let mut inner = self.runspace.lock();
        loop {
            let running = inner.running.get_mut(&self.id).filter(|running| !running.stop)?;
            if let Some(value) = running.input.pop_front() {
                return Some(value);
            }
            if running.input_ended {
                return None;
            }
            inner = self.runspace.news.wait(inner).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }
}

/// Where a pipeline's records leave it.
struct Door {
    runspace: Arc<Runspace>,
    id: Uuid,
}

fn goes_on(running: Option<&mut Running>) -> Result<&mut Running, Halt> {
    running.filter(|running| !running.stop).ok_or(Halt::Stopped)
}

impl Door {
    /// Puts output into the buffer as soon as there is room.
    fn output(&self, value: &PsValue) -> Outcome {
        // Written before the pool is locked, so that fetching and writing go on side by side.
        let written =
            if value.is_null() || holds_plain_secret(value) { None } else { write_fragment(value, None).ok() };
        let mut inner = self.runspace.lock();
        loop {
            let running = goes_on(inner.running.get_mut(&self.id))?;
            if running.queued < QUEUED_BYTES_MAX {
                running.queued += written.as_ref().map_or(256, Vec::len) + 64;
                break;
            }
            inner = self.runspace.news.wait(inner).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        let sent = match &written {
            Some(clixml) => inner.pool.send_written_output(self.id, clixml),
            None => inner.pool.send_output(self.id, value),
        };
        drop(inner);
        Tally::add(&self.runspace.site.tally.records);
        self.runspace.output.notify_waiters();
        sent.map_err(|_| Halt::Stopped)
    }
}

impl Sink for Door {
    fn record(&mut self, record: Record) -> Outcome {
        let record = match record {
            Record::Output(value) if self.runspace.full => return self.output(&full(value)),
            Record::Output(value) => return self.output(&value),
            other => other,
        };
        let mut inner = self.runspace.lock();
        goes_on(inner.running.get_mut(&self.id))?;
        let sent = inner.pool.repeat_record(self.id, &record);
        drop(inner);
        self.runspace.output.notify_waiters();
        sent.map_err(|_| Halt::Stopped)
    }

    fn tell(&mut self, method: HostMethod, parameters: Vec<PsValue>) -> Outcome {
        let mut inner = self.runspace.lock();
        goes_on(inner.running.get_mut(&self.id))?;
        if !inner.pool.has_host(self.id) {
            return Ok(());
        }
        let sent = inner.pool.send_host_call(Some(self.id), method, parameters);
        drop(inner);
        self.runspace.output.notify_waiters();
        sent.map(drop).map_err(|_| Halt::Stopped)
    }

    fn ask(&mut self, method: HostMethod, parameters: Vec<PsValue>) -> Result<Answer, Halt> {
        let mut inner = self.runspace.lock();
        goes_on(inner.running.get_mut(&self.id))?;
        if !inner.pool.has_host(self.id) {
            return Ok(Answer::Refused("the client has no host that could ask a person".to_owned()));
        }
        let call = inner.pool.send_host_call(Some(self.id), method, parameters).map_err(|_| Halt::Stopped)?;
        self.runspace.output.notify_waiters();
        loop {
            let running = goes_on(inner.running.get_mut(&self.id))?;
            if let Some(response) = running.answers.pop_front() {
                if response.call_id != call {
                    continue;
                }
                return Ok(match response.reply {
                    Some(HostReply::Value(value)) => Answer::Value(value),
                    Some(HostReply::Refused(record)) => Answer::Refused(record.message().to_text().into_owned()),
                    None => Answer::Value(PsValue::Null),
                });
            }
            let waited = self.runspace.news.wait_timeout(inner, Duration::from_secs(60));
            inner = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    fn stopping(&self) -> bool {
        self.runspace.lock().running.get(&self.id).is_none_or(|running| running.stop)
    }
}
