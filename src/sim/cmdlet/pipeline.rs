//! Runs the commands of a pipeline, one object at a time through all stages, as PowerShell does.
//!
//! Where objects come from and records go to is the caller's business ([`Sink`]); nothing here waits by itself.

use std::sync::Arc;

use super::call::Exit;
use super::{Call, Context, Definition, Failure, Halt, Outcome, Sink, Work, accepted};
use crate::catalog::bind::{Argument, Binder, BoundCall, Flavour, Prepared};
use crate::clixml::PsValue;
use crate::psrp::{CommandSpec, Merges, Record, ResultTypes};

/// One command of a running pipeline.
struct Stage<'a> {
    definition: &'a Definition,
    prepared: Prepared<'a>,
    work: Box<dyn Work>,
    merges_errors: bool,
}

/// Runs one statement: `commands` joined by pipes. `input` gives the client's objects; `None` when it sends none.
pub(crate) fn run(
    context: &Context,
    commands: &[CommandSpec],
    input: Option<&mut dyn Iterator<Item = PsValue>>,
    sink: &mut dyn Sink,
) -> Outcome {
    let definitions = resolve(context, commands)?;
    let mut stages = Vec::with_capacity(commands.len());
    for (index, (command, definition)) in commands.iter().zip(&definitions).enumerate() {
        let arguments = command
            .arguments
            .iter()
            .map(|argument| {
                let name = argument.name.as_ref().map(|name| name.to_text());
                Argument::from_wire(name.as_deref(), argument.value.clone())
            })
            .collect();
        let expects_input = index > 0 || input.is_some();
        let prepared = Binder::new(&definition.cmdlet, Flavour::Function)
            .prepare(arguments, expects_input)
            .map_err(|error| halt(context, definition, &Failure::binding(&error)))?;
        let work = definition.start();
        stages.push(Stage { definition, prepared, work, merges_errors: errors_to_output(&command.merges) });
    }
    let fed = feed(context, &mut stages, input, sink);
    let done = match fed {
        Err(Halt::Enough(stage)) => stage,
        Err(halt) => return Err(halt),
        Ok(()) => 0,
    };
    for index in done..stages.len() {
        match finish(context, &mut stages[index..], index, sink) {
            Ok(()) | Err(Halt::Enough(_)) => {}
            Err(halt) => return Err(halt),
        }
    }
    Ok(())
}

fn resolve(context: &Context, commands: &[CommandSpec]) -> Result<Vec<Arc<Definition>>, Halt> {
    let fail = |failure: Failure| Halt::Failed(Box::new(failure.record(context, "")));
    let mut definitions = Vec::with_capacity(commands.len());
    for command in commands {
        if command.is_script {
            return Err(fail(Failure::no_language()));
        }
        let name = command.name.to_text();
        // A module prefix, as in `Module\Get-Mailbox`, says nothing here.
        let bare = name.rsplit('\\').next().unwrap_or(&name);
        match context.commands.find(bare) {
            Some(definition) => definitions.push(definition),
            None => return Err(fail(Failure::unknown_command(&name))),
        }
    }
    Ok(definitions)
}

fn halt(context: &Context, definition: &Definition, failure: &Failure) -> Halt {
    Halt::Failed(Box::new(failure.record(context, &definition.cmdlet.name)))
}

fn errors_to_output(merges: &Merges) -> bool {
    let has = |types: ResultTypes, wanted: ResultTypes| types.0 & wanted.0 == wanted.0 && wanted.0 != 0;
    has(merges.error, ResultTypes::OUTPUT)
        || (has(merges.my_result, ResultTypes::ERROR) && has(merges.to_result, ResultTypes::OUTPUT))
}

fn feed(
    context: &Context,
    stages: &mut [Stage<'_>],
    input: Option<&mut dyn Iterator<Item = PsValue>>,
    sink: &mut dyn Sink,
) -> Outcome {
    let Some(input) = input else {
        let Some((first, rest)) = stages.split_first_mut() else { return Ok(()) };
        let bound = first.prepared.clone().call().map_err(|error| Failure::binding(&error));
        let bound = bound.and_then(|bound| settled(context, first.definition, bound));
        let bound = bound.map_err(|failure| halt(context, first.definition, &failure))?;
        let mut exit = Door { context, rest, sink, stage: 0, merges_errors: first.merges_errors };
        let cmdlet = &first.definition.cmdlet.name;
        return first.work.process(&mut Call { context, cmdlet, bound: &bound, input: None, exit: &mut exit });
    };
    for value in input {
        if sink.stopping() {
            return Err(Halt::Stopped);
        }
        push(context, stages, 0, value, sink)?;
    }
    if sink.stopping() { Err(Halt::Stopped) } else { Ok(()) }
}

/// With words of enumerations as the server knows them; canned objects take whatever is recorded.
fn settled(context: &Context, definition: &Definition, mut bound: BoundCall) -> Result<BoundCall, Failure> {
    if context.commands.answers().is_none() {
        accepted::settle(&definition.cmdlet, &mut bound)?;
    }
    Ok(bound)
}

/// Gives one object to the first of `stages`, whose number is `stage`.
fn push(context: &Context, stages: &mut [Stage<'_>], stage: usize, value: PsValue, sink: &mut dyn Sink) -> Outcome {
    let Some((first, rest)) = stages.split_first_mut() else { return sink.record(Record::Output(value)) };
    let bound = first.prepared.call_with(&value, &[]).map_err(|error| Failure::binding(&error));
    let bound = match bound.and_then(|bound| settled(context, first.definition, bound)) {
        Ok(bound) => bound,
        Err(failure) => {
            let record = failure.record(context, &first.definition.cmdlet.name);
            return sink.record(Record::Error(Box::new(record)));
        }
    };
    let mut exit = Door { context, rest, sink, stage, merges_errors: first.merges_errors };
    let cmdlet = &first.definition.cmdlet.name;
    first.work.process(&mut Call { context, cmdlet, bound: &bound, input: Some(&value), exit: &mut exit })
}

fn finish(context: &Context, stages: &mut [Stage<'_>], stage: usize, sink: &mut dyn Sink) -> Outcome {
    let Some((first, rest)) = stages.split_first_mut() else { return Ok(()) };
    let nothing = || BoundCall {
        cmdlet: first.definition.cmdlet.name.clone(),
        set: None,
        parameters: Vec::new(),
        kept: Vec::new(),
    };
    // What needs arguments after the last object has no required ones.
    let bound = first.prepared.clone().call().unwrap_or_else(|_| nothing());
    let mut exit = Door { context, rest, sink, stage, merges_errors: first.merges_errors };
    let cmdlet = &first.definition.cmdlet.name;
    first.work.finish(&mut Call { context, cmdlet, bound: &bound, input: None, exit: &mut exit })
}

/// The way out of a stage.
struct Door<'a, 'b> {
    context: &'a Context,
    rest: &'a mut [Stage<'b>],
    sink: &'a mut dyn Sink,
    stage: usize,
    merges_errors: bool,
}

impl Exit for Door<'_, '_> {
    fn output(&mut self, value: PsValue) -> Outcome {
        push(self.context, self.rest, self.stage + 1, value, self.sink)
    }

    fn sink(&mut self) -> &mut dyn Sink {
        self.sink
    }

    fn stage(&self) -> usize {
        self.stage
    }

    fn merges_errors(&self) -> bool {
        self.merges_errors
    }
}
