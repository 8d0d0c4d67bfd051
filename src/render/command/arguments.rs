//! Words of a view command, and which parameter each belongs to.

use std::collections::HashMap;
use std::sync::Arc;

use crate::render::RenderError;
use crate::render::request::Column;
use crate::render::view::Alignment;

/// An argument.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Argument {
    Text(String),
    Bool(bool),
    Null,
    /// `{ … }`, its text as it stands.
    Script(String),
    /// `@{ … }`
    Table(Vec<(String, Self)>),
    List(Vec<Self>),
}

/// A word of a command.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    /// `-Name`, and what follows a colon right after it.
    Parameter(String, Option<Argument>),
    Argument(Argument),
}

pub(super) fn bad(text: &str, reason: impl Into<String>) -> RenderError {
    RenderError::BadCommand { text: text.to_owned(), reason: reason.into() }
}

impl Argument {
    /// As text.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Script(text) => text.clone(),
            Self::Bool(truth) => if *truth { "True" } else { "False" }.to_owned(),
            Self::Null | Self::Table(_) => String::new(),
            Self::List(items) => items.iter().map(Self::text).collect::<Vec<_>>().join(" "),
        }
    }

    /// Its items, or itself.
    pub(super) fn items(&self) -> Vec<Self> {
        match self {
            Self::List(items) => items.clone(),
            Self::Null => Vec::new(),
            one => vec![one.clone()],
        }
    }

    /// As texts.
    pub(super) fn texts(&self) -> Vec<String> {
        self.items().iter().map(Self::text).collect()
    }

    /// As a number that is not below `least`.
    pub(super) fn number(&self, least: usize) -> Result<usize, RenderError> {
        let number = self.text().parse().map_err(|_| bad(&self.text(), "a number is needed"))?;
        if number < least { Err(bad(&self.text(), format!("the least is {least}"))) } else { Ok(number) }
    }

    /// As a column: a name, a script, or a table with `Expression` and others of `keys`.
    pub(super) fn column(&self, keys: &[&str]) -> Result<Column, RenderError> {
        match self {
            Self::Script(script) => Ok(Column::script(script)),
            Self::Table(entries) => calculated(entries, keys),
            Self::List(_) | Self::Null => Err(bad(&self.text(), "a property is needed")),
            one => Ok(Column::property(&one.text())),
        }
    }

    /// As columns.
    fn columns(&self, keys: &[&str]) -> Result<Vec<Column>, RenderError> {
        self.items().iter().map(|item| item.column(keys)).collect()
    }
}

/// A calculated column; keys may be shortened.
fn calculated(entries: &[(String, Argument)], keys: &[&str]) -> Result<Column, RenderError> {
    let known = |key: &str| !key.is_empty() && keys.iter().any(|known| known.starts_with(&key.to_lowercase()));
    if let Some((key, _)) = entries.iter().find(|(key, _)| !known(key)) {
        return Err(bad(key, format!("a calculated property takes {} here", keys.join(", "))));
    }
    let key = |wanted: &str| {
        entries
            .iter()
            .find(|(key, _)| !key.is_empty() && wanted.starts_with(&key.to_lowercase()))
            .map(|(_, value)| value)
    };
    let expression = key("expression").ok_or_else(|| bad("@{…}", "a calculated column needs an Expression"))?;
    let mut column = expression.column(&[])?;
    column.label = key("label").or_else(|| key("name")).map(|label| Arc::from(label.text()));
    column.format = key("formatstring").map(|format| Arc::from(format.text()));
    column.width = key("width").map(|width| width.number(1)).transpose()?;
    column.depth = key("depth").map(|depth| depth.number(1)).transpose()?;
    if let Some(side) = key("alignment").map(|side| side.text().to_lowercase()) {
        let sides = [("left", Alignment::Left), ("center", Alignment::Center), ("right", Alignment::Right)];
        let meant = sides.iter().find(|(name, _)| !side.is_empty() && name.starts_with(&side));
        column.alignment = meant.ok_or_else(|| bad(&side, "an alignment is left, center or right"))?.1;
    }
    Ok(column)
}

/// The parameters of a cmdlet, bound by name, by prefix or by position.
#[derive(Debug)]
pub(super) struct Bound {
    values: HashMap<&'static str, Argument>,
}

/// What a cmdlet takes: switches, parameters with values, and those that need no name, in order.
pub(super) struct Signature {
    pub(super) switches: &'static [&'static str],
    pub(super) values: &'static [&'static str],
    pub(super) positions: &'static [&'static str],
}

impl Signature {
    fn find(&self, name: &str) -> Result<&'static str, RenderError> {
        let all = || self.switches.iter().chain(self.values);
        if let Some(exact) = all().find(|own| own.eq_ignore_ascii_case(name)) {
            return Ok(exact);
        }
        let lower = name.to_lowercase();
        let mut starts = all().filter(|own| own.to_lowercase().starts_with(&lower));
        match (starts.next(), starts.next()) {
            (Some(only), None) => Ok(only),
            (Some(first), Some(second)) => Err(bad(&format!("-{name}"), format!("it may mean -{first} or -{second}"))),
            (None, _) => Err(bad(&format!("-{name}"), "there is no such parameter")),
        }
    }

    /// Binds the words of a cmdlet.
    pub(super) fn bind(&self, words: Vec<Word>) -> Result<Bound, RenderError> {
        let mut values = HashMap::new();
        let mut free = Vec::new();
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.next() {
            match word {
                Word::Argument(argument) => free.push(argument),
                Word::Parameter(name, glued) => {
                    let own = self.find(&name)?;
                    let value = match glued {
                        Some(value) => value,
                        None if self.switches.contains(&own) => Argument::Bool(true),
                        None => match words.next() {
                            Some(Word::Argument(value)) => value,
                            _ => return Err(bad(&format!("-{name}"), "its value is missing")),
                        },
                    };
                    values.insert(own, value);
                }
            }
        }
        let mut places =
            self.positions.iter().filter(|place| !values.contains_key(**place)).copied().collect::<Vec<_>>();
        places.reverse();
        for argument in free {
            let Some(place) = places.pop() else { return Err(bad(&argument.text(), "it belongs to no parameter")) };
            values.insert(place, argument);
        }
        Ok(Bound { values })
    }
}

impl Bound {
    pub(super) fn get(&self, name: &str) -> Option<&Argument> {
        self.values.get(name)
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !matches!(value, Argument::Bool(false) | Argument::Null))
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(Argument::text)
    }

    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.get(name).map(Argument::texts).unwrap_or_default()
    }

    /// What a switch was set to, if it was.
    pub(super) fn said(&self, name: &str) -> Option<bool> {
        self.get(name).map(|_| self.is(name))
    }

    pub(super) fn number(&self, name: &str, least: usize) -> Result<Option<usize>, RenderError> {
        self.get(name).map(|value| value.number(least)).transpose()
    }

    pub(super) fn columns(&self, name: &str, keys: &[&str]) -> Result<Vec<Column>, RenderError> {
        self.get(name).map_or_else(|| Ok(Vec::new()), |value| value.columns(keys))
    }
}
