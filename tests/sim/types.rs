//! Whether the simulator's objects have the types and properties of Exchange's own, as Export-Clixml saved them.
//!
//! Expectations come from `../shared/data/exchange-clixml`, names, order and types; values are those of another organization.

use std::path::PathBuf;

use exsh::clixml::{Base, PsObject, PsValue, ReadLimits, read_document};
use exsh::sim::{SimHandle, SimOptions};
use uuid::Uuid;

use super::client::{Client, data, simulator};

/// A saved object and the cmdlet that gives one like it.
const PAIRS: [(&str, &str); 9] = [
    ("E16-GetAcceptedDomain.xml", "Get-AcceptedDomain"),
    ("E16-GetDynamicDistributionGroupPfMailboxes.xml", "Get-DynamicDistributionGroup"),
    ("E16-GetOrganizationConfig.xml", "Get-OrganizationConfig"),
    ("E19-GetOrganizationConfig1.xml", "Get-OrganizationConfig"),
    ("E16-GetOwaVirtualDirectory.xml", "Get-OwaVirtualDirectory"),
    ("E19-GetPartnerApplication.xml", "Get-PartnerApplication"),
    ("E19-GetSendConnector.xml", "Get-SendConnector"),
    ("E19-GetSettingOverride2.xml", "Get-SettingOverride"),
    ("E19-TestServiceHealth.xml", "Test-ServiceHealth"),
];

/// A change that is needed before there is anything to show.
const MADE: (&str, [(&str, &str); 2]) =
    ("New-DynamicDistributionGroup", [("Name", "Everyone"), ("IncludedRecipients", "AllRecipients")]);

fn folder() -> Option<PathBuf> {
    let data = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/exchange-clixml"));
    if !data.is_dir() {
        println!("skipped: ../shared/data is absent");
        return None;
    }
    Some(data)
}

async fn full(handle: &SimHandle) -> (Client, Uuid) {
    let url = format!("{}?serializationLevel=Full", handle.url());
    let client = Client::new(&url, SimOptions::ADMIN, SimOptions::PASSWORD);
    let (shell, _) = client.open().await;
    (client, shell)
}

fn object(value: &PsValue) -> &PsObject {
    value.as_object().unwrap()
}

fn types(object: &PsObject) -> Vec<String> {
    let names = object.type_names().unwrap_or_default();
    names.iter().map(|name| name.trim_start_matches("Deserialized.").to_owned()).collect()
}

/// The kind of a value: its types, or that of the primitive.
fn kind(value: &PsValue) -> String {
    match value {
        PsValue::Object(object) => match object.base() {
            Base::Value(number) => format!("{} {}", types(object).join(" < "), kind(&number)),
            _ => types(object).join(" < "),
        },
        other => format!("{other:?}").split(['(', ' ']).next().unwrap().to_owned(),
    }
}

/// The parts of an object that is a property: names and kinds.
fn parts(value: &PsValue) -> Vec<(String, String)> {
    let Some(object) = value.as_object() else { return Vec::new() };
    let parts = object.adapted().unwrap_or_default();
    parts.iter().map(|part| (part.name().to_string(), kind(part.value().unwrap_or(&PsValue::Null)))).collect()
}

fn differences(cmdlet: &str, real: &PsObject, simulated: &PsObject) -> Vec<String> {
    let mut found = Vec::new();
    if types(real) != types(simulated) {
        found.push(format!("{cmdlet}: types {:?}, simulated {:?}", types(real), types(simulated)));
    }
    let mut last = 0;
    let ours: Vec<_> = simulated.properties();
    for member in real.adapted().unwrap_or_default() {
        let (name, value) = (member.name(), member.value().unwrap_or(&PsValue::Null));
        let Some(at) = ours.iter().position(|(known, _)| known == name) else {
            found.push(format!("{cmdlet} {name}: absent ({})", kind(value)));
            continue;
        };
        if at < last {
            found.push(format!("{cmdlet} {name}: out of order"));
        }
        last = last.max(at);
        let own = &ours[at].1;
        if value.is_null() || own.is_null() {
            continue;
        }
        if kind(value) != kind(own) {
            found.push(format!("{cmdlet} {name}: {}, simulated {}", kind(value), kind(own)));
        } else if parts(value).iter().map(|part| &part.0).ne(parts(own).iter().map(|part| &part.0)) {
            found.push(format!("{cmdlet} {name}: parts {:?}, simulated {:?}", parts(value), parts(own)));
        }
    }
    found
}

#[tokio::test]
async fn simulated_objects_have_the_types_and_properties_of_real_ones() {
    let Some(folder) = folder() else { return };
    let handle = simulator(SimOptions::default()).await;
    let (client, shell) = full(&handle).await;
    client.run(shell, MADE.0, &MADE.1).await;
    let mut found = Vec::new();
    for (file, cmdlet) in PAIRS {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let real = read_document(&bytes, &ReadLimits::default()).unwrap();
        let came = client.run(shell, cmdlet, &[]).await;
        let simulated = data(&came[0]);
        found.extend(differences(cmdlet, object(&real[0]), object(&simulated)));
    }
    assert!(found.is_empty(), "{found:#?}");
    handle.shutdown().await;
}

#[tokio::test]
async fn without_full_the_same_properties_are_texts() {
    let handle = simulator(SimOptions::default()).await;
    let client = Client::admin(&handle);
    let (shell, _) = client.open().await;
    let alice = data(&client.run(shell, "Get-Mailbox", &[("Identity", "alice")]).await[0]);
    let quota = object(&alice).get("ProhibitSendQuota").unwrap();
    assert!(matches!(quota, PsValue::String(_)), "{quota:?}");
    let (client, shell) = full(&handle).await;
    let alice = data(&client.run(shell, "Get-Mailbox", &[("Identity", "alice")]).await[0]);
    // shared/facts/exchange-wire.md: "Props IsUnlimited (B), Value (S, absent when unlimited)", and I64 for the details
    let quota = object(&alice).get("ProhibitSendQuota").unwrap();
    assert!(matches!(object(&quota).get("IsUnlimited"), Some(PsValue::Bool(_))), "{quota:?}");
    let details = object(&alice).get("RecipientTypeDetails").unwrap();
    assert!(matches!(object(&details).base(), Base::Value(PsValue::I64(1))), "{details:?}");
    handle.shutdown().await;
}
