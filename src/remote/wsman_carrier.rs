//! One shell on a WS-Management server: its operations as futures that end in an answer or an error.
//!
//! Time-outs of Receive and waits that the server asks for are dealt with here. What the bytes of streams mean, when
//! to ask and when to stop is the business of `psrp_link`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use uuid::Uuid;

use super::{Operation, RemoteError, SessionObserver};
use crate::transport::{Answer, HttpClient, Url};
use crate::wsman::{
    ClientContext, CommandId, Fault, FaultClass, FaultCode, Received, ResponseBody, WsmanError, parse_response,
};

/// How much longer HTTP waits than the server may work.
const HTTP_MARGIN: Duration = Duration::from_secs(30);
/// A server that reports a time-out sooner than this is not asked again at once.
const TIMEOUT_FASTEST: Duration = Duration::from_millis(50);
/// The longest single wait that a server may ask for, and how often it may ask.
const THROTTLE_MAX: Duration = Duration::from_secs(60);
const THROTTLES_MAX: u32 = 5;

/// A shell, and how to reach it.
pub(super) struct WsmanCarrier {
    pub(super) http: HttpClient,
    pub(super) url: Url,
    pub(super) context: ClientContext,
    pub(super) user: String,
    pub(super) cancel_timeout: Duration,
    pub(super) observer: Arc<dyn SessionObserver>,
    envelope_bytes: AtomicU32,
}

impl WsmanCarrier {
    pub(super) fn new(
        http: HttpClient,
        url: Url,
        context: ClientContext,
        user: &str,
        cancel_timeout: Duration,
        observer: Arc<dyn SessionObserver>,
    ) -> Self {
        let envelope_bytes = AtomicU32::new(ClientContext::ENVELOPE_BYTES_OLD);
        Self { http, url, context, user: user.to_owned(), cancel_timeout, observer, envelope_bytes }
    }

    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// How many raw bytes fit into the next request.
    pub(super) fn room(&self) -> usize {
        self.context.room(self.envelope_bytes.load(Ordering::Relaxed))
    }

    /// The server is new enough for large envelopes.
    pub(super) fn allow_large_envelopes(&self) {
        self.envelope_bytes.store(ClientContext::ENVELOPE_BYTES_DEFAULT, Ordering::Relaxed);
    }

    fn operation_limit(&self) -> Duration {
        self.context.operation_timeout.saturating_add(HTTP_MARGIN)
    }

    /// Starts a command; gives the identifier that the server uses for it.
    pub(super) async fn command(&self, id: Uuid, line: &str, arguments: &[u8]) -> Result<CommandId, RemoteError> {
        let own = CommandId::from_uuid(id);
        let request = || self.context.command(Uuid::new_v4(), &own, line, arguments);
        match self.patiently(Operation::Start, self.operation_limit(), request).await? {
            ResponseBody::CommandStarted(id) => Ok(id),
            other => Err(self.unexpected(Operation::Start, &other)),
        }
    }

    pub(super) async fn send(&self, command: Option<&CommandId>, stream: &str, data: &[u8]) -> Result<(), RemoteError> {
        let request = || self.context.send(Uuid::new_v4(), command, stream, data);
        match self.patiently(Operation::Send, self.operation_limit(), request).await? {
            ResponseBody::Sent | ResponseBody::Empty => Ok(()),
            other => Err(self.unexpected(Operation::Send, &other)),
        }
    }

    /// Waits until something comes, however often the server says that nothing came in time.
    pub(super) async fn receive(&self, command: Option<&CommandId>) -> Result<Received, RemoteError> {
        loop {
            let asked = Instant::now();
            let request = || self.context.receive(Uuid::new_v4(), command);
            match self.patiently(Operation::Receive, self.operation_limit(), request).await {
                // a server that answers with nothing would have us ask for ever, and fast
                Ok(ResponseBody::Received(received)) if says_nothing(&received) => pause(asked).await,
                Ok(ResponseBody::Received(received)) => return Ok(received),
                Ok(other) => return Err(self.unexpected(Operation::Receive, &other)),
                Err(RemoteError::Fault { fault, .. }) if fault.is_timeout() => pause(asked).await,
                Err(other) => return Err(other),
            }
        }
    }

    pub(super) async fn signal(&self, command: &CommandId, code: &str) -> Result<(), RemoteError> {
        let request = self.context.signal(Uuid::new_v4(), command, code);
        match self.once(Operation::Stop, request, self.cancel_timeout).await? {
            ResponseBody::Signaled | ResponseBody::Empty => Ok(()),
            other => Err(self.unexpected(Operation::Stop, &other)),
        }
    }

    pub(super) async fn delete(&self, limit: Duration) -> Result<(), RemoteError> {
        let request = self.context.delete(Uuid::new_v4());
        match self.once(Operation::Close, request, limit.min(self.cancel_timeout)).await {
            Ok(_) => Ok(()),
            Err(problem) if problem.is_session_dead() => Ok(()),
            Err(problem) => Err(problem),
        }
    }

    /// Sends again what the server refused only because it is busy: a refused request was not executed.
    async fn patiently(
        &self,
        operation: Operation,
        limit: Duration,
        request: impl Fn() -> Vec<u8>,
    ) -> Result<ResponseBody, RemoteError> {
        let mut throttled = 0;
        loop {
            match self.once(operation, request(), limit).await {
                Err(RemoteError::Fault { fault, .. })
                    if fault.class() == FaultClass::Wait && throttled < THROTTLES_MAX =>
                {
                    throttled += 1;
                    let wait = throttle(&fault, throttled);
                    self.observer.throttled(wait, &fault.message);
                    tokio::time::sleep(wait).await;
                }
                other => return other,
            }
        }
    }

    async fn once(&self, operation: Operation, request: Vec<u8>, limit: Duration) -> Result<ResponseBody, RemoteError> {
        let answer = self
            .http
            .post(&self.url, Bytes::from(request), limit)
            .await
            .map_err(|source| RemoteError::Transport { operation, source })?;
        read_answer(operation, self.host(), &self.user, &answer, self.context.compression)
    }

    fn unexpected(&self, operation: Operation, body: &ResponseBody) -> RemoteError {
        unexpected(operation, self.host(), body)
    }
}

fn says_nothing(received: &Received) -> bool {
    received.state.is_none() && received.streams.iter().all(|chunk| chunk.data.is_empty() && !chunk.end)
}

async fn pause(asked: Instant) {
    if let Some(early) = TIMEOUT_FASTEST.checked_sub(asked.elapsed()) {
        tokio::time::sleep(early).await;
    }
}

/// How long to wait before asking a busy server again.
fn throttle(fault: &Fault, times: u32) -> Duration {
    match fault.wait_milliseconds() {
        Some(milliseconds) => Duration::from_millis(milliseconds).min(THROTTLE_MAX),
        None => Duration::from_millis(500 << times.min(6)),
    }
}

pub(super) fn unexpected(operation: Operation, host: &str, body: &ResponseBody) -> RemoteError {
    let found = match body {
        ResponseBody::Created(_) => "the answer to Create",
        ResponseBody::CommandStarted(_) => "the answer to Command",
        ResponseBody::Received(_) => "the answer to Receive",
        ResponseBody::Sent => "the answer to Send",
        ResponseBody::Signaled => "the answer to Signal",
        ResponseBody::Empty => "an empty body",
        ResponseBody::Fault(_) => "a fault",
        ResponseBody::Other(name) => name,
    };
    RemoteError::UnexpectedAnswer { operation, host: host.to_owned(), found: found.to_owned() }
}

/// What an HTTP answer says: a body to work with, or why there is none.
pub(super) fn read_answer(
    operation: Operation,
    host: &str,
    user: &str,
    answer: &Answer,
    compression: crate::wsman::Compression,
) -> Result<ResponseBody, RemoteError> {
    let host = host.to_owned();
    if answer.status == 401 {
        return Err(RemoteError::SignInRefused { host, user: user.to_owned(), offered: answer.challenges.clone() });
    }
    let parsed = parse_response(&answer.body, compression).map(|response| response.body);
    match parsed {
        Ok(ResponseBody::Fault(fault)) => Err(RemoteError::Fault { operation, host, fault }),
        Ok(body) if (200..300).contains(&answer.status) => Ok(body),
        // Exchange deletes shells with an empty answer now and then
        Err(WsmanError::Empty) if (200..300).contains(&answer.status) && operation == Operation::Close => {
            Ok(ResponseBody::Empty)
        }
        Err(problem) if (200..300).contains(&answer.status) => Err(RemoteError::Answer { operation, host, problem }),
        Err(WsmanError::NotSoap { excerpt, .. }) => {
            Err(RemoteError::Http { operation, host, status: answer.status, text: excerpt })
        }
        Ok(_) | Err(_) => Err(RemoteError::Http { operation, host, status: answer.status, text: String::new() }),
    }
}

/// Whether a fault of one command's Receive ends only that command.
pub(super) fn ends_command_only(fault: &Fault) -> bool {
    matches!(fault.code, Some(FaultCode::OPERATION_ABORTED | FaultCode::COMMAND_TERMINATED))
        || fault.class() != FaultClass::SessionDead
}
