//! Get-MessageTrace, Get-MessageTraceV2 and their details: what became of messages, online.
//!
//! The mail is a made-up picture. Traces reach ninety days back, ten days at a time; the old one ten days.

use jiff::{SignedDuration, Timestamp};

use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::traffic::{Fate, Mail};
use crate::sim::org::{schema, value};

const OUTPUT: &str = "Microsoft.Exchange.Management.FfoReporting.MessageTraceV2";
const DETAIL: &str = "Microsoft.Exchange.Management.FfoReporting.MessageTraceDetailV2";
const TENANT: &str = "contoso.onmicrosoft.com";

/// When, and by what a row is chosen; both traces take these.
const FILTERS: [&str; 9] = [
    "StartDate",
    "EndDate",
    "SenderAddress",
    "RecipientAddress",
    "MessageId",
    "MessageTraceId",
    "Status",
    "FromIP",
    "ToIP",
];

const FIRST: [&str; 11] = filters_and(["Page", "PageSize"]);
const SECOND: [&str; 13] = filters_and(["Subject", "SubjectFilterType", "ResultSize", "StartingRecipientAddress"]);

/// The filters, and what one of the traces takes besides.
const fn filters_and<const MORE: usize, const ALL: usize>(more: [&'static str; MORE]) -> [&'static str; ALL] {
    let (mut all, mut at) = ([""; ALL], 0);
    while at < ALL {
        all[at] = if at < FILTERS.len() { FILTERS[at] } else { more[at - FILTERS.len()] };
        at += 1;
    }
    all
}

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, output, start| Spec { name, parameters, output, start };
    let details =
        &["MessageTraceId", "RecipientAddress", "MessageId", "SenderAddress", "StartDate", "EndDate", "Event"];
    vec![
        spec("Get-MessageTraceV2", &SECOND, OUTPUT, |_| Box::new(Tries(second))),
        spec("Get-MessageTrace", &FIRST, OUTPUT, |_| Box::new(Tries(first))),
        spec("Get-MessageTraceDetailV2", details, DETAIL, |_| Box::new(Tries(detail))),
        spec("Get-MessageTraceDetail", details, DETAIL, |_| Box::new(Tries(detail))),
    ]
}

/// What is asked for.
struct Question {
    start: Timestamp,
    end: Timestamp,
    /// Parameters with the texts or patterns of which a row must have one.
    wanted: Vec<(&'static str, Vec<String>)>,
}

impl Question {
    /// Reads the time and the filters; `days` is how far back a trace may look.
    fn read(call: &Call<'_>, days: i64) -> Result<Self, Failure> {
        let now = call.organization().now();
        let date = |name: &str| call.value(name).and_then(value::timestamp_of);
        let (start, end) = match (date("StartDate"), date("EndDate")) {
            (None, None) => (now - SignedDuration::from_hours(48), now),
            (Some(start), Some(end)) => (start, end),
            (None, Some(_)) => return Err(Failure::invalid("StartDate", "StartDate is needed when EndDate is given.")),
            (Some(_), None) => return Err(Failure::invalid("EndDate", "EndDate is needed when StartDate is given.")),
        };
        if start > end {
            return Err(Failure::invalid("StartDate", "StartDate is later than EndDate."));
        }
        if start < now - SignedDuration::from_hours(24 * days + 24) {
            return Err(Failure::invalid("StartDate", format!("Messages older than {days} days are not traced.")));
        }
        if end.duration_since(start) > SignedDuration::from_hours(240) {
            return Err(Failure::invalid("StartDate", "One trace covers at most 10 days."));
        }
        let wanted = FILTERS[2..].iter().map(|name| (*name, call.texts(name))).filter(|(_, texts)| !texts.is_empty());
        Ok(Self { start, end, wanted: wanted.collect() })
    }

    fn fits(&self, row: &Row) -> bool {
        self.wanted.iter().all(|(name, patterns)| {
            let own = row.text(name);
            patterns.iter().any(|pattern| {
                let pattern = if *name == "MessageId" { pattern.trim_matches(['<', '>']) } else { pattern };
                value::wildcard(pattern, own.trim_matches(['<', '>']))
            })
        })
    }

    /// The rows that fit, the newest first.
    fn rows(&self, call: &Call<'_>) -> impl Iterator<Item = Row> {
        let mails = call.organization().traffic().between(self.start, self.end);
        mails.flat_map(Row::of).filter(|row| self.fits(row))
    }
}

/// One message to one recipient.
struct Row {
    mail: Mail,
    recipient: String,
    fate: Fate,
}

impl Row {
    fn of(mail: Mail) -> Vec<Self> {
        let mut rows: Vec<Self> = mail
            .recipients
            .iter()
            .map(|(recipient, fate)| Self { mail: mail.clone(), recipient: recipient.clone(), fate: *fate })
            .collect();
        rows.sort_by(|one, two| one.recipient.cmp(&two.recipient));
        rows
    }

    fn text(&self, parameter: &str) -> String {
        match parameter {
            "SenderAddress" => self.mail.sender.clone(),
            "RecipientAddress" => self.recipient.clone(),
            "MessageId" => self.mail.message_id(),
            "MessageTraceId" => self.mail.id.to_string(),
            "Status" => self.fate.status().to_owned(),
            "FromIP" => self.mail.source_ip(),
            _ => self.mail.target_ip(&self.recipient).unwrap_or_default(),
        }
    }

    fn show(&self, call: &mut Call<'_>, question: &Question) -> Result<(), Halt> {
        let view = schema::view("MessageTraceV2").ok_or(Halt::Stopped)?;
        let object = view.record(&[
            ("MessageId", self.mail.message_id().into()),
            ("MessageTraceId", PsValue::Guid(self.mail.id)),
            ("Received", value::utc(self.mail.sent)),
            ("SenderAddress", self.mail.sender.as_str().into()),
            ("RecipientAddress", self.recipient.as_str().into()),
            ("Subject", self.mail.subject.as_str().into()),
            ("Status", self.fate.status().into()),
            ("ToIP", self.mail.target_ip(&self.recipient).map_or(PsValue::Null, PsValue::from)),
            ("FromIP", self.mail.source_ip().into()),
            ("Size", PsValue::I32(i32::try_from(self.mail.bytes).unwrap_or(i32::MAX))),
            ("Organization", TENANT.into()),
            ("StartDate", value::utc(question.start)),
            ("EndDate", value::utc(question.end)),
        ]);
        call.output(object)
    }
}

fn number(call: &Call<'_>, name: &str, default: usize, most: usize) -> Result<usize, Failure> {
    let Some(text) = call.text(name) else { return Ok(default) };
    match text.parse::<usize>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(Failure::invalid(name, format!("{name} must be a number from 1 to {most}."))),
    }
}

fn second(call: &mut Call<'_>) -> Attempt {
    let question = Question::read(call, 90)?;
    let limit = number(call, "ResultSize", 1_000, 5_000)?;
    let subject = call.text("Subject").map(|subject| subject.to_lowercase());
    let how = call.text("SubjectFilterType").unwrap_or_else(|| "Contains".to_owned()).to_lowercase();
    let after = call.text("StartingRecipientAddress").map(|address| address.to_lowercase());
    let mut rows = question.rows(call).filter(|row| {
        let own = row.mail.subject.to_lowercase();
        let fits = subject.as_deref().is_none_or(|subject| match how.as_str() {
            "startswith" => own.starts_with(subject),
            "endswith" => own.ends_with(subject),
            _ => own.contains(subject),
        });
        // The page before ended with this recipient of a message of this moment.
        let before = |after: &str| row.mail.sent == question.end && row.recipient.to_lowercase().as_str() <= after;
        fits && !after.as_deref().is_some_and(before)
    });
    let shown: Vec<Row> = rows.by_ref().take(limit).collect();
    let more = rows.next().is_some();
    drop(rows);
    for row in &shown {
        row.show(call, &question)?;
    }
    if let (true, Some(last)) = (more, shown.last()) {
        let text = format!(
            "there are more messages than the {limit} returned; go on with -EndDate {} -StartingRecipientAddress {}",
            last.mail.sent, last.recipient
        );
        call.warning(&text)?;
    }
    Ok(())
}

fn first(call: &mut Call<'_>) -> Attempt {
    let question = Question::read(call, 10)?;
    let size = number(call, "PageSize", 1_000, 5_000)?;
    let page = number(call, "Page", 1, 1_000)?;
    let rows: Vec<Row> = question.rows(call).skip((page - 1) * size).take(size).collect();
    for row in &rows {
        row.show(call, &question)?;
    }
    Ok(())
}

/// What happened to a message for one recipient, in order.
fn events(row: &Row) -> Vec<(&'static str, &'static str, String)> {
    let detail = format!("Message received by: {}", row.mail.server());
    let mut events = vec![("Receive", "", detail)];
    events.push(match row.fate {
        Fate::Delivered if row.mail.target_ip(&row.recipient).is_some() => {
            ("Send external", "", "Message sent to an external server.".to_owned())
        }
        Fate::Delivered => ("Deliver", "", "The message was delivered.".to_owned()),
        Fate::Failed => ("Fail", "", "550 5.1.1 the recipient does not exist".to_owned()),
        Fate::Spam => ("Spam", "MoveToJmf", "The message was marked as spam.".to_owned()),
        Fate::Quarantined => ("Spam", "Quarantine", "The message was quarantined.".to_owned()),
        Fate::Pending => ("Defer", "", "451 4.4.0 the server did not answer".to_owned()),
        Fate::Expanded => ("Expand", "", "The group was expanded.".to_owned()),
    });
    events
}

fn detail(call: &mut Call<'_>) -> Attempt {
    let now = call.organization().now();
    let date = |name: &str| call.value(name).and_then(value::timestamp_of);
    let question = Question {
        start: date("StartDate").unwrap_or(now - SignedDuration::from_hours(240)),
        end: date("EndDate").unwrap_or(now),
        wanted: ["MessageTraceId", "RecipientAddress", "MessageId", "SenderAddress"]
            .into_iter()
            .map(|name| (name, call.texts(name)))
            .filter(|(_, texts)| !texts.is_empty())
            .collect(),
    };
    let wanted = call.texts("Event");
    let view = schema::view("MessageTraceDetailV2").ok_or(Halt::Stopped)?;
    let Some(row) = question.rows(call).next() else { return Ok(()) };
    for (step, (event, action, detail)) in events(&row).into_iter().enumerate() {
        if !wanted.is_empty() && !wanted.iter().any(|one| one.eq_ignore_ascii_case(event)) {
            continue;
        }
        let object = view.record(&[
            ("MessageId", row.mail.message_id().into()),
            ("MessageTraceId", PsValue::Guid(row.mail.id)),
            ("Date", value::utc(row.mail.sent + SignedDuration::from_secs(2 * step as i64))),
            ("Event", event.into()),
            ("Action", action.into()),
            ("Detail", detail.into()),
        ]);
        call.output(object)?;
    }
    Ok(())
}
