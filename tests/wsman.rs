//! Envelopes of other clients and servers: every one decodes, and ours say the same in the same places.
//!
//! Sources: `../shared/data/wsman-transcripts` (conversations of pypsrp with Windows servers, with its own licence)
//! and `../shared/data/wsman-recordings` (PowerShell 7.6.5). Skipped where those are absent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

#[path = "wsman/canonical.rs"]
mod canonical;
#[path = "wsman/hostile.rs"]
mod hostile;
#[path = "wsman/recordings.rs"]
mod recordings;
#[path = "wsman/transcripts.rs"]
mod transcripts;
