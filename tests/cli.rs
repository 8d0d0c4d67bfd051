//! The program as people and scripts start it: arguments in, output, messages and exit code out.
//!
//! Expectations come from the README (exit codes, streams) and from the documented behaviour of each command. Every
//! run has an environment and a home of its own and talks to nothing but loopback.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "cli/harness.rs"]
mod harness;

#[path = "cli/commands.rs"]
mod commands;

#[path = "cli/danger.rs"]
mod danger;

#[path = "cli/doctor.rs"]
mod doctor;

#[path = "cli/errors.rs"]
mod errors;

#[path = "cli/ported.rs"]
mod ported;

#[path = "cli/powershell.rs"]
mod powershell;

#[path = "cli/profiles.rs"]
mod profiles;
#[path = "cli/shells.rs"]
mod shells;

#[path = "cli/simulator.rs"]
mod simulator;

#[path = "cli/three_steps.rs"]
mod three_steps;

#[path = "cli/transcripts.rs"]
mod transcripts;
