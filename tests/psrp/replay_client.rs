//! Our client, given what the recorded server sent, sends what the recorded client sent: line for line.
//!
//! The recorded client's intentions (which commands, which input, which answers) are read from its messages; when things
//! are sent, in which packets, with which ids and bytes, is up to our client.

use std::collections::VecDeque;

use exsh::clixml::{PsValue, PsVersion, ReadLimits, SessionKey, read_fragment};
use exsh::process::{ProcessClient, ProcessPacket};
use exsh::psrp::{
    ClientEvent, ClientPool, CommandQuery, HostResponse, MessageType, PipelineSpec, PoolOptions, Target, reveal_secrets,
};
use rsa::pkcs8::DecodePrivateKey;
use uuid::Uuid;

use super::recording::{self, From, Placed, Recording};

/// Recordings in which the real client does something that ours does not do on purpose, and why.
/// Scenario, where it differs, why.
const DIFFERENT_ON_PURPOSE: [(&str, &str, &str); 1] =
    [("metadata-direct", "line 61", "the real client closes the pool once more after it was closed")];

#[test]
fn our_client_sends_what_the_real_client_sent() {
    let mut failures = Vec::new();
    let mut same = 0;
    for recording in recording::all() {
        let allowed = DIFFERENT_ON_PURPOSE.iter().find(|(scenario, ..)| *scenario == recording.scenario);
        match (Replay::new(&recording).run(), allowed) {
            (Ok(()), None) => same += 1,
            (Err(problem), Some((_, place, _))) if problem.starts_with(place) => {}
            (Ok(()), Some(_)) => {
                failures.push(format!("{} is listed as different and is the same", recording.scenario))
            }
            (Err(problem), _) => failures.push(format!("{}: {problem}", recording.scenario)),
        }
    }
    assert!(same == 0 || same >= 58);
    assert!(failures.is_empty(), "{same} are the same, {} are not:\n{}", failures.len(), failures.join("\n"));
}

struct Replay<'a> {
    recording: &'a Recording,
    client: ProcessClient,
    /// Messages of the client that were not sent yet, by object id.
    intentions: VecDeque<Placed>,
}

impl<'a> Replay<'a> {
    fn new(recording: &'a Recording) -> Self {
        let mut intentions: Vec<Placed> =
            recording.messages().into_iter().filter(|placed| placed.from == From::Client).collect();
        intentions.sort_by_key(|placed| placed.object_id);
        let version = protocol_of(&intentions[0]);
        let mut options = PoolOptions::new(intentions[0].message.pool);
        options.protocol_version = version;
        options.request = exsh::psrp::PoolRequest::from_value(&value_of(&intentions[1])).unwrap();
        let mut client = ProcessClient::new(ClientPool::new(options));
        if let Some(key) = recording.header["keys"]["rsa-pkcs8"].as_str() {
            let der = base64_simd::STANDARD.decode_to_vec(key).unwrap();
            client.pool().provide_key(rsa::RsaPrivateKey::from_pkcs8_der(&der).unwrap());
        }
        Self { recording, client, intentions: intentions.into() }
    }

    fn run(mut self) -> Result<(), String> {
        for (index, line) in self.recording.lines.iter().enumerate() {
            let place = format!("line {}", line.number);
            if line.from == From::Server {
                self.client.handle_line(&line.raw).map_err(|error| format!("{place}: {error:?}"))?;
                self.drop_events();
                continue;
            }
            self.act(index, line.packet.as_ref().unwrap()).map_err(|error| format!("{place}: {error}"))?;
            let sent = self.client.poll_line();
            if sent.as_deref() != Some(&line.raw) {
                return Err(format!(
                    "{place}:\n  real {}\n  ours {}",
                    readable(&line.raw),
                    sent.as_deref().map_or("nothing".into(), readable)
                ));
            }
        }
        match self.client.poll_line() {
            None => Ok(()),
            Some(line) => Err(format!("after the end: {}", readable(&line))),
        }
    }

    fn drop_events(&mut self) {
        while let Some(event) = self.client.pool().poll_event() {
            assert!(!matches!(event, ClientEvent::KeyNeeded));
        }
    }

    /// Does what the real client's user wanted at this line.
    fn act(&mut self, line: usize, packet: &ProcessPacket) -> Result<(), String> {
        match packet {
            ProcessPacket::Data { .. } => {
                // Everything whose id was drawn before the newest object that begins in this packet.
                let newest =
                    self.intentions.iter().filter(|placed| placed.line == line).map(|placed| placed.object_id).max();
                let Some(newest) = newest else { return Ok(()) };
                while self.intentions.front().is_some_and(|placed| placed.object_id <= newest) {
                    let placed = self.intentions.pop_front().unwrap();
                    self.send(&placed)?;
                }
                Ok(())
            }
            ProcessPacket::Command(Target::Pipeline(id)) => {
                // The pipeline's first message is prepared when it is announced; ids show that.
                let index = self.intentions.iter().position(|placed| placed.target == Target::Pipeline(*id));
                let Some(index) = index else { return Err("a command without a first message".into()) };
                let placed = self.intentions.remove(index).unwrap();
                self.create(*id, &placed)
            }
            ProcessPacket::Signal(Target::Pipeline(id)) => self.client.stop(*id).map_err(|error| error.to_string()),
            ProcessPacket::Close(Target::Pipeline(id)) => {
                self.client.close_pipeline(*id);
                Ok(())
            }
            ProcessPacket::Close(Target::Pool) => {
                self.client.close();
                Ok(())
            }
            other => Err(format!("clients do not send {other:?}")),
        }
    }

    fn create(&mut self, id: Uuid, placed: &Placed) -> Result<(), String> {
        let value = value_of(placed);
        let result = match placed.message.message_type().unwrap() {
            MessageType::CreatePipeline => self.client.create_pipeline(id, &PipelineSpec::from_value(&value).unwrap()),
            MessageType::GetCommandMetadata => {
                self.client.get_command_metadata(id, &CommandQuery::from_value(&value).unwrap())
            }
            kind => return Err(format!("a pipeline does not begin with {kind}")),
        };
        result.map_err(|error| error.to_string())
    }

    /// The value with its secrets readable, where the recording has a session key.
    fn plain(&self, value: PsValue) -> PsValue {
        let Some(key) = self.recording.header["keys"]["aes-key"].as_str() else { return value };
        let key = base64_simd::STANDARD.decode_to_vec(key).unwrap().try_into().unwrap();
        reveal_secrets(value, &SessionKey::new(key)).unwrap()
    }

    fn send(&mut self, placed: &Placed) -> Result<(), String> {
        let value = self.plain(value_of(placed));
        let pool = self.client.pool();
        let id = placed.target.pipeline_id();
        let number = |name: &str| match value.as_object().unwrap().get(name) {
            Some(PsValue::I32(number)) => number,
            other => panic!("{name} is {other:?}"),
        };
        let result = match placed.message.message_type().unwrap() {
            MessageType::SessionCapability => pool.open(),
            // Sent together with the capabilities; the public key is sent by the pool itself when it needs one.
            MessageType::InitRunspacePool | MessageType::PublicKey => Ok(()),
            MessageType::PipelineInput => pool.send_input(id, &value),
            MessageType::EndOfPipelineInput => pool.end_input(id),
            MessageType::PipelineHostResponse => {
                let response = HostResponse::from_value(&value).unwrap();
                pool.respond_host_call(Some(id), response.call_id, response.method, response.reply.unwrap())
            }
            MessageType::SetMaxRunspaces => pool.set_max_runspaces(number("MaxRunspaces")).map(drop),
            MessageType::SetMinRunspaces => pool.set_min_runspaces(number("MinRunspaces")).map(drop),
            MessageType::GetAvailableRunspaces => pool.get_available_runspaces().map(drop),
            kind => return Err(format!("no intention is known behind {kind}")),
        };
        result.map_err(|error| error.to_string())
    }
}

fn protocol_of(placed: &Placed) -> PsVersion {
    match value_of(placed).as_object().unwrap().get("protocolversion") {
        Some(PsValue::Version(version)) => version,
        other => panic!("{other:?}"),
    }
}

fn value_of(placed: &Placed) -> PsValue {
    read_fragment(&placed.message.body, &ReadLimits::default()).unwrap()
}

fn readable(line: &str) -> String {
    match ProcessPacket::decode(line) {
        Ok(ProcessPacket::Data { target, stream, bytes }) => {
            format!("{target} {stream:?} {} bytes {}", bytes.len(), String::from_utf8_lossy(&bytes))
        }
        _ => line.to_owned(),
    }
}
