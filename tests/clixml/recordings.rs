//! Recorded conversations of PowerShell 7.6.5: every message body is read and written again to the same bytes.

use std::collections::BTreeMap;
use std::fs;

use base64_simd::STANDARD;
use exsh::clixml::{ReadLimits, read_fragment, write_fragment};

use crate::data::folder;

/// One PSRP message: bytes after its 40-byte header, byte order mark included.
pub(crate) struct Body {
    file: String,
    kind: u32,
    pub(crate) bytes: Vec<u8>,
}

/// Fragments of one direction, target and stream, put together again ([MS-PSRP] 2.2.4).
#[derive(Default)]
struct Stream {
    raw: Vec<u8>,
    objects: BTreeMap<u64, Vec<u8>>,
}

impl Stream {
    fn push(&mut self, bytes: &[u8], file: &str, bodies: &mut Vec<Body>) {
        self.raw.extend(bytes);
        let mut at = 0;
        while let Some(header) = self.raw.get(at..at + 21) {
            let object = u64::from_be_bytes(header[..8].try_into().unwrap());
            let length = u32::from_be_bytes(header[17..21].try_into().unwrap()) as usize;
            let Some(blob) = self.raw.get(at + 21..at + 21 + length) else { break };
            let last = header[16] & 2 != 0;
            self.objects.entry(object).or_default().extend(blob);
            at += 21 + length;
            if last {
                let message = self.objects.remove(&object).unwrap();
                let kind = u32::from_le_bytes(message[4..8].try_into().unwrap());
                bodies.push(Body { file: file.to_owned(), kind, bytes: message[40..].to_vec() });
            }
        }
        self.raw.drain(..at);
    }
}

/// The text between two marks, as often as it occurs.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open).skip(1).filter_map(move |rest| rest.split(close).next())
}

fn psrp_bodies() -> Vec<Body> {
    let mut bodies = Vec::new();
    let Some(folder) = folder("psrp-recordings") else { return bodies };
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "jsonl") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut streams: BTreeMap<String, Stream> = BTreeMap::new();
        for line in fs::read_to_string(&path).unwrap().lines().skip(1) {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let Some(raw) = record["raw"].as_str().filter(|raw| raw.starts_with("<Data ")) else { continue };
            let key = format!("{} {}", record["dir"], raw.split('>').next().unwrap());
            let base64 = between(raw, ">", "<").next().unwrap();
            let bytes = STANDARD.decode_to_vec(base64).unwrap();
            streams.entry(key).or_default().push(&bytes, &name, &mut bodies);
        }
    }
    bodies
}

fn wsman_bodies() -> Vec<Body> {
    let mut bodies = Vec::new();
    let Some(folder) = folder("wsman-recordings") else { return bodies };
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut streams: BTreeMap<String, Stream> = BTreeMap::new();
        for line in fs::read_to_string(&path).unwrap().lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            for side in ["request", "response"] {
                let Some(soap) = record[side].as_str() else { continue };
                // Streams of a response name their command; requests to one command share it as well.
                let mut marks = vec![("<creationXml", "</creationXml>"), ("<rsp:Arguments", "</rsp:Arguments>")];
                marks.push(("<rsp:Stream ", "</rsp:Stream>"));
                for (open, close) in marks {
                    for element in between(soap, open, close) {
                        let Some((attributes, text)) = element.split_once('>') else { continue };
                        let bytes = STANDARD.decode_to_vec(text.trim()).unwrap_or_default();
                        let command = between(attributes, "CommandId=\"", "\"").next().unwrap_or_default();
                        streams.entry(format!("{side} {command}")).or_default().push(&bytes, &name, &mut bodies);
                    }
                }
            }
        }
    }
    bodies
}

/// All recorded messages.
pub(crate) fn bodies() -> Vec<Body> {
    psrp_bodies().into_iter().chain(wsman_bodies()).collect()
}

#[test]
fn every_recorded_message_body_comes_out_again_byte_for_byte() {
    let bodies = bodies();
    if folder("psrp-recordings").is_some() {
        assert!(bodies.len() > 2158, "only {} messages", bodies.len());
    }
    let mut failures = Vec::new();
    for body in &bodies {
        let written =
            read_fragment(&body.bytes, &ReadLimits::default()).and_then(|value| match body.bytes.is_empty() {
                true => Ok(Vec::new()),
                false => write_fragment(&value, None),
            });
        let clixml = body.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body.bytes);
        if written.as_deref() != Ok(clixml) {
            let written = written.map(|bytes| String::from_utf8(bytes).unwrap());
            failures.push(format!("{} {:08x}\n{}\n{written:?}", body.file, body.kind, String::from_utf8_lossy(clixml)));
        }
    }
    let shown: Vec<String> = failures.iter().take(5).map(|failure| failure.chars().take(4000).collect()).collect();
    assert!(failures.is_empty(), "{} of {} fail:\n{}", failures.len(), bodies.len(), shown.join("\n\n"));
}
