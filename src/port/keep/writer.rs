//! Lines, indentation, comments, blank lines, and the header.
//!
//! What the lines say is decided in the other files.

use super::super::ast::Stmt;
use super::Keeper;
use super::text::LINE_END;
use crate::diagnostic::Severity;

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

    /// Marks a statement as written, and puts a comment behind it that stands on its last line.
    pub(super) fn after(&mut self, stmt: &Stmt) {
        self.done = self.done.max(stmt.span.end);
        let mut behind = Vec::new();
        while let Some(comment) = self.comments.get(self.next_comment) {
            let between = self.source.get(stmt.span.end..comment.span.start).unwrap_or("\n");
            if comment.span.start < stmt.span.end || (!comment.block && !between.contains('\n')) {
                self.next_comment += 1;
                self.done = self.done.max(comment.span.end);
                behind.push(comment.text.trim().to_owned());
            } else {
                break;
            }
        }
        if behind.is_empty() || self.out.is_empty() {
            return;
        }
        let inner = behind.join("; ").replace('\n', " ");
        if self.out.ends_with('\n') {
            self.out.pop();
        }
        self.out.push_str(&format!(" // {}\n", inner.trim_start_matches('/')));
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
                let mark = if found.severity == Severity::Error { "not carried over" } else { "look at" };
                format!("//   line {line}: {mark}: {} ({})\n", found.message, found.code)
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
    if one_line.chars().count() <= WIDTH - 30 && !one_line.contains('\n') {
        return one_line;
    }
    let inner: String = items.iter().map(|item| format!("{},\n", indented(item))).collect();
    format!("{}\n{inner}{}", open.trim_end(), close.trim_start())
}

/// Text one level deeper.
pub(super) fn indented(text: &str) -> String {
    text.split('\n')
        .map(|line| if line.is_empty() { String::new() } else { format!("    {line}") })
        .collect::<Vec<_>>()
        .join("\n")
}
