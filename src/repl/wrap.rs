//! Long lines of help on a narrow screen: broken at blanks, and continued under the column they are about.
//!
//! Not here: results, which have their own layout (`render`).

use crate::render::width;

/// The text with no line longer than `cells`, as far as its words allow.
pub(super) fn hanging(text: &str, cells: usize) -> String {
    text.lines().map(|line| broken(line, cells)).collect::<Vec<_>>().join("\n")
}

fn broken(line: &str, cells: usize) -> String {
    if width::of(line) <= cells {
        return line.to_owned();
    }
    let indent = second_column(line).filter(|column| column * 2 <= cells).unwrap_or_else(|| leading(line) + 2);
    let (mut shown, mut used) = (String::new(), 0);
    for word in line.split_inclusive(' ') {
        let wide = width::of(word.trim_end());
        if used > indent && used + wide > cells {
            shown.truncate(shown.trim_end().len());
            shown.push('\n');
            shown.push_str(&" ".repeat(indent));
            used = indent;
        }
        shown.push_str(word);
        used += width::of(word);
    }
    shown.truncate(shown.trim_end().len());
    shown
}

fn leading(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Where the remark begins in `  Name      remark`.
fn second_column(line: &str) -> Option<usize> {
    let begun = leading(line);
    let gap = begun + line.get(begun..)?.find("  ")?;
    let rest = line.get(gap..)?;
    Some(width::of(line.get(..gap)?) + rest.len() - rest.trim_start().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_goes_on_under_itself() {
        assert_eq!(
            hanging("  Name    one two three four\nshort", 20),
            "  Name    one two\n          three four\nshort"
        );
        assert_eq!(hanging("documented for A, B, C and D", 16), "documented for\n  A, B, C and D");
        assert_eq!(hanging("AVeryLongWordThatFitsNowhere x", 10), "AVeryLongWordThatFitsNowhere\n  x");
        assert_eq!(hanging("", 10), "");
    }
}
