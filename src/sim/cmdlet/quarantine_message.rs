//! Get-, Release-, Delete-, Preview- and Export-QuarantineMessage: what the filters kept back in the last month.
//!
//! The messages are those of the made-up mail; what was done to one is remembered. A released message goes nowhere.

use jiff::SignedDuration;

use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::traffic::{Fate, Mail};
use crate::sim::org::value;

const NOUN: &str = "QuarantineMessage";
const DAYS: i64 = 30;

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, output, start| Spec { name, parameters, output, start };
    let several = &["Identity", "Identities"];
    vec![
        spec(
            "Get-QuarantineMessage",
            &[
                "Identity",
                "SenderAddress",
                "RecipientAddress",
                "Subject",
                "MessageId",
                "Type",
                "QuarantineTypes",
                "Direction",
                "ReleaseStatus",
                "StartReceivedDate",
                "EndReceivedDate",
                "StartExpiresDate",
                "EndExpiresDate",
                "Reported",
                "Domain",
                "PolicyName",
                "Page",
                "PageSize",
            ],
            "",
            |_| Box::new(Tries(get)),
        ),
        spec(
            "Release-QuarantineMessage",
            &["Identity", "Identities", "ReleaseToAll", "User", "ActionType", "ReportFalsePositive"],
            "",
            |_| Box::new(Tries(release)),
        ),
        spec("Delete-QuarantineMessage", several, "", |_| Box::new(Tries(delete))),
        spec("Preview-QuarantineMessage", &["Identity"], "System.Management.Automation.PSCustomObject", |_| {
            Box::new(Tries(preview))
        }),
        spec("Export-QuarantineMessage", several, "System.Management.Automation.PSCustomObject", |_| {
            Box::new(Tries(export))
        }),
    ]
}

/// Why messages are kept back, with the policy that did it.
const KINDS: [(&str, &str, &str); 4] = [
    ("Spam", "HostedContentFilterPolicy", "Default"),
    ("HighConfPhish", "HostedContentFilterPolicy", "Default"),
    ("Bulk", "HostedContentFilterPolicy", "Strict"),
    ("Malware", "MalwareFilterPolicy", "Default"),
];

fn of_mail(call: &Call<'_>, mail: &Mail) -> Option<Entry> {
    let to: Vec<&String> =
        mail.recipients.iter().filter(|(_, fate)| *fate == Fate::Quarantined).map(|(address, _)| address).collect();
    let first = to.first()?;
    let identity = format!("{}\\{}", mail.id, uuid::Uuid::from_u128(mail.id.as_u128().rotate_left(33)));
    let (kind, policy, name) = KINDS[mail.number as usize % KINDS.len()];
    let now = call.organization().now();
    let mut entry = call.organization().read(|state| state.blank(Class::Config(NOUN), &identity, now));
    entry.guid = mail.id;
    for (property, text) in [
        ("Identity", identity.as_str()),
        ("MessageId", &mail.message_id()),
        ("SenderAddress", &mail.sender),
        ("Subject", &mail.subject),
        ("Type", kind),
        ("QuarantineTypes", kind),
        ("PolicyType", policy),
        ("PolicyName", name),
        ("ReleaseStatus", "NOTRELEASED"),
        ("EntityType", "Email"),
        ("Direction", if mail.inbound { "Inbound" } else { "Outbound" }),
        ("Organization", "contoso.onmicrosoft.com"),
    ] {
        entry.set(property, text);
    }
    entry.set("ReceivedTime", value::utc(mail.sent));
    entry.set("Expires", value::utc(mail.sent + SignedDuration::from_hours(24 * DAYS)));
    entry.set("Size", PsValue::I64(mail.bytes as i64));
    entry.set("RecipientAddress", value::texts(&to));
    entry.set("QuarantinedUser", value::texts([first]));
    Some(entry)
}

/// All that is there now, the newest first.
fn all(call: &Call<'_>) -> Vec<Entry> {
    let now = call.organization().now();
    let start = now - SignedDuration::from_hours(24 * DAYS);
    let mails: Vec<Mail> = call.organization().traffic().between(start, now).collect();
    let mut found: Vec<Entry> = mails.iter().filter_map(|mail| of_mail(call, mail)).collect();
    call.organization().read(|state| {
        found.retain(|entry| !state.is_done(entry.guid, "deleted"));
        for entry in &mut found {
            if let Some(users) = state.done(entry.guid, "released") {
                entry.set("ReleaseStatus", "RELEASED");
                entry.set("ReleasedUser", value::texts(users.split(';')));
            }
        }
    });
    found
}

/// Those that -Identity or -Identities mean.
fn meant(call: &Call<'_>) -> Result<Vec<Entry>, Failure> {
    let mut wanted = call.texts("Identities");
    if wanted.is_empty() {
        wanted.extend(call.text("Identity"));
    }
    let all = all(call);
    let find = |text: &String| {
        let found = all.iter().find(|entry| entry.name.eq_ignore_ascii_case(text));
        found.cloned().ok_or_else(|| Failure::not_found(text, None))
    };
    wanted.iter().map(find).collect()
}

fn show(call: &mut Call<'_>, entry: &Entry) -> Result<(), Halt> {
    super::reading::show(call, entry, NOUN)
}

fn get(call: &mut Call<'_>) -> Attempt {
    if call.given("Identity") {
        let found = meant(call)?;
        return found.iter().try_for_each(|entry| show(call, entry)).map_err(Into::into);
    }
    let mut found = all(call);
    let any = |wanted: &[String], own: &[String]| {
        wanted.is_empty() || wanted.iter().any(|text| own.iter().any(|own| value::wildcard(text, own)))
    };
    for parameter in [
        "SenderAddress",
        "RecipientAddress",
        "MessageId",
        "Type",
        "QuarantineTypes",
        "Direction",
        "ReleaseStatus",
        "PolicyName",
    ] {
        let wanted = call.texts(parameter);
        found.retain(|entry| any(&wanted, &entry.texts(parameter)));
    }
    let (subject, domains) = (call.text("Subject"), call.texts("Domain"));
    found.retain(|entry| {
        let domain = entry.text("SenderAddress").split('@').next_back().unwrap_or_default().to_owned();
        let reported = entry.get("Reported").and_then(value::bool_of).unwrap_or(false);
        subject.as_deref().is_none_or(|text| entry.text("Subject").eq_ignore_ascii_case(text))
            && any(&domains, &[domain])
            && (!call.given("Reported") || call.flag("Reported") == reported)
    });
    for (start, end, property) in
        [("StartReceivedDate", "EndReceivedDate", "ReceivedTime"), ("StartExpiresDate", "EndExpiresDate", "Expires")]
    {
        let date = |name: &str| call.value(name).and_then(value::timestamp_of);
        let (start, end) = (date(start), date(end));
        found.retain(|entry| {
            let own = entry.get(property).and_then(value::timestamp_of);
            start.is_none_or(|start| own >= Some(start)) && end.is_none_or(|end| own <= Some(end))
        });
    }
    let number = |name: &str, default: usize| call.text(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (page, size) = (number("Page", 1).max(1), number("PageSize", 100));
    if !(1..=1000).contains(&size) {
        return Err(Failure::invalid("PageSize", "PageSize must be a number from 1 to 1000.").into());
    }
    let shown: Vec<Entry> = found.into_iter().skip((page - 1) * size).take(size).collect();
    shown.iter().try_for_each(|entry| show(call, entry)).map_err(Into::into)
}

fn release(call: &mut Call<'_>) -> Attempt {
    let users = call.texts("User");
    if users.is_empty() && !call.flag("ReleaseToAll") {
        return Err(Failure::invalid("User", "Name users, or say ReleaseToAll.").into());
    }
    for entry in meant(call)? {
        let to = entry.texts("RecipientAddress");
        if let Some(stranger) = users.iter().find(|user| !to.iter().any(|own| own.eq_ignore_ascii_case(user))) {
            return Err(Failure::not_found(stranger, None).into());
        }
        if call.text("ActionType").is_some_and(|action| action.eq_ignore_ascii_case("Deny")) {
            continue;
        }
        if entry.text("ReleaseStatus") == "RELEASED" {
            call.warning(&format!("\"{}\" was released before", entry.name))?;
            continue;
        }
        let to = if call.flag("ReleaseToAll") { to } else { users.clone() };
        if call.should_process("Release quarantined message", &entry.name)? {
            call.organization().write(|state| state.do_to(entry.guid, "released", to.join(";")));
            if call.flag("ReportFalsePositive") {
                call.verbose("the message is reported as a mistake of the filter")?;
            }
        }
    }
    Ok(())
}

fn delete(call: &mut Call<'_>) -> Attempt {
    for entry in meant(call)? {
        if call.should_process("Delete quarantined message", &entry.name)? {
            call.organization().write(|state| state.do_to(entry.guid, "deleted", String::new()));
        }
    }
    Ok(())
}

fn body(entry: &Entry) -> String {
    format!(
        "From: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: {}\r\n\r\nThis is made up.\r\n",
        entry.text("SenderAddress"),
        entry.texts("RecipientAddress").join(", "),
        entry.text("Subject"),
        entry.text("MessageId")
    )
}

fn preview(call: &mut Call<'_>) -> Attempt {
    for entry in meant(call)? {
        let object = crate::clixml::PsObject::bag([
            ("Identity", entry.text("Identity").into()),
            ("SenderAddress", entry.text("SenderAddress").into()),
            ("RecipientAddress", value::texts(entry.texts("RecipientAddress"))),
            ("Subject", entry.text("Subject").into()),
            ("Body", "This is made up.".into()),
            ("IsHtml", PsValue::Bool(false)),
        ]);
        call.output(object)?;
    }
    Ok(())
}

fn export(call: &mut Call<'_>) -> Attempt {
    for entry in meant(call)? {
        let object = crate::clixml::PsObject::bag([
            ("Identity", entry.text("Identity").into()),
            ("MessageId", entry.text("MessageId").into()),
            ("Eml", base64_simd::STANDARD.encode_to_string(body(&entry)).into()),
            ("BodyEncoding", "Base64".into()),
        ]);
        call.output(object)?;
    }
    Ok(())
}
