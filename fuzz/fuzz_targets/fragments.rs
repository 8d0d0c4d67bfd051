//! Any bytes, cut anywhere, are messages or a typed error, the same for every cut, and never larger than the limit.

#![no_main]

use bytes::Bytes;
use exsh::psrp::{Defragmenter, FragmentError, ReceiveLimits};
use libfuzzer_sys::fuzz_target;

const OBJECT_BYTES_MAX: u64 = 1 << 16;

fn messages(data: &[u8], cut: usize) -> (Vec<Bytes>, Option<FragmentError>) {
    let limits = ReceiveLimits { object_bytes_max: Some(OBJECT_BYTES_MAX), command_bytes_max: Some(1 << 20) };
    let mut defragmenter = Defragmenter::new(limits);
    let mut found = Vec::new();
    for part in data.chunks(cut) {
        defragmenter.push(Bytes::copy_from_slice(part));
        loop {
            match defragmenter.poll() {
                Ok(Some(message)) => found.push(message),
                Ok(None) => break,
                Err(error) => return (found, Some(error)),
            }
        }
    }
    (found, None)
}

fuzz_target!(|data: &[u8]| {
    let Some((cut, data)) = data.split_first() else { return };
    let whole = messages(data, data.len().max(1));
    assert!(whole.0.iter().all(|message| message.len() as u64 <= OBJECT_BYTES_MAX));
    assert_eq!(messages(data, usize::from(*cut).max(1)), whole);
});
