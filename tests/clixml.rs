//! CLIXML against evidence from elsewhere: golden data of PowerShell 7.6.5, recordings, files of real Exchange servers.
//!
//! Expectations come from `../shared/data` (its READMEs say how they were made); without it the tests say so and pass.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

#[path = "clixml/corpus.rs"]
mod corpus;
#[path = "clixml/data.rs"]
mod data;
#[path = "clixml/documents.rs"]
mod documents;
#[path = "clixml/exchange.rs"]
mod exchange;
#[path = "clixml/golden.rs"]
mod golden;
#[path = "clixml/hostile.rs"]
mod hostile;
#[path = "clixml/paths.rs"]
mod paths;
#[path = "clixml/recordings.rs"]
mod recordings;
#[path = "clixml/values.rs"]
mod values;
#[path = "clixml/vectors.rs"]
mod vectors;
