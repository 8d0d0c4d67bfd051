//! Payloads, the server and the table of the benches; no measurement of its own.

pub mod canned;
pub mod figure;
pub mod payload;
