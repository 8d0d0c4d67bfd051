//! The other side of the tests: who connects, and who hears of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use exsh::clixml::PsValue;
use exsh::psrp::{Argument, CommandSpec, HostCall, HostReply, PipelineSpec};
use exsh::remote::{ConnectionRequest, Record, RemoteError, Running, Session, SessionObserver, connect};
use exsh::secret::{Credential, SecretString};

use super::server::Server;

/// Writes down what it hears, answers every question with 1.
#[derive(Default)]
pub(crate) struct Witness {
    pub(crate) heard: Mutex<Vec<String>>,
    pub(crate) speechless: bool,
}

impl Witness {
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    fn note(&self, what: String) {
        self.heard.lock().unwrap().push(what);
    }
}

impl SessionObserver for Witness {
    fn warning(&self, text: &str) {
        self.note(format!("warning {text}"));
    }

    fn redirected(&self, uri: &str) {
        self.note(format!("redirected {uri}"));
    }

    fn throttled(&self, wait: Duration, _reason: &str) {
        self.note(format!("throttled {} ms", wait.as_millis()));
    }

    fn reconnecting(&self, attempt: u32, _reason: &str) {
        self.note(format!("reconnecting {attempt}"));
    }

    fn host_call(&self, call: &HostCall) -> HostReply {
        self.note(format!("host call {}", call.method.name()));
        match self.speechless {
            true => HostReply::refused("there is nobody to answer"),
            false => HostReply::Value(PsValue::I32(1)),
        }
    }
}

pub(crate) fn ann() -> Credential {
    Credential::new("ann@contoso.com", SecretString::from("open sesame"))
}

pub(crate) fn request(uri: &str) -> ConnectionRequest {
    ConnectionRequest::new(uri, ann())
}

pub(crate) async fn open(server: &Server) -> Session {
    connect(request(&server.url), Arc::new(Witness::default())).await.unwrap()
}

pub(crate) async fn refused(request: ConnectionRequest) -> RemoteError {
    match connect(request, Arc::new(Witness::default())).await {
        Ok(session) => panic!("{session:?} was opened"),
        Err(problem) => problem,
    }
}

pub(crate) fn cmdlet(name: &str) -> PipelineSpec {
    PipelineSpec::new(vec![CommandSpec::new(name)])
}

pub(crate) fn cmdlet_with(name: &str, number: i32) -> PipelineSpec {
    PipelineSpec::new(vec![CommandSpec::new(name).argument(Argument::positional(PsValue::I32(number)))])
}

/// All output as text, then how it ended.
pub(crate) async fn drain(running: &mut Running) -> (Vec<String>, Result<(), RemoteError>) {
    let mut found = Vec::new();
    while let Some(record) = running.next().await {
        match record {
            Ok(Record::Output(value)) => found.push(match value {
                PsValue::I32(number) => number.to_string(),
                PsValue::String(text) => text.to_string(),
                other => format!("{other:?}"),
            }),
            Ok(Record::Warning(warning)) => found.push(format!("warning {}", warning.message)),
            Ok(Record::Error(error)) => found.push(format!("error {}", error.message())),
            Ok(other) => found.push(format!("{other:?}")),
            Err(problem) => return (found, Err(problem)),
        }
    }
    (found, Ok(()))
}

/// What a number-giving cmdlet gives.
pub(crate) async fn output(session: &Session, spec: PipelineSpec) -> Vec<String> {
    let mut running = session.start(spec).await.unwrap();
    let (found, end) = drain(&mut running).await;
    end.unwrap();
    found
}
