//! Real sessions as the Exchange of a script: cmdlets are looked up when first called, records come as the server sends them.
//!
//! Opening and importing go the way of `new_session`; what a cmdlet's errors do to the script is `command`'s business.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use rhai::{Dynamic, EvalAltResult, Map};

use super::super::call::{self, Heard};
use super::super::credential;
use super::super::registry::Command;
use super::super::session::{Session, offered, open, remove, views};
use super::super::state::{Ending, RhaiError, State};
use super::exchange::{Exchange, ExchangeCall, Item};
use super::fault::{Fault, Problem, Res};
use super::options::Message;
use super::sessions::{Opening, Sessions};
use super::value::{V, lock};
use super::wire::from_wire;
use crate::catalog::matches_wildcard;
use crate::catalog::{Cmdlet, canonical_key};
use crate::psrp::{Argument, CommandSpec, ErrorCategory, ErrorRecord, Record};
use crate::remote::SessionInfo;
use crate::render::view::Views;
use crate::secret::Credential;
use crate::transport::{Mail, MailServer};

/// The sessions of a host, for a PowerShell script.
pub(in crate::script) struct Live {
    state: Arc<State>,
    imports: Mutex<Vec<Import>>,
}

/// A session whose cmdlets a script may call.
#[derive(Clone)]
struct Import {
    session: Session,
    prefix: String,
    patterns: Vec<String>,
    /// What the server said of a name, by canonical key.
    known: Arc<Mutex<HashMap<String, Option<Arc<Command>>>>>,
}

impl Import {
    /// The name at the server, when the name that was called can be one of this session's.
    fn own_name(&self, called: &str) -> Option<String> {
        let name = match called.split_once('-') {
            Some((verb, noun)) if !self.prefix.is_empty() => {
                let start = noun.get(..self.prefix.len())?;
                start.eq_ignore_ascii_case(&self.prefix).then(|| format!("{verb}-{}", &noun[self.prefix.len()..]))?
            }
            _ if self.prefix.is_empty() => called.to_owned(),
            _ => return None,
        };
        let wanted = self.patterns.is_empty() || self.patterns.iter().any(|pattern| matches_wildcard(pattern, &name));
        wanted.then_some(name)
    }
}

impl Live {
    pub(in crate::script) fn new(state: &Arc<State>) -> Self {
        Self { state: state.clone(), imports: Mutex::default() }
    }

    /// Makes the cmdlets of all open sessions commands.
    pub(in crate::script) fn import_all(&self) {
        let open = self.state.open_sessions().clone();
        for session in open {
            self.add(session, "", &[]);
        }
    }

    fn add(&self, session: Session, prefix: &str, names: &[String]) {
        if views(&self.state, &session).is_err() {
            tracing::warn!("the views of a session could not be read");
        }
        let import = Import { session, prefix: prefix.to_owned(), patterns: names.to_vec(), known: Arc::default() };
        lock(&self.imports).push(import);
    }

    /// Whose cmdlet a name is.
    fn resolve(&self, name: &str) -> Option<(Session, Arc<Command>)> {
        if !name.contains('-') {
            return None;
        }
        if let Some(entry) = self.state.registry().find(name) {
            return Some((entry.session, entry.command));
        }
        let imports = lock(&self.imports).clone();
        imports.iter().rev().find_map(|import| {
            let own = import.own_name(name)?;
            let key = canonical_key(&own);
            if !lock(&import.known).contains_key(&key) {
                self.learn(import, std::slice::from_ref(&own));
            }
            let command = lock(&import.known).get(&key).cloned().flatten()?;
            Some((import.session.clone(), command))
        })
    }

    /// Asks a session what it offers under these names.
    fn learn(&self, import: &Import, names: &[String]) {
        // Else the session is gone or the script is ending: the call itself will tell.
        let Ok(said) = offered(&self.state, &import.session, names) else { return };
        let mut known = lock(&import.known);
        for name in names {
            let found = said.iter().find(|command| command.name.eq_ignore_ascii_case(name));
            known.insert(canonical_key(name), found.cloned());
        }
    }

    fn find_session(&self, id: u32) -> Option<Session> {
        self.state.open_sessions().iter().find(|session| session.remote().info().id == id).cloned()
    }
}

impl Exchange for Live {
    fn find(&self, name: &str) -> Option<Arc<Cmdlet>> {
        self.resolve(name).and_then(|(_, command)| command.cmdlet().cloned())
    }

    fn is_connected(&self) -> bool {
        !lock(&self.imports).is_empty() || !self.state.registry().is_empty()
    }

    fn add_views(&self, to: &mut Views) {
        to.add_format_data(&lock(&self.state.formats));
    }

    fn expect(&self, names: &[String]) {
        let imports = lock(&self.imports).clone();
        for import in &imports {
            let wanted: Vec<String> = names
                .iter()
                .filter(|name| name.contains('-'))
                .filter_map(|name| import.own_name(name))
                .filter(|name| !lock(&import.known).contains_key(&canonical_key(name)))
                .collect();
            if !wanted.is_empty() {
                self.learn(import, &wanted);
            }
        }
    }

    fn run(&self, wanted: &ExchangeCall, take: &mut dyn FnMut(Item) -> Res<()>) -> Res<()> {
        let Some((session, command)) = self.resolve(&wanted.name) else {
            let message = format!("the session of {} was removed", wanted.bound.cmdlet);
            return Problem::new("SessionRemoved", "InvalidOperation", message).err();
        };
        let mut spec = CommandSpec::new(command.name.as_str());
        for bound in wanted.bound.parameters.iter().filter(|bound| !bound.piped) {
            spec = spec.argument(Argument::named(bound.name.as_ref(), bound.value.clone()));
        }
        let heard: Arc<Mutex<VecDeque<Record>>> = Arc::default();
        let queue = heard.clone();
        let hear: Heard = Arc::new(move |record| lock(&queue).push_back(record));
        let started = call::listen(&self.state, &session, &command, spec, wanted.input.clone(), hear);
        let flow = match started {
            Ok(flow) => flow,
            Err(error) => return take(Item::Failure(problem(&error)?)),
        };
        loop {
            let next = flow.next();
            self.pass(&heard, take)?;
            match next {
                None => return Ok(()),
                Some(Ok(value)) => take(Item::Output(from_wire(&value)))?,
                Some(Err(error)) => return take(Item::Failure(problem(&error)?)),
            }
        }
    }
}

impl Live {
    /// Hands on what came beside the output.
    fn pass(&self, heard: &Mutex<VecDeque<Record>>, take: &mut dyn FnMut(Item) -> Res<()>) -> Res<()> {
        loop {
            let Some(record) = lock(heard).pop_front() else { return Ok(()) };
            match record {
                Record::Output(_) => {}
                Record::Error(record) => take(Item::Error(told(&record)))?,
                Record::Warning(record) => {
                    take(Item::Message(Message::Warning, record.message.to_text().into_owned()))?;
                }
                Record::Verbose(record) => {
                    take(Item::Message(Message::Verbose, record.message.to_text().into_owned()))?;
                }
                Record::Debug(record) => take(Item::Message(Message::Debug, record.message.to_text().into_owned()))?,
                Record::Information(record) => {
                    take(Item::Message(Message::Information, record.text().to_text().into_owned()))?;
                }
                Record::Progress(progress) => self.state.ui.progress(&progress),
            }
        }
    }
}

/// An error of the server as the script sees it.
fn told(record: &ErrorRecord) -> Problem {
    let id = record.fully_qualified_error_id.to_text().into_owned();
    Problem::new(id, record.category.name(), record.message().to_text().into_owned())
        .exception("System.Management.Automation.RemoteException")
        .target(from_wire(&record.target_object))
}

/// What made a call fail as a whole.
///
/// # Errors
/// The end of the script, when it was interrupted.
fn problem(error: &RhaiError) -> Res<Problem> {
    let (EvalAltResult::ErrorRuntime(thrown, _) | EvalAltResult::ErrorTerminated(thrown, _)) = &**error else {
        return Ok(Problem::new("RuntimeException", "NotSpecified", error.to_string()));
    };
    if thrown.is::<Ending>() {
        return Err(Box::new(Fault::Stopped("interrupted".to_owned())));
    }
    let Some(fields) = thrown.read_lock::<Map>() else {
        return Ok(Problem::new("RuntimeException", "NotSpecified", error.to_string()));
    };
    let text = |name: &str| fields.get(name).map(ToString::to_string).filter(|text| !text.is_empty());
    let category = text("category").and_then(|name| {
        (0..=31).map(ErrorCategory::from_number).map(ErrorCategory::name).find(|known| *known == name)
    });
    let hints = fields.get("hints").and_then(|hints| hints.as_array_ref().ok());
    let hints: String = hints.iter().flat_map(|hints| hints.iter()).map(|hint| format!("\nhint: {hint}")).collect();
    let message = text("message").unwrap_or_else(|| error.to_string());
    let id = text("error_id").unwrap_or_else(|| "RuntimeException".to_owned());
    Ok(Problem::new(id, category.unwrap_or("NotSpecified"), format!("{message}{hints}"))
        .exception("System.Management.Automation.RemoteException"))
}

/// [`problem`] where an interrupt is an error like any other.
fn plain_problem(error: &RhaiError) -> Box<Problem> {
    Box::new(problem(error).unwrap_or_else(|_| Problem::new("PipelineStopped", "OperationStopped", "interrupted")))
}

impl Sessions for Live {
    fn ask_credential(&self, user: Option<&str>, message: Option<&str>) -> Result<Option<Credential>, Box<Problem>> {
        credential::ask(&self.state, user, message).map_err(|error| plain_problem(&error))
    }

    fn open(&self, wanted: &Opening) -> Result<SessionInfo, Box<Problem>> {
        let credential = wanted.credential.clone().map_or(Dynamic::UNIT, Dynamic::from);
        let options: Map = wanted.options.iter().map(|(name, value)| (name.as_str().into(), option(value))).collect();
        let session = open(&self.state, &wanted.uri, &credential, options).map_err(|error| plain_problem(&error))?;
        Ok(session.remote().info())
    }

    fn import(&self, id: u32, prefix: &str, names: &[String]) -> Result<(), Box<Problem>> {
        let session = self.find_session(id).ok_or_else(|| {
            Box::new(Problem::new("SessionNotFound", "ObjectNotFound", format!("there is no session {id}")))
        })?;
        self.add(session, prefix, names);
        Ok(())
    }

    fn remove(&self, id: u32) -> Result<(), Box<Problem>> {
        let Some(session) = self.find_session(id) else { return Ok(()) };
        lock(&self.imports).retain(|import| !import.session.same(&session));
        remove(&self.state, &session).map_err(|error| plain_problem(&error))
    }

    fn send_mail(&self, server: &MailServer, mail: Mail) -> Result<(), String> {
        match self.state.wait(crate::transport::send_mail(server, mail)) {
            Ok(sent) => sent.map_err(|error| error.to_string()),
            Err(_) => Err("interrupted".to_owned()),
        }
    }

    fn list(&self) -> Vec<SessionInfo> {
        self.state.open_sessions().iter().map(|session| session.remote().info()).collect()
    }
}

/// An option of New-PSSession as `new_session` takes it.
fn option(value: &V) -> Dynamic {
    match value {
        V::Bool(truth) | V::Switch(truth) => (*truth).into(),
        V::Int(number) => i64::from(*number).into(),
        V::Long(number) => (*number).into(),
        V::Hash(hash) => {
            let entries = super::sessions::entries(hash);
            let map: Map = entries.iter().map(|(name, value)| (name.as_str().into(), option(value))).collect();
            map.into()
        }
        other => match super::sessions::credential_of(other) {
            Some(credential) => Dynamic::from(credential),
            None => super::text::to_string(other).into(),
        },
    }
}
