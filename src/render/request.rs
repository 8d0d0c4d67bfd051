//! What `Format-Table` and its siblings are asked for.

use std::sync::Arc;

use super::expression::Script;
use super::view::{Alignment, Shape, Source};

/// A column, line or value asked for: a property, a pattern of names, a script; with its looks.
#[derive(Debug, Clone)]
pub struct Column {
    /// Where the value comes from; a property may be a pattern with `*`, `?` and `[…]`.
    pub source: Source,
    /// What stands above or before it.
    pub label: Option<Arc<str>>,
    /// Its width in cells.
    pub width: Option<usize>,
    /// Its alignment.
    pub alignment: Alignment,
    /// Its format string.
    pub format: Option<Arc<str>>,
    /// How deep a custom view goes into it.
    pub depth: Option<usize>,
}

impl Column {
    /// A property or a pattern of names.
    #[must_use]
    pub fn property(name: &str) -> Self {
        Self::from_source(Source::Property(name.into()))
    }

    /// A script over `$_`.
    #[must_use]
    pub fn script(text: &str) -> Self {
        Self::from_source(Source::Script(Arc::new(Script::new(text))))
    }

    fn from_source(source: Source) -> Self {
        Self { source, label: None, width: None, alignment: Alignment::Undefined, format: None, depth: None }
    }

    /// What stands above it: its label, else the name or the script.
    #[must_use]
    pub fn title(&self) -> Arc<str> {
        match (&self.label, &self.source) {
            (Some(label), _) => label.clone(),
            (None, Source::Property(name)) => name.clone(),
            (None, Source::Script(script)) => script.text().into(),
        }
    }
}

/// What happens to a collection that comes as one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expand {
    /// Its items are shown.
    #[default]
    Items,
    /// It is shown itself.
    Collection,
    /// Both.
    Both,
}

/// A view asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The kind; `None` for whatever the objects' views say.
    pub shape: Option<Shape>,
    /// What is shown; empty for what the view or the object says.
    pub properties: Vec<Column>,
    /// A view by its name.
    pub view: Option<Arc<str>>,
    /// What objects are grouped by.
    pub group_by: Option<Column>,
    /// Widths by contents; `None` for whatever the view says.
    pub auto_size: Option<bool>,
    /// Long cells go on in further lines.
    pub wrap: bool,
    /// No header; `None` for whatever the view says.
    pub hide_headers: Option<bool>,
    /// Columns of a wide view.
    pub columns: Option<usize>,
    /// Depth of a custom view.
    pub depth: Option<usize>,
    /// Strings and numbers are taken apart too.
    pub force: bool,
    /// What happens to collections.
    pub expand: Expand,
}

impl Request {
    /// A view of this kind, all else as usual.
    #[must_use]
    pub fn of(shape: Shape) -> Self {
        Self { shape: Some(shape), ..Self::default() }
    }
}
