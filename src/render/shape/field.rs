//! One value of an object as the text of a cell or a line.

use super::Context;
use crate::clixml::{Base, PsValue};
use crate::render::subject;
use crate::render::text::{self, Culture};
use crate::render::view::Source;
use crate::render::width::strip_escapes;

/// The value that a source gives for an object; `None` if the object has no such property or the script fails.
pub(super) fn raw(context: &Context, source: &Source, value: &PsValue) -> Option<PsValue> {
    match source {
        Source::Property(name) => subject::property(value, name),
        Source::Script(script) => context.problems.evaluate(script, value),
    }
}

/// The value as text; `in_table` for tables made of properties, whose numbers have fixed decimals.
pub(super) fn text(
    context: &Context,
    source: &Source,
    format: Option<&str>,
    value: &PsValue,
    in_table: bool,
) -> String {
    raw(context, source, value).map_or_else(String::new, |found| shown(context, &found, format, in_table))
}

/// A value as text, by a format string if there is one.
pub(super) fn shown(context: &Context, value: &PsValue, format: Option<&str>, in_table: bool) -> String {
    let culture = &context.settings.culture;
    let formatted = match format {
        Some(format) if format.contains("{0") || format.contains('}') => {
            text::composite_of_wrapped(format, value, culture)
        }
        Some(format) if !value.is_null() => text::checked(value, format, culture),
        _ => None,
    };
    // PowerShell shows a value that refuses its format as it shows any other.
    let text = formatted.unwrap_or_else(|| match number_cell(value, culture).filter(|_| in_table) {
        Some(number) => number,
        None => text::display(value, context.settings.enumeration_limit, culture),
    });
    strip_escapes(&text)
}

/// A number with decimals, as tables made of properties show it.
fn number_cell(value: &PsValue, culture: &Culture) -> Option<String> {
    match value {
        PsValue::F64(number) => Some(text::double_cell(*number, culture)),
        PsValue::F32(number) => Some(text::double_cell(f64::from(*number), culture)),
        PsValue::Decimal(number) => Some(text::decimal_cell(*number, culture)),
        PsValue::Object(object) if object.to_string_text().is_none() => match object.base() {
            Base::Value(inner) => number_cell(&inner, culture),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a condition holds; no condition always does.
pub(super) fn holds(context: &Context, condition: Option<&Source>, value: &PsValue) -> bool {
    condition.is_none_or(|condition| raw(context, condition, value).is_some_and(|found| subject::is_true(&found)))
}
