//! Values on standard output in the form asked for.
//!
//! What a form looks like is decided in `render`.

use std::io::{self, Write as _};

use super::progress::ProgressBars;
use crate::cli::args::OutputFormat;
use crate::clixml::PsValue;
use crate::render::Theme;
use crate::render::text;
use crate::script::{ScriptError, ShowError, View};

/// Writes `values` as they come.
pub(super) fn show(
    output: Option<OutputFormat>,
    _theme: Theme,
    progress: &ProgressBars,
    values: &mut dyn Iterator<Item = Result<PsValue, Box<ScriptError>>>,
    _view: &View,
) -> Result<(), ShowError> {
    if output == Some(OutputFormat::None) {
        return Ok(());
    }
    for value in values {
        let line = text::display(&value?, 4, &text::Culture::EN_US);
        progress.suspend(|| -> io::Result<()> {
            let mut out = io::stdout().lock();
            writeln!(out, "{line}")?;
            out.flush()
        })?;
    }
    Ok(())
}
