//! Formatting a stream of objects: all at once, or as they arrive.

use super::RenderError;
use super::expression::Problems;
use super::layout::markdown::MarkdownPrinter;
use super::layout::printer::Printer;
use super::layout::terminal::TerminalPrinter;
use super::names;
use super::packet::{Entry, Look, Packet};
use super::request::{Column, Request};
use super::settings::Settings;
use super::shape::{Context, Shaper};
use super::subject;
use super::theme::Theme;
use super::view::{Shape, Views};
use crate::clixml::PsValue;

/// Shows objects on a screen of a certain width, by the views it knows.
///
/// ```
/// use exsh::clixml::{PsObject, PsValue};
/// use exsh::render::Formatter;
///
/// let boat = PsObject::bag([("Name", PsValue::from("Heron")), ("Tons", PsValue::I32(4))]);
/// let text = Formatter::new(80).default_output(&[boat.into()]).unwrap();
/// assert_eq!(text, "\nName  Tons\n----  ----\nHeron    4\n\n");
/// ```
#[derive(Debug, Clone)]
pub struct Formatter {
    /// Cells of the screen.
    pub width: usize,
    /// The views known.
    pub views: Views,
    /// How values look.
    pub settings: Settings,
}

impl Formatter {
    /// With PowerShell's own views and settings.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { width, views: Views::default(), settings: Settings::default() }
    }

    /// What PowerShell prints for the objects when nothing is asked for.
    ///
    /// # Errors
    /// A view holds a script that cannot be evaluated.
    pub fn default_output(&self, values: &[PsValue]) -> Result<String, RenderError> {
        self.format(values, &Request::default())
    }

    /// What `Format-Table` and its siblings print.
    ///
    /// # Errors
    /// The view asked for does not exist, or a script cannot be evaluated.
    pub fn format(&self, values: &[PsValue], request: &Request) -> Result<String, RenderError> {
        let problems = Problems::default();
        let mut stream = self.stream(request, &problems);
        let mut out = String::new();
        for value in values {
            out.push_str(&stream.push(value)?);
        }
        out.push_str(&stream.end());
        problems.take().into_iter().next().map_or(Ok(out), Err)
    }

    /// The table as cells, for who lays them out otherwise: names of the columns, and a row for each object. The first
    /// object decides the columns: its view's, else all its properties.
    ///
    /// # Errors
    /// A view holds a script that cannot be evaluated.
    pub fn cells(&self, values: &[PsValue]) -> Result<(Vec<String>, Vec<Vec<String>>), RenderError> {
        let mut request = Request { force: true, ..Request::of(Shape::Table) };
        if let Some(first) = values.first() {
            let has_view = self.views.find(&subject::type_names(first), Some(Shape::Table), None).is_some();
            if !has_view && names::default_set(first, &self.settings).is_empty() {
                request.properties.push(Column::property("*"));
            }
        }
        let problems = Problems::default();
        let mut shaper = self.shaper(&request, &problems);
        let (mut labels, mut rows) = (Vec::new(), Vec::new());
        for value in values {
            shaper.push(value)?;
            for packet in shaper.take() {
                match packet {
                    Packet::Start(Look::Table { columns, .. }) => {
                        labels = columns.into_iter().map(|column| column.label).collect();
                    }
                    Packet::Entry(Entry::Row { cells, .. }) => {
                        rows.push(cells.into_iter().map(|(text, _)| text).collect());
                    }
                    _ => {}
                }
            }
        }
        problems.take().into_iter().next().map_or(Ok((labels, rows)), Err)
    }

    /// `Format-Table`, with the given columns or the object's own.
    ///
    /// # Errors
    /// As [`Formatter::format`].
    pub fn table(&self, values: &[PsValue], columns: &[&str]) -> Result<String, RenderError> {
        self.of(Shape::Table, values, columns)
    }

    /// `Format-List`, with the given lines or the object's own.
    ///
    /// # Errors
    /// As [`Formatter::format`].
    pub fn list(&self, values: &[PsValue], lines: &[&str]) -> Result<String, RenderError> {
        self.of(Shape::List, values, lines)
    }

    /// `Format-Wide`, of the given property or the one that names the objects.
    ///
    /// # Errors
    /// As [`Formatter::format`].
    pub fn wide(&self, values: &[PsValue], property: Option<&str>) -> Result<String, RenderError> {
        self.of(Shape::Wide, values, property.as_slice())
    }

    fn of(&self, shape: Shape, values: &[PsValue], names: &[&str]) -> Result<String, RenderError> {
        let properties = names.iter().map(|name| Column::property(name)).collect();
        self.format(values, &Request { properties, ..Request::of(shape) })
    }

    /// Formats objects as they arrive, exactly as PowerShell would print them. Scripts in views that cannot be
    /// evaluated leave their cells empty and are noted in `problems`.
    #[must_use]
    pub fn stream(&self, request: &Request, problems: &Problems) -> Stream {
        Stream { shaper: self.shaper(request, problems), layout: Layout::Plain(Printer::new(self.width)) }
    }

    /// Formats objects as they arrive for a person at a terminal: lines and colours, long values in full, and a
    /// table that does not fit turned on its side.
    #[must_use]
    pub fn terminal_stream(&self, request: &Request, problems: &Problems, theme: Theme) -> Stream {
        let printer = TerminalPrinter::new(self.width, theme);
        Stream { shaper: self.shaper(request, problems), layout: Layout::Terminal(printer) }
    }

    /// Formats objects as they arrive as Markdown, with the columns and lines a screen would have.
    #[must_use]
    pub fn markdown_stream(&self, request: &Request, problems: &Problems) -> Stream {
        Stream { shaper: self.shaper(request, problems), layout: Layout::Markdown(MarkdownPrinter::default()) }
    }

    fn shaper(&self, request: &Request, problems: &Problems) -> Shaper {
        Shaper::new(Context {
            views: self.views.clone(),
            settings: self.settings.clone(),
            request: request.clone(),
            problems: problems.clone(),
        })
    }
}

/// Formatting under way: objects go in, text comes out.
#[derive(Debug)]
pub struct Stream {
    shaper: Shaper,
    layout: Layout,
}

/// How packets become lines.
#[derive(Debug)]
enum Layout {
    Plain(Printer),
    Terminal(TerminalPrinter),
    Markdown(MarkdownPrinter),
}

impl Layout {
    fn packet(&mut self, packet: Packet) {
        match self {
            Self::Plain(printer) => printer.packet(packet),
            Self::Terminal(printer) => printer.packet(packet),
            Self::Markdown(printer) => printer.packet(packet),
        }
    }

    fn take(&mut self) -> String {
        match self {
            Self::Plain(printer) => printer.take(),
            Self::Terminal(printer) => printer.take(),
            Self::Markdown(printer) => printer.take(),
        }
    }
}

impl Stream {
    /// Takes an object and gives what can be printed now.
    ///
    /// A table whose widths follow its contents gives nothing until [`Stream::flush`] or the end: PowerShell waits
    /// for 300 ms; how long to wait is the caller's decision.
    ///
    /// # Errors
    /// The view asked for does not exist.
    pub fn push(&mut self, value: &PsValue) -> Result<String, RenderError> {
        self.shaper.push(value)?;
        Ok(self.lay_out())
    }

    /// Whether rows are held back until widths are known.
    #[must_use]
    pub const fn holds_back(&self) -> bool {
        match &self.layout {
            Layout::Plain(printer) => printer.holds_back(),
            Layout::Terminal(printer) => printer.holds_back(),
            Layout::Markdown(_) => false,
        }
    }

    /// Gives the rows held back, with the widths known so far; later rows of the group keep them.
    pub fn flush(&mut self) -> String {
        match &mut self.layout {
            Layout::Plain(printer) => printer.flush(),
            Layout::Terminal(printer) => printer.flush(),
            Layout::Markdown(_) => {}
        }
        self.layout.take()
    }

    /// The last of the text.
    pub fn end(&mut self) -> String {
        self.shaper.end();
        self.lay_out()
    }

    fn lay_out(&mut self) -> String {
        for packet in self.shaper.take() {
            self.layout.packet(packet);
        }
        self.layout.take()
    }
}
