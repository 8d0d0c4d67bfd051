//! One object that arrived: properties by any spelling, text, type names; a shared handle, cheap to pass around.
//!
//! Not a Rhai map, so that a map among the arguments of a cmdlet is always its parameters.

use std::fmt;

use rhai::{Array, Dynamic, Engine, EvalAltResult, FuncRegistration, ImmutableString, Map, Module, Position};

use crate::catalog::canonical_key;
use crate::clixml::{Base, PsObject, PsObjectBuilder, PsValue, TypeNames};
use crate::render::OWN_RECORD;

use super::super::failure::Failure;
use super::super::state::RhaiResult;
use super::stream::shown;
use super::{described, hint_for_missing, text_of, to_dynamic};

/// An object with properties.
#[derive(Debug, Clone)]
pub struct Record(pub PsObject);

impl Record {
    /// The value of a property by its name in any case, or in `snake_case`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<PsValue> {
        if let Some(value) = self.0.get(name) {
            return Some(value);
        }
        if let Base::Dictionary(entries) = self.0.base() {
            let found = entries.iter().find(|(key, _)| key_text(key).eq_ignore_ascii_case(name));
            if let Some((_, value)) = found {
                return Some(value.clone());
            }
        }
        if !name.contains('_') {
            return None;
        }
        let wanted = canonical_key(name);
        self.0.properties().into_iter().find(|(known, _)| canonical_key(known) == wanted).map(|(_, value)| value)
    }

    /// The names of its properties in order; of a dictionary, its keys first.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        if let Base::Dictionary(entries) = self.0.base() {
            names.extend(entries.iter().map(|(key, _)| key_text(key)));
        }
        names.extend(self.0.properties().into_iter().map(|(name, _)| name.to_string()));
        names
    }

    /// The error for a property that is not there.
    pub(super) fn missing(&self, name: &str) -> Failure {
        let failure = Failure::script(format!("there is no property {name}")).with("property", name.to_owned());
        failure.hint(hint_for_missing(name, &self.names()))
    }

    fn read(&mut self, name: &str) -> RhaiResult<Dynamic> {
        match self.get(name) {
            Some(value) => Ok(to_dynamic(&value)),
            None => Err(self.missing(name).into()),
        }
    }
}

/// A record of a script's own, its properties in this order.
pub(in crate::script) fn ordered<N: AsRef<str>>(properties: impl IntoIterator<Item = (N, Dynamic)>) -> Dynamic {
    Dynamic::from(Record(object_of(TypeNames::new([OWN_RECORD, BAG, "System.Object"]), properties)))
}

/// A map as an object, its properties in this order.
pub(super) fn bag_of<N: AsRef<str>>(properties: impl IntoIterator<Item = (N, Dynamic)>) -> PsObject {
    object_of(TypeNames::new([BAG, "System.Object"]), properties)
}

const BAG: &str = "System.Management.Automation.PSCustomObject";

fn object_of<N: AsRef<str>>(types: TypeNames, properties: impl IntoIterator<Item = (N, Dynamic)>) -> PsObject {
    let add = |object: PsObjectBuilder, (name, value): (N, Dynamic)| object.extended(name.as_ref(), shown(value));
    properties.into_iter().fold(PsObject::builder().types(types), add).build()
}

/// A getter for one property of records. Without it Rhai, which looks for one first, words an error about not finding
/// it each time before it asks the indexer; a property that is not there is still the indexer's to explain.
pub(in crate::script) fn add_getter(module: &mut Module, name: &ImmutableString) {
    let own = name.clone();
    FuncRegistration::new_getter(name).with_purity(true).set_into_module(
        module,
        move |record: &mut Record| -> RhaiResult<Dynamic> {
            let value = record.get(&own).map(|value| to_dynamic(&value));
            value.ok_or_else(|| EvalAltResult::ErrorDotExpr(String::new(), Position::NONE).into())
        },
    );
}

fn key_text(key: &PsValue) -> String {
    text_of(&to_dynamic(key))
}

/// What `ToString()` gave; else the properties as `@{a=1; b=x}`; else the name of the type.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.0.to_string_text().filter(|text| !text.is_empty()) {
            return f.write_str(&text.to_text());
        }
        let names = self.names();
        if names.is_empty() {
            let types = self.0.type_names().unwrap_or_default();
            return f.write_str(types.first().unwrap_or_default());
        }
        f.write_str("@{")?;
        for (index, name) in names.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            let value = self.get(name).unwrap_or(PsValue::Null);
            write!(f, "{separator}{name}={}", inner_text(&value))?;
        }
        f.write_str("}")
    }
}

/// A value inside another's text: objects inside it only by their own text or type.
fn inner_text(value: &PsValue) -> String {
    let PsValue::Object(object) = value else { return text_of(&to_dynamic(value)) };
    match (object.to_string_text(), object.base()) {
        (Some(text), _) => text.to_text().into_owned(),
        (None, Base::List(_, items)) => items.iter().map(inner_text).collect::<Vec<_>>().join(" "),
        _ => object.type_names().unwrap_or_default().first().unwrap_or_default().to_owned(),
    }
}

/// Registers the type.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Record>("Record");
    super::text_forms::<Record>(engine);
    engine
        // No setter: Rhai would call it after every method of a property's value, whether that changed or not.
        .register_indexer_get(|record: &mut Record, name: &str| record.read(name));
    let mut module = Module::new();
    described(
        "contains",
        &["record: Record", "name: &str", "bool"],
        "Whether the record has a property of that name; also `\"Name\" in record`.",
    )
    .set_into_module(&mut module, |record: &mut Record, name: &str| record.get(name).is_some());
    described("get", &["record: Record", "name: &str", "?"], "The value of a property, or `()` when there is none.")
        .set_into_module(&mut module, |record: &mut Record, name: &str| {
            record.get(name).map_or(Dynamic::UNIT, |value| to_dynamic(&value))
        });
    described(
        "get",
        &["record: Record", "name: &str", "default: ?", "?"],
        "The value of a property, or `default` when there is none.",
    )
    .set_into_module(&mut module, |record: &mut Record, name: &str, default: Dynamic| {
        record.get(name).map_or(default, |value| to_dynamic(&value))
    });
    described("keys", &["record: Record", "array"], "The names of the properties, in order.")
        .set_into_module(&mut module, |record: &mut Record| {
            record.names().into_iter().map(Dynamic::from).collect::<Array>()
        });
    described("values", &["record: Record", "array"], "The values of the properties, in order.").set_into_module(
        &mut module,
        |record: &mut Record| {
            let value = |name: &String| record.get(name).map_or(Dynamic::UNIT, |value| to_dynamic(&value));
            record.names().iter().map(value).collect::<Array>()
        },
    );
    described("to_map", &["record: Record", "map"], "A copy of the properties that can be changed.").set_into_module(
        &mut module,
        |record: &mut Record| {
            let entry = |name: String| {
                let value = record.get(&name).map_or(Dynamic::UNIT, |value| to_dynamic(&value));
                (name.into(), value)
            };
            record.names().into_iter().map(entry).collect::<Map>()
        },
    );
    described("type_names", &["record: Record", "array"], "The type names the server gave, most derived first.")
        .set_into_module(&mut module, |record: &mut Record| {
            let types = record.0.type_names().unwrap_or_default();
            types.iter().map(|name| Dynamic::from(name.to_owned())).collect::<Array>()
        });
    described(
        "to_value",
        &["record: Record", "?"],
        "The plain value behind a decorated one; the record itself when there is none.",
    )
    .set_into_module(&mut module, |record: &mut Record| match record.0.base() {
        Base::Value(value) => to_dynamic(&value),
        _ => Dynamic::from(record.clone()),
    });
    engine.register_global_module(module.into());
    super::comparisons::<Record, Record>(engine, |a, b| {
        let same = a.0.same(&b.0) || (a.0.to_string_text().is_some() && a.to_string() == b.to_string());
        if same {
            Some(std::cmp::Ordering::Equal)
        } else {
            a.to_string().partial_cmp(&b.to_string()).filter(|order| order.is_ne())
        }
    });
    super::comparisons::<Record, rhai::ImmutableString>(engine, |a, b| a.to_string().as_str().partial_cmp(b.as_str()));
}
