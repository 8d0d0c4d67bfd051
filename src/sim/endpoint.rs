//! The WS-Management endpoint: shells, commands, streams. Joins the `wsman` and `psrp` server roles.
//!
//! HTTP before SOAP is the listener's; what a pipeline does is the runspace's.

mod answer;
mod shell;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::Response;
use hyper::header::COOKIE;
use hyper::http::request::Parts;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::SimUser;
use super::counters::Tally;
use super::fault::{FaultKind, FaultOperation};
use super::listener::{Body, Connection};
use super::org::full;
use super::rbac;
use super::runspace::{Runspace, Terms, too_many_sessions};
use super::simulator::Site;
use crate::psrp::{PROTOCOL_2_3, StreamName, Target};
use crate::wsman::{
    Action, CommandId, CreateShell, RequestBody, RequestHeader, SHELL_PREFIX, STOP_SIGNAL, ServerRequest, ShellId,
    StreamChunk, parse_request,
};
use answer::{Refusal, Reply};
use shell::Shell;

/// An answer waits at most so long, whatever the client's OperationTimeout says.
const WAIT_MAX: Duration = Duration::from_secs(180);
/// What a client takes that does not say how much.
const ENVELOPE_BYTES: u32 = 153_600;
/// A smaller envelope has no room for anything.
const ENVELOPE_BYTES_MIN: u32 = 8_192;
const CONFIGURATION: &str = "Microsoft.Exchange";

/// All shells of a simulator.
pub(crate) struct Endpoint {
    site: Arc<Site>,
    /// `X-BackEndCookie=…`, which leads a request to the server behind the balancer that has the shell.
    cookie: String,
    shells: Mutex<HashMap<ShellId, Arc<Shell>>>,
}

/// Of one request, what its parts look at.
struct Asked<'a> {
    connection: &'a Connection,
    user: &'a SimUser,
    head: &'a Parts,
    request: &'a ServerRequest,
}

impl Endpoint {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        let cookie = format!("X-BackEndCookie={}", Uuid::new_v4().simple());
        Self { site, cookie, shells: Mutex::new(HashMap::new()) }
    }

    fn shells(&self) -> std::sync::MutexGuard<'_, HashMap<ShellId, Arc<Shell>>> {
        self.shells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes expired shells until `stop`.
    pub(crate) async fn sweep(self: Arc<Self>, stop: CancellationToken) {
        let idle = self.site.options.idle_timeout;
        let pause = (idle / 4).clamp(Duration::from_millis(20), Duration::from_secs(15));
        while tokio::time::timeout(pause, stop.cancelled()).await.is_err() {
            let expired: Vec<Arc<Shell>> =
                self.shells().values().filter(|shell| shell.idle() > idle).cloned().collect();
            for shell in expired {
                if self.remove(&shell.id) {
                    Tally::add(&self.site.tally.shells_expired);
                }
            }
        }
    }

    /// Ends every shell.
    pub(crate) fn close_all(&self) {
        let all: Vec<ShellId> = self.shells().keys().cloned().collect();
        for id in all {
            self.remove(&id);
        }
    }

    fn remove(&self, id: &ShellId) -> bool {
        let Some(shell) = self.shells().remove(id) else { return false };
        shell.runspace.close();
        Tally::sub(&self.site.tally.open_shells);
        true
    }

    /// Answers one request of a user who signed in; an error closes the connection without an answer.
    pub(crate) async fn answer(
        &self,
        connection: &Connection,
        user: &SimUser,
        head: &Parts,
        body: Bytes,
    ) -> Result<Response<Body>, std::io::Error> {
        let compression = |id: &ShellId| self.shells().get(id).map(|shell| shell.compression).unwrap_or_default();
        let request = match parse_request(&body, compression) {
            Ok(request) => request,
            Err(error) => return Ok(answer::unreadable(&error)),
        };
        let fault = self.site.faults.next(&operations(&request));
        let asked = Asked { connection, user, head, request: &request };
        let Some(fault) = fault else { return Ok(self.serve(&asked).await.respond(&request.header.message_id)) };
        Tally::add(&self.site.tally.faults_played);
        self.play(fault, &asked).await
    }

    /// Serves a request that the fault plan has something for.
    async fn play(&self, fault: FaultKind, asked: &Asked<'_>) -> Result<Response<Body>, std::io::Error> {
        let relates_to = &asked.request.header.message_id;
        let gone = || asked.request.header.shell().map(|id| self.remove(&id));
        let refusal = match fault {
            FaultKind::Close | FaultKind::Reset => {
                asked.connection.abort(fault == FaultKind::Reset);
                return Err(std::io::Error::other("the fault plan closes this connection"));
            }
            FaultKind::Stall(span) => {
                tokio::time::sleep(span.unwrap_or(Duration::from_secs(24 * 3600))).await;
                return Ok(self.serve(asked).await.respond(relates_to));
            }
            FaultKind::Unavailable => return Ok(answer::unavailable()),
            FaultKind::Html => return Ok(answer::html()),
            FaultKind::Truncate => return Ok(self.serve(asked).await.respond_truncated(relates_to)),
            FaultKind::Slow(pause) => return Ok(self.serve(asked).await.respond_slowly(relates_to, pause)),
            FaultKind::Duplicate | FaultKind::Reorder => {
                if let Some(shell) = asked.request.header.shell().and_then(|id| self.shells().get(&id).cloned()) {
                    shell.disorder(fault);
                }
                return Ok(self.serve(asked).await.respond(relates_to));
            }
            FaultKind::MicroDelay(delay) => {
                if let Some(shell) = asked.request.header.shell().and_then(|id| self.shells().get(&id).cloned()) {
                    shell.runspace.delay_next(delay);
                }
                return Ok(self.serve(asked).await.respond(relates_to));
            }
            FaultKind::GoneShell => {
                gone();
                Refusal::gone_shell(asked.request.header.shell().as_ref())
            }
            FaultKind::LostCookie => Refusal::lost_cookie(),
            FaultKind::Quota => {
                Tally::add(&self.site.tally.shells_refused);
                Refusal::too_many_shells(self.site.options.sessions_per_user)
            }
            FaultKind::LoadQuota(wait) => Refusal::load_quota(wait),
        };
        Ok(Reply::Fault(refusal).respond(relates_to))
    }

    async fn serve(&self, asked: &Asked<'_>) -> Reply {
        let header = &asked.request.header;
        if header.envelope_bytes_max.is_some_and(|bytes| bytes < ENVELOPE_BYTES_MIN) {
            return Reply::Fault(Refusal::envelope_too_small());
        }
        if let RequestBody::Create(create) = &asked.request.body {
            return self.create(asked, create);
        }
        let shell = match self.shell_of(asked) {
            Ok(shell) => shell,
            Err(refusal) => return Reply::Fault(refusal),
        };
        shell.touch(asked.connection.id);
        let reply = match &asked.request.body {
            RequestBody::Command { command, arguments, .. } => command_started(&shell, command.as_ref(), arguments),
            RequestBody::Send { streams } => sent(&shell, streams),
            RequestBody::Receive { command, .. } => self.receive(asked, &shell, command.as_ref()).await,
            RequestBody::Signal { command, code } => signaled(&shell, command.as_ref(), code),
            RequestBody::Delete => {
                if self.remove(&shell.id) {
                    Tally::add(&self.site.tally.shells_deleted);
                }
                Reply::Deleted
            }
            RequestBody::Create(_) | RequestBody::Get | RequestBody::Other(_) => {
                Reply::Fault(Refusal::unknown_action(&header.action_uri))
            }
        };
        shell.touch(asked.connection.id);
        reply
    }

    /// The shell that a request is for, if it is the user's own and the cookie came back.
    fn shell_of(&self, asked: &Asked<'_>) -> Result<Arc<Shell>, Refusal> {
        let header = &asked.request.header;
        if header.action().is_none() {
            return Err(Refusal::unknown_action(&header.action_uri));
        }
        let Some(id) = header.shell() else { return Err(Refusal::gone_shell(None)) };
        let found = self.shells().get(&id).cloned();
        let Some(shell) = found.filter(|shell| shell.owner.eq_ignore_ascii_case(asked.user.credential.user_name()))
        else {
            return Err(Refusal::gone_shell(Some(&id)));
        };
        if self.site.options.require_cookie && !has_cookie(asked.head, &self.cookie) {
            return Err(Refusal::lost_cookie());
        }
        Ok(shell)
    }

    fn create(&self, asked: &Asked<'_>, create: &CreateShell) -> Reply {
        let header = &asked.request.header;
        let configuration = header.resource_uri.strip_prefix(SHELL_PREFIX);
        if !configuration.is_some_and(|name| name.eq_ignore_ascii_case(CONFIGURATION)) {
            return Reply::Fault(Refusal::unknown_configuration(&header.resource_uri));
        }
        if !rbac::is_anyone(&asked.user.role_groups) {
            return Reply::Fault(Refusal::no_roles(asked.user.credential.user_name()));
        }
        let Some(creation) = &create.creation else { return Reply::Fault(Refusal::unknown_configuration("")) };
        if create.idle_timeout.is_some_and(|wanted| wanted > Duration::from_secs(15 * 60)) {
            return Reply::Fault(Refusal::idle_timeout());
        }
        let owner = asked.user.credential.user_name();
        let allowed = self.site.options.sessions_per_user;
        let mut shells = self.shells();
        let own = shells.values().filter(|shell| shell.owner.eq_ignore_ascii_case(owner)).count();
        let refusal = (own >= allowed).then(|| too_many_sessions(allowed));
        // The refused shell is told its pool's state once and may stay until then; beyond that it is a fault.
        if own > allowed {
            Tally::add(&self.site.tally.shells_refused);
            return Reply::Fault(Refusal::too_many_shells(allowed));
        }
        if refusal.is_some() {
            Tally::add(&self.site.tally.shells_refused);
        }
        let id = create.id.clone().unwrap_or_else(|| ShellId::from_uuid(Uuid::new_v4()));
        if shells.contains_key(&id) {
            return Reply::Fault(Refusal::shell_exists(&id));
        }
        let full = asked.head.uri.query().is_some_and(full::asked_for);
        let terms = Terms { protocol: PROTOCOL_2_3, envelope_bytes: room(header), full };
        let runspace = Runspace::new(Arc::clone(&self.site), asked.user.clone(), &terms, refusal);
        let bytes = Bytes::copy_from_slice(creation);
        if let Err(error) = runspace.handle(Target::Pool, StreamName::Default, bytes) {
            return Reply::Fault(Refusal::protocol(&error));
        }
        let shell = Arc::new(Shell::new(id.clone(), owner, runspace, header.compression));
        shell.touch(asked.connection.id);
        shells.insert(id.clone(), Arc::clone(&shell));
        drop(shells);
        Tally::add(&self.site.tally.open_shells);
        Tally::add(&self.site.tally.shells_created);
        Reply::Created {
            shell,
            cookie: self.cookie.clone(),
            resource_uri: header.resource_uri.clone(),
            to: header.to.clone(),
            idle: self.site.options.idle_timeout,
        }
    }

    async fn receive(&self, asked: &Asked<'_>, shell: &Arc<Shell>, command: Option<&CommandId>) -> Reply {
        let header = &asked.request.header;
        let target = match command {
            None => Target::Pool,
            Some(command) => match shell.pipeline(command) {
                Some(id) => Target::Pipeline(id),
                None => return Reply::Fault(Refusal::unknown_command(command)),
            },
        };
        let room = room(header);
        let asked_for = header.operation_timeout.unwrap_or(WAIT_MAX).min(WAIT_MAX);
        let start = Instant::now();
        loop {
            let news = shell.runspace.output().notified();
            tokio::pin!(news);
            // Registered before looking, so that nothing that comes in between is missed.
            news.as_mut().enable();
            let taken = shell.take(target, room);
            let is_there = self.shells().contains_key(&shell.id);
            if !taken.fragments.is_empty() || taken.done && command.is_some() && is_there {
                let (command, compression) = (command.cloned(), shell.compression);
                return Reply::Received { command, fragments: taken.fragments, done: taken.done, compression };
            }
            if taken.done || !is_there {
                return Reply::Fault(Refusal::gone_shell(Some(&shell.id)));
            }
            let patience = if shell.has_one_connection() { self.site.options.receive_wait } else { asked_for };
            let left = patience.min(asked_for).saturating_sub(start.elapsed());
            if left.is_zero() {
                return Reply::Fault(Refusal::timed_out());
            }
            // Either way round again: the time may be up, or there is something.
            let _ = tokio::time::timeout(left, news).await;
        }
    }
}

fn command_started(shell: &Shell, command: Option<&CommandId>, arguments: &[u8]) -> Reply {
    let command = command.cloned().unwrap_or_else(|| CommandId::from_uuid(Uuid::new_v4()));
    let Some(id) = command.to_uuid() else { return Reply::Fault(Refusal::unknown_command(&command)) };
    if !shell.begin(&command, id) {
        return Reply::Fault(Refusal::command_exists(&command));
    }
    let bytes = Bytes::copy_from_slice(arguments);
    if let Err(error) = shell.runspace.handle(Target::Pipeline(id), StreamName::Default, bytes) {
        return Reply::Fault(Refusal::protocol(&error));
    }
    Reply::CommandStarted(command)
}

fn sent(shell: &Shell, streams: &[StreamChunk]) -> Reply {
    for chunk in streams {
        let target = match &chunk.command {
            None => Target::Pool,
            Some(command) => match shell.pipeline(command) {
                Some(id) => Target::Pipeline(id),
                None => return Reply::Fault(Refusal::unknown_command(command)),
            },
        };
        let stream = if chunk.name == "pr" { StreamName::PromptResponse } else { StreamName::Default };
        if shell.is_over(target) {
            continue;
        }
        if let Err(error) = shell.runspace.handle(target, stream, chunk.data.clone()) {
            return Reply::Fault(Refusal::protocol(&error));
        }
    }
    Reply::Sent
}

fn signaled(shell: &Shell, command: Option<&CommandId>, code: &str) -> Reply {
    let Some(command) = command else { return Reply::Signaled };
    let Some(id) = shell.pipeline(command) else { return Reply::Fault(Refusal::unknown_command(command)) };
    shell.runspace.stop(id);
    // Any other code than the stop signal closes the command.
    if code != STOP_SIGNAL {
        shell.end(command);
        shell.runspace.close_pipeline(id);
    }
    Reply::Signaled
}

/// Room for stream elements in the envelope of an answer.
fn room(header: &RequestHeader) -> usize {
    header.envelope_bytes_max.unwrap_or(ENVELOPE_BYTES).max(ENVELOPE_BYTES_MIN).saturating_sub(2_048) as usize
}

fn operations(request: &ServerRequest) -> Vec<FaultOperation> {
    match (request.header.action(), &request.body) {
        (Some(Action::Create), _) => vec![FaultOperation::Create],
        (Some(Action::Command), _) => vec![FaultOperation::Command],
        (Some(Action::Send), _) => vec![FaultOperation::Send],
        (Some(Action::Signal), _) => vec![FaultOperation::Signal],
        (Some(Action::Delete), _) => vec![FaultOperation::Delete],
        (_, RequestBody::Receive { command: None, .. }) => vec![FaultOperation::Receive],
        (_, RequestBody::Receive { command: Some(_), .. }) => vec![FaultOperation::Receive, FaultOperation::Output],
        _ => Vec::new(),
    }
}

fn has_cookie(head: &Parts, wanted: &str) -> bool {
    let cookies = head.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).any(|cookie| cookie.trim() == wanted)
}
