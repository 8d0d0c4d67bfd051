//! Sessions over a child's pipes: recordings played by a program that checks what it is sent, and our own two ends.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use exsh::clixml::{PsValue, ReadLimits, SecureText, SessionKey, read_fragment, write_fragment};
use exsh::process::{ProcessPacket, ProcessServer, ProcessServerEvent};
use exsh::psrp::{
    Argument, CommandQuery, CommandSpec, Defragmenter, InvocationState, Message, MessageType, Packing, PipelineSpec,
    ReceiveLimits, Record, ServerEvent, ServerOptions, ServerPool, Target,
};
use exsh::remote::{ConnectOptions, ConnectionRequest, Nobody, RemoteError, Session, SessionState, connect};
use uuid::Uuid;

use super::recording::{self, From, Placed, Recording};

/// Names the recording that the test binary shall play when it is started as a child.
const PLAY: &str = "EXSH_TEST_PLAY";

/// Conversations without secrets, host questions or two pipelines at once: those a session has one after the other.
const PLAYED: [&str; 9] = [
    "commands-chain",
    "input-100-objects",
    "input-none",
    "input-primitives",
    "large-input",
    "large-object-40k",
    "metadata-direct",
    "output-others",
    "restricted-import",
];

#[test]
fn sessions_over_pipes_say_and_hear_what_was_recorded() {
    let program = std::env::current_exe().unwrap();
    let mut played = 0;
    for recording in recording::all().iter().filter(|recording| PLAYED.contains(&recording.scenario.as_str())) {
        let player = "process_carrier::the_player_of_recordings";
        let uri = format!(
            "process:/usr/bin/env {PLAY}={} \"{}\" --exact {player} --nocapture",
            recording.scenario,
            program.display()
        );
        run(async {
            let session = open(&uri).await.unwrap();
            for pipeline in pipelines(recording) {
                let place = format!("{} {}", recording.scenario, pipeline.id);
                let heard = hear(&session, &pipeline).await;
                assert_eq!(heard.len(), pipeline.heard.len(), "{place}: {heard:?}");
                for (index, (ours, real)) in heard.iter().zip(&pipeline.heard).enumerate() {
                    assert_eq!(ours, real, "{place} record {index}");
                }
            }
            session.close().await;
            assert_eq!(session.state(), SessionState::Closed);
        });
        played += 1;
    }
    assert!(played == 0 || played == PLAYED.len());
}

/// One recorded pipeline as a user of a session sees it.
struct Played {
    id: Uuid,
    first: (MessageType, PsValue),
    input: Vec<PsValue>,
    /// The CLIXML of its records, and `failed` for a terminating error.
    heard: Vec<String>,
}

fn pipelines(recording: &Recording) -> Vec<Played> {
    let mut found: Vec<Played> = Vec::new();
    for placed in recording.messages() {
        let Target::Pipeline(id) = placed.target else { continue };
        let kind = placed.message.message_type().unwrap();
        if placed.from == From::Client && matches!(kind, MessageType::CreatePipeline | MessageType::GetCommandMetadata)
        {
            found.push(Played { id, first: (kind, value(&placed)), input: Vec::new(), heard: Vec::new() });
            continue;
        }
        let Some(pipeline) = found.iter_mut().find(|pipeline| pipeline.id == id) else { continue };
        match kind {
            MessageType::PipelineInput => pipeline.input.push(value(&placed)),
            MessageType::PipelineState => {
                let reason = value(&placed).as_object().unwrap().get("ExceptionAsErrorRecord");
                pipeline.heard.extend(reason.map(|_| "failed".to_owned()));
            }
            kind if placed.from == From::Server => {
                if let Some(record) = Record::from_value(kind, value(&placed)).ok().flatten() {
                    pipeline.heard.push(text_of(&record));
                }
            }
            _ => {}
        }
    }
    found
}

fn text_of(record: &Record) -> String {
    String::from_utf8(write_fragment(&record.to_value(), None).unwrap()).unwrap()
}

async fn hear(session: &Session, pipeline: &Played) -> Vec<String> {
    let (kind, value) = &pipeline.first;
    let mut running = match kind {
        MessageType::GetCommandMetadata => {
            session.command_metadata(CommandQuery::from_value(value).unwrap()).await.unwrap()
        }
        _ => session.start(PipelineSpec::from_value(value).unwrap()).await.unwrap(),
    };
    let has_input = *kind == MessageType::CreatePipeline && !PipelineSpec::from_value(value).unwrap().no_input;
    if has_input {
        for value in &pipeline.input {
            running.input(value.clone()).await.unwrap();
        }
        running.end_input().unwrap();
    }
    let mut heard = Vec::new();
    while let Some(record) = running.next().await {
        match record {
            Ok(record) => heard.push(text_of(&record)),
            Err(RemoteError::Failed(_)) => heard.push("failed".to_owned()),
            Err(problem) => panic!("{problem}"),
        }
    }
    heard
}

/// Not a test of its own: what the test above starts as a child. Without its variable it has nothing to do.
#[test]
fn the_player_of_recordings() {
    let Ok(scenario) = std::env::var(PLAY) else { return };
    let recording = recording::all().into_iter().find(|recording| recording.scenario == scenario).unwrap();
    let mut player = Player::new(recording);
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        if line.is_empty() {
            continue;
        }
        player.check(&line);
        player.server.handle_line(&line).unwrap();
        if player.answer() {
            return;
        }
    }
}

struct Player {
    server: ProcessServer,
    private_data: PsValue,
    /// Recorded pipelines that have not begun: what the client sends, what the server answers.
    waiting: VecDeque<(VecDeque<Placed>, VecDeque<Placed>)>,
    running: HashMap<Uuid, (Defragmenter, VecDeque<Placed>, VecDeque<Placed>)>,
}

impl Player {
    fn new(recording: Recording) -> Self {
        let mut order: Vec<Target> = Vec::new();
        let mut messages: HashMap<Target, (VecDeque<Placed>, VecDeque<Placed>)> = HashMap::new();
        let mut private_data = PsValue::Null;
        for placed in recording.messages() {
            if placed.message.message_type() == Some(MessageType::ApplicationPrivateData) {
                private_data = value(&placed).as_object().unwrap().get("ApplicationPrivateData").unwrap();
            }
            if placed.target == Target::Pool {
                continue;
            }
            if !order.contains(&placed.target) {
                order.push(placed.target);
            }
            let (client, server) = messages.entry(placed.target).or_default();
            if placed.from == From::Client { client.push_back(placed) } else { server.push_back(placed) }
        }
        let waiting = order.iter().map(|target| messages.remove(target).unwrap()).collect();
        let mut options = ServerOptions::new(SessionKey::new([1; 32]));
        options.packing = Packing::OneFragment;
        Self { server: ProcessServer::new(ServerPool::new(options)), private_data, waiting, running: HashMap::new() }
    }

    /// What the client sends for a pipeline is what the real client sent, body for body.
    fn check(&mut self, line: &str) {
        match ProcessPacket::decode(line).unwrap() {
            ProcessPacket::Command(Target::Pipeline(id)) => {
                let (client, server) = self.waiting.pop_front().expect("a pipeline more than was recorded");
                self.running.insert(id, (Defragmenter::new(ReceiveLimits::default()), client, server));
            }
            ProcessPacket::Data { target: Target::Pipeline(id), bytes, .. } => {
                let (stream, expected, _) = self.running.get_mut(&id).unwrap();
                stream.push(bytes);
                while let Some(message) = stream.poll().unwrap() {
                    let message = Message::decode(message).unwrap();
                    let recorded = expected.pop_front().expect("a message more than was recorded");
                    assert_eq!(message.message_type(), recorded.message.message_type());
                    assert_eq!(message.body, recorded.message.body);
                }
            }
            _ => {}
        }
    }

    /// Sends what the recorded server sent, once all that it had been sent has come; true at the end.
    fn answer(&mut self) -> bool {
        while let Some(event) = self.server.pool().poll_event() {
            if let ServerEvent::OpenRequested(_) = event {
                let data = self.private_data.clone();
                self.server.pool().accept(data).unwrap();
            }
        }
        for (id, (_, expected, answers)) in &mut self.running {
            if !expected.is_empty() {
                continue;
            }
            for placed in answers.drain(..) {
                send(self.server.pool(), *id, &placed);
            }
        }
        let mut closed = false;
        while let Some(event) = self.server.poll_event() {
            if event == ProcessServerEvent::Close {
                self.server.pool().send_closed().unwrap();
                closed = true;
            }
        }
        let mut out = std::io::stdout().lock();
        while let Some(line) = self.server.poll_line() {
            writeln!(out, "{line}").unwrap();
        }
        out.flush().unwrap();
        closed
    }
}

fn send(pool: &mut ServerPool, id: Uuid, placed: &Placed) {
    let value = value(placed);
    match placed.message.message_type().unwrap() {
        MessageType::PipelineState => {
            let bag = value.as_object().unwrap();
            let Some(PsValue::I32(number)) = bag.get("PipelineState") else { panic!() };
            let reason = bag.get("ExceptionAsErrorRecord");
            let reason = reason.map(|reason| exsh::psrp::ErrorRecord::from_value(&reason).unwrap());
            pool.send_pipeline_state(id, InvocationState::from_number(number).unwrap(), reason.as_ref()).unwrap();
        }
        MessageType::PipelineHostCall => {
            let call = exsh::psrp::HostCall::from_value(&value).unwrap();
            pool.send_host_call(Some(id), call.method, call.parameters).unwrap();
        }
        kind => pool.send_record(id, &Record::from_value(kind, value).unwrap().unwrap()).unwrap(),
    }
}

fn value(placed: &Placed) -> PsValue {
    read_fragment(&placed.message.body, &ReadLimits::default()).unwrap()
}

// ---- our own two ends ----

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(100), test).await.expect("the test hangs");
    });
    runtime.shutdown_background();
}

async fn open(uri: &str) -> Result<Session, RemoteError> {
    let request = ConnectionRequest { uri: uri.to_owned(), credential: None, options: ConnectOptions::default() };
    connect(request, Arc::new(Nobody)).await
}

fn simulator() -> String {
    format!("process:\"{}\" sim --stdio --mailboxes 40", env!("CARGO_BIN_EXE_exsh"))
}

fn get_mailbox() -> PipelineSpec {
    PipelineSpec::new(vec![CommandSpec::new("Get-Mailbox")])
}

async fn outputs(session: &Session, spec: PipelineSpec) -> Vec<PsValue> {
    let mut running = session.start(spec).await.unwrap();
    let mut found = Vec::new();
    while let Some(record) = running.next().await {
        if let Record::Output(value) = record.unwrap() {
            found.push(value);
        }
    }
    found
}

#[test]
fn the_simulator_serves_a_session_over_its_standard_streams() {
    run(async {
        let session = open(&simulator()).await.unwrap();
        assert_eq!(session.info().computer_name, "localhost");
        assert_eq!(outputs(&session, get_mailbox()).await.len(), 40);

        let limited = CommandSpec::new("Get-Mailbox").argument(Argument::named("ResultSize", 3.into()));
        assert_eq!(outputs(&session, PipelineSpec::new(vec![limited])).await.len(), 3);

        let mut metadata = session.command_metadata(CommandQuery::new(["Get-Mailbox"])).await.unwrap();
        let mut described = 0;
        while let Some(record) = metadata.next().await {
            record.unwrap();
            described += 1;
        }
        assert_eq!(described, 2); // the count, then the command

        let failing = CommandSpec::new("Get-Mailbox").argument(Argument::named("Identity", "nobody at all".into()));
        let mut running = session.start(PipelineSpec::new(vec![failing])).await.unwrap();
        let mut errors = 0;
        while let Some(record) = running.next().await {
            errors += usize::from(matches!(record, Ok(Record::Error(_)) | Err(RemoteError::Failed(_))));
        }
        assert_eq!(errors, 1);
        session.close().await;
        session.close().await; // once more does nothing
        assert_eq!(session.state(), SessionState::Closed);
    });
}

#[test]
fn a_secret_reaches_the_simulator_over_pipes() {
    run(async {
        let session = open(&simulator()).await.unwrap();
        let password = PsValue::SecureString(SecureText::Plain(Arc::new("P4ssw0rd!".to_owned().into())));
        let command = CommandSpec::new("New-Mailbox")
            .argument(Argument::named("Name", "Nina New".into()))
            .argument(Argument::named("UserPrincipalName", "nina@contoso.com".into()))
            .argument(Argument::named("Password", password));
        assert_eq!(outputs(&session, PipelineSpec::new(vec![command])).await.len(), 1);
        session.close().await;
    });
}

#[test]
fn a_pipeline_over_pipes_stops_when_asked_and_the_session_goes_on() {
    run(async {
        let session = open(&simulator()).await.unwrap();
        // It waits for input that never comes.
        let mut running = session.start(get_mailbox().with_input()).await.unwrap();
        running.stop().await.unwrap();
        while running.next().await.is_some() {}
        assert_eq!(outputs(&session, get_mailbox()).await.len(), 40);
        session.close().await;
    });
}

#[test]
fn a_program_that_cannot_be_started_or_ends_at_once_is_told_with_its_words() {
    run(async {
        let problem = open("process:/nonexistent/pwsh").await.unwrap_err().to_string();
        assert!(problem.contains("/nonexistent/pwsh"), "{problem}");
        let problem = open("process:/bin/sh -c \"echo no server here >&2; exit 3\"").await.unwrap_err().to_string();
        assert!(problem.contains("no server here") && problem.contains('3'), "{problem}");
        assert!(matches!(open("ssh://-oProxyCommand=x").await, Err(RemoteError::ProcessAddress(_))));
    });
}

#[test]
fn a_killed_program_breaks_the_session_and_everything_that_runs_on_it() {
    run(async {
        // The shell starts the simulator and kills it after its first line of input beyond the opening.
        let program = env!("CARGO_BIN_EXE_exsh");
        let script =
            format!("read -r first; {{ echo \"$first\"; read -r second; exit 7; }} | '{program}' sim --stdio; exit 7");
        let session = open(&format!("process:/bin/sh -c \"{}\"", script.replace('"', ""))).await;
        let session = match session {
            Ok(session) => session,
            Err(problem) => panic!("{problem}"),
        };
        let mut running = session.start(get_mailbox()).await.unwrap();
        let mut last = None;
        while let Some(record) = running.next().await {
            last = Some(record);
        }
        assert!(matches!(last, Some(Err(RemoteError::SessionLost { .. }))), "{last:?}");
        assert_eq!(session.state(), SessionState::Broken);
        assert!(session.start(get_mailbox()).await.is_err());
    });
}

#[test]
fn a_line_longer_than_any_packet_ends_the_session_before_it_is_whole() {
    run(async {
        let endless = "process:/bin/sh -c \"while :; do printf '<Data Stream=Default %01000d' 0; done\"";
        let problem = open(endless).await.unwrap_err().to_string();
        assert!(problem.contains("longer than the limit of 1048576"), "{problem}");
    });
}
