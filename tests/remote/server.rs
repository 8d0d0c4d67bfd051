//! A small scripted server for one test: speaks the protocol by itself, and does what a test says instead of it.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use exsh::clixml::{PsValue, SessionKey};
use exsh::psrp::{
    ErrorCategory, ErrorRecord, HostMethod, HostReply, InformationalRecord, InvocationState, PipelineSpec, Record,
    ServerEvent, ServerOptions, ServerPool, StreamName, Target,
};
use exsh::wsman::{
    Action, CommandId, Compression, FaultCode, RequestBody, STOP_SIGNAL, ServerFault, ServerReply, ServerRequest,
    parse_request,
};
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::Notify;
use uuid::Uuid;

/// What the server was asked.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) action: Option<Action>,
    pub(crate) path: String,
    pub(crate) cookie: Option<String>,
    pub(crate) authorization: Option<String>,
    pub(crate) accept_encoding: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) body: String,
    /// The command it concerns.
    pub(crate) command: Option<String>,
    /// The code of a Signal.
    pub(crate) code: Option<String>,
}

/// An answer that a test gives instead of the protocol's.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Break the connection after the body instead of ending it.
    pub(crate) cut: bool,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), cut: false }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn cut(mut self) -> Self {
        self.cut = true;
        self
    }
}

type Instead = Box<dyn Fn(&Seen, &ServerRequest) -> Option<Reply> + Send + Sync>;

struct Shell {
    pool: ServerPool,
    compression: Compression,
    /// Pipelines that give numbers until they are stopped.
    endless: HashMap<Uuid, i32>,
}

struct State {
    shells: Mutex<HashMap<String, Shell>>,
    seen: Mutex<Vec<Seen>>,
    changed: Notify,
    instead: Instead,
    compress: bool,
}

/// A running server; it ends with its runtime.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) url: String,
    state: Arc<State>,
}

/// How long a Receive is held.
const RECEIVE_WAIT: Duration = Duration::from_millis(150);

impl Server {
    /// A server that only speaks the protocol.
    pub(crate) async fn plain() -> Self {
        Self::start(false, |_, _| None).await
    }

    /// A server that does what `instead` says, where it says something.
    pub(crate) async fn with(instead: impl Fn(&Seen, &ServerRequest) -> Option<Reply> + Send + Sync + 'static) -> Self {
        Self::start(false, instead).await
    }

    pub(crate) async fn start(
        compress: bool,
        instead: impl Fn(&Seen, &ServerRequest) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        Self::listen(compress, None, instead).await
    }

    /// A server that only speaks the protocol, behind TLS with a certificate of its own for `name`.
    pub(crate) async fn encrypted(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        Self::listen(false, Some(tokio_rustls::TlsAcceptor::from(Arc::new(config))), |_, _| None).await
    }

    async fn listen(
        compress: bool,
        tls: Option<tokio_rustls::TlsAcceptor>,
        instead: impl Fn(&Seen, &ServerRequest) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}/PowerShell/", listener.local_addr().unwrap());
        let state = Arc::new(State {
            shells: Mutex::default(),
            seen: Mutex::default(),
            changed: Notify::new(),
            instead: Box::new(instead),
            compress,
        });
        let server = Self { url, state };
        let accepting = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&accepting.state);
                let service = service_fn(move |request| answer(Arc::clone(&state), request));
                let tls = tls.clone();
                tokio::spawn(async move {
                    let http = hyper::server::conn::http1::Builder::new();
                    match tls {
                        None => http.serve_connection(TokioIo::new(stream), service).await.is_ok(),
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => http.serve_connection(TokioIo::new(stream), service).await.is_ok(),
                            Err(_) => false, // the client did not trust us
                        },
                    }
                });
            }
        });
        server
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, action: Action) -> usize {
        self.seen().iter().filter(|seen| seen.action == Some(action)).count()
    }

    pub(crate) fn signals(&self) -> Vec<String> {
        self.seen().into_iter().filter_map(|seen| seen.code).collect()
    }

    pub(crate) fn open_shells(&self) -> usize {
        self.state.shells.lock().unwrap().len()
    }

    /// Waits until something is as it should be; the test's own time limit ends waiting in vain.
    pub(crate) async fn until(&self, so: impl Fn(&Self) -> bool) {
        while !so(self) {
            tokio::task::yield_now().await;
        }
    }
}

/// A body of given frames; an error among them breaks the connection.
struct Frames(VecDeque<Result<Frame<Bytes>, std::io::Error>>);

impl hyper::body::Body for Frames {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(self.0.pop_front())
    }
}

fn respond(reply: Reply) -> Response<Frames> {
    let mut builder = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(*name, value);
    }
    let mut frames = VecDeque::from([Ok(Frame::data(Bytes::from(reply.body)))]);
    if reply.cut {
        frames.push_back(Err(std::io::Error::other("cut")));
    }
    builder.body(Frames(frames)).unwrap()
}

async fn answer(state: Arc<State>, request: Request<Incoming>) -> Result<Response<Frames>, Infallible> {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let mut seen = Seen {
        action: None,
        path: request.uri().to_string(),
        cookie: header("cookie"),
        authorization: header("authorization"),
        accept_encoding: header("accept-encoding"),
        host: header("host"),
        body: String::new(),
        command: None,
        code: None,
    };
    let Ok(body) = request.into_body().collect().await.map(http_body_util::Collected::to_bytes) else {
        return Ok(respond(Reply::new(400, "")));
    };
    seen.body = String::from_utf8_lossy(&body).into_owned();
    let compression = |shell: &exsh::wsman::ShellId| {
        state.shells.lock().unwrap().get(shell.as_str()).map(|shell| shell.compression).unwrap_or_default()
    };
    let Ok(request) = parse_request(&body, compression) else { return Ok(respond(Reply::new(400, "no request"))) };
    seen.action = request.header.action();
    if let RequestBody::Signal { command, code } = &request.body {
        seen.code = Some(code.clone());
        seen.command = command.as_ref().map(ToString::to_string);
    }
    if let RequestBody::Receive { command, .. } | RequestBody::Command { command, .. } = &request.body {
        seen.command = command.as_ref().map(ToString::to_string);
    }
    state.seen.lock().unwrap().push(seen.clone());
    if let Some(reply) = (state.instead)(&seen, &request) {
        return Ok(respond(reply));
    }
    let (status, body) = protocol(&state, &request).await;
    Ok(respond(Reply::new(status, body).header("set-cookie", "MS-WSMAN=affinity-1; path=/")))
}

pub(crate) fn reply_to(request: &ServerRequest) -> ServerReply<'_> {
    ServerReply { relates_to: &request.header.message_id, message: Uuid::new_v4() }
}

pub(crate) fn fault(request: &ServerRequest, code: FaultCode, message: &str) -> Reply {
    let fault = ServerFault { code, message: message.to_owned(), ..ServerFault::timed_out("test") };
    Reply::new(500, reply_to(request).fault(&fault))
}

async fn protocol(state: &State, request: &ServerRequest) -> (u16, Vec<u8>) {
    let reply = reply_to(request);
    let id = request.header.shell().map(|id| id.to_string()).unwrap_or_default();
    if let RequestBody::Create(create) = &request.body {
        let shell_id = create.id.clone().unwrap();
        let compression = if state.compress { request.header.compression } else { Compression::None };
        let mut shell = Shell {
            pool: ServerPool::new(ServerOptions::new(SessionKey::new([7; 32]))),
            compression,
            endless: HashMap::new(),
        };
        shell.take(Target::Pool, StreamName::Default, create.creation.clone().unwrap().into());
        state.shells.lock().unwrap().insert(shell_id.to_string(), shell);
        let idle = (Duration::from_secs(900), Duration::from_secs(900));
        let uri = &request.header.resource_uri;
        return (200, reply.created(&shell_id, uri, &request.header.to, "CONTOSO\\ann", idle, compression));
    }
    let gone = (500, fault(request, FaultCode::UNEXPECTED_SELECTORS, "the shell was not found").body);
    if let RequestBody::Receive { command, .. } = &request.body {
        let held = tokio::time::timeout(RECEIVE_WAIT, receive(state, &id, command.as_ref(), &reply)).await;
        return match held {
            Ok(Some(body)) => (200, body),
            Ok(None) => gone,
            Err(_) => (500, reply.fault(&ServerFault::timed_out("test"))),
        };
    }
    let answer = act(state, &id, request, &reply).unwrap_or(gone);
    state.changed.notify_waiters();
    answer
}

/// Everything that needs no waiting; nothing if there is no such shell.
fn act(state: &State, id: &str, request: &ServerRequest, reply: &ServerReply<'_>) -> Option<(u16, Vec<u8>)> {
    let mut shells = state.shells.lock().unwrap();
    let shell = shells.get_mut(id)?;
    Some(match &request.body {
        RequestBody::Delete => {
            shells.remove(id);
            (200, reply.deleted())
        }
        RequestBody::Command { command: Some(command), arguments, .. } => {
            let target = Target::Pipeline(command.to_uuid().unwrap());
            shell.take(target, StreamName::Default, arguments.clone().into());
            (200, reply.command_started(command))
        }
        RequestBody::Send { streams } => {
            for chunk in streams {
                let target = chunk.command.as_ref().map_or(Target::Pool, |id| Target::Pipeline(id.to_uuid().unwrap()));
                let stream = if chunk.name == "pr" { StreamName::PromptResponse } else { StreamName::Default };
                shell.take(target, stream, chunk.data.clone());
            }
            (200, reply.sent())
        }
        RequestBody::Signal { command: Some(command), code } => {
            shell.signal(command, code);
            (200, reply.signaled())
        }
        _ => (400, b"what?".to_vec()),
    })
}

async fn receive(state: &State, id: &str, command: Option<&CommandId>, reply: &ServerReply<'_>) -> Option<Vec<u8>> {
    loop {
        let changed = state.changed.notified();
        {
            let mut shells = state.shells.lock().unwrap();
            let shell = shells.get_mut(id)?;
            let target = command.map_or(Target::Pool, |id| Target::Pipeline(id.to_uuid().unwrap()));
            if let Target::Pipeline(pipeline) = target {
                shell.count_on(pipeline);
            }
            let mut chunks = Vec::new();
            let mut room = 200_000_usize;
            while let Some(packet) = shell.pool.poll_send(target, room) {
                room = room.saturating_sub(packet.bytes.len());
                chunks.push(packet.bytes);
                if room < 40_000 {
                    break;
                }
            }
            let waiting = shell.pool.targets_to_send().any(|other| other == target);
            let ended = match target {
                Target::Pool => false,
                Target::Pipeline(pipeline) => {
                    shell.pool.pipeline_state(pipeline).is_none_or(InvocationState::is_final) && !waiting
                }
            };
            if !chunks.is_empty() || ended {
                let chunks: Vec<&[u8]> = chunks.iter().map(AsRef::as_ref).collect();
                return Some(reply.received(command, &chunks, ended, shell.compression));
            }
        }
        changed.await;
    }
}

impl Shell {
    fn take(&mut self, target: Target, stream: StreamName, bytes: Bytes) {
        self.pool.handle_bytes(target, stream, bytes).unwrap();
        while let Some(event) = self.pool.poll_event() {
            match event {
                ServerEvent::OpenRequested(_) => {
                    self.pool
                        .send_pool_record(&Record::Warning(InformationalRecord::new("welcome to the pool")))
                        .unwrap();
                    self.pool.accept(PsValue::Null).unwrap();
                }
                ServerEvent::PipelineCreated { pipeline, spec } => self.run(pipeline, &spec),
                ServerEvent::MetadataRequested { pipeline, .. } => {
                    self.pool.send_output(pipeline, &PsValue::I32(0)).unwrap();
                    self.pool.send_pipeline_state(pipeline, InvocationState::Completed, None).unwrap();
                }
                ServerEvent::Input { pipeline, value } => self.pool.send_output(pipeline, &value).unwrap(),
                ServerEvent::InputEnded { pipeline } => {
                    self.pool.send_pipeline_state(pipeline, InvocationState::Completed, None).unwrap();
                }
                ServerEvent::HostResponse { pipeline: Some(pipeline), response } => {
                    let text = match response.reply {
                        Some(HostReply::Value(value)) => value,
                        Some(HostReply::Refused(error)) => PsValue::String(error.message()),
                        None => PsValue::Null,
                    };
                    self.pool.send_output(pipeline, &text).unwrap();
                    self.pool.send_pipeline_state(pipeline, InvocationState::Completed, None).unwrap();
                }
                ServerEvent::PublicKeyReceived => {
                    self.pool.answer_public_key(&mut rand::rngs::OsRng).unwrap();
                }
                _ => {}
            }
        }
    }

    /// What the "cmdlets" of this server do.
    fn run(&mut self, id: Uuid, spec: &PipelineSpec) {
        let command = &spec.commands[0];
        let number = command.arguments.iter().find_map(|argument| match argument.value {
            PsValue::I32(number) => Some(number),
            _ => None,
        });
        match &*command.name.to_text() {
            "Get-Number" => {
                for n in 0..number.unwrap_or(3) {
                    self.pool.send_output(id, &PsValue::I32(n)).unwrap();
                }
                self.pool.send_pipeline_state(id, InvocationState::Completed, None).unwrap();
            }
            "Get-Text" => {
                let text = "x".repeat(usize::try_from(number.unwrap_or(10)).unwrap());
                self.pool.send_output(id, &text.into()).unwrap();
                self.pool.send_pipeline_state(id, InvocationState::Completed, None).unwrap();
            }
            "Get-Endless" => {
                self.endless.insert(id, 0);
            }
            "Show-Warning" => {
                self.pool.send_record(id, &Record::Warning(InformationalRecord::new("careful"))).unwrap();
                let error = ErrorRecord::new("not this one", "Oops", ErrorCategory::InvalidData);
                self.pool.send_record(id, &Record::Error(Box::new(error))).unwrap();
                self.pool.send_pipeline_state(id, InvocationState::Completed, None).unwrap();
            }
            "Invoke-Failure" => {
                self.pool.send_output(id, &"before the end".into()).unwrap();
                let error = ErrorRecord::new("no mailbox today", "NoMailbox", ErrorCategory::ObjectNotFound);
                self.pool.send_pipeline_state(id, InvocationState::Failed, Some(&error)).unwrap();
            }
            "Read-Answer" => {
                let parameters = vec!["caption".into(), "sure?".into(), PsValue::Null, PsValue::I32(0)];
                self.pool.send_host_call(Some(id), HostMethod::PromptForChoice, parameters).unwrap();
            }
            "Get-Secret" => {
                let secret = exsh::clixml::SecureText::Plain(Arc::new("hush".into()));
                self.pool.send_output(id, &PsValue::SecureString(secret)).unwrap();
                self.pool.send_pipeline_state(id, InvocationState::Completed, None).unwrap();
            }
            _ => {} // Wait-Forever, Join-Input
        }
    }

    /// Numbers without end, each with a kilobyte around it.
    fn count_on(&mut self, pipeline: Uuid) {
        let Some(next) = self.endless.get_mut(&pipeline) else { return };
        for _ in 0..100 {
            let text = format!("{next}:{}", "x".repeat(1000));
            self.pool.send_output(pipeline, &text.into()).unwrap();
            *next += 1;
        }
    }

    fn signal(&mut self, command: &CommandId, code: &str) {
        let id = command.to_uuid().unwrap();
        if code == STOP_SIGNAL {
            self.endless.remove(&id);
            // one that has ended meanwhile has no state to tell
            let _ = self.pool.send_pipeline_state(id, InvocationState::Stopped, None);
        } else {
            self.endless.remove(&id);
            self.pool.close_pipeline(id);
        }
    }
}
