//! The standard library: every documented example runs and prints what it says, every task works from the shell.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "stdlib/basics.rs"]
mod basics;
#[path = "stdlib/bulk.rs"]
mod bulk;
#[path = "stdlib/examples.rs"]
mod examples;
#[path = "cli/harness.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line, which use more of it")]
mod harness;
#[path = "stdlib/index.rs"]
mod index;
#[path = "stdlib/mail.rs"]
mod mail;
#[path = "stdlib/nonsense.rs"]
mod nonsense;
#[path = "stdlib/releases.rs"]
mod releases;
#[path = "stdlib/streams.rs"]
mod streams;
#[path = "stdlib/tasks.rs"]
mod tasks;
#[path = "stdlib/transcript.rs"]
mod transcript;
