//! Search-MailboxAuditLog: who opened, sent from or deleted in mailboxes, as a made-up picture.

use super::admin_audit_log::window;
use super::reading::find_one;
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::Class;
use crate::sim::org::{canonical_name, schema, value};

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Search-MailboxAuditLog",
        parameters: &[
            "Identity",
            "Mailboxes",
            "LogonTypes",
            "Operations",
            "ShowDetails",
            "StartDate",
            "EndDate",
            "ResultSize",
            "ExternalAccess",
        ],
        output: "",
        start: |_| Box::new(Tries(search)),
    }]
}

fn search(call: &mut Call<'_>) -> Attempt {
    let (start, end) = window(call, 14)?;
    let limit = call.text("ResultSize").and_then(|text| text.parse().ok()).unwrap_or(1_000);
    let mut paths = Vec::new();
    for text in call.text("Identity").into_iter().chain(call.texts("Mailboxes")) {
        paths.push(canonical_name(&find_one(call, &text, Class::MAILBOXES)?));
    }
    let (logons, operations) = (call.texts("LogonTypes"), call.texts("Operations"));
    let details = call.flag("ShowDetails");
    if !logons.is_empty() && !details {
        let problem = "LogonTypes can be given only together with ShowDetails.";
        return Err(Failure::invalid("LogonTypes", problem).into());
    }
    // Nobody from another organization comes in.
    if call.given("ExternalAccess") && call.flag("ExternalAccess") {
        return Ok(());
    }
    let any =
        |wanted: &[String], own: &str| wanted.is_empty() || wanted.iter().any(|one| one.eq_ignore_ascii_case(own));
    let found = call
        .organization()
        .deeds()
        .between(start, end)
        .filter(|deed| any(&paths, &deed.mailbox) && any(&logons, deed.logon) && any(&operations, deed.operation));
    let view = schema::view("MailboxAuditLog").ok_or(Halt::Stopped)?;
    let mut seen = Vec::new();
    for deed in found.take(limit).collect::<Vec<_>>() {
        // Without details there is one record a mailbox: that something was written down.
        if !details && seen.contains(&deed.mailbox) {
            continue;
        }
        seen.push(deed.mailbox.clone());
        let shown = |value: PsValue| if details { value } else { PsValue::Null };
        let object = view.record(&[
            ("MailboxOwnerUPN", deed.address.as_str().into()),
            ("MailboxResolvedOwnerName", deed.mailbox.rsplit('/').next().unwrap_or_default().into()),
            ("LastAccessed", value::local(deed.when)),
            ("Operation", shown(deed.operation.into())),
            ("OperationResult", shown("Succeeded".into())),
            ("LogonType", shown(deed.logon.into())),
            ("LogonUserDisplayName", shown(deed.actor.as_str().into())),
            ("FolderPathName", shown(deed.folder.into())),
            ("ItemSubject", shown(deed.subject.as_str().into())),
            ("ClientIPAddress", shown(deed.client_ip.as_str().into())),
            ("Identity", deed.id.to_string().into()),
        ]);
        call.output(object)?;
    }
    Ok(())
}
