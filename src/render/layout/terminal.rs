//! The richer view for a person at a terminal: lines and colours, numbers set apart, long values wrapped; a table that
//! does not fit becomes one block a row.
//!
//! Never used for output that a program may read; PowerShell's exact text is `printer`'s.

use super::columns::Wish;
use super::rows::field;
use super::{blocks, wrap};
use crate::render::packet::{Column, Entry, Look, Packet, Part, Passing};
use crate::render::theme::{Part as Tone, Theme};
use crate::render::view::Alignment;
use crate::render::width;

const BAR: &str = " │ ";
const BAR_CELLS: usize = 3;

/// Lays out packets for a terminal.
#[derive(Debug)]
pub(crate) struct TerminalPrinter {
    screen: usize,
    theme: Theme,
    out: String,
    look: Option<Look>,
    /// Rows of the current group that wait for their widths.
    held: Option<Vec<Packet>>,
    table: Option<Table>,
    wide: Vec<String>,
    /// Objects shown so far in this document.
    count: usize,
}

/// The table under way.
#[derive(Debug, Clone)]
enum Table {
    /// Widths of its columns.
    Rows(Vec<usize>),
    /// One block a row.
    Turned,
}

impl TerminalPrinter {
    /// For a terminal of `screen` cells.
    pub(crate) const fn new(screen: usize, theme: Theme) -> Self {
        Self { screen, theme, out: String::new(), look: None, held: None, table: None, wide: Vec::new(), count: 0 }
    }

    /// What is ready to be printed.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    /// Whether rows wait for their widths.
    pub(crate) const fn holds_back(&self) -> bool {
        self.held.is_some()
    }

    /// Lays out what waits.
    pub(crate) fn flush(&mut self) {
        let Some(held) = self.held.take() else { return };
        if let Some(Look::Table { columns, hide_headers, .. }) = self.look.clone() {
            let rows: Vec<&Vec<(String, Alignment)>> = held
                .iter()
                .filter_map(|packet| match packet {
                    Packet::Entry(Entry::Row { cells, .. }) => Some(cells),
                    _ => None,
                })
                .collect();
            let table = fit(&columns, &rows, self.screen);
            if let (Table::Rows(widths), false) = (&table, hide_headers) {
                self.header(&columns, widths);
            }
            self.table = Some(table);
        }
        for packet in held {
            self.place(packet);
        }
        self.wide_rows();
    }

    /// Takes the next packet.
    pub(crate) fn packet(&mut self, mut packet: Packet) {
        harmless(&mut packet);
        match packet {
            Packet::Start(look) => {
                self.look = Some(look);
                self.count = 0;
            }
            Packet::GroupStart(title) => {
                if let Some(title) = title {
                    self.title(&title);
                }
                if matches!(self.look, Some(Look::Table { .. } | Look::Wide { .. })) {
                    self.held = Some(Vec::new());
                }
            }
            Packet::GroupEnd => self.flush(),
            Packet::End => {
                self.flush();
                self.look = None;
                self.table = None;
            }
            other => match &mut self.held {
                Some(held) => held.push(other),
                None => self.place(other),
            },
        }
    }

    fn title(&mut self, title: &[Part]) {
        let lines = blocks::lines(title, self.screen);
        let text = lines.join(" ").trim().to_owned();
        let painted = self.theme.paint(Tone::Emphasis, &text);
        self.line("");
        self.line(&painted);
    }

    fn header(&mut self, columns: &[Column], widths: &[usize]) {
        let bar = self.theme.paint(Tone::Frame, BAR);
        let cells: Vec<String> = columns
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(at, (column, width))| {
                let padded = at + 1 < columns.len();
                self.theme.paint(Tone::Header, &field(&column.label, *width, column.alignment, padded))
            })
            .collect();
        let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        let rule = self.theme.paint(Tone::Frame, &rule.join("─┼─"));
        self.line(&cells.join(&bar));
        self.line(&rule);
    }

    fn place(&mut self, packet: Packet) {
        match packet {
            Packet::Entry(Entry::Row { cells, .. }) => match (self.table.clone(), self.look.clone()) {
                (Some(Table::Rows(widths)), Some(Look::Table { columns, .. })) => self.row(&cells, &columns, &widths),
                (_, Some(Look::Table { columns, .. })) => {
                    let labels = columns.into_iter().map(|column| column.label);
                    self.block(labels.zip(cells.into_iter().map(|(text, _)| text)).collect());
                }
                _ => {}
            },
            Packet::Entry(Entry::List(properties)) | Packet::InPassing(Passing::List(properties)) => {
                self.block(properties);
            }
            Packet::Entry(Entry::Wide(text)) => self.wide.push(text),
            Packet::Entry(Entry::Custom(parts)) | Packet::InPassing(Passing::Custom(parts)) => {
                for line in blocks::lines(&parts, self.screen) {
                    self.line(&line);
                }
            }
            Packet::InPassing(Passing::Text(text)) => self.line(&text),
            Packet::Start(_) | Packet::GroupStart(_) | Packet::GroupEnd | Packet::End => {}
        }
    }

    /// One row; values longer than their column go on below.
    fn row(&mut self, cells: &[(String, Alignment)], columns: &[Column], widths: &[usize]) {
        let wrapped: Vec<Vec<String>> = widths
            .iter()
            .enumerate()
            .map(|(at, width)| {
                let lines = wrap::wrap(cells.get(at).map_or("", |cell| &cell.0), *width, *width);
                lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
            })
            .collect();
        let bar = self.theme.paint(Tone::Frame, BAR);
        let count = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..count {
            let parts: Vec<String> = wrapped
                .iter()
                .enumerate()
                .map(|(at, lines)| {
                    let own = cells.get(at).map_or(Alignment::Undefined, |cell| cell.1);
                    let alignment = if own == Alignment::Undefined { columns[at].alignment } else { own };
                    let text = lines.get(line).map_or("", String::as_str);
                    let padded = field(text, widths[at], alignment, at + 1 < widths.len());
                    if alignment == Alignment::Right { self.theme.paint(Tone::Number, &padded) } else { padded }
                })
                .collect();
            self.line(parts.join(&bar).trim_end());
        }
        self.count += 1;
    }

    /// Labels and values under each other.
    fn block(&mut self, properties: Vec<(String, String)>) {
        if self.count > 0 {
            self.line("");
        }
        self.count += 1;
        let widest = properties.iter().map(|(label, _)| width::of(label)).max().unwrap_or(0);
        let label_width = widest.min(self.screen / 2);
        let room = self.screen.saturating_sub(label_width + BAR_CELLS).max(1);
        let bar = self.theme.paint(Tone::Frame, BAR);
        for (label, value) in properties {
            let mut start = self.theme.paint(Tone::Header, &field(&label, label_width, Alignment::Left, true));
            for part in wrap::split_lines(&value).iter().flat_map(|line| wrap::wrap(line, room, room)) {
                self.line(format!("{start}{bar}{}", part.trim_end()).trim_end());
                start = width::blanks(label_width);
            }
        }
    }

    fn wide_rows(&mut self) {
        let values = std::mem::take(&mut self.wide);
        let longest = values.iter().map(|value| width::of(value)).max().unwrap_or(0);
        let columns = ((self.screen + 2) / (longest + 2)).max(1);
        let rows = values.len().div_ceil(columns);
        for row in 0..rows {
            let line: Vec<String> = (0..columns)
                .filter_map(|column| values.get(column * rows + row))
                .map(|value| field(value, longest, Alignment::Left, true))
                .collect();
            self.line(line.join("  ").trim_end());
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }
}

/// Makes what a server sent harmless: a value must not move the cursor or change colours or the title.
fn harmless(packet: &mut Packet) {
    match packet {
        Packet::Entry(Entry::Row { cells, .. }) => cells.iter_mut().for_each(|(text, _)| visible(text)),
        Packet::Entry(Entry::List(properties)) | Packet::InPassing(Passing::List(properties)) => {
            for (label, value) in properties {
                visible(label);
                visible(value);
            }
        }
        Packet::Entry(Entry::Wide(text)) | Packet::InPassing(Passing::Text(text)) => visible(text),
        Packet::Entry(Entry::Custom(parts)) | Packet::InPassing(Passing::Custom(parts)) => visible_parts(parts),
        Packet::GroupStart(Some(parts)) => visible_parts(parts),
        Packet::Start(_) | Packet::GroupStart(None) | Packet::GroupEnd | Packet::End => {}
    }
}

fn visible_parts(parts: &mut [Part]) {
    for part in parts {
        match part {
            Part::Text(text) => visible(text),
            Part::Framed(_, inner) => visible_parts(inner),
            Part::NewLine => {}
        }
    }
}

/// Control characters as their pictures; escape sequences lose what makes them work.
fn visible(text: &mut String) {
    let acts = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    if !text.contains(acts) {
        return;
    }
    let picture = |letter: char| match u32::from(letter) {
        code @ 0..=0x1f if acts(letter) => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        0x80..=0x9f => '\u{fffd}',
        _ => letter,
    };
    *text = text.chars().map(picture).collect();
}

/// The widths of a table's columns, or that it is turned.
fn fit(columns: &[Column], rows: &[&Vec<(String, Alignment)>], screen: usize) -> Table {
    let natural = natural(columns, rows.iter().copied());
    let room = screen.saturating_sub(natural.len().saturating_sub(1) * BAR_CELLS);
    super::columns::readable(&natural, room).map_or(Table::Turned, Table::Rows)
}

/// The cells that each column would take if there were room.
pub(super) fn natural<'a>(columns: &[Column], rows: impl Iterator<Item = &'a Vec<(String, Alignment)>>) -> Vec<Wish> {
    let widest = |parts: &mut dyn Iterator<Item = &str>| parts.map(width::of).max().unwrap_or(0);
    let label = |column: &Column| Wish { line: width::of(&column.label), word: width::of(&column.label) };
    let mut natural: Vec<Wish> = columns.iter().map(label).collect();
    for cells in rows {
        for (wish, (cell, _)) in natural.iter_mut().zip(cells) {
            wish.line = wish.line.max(widest(&mut wrap::split_lines(cell).iter().map(|line| &**line)));
            wish.word = wish.word.max(widest(&mut cell.split_whitespace()));
        }
    }
    natural
}
