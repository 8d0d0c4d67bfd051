//! Payloads and stopwatches of the benches; no measurement of its own.

pub mod payload;
pub mod timing;
