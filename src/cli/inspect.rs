//! `exsh inspect`: shows what is in a CLIXML file.
//!
//! Reading is `clixml`'s business, layout `render`'s.

use std::path::Path;

use super::args::InspectArgs;
use super::exit::ExitCode;
use super::input;
use super::program::{Setting, print};
use super::report::Report;
use crate::clixml::reading::Readings;
use crate::clixml::{ClixmlError, PsValue, ReadLimits, read_document, read_fragment};
use crate::render::RenderError;
use crate::script::View;

/// Cells of the screen that a view is laid out for.
const WIDTH_DEFAULT: usize = 120;

/// What stands before the CLIXML that PowerShell writes to its own output when it is asked to.
const PROGRAM_OUTPUT: &[u8] = b"#< CLIXML";

/// Carries out `exsh inspect`.
///
/// # Errors
/// When the file cannot be read or is no CLIXML.
pub(super) fn run(setting: &Setting, args: &InspectArgs) -> Result<ExitCode, Report> {
    let values = values(&args.file, !args.reading)?;
    if args.reading {
        let mut readings = Readings::default();
        let lines: String = values.iter().map(|value| format!("{}\n", readings.reading(value))).collect();
        return print(&lines);
    }
    if args.view.is_none() && args.formats.is_none() && args.width.is_none() {
        return setting.show(values, &View::default());
    }
    let formats = match &args.formats {
        Some(file) => self::values(file, false)?,
        None => Vec::new(),
    };
    let command = args.view.as_deref().unwrap_or("");
    let text = crate::script::ps::inspect_with_scripts(&values, &formats, command, args.width.unwrap_or(WIDTH_DEFAULT));
    print(&text.map_err(Report::from)?)
}

impl From<RenderError> for Report {
    fn from(error: RenderError) -> Self {
        let report = Self::failed(error.to_string());
        match error.hint() {
            Some(hint) => report.hint(hint),
            None => report,
        }
    }
}

/// The objects of a file: a whole document or, if `bodies` are welcome, one message body without a root element.
fn values(file: &Path, bodies: bool) -> Result<Vec<PsValue>, Report> {
    let bytes = input::bytes(file)?;
    // What `powershell -OutputFormat Xml` writes has a line of its own before the document.
    let marked = bytes.strip_prefix(PROGRAM_OUTPUT).filter(|_| bodies);
    let bytes = marked.map_or(bytes.as_slice(), <[u8]>::trim_ascii_start);
    let limits = ReadLimits::default();
    match read_document(bytes, &limits) {
        Ok(values) => Ok(values),
        Err(refused @ ClixmlError::NotClixml { .. }) if bodies => match read_fragment(bytes, &limits) {
            Ok(value) if !bytes.is_empty() => Ok(vec![value]),
            _ => Err(refuse(file, &refused)),
        },
        Err(refused) => Err(refuse(file, &refused)),
    }
}

fn refuse(file: &Path, error: &ClixmlError) -> Report {
    Report::failed(format!("{}: {error}", file.display())).hint(error.hint())
}
