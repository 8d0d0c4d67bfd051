//! Message traces and tracking logs: windows, filters, pages.

use super::{Office, at, text};
use crate::clixml::PsValue;
use crate::sim::Release;

fn online() -> Office {
    Office::of(100, "Organization Management", Release::Online)
}

const WEEK: [(&str, &str); 2] = [("StartDate", "2026-01-08T00:00:00Z"), ("EndDate", "2026-01-15T00:00:00Z")];

fn week(more: &[(&'static str, PsValue)]) -> Vec<(&'static str, PsValue)> {
    WEEK.iter().map(|(name, text)| (*name, at(text))).chain(more.iter().cloned()).collect()
}

#[test]
fn a_trace_goes_on_where_the_page_before_ended() {
    // facts/exchange-today.md: no paging; continue with StartingRecipientAddress and EndDate of the last row.
    let office = online();
    let whole = office.call("Get-MessageTraceV2", &week(&[("ResultSize", 5_000.into())]));
    assert!(whole.output.len() > 300 && whole.warnings.is_empty());
    let key = |row: &PsValue| format!("{} {}", text(row, "MessageTraceId"), text(row, "RecipientAddress"));
    let (mut all, mut end, mut after): (Vec<String>, PsValue, Option<String>) = (Vec::new(), at(WEEK[1].1), None);
    loop {
        let mut asked = vec![("StartDate", at(WEEK[0].1)), ("EndDate", end.clone()), ("ResultSize", 90.into())];
        asked.extend(after.iter().map(|address| ("StartingRecipientAddress", PsValue::from(address.as_str()))));
        let page = office.call("Get-MessageTraceV2", &asked);
        all.extend(page.output.iter().map(key));
        let Some(last) = page.output.last().filter(|_| !page.warnings.is_empty()) else { break };
        end = last.as_object().unwrap().get("Received").unwrap();
        after = Some(text(last, "RecipientAddress"));
    }
    all.dedup();
    assert_eq!(all.len(), whole.output.len());
}

#[test]
fn a_trace_is_filtered_by_status_and_sender() {
    let office = online();
    let failed = office.call("Get-MessageTraceV2", &week(&[("Status", "Failed".into())]));
    assert!(!failed.output.is_empty() && failed.texts("Status").iter().all(|status| status == "Failed"));
    let sender = failed.texts("SenderAddress")[0].clone();
    let by = office.call("Get-MessageTraceV2", &week(&[("SenderAddress", sender.as_str().into())]));
    assert!(by.texts("SenderAddress").iter().all(|own| *own == sender));
}

#[test]
fn a_trace_covers_ten_days_at_most() {
    let office = online();
    let asked = [("StartDate", at("2025-12-20T00:00:00Z")), ("EndDate", at("2026-01-15T00:00:00Z"))];
    assert_eq!(office.call("Get-MessageTraceV2", &asked).error_ids().len(), 1);
    assert_eq!(office.call("Get-MessageTraceV2", &asked[..1]).error_ids().len(), 1);
}

#[test]
fn a_traced_message_has_details() {
    let office = online();
    let failed = office.call("Get-MessageTraceV2", &week(&[("Status", "Failed".into())]));
    let row = &failed.output[0];
    let details = office.call(
        "Get-MessageTraceDetailV2",
        &[
            ("MessageTraceId", text(row, "MessageTraceId").into()),
            ("RecipientAddress", text(row, "RecipientAddress").into()),
        ],
    );
    assert_eq!(details.texts("Event"), ["Receive", "Fail"], "{} {:?}", details.failure_id(), details.error_ids());
}

#[test]
fn the_tracking_log_is_of_one_server_and_in_order_of_time() {
    let office = Office::new(100);
    let all = [("ResultSize", PsValue::from("Unlimited"))];
    let log = office.call("Get-MessageTrackingLog", &all);
    assert!(log.texts("ServerHostname").iter().all(|server| server == "EX01"));
    let other = office.call("Get-MessageTrackingLog", &[all[0].clone(), ("Server", "EX02".into())]);
    assert!(other.texts("ServerHostname").iter().all(|server| server == "EX02"));
    assert!(!log.output.is_empty() && !other.output.is_empty());
    let expanded = office.call("Get-MessageTrackingLog", &[all[0].clone(), ("EventId", "EXPAND".into())]);
    assert!(!expanded.output.is_empty());
}
