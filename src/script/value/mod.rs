//! Values of PowerShell as values of Rhai, and back; each property converts when it is read.
//!
//! Records stay what they are, shared handles on what arrived: never Rhai maps. Not here: how they are printed as tables.

mod back;
mod chain;
mod json;
mod missing;
mod query;
mod record;
mod results;
mod scalar;
mod size;
mod stream;
mod time;

use std::any::TypeId;
use std::cmp::Ordering;
use std::fmt::Display;
use std::sync::Arc;

use rhai::{Dynamic, Engine, FuncRegistration, INT, Variant};
use rust_decimal::Decimal as Number;

use crate::clixml::{Base, PsObject, PsValue};
use crate::secret::Credential;

pub(super) use chain::register as register_chains;
pub(super) use json::to_json as json_of;
pub use missing::hint_for_missing;
pub(super) use missing::{Unseen, spelt};
pub use record::Record;
pub(super) use record::{add_getter, ordered};
pub use results::Results;
pub use scalar::{Decimal, EnumValue, Guid, Version};
pub use size::Size;
pub use stream::RecordStream;
pub use time::{DateTime, TimeSpan};

pub use back::list as list_of;
pub(super) use back::{Secret, credential_value, from_dynamic};
#[cfg(test)]
pub(super) use query::option_names;
pub(super) use query::{Columns, columns_of, options_alone};
pub(super) use stream::{EngineHandle, shown, values_of};

/// Tells the person something that is no error.
pub(super) type Warn = Arc<dyn Fn(&str) + Send + Sync>;

/// Registers all types; `warn` hears of what is no error but hardly meant.
pub(super) fn register(engine: &mut Engine, warn: &Warn) {
    record::register(engine);
    results::register(engine);
    scalar::register(engine);
    size::register(engine);
    time::register(engine);
    back::register(engine);
    json::register(engine);
    stream::register(engine);
    query::register(engine, warn);
}

/// What a script sees of a value.
pub fn to_dynamic(value: &PsValue) -> Dynamic {
    match value {
        PsValue::Null => Dynamic::UNIT,
        PsValue::Bool(value) => (*value).into(),
        PsValue::Char(unit) => match char::decode_utf16([*unit]).next() {
            Some(Ok(letter)) => letter.into(),
            _ => char::REPLACEMENT_CHARACTER.into(),
        },
        PsValue::F32(number) => shortest(*number).into(),
        PsValue::F64(number) => (*number).into(),
        PsValue::Decimal(number) => Dynamic::from(Decimal(*number)),
        PsValue::String(text) => from_text(&text.to_text()),
        PsValue::Uri(text) | PsValue::Xml(text) | PsValue::ScriptBlock(text) => text.to_text().into_owned().into(),
        PsValue::DateTime(date) => Dynamic::from(DateTime(*date)),
        PsValue::TimeSpan(span) => Dynamic::from(TimeSpan(*span)),
        PsValue::Guid(guid) => Dynamic::from(Guid(*guid)),
        PsValue::Version(version) => Dynamic::from(Version(*version)),
        PsValue::Bytes(bytes) => Dynamic::from_blob(bytes.to_vec()),
        PsValue::SecureString(secret) => Dynamic::from(Secret(secret.clone())),
        PsValue::Progress(progress) => progress.status_description.to_text().into_owned().into(),
        PsValue::Object(object) => from_object(object),
        number => match whole_number(number) {
            Some(number) => number.into(),
            // Only u64 beyond i64 comes here.
            None => match number {
                PsValue::U64(number) => Dynamic::from(Decimal(Number::from(*number))),
                _ => Dynamic::UNIT,
            },
        },
    }
}

/// Text is text, unless it is a size in exactly the form Exchange writes.
fn from_text(text: &str) -> Dynamic {
    if text.ends_with(" bytes)")
        && let Some(size) = Size::from_exchange(text)
    {
        return Dynamic::from(size);
    }
    text.into()
}

/// The double that prints like the single: 0.1 stays 0.1.
fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| number.into())
}

fn from_object(object: &PsObject) -> Dynamic {
    match object.base() {
        Base::List(_, items) => return items.iter().map(to_dynamic).collect::<rhai::Array>().into(),
        Base::Value(value) => {
            if let Some(named) = EnumValue::from_object(object) {
                return Dynamic::from(named);
            }
            // A decorated primitive is that primitive, unless somebody hung properties on it.
            if object.properties().is_empty() {
                return to_dynamic(&value);
            }
        }
        Base::Dictionary(_) => {}
        Base::None => {
            if let Some(typed) = typed_object(object) {
                return typed;
            }
        }
    }
    Dynamic::from(Record(object.clone()))
}

/// Objects that are really one value: sizes, limits, spans of Exchange's own kind.
fn typed_object(object: &PsObject) -> Option<Dynamic> {
    let types = object.type_names()?;
    let name = types.first()?;
    let plain = name.strip_prefix("Deserialized.").unwrap_or(name);
    if !plain.starts_with("Microsoft.Exchange.Data.") {
        return None;
    }
    if let Some(size) = Size::from_object(object, name) {
        return Some(Dynamic::from(size));
    }
    if plain == "Microsoft.Exchange.Data.EnhancedTimeSpan" {
        let ticks = object.get("Ticks").as_ref().and_then(whole_number)?;
        return Some(Dynamic::from(TimeSpan(crate::clixml::PsTimeSpan { ticks })));
    }
    if plain.starts_with("Microsoft.Exchange.Data.Unlimited`1[[System.") {
        return object.to_string_text()?.to_text().parse::<INT>().ok().map(Dynamic::from);
    }
    None
}

/// Any whole number that fits.
pub(super) fn whole_number(value: &PsValue) -> Option<INT> {
    value.as_integer().and_then(|number| number.try_into().ok())
}

/// A Rhai value as text, as `print` shows it (Rhai's own `Display` knows no types of ours).
#[must_use]
pub fn text_of(value: &Dynamic) -> String {
    macro_rules! own {
        ($($kind:ty),+) => {
            $(if let Some(inner) = value.read_lock::<$kind>() { return inner.to_string(); })+
        };
    }
    own!(Record, Results, Size, EnumValue, DateTime, TimeSpan, Guid, Version, Decimal, Secret, Credential);
    if let Ok(items) = value.as_array_ref() {
        return format!("[{}]", items.iter().map(text_of).collect::<Vec<_>>().join(", "));
    }
    value.to_string()
}

/// Begins to register a documented function that changes none of its arguments; `text` may have several lines.
pub(super) fn described(name: &'static str, parameters: &[&'static str], text: &str) -> FuncRegistration {
    let comments = text.lines().map(|line| format!("/// {line}").trim_end().to_owned()).collect::<Vec<_>>();
    FuncRegistration::new(name).with_purity(true).with_params_info(parameters).with_comments(comments)
}

/// Printing, interpolation and `+` with text, all by `Display`.
fn text_forms<T: Variant + Clone + Display>(engine: &mut Engine) {
    engine
        .register_fn("to_string", |value: &mut T| value.to_string())
        .register_fn("to_debug", |value: &mut T| value.to_string())
        .register_fn("print", |value: &mut T| value.to_string())
        .register_fn("debug", |value: &mut T| value.to_string());
}

/// The six comparisons, both ways round; values without an order are unequal and never less or greater.
fn comparisons<A, B>(engine: &mut Engine, compare: fn(&A, &B) -> Option<Ordering>)
where
    A: Variant + Clone,
    B: Variant + Clone,
{
    type Test = fn(Option<Ordering>) -> bool;
    let tests: [(&str, Test, Test); 6] = [
        ("==", |order| order == Some(Ordering::Equal), |order| order == Some(Ordering::Equal)),
        ("!=", |order| order != Some(Ordering::Equal), |order| order != Some(Ordering::Equal)),
        ("<", |order| order.is_some_and(Ordering::is_lt), |order| order.is_some_and(Ordering::is_gt)),
        ("<=", |order| order.is_some_and(Ordering::is_le), |order| order.is_some_and(Ordering::is_ge)),
        (">", |order| order.is_some_and(Ordering::is_gt), |order| order.is_some_and(Ordering::is_lt)),
        (">=", |order| order.is_some_and(Ordering::is_ge), |order| order.is_some_and(Ordering::is_le)),
    ];
    for (name, forward, backward) in tests {
        engine.register_fn(name, move |a: A, b: B| forward(compare(&a, &b)));
        if TypeId::of::<A>() != TypeId::of::<B>() {
            engine.register_fn(name, move |b: B, a: A| backward(compare(&a, &b)));
        }
    }
}

#[cfg(test)]
mod tests;
