//! Everything a cmdlet gave, all here: indexed, iterated, and where it is one object, that object's properties.
//!
//! Not here: values still on their way (`stream`).

use std::fmt;
use std::sync::Arc;

use rhai::{Array, Dynamic, Engine, FnPtr, INT, Module, NativeCallContext};

use crate::clixml::PsValue;

use super::super::failure::Failure;
use super::super::state::RhaiResult;
use super::{described, text_of, to_dynamic};

/// The output of one call.
#[derive(Debug, Clone)]
pub struct Results(pub Arc<[PsValue]>);

impl Results {
    fn at(&self, index: INT) -> RhaiResult<Dynamic> {
        let len = self.0.len();
        let place =
            if index < 0 { len.checked_sub(index.unsigned_abs() as usize) } else { usize::try_from(index).ok() };
        place
            .and_then(|place| self.0.get(place))
            .map(to_dynamic)
            .ok_or_else(|| Failure::script(format!("there is no result {index}: there are {len}")).into())
    }

    /// The only value there is; a property can be asked of one object only.
    fn only(&self, name: &str) -> RhaiResult<Dynamic> {
        match &*self.0 {
            [one] => Ok(to_dynamic(one)),
            [] => Err(Failure::script(format!("there is no {name}: the cmdlet gave no result"))
                .hint("ask is_empty() first")
                .into()),
            several => {
                let text = format!("{name} of which? there are {} results", several.len());
                Err(Failure::script(text).hint("use [0], a for loop, or .map(|it| it.…)").into())
            }
        }
    }

    fn to_array(&self) -> Array {
        self.0.iter().map(to_dynamic).collect()
    }
}

impl fmt::Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&text_of(&to_dynamic(value)))?;
        }
        Ok(())
    }
}

/// Iterates in a `for` loop, converting one by one.
pub struct Iter {
    values: Arc<[PsValue]>,
    next: usize,
}

impl Iterator for Iter {
    type Item = Dynamic;

    fn next(&mut self) -> Option<Dynamic> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        Some(to_dynamic(value))
    }
}

impl IntoIterator for Results {
    type Item = Dynamic;
    type IntoIter = Iter;

    fn into_iter(self) -> Iter {
        Iter { values: self.0, next: 0 }
    }
}

/// Registers the type. What takes a function (`filter`, `map` and so on) works on an array of the values.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Results>("Results");
    super::text_forms::<Results>(engine);
    engine.register_iterator::<Results>();
    engine
        .register_get("len", |results: &mut Results| results.0.len() as INT)
        .register_get("is_empty", |results: &mut Results| results.0.is_empty())
        .register_fn("+", |a: Results, b: Results| Results(a.0.iter().chain(b.0.iter()).cloned().collect()))
        .register_indexer_get(|results: &mut Results, index: INT| results.at(index))
        .register_indexer_get(|results: &mut Results, name: &str| read(results, name));
    let mut module = Module::new();
    described("len", &["results: Results", "int"], "How many values there are.")
        .set_into_module(&mut module, |results: &mut Results| results.0.len() as INT);
    described("count", &["results: Results", "int"], "How many values there are.")
        .set_into_module(&mut module, |results: &mut Results| results.0.len() as INT);
    described("is_empty", &["results: Results", "bool"], "Whether there is no value.")
        .set_into_module(&mut module, |results: &mut Results| results.0.is_empty());
    described(
        "contains",
        &["results: Results", "name: &str", "bool"],
        "Whether the only value has that property, or one of the values has that text.",
    )
    .set_into_module(&mut module, contains);
    described(
        "get",
        &["results: Results", "name: &str", "?"],
        "A property of the only value, or `()` when it has none.",
    )
    .set_into_module(&mut module, |results: &mut Results, name: &str| -> RhaiResult<Dynamic> {
        let one = results.only(name)?;
        let record = one.try_cast::<super::Record>();
        Ok(record.and_then(|record| record.get(name)).map_or(Dynamic::UNIT, |value| to_dynamic(&value)))
    });
    engine.register_global_module(module.into());
    for (name, of_arrays) in [
        ("filter", "filter"),
        ("map", "map"),
        ("for_each", "for_each"),
        ("find", "find"),
        ("some", "some"),
        ("all", "all"),
        ("reduce", "reduce"),
    ] {
        engine.register_fn(
            name,
            move |context: NativeCallContext<'_>, results: &mut Results, function: FnPtr| -> RhaiResult<Dynamic> {
                context.call_native_fn(of_arrays, (results.to_array(), function))
            },
        );
    }
}

fn contains(results: &mut Results, name: &str) -> bool {
    let has = |value: &PsValue| {
        to_dynamic(value).try_cast::<super::Record>().is_some_and(|record| record.get(name).is_some())
    };
    matches!(&*results.0, [one] if has(one)) || results.0.iter().any(|value| text_of(&to_dynamic(value)) == name)
}

fn read(results: &mut Results, name: &str) -> RhaiResult<Dynamic> {
    let one = results.only(name)?;
    let Some(record) = one.clone().try_cast::<super::Record>() else {
        let kind = one.type_name().rsplit("::").next().unwrap_or_default().to_owned();
        return Err(Failure::script(format!("the result is a {kind} and has no property {name}")).into());
    };
    record.get(name).map(|value| to_dynamic(&value)).ok_or_else(|| record.missing(name).into())
}
