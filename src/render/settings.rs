//! What PowerShell keeps in preference variables and type data, and that changes how values look.

use std::sync::Arc;

use super::subject::without_prefix;
use super::text::Culture;

/// `$ErrorView`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorView {
    /// One line.
    #[default]
    Concise,
    /// Message, place, category and id.
    Normal,
    /// The category only.
    Category,
}

/// Which properties stand for an object of a type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DisplaySet {
    /// The type.
    pub type_name: Arc<str>,
    /// Shown where no view is and nothing is asked for.
    pub properties: Vec<Arc<str>>,
    /// The one shown in a wide view.
    pub property: Option<Arc<str>>,
}

/// How values look where nobody says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Items of a list that are shown; −1 for all (`$FormatEnumerationLimit`).
    pub enumeration_limit: i32,
    /// How error records look.
    pub error_view: ErrorView,
    /// How numbers and dates are written.
    pub culture: Culture,
    /// Properties that stand for objects of a type.
    pub display_sets: Vec<DisplaySet>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enumeration_limit: 4,
            error_view: ErrorView::default(),
            culture: Culture::default(),
            display_sets: Vec::new(),
        }
    }
}

impl Settings {
    /// The set for an object of these types: the nearest type's.
    #[must_use]
    pub fn display_set(&self, type_names: &[String]) -> Option<&DisplaySet> {
        type_names.iter().find_map(|name| {
            self.display_sets.iter().find(|set| {
                set.type_name.eq_ignore_ascii_case(name) || set.type_name.eq_ignore_ascii_case(without_prefix(name))
            })
        })
    }
}
