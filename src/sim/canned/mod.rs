//! An organization made of canned objects: every cmdlet of the catalogue answers from a file, its calls are noted.
//!
//! For trying scripts out and for tests; no call changes anything. The file's form: `cmdlets.<name>` has `columns`
//! (name and type), `objects` (`keys`, `values`), `view`, `type_name`, `lookup`, `session`, `page`; or `same_as`.

mod record;
mod value;

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

pub use record::{canonical, recorded};

use crate::catalog::bind::{BoundCall, text_of};
use crate::clixml::{Base, PsValue};

/// Is told of every call, in the form of [`recorded`].
pub type CallLog = Arc<dyn Fn(&Value) + Send + Sync>;

/// Canned objects.
pub struct CannedObjects {
    cmdlets: Map<String, Value>,
    log: Option<CallLog>,
}

impl fmt::Debug for CannedObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CannedObjects({} cmdlets)", self.cmdlets.len())
    }
}

/// One client's dealings with canned objects: which paging sessions it has used up.
#[derive(Debug)]
pub struct CannedRun {
    objects: Arc<CannedObjects>,
    sessions: Mutex<HashSet<String>>,
}

/// There is no object of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The operation couldn't be performed because object '{identity}' couldn't be found on 'dc01.contoso.com'.")]
pub struct NoSuchObject {
    /// What was looked for.
    pub identity: String,
}

impl CannedObjects {
    /// From the content of an objects file.
    ///
    /// # Errors
    /// When it is no such file.
    pub fn new(document: &Value) -> Result<Self, &'static str> {
        let cmdlets = document.get("cmdlets").and_then(Value::as_object).ok_or("it has no 'cmdlets'")?.clone();
        Ok(Self { cmdlets, log: None })
    }

    /// With somebody who is told of every call.
    #[must_use]
    pub fn with_log(self, log: CallLog) -> Self {
        Self { log: Some(log), ..self }
    }

    /// The tables in which the objects are shown: type and columns.
    pub fn tables(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.cmdlets.values().filter_map(|data| {
            let columns = data.get("view")?.as_array()?.iter().filter_map(Value::as_str).collect();
            Some((data.get("type_name")?.as_str()?, columns))
        })
    }

    /// The entry of a cmdlet, and the one its data are in.
    fn entry(&self, name: &str) -> Option<(&Value, &Value)> {
        let find =
            |name: &str| self.cmdlets.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let own = find(name)?;
        match own.get("same_as").and_then(Value::as_str) {
            Some(other) => Some((own, find(other)?)),
            None => Some((own, own)),
        }
    }
}

impl CannedRun {
    /// For a client that begins now.
    #[must_use]
    pub fn new(objects: Arc<CannedObjects>) -> Self {
        Self { objects, sessions: Mutex::default() }
    }

    /// The objects.
    #[must_use]
    pub fn objects(&self) -> &CannedObjects {
        &self.objects
    }

    /// Notes a call and gives what it emits.
    ///
    /// # Errors
    /// When it asks for something called `missing…`.
    pub fn answer(&self, call: &BoundCall, from_pipeline: bool) -> Result<Vec<PsValue>, NoSuchObject> {
        if let Some(log) = &self.objects.log {
            log(&recorded(call, from_pipeline));
        }
        let own = |name: &str| {
            call.parameters.iter().find(|bound| bound.name.eq_ignore_ascii_case(name)).map(|bound| &bound.value)
        };
        let listed = self.objects.entry(&call.cmdlet);
        let lookup: Vec<&str> = listed
            .and_then(|(own, _)| own.get("lookup").and_then(Value::as_array))
            .map_or_else(|| vec!["Identity"], |names| names.iter().filter_map(Value::as_str).collect());
        let wanted = lookup.iter().find_map(|name| own(name).filter(|value| !value.is_null())).map(identity_text);
        if let Some(identity) = wanted.as_ref().filter(|text| text.to_lowercase().starts_with("missing")) {
            return Err(NoSuchObject { identity: identity.clone() });
        }
        let Some((entry, data)) = listed else { return Ok(Vec::new()) };
        let word = |key: &str| entry.get(key).or_else(|| data.get(key)).and_then(Value::as_str);
        if let Some(value) = word("session").and_then(own)
            && !self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(text_of(value))
        {
            return Ok(Vec::new());
        }
        if word("page").and_then(own).and_then(number).is_some_and(|page| page > 1.0) {
            return Ok(Vec::new());
        }
        let objects = data.get("objects").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut found = picked(objects, wanted.as_deref());
        if let Some(limit) = own("ResultSize").and_then(number) {
            found.truncate(limit.max(0.0) as usize);
        }
        Ok(found.into_iter().map(|object| value::object(data, object)).collect())
    }
}

fn number(value: &PsValue) -> Option<f64> {
    match value {
        PsValue::Null | PsValue::Bool(_) => None,
        other => text_of(other).trim().parse().ok(),
    }
}

/// What a lookup value says: an object by its identity or name, a list joined.
fn identity_text(value: &PsValue) -> String {
    match value {
        PsValue::Object(object) if matches!(object.base(), Base::None) => object
            .get("Identity")
            .or_else(|| object.get("Name"))
            .filter(|found| !found.is_null())
            .map_or_else(|| text_of(value), |found| text_of(&found)),
        other => text_of(other),
    }
}

fn picked<'a>(objects: &'a [Value], wanted: Option<&str>) -> Vec<&'a Value> {
    let keys = |object: &Value| -> Vec<String> {
        let keys = object.get("keys").and_then(Value::as_array);
        keys.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let Some(wanted) = wanted else { return objects.iter().collect() };
    let fits = |key: &String| {
        if wanted.contains('*') {
            super::org::value::wildcard(wanted, key)
        } else {
            key.to_lowercase() == wanted.to_lowercase()
        }
    };
    let found: Vec<&Value> = objects.iter().filter(|object| keys(object).iter().any(fits)).collect();
    if found.is_empty() && !wanted.contains('*') {
        // Any name finds something: what the first object stands for.
        let Some(first) = objects.first().map(keys) else { return found };
        return objects.iter().filter(|object| keys(object) == first).collect();
    }
    found
}
