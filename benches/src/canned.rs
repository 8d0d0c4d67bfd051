//! A server whose answers are made beforehand, so that a race over loopback measures the client.
//!
//! It speaks the protocol through exsh's server roles. The answers to a Command are whole envelopes before it is
//! acknowledged; only the id of the request they answer is put in later. The clock runs from then until Delete.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use exsh::clixml::{PsValue, SessionKey};
use exsh::psrp::{InvocationState, ServerEvent, ServerOptions, ServerPool, StreamName, Target};
use exsh::wsman::{CommandId, Compression, RequestBody, ServerFault, ServerReply, ShellId, parse_request};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::payload;

/// Stands in answers where the id of the request will be.
const RELATES_TO: &str = "{relates-to}";

/// What one session costs.
#[derive(Debug, Default, Clone, Copy)]
pub struct Taken {
    /// From the answer to the first Command until Delete.
    pub time: Duration,
    /// Requests from Create to Delete.
    pub requests: u32,
    /// Bytes of the answers to Receive.
    pub bytes: usize,
}

/// What is sent: message bodies, made when they are asked for by number.
#[derive(Clone)]
pub struct Supply {
    /// How many objects a pipeline puts out.
    pub outputs: u64,
    /// One of them.
    pub output: fn(u64) -> Vec<u8>,
    /// How many cmdlets there are.
    pub cmdlets: u64,
    /// Whether streams may be compressed.
    pub compression: bool,
    /// Whether answers are ready before the clock starts; else each is made when it is asked for.
    pub ready: bool,
}

/// The server.
pub struct Canned {
    supply: Supply,
    state: Mutex<State>,
    closed: Notify,
}

#[derive(Default)]
struct State {
    pool: Option<ServerPool>,
    compression: Compression,
    opening_sent: bool,
    /// The pipeline whose answers are being made, and the number of its next output.
    making: Option<(CommandId, Uuid, std::ops::Range<u64>, fn(u64) -> Vec<u8>)>,
    envelope_bytes: usize,
    ready: VecDeque<Vec<Bytes>>,
    started: Option<Instant>,
    taken: Taken,
}

impl Canned {
    /// A server on a port of loopback.
    pub async fn start(supply: Supply) -> std::io::Result<(Arc<Self>, SocketAddr)> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let canned = Arc::new(Self { supply, state: Mutex::default(), closed: Notify::new() });
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
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
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

    async fn answer(&self, request: Request<Incoming>) -> Response<Parts> {
        let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        let compression = self.state().compression;
        let request = parse_request(&body, |_| compression).expect("the client's request is well-formed");
        let id = request.header.message_id.clone();
        let reply = ServerReply { relates_to: &id, message: Uuid::new_v4() };
        self.state().taken.requests += 1;
        let answer = match request.body {
            RequestBody::Create(create) => {
                let shell = create.id.unwrap_or_else(|| ShellId::from_text("A"));
                let compression = if self.supply.compression { request.header.compression } else { Compression::None };
                self.open(create.creation.unwrap_or_default(), compression);
                let idle = (Duration::from_secs(900), Duration::from_secs(900));
                reply.created(&shell, &request.header.resource_uri, &request.header.to, "bench", idle, compression)
            }
            RequestBody::Command { command, arguments, .. } => {
                let command = command.expect("the client names its command");
                self.command(&command, &arguments, request.header.envelope_bytes_max.unwrap_or(153_600));
                reply.command_started(&command)
            }
            RequestBody::Receive { command: None, .. } => match self.opening() {
                Some(bytes) => reply.received(None, &[&bytes], false, compression),
                None => {
                    self.closed.notified().await;
                    return respond(500, vec![reply.fault(&ServerFault::timed_out("bench")).into()]);
                }
            },
            RequestBody::Receive { command: Some(_), .. } => return respond(200, self.receive(&id)),
            RequestBody::Signal { .. } => reply.signaled(),
            RequestBody::Delete => {
                self.delete();
                reply.deleted()
            }
            _ => reply.sent(),
        };
        respond(200, vec![answer.into()])
    }

    fn open(&self, creation: Vec<u8>, compression: Compression) {
        let mut pool = ServerPool::new(ServerOptions::new(SessionKey::new([7; 32])));
        pool.handle_bytes(Target::Pool, StreamName::Default, creation.into()).expect("the client opens a pool");
        while let Some(event) = pool.poll_event() {
            if matches!(event, ServerEvent::OpenRequested(_)) {
                pool.accept(PsValue::Null).expect("a fresh pool opens");
            }
        }
        let taken = Taken { requests: 1, ..Taken::default() };
        *self.state() = State { pool: Some(pool), compression, taken, ..State::default() };
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
    fn command(&self, command: &CommandId, arguments: &[u8], envelope_bytes: u32) {
        let mut state = self.state();
        let Some(pool) = state.pool.as_mut() else { return };
        // The pipeline's id is the one in the message's header: fragment header 21, destination and type 8, pool 16.
        let id: [u8; 16] = arguments[45..61].try_into().expect("sixteen bytes");
        let pipeline = Uuid::from_bytes_le(id);
        let target = Target::Pipeline(pipeline);
        pool.handle_bytes(target, StreamName::Default, arguments.to_vec().into())
            .expect("the client starts a pipeline");
        let mut making = (0..0, self.supply.output);
        let mut first = None;
        while let Some(event) = pool.poll_event() {
            match event {
                ServerEvent::MetadataRequested { .. } => {
                    first = Some(payload::count(self.supply.cmdlets));
                    making = (0..self.supply.cmdlets, payload::cmdlet);
                }
                ServerEvent::PipelineCreated { spec, .. } => {
                    if spec.commands.first().is_some_and(|first| first.name.to_text() == "Get-Mailbox") {
                        making.0 = 0..self.supply.outputs;
                    }
                }
                _ => {}
            }
        }
        if let Some(first) = first {
            pool.send_written_output(pipeline, &first).expect("the pipeline runs");
        }
        state.envelope_bytes = envelope_bytes as usize - 4096;
        state.making = Some((command.clone(), pipeline, making.0, making.1));
        while self.supply.ready && state.make_answer() {}
        state.started.get_or_insert_with(Instant::now);
    }

    fn receive(&self, relates_to: &str) -> Vec<Bytes> {
        let mut state = self.state();
        if state.ready.is_empty() {
            state.make_answer();
        }
        let mut answer = state.ready.pop_front().unwrap_or_default();
        answer.insert(1, Bytes::copy_from_slice(relates_to.as_bytes()));
        state.taken.bytes += answer.iter().map(Bytes::len).sum::<usize>();
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

impl State {
    /// One more answer; whether there will be another.
    fn make_answer(&mut self) -> bool {
        let (Some(pool), Some((command, pipeline, numbers, output))) = (&mut self.pool, &mut self.making) else {
            return false;
        };
        let target = Target::Pipeline(*pipeline);
        // base64 makes four of three, and each Stream element has some hundred bytes around it
        let room = self.envelope_bytes / 4 * 3;
        let (mut chunks, mut filled) = (Vec::new(), 0);
        loop {
            while let Some(bytes) = pool.next_fragment_bytes(target) {
                if filled + bytes + 128 > room && filled > 0 {
                    self.ready.push_back(envelope(command, &chunks, false, self.compression));
                    return true;
                }
                let Some(packet) = pool.poll_send(target, bytes) else { break };
                filled += packet.bytes.len() + 128;
                chunks.push(packet.bytes);
            }
            match numbers.next() {
                Some(number) => pool.send_written_output(*pipeline, &output(number)).expect("the pipeline runs"),
                None if pool.pipeline_state(*pipeline).is_some_and(InvocationState::is_final) => break,
                None => {
                    pool.send_pipeline_state(*pipeline, InvocationState::Completed, None).expect("the pipeline runs")
                }
            }
        }
        self.ready.push_back(envelope(command, &chunks, true, self.compression));
        self.making = None;
        false
    }
}

/// The two parts of an answer, before and behind the id of its request.
fn envelope(command: &CommandId, chunks: &[Bytes], done: bool, compression: Compression) -> Vec<Bytes> {
    let reply = ServerReply { relates_to: RELATES_TO, message: Uuid::new_v4() };
    let chunks: Vec<&[u8]> = chunks.iter().map(AsRef::as_ref).collect();
    let mut whole = Bytes::from(reply.received(Some(command), &chunks, done, compression));
    let at = memchr::memmem::find(&whole, RELATES_TO.as_bytes()).expect("every answer has it");
    let before = whole.split_to(at);
    vec![before, whole.slice(RELATES_TO.len()..)]
}

/// A body in parts that are not joined.
struct Parts(VecDeque<Bytes>);

impl Body for Parts {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.get_mut().0.pop_front().map(|part| Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|part| part.len() as u64).sum())
    }
}

fn respond(status: u16, body: Vec<Bytes>) -> Response<Parts> {
    Response::builder()
        .status(status)
        .header("Content-Type", "application/soap+xml;charset=UTF-8")
        .body(Parts(body.into()))
        .expect("a well-formed answer")
}
