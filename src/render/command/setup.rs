//! Statements before a view that change how values look.

use std::sync::Arc;

use super::arguments::{Signature, Word, bad};
use super::parse::Words;
use crate::render::RenderError;
use crate::render::settings::{DisplaySet, ErrorView, Settings};
use crate::render::text::Culture;

/// One change of the settings.
#[derive(Debug, Clone)]
pub(super) enum Change {
    EnumerationLimit(i32),
    ErrorView(ErrorView),
    Culture(Culture),
    DisplaySet(DisplaySet),
    /// A culture made to be changed; nothing looks different until it is used.
    Variable(Culture),
    /// Decimals of the culture made before.
    DecimalDigits(usize),
    /// The culture made before becomes the current one.
    UseVariable,
}

/// Makes the changes one after the other.
pub(super) fn apply(changes: &[Change], settings: &mut Settings) {
    let mut made = settings.culture;
    for change in changes {
        match change {
            Change::EnumerationLimit(limit) => settings.enumeration_limit = *limit,
            Change::ErrorView(view) => settings.error_view = *view,
            Change::Culture(culture) => settings.culture = *culture,
            Change::DisplaySet(set) => settings.display_sets.push(set.clone()),
            Change::Variable(culture) => made = *culture,
            Change::DecimalDigits(digits) => made.decimal_digits = *digits,
            Change::UseVariable => settings.culture = made,
        }
    }
}

/// A statement as a change; `None` if it is none.
pub(super) fn change(statement: &str) -> Result<Option<Change>, RenderError> {
    let lower = statement.to_lowercase();
    if lower.starts_with("update-typedata") {
        return display_set(statement).map(Some);
    }
    let Some((name, value)) = statement.split_once('=').filter(|_| lower.starts_with(['$', '['])) else {
        return Ok(None);
    };
    let value = value.trim().trim_matches(['\'', '"']);
    if let Some(name) = value.to_lowercase().strip_prefix("[cultureinfo]::new(") {
        let culture = Culture::named(name.trim_end_matches(')').trim_matches(['\'', '"']));
        return culture
            .map(|culture| Some(Change::Variable(culture)))
            .ok_or_else(|| bad(statement, "this culture is not known here"));
    }
    if name.trim().to_lowercase().ends_with(".numberformat.numberdecimaldigits") {
        let digits = value.parse().map_err(|_| bad(statement, "a number is needed"))?;
        return Ok(Some(Change::DecimalDigits(digits)));
    }
    Ok(Some(match name.trim().to_lowercase().as_str() {
        "$formatenumerationlimit" => {
            Change::EnumerationLimit(value.parse().map_err(|_| bad(statement, "a number is needed"))?)
        }
        "$errorview" => Change::ErrorView(match value.to_lowercase().as_str() {
            "normalview" => ErrorView::Normal,
            "conciseview" => ErrorView::Concise,
            "categoryview" => ErrorView::Category,
            _ => return Err(bad(statement, "there is no such error view")),
        }),
        "[cultureinfo]::currentculture" if value.starts_with('$') => Change::UseVariable,
        "[cultureinfo]::currentculture" => {
            let invariant = value.to_lowercase().ends_with("invariantculture");
            let named = if invariant { Some(Culture::INVARIANT) } else { Culture::named(value) };
            Change::Culture(named.ok_or_else(|| bad(statement, "this culture is not known here"))?)
        }
        _ => return Err(bad(statement, "this setting is not known here")),
    }))
}

const UPDATE_TYPE_DATA: Signature = Signature {
    switches: &["Force"],
    values: &["TypeName", "DefaultDisplayPropertySet", "DefaultDisplayProperty"],
    positions: &[],
};

fn display_set(statement: &str) -> Result<Change, RenderError> {
    let mut words = Words { letters: statement.chars().collect(), at: 0 };
    let mut found = Vec::new();
    while let Some(word) = words.next()? {
        found.push(word);
    }
    found.retain(
        |word| !matches!(word, Word::Argument(argument) if argument.text().eq_ignore_ascii_case("Update-TypeData")),
    );
    let bound = UPDATE_TYPE_DATA.bind(found)?;
    Ok(Change::DisplaySet(DisplaySet {
        type_name: bound.text("TypeName").unwrap_or_default().into(),
        properties: bound.texts("DefaultDisplayPropertySet").into_iter().map(Arc::from).collect(),
        property: bound.text("DefaultDisplayProperty").map(Arc::from),
    }))
}
