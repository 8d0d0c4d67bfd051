//! What can go wrong when values are to be shown.
//!
//! Drawing itself never fails; only what was asked for can be impossible.

/// A view or conversion that cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The text of a view command is not understood.
    #[error("`{text}` is not a view command: {reason}")]
    BadCommand {
        /// The text, or the part of it that is at fault.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A view was named that no type has.
    #[error("there is no {shape} view named `{name}` for {type_name}")]
    NoSuchView {
        /// Its name.
        name: String,
        /// `table`, `list`, `wide` or `custom`.
        shape: &'static str,
        /// The type of the first object.
        type_name: String,
    },
    /// A dictionary with keys that JSON cannot have.
    #[error("a dictionary of type {type_name} cannot become JSON: its keys must be strings")]
    KeyIsNoString {
        /// The type of the dictionary.
        type_name: String,
    },
    /// A script in a command or a view is beyond what can be evaluated here.
    #[error("the script `{script}` cannot be evaluated: {reason}")]
    Script {
        /// Its text.
        script: String,
        /// What is not understood.
        reason: String,
    },
}

impl RenderError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::BadCommand { .. } => Some(
                "a view is a pipeline of Format-Table, Format-List, Format-Wide, Format-Custom, Select-Object, \
                 Sort-Object, Group-Object, Measure-Object, ConvertTo-Csv, ConvertTo-Json, ConvertTo-Html, Out-String",
            ),
            Self::NoSuchView { .. } => Some("leave the name away to use the first view of that kind"),
            Self::KeyIsNoString { .. } => Some("turn the keys into strings before converting"),
            Self::Script { .. } => Some("name a property instead, or compute the value in the script"),
        }
    }
}
