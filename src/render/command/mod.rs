//! A view command, as it stands after `$objects |`: `Format-Table Name,Size -AutoSize`, `ConvertTo-Csv`, ….
//!
//! A pipeline of the cmdlets that shape and show objects; it reads, changes and sends nothing.

mod arguments;
mod parse;
mod run;
mod setup;

use super::convert::{CsvOptions, HtmlOptions, JsonOptions};
use super::request::{Column, Request};
use super::select::{GroupOptions, MeasureOptions, SelectOptions, SortOptions};
use super::{Formatter, RenderError};
use crate::clixml::PsValue;

/// A pipeline that ends in text.
#[derive(Debug, Clone, Default)]
pub struct ViewCommand {
    stages: Vec<Stage>,
    /// Statements before it, which change the settings.
    setup: Vec<setup::Change>,
}

/// One cmdlet.
#[derive(Debug, Clone)]
enum Stage {
    Format(Box<Request>),
    Csv(CsvOptions),
    Json(JsonOptions),
    Html(Box<HtmlOptions>),
    Select(SelectOptions),
    Sort(SortOptions),
    Group(GroupOptions),
    Measure(MeasureOptions),
    /// `Where-Object` with a script or a comparison.
    Where(Column),
    /// `ForEach-Object` of statements that are pipelines of `$_`, texts or scripts.
    ForEach(Vec<EachStatement>),
    /// `Get-Member`, with the kinds of members asked for.
    Members(Vec<String>),
    OutString {
        width: Option<usize>,
        lines: bool,
        no_newline: bool,
    },
}

/// A statement of `ForEach-Object`.
#[derive(Debug, Clone)]
enum EachStatement {
    /// `$_ | …`
    Pipeline(Vec<Stage>),
    /// An expression.
    Value(Column),
}

impl ViewCommand {
    /// Reads a view command; an empty one is default output. Statements before it may set
    /// `$FormatEnumerationLimit`, `$ErrorView`, the culture, or what `Update-TypeData` says of display properties.
    ///
    /// # Errors
    /// [`RenderError::BadCommand`] with what is not understood.
    pub fn parse(text: &str) -> Result<Self, RenderError> {
        parse::command(text)
    }

    /// The text that the command prints for the objects; what comes as lines has each ended by a line feed.
    ///
    /// # Errors
    /// What was asked for is not possible for these objects.
    pub fn run(&self, formatter: &Formatter, values: &[PsValue]) -> Result<String, RenderError> {
        run::run(self, formatter, values)
    }
}

/// Shows saved objects: `objects` as read from a CLIXML file, `formats` as `Get-FormatData` gave them (or none),
/// `view` as in `Format-Table Name,Size -AutoSize` (empty for default output), on `width` cells.
///
/// # Errors
/// The view command is not understood, or what it asks for is not possible.
pub fn inspect(objects: &[PsValue], formats: &[PsValue], view: &str, width: usize) -> Result<String, RenderError> {
    let mut formatter = Formatter::new(width);
    formatter.views.add_format_data(formats);
    ViewCommand::parse(view)?.run(&formatter, objects)
}
