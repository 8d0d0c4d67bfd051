//! What objects look like, against evidence from elsewhere: outputs of PowerShell 7.6.5 for objects and views that
//! came over the wire.
//!
//! Expectations come from `../shared/data` (its READMEs say how they were made); without it the tests say so and pass.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

#[path = "render/data.rs"]
mod data;
#[path = "render/hostile.rs"]
mod hostile;
#[path = "render/report.rs"]
mod report;
#[path = "render/values.rs"]
mod values;
#[path = "render/views.rs"]
mod views;
