//! Sessions against a small scripted HTTP server on loopback: what is sent, what is made of answers, what is left.
//!
//! Expectations: `facts/remoting.md` sections 2, 3, 7 and 9 (whose rows name tests here) and `facts/exchange-wire.md`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "remote/client.rs"]
mod client;
#[path = "remote/closing.rs"]
mod closing;
#[path = "remote/faults.rs"]
mod faults;
#[path = "remote/limits.rs"]
mod limits;
#[path = "remote/opening.rs"]
mod opening;
#[path = "remote/options.rs"]
mod options;
#[path = "remote/running.rs"]
mod running;
#[path = "remote/server.rs"]
mod server;
#[path = "remote/tls.rs"]
mod tls;
#[path = "remote/trouble.rs"]
mod trouble;
