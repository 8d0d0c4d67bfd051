//! Sources of `shared/data/cmdlet-traces` that consist of plain calls with literal arguments, bound by ours.
//!
//! The reader of these sources here knows words, quotes, numbers and lists only; a source with anything else is left out.

use exsh::catalog::Catalog;
use exsh::catalog::bind::{Argument, Binder, Flavour, Given, parse_number};
use exsh::clixml::{Base, DateTimeKind, ListKind, PsDateTime, PsObject, PsString, PsValue};
use serde_json::{Map, Value, json};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/cmdlet-traces");

#[test]
fn plain_calls_bind_as_real_powershell_bound_them() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for file in ["own-open.json", "examples-open.json"] {
        let Ok(text) = std::fs::read(format!("{FOLDER}/{file}")) else {
            println!("skipped: ../shared/data is absent");
            return;
        };
        let file: Value = serde_json::from_slice(&text).unwrap();
        for trace in file["traces"].as_array().unwrap() {
            let Some((calls, errors)) = bind_source(trace["source"].as_str().unwrap()) else { continue };
            let expected_calls: Vec<Value> = trace["calls"]
                .as_array()
                .unwrap()
                .iter()
                .map(|call| json!([call["cmdlet"], call["parameters"]]))
                .collect();
            let expected_errors: Vec<&str> = match (trace["errors"].as_array(), trace["outcome"].as_str().unwrap()) {
                (Some(errors), _) => errors.iter().filter_map(Value::as_str).collect(),
                (None, "ok") => Vec::new(),
                (None, outcome) => vec![outcome],
            };
            let expected_errors: Vec<&str> =
                expected_errors.into_iter().filter(|id| !id.starts_with("ObjectNotFound")).collect();
            if trace["outcome"].as_str().unwrap().starts_with("parse error")
                || expected_errors.contains(&"CommandNotFoundException")
            {
                continue;
            }
            compared += 1;
            if calls != expected_calls || errors != expected_errors {
                wrong.push(format!(
                    "{}\n  source   {}\n  expected {} {expected_errors:?}\n  bound    {} {errors:?}",
                    trace["id"].as_str().unwrap(),
                    trace["source"].as_str().unwrap().trim(),
                    Value::from(expected_calls),
                    Value::from(calls),
                ));
            }
        }
    }
    println!("{compared} sources compared, {} differ", wrong.len());
    assert!(compared > 400, "only {compared} sources could be read");
    assert!(wrong.is_empty(), "{} of {compared} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Calls and error ids of a source of plain calls; `None` if it is anything else.
fn bind_source(source: &str) -> Option<(Vec<Value>, Vec<String>)> {
    let mut calls = Vec::new();
    let mut errors = Vec::new();
    let joined = source.replace("`\n", " ");
    for line in joined.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with('\'') && !line.contains('|') {
            continue;
        }
        let words = words(line)?;
        let (first, arguments) = words.split_first()?;
        let Word::Value(Given { value: PsValue::String(name), .. }) = first else { return None };
        let cmdlet = Catalog::built_in().find(&name.to_text())?;
        let arguments = arguments.iter().map(Word::to_argument).collect();
        match Binder::new(&cmdlet, Flavour::Function).prepare(arguments, false).and_then(|prepared| prepared.call()) {
            Ok(call) => {
                let parameters: Map<String, Value> =
                    call.parameters.iter().map(|bound| (bound.name.to_string(), canonical(&bound.value))).collect();
                let mut sorted: Vec<_> = parameters.into_iter().collect();
                sorted.sort_by(|a, b| a.0.cmp(&b.0));
                calls.push(json!([call.cmdlet, sorted.into_iter().collect::<Map<_, _>>()]));
            }
            Err(error) => errors.push(error.fully_qualified_id()),
        }
    }
    Some((calls, errors))
}

#[derive(Debug, Clone)]
enum Word {
    Name(String),
    NameValue(String, Given),
    Value(Given),
    End,
}

impl Word {
    fn to_argument(&self) -> Argument {
        match self.clone() {
            Self::Name(name) => Argument::Name(name),
            Self::NameValue(name, given) => Argument::NameValue(name, given),
            Self::Value(given) => Argument::Value(given),
            Self::End => Argument::EndOfNames,
        }
    }
}

/// The words of one call; `| Out-Null` and `| Format-...` at the end are dropped.
fn words(line: &str) -> Option<Vec<Word>> {
    let line = match line.split_once(" | ") {
        Some((call, rest)) if rest == "Out-Null" || rest.starts_with("Format-") && !rest.contains('|') => call,
        Some(_) => return None,
        None => line,
    };
    let mut words = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("-- ") {
            words.push(Word::End);
            rest = after.trim_start();
            continue;
        }
        let is_name = rest.starts_with('-') && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic());
        if is_name && !words.is_empty() {
            let end = rest.find(|c: char| c == ':' || c.is_whitespace()).unwrap_or(rest.len());
            let name = rest[1..end].to_owned();
            if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return None;
            }
            if rest[end..].starts_with(':') {
                let (given, after) = value(rest[end + 1..].trim_start())?;
                words.push(Word::NameValue(name, given));
                rest = after.trim_start();
            } else {
                words.push(Word::Name(name));
                rest = rest[end..].trim_start();
            }
            continue;
        }
        let (given, after) = value(rest)?;
        words.push(Word::Value(given));
        rest = after.trim_start();
    }
    Some(words)
}

/// A value with what follows it: one item, or several with commas.
fn value(text: &str) -> Option<(Given, &str)> {
    let (first, mut rest) = item(text)?;
    let mut items = vec![first];
    while let Some(after) = rest.trim_start().strip_prefix(',') {
        let (next, after) = item(after.trim_start())?;
        items.push(next);
        rest = after;
    }
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return None;
    }
    match items.len() {
        1 => Some((items.remove(0), rest)),
        _ => Some((list(items.into_iter().map(|given| given.value).collect()).into(), rest)),
    }
}

fn item(text: &str) -> Option<(Given, &str)> {
    let quote = text.chars().next()?;
    if quote == '\'' || quote == '"' {
        let end = text[1..].find(quote)? + 1;
        let (inside, after) = (&text[1..end], &text[end + 1..]);
        let plain = !after.starts_with(quote) && (quote == '\'' || !inside.contains(['$', '`']));
        return plain.then(|| (PsValue::from(inside).into(), after));
    }
    let end = text.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    let given = match word.to_ascii_lowercase().as_str() {
        "$true" => PsValue::Bool(true).into(),
        "$false" => PsValue::Bool(false).into(),
        "$null" => PsValue::Null.into(),
        _ if word.is_empty()
            || word.contains(['$', '(', ')', '{', '}', '@', ';', '|', '"', '\'', '`', '&', '<', '>', '[', ']']) =>
        {
            return None;
        }
        // In argument position a negative number is text.
        _ => match parse_number(word).filter(|_| !word.starts_with('-')) {
            Some(value) => Given { value, spelling: Some(PsString::from(word)) },
            None => PsValue::from(word).into(),
        },
    };
    Some((given, after))
}

fn list(items: Vec<PsValue>) -> PsValue {
    PsObject::builder().base(Base::List(ListKind::List, items.into())).build().into()
}

/// The canonical form of the traces.
fn canonical(value: &PsValue) -> Value {
    match value {
        PsValue::Null => Value::Null,
        PsValue::Bool(value) => json!(value),
        PsValue::U8(number) => json!(number),
        PsValue::U16(number) => json!(number),
        PsValue::I16(number) => json!(number),
        PsValue::I32(number) => json!(number),
        PsValue::U32(number) => json!(number),
        PsValue::I64(number) => json!(number),
        PsValue::U64(number) => json!(number),
        PsValue::F64(number) if number.fract() == 0.0 => json!(*number as i64),
        PsValue::F64(number) => json!(number),
        PsValue::String(text) | PsValue::Uri(text) => json!(text.to_text()),
        PsValue::Guid(guid) => json!(guid.to_string()),
        PsValue::Version(version) => json!(version.to_string()),
        PsValue::TimeSpan(span) => json!({ "timespan": span.ticks }),
        PsValue::DateTime(date) => canonical_date(*date),
        PsValue::Object(object) => match object.base() {
            Base::List(_, items) => items.iter().map(canonical).collect(),
            other => panic!("no canonical form for {other:?}"),
        },
        other => panic!("no canonical form for {other:?}"),
    }
}

fn canonical_date(date: PsDateTime) -> Value {
    let seconds = date.ticks / PsDateTime::TICKS_PER_SECOND - 62_135_596_800; // from year 1 to 1970
    let text = jiff::Timestamp::from_second(seconds).unwrap().to_string();
    let kind = match date.kind {
        DateTimeKind::Unspecified => "Unspecified",
        DateTimeKind::Utc => "Utc",
        DateTimeKind::Local { .. } => "Local",
    };
    json!({ "date": text.trim_end_matches('Z'), "kind": kind })
}
