//! Values on standard output in the form asked for, as they arrive.
//!
//! What a form looks like is decided in `render`; here is only when what is ready is written, and whether a person
//! wants to see so much of it.

use std::io;
use std::time::{Duration, Instant};

use super::page::Page;
use crate::clixml::PsValue;
use crate::render::view::Shape;
use crate::render::{Column, Formatter, Output, RenderError, Request, ResultWriter};
use crate::script::value::hint_for_missing;
use crate::script::{ErrorKind, Form, ScriptError, ScriptResult, ShowError, View};

/// How long rows are held back from somebody who looks, so that the first screenful decides the widths, as PowerShell
/// does. Where nobody looks, a number of rows decides them, and a file does not depend on how busy the server was.
const PATIENCE: Duration = Duration::from_millis(300);

/// More rows than this are not printed unasked at a prompt.
const ROWS_UNASKED_MAX: usize = 1000;

/// The values to be shown.
type Values<'a> = &'a mut dyn Iterator<Item = ScriptResult<PsValue>>;

/// Where values go.
pub(super) struct Show<'a> {
    /// The form.
    pub(super) output: Output,
    /// The shape that the command line asks for.
    pub(super) shape: Option<Shape>,
    /// The properties that the command line asks for.
    pub(super) fields: &'a [String],
    /// Width and views.
    pub(super) formatter: &'a Formatter,
    /// Writes a piece of text to standard output.
    pub(super) page: Page<'a>,
    /// Whether somebody looks at standard output.
    pub(super) is_seen: bool,
    /// Asks whether to go on; nobody is asked where there is no prompt.
    pub(super) ask: Option<&'a dyn Fn(&str) -> bool>,
    /// Says that part of a view could not be shown.
    pub(super) warn: &'a dyn Fn(&str),
}

impl Show<'_> {
    /// Writes `values` as they come.
    pub(super) fn show(mut self, values: Values<'_>, view: &View) -> Result<(), ShowError> {
        let known = values.size_hint().0;
        if known > ROWS_UNASKED_MAX && !self.may_go_on(&format!("show all {} rows?", grouped(known))) {
            return Ok(());
        }
        let mut writer = ResultWriter::new(self.output, self.formatter, &self.request(view));
        let mut held_since: Option<Instant> = None;
        let mut result = Ok(());
        for (row, value) in values.enumerate() {
            // Who reads page by page leaves when it is enough.
            let unasked = row == ROWS_UNASKED_MAX && known <= ROWS_UNASKED_MAX && !self.page.is_paging();
            if unasked && !self.may_go_on("1,000 rows are there already and more follow; go on?") {
                break;
            }
            let value = match value {
                Ok(value) => value,
                Err(error) => {
                    result = Err(error.into());
                    break;
                }
            };
            if row == 0 {
                self.check_fields(&value)?;
            }
            self.page.write(&writer.push(&value).map_err(unrenderable)?)?;
            if !writer.holds_back() {
                held_since = None;
            } else if self.is_seen && held_since.get_or_insert_with(Instant::now).elapsed() >= PATIENCE {
                self.page.write(&writer.flush())?;
                held_since = None;
            }
            if self.page.was_left() {
                return self.page.end().map_err(Into::into);
            }
        }
        // What came before an error is shown before it.
        self.page.write(&writer.end())?;
        self.page.end()?;
        for problem in writer.problems() {
            (self.warn)(&problem.to_string());
        }
        result
    }

    fn may_go_on(&self, question: &str) -> bool {
        self.ask.is_none_or(|ask| ask(question))
    }

    /// What a script's view stands for; what the command line asks for goes before it.
    fn request(&self, view: &View) -> Request {
        let own = match view.form {
            Form::Default => None,
            Form::Table => Some(Shape::Table),
            Form::List => Some(Shape::List),
            Form::Wide => Some(Shape::Wide),
        };
        let names = if self.fields.is_empty() { &view.properties } else { self.fields };
        Request {
            shape: self.shape.or(own),
            properties: names.iter().map(|name| Column::property(name)).collect(),
            group_by: view.group_by.as_deref().map(Column::property),
            auto_size: Some(view.auto_size).filter(|asked| *asked),
            wrap: view.wrap,
            hide_headers: Some(view.hide_headers).filter(|asked| *asked),
            columns: view.columns,
            ..Request::default()
        }
    }

    /// A field that the first object has not is a mistake on the command line.
    fn check_fields(&self, first: &PsValue) -> Result<(), ShowError> {
        let PsValue::Object(object) = first else { return Ok(()) };
        let unknown = |name: &&String| !name.contains(['*', '?', '[']) && object.get(name).is_none();
        let Some(name) = self.fields.iter().find(unknown) else { return Ok(()) };
        let error = ScriptError::new(ErrorKind::Usage, "cli::unknown_field", format!("there is no property {name}"));
        let names: Vec<String> = object.properties().into_iter().map(|(name, _)| name.to_string()).collect();
        Err(error.hint(hint_for_missing(name, &names)).into())
    }
}

/// `12345` as `12,345`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn unrenderable(error: RenderError) -> ShowError {
    ShowError::Output(io::Error::other(error))
}
