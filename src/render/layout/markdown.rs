//! The same packets as Markdown: tables, lists of properties, headlines of groups.
//!
//! Nothing is cut and nothing waits: widths do not matter to who renders it.

use super::wrap;
use crate::render::packet::{Column, Entry, Look, Packet, Part, Passing};
use crate::render::view::Alignment;

/// Lays out packets as Markdown.
#[derive(Debug, Default)]
pub(crate) struct MarkdownPrinter {
    out: String,
    look: Option<Look>,
    /// Whether the next block needs a blank line before it.
    begun: bool,
    /// Whether the rows under way have their header.
    in_table: bool,
}

impl MarkdownPrinter {
    /// What is ready to be printed.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    /// Takes the next packet.
    pub(crate) fn packet(&mut self, packet: Packet) {
        match packet {
            Packet::Start(look) => self.look = Some(look),
            Packet::GroupStart(title) => {
                self.in_table = false;
                if let Some(title) = title {
                    self.block();
                    self.line(&format!("**{}**", escaped(text_of(&title).trim())));
                }
            }
            Packet::GroupEnd | Packet::End => self.in_table = false,
            Packet::Entry(Entry::Row { cells, .. }) => {
                if let (false, Some(Look::Table { columns, .. })) = (self.in_table, self.look.clone()) {
                    self.header(&columns);
                }
                self.row(cells.iter().map(|(text, _)| text.as_str()));
            }
            Packet::Entry(Entry::List(properties)) | Packet::InPassing(Passing::List(properties)) => {
                self.block();
                self.line("| Property | Value |");
                self.line("| --- | --- |");
                for (label, value) in &properties {
                    self.row([label.as_str(), value.as_str()].into_iter());
                }
            }
            Packet::Entry(Entry::Wide(text)) => {
                self.begun = true;
                self.line(&format!("- {}", escaped(&text)));
            }
            Packet::Entry(Entry::Custom(parts)) | Packet::InPassing(Passing::Custom(parts)) => {
                self.text(&text_of(&parts));
            }
            Packet::InPassing(Passing::Text(text)) => self.text(&text),
        }
    }

    fn header(&mut self, columns: &[Column]) {
        self.block();
        self.row(columns.iter().map(|column| column.label.as_str()));
        let rules = columns.iter().map(|column| match column.alignment {
            Alignment::Right => "---:",
            Alignment::Center => ":---:",
            Alignment::Left | Alignment::Undefined => "---",
        });
        self.line(&format!("| {} |", rules.collect::<Vec<_>>().join(" | ")));
        self.in_table = true;
    }

    fn row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        self.line(&format!("| {} |", cells.map(escaped).collect::<Vec<_>>().join(" | ")));
    }

    /// Lines as they are.
    fn text(&mut self, text: &str) {
        for line in wrap::split_lines(text) {
            self.line(&line);
        }
        self.begun = true;
    }

    /// A blank line, unless it would be the first.
    fn block(&mut self) {
        if self.begun {
            self.line("");
        }
        self.begun = true;
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }
}

/// Free text without its frames.
fn text_of(parts: &[Part]) -> String {
    let text = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::NewLine => "\n".to_owned(),
        Part::Framed(_, inner) => text_of(inner),
    };
    parts.iter().map(text).collect()
}

/// Text that stays what it is inside a cell.
fn escaped(text: &str) -> String {
    let lines = wrap::split_lines(text);
    let escape = |line: &String| {
        let mut escaped = String::with_capacity(line.len());
        for letter in line.trim_end().chars() {
            match letter {
                '|' | '\\' | '`' | '*' | '_' | '<' | '[' => escaped.extend(['\\', letter]),
                other => escaped.push(other),
            }
        }
        escaped
    };
    lines.iter().map(escape).collect::<Vec<_>>().join("<br>")
}
