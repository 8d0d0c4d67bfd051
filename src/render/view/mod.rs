//! Views: what a type looks like as a table, a list, in columns, or as free text.
//!
//! A model of `Get-FormatData`'s objects; how views are chosen for an object is at [`Views::find`].

mod built_in;
mod read;

use std::sync::Arc;

use super::expression::Script;
use super::subject::without_prefix;

/// Where text stands in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alignment {
    /// Nobody said: left.
    #[default]
    Undefined,
    /// At the left.
    Left,
    /// In the middle; an odd blank stands at the right.
    Center,
    /// At the right.
    Right,
}

/// The kinds of views.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Rows and columns.
    Table,
    /// `Label : value`.
    List,
    /// One value an object, in columns.
    Wide,
    /// Free text.
    Custom,
}

impl Shape {
    /// Its name in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::List => "list",
            Self::Wide => "wide",
            Self::Custom => "custom",
        }
    }
}

/// Where a value comes from: a property or a script over `$_`.
#[derive(Debug, Clone)]
pub enum Source {
    /// A property by its name.
    Property(Arc<str>),
    /// A script.
    Script(Arc<Script>),
}

/// One way to show objects of some types.
#[derive(Debug, Clone)]
pub struct View {
    /// Its name.
    pub name: Arc<str>,
    /// The types it is for.
    pub type_names: Vec<Arc<str>>,
    /// How the objects are grouped.
    pub group: Option<Group>,
    /// What it looks like.
    pub control: Control,
    /// Whether its objects are shown in passing, without ending what surrounds them.
    pub out_of_band: bool,
}

impl View {
    /// Which kind of view it is.
    #[must_use]
    pub const fn shape(&self) -> Shape {
        match self.control {
            Control::Table(_) => Shape::Table,
            Control::List(_) => Shape::List,
            Control::Wide(_) => Shape::Wide,
            Control::Custom(_) => Shape::Custom,
        }
    }
}

/// What objects are grouped by.
#[derive(Debug, Clone)]
pub struct Group {
    /// The value that makes a group.
    pub by: Source,
    /// What stands before it.
    pub label: Option<Arc<str>>,
    /// What stands there instead.
    pub control: Option<Arc<CustomControl>>,
}

/// The looks of a view.
#[derive(Debug, Clone)]
pub enum Control {
    /// Rows and columns.
    Table(TableControl),
    /// `Label : value`.
    List(Vec<ListEntry>),
    /// One value an object.
    Wide(WideControl),
    /// Free text.
    Custom(Arc<CustomControl>),
}

/// A table view.
#[derive(Debug, Clone, Default)]
pub struct TableControl {
    /// Headers; may be absent altogether.
    pub headers: Vec<Header>,
    /// Rows: the first without types is for all, others are for their types.
    pub rows: Vec<Row>,
    /// Whether widths follow the contents.
    pub auto_size: bool,
    /// Whether there is no header.
    pub hide_headers: bool,
}

/// The header of a column.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// Its text; else the property's name.
    pub label: Option<Arc<str>>,
    /// Alignment of header and cells.
    pub alignment: Alignment,
    /// Its width in cells; 0 for none.
    pub width: usize,
}

/// What fills a row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Types it is for; empty for all.
    pub selected_by: Vec<Arc<str>>,
    /// Whether long cells go on in further lines.
    pub wrap: bool,
    /// The cells.
    pub cells: Vec<Item>,
}

/// A value shown.
#[derive(Debug, Clone)]
pub struct Item {
    /// What stands before it in a list.
    pub label: Option<Arc<str>>,
    /// Where it comes from.
    pub source: Source,
    /// Its format string.
    pub format: Option<Arc<str>>,
    /// Alignment of this cell.
    pub alignment: Alignment,
    /// It is left out when this is not true.
    pub condition: Option<Source>,
}

/// What a list shows for some types.
#[derive(Debug, Clone, Default)]
pub struct ListEntry {
    /// Types it is for; empty for all.
    pub selected_by: Vec<Arc<str>>,
    /// Its lines.
    pub items: Vec<Item>,
}

/// A wide view.
#[derive(Debug, Clone)]
pub struct WideControl {
    /// What is shown: types it is for (empty for all), and the value.
    pub entries: Vec<(Vec<Arc<str>>, Item)>,
    /// Number of columns; 0 for the usual.
    pub columns: usize,
    /// Whether as many columns as fit.
    pub auto_size: bool,
}

/// A custom view.
#[derive(Debug, Clone, Default)]
pub struct CustomControl {
    /// What is shown: types it is for (empty for all), and the parts.
    pub entries: Vec<(Vec<Arc<str>>, Vec<CustomItem>)>,
}

/// A part of a custom view.
#[derive(Debug, Clone)]
pub enum CustomItem {
    /// Fixed text.
    Text(Arc<str>),
    /// Line breaks.
    NewLine(usize),
    /// A value.
    Expression {
        /// Shown only if this is true.
        condition: Option<Source>,
        /// The value; the object itself if there is none.
        source: Option<Source>,
        /// Whether each item of a list is shown.
        enumerate: bool,
        /// How it is shown; else as text.
        control: Option<Arc<CustomControl>>,
    },
    /// Parts that are indented.
    Frame {
        /// Indents.
        frame: Frame,
        /// The parts.
        items: Vec<Self>,
    },
}

/// Indents of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Frame {
    /// Cells at the left.
    pub left: usize,
    /// Cells at the right.
    pub right: usize,
    /// More cells for the first line, or for the others if negative.
    pub first_line: isize,
}

/// Picks what is for the given types: the nearest type, else what is for all.
pub(super) fn select<'a, T>(
    entries: &'a [T],
    selected_by: impl Fn(&T) -> &[Arc<str>],
    type_names: &[String],
) -> Option<&'a T> {
    let of_type =
        |name: &str| entries.iter().find(|entry| selected_by(entry).iter().any(|own| own.eq_ignore_ascii_case(name)));
    type_names
        .iter()
        .find_map(|name| of_type(name))
        .or_else(|| type_names.iter().find_map(|name| of_type(without_prefix(name))))
        .or_else(|| entries.iter().find(|entry| selected_by(entry).is_empty()))
}

/// All views known, in order.
#[derive(Debug, Clone)]
pub struct Views {
    views: Vec<Arc<View>>,
}

impl Default for Views {
    /// PowerShell's own.
    fn default() -> Self {
        Self { views: built_in::views().into_iter().map(Arc::new).collect() }
    }
}

impl Views {
    /// PowerShell's own and those that `Get-FormatData` gave, which come first.
    #[must_use]
    pub fn with_format_data(values: &[crate::clixml::PsValue]) -> Self {
        let mut views = Self::default();
        views.add_format_data(values);
        views
    }

    /// Adds the views of `Get-FormatData`'s objects before all others; a type that arrives again is replaced.
    pub fn add_format_data(&mut self, values: &[crate::clixml::PsValue]) {
        let fresh: Vec<Arc<View>> = values.iter().flat_map(read::type_definition).map(Arc::new).collect();
        let arrives_again = |view: &View| {
            fresh.iter().any(|other| other.type_names == view.type_names && other.name.eq_ignore_ascii_case(&view.name))
        };
        self.views.retain(|view| !arrives_again(view));
        self.views.splice(0..0, fresh);
    }

    /// Adds a view before all others.
    pub fn add(&mut self, view: View) {
        self.views.insert(0, Arc::new(view));
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.views.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }

    /// The view for an object of these types: nearest type first, then the order of the views; of the given kind
    /// and name if any are given. Names are tried as they are, then without `Deserialized.`.
    #[must_use]
    pub fn find(&self, type_names: &[String], shape: Option<Shape>, name: Option<&str>) -> Option<Arc<View>> {
        self.search(type_names, |view| {
            !view.out_of_band
                && shape.is_none_or(|shape| view.shape() == shape)
                && name.is_none_or(|name| view.name.eq_ignore_ascii_case(name))
        })
    }

    /// The view that shows an object in passing.
    #[must_use]
    pub fn find_out_of_band(&self, type_names: &[String]) -> Option<Arc<View>> {
        self.search(type_names, |view| view.out_of_band)
    }

    fn search(&self, type_names: &[String], wanted: impl Fn(&View) -> bool) -> Option<Arc<View>> {
        let nearest = |masked: bool| {
            type_names.iter().filter(|name| !masked || without_prefix(name).len() < name.len()).find_map(|name| {
                let name = if masked { without_prefix(name) } else { name };
                self.views.iter().find(|view| applies(view, name) && wanted(view)).cloned()
            })
        };
        nearest(false).or_else(|| nearest(true))
    }

    /// Whether a view is for objects of these types.
    #[must_use]
    pub fn covers(view: &View, type_names: &[String]) -> bool {
        type_names.iter().any(|name| applies(view, name) || applies(view, without_prefix(name)))
    }
}

fn applies(view: &View, type_name: &str) -> bool {
    view.type_names.iter().any(|own| own.eq_ignore_ascii_case(type_name))
}
