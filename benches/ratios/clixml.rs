//! CLIXML to kept objects, against the bare tokenizer and the fastest peer on the same bytes.
//!
//! Nothing here touches a network.

use std::hint::black_box;

use exsh::clixml::{Decoder, PsValue};
use exsh_benches::figure::{Aim, Figures, Unit, time};
use exsh_benches::payload::{cmdlet, mailbox};
use psrp_rs::clixml::parse_clixml;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::program::child;

/// The reference: every event of every message, nothing kept.
fn pull(messages: &[Vec<u8>]) {
    for message in messages {
        let mut reader = Reader::from_reader(message.as_slice());
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Eof => break,
                event => {
                    black_box(event);
                }
            }
        }
    }
}

fn decode(messages: &[Vec<u8>]) -> Vec<PsValue> {
    let mut decoder = Decoder::default();
    messages.iter().map(|message| decoder.decode(message).expect("well-formed")).collect()
}

fn peer_values(messages: &[Vec<u8>]) -> Vec<impl Sized + use<>> {
    let parse = |message: &Vec<u8>| parse_clixml(std::str::from_utf8(message).expect("UTF-8")).expect("well-formed");
    messages.iter().map(parse).collect()
}

const KINDS: [(&str, f64, f64); 3] =
    [("mailboxes, regular", 2.0, 10.0), ("mailboxes, irregular", 1.3, 3.0), ("cmdlet metadata", 0.5, 3.0)];

fn payload(kind: &str) -> Vec<Vec<u8>> {
    match kind {
        "mailboxes, regular" => (0..5000).map(|number| mailbox(number, false)).collect(),
        "mailboxes, irregular" => (0..5000).map(|number| mailbox(number, true)).collect(),
        _ => (0..900).map(cmdlet).collect(),
    }
}

pub(crate) fn measure(figures: &mut Figures) {
    for (kind, of_tokens, of_peer) in KINDS {
        let speed = format!("clixml, {kind}, speed");
        let peer = format!("clixml, {kind}, speed against a peer");
        let memory = format!("clixml, {kind}, memory kept");
        if ![&speed, &peer, &memory].into_iter().any(|name| figures.wants(name)) {
            continue;
        }
        let messages = payload(kind);
        let bytes: usize = messages.iter().map(Vec::len).sum();
        let few = &messages[..messages.len() / 10];
        let (ours, tokens) = (|| time(|| decode(&messages)), || time(|| pull(&messages)));
        figures.race(&speed, Aim::TimesAsFast(of_tokens), "bare quick-xml 0.42", ours, tokens);
        let (ours, theirs) = (|| time(|| decode(few)), || time(|| peer_values(few)));
        figures.race(&peer, Aim::TimesAsFast(of_peer), "psrp-rs 1.0.0", ours, theirs);
        if figures.wants(&memory) {
            // what an allocator has got it may not give back, so each is a process of its own
            let kept = child(&format!("keep {kind}")).bytes;
            figures.amount(&memory, Aim::TimesAtMost(0.7), Unit::Bytes, kept, ("its CLIXML", bytes as f64));
        }
    }
    let held = "memory, 100,000 mailboxes held";
    if figures.wants(held) {
        let bytes = (0..1000).map(|number| mailbox(number, false).len()).sum::<usize>() as f64 * 100.0;
        figures.amount(held, Aim::AtMost(0.8e9), Unit::Bytes, child("hold").bytes, ("their CLIXML", bytes));
    }
}

/// In a process of its own: how much memory the objects of a payload need.
pub(crate) fn keep(kind: &str) -> usize {
    let messages = payload(kind);
    let before = resident();
    let kept = black_box(decode(&messages));
    let after = resident();
    drop(kept);
    after.saturating_sub(before)
}

/// In a process of its own: mailboxes come one after the other, and all are kept; the most memory that needed.
pub(crate) fn hold(mailboxes: u64) -> usize {
    let mut decoder = Decoder::default();
    let kept: Vec<PsValue> =
        (0..mailboxes).map(|number| decoder.decode(&mailbox(number, false)).expect("well-formed")).collect();
    black_box(&kept);
    super::program::peak()
}

/// Memory that this process has filled, in bytes: without what is mapped of files, such as the program's own code.
fn resident() -> usize {
    super::program::status("RssAnon:")
}
