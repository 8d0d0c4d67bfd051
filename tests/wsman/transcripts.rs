//! Conversations of another client with Windows servers.

use std::path::Path;

use exsh::wsman::{
    Action, ClientContext, Compression, FaultClass, FaultCode, NewShell, RequestBody, ResponseBody, ServerRequest,
    ShellId, parse_request, parse_response,
};
use uuid::Uuid;

use super::canonical::{assert_same, canonical};

struct Exchange {
    file: String,
    request: String,
    response: Option<String>,
}

/// The little YAML that the transcripts need: a list of maps with scalars that may go on in the next line.
fn transcripts() -> Vec<Exchange> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/wsman-transcripts");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("skipped: ../shared/data is absent");
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries.map(Result::unwrap) {
        let file = entry.file_name().into_string().unwrap();
        if file.starts_with('_') || !file.ends_with(".yml") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for (key, value) in pairs(&text) {
            match key.as_str() {
                "request" => found.push(Exchange { file: file.clone(), request: value, response: None }),
                "response" if value != "null" => found.last_mut().unwrap().response = Some(value),
                _ => {}
            }
        }
    }
    assert!(found.len() > 140);
    found
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let start = line.strip_prefix("- ").or_else(|| line.strip_prefix("  ")).filter(|rest| !rest.starts_with(' '));
        let key = start
            .and_then(|rest| rest.split_once(':'))
            .filter(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
        match key {
            Some((key, value)) => found.push((key.to_owned(), value.trim().to_owned())),
            None => {
                if let Some((_, value)) = found.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
        }
    }
    for (_, value) in &mut found {
        if let Some(quoted) = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            *value = quoted.replace("''", "'");
        }
    }
    found
}

fn read(exchange: &Exchange) -> ServerRequest {
    parse_request(exchange.request.as_bytes(), |_| Compression::None)
        .unwrap_or_else(|problem| panic!("{}: {problem}: {}", exchange.file, exchange.request))
}

#[test]
fn every_message_of_the_transcripts_decodes() {
    for exchange in transcripts() {
        let request = read(&exchange);
        assert!(request.header.action().is_some(), "{}", request.header.action_uri);
        assert!(!matches!(request.body, RequestBody::Other(_)), "{}: {:?}", exchange.file, request.body);
        if exchange.request.contains("PT-1S") {
            assert_eq!(request.header.invalid, [("OperationTimeout", "PT-1S".to_owned())]);
        }
        let Some(response) = &exchange.response else { continue };
        let response = parse_response(response.as_bytes(), Compression::None)
            .unwrap_or_else(|problem| panic!("{}: {problem}: {response}", exchange.file));
        assert_eq!(response.relates_to.as_deref(), Some(request.header.message_id.as_str()), "{}", exchange.file);
        let fits = matches!(
            (request.header.action(), &response.body),
            (_, ResponseBody::Fault(_))
                | (Some(Action::Create), ResponseBody::Created(_))
                | (Some(Action::Command), ResponseBody::CommandStarted(_))
                | (Some(Action::Receive), ResponseBody::Received(_))
                | (Some(Action::Send), ResponseBody::Sent)
                | (Some(Action::Signal), ResponseBody::Signaled)
                | (Some(Action::Delete), ResponseBody::Empty)
                | (Some(Action::Get), ResponseBody::Created(_) | ResponseBody::Other(_))
        );
        assert!(fits, "{}: {:?}", exchange.file, response.body);
    }
}

#[test]
fn created_shells_return_their_selectors() {
    let created: Vec<_> = transcripts()
        .into_iter()
        .filter(|exchange| read(exchange).header.action() == Some(Action::Create))
        .filter_map(|exchange| Some((read(&exchange), exchange.response?)))
        .collect();
    for (request, response) in created {
        let body = parse_response(response.as_bytes(), Compression::None).unwrap().body;
        let ResponseBody::Created(shell) = body else { panic!("{body:?}") };
        assert_eq!(shell.selectors.len(), 1);
        assert_eq!(shell.selectors[0].0, "ShellId");
        assert_eq!(shell.resource_uri.as_deref(), Some(request.header.resource_uri.as_str()));
        assert_eq!(shell.compression, Compression::None);
    }
}

#[test]
fn faults_of_the_transcripts_are_read_by_number_with_their_innermost_text() {
    let mut seen = Vec::new();
    for exchange in transcripts() {
        let Some(response) = &exchange.response else { continue };
        let body = parse_response(response.as_bytes(), Compression::None).unwrap().body;
        let ResponseBody::Fault(fault) = body else { continue };
        let code = fault.code.unwrap();
        seen.push(code);
        match code {
            FaultCode::UNEXPECTED_SELECTORS => {
                assert_eq!(fault.class(), FaultClass::SessionDead);
                assert!(fault.message.contains("selectors"), "{}", fault.message);
            }
            FaultCode::INVALID_HEADER => {
                assert!(fault.message.contains("invalid timeout field"), "not the reason's text: {}", fault.message);
                assert_eq!(
                    (fault.soap_code.as_str(), fault.subcode.as_str()),
                    ("Sender", "InvalidMessageInformationHeader")
                );
            }
            other => panic!("{other}"),
        }
    }
    assert!(seen.is_empty() || seen.len() >= 2, "{seen:?}");
}

/// Our requests, built from what the recorded ones say, equal them: same elements in the same order, same
/// attributes, same texts.
///
/// Argued differences: none. Not compared: requests for shells of `cmd.exe`, which no session of ours is, and `Get`
/// of `winrm/config`, for which a mailbox administrator has no rights, so that we never ask.
#[test]
fn our_requests_equal_the_recorded_ones() {
    let mut compared = std::collections::BTreeMap::new();
    for exchange in transcripts() {
        let recorded = read(&exchange);
        let Some(own) = rebuild(&recorded) else { continue };
        assert_same(&canonical(&own), &canonical(&exchange.request), &exchange.file);
        *compared.entry(recorded.header.action().unwrap().word()).or_insert(0) += 1;
    }
    let all: Vec<_> = compared.keys().copied().collect();
    assert!(all.is_empty() || all == ["Command", "Create", "Delete", "Get", "Receive", "Send"], "{compared:?}");
}

/// The envelope that our client sends when it wants what the recorded request wants.
fn rebuild(recorded: &ServerRequest) -> Option<String> {
    let header = &recorded.header;
    if header.resource_uri.ends_with("/windows/shell/cmd") {
        return None;
    }
    let id = |text: &str| Uuid::parse_str(text.trim_start_matches("uuid:")).unwrap();
    let context = ClientContext {
        to: header.to.clone(),
        resource_uri: header.resource_uri.clone(),
        selectors: header.selectors.clone(),
        envelope_bytes_max: header.envelope_bytes_max?,
        operation_timeout: header.operation_timeout?,
        locale: header.locale.clone()?,
        data_locale: header.data_locale.clone()?,
        session_id: header.session_id.as_deref().map(id),
        compression: Compression::None,
    };
    let message = id(&header.message_id);
    let envelope = match &recorded.body {
        RequestBody::Create(create) => context.create(
            message,
            &NewShell {
                id: create.id.clone().unwrap_or_else(|| ShellId::from_text("")),
                name: create.name.clone().unwrap_or_default(),
                idle_timeout: create.idle_timeout,
                options: header.options.clone(),
                creation: create.creation.clone()?,
                offer: Compression::None,
            },
        ),
        RequestBody::Command { command, line, arguments } => {
            context.command(message, command.as_ref()?, line, arguments)
        }
        RequestBody::Send { streams } => {
            let chunk = &streams[0];
            context.send(message, chunk.command.as_ref(), &chunk.name, &chunk.data)
        }
        RequestBody::Receive { command, .. } => context.receive(message, command.as_ref()),
        RequestBody::Signal { command, code } => context.signal(message, command.as_ref()?, code),
        RequestBody::Delete => context.delete(message),
        RequestBody::Get if header.resource_uri.ends_with("/windows/shell") => context.get(message),
        RequestBody::Get | RequestBody::Other(_) => return None,
    };
    Some(String::from_utf8(envelope).unwrap())
}
