//! Export- and Import-TransportRuleCollection: all transport rules as one XML file of the cmdlets that make them.
//!
//! An import replaces every rule, as Exchange's does.

use std::fmt::Write as _;

use super::mailbox::keep;
use super::reading::objects;
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::{PsObject, PsValue};
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::schema::{self, Shape, View};
use crate::sim::org::value;

const NOUN: &str = "TransportRule";
const OUTPUT: &str = "Microsoft.Exchange.Data.BinaryFileDataObject";
/// Before and after the cmdlet of a rule.
const BLOCK: (&str, &str) = ("<commandBlock><![CDATA[", "]]></commandBlock>");

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, output, start| Spec { name, parameters, output, start };
    vec![
        spec("Export-TransportRuleCollection", &["Identity", "~Format", "~ExportLegacyRules"], OUTPUT, |_| {
            Box::new(Tries(export))
        }),
        spec("Import-TransportRuleCollection", &["FileData", "Force"], "", |_| Box::new(Tries(import))),
    ]
}

fn view() -> Result<&'static View, Halt> {
    schema::view(NOUN).ok_or(Halt::Stopped)
}

/// In their order.
fn rules(call: &Call<'_>) -> Vec<Entry> {
    let mut rules = objects(call, NOUN);
    rules.sort_by_key(|rule| rule.get("Priority").and_then(value::number_of).unwrap_or(i64::MAX));
    rules
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The cmdlet that makes a rule.
fn command(rule: &Entry, view: &View) -> String {
    let mut text = format!("New-TransportRule -Name {}", quoted(&rule.name));
    if rule.text("State") == "Disabled" {
        text.push_str(" -Enabled $false");
    }
    for column in &view.columns {
        let Some(own) = rule.properties.get(&column.key) else { continue };
        if ["State", "Priority", "Name"].contains(&&*column.name) {
            continue;
        }
        let texts = value::texts_of(own);
        let list = texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(",");
        let shown = match column.shape {
            Shape::Bool | Shape::BoolOrNull => format!("${}", texts.join("").to_lowercase()),
            _ if list.is_empty() => continue,
            _ => list,
        };
        let _ = write!(text, " -{} {shown}", column.name); // a string takes all
    }
    text
}

fn export(call: &mut Call<'_>) -> Attempt {
    let view = view()?;
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rules name=\"TransportVersioned\">\n");
    for rule in rules(call) {
        let _ = writeln!(
            text,
            "  <rule name=\"{}\" id=\"{}\" format=\"cmdlet\">\n    <version requiredMinVersion=\"15.0.3.0\">\n      \
             {}{}{}\n    </version>\n  </rule>",
            rule.name.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"),
            rule.guid,
            BLOCK.0,
            command(&rule, view),
            BLOCK.1
        );
    }
    text.push_str("</rules>\n");
    let object = PsObject::builder().adapted("FileData", PsValue::Bytes(text.into_bytes().into())).build();
    Ok(call.output(object)?)
}

/// The words of a cmdlet: parameters with their texts.
fn words(command: &str) -> Option<Vec<(String, Vec<String>)>> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut rest = command.trim().strip_prefix("New-TransportRule")?.trim_start();
    while let Some(after) = rest.strip_prefix('-') {
        let (name, mut values) = after.split_once(' ')?;
        let mut texts = Vec::new();
        loop {
            let (text, after) = match values.strip_prefix('\'') {
                Some(inside) => until_quote(inside)?,
                None => {
                    let end = values.find([' ', ',']).unwrap_or(values.len());
                    (values[..end].trim_start_matches('$').to_owned(), &values[end..])
                }
            };
            texts.push(text);
            match after.strip_prefix(',') {
                Some(next) => values = next,
                None => {
                    rest = after.trim_start();
                    break;
                }
            }
        }
        found.push((name.to_owned(), texts));
    }
    rest.is_empty().then_some(found)
}

/// A text to its closing quote, and what follows.
fn until_quote(inside: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut letters = inside.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match (letter, letters.peek()) {
            ('\'', Some((_, '\''))) => {
                letters.next();
                text.push('\'');
            }
            ('\'', _) => return Some((text, &inside[at + 1..])),
            _ => text.push(letter),
        }
    }
    None
}

fn import(call: &mut Call<'_>) -> Attempt {
    let broken = || Failure::invalid("FileData", "The file has no collection of transport rules.");
    let Some(PsValue::Bytes(bytes)) = call.value("FileData") else { return Err(broken().into()) };
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| broken())?;
    if !text.contains("<rules name=\"TransportVersioned\">") {
        return Err(broken().into());
    }
    let mut made = Vec::new();
    for block in text.split(BLOCK.0).skip(1) {
        let command = block.split(BLOCK.1).next().unwrap_or_default();
        made.push(words(command).ok_or_else(broken)?);
    }
    let operation = "Replace all transport rules by";
    let target = format!("{} rules", made.len());
    let agreed =
        if call.flag("Force") { call.should_process(operation, &target)? } else { call.confirmed(operation, &target)? };
    if !agreed {
        return Ok(());
    }
    let view = view()?;
    let now = call.organization().now();
    for rule in rules(call) {
        call.organization().write(|state| state.remove(rule.id));
    }
    for (number, parameters) in made.into_iter().enumerate() {
        let name = parameters.iter().find(|(name, _)| name == "Name").map(|(_, texts)| texts.join(","));
        let name = name.unwrap_or_else(|| format!("Rule {}", number + 1));
        let mut rule = call.organization().write(|state| state.fresh(Class::Config(NOUN), &name, now));
        rule.set("Priority", PsValue::I32(i32::try_from(number).unwrap_or(i32::MAX)));
        for (name, texts) in parameters {
            if name == "Enabled" {
                rule.set("State", "Disabled");
            } else if let Some(column) = view.column(&name) {
                rule.properties.insert(column.key.clone(), schema::shape_value(column.shape, &texts.join(",")));
            }
        }
        keep(call, rule);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_rule_are_read_with_their_quotes() {
        let read =
            words("New-TransportRule -Name 'It''s' -Enabled $false -From 'a@x.org','b@x.org' -SetSCL '9'").unwrap();
        assert_eq!(read[0], ("Name".to_owned(), vec!["It's".to_owned()]));
        assert_eq!(read[1].1, ["false"]);
        assert_eq!(read[2].1, ["a@x.org", "b@x.org"]);
        assert_eq!(read.len(), 4);
        assert!(words("Remove-Mailbox -Identity 'x'").is_none());
        assert!(words("New-TransportRule -Name 'open").is_none());
    }
}
