//! The fuzzer's corpus, its finds among it, as a test of its own: what `fuzz/fuzz_targets/clixml.rs` asks of any bytes.

use exsh::clixml::{Decoder, ReadLimits, read_document, read_fragment, write_fragment};

#[test]
fn every_file_of_the_corpus_is_read_alike_on_both_ways_and_comes_out_as_it_went_in() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/clixml");
    let limits = ReadLimits::default();
    let mut files = 0;
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let data = std::fs::read(&path).unwrap();
        let _ = read_document(&data, &limits);
        let general = read_fragment(&data, &limits);
        let mut decoder = Decoder::default();
        for _ in 0..2 {
            let decoded = decoder.decode(&data);
            assert_eq!(decoded.as_ref().err(), general.as_ref().err(), "{path:?}");
            if let (Ok(decoded), Ok(general)) = (&decoded, &general) {
                assert_eq!(write_fragment(decoded, None).ok(), write_fragment(general, None).ok(), "{path:?}");
            }
        }
        if let Ok(value) = general
            && let Ok(written) = write_fragment(&value, None)
            && let Ok(again) = read_fragment(&written, &limits)
        {
            assert_eq!(write_fragment(&again, None).ok(), Some(written), "{path:?}");
        }
        files += 1;
    }
    assert!(files > 5);
}
