//! Suspend-, Resume- and Retry-Queue, and Get-, Suspend-, Resume- and Remove-Message: mail that waits.
//!
//! Get-Queue is told by its table. A retried queue is tried at once and empties when its next hop is a database.

use super::mailbox::keep;
use super::reading::{find_one, objects, result_size, show};
use super::{Attempt, Call, Failure, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::Entry;
use crate::sim::org::filter::Filter;
use crate::sim::org::{schema, value};

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    let which = &["Identity", "Filter", "Server"];
    vec![
        spec("Suspend-Queue", which, |_| Box::new(Tries(|call| queues(call, "Suspend")))),
        spec("Resume-Queue", which, |_| Box::new(Tries(|call| queues(call, "Resume")))),
        spec("Retry-Queue", &["Identity", "Filter", "Server", "Resubmit"], |_| {
            Box::new(Tries(|call| queues(call, "Retry")))
        }),
        spec("Get-Message", &["Identity", "Filter", "Server", "Queue", "ResultSize"], |_| Box::new(Tries(get))),
        spec("Suspend-Message", which, |_| Box::new(Tries(|call| messages(call, "Suspend")))),
        spec("Resume-Message", which, |_| Box::new(Tries(|call| messages(call, "Resume")))),
        spec("Remove-Message", &["Identity", "Filter", "Server", "WithNDR"], |_| {
            Box::new(Tries(|call| messages(call, "Remove")))
        }),
    ]
}

/// Those that -Identity, or -Filter and -Server, mean.
fn meant(call: &Call<'_>, noun: &'static str) -> Result<Vec<Entry>, Failure> {
    if let Some(text) = call.text("Identity").filter(|text| !text.contains('*')) {
        return Ok(vec![find_one(call, &text, schema::config_classes(noun))?]);
    }
    let mut all = objects(call, noun);
    if let Some(pattern) = call.text("Identity") {
        all.retain(|one| value::wildcard(&pattern, &one.name));
    }
    if let Some(server) = call.text("Server") {
        let server = super::reading::server_called(call, &server)?.to_lowercase();
        all.retain(|one| one.name.to_lowercase().starts_with(&format!("{server}\\")));
    }
    if let Some(text) = call.text("Filter") {
        let filter = Filter::parse(&text).map_err(|error| Failure::invalid("Filter", error.to_string()))?;
        let view = schema::view(noun);
        let property = |entry: &Entry, name: &str| {
            let column = view.and_then(|view| view.column(name));
            column.map_or(PsValue::Null, |column| call.organization().property(entry, column))
        };
        all.retain(|one| filter.fits(&mut |name| property(one, name)));
    }
    Ok(all)
}

fn queues(call: &mut Call<'_>, verb: &str) -> Attempt {
    for mut queue in meant(call, "Queue")? {
        let name = queue.name.to_string();
        if !call.should_process(&format!("{verb} queue"), &name)? {
            continue;
        }
        let inside = queue.text("DeliveryType") == "SmtpDeliveryToMailbox";
        match verb {
            "Suspend" => queue.set("Status", "Suspended"),
            "Resume" => queue.set("Status", "Ready"),
            _ => {
                let now = call.organization().now();
                queue.set("LastRetryTime", value::local(now));
                let count = if inside || call.flag("Resubmit") { 0 } else { count(&queue) };
                queue.set("MessageCount", PsValue::I32(count));
                queue.set("Status", if count == 0 { "Ready" } else { "Retry" });
                if count == 0 {
                    for message in of_queue(call, &name) {
                        call.organization().write(|state| state.remove(message.id));
                    }
                }
            }
        }
        keep(call, queue);
    }
    Ok(())
}

fn count(queue: &Entry) -> i32 {
    queue.get("MessageCount").and_then(value::number_of).and_then(|count| i32::try_from(count).ok()).unwrap_or(0)
}

fn of_queue(call: &Call<'_>, queue: &str) -> Vec<Entry> {
    let mut all = objects(call, "Message");
    all.retain(|message| message.text("Queue").eq_ignore_ascii_case(queue));
    all
}

fn get(call: &mut Call<'_>) -> Attempt {
    let (limit, _) = result_size(call)?;
    let mut found = meant(call, "Message")?;
    if let Some(queue) = call.text("Queue") {
        let queue = find_one(call, &queue, schema::config_classes("Queue"))?;
        found.retain(|message| message.text("Queue").eq_ignore_ascii_case(&queue.name));
    }
    found.iter().take(limit).try_for_each(|message| show(call, message, "Message")).map_err(Into::into)
}

fn messages(call: &mut Call<'_>, verb: &str) -> Attempt {
    for mut message in meant(call, "Message")? {
        let name = message.name.to_string();
        if !call.should_process(&format!("{verb} message"), &name)? {
            continue;
        }
        if verb == "Remove" {
            if let Ok(mut queue) = find_one(call, &message.text("Queue"), schema::config_classes("Queue")) {
                queue.set("MessageCount", PsValue::I32((count(&queue) - 1).max(0)));
                keep(call, queue);
            }
            call.organization().write(|state| state.remove(message.id));
            if !call.given("WithNDR") || call.flag("WithNDR") {
                call.verbose("the sender is told")?;
            }
            continue;
        }
        message.set("Status", if verb == "Suspend" { "Suspended" } else { "Ready" });
        keep(call, message);
    }
    Ok(())
}
