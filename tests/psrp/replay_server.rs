//! Our server roles, given what the recorded client sent, answer as the recorded server did: line for line of each target.
//!
//! What a cmdlet puts out is read from the recorded server's messages, for there is no PowerShell here; in which order
//! things are told, with which ids, acknowledgements and bytes, is up to our server.
//!
//! Different on purpose, in every recording:
//! - `DataAck` of a pipeline: ours comes before the pipeline's first output; the real one races with it.
//! - Object ids count in the order in which pipelines happen to write, so only their order within a target is compared.
//! - `__NamedPipeError__…`, which the real server writes when its input ends after the last `CloseAck`, is not imitated.
//! - The session key is padded with random bytes, so its message is compared by place only.

use std::collections::{BTreeMap, HashMap, VecDeque};

use exsh::clixml::{PsValue, ReadLimits, SessionKey, read_fragment};
use exsh::process::{ProcessPacket, ProcessServer};
use exsh::psrp::{
    Availability, ErrorRecord, HostCall, InvocationState, MessageType, PROTOCOL_2_3, PROTOCOL_2_4, Packing, Record,
    RunspacePoolState, ServerEvent, ServerOptions, ServerPool, Target, UserEvent, reveal_secrets,
};

use super::recording::{self, From, Placed, Recording};

#[test]
fn our_server_answers_as_the_real_server_did() {
    let mut failures = Vec::new();
    let mut same = 0;
    for recording in recording::all() {
        match Replay::new(&recording).run() {
            Ok(()) => same += 1,
            Err(problem) => failures.push(format!("{}: {problem}", recording.scenario)),
        }
    }
    assert!(failures.is_empty(), "{same} are the same, {} are not:\n{}", failures.len(), failures.join("\n"));
}

struct Replay<'a> {
    recording: &'a Recording,
    server: ProcessServer,
    answers: VecDeque<Placed>,
    session_key: Option<SessionKey>,
    sent: HashMap<Target, Vec<String>>,
}

impl<'a> Replay<'a> {
    fn new(recording: &'a Recording) -> Self {
        let answers: VecDeque<Placed> =
            recording.messages().into_iter().filter(|placed| placed.from == From::Server).collect();
        let session_key = recording.header["keys"]["aes-key"]
            .as_str()
            .map(|key| SessionKey::new(base64_simd::STANDARD.decode_to_vec(key).unwrap().try_into().unwrap()));
        let key = session_key.clone().unwrap_or_else(|| SessionKey::new([0; 32]));
        let mut options = ServerOptions::new(key);
        options.protocol_version = if session_key.is_some() { PROTOCOL_2_3 } else { PROTOCOL_2_4 };
        options.packing = Packing::OneFragment;
        let server = ProcessServer::new(ServerPool::new(options));
        Self { recording, server, answers, session_key, sent: HashMap::new() }
    }

    fn run(mut self) -> Result<(), String> {
        for (index, line) in self.recording.lines.iter().enumerate() {
            let place = format!("line {}", line.number);
            match (line.from, &line.packet) {
                (From::Client, _) => {
                    self.server.handle_line(&line.raw).map_err(|error| format!("{place}: {error:?}"))?;
                    self.check_events(&place)?;
                }
                (From::Server, Some(ProcessPacket::Data { .. })) => {
                    while self.answers.front().is_some_and(|placed| placed.line == index) {
                        let placed = self.answers.pop_front().unwrap();
                        self.answer(&placed).map_err(|error| format!("{place}: {error}"))?;
                    }
                }
                (From::Server, _) => {}
            }
            // What the server does of itself comes out before anything new happens.
            let next_is_ours = self.recording.lines.get(index + 1).is_some_and(|next| next.from == From::Client);
            if next_is_ours || index + 1 == self.recording.lines.len() {
                self.collect();
            }
        }
        self.compare()
    }

    fn collect(&mut self) {
        while let Some(line) = self.server.poll_line() {
            let target = ProcessPacket::decode(&line).unwrap().target();
            self.sent.entry(target).or_default().push(line);
        }
    }

    /// What the client wants must be understood; it was told already what will be answered.
    fn check_events(&mut self, place: &str) -> Result<(), String> {
        while let Some(event) = self.server.pool().poll_event() {
            if let ServerEvent::AvailabilityAsked { .. }
            | ServerEvent::SetMaxRunspaces { .. }
            | ServerEvent::SetMinRunspaces { .. } = event
            {
                // Asked of the pool, answered at once.
                let kind = MessageType::RunspaceAvailability;
                let index = self.answers.iter().position(|placed| kind_of(placed) == kind);
                let placed = index.and_then(|index| self.answers.remove(index));
                self.answer(&placed.ok_or("no answer about runspaces")?)?;
            } else if let ServerEvent::OpenRequested(request) = event {
                let private_data =
                    self.answers.iter().find(|placed| kind_of(placed) == MessageType::ApplicationPrivateData);
                let Some(private_data) = private_data else { return Err(format!("{place}: no private data")) };
                let data = value_of(private_data).as_object().unwrap().get("ApplicationPrivateData").unwrap();
                assert!(request.min_runspaces >= 1);
                self.server.pool().accept(data).map_err(|error| error.to_string())?;
            }
        }
        // Pipelines are stopped and the pool is closed by the recorded answers.
        while self.server.poll_event().is_some() {}
        Ok(())
    }

    /// Sends what the real server's cmdlets put out.
    fn answer(&mut self, placed: &Placed) -> Result<(), String> {
        let value = if placed.message.body.is_empty() { PsValue::Null } else { value_of(placed) };
        let value = match &self.session_key {
            Some(key) => reveal_secrets(value, key).unwrap(),
            None => value,
        };
        let pool = self.server.pool();
        let id = placed.target.pipeline_id();
        let property = |name: &str| value.as_object().unwrap().get(name);
        let reason = || property("ExceptionAsErrorRecord").map(|error| ErrorRecord::from_value(&error).unwrap());
        let kind = kind_of(placed);
        let result = match kind {
            // Sent by our server when the client's came, and when the pool was accepted.
            MessageType::SessionCapability | MessageType::ApplicationPrivateData => Ok(()),
            MessageType::RunspacePoolState => match property("RunspaceState") {
                Some(PsValue::I32(2)) => Ok(()),
                Some(PsValue::I32(4)) => pool.send_pool_state(RunspacePoolState::Closing, None),
                Some(PsValue::I32(3)) => pool.send_pool_state(RunspacePoolState::Closed, None),
                other => return Err(format!("state {other:?}")),
            },
            MessageType::PipelineState => {
                let Some(PsValue::I32(number)) = property("PipelineState") else { return Err("no state".into()) };
                pool.send_pipeline_state(id, InvocationState::from_number(number).unwrap(), reason().as_ref())
            }
            MessageType::PipelineHostCall => {
                let call = HostCall::from_value(&value).unwrap();
                let number = pool.send_host_call(Some(id), call.method, call.parameters).unwrap();
                assert_eq!(number, call.call_id);
                Ok(())
            }
            MessageType::RunspaceAvailability => {
                let answer = match property("SetMinMaxRunspacesResponse") {
                    Some(PsValue::Bool(accepted)) => Availability::Accepted(accepted),
                    Some(PsValue::I32(count)) => Availability::Count(count.into()),
                    other => return Err(format!("{other:?}")),
                };
                let Some(PsValue::I64(call_id)) = property("ci") else { return Err("no ci".into()) };
                pool.send_availability(call_id, answer)
            }
            MessageType::EncryptedSessionKey => pool.answer_public_key(&mut rand::rngs::OsRng),
            MessageType::UserEvent => pool.send_user_event(&UserEvent::from_value(&value).unwrap()),
            kind => match Record::from_value(kind, value).unwrap() {
                Some(record) => pool.send_record(id, &record),
                None => return Err(format!("{kind} was not expected")),
            },
        };
        result.map_err(|error| error.to_string())
    }

    /// The recorded lines of each target against ours.
    fn compare(&self) -> Result<(), String> {
        let mut real: BTreeMap<uuid::Uuid, Vec<&str>> = BTreeMap::new();
        for line in self.recording.lines.iter().filter(|line| line.from == From::Server) {
            if let Some(packet) = &line.packet {
                real.entry(packet.target().pipeline_id()).or_default().push(&line.raw);
            }
        }
        for (id, real) in real {
            let ours = self.sent.get(&Target::from_pipeline_id(id)).map(Vec::as_slice).unwrap_or_default();
            let (real, ours) = (in_order(real.iter().copied()), in_order(ours.iter().map(String::as_str)));
            for (index, (real, ours)) in real.iter().zip(&ours).enumerate() {
                if real != ours && !is_key(real) {
                    let (real, ours) = (readable(real), readable(ours));
                    return Err(format!("{id} answer {index}:\n  real {real}\n  ours {ours}"));
                }
            }
            if real.len() != ours.len() {
                return Err(format!("{id}: {} answers instead of {}", ours.len(), real.len()));
            }
        }
        Ok(())
    }
}

/// Lines of one target: data with the ids of the objects normalised, and acknowledgements.
///
/// A `DataAck` of a pipeline races with the pipeline's first output in the real server, so those stand at the front.
fn in_order<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let (acks, others): (Vec<&str>, Vec<&str>) =
        lines.partition(|line| line.starts_with("<DataAck PSGuid='") && !line.contains("00000000-0000"));
    let mut found: Vec<String> = acks.into_iter().map(str::to_owned).collect();
    found.extend(others.into_iter().map(without_object_id));
    found
}

/// Object ids are one counter over all targets, whose order is a race between pipelines.
fn without_object_id(line: &str) -> String {
    match ProcessPacket::decode(line).unwrap() {
        ProcessPacket::Data { target, stream, bytes } => {
            let mut bytes = bytes.to_vec();
            bytes[..8].fill(0);
            ProcessPacket::Data { target, stream, bytes: bytes.into() }.encode()
        }
        _ => line.to_owned(),
    }
}

/// The padding of an encrypted session key is random.
fn is_key(line: &str) -> bool {
    match ProcessPacket::decode(line) {
        Ok(ProcessPacket::Data { bytes, .. }) => String::from_utf8_lossy(&bytes).contains("EncryptedSessionKey"),
        _ => false,
    }
}

fn kind_of(placed: &Placed) -> MessageType {
    placed.message.message_type().unwrap()
}

fn value_of(placed: &Placed) -> PsValue {
    read_fragment(&placed.message.body, &ReadLimits::default()).unwrap()
}

fn readable(line: &str) -> String {
    match ProcessPacket::decode(line) {
        Ok(ProcessPacket::Data { bytes, .. }) => String::from_utf8_lossy(&bytes).into_owned(),
        _ => line.to_owned(),
    }
}
