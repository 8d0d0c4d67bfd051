//! What lies between choosing what to show and laying it out: a stream of rows, lines and marks.
//!
//! Texts only; no value is looked at any more.

use super::view::{Alignment, Frame};

/// One step of a document.
#[derive(Debug, Clone)]
pub(crate) enum Packet {
    /// A document begins.
    Start(Look),
    /// A group begins, with what stands above it.
    GroupStart(Option<Vec<Part>>),
    /// An object.
    Entry(Entry),
    /// The group ends.
    GroupEnd,
    /// The document ends.
    End,
    /// An object shown in passing.
    InPassing(Passing),
}

/// What a document looks like.
#[derive(Debug, Clone)]
pub(crate) enum Look {
    Table {
        columns: Vec<Column>,
        auto_size: bool,
        hide_headers: bool,
        /// Nothing is cut or left out: what does not fit is wrapped, or turned to one block a row.
        readable: bool,
    },
    List,
    Wide {
        /// Number of columns; 0 for the usual.
        columns: usize,
        auto_size: bool,
    },
    Custom,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) label: String,
    pub(crate) alignment: Alignment,
    /// 0 if none is given.
    pub(crate) width: usize,
}

/// An object within its document.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    Row {
        cells: Vec<(String, Alignment)>,
        wrap: bool,
    },
    /// Labels and values.
    List(Vec<(String, String)>),
    Wide(String),
    Custom(Vec<Part>),
}

/// An object that does not belong to the document around it.
#[derive(Debug, Clone)]
pub(crate) enum Passing {
    Text(String),
    List(Vec<(String, String)>),
    Custom(Vec<Part>),
}

/// A part of free text.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Text(String),
    NewLine,
    Framed(Frame, Vec<Self>),
}
