//! The recorded conversations of `shared/data/psrp-recordings`, read as lines, packets and messages.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use exsh::process::ProcessPacket;
use exsh::psrp::{Defragmenter, FRAGMENT_HEADER_BYTES, FragmentHeader, Message, ReceiveLimits, StreamName, Target};
use serde_json::Value;

/// Who sent a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum From {
    Client,
    Server,
}

/// One recorded line.
pub(crate) struct Line {
    pub number: u64,
    pub from: From,
    pub raw: String,
    /// `None` for text that is no packet.
    pub packet: Option<ProcessPacket>,
}

/// One message with the place where its first byte was.
pub(crate) struct Placed {
    pub line: usize,
    pub from: From,
    pub target: Target,
    pub object_id: u64,
    pub message: Message,
}

pub(crate) struct Recording {
    pub scenario: String,
    pub header: Value,
    pub lines: Vec<Line>,
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/psrp-recordings");

/// All recordings; none, with a note, where the folder is absent.
pub(crate) fn all() -> Vec<Recording> {
    if !Path::new(FOLDER).is_dir() {
        println!("skipped: ../shared/data is absent");
        return Vec::new();
    }
    let mut paths: Vec<_> = fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 50, "only {} recordings were found", paths.len());
    paths.iter().map(|path| read(&fs::read_to_string(path).unwrap())).collect()
}

fn read(text: &str) -> Recording {
    let mut lines = text.lines();
    let header: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
    let scenario = header["scenario"].as_str().unwrap().to_owned();
    let lines = lines
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let raw = line["raw"].as_str().unwrap().to_owned();
            let is_text = line["packet"] == "text";
            let packet = (!is_text).then(|| ProcessPacket::decode(&raw).unwrap());
            let from = if line["dir"] == "c2s" { From::Client } else { From::Server };
            Line { number: line["n"].as_u64().unwrap(), from, raw, packet }
        })
        .collect();
    Recording { scenario, header, lines }
}

impl Recording {
    /// Every message in the order of its first byte.
    pub(crate) fn messages(&self) -> Vec<Placed> {
        let mut streams: HashMap<(From, Target, StreamName), Stream> = HashMap::new();
        let mut found = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let Some(ProcessPacket::Data { target, stream, bytes }) = &line.packet else { continue };
            let stream = streams.entry((line.from, *target, *stream)).or_insert_with(|| Stream {
                defragmenter: Defragmenter::new(ReceiveLimits::default()),
                pending: Vec::new(),
                starts: Vec::new(),
            });
            note_starts(index, bytes, &mut stream.pending, &mut stream.starts);
            stream.defragmenter.push(bytes.clone());
            while let Some(message) = stream.defragmenter.poll().unwrap() {
                let (first_line, object_id) = stream.starts.remove(0);
                let message = Message::decode(message).unwrap();
                found.push(Placed { line: first_line, from: line.from, target: *target, object_id, message });
            }
        }
        found.sort_by_key(|placed| placed.line);
        found
    }
}

/// One direction of one target.
struct Stream {
    defragmenter: Defragmenter,
    pending: Vec<u8>,
    /// Line and object id of objects that have begun and not ended.
    starts: Vec<(usize, u64)>,
}

/// Notes in which line each object starts; an own reading of the headers, beside the defragmenter's.
fn note_starts(line: usize, bytes: &Bytes, pending: &mut Vec<u8>, starts: &mut Vec<(usize, u64)>) {
    // A header that began in an earlier line is counted with the line that completes it.
    pending.extend_from_slice(bytes);
    loop {
        let Some(header) = pending.first_chunk::<FRAGMENT_HEADER_BYTES>().map(FragmentHeader::decode) else { return };
        let end = FRAGMENT_HEADER_BYTES + header.blob_bytes as usize;
        if header.start && !starts.iter().any(|(_, id)| *id == header.object_id) {
            starts.push((line, header.object_id));
        }
        if pending.len() < end {
            return;
        }
        pending.drain(..end);
    }
}
