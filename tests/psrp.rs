//! The remoting protocol held against recordings of PowerShell 7.6.5 talking to itself, and against hostile bytes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says when it skips"
)]

#[path = "psrp/hostile.rs"]
mod hostile;
#[path = "psrp/mistakes.rs"]
mod mistakes;
#[path = "psrp/pair.rs"]
mod pair;
#[path = "psrp/process_carrier.rs"]
mod process_carrier;
#[path = "psrp/recording.rs"]
mod recording;
#[path = "psrp/replay_client.rs"]
mod replay_client;
#[path = "psrp/replay_server.rs"]
mod replay_server;
#[path = "psrp/round_trip.rs"]
mod round_trip;
#[path = "psrp/secrets.rs"]
mod secrets;
#[path = "psrp/stdio.rs"]
mod stdio;
#[path = "psrp/trace.rs"]
mod trace;
