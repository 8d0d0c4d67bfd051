//! Reports people look at: a title, paragraphs, figures, tables and charts, and the forms they are written in.
//!
//! Pure: values come in as typed cells, pages, workbooks and text come out. Not here: making cells of what a script
//! has, and writing files (`script`).

mod cell;
mod chart;
mod html;
mod screen;
mod svg;
mod text;
mod xlsx;

pub use cell::{Cell, Kind, number_text, size_text};
pub use chart::{Chart, ChartKind, Series, Unit};
pub use html::to_html;
pub use screen::{Screen, draw, sparkline};
pub use text::{to_csv, to_markdown};
pub use xlsx::{XlsxError, to_xlsx};

/// A report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The headline.
    pub title: String,
    /// A sentence under the headline; may be empty.
    pub summary: String,
    /// When it was made and by what, in small letters; may be empty.
    pub origin: String,
    /// Its parts, in order.
    pub sections: Vec<Section>,
}

/// A part of a report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// Its headline; may be empty.
    pub title: String,
    /// What it is made of, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// A few figures with their names, set large.
    Figures(Vec<(String, Cell)>),
    /// Rows and columns.
    Table(Table),
    /// A chart.
    Chart(Chart),
}

/// Rows and columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Names and kinds of the columns.
    pub columns: Vec<Column>,
    /// The rows; each has a cell for every column.
    pub rows: Vec<Vec<Cell>>,
    /// Whether somebody chose the columns: then a page shows them all, however many.
    pub chosen: bool,
}

/// Columns that a page shows when nobody chose them: objects of servers have hundreds.
const UNASKED_MAX: usize = 16;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
}

impl Table {
    /// A table whose columns are of the kind of their cells. Rows that are too short end in empty cells.
    ///
    /// ```
    /// use exsh::render::report::{Cell, Kind, Table};
    ///
    /// let table = Table::new(["Name", "Size"], vec![vec![Cell::Text("Ann".into()), Cell::Size(2048)]]);
    /// assert_eq!(table.columns[1].kind, Kind::Size);
    /// assert_eq!(table.rows[0][1].text(), "2 KB");
    /// ```
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = impl Into<String>>, mut rows: Vec<Vec<Cell>>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        for row in &mut rows {
            row.resize(names.len(), Cell::Empty);
        }
        let kind = |index: usize| Kind::of(rows.iter().filter_map(|row| row.get(index)));
        let columns = names.into_iter().enumerate().map(|(index, name)| Column { name, kind: kind(index) }).collect();
        Self { columns, rows, chosen: false }
    }

    /// The places of the columns that a page shows: all, or the first of those that are not empty.
    fn shown(&self) -> Vec<usize> {
        if self.chosen || self.columns.len() <= UNASKED_MAX {
            return (0..self.columns.len()).collect();
        }
        let filled =
            |place: &usize| self.rows.iter().any(|row| row.get(*place).is_some_and(|cell| *cell != Cell::Empty));
        (0..self.columns.len()).filter(filled).take(UNASKED_MAX).collect()
    }

    /// What to say of columns that are not shown.
    fn left_out(&self, shown: usize) -> Option<String> {
        let text = || format!("{shown} of {} columns; Columns chooses which.", self.columns.len());
        (shown < self.columns.len()).then(text)
    }
}

impl Report {
    /// A report of one table.
    #[must_use]
    pub fn of_table(title: &str, table: Table) -> Self {
        let section = Section { title: String::new(), blocks: vec![Block::Table(table)] };
        Self { title: title.to_owned(), sections: vec![section], ..Self::default() }
    }

    /// All tables with the title of their section, or of the report where that has none.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &Table)> {
        self.sections.iter().flat_map(|section| {
            let title = if section.title.is_empty() { &self.title } else { &section.title };
            section.blocks.iter().filter_map(move |block| match block {
                Block::Table(table) => Some((title.as_str(), table)),
                _ => None,
            })
        })
    }
}
