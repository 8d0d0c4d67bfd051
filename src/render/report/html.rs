//! A report as one page that needs nothing else: style, script and charts are inside, no address is asked for anything.
//!
//! All text of the report is escaped, and the page's own rules allow no script but ours. It reads well without a
//! script, too: then tables are whole and stay in their order.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Block, Cell, Kind, Report, Section, Table, svg};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Tables with so many rows can be searched.
const SEARCHED_MIN: usize = 6;

/// The whole page.
///
/// ```
/// use exsh::render::report::{Cell, Report, Table, to_html};
///
/// let table = Table::new(["Name"], vec![vec![Cell::Text("<b>Ann</b>".into())]]);
/// let page = to_html(&Report::of_table("People", table));
/// assert!(page.contains("<title>People</title>"));
/// assert!(page.contains("&lt;b&gt;Ann&lt;/b&gt;"));
/// ```
#[must_use]
pub fn to_html(report: &Report) -> String {
    let mut out = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n");
    head(report, &mut out);
    out.push_str("<body>\n<main>\n<header>\n");
    let _ = writeln!(out, "<h1>{}</h1>", escape(&report.title));
    if !report.summary.is_empty() {
        let _ = writeln!(out, "<p class=\"summary\">{}</p>", escape(&report.summary));
    }
    if !report.origin.is_empty() {
        let _ = writeln!(out, "<p class=\"origin\">{}</p>", escape(&report.origin));
    }
    out.push_str("</header>\n");
    contents(report, &mut out);
    for (index, one) in report.sections.iter().enumerate() {
        section(report, index, one, &mut out);
    }
    // The marks let XML readers pass over what is no XML in it.
    let _ = writeln!(out, "</main>\n<script>{}</script>\n</body>\n</html>", script());
    out
}

fn head(report: &Report, out: &mut String) {
    let hash = base64_simd::STANDARD.encode_to_string(Sha256::digest(script().as_bytes()));
    let _ = writeln!(
        out,
        "<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>",
        escape(&report.title)
    );
}

fn script() -> String {
    format!("//<![CDATA[\n{SCRIPT}//]]>\n")
}

/// Links to the sections, where there are enough of them to look for one.
fn contents(report: &Report, out: &mut String) {
    let titled: Vec<(usize, &Section)> =
        report.sections.iter().enumerate().filter(|(_, section)| !section.title.is_empty()).collect();
    if titled.len() < 4 {
        return;
    }
    out.push_str("<nav aria-label=\"Sections\"><ul>\n");
    for (index, section) in titled {
        let _ = writeln!(out, "<li><a href=\"#s{index}\">{}</a></li>", escape(&section.title));
    }
    out.push_str("</ul></nav>\n");
}

fn section(report: &Report, index: usize, section: &Section, out: &mut String) {
    let _ = writeln!(out, "<section id=\"s{index}\">");
    if !section.title.is_empty() {
        let _ = writeln!(out, "<h2>{}</h2>", escape(&section.title));
    }
    let name = if section.title.is_empty() { &report.title } else { &section.title };
    for block in &section.blocks {
        match block {
            Block::Text(text) => {
                for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
                    let _ = writeln!(out, "<p>{}</p>", escape(paragraph.trim()));
                }
            }
            Block::Figures(figures) => {
                out.push_str("<dl class=\"figures\">\n");
                for (name, value) in figures {
                    let (name, value) = (escape(name), escape(&value.text()));
                    let _ = writeln!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
                }
                out.push_str("</dl>\n");
            }
            Block::Table(one) => table(name, one, out),
            Block::Chart(chart) => svg::figure(chart, out),
        }
    }
    out.push_str("</section>\n");
}

fn table(name: &str, table: &Table, out: &mut String) {
    if table.rows.is_empty() {
        out.push_str("<p class=\"none\">Nothing to show.</p>\n");
        return;
    }
    out.push_str("<div class=\"sheet\">\n");
    if table.rows.len() >= SEARCHED_MIN {
        let _ = writeln!(
            out,
            "<div class=\"tools\"><input type=\"search\" placeholder=\"Filter rows\" aria-label=\"Filter the rows of {}\"/>\
             <span class=\"count\" role=\"status\"></span></div>",
            escape(name)
        );
    }
    let _ = writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">\n<table>\n<caption>{0}</caption>\n<thead><tr>",
        escape(name)
    );
    let shown = table.shown();
    for column in shown.iter().filter_map(|place| table.columns.get(*place)) {
        let _ = writeln!(
            out,
            "<th scope=\"col\"{}><button type=\"button\">{}</button></th>",
            class_of(column.kind),
            escape(&column.name)
        );
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for place in &shown {
            data(&row[*place], table.columns[*place].kind, out);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    out.push_str("<div class=\"pages\" hidden=\"hidden\"><button type=\"button\">Back</button><span></span><button type=\"button\">Next</button></div>\n</div>\n");
    if let Some(text) = table.left_out(shown.len()) {
        let _ = writeln!(out, "<p class=\"none\">{text}</p>");
    }
}

fn class_of(kind: Kind) -> &'static str {
    match kind {
        kind if kind.is_numeric() => " class=\"n\"",
        Kind::Date => " class=\"d\"",
        _ => "",
    }
}

/// A cell; what it counts for stands beside it where its text does not sort so.
fn data(cell: &Cell, kind: Kind, out: &mut String) {
    out.push_str("<td");
    out.push_str(class_of(kind));
    match (cell, cell.amount()) {
        (Cell::Unlimited, _) => out.push_str(" data-v=\"Infinity\""),
        (_, Some(amount)) => {
            let _ = write!(out, " data-v=\"{amount}\"");
        }
        _ => {}
    }
    if let Cell::Size(bytes) = cell {
        let _ = write!(out, " title=\"{} bytes\"", super::cell::grouped(*bytes));
    }
    out.push('>');
    out.push_str(&escape(&cell.text()));
    out.push_str("</td>");
}

/// Text that stays text wherever it stands in a page; control characters, which XML forbids, are shown as boxes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(letter),
            '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            letter if letter.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            letter => out.push(letter),
        }
    }
    out
}
