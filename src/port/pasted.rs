//! Source as it is pasted: what shells, mail programs, editors and web pages put around it becomes blanks.
//!
//! Every offset stays where it was. Nothing is parsed: a line tells by its beginning what stands there.

use std::ops::Range;

/// Blanks out shell prompts (`PS C:\> `, `[PS] C:\>`, `>>`), the `>` of quoted mail, numbers of lines, and the fences
/// of a code block with the text around it.
pub(super) fn blank_surroundings(source: &str) -> String {
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let fenced = fenced(&lines);
    let starts = margins(&lines);
    let mut out = String::with_capacity(source.len());
    let mut prompted = false;
    for (at, line) in lines.iter().enumerate() {
        if fenced.as_ref().is_some_and(|blocks| !blocks.iter().any(|block| block.contains(&at))) {
            blank(&mut out, line);
            continue;
        }
        let (margin, line) = line.split_at(starts.as_ref().map_or(0, |starts| starts[at]));
        blank(&mut out, margin);
        let body = line.trim_start();
        let length = prompt_length(body, prompted);
        prompted |= length > 0;
        let (indent, _) = line.split_at(line.len() - body.len());
        out.push_str(indent);
        blank(&mut out, &body[..length]);
        out.push_str(&body[length..]);
    }
    out
}

/// Writes as many blanks as the text has bytes; line ends stay.
fn blank(out: &mut String, text: &str) {
    for c in text.chars() {
        if matches!(c, '\n' | '\r') {
            out.push(c);
        } else {
            out.extend(std::iter::repeat_n(' ', c.len_utf8()));
        }
    }
}

fn prompt_length(line: &str, prompted: bool) -> usize {
    let after =
        line.strip_prefix("[PS]").map(str::trim_start).or_else(|| line.strip_prefix("PS ").map(str::trim_start));
    if let Some(after) = after
        && (after.get(1..2) == Some(":") || after.starts_with(['/', '~', '>']))
        && let Some(end) = after.find('>')
        && !after[..end].contains(['\n', '|', '$', '='])
    {
        return line.len() - after.len() + end + 1;
    }
    if prompted && line.starts_with(">>") { 2 } else { 0 }
}

/// The lines inside the fences of code blocks; none when the text has no such blocks.
///
/// Text before the first fence that may hold a here-string is code itself: what looks like a fence is in the string.
fn fenced(lines: &[&str]) -> Option<Vec<Range<usize>>> {
    let mut blocks = Vec::new();
    let mut open = None;
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim();
        match (line.strip_prefix("```"), open) {
            (Some(language), None) => {
                let is_first = lines[..at].iter().all(|line| line.trim().is_empty());
                let names = ["powershell", "pwsh", "ps", "ps1", "posh"];
                let is_named = names.iter().any(|name| language.trim().eq_ignore_ascii_case(name));
                if !is_named && !(language.is_empty() && (is_first || !blocks.is_empty())) {
                    return None;
                }
                open = Some(at + 1);
            }
            (Some(_), Some(start)) => {
                blocks.push(start..at);
                open = None;
            }
            (None, None) if line.ends_with("@\"") || line.ends_with("@'") => return None,
            _ => {}
        }
    }
    blocks.extend(open.map(|start| start..lines.len()));
    (!blocks.is_empty()).then_some(blocks)
}

/// How much of each line is a quote mark or the number of the line, when every line has one.
fn margins(lines: &[&str]) -> Option<Vec<usize>> {
    quote_marks(lines).or_else(|| numbers(lines))
}

/// `> ` before every line: no statement begins so.
fn quote_marks(lines: &[&str]) -> Option<Vec<usize>> {
    let mut filled = lines.iter().map(|line| line.trim_start()).filter(|line| !line.is_empty()).peekable();
    filled.peek()?;
    if !filled.all(|line| line.starts_with('>')) {
        return None;
    }
    let length = |line: &&str| line.len() - line.trim_start_matches(['>', ' ', '\t']).len();
    Some(lines.iter().map(length).collect())
}

/// `1 `, `2: `, `3.`, …: consecutive numbers before at least three lines, and no operator behind any of them.
fn numbers(lines: &[&str]) -> Option<Vec<usize>> {
    let mut margins = Vec::with_capacity(lines.len());
    let mut last: Option<usize> = None;
    let mut count = 0;
    for line in lines {
        let body = line.trim_start();
        if body.is_empty() {
            margins.push(0);
            continue;
        }
        let rest = body.trim_start_matches(|c: char| c.is_ascii_digit());
        let number: usize = body[..body.len() - rest.len()].parse().ok()?;
        let code = rest.strip_prefix([':', '.', ')', '|']).unwrap_or(rest);
        let is_apart = code.is_empty() || code.len() < rest.len() || code.starts_with(char::is_whitespace);
        let operates = code.trim_start().starts_with(['+', '-', '*', '/', '%', '.', ',', '|', '=', '<', '>', ';']);
        if !is_apart || operates || last.is_some_and(|last| number != last + 1) {
            return None;
        }
        last = Some(number);
        count += usize::from(!code.trim().is_empty());
        margins.push(line.len() - code.len());
    }
    (count > 2).then_some(margins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_become_blanks_and_offsets_stay() {
        assert_eq!(blank_surroundings("PS C:\\> Get-Mailbox |\n>> ft\n"), "        Get-Mailbox |\n   ft\n");
        assert_eq!(blank_surroundings("[PS] C:\\>Get-Mailbox"), "         Get-Mailbox");
        assert_eq!(blank_surroundings("Get-X >> file"), "Get-X >> file");
    }

    #[test]
    fn quoted_mail_loses_its_marks() {
        assert_eq!(blank_surroundings("> $x = 1\r\n>\r\n> > $x\n"), "  $x = 1\r\n \r\n    $x\n");
        assert_eq!(blank_surroundings("> PS C:\\> gci\n"), "          gci\n");
        assert_eq!(blank_surroundings("'a' |\n> file"), "'a' |\n> file");
    }

    #[test]
    fn numbers_of_lines_go_and_sums_stay() {
        assert_eq!(blank_surroundings("8: $x\n 9:\n10: $y\n11: $z\n"), "   $x\n   \n    $y\n    $z\n");
        assert_eq!(blank_surroundings("1\t# é\n2\tif ($x) {\n3\t}\n"), " \t# é\n \tif ($x) {\n \t}\n");
        for sums in ["1 + 1\n2 + 2\n3 + 3\n", "1\n2\n3\n", "1..3\n2..4\n3..5\n", "1 -eq 1\n2 -eq 1\n3 -eq 1"] {
            assert_eq!(blank_surroundings(sums), sums);
        }
    }

    #[test]
    fn of_a_page_only_its_code_blocks_stay() {
        let page = "Run thís:\n```powershell\nGet-X\n```\nor\n```\nGet-Y\n```\n";
        assert_eq!(blank_surroundings(page), "          \n             \nGet-X\n   \n  \n   \nGet-Y\n   \n");
        let here = "$text = @'\n```powershell\nGet-X\n```\n'@\n";
        assert_eq!(blank_surroundings(here), here);
    }
}
