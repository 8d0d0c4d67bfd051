//! Any value as text: as `"$x"`, as `ToString()`, as a list or a cell shows it.
//!
//! Tables made of properties write numbers otherwise (`number::double_cell`); lexical CLIXML forms are in `clixml`.

use super::{Culture, date, number};
use crate::clixml::{self, Base, ListKind, PsObject, PsValue};

/// Which of PowerShell's texts of a value is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// PowerShell's own conversion: doubles with 15 digits.
    Shell,
    /// .NET's `ToString()`: doubles in full.
    Dotnet,
}

/// `"$x"`: invariant culture, lists joined by blanks; an enumeration value that was read back is its number.
#[must_use]
pub fn interpolated(value: &PsValue) -> String {
    crate::clixml::text::in_string(value).to_text().into_owned()
}

/// The text of a value in a list or a cell: lists in braces, at most `limit` items (−1 for all).
#[must_use]
pub fn display(value: &PsValue, limit: i32, culture: &Culture) -> String {
    let items: Vec<String> = match value {
        PsValue::Bytes(bytes) => bytes.iter().map(u8::to_string).collect(),
        PsValue::Object(object) => match object.base() {
            Base::List(_, items) => items.iter().map(|item| item_name(item, culture)).collect(),
            Base::Dictionary(entries) => entries.iter().map(|(key, item)| entry_text(key, item, culture)).collect(),
            _ => return object_text(object, culture),
        },
        other => return text(other, Form::Shell, culture),
    };
    let shown = usize::try_from(limit).unwrap_or(usize::MAX).min(items.len());
    let mut out = format!("{{{}", items[..shown].join(", "));
    if shown < items.len() {
        out.push('…');
    }
    out.push('}');
    out
}

/// An item of a list in braces.
fn item_name(item: &PsValue, culture: &Culture) -> String {
    match item {
        PsValue::Null => "$null".to_owned(),
        other => shell_text(other, culture),
    }
}

/// `[key, value]`, as .NET writes an entry of a dictionary.
fn entry_text(key: &PsValue, value: &PsValue, culture: &Culture) -> String {
    let part = |value: &PsValue| match value {
        PsValue::Object(_) => shell_text(value, culture),
        other => text(other, Form::Dotnet, culture),
    };
    format!("[{}, {}]", part(key), part(value))
}

/// PowerShell's text of a value: what the pipeline prints for it.
pub(super) fn shell_text(value: &PsValue, culture: &Culture) -> String {
    match value {
        PsValue::Object(object) => object_text(object, culture),
        PsValue::Bytes(bytes) => join(bytes.iter().map(u8::to_string)),
        other => text(other, Form::Shell, culture),
    }
}

/// `ToString()`, which CSV and HTML use: doubles in full, lists joined by blanks, dictionaries by their type.
#[must_use]
pub fn to_string(value: &PsValue, culture: &Culture) -> String {
    match value {
        PsValue::Object(object) => match object.base() {
            Base::Value(inner) if object.to_string_text().is_none() => to_string(&inner, culture),
            _ => object_text(object, culture),
        },
        other => text(other, Form::Dotnet, culture),
    }
}

/// An object's own text: what `ToString` gave at the other end, its items, `@{…}`.
#[must_use]
pub fn object_text(object: &PsObject, culture: &Culture) -> String {
    if let Some(own) = object.to_string_text() {
        return own.to_text().into_owned();
    }
    match object.base() {
        Base::Value(inner) => shell_text(&inner, culture),
        Base::List(_, items) => join(items.iter().map(|item| base_text(item, culture))),
        Base::Dictionary(_) => type_name_of_container(object).unwrap_or_default().to_owned(),
        Base::None => {
            let parts: Vec<String> = object
                .properties()
                .iter()
                .map(|(name, value)| format!("{name}={}", base_text(value, culture)))
                .collect();
            if parts.is_empty() { String::new() } else { format!("@{{{}}}", parts.join("; ")) }
        }
    }
}

/// A value within a list or `@{…}`: containers by their type, property bags as nothing.
fn base_text(value: &PsValue, culture: &Culture) -> String {
    match value {
        PsValue::Object(object) if object.to_string_text().is_none() => match object.base() {
            Base::Value(inner) => shell_text(&inner, culture),
            Base::None => String::new(),
            _ => type_name_of_container(object).unwrap_or_default().to_owned(),
        },
        PsValue::Object(object) => object_text(object, culture),
        other => text(other, Form::Shell, culture),
    }
}

/// The .NET type that a container is when it has been read back.
#[must_use]
pub fn type_name_of_container(object: &PsObject) -> Option<&'static str> {
    Some(match object.base() {
        Base::List(ListKind::Stack, _) => "System.Collections.Stack",
        Base::List(ListKind::Queue, _) => "System.Collections.Queue",
        Base::List(..) => "System.Collections.ArrayList",
        Base::Dictionary(_) if object.type_names().is_some_and(|names| names.contains(ORDERED)) => ORDERED,
        Base::Dictionary(_) => "System.Collections.Hashtable",
        _ => return None,
    })
}

const ORDERED: &str = "System.Collections.Specialized.OrderedDictionary";

/// A primitive as text.
fn text(value: &PsValue, form: Form, culture: &Culture) -> String {
    match value {
        PsValue::F32(number) if form == Form::Shell => number::general(f64::from(*number), 7, culture),
        PsValue::F32(number) => number::round_trip_f32(*number, culture),
        PsValue::F64(number) if form == Form::Shell => number::general(*number, 15, culture),
        PsValue::F64(number) => number::round_trip(*number, culture),
        PsValue::Decimal(number) => culture.localize(number.to_string()),
        PsValue::DateTime(moment) => date::formatted(*moment, "", culture).unwrap_or_default(),
        PsValue::Object(object) => object_text(object, culture),
        other => clixml::text::format(other).to_text().into_owned(),
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: Vec<PsValue>) -> PsValue {
        PsObject::builder().base(Base::List(ListKind::List, items.into())).build().into()
    }

    #[test]
    fn lists_stand_in_braces_up_to_the_limit() {
        let five = list((1..=5).map(PsValue::I32).collect());
        assert_eq!(display(&five, 4, &Culture::EN_US), "{1, 2, 3, 4…}");
        assert_eq!(display(&five, -1, &Culture::EN_US), "{1, 2, 3, 4, 5}");
        assert_eq!(display(&five, 0, &Culture::EN_US), "{…}");
        assert_eq!(interpolated(&five), "1 2 3 4 5");
    }

    #[test]
    fn property_bags_show_one_level() {
        // clixml-golden/values.json, v-object-nested
        let inner = PsObject::bag([("b", PsValue::I32(1))]);
        let outer = PsObject::bag([("a", inner.into()), ("l", list(vec![PsValue::I32(1)]))]);
        assert_eq!(display(&outer.into(), 4, &Culture::EN_US), "@{a=; l=System.Collections.ArrayList}");
    }
}
