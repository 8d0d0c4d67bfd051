//! Which parts of our output get which colours.
//!
//! Whether there are colours at all is decided by the caller (terminal, `NO_COLOR`, `--color`) and passed in.

/// A part of the output that may be coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The word `error` and what it marks.
    Error,
    /// The word `warning` and what it marks.
    Warning,
    /// The word `note` and what it marks.
    Note,
    /// The word `hint`.
    Hint,
    /// Headers of tables and labels of lists.
    Header,
    /// Lines, line numbers, gutters.
    Frame,
    /// What was left out or is not there.
    Muted,
    /// Numbers in tables.
    Number,
    /// The message itself.
    Emphasis,
    /// The row that a cursor is on.
    Selected,
}

/// Plain text or colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// No escape sequences at all.
    #[default]
    Plain,
    /// The sixteen colours every terminal has.
    Colour,
}

impl Theme {
    /// Colours if `wanted`.
    #[must_use]
    pub const fn when(wanted: bool) -> Self {
        if wanted { Self::Colour } else { Self::Plain }
    }

    /// `text` as `part` looks.
    #[must_use]
    pub fn paint(self, part: Part, text: &str) -> String {
        if self == Self::Plain || text.is_empty() {
            return text.to_owned();
        }
        let code = match part {
            Part::Error => "1;31",
            Part::Warning => "1;33",
            Part::Note => "1;36",
            Part::Hint => "1;32",
            Part::Header => "32",
            Part::Frame => "34",
            Part::Muted => "90",
            Part::Number => "36",
            Part::Emphasis => "1",
            Part::Selected => "7",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
