//! The rows of a job: what each is called, by what it is known again, and what of it must not be written down.
//!
//! Not here: what became of them (`journal`).

use std::collections::HashMap;

use rhai::Dynamic;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::clixml::PsValue;

use super::super::failure::Failure;
use super::super::state::RhaiResult;
use super::super::value::{Record, json_of, text_of, to_dynamic, values_of};

/// Properties by which people know a row, the surest first.
const KEYS: [&str; 9] = [
    "Identity",
    "UserPrincipalName",
    "PrimarySmtpAddress",
    "EmailAddress",
    "Email",
    "User",
    "Mailbox",
    "Alias",
    "Name",
];
/// Parts of names of properties that are nobody's business.
const SECRETS: [&str; 6] = ["password", "passwort", "passwd", "pwd", "secret", "token"];
/// Letters of a key that are written down.
const KEY_MAX: usize = 120;
/// Secrets shorter than this are not looked for in messages: they would be found everywhere.
const SECRET_MIN: usize = 4;

/// A row of a job.
pub(super) struct Row {
    /// What the function gets.
    pub(super) value: Dynamic,
    /// As an object, for the list of failures.
    pub(super) seen: PsValue,
    /// What people call it.
    pub(super) key: String,
    /// By what it is known again: a hash of all that is no secret, and a number where several rows are the same.
    pub(super) id: String,
    secrets: Vec<String>,
}

impl Row {
    /// A message without the secrets of this row.
    pub(super) fn redacted(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "(redacted)"))
    }

    /// Its properties that are no secrets.
    pub(super) fn open_properties(&self) -> Vec<(String, PsValue)> {
        let Some(record) = to_dynamic(&self.seen).try_cast::<Record>() else {
            return vec![("Value".to_owned(), self.seen.clone())];
        };
        let names = record.names().into_iter().filter(|name| !is_secret(name));
        names.map(|name| (name.clone(), record.get(&name).unwrap_or(PsValue::Null))).collect()
    }
}

/// All rows, in order; `key` names the property that people know them by.
pub(super) fn read(given: Dynamic, key: Option<&str>) -> RhaiResult<Vec<Row>> {
    // Elements of an array stay what they are: a map stays a map.
    let originals: Option<Vec<Dynamic>> = given.as_array_ref().ok().map(|items| items.iter().map(plain).collect());
    let seen = values_of(given).collect::<RhaiResult<Vec<PsValue>>>()?;
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut rows = Vec::with_capacity(seen.len());
    for (place, seen) in seen.into_iter().enumerate() {
        let value = originals.as_ref().and_then(|all| all.get(place).cloned()).unwrap_or_else(|| to_dynamic(&seen));
        let mut json = json_of(&seen);
        let mut secrets = Vec::new();
        take_secrets(&mut json, &mut secrets);
        let hash = hash_of([json.to_string().as_str()]);
        let count = known.entry(hash.clone()).or_default();
        *count += 1;
        let id = if *count == 1 { hash } else { format!("{hash}-{count}") };
        let name = name_of(&seen, key, place)?;
        rows.push(Row { value, seen, key: name, id, secrets });
    }
    Ok(rows)
}

/// A copy that shares nothing with the script's variables.
pub(super) fn plain(value: &Dynamic) -> Dynamic {
    let value = value.flatten_clone();
    if let Ok(items) = value.as_array_ref() {
        return items.iter().map(plain).collect::<Vec<_>>().into();
    }
    if let Ok(map) = value.as_map_ref() {
        return map.iter().map(|(name, value)| (name.clone(), plain(value))).collect::<rhai::Map>().into();
    }
    value
}

/// The first half of a SHA-256 over texts, in hexadecimal digits.
pub(super) fn hash_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    hash.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRETS.iter().any(|part| name.contains(part))
}

/// Takes secret properties out, and remembers their texts.
fn take_secrets(json: &mut Value, secrets: &mut Vec<String>) {
    match json {
        Value::Object(entries) => {
            let names: Vec<String> = entries.keys().filter(|name| is_secret(name)).cloned().collect();
            for name in names {
                if let Some(Value::String(text)) = entries.shift_remove(&name)
                    && text.len() >= SECRET_MIN
                {
                    secrets.push(text);
                }
            }
            entries.values_mut().for_each(|value| take_secrets(value, secrets));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| take_secrets(value, secrets)),
        _ => {}
    }
}

fn name_of(seen: &PsValue, key: Option<&str>, place: usize) -> RhaiResult<String> {
    let seen = to_dynamic(seen);
    let record = seen.read_lock::<Record>();
    let text = match (&record, key) {
        (_, Some(key)) if is_secret(key) => {
            return Err(
                Failure::script(format!("{key} looks like a secret, and the key of a row is written down")).into()
            );
        }
        (Some(record), Some(key)) => match record.get(key) {
            Some(value) => text_of(&to_dynamic(&value)),
            None => return Err(Failure::script(format!("row {} has no {key}", place + 1)).into()),
        },
        (Some(record), None) => {
            let named = KEYS.iter().find_map(|name| record.get(name)).filter(|value| !value.is_null());
            named.map_or_else(String::new, |value| text_of(&to_dynamic(&value)))
        }
        (None, _) => text_of(&seen),
    };
    let short: String = text.chars().filter(|letter| !letter.is_control()).take(KEY_MAX).collect();
    Ok(if short.is_empty() { format!("row {}", place + 1) } else { short })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(json: &str) -> Vec<Row> {
        let engine = rhai::Engine::new();
        let values: rhai::Array = engine.eval(json).unwrap();
        read(values.into(), None).unwrap()
    }

    #[test]
    fn equal_rows_are_told_apart_and_a_changed_one_is_another() {
        let all = rows(r#"[#{ Alias: "ann", Quota: 1 }, #{ Alias: "ann", Quota: 1 }, #{ Alias: "ann", Quota: 2 }]"#);
        assert_eq!(all[1].id, format!("{}-2", all[0].id));
        assert_ne!(all[2].id, all[0].id);
        assert_eq!(all[0].key, "ann");
    }

    #[test]
    fn a_password_is_in_no_id_no_list_and_no_message() {
        let all = rows(r##"[#{ Alias: "ann", Password: "hunter22" }, #{ Alias: "ann", Password: "other-one" }]"##);
        assert_eq!(all[1].id, format!("{}-2", all[0].id), "the same row but for its password");
        assert_eq!(all[0].redacted("hunter22 is too short"), "(redacted) is too short");
        assert_eq!(all[0].open_properties().len(), 1);
    }
}
