//! Start- and Stop-MailboxSearch: In-Place eDiscovery, which counts, or copies to a discovery mailbox.
//!
//! The searches themselves are made, changed and removed as their table says; what one finds is made up where
//! Search-Mailbox's is.

use super::mailbox::keep;
use super::reading::{find_one, identified};
use super::{Attempt, Call, Failure, Spec, Tries, search_mailbox};
use crate::clixml::PsValue;
use crate::sim::org::Walk;
use crate::sim::org::entry::{Class, Entry};
use crate::sim::org::{canonical_name, schema, value};

const NOUN: &str = "MailboxSearch";

pub(super) fn specs() -> Vec<Spec> {
    let spec = |name, parameters, start| Spec { name, parameters, output: "", start };
    vec![
        spec("Start-MailboxSearch", &["Identity", "Force", "Resume", "~StatisticsStartIndex"], |_| {
            Box::new(Tries(start))
        }),
        spec("Stop-MailboxSearch", &["Identity"], |_| Box::new(Tries(stop))),
    ]
}

/// Where it looks: in the mailboxes named, or in all.
fn sources(call: &Call<'_>, search: &Entry) -> Result<Vec<Entry>, Failure> {
    let named = search.texts("SourceMailboxes");
    if named.is_empty() || search.get("AllSourceMailboxes").and_then(value::bool_of) == Some(true) {
        let mut walk = Walk::new(Class::MAILBOXES);
        return Ok(std::iter::from_fn(|| walk.next(call.organization())).collect());
    }
    named.iter().map(|name| find_one(call, name, Class::MAILBOXES)).collect()
}

fn start(call: &mut Call<'_>) -> Attempt {
    let mut search = identified(call, schema::config_classes(NOUN))?;
    let name = search.name.to_string();
    let target = search.text("TargetMailbox");
    let estimates = search.get("EstimateOnly").and_then(value::bool_of) == Some(true) || target.is_empty();
    if !estimates {
        find_one(call, &target, Class::MAILBOXES)?;
    }
    if search.text("Status") == "Succeeded" && !call.flag("Force") && !call.flag("Resume") {
        let message = format!("The results of \"{name}\" are there already; starting it anew removes them.");
        call.warning(&message)?;
    }
    let words = search.text("SearchQuery");
    let (mut items, mut bytes, mut count) = (0, 0, 0);
    for mailbox in sources(call, &search)? {
        let (found, size) = search_mailbox::found(call, &mailbox, &words);
        (items, bytes, count) = (items + found, bytes + size, count + 1);
    }
    if !call.should_process("Start mailbox search", &name)? {
        return Ok(());
    }
    let now = call.organization().now();
    let number = |count: u64| PsValue::I64(i64::try_from(count).unwrap_or(i64::MAX));
    search.set("Status", if estimates { "EstimateSucceeded" } else { "Succeeded" });
    search.set("LastStartTime", value::local(now));
    search.set("LastEndTime", value::local(now));
    search.set("LastRunBy", call.context.user.as_str());
    search.set("PercentComplete", PsValue::I32(100));
    search.set("NumberMailboxes", PsValue::I32(count));
    search.set("ResultNumberEstimate", number(items));
    search.set("ResultSizeEstimate", value::size_text(bytes));
    if !estimates {
        search.set("ResultNumber", number(items));
        search.set("ResultSize", value::size_text(bytes));
        let owner = find_one(call, &target, Class::MAILBOXES)?;
        search.set("ResultsPath", format!("{}\\{name}", canonical_name(&owner)));
    }
    keep(call, search);
    Ok(())
}

fn stop(call: &mut Call<'_>) -> Attempt {
    let search = identified(call, schema::config_classes(NOUN))?;
    // Here a search is done as soon as it is started.
    Err(Failure::refused(format!("The mailbox search \"{}\" isn't in progress.", search.name)).into())
}
