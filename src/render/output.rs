//! Results as they arrive, in the form asked for: for people, or as JSON, JSON lines or CSV for programs.
//!
//! Text comes out; who writes it, and how long a table may wait for its widths, is the caller's decision.

use std::borrow::Cow;

use super::RenderError;
use super::convert::{CsvOptions, CsvWriter, JsonOptions, json_line, to_json};
use super::expression::Problems;
use super::formatter::{Formatter, Stream};
use super::request::{Column, Request};
use super::select::{SelectOptions, select};
use super::theme::Theme;
use crate::clixml::PsValue;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// PowerShell's exact text.
    Plain,
    /// For a person at a terminal: lines, colours by the theme, tables turned when they do not fit.
    Terminal(Theme),
    /// One JSON array of all objects with all their properties.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// Comma-separated values; the first object decides the columns.
    Csv,
    /// Tables and lists in Markdown.
    Markdown,
    /// Nothing at all.
    Nothing,
}

/// Writes results in one form.
///
/// ```
/// use exsh::clixml::{PsObject, PsValue};
/// use exsh::render::{Formatter, Output, Request, ResultWriter};
///
/// let mut writer = ResultWriter::new(Output::Csv, &Formatter::new(80), &Request::default());
/// let boat = PsObject::bag([("Name", PsValue::from("Heron, the")), ("Tons", PsValue::I32(4))]);
/// assert_eq!(writer.push(&boat.into()).unwrap(), "\"Name\",\"Tons\"\n\"Heron, the\",\"4\"\n");
/// assert_eq!(writer.end(), "");
/// ```
#[derive(Debug)]
pub struct ResultWriter {
    form: Form,
    /// The properties asked for; empty for the usual ones on a screen, and for all in data.
    properties: Vec<Column>,
    problems: Problems,
}

#[derive(Debug)]
enum Form {
    Screen(Box<Stream>),
    Json { begun: bool },
    JsonLines,
    Csv(Box<CsvWriter>),
    Nothing,
}

impl ResultWriter {
    /// A writer that has seen no object. `request` says what is shown on a screen; JSON and CSV hold everything, or
    /// the properties that are asked for.
    #[must_use]
    pub fn new(output: Output, formatter: &Formatter, request: &Request) -> Self {
        let problems = Problems::default();
        let form = match output {
            Output::Plain => Form::Screen(Box::new(formatter.stream(request, &problems))),
            Output::Terminal(theme) => Form::Screen(Box::new(formatter.terminal_stream(request, &problems, theme))),
            Output::Json => Form::Json { begun: false },
            Output::JsonLines => Form::JsonLines,
            Output::Csv => Form::Csv(Box::new(CsvWriter::new(CsvOptions::default()))),
            Output::Markdown => Form::Screen(Box::new(formatter.markdown_stream(request, &problems))),
            Output::Nothing => Form::Nothing,
        };
        Self { form, properties: request.properties.clone(), problems }
    }

    /// Takes an object and gives what can be written now; see [`Stream::push`] for tables.
    ///
    /// # Errors
    /// The view asked for does not exist.
    pub fn push(&mut self, value: &PsValue) -> Result<String, RenderError> {
        match &mut self.form {
            Form::Screen(stream) => stream.push(value),
            Form::Json { begun } => {
                let before = if std::mem::replace(begun, true) { ",\n" } else { "[\n" };
                let value = chosen(value, &self.properties);
                let document = to_json(std::slice::from_ref(&*value), &JsonOptions::everything(false))?;
                Ok(format!("{before}  {}", document.replace('\n', "\n  ")))
            }
            Form::JsonLines => json_line(&chosen(value, &self.properties)).map(|line| line + "\n"),
            Form::Csv(writer) => {
                let lines = writer.push(&chosen(value, &self.properties));
                Ok(lines.into_iter().map(|line| line + "\n").collect())
            }
            Form::Nothing => Ok(String::new()),
        }
    }

    /// Whether rows are held back until their widths are known.
    #[must_use]
    pub const fn holds_back(&self) -> bool {
        match &self.form {
            Form::Screen(stream) => stream.holds_back(),
            _ => false,
        }
    }

    /// Gives what is held back.
    pub fn flush(&mut self) -> String {
        match &mut self.form {
            Form::Screen(stream) => stream.flush(),
            _ => String::new(),
        }
    }

    /// The last of the text.
    pub fn end(&mut self) -> String {
        match &mut self.form {
            Form::Screen(stream) => stream.end(),
            Form::Json { begun: true } => "\n]\n".to_owned(),
            Form::Json { begun: false } => "[]\n".to_owned(),
            _ => String::new(),
        }
    }

    /// Scripts in views that could not be evaluated since the last call; their cells are empty.
    #[must_use]
    pub fn problems(&self) -> Vec<RenderError> {
        self.problems.take()
    }
}

/// The value with only the properties that were asked for, when some were.
fn chosen<'a>(value: &'a PsValue, properties: &[Column]) -> Cow<'a, PsValue> {
    if properties.is_empty() || !matches!(value, PsValue::Object(_)) {
        return Cow::Borrowed(value);
    }
    let options = SelectOptions { properties: properties.to_vec(), ..SelectOptions::default() };
    select(std::slice::from_ref(value), &options).pop().map_or(Cow::Borrowed(value), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clixml::PsObject;
    use crate::render::view::Shape;

    fn boats() -> [PsValue; 2] {
        [("Heron", 4, "paint the hull before the autumn storms"), ("Grey Skua of the North", 1250, "")].map(
            |(name, tons, note)| {
                PsObject::bag([
                    ("Name", PsValue::from(name)),
                    ("Tons", PsValue::I32(tons)),
                    ("Note", PsValue::from(note)),
                ])
                .into()
            },
        )
    }

    fn written(output: Output, width: usize) -> String {
        let mut writer = ResultWriter::new(output, &Formatter::new(width), &Request::default());
        let mut text: String = boats().iter().map(|boat| writer.push(boat).unwrap()).collect();
        text.push_str(&writer.end());
        text
    }

    #[test]
    fn json_is_one_array_that_can_be_written_as_objects_arrive() {
        let text = written(Output::Json, 80);
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read[1]["Tons"], 1250);
        assert!(text.starts_with("[\n  {\n    \"Name\": \"Heron\",\n"), "{text}");
        let mut none = ResultWriter::new(Output::Json, &Formatter::new(80), &Request::default());
        assert_eq!(none.end(), "[]\n");
    }

    #[test]
    fn json_lines_hold_one_object_each() {
        assert_eq!(written(Output::JsonLines, 80).lines().count(), 2);
    }

    #[test]
    fn markdown_is_a_table_that_no_value_can_break() {
        assert_eq!(
            written(Output::Markdown, 20),
            "| Name | Tons | Note |\n| --- | ---: | --- |\n\
             | Heron | 4 | paint the hull before the autumn storms |\n| Grey Skua of the North | 1250 |  |\n"
        );
        let odd = PsObject::bag([("A|B", PsValue::from("x|y\n*z*"))]);
        let mut writer = ResultWriter::new(Output::Markdown, &Formatter::new(80), &Request::of(Shape::List));
        assert_eq!(
            writer.push(&odd.into()).unwrap() + writer.end().as_str(),
            "| Property | Value |\n| --- | --- |\n| A\\|B | x\\|y<br>\\*z\\* |\n"
        );
    }

    #[test]
    fn data_holds_the_properties_asked_for_in_their_order() {
        let request =
            Request { properties: vec![Column::property("tons"), Column::property("Name")], ..Request::default() };
        let mut writer = ResultWriter::new(Output::JsonLines, &Formatter::new(80), &request);
        assert_eq!(writer.push(&boats()[0]).unwrap(), "{\"Tons\":4,\"Name\":\"Heron\"}\n");
    }

    #[test]
    fn a_terminal_gets_lines_between_columns_and_long_values_in_full() {
        assert_eq!(
            written(Output::Terminal(Theme::Plain), 60),
            "Name                   │ Tons │ Note\n\
             ───────────────────────┼──────┼─────────────────────────────\n\
             Heron                  │    4 │ paint the hull before the\n\
             \u{20}                      │      │ autumn storms\n\
             Grey Skua of the North │ 1250 │\n"
        );
    }

    #[test]
    fn a_table_that_does_not_fit_a_terminal_is_turned() {
        assert_eq!(
            written(Output::Terminal(Theme::Plain), 30),
            "Name │ Heron\n\
             Tons │ 4\n\
             Note │ paint the hull before\n\
             \u{20}    │ the autumn storms\n\
             \n\
             Name │ Grey Skua of the North\n\
             Tons │ 1250\n\
             Note │\n"
        );
    }

    /// Rows of a report, in the type that scripts give them.
    fn report(width: usize, output: Output) -> String {
        let row = |name: &str, place: &str, bytes: &str, items: i32, why: &str| {
            let types = [super::super::OWN_RECORD, "System.Object"];
            let object = PsObject::builder().types(crate::clixml::TypeNames::new(types));
            let object = object.extended("Name", name).extended("Place", place).extended("Size", bytes);
            PsValue::from(object.extended("Items", PsValue::I32(items)).extended("Why", why).build())
        };
        let rows = [
            row("Heron", "Oslo", "1.5 GB (1,610,612,736 bytes)", 40, "over its quota for more than a month"),
            row("Skua", "Bergen", "12 KB (12,288 bytes)", 1204, ""),
        ];
        let mut writer = ResultWriter::new(output, &Formatter::new(width), &Request::default());
        rows.iter().map(|row| writer.push(row).unwrap()).collect::<String>() + writer.end().as_str()
    }

    #[test]
    fn rows_of_a_report_are_a_table_however_many_columns_they_have() {
        assert_eq!(
            report(80, Output::Plain),
            "\nName  Place  Size   Items Why\n\
             ----  -----  ----   ----- ---\n\
             Heron Oslo   1.5 GB    40 over its quota for more than a month\n\
             Skua  Bergen 12 KB   1204 \n\n"
        );
        assert_eq!(
            report(50, Output::Plain),
            "\nName  Place  Size   Items Why\n\
             ----  -----  ----   ----- ---\n\
             Heron Oslo   1.5 GB    40 over its quota for more\n\
             \u{20}                         than a month\n\
             Skua  Bergen 12 KB   1204 \n\n"
        );
        assert!(report(80, Output::Terminal(Theme::Plain)).starts_with("Name  │ Place  │ Size   │ Items │ Why\n"));
        assert!(report(80, Output::Markdown).starts_with("| Name | Place | Size | Items | Why |\n"));
    }

    #[test]
    fn rows_of_a_report_that_do_not_fit_are_blocks() {
        assert_eq!(
            report(30, Output::Plain),
            "\nName  : Heron\nPlace : Oslo\nSize  : 1.5 GB\nItems : 40\nWhy   : over its quota for \n\
             \u{20}       more than a month\n\n\
             Name  : Skua\nPlace : Bergen\nSize  : 12 KB\nItems : 1204\nWhy   : \n\n"
        );
    }

    #[test]
    fn what_a_server_sends_cannot_act_on_the_terminal() {
        let evil =
            PsObject::bag([("Name", PsValue::from("a\u{1b}]0;owned\u{7}\u{9b}2J")), ("B", PsValue::from("x\u{8}y"))]);
        for shape in [Shape::Table, Shape::List, Shape::Wide] {
            let output = Output::Terminal(Theme::Plain);
            let mut writer = ResultWriter::new(output, &Formatter::new(80), &Request::of(shape));
            let text = writer.push(&evil.clone().into()).unwrap() + writer.end().as_str();
            assert!(!text.contains(|letter: char| letter.is_control() && letter != '\n'), "{text:?}");
            assert!(text.contains("a"), "{text:?}");
        }
    }

    #[test]
    fn rows_wait_for_their_widths_until_they_are_flushed() {
        let mut writer = ResultWriter::new(Output::Plain, &Formatter::new(80), &Request::default());
        let [first, second] = boats();
        assert_eq!(writer.push(&first).unwrap(), "");
        assert!(writer.holds_back());
        assert!(writer.flush().starts_with("\nName"));
        assert!(!writer.holds_back());
        // The columns stay as they were.
        assert_eq!(writer.push(&second).unwrap(), "Grey… 1250 \n");
    }
}
