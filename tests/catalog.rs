//! The catalogue and its binder against what real PowerShell bound, and against cmdlets of many shapes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "tests")]

#[path = "../examples/build_catalog.rs"]
#[allow(dead_code, reason = "its main is not called here")]
mod build_catalog;
#[path = "catalog/hostile.rs"]
mod hostile;
#[path = "catalog/probes.rs"]
mod probes;
#[path = "catalog/shapes.rs"]
mod shapes;
#[path = "catalog/size.rs"]
mod size;
#[path = "catalog/traces.rs"]
mod traces;
