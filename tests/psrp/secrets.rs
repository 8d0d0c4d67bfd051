//! Secure strings and the session key: made lazily, kept in order, never sent in clear to a 2.3 peer.
//!
//! The vectors are those of the recording *key-exchange-host* (see tests/PROVENANCE.md).

use std::sync::Arc;

use exsh::clixml::{PsValue, PsVersion, SecureText, SessionKey};
use exsh::psrp::{
    Argument, ClientEvent, CommandSpec, KeyProblem, PipelineSpec, PoolOptions, PsrpError, Record, ServerEvent,
    ServerOptions, Target, public_key_from_text, public_key_text,
};
use rsa::pkcs8::DecodePrivateKey;
use secrecy::{ExposeSecret, SecretString};

use super::pair::{PIPELINE, POOL, Pair, from_server};
use super::recording;

fn secret(text: &str) -> PsValue {
    PsValue::SecureString(SecureText::Plain(Arc::new(SecretString::from(text))))
}

fn revealed(value: &PsValue) -> String {
    match value {
        PsValue::SecureString(SecureText::Plain(text)) => text.expose_secret().to_owned(),
        other => panic!("{other:?} is no readable secret"),
    }
}

fn with_password() -> PipelineSpec {
    let command = CommandSpec::new("New-Mailbox").argument(Argument::named("Password", secret("P4ssw0rd")));
    PipelineSpec::new(vec![command]).with_input()
}

/// Small keys are enough here; the size on the wire is checked with the recorded key.
fn key() -> rsa::RsaPrivateKey {
    rsa::RsaPrivateKey::new(&mut rand::rngs::OsRng, 2048).unwrap()
}

#[test]
fn the_first_secret_to_be_written_asks_for_a_key_and_everything_behind_it_waits_in_order() {
    let mut pair = Pair::opened();
    pair.client.create_pipeline(PIPELINE, &with_password()).unwrap();
    pair.client.send_input(PIPELINE, &"first".into()).unwrap();
    pair.client.end_input(PIPELINE).unwrap();
    pair.talk();
    assert!(matches!(pair.client_events[..], [ClientEvent::KeyNeeded]));
    assert!(pair.server_events.is_empty(), "nothing may be sent before the key is there");
    assert!(pair.client.waits_for_key());

    pair.client.provide_key(key());
    pair.talk();
    assert!(matches!(pair.server_events[..], [ServerEvent::PublicKeyReceived]));
    pair.server.answer_public_key(&mut rand::rngs::OsRng).unwrap();
    pair.talk();
    let [_, ServerEvent::PipelineCreated { spec, .. }, ServerEvent::Input { .. }, ServerEvent::InputEnded { .. }] =
        &pair.server_events[..]
    else {
        panic!("{:?}", pair.server_events)
    };
    assert_eq!(revealed(&spec.commands[0].arguments[0].value), "P4ssw0rd");
    assert!(!pair.client.waits_for_key());
}

#[test]
fn a_key_that_is_there_in_advance_is_sent_only_when_a_secret_needs_it() {
    let mut pair = Pair::opened();
    pair.client.provide_key(key());
    pair.talk();
    assert!(pair.server_events.is_empty());
    pair.client.create_pipeline(PIPELINE, &with_password()).unwrap();
    pair.talk();
    assert!(matches!(pair.server_events[..], [ServerEvent::PublicKeyReceived]));
}

#[test]
fn the_first_secret_to_be_read_asks_for_a_key_and_later_records_wait_behind_it() {
    let mut pair = Pair::opened();
    pair.client.create_pipeline(PIPELINE, &PipelineSpec::new(vec![CommandSpec::new("Get-Secret")])).unwrap();
    pair.talk();
    pair.server.send_output(PIPELINE, &"before".into()).unwrap();
    pair.server.send_output(PIPELINE, &secret("hidden")).unwrap();
    pair.server.send_output(PIPELINE, &"behind".into()).unwrap();
    pair.talk();
    assert!(matches!(pair.client_events[..], [ClientEvent::Record { .. }, ClientEvent::KeyNeeded]));
    pair.client.provide_key(key());
    pair.talk();
    pair.server.answer_public_key(&mut rand::rngs::OsRng).unwrap();
    pair.talk();
    let outputs: Vec<&PsValue> = pair
        .client_events
        .iter()
        .filter_map(|event| match event {
            ClientEvent::Record { record: Record::Output(value), .. } => Some(value),
            _ => None,
        })
        .collect();
    assert_eq!(outputs.len(), 3);
    assert_eq!(revealed(outputs[1]), "hidden");
    assert_eq!(super::pair::text(outputs[2]), "behind");
}

#[test]
fn at_2_4_secrets_travel_without_a_key() {
    let newer = PsVersion::new(2, 4);
    let options = PoolOptions { protocol_version: newer, ..PoolOptions::new(POOL) };
    let server = ServerOptions { protocol_version: newer, ..ServerOptions::new(SessionKey::new([5; 32])) };
    let mut pair = Pair::opened_with(options, server);
    pair.client.create_pipeline(PIPELINE, &with_password()).unwrap();
    pair.talk();
    assert!(pair.client_events.is_empty());
    let [ServerEvent::PipelineCreated { spec, .. }] = &pair.server_events[..] else { panic!() };
    assert_eq!(revealed(&spec.commands[0].arguments[0].value), "P4ssw0rd");
}

#[test]
fn a_session_key_that_nobody_asked_for_breaks_the_pool() {
    let mut pair = Pair::opened();
    let body = r#"<Obj RefId="0"><MS><S N="EncryptedSessionKey">AAAA</S></MS></Obj>"#;
    let nil = uuid::Uuid::nil();
    let error = pair.client.handle_bytes(Target::Pool, from_server(9, 0x0001_0006, nil, nil, body)).unwrap_err();
    assert_eq!(error, PsrpError::KeyExchange { problem: KeyProblem::Unexpected });
}

#[test]
fn a_pool_that_ends_while_records_wait_for_the_key_still_gives_them() {
    let mut pair = Pair::opened();
    pair.client.create_pipeline(PIPELINE, &PipelineSpec::new(vec![CommandSpec::new("Get-Secret")])).unwrap();
    pair.talk();
    pair.server.send_output(PIPELINE, &secret("hidden")).unwrap();
    pair.server.send_output(PIPELINE, &"behind".into()).unwrap();
    pair.talk();
    pair.client.handle_broken();
    pair.talk();
    let records = pair.client_events.iter().filter(|event| matches!(event, ClientEvent::Record { .. })).count();
    assert_eq!(records, 2);
}

#[test]
fn the_recorded_public_key_and_session_key_are_understood() {
    let Some(recording) = recording::all().into_iter().find(|recording| recording.scenario == "key-exchange-host")
    else {
        return;
    };
    let keys = &recording.header["keys"];
    let der = base64_simd::STANDARD.decode_to_vec(keys["rsa-pkcs8"].as_str().unwrap()).unwrap();
    let private_key = rsa::RsaPrivateKey::from_pkcs8_der(&der).unwrap();
    let text = public_key_text(&private_key.to_public_key());
    let recorded = recording
        .messages()
        .into_iter()
        .find(|placed| placed.message.message_type() == Some(exsh::psrp::MessageType::PublicKey))
        .unwrap();
    let body = String::from_utf8(recorded.message.body.to_vec()).unwrap();
    assert!(body.contains(&text), "the blob is little-endian and 276 bytes long");
    assert_eq!(public_key_from_text(&text).unwrap(), private_key.to_public_key());
}

#[test]
fn secrets_are_not_in_what_is_printed_for_debugging() {
    let mut pair = Pair::opened();
    pair.client.provide_key(key());
    pair.client.create_pipeline(PIPELINE, &with_password()).unwrap();
    let shown = format!("{:?} {:?}", pair.client, pair.server);
    assert!(!shown.contains("P4ssw0rd") && !shown.contains("05, 05") && !shown.contains("5, 5, 5"), "{shown}");
}
