//! Values on standard output in the form asked for, as they arrive.
//!
//! What a form looks like is decided in `render`; here is only when what is ready is written.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use super::progress::ProgressBars;
use crate::cli::args::OutputFormat;
use crate::clixml::{PsObject, PsValue};
use crate::render::convert::{CsvOptions, CsvWriter, json_line};
use crate::render::view::Shape;
use crate::render::{Column, Formatter, Problems, RenderError, Request, Theme};
use crate::script::{Form, ScriptResult, ShowError, View};

/// How long rows are held back so that the first screenful decides the widths, as PowerShell does.
const PATIENCE: Duration = Duration::from_millis(300);

/// The values to be shown.
type Values<'a> = &'a mut dyn Iterator<Item = ScriptResult<PsValue>>;

/// Where values go.
pub(super) struct Output<'a> {
    /// The form that the command line asks for.
    pub(super) format: Option<OutputFormat>,
    /// Width and views.
    pub(super) formatter: &'a Formatter,
    /// Bars that have to make room.
    pub(super) progress: &'a ProgressBars,
    /// Colours of the richer view, which only a person at a terminal gets.
    pub(super) rich: Option<Theme>,
    /// Says that part of a view could not be shown.
    pub(super) warn: &'a dyn Fn(&str),
}

impl Output<'_> {
    /// Writes `values` as they come.
    pub(super) fn show(&self, values: Values<'_>, view: &View) -> Result<(), ShowError> {
        match self.format {
            None => self.formatted(values, &request(view, None)),
            Some(OutputFormat::Table) => self.formatted(values, &request(view, Some(Shape::Table))),
            Some(OutputFormat::List) => self.formatted(values, &request(view, Some(Shape::List))),
            Some(OutputFormat::Json) => self.json(values, view),
            Some(OutputFormat::Jsonl) => self.json_lines(values, view),
            Some(OutputFormat::Csv) => self.csv(values, view),
            Some(OutputFormat::None) => drain(values),
        }
    }

    fn formatted(&self, values: Values<'_>, request: &Request) -> Result<(), ShowError> {
        let problems = Problems::default();
        let mut stream = match self.rich {
            Some(theme) => self.formatter.terminal_stream(request, &problems, theme),
            None => self.formatter.stream(request, &problems),
        };
        let mut held_since: Option<Instant> = None;
        let mut result = Ok(());
        for value in values {
            match value {
                Ok(value) => self.write(&stream.push(&value).map_err(unrenderable)?)?,
                Err(error) => {
                    result = Err(error.into());
                    break;
                }
            }
            if !stream.holds_back() {
                held_since = None;
            } else if held_since.get_or_insert_with(Instant::now).elapsed() >= PATIENCE {
                self.write(&stream.flush())?;
                held_since = None;
            }
        }
        // What came before an error is shown before it.
        self.write(&stream.end())?;
        drop(stream);
        for problem in problems.take() {
            (self.warn)(&problem.to_string());
        }
        result
    }

    /// An array, one element a line.
    fn json(&self, values: Values<'_>, view: &View) -> Result<(), ShowError> {
        let mut before = "[\n  ";
        for value in values {
            let line = json_line(&chosen(value?, view)).map_err(unrenderable)?;
            self.write(&format!("{before}{line}"))?;
            before = ",\n  ";
        }
        self.write(if before.starts_with('[') { "[]\n" } else { "\n]\n" })
    }

    fn json_lines(&self, values: Values<'_>, view: &View) -> Result<(), ShowError> {
        for value in values {
            let line = json_line(&chosen(value?, view)).map_err(unrenderable)?;
            self.write(&format!("{line}\n"))?;
        }
        Ok(())
    }

    fn csv(&self, values: Values<'_>, view: &View) -> Result<(), ShowError> {
        let mut writer = CsvWriter::new(CsvOptions::default());
        for value in values {
            for line in writer.push(&chosen(value?, view)) {
                self.write(&format!("{line}\n"))?;
            }
        }
        Ok(())
    }

    fn write(&self, text: &str) -> Result<(), ShowError> {
        if text.is_empty() {
            return Ok(());
        }
        self.progress.suspend(|| -> io::Result<()> {
            let mut out = io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()
        })?;
        Ok(())
    }
}

/// Nothing is printed, but everything is done and every error said.
fn drain(values: Values<'_>) -> Result<(), ShowError> {
    for value in values {
        value?;
    }
    Ok(())
}

/// The request that a script's view stands for; a form that the command line asks for goes before the script's.
fn request(view: &View, asked: Option<Shape>) -> Request {
    let own = match view.form {
        Form::Default => None,
        Form::Table => Some(Shape::Table),
        Form::List => Some(Shape::List),
        Form::Wide => Some(Shape::Wide),
    };
    let properties = view.properties.iter().map(|name| Column::property(name)).collect();
    Request { shape: asked.or(own), properties, ..Request::default() }
}

/// The value with only the properties that were asked for, when some were.
fn chosen(value: PsValue, view: &View) -> PsValue {
    let PsValue::Object(object) = &value else { return value };
    if view.properties.is_empty() {
        return value;
    }
    let picked = view.properties.iter().map(|name| (name.as_str(), object.get(name).unwrap_or(PsValue::Null)));
    PsObject::bag(picked).into()
}

fn unrenderable(error: RenderError) -> ShowError {
    ShowError::Output(io::Error::other(error))
}
