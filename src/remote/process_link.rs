//! A session over a child's pipes: moves the lines of the process carrier and runs pipelines over them.
//!
//! What lines mean is the business of `process`; which program is started, that of `process_address`.

use std::collections::HashMap;
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::runtime;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::connect::pool_options;
use super::phase::{Life, end_of_pipeline, key_pair};
use super::process_address::ProcessAddress;
use super::process_pipeline::{Pipeline, ProcessControl};
use super::psrp_link::Identity;
use super::running::{Batch, Running};
use super::session::{BoxFuture, Link, not_open};
use super::{Availability, ConnectOptions, Operation, RemoteError, Session, SessionInfo, SessionObserver};
use crate::clixml::PsValue;
use crate::process::{LINE_BYTES_MAX, ProcessClient, ProcessError};
use crate::psrp::{
    ClientEvent, ClientPool, CommandQuery, HostCall, InvocationState, PipelineSpec, PsrpError, Record,
    RunspacePoolState, Target,
};

/// How long an orderly end may take before the program is killed.
const CLOSE_MAX: Duration = Duration::from_secs(5);
/// What is kept of the program's error output, for the message when it ends.
const LAST_WORDS_MAX: usize = 2000;

/// A session over a child's pipes.
pub(super) struct ProcessLink {
    pub(super) identity: Identity,
    address: ProcessAddress,
    pub(super) cancel_timeout: Duration,
    observer: Arc<dyn SessionObserver>,
    pub(super) runtime: runtime::Handle,
    client: Mutex<ProcessClient>,
    pipelines: Mutex<HashMap<Uuid, Arc<Pipeline>>>,
    /// There may be something to write.
    wake: Notify,
    /// Everything that waited was written.
    pub(super) written: Notify,
    host_calls: mpsc::UnboundedSender<(Option<Uuid>, HostCall)>,
    life: Life,
    child: tokio::sync::Mutex<Option<Child>>,
    /// The program's output has ended, or nobody reads it any more.
    gone: CancellationToken,
    last_words: Mutex<String>,
    /// Its error output has ended.
    silent: CancellationToken,
}

/// Starts the program and waits until its runspace pool is open.
pub(super) async fn open(
    address: ProcessAddress,
    options: ConnectOptions,
    number: u32,
    observer: Arc<dyn SessionObserver>,
    cancel: CancellationToken,
) -> Result<Session, RemoteError> {
    let limit = options.session_option.open_timeout;
    let link = ProcessLink::start_up(address, &options, number, observer)?;
    let too_slow = RemoteError::TooSlow { operation: Operation::Open, after: limit };
    let deadline = tokio::time::Instant::now() + limit;
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

impl ProcessLink {
    fn start_up(
        address: ProcessAddress,
        options: &ConnectOptions,
        number: u32,
        observer: Arc<dyn SessionObserver>,
    ) -> Result<Arc<Self>, RemoteError> {
        let mut command = Command::new(&address.program);
        command.args(&address.arguments).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C stops a pipeline, not the program that runs it.
        #[cfg(unix)]
        command.process_group(0);
        let carrier = |reason: String| RemoteError::Carrier { what: "starting the program of the session", reason };
        let mut child = command.spawn().map_err(|error| carrier(format!("{}: {error}", address.program)))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(carrier("it has no pipes".to_owned()));
        };
        let pool = ClientPool::new(pool_options(options));
        let instance_id = pool.id();
        let mut client = ProcessClient::new(pool);
        client.pool().open()?;
        let (host_calls, calls) = mpsc::unbounded_channel();
        let name = options.name.clone().unwrap_or_else(|| format!("Session{number}"));
        let user = address.user.clone();
        let identity = Identity { id: number, name, instance_id, user, configuration: String::new() };
        let link = Arc::new(Self {
            identity,
            address,
            cancel_timeout: options.session_option.cancel_timeout,
            observer,
            runtime: runtime::Handle::current(),
            client: Mutex::new(client),
            pipelines: Mutex::default(),
            wake: Notify::new(),
            written: Notify::new(),
            host_calls,
            life: Life::new(),
            child: tokio::sync::Mutex::new(Some(child)),
            gone: CancellationToken::new(),
            last_words: Mutex::default(),
            silent: CancellationToken::new(),
        });
        tokio::spawn(Arc::clone(&link).listen_to_errors(stderr));
        tokio::spawn(Arc::clone(&link).write(stdin));
        tokio::spawn(Arc::clone(&link).read(stdout));
        tokio::spawn(Arc::clone(&link).answer_host_calls(calls));
        Ok(link)
    }

    fn client(&self) -> MutexGuard<'_, ProcessClient> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pipelines(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Pipeline>>> {
        self.pipelines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, id: Uuid) -> Option<Arc<Pipeline>> {
        self.pipelines().get(&id).cloned()
    }

    // ---- lines ----

    async fn write(self: Arc<Self>, mut stdin: ChildStdin) {
        loop {
            let line = self.client().poll_line();
            let Some(mut line) = line else {
                self.note_written();
                tokio::select! {
                    () = self.wake.notified() => continue,
                    () = self.gone.cancelled() => return,
                }
            };
            line.push('\n');
            // A program that is gone is noticed by the reader, which knows more.
            if stdin.write_all(line.as_bytes()).await.is_err() || stdin.flush().await.is_err() {
                return;
            }
        }
    }

    fn note_written(&self) {
        let waiting: Vec<Target> = self.client().pool().targets_to_send().collect();
        for pipeline in self.pipelines().values() {
            if !waiting.contains(&Target::Pipeline(pipeline.id)) {
                pipeline.inputs_waiting.store(0, Ordering::Release);
            }
        }
        self.written.notify_waiters();
    }

    async fn read(self: Arc<Self>, stdout: ChildStdout) {
        let mut reader = BufReader::with_capacity(64 * 1024, stdout);
        let mut line = Vec::new();
        loop {
            line.clear();
            let mut limited = (&mut reader).take(LINE_BYTES_MAX as u64 + 1);
            let read = tokio::select! {
                read = limited.read_until(b'\n', &mut line) => read,
                () = self.gone.cancelled() => return,
            };
            if !matches!(read, Ok(bytes) if bytes > 0) {
                break;
            }
            self.handle(&String::from_utf8_lossy(&line));
            // Whoever reads the records decides how fast the program may go on.
            let full: Vec<_> =
                self.pipelines().values().filter(|pipeline| !pipeline.queue.has_room()).cloned().collect();
            for pipeline in full {
                pipeline.queue.room().await;
            }
        }
        self.handle_end().await;
    }

    fn handle(self: &Arc<Self>, line: &str) {
        let (handled, events, noise, closed, lost) = {
            let mut client = self.client();
            let handled = client.handle_line(line.trim_end_matches(['\n', '\r']));
            let events: Vec<ClientEvent> = std::iter::from_fn(|| client.pool().poll_event()).collect();
            let noise: Vec<String> = std::iter::from_fn(|| client.poll_noise()).collect();
            let lost = !matches!(handled, Err(ProcessError::Psrp(_)) | Ok(())) || client.pool().state().is_final();
            (handled, events, noise, client.is_closed(), lost)
        };
        for text in noise {
            tracing::debug!(text, "the program of the session said something else");
        }
        match handled {
            Ok(()) => {}
            Err(problem) if lost => self.break_up(self.stream_problem(problem)),
            Err(problem) => self.fail_broken_pipelines(&self.stream_problem(problem)),
        }
        self.dispatch(events, line.len());
        self.wake.notify_one();
        if closed {
            self.gone.cancel();
        }
    }

    /// The stream of a pipeline breaks the protocol: that pipeline has failed, the session goes on.
    fn fail_broken_pipelines(&self, problem: &RemoteError) {
        let broken: Vec<Uuid> = {
            let mut client = self.client();
            let pool = client.pool();
            let is_over = |id: &Uuid| pool.pipeline_state(*id).is_none_or(InvocationState::is_final);
            self.pipelines().keys().copied().filter(is_over).collect()
        };
        for id in broken {
            let found = self.pipelines().remove(&id);
            if let Some(pipeline) = found {
                pipeline.queue.finish(Err(problem.clone()));
                pipeline.ended.cancel();
            }
            self.client().close_pipeline(id);
        }
    }

    fn stream_problem(&self, problem: ProcessError) -> RemoteError {
        let host = self.address.computer.clone();
        match problem {
            ProcessError::Psrp(problem) => RemoteError::Stream { host, problem: Arc::new(problem) },
            other => RemoteError::Carrier { what: "talking to the program of the session", reason: other.to_string() },
        }
    }

    /// The program has closed its output.
    async fn handle_end(self: &Arc<Self>) {
        let _ = self.client().handle_end();
        let code = match self.child.lock().await.as_mut() {
            Some(child) => tokio::time::timeout(CLOSE_MAX, child.wait()).await.ok().and_then(Result::ok),
            None => None,
        };
        // A grandchild may hold the pipe open; what it says later is not waited for.
        let _ = tokio::time::timeout(Duration::from_millis(500), self.silent.cancelled()).await;
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner).trim().to_owned();
        let mut reason = match code {
            Some(status) => format!("it ended ({status})"),
            None => "it closed its output".to_owned(),
        };
        if !words.is_empty() {
            reason = format!("{reason}: {words}");
        }
        self.break_up(RemoteError::Carrier { what: "talking to the program of the session", reason });
    }

    async fn listen_to_errors(self: Arc<Self>, mut stderr: tokio::process::ChildStderr) {
        let mut bytes = [0; 1024];
        while let Ok(count @ 1..) = stderr.read(&mut bytes).await {
            let mut words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
            if words.len() < LAST_WORDS_MAX {
                words.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        }
        self.silent.cancel();
    }

    // ---- events ----

    fn dispatch(self: &Arc<Self>, events: Vec<ClientEvent>, bytes: usize) {
        for event in events {
            match event {
                ClientEvent::Record { pipeline: Some(id), record } => {
                    if let Some(pipeline) = self.find(id) {
                        pipeline.queue.push(Batch { records: vec![record], bytes });
                    }
                }
                ClientEvent::Record { pipeline: None, record: Record::Warning(warning) } => {
                    self.observer.warning(&warning.message.to_text());
                }
                ClientEvent::PipelineState { pipeline, state, reason } if state.is_final() => {
                    self.end_pipeline(pipeline, state, reason);
                }
                ClientEvent::PoolState { state, reason } => self.pool_state(state, reason),
                ClientEvent::KeyNeeded => self.provide_key(),
                // what is only said is said before the pipeline that says it ends
                ClientEvent::HostCall { call, repeats_record: false, .. } if !call.wants_answer() => {
                    let _ = self.observer.host_call(&call);
                }
                ClientEvent::HostCall { pipeline, call, repeats_record: false } => {
                    let _ = self.host_calls.send((pipeline, call));
                }
                _ => {} // states on the way, availability and forwarded events concern nobody here
            }
        }
    }

    fn end_pipeline(&self, id: Uuid, state: InvocationState, reason: Option<Box<crate::psrp::ErrorRecord>>) {
        let found = self.pipelines().remove(&id);
        if let Some(pipeline) = found {
            let stopped = pipeline.stop_asked.load(Ordering::Acquire);
            pipeline.queue.finish(end_of_pipeline(state, reason, stopped, &self.identity.name, self.loss()));
            pipeline.ended.cancel();
        }
        self.client().close_pipeline(id);
        self.wake.notify_one();
        self.written.notify_waiters();
    }

    fn pool_state(self: &Arc<Self>, state: RunspacePoolState, reason: Option<Box<crate::psrp::ErrorRecord>>) {
        match state {
            RunspacePoolState::Opened => self.life.opened(),
            RunspacePoolState::Broken | RunspacePoolState::Closed => {
                self.break_up(RemoteError::OpenRefused { host: self.address.computer.clone(), record: reason });
            }
            _ => {}
        }
    }

    async fn answer_host_calls(self: Arc<Self>, mut calls: mpsc::UnboundedReceiver<(Option<Uuid>, HostCall)>) {
        loop {
            let next = tokio::select! {
                next = calls.recv() => next,
                () = self.gone.cancelled() => return,
            };
            let Some((pipeline, call)) = next else { return };
            let observer = Arc::clone(&self.observer);
            let (call_id, method, wants_answer) = (call.call_id, call.method, call.wants_answer());
            let Ok(reply) = tokio::task::spawn_blocking(move || observer.host_call(&call)).await else { continue };
            if wants_answer {
                // an answer for a pipeline that has ended meanwhile concerns nobody
                let _ = self.with_pool(|pool| pool.respond_host_call(pipeline, call_id, method, reply));
            }
        }
    }

    /// Does something to the pool and sees to what follows: events it causes at once, lines to write.
    pub(super) fn with_pool<T>(self: &Arc<Self>, act: impl FnOnce(&mut ClientPool) -> T) -> T {
        self.with_client(|client| act(client.pool()))
    }

    pub(super) fn with_client<T>(self: &Arc<Self>, act: impl FnOnce(&mut ProcessClient) -> T) -> T {
        let (done, events) = {
            let mut client = self.client();
            let done = act(&mut client);
            (done, std::iter::from_fn(|| client.pool().poll_event()).collect::<Vec<_>>())
        };
        self.dispatch(events, 0);
        self.wake.notify_one();
        done
    }

    fn provide_key(self: &Arc<Self>) {
        let link = Arc::clone(self);
        self.runtime.spawn(async move {
            match key_pair().await {
                Ok(key) => link.with_pool(|pool| pool.provide_key(key)),
                Err(problem) => link.break_up(problem),
            }
        });
    }

    // ---- the end ----

    /// The session is lost: everything that runs on it ends with the reason. Only the first loss counts.
    pub(super) fn break_up(self: &Arc<Self>, problem: RemoteError) {
        let broke = self.life.broken(&problem);
        self.gone.cancel();
        if !broke {
            return;
        }
        let cause = Arc::new(problem);
        self.end_pipelines(|| RemoteError::SessionLost { name: self.identity.name.clone(), cause: Arc::clone(&cause) });
        let link = Arc::clone(self);
        self.runtime.spawn(async move { link.end_child(Duration::ZERO).await });
    }

    fn end_pipelines(&self, reason: impl Fn() -> RemoteError) {
        for (_, pipeline) in self.pipelines().drain() {
            pipeline.queue.finish(Err(reason()));
            pipeline.ended.cancel();
        }
        self.written.notify_waiters();
    }

    /// Lets the program end by itself for so long, then kills it, as PowerShell's client does.
    async fn end_child(&self, patience: Duration) {
        let Some(mut child) = self.child.lock().await.take() else { return };
        if tokio::time::timeout(patience, child.wait()).await.is_err()
            && let Err(problem) = child.kill().await
        {
            tracing::debug!(%problem, "the program of the session could not be ended");
        }
    }

    async fn close_in_order(self: Arc<Self>) {
        let closing = self.life.closing();
        if closing {
            // What runs is closed with the pool; nobody waits for room any more.
            self.pipelines().values().for_each(|pipeline| pipeline.queue.unbound());
            self.client().close();
            self.wake.notify_one();
            let _ = tokio::time::timeout(CLOSE_MAX, self.gone.cancelled()).await;
            self.end_pipelines(|| RemoteError::SessionClosed { name: self.identity.name.clone() });
            self.life.closed();
        }
        self.gone.cancel();
        // Its input is closed now; PowerShell ends by itself soon, and is not waited for long.
        self.end_child(Duration::from_millis(300)).await;
    }

    fn begin(
        self: &Arc<Self>,
        create: impl FnOnce(&mut ProcessClient, Uuid) -> Result<(), PsrpError>,
    ) -> Result<Running, RemoteError> {
        if !self.life.is_open() {
            return Err(not_open(&self.info(), self.loss()));
        }
        let id = Uuid::new_v4();
        let pipeline = Arc::new(Pipeline::new(id));
        {
            let mut pipelines = self.pipelines();
            if pipelines.values().any(|pipeline| !pipeline.queue.is_finished()) {
                return Err(RemoteError::Busy { name: self.identity.name.clone() });
            }
            pipelines.insert(id, Arc::clone(&pipeline));
        }
        if let Err(problem) = self.with_client(|client| create(client, id)) {
            self.pipelines().remove(&id);
            return Err(problem.into());
        }
        let queue = Arc::clone(&pipeline.queue);
        Ok(Running::new(queue, Arc::new(ProcessControl { link: Arc::clone(self), pipeline })))
    }
}

impl Link for ProcessLink {
    fn info(&self) -> SessionInfo {
        let state = self.life.state();
        let busy = self.pipelines().values().any(|pipeline| !pipeline.queue.is_finished());
        SessionInfo {
            id: self.identity.id,
            name: self.identity.name.clone(),
            instance_id: self.identity.instance_id,
            computer_name: self.address.computer.clone(),
            uri: self.address.given.clone(),
            user: self.identity.user.clone(),
            configuration: self.identity.configuration.clone(),
            state,
            availability: Availability::of(state, busy),
        }
    }

    fn start(self: Arc<Self>, spec: PipelineSpec) -> Result<Running, RemoteError> {
        self.begin(|client, id| client.create_pipeline(id, &spec))
    }

    fn command_metadata(self: Arc<Self>, query: CommandQuery) -> Result<Running, RemoteError> {
        self.begin(|client, id| client.get_command_metadata(id, &query))
    }

    fn private_data(&self) -> Option<PsValue> {
        self.client().pool().private_data().cloned()
    }

    fn close(self: Arc<Self>) -> BoxFuture<()> {
        Box::pin(self.close_in_order())
    }

    fn runtime(&self) -> &runtime::Handle {
        &self.runtime
    }

    fn loss(&self) -> Option<RemoteError> {
        self.life.loss()
    }
}
