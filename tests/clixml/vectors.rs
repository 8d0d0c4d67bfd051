//! Small vectors, one for each thing that goes wrong easily; their sources are in `PROVENANCE.md` beside this file.

use exsh::clixml::reading::Readings;
use exsh::clixml::{Decoder, ReadLimits, read_fragment, write_fragment};
use serde_json::Value;

#[test]
fn every_vector_is_read_as_its_source_says_and_written_again() {
    let vectors: Vec<Value> = crate::data::parse(include_str!("vectors.json"));
    let provenance = include_str!("PROVENANCE.md");
    assert!(vectors.len() > 20);
    let mut decoder = Decoder::default();
    for vector in vectors {
        let name = vector["name"].as_str().unwrap();
        assert!(provenance.contains(&format!("| {name} |")), "{name} has no source");
        let clixml = vector["clixml"].as_str().unwrap();
        let read = read_fragment(clixml.as_bytes(), &ReadLimits::default());
        if vector["refused"] == true {
            assert!(read.is_err(), "{name}");
            continue;
        }
        let value = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(Readings::default().reading(&value).to_string(), vector["reading"].to_string(), "{name}");
        for _ in 0..2 {
            let quick = decoder.decode(clixml.as_bytes()).unwrap();
            assert_eq!(Readings::default().reading(&quick).to_string(), vector["reading"].to_string(), "{name}");
        }
        let written = String::from_utf8(write_fragment(&value, None).unwrap()).unwrap();
        assert_eq!(written, vector["written"].as_str().unwrap_or(clixml), "{name}");
    }
}
