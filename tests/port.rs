//! PowerShell ported: what parses, and what ported scripts print, measured on recordings of real PowerShell.
//!
//! Reads `../shared/data`; when that is absent the measurements are skipped with one line.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a test fails by panicking")]

mod port {
    mod binding;
    mod data;
    mod fixtures;
    mod golden;
    mod kept;
    mod members;
    mod odd;
    mod parse;
    mod program;
    mod traces;
}
