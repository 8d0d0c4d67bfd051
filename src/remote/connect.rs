//! Opening a session: what is refused before a byte is sent, Create with its redirects and retries, negotiation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::endpoints::EndpointState;
use super::process_address::ProcessAddress;
use super::process_link;
use super::psrp_link::{Identity, PsrpLink};
use super::uri::ConnectionUri;
use super::wsman_carrier::{WsmanCarrier, read_answer, unexpected};
use super::{
    Authentication, ConnectOptions, Operation, ProxyAccessType, ProxyAuthentication, RemoteError, Session,
    SessionObserver, SessionOption,
};
use crate::clixml::{Base, PsObject, PsValue};
use crate::psrp::{ClientPool, HostInfo, PoolOptions, ReceiveLimits, Target, VersionTable};
use crate::secret::Credential;
use crate::transport::{Answer, HttpClient, HttpOptions, ProxyChoice};
use crate::wsman::{
    ClientContext, Compression, CreatedShell, FaultCode, HeaderOption, NO_PROFILE_OPTION, NewShell, PROTOCOL_OPTION,
    ResponseBody, SHELL_PREFIX, ShellId, shell_uri,
};

/// "Any number" of redirects ends here: no honest chain is that long.
const REDIRECTS_MAX: u32 = 50;
const RETRY_PAUSE: Duration = Duration::from_secs(1);

static NEXT_SESSION: AtomicU32 = AtomicU32::new(1);

/// What it takes to open a session.
#[derive(Debug, Clone)]
pub struct ConnectionRequest {
    /// A connection URI, or the short name of a known endpoint.
    pub uri: String,
    /// Who signs in.
    pub credential: Option<Credential>,
    /// Everything else.
    pub options: ConnectOptions,
}

impl ConnectionRequest {
    /// A request with default options.
    #[must_use]
    pub fn new(uri: &str, credential: Credential) -> Self {
        Self { uri: uri.to_owned(), credential: Some(credential), options: ConnectOptions::default() }
    }
}

/// What can be known before anything is sent.
struct Plan {
    uri: ConnectionUri,
    credential: Credential,
    configuration: String,
    options: ConnectOptions,
    proxy: ProxyChoice,
}

/// Opens a session and waits until it can be used. Dropping the future takes the shell away again.
///
/// # Errors
/// See [`RemoteError`]. What cannot work is refused before a password is sent.
pub async fn connect(request: ConnectionRequest, observer: Arc<dyn SessionObserver>) -> Result<Session, RemoteError> {
    let cancel = CancellationToken::new();
    let guard = cancel.clone().drop_guard();
    let opened = tokio::spawn(open(request, observer, cancel)).await;
    guard.disarm();
    opened.unwrap_or_else(|lost| Err(RemoteError::Carrier { what: "opening the session", reason: lost.to_string() }))
}

/// Checks a request without sending anything: what [`connect`] would refuse at once.
///
/// # Errors
/// As [`connect`].
pub fn check(request: &ConnectionRequest) -> Result<ConnectionUri, RemoteError> {
    plan(request.clone()).map(|plan| plan.uri)
}

fn plan(request: ConnectionRequest) -> Result<Plan, RemoteError> {
    let ConnectionRequest { uri, credential, options } = request;
    let uri = ConnectionUri::parse(&uri)?;
    options.session_option.check()?;
    if let Some(endpoint) = uri.endpoint.filter(|endpoint| endpoint.state != EndpointState::Alive && !options.force) {
        return Err(RemoteError::EndpointGone { endpoint });
    }
    if options.authentication != Authentication::Basic {
        return Err(RemoteError::AuthenticationNotYet { name: options.authentication.name() });
    }
    if !options.basic_enabled {
        return Err(RemoteError::BasicDisabled);
    }
    check_encryption(&uri, &options)?;
    let credential = credential.ok_or(RemoteError::NoCredential)?;
    let proxy = proxy(&options.session_option)?;
    let configuration = options.configuration_name.clone().unwrap_or_else(|| uri.default_configuration().to_owned());
    Ok(Plan { uri, credential, configuration, options, proxy })
}

fn check_encryption(uri: &ConnectionUri, options: &ConnectOptions) -> Result<(), RemoteError> {
    match uri.is_encrypted() || uri.is_loopback() || options.allow_unencrypted {
        true => Ok(()),
        false => Err(RemoteError::BasicUnencrypted { host: uri.host().to_owned() }),
    }
}

fn proxy(option: &SessionOption) -> Result<ProxyChoice, RemoteError> {
    match (option.proxy_access_type, &option.proxy_credential, option.proxy_authentication) {
        (ProxyAccessType::None | ProxyAccessType::NoProxyServer, ..) => Ok(ProxyChoice::None),
        (_, None, _) => Ok(ProxyChoice::System),
        (_, Some(credential), ProxyAuthentication::Basic) => Ok(ProxyChoice::SystemWith(credential.clone())),
        (_, Some(_), ProxyAuthentication::Negotiate) => {
            Err(RemoteError::ProxyAuthenticationNotYet { name: "Negotiate" })
        }
        (_, Some(_), ProxyAuthentication::Digest) => Err(RemoteError::ProxyAuthenticationNotYet { name: "Digest" }),
    }
}

/// Opens a session; a cancelled one leaves no shell behind.
pub(super) async fn open(
    request: ConnectionRequest,
    observer: Arc<dyn SessionObserver>,
    cancel: CancellationToken,
) -> Result<Session, RemoteError> {
    if let Some(address) = ProcessAddress::parse(&request.uri) {
        request.options.session_option.check()?;
        let number = NEXT_SESSION.fetch_add(1, Ordering::Relaxed);
        return process_link::open(address?, request.options, number, observer, cancel).await;
    }
    let plan = plan(request)?;
    let limit = plan.options.session_option.open_timeout;
    let deadline = Instant::now() + limit;
    let too_slow = RemoteError::TooSlow { operation: Operation::Open, after: limit };
    let (mut pool, shell) = prepare(&plan)?;
    let mut creating = Creating::new(plan, shell, observer)?;
    let created = tokio::select! {
        created = tokio::time::timeout_at(deadline, creating.run(&mut pool)) => created.unwrap_or(Err(too_slow.clone())),
        () = cancel.cancelled() => Err(RemoteError::Stopped),
    };
    let created = match created {
        Ok(created) => created,
        Err(problem) => {
            creating.give_up(&problem).await;
            return Err(problem);
        }
    };
    let link = creating.finish(pool, created);
    let opened = link.life.until_open(deadline, too_slow, &cancel, &link.identity.name).await;
    let session = Session::new(link);
    match opened {
        Ok(()) => Ok(session),
        Err(problem) => {
            session.close().await;
            Err(problem)
        }
    }
}

/// What the options say about the runspace pool, whatever carries it.
pub(super) fn pool_options(options: &ConnectOptions) -> PoolOptions {
    let option = &options.session_option;
    let mut pool = PoolOptions::new(Uuid::new_v4());
    pool.request.host_info = options.screen.clone().map_or_else(HostInfo::absent, HostInfo::present);
    pool.request.application_arguments = application_arguments(option.application_arguments.as_ref());
    pool.limits = ReceiveLimits {
        object_bytes_max: option.maximum_received_object_size,
        command_bytes_max: option.maximum_received_data_size_per_command,
    };
    pool
}

fn prepare(plan: &Plan) -> Result<(ClientPool, NewShell), RemoteError> {
    let option = &plan.options.session_option;
    let pool_options = pool_options(&plan.options);
    let id = pool_options.id;
    let protocol = pool_options.protocol_version.to_string();
    let mut pool = ClientPool::new(pool_options);
    pool.open()?;
    let mut options = vec![HeaderOption::required(PROTOCOL_OPTION, protocol)];
    if option.no_machine_profile {
        options.push(HeaderOption::required(NO_PROFILE_OPTION, "1"));
    }
    let shell = NewShell {
        id: ShellId::from_uuid(id),
        name: plan.options.name.clone().unwrap_or_default(),
        idle_timeout: option.idle_timeout,
        options,
        creation: Vec::new(),
        offer: if option.no_compression { Compression::None } else { Compression::Xpress },
    };
    Ok((pool, shell))
}

/// What the server's scripts can read of the client: its version, by which Exchange chooses the form of its views, and
/// whatever the user adds.
fn application_arguments(more: Option<&PsValue>) -> PsValue {
    let entries = match more.and_then(PsValue::as_object).map(PsObject::base) {
        Some(Base::Dictionary(entries)) => entries.to_vec(),
        _ => Vec::new(),
    };
    VersionTable::desktop_5_1().to_dictionary(entries)
}

/// A shell on its way into being.
struct Creating {
    plan: Plan,
    shell: NewShell,
    context: ClientContext,
    http: HttpClient,
    observer: Arc<dyn SessionObserver>,
    number: u32,
    /// Whether the server may have made the shell.
    posted: bool,
}

impl Creating {
    fn new(plan: Plan, mut shell: NewShell, observer: Arc<dyn SessionObserver>) -> Result<Self, RemoteError> {
        let option = &plan.options.session_option;
        let number = NEXT_SESSION.fetch_add(1, Ordering::Relaxed);
        if shell.name.is_empty() {
            shell.name = format!("Session{number}");
        }
        let mut context = ClientContext::new(&plan.uri.text, &plan.configuration);
        context.operation_timeout = option.operation_timeout;
        context.session_id = Some(Uuid::new_v4());
        if let Some(culture) = &option.ui_culture {
            context.locale.clone_from(culture);
        }
        if let Some(culture) = &option.culture {
            context.data_locale.clone_from(culture);
        }
        let http = client(&plan, plan.uri.is_encrypted())?;
        Ok(Self { plan, shell, context, http, observer, number, posted: false })
    }

    async fn run(&mut self, pool: &mut ClientPool) -> Result<CreatedShell, RemoteError> {
        let room = self.context.room(ClientContext::ENVELOPE_BYTES_OLD);
        self.shell.creation =
            pool.poll_send(Target::Pool, room).map(|packet| packet.bytes.to_vec()).unwrap_or_default();
        let mut followed = 0;
        let mut retried = 0;
        loop {
            let answer = match self.post().await {
                Ok(answer) => answer,
                Err(problem)
                    if retried < self.plan.options.session_option.max_connection_retry_count && can_retry(&problem) =>
                {
                    retried += 1;
                    self.observer.reconnecting(retried, &problem.to_string());
                    tokio::time::sleep(RETRY_PAUSE).await;
                    continue;
                }
                Err(problem) => return Err(problem),
            };
            if answer.status == 302 {
                self.redirect(answer.location.as_deref().unwrap_or_default(), followed)?;
                followed += 1;
                continue;
            }
            let host = self.plan.uri.host().to_owned();
            let user = self.plan.credential.user_name();
            match read_answer(Operation::Open, &host, user, &answer, Compression::None) {
                Ok(ResponseBody::Created(created)) => return Ok(created),
                Ok(other) => return Err(unexpected(Operation::Open, &host, &other)),
                // an older or foreign server that does not know the header by which compression is offered
                Err(RemoteError::Fault { fault, .. })
                    if fault.code == Some(FaultCode::MUST_UNDERSTAND) && self.shell.offer != Compression::None =>
                {
                    self.shell.offer = Compression::None;
                }
                Err(problem)
                    if retried < self.plan.options.session_option.max_connection_retry_count && can_retry(&problem) =>
                {
                    retried += 1;
                    self.observer.reconnecting(retried, &problem.to_string());
                    tokio::time::sleep(RETRY_PAUSE).await;
                }
                Err(problem) => return Err(problem),
            }
        }
    }

    async fn post(&mut self) -> Result<Answer, RemoteError> {
        let envelope = Bytes::from(self.context.create(Uuid::new_v4(), &self.shell));
        self.posted = true;
        let limit = self.plan.options.session_option.open_timeout;
        let answer = self.http.post(&self.plan.uri.url, envelope, limit).await;
        match answer {
            Ok(answer) => Ok(answer),
            Err(source) => {
                self.posted = !source.is_before_request();
                Err(RemoteError::Transport { operation: Operation::Open, source })
            }
        }
    }

    /// Turns to where the server says, with the same credential: only if that was allowed, and never out of encryption.
    fn redirect(&mut self, location: &str, followed: u32) -> Result<(), RemoteError> {
        self.posted = false;
        let host = self.plan.uri.host().to_owned();
        let location = location.trim().to_owned();
        let allowed = self.plan.options.allow_redirection;
        let limit = match u32::try_from(self.plan.options.session_option.maximum_redirection) {
            _ if !allowed => 0,
            Ok(limit) => limit.min(REDIRECTS_MAX),
            Err(_) => REDIRECTS_MAX,
        };
        let target = match ConnectionUri::parse(&location) {
            Ok(target) if location.contains("://") => target,
            _ => return Err(RemoteError::RedirectInvalid { host, location }),
        };
        if followed >= limit {
            return Err(RemoteError::RedirectNotAllowed { host, location, followed, allowed });
        }
        if self.plan.uri.is_encrypted() && !target.is_encrypted() {
            return Err(RemoteError::RedirectDowngrade { host, location });
        }
        check_encryption(&target, &self.plan.options)?;
        self.observer.redirected(&location);
        if target.is_encrypted() && !self.plan.uri.is_encrypted() {
            self.http = client(&self.plan, true)?;
        }
        self.context.to.clone_from(&target.text);
        self.plan.uri = target;
        Ok(())
    }

    /// The server may have made the shell without our knowing; its identifier was our choice.
    async fn give_up(&self, problem: &RemoteError) {
        let answered = !matches!(
            problem,
            RemoteError::Transport { .. }
                | RemoteError::TooSlow { .. }
                | RemoteError::Stopped
                | RemoteError::Answer { .. }
        );
        if !self.posted || answered {
            return;
        }
        let mut context = self.context.clone();
        context.selectors = vec![("ShellId".to_owned(), self.shell.id.to_string())];
        let limit = self.plan.options.session_option.cancel_timeout.min(Duration::from_secs(5));
        let delete = Bytes::from(context.delete(Uuid::new_v4()));
        if let Err(problem) = self.http.post(&self.plan.uri.url, delete, limit).await {
            tracing::debug!(%problem, "a shell that may have been created could not be deleted");
        }
    }

    fn finish(self, pool: ClientPool, created: CreatedShell) -> Arc<PsrpLink> {
        let mut context = self.context;
        context.selectors = created.selectors;
        if context.selectors.is_empty() {
            let id = created.shell_id.unwrap_or(self.shell.id);
            context.selectors.push(("ShellId".to_owned(), id.to_string()));
        }
        if let Some(resource_uri) = created.resource_uri {
            context.resource_uri = resource_uri;
        }
        // what the server compresses it expects compressed
        context.compression =
            if self.shell.offer == Compression::Xpress { created.compression } else { Compression::None };
        let full = shell_uri(&self.plan.configuration);
        let identity = Identity {
            id: self.number,
            name: self.shell.name,
            instance_id: pool.id(),
            user: self.plan.credential.user_name().to_owned(),
            configuration: full.get(SHELL_PREFIX.len()..).unwrap_or(&full).to_owned(),
        };
        let carrier = WsmanCarrier::new(
            self.http,
            self.plan.uri.url,
            context,
            &identity.user,
            self.plan.options.session_option.cancel_timeout,
            Arc::clone(&self.observer),
        );
        PsrpLink::start_up(identity, carrier, pool, self.observer)
    }
}

fn client(plan: &Plan, encrypted: bool) -> Result<HttpClient, RemoteError> {
    let option = &plan.options.session_option;
    let options = HttpOptions {
        connect_timeout: Some(option.open_timeout.min(Duration::from_secs(60))),
        proxy: plan.proxy.clone(),
        skip_ca_check: option.skip_ca_check,
        skip_cn_check: option.skip_cn_check,
        encrypted,
        trace: plan.options.trace.clone(),
    };
    HttpClient::new(&options, &plan.credential)
        .map_err(|source| RemoteError::Transport { operation: Operation::Open, source })
}

fn can_retry(problem: &RemoteError) -> bool {
    match problem {
        RemoteError::Transport { source, .. } => source.is_before_request(),
        RemoteError::Http { status, .. } => *status == 503,
        _ => false,
    }
}
