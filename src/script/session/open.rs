//! `new_session`: from a URI, a credential and options to a live session, the demo organization included.
//!
//! What is refused before a password is sent is `remote`'s business.

use std::sync::Arc;

use rhai::{Dynamic, Map};

use crate::psrp::{HostDefaultData, HostSize};
use crate::remote::options::ConnectOptions;
use crate::remote::{ConnectionRequest, RemoteError};
use crate::secret::Credential;
use crate::sim::{Clock, Release, SimOptions, Simulator, Size};

use super::super::call::trouble;
use super::super::failure::Failure;
use super::super::outcome::ErrorKind;
use super::super::state::{RhaiResult, State, lock};
use super::Session;
use super::options::connect_options;
use super::person::Person;

/// The URI of the organization inside this process.
const DEMO: &str = "demo:";

/// Opens a session.
pub(in crate::script) fn open(
    state: &Arc<State>,
    uri: &str,
    credential: &Dynamic,
    options: Map,
) -> RhaiResult<Session> {
    let mut connect = state.connect_options();
    // Also where nobody sits before it: what a server writes is to be seen, and its questions are refused in words.
    connect.screen = Some(HostDefaultData::terminal(HostSize { width: 120, height: 50 }));
    connect_options(options, &mut connect)?;
    let credential = as_credential(credential)?;
    let is_demo = uri.starts_with(DEMO);
    let (uri, credential) = if is_demo { demo(state, uri, credential)? } else { (uri.to_owned(), credential) };
    connect_to(state, ConnectionRequest { uri, credential, options: connect }, is_demo)
}

fn as_credential(value: &Dynamic) -> RhaiResult<Option<Credential>> {
    if value.is_unit() {
        return Ok(None);
    }
    match value.read_lock::<Credential>() {
        Some(credential) => Ok(Some(credential.clone())),
        None => {
            Err(Failure::script(format!("new_session takes a credential, not a value of type {}", value.type_name()))
                .hint("get_credential() asks for one")
                .into())
        }
    }
}

fn connect_to(state: &Arc<State>, request: ConnectionRequest, is_demo: bool) -> RhaiResult<Session> {
    let person = Arc::new(Person::new(state));
    let sessions = state.sessions.clone();
    let again = request.clone();
    let connected = state.wait(async move { sessions.connect(request, person).await })?;
    let remote = connected.map_err(|error| explain(state, &error))?;
    let session = Session::new(remote, again, is_demo);
    state.open_sessions().push(session.clone());
    Ok(session)
}

fn explain(state: &State, error: &RemoteError) -> Failure {
    let failure = trouble(error);
    match error {
        error if error.is_session_too_many() => {
            let open: Vec<String> = state.open_sessions().iter().map(Session::label).collect();
            failure.hint(if open.is_empty() {
                "none is open here: other programs of the same user hold them".to_owned()
            } else {
                format!("open here: {}", open.join(", "))
            })
        }
        RemoteError::NoCredential => failure.hint("give new_session the result of get_credential()"),
        RemoteError::SignInRefused { .. } => failure.with("category", "AuthenticationError"),
        _ => failure,
    }
}

/// A demo organization's address, started on first use, and somebody who may sign in there.
fn demo(state: &Arc<State>, uri: &str, credential: Option<Credential>) -> RhaiResult<(String, Option<Credential>)> {
    let credential = credential.unwrap_or_else(demo_credential);
    let mut demo = lock(&state.demo);
    // Whoever does not say which takes the one that is there.
    let fits = |known: &str| known == uri || uri == DEMO;
    if let Some((_, running)) = demo.iter().find(|(known, _)| fits(known)) {
        return Ok((running.url().to_owned(), Some(credential)));
    }
    let options = demo_options(uri)?;
    let started = state.wait(async move { Simulator::start(options).await })?;
    let running = started
        .map_err(|error| Failure::new(ErrorKind::Network, format!("the demo organization did not start: {error}")))?;
    let url = running.url().to_owned();
    tracing::info!(url, "demo organization started");
    demo.push((uri.to_owned(), running));
    Ok((url, Some(credential)))
}

/// `demo:`, `demo:mailboxes=1000,seed=2` or `demo:size=company,release=online`.
fn demo_options(uri: &str) -> RhaiResult<SimOptions> {
    let mut options = SimOptions::default();
    let mut mailboxes = None;
    let given = uri.strip_prefix(DEMO).unwrap_or_default().trim_start_matches(['/', '?']);
    for part in given.split([',', '&', ';']).filter(|part| !part.is_empty()) {
        let wrong = || {
            Failure::script(format!("{part} is no option of demo:"))
                .hint("write demo:mailboxes=1000,seed=2 or demo:size=company,release=online")
        };
        let (name, value) = part.split_once('=').ok_or_else(wrong)?;
        match name.trim().to_ascii_lowercase().as_str() {
            "mailboxes" => mailboxes = Some(value.trim().parse().map_err(|_| wrong())?),
            "seed" => options.seed = value.trim().parse().map_err(|_| wrong())?,
            "size" => options.size = Size::from_name(value.trim()).ok_or_else(wrong)?,
            "release" => options.release = Release::from_name(value.trim()).ok_or_else(wrong)?,
            // Its clock stands still then, so that what it says can be printed in a book.
            "now" => options.clock = Clock::fixed(value.trim().parse().map_err(|_| wrong())?),
            _ => return Err(wrong().into()),
        }
    }
    options.mailboxes = mailboxes.unwrap_or(options.size.mailboxes());
    Ok(options)
}

/// Who may sign in to the demo organization.
pub(super) fn demo_credential() -> Credential {
    Credential::new(SimOptions::ADMIN, SimOptions::PASSWORD.into())
}

impl State {
    /// What new sessions begin with, before the script's own options.
    fn connect_options(&self) -> ConnectOptions {
        let policy = &self.policy;
        ConnectOptions {
            basic_enabled: policy.basic_enabled,
            allow_unencrypted: policy.allow_unencrypted,
            trace: policy.trace.clone(),
            ..ConnectOptions::default()
        }
    }
}
