//! The article's own script, as PowerShell 7.6.5 sent it: the recorded requests, answered in the recorded order and shape.
//!
//! From `shared/data/wsman-recordings/three-steps.jsonl`. The simulator is not the demo server behind that recording;
//! where its answers differ on purpose, [`DIFFERENCES`] says why.

use std::collections::{BTreeMap, BTreeSet};

use base64_simd::STANDARD;
use exsh::psrp::{Message, MessageType};
use exsh::sim::SimOptions;

use super::client::{Answer, Client, between, data, kinds, messages, simulator};

/// Pipelines whose messages differ from the recorded ones: number, recorded, ours, why.
const DIFFERENCES: &[(usize, &[MessageType], &[MessageType], &str)] = &[
    (
        1,
        &[
            MessageType::PipelineOutput,
            MessageType::PipelineOutput,
            MessageType::PipelineOutput,
            MessageType::PipelineState,
        ],
        &[
            MessageType::PipelineOutput,
            MessageType::PipelineOutput,
            MessageType::WarningRecord,
            MessageType::PipelineHostCall,
            MessageType::PipelineState,
        ],
        "the recorded demo ignores -ResultSize 2; Exchange obeys it and warns, to a client with a host twice",
    ),
    (
        2,
        &[MessageType::ErrorRecord, MessageType::PipelineState],
        &[MessageType::ErrorRecord, MessageType::PipelineOutput, MessageType::PipelineState],
        "the recorded demo stops at the first unknown name; Exchange goes on, and there is a bob here",
    ),
];

struct Recorded {
    request: String,
    answer: Answer,
}

fn recording() -> Option<Vec<Recorded>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/wsman-recordings/three-steps.jsonl");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: ../shared/data is absent");
        return None;
    };
    let lines = text.lines().skip(1).map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let read = |value: &serde_json::Value, name: &str| value[name].as_str().unwrap().to_owned();
    Some(
        lines
            .map(|line| Recorded {
                request: read(&line, "request"),
                answer: Answer {
                    status: u16::try_from(line["status"].as_u64().unwrap()).unwrap(),
                    body: read(&line, "response"),
                    headers: reqwest::header::HeaderMap::new(),
                },
            })
            .collect(),
    )
}

/// Which stream a Receive asks for: a command's id, or nothing for the pool.
fn target(request: &str) -> String {
    between(request, "CommandId=\"", "\"").unwrap_or_default().to_owned()
}

fn is_receive(request: &str) -> bool {
    request.contains("/shell/Receive</a:Action>")
}

/// The bytes of each target, in order of first appearance of the command.
fn streams(pairs: &[(&str, &Answer)]) -> (Vec<Message>, Vec<Vec<Message>>) {
    let mut order: Vec<String> = Vec::new();
    let mut bytes: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (request, answer) in pairs.iter().filter(|(request, _)| is_receive(request)) {
        let target = target(request);
        if !target.is_empty() && !order.contains(&target) {
            order.push(target.clone());
        }
        bytes.entry(target).or_default().extend(answer.stream_bytes());
    }
    let of = |target: &str| messages(bytes.get(target).map_or(&[], Vec::as_slice));
    (of(""), order.iter().map(|target| of(target)).collect())
}

#[tokio::test]
async fn the_recorded_requests_of_powershell_are_answered_in_the_recorded_order_and_shape() {
    let Some(recorded) = recording() else { return };
    let handle = simulator(SimOptions::default()).await;
    let client = Client::admin(&handle);
    let mut answers: Vec<Vec<Answer>> = Vec::new();
    let mut done = BTreeSet::new();
    for step in &recorded {
        let mut own = Vec::new();
        // Where the recorded answer brought the end of a command, ours may be cut into more answers.
        while own.is_empty() || step.answer.is_done() && !done.contains(&target(&step.request)) {
            let answer = client.post(step.request.clone()).await.unwrap();
            if answer.is_done() {
                done.insert(target(&step.request));
            }
            own.push(answer);
        }
        answers.push(own);
    }
    for (index, (step, ours)) in recorded.iter().zip(answers.iter().flat_map(|own| own.last())).enumerate() {
        let number = index + 1;
        // A Receive brings what there is or the time-out, whichever comes first at either server.
        let waits = is_receive(&step.request) && step.answer.fault() != Some(2_150_858_843);
        if waits {
            let shape = (ours.status, ours.action(), ours.fault());
            let something = (200, "ReceiveResponse".to_owned(), None);
            let nothing = (500, "fault".to_owned(), Some(2_150_858_793));
            assert!(shape == something || shape == nothing, "{number}: {shape:?}");
        } else {
            let shape = |answer: &Answer| (answer.status, answer.action(), answer.fault());
            assert_eq!(shape(ours), shape(&step.answer), "{number}: {}", ours.body);
        }
    }
    let theirs: Vec<_> = recorded.iter().map(|step| (step.request.as_str(), &step.answer)).collect();
    let ours: Vec<_> = recorded
        .iter()
        .zip(&answers)
        .flat_map(|(step, own)| own.iter().map(|answer| (step.request.as_str(), answer)))
        .collect();
    let ((their_pool, theirs), (our_pool, ours)) = (streams(&theirs), streams(&ours));
    assert_eq!(kinds(&our_pool), kinds(&their_pool), "the pool's messages");
    assert_eq!(ours.len(), theirs.len());
    for (number, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
        match DIFFERENCES.iter().find(|(pipeline, ..)| *pipeline == number) {
            None => assert_eq!(kinds(ours), kinds(theirs), "pipeline {number}: {:?}", ours.last().map(data)),
            Some((_, recorded, expected, why)) => {
                assert_eq!(kinds(theirs), *recorded, "pipeline {number}: {why}");
                assert_eq!(kinds(ours), *expected, "pipeline {number}: {why}");
            }
        }
    }
    same_members(&ours[0][1], &theirs[0][1], "metadata of Get-Mailbox");
    same_members(&ours[4][0], &theirs[4][0], "the error record");
    assert_eq!(handle.open_shells(), 0);
}

/// Objects have the same extended members in the same order.
fn same_members(ours: &Message, theirs: &Message, what: &str) {
    let names = |message: &Message| -> Vec<String> {
        let value = data(message);
        let members = value.as_object().unwrap().extended().unwrap();
        members.iter().map(|member| member.name().to_string()).collect()
    };
    assert_eq!(names(ours), names(theirs), "{what}");
}

#[test]
fn the_recording_is_what_it_says() {
    let Some(recorded) = recording() else { return };
    assert_eq!(recorded.len(), 52);
    let creation = between(&recorded[0].request, "<creationXml", "</creationXml>").unwrap();
    let base64 = creation.split_once('>').unwrap().1;
    assert_eq!(
        kinds(&messages(&STANDARD.decode_to_vec(base64).unwrap())),
        [MessageType::SessionCapability, MessageType::InitRunspacePool]
    );
}
