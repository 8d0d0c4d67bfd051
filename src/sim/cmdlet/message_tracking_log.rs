//! Get-MessageTrackingLog: what a server did with messages in the last thirty days, as a made-up picture.
//!
//! As on a real server, one looks at the server that answers unless -Server names another.

use jiff::{SignedDuration, Timestamp};

use super::reading::{result_size, short_name};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::seed::SERVER;
use crate::sim::org::traffic::{Fate, Mail};
use crate::sim::org::{schema, value};

pub(super) fn specs() -> Vec<Spec> {
    vec![Spec {
        name: "Get-MessageTrackingLog",
        parameters: &[
            "Start",
            "End",
            "EventId",
            "InternalMessageId",
            "MessageId",
            "MessageSubject",
            "Recipients",
            "ResultSize",
            "Sender",
            "Server",
            "Source",
        ],
        output: "",
        start: |_| Box::new(Tries(get)),
    }]
}

/// One line of the log.
struct Event<'a> {
    mail: &'a Mail,
    at: Timestamp,
    id: &'static str,
    source: &'static str,
    recipients: Vec<String>,
    /// The group whose members these recipients are.
    related: Option<String>,
    status: &'static str,
}

/// The lines about a message, in order.
fn events(mail: &Mail) -> Vec<Event<'_>> {
    let line = |seconds: i64, id, source, recipients: Vec<String>, status| Event {
        mail,
        at: mail.sent + SignedDuration::from_secs(seconds),
        id,
        source,
        recipients,
        related: None,
        status,
    };
    let everyone: Vec<String> = mail.recipients.iter().take(1).map(|(address, _)| address.clone()).collect();
    let source = if mail.inbound { "SMTP" } else { "STOREDRIVER" };
    let mut lines = vec![line(0, "RECEIVE", source, everyone, "")];
    for (address, fate) in &mail.recipients {
        let one = vec![address.clone()];
        lines.push(match fate {
            Fate::Expanded => {
                let members = mail.recipients.iter().filter(|(_, fate)| *fate != Fate::Expanded);
                let members = members.map(|(address, _)| address.clone()).collect();
                Event { related: Some(address.clone()), ..line(1, "EXPAND", "ROUTING", members, "") }
            }
            Fate::Failed => line(2, "FAIL", "ROUTING", one, "550 5.1.1 the recipient does not exist"),
            Fate::Pending => line(2, "DEFER", "SMTP", one, "451 4.4.0 the server did not answer"),
            _ if mail.target_ip(address).is_some() => line(3, "SEND", "SMTP", one, "250 2.6.0 queued"),
            _ => line(3, "DELIVER", "STOREDRIVER", one, ""),
        });
    }
    lines
}

fn get(call: &mut Call<'_>) -> Attempt {
    let now = call.organization().now();
    let oldest = now - SignedDuration::from_hours(30 * 24);
    let date = |name: &str| call.value(name).and_then(value::timestamp_of);
    let (start, end) = (date("Start").unwrap_or(oldest).max(oldest), date("End").unwrap_or(now).min(now));
    if date("Start").zip(date("End")).is_some_and(|(start, end)| start > end) {
        return Err(Failure::invalid("Start", "Start is later than End.").into());
    }
    let server = call.text("Server").map_or_else(|| SERVER.to_owned(), short_name);
    let server = server.split('.').next().unwrap_or_default().to_uppercase();
    if !["EX01", "EX02"].contains(&server.as_str()) {
        return Err(Failure::not_found(&server, None).into());
    }
    let (limit, asked) = result_size(call)?;
    let text = |name: &str| call.text(name).map(|text| text.to_lowercase());
    let (event, source, sender) = (text("EventId"), text("Source"), text("Sender"));
    let (subject, id, number) = (text("MessageSubject"), text("MessageId"), text("InternalMessageId"));
    let recipients: Vec<String> = call.texts("Recipients").iter().map(|address| address.to_lowercase()).collect();
    let is = |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|text| own.eq_ignore_ascii_case(text));
    let mut mails: Vec<Mail> = call
        .organization()
        .traffic()
        .between(start, end)
        .filter(|mail| {
            mail.server() == server
                && is(&sender, &mail.sender)
                && is(&number, &mail.number.to_string())
                && is(
                    &id.as_deref().map(|id| id.trim_matches(['<', '>']).to_owned()),
                    mail.message_id().trim_matches(['<', '>']),
                )
                && subject.as_deref().is_none_or(|text| mail.subject.to_lowercase().contains(text))
        })
        .collect();
    mails.reverse();
    let lines = mails.iter().flat_map(events).filter(|line| {
        let meant = recipients.is_empty() || line.recipients.iter().any(|one| recipients.contains(&one.to_lowercase()));
        meant && is(&event, line.id) && is(&source, line.source)
    });
    for (count, line) in lines.enumerate() {
        if count == limit {
            if !asked {
                call.warning(&format!(
                    "only the first {limit} events are returned; -ResultSize Unlimited returns all"
                ))?;
            }
            break;
        }
        show(call, &line)?;
    }
    Ok(())
}

fn show(call: &mut Call<'_>, line: &Event<'_>) -> Result<(), Halt> {
    let view = schema::view("MessageTrackingLog").ok_or(Halt::Stopped)?;
    let mail = line.mail;
    let latency = line.at.duration_since(mail.sent).as_secs();
    let object = view.record(&[
        ("Timestamp", value::local(line.at)),
        ("EventId", line.id.into()),
        ("Source", line.source.into()),
        ("Sender", mail.sender.as_str().into()),
        ("Recipients", value::texts(&line.recipients)),
        ("RelatedRecipientAddress", line.related.clone().map_or(PsValue::Null, PsValue::from)),
        ("RecipientCount", PsValue::I32(i32::try_from(line.recipients.len()).unwrap_or(1))),
        ("MessageSubject", mail.subject.as_str().into()),
        ("MessageId", mail.message_id().into()),
        ("InternalMessageId", PsValue::I64(i64::from(mail.number))),
        ("TotalBytes", PsValue::I64(mail.bytes as i64)),
        ("ClientIp", mail.source_ip().into()),
        ("ServerIp", "10.0.0.11".into()),
        ("ClientHostname", if mail.inbound { "mail.outside.example" } else { mail.server() }.into()),
        ("ServerHostname", mail.server().into()),
        ("ConnectorId", if line.id == "SEND" { "Internet" } else { "" }.into()),
        ("RecipientStatus", value::texts([line.status].into_iter().filter(|status| !status.is_empty()))),
        ("MessageLatency", value::ticks_text(latency * 10_000_000).into()),
        ("Directionality", if mail.inbound { "Incoming" } else { "Originating" }.into()),
    ]);
    call.output(object)
}
