//! One call of a cmdlet: its arguments, the organization, the streams, and the question whether to go on.
//!
//! Preferences (-ErrorAction, -WarningAction, -Verbose, -WhatIf, -Confirm) are obeyed here, once for all cmdlets.

use std::sync::Arc;

use super::{CommandSet, Failure};
use crate::catalog::bind::BoundCall;
use crate::clixml::{Base, ListKind, PsObject, PsValue};
use crate::psrp::{ErrorRecord, HostMethod, InformationalRecord, Record};
use crate::sim::Release;
use crate::sim::org::Organization;
use crate::sim::org::history::Change;
use crate::sim::org::value;

/// Why a pipeline ends early.
#[derive(Debug)]
pub(crate) enum Halt {
    /// A terminating error.
    Failed(Box<ErrorRecord>),
    /// The client stopped it, or is gone.
    Stopped,
    /// The stage with this number has all it wants.
    Enough(usize),
}

/// Of a step that may end the pipeline.
pub(crate) type Outcome = Result<(), Halt>;

/// What the client's host answered.
#[derive(Debug)]
pub(crate) enum Answer {
    Value(PsValue),
    Refused(String),
}

/// Where records go. May wait for room; fails when the pipeline is stopped.
pub(crate) trait Sink {
    fn record(&mut self, record: Record) -> Outcome;
    fn tell(&mut self, method: HostMethod, parameters: Vec<PsValue>) -> Outcome;
    fn ask(&mut self, method: HostMethod, parameters: Vec<PsValue>) -> Result<Answer, Halt>;
    fn stopping(&self) -> bool;
}

/// What does not change during a pipeline.
pub(crate) struct Context {
    pub(crate) organization: Arc<Organization>,
    pub(crate) commands: Arc<CommandSet>,
    /// Who runs it, as signed in.
    pub(crate) user: String,
    /// Which Exchange this is.
    pub(crate) release: Release,
    /// The pipeline's id, for error ids.
    pub(crate) request: uuid::Uuid,
}

/// Where a call puts its records: the next stage, or the client.
pub(super) trait Exit {
    fn output(&mut self, value: PsValue) -> Outcome;
    fn sink(&mut self) -> &mut dyn Sink;
    /// This stage's number.
    fn stage(&self) -> usize;
    /// Whether errors go with the output.
    fn merges_errors(&self) -> bool;
}

/// One call.
pub(crate) struct Call<'a> {
    pub(crate) context: &'a Context,
    pub(crate) cmdlet: &'a str,
    pub(crate) bound: &'a BoundCall,
    pub(crate) input: Option<&'a PsValue>,
    pub(super) exit: &'a mut dyn Exit,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Continue,
    Silent,
    Stop,
}

impl Call<'_> {
    pub(crate) fn organization(&self) -> &Organization {
        &self.context.organization
    }

    /// Whether a parameter was given, null included.
    pub(crate) fn given(&self, name: &str) -> bool {
        self.bound.get(name).is_some()
    }

    /// The value of a parameter, unless null.
    pub(crate) fn value(&self, name: &str) -> Option<&PsValue> {
        self.bound.get(name).filter(|value| !value.is_null())
    }

    /// The text of a parameter; of an object its identity.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.value(name).and_then(identity_text)
    }

    /// The texts of a list parameter.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        match self.value(name) {
            Some(PsValue::Object(object)) => match object.base() {
                Base::List(_, items) => items.iter().filter_map(identity_text).collect(),
                _ => self.text(name).into_iter().collect(),
            },
            _ => self.text(name).into_iter().collect(),
        }
    }

    /// Whether a switch is on.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.value(name).and_then(value::bool_of).unwrap_or(false)
    }

    /// Hands an object to the next cmdlet, or to the client.
    pub(crate) fn output(&mut self, value: impl Into<PsValue>) -> Outcome {
        if self.exit.sink().stopping() {
            return Err(Halt::Stopped);
        }
        self.exit.output(value.into())
    }

    /// Says that nothing more is wanted from the stages before.
    pub(crate) fn enough(&self) -> Halt {
        Halt::Enough(self.exit.stage())
    }

    /// Reports an error and goes on, unless the caller asked to stop at the first.
    pub(crate) fn error(&mut self, failure: Failure) -> Outcome {
        let record = failure.record(self.context, self.cmdlet);
        match self.action("ErrorAction") {
            Action::Stop => Err(Halt::Failed(Box::new(record))),
            Action::Silent => Ok(()),
            Action::Continue if self.exit.merges_errors() => self.exit.output(record.to_value()),
            Action::Continue => self.exit.sink().record(Record::Error(Box::new(record))),
        }
    }

    /// Ends the pipeline with an error.
    pub(crate) fn fail(&self, failure: Failure) -> Halt {
        Halt::Failed(Box::new(failure.record(self.context, self.cmdlet)))
    }

    pub(crate) fn warning(&mut self, text: &str) -> Outcome {
        match self.action("WarningAction") {
            Action::Continue => self.exit.sink().record(Record::Warning(InformationalRecord::new(text))),
            Action::Silent => Ok(()),
            Action::Stop => {
                self.exit.sink().record(Record::Warning(InformationalRecord::new(text)))?;
                Err(self.fail(Failure::stopped_by_preference("WarningAction")))
            }
        }
    }

    pub(crate) fn verbose(&mut self, text: &str) -> Outcome {
        if !self.flag("Verbose") {
            return Ok(());
        }
        let stamp = self.organization().now().strftime("%H:%M:%S").to_string();
        let text = format!("[{stamp}.000 GMT] {} : {text}", self.cmdlet);
        self.exit.sink().record(Record::Verbose(InformationalRecord::new(text)))
    }

    fn action(&self, preference: &str) -> Action {
        let text = self.bound.get(preference).and_then(value::plain_text).unwrap_or_default();
        match text.to_ascii_lowercase().as_str() {
            "stop" | "1" => Action::Stop,
            "silentlycontinue" | "ignore" | "0" | "4" => Action::Silent,
            _ => Action::Continue,
        }
    }

    /// Whether to make a change: says what would be done under -WhatIf, asks under -Confirm and, for cmdlets that
    /// destroy something, also without, unless -Confirm is off or -Force is on.
    pub(crate) fn should_process(&mut self, operation: &str, target: &str) -> Result<bool, Halt> {
        let destroys = ["Remove-", "Disable-", "Clear-"].iter().any(|verb| self.cmdlet.starts_with(verb));
        self.process_or_ask(operation, target, destroys)
    }

    /// As [`Self::should_process`], for what asks though its verb does not say so.
    pub(crate) fn confirmed(&mut self, operation: &str, target: &str) -> Result<bool, Halt> {
        self.process_or_ask(operation, target, true)
    }

    fn process_or_ask(&mut self, operation: &str, target: &str, destroys: bool) -> Result<bool, Halt> {
        if self.flag("WhatIf") {
            let text = format!("What if: Performing the operation \"{operation}\" on target \"{target}\".");
            self.exit.sink().tell(HostMethod::WriteLine2, vec![text.into()])?;
            return Ok(false);
        }
        let asks = match self.value("Confirm") {
            Some(value) => value::bool_of(value).unwrap_or(true),
            None => destroys && !self.flag("Force"),
        };
        let agreed = !asks || self.confirm(&format!("{operation} \"{target}\"?"))?;
        if agreed {
            self.note_change(target);
        }
        Ok(agreed)
    }

    /// Writes a change down for the audit logs; secrets stay out of them.
    fn note_change(&self, target: &str) {
        let parameters = self.bound.parameters.iter();
        let parameters = parameters
            .map(|bound| (bound.name.to_string(), value::texts_of(&bound.value).join(";")))
            .filter(|(name, _)| !["Confirm", "WhatIf", "ErrorAction", "WarningAction", "Verbose"].contains(&&**name));
        let change = Change {
            when: self.organization().now(),
            caller: self.context.user.clone(),
            cmdlet: self.cmdlet.to_owned(),
            object: target.to_owned(),
            parameters: parameters.collect(),
        };
        self.organization().note(change);
    }

    fn confirm(&mut self, question: &str) -> Result<bool, Halt> {
        let labels = [
            ("&Yes", "Continue with only the next step of the operation."),
            ("Yes to &All", "Continue with all the steps of the operation."),
            ("&No", "Skip this operation and proceed with the next operation."),
            ("No to A&ll", "Skip this operation and all subsequent operations."),
        ];
        let choices: Vec<PsValue> = labels
            .iter()
            .map(|(label, help)| {
                PsObject::bag([("label", PsValue::from(*label)), ("helpMessage", PsValue::from(*help))]).into()
            })
            .collect();
        let choices = PsObject::builder().base(Base::List(ListKind::List, choices.into())).build();
        let parameters = vec!["Confirm".into(), question.into(), choices.into(), PsValue::I32(0)];
        match self.exit.sink().ask(HostMethod::PromptForChoice, parameters)? {
            Answer::Value(value) => Ok(matches!(value::number_of(&value), Some(0 | 1))),
            Answer::Refused(reason) => Err(self.fail(Failure::no_answer(&reason))),
        }
    }
}

/// The text by which an object is meant: of a piped object its identity, of anything else its own text.
pub(crate) fn identity_text(value: &PsValue) -> Option<String> {
    if let PsValue::Object(object) = value {
        for property in ["DistinguishedName", "Guid", "Identity", "PrimarySmtpAddress", "Name"] {
            if let Some(text) =
                object.get(property).as_ref().and_then(value::plain_text).filter(|text| !text.is_empty())
            {
                return Some(text);
            }
        }
    }
    value::plain_text(value)
}
