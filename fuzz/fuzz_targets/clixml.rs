//! Any bytes are a value or a typed error for both readers, which agree; what was read is written and read again.

#![no_main]

use exsh::clixml::{Decoder, ReadLimits, read_document, read_fragment, write_fragment};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let limits = ReadLimits::default();
    let _ = read_document(data, &limits);
    let general = read_fragment(data, &limits);
    let mut decoder = Decoder::default();
    // Twice: the second time, the decoder knows the shape.
    for _ in 0..2 {
        let decoded = decoder.decode(data);
        assert_eq!(decoded.is_ok(), general.is_ok());
        if let (Ok(decoded), Ok(general)) = (&decoded, &general) {
            assert_eq!(write_fragment(decoded, None).ok(), write_fragment(general, None).ok());
        }
    }
    if let Ok(value) = general
        && let Ok(written) = write_fragment(&value, None)
        && let Ok(again) = read_fragment(&written, &limits)
    {
        assert_eq!(write_fragment(&again, None).ok(), Some(written));
    }
});
