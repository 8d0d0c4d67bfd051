//! `exsh sim --stdio`, given what recorded clients sent over their pipes, answers each as the recorded server did.
//!
//! The cmdlets of those recordings are not the simulator's, so their output is not compared: what is, is every
//! acknowledgement of every target in its order, the messages of the pool, and that each pipeline tells its end once.
//!
//! Different on purpose: see [`DIFFERENCES`].

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use exsh::process::ProcessPacket;
use exsh::psrp::{Defragmenter, Message, MessageType, ReceiveLimits, Target};

use super::recording::{self, From, Recording};

/// Scenario, and why its pool hears less or more than recorded.
const DIFFERENCES: [(&str, &str); 3] = [
    ("metadata-direct", "the recorded client closes its pool twice; the simulator is gone after the first time"),
    ("events-forwarded", "the simulator forwards no events"),
    ("key-exchange-host", "the recorded client's session key is not the simulator's"),
];

#[test]
fn the_simulator_over_pipes_answers_what_recorded_clients_sent_as_the_recorded_server_did() {
    let mut failures = Vec::new();
    for recording in recording::all() {
        let differs = DIFFERENCES.iter().any(|(scenario, _)| *scenario == recording.scenario);
        match replay(&recording) {
            Err(problem) if !differs => failures.push(format!("{}: {problem}", recording.scenario)),
            Ok(()) if differs => {
                failures.push(format!("{} is listed as different and is the same", recording.scenario))
            }
            _ => {}
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

/// Ends with the test, whatever happens.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn replay(recording: &Recording) -> Result<(), String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_exsh"))
        .args(["sim", "--stdio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let mut child = Killed(child);
    let (sender, said) = channel();
    std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            if sender.send(ProcessPacket::decode(&line).unwrap()).is_err() {
                return;
            }
        }
    });
    let mut heard = Heard { said, packets: Vec::new(), acknowledged: 0 };
    let mut recorded = 0;
    for line in &recording.lines {
        match (line.from, &line.packet) {
            (From::Client, Some(_)) if writeln!(stdin, "{}", line.raw).is_err() => {
                return Err(format!("it did not take line {}", line.number));
            }
            (From::Client, _) | (From::Server, None | Some(ProcessPacket::Data { .. })) => {}
            (From::Server, Some(_)) => {
                recorded += 1;
                heard.until(recorded).map_err(|()| format!("no acknowledgement like that of line {}", line.number))?;
            }
        }
    }
    drop(stdin);
    heard.rest();
    let status = child.0.wait().unwrap();
    if !status.success() {
        return Err(format!("it ended with {status}"));
    }
    compare(recording, &heard.packets)
}

/// What the simulator has said so far.
struct Heard {
    said: Receiver<ProcessPacket>,
    packets: Vec<ProcessPacket>,
    acknowledged: usize,
}

impl Heard {
    fn until(&mut self, acknowledged: usize) -> Result<(), ()> {
        while self.acknowledged < acknowledged {
            let packet = self.said.recv_timeout(Duration::from_secs(20)).map_err(drop)?;
            self.take(packet);
        }
        Ok(())
    }

    fn rest(&mut self) {
        while let Ok(packet) = self.said.recv_timeout(Duration::from_secs(20)) {
            self.take(packet);
        }
    }

    fn take(&mut self, packet: ProcessPacket) {
        self.acknowledged += usize::from(!matches!(packet, ProcessPacket::Data { .. }));
        self.packets.push(packet);
    }
}

/// Acknowledgements and kinds of messages, target by target.
#[derive(Default)]
struct Lane {
    acks: Vec<&'static str>,
    kinds: Vec<MessageType>,
}

fn lanes<'a>(packets: impl Iterator<Item = &'a ProcessPacket>) -> BTreeMap<uuid::Uuid, Lane> {
    let mut streams: BTreeMap<uuid::Uuid, Defragmenter> = BTreeMap::new();
    let mut lanes: BTreeMap<uuid::Uuid, Lane> = BTreeMap::new();
    for packet in packets {
        let id = packet.target().pipeline_id();
        let lane = lanes.entry(id).or_default();
        match packet {
            ProcessPacket::Data { bytes, .. } => {
                let stream = streams.entry(id).or_insert_with(|| Defragmenter::new(ReceiveLimits::default()));
                stream.push(bytes.clone());
                while let Some(message) = stream.poll().unwrap() {
                    lane.kinds.push(Message::decode(message).unwrap().message_type().unwrap());
                }
            }
            ProcessPacket::DataAck(_) => lane.acks.push("DataAck"),
            ProcessPacket::CommandAck(_) => lane.acks.push("CommandAck"),
            ProcessPacket::SignalAck(_) => lane.acks.push("SignalAck"),
            ProcessPacket::CloseAck(_) => lane.acks.push("CloseAck"),
            other => panic!("a server does not send {other:?}"),
        }
    }
    lanes
}

fn compare(recording: &Recording, said: &[ProcessPacket]) -> Result<(), String> {
    let from_server = recording.lines.iter().filter(|line| line.from == From::Server);
    let (real, ours) = (lanes(from_server.filter_map(|line| line.packet.as_ref())), lanes(said.iter()));
    for (id, real) in &real {
        let Some(ours) = ours.get(id) else { return Err(format!("nothing was said of {id}")) };
        if real.acks != ours.acks {
            return Err(format!("{id}: {:?} instead of {:?}", ours.acks, real.acks));
        }
        if Target::from_pipeline_id(*id) == Target::Pool {
            if real.kinds != ours.kinds {
                return Err(format!("the pool: {:?} instead of {:?}", ours.kinds, real.kinds));
            }
            continue;
        }
        let ends = ours.kinds.iter().filter(|kind| **kind == MessageType::PipelineState).count();
        let is_closed = ours.acks.contains(&"CloseAck"); // some recordings end where the server was killed
        if ends > 1 || is_closed && ours.kinds.last() != Some(&MessageType::PipelineState) {
            return Err(format!("{id} does not end with its state: {:?}", ours.kinds));
        }
    }
    Ok(())
}
