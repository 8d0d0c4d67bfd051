//! Every recorded packet, fragment and message comes out of our codec byte for byte as it went in.

use bytes::Bytes;
use exsh::clixml::{ReadLimits, read_fragment, write_fragment};
use exsh::process::ProcessPacket;
use exsh::psrp::{
    BYTE_ORDER_MARK, CommandQuery, FRAGMENT_HEADER_BYTES, FragmentHeader, HostCall, HostResponse, MessageType,
    PROTOCOL_2_3, PipelineSpec, Record,
};

use super::recording;

#[test]
fn every_recorded_line_is_written_as_it_was_read() {
    let mut lines = 0;
    for recording in recording::all() {
        for line in &recording.lines {
            if let Some(packet) = &line.packet {
                assert_eq!(packet.encode(), line.raw, "{} line {}", recording.scenario, line.number);
                lines += 1;
            }
        }
    }
    assert!(lines == 0 || lines > 3500, "only {lines} lines were compared");
}

#[test]
fn every_recorded_fragment_header_is_written_as_it_was_read() {
    for recording in recording::all() {
        for line in &recording.lines {
            let Some(ProcessPacket::Data { bytes, .. }) = &line.packet else { continue };
            let mut rest: &[u8] = bytes;
            while let Some(raw) = rest.first_chunk::<FRAGMENT_HEADER_BYTES>() {
                let header = FragmentHeader::decode(raw);
                if header.object_id > 10_000 || header.blob_bytes > 40_000 {
                    break; // the packet begins inside a fragment
                }
                assert_eq!(&header.encode(), raw, "{} line {}", recording.scenario, line.number);
                rest = &rest[rest.len().min(FRAGMENT_HEADER_BYTES + header.blob_bytes as usize)..];
            }
        }
    }
}

#[test]
fn every_recorded_message_is_written_as_it_was_read() {
    let mut count = 0;
    for recording in recording::all() {
        for placed in recording.messages() {
            let message = &placed.message;
            assert_eq!(exsh::psrp::Message::decode(message.encode().into()).unwrap(), *message);
            count += 1;
            if message.body.is_empty() {
                continue;
            }
            let place = format!("{} line {} {message:?}", recording.scenario, placed.line + 2);
            let value = read_fragment(&message.body, &ReadLimits::default()).expect(&place);
            let mut written = BYTE_ORDER_MARK.to_vec();
            written.extend(write_fragment(&value, None).expect(&place));
            assert_eq!(text(&written.into()), text(&message.body), "{place}");
        }
    }
    assert!(count == 0 || count > 2000, "only {count} messages were compared");
}

#[test]
fn what_messages_mean_is_understood_without_losing_a_byte() {
    let mut kinds = std::collections::BTreeMap::new();
    for recording in recording::all() {
        for placed in recording.messages() {
            let message = &placed.message;
            let kind = message.message_type().unwrap();
            let place = format!("{} line {} {message:?}", recording.scenario, placed.line + 2);
            let value = read_fragment(&message.body, &ReadLimits::default()).expect(&place);
            let again = match kind {
                MessageType::CreatePipeline => {
                    PipelineSpec::from_value(&value).expect(&place).to_value(PROTOCOL_2_3).unwrap()
                }
                MessageType::GetCommandMetadata => CommandQuery::from_value(&value).expect(&place).to_value(),
                MessageType::PipelineHostCall => HostCall::from_value(&value).expect(&place).to_value(),
                MessageType::PipelineHostResponse => HostResponse::from_value(&value).expect(&place).to_value(),
                _ if message.body.is_empty() => continue,
                kind => match Record::from_value(kind, value).expect(&place) {
                    Some(record) => record.to_value(),
                    None => continue,
                },
            };
            let mut written = BYTE_ORDER_MARK.to_vec();
            written.extend(write_fragment(&again, None).expect(&place));
            assert_eq!(text(&written.into()), text(&message.body), "{place}");
            *kinds.entry(kind.name()).or_insert(0) += 1;
        }
    }
    println!("{kinds:?}");
}

fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
