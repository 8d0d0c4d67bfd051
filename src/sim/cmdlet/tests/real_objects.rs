//! Simulated objects beside those that real servers exported: type names, properties, their order and their kinds.
//!
//! The judge is `shared/data/exchange-clixml`. What differs is listed here with its reason.

use std::path::Path;

use super::Office;
use crate::clixml::{Base, PsObject, PsValue, ReadLimits, read_document};

/// File, cmdlet, and properties whose kind differs.
const REAL: &[(&str, &str, &[&str])] = &[
    ("E16-GetAcceptedDomain.xml", "Get-AcceptedDomain", &[]),
    ("E16-GetDynamicDistributionGroupPfMailboxes.xml", "Get-DynamicDistributionGroup", &[]),
    ("E16-GetOrganizationConfig.xml", "Get-OrganizationConfig", &[]),
    ("E19-GetOrganizationConfig1.xml", "Get-OrganizationConfig", &[]),
    ("E16-GetOwaVirtualDirectory.xml", "Get-OwaVirtualDirectory", &[]),
    ("E19-GetPartnerApplication.xml", "Get-PartnerApplication", &[]),
    ("E19-GetSendConnector.xml", "Get-SendConnector", &[]),
    ("E19-GetSettingOverride2.xml", "Get-SettingOverride", &[]),
    ("E19-TestServiceHealth.xml", "Test-ServiceHealth", &[]),
];

/// What a value is, however fully it was serialized: enumerations, sizes and references may come as text.
fn kind(value: &PsValue) -> &'static str {
    match value {
        PsValue::Null => "null",
        PsValue::Bool(_) => "truth",
        PsValue::DateTime(_) => "date",
        PsValue::Guid(_) => "guid",
        PsValue::I32(_) | PsValue::I64(_) | PsValue::U32(_) => "number",
        PsValue::Object(object) => match object.base() {
            Base::List(..) => "list",
            _ => "text",
        },
        _ => "text",
    }
}

fn names(object: &PsObject) -> Vec<String> {
    object.properties().iter().map(|(name, _)| name.to_string()).collect()
}

#[test]
fn properties_and_types_are_those_of_real_servers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/exchange-clixml");
    if !folder.is_dir() {
        println!("skipped: ../shared/data is absent");
        return;
    }
    let office = Office::new(60);
    let mut wrong = Vec::new();
    for (file, cmdlet, differ) in REAL {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let values = read_document(&bytes, &ReadLimits::default()).unwrap();
        let first = values.first().and_then(PsValue::as_object).unwrap();
        let real = match first.base() {
            Base::List(_, items) => items.iter().find_map(|item| item.as_object().cloned()).unwrap(),
            _ => first.clone(),
        };
        let outcomes = office.call(cmdlet, &[]);
        let own = outcomes.output.first().and_then(PsValue::as_object).unwrap();
        if real.type_names() != own.type_names() {
            wrong.push(format!("{cmdlet}: types {:?}, really {:?}", own.type_names(), real.type_names()));
        }
        // PowerShell adds the first three to what it exports; the last is there at serializationLevel=Full only, and
        // clients throw it away.
        let added = ["PSComputerName", "RunspaceId", "PSShowComputerName", "SerializationData"];
        let expected: Vec<String> = names(&real).into_iter().filter(|name| !added.contains(&name.as_str())).collect();
        let shown = names(own);
        let missing: Vec<&String> = expected.iter().filter(|name| !shown.contains(name)).collect();
        let invented: Vec<&String> = shown.iter().filter(|name| !expected.contains(name)).collect();
        if !missing.is_empty() || !invented.is_empty() {
            wrong.push(format!("{cmdlet}: missing {missing:?}, invented {invented:?}"));
        } else if expected != shown {
            let at = expected.iter().zip(&shown).position(|(one, two)| one != two).unwrap();
            wrong.push(format!("{cmdlet}: {} where {} is", shown[at], expected[at]));
        }
        for name in expected.iter().filter(|name| !differ.contains(&name.as_str())) {
            let (Some(theirs), Some(ours)) = (real.get(name), own.get(name)) else { continue };
            let (theirs, ours) = (kind(&theirs), kind(&ours));
            if theirs != "null" && ours != "null" && theirs != ours {
                wrong.push(format!("{cmdlet}: {name} is {ours}, really {theirs}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
