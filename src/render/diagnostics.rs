//! A [`Diagnostic`] as text: message, place, the marked source line with a caret, hints.
//!
//! Nothing is read here: the source text and its name come in.

use std::fmt::Write as _;

use super::theme::{Part, Theme};
use super::width;
use crate::diagnostic::{Diagnostic, Label, Severity};

/// Source lines longer than this are shown only around the mark.
const LINE_CELLS_MAX: usize = 160;

/// The diagnostic as lines of text, each ended by a line feed.
///
/// ```
/// use exsh::diagnostic::{Diagnostic, Span};
/// use exsh::render::{Theme, diagnostic};
///
/// let found = Diagnostic::error("", "no cmdlet is called `get_mailbx`")
///     .at(Span::new(8, 18), "unknown")
///     .hint("did you mean `get_mailbox`?");
/// let text = diagnostic(&found, "let x = get_mailbx();", "boxes.rhai", Theme::Plain);
/// assert_eq!(text, "\
/// error: no cmdlet is called `get_mailbx`
///  --> boxes.rhai:1:9
///   |
/// 1 | let x = get_mailbx();
///   |         ^^^^^^^^^^ unknown
/// hint: did you mean `get_mailbox`?
/// ");
/// ```
#[must_use]
pub fn diagnostic(found: &Diagnostic, source: &str, file_name: &str, theme: Theme) -> String {
    drawn(found, source, &Drawing { file_name: Some(file_name), cells_max: LINE_CELLS_MAX, theme })
}

/// The same for who has just typed the source: without file name and code, a single line without its number, nothing
/// wider than `width` cells but sentences.
///
/// ```
/// use exsh::diagnostic::{Diagnostic, Span};
/// use exsh::render::{Theme, brief_diagnostic};
///
/// let found = Diagnostic::error("script::unknown_function", "there is no function get_mailbx").at(Span::new(0, 10), "");
/// let text = brief_diagnostic(&found, "get_mailbx()", Theme::Plain, 80);
/// assert_eq!(text, "error: there is no function get_mailbx\n  get_mailbx()\n  ^^^^^^^^^^\n");
/// ```
#[must_use]
pub fn brief_diagnostic(found: &Diagnostic, source: &str, theme: Theme, width: usize) -> String {
    /// Room for a number, a bar and the blanks around them.
    const GUTTER_CELLS: usize = 6;
    let cells_max = width.saturating_sub(GUTTER_CELLS).clamp(10, LINE_CELLS_MAX);
    drawn(found, source, &Drawing { file_name: None, cells_max, theme })
}

/// How a diagnostic is drawn.
struct Drawing<'a> {
    /// What the source is called; `None` where that is plain.
    file_name: Option<&'a str>,
    /// Source lines are cut to as many cells.
    cells_max: usize,
    theme: Theme,
}

fn drawn(found: &Diagnostic, source: &str, drawing: &Drawing<'_>) -> String {
    let theme = drawing.theme;
    let (word, part) = match found.severity {
        Severity::Error => ("error", Part::Error),
        Severity::Warning => ("warning", Part::Warning),
        Severity::Note => ("note", Part::Note),
    };
    let mut out = theme.paint(part, word);
    if !found.code.is_empty() && drawing.file_name.is_some() {
        out.push_str(&theme.paint(part, &format!("[{}]", found.code)));
    }
    let _ = writeln!(out, ": {}", theme.paint(Part::Emphasis, &found.message));
    let places: Vec<Place<'_>> = found.labels.iter().map(|label| Place::of(label, source, drawing.cells_max)).collect();
    let gutter = places.iter().map(|place| place.line.to_string().len()).max().unwrap_or(1);
    let indent = width::blanks(gutter);
    let bar = theme.paint(Part::Frame, "|");
    let is_numbered = drawing.file_name.is_some() || source.trim_end().contains('\n');
    let mut last_line = 0;
    for (index, place) in places.iter().enumerate() {
        let tone = if index == 0 { part } else { Part::Note };
        if let (0, Some(file_name)) = (index, drawing.file_name) {
            let arrow = theme.paint(Part::Frame, "-->");
            let _ = writeln!(out, "{indent}{arrow} {file_name}:{}:{}", place.line, place.column);
            let _ = writeln!(out, "{indent} {bar}");
        }
        let (numbered, unnumbered) = if is_numbered {
            let number = theme.paint(Part::Frame, &format!("{:>gutter$}", place.line));
            (format!("{number} {bar} "), format!("{indent} {bar} "))
        } else {
            ("  ".to_owned(), "  ".to_owned())
        };
        if place.line != last_line {
            if index > 0 && place.line != last_line + 1 {
                let _ = writeln!(out, "{indent} {}", theme.paint(Part::Frame, ":"));
            }
            let _ = writeln!(out, "{numbered}{}", place.text);
            last_line = place.line;
        }
        let mark = if index == 0 { "^" } else { "-" }.repeat(place.cells.max(1));
        let mut marked = format!("{mark} {}", place.label);
        marked.truncate(marked.trim_end().len());
        let _ = writeln!(out, "{unnumbered}{}{}", width::blanks(place.before), theme.paint(tone, &marked));
    }
    for hint in &found.hints {
        let _ = writeln!(out, "{}: {hint}", theme.paint(Part::Hint, "hint"));
    }
    out
}

/// Where a label points, in lines and cells.
struct Place<'a> {
    line: usize,
    column: usize,
    /// The line as shown: tabs as blanks, long lines cut.
    text: String,
    /// Cells before the mark.
    before: usize,
    /// Cells of the mark.
    cells: usize,
    label: &'a str,
}

impl<'a> Place<'a> {
    fn of(label: &'a Label, source: &str, cells_max: usize) -> Self {
        let start = floor(source, label.span.start);
        let end = floor(source, label.span.end).max(start);
        let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |at| start + at);
        let shown = |text: &str| text.trim_end_matches('\r').replace('\t', "    ");
        let head = shown(&source[line_start..start]);
        let marked = shown(&source[start..end.min(line_end)]);
        let rest = shown(&source[end.min(line_end)..line_end]);
        let line = source[..start].matches('\n').count() + 1;
        let column = source[line_start..start].chars().count() + 1;
        let mut text = format!("{head}{marked}{rest}");
        let mut before = width::of(&head);
        let mut cells = width::of(&marked);
        if width::of(&text) > cells_max {
            let kept = width::tail(&head, cells_max / 2).to_owned();
            let lead = if kept.len() < head.len() { "…" } else { "" };
            before = width::of(lead) + width::of(&kept);
            let body = format!("{lead}{kept}{marked}{rest}");
            let cut = width::head(&body, cells_max).to_owned();
            cells = cells.min(cells_max.saturating_sub(before));
            text = if cut.len() < body.len() { cut + "…" } else { cut };
        }
        Self { line, column, text, before, cells, label: &label.text }
    }
}

/// The nearest character boundary at or before `at`.
fn floor(source: &str, at: usize) -> usize {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;

    #[test]
    fn the_caret_stands_under_the_marked_cells() {
        let found = Diagnostic::error("", "no").at(Span::new(7, 8), "");
        let text = diagnostic(&found, "林\t = x;\n", "a", Theme::Plain);
        assert!(text.contains("1 | 林     = x;\n  |          ^\n"), "{text}");
    }

    #[test]
    fn a_span_beyond_the_source_points_at_its_end() {
        let found = Diagnostic::warning("port::x", "odd").at(Span::new(90, 99), "here");
        let text = diagnostic(&found, "a\nbc", "f", Theme::Plain);
        assert_eq!(text, "warning[port::x]: odd\n --> f:2:3\n  |\n2 | bc\n  |   ^ here\n");
    }

    #[test]
    fn a_second_place_is_underlined_with_dashes() {
        let found = Diagnostic::error("", "twice").at(Span::new(0, 1), "again").at(Span::new(4, 5), "first");
        let text = diagnostic(&found, "a\nb\nc", "f", Theme::Plain);
        assert!(text.ends_with("1 | a\n  | ^ again\n  :\n3 | c\n  | - first\n"), "{text}");
    }

    #[test]
    fn on_a_narrow_screen_the_mark_stays_in_sight() {
        let source = "let all = get_mailbox().where(|it| it.Alais == \"x\");";
        let at = source.find("Alais").unwrap();
        let found = Diagnostic::error("", "no").at(Span::new(at, at + 5), "");
        let text = brief_diagnostic(&found, source, Theme::Plain, 30);
        assert_eq!(text, "error: no\n  …ere(|it| it.Alais == \"x…\n               ^^^^^\n");
        assert!(text.lines().all(|line| width::of(line) <= 30), "{text}");
    }

    #[test]
    fn of_several_lines_the_marked_one_has_its_number() {
        let found = Diagnostic::error("x::y", "no").at(Span::new(2, 3), "");
        let text = brief_diagnostic(&found, "a\nb\nc", Theme::Plain, 80);
        assert_eq!(text, "error: no\n2 | b\n  | ^\n");
    }

    #[test]
    fn colours_come_only_when_asked_for() {
        let found = Diagnostic::error("", "no");
        assert!(!diagnostic(&found, "", "f", Theme::Plain).contains('\u{1b}'));
        assert!(diagnostic(&found, "", "f", Theme::Colour).contains("\u{1b}[1;31merror"));
    }
}
