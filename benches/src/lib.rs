//! Payloads, servers and stopwatches of the benches; no measurement of its own.

pub mod canned;
pub mod figure;
pub mod payload;
pub mod timing;
