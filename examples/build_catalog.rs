//! Builds `src/catalog/catalog.bin` from a JSON list of documented cmdlets and a JSON file of binding corrections.
//!
//! `cargo run --example build_catalog -- cmdlet-catalog.json binding.json src/catalog/catalog.bin`
//!
//! What the documentation leaves open about binding is settled here, once, so that readers of the packed form need
//! no rules of their own. Not here: reading the documentation pages themselves.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;

use exsh::catalog::{
    Cmdlet, Name, Parameter, ParameterKind, ParameterSets, PipedType, PipelineInput, Release, Releases, pack,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Page {
    name: String,
    applicable: Vec<String>,
    default_set: Option<String>,
    parameter_sets: serde_json::Map<String, serde_json::Value>,
    parameters: Vec<PageParameter>,
    #[serde(default)]
    supports_shouldprocess: bool,
}

#[derive(Deserialize)]
struct PageParameter {
    name: String,
    type_norm: String,
    kind: String,
    aliases: Vec<String>,
    applicable: Vec<String>,
    sets: Vec<String>,
    required_in: RequiredIn,
    position: Option<serde_json::Value>,
    pipeline: String,
    values: Vec<String>,
    values_from_text: Vec<String>,
    default: Option<String>,
    default_from_text: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RequiredIn {
    In(Vec<String>),
    All(serde::de::IgnoredAny),
}

/// What the pages leave out or get wrong, found by running their own examples.
#[derive(Deserialize)]
struct Corrections {
    default_sets: HashMap<String, String>,
    optional: HashSet<(String, String)>,
    one_set: HashSet<String>,
    by_value: HashSet<(String, String)>,
    types: Vec<(String, String, String)>,
    positions: Vec<(String, String, u8)>,
    by_type: HashMap<String, BTreeMap<String, String>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pages, corrections, out] = arguments.as_slice() else {
        return Err("usage: build_catalog PAGES.json CORRECTIONS.json OUT.bin".into());
    };
    std::fs::write(out, built(&std::fs::read(pages)?, &std::fs::read(corrections)?)?)?;
    Ok(())
}

/// The packed catalogue of these pages and corrections.
pub(crate) fn built(pages: &[u8], corrections: &[u8]) -> serde_json::Result<Vec<u8>> {
    let pages: Vec<Page> = serde_json::from_slice(pages)?;
    let corrections: Corrections = serde_json::from_slice(corrections)?;
    let cmdlets: Vec<Cmdlet> = pages.iter().map(|page| cmdlet(page, &corrections)).collect();
    Ok(pack(&cmdlets))
}

fn cmdlet(page: &Page, corrections: &Corrections) -> Cmdlet {
    let one_set = corrections.one_set.contains(&page.name);
    let mut sets: Vec<String> = page.parameter_sets.keys().cloned().collect();
    let mut default = corrections.default_sets.get(&page.name).or(page.default_set.as_ref()).cloned();
    if one_set {
        sets.truncate(1);
        default = None;
    }
    // Identity, else the first of those whose page says no more than "True", takes objects and properties.
    let bare: Vec<&str> = page
        .parameters
        .iter()
        .filter(|parameter| parameter.pipeline.eq_ignore_ascii_case("true"))
        .map(|parameter| parameter.name.as_str())
        .collect();
    let primary = bare.iter().find(|name| **name == "Identity").or(bare.first()).copied();
    let parameters = page
        .parameters
        .iter()
        .map(|parameter| convert(page, parameter, one_set, Some(parameter.name.as_str()) == primary, corrections))
        .collect();
    Cmdlet {
        default_set: default.and_then(|name| sets.iter().position(|set| *set == name)),
        name: Name::Owned(page.name.clone()),
        releases: releases(&page.applicable),
        sets: sets.into_iter().map(Name::Owned).collect(),
        parameters,
        supports_should_process: page.supports_shouldprocess
            || page.parameters.iter().any(|parameter| matches!(parameter.name.as_str(), "WhatIf" | "Confirm")),
    }
}

fn convert(
    page: &Page,
    parameter: &PageParameter,
    one_set: bool,
    is_primary: bool,
    corrections: &Corrections,
) -> Parameter {
    let key = (page.name.clone(), parameter.name.clone());
    let is_this = |cmdlet: &str, name: &str| cmdlet == page.name && name == parameter.name;
    let corrected = corrections.types.iter().any(|(cmdlet, name, kind)| is_this(cmdlet, name) && kind == "switch");
    let type_name = if corrected { "SwitchParameter" } else { parameter.type_norm.as_str() };
    let sets = if one_set { ParameterSets::ALL } else { member_of(page, parameter) };
    let required_in = match &parameter.required_in {
        _ if corrections.optional.contains(&key) => ParameterSets::NONE,
        RequiredIn::All(_) => ParameterSets::ALL,
        RequiredIn::In(names) if one_set => {
            if names.len() == page.parameter_sets.len() {
                ParameterSets::ALL
            } else {
                ParameterSets::NONE
            }
        }
        RequiredIn::In(names) => indices(page, names),
    };
    let position = match &parameter.position {
        Some(serde_json::Value::Number(number)) => number.as_u64().and_then(|number| u8::try_from(number).ok()),
        Some(serde_json::Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    let moved = corrections.positions.iter().find(|(cmdlet, name, _)| is_this(cmdlet, name));
    let values = if parameter.values.is_empty() { &parameter.values_from_text } else { &parameter.values };
    let kind = if corrected { ParameterKind::Switch } else { kind(&parameter.kind) };
    Parameter {
        name: Name::Owned(parameter.name.clone()),
        type_name: Name::Owned(type_name.to_owned()),
        kind,
        aliases: parameter.aliases.iter().cloned().map(Name::Owned).collect(),
        releases: releases(&parameter.applicable),
        sets,
        required_in: if one_set { required_in } else { required_in & sets },
        position: moved.map(|(_, _, position)| *position).or(position),
        pipeline: pipeline(page, parameter, is_primary, corrections),
        particular: Vec::new(),
        takes_rest: ParameterSets::NONE,
        values: values.iter().cloned().map(Name::Owned).collect(),
        default: parameter.default.clone().or(parameter.default_from_text.clone()).map(Name::Owned),
    }
}

/// The sets its page names for a parameter, and those whose syntax lists it; all when that leaves none.
fn member_of(page: &Page, parameter: &PageParameter) -> ParameterSets {
    let lists = |names: &serde_json::Value| {
        names.as_array().is_some_and(|names| names.iter().any(|name| name == parameter.name.as_str()))
    };
    let mut member = indices(page, &parameter.sets);
    for (index, (_, names)) in page.parameter_sets.iter().enumerate() {
        if lists(names) {
            member = member | ParameterSets::only(index);
        }
    }
    if member.is_empty() || member == ParameterSets::first(page.parameter_sets.len()) {
        ParameterSets::ALL
    } else {
        member
    }
}

fn indices(page: &Page, names: &[String]) -> ParameterSets {
    page.parameter_sets
        .keys()
        .enumerate()
        .filter(|(_, set)| names.contains(set))
        .fold(ParameterSets::NONE, |sets, (index, _)| sets | ParameterSets::only(index))
}

fn pipeline(page: &Page, parameter: &PageParameter, is_primary: bool, corrections: &Corrections) -> PipelineInput {
    let stated = parameter.pipeline.to_ascii_lowercase();
    let is_identity = parameter.kind.starts_with("identity");
    let by_type = corrections.by_type.get(&page.name).and_then(|types| {
        types.iter().find(|(_, name)| **name == parameter.name).and_then(|(piped, _)| match piped.as_str() {
            "ExchangeServer" => Some(PipedType::ExchangeServer),
            "MailboxDatabase" => Some(PipedType::MailboxDatabase),
            _ => None,
        })
    });
    let bare = stated == "true";
    let forced = corrections.by_value.contains(&(page.name.clone(), parameter.name.clone()));
    PipelineInput {
        by_value: forced || (bare && is_primary) || stated.contains("byvalue"),
        by_property_name: (bare && (is_primary || !is_identity)) || stated.contains("bypropertyname"),
        by_type,
    }
}

fn releases(names: &[String]) -> Releases {
    let bit = |release: Release| 1 << release as u8;
    let bits = names.iter().fold(0, |bits, name| {
        let name = name.trim_start_matches("Applicable: ");
        let several: &[Release] = match name {
            "Exchange Online Protection" => &[Release::Protection],
            "Exchange Server SE Online Protection" => &[Release::ExchangeSe, Release::Protection],
            _ => &[],
        };
        let named = Release::ALL.iter().filter(|release| release.name() == name);
        several.iter().chain(named).fold(bits, |bits, release| bits | bit(*release))
    });
    Releases::from_bits(bits)
}

fn kind(name: &str) -> ParameterKind {
    match name.trim_end_matches("[]") {
        "switch" => ParameterKind::Switch,
        "string" => ParameterKind::String,
        "bool" => ParameterKind::Bool,
        "identity" => ParameterKind::Identity,
        "multivalued" => ParameterKind::MultiValued,
        "enum" => ParameterKind::Enum,
        "int" => ParameterKind::Int,
        "unlimited" => ParameterKind::Unlimited,
        "float" => ParameterKind::Float,
        "timespan" => ParameterKind::TimeSpan,
        "datetime" => ParameterKind::DateTime,
        "guid" => ParameterKind::Guid,
        "hashtable" => ParameterKind::Hashtable,
        "size" => ParameterKind::Size,
        "credential" => ParameterKind::Credential,
        "bytes" => ParameterKind::Bytes,
        "securestring" => ParameterKind::SecureString,
        "object" => ParameterKind::Object,
        _ => ParameterKind::Other,
    }
}
