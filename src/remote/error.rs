//! What can go wrong with a session, by blame, and what its user can do about it: all hints stand here.
//!
//! Errors are cheap to clone, because one lost connection ends everything that runs on it.

use std::sync::Arc;
use std::time::Duration;

use super::endpoints::{Endpoint, EndpointState};
use super::options::OptionError;
use super::process_address::ProcessAddressError;
use super::session::SessionState;
use super::uri::UriError;
use crate::psrp::{ErrorRecord, PsrpError};
use crate::transport::TransportError;
use crate::wsman::{Fault, FaultClass, FaultCode, ServerTag, WsmanError};

/// What was being done when it went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Opening a session.
    Open,
    /// Starting a pipeline.
    Start,
    /// Sending input or answers.
    Send,
    /// Waiting for what a pipeline gives.
    Receive,
    /// Stopping a pipeline.
    Stop,
    /// Closing a session.
    Close,
}

impl Operation {
    /// In words that follow "while".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "opening the session",
            Self::Start => "starting the command",
            Self::Send => "sending to the command",
            Self::Receive => "receiving from the server",
            Self::Stop => "stopping the command",
            Self::Close => "closing the session",
        }
    }
}

/// What kind of trouble it is, for exit codes and for deciding whether to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The caller asked for what cannot be.
    Usage,
    /// Nobody was signed in.
    SignIn,
    /// The network, or a time limit.
    Network,
    /// The server refused or failed.
    Server,
    /// A cmdlet ended with an error.
    Cmdlet,
    /// Somebody stopped it.
    Stopped,
}

/// Everything that can go wrong with a session.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// Misused: no connection URI.
    #[error(transparent)]
    Uri(#[from] UriError),
    /// Misused: an address that starts no program.
    #[error(transparent)]
    ProcessAddress(#[from] ProcessAddressError),
    /// Misused: an option that cannot be.
    #[error(transparent)]
    Option(#[from] OptionError),
    /// Misused: an endpoint that is known to be gone. Nothing was sent.
    #[error("{} {} for remote PowerShell in {}", .endpoint.cloud, ended(.endpoint.state), .endpoint.since)]
    EndpointGone {
        /// Which one.
        endpoint: &'static Endpoint,
    },
    /// Misused: signing in that way does not exist yet. Nothing was sent.
    #[error("signing in by {name} is not possible yet, only Basic")]
    AuthenticationNotYet {
        /// PowerShell's name for it.
        name: &'static str,
    },
    /// Misused: the client's configuration has Basic switched off. Nothing was sent.
    #[error("Basic sign-in is switched off in the configuration of this client")]
    BasicDisabled,
    /// Misused: Basic over plain http to another machine. Nothing was sent.
    #[error("Basic sign-in over http would send the password readable to {host}")]
    BasicUnencrypted {
        /// The host.
        host: String,
    },
    /// Misused: no credential.
    #[error("Basic sign-in needs a credential")]
    NoCredential,
    /// Misused: signing in to the proxy that way does not exist yet.
    #[error("signing in to a proxy by {name} is not possible yet, only Basic")]
    ProxyAuthenticationNotYet {
        /// PowerShell's name for it.
        name: &'static str,
    },
    /// Misused: the session is not open (any more).
    #[error("session {name} is {state}, not open")]
    NotOpen {
        /// The session's name.
        name: String,
        /// Its state.
        state: SessionState,
    },
    /// Misused: one pipeline at a time.
    #[error("session {name} is still running another command")]
    Busy {
        /// The session's name.
        name: String,
    },
    /// Misused: input for a pipeline that takes none, and its like.
    #[error("the remoting protocol does not allow this: {0}")]
    Protocol(#[source] Arc<PsrpError>),
    /// The server did not accept user and password.
    #[error("{host} did not accept the sign-in of {user}")]
    SignInRefused {
        /// The host.
        host: String,
        /// The user.
        user: String,
        /// Ways of signing in that the server offers.
        offered: Vec<String>,
    },
    /// The server wants to send the client elsewhere, which was not allowed (any more).
    #[error("{host} redirects the session to {location}")]
    RedirectNotAllowed {
        /// The host.
        host: String,
        /// Where to.
        location: String,
        /// How many redirects were followed before this one.
        followed: u32,
        /// Whether any were allowed.
        allowed: bool,
    },
    /// The server redirects, but not to an address.
    #[error("{host} redirects the session, but `{location}` is not a URI to connect to")]
    RedirectInvalid {
        /// The host.
        host: String,
        /// What it said; may be empty.
        location: String,
    },
    /// The server redirects from https to http: a password would follow unencrypted.
    #[error("{host} redirects the session from https to {location}, which is not encrypted")]
    RedirectDowngrade {
        /// The host.
        host: String,
        /// Where to.
        location: String,
    },
    /// The network failed.
    #[error("{source} while {}", .operation.words())]
    Transport {
        /// What was being done.
        operation: Operation,
        /// What failed.
        source: TransportError,
    },
    /// The answer is a page of a web server, not of remoting.
    #[error("{host} answered with HTTP status {status} while {}{}", .operation.words(), said(.text))]
    Http {
        /// What was being done.
        operation: Operation,
        /// The host.
        host: String,
        /// The status.
        status: u16,
        /// The readable text of the page; may be empty.
        text: String,
    },
    /// The answer breaks the protocol.
    #[error("{host} broke the protocol while {}: {problem}", .operation.words())]
    Answer {
        /// What was being done.
        operation: Operation,
        /// The host.
        host: String,
        /// What is wrong with it.
        problem: WsmanError,
    },
    /// The answer is of another kind than the question.
    #[error("{host} broke the protocol while {}: {found} is no answer to it", .operation.words())]
    UnexpectedAnswer {
        /// What was being done.
        operation: Operation,
        /// The host.
        host: String,
        /// What came.
        found: String,
    },
    /// The server refused.
    #[error("{host} refused while {}: {}", .operation.words(), fault_text(.fault))]
    Fault {
        /// What was being done.
        operation: Operation,
        /// The host.
        host: String,
        /// Number, text, and what Exchange says beside it.
        fault: Box<Fault>,
    },
    /// The bytes of a stream break the remoting protocol, or a limit.
    #[error("{host} broke the remoting protocol: {}", chain(.problem))]
    Stream {
        /// The host.
        host: String,
        /// What is wrong.
        problem: Arc<PsrpError>,
    },
    /// The runspace pool did not open.
    #[error("{host} did not open the session: {}", reason(.record))]
    OpenRefused {
        /// The host.
        host: String,
        /// Why, if the server said.
        record: Option<Box<ErrorRecord>>,
    },
    /// A time limit.
    #[error("{} took longer than {} seconds", .operation.words(), .after.as_secs())]
    TooSlow {
        /// What took too long.
        operation: Operation,
        /// The limit.
        after: Duration,
    },
    /// The session broke; whatever ran may or may not have been done.
    #[error("session {name} was lost: {cause}")]
    SessionLost {
        /// The session's name.
        name: String,
        /// Why.
        cause: Arc<Self>,
    },
    /// The session was closed while this ran.
    #[error("session {name} was removed")]
    SessionClosed {
        /// The session's name.
        name: String,
    },
    /// The pipeline ended with a terminating error.
    #[error("{}", .0.message())]
    Failed(Box<ErrorRecord>),
    /// The pipeline failed and the server did not say why.
    #[error("the command failed and the server did not say why")]
    FailedSilently,
    /// Somebody stopped the pipeline.
    #[error("the command was stopped")]
    Stopped,
    /// The carrier of a session could not do its work.
    #[error("{what}: {reason}")]
    Carrier {
        /// What was being done.
        what: &'static str,
        /// Why it failed.
        reason: String,
    },
}

fn ended(state: EndpointState) -> &'static str {
    match state {
        EndpointState::Alive => "is alive",
        EndpointState::Retired => "closed its doors",
        EndpointState::Closed => "was shut down",
    }
}

fn said(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {text}") }
}

fn fault_text(fault: &Fault) -> String {
    let known = fault.code.and_then(FaultCode::meaning);
    match (fault.message.is_empty(), known, fault.code) {
        (false, Some(known), _) if fault.code == Some(FaultCode::ACCESS_DENIED) => {
            format!("{known} ({})", fault.message.trim_end_matches('.'))
        }
        (false, ..) => fault.message.trim_end_matches('.').to_owned(),
        (true, Some(known), _) => known.to_owned(),
        (true, None, Some(code)) => format!("fault {code}"),
        (true, None, None) => "it did not say why".to_owned(),
    }
}

fn chain(problem: &PsrpError) -> String {
    let mut text = problem.to_string();
    let mut at = std::error::Error::source(problem);
    while let Some(inner) = at {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        at = inner.source();
    }
    text
}

fn reason(record: &Option<Box<ErrorRecord>>) -> String {
    record.as_ref().map_or_else(|| "it did not say why".to_owned(), |record| record.message().to_text().into_owned())
}

impl From<PsrpError> for RemoteError {
    fn from(problem: PsrpError) -> Self {
        Self::Protocol(Arc::new(problem))
    }
}

impl RemoteError {
    /// Whether the server refused only because it is busy, and for how long it asks to wait, where it says.
    #[must_use]
    pub fn busy(&self) -> Option<Option<Duration>> {
        match self {
            Self::Fault { fault, .. } if fault.class() == FaultClass::Wait => {
                Some(fault.wait_milliseconds().map(Duration::from_millis))
            }
            _ => None,
        }
    }

    /// What kind of trouble it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Uri(_)
            | Self::ProcessAddress(_)
            | Self::Option(_)
            | Self::EndpointGone { .. }
            | Self::AuthenticationNotYet { .. }
            | Self::BasicDisabled
            | Self::BasicUnencrypted { .. }
            | Self::NoCredential
            | Self::ProxyAuthenticationNotYet { .. }
            | Self::NotOpen { .. }
            | Self::Busy { .. }
            | Self::Protocol(_)
            | Self::SessionClosed { .. } => ErrorKind::Usage,
            Self::SignInRefused { .. } => ErrorKind::SignIn,
            // who signed in may not be here
            Self::Fault { fault, .. } if fault.tag.failure_category().is_some_and(|what| what.starts_with("AuthZ")) => {
                ErrorKind::SignIn
            }
            Self::Fault { fault, .. } => match fault.code {
                Some(FaultCode::ACCESS_DENIED | FaultCode(1311 | 1312 | 1326) | FaultCode(2_150_858_806)) => {
                    ErrorKind::SignIn
                }
                Some(FaultCode::TIMED_OUT | FaultCode(2_150_859_046)) => ErrorKind::Network,
                _ => ErrorKind::Server,
            },
            Self::Transport { .. } | Self::TooSlow { .. } | Self::Carrier { .. } => ErrorKind::Network,
            Self::SessionLost { cause, .. } => match cause.kind() {
                ErrorKind::Usage | ErrorKind::Cmdlet | ErrorKind::Stopped => ErrorKind::Server,
                kind => kind,
            },
            Self::RedirectNotAllowed { .. }
            | Self::RedirectInvalid { .. }
            | Self::RedirectDowngrade { .. }
            | Self::Http { .. }
            | Self::Answer { .. }
            | Self::UnexpectedAnswer { .. }
            | Self::Stream { .. }
            | Self::OpenRefused { .. } => ErrorKind::Server,
            Self::Failed(_) | Self::FailedSilently => ErrorKind::Cmdlet,
            Self::Stopped => ErrorKind::Stopped,
        }
    }

    /// What the user can do, one sentence each.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        match self {
            Self::Uri(UriError::NotAbsolute { .. } | UriError::Scheme { .. }) => {
                one("write it like https://mail.contoso.com/PowerShell/")
            }
            Self::ProcessAddress(_) => one("write it like process:pwsh or ssh://user@host"),
            Self::Uri(_) | Self::Option(_) | Self::Protocol(_) | Self::NoCredential => Vec::new(),
            Self::EndpointGone { endpoint } => {
                vec![
                    format!("what works instead: {}", endpoint.instead),
                    "Force: true tries it all the same".to_owned(),
                ]
            }
            Self::AuthenticationNotYet { .. } => {
                one("set Authentication to \"Basic\", and enable Basic on the server's PowerShell virtual directory")
            }
            Self::BasicDisabled => one("`exsh config set auth.basic true` switches it on"),
            Self::BasicUnencrypted { .. } => {
                vec!["use https".to_owned(), "AllowUnencrypted: true sends it all the same".to_owned()]
            }
            Self::ProxyAuthenticationNotYet { .. } => one("set ProxyAuthentication to \"Basic\""),
            Self::NotOpen { .. } | Self::SessionClosed { .. } => one("open a new session with new_session"),
            Self::Busy { .. } => one("read the other command's results to their end, or use a second session"),
            Self::SignInRefused { host, user, offered } => sign_in_hints(host, user, offered),
            Self::RedirectNotAllowed { allowed: true, .. } => {
                one("raise MaximumRedirection in the session option, or connect to the target directly")
            }
            Self::RedirectNotAllowed { .. } => {
                one("set AllowRedirection: true if you trust the target: your password goes there")
            }
            Self::RedirectInvalid { .. } => {
                one("check that the path is PowerShell's, and the redirects of the web server")
            }
            Self::RedirectDowngrade { .. } => one("connect to a server that stays with https"),
            Self::Transport { source, .. } => source.hint().map(one).unwrap_or_default(),
            Self::Http { status, .. } => http_hints(*status),
            Self::Answer { problem: WsmanError::NotSoap { .. }, .. } => {
                one("check the path of the URI: the address answers, but not with remote PowerShell")
            }
            Self::Fault { fault, .. } => fault_hints(fault),
            Self::OpenRefused { record, .. } => open_hints(record.as_deref()),
            Self::TooSlow { operation: Operation::Open, .. } => {
                one("OpenTimeout in the session option gives it more time")
            }
            Self::TooSlow { .. } => one("CancelTimeout in the session option gives it more time"),
            Self::SessionLost { cause, .. } => {
                let mut hints = cause.hints();
                hints.push(
                    "check whether the last change was done before running it again; the next call needs a new session"
                        .to_owned(),
                );
                hints
            }
            Self::Answer { .. }
            | Self::UnexpectedAnswer { .. }
            | Self::Stream { .. }
            | Self::Failed(_)
            | Self::FailedSilently
            | Self::Stopped
            | Self::Carrier { .. } => Vec::new(),
        }
    }

    /// What the server said as it said it, for who looks closer and for the server's support: one line each.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        match self {
            Self::Fault { fault, .. } => fault_details(fault),
            Self::Http { status, text, .. } => vec![format!("HTTP status {status}{}", said(text))],
            Self::SignInRefused { offered, .. } => {
                vec![format!("HTTP status 401, WWW-Authenticate: {}", offered.join(", "))]
            }
            Self::OpenRefused { record: Some(record), .. } | Self::Failed(record) => {
                let (tag, text) = ServerTag::split(&record.message().to_text());
                let fields = tag.fields.iter().map(|(name, value)| format!("{name}: {value}"));
                let id = record.fully_qualified_error_id.to_text().into_owned();
                fields.chain([format!("error id: {id}"), format!("text: {text}")]).collect()
            }
            Self::SessionLost { cause, .. } => cause.details(),
            _ => Vec::new(),
        }
    }

    /// Whether the user has as many sessions as the server allows.
    #[must_use]
    pub fn is_session_too_many(&self) -> bool {
        match self {
            Self::Fault { fault, .. } => {
                matches!(fault.code, Some(FaultCode::QUOTA_MAX_SHELLS | FaultCode::MAX_SHELLS_PPQ))
            }
            Self::OpenRefused { record: Some(record), .. } => is_too_many(record),
            _ => false,
        }
    }

    /// PowerShell's error id for a session that could not be opened, as `FullyQualifiedErrorId` shows it.
    #[must_use]
    pub fn error_id(&self) -> String {
        match self {
            Self::Failed(record) => record.fully_qualified_error_id.to_text().into_owned(),
            Self::Fault { fault, .. } => fault.code.map_or_else(|| "Fault".to_owned(), FaultCode::error_id),
            Self::SignInRefused { .. } => FaultCode::ACCESS_DENIED.error_id(),
            Self::RedirectNotAllowed { .. } => FaultCode::REDIRECT_REQUESTED.error_id(),
            Self::SessionLost { cause, .. } => cause.error_id(),
            _ => String::new(),
        }
    }

    /// Whether the shell that this happened to is gone.
    #[must_use]
    pub fn is_session_dead(&self) -> bool {
        match self {
            Self::Fault { fault, .. } => fault.class() == FaultClass::SessionDead,
            Self::SessionLost { .. } => true,
            _ => false,
        }
    }
}

fn sign_in_hints(host: &str, user: &str, offered: &[String]) -> Vec<String> {
    let mut hints = vec!["check the user name and the password".to_owned()];
    if !offered.is_empty() && !offered.iter().any(|scheme| scheme.eq_ignore_ascii_case("Basic")) {
        hints.insert(
            0,
            format!(
                "the server offers {} but not Basic: enable Basic on its PowerShell virtual directory",
                offered.join(", ")
            ),
        );
    } else {
        hints.push("check that the user may use remote PowerShell (Set-User -RemotePowerShellEnabled)".to_owned());
        if let Some(domain) = foreign_domain(host, user) {
            hints.push(format!(
                "if {domain} is a federated domain, or asks for a second factor, its accounts cannot sign in by Basic: \
                 use an account that the server checks itself"
            ));
        }
    }
    hints
}

/// The domain of the user's name when the host is not one of that domain: somebody else may check the password.
fn foreign_domain<'a>(host: &str, user: &'a str) -> Option<&'a str> {
    let domain = user.rsplit_once('@').map(|(_, domain)| domain).filter(|domain| !domain.is_empty())?;
    let (host, lower) = (host.to_ascii_lowercase(), domain.to_ascii_lowercase());
    let own = host == lower || host.ends_with(&format!(".{lower}"));
    let is_address = host.starts_with('[') || host.parse::<std::net::IpAddr>().is_ok();
    (!own && !is_address).then_some(domain)
}

pub(super) fn http_hints(status: u16) -> Vec<String> {
    let hint = match status {
        403 => {
            "the web server forbids this address: check rights and, for https, whether it wants a client certificate"
        }
        404 => "check the path of the URI; Exchange's is /PowerShell/",
        407 => {
            "the proxy wants a sign-in: set ProxyCredential and ProxyAuthentication: \"Basic\" in the session option"
        }
        413 => "the request is too large for the web server",
        429 | 503 => "the server is busy; try again later",
        _ => "check the path of the URI: the address answers, but not with remote PowerShell",
    };
    vec![hint.to_owned()]
}

fn fault_hints(fault: &Fault) -> Vec<String> {
    let mut hints = Vec::new();
    if let Some(milliseconds) = fault.wait_milliseconds() {
        hints.push(format!("wait {} seconds before the next request", milliseconds.div_ceil(1000)));
    } else if let Some(hint) = fault.code.and_then(FaultCode::hint) {
        hints.push(hint.to_owned());
    }
    hints
}

fn fault_details(fault: &Fault) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(code) = fault.code {
        lines.push(format!("fault: {code} {}", code.name().unwrap_or_default()).trim_end().to_owned());
    }
    let soap = [&fault.soap_code, &fault.subcode].map(String::as_str).join(" ");
    for (name, value) in [("SOAP code", soap.trim()), ("machine", &fault.machine), ("provider", &fault.provider)] {
        if !value.is_empty() {
            lines.push(format!("{name}: {value}"));
        }
    }
    lines.extend(fault.tag.fields.iter().map(|(name, value)| format!("{name}: {value}")));
    if !fault.message.is_empty() {
        lines.push(format!("text: {}", fault.message));
    }
    lines
}

/// Exchange refuses a session too many inside the protocol, not by a fault.
fn open_hints(record: Option<&ErrorRecord>) -> Vec<String> {
    if record.is_some_and(is_too_many) {
        return vec![
            "get_session() lists the open ones, remove_session(session) closes one; idle ones end by themselves"
                .to_owned(),
        ];
    }
    Vec::new()
}

fn is_too_many(record: &ErrorRecord) -> bool {
    let text = record.message().to_text().to_ascii_lowercase();
    text.contains("maximum number of connections") || text.contains("maxconcurrency")
}
