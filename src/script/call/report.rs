//! What becomes of records that are no output: shown, remembered, or thrown.
//!
//! How they look is the person's side's business.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, Position};

use crate::catalog::Catalog;
use crate::clixml::PsValue;
use crate::psrp::{ErrorRecord, Record};
use crate::remote::{ErrorKind as RemoteKind, RemoteError};

use super::super::bulk::lane;
use super::super::failure::Failure;
use super::super::outcome::{CmdletError, ErrorKind};
use super::super::remedy::parameter_in;
use super::super::session::Session;
use super::super::state::{Ending, RhaiError, RhaiResult, State};
use super::super::ui::MessageKind;
use super::super::value::{Results, to_dynamic};
use super::Heard;
use super::bind::{Action, Policy};

/// Sees to the records of one call.
#[derive(Clone)]
pub(in crate::script) struct Reporter {
    state: Arc<State>,
    session: Session,
    cmdlet: String,
    policy: Policy,
    position: Position,
    heard: Option<Heard>,
}

impl Reporter {
    pub(in crate::script) fn new(
        state: &Arc<State>,
        session: &Session,
        cmdlet: &str,
        policy: Policy,
        position: Position,
    ) -> Self {
        state.last_statement.call_begins(position);
        Self {
            state: state.clone(),
            session: session.clone(),
            cmdlet: cmdlet.to_owned(),
            policy,
            position,
            heard: None,
        }
    }

    /// With somebody who gets all records but the output; nothing is shown then.
    pub(super) fn heard_by(self, heard: Heard) -> Self {
        Self { heard: Some(heard), ..self }
    }

    pub(in crate::script) fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// Gives an output value back; everything else is dealt with here.
    pub(in crate::script) fn take(&self, record: Record) -> RhaiResult<Option<PsValue>> {
        let ui = &self.state.ui;
        if let (Some(heard), false) = (&self.heard, matches!(record, Record::Output(_))) {
            heard(record);
            return Ok(None);
        }
        match record {
            Record::Output(value) => return Ok(Some(value)),
            Record::Error(record) => self.error(&record)?,
            Record::Warning(record) => match self.policy.warnings {
                Action::Continue => ui.message(MessageKind::Warning, &record.message.to_text()),
                Action::Stop => {
                    let text = format!("{} warned: {}", self.cmdlet, record.message.to_text());
                    return Err(Failure::script(text).with("cmdlet", self.cmdlet.clone()).at(self.position).into());
                }
                Action::SilentlyContinue | Action::Ignore => {}
            },
            Record::Verbose(record) => ui.message(MessageKind::Verbose, &record.message.to_text()),
            Record::Debug(record) => ui.message(MessageKind::Debug, &record.message.to_text()),
            Record::Information(record) => {
                if matches!(self.policy.information, Action::Continue | Action::Stop) {
                    ui.message(MessageKind::Information, &record.text().to_text());
                }
            }
            Record::Progress(progress) => {
                if self.policy.progress == Action::Continue {
                    ui.progress(&progress);
                }
            }
        }
        Ok(None)
    }

    fn error(&self, record: &ErrorRecord) -> RhaiResult<()> {
        let error = cmdlet_error(record, &self.cmdlet);
        self.doubt_cache(&error);
        self.state.last_statement.call_failed(self.position);
        match self.policy.errors {
            // A row of bulk work with an error is no row that was done.
            Action::Continue if !lane::does_rows() => {
                self.state.ui.error(&error);
                self.state.remember_error(error);
            }
            Action::SilentlyContinue => self.state.remember_error(error),
            Action::Ignore => {}
            Action::Stop | Action::Continue => {
                self.state.remember_error(error.clone());
                return Err(self.thrown(&error));
            }
        }
        Ok(())
    }

    fn thrown(&self, error: &CmdletError) -> RhaiError {
        failure_of(error).with("session", self.session.label()).at(self.position).into()
    }

    /// A server that does not know what it is said to offer: what was said of it is out of date.
    fn doubt_cache(&self, error: &CmdletError) {
        let unknown = ["CommandNotFoundException", "NamedParameterNotFound"];
        if unknown.iter().any(|id| error.error_id.starts_with(id)) && self.session.distrust_cache() {
            let text = format!(
                "what {} offers was known from the cache and is out of date; import_session asks the server",
                self.session.label()
            );
            self.state.ui.message(MessageKind::Warning, &text);
        }
    }
}

/// A cmdlet's error as the map a script catches.
pub(in crate::script) fn failure_of(error: &CmdletError) -> Failure {
    let failure = Failure::new(kind_of(error), error.message.clone())
        .with("error_id", error.error_id.clone())
        .with("category", error.category.clone())
        .with("category_info", error.category_line.clone())
        .with("cmdlet", error.cmdlet.clone())
        .with("target", error.target.as_ref().map_or(Dynamic::UNIT, to_dynamic));
    let failure = error.hints().into_iter().fold(failure, Failure::hint);
    let failure = match &error.parameter {
        Some(parameter) => failure.with("parameter", parameter.clone()),
        None => failure,
    };
    match &error.recommended_action {
        Some(action) => failure.with("recommended_action", action.clone()),
        None => failure,
    }
}

fn kind_of(error: &CmdletError) -> ErrorKind {
    if error.category == "AuthenticationError" { ErrorKind::SignIn } else { ErrorKind::Script }
}

/// The text for people in what Exchange Online writes: `Ex6F9304|Microsoft.….SomeException|text`.
fn plain(message: &str) -> &str {
    let is_code = |code: &str| {
        code.strip_prefix("Ex")
            .is_some_and(|number| number.len() == 6 && number.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let mut parts = message.splitn(3, '|');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(code), Some(class), Some(text)) if is_code(code) && class.ends_with("Exception") => text,
        _ => message,
    }
}

fn cmdlet_error(record: &ErrorRecord, cmdlet: &str) -> CmdletError {
    let activity = record.category_activity.as_ref().map(|name| name.to_text().into_owned());
    CmdletError {
        cmdlet: activity.filter(|name| !name.is_empty()).unwrap_or_else(|| cmdlet.to_owned()),
        message: plain(&record.message().to_text()).to_owned(),
        error_id: record.fully_qualified_error_id.to_text().into_owned(),
        category: record.category.name().to_owned(),
        category_line: record.category_info(),
        target: (!record.target_object.is_null()).then(|| record.target_object.clone()),
        recommended_action: record.details_recommended_action.as_ref().map(|text| text.to_text().into_owned()),
        parameter: parameter_of(record, cmdlet),
    }
}

/// The parameter that an error of binding is about: its exception says so, else its text has the name in quotes.
fn parameter_of(record: &ErrorRecord, cmdlet: &str) -> Option<String> {
    let id = record.fully_qualified_error_id.to_text();
    if !["Parameter", "NamedParameter", "CannotConvertArgument"].iter().any(|begun| id.starts_with(begun)) {
        return None;
    }
    if let Some(PsValue::String(name)) =
        record.exception.as_object().and_then(|exception| exception.get("ParameterName"))
    {
        return Some(name.to_text().into_owned());
    }
    let cmdlet = Catalog::built_in().find(cmdlet)?;
    parameter_in(&record.message().to_text(), &cmdlet).map(|parameter| parameter.name.to_string())
}

/// What ends a call: a terminating error of the cmdlet, or trouble on the way.
pub(in crate::script) fn remote_failure(reporter: &Reporter, error: &RemoteError) -> RhaiError {
    match error {
        RemoteError::Failed(record) => {
            let error = cmdlet_error(record, &reporter.cmdlet);
            reporter.doubt_cache(&error);
            reporter.state.remember_error(error.clone());
            reporter.thrown(&error)
        }
        RemoteError::Stopped if reporter.state.ending().is_some() => Ending::Interrupted.into_error(),
        error => trouble(error)
            .with("cmdlet", reporter.cmdlet.clone())
            .with("session", reporter.session.label())
            .at(reporter.position)
            .into(),
    }
}

/// Trouble that is no cmdlet's, with its hints and its exit code.
pub(in crate::script) fn trouble(error: &RemoteError) -> Failure {
    let kind = match error.kind() {
        RemoteKind::SignIn => ErrorKind::SignIn,
        RemoteKind::Network => ErrorKind::Network,
        RemoteKind::Usage | RemoteKind::Server | RemoteKind::Cmdlet => ErrorKind::Script,
        RemoteKind::Stopped => ErrorKind::Interrupted,
    };
    let details: rhai::Array = error.details().into_iter().map(Dynamic::from).collect();
    let failure = Failure::new(kind, error.to_string()).with("error_id", error.error_id()).with("details", details);
    error.hints().into_iter().fold(failure, Failure::hint)
}

/// Puts what a cmdlet gave before it failed into the error it is caught as: nothing received is lost.
pub(super) fn with_output(mut error: RhaiError, output: Vec<PsValue>) -> RhaiError {
    if !output.is_empty()
        && let EvalAltResult::ErrorRuntime(thrown, _) = &mut *error
        && let Some(mut fields) = thrown.write_lock::<rhai::Map>()
    {
        fields.insert("output".into(), Dynamic::from(Results(output.into())));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn the_code_and_class_that_exchange_online_writes_first_are_not_for_people() {
        // The form is facts/exchange-today.md 2.6's.
        let raw =
            "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|no 'x' here | there";
        assert_eq!(plain(raw), "no 'x' here | there");
        assert_eq!(plain("either|or|nothing"), "either|or|nothing");
        assert_eq!(plain("Example|SomeException|text"), "Example|SomeException|text");
    }
}
