//! Search-UnifiedAuditLog: the audit log of the cloud, a page at a time.
//!
//! It holds what this simulator's cmdlets changed, and a made-up picture of what was done to mailboxes. A session goes on
//! where it stopped; its order is by date, the newest first.

use jiff::Timestamp;
use serde_json::json;

use super::admin_audit_log::{changes, window};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::{schema, value};

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Search-UnifiedAuditLog",
        parameters: &[
            "StartDate",
            "EndDate",
            "Operations",
            "RecordType",
            "UserIds",
            "ObjectIds",
            "FreeText",
            "IPAddresses",
            "ResultSize",
            "SessionId",
            "SessionCommand",
            "Formatted",
        ],
        output: "",
        start: |_| Box::new(Tries(search)),
    }]
}

struct Record {
    when: Timestamp,
    kind: &'static str,
    user: String,
    operation: String,
    object: String,
    address: String,
    id: String,
    data: serde_json::Value,
}

fn records(call: &Call<'_>, start: Timestamp, end: Timestamp) -> Vec<Record> {
    let made = changes(call, start, end).into_iter().enumerate().map(|(number, change)| {
        let parameters: Vec<_> =
            change.parameters.iter().map(|(name, text)| json!({"Name": name, "Value": text})).collect();
        Record {
            when: change.when,
            kind: "ExchangeAdmin",
            user: change.caller,
            operation: change.cmdlet,
            object: change.object,
            address: "198.51.100.7".to_owned(),
            id: format!("{:08x}-0000-4000-8000-{:012x}", change.when.as_second() as u32, number),
            data: json!({ "Parameters": parameters }),
        }
    });
    let done = call.organization().deeds().between(start, end.min(call.organization().now())).map(|deed| Record {
        when: deed.when,
        kind: if deed.folder.is_empty() { "ExchangeItem" } else { "ExchangeItemGroup" },
        user: deed.actor,
        operation: deed.operation.to_owned(),
        object: deed.mailbox,
        address: deed.client_ip,
        id: deed.id.to_string(),
        data: json!({
            "MailboxOwnerUPN": deed.address,
            "LogonType": deed.logon,
            "Folder": { "Path": deed.folder },
            "Item": { "Subject": deed.subject },
        }),
    });
    let mut all: Vec<Record> = made.chain(done).collect();
    all.sort_by_key(|record| std::cmp::Reverse(record.when));
    all
}

/// The record's details as the JSON text that everybody parses.
fn audit_data(record: &Record) -> String {
    let mut data = json!({
        "CreationTime": record.when.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        "Id": record.id,
        "Operation": record.operation,
        "OrganizationId": "6f0e5f6e-0c3e-4f5b-9d3b-3d2f7e1a9b10",
        "RecordType": if record.kind == "ExchangeAdmin" { 1 } else { 2 },
        "ResultStatus": "True",
        "UserKey": record.user,
        "UserType": 0,
        "Version": 1,
        "Workload": "Exchange",
        "ClientIP": record.address,
        "ObjectId": record.object,
        "UserId": record.user,
    });
    if let (Some(data), Some(more)) = (data.as_object_mut(), record.data.as_object()) {
        data.extend(more.clone());
    }
    data.to_string()
}

fn search(call: &mut Call<'_>) -> Attempt {
    let (start, end) = window(call, 1)?;
    let limit = match call.text("ResultSize") {
        None => 100,
        Some(text) => match text.parse::<usize>() {
            Ok(number) if (1..=5_000).contains(&number) => number,
            _ => return Err(Failure::invalid("ResultSize", "ResultSize must be a number from 1 to 5000.").into()),
        },
    };
    let kind = call.text("RecordType");
    let (operations, users) = (call.texts("Operations"), call.texts("UserIds"));
    let (objects, addresses) = (call.texts("ObjectIds"), call.texts("IPAddresses"));
    let text = call.text("FreeText").map(|text| text.to_lowercase());
    let any = |wanted: &[String], own: &str| wanted.is_empty() || wanted.iter().any(|one| value::wildcard(one, own));
    let mut found = records(call, start, end);
    found.retain(|record| {
        kind.as_deref().is_none_or(|kind| kind.eq_ignore_ascii_case(record.kind))
            && any(&operations, &record.operation)
            && any(&users, &record.user)
            && any(&objects, &record.object)
            && any(&addresses, &record.address)
            && text.as_deref().is_none_or(|text| audit_data(record).to_lowercase().contains(text))
    });
    let from = match call.text("SessionId") {
        Some(session) => call.organization().write(|state| state.history_mut().advance_search(&session, limit)),
        None => 0,
    };
    // A preview ends at its limit of records; a large set does not.
    let large = call.text("SessionCommand").is_some_and(|command| command.eq_ignore_ascii_case("ReturnLargeSet"));
    let most = if large { 50_000 } else { 5_000 };
    let count = found.len().min(most);
    let view = schema::view("UnifiedAuditLog").ok_or(Halt::Stopped)?;
    let number = |number: usize| PsValue::I32(i32::try_from(number).unwrap_or(i32::MAX));
    let formatted = call.flag("Formatted");
    for (index, record) in found.iter().take(most).enumerate().skip(from).take(limit) {
        let operation = if formatted { record.operation.replace('-', " ") } else { record.operation.clone() };
        let object = view.record(&[
            ("RecordType", record.kind.into()),
            ("CreationDate", value::utc(record.when)),
            ("UserIds", record.user.as_str().into()),
            ("Operations", operation.into()),
            ("AuditData", audit_data(record).into()),
            ("ResultIndex", number(index + 1)),
            ("ResultCount", number(count)),
            ("Identity", record.id.as_str().into()),
            ("IsValid", true.into()),
            ("ObjectState", "Unchanged".into()),
        ]);
        call.output(object)?;
    }
    Ok(())
}
