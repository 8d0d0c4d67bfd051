//! CLIXML to kept objects, against the bare tokenizer and the fastest peer on the same bytes in the same run.
//!
//! `cargo bench --manifest-path benches/Cargo.toml --bench clixml`; prints ratios, keeps no history.

use std::hint::black_box;

use exsh::clixml::{Decoder, PsValue};
use exsh_benches::payload::{cmdlet, mailbox};
use exsh_benches::timing::{gain, medians, rate};
use psrp_rs::clixml::parse_clixml;
use quick_xml::Reader;
use quick_xml::events::Event;

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

fn measure(name: &str, messages: &[Vec<u8>], target: f64) {
    let bytes: usize = messages.iter().map(Vec::len).sum();
    let few = &messages[..messages.len() / 10];
    let few_bytes: usize = few.iter().map(Vec::len).sum();
    let [tokens, ours, peer] = medians(
        7,
        [
            &mut || {
                pull(messages);
                Box::new(())
            },
            &mut || Box::new(decode(messages)),
            &mut || Box::new(peer_values(few)),
        ],
    );
    let (tokens, ours, peer) = (rate(bytes, tokens), rate(bytes, ours), rate(few_bytes, peer));
    println!(
        "{name:<22} {:>5} messages {:>6.1} MB  exsh {ours:>7.0} MB/s  quick-xml {tokens:>6.0} MB/s  psrp-rs {peer:>6.0} MB/s  \
         ratio to quick-xml {:>5.2} (target {target})  to psrp-rs {:>5.1}",
        messages.len(),
        bytes as f64 / 1e6,
        ours / tokens,
        ours / peer
    );
}

/// Kept memory, in a process of its own.
fn memory(kind: &str) {
    let messages = payload(kind);
    let bytes: usize = messages.iter().map(Vec::len).sum();
    let kept = gain(|| decode(&messages));
    println!("{kind:<22} kept memory {:.2} of the CLIXML (target 0.7)", kept as f64 / bytes as f64);
}

fn payload(kind: &str) -> Vec<Vec<u8>> {
    match kind {
        REGULAR => (0..5000).map(|number| mailbox(number, false)).collect(),
        IRREGULAR => (0..5000).map(|number| mailbox(number, true)).collect(),
        _ => (0..900).map(cmdlet).collect(),
    }
}

const REGULAR: &str = "mailboxes, regular";
const IRREGULAR: &str = "mailboxes, irregular";
const METADATA: &str = "cmdlet metadata";

fn property_reads(messages: &[Vec<u8>]) {
    let kept = decode(messages);
    let names = ["Alias", "primarysmtpaddress", "WhenCreated", "IsValid", "Languages"];
    let [time] = medians(
        9,
        [&mut || {
            for value in &kept {
                for name in names {
                    black_box(value.as_object().and_then(|object| object.get(name)).expect("a property"));
                }
            }
            Box::new(())
        }],
    );
    println!(
        "property by name       {:.0} ns (target 1000)",
        time.as_nanos() as f64 / (kept.len() * names.len()) as f64
    );
}

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--memory");
    if let Some(kind) = arguments.nth(1) {
        return memory(&kind);
    }
    for kind in [REGULAR, IRREGULAR, METADATA] {
        let own = std::env::current_exe().expect("this program");
        let _ = std::process::Command::new(own).args(["--memory", kind]).status();
    }
    let regular = payload(REGULAR);
    measure(REGULAR, &regular, 2.0);
    measure(IRREGULAR, &payload(IRREGULAR), 1.3);
    measure(METADATA, &payload(METADATA), 0.5);
    property_reads(&regular);
}
