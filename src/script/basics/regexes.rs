//! Patterns of text: `is_match`, `find_match`, `find_matches`, `replace_match`, `split_match`.
//!
//! The patterns are those of the regex crate, which take linear time; PowerShell's own are in `ps`.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::{Mutex, OnceLock};

use regex::{Captures, Regex};
use rhai::{Array, Dynamic, Map, Module};

use super::super::failure::Failure;
use super::super::state::{RhaiResult, lock};
use super::described;

/// Compiled patterns that are kept; a script that makes up more starts over.
const KEPT_MAX: usize = 256;

const MATCHES: &str = "Whether a text has a part that a pattern describes.\n\
    # Example\n\
    ```rhai\n\
    print(\"EX01.contoso.com\".is_match(`^EX\\d+\\.`));\n\
    print(\"ex01\".is_match(\"(?i)^EX\"));\n\
    ```\n\
    ```text\n\
    true\n\
    true\n\
    ```";
const FIND: &str = "The first part of a text that a pattern describes, or `()`; `find_matches` gives all of them. A map with `text`,\n\
    `groups` (an array, without the whole) and each named group by its name.\n\
    # Example\n\
    ```rhai\n\
    let found = \"ann@contoso.com\".find_match(\"(?<user>[^@]+)@(?<domain>.+)\");\n\
    print(`${found.user} of ${found.domain}`);\n\
    print(\"a1b22\".find_matches(`\\d+`).map(|it| it.text));\n\
    print(\"none\".find_match(`\\d`) == ());\n\
    ```\n\
    ```text\n\
    ann of contoso.com\n\
    [\"1\", \"22\"]\n\
    true\n\
    ```";
const REPLACE: &str = "The text with every part that a pattern describes replaced; `$1` or `$name` is a group of it.\n\
    # Example\n\
    ```rhai\n\
    print(\"Archer, Alice\".replace_match(`(\\w+), (\\w+)`, \"$2 $1\"));\n\
    ```\n\
    ```text\n\
    Alice Archer\n\
    ```";
const SPLIT: &str = "The parts of a text between those that a pattern describes.\n\
    # Example\n\
    ```rhai\n\
    print(\"ann; bob,carol\".split_match(`[;,]\\s*`));\n\
    ```\n\
    ```text\n\
    [\"ann\", \"bob\", \"carol\"]\n\
    ```";

/// Registers the functions.
pub(super) fn register(module: &mut Module) {
    described("is_match", &["text: &str", "pattern: &str", "bool"], MATCHES)
        .set_into_module(module, |text: &str, pattern: &str| -> RhaiResult<bool> {
            Ok(compiled(pattern)?.is_match(text))
        });
    described("find_match", &["text: &str", "pattern: &str", "?"], FIND).set_into_module(
        module,
        |text: &str, pattern: &str| -> RhaiResult<Dynamic> {
            let regex = compiled(pattern)?;
            Ok(regex.captures(text).map_or(Dynamic::UNIT, |found| groups(&regex, &found).into()))
        },
    );
    described("find_matches", &["text: &str", "pattern: &str", "array"], FIND).set_into_module(
        module,
        |text: &str, pattern: &str| -> RhaiResult<Array> {
            let regex = compiled(pattern)?;
            Ok(regex.captures_iter(text).map(|found| groups(&regex, &found).into()).collect())
        },
    );
    described("replace_match", &["text: &str", "pattern: &str", "with: &str", "string"], REPLACE).set_into_module(
        module,
        |text: &str, pattern: &str, with: &str| -> RhaiResult<String> {
            Ok(compiled(pattern)?.replace_all(text, with).into_owned())
        },
    );
    described("split_match", &["text: &str", "pattern: &str", "array"], SPLIT).set_into_module(
        module,
        |text: &str, pattern: &str| -> RhaiResult<Array> {
            Ok(compiled(pattern)?.split(text).map(|part| Dynamic::from(part.to_owned())).collect())
        },
    );
}

fn groups(regex: &Regex, found: &Captures<'_>) -> Map {
    let text =
        |group: Option<regex::Match<'_>>| group.map_or(Dynamic::UNIT, |group| Dynamic::from(group.as_str().to_owned()));
    let mut map = Map::new();
    map.insert("text".into(), text(found.get(0)));
    map.insert("groups".into(), found.iter().skip(1).map(text).collect::<Array>().into());
    for name in regex.capture_names().flatten() {
        map.insert(name.into(), text(found.name(name)));
    }
    map
}

fn compiled(pattern: &str) -> RhaiResult<Arc<Regex>> {
    static KEPT: OnceLock<Mutex<HashMap<String, Arc<Regex>>>> = OnceLock::new();
    let mut kept = lock(KEPT.get_or_init(Mutex::default));
    if let Some(regex) = kept.get(pattern) {
        return Ok(regex.clone());
    }
    let regex = Regex::new(pattern).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Failure::script(format!("{pattern:?} is no pattern: {reason}"))
    })?;
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    let regex = Arc::new(regex);
    kept.insert(pattern.to_owned(), regex.clone());
    Ok(regex)
}
