//! Cmdlets tried without a socket: what they change, how they bind, what they refuse.
//!
//! What the wire looks like is tested in `tests/sim.rs`.

mod audit;
mod belongings;
mod binding;
mod configuration;
mod flavours;
mod folders;
mod gone;
mod groups;
mod honesty;
mod mailboxes;
mod moves;
mod pipelines;
mod protection;
mod searches;
mod servers;
mod traces;
mod unified;

use std::sync::Arc;

use super::{Answer, CommandSet, Context, Halt, Outcome, Sink, run};
use crate::clixml::{Base, ListKind, PsObject, PsValue, SecureText};
use crate::psrp::{Argument, CommandSpec, ErrorRecord, HostMethod, Record};
use crate::secret::SecretString;
use crate::sim::org::value;
use crate::sim::{Clock, Organization, Release, SimOptions, Size};

/// What came out of a pipeline.
#[derive(Default)]
pub(super) struct Outcomes {
    pub(super) output: Vec<PsValue>,
    pub(super) errors: Vec<ErrorRecord>,
    pub(super) warnings: Vec<String>,
    pub(super) verbose: Vec<String>,
    pub(super) told: Vec<String>,
    pub(super) asked: Vec<String>,
    pub(super) failed: Option<ErrorRecord>,
    /// What the person answers when asked: a choice's number, or nobody is there.
    choice: Option<i32>,
}

impl Outcomes {
    /// The texts of a property of all output objects.
    pub(super) fn texts(&self, property: &str) -> Vec<String> {
        self.output.iter().map(|value| text(value, property)).collect()
    }

    pub(super) fn error_ids(&self) -> Vec<String> {
        self.errors.iter().map(|error| error.fully_qualified_error_id.to_string()).collect()
    }

    pub(super) fn failure_id(&self) -> String {
        self.failed.as_ref().map(|error| error.fully_qualified_error_id.to_string()).unwrap_or_default()
    }
}

/// A point in time as a DateTime.
pub(super) fn at(text: &str) -> PsValue {
    value::utc(text.parse().unwrap())
}

/// The text of a property.
pub(super) fn text(value: &PsValue, property: &str) -> String {
    let value = value.as_object().and_then(|object| object.get(property)).unwrap_or(PsValue::Null);
    value::texts_of(&value).join(", ")
}

impl Sink for Outcomes {
    fn record(&mut self, record: Record) -> Outcome {
        match record {
            Record::Output(value) => self.output.push(value),
            Record::Error(error) => self.errors.push(*error),
            Record::Warning(warning) => self.warnings.push(warning.message.to_string()),
            Record::Verbose(verbose) => self.verbose.push(verbose.message.to_string()),
            other => panic!("unexpected {other:?}"),
        }
        Ok(())
    }

    fn tell(&mut self, _: HostMethod, parameters: Vec<PsValue>) -> Outcome {
        self.told.extend(parameters.iter().filter_map(value::plain_text));
        Ok(())
    }

    fn ask(&mut self, method: HostMethod, parameters: Vec<PsValue>) -> Result<Answer, Halt> {
        assert_eq!(method, HostMethod::PromptForChoice);
        self.asked.extend(parameters.get(1).and_then(value::plain_text));
        Ok(match self.choice {
            Some(choice) => Answer::Value(PsValue::I32(choice)),
            None => Answer::Refused("nobody is there".to_owned()),
        })
    }

    fn stopping(&self) -> bool {
        false
    }
}

/// An organization with someone signed in.
pub(super) struct Office {
    context: Context,
    clock: Clock,
}

impl Office {
    pub(super) fn new(mailboxes: u32) -> Self {
        Self::of(mailboxes, "Organization Management", Release::ServerSe)
    }

    pub(super) fn of(mailboxes: u32, role_group: &str, release: Release) -> Self {
        Self::sized(Size::Demo, mailboxes, role_group, release)
    }

    pub(super) fn sized(size: Size, mailboxes: u32, role_group: &str, release: Release) -> Self {
        let clock = Clock::fixed("2026-01-15T10:00:00Z".parse().unwrap());
        let own = clock.clone();
        let context = Context {
            organization: Arc::new(Organization::of(&SimOptions {
                size,
                mailboxes,
                release,
                clock,
                ..SimOptions::default()
            })),
            commands: Arc::new(CommandSet::of(release, &[role_group.to_owned()])),
            release,
            user: "admin@contoso.com".to_owned(),
            request: uuid::Uuid::nil(),
        };
        Self { context, clock: own }
    }

    /// Lets time pass.
    pub(super) fn wait_minutes(&self, minutes: u64) {
        self.clock.advance(std::time::Duration::from_secs(60 * minutes));
    }

    pub(super) fn commands(&self) -> Vec<String> {
        self.context.commands.iter().map(|one| one.cmdlet.name.to_string()).collect()
    }

    /// Runs `Get-Mailbox -Identity alice` and the like: a name, then parameters with their values.
    pub(super) fn call(&self, name: &str, parameters: &[(&str, PsValue)]) -> Outcomes {
        self.pipe(&[command(name, parameters)], None)
    }

    pub(super) fn answering(&self, choice: Option<i32>, name: &str, parameters: &[(&str, PsValue)]) -> Outcomes {
        self.drive(&[command(name, parameters)], None, choice)
    }

    pub(super) fn pipe(&self, commands: &[CommandSpec], input: Option<Vec<PsValue>>) -> Outcomes {
        self.drive(commands, input, None)
    }

    fn drive(&self, commands: &[CommandSpec], input: Option<Vec<PsValue>>, choice: Option<i32>) -> Outcomes {
        let mut outcomes = Outcomes { choice, ..Outcomes::default() };
        let mut input = input.map(Vec::into_iter);
        let given = input.as_mut().map(|input| input as &mut dyn Iterator<Item = PsValue>);
        match run(&self.context, commands, given, &mut outcomes) {
            Ok(()) | Err(Halt::Enough(_)) => {}
            Err(Halt::Failed(error)) => outcomes.failed = Some(*error),
            Err(Halt::Stopped) => panic!("nobody stopped it"),
        }
        outcomes
    }

    /// The text of one property of one mailbox.
    pub(super) fn mailbox(&self, identity: &str, property: &str) -> String {
        let found = self.call("Get-Mailbox", &[("Identity", identity.into())]);
        assert_eq!(found.output.len(), 1, "{identity}: {:?}", found.error_ids());
        text(&found.output[0], property)
    }
}

pub(super) fn command(name: &str, parameters: &[(&str, PsValue)]) -> CommandSpec {
    parameters
        .iter()
        .fold(CommandSpec::new(name), |spec, (name, value)| spec.argument(Argument::named(name, value.clone())))
}

pub(super) fn on() -> PsValue {
    PsValue::Bool(true)
}

pub(super) fn off() -> PsValue {
    PsValue::Bool(false)
}

pub(super) fn secret(text: &str) -> PsValue {
    PsValue::SecureString(SecureText::Plain(Arc::new(SecretString::from(text.to_owned()))))
}

pub(super) fn list(items: &[&str]) -> PsValue {
    let items: Vec<PsValue> = items.iter().map(|item| PsValue::from(*item)).collect();
    PsObject::builder().base(Base::List(ListKind::List, items.into())).build().into()
}

/// `@{Add=…; Remove=…}`
pub(super) fn change(entries: &[(&str, PsValue)]) -> PsValue {
    let entries: Vec<(PsValue, PsValue)> =
        entries.iter().map(|(key, value)| (PsValue::from(*key), value.clone())).collect();
    PsObject::builder().base(Base::Dictionary(entries.into())).build().into()
}
