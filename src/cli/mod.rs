//! The program's face: arguments, commands, exit codes, and the one place that writes to the terminal.
//!
//! Each command is a file; what they do is done by the rooms below.

mod args;
mod cache;
mod config;
mod definitions;
mod doctor;
mod endpoints;
mod exit;
mod input;
mod inspect;
mod login;
mod manual;
mod opening;
mod port;
mod powershell;
mod program;
mod prompt;
mod report;
mod run;
mod runtime;
mod sim;
mod task;
pub mod trace;
mod ui;

pub use args::{
    CacheAction, Cli, ColorChoice, Command, ConfigAction, DoctorArgs, GlobalArgs, InspectArgs, LoginArgs, OutputFormat,
    PortArgs, ReportFormat, RunArgs, Shell, SimArgs, TraceArgs,
};
pub use exit::ExitCode;
pub use program::main;
