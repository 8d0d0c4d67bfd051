//! Answers on their way out: envelopes with their HTTP status, refusals with their numbers, and broken answers on purpose.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Frame;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, RETRY_AFTER, SET_COOKIE};
use hyper::{Response, StatusCode};
use uuid::Uuid;

use super::shell::Shell;
use crate::psrp::PsrpError;
use crate::sim::listener::{Body, body, plain};
use crate::sim::org::seed::SERVER;
use crate::wsman::{CommandId, Compression, FaultCode, ServerFault, ServerReply, ShellId, WsmanError};

/// What to answer.
pub(crate) enum Reply {
    Created { shell: Arc<Shell>, cookie: String, resource_uri: String, to: String, idle: Duration },
    CommandStarted(CommandId),
    Sent,
    Received { command: Option<CommandId>, fragments: Vec<Bytes>, done: bool, compression: Compression },
    Signaled,
    Deleted,
    Fault(Refusal),
}

impl Reply {
    fn envelope(&self, relates_to: &str) -> (StatusCode, Vec<u8>) {
        let reply = ServerReply { relates_to, message: Uuid::new_v4() };
        let bytes = match self {
            Self::Created { shell, resource_uri, to, idle, .. } => {
                reply.created(&shell.id, resource_uri, to, &shell.owner, (*idle, *idle), shell.compression)
            }
            Self::CommandStarted(command) => reply.command_started(command),
            Self::Sent => reply.sent(),
            Self::Received { command, fragments, done, compression } => {
                let chunks: Vec<&[u8]> = fragments.iter().map(AsRef::as_ref).collect();
                reply.received(command.as_ref(), &chunks, *done, *compression)
            }
            Self::Signaled => reply.signaled(),
            Self::Deleted => reply.deleted(),
            Self::Fault(refusal) => return (StatusCode::INTERNAL_SERVER_ERROR, reply.fault(&refusal.fault())),
        };
        (StatusCode::OK, bytes)
    }

    fn dressed(&self, status: StatusCode, content: Body) -> Response<Body> {
        let mut response = Response::new(content);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/soap+xml;charset=UTF-8"));
        if let Self::Created { shell, cookie, .. } = self {
            let cookies = [
                format!("{cookie}; path=/; HttpOnly"),
                format!("MS-WSMAN={}; path=/PowerShell; HttpOnly", shell.id.as_str().to_lowercase()),
            ];
            for cookie in cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
                headers.append(SET_COOKIE, cookie);
            }
        }
        response
    }

    /// The HTTP answer.
    pub(crate) fn respond(&self, relates_to: &str) -> Response<Body> {
        let (status, bytes) = self.envelope(relates_to);
        self.dressed(status, body(bytes))
    }

    /// Half of the answer, though all of it is promised.
    pub(crate) fn respond_truncated(&self, relates_to: &str) -> Response<Body> {
        let (status, bytes) = self.envelope(relates_to);
        let promised = bytes.len();
        let half = Bytes::from(bytes).slice(..promised / 2);
        let pieces = VecDeque::from([Ok(half), Err(std::io::Error::other("the fault plan cuts this answer"))]);
        // the pause sends the half on its way, which would be dropped with the connection otherwise
        let pieces = Pieces { pieces, pause: Some(Duration::from_millis(1)), sleeping: None };
        let mut response = self.dressed(status, pieces.boxed_unsync());
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(promised));
        response
    }

    /// The answer in ten pieces with a pause before each.
    pub(crate) fn respond_slowly(&self, relates_to: &str, pause: Duration) -> Response<Body> {
        let (status, bytes) = self.envelope(relates_to);
        let (promised, bytes) = (bytes.len(), Bytes::from(bytes));
        let step = promised.div_ceil(10).max(1);
        let pieces = (0..promised).step_by(step).map(|at| Ok(bytes.slice(at..(at + step).min(promised))));
        let pieces = Pieces { pieces: pieces.collect(), pause: Some(pause), sleeping: None };
        let mut response = self.dressed(status, pieces.boxed_unsync());
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(promised));
        response
    }
}

/// A body in pieces, with a pause before each.
struct Pieces {
    pieces: VecDeque<Result<Bytes, std::io::Error>>,
    pause: Option<Duration>,
    sleeping: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.sleeping.is_none()
            && let Some(pause) = self.pause
        {
            self.sleeping = Some(Box::pin(tokio::time::sleep(pause)));
        }
        if let Some(sleeping) = self.sleeping.as_mut() {
            ready!(sleeping.as_mut().poll(context));
        }
        self.sleeping = None;
        Poll::Ready(self.pieces.pop_front().map(|piece| piece.map(Frame::data)))
    }
}

/// A refusal in WS-Management's words.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    code: FaultCode,
    soap_code: &'static str,
    subcode: &'static str,
    message: String,
    from_plugin: bool,
}

impl Refusal {
    fn new(code: FaultCode, subcode: &'static str, message: impl Into<String>) -> Self {
        Self { code, soap_code: "Sender", subcode, message: message.into(), from_plugin: false }
    }

    fn fault(&self) -> ServerFault {
        ServerFault {
            code: self.code,
            soap_code: self.soap_code,
            subcode: self.subcode,
            message: self.message.clone(),
            machine: SERVER.to_owned(),
            from_plugin: self.from_plugin,
        }
    }

    /// Nothing came in time: the client asks again.
    pub(crate) fn timed_out() -> Self {
        let fault = ServerFault::timed_out(SERVER);
        Self { soap_code: fault.soap_code, ..Self::new(fault.code, fault.subcode, fault.message) }
    }

    pub(crate) fn gone_shell(id: Option<&ShellId>) -> Self {
        let message = format!(
            "[ClientAccessServer={SERVER},BackEndServer={SERVER}] [FailureCategory=WSMan-InvalidShellID] The request for \
             the Windows Remote Shell with ShellId {} failed because the shell was not found on the server.",
            id.map_or("(none)", ShellId::as_str)
        );
        Self { soap_code: "Receiver", ..Self::new(FaultCode::UNEXPECTED_SELECTORS, "w:InvalidSelectors", message) }
    }

    pub(crate) fn lost_cookie() -> Self {
        let message =
            "The request contained invalid selectors for the resource: it came without the cookie of its session.";
        Self::new(FaultCode::INVALID_SELECTORS, "w:InvalidSelectors", message)
    }

    pub(crate) fn unknown_command(id: &CommandId) -> Self {
        let message = format!("There is no command with the id {id} in this shell.");
        Self::new(FaultCode::UNEXPECTED_SELECTORS, "w:InvalidSelectors", message)
    }

    pub(crate) fn command_exists(id: &CommandId) -> Self {
        Self::new(FaultCode(87), "w:InvalidParameter", format!("There is a command with the id {id} already."))
    }

    pub(crate) fn shell_exists(id: &ShellId) -> Self {
        Self::new(FaultCode(87), "w:InvalidParameter", format!("There is a shell with the id {id} already."))
    }

    pub(crate) fn unknown_action(uri: &str) -> Self {
        let message = format!("The action {uri} is not supported by this service.");
        Self::new(FaultCode::ACTION_NOT_SUPPORTED, "a:ActionNotSupported", message)
    }

    pub(crate) fn unknown_configuration(uri: &str) -> Self {
        let message = format!("The resource URI {uri} is not served here; the configuration is Microsoft.Exchange.");
        Self::new(FaultCode::INVALID_RESOURCE_URI, "a:DestinationUnreachable", message)
    }

    pub(crate) fn envelope_too_small() -> Self {
        let message = "The MaxEnvelopeSize of the request is too small: at least 8192 bytes are needed.";
        Self::new(FaultCode(2_150_858_823), "w:EncodingLimit", message)
    }

    pub(crate) fn idle_timeout() -> Self {
        let message = "The requested IdleTimeout is outside the allowed range: at most PT900S.";
        Self::new(FaultCode::IDLE_TIMEOUT_OUT_OF_BOUNDS, "w:InvalidParameter", message)
    }

    /// Exchange's refusal of someone without any role: the plug-in's own fault.
    pub(crate) fn no_roles(user: &str) -> Self {
        let message = format!(
            "[AuthZRequestId={}] [FailureCategory=AuthZ-CmdletAccessDeniedException] The user \"{user}\" isn't assigned to \
             any management roles.",
            Uuid::new_v4()
        );
        Self {
            soap_code: "Receiver",
            from_plugin: true,
            ..Self::new(FaultCode::PLUGIN_REFUSED, "w:InternalError", message)
        }
    }

    pub(crate) fn too_many_shells(allowed: usize) -> Self {
        let message = format!(
            "This user is allowed a maximum number of {allowed} concurrent shells, which has been exceeded. Close existing \
             shells or raise the quota for this user."
        );
        Self { soap_code: "Receiver", ..Self::new(FaultCode::QUOTA_MAX_SHELLS, "w:QuotaLimit", message) }
    }

    pub(crate) fn load_quota(wait: Duration) -> Self {
        let message = format!(
            "The user load quota of 1000 requests per 2 seconds has been exceeded. Send future requests at a slower rate or \
             raise the quota for this user. The next request from this user will not be approved for at least {} milliseconds.",
            wait.as_millis()
        );
        Self { soap_code: "Receiver", ..Self::new(FaultCode::QUOTA_USER, "w:QuotaLimit", message) }
    }

    /// The client broke the remoting protocol.
    pub(crate) fn protocol(error: &PsrpError) -> Self {
        let plugin = Self::new(FaultCode::PLUGIN_REFUSED, "w:InternalError", error.to_string());
        Self { soap_code: "Receiver", from_plugin: true, ..plugin }
    }
}

/// A request that is no envelope.
pub(crate) fn unreadable(error: &WsmanError) -> Response<Body> {
    Reply::Fault(Refusal::new(FaultCode::INVALID_XML, "w:SchemaValidationError", error.to_string())).respond("")
}

/// HTTP 503, as a web server gives it while its application restarts.
pub(crate) fn unavailable() -> Response<Body> {
    let text = "<html><body><h2>503 - the service is unavailable</h2></body></html>";
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, "text/html", text);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// A page for people where a program expects SOAP.
pub(crate) fn html() -> Response<Body> {
    plain(StatusCode::OK, "text/html", "<html><head><title>Outlook</title></head><body>Sign in</body></html>")
}
