//! Lines, indentation, comments, blank lines, and the header.
//!
//! What the lines say is decided in the other files.

use super::super::ast::Stmt;
use super::Keeper;
use super::text::LINE_END;
use crate::diagnostic::Severity;

/// Stands between an item and the comment behind it, until the item is laid out.
pub(super) const BEHIND: char = '\u{E001}';

/// Columns after which lists and chains are broken.
pub(super) const WIDTH: usize = 110;

impl Keeper<'_> {
    /// Writes lines at the present indentation.
    pub(super) fn line(&mut self, text: &str) {
        for part in text.split('\n') {
            if !part.is_empty() {
                self.out.push_str(&"    ".repeat(self.indent));
                self.out.push_str(part);
            }
            self.out.push('\n');
        }
    }

    /// Writes what `write` writes into a text of its own, one level deeper than nothing.
    pub(super) fn captured(&mut self, write: impl FnOnce(&mut Self)) -> String {
        let outer = std::mem::take(&mut self.out);
        let indent = std::mem::replace(&mut self.indent, 1);
        write(self);
        self.indent = indent;
        std::mem::replace(&mut self.out, outer)
    }

    /// Writes comments and blank lines that stand before a statement.
    pub(super) fn comments_before(&mut self, start: usize) {
        while let Some(comment) = self.comments.get(self.next_comment) {
            if comment.span.start >= start {
                break;
            }
            self.next_comment += 1;
            if comment.span.start >= self.done {
                self.blank_line(comment.span.start);
            }
            let text = written(&comment.text, comment.block);
            self.line(&text);
            self.done = self.done.max(comment.span.end);
        }
        if start < self.source.len() {
            self.blank_line(start);
        }
    }

    /// One blank line where the source had one or more.
    fn blank_line(&mut self, start: usize) {
        let between = self.source.get(self.done..start).unwrap_or_default();
        let only_space = between.chars().all(|c| c.is_whitespace() || matches!(c, '{' | '}' | ';' | ')'));
        let blank = between.matches('\n').count() >= 2
            && (only_space || between.contains("\n\n"))
            && !self.out.ends_with("let out = outputs();\n")
            && !self.out.ends_with(" = true;\n");
        if blank && !self.out.is_empty() && !self.out.ends_with("\n\n") && !self.out.ends_with("{\n") {
            self.out.push('\n');
        }
    }

    /// Comments after the last statement of a block, before its closing brace.
    pub(super) fn comments_at_the_end(&mut self, body: &[Stmt]) {
        let mut at = self.done;
        if body.is_empty() {
            let Some(brace) = self.source.get(at..).and_then(|rest| rest.find('{')) else { return };
            at += brace + 1;
        }
        let skipped = |at: usize| {
            let rest = self.source.get(at..).unwrap_or_default();
            at + rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';').len()
        };
        let mut last = self.next_comment;
        at = skipped(at);
        while let Some(comment) = self.comments.get(last).filter(|comment| comment.span.start == at) {
            last += 1;
            at = skipped(comment.span.end);
        }
        if last > self.next_comment && self.source.get(at..).is_some_and(|rest| rest.starts_with(['}', ')'])) {
            self.comments_before(at);
        }
    }

    /// Comments before a place inside a statement, and the one that stands on the line of the place before it.
    pub(super) fn comments_inside(&mut self, from: usize, until: usize) -> (Option<String>, Vec<String>) {
        let mut behind = None;
        let mut before = Vec::new();
        while let Some(comment) = self.comments.get(self.next_comment) {
            if comment.span.start >= until {
                break;
            }
            self.next_comment += 1;
            self.done = self.done.max(comment.span.end);
            let text = written(&comment.text, comment.block);
            let line = self.source.get(from..comment.span.start).unwrap_or("\n");
            if behind.is_none() && before.is_empty() && !line.contains('\n') && !text.contains('\n') {
                behind = Some(text);
            } else {
                before.push(text);
            }
        }
        (behind, before)
    }

    /// Puts a comment behind the line just written when it stands there in the source.
    pub(super) fn comment_behind(&mut self, end: usize) {
        let Some(comment) = self.comments.get(self.next_comment) else { return };
        let between = self.source.get(end..comment.span.start).unwrap_or("\n");
        let plain = between.chars().all(|c| matches!(c, ' ' | '\t' | ',' | ')'));
        if !plain || comment.span.start < end || !self.out.ends_with('\n') || comment.text.contains('\n') {
            return;
        }
        self.next_comment += 1;
        self.done = self.done.max(comment.span.end);
        self.out.pop();
        self.out.push_str(&format!(" {}\n", written(&comment.text, false)));
    }

    /// Where something ends, without the blanks and comments that its span may have at its end.
    pub(super) fn real_end(&self, end: usize) -> usize {
        let mut end = end;
        loop {
            let text = self.source.get(..end).unwrap_or_default();
            let trimmed = text.trim_end().len();
            let at = self.comments.partition_point(|comment| comment.span.end < trimmed);
            match self.comments.get(at) {
                Some(comment) if comment.span.end == trimmed => end = comment.span.start,
                _ => return trimmed,
            }
        }
    }

    /// Marks a statement as written: comments inside it that have no place yet go before it, where it begins in the
    /// text, and one that stands on its last line behind it.
    pub(super) fn after(&mut self, stmt: &Stmt, begin: usize) {
        let end = self.real_end(stmt.span.end);
        self.done = self.done.max(end);
        let mut inside = String::new();
        let mut behind = Vec::new();
        while let Some(comment) = self.comments.get(self.next_comment) {
            let between = self.source.get(end..comment.span.start).unwrap_or("\n");
            if comment.span.start < end {
                let text = written(&comment.text, comment.block);
                for line in text.lines() {
                    inside.push_str(&format!("{}{line}\n", "    ".repeat(self.indent)));
                }
            } else if !between.contains('\n') && !comment.text.contains('\n') {
                behind.push(comment.text.trim().to_owned());
            } else {
                break;
            }
            self.next_comment += 1;
            self.done = self.done.max(comment.span.end);
        }
        self.out.insert_str(begin.min(self.out.len()), &inside);
        if behind.is_empty() || !self.out.ends_with('\n') {
            return;
        }
        self.out.pop();
        self.out.push_str(&format!(" // {}\n", behind.join("; ").trim_start_matches('/').trim_start()));
    }

    /// The whole text: header, statements, functions that were nested.
    pub(super) fn finish(&mut self, source: &str, name: &str) -> String {
        let mut text = String::new();
        if !name.is_empty() {
            text.push_str(&format!("// Ported from {name} by exsh port.\n"));
        }
        let line_of = |at: usize| source.get(..at).unwrap_or_default().matches('\n').count() + 1;
        let mut listed: Vec<String> = self
            .diagnostics
            .iter()
            .map(|found| {
                let line = found.labels.first().map_or(1, |label| line_of(label.span.start));
                let mark = if found.severity == Severity::Error { "" } else { "look at: " };
                format!("//   line {line}: {mark}{} ({})\n", found.message, found.code)
            })
            .collect();
        listed.dedup();
        if !listed.is_empty() {
            text.push_str("// What needs a person's eye, by line of the source:\n");
            text.extend(listed);
        }
        text.push_str("import \"powershell\" as ps;\n\n");
        let body = std::mem::take(&mut self.out);
        text.push_str(body.trim_start_matches('\n'));
        for function in std::mem::take(&mut self.lifted) {
            text.push('\n');
            text.push_str(&function);
        }
        let mut text = text.replace(LINE_END, "\n");
        while text.ends_with("\n\n") {
            text.pop();
        }
        text
    }
}

/// A comment in Rhai's marks.
fn written(text: &str, block: bool) -> String {
    if block && text.contains('\n') {
        let text = text.replace("*/", "* /");
        let lines: Vec<&str> = text.trim_matches(['\n', '\r']).lines().map(str::trim_end).collect();
        return format!("/*\n{}\n*/", lines.join("\n"));
    }
    let text = text.trim();
    if text.is_empty() { "//".to_owned() } else { format!("// {}", text.trim_start_matches('/').trim_start()) }
}

/// Items between two marks: on one line if they fit, else one a line.
pub(super) fn enclosed(open: &str, items: &[String], close: &str) -> String {
    if items.is_empty() {
        return format!("{}{}", open.trim_end(), close.trim_start());
    }
    let one_line = format!("{open}{}{close}", items.join(", "));
    if one_line.chars().count() <= WIDTH - 30 && !one_line.contains(['\n', BEHIND]) {
        return one_line;
    }
    let line = |item: &String| match item.split_once(BEHIND) {
        Some((item, comment)) => format!("{}, {comment}\n", indented(item)),
        None => format!("{},\n", indented(item)),
    };
    let inner: String = items.iter().map(line).collect();
    format!("{}\n{inner}{}", open.trim_end(), close.trim_start())
}

/// Text one level deeper.
pub(super) fn indented(text: &str) -> String {
    text.split('\n')
        .map(|line| if line.is_empty() { String::new() } else { format!("    {line}") })
        .collect::<Vec<_>>()
        .join("\n")
}
