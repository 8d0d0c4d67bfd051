//! One cmdlet call: arguments bound, a pipeline started, its records reported or returned.
//!
//! Not here: how a name became a call (`dispatch`), what travels (`remote`).

mod bind;
mod flow;
mod functions;
mod pipeline;
mod report;

use std::sync::Arc;

use rhai::{Dynamic, Position};

use crate::psrp::{CommandSpec, PipelineSpec};

use super::registry::Command;
use super::session::Session;
use super::state::{RhaiResult, State};
use super::value::{RecordStream, Results};

pub(super) use bind::Policy;
pub(super) use flow::Flow;
pub(super) use functions::register;
pub(super) use report::{Reporter, remote_failure, trouble};

use bind::{Bound, Input};

/// What to run where.
pub(super) struct Job {
    pub(super) session: Session,
    pub(super) commands: Vec<CommandSpec>,
    pub(super) input: Option<Input>,
    pub(super) reporter: Reporter,
}

impl Job {
    fn new(state: &Arc<State>, session: &Session, command: &Command, bound: Bound, position: Position) -> Self {
        let reporter = Reporter::new(state, session, &command.name, bound.policy, position);
        Self { session: session.clone(), commands: vec![bound.command], input: bound.input, reporter }
    }

    fn spec(&self) -> PipelineSpec {
        let spec = PipelineSpec::new(self.commands.clone());
        if self.input.is_some() { spec.with_input() } else { spec }
    }
}

/// Gets the records beside the output, instead of the person.
pub(super) type Heard = Arc<dyn Fn(crate::psrp::Record) + Send + Sync>;

/// Starts a command for somebody who sees to its records himself.
pub(super) fn listen(
    state: &Arc<State>,
    session: &Session,
    command: &Command,
    mut spec: CommandSpec,
    input: Option<crate::clixml::PsValue>,
    heard: Heard,
) -> RhaiResult<Arc<Flow>> {
    bind::guard(&state.policy, command)?;
    bind::impose(&state.policy, command, &mut spec)?;
    let reporter = Reporter::new(state, session, &command.name, Policy::default(), Position::NONE).heard_by(heard);
    let input = input.map(|value| Box::new(std::iter::once(Ok(value))) as Input);
    Flow::start(Job { session: session.clone(), commands: vec![spec], input, reporter })
}

/// Runs a cmdlet to its end and gives all it gave.
pub(super) fn eager(
    state: &Arc<State>,
    session: &Session,
    command: &Command,
    args: Vec<Dynamic>,
    position: Position,
) -> RhaiResult<Dynamic> {
    let bound = bind::bind(&state.policy, command, args).map_err(|failure| failure.at(position))?;
    collect(Job::new(state, session, command, bound, position)).map(Dynamic::from)
}

/// Starts a cmdlet and gives what it gives as it comes.
pub(super) fn lazy(
    state: &Arc<State>,
    session: &Session,
    command: &Command,
    args: Vec<Dynamic>,
    position: Position,
) -> RhaiResult<RecordStream> {
    let bound = bind::bind(&state.policy, command, args).map_err(|failure| failure.at(position))?;
    stream(Job::new(state, session, command, bound, position))
}

fn collect(job: Job) -> RhaiResult<Results> {
    let mut output = Vec::new();
    let flow = Flow::start(job)?;
    loop {
        match flow.next() {
            Some(Ok(value)) => output.push(value),
            Some(Err(error)) => return Err(report::with_output(error, output)),
            None => return Ok(Results(output.into())),
        }
    }
}

fn stream(job: Job) -> RhaiResult<RecordStream> {
    let engine = job.reporter.state().engine.clone();
    let flow = Flow::start(job)?;
    Ok(RecordStream::new(Box::new(move || flow.next()), &engine))
}
