//! What stands between this computer and a session, examined one step at a time in the order in which it can fail.
//!
//! The list of the article that explains the three steps: configuration, name, port, certificate, endpoint, sign-in,
//! rights, sessions. Printing it is `cli`'s business; nothing stays open behind an examination.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::connect::{ConnectionRequest, connect};
use super::error::http_hints;
use super::uri::ConnectionUri;
use super::{EndpointState, ErrorKind, Nobody, RemoteError, Session, SessionOption};
use crate::transport::{Answer, HttpClient, HttpOptions, ProxyChoice, TransportError, probe};
use crate::wsman::{FaultCode, identify};

/// How long one step may take.
const STEP_MAX: Duration = Duration::from_secs(15);

/// Sessions that are opened to count how many are left: Exchange allows a user so many unless somebody changed it.
const SESSIONS_COUNTED_MAX: usize = 5;

/// One step of the examination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The address is one, and no endpoint that has ended.
    Address,
    /// The client's own configuration allows Basic, and no password would travel readable.
    Configuration,
    /// The name has an address.
    Name,
    /// Somebody listens.
    Port,
    /// The certificate is good.
    Tls,
    /// Remote PowerShell answers, and offers Basic.
    Endpoint,
    /// The server accepts user and password.
    SignIn,
    /// The user may use remote PowerShell.
    RemotePowerShell,
    /// The user may open more sessions.
    Sessions,
}

impl Check {
    /// All steps in their order.
    pub const ALL: [Self; 9] = [
        Self::Address,
        Self::Configuration,
        Self::Name,
        Self::Port,
        Self::Tls,
        Self::Endpoint,
        Self::SignIn,
        Self::RemotePowerShell,
        Self::Sessions,
    ];

    /// What is examined, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Configuration => "configuration",
            Self::Name => "name",
            Self::Port => "port",
            Self::Tls => "TLS",
            Self::Endpoint => "endpoint",
            Self::SignIn => "sign-in",
            Self::RemotePowerShell => "remote PowerShell",
            Self::Sessions => "sessions",
        }
    }
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing to do.
    Ok,
    /// It works, but somebody should look.
    Warn,
    /// No session comes about because of this.
    Fail,
    /// Not examined, because of an earlier step or because it means nothing here.
    Skipped,
}

impl Status {
    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Skipped => "skipped",
        }
    }
}

/// What a step found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which step.
    pub check: Check,
    /// How it went.
    pub status: Status,
    /// What was found: lower case, no full stop.
    pub found: String,
    /// What to do about it.
    pub fixes: Vec<String>,
}

/// An examination under way.
#[derive(Debug)]
pub struct Examination {
    request: ConnectionRequest,
    findings: Vec<Finding>,
}

impl Examination {
    /// An examination of what it takes to open that session; the credential may come later.
    #[must_use]
    pub fn new(request: ConnectionRequest) -> Self {
        Self { request, findings: Vec::new() }
    }

    fn note(&mut self, check: Check, status: Status, found: impl Into<String>, fixes: Vec<String>) {
        self.findings.push(Finding { check, status, found: found.into(), fixes });
    }

    fn ok(&mut self, check: Check, found: impl Into<String>) {
        self.note(check, Status::Ok, found, Vec::new());
    }

    fn fail(&mut self, check: Check, error: &RemoteError) {
        self.note(check, Status::Fail, error.to_string(), error.hints());
    }

    fn broken(&mut self, check: Check, error: &TransportError) {
        self.note(check, Status::Fail, error.to_string(), error.hint().map(str::to_owned).into_iter().collect());
    }

    /// Whether nothing has failed so far.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.findings.iter().all(|finding| finding.status != Status::Fail)
    }

    /// Everything that needs no password.
    pub async fn examine_way(&mut self) {
        let Some(uri) = self.address() else { return };
        self.configuration(&uri);
        let (host, port) = (uri.host().to_owned(), uri.port());
        match probe::resolve(&host, port).await {
            Ok(addresses) => {
                let list: Vec<String> = addresses.iter().take(4).map(ToString::to_string).collect();
                self.ok(Check::Name, format!("{host} is {}", list.join(", ")));
            }
            Err(error) => return self.broken(Check::Name, &error),
        }
        match probe::reach(&host, port, STEP_MAX).await {
            Ok(()) => self.ok(Check::Port, format!("somebody listens on port {port}")),
            Err(error) => return self.broken(Check::Port, &error),
        }
        if !self.tls(&uri).await {
            return;
        }
        self.endpoint(&uri).await;
    }

    fn address(&mut self) -> Option<ConnectionUri> {
        let uri = match ConnectionUri::parse(&self.request.uri) {
            Ok(uri) => uri,
            Err(error) => {
                self.fail(Check::Address, &error.into());
                return None;
            }
        };
        match uri.endpoint.filter(|endpoint| endpoint.state != EndpointState::Alive && !self.request.options.force) {
            Some(endpoint) => {
                self.fail(Check::Address, &RemoteError::EndpointGone { endpoint });
                None
            }
            None => {
                self.ok(Check::Address, uri.text.clone());
                Some(uri)
            }
        }
    }

    fn configuration(&mut self, uri: &ConnectionUri) {
        let options = &self.request.options;
        if !options.basic_enabled {
            return self.fail(Check::Configuration, &RemoteError::BasicDisabled);
        }
        if !(uri.is_encrypted() || uri.is_loopback() || options.allow_unencrypted) {
            return self.fail(Check::Configuration, &RemoteError::BasicUnencrypted { host: uri.host().to_owned() });
        }
        if !uri.is_encrypted() && !uri.is_loopback() {
            let fix = "use https".to_owned();
            let found = "Basic sign-in is allowed, and the password will travel readable";
            return self.note(Check::Configuration, Status::Warn, found, vec![fix]);
        }
        self.ok(Check::Configuration, "Basic sign-in is allowed");
    }

    async fn tls(&mut self, uri: &ConnectionUri) -> bool {
        if !uri.is_encrypted() {
            self.note(Check::Tls, Status::Skipped, "the address is http", Vec::new());
            return true;
        }
        let SessionOption { skip_ca_check, skip_cn_check, .. } = self.request.options.session_option;
        match probe::handshake(uri.host(), uri.port(), STEP_MAX, skip_ca_check, skip_cn_check).await {
            Ok(protocol) if skip_ca_check || skip_cn_check => {
                let fix = "without SkipCACheck and SkipCNCheck the server must prove who it is".to_owned();
                self.note(Check::Tls, Status::Warn, format!("{protocol}, but not all is checked"), vec![fix]);
                true
            }
            Ok(protocol) => {
                self.ok(Check::Tls, format!("{protocol}, and the certificate is good"));
                true
            }
            Err(error) => {
                self.broken(Check::Tls, &error);
                false
            }
        }
    }

    /// Who answers to somebody without a name: remote PowerShell asks for a sign-in, or says what it is.
    async fn endpoint(&mut self, uri: &ConnectionUri) {
        let option = &self.request.options.session_option;
        let options = HttpOptions {
            connect_timeout: Some(STEP_MAX),
            proxy: ProxyChoice::None,
            skip_ca_check: option.skip_ca_check,
            skip_cn_check: option.skip_cn_check,
            encrypted: uri.is_encrypted(),
            trace: self.request.options.trace.clone(),
        };
        let answer = match HttpClient::anonymous(&options) {
            Ok(client) => client.post(&uri.url, Bytes::from(identify()), STEP_MAX).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => self.judge(&answer),
            Err(error) => self.broken(Check::Endpoint, &error),
        }
    }

    fn judge(&mut self, answer: &Answer) {
        let offers_basic = answer.challenges.iter().any(|scheme| scheme.eq_ignore_ascii_case("Basic"));
        let soap = answer.content_type.as_deref().is_some_and(|kind| kind.contains("soap+xml"));
        match answer.status {
            401 if offers_basic => self.ok(Check::Endpoint, "it asks for a sign-in and offers Basic"),
            401 => {
                let offered =
                    if answer.challenges.is_empty() { "nothing".to_owned() } else { answer.challenges.join(", ") };
                let fix = "enable Basic on the server: Set-PowerShellVirtualDirectory -BasicAuthentication $true";
                let found = format!("it asks for a sign-in, but offers {offered} and not Basic");
                self.note(Check::Endpoint, Status::Fail, found, vec![fix.to_owned()]);
            }
            302 => {
                let target = answer.location.clone().unwrap_or_default();
                let fix =
                    "set AllowRedirection: true (allow_redirection in a profile) if you trust the target".to_owned();
                let (status, fixes) = if self.request.options.allow_redirection {
                    (Status::Ok, vec![])
                } else {
                    (Status::Fail, vec![fix])
                };
                self.note(Check::Endpoint, status, format!("it sends everybody to {target}"), fixes);
            }
            _ if soap => self.ok(Check::Endpoint, "remote management answers, without a sign-in"),
            status => {
                let found = format!("HTTP status {status}: somebody answers, but not remote PowerShell");
                self.note(Check::Endpoint, Status::Fail, found, http_hints(status));
            }
        }
    }

    /// Everything that needs the credential: opens sessions, and closes them again.
    pub async fn examine_session(&mut self, credential: crate::secret::Credential) {
        if !self.goes_on() {
            return;
        }
        self.request.credential = Some(credential);
        let session = match connect(self.request.clone(), Arc::new(Nobody)).await {
            Ok(session) => session,
            Err(error) => return self.refused(&error),
        };
        let info = session.info();
        self.ok(Check::SignIn, format!("{} is accepted", info.user));
        self.ok(Check::RemotePowerShell, format!("a session opened on {}", info.computer_name));
        self.sessions_left(session).await;
    }

    /// No server says how many sessions a user may still open: they are opened until it refuses one, or there are
    /// enough, and all are closed again.
    async fn sessions_left(&mut self, first: Session) {
        let mut open = vec![first];
        let refused = loop {
            if open.len() == SESSIONS_COUNTED_MAX {
                break None;
            }
            match connect(self.request.clone(), Arc::new(Nobody)).await {
                Ok(session) => open.push(session),
                Err(error) => break Some(error),
            }
        };
        match refused {
            None => self.ok(Check::Sessions, format!("{} or more can be opened now", open.len())),
            Some(error) if !error.is_session_too_many() => {
                self.note(Check::Sessions, Status::Warn, error.to_string(), error.hints());
            }
            Some(error) if open.len() == 1 => {
                self.note(Check::Sessions, Status::Warn, "1 can be opened now, the last one", error.hints());
            }
            Some(_) => self.ok(Check::Sessions, format!("{} can be opened now", open.len())),
        }
        for session in open {
            session.close().await;
        }
    }

    /// Files what kept the session from opening under the step it belongs to.
    fn refused(&mut self, error: &RemoteError) {
        if error.is_session_too_many() {
            self.ok(Check::SignIn, "the user is accepted");
            self.ok(Check::RemotePowerShell, "the user may use it");
            return self.fail(Check::Sessions, error);
        }
        let denied = match error {
            RemoteError::Fault { fault, .. } => {
                matches!(fault.code, Some(FaultCode::ACCESS_DENIED | FaultCode::PLUGIN_REFUSED))
            }
            RemoteError::OpenRefused { .. } => true,
            _ => false,
        };
        if denied {
            self.ok(Check::SignIn, "the user is accepted");
            return self.fail(Check::RemotePowerShell, error);
        }
        let strange = matches!(
            error,
            RemoteError::Http { .. } | RemoteError::Answer { .. } | RemoteError::UnexpectedAnswer { .. }
        );
        let step = if strange || error.kind() == ErrorKind::Network { Check::Endpoint } else { Check::SignIn };
        self.fail(step, error);
    }

    /// All findings, one for each step; those not reached are skipped.
    #[must_use]
    pub fn findings(mut self) -> Vec<Finding> {
        let failed = self.findings.iter().find(|finding| finding.status == Status::Fail);
        let reason =
            failed.map_or_else(|| "not examined".to_owned(), |failed| format!("after {}", failed.check.words()));
        let found = |check: Check| self.findings.iter().rposition(|finding| finding.check == check);
        let order: Vec<(Check, Option<usize>)> = Check::ALL.into_iter().map(|check| (check, found(check))).collect();
        let skipped = |check| Finding { check, status: Status::Skipped, found: reason.clone(), fixes: Vec::new() };
        let taken = std::mem::take(&mut self.findings);
        order
            .into_iter()
            .map(|(check, at)| at.and_then(|at| taken.get(at).cloned()).unwrap_or_else(|| skipped(check)))
            .collect()
    }
}
