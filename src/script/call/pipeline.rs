//! Several cmdlets in one pipeline on the server: `pipeline(session).add(...).add(...).invoke()`.
//!
//! Objects go from one to the next on the server and do not travel here.

use std::sync::Arc;

use rhai::{Dynamic, Engine, FuncRegistration, Map, Module, NativeCallContext, Position};

use crate::psrp::CommandSpec;

use super::super::failure::Failure;
use super::super::registry::Command;
use super::super::session::Session;
use super::super::state::{RhaiResult, State};
use super::super::value::{RecordStream, Results};
use super::bind::{self, Policy};
use super::functions::imported;
use super::report::Reporter;
use super::{Job, collect, stream};

/// A pipeline being put together.
#[derive(Clone)]
pub(super) struct Pipeline {
    session: Session,
    commands: Vec<CommandSpec>,
    policy: Policy,
}

impl Pipeline {
    fn add(&self, state: &State, name: &str, args: Vec<Dynamic>, position: Position) -> RhaiResult<Self> {
        let command = self.session.command(name).unwrap_or_else(|| Arc::new(Command::unimported(name)));
        let bound = bind::bind(&state.policy, &command, args).map_err(|failure| failure.at(position))?;
        if bound.input.is_some() {
            return Err(Failure::script("a cmdlet inside a pipeline gets its input from the one before it")
                .hint("give records to the first cmdlet as mailboxes.set_mailbox(#{…})")
                .at(position)
                .into());
        }
        let mut longer = self.clone();
        longer.commands.push(bound.command);
        if bound.policy != Policy::default() {
            longer.policy = bound.policy;
        }
        Ok(longer)
    }

    fn job(&self, state: &Arc<State>, position: Position) -> RhaiResult<Job> {
        let Some(last) = self.commands.last() else {
            return Err(Failure::script("the pipeline is empty")
                .hint("add(\"Get-Mailbox\") adds a cmdlet")
                .at(position)
                .into());
        };
        let reporter = Reporter::new(state, &self.session, &last.name.to_text(), self.policy, position);
        Ok(Job { session: self.session.clone(), commands: self.commands.clone(), input: None, reporter })
    }
}

/// Registers the type and its functions.
pub(super) fn register(engine: &mut Engine, module: &mut Module, state: &Arc<State>) {
    engine
        .register_type_with_name::<Pipeline>("Pipeline")
        .register_fn("to_string", |pipeline: &mut Pipeline| text(pipeline))
        .register_fn("to_debug", |pipeline: &mut Pipeline| text(pipeline));
    FuncRegistration::new("pipeline")
        .with_params_info(["session: Session", "Pipeline"])
        .with_comments([
            "/// Puts several cmdlets into one pipeline on the server.",
            "///",
            "/// # Example",
            "///",
            "/// ```rhai",
            "/// pipeline(session).add(\"Get-Mailbox\", #{ ResultSize: 5 }).add(\"Get-MailboxStatistics\").invoke()",
            "/// ```",
        ])
        .set_into_module(module, |session: Session| Pipeline {
            session,
            commands: Vec::new(),
            policy: Policy::default(),
        });
    let shared = state.clone();
    FuncRegistration::new("pipeline")
        .with_params_info(["cmdlet: &str", "parameters: map", "Pipeline"])
        .with_comments([
            "/// Begins a pipeline with an imported cmdlet, on the session it was imported from.",
            "///",
            "/// # Example",
            "///",
            "/// ```rhai",
            "/// pipeline(\"Get-Mailbox\", #{ ResultSize: 5 }).add(\"Get-MailboxStatistics\").stream()",
            "/// ```",
        ])
        .set_into_module(module, move |context: NativeCallContext<'_>, name: &str, map: Map| -> RhaiResult<Pipeline> {
            let entry = imported(&shared, name).map_err(|failure| failure.at(context.call_position()))?;
            let begun = Pipeline { session: entry.session, commands: Vec::new(), policy: Policy::default() };
            begun.add(&shared, name, vec![map.into()], context.call_position())
        });
    let shared = state.clone();
    FuncRegistration::new("add").with_params_info(["pipeline: Pipeline", "cmdlet: &str", "Pipeline"]).set_into_module(
        module,
        move |context: NativeCallContext<'_>, pipeline: &mut Pipeline, name: &str| {
            pipeline.add(&shared, name, Vec::new(), context.call_position())
        },
    );
    let shared = state.clone();
    FuncRegistration::new("add")
        .with_params_info(["pipeline: Pipeline", "cmdlet: &str", "parameters: map", "Pipeline"])
        .with_comments(["/// Adds a cmdlet with its parameters at the end of the pipeline."])
        .set_into_module(
            module,
            move |context: NativeCallContext<'_>, pipeline: &mut Pipeline, name: &str, map: Map| {
                pipeline.add(&shared, name, vec![map.into()], context.call_position())
            },
        );
    let shared = state.clone();
    FuncRegistration::new("invoke")
        .with_params_info(["pipeline: Pipeline", "Results"])
        .with_comments(["/// Runs the pipeline and gives all it gave."])
        .set_into_module(
            module,
            move |context: NativeCallContext<'_>, pipeline: &mut Pipeline| -> RhaiResult<Results> {
                collect(pipeline.job(&shared, context.call_position())?)
            },
        );
    let shared = state.clone();
    FuncRegistration::new("stream")
        .with_params_info(["pipeline: Pipeline", "RecordStream"])
        .with_comments(["/// Runs the pipeline and gives what it gives as it comes."])
        .set_into_module(
            module,
            move |context: NativeCallContext<'_>, pipeline: &mut Pipeline| -> RhaiResult<RecordStream> {
                stream(pipeline.job(&shared, context.call_position())?)
            },
        );
}

fn text(pipeline: &Pipeline) -> String {
    let names: Vec<_> = pipeline.commands.iter().map(|command| command.name.to_text()).collect();
    format!("pipeline: {}", names.join(" | "))
}
