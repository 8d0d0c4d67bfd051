//! `ConvertTo-Html`: a page or a fragment with a table or lists.

use crate::clixml::PsValue;
use crate::render::names;
use crate::render::request::Column;
use crate::render::settings::Settings;
use crate::render::subject;
use crate::render::text;
use crate::render::view::{Alignment, Source};

/// How HTML is written. Texts other than cells go out as they are.
#[derive(Debug, Clone, Default)]
pub struct HtmlOptions {
    /// What is shown; empty for all the first object has.
    pub properties: Vec<Column>,
    /// Labels and values under each other instead of a table.
    pub as_list: bool,
    /// Without the page around it.
    pub fragment: bool,
    /// The looser document type.
    pub transitional: bool,
    /// The character set named in the head.
    pub charset: Option<String>,
    /// Names and contents of meta elements.
    pub meta: Vec<(String, String)>,
    /// The title; `HTML TABLE` if there is none.
    pub title: Option<String>,
    /// What stands in the head instead of the title.
    pub head: Vec<String>,
    /// What stands before everything in the body.
    pub body: Vec<String>,
    /// Address of a style sheet.
    pub css: Option<String>,
    /// What stands before the table.
    pub before: Vec<String>,
    /// What stands after the table.
    pub after: Vec<String>,
}

const TRANSITIONAL: &str = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"  \
                            \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">";
const STRICT: &str = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"  \
                       \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">";

/// The lines of the page or fragment.
#[must_use]
pub fn to_html(values: &[PsValue], options: &HtmlOptions, settings: &Settings) -> Vec<String> {
    let mut lines = Vec::new();
    if !options.fragment {
        lines.push(if options.transitional { TRANSITIONAL } else { STRICT }.to_owned());
        lines.push("<html xmlns=\"http://www.w3.org/1999/xhtml\">".to_owned());
        lines.push("<head>".to_owned());
        lines.extend(options.charset.iter().map(|charset| format!("<meta charset=\"{charset}\">")));
        lines.extend(options.meta.iter().map(|(name, content)| meta(name, content)));
        if options.head.is_empty() {
            lines.push(format!("<title>{}</title>", options.title.as_deref().unwrap_or("HTML TABLE")));
        } else {
            lines.extend(options.head.iter().cloned());
        }
        if let Some(css) = &options.css {
            lines.push(format!("<link rel=\"stylesheet\" type=\"text/css\" href=\"{css}\" />"));
        }
        lines.push("</head><body>".to_owned());
        lines.extend(options.body.iter().cloned());
    }
    lines.extend(options.before.iter().cloned());
    lines.push("<table>".to_owned());
    let values: Vec<&PsValue> = values.iter().filter(|value| !value.is_null()).collect();
    if let Some(first) = values.first() {
        let columns = columns(first, options);
        if options.as_list {
            as_list(&values, options, settings, &mut lines);
        } else {
            as_table(&values, &columns, settings, &mut lines);
        }
    }
    lines.push("</table>".to_owned());
    lines.extend(options.after.iter().cloned());
    if !options.fragment {
        lines.push("</body></html>".to_owned());
    }
    lines
}

fn columns(first: &PsValue, options: &HtmlOptions) -> Vec<Column> {
    if !options.properties.is_empty() {
        return names::resolve(&options.properties, first, false);
    }
    // Values that are shown as text have nothing to show here.
    if subject::is_scalar(first) && !matches!(first, PsValue::String(_)) {
        return Vec::new();
    }
    super::fields(first).iter().map(|(name, _)| Column::property(name)).collect()
}

fn as_table(values: &[&PsValue], columns: &[Column], settings: &Settings, lines: &mut Vec<String>) {
    if columns.is_empty() {
        return;
    }
    let widths: String = columns.iter().map(col).collect();
    lines.push(format!("<colgroup>{widths}</colgroup>"));
    let headers: String = columns.iter().map(|column| format!("<th>{}</th>", column.title())).collect();
    lines.push(format!("<tr>{headers}</tr>"));
    for value in values {
        let cells: String =
            columns.iter().map(|column| format!("<td>{}</td>", cell(column, value, settings))).collect();
        lines.push(format!("<tr>{cells}</tr>"));
    }
}

fn col(column: &Column) -> String {
    let width = column.width.map(|width| format!(" width = \"{width}\"")).unwrap_or_default();
    let align = match column.alignment {
        Alignment::Undefined => "",
        Alignment::Left => " align = \"left\"",
        Alignment::Center => " align = \"center\"",
        Alignment::Right => " align = \"right\"",
    };
    format!("<col{width}{align}/>")
}

fn meta(name: &str, content: &str) -> String {
    let http =
        ["content-type", "default-style", "x-ua-compatible"].iter().any(|known| known.eq_ignore_ascii_case(name));
    let kind = if http { "http-equiv" } else { "name" };
    format!("<meta {kind}=\"{name}\" content=\"{content}\">")
}

fn as_list(values: &[&PsValue], options: &HtmlOptions, settings: &Settings, lines: &mut Vec<String>) {
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            lines.push("<tr><td><hr></td></tr>".to_owned());
        }
        for column in &columns(value, options) {
            let shown = cell(column, value, settings);
            lines.push(format!("<tr><td>{}:</td><td>{shown}</td></tr>", column.title()));
        }
    }
}

fn cell(column: &Column, value: &PsValue, settings: &Settings) -> String {
    let found: Option<PsValue> = match &column.source {
        Source::Property(name) => subject::property(value, name),
        Source::Script(script) => script.evaluate(value).ok(),
    };
    found.map_or_else(String::new, |found| escape(&text::to_string(&found, &settings.culture)))
}

/// Markup and everything beyond ASCII as character references, as .NET's encoder has it.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{a0}'..='\u{ff}' | '\u{10000}'.. => out.push_str(&format!("&#{};", u32::from(letter))),
            other => out.push(other),
        }
    }
    out
}
