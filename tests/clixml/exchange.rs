//! Files that real Exchange servers exported: read, written, read again.

use std::fs;

use exsh::clixml::reading::Readings;
use exsh::clixml::{PsValue, ReadLimits, read_document, write_document, write_fragment};

use crate::data::folder;

fn readings(values: &[PsValue]) -> Vec<String> {
    let mut readings = Readings::default();
    values.iter().map(|value| readings.reading(value).to_string()).collect()
}

#[test]
fn exports_of_real_exchange_servers_read_the_same_after_writing() {
    let Some(folder) = folder("exchange-clixml") else { return };
    let mut objects = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let values = read_document(&bytes, &ReadLimits::default()).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        objects += values.len();
        let first = readings(&values);
        let written = write_document(&values).unwrap();
        let again = read_document(written.as_bytes(), &ReadLimits::default()).unwrap();
        assert_eq!(first, readings(&again), "{path:?}");
        for value in &values {
            let message = write_fragment(value, None).unwrap();
            let alone = exsh::clixml::read_fragment(&message, &ReadLimits::default()).unwrap();
            let own = readings(std::slice::from_ref(value));
            assert_eq!(own, readings(&[alone]), "{path:?}");
        }
    }
    assert!(objects > 0);
}
