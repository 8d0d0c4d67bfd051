//! The person in front, as a session sees them: warnings go to them, the server's questions are answered by them.
//!
//! Without a terminal every question is refused; nothing is ever assumed.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::clixml::{Base, PsObject, PsValue, SecureText, TypeNames};
use crate::psrp::{HostCall, HostMethod, HostReply};
use crate::remote::SessionObserver;
use crate::secret::{Credential, SecretString};

use super::super::state::{State, lock};
use super::super::ui::{Answer, Choice, MessageKind, Ui};
use super::super::value::{credential_value, whole_number};

/// Hears and answers for a session.
pub(super) struct Person {
    ui: Arc<dyn Ui>,
    /// Where other threads look before they ask the server for more.
    busy: Arc<Mutex<Option<Instant>>>,
}

impl Person {
    pub(super) fn new(state: &State) -> Self {
        Self { ui: state.ui.clone(), busy: state.busy.clone() }
    }
}

impl SessionObserver for Person {
    fn warning(&self, text: &str) {
        self.ui.message(MessageKind::Warning, text);
    }

    fn redirected(&self, uri: &str) {
        self.ui.message(MessageKind::Warning, &format!("the connection has been redirected to {uri}"));
    }

    fn throttled(&self, wait: Duration, reason: &str) {
        let until = Instant::now() + wait;
        let mut busy = lock(&self.busy);
        *busy = Some(busy.map_or(until, |known| known.max(until)));
        drop(busy);
        let text = format!("the server is busy; trying again in {} seconds ({reason})", wait.as_secs().max(1));
        self.ui.message(MessageKind::Warning, &text);
    }

    fn reconnecting(&self, attempt: u32, reason: &str) {
        self.ui.message(MessageKind::Warning, &format!("no connection ({reason}); attempt {}", attempt + 1));
    }

    fn host_call(&self, call: &HostCall) -> HostReply {
        match self.answer(call) {
            Some(value) => HostReply::Value(value),
            None if self.ui.is_interactive() => HostReply::refused("the question was not answered"),
            None => HostReply::refused(
                "nobody is there to answer; --yes answers yes, and so does Confirm: false in the call",
            ),
        }
    }
}

impl Person {
    /// The answer, or nothing when the question is left unanswered.
    fn answer(&self, call: &HostCall) -> Option<PsValue> {
        let text = |index: usize| call.parameters.get(index).map(text_of).unwrap_or_default();
        let interactive = self.ui.is_interactive();
        match call.method {
            HostMethod::GetName => Some("exsh".into()),
            HostMethod::GetVersion => env!("CARGO_PKG_VERSION").parse().ok().map(PsValue::Version),
            HostMethod::Write1 | HostMethod::WriteLine2 => self.say(MessageKind::Information, &text(0)),
            HostMethod::Write2 | HostMethod::WriteLine3 => self.say(MessageKind::Information, &text(2)),
            HostMethod::WriteErrorLine | HostMethod::WriteWarningLine => self.say(MessageKind::Warning, &text(0)),
            HostMethod::WriteVerboseLine => self.say(MessageKind::Verbose, &text(0)),
            HostMethod::WriteDebugLine => self.say(MessageKind::Debug, &text(0)),
            _ if !interactive => None,
            HostMethod::ReadLine => self.ui.ask_line("").map(PsValue::from),
            HostMethod::ReadLineAsSecureString => self.ui.ask_secret("").map(secure),
            HostMethod::PromptForChoice => {
                let chosen = self.ui.ask_choice(&choice(&text(0), &text(1), call))?;
                i32::try_from(chosen).ok().map(PsValue::I32)
            }
            HostMethod::PromptForCredential1 | HostMethod::PromptForCredential2 => {
                self.credential(&text(0), &text(1), &text(2))
            }
            HostMethod::Prompt => self.fields(&text(0), &text(1), call.parameters.get(2)?),
            _ => None,
        }
    }

    fn say(&self, kind: MessageKind, text: &str) -> Option<PsValue> {
        self.ui.message(kind, text);
        None
    }

    fn announce(&self, caption: &str, message: &str) {
        for text in [caption, message].into_iter().filter(|text| !text.is_empty()) {
            self.ui.message(MessageKind::Status, text);
        }
    }

    fn credential(&self, caption: &str, message: &str, user: &str) -> Option<PsValue> {
        self.announce(caption, message);
        let user = if user.is_empty() { self.ui.ask_line("User: ")? } else { user.to_owned() };
        let password = self.ui.ask_secret(&format!("Password for user {user}: "))?;
        Some(credential_value(&Credential::new(&user, password)))
    }

    /// [MS-PSRP] 2.2.3.2, several named values in one question; the answer is a dictionary.
    fn fields(&self, caption: &str, message: &str, fields: &PsValue) -> Option<PsValue> {
        self.announce(caption, message);
        let mut entries = Vec::new();
        for field in items(fields) {
            let field = field.as_object()?.clone();
            let part = |name: &str| field.get(name).as_ref().map(text_of).unwrap_or_default();
            let kind = part("parameterTypeFullName");
            let value = if kind == "System.Security.SecureString" {
                secure(self.ui.ask_secret(&format!("{}: ", part("name")))?)
            } else {
                typed(&kind, self.ui.ask_line(&format!("{}: ", part("name")))?)
            };
            entries.push((PsValue::from(part("name")), value));
        }
        let types = TypeNames::new(["System.Collections.Hashtable", "System.Object"]);
        Some(PsObject::builder().types(types).base(Base::Dictionary(entries.into())).build().into())
    }
}

fn choice(caption: &str, message: &str, call: &HostCall) -> Choice {
    let answer = |value: PsValue| {
        let part = |name: &str| value.as_object().and_then(|object| object.get(name)).as_ref().map(text_of);
        Answer { label: part("label").unwrap_or_default(), help: part("helpMessage").unwrap_or_default() }
    };
    let default = call.parameters.get(3).and_then(whole_number);
    Choice {
        caption: caption.to_owned(),
        message: message.to_owned(),
        answers: call.parameters.get(2).map(items).unwrap_or_default().into_iter().map(answer).collect(),
        default: default.and_then(|index| usize::try_from(index).ok()),
    }
}

fn secure(secret: SecretString) -> PsValue {
    PsValue::SecureString(SecureText::Plain(Arc::new(secret)))
}

/// What was typed, as the number it was asked for; else as text, and the server decides.
fn typed(kind: &str, text: String) -> PsValue {
    match kind {
        "System.Int32" => text.trim().parse().map_or_else(|_| PsValue::from(text), PsValue::I32),
        "System.Int64" => text.trim().parse().map_or_else(|_| PsValue::from(text), PsValue::I64),
        _ => PsValue::from(text),
    }
}

fn items(value: &PsValue) -> Vec<PsValue> {
    match value.as_object().map(PsObject::base) {
        Some(Base::List(_, items)) => items.to_vec(),
        _ => Vec::new(),
    }
}

fn text_of(value: &PsValue) -> String {
    match value {
        PsValue::Null => String::new(),
        PsValue::String(text) => text.to_text().into_owned(),
        PsValue::Object(object) => object.to_string_text().map(|text| text.to_text().into_owned()).unwrap_or_default(),
        other => whole_number(other).map(|number| number.to_string()).unwrap_or_default(),
    }
}
