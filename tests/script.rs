//! The Rhai host: what scripts can do, how they end, and what they leave behind.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking")]

#[path = "script/cache.rs"]
mod cache;
#[path = "script/calls.rs"]
mod calls;
#[path = "script/credential.rs"]
mod credential;
#[path = "script/help.rs"]
mod help;
#[path = "script/imports.rs"]
mod imports;
#[path = "script/language.rs"]
mod language;
#[path = "script/screen.rs"]
mod screen;
#[path = "script/sessions.rs"]
mod sessions;
