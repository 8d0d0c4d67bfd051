//! `Label : value` lines, values broken under themselves.

use super::wrap;
use crate::render::width;

const SEPARATOR: &str = " : ";

/// The lines of one object; none if the screen is too narrow for a label and a value of one cell each.
pub(crate) fn lines(properties: &[(String, String)], screen: usize) -> Vec<String> {
    let Some(label_max) = screen.checked_sub(SEPARATOR.len() + 1).filter(|max| *max > 0) else { return Vec::new() };
    let widest = properties.iter().map(|(label, _)| width::of(label)).max().unwrap_or(0);
    let label_width = widest.min(label_max);
    let field = screen - label_width - SEPARATOR.len();
    let indent = width::blanks(label_width + SEPARATOR.len());
    let mut lines = Vec::new();
    for (label, value) in properties {
        let label = width::head(label, label_width);
        let padding = width::blanks(label_width - width::of(label));
        let mut start = format!("{label}{padding}{SEPARATOR}");
        for line in wrap::split_lines(value) {
            for part in wrap::wrap(&line, field, field) {
                lines.push(format!("{start}{part}"));
                start.clone_from(&indent);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_wrap_under_themselves() {
        // views-golden, sweep-list-w16
        let properties = [("A", "one two"), ("Longname", "three four five")];
        let properties = properties.map(|(label, value)| (label.to_owned(), value.to_owned()));
        assert_eq!(
            lines(&properties, 16),
            [
                "A        : one ",
                "           two",
                "Longname : three",
                "            ",
                "           four ",
                "           five"
            ]
        );
        assert!(lines(&properties, 4).is_empty());
    }
}
