//! Turns packets into lines: blank lines between, column widths by contents, groups.
//!
//! No clock: a table whose widths follow its contents is held until its group ends or the caller says `flush`.

use super::rows::{self, Rows};
use super::terminal::natural;
use super::{blocks, list};
use crate::render::packet::{Column, Entry, Look, Packet, Part, Passing};
use crate::render::view::Alignment;
use crate::render::width;

/// Lays out packets on a screen of so many cells.
#[derive(Debug)]
pub(crate) struct Printer {
    screen: usize,
    out: String,
    look: Option<Look>,
    /// Packets of a group whose widths are not known yet.
    held: Option<Vec<Packet>>,
    /// Columns of the current table or wide view.
    rows: Option<Rows>,
    /// The labels of a table that is turned: one block a row.
    turned: Option<Vec<String>>,
    /// Values of a wide row that is not full yet.
    waiting: Vec<String>,
    per_row: usize,
}

impl Printer {
    /// For a screen of `screen` cells.
    pub(crate) const fn new(screen: usize) -> Self {
        Self {
            screen,
            out: String::new(),
            look: None,
            held: None,
            rows: None,
            turned: None,
            waiting: Vec::new(),
            per_row: 2,
        }
    }

    /// What is ready to be printed.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    /// Whether rows are held back until their widths are known.
    pub(crate) const fn holds_back(&self) -> bool {
        self.held.is_some()
    }

    /// Lays out what is held, with the widths known so far; they stay for the rest of the group.
    pub(crate) fn flush(&mut self) {
        if let Some(held) = self.held.take() {
            self.group(held);
        }
    }

    /// Takes the next packet.
    pub(crate) fn packet(&mut self, packet: Packet) {
        match packet {
            Packet::Start(look) => self.look = Some(look),
            Packet::GroupStart(title) if self.sized_by_contents() => {
                self.held = Some(vec![Packet::GroupStart(title)]);
            }
            Packet::GroupEnd => {
                self.flush();
                self.place(Packet::GroupEnd);
            }
            Packet::End => {
                self.flush();
                if !matches!(self.look.take(), Some(Look::List)) && self.turned.take().is_none() {
                    self.line("");
                }
                self.rows = None;
            }
            other => match &mut self.held {
                Some(held) => held.push(other),
                None => self.place(other),
            },
        }
    }

    /// Widths follow the contents if that is asked for, or if the first column has none of its own.
    fn sized_by_contents(&self) -> bool {
        match &self.look {
            Some(Look::Table { columns, auto_size, .. }) => {
                *auto_size || columns.first().is_some_and(|column| column.width == 0)
            }
            Some(Look::Wide { auto_size, .. }) => *auto_size,
            _ => false,
        }
    }

    fn group(&mut self, held: Vec<Packet>) {
        self.turned = None;
        let wanted = match &self.look {
            Some(Look::Table { columns, readable: true, .. }) => {
                let natural = natural(columns, rows_of(&held));
                let room = self.screen.saturating_sub(natural.len().saturating_sub(1));
                let fitted = super::columns::readable(&natural, room);
                if fitted.is_none() {
                    self.turned = Some(columns.iter().map(|column| column.label.clone()).collect());
                }
                fitted
            }
            Some(Look::Table { columns, .. }) => Some(measured(columns, &held)),
            _ => None,
        };
        let longest = held
            .iter()
            .map(|packet| match packet {
                Packet::Entry(Entry::Wide(text)) => width::of(text),
                _ => 0,
            })
            .max();
        for packet in held {
            if let Packet::GroupStart(title) = packet {
                self.group_start(title.as_deref(), wanted.as_deref(), longest);
            } else {
                self.place(packet);
            }
        }
    }

    fn place(&mut self, packet: Packet) {
        match packet {
            Packet::GroupStart(title) => self.group_start(title.as_deref(), None, None),
            Packet::Entry(entry) => self.entry(entry),
            Packet::GroupEnd => self.wide_row(),
            Packet::InPassing(passing) => self.passing(passing),
            Packet::Start(_) | Packet::End => {}
        }
    }

    fn group_start(&mut self, title: Option<&[Part]>, measured: Option<&[usize]>, longest: Option<usize>) {
        if let Some(title) = title {
            self.line("");
            self.lines(blocks::lines(title, self.screen));
        }
        self.line("");
        match self.look.clone() {
            Some(Look::Table { .. }) if self.turned.is_some() => {}
            Some(Look::Table { columns, hide_headers, .. }) => {
                let wanted: Vec<usize> = columns.iter().map(|column| column.width).collect();
                let alignments: Vec<Alignment> = columns.iter().map(|column| column.alignment).collect();
                self.rows = Rows::fit(measured.unwrap_or(&wanted), &alignments, self.screen);
                if let Some(rows) = self.rows.as_ref().filter(|_| !hide_headers) {
                    let labels: Vec<String> = columns.into_iter().map(|column| column.label).collect();
                    let lines = rows.header(&labels);
                    self.lines(lines);
                }
            }
            Some(Look::Wide { columns, auto_size }) => {
                self.per_row = match (auto_size, longest, columns) {
                    (true, Some(longest), _) if longest > 0 => rows::columns_that_fit(longest, self.screen),
                    (_, _, 0) => 2,
                    (_, _, columns) => columns,
                };
                let count = self.per_row;
                self.rows = Rows::fit(&vec![0; count], &vec![Alignment::Left; count], self.screen);
            }
            _ => {}
        }
    }

    fn entry(&mut self, entry: Entry) {
        match entry {
            Entry::Row { cells, .. } if let Some(labels) = self.turned.clone() => {
                let texts = cells.into_iter().map(|(text, _)| text);
                self.entry(Entry::List(labels.into_iter().zip(texts).collect()));
            }
            Entry::Row { cells, wrap } => {
                let wrap = wrap || matches!(self.look, Some(Look::Table { readable: true, .. }));
                let Some(rows) = &self.rows else { return };
                let (texts, alignments): (Vec<String>, Vec<Alignment>) = cells.into_iter().unzip();
                let lines = rows.entry(&texts, &alignments, wrap);
                self.lines(lines);
            }
            Entry::List(properties) => {
                self.lines(list::lines(&properties, self.screen));
                self.line("");
            }
            Entry::Wide(text) => {
                self.waiting.push(text);
                if self.waiting.len() == self.per_row {
                    self.wide_row();
                }
            }
            Entry::Custom(parts) => self.lines(blocks::lines(&parts, self.screen)),
        }
    }

    fn wide_row(&mut self) {
        let values = std::mem::take(&mut self.waiting);
        if let (false, Some(rows)) = (values.is_empty(), &self.rows) {
            let lines = rows.entry(&values, &[], false);
            self.lines(lines);
        }
    }

    fn passing(&mut self, passing: Passing) {
        match passing {
            Passing::Text(text) => self.line(&text),
            Passing::List(properties) => {
                self.line("");
                self.lines(list::lines(&properties, self.screen));
                self.line("");
            }
            Passing::Custom(parts) => self.lines(blocks::lines(&parts, self.screen)),
        }
    }

    fn lines(&mut self, lines: Vec<String>) {
        for line in lines {
            self.line(&line);
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }
}

/// The rows among packets.
fn rows_of(held: &[Packet]) -> impl Iterator<Item = &Vec<(String, Alignment)>> {
    held.iter().filter_map(|packet| match packet {
        Packet::Entry(Entry::Row { cells, .. }) => Some(cells),
        _ => None,
    })
}

/// The widest of header and cells, column by column.
fn measured(columns: &[Column], held: &[Packet]) -> Vec<usize> {
    let mut widths: Vec<usize> = columns.iter().map(|column| width::of(&column.label)).collect();
    for cells in rows_of(held) {
        for (width, (cell, _)) in widths.iter_mut().zip(cells) {
            *width = (*width).max(width::of(cell));
        }
    }
    widths
}
