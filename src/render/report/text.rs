//! Tables of a report as CSV for spreadsheets and as Markdown.
//!
//! This CSV is for people with a spreadsheet: what such a program would run as a formula is made text. Exact values
//! for programs are `render::convert`'s.

use std::fmt::Write as _;

use super::{Block, Cell, Report, Table};

/// A table as CSV lines with line feeds: numbers as plain digits, sizes in bytes, dates as ISO writes them.
///
/// ```
/// use exsh::render::report::{Cell, Table, to_csv};
///
/// let table = Table::new(["Name", "Size"], vec![vec![Cell::Text("=1+1".into()), Cell::Size(2048)]]);
/// assert_eq!(to_csv(&table), "Name,Size\n'=1+1,2048\n");
/// ```
#[must_use]
pub fn to_csv(table: &Table) -> String {
    if table.columns.is_empty() {
        return String::new();
    }
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let names = table.columns.iter().map(|column| defused(&column.name));
    // Memory takes everything, so no row can fail.
    let _ = writer.write_record(names);
    for row in &table.rows {
        let _ = writer.write_record(row.iter().map(csv_cell));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn csv_cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => defused(text),
        other => other.plain(),
    }
}

/// Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers with a sign stay numbers.
fn defused(text: &str) -> String {
    let dangerous =
        text.trim_start_matches([' ', '\u{a0}']).starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '%']);
    let number = || text.trim().trim_end_matches('%').parse::<f64>().is_ok();
    if dangerous && !number() { format!("'{text}") } else { text.to_owned() }
}

/// The report as Markdown with tables as GitHub has them; charts become tables.
#[must_use]
pub fn to_markdown(report: &Report) -> String {
    let mut out = String::new();
    if !report.title.is_empty() {
        let _ = writeln!(out, "# {}\n", inline(&report.title));
    }
    for text in [&report.summary, &report.origin] {
        if !text.is_empty() {
            let _ = writeln!(out, "{}\n", inline(text));
        }
    }
    for section in &report.sections {
        if !section.title.is_empty() {
            let _ = writeln!(out, "## {}\n", inline(&section.title));
        }
        for block in &section.blocks {
            match block {
                Block::Text(text) => {
                    let _ = writeln!(out, "{}\n", text.split("\n\n").map(inline).collect::<Vec<_>>().join("\n\n"));
                }
                Block::Figures(figures) => {
                    for (name, value) in figures {
                        let _ = writeln!(out, "- {}: **{}**", inline(name), inline(&value.text()));
                    }
                    out.push('\n');
                }
                Block::Table(table) => markdown_table(table, &mut out),
                Block::Chart(chart) => {
                    if !chart.title.is_empty() {
                        let _ = writeln!(out, "{}\n", inline(&chart.title));
                    }
                    let names =
                        std::iter::once(String::new()).chain(chart.series.iter().map(|series| series.name.clone()));
                    let row = |place: usize| {
                        let text =
                            |value: Option<f64>| value.map_or(Cell::Empty, |value| Cell::Text(chart.unit.text(value)));
                        let values =
                            chart.series.iter().map(|series| text(series.values.get(place).copied().flatten()));
                        std::iter::once(Cell::Text(chart.labels[place].clone())).chain(values).collect()
                    };
                    let table = Table::new(names, (0..chart.labels.len()).map(row).collect());
                    markdown_table(&table, &mut out);
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn markdown_table(table: &Table, out: &mut String) {
    if table.columns.is_empty() {
        return;
    }
    let shown = table.shown();
    let columns: Vec<_> = shown.iter().filter_map(|place| table.columns.get(*place)).collect();
    let names: Vec<String> = columns.iter().map(|column| inline(&column.name)).collect();
    let rules: Vec<&str> = columns.iter().map(|column| if column.kind.is_numeric() { "---:" } else { "---" }).collect();
    let _ = writeln!(out, "| {} |\n| {} |", names.join(" | "), rules.join(" | "));
    for row in &table.rows {
        let cells: Vec<String> = shown.iter().map(|place| inline(&row[*place].text())).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out.push('\n');
    if let Some(text) = table.left_out(shown.len()) {
        let _ = writeln!(out, "{text}\n");
    }
}

/// Text that stays text on one line of Markdown.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => out.extend(['\\', letter]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\n' => out.push(' '),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_becomes_text_and_numbers_stay() {
        // the six beginnings OWASP's page on CSV injection names
        for text in ["=HYPERLINK(\"x\")", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\tx", "\rx"] {
            assert!(defused(text).starts_with('\''), "{text:?}");
        }
        for text in ["-5", "+4.5", "-12%", "ann-marie", "a=b", ""] {
            assert_eq!(defused(text), text);
        }
    }

    #[test]
    fn markdown_cells_stay_on_one_line_and_hold_no_markup() {
        let table = Table::new(["A|B"], vec![vec![Cell::Text("x\n**y** <b>".into())]]);
        let text = to_markdown(&Report { sections: Report::of_table("", table).sections, ..Report::default() });
        assert_eq!(text, "| A\\|B |\n| --- |\n| x \\*\\*y\\*\\* &lt;b&gt; |\n");
    }
}
