//! The kinds of values a library function's parameter takes, and reading them from what people write.
//!
//! Not here: which parameters there are (`document`).

use std::fmt;

use rhai::{Array, Dynamic};

use super::super::basics::{csv, dates};
use super::super::value::{Size, text_of, values_of};

/// What values a parameter takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Any text.
    Text,
    /// Several texts; on the command line with commas between.
    List,
    /// A whole number, of what unit if any.
    Count(Option<String>),
    /// A number of bytes, such as `50 GB`.
    Size,
    /// A day or a point in time, such as `2026-01-31`.
    Date,
    /// True or false.
    Flag,
    /// Rows that have these columns: records or maps; on the command line a CSV file.
    Rows(Vec<String>),
    /// The path of a file.
    File,
    /// One of these words.
    Choice(Vec<String>),
    /// Whatever it is; on the command line text.
    Any,
}

/// Why a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// It should have been this.
    Wanted(String),
    /// It is of the right kind, and this is wrong with it.
    Problem(String),
}

impl Shape {
    /// As comments name it: `count of days`, `Full|Part`, `rows with Name and Address`.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Some(match text.trim() {
            "text" => Self::Text,
            "list" => Self::List,
            "count" => Self::Count(None),
            "size" => Self::Size,
            "date" => Self::Date,
            "flag" => Self::Flag,
            "rows" => Self::Rows(Vec::new()),
            "file" => Self::File,
            "any" => Self::Any,
            other => match (other.strip_prefix("count of "), other.strip_prefix("rows with ")) {
                (Some(unit), _) => Self::Count(Some(unit.to_owned())),
                (_, Some(columns)) => Self::Rows(columns.split(" and ").map(|name| name.trim().to_owned()).collect()),
                _ if other.contains('|') => Self::Choice(other.split('|').map(|word| word.trim().to_owned()).collect()),
                _ => return None,
            },
        })
    }

    /// What stands for the value on a help page.
    #[must_use]
    pub fn placeholder(&self) -> String {
        match self {
            Self::Text | Self::Any => "TEXT".to_owned(),
            Self::List => "A,B,…|@FILE".to_owned(),
            Self::Count(None) => "N".to_owned(),
            Self::Count(Some(unit)) => unit.to_uppercase(),
            Self::Size => "SIZE".to_owned(),
            Self::Date => "DATE".to_owned(),
            Self::Flag => "true|false".to_owned(),
            Self::Rows(_) => "CSV-FILE".to_owned(),
            Self::File => "FILE".to_owned(),
            Self::Choice(words) => words.join("|"),
        }
    }

    /// The value that was meant, from text or from a value that fits already.
    ///
    /// # Errors
    /// What it should have been, or what is wrong with it.
    pub fn read(&self, value: &Dynamic) -> Result<Dynamic, Misfit> {
        let text = value.as_immutable_string_ref().ok().map(|text| text.to_string());
        match (self, text) {
            (Self::Rows(columns), Some(path)) => {
                let rows = csv::read_path(&path).map_err(Misfit::Problem)?;
                with_columns(Dynamic::from(rows), columns)
            }
            (Self::Rows(columns), None) => with_columns(value.clone(), columns),
            (Self::List, Some(text)) if text.starts_with('@') => lines_of(&text[1..]),
            (_, Some(text)) => self.read_text(text),
            (_, None) => self.read_value(value),
        }
        .map_err(|misfit| match misfit {
            Misfit::Wanted(wanted) if wanted.is_empty() => Misfit::Wanted(self.to_string()),
            misfit => misfit,
        })
    }

    fn read_text(&self, text: String) -> Result<Dynamic, Misfit> {
        let other = || Misfit::Wanted(String::new());
        match self {
            Self::List => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Ok(items.map(|item| Dynamic::from(item.to_owned())).collect::<Array>().into())
            }
            Self::Count(_) if text.eq_ignore_ascii_case("unlimited") => Ok(text.into()),
            Self::Count(_) => text.trim().parse::<i64>().map(Dynamic::from).map_err(|_| other()),
            Self::Flag => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Ok(true.into()),
                "false" | "no" | "0" => Ok(false.into()),
                _ => Err(other()),
            },
            Self::Size => Size::parse(&text).map(Dynamic::from).ok_or_else(other),
            Self::Date => dates::parse(&text).map(Dynamic::from).map_err(|_| other()),
            Self::Choice(words) => {
                let known = words.iter().find(|word| word.eq_ignore_ascii_case(&text));
                known.map(|word| word.clone().into()).ok_or_else(other)
            }
            _ => Ok(text.into()),
        }
    }

    fn read_value(&self, value: &Dynamic) -> Result<Dynamic, Misfit> {
        let other = || Misfit::Wanted(String::new());
        match self {
            Self::List if !value.is_array() => Ok(vec![value.clone()].into()),
            Self::Text | Self::File if value.is_array() || value.is_map() => Err(Misfit::Wanted("text".to_owned())),
            Self::Text | Self::File => Ok(text_of(value).into()),
            Self::Count(_) if !value.is_int() => Err(other()),
            Self::Flag if !value.is_bool() => Err(other()),
            Self::Size => match value.as_int() {
                Ok(bytes) => Ok(Dynamic::from(Size::of(bytes))),
                Err(_) if value.is::<Size>() => Ok(value.clone()),
                Err(_) => Err(other()),
            },
            Self::Choice(_) => Err(other()),
            _ => Ok(value.clone()),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("text"),
            Self::List => f.write_str("a list, or @ and a file with one in each line"),
            Self::Count(None) => f.write_str("a whole number"),
            Self::Count(Some(unit)) => write!(f, "a number of {unit}"),
            Self::Size => f.write_str("a size such as 50 GB"),
            Self::Date => f.write_str("a date such as 2026-01-31"),
            Self::Flag => f.write_str("true or false"),
            Self::Rows(columns) if columns.is_empty() => f.write_str("rows or the path of a CSV file"),
            Self::Rows(columns) => write!(f, "rows or the path of a CSV file with {}", columns.join(" and ")),
            Self::File => f.write_str("the path of a file"),
            Self::Choice(words) => f.write_str(&words.join(" or ")),
            Self::Any => f.write_str("any value"),
        }
    }
}

/// The lines of a file that are not empty.
fn lines_of(path: &str) -> Result<Dynamic, Misfit> {
    let text =
        std::fs::read_to_string(path).map_err(|error| Misfit::Problem(format!("cannot read {path}: {error}")))?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(|line| Dynamic::from(line.to_owned())).collect::<Array>().into())
}

/// The rows, unless one has not all of the columns.
fn with_columns(rows: Dynamic, columns: &[String]) -> Result<Dynamic, Misfit> {
    if columns.is_empty() {
        return Ok(rows);
    }
    let problem = |text: String| Misfit::Problem(format!("{text}, which every row needs"));
    for (place, value) in values_of(rows.clone()).enumerate() {
        let value = value.map_err(|error| Misfit::Problem(super::super::diagnose::sentence(&error)))?;
        let has = |name: &str| value.as_object().and_then(|row| row.get(name)).is_some();
        if let Some(missing) = columns.iter().find(|name| !has(name)) {
            return Err(problem(format!("row {} has no {missing}", place + 1)));
        }
    }
    Ok(rows)
}

/// `ResultSize` as an option of a command line: `result-size`.
#[must_use]
pub fn option_name(name: &str) -> String {
    let mut option = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (index, letter) in letters.iter().enumerate() {
        let before_lower = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let after_lower = index > 0 && letters[index - 1].is_lowercase();
        if letter.is_uppercase() && index > 0 && (after_lower || before_lower) {
            option.push('-');
        }
        option.extend(letter.to_lowercase());
    }
    option
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parameters_become_options() {
        for (name, option) in [("ResultSize", "result-size"), ("OOFMessage", "oof-message"), ("To", "to")] {
            assert_eq!(option_name(name), option);
        }
    }

    #[test]
    fn text_becomes_what_was_declared_or_is_refused() {
        let read = |kind: &str, text: &str| Shape::named(kind).unwrap().read(&text.to_owned().into());
        assert_eq!(read("count of days", "90").unwrap().as_int().unwrap(), 90);
        assert_eq!(read("count of days", "many").unwrap_err(), Misfit::Wanted("a number of days".to_owned()));
        assert!(read("flag", "yes").unwrap().as_bool().unwrap());
        assert_eq!(read("list", "a, b").unwrap().into_array().unwrap().len(), 2);
        assert_eq!(text_of(&read("size", "1.5 GB").unwrap()), "1.5 GB (1,610,612,736 bytes)");
        assert_eq!(text_of(&read("Full|Part", "full").unwrap()), "Full");
        assert!(read("Full|Part", "none").is_err());
        assert!(matches!(read("list", "@/no/such/file"), Err(Misfit::Problem(_))));
    }
}
