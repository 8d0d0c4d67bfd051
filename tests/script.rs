//! The Rhai host: what scripts can do, how they end, and what they leave behind.

#[path = "script/language.rs"]
mod language;
#[path = "script/screen.rs"]
mod screen;
