//! Start-, Get- and Stop-HistoricalSearch: searches in traces older than those that answer at once, online.
//!
//! A search takes an hour of the organization's clock; its rows are counted in the made-up mail. No report is made.

use jiff::{SignedDuration, Timestamp};

use super::mailbox::keep;
use super::reading::{objects, show};
use super::writing::assign_all;
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{schema, value};

const NOUN: &str = "HistoricalSearch";
const MINUTES: i64 = 60;

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec(
            "Start-HistoricalSearch",
            &[
                "ReportTitle",
                "ReportType",
                "StartDate",
                "EndDate",
                "SenderAddress",
                "RecipientAddress",
                "MessageID",
                "NotifyAddress",
                "~DeliveryStatus",
                "~Direction",
                "~Locale",
                "~OriginalClientIP",
            ],
            |_| Box::new(Tries(start)),
        ),
        spec("Get-HistoricalSearch", &["JobId"], |_| Box::new(Tries(get))),
        spec("Stop-HistoricalSearch", &["JobId"], |_| Box::new(Tries(stop))),
    ]
}

fn start(call: &mut Call<'_>) -> Attempt {
    let now = call.organization().now();
    let date = |name: &str| call.value(name).and_then(value::timestamp_of).unwrap_or(now);
    let (from, until) = (date("StartDate"), date("EndDate"));
    if from >= until {
        return Err(Failure::invalid("StartDate", "StartDate must be before EndDate.").into());
    }
    if from < now - SignedDuration::from_hours(24 * 90) {
        return Err(Failure::invalid("StartDate", "Traces older than 90 days are not kept.").into());
    }
    let reports = ["MessageTrace", "MessageTraceDetail"];
    let asked = call.text("ReportType").unwrap_or_default();
    let mail = reports.iter().any(|known| known.eq_ignore_ascii_case(&asked));
    let by_whom = ["SenderAddress", "RecipientAddress", "MessageID"];
    if mail && !by_whom.iter().any(|name| call.given(name)) {
        let message = "A trace of messages needs SenderAddress, RecipientAddress or MessageID.";
        return Err(Failure::invalid("SenderAddress", message).into());
    }
    if objects(call, NOUN).iter().filter(|one| is_waiting(one, now)).count() >= 15 {
        return Err(Failure::refused("There are 15 searches under way already; wait for one to end.").into());
    }
    let title = call.text("ReportTitle").unwrap_or_default();
    let mut search = call.organization().write(|state| state.fresh(Class::Config(NOUN), &title, now));
    assign_all(call, &mut search, &[schema::view(NOUN).ok_or(Halt::Stopped)?])?;
    search.name = search.guid.to_string().into();
    search.set("JobId", PsValue::Guid(search.guid));
    search.set("SubmitDate", value::utc(now));
    search.set("Rows", PsValue::I32(i32::try_from(rows(call, from, until)).unwrap_or(i32::MAX)));
    keep(call, search.clone());
    Ok(show(call, &told(search, now), NOUN)?)
}

/// How many lines of mail the search finds.
fn rows(call: &Call<'_>, from: Timestamp, until: Timestamp) -> usize {
    let (senders, recipients, ids) =
        (call.texts("SenderAddress"), call.texts("RecipientAddress"), call.texts("MessageID"));
    let fits = |patterns: &[String], own: &str| {
        patterns.is_empty() || patterns.iter().any(|pattern| value::wildcard(pattern, own))
    };
    let mail = call.organization().traffic().between(from, until);
    mail.filter(|mail| fits(&senders, &mail.sender) && fits(&ids, &mail.message_id()))
        .map(|mail| mail.recipients.iter().filter(|(address, _)| fits(&recipients, address)).count())
        .sum()
}

fn submitted(search: &Entry) -> Timestamp {
    search.get("SubmitDate").and_then(value::timestamp_of).unwrap_or(search.created)
}

fn is_waiting(search: &Entry, now: Timestamp) -> bool {
    search.text("Status") != "Cancelled" && now < submitted(search) + SignedDuration::from_mins(MINUTES)
}

/// As it is at a moment: the clock moves it.
fn told(mut search: Entry, now: Timestamp) -> Entry {
    if search.text("Status") == "Cancelled" {
        return search;
    }
    let minutes = now.duration_since(submitted(&search)).as_mins();
    let status = match minutes {
        ..5 => "NotStarted",
        5..MINUTES => "InProgress",
        _ => "Done",
    };
    search.set("Status", status);
    if status == "Done" {
        let link = format!("https://admin.protection.outlook.com/ExtendedReports/DownloadFile/{}", search.guid);
        search.set("FileUrl", link);
    } else {
        search.set("Rows", PsValue::I32(0));
    }
    search
}

fn meant(call: &Call<'_>) -> Result<Option<Entry>, Failure> {
    let Some(id) = call.text("JobId") else { return Ok(None) };
    let found = objects(call, NOUN).into_iter().find(|search| search.guid.to_string().eq_ignore_ascii_case(&id));
    found.map(Some).ok_or_else(|| Failure::not_found(&id, None))
}

fn get(call: &mut Call<'_>) -> Attempt {
    let now = call.organization().now();
    let found = match meant(call)? {
        Some(search) => vec![search],
        None => objects(call, NOUN),
    };
    found.into_iter().try_for_each(|search| show(call, &told(search, now), NOUN)).map_err(Into::into)
}

fn stop(call: &mut Call<'_>) -> Attempt {
    let now = call.organization().now();
    let Some(mut search) = meant(call)? else { return Ok(()) };
    if told(search.clone(), now).text("Status") != "NotStarted" {
        return Err(Failure::refused("Only a search that has not begun can be stopped.").into());
    }
    search.set("Status", "Cancelled");
    keep(call, search);
    Ok(())
}
