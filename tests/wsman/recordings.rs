//! The three steps by PowerShell itself.

use std::path::Path;
use std::time::Duration;

use exsh::wsman::{
    Action, Compression, FaultClass, RequestBody, ResponseBody, STOP_SIGNAL, ServerFault, ServerReply, parse_request,
    parse_response,
};
use serde_json::Value;
use uuid::Uuid;

use super::canonical::{assert_same, canonical};

fn recording() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/wsman-recordings/three-steps.jsonl");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: ../shared/data is absent");
        return Vec::new();
    };
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line.get("n").is_some())
        .collect()
}

#[test]
fn every_message_of_the_recording_decodes() {
    for exchange in recording() {
        let request = parse_request(exchange["request"].as_str().unwrap().as_bytes(), |_| Compression::None).unwrap();
        assert!(!matches!(request.body, RequestBody::Other(_)), "{:?}", request.body);
        assert_eq!(request.header.operation_timeout, Some(Duration::from_secs(180)));
        assert_eq!(request.header.envelope_bytes_max, Some(512_000));
        if let RequestBody::Create(create) = &request.body {
            assert_eq!(create.name.as_deref(), Some("Runspace1"));
            assert_eq!(request.header.option("ProtocolVersion"), Some("2.4"));
            assert!(create.creation.as_ref().unwrap().starts_with(&[0, 0, 0, 0, 0, 0, 0, 1]));
        }
        if let RequestBody::Signal { code, .. } = &request.body {
            assert_ne!(code, STOP_SIGNAL, "nothing is stopped in this recording");
        }
        let response = parse_response(exchange["response"].as_str().unwrap().as_bytes(), Compression::None).unwrap();
        if exchange["status"] == 500 {
            let ResponseBody::Fault(fault) = &response.body else { panic!("{:?}", response.body) };
            // the last Receive comes back because the shell was deleted
            assert!(fault.is_timeout() || fault.class() == FaultClass::SessionDead, "{fault:?}");
        }
        assert_eq!(response.relates_to.as_deref(), Some(request.header.message_id.as_str()));
    }
}

/// Our server's answers, built from what the recorded ones say, equal them after taking out what a server chooses for
/// itself: message ids, the elements by which a shell describes its state, and the exit code of a command, which the
/// server of this recording leaves out and Windows writes (see the transcripts).
#[test]
fn our_answers_equal_the_recorded_ones() {
    for exchange in recording() {
        let request = parse_request(exchange["request"].as_str().unwrap().as_bytes(), |_| Compression::None).unwrap();
        let recorded = exchange["response"].as_str().unwrap();
        let response = parse_response(recorded.as_bytes(), Compression::None).unwrap();
        let reply = ServerReply { relates_to: &request.header.message_id, message: Uuid::nil() };
        let own = match &response.body {
            ResponseBody::Created(shell) => reply.created(
                shell.shell_id.as_ref().unwrap(),
                shell.resource_uri.as_deref().unwrap(),
                &request.header.to,
                shell.owner.as_deref().unwrap_or(""),
                (shell.idle_timeout.unwrap_or_default(), shell.idle_timeout_max.unwrap_or_default()),
                shell.compression,
            ),
            ResponseBody::CommandStarted(command) => reply.command_started(command),
            ResponseBody::Received(received) => {
                let chunks: Vec<&[u8]> = received.streams.iter().map(|chunk| chunk.data.as_ref()).collect();
                let RequestBody::Receive { command, .. } = &request.body else { panic!() };
                let done = received.state.as_ref().is_some_and(exsh::wsman::CommandState::is_done);
                reply.received(command.as_ref(), &chunks, done, Compression::None)
            }
            ResponseBody::Sent => reply.sent(),
            ResponseBody::Signaled => reply.signaled(),
            ResponseBody::Empty => reply.deleted(),
            ResponseBody::Fault(fault) => {
                let subcode = if fault.is_timeout() { "w:TimedOut" } else { "w:InvalidSelectors" };
                reply.fault(&ServerFault {
                    code: fault.code.unwrap(),
                    subcode,
                    message: fault.message.clone(),
                    ..ServerFault::timed_out(&fault.machine)
                })
            }
            ResponseBody::Other(name) => panic!("{name}"),
        };
        let comparable =
            |document: &str| canonical(document).into_iter().filter(|line| !is_own_choice(line)).collect::<Vec<_>>();
        let action = request.header.action();
        assert_same(&comparable(&String::from_utf8(own).unwrap()), &comparable(recorded), &format!("{action:?}"));
        if action == Some(Action::Delete) {
            assert!(matches!(response.body, ResponseBody::Empty));
        }
    }
}

fn is_own_choice(line: &str) -> bool {
    const OF_THE_SERVER: [&str; 14] = [
        "}MessageID ",
        "}ExitCode ",
        "}Owner ",
        "}ClientIP ",
        "}ProcessId ",
        "}IdleTimeOut ",
        "}MaxIdleTimeOut ",
        "}CompressionMode ",
        "}ProfileLoaded ",
        "}Encoding ",
        "}BufferMode ",
        "}State ",
        "}ShellRunTime ",
        "}ShellInactivity ",
    ];
    OF_THE_SERVER.iter().any(|name| line.contains(name)) || line.contains("}Address ") || line.contains("Locale ")
}
