//! A server whose answers are made beforehand, so that a race over loopback measures the client.
//!
//! It speaks the protocol through exsh's server roles; answers to a Command are encoded before it is acknowledged,
//! and the clock runs from then until Delete.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use exsh::clixml::{PsValue, SessionKey};
use exsh::psrp::{InvocationState, ServerEvent, ServerOptions, ServerPool, StreamName, Target};
use exsh::wsman::{CommandId, Compression, RequestBody, ServerFault, ServerReply, ShellId, parse_request};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::Notify;
use uuid::Uuid;

/// What one session costs.
#[derive(Debug, Default, Clone, Copy)]
pub struct Taken {
    /// From the answer to Command until Delete.
    pub time: Duration,
    /// Requests from Create to Delete.
    pub requests: u32,
    /// Bytes of the answers to Receive.
    pub bytes: usize,
}

/// What is sent: an answer for each pipeline.
pub struct Canned {
    outputs: Arc<Vec<Vec<u8>>>,
    state: Mutex<State>,
    closed: Notify,
}

#[derive(Default)]
struct State {
    pool: Option<ServerPool>,
    opening_sent: bool,
    pipeline: Option<Uuid>,
    /// Bodies still to be sent, the first last.
    answers: Vec<Vec<Bytes>>,
    started: Option<Instant>,
    taken: Taken,
}

impl Canned {
    /// A server that answers every pipeline with `outputs`.
    pub async fn start(outputs: Arc<Vec<Vec<u8>>>) -> std::io::Result<(Arc<Self>, SocketAddr)> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let canned = Arc::new(Self { outputs, state: Mutex::default(), closed: Notify::new() });
        let server = Arc::clone(&canned);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let server = Arc::clone(&server);
                tokio::spawn(async move {
                    let service = service_fn(|request| {
                        let server = Arc::clone(&server);
                        async move { Ok::<_, Infallible>(server.answer(request).await) }
                    });
                    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Ok((canned, address))
    }

    /// What the last session took.
    pub fn taken(&self) -> Taken {
        self.state().taken
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        let request = parse_request(&body, |_| Compression::None).expect("the client's request is well-formed");
        let id = request.header.message_id.clone();
        let reply = ServerReply { relates_to: &id, message: Uuid::new_v4() };
        self.state().taken.requests += 1;
        let answer = match request.body {
            RequestBody::Create(create) => {
                let shell = create.id.unwrap_or_else(|| ShellId::from_text("A"));
                self.open(create.creation.unwrap_or_default());
                let idle = (Duration::from_secs(900), Duration::from_secs(900));
                reply.created(&shell, &request.header.resource_uri, &request.header.to, "bench", idle, Compression::None)
            }
            RequestBody::Command { command, arguments, .. } => {
                let command = command.expect("the client names its command");
                self.command(&arguments, request.header.envelope_bytes_max.unwrap_or(153_600));
                reply.command_started(&command)
            }
            RequestBody::Receive { command: None, .. } => match self.opening() {
                Some(bytes) => reply.received(None, &[&bytes], false, Compression::None),
                None => {
                    self.closed.notified().await;
                    return fault(&reply);
                }
            },
            RequestBody::Receive { command: Some(command), .. } => self.receive(&reply, &command),
            RequestBody::Signal { .. } => reply.signaled(),
            RequestBody::Delete => {
                self.delete();
                reply.deleted()
            }
            _ => reply.sent(),
        };
        respond(200, answer)
    }

    fn open(&self, creation: Vec<u8>) {
        let mut pool = ServerPool::new(ServerOptions::new(SessionKey::new([7; 32])));
        pool.handle_bytes(Target::Pool, StreamName::Default, creation.into()).expect("the client opens a pool");
        while let Some(event) = pool.poll_event() {
            if matches!(event, ServerEvent::OpenRequested(_)) {
                pool.accept(PsValue::Null).expect("a fresh pool opens");
            }
        }
        *self.state() = State { pool: Some(pool), taken: Taken { requests: 1, ..Taken::default() }, ..State::default() };
    }

    fn opening(&self) -> Option<Vec<u8>> {
        let mut state = self.state();
        if std::mem::replace(&mut state.opening_sent, true) {
            return None;
        }
        let pool = state.pool.as_mut()?;
        let mut bytes = Vec::new();
        while let Some(packet) = pool.poll_send(Target::Pool, 1 << 20) {
            bytes.extend_from_slice(&packet.bytes);
        }
        Some(bytes)
    }

    /// Makes all answers, then starts the clock.
    fn command(&self, arguments: &[u8], envelope_bytes: u32) {
        let mut state = self.state();
        let Some(pool) = state.pool.as_mut() else { return };
        // The pipeline's id is the one in the message's header: fragment header 21, destination and type 8, pool 16.
        let id: [u8; 16] = arguments[45..61].try_into().expect("sixteen bytes");
        let pipeline = Uuid::from_bytes_le(id);
        let target = Target::Pipeline(pipeline);
        pool.handle_bytes(target, StreamName::Default, arguments.to_vec().into()).expect("the client starts a pipeline");
        while pool.poll_event().is_some() {}
        for output in self.outputs.iter() {
            pool.send_written_output(pipeline, output).expect("the pipeline runs");
        }
        pool.send_pipeline_state(pipeline, InvocationState::Completed, None).expect("the pipeline runs");
        let room = (envelope_bytes as usize - 4096) / 4 * 3;
        let mut answers: Vec<Vec<Bytes>> = vec![Vec::new()];
        let mut filled = 0;
        while let Some(packet) = pool.poll_send(target, room) {
            // Each Stream element has some hundred bytes around it.
            let size = packet.bytes.len() + 128;
            if filled + size > room {
                answers.push(Vec::new());
                filled = 0;
            }
            filled += size;
            if let Some(last) = answers.last_mut() {
                last.push(packet.bytes);
            }
        }
        answers.reverse();
        state.pipeline = Some(pipeline);
        state.answers = answers;
        state.started = Some(Instant::now());
    }

    fn receive(&self, reply: &ServerReply<'_>, command: &CommandId) -> Vec<u8> {
        let (chunks, done) = {
            let mut state = self.state();
            let chunks = state.answers.pop().unwrap_or_default();
            (chunks, state.answers.is_empty())
        };
        let chunks: Vec<&[u8]> = chunks.iter().map(AsRef::as_ref).collect();
        let answer = reply.received(Some(command), &chunks, done, Compression::None);
        self.state().taken.bytes += answer.len();
        answer
    }

    fn delete(&self) {
        let mut state = self.state();
        if let Some(started) = state.started.take() {
            state.taken.time = started.elapsed();
        }
        drop(state);
        self.closed.notify_waiters();
    }
}

fn fault(reply: &ServerReply<'_>) -> Response<Full<Bytes>> {
    respond(500, reply.fault(&ServerFault::timed_out("bench")))
}

fn respond(status: u16, body: Vec<u8>) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header("Content-Type", "application/soap+xml;charset=UTF-8")
        .body(Full::new(body.into()))
        .expect("a well-formed answer")
}
