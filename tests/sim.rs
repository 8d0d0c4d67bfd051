//! The simulator over real HTTP: sign-in, shells, limits, faults, and clients of others.
//!
//! Cmdlets without a socket are tested beside them, in `src/sim/cmdlet/tests`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, and says why it is skipped")]

#[path = "sim/client.rs"]
mod client;
#[path = "sim/endpoint.rs"]
mod endpoint;
#[path = "sim/faults.rs"]
mod faults;
#[path = "sim/pypsrp.rs"]
mod pypsrp;
#[path = "sim/three_steps.rs"]
mod three_steps;
#[path = "sim/types.rs"]
mod types;
