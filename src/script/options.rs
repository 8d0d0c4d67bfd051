//! Option maps of host functions: PowerShell's spelling or `snake_case`, any case, unambiguous prefixes.
//!
//! Not here: what an option means.

use rhai::{Dynamic, Map};

use crate::catalog::{canonical_key, nearest_name};

use super::failure::Failure;
use super::state::RhaiResult;

/// One option that a function knows: its name, and other names for it.
pub(crate) type Known = (&'static str, &'static [&'static str]);

/// The options of one call, by their proper names.
#[derive(Debug)]
pub(super) struct Options {
    function: &'static str,
    values: Vec<(&'static str, Dynamic)>,
}

impl Options {
    /// Resolves the names in `map`; an unknown, ambiguous or repeated one is an error.
    pub(super) fn read(function: &'static str, known: &[Known], map: Map) -> RhaiResult<Self> {
        let mut values: Vec<(&'static str, Dynamic)> = Vec::with_capacity(map.len());
        for (given, value) in map {
            let name = resolve(function, known, &given)?;
            if values.iter().any(|(earlier, _)| *earlier == name) {
                return Err(Failure::script(format!("{function}: the option {name} is given twice")).into());
            }
            values.push((name, value));
        }
        Ok(Self { function, values })
    }

    /// What they are the options of.
    pub(super) const fn function(&self) -> &'static str {
        self.function
    }

    /// The value of an option; `()` counts as not given.
    pub(super) fn take(&mut self, name: &str) -> Option<Dynamic> {
        let at = self.values.iter().position(|(known, _)| *known == name)?;
        Some(self.values.swap_remove(at).1).filter(|value| !value.is_unit())
    }

    pub(super) fn text(&mut self, name: &str) -> RhaiResult<Option<String>> {
        self.take(name)
            .map(|value| value.into_immutable_string().map(Into::into).map_err(|got| self.wrong(name, "text", got)))
            .transpose()
    }

    pub(super) fn truth(&mut self, name: &str) -> RhaiResult<Option<bool>> {
        self.take(name).map(|value| value.as_bool().map_err(|got| self.wrong(name, "true or false", got))).transpose()
    }

    /// One text or a list of texts.
    pub(super) fn texts(&mut self, name: &str) -> RhaiResult<Option<Vec<String>>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        if let Ok(text) = value.as_immutable_string_ref() {
            return Ok(Some(vec![text.to_string()]));
        }
        let wrong = |got| self.wrong(name, "a text or a list of texts", got);
        let items = value.into_array().map_err(wrong)?;
        let texts = items.into_iter().map(|item| item.into_immutable_string().map(Into::into).map_err(wrong));
        texts.collect::<RhaiResult<_>>().map(Some)
    }

    /// The error for a value of a wrong type.
    pub(super) fn wrong(&self, name: &str, wanted: &str, got: &str) -> super::state::RhaiError {
        Failure::script(format!("{}: {name} takes {wanted}, not a value of type {got}", self.function)).into()
    }
}

fn resolve(function: &str, known: &[Known], given: &str) -> RhaiResult<&'static str> {
    let key = canonical_key(given);
    let names = |option: &Known| std::iter::once(option.0).chain(option.1.iter().copied());
    if let Some(option) = known.iter().find(|option| names(option).any(|name| canonical_key(name) == key)) {
        return Ok(option.0);
    }
    let starts: Vec<&'static str> = known
        .iter()
        .filter(|option| !key.is_empty() && names(option).any(|name| canonical_key(name).starts_with(&key)))
        .map(|option| option.0)
        .collect();
    match starts.as_slice() {
        [one] => Ok(one),
        [] => {
            let near = nearest_name(given, known.iter().flat_map(names));
            let failure = Failure::script(format!("{function} has no option {given}")).did_you_mean(near);
            let all: Vec<&str> = known.iter().map(|option| option.0).collect();
            Err(failure.hint(format!("its options are {}", all.join(", "))).into())
        }
        several => {
            let text = format!("{function}: the option {given} may mean {}", several.join(" or "));
            Err(Failure::script(text).hint("write a little more of it").into())
        }
    }
}
