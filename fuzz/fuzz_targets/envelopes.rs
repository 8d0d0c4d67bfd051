//! Any bytes are an answer of a server or a typed error, with and without compression.

#![no_main]

use exsh::wsman::{Compression, parse_response};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for compression in [Compression::None, Compression::Xpress] {
        let _ = parse_response(data, compression);
    }
});
