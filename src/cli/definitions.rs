//! `exsh definitions`: what scripts can call, in the form that editors read.
//!
//! What is in it is `script`'s business.

use std::path::Path;
use std::sync::Arc;

use super::exit::ExitCode;
use super::opening::Opening;
use super::program::{Setting, print};
use super::report::Report;
use super::run;
use super::ui::Terminal;

/// Writes the definitions to `file`, or to standard output.
///
/// # Errors
/// When the file cannot be written, or the session for `--profile` cannot be opened.
pub(super) fn run(setting: &Setting, opening: Option<&Opening>, file: Option<&Path>) -> Result<ExitCode, Report> {
    let mut text = String::new();
    let ui: Arc<Terminal> = Arc::new(setting.terminal());
    let code = run::hosted(setting, ui, |host| {
        if let Some(opening) = opening {
            run::open(host, opening)?;
        }
        text = host.definitions();
        Ok(ExitCode::Ok)
    })?;
    match file {
        _ if code != ExitCode::Ok => Ok(code),
        None => print(&text),
        Some(file) => match std::fs::write(file, &text) {
            Ok(()) => Ok(ExitCode::Ok),
            Err(error) => Err(Report::failed(format!("cannot write {}: {error}", file.display()))),
        },
    }
}
