//! The compressed form of shell streams against streams made by Microsoft's own compressor.
//!
//! Source: `../shared/data/xpress-golden` (its README says how they were made); skipped where that is absent.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and says what it skips")]

use std::path::Path;

use exsh::wsman::xpress::{compress, decompress};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

fn golden(name: &str) -> Option<Vec<Value>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/xpress-golden").join(name);
    if !path.exists() {
        println!("skipped: ../shared/data is absent");
        return None;
    }
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

fn bytes(value: &Value) -> Vec<u8> {
    base64_simd::STANDARD.decode_to_vec(value.as_str().unwrap()).unwrap()
}

#[test]
fn every_golden_stream_expands_to_its_plain_text() {
    for vector in golden("vectors.json").into_iter().flatten() {
        let name = vector["name"].as_str().unwrap();
        let size = usize::try_from(vector["bytes"].as_u64().unwrap()).unwrap();
        let plain = decompress(&bytes(&vector["compressed"]), size).unwrap_or_else(|error| panic!("{name}: {error}"));
        let digest: String = Sha256::digest(&plain).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, vector["sha256"].as_str().unwrap(), "{name}");
    }
}

#[test]
fn our_streams_are_at_most_a_twentieth_larger() {
    for vector in golden("vectors.json").into_iter().flatten() {
        let name = vector["name"].as_str().unwrap();
        let theirs = bytes(&vector["compressed"]);
        let plain = decompress(&theirs, 1 << 20).unwrap();
        let ours = compress(&plain);
        assert_eq!(decompress(&ours, plain.len()).unwrap(), plain, "{name}");
        assert!(ours.len() * 20 <= theirs.len() * 21, "{name}: {} against {}", ours.len(), theirs.len());
    }
}

#[test]
fn damaged_streams_are_refused() {
    for vector in golden("damaged.json").into_iter().flatten() {
        let accepted = vector["result"].as_u64() == Some(0);
        let result = decompress(&bytes(&vector["compressed"]), 1 << 20);
        assert_eq!(result.is_ok(), accepted, "{}: {:?}", vector["name"], result.map(|plain| plain.len()));
    }
}
